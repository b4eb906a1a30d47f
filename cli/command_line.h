/* Lines that a person types, or a script holds: edited and with a history where standard input is a terminal, read as
 * they are otherwise. */
#ifndef GAINSAY_COMMAND_LINE_H
#define GAINSAY_COMMAND_LINE_H

#include <stdbool.h>

/* Is there somebody to talk to? */
bool command_line_is_terminal(void);

/* The next line without its newline, owned by the caller; NULL at the end. prompt: shown on a terminal only. */
char *command_line_read(const char *prompt);

#endif
