/* Fatal errors of the engine. Nothing here allocates before it reports, since memory may be what is missing. */
#include "core/die.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { EXIT_INTERNAL_ERROR = 4, GROW_MIN = 16 };

static _Thread_local bool has_begun;

bool die_has_begun(void)
{
    return has_begun;
}

void die_at(const char *file, int line, const char *format, ...)
{
    va_list arguments;

    has_begun = true;
    va_start(arguments, format);
    fprintf(stderr, "gainsay: internal error: ");
    vfprintf(stderr, format, arguments);
    fprintf(stderr, " (%s:%d)\n", file, line);
    va_end(arguments);
    exit(EXIT_INTERNAL_ERROR);
}

void *die_alloc(size_t size)
{
    return die_realloc(NULL, size);
}

void *die_calloc(size_t count, size_t size)
{
    const bool is_empty = count == 0 || size == 0;
    void *memory = is_empty ? calloc(1, 1) : calloc(count, size);

    if (!memory)
        die("out of memory: %zu items of %zu bytes", count, size);
    return memory;
}

void *die_realloc(void *memory, size_t size)
{
    void *moved = realloc(memory, size ? size : 1);

    if (!moved)
        die("out of memory: %zu bytes", size);
    return moved;
}

void *die_grow(void *memory, size_t *capacity, size_t needed, size_t item_size)
{
    size_t grown = *capacity;

    must(item_size > 0);
    if (needed <= *capacity)
        return memory;
    while (grown < needed)
        grown = grown < GROW_MIN ? GROW_MIN : grown <= SIZE_MAX / 2 ? grown * 2 : SIZE_MAX;
    if (grown > SIZE_MAX / item_size)
        die("out of memory: %zu items of %zu bytes", grown, item_size);
    memory = die_realloc(memory, grown * item_size);
    *capacity = grown;
    return memory;
}
