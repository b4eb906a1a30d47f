/* A map from 64 bits, usually a pair of interned numbers, to 32. Never shrinks. One thread at a time may set; others
 * may get meanwhile, and then see a value or none yet. */
#ifndef GAINSAY_PAIR_MAP_H
#define GAINSAY_PAIR_MAP_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "checker/retired.h"

#define PAIR_ABSENT UINT32_MAX

struct pair_entry {
    uint64_t key;           /* written before value */
    _Atomic uint32_t value; /* PAIR_ABSENT: free */
    uint32_t unused;
};

struct pair_table {
    uint64_t size;
    unsigned shift; /* 64 - log2(size) */
    struct pair_entry entries[];
};

/* Zero-initialised is empty. */
struct pair_map {
    struct pair_table *_Atomic table;
    uint64_t count;
    struct retired *retired; /* where outgrown tables go; NULL: nobody else reads */
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
    const struct pair_table *table = atomic_load_explicit(&map->table, memory_order_acquire);
    if (!table)
        return PAIR_ABSENT;
    for (uint64_t place = pair_hash(key) >> table->shift;; place = (place + 1) & (table->size - 1)) {
        const struct pair_entry *entry = &table->entries[place];
        const uint32_t value = atomic_load_explicit(&entry->value, memory_order_acquire);
        if (value == PAIR_ABSENT || entry->key == key)
            return value;
    }
}

/* Sets the value of a key that may have one. value must not be PAIR_ABSENT. */
void pair_map_set(struct pair_map *map, uint64_t key, uint32_t value);
size_t pair_map_memory(const struct pair_map *map);
void pair_map_free(struct pair_map *map);

#endif
