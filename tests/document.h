/* A document in Markdown whose commands are run, and whose output is compared with what it shows. In its fenced blocks:
 *
 * ```console          a line that begins with "$ " is a command for bash; it goes on in the next line after a
 * backslash, and up to the word of a here-document. The lines behind it are what it prints, standard output and error
 * together. A line `...` stands for any lines, `...` in a line for any text, and a number with a decimal point (a time,
 * a size) for any other. A command that shows nothing may print anything, but must end with 0 or 1; one that shows what
 * it prints may end as it likes.
 * ```diff             a change to files, applied with patch -p1.
 * ```LANGUAGE file=F  a piece of file F, added at its end.
 *
 * All others are only read. All of it happens in the document's order, in one shell, in a directory of its own. */
#ifndef DOCUMENT_H
#define DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>

struct document_command {
    size_t line;    /* in the document */
    char *text;     /* what the shell is given; ends with a newline */
    char *shown;    /* the output that the document shows, lines; "" for none */
    int status_max; /* the exit code may be up to this one, if no output is shown */
    int status;     /* of a run: exit code */
    char *printed;  /* of a run */
};

struct document {
    struct document_command *commands;
    size_t count;
};

/* Takes the text apart. Fails the test on a block that does not end. */
struct document document_read(const char *text);
void document_free(struct document *document);

/* A bash script that runs all commands; owned by the caller. What it printed is taken apart again into the commands'
 * outputs and exit codes. False: it ended before the last one. */
char *document_script(const struct document *document);
bool document_take_output(struct document *document, const char *printed);

/* Does what was printed look as it is shown? */
bool document_is_as_shown(const char *shown, const char *printed);

#endif
