/* The set of states met: an open-addressing table of keys, exact. It is cut into shards by the hash's high bits, which
 * threads that help to make it larger take one each; a shard grows in place, so there are never two tables. Threads
 * insert without a lock; growing and clearing need all of them to have stopped. */
#ifndef GAINSAY_STATE_STORE_H
#define GAINSAY_STATE_STORE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "checker/layout.h"

enum { STORE_SHARDS_LOG2 = 3, STORE_SHARDS = 1 << STORE_SHARDS_LOG2 };

struct shard {
    _Atomic uint64_t *keys; /* `words` of each key; a key whose last word is 0 is a free place */
    size_t room;            /* bytes it may grow to where it is */
    bool is_mapped;         /* else it is on the heap */
};

/* Keys stand in groups of one cache line, in which a probe begins. */
struct state_store {
    struct shard shards[STORE_SHARDS];
    uint64_t groups;        /* of each shard */
    uint64_t groups_next;   /* while it grows; else 0 */
    _Atomic uint64_t moved; /* shards taken by the threads that help to grow */
    uint64_t capacity;      /* keys that may be in it before it has to grow */
    _Atomic uint64_t count;
    unsigned words, group; /* group: keys in one */
    bool is_shared;        /* several threads insert */
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

__extension__ typedef unsigned __int128 state_product;

/* Where the probe for a hash begins: the shard by its high bits, the group by those below, in the order of hashes. */
struct state_place {
    uint32_t shard;
    uint64_t place; /* in it */
};
static inline struct state_place state_place_of(uint64_t groups, unsigned group, uint64_t hash)
{
    const uint64_t rest = hash << STORE_SHARDS_LOG2;
    return (struct state_place){(uint32_t)(hash >> (64 - STORE_SHARDS_LOG2)),
                                (uint64_t)((state_product)rest * groups >> 64) * group};
}

/* Where it begins now, that line being fetched. Good until the store grows. */
static inline struct state_place state_store_prefetch(const struct state_store *store, uint64_t hash)
{
    const struct state_place at = state_place_of(store->groups, store->group, hash);
    __builtin_prefetch((const void *)&store->shards[at.shard].keys[at.place * store->words], 1);
    return at;
}

/* Is there room for `more` insertions without growing? */
static inline bool state_store_has_room(const struct state_store *store, uint64_t more)
{
    return atomic_load_explicit(&store->count, memory_order_relaxed) + more <= store->capacity;
}

/* Inserts a key; true if it is new, to be counted by state_store_add. There must be room. */
bool state_store_insert_at(struct state_store *store, const uint64_t *key, struct state_place at);
static inline bool state_store_insert(struct state_store *store, const uint64_t *key, uint64_t hash)
{
    return state_store_insert_at(store, key, state_place_of(store->groups, store->group, hash));
}
/* Counts insertions. */
static inline void state_store_add(struct state_store *store, uint64_t inserted)
{
    atomic_fetch_add_explicit(&store->count, inserted, memory_order_relaxed);
}

/* Makes it larger, by no more than so many bytes: one thread begins, any number help, one ends it when all have come
 * back. False: so few bytes are not worth it, nothing has begun. */
bool state_store_grow_begin(struct state_store *store, size_t bytes);
void state_store_grow_help(struct state_store *store);
void state_store_grow_end(struct state_store *store);
/* All of it by one thread. */
void state_store_grow(struct state_store *store);

/* Empties it, for keys of so many words, of which as many as it held have room. */
void state_store_clear(struct state_store *store, unsigned words);

/* Lets it become fuller than is good for speed. False: it is as full as can be. */
bool state_store_crowd(struct state_store *store);

/* Bytes in use. */
size_t state_store_memory(const struct state_store *store);

#endif
