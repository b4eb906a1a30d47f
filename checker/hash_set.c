/* Linear probing, at most half full. */
#include "checker/hash_set.h"

#include <stdlib.h>

#include "core/die.h"

enum { SIZE_FIRST = 1024 };

static void put(struct hash_set *set, uint64_t hash)
{
    size_t place = hash & (set->size - 1);
    while (set->places[place] && set->places[place] != hash)
        place = (place + 1) & (set->size - 1);
    set->count += !set->places[place];
    set->places[place] = hash;
}

static void grow(struct hash_set *set)
{
    const struct hash_set old = *set;
    set->size = old.size ? 2 * old.size : SIZE_FIRST;
    set->places = die_calloc(set->size, sizeof(*set->places));
    set->count = 0;
    for (size_t i = 0; i < old.size; i++)
        if (old.places[i])
            put(set, old.places[i]);
    free(old.places);
}

void hash_set_add(struct hash_set *set, uint64_t hash)
{
    hash += !hash;
    if (set->count == HASH_SET_MOST) {
        set->is_full = true;
        return;
    }
    if (set->count >= set->size / 2)
        grow(set);
    put(set, hash);
}

void hash_set_add_all(struct hash_set *set, const struct hash_set *other)
{
    for (size_t i = 0; i < other->size; i++)
        if (other->places[i])
            hash_set_add(set, other->places[i]);
    set->is_full |= other->is_full;
}

void hash_set_free(struct hash_set *set)
{
    free(set->places);
    *set = (struct hash_set){.count = 0};
}
