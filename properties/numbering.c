#include "properties/numbering.h"

#include <stdlib.h>
#include <xxhash.h>

#include "core/die.h"

enum { PLACES_FIRST = 64 };

static void put(struct numbering *numbering, uint32_t number)
{
    size_t place = numbering->hashes[number] & (numbering->size - 1);
    while (numbering->places[place] != 0)
        place = (place + 1) & (numbering->size - 1);
    numbering->places[place] = number + 1;
}

static void grow(struct numbering *numbering)
{
    if (2 * (numbering->count + 1) <= numbering->size)
        return;
    numbering->size = numbering->size == 0 ? PLACES_FIRST : 2 * numbering->size;
    free(numbering->places);
    numbering->places = die_calloc(numbering->size, sizeof(*numbering->places));
    for (uint32_t i = 0; i < numbering->count; i++)
        put(numbering, i);
}

uint32_t numbering_of(struct numbering *numbering, gs_span span)
{
    const uint64_t hash = XXH3_64bits(span.bytes, span.size);
    grow(numbering);
    for (size_t place = hash & (numbering->size - 1); numbering->places[place] != 0;
         place = (place + 1) & (numbering->size - 1)) {
        const uint32_t number = numbering->places[place] - 1;
        if (numbering->hashes[number] == hash && gs_span_equal(numbering->spans[number], span))
            return number;
    }
    const size_t count = numbering->count + 1;
    numbering->spans = die_grow(numbering->spans, &numbering->capacity, count, sizeof(gs_span));
    numbering->hashes = die_grow(numbering->hashes, &numbering->hash_capacity, count, sizeof(uint64_t));
    numbering->spans[count - 1] = span;
    numbering->hashes[count - 1] = hash;
    put(numbering, (uint32_t)numbering->count++);
    return (uint32_t)count - 1;
}

void numbering_free(struct numbering *numbering)
{
    free(numbering->spans);
    free(numbering->hashes);
    free(numbering->places);
    *numbering = (struct numbering){0};
}
