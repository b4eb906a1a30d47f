/* libedit edits; it is asked for a line only when there is a terminal to edit it on. */
#include "cli/command_line.h"

#include <editline/readline.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

bool command_line_is_terminal(void)
{
    return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

static char *read_plain(void)
{
    char *line = NULL;
    size_t size = 0;
    const ssize_t length = getline(&line, &size, stdin);

    if (length < 0) {
        free(line);
        return NULL;
    }
    if (length && line[length - 1] == '\n')
        line[length - 1] = '\0';
    return line;
}

char *command_line_read(const char *prompt)
{
    if (!command_line_is_terminal())
        return read_plain();
    char *line = readline(prompt);
    if (line && *line)
        add_history(line);
    return line;
}
