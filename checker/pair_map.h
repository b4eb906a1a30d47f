/* A map from 64 bits, usually a pair of interned numbers, to 32. Never shrinks. */
#ifndef GAINSAY_PAIR_MAP_H
#define GAINSAY_PAIR_MAP_H

#include <stddef.h>
#include <stdint.h>

#define PAIR_ABSENT UINT32_MAX

struct pair_entry {
    uint64_t key;
    uint32_t value; /* PAIR_ABSENT: free */
    uint32_t unused;
};

/* Zero-initialised is empty. */
struct pair_map {
    struct pair_entry *entries;
    uint64_t size, count;
    unsigned shift; /* 64 - log2(size) */
};

static inline uint64_t pair_of(uint32_t high, uint32_t low)
{
    return (uint64_t)high << 32 | low;
}

/* Finalizer of SplitMix64: every bit of the key reaches the high bits, which choose the place. */
static inline uint64_t pair_hash(uint64_t key)
{
    key = (key ^ key >> 32) * UINT64_C(0x9E3779B97F4A7C15);
    return (key ^ key >> 29) * UINT64_C(0xBF58476D1CE4E5B9);
}

/* PAIR_ABSENT if it has none. */
static inline uint32_t pair_map_get(const struct pair_map *map, uint64_t key)
{
    if (!map->size)
        return PAIR_ABSENT;
    uint64_t place = pair_hash(key) >> map->shift;
    while (map->entries[place].value != PAIR_ABSENT && map->entries[place].key != key)
        place = (place + 1) & (map->size - 1);
    return map->entries[place].value;
}

/* Sets the value of a key that may have one. value must not be PAIR_ABSENT. */
void pair_map_set(struct pair_map *map, uint64_t key, uint32_t value);
size_t pair_map_memory(const struct pair_map *map);
void pair_map_free(struct pair_map *map);

#endif
