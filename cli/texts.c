/* A list of owned strings. */
#include "cli/texts.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/die.h"

char *texts_add_v(struct texts *texts, const char *format, va_list arguments)
{
    char *text;
    must(vasprintf(&text, format, arguments) >= 0);
    texts->items = die_grow(texts->items, &texts->capacity, texts->count + 1, sizeof(*texts->items));
    texts->items[texts->count++] = text;
    return text;
}

char *texts_add(struct texts *texts, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = texts_add_v(texts, format, arguments);
    va_end(arguments);
    return text;
}

void texts_free(struct texts *texts)
{
    for (size_t i = 0; i < texts->count; i++)
        free(texts->items[i]);
    free(texts->items);
    *texts = (struct texts){0};
}
