/* Linear probing, at most half full. */
#include "checker/number_index.h"

#include <stdlib.h>

#include "core/die.h"

enum { PLACES_FIRST = 64 };

static size_t bytes_of(uint64_t places)
{
    return sizeof(struct number_places) + places * sizeof(uint32_t);
}

static void put(struct number_places *places, uint32_t hash, uint32_t number)
{
    while (places->numbers[hash & places->mask])
        hash++;
    atomic_store_explicit(&places->numbers[hash & places->mask], number + 1, memory_order_release);
}

static size_t memory_of(const struct number_places *places)
{
    return places ? bytes_of((uint64_t)places->mask + 1) : 0;
}

static void grow(struct number_index *index, uint32_t count, number_hash *hash_of, const void *context)
{
    struct number_places *old = index->places;
    const uint64_t size = old ? 2 * ((uint64_t)old->mask + 1) : PLACES_FIRST;
    if (size > UINT64_C(1) << 32)
        die("more than %u values of one kind", count);
    struct number_places *places = die_calloc(1, bytes_of(size));
    places->mask = (uint32_t)(size - 1);
    for (uint32_t number = 0; number < count; number++)
        put(places, hash_of(context, number), number);
    index->places = places;
    retire(index->retired, old, memory_of(old));
}

void number_index_add(struct number_index *index, uint32_t hash, uint32_t number, number_hash *hash_of,
                      const void *context)
{
    if (number >= number_index_capacity(index))
        grow(index, number, hash_of, context);
    put(index->places, hash, number);
}

size_t number_index_memory(const struct number_index *index)
{
    return memory_of(index->places);
}

uint32_t number_index_capacity(const struct number_index *index)
{
    return index->places ? index->places->mask / 2 + 1 : 0;
}

void number_index_free(struct number_index *index)
{
    free(index->places);
    *index = (struct number_index){.retired = NULL};
}
