/* Sizes double, so what is retired is at most as much as what is in use. */
#include "checker/retired.h"

#include <stdlib.h>
#include <string.h>

#include "core/die.h"

void retire(struct retired *retired, void *memory, size_t size)
{
    if (!memory)
        return;
    if (!retired) {
        free(memory);
        return;
    }
    retired->items = die_grow(retired->items, &retired->capacity, retired->count + 1, sizeof(*retired->items));
    retired->items[retired->count++] = memory;
    retired->memory += size;
}

void *retired_grow(struct retired *retired, void *array, size_t *capacity, size_t needed, size_t item_size)
{
    if (needed <= *capacity)
        return array;
    const size_t former = *capacity;
    void *grown = die_grow(NULL, capacity, needed > 2 * former ? needed : 2 * former, item_size);
    if (former)
        memcpy(grown, array, former * item_size);
    retire(retired, array, former * item_size);
    return grown;
}

void retired_free(struct retired *retired)
{
    for (size_t i = 0; i < retired->count; i++)
        free(retired->items[i]);
    free(retired->items);
    *retired = (struct retired){0};
}
