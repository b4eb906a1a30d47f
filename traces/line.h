/* Lines of text that a writer composes, and where such a line may break. */
#ifndef GAINSAY_LINE_H
#define GAINSAY_LINE_H

#include <stdbool.h>
#include <stdio.h>

/* One line being composed: print to its stream, then take it. */
struct line {
    FILE *stream;
    char *text;
    size_t size;
};

void line_begin(struct line *line);
/* Ends the line; the text is the caller's. */
char *line_take(struct line *line);

/* Makes text fit for any file and terminal, in place: a control character becomes a question mark, so does a byte that
 * is not of UTF-8 (or, if ascii, not of ASCII). Names in files, arguments and enumerators may hold anything. */
void line_clean(char *text, bool ascii);

/* How many columns of a terminal cleaned text takes. */
size_t line_columns(const char *text);

/* How many bytes of cleaned text go on a line of `room` columns (at least 2); the caller skips the blanks that follow.
 * The text breaks behind the last comma outside of brackets that fits, else behind the last comma that does, else
 * behind the first one, beyond the room. If forced it never goes beyond: it breaks behind a comma, before something in
 * brackets, at a blank, or anywhere. */
size_t line_break(const char *text, size_t room, bool forced);

/* Ends the line and prints it, cleaned and indented: what does not fit in 120 columns goes on in lines indented deeper.
 */
void line_print(struct line *line, size_t indent, FILE *out);

#endif
