/* Columns are counted in bytes: names are ASCII. */
#include "cli/wrapped.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "core/die.h"

struct wrapped wrapped_begin(FILE *out, int indent, const char *heading)
{
    fputs(heading, out);
    return (struct wrapped){.out = out, .indent = indent, .column = (int)strlen(heading)};
}

void wrapped_add(struct wrapped *list, const char *separator, const char *format, ...)
{
    va_list arguments;
    char *text;
    va_start(arguments, format);
    const int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    must(length >= 0);
    if (list->any) {
        fputs(separator, list->out);
        list->column += (int)strlen(separator) + 1;
        if (list->column + length + (int)strlen(separator) > REPORT_COLUMNS) {
            fprintf(list->out, "\n%*s", list->indent, "");
            list->column = list->indent;
        } else {
            fputc(' ', list->out);
        }
    }
    fputs(text, list->out);
    list->column += length;
    list->any = true;
    free(text);
}

void wrapped_end(struct wrapped *list)
{
    fputc('\n', list->out);
}
