/* Lists in the report that may be long: broken between items, so that a line fits REPORT_COLUMNS where it can. */
#ifndef GAINSAY_WRAPPED_H
#define GAINSAY_WRAPPED_H

#include <stdbool.h>
#include <stdio.h>

enum { REPORT_COLUMNS = 100 };

/* A list being printed. Lines after the first begin with `indent` spaces. */
struct wrapped {
    FILE *out;
    int indent, column;
    bool any; /* has an item been printed? */
};

/* Begins a list with its heading, which takes one line. */
struct wrapped wrapped_begin(FILE *out, int indent, const char *heading);
/* Adds an item; separator ("," say) comes before it if it is not the first, then a space, or a new line. */
void wrapped_add(struct wrapped *list, const char *separator, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Ends the line. */
void wrapped_end(struct wrapped *list);

#endif
