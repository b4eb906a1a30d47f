/* Linear probing from the beginning of a cache line. */
#include "checker/state_store.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "core/die.h"

enum {
    LINE = 64,
    GROUPS_FIRST = 1 << 9,             /* 32 KiB */
    GROUPS_LARGEST = (1 << 22) / LINE, /* of a shard that is not about to be split: 4 MiB, or half as much again */
    HUGE_PAGE = 1 << 21,
    LOAD_PERCENT = 75,      /* of keys of one word: half full at the least, 16 bytes a key */
    LOAD_PERCENT_LONG = 93, /* longer keys are slower to compare anyway, and memory is what they cost */
};

#define BUSY UINT64_C(1) /* the last word of a key that is being written; a written one has KEY_MARK */

static size_t shard_bytes(const struct state_store *store, uint64_t groups)
{
    return groups * store->group * store->words * sizeof(uint64_t);
}

/* ---- Shards ---- */

/* Zeroed pages on demand, huge ones where offered, since every probe touches another page. */
static void *map_pages(size_t bytes)
{
    const size_t larger = bytes + HUGE_PAGE;
    uint8_t *memory = mmap(NULL, larger, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        die("out of memory: %zu bytes of a state table", bytes);
    const size_t before = (HUGE_PAGE - (uintptr_t)memory % HUGE_PAGE) % HUGE_PAGE;
    if (before)
        munmap(memory, before);
    if (HUGE_PAGE - before)
        munmap(memory + before + bytes, HUGE_PAGE - before);
    madvise(memory + before, bytes, MADV_HUGEPAGE);
    return memory + before;
}

static bool is_mapped(size_t bytes)
{
    return bytes >= HUGE_PAGE && bytes % HUGE_PAGE == 0;
}

static void *make_shard(size_t bytes)
{
    if (is_mapped(bytes))
        return map_pages(bytes);
    void *memory = aligned_alloc(LINE, (bytes + LINE - 1) / LINE * LINE);
    if (!memory)
        die("out of memory: %zu bytes of a state table", bytes);
    return memset(memory, 0, bytes);
}

static void free_shard(void *shard, size_t bytes)
{
    if (shard && is_mapped(bytes))
        munmap(shard, bytes);
    else
        free(shard);
}

static struct shards make_shards(uint64_t groups, unsigned log2)
{
    return (struct shards){die_calloc((size_t)1 << log2, sizeof(_Atomic uint64_t *)), groups, log2};
}

static void free_shards(const struct state_store *store, struct shards *shards)
{
    for (size_t i = 0; shards->keys && i < (size_t)1 << shards->log2; i++)
        free_shard((void *)shards->keys[i], shard_bytes(store, shards->groups));
    free((void *)shards->keys);
    *shards = (struct shards){0};
}

static void set_shape(struct state_store *store, unsigned words)
{
    store->words = words;
    store->group = words == 1 ? 8 : words == 2 ? 4 : 1;
}

static void set_capacity(struct state_store *store)
{
    store->capacity = (store->now.groups * store->group << store->now.log2) / 100 *
                      (store->words == 1 ? LOAD_PERCENT : LOAD_PERCENT_LONG);
}

static void fill_shards(const struct state_store *store, struct shards *shards)
{
    for (size_t i = 0; i < (size_t)1 << shards->log2; i++)
        shards->keys[i] = make_shard(shard_bytes(store, shards->groups));
}

void state_store_init(struct state_store *store, unsigned words)
{
    *store = (struct state_store){0};
    set_shape(store, words);
    store->now = make_shards(GROUPS_FIRST * 8 / store->group, 0);
    fill_shards(store, &store->now);
    set_capacity(store);
}

void state_store_free(struct state_store *store)
{
    free_shards(store, &store->now);
}

/* ---- Inserting ---- */

/* Takes the free place for a key of one word. False: another thread has just put the very same there; *lost: another.
 */
static inline bool take_word(struct state_store *store, _Atomic uint64_t *place, uint64_t key, bool *lost)
{
    uint64_t there = 0;
    *lost = false;
    if (!store->is_shared) {
        atomic_store_explicit(place, key, memory_order_relaxed);
        return true;
    }
    if (atomic_compare_exchange_strong_explicit(place, &there, key, memory_order_relaxed, memory_order_relaxed))
        return true;
    *lost = there != key;
    return false;
}

static bool insert_word(struct state_store *store, struct state_place at, uint64_t key)
{
    _Atomic uint64_t *keys = store->now.keys[at.shard];
    const uint64_t places = store->now.groups * store->group;
    for (uint64_t probes = 0; probes <= places; probes++) {
        const uint64_t there = atomic_load_explicit(&keys[at.place], memory_order_relaxed);
        bool lost = true;
        if (there == key)
            return false;
        if (!there) {
            const bool taken = take_word(store, &keys[at.place], key, &lost);
            if (!lost)
                return taken;
        }
        if (++at.place == places)
            at.place = 0;
    }
    die("a full shard of the state table");
}

/* The last word of a key at a place, when it is written; 0: the place is free. */
static uint64_t wait_for_last(const _Atomic uint64_t *last)
{
    uint64_t there;
    while ((there = atomic_load_explicit(last, memory_order_acquire)) == BUSY)
        ;
    return there;
}

static bool equals_words(const _Atomic uint64_t *there, const uint64_t *key, unsigned words)
{
    for (unsigned i = 0; i < words; i++)
        if (atomic_load_explicit(&there[i], memory_order_relaxed) != key[i])
            return false;
    return true;
}

static bool take_words(struct state_store *store, _Atomic uint64_t *there, const uint64_t *key)
{
    const unsigned last = store->words - 1;
    uint64_t expected = 0;
    if (!atomic_compare_exchange_strong_explicit(&there[last], &expected, BUSY, memory_order_relaxed,
                                                 memory_order_relaxed))
        return false;
    for (unsigned i = 0; i < last; i++)
        atomic_store_explicit(&there[i], key[i], memory_order_relaxed);
    atomic_store_explicit(&there[last], key[last], memory_order_release);
    return true;
}

static bool insert_words(struct state_store *store, struct state_place at, const uint64_t *key)
{
    _Atomic uint64_t *keys = store->now.keys[at.shard];
    const uint64_t places = store->now.groups * store->group;
    const unsigned words = store->words;
    for (uint64_t probes = 0; probes <= places;) {
        _Atomic uint64_t *there = &keys[at.place * words];
        if (!wait_for_last(&there[words - 1])) {
            if (take_words(store, there, key))
                return true;
            continue; /* another thread was first: look at what it put there */
        }
        if (equals_words(there, key, words))
            return false;
        if (++at.place == places)
            at.place = 0;
        probes++;
    }
    die("a full shard of the state table");
}

bool state_store_insert_at(struct state_store *store, const uint64_t *key, struct state_place at)
{
    return store->words == 1 ? insert_word(store, at, key[0]) : insert_words(store, at, key);
}

/* ---- Growing ---- */

/* A large shard that would grow by a third is split in two instead, each two thirds as large as it was. */
static struct shards larger(const struct state_store *store)
{
    const struct shards *now = &store->now;
    const bool is_power = (now->groups & (now->groups - 1)) == 0;
    const uint64_t largest = GROUPS_LARGEST * 8 / store->group;
    if (is_power)
        return make_shards(now->groups / 2 * 3, now->log2);
    return now->groups < largest ? make_shards(now->groups / 3 * 4, now->log2)
                                 : make_shards(now->groups / 3 * 2, now->log2 + 1);
}

void state_store_grow_begin(struct state_store *store)
{
    store->next = larger(store);
    store->moved = 0;
}

/* The shards that one thread fills from one shard, of which it knows how many keys each group has: that no place is
 * looked at before it is filled is what makes moving cheap. */
struct moving {
    const struct state_store *store;
    uint8_t *filled; /* keys in each group of the new shards, one shard after the other */
    uint64_t first;  /* of the new shards */
};

static void move_key(const struct moving *moving, const _Atomic uint64_t *key)
{
    const struct state_store *store = moving->store;
    const unsigned words = store->words;
    uint64_t copy[KEY_WORDS_MAX];
    copy[0] = atomic_load_explicit(&key[0], memory_order_relaxed);
    for (unsigned i = 1; i < words; i++)
        copy[i] = atomic_load_explicit(&key[i], memory_order_relaxed);
    const struct state_place at = state_place_of(&store->next, store->group, state_hash(copy, words));
    uint8_t *filled = moving->filled + (at.shard - moving->first) * store->next.groups;
    uint64_t group = at.place / store->group;
    while (filled[group] == store->group)
        if (++group == store->next.groups)
            group = 0;
    _Atomic uint64_t *to = &store->next.keys[at.shard][(group * store->group + filled[group]++) * words];
    for (unsigned i = 0; i < words; i++)
        atomic_store_explicit(&to[i], copy[i], memory_order_relaxed);
}

static void move_shard(struct state_store *store, uint64_t shard)
{
    const unsigned words = store->words, split = store->next.log2 - store->now.log2;
    const _Atomic uint64_t *keys = store->now.keys[shard];
    const struct moving moving = {store, die_calloc(store->next.groups << split, 1), shard << split};
    for (uint64_t i = moving.first; i < (shard + 1) << split; i++)
        store->next.keys[i] = make_shard(shard_bytes(store, store->next.groups));
    for (uint64_t place = 0; place < store->now.groups * store->group; place++)
        if (atomic_load_explicit(&keys[place * words + words - 1], memory_order_relaxed))
            move_key(&moving, &keys[place * words]);
    free(moving.filled);
    free_shard((void *)store->now.keys[shard], shard_bytes(store, store->now.groups));
    store->now.keys[shard] = NULL;
}

void state_store_grow_help(struct state_store *store)
{
    for (;;) {
        const uint64_t shard = atomic_fetch_add(&store->moved, 1);
        if (shard >> store->now.log2)
            return;
        move_shard(store, shard);
    }
}

void state_store_grow_end(struct state_store *store)
{
    free((void *)store->now.keys);
    store->now = store->next;
    store->next = (struct shards){0};
    set_capacity(store);
}

void state_store_grow(struct state_store *store)
{
    state_store_grow_begin(store);
    state_store_grow_help(store);
    state_store_grow_end(store);
}

void state_store_clear(struct state_store *store, unsigned words)
{
    const uint64_t count = store->count;
    free_shards(store, &store->now);
    set_shape(store, words);
    store->now = make_shards(GROUPS_FIRST * 8 / store->group, 0);
    set_capacity(store);
    while (store->capacity <= count) {
        struct shards next = larger(store);
        free((void *)store->now.keys);
        store->now = next;
        set_capacity(store);
    }
    fill_shards(store, &store->now);
    store->count = 0;
}

size_t state_store_memory(const struct state_store *store)
{
    return shard_bytes(store, store->now.groups) << store->now.log2;
}

size_t state_store_growth(const struct state_store *store, unsigned threads)
{
    const size_t now = state_store_memory(store);
    return now / 2 + threads * shard_bytes(store, store->now.groups);
}
