/* Growing, copying and comparing byte strings. */
#include "core/bytes.h"

#include <stdlib.h>
#include <string.h>

#include "core/die.h"

void bytes_append(struct bytes *bytes, const void *data, size_t size)
{
    if (!size)
        return;
    bytes->data = die_grow(bytes->data, &bytes->capacity, bytes->size + size, 1);
    memcpy(bytes->data + bytes->size, data, size);
    bytes->size += size;
}

void bytes_copy(struct bytes *to, const struct bytes *from)
{
    to->size = 0;
    bytes_append(to, from->data, from->size);
}

bool bytes_equal(const struct bytes *a, const struct bytes *b)
{
    return a->size == b->size && (!a->size || memcmp(a->data, b->data, a->size) == 0);
}

int bytes_compare(const struct bytes *a, const struct bytes *b)
{
    const size_t size = a->size < b->size ? a->size : b->size;
    const int order = size ? memcmp(a->data, b->data, size) : 0;
    if (order)
        return order < 0 ? -1 : 1;
    return (a->size > b->size) - (a->size < b->size);
}

void bytes_free(struct bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct bytes){0};
}
