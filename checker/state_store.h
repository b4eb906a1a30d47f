/* The set of states met: an open-addressing table of keys, exact. It grows by doubling. */
#ifndef GAINSAY_STATE_STORE_H
#define GAINSAY_STATE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "checker/layout.h"

struct state_store {
    uint64_t *keys; /* words of each; a key whose last word is 0 is a free place */
    uint64_t size;  /* places; a power of two */
    uint64_t count;
    unsigned words, shift; /* shift: 64 - log2(size) */
    size_t peak;           /* most bytes held at once, while growing too */
};

void state_store_init(struct state_store *store, unsigned words);
void state_store_free(struct state_store *store);

static inline uint64_t state_hash(const uint64_t *key, unsigned words)
{
    uint64_t hash = key[0];
    for (unsigned i = 1; i < words; i++)
        hash = (hash ^ hash >> 31) * UINT64_C(0x9FB21C651E98DF25) + key[i];
    hash = (hash ^ hash >> 32) * UINT64_C(0x9E3779B97F4A7C15);
    return (hash ^ hash >> 29) * UINT64_C(0xBF58476D1CE4E5B9);
}

static inline void state_store_prefetch(const struct state_store *store, uint64_t hash)
{
    __builtin_prefetch(&store->keys[(hash >> store->shift) * store->words], 1);
}

/* Is there room for `more` insertions without growing? */
static inline bool state_store_has_room(const struct state_store *store, uint64_t more)
{
    return (store->count + more) * 4 <= store->size * 3;
}

/* Doubles the table. */
void state_store_grow(struct state_store *store);

/* Inserts a key whose hash is given; true if it is new. There must be room. */
bool state_store_insert(struct state_store *store, const uint64_t *key, uint64_t hash);

/* Rewrites all keys from one layout to another. */
void state_store_repack(struct state_store *store, const struct layout *from, const struct layout *to);

size_t state_store_memory(const struct state_store *store);

#endif
