/* Linear probing from the beginning of a cache line. Places stand in the order of hashes, so a shard grows in place,
 * from its end to its beginning: each key moves up, into what has been emptied already. */
#include "checker/state_store.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/die.h"

enum {
    LINE = 64,
    GROUPS_FIRST = 64, /* of a shard of keys of one word: 4 KiB */
    HUGE_PAGE = 1 << 21,
    MAPPED_FROM = HUGE_PAGE / 2, /* bytes of a shard that are worth a huge page */
    LOAD_PERCENT = 75,           /* of keys of one word: half full at the least, 16 bytes a key */
    LOAD_PERCENT_LONG = 93,      /* longer keys are slower to compare anyway, and memory is what they cost */
    LOAD_PERCENT_MOST = 88,      /* of keys of one word where memory allows no larger table: slower, but it goes on */
    SLACK_DEVIATIONS = 8,        /* some shards get more keys than others, by a standard deviation of sqrt(keys) */
    GROWTH_LEAST = 16,           /* a sixteenth: less is not worth moving all keys */
};

#define BUSY UINT64_C(1) /* the last word of a key that is being written; a written one has KEY_MARK */

/* ---- Memory of shards ---- */

static size_t group_bytes(const struct state_store *store)
{
    return store->group * store->words * sizeof(uint64_t);
}

static size_t round_up(size_t bytes, size_t unit)
{
    return (bytes + unit - 1) / unit * unit;
}

/* Address space for a shard to grow in: what is not touched costs nothing. */
static size_t reservation(size_t needed)
{
    const size_t pages = (size_t)sysconf(_SC_PHYS_PAGES), page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t all = pages / STORE_SHARDS * page;
    return round_up(all > needed ? all : needed, HUGE_PAGE);
}

/* Zeroed pages on demand, huge ones where offered, since every probe touches another page. NULL: there are none. */
static void *map_pages(size_t bytes)
{
    const size_t larger = bytes + HUGE_PAGE;
    uint8_t *memory = mmap(NULL, larger, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        return NULL;
    const size_t before = (HUGE_PAGE - (uintptr_t)memory % HUGE_PAGE) % HUGE_PAGE;
    if (before)
        munmap(memory, before);
    if (HUGE_PAGE - before)
        munmap(memory + before + bytes, HUGE_PAGE - before);
    madvise(memory + before, bytes, MADV_HUGEPAGE);
    return memory + before;
}

/* A shard with nothing in it. Small ones are on the heap: they are moved as they grow. */
static struct shard make_shard(size_t bytes)
{
    if (bytes < MAPPED_FROM) {
        void *memory = aligned_alloc(LINE, round_up(bytes, LINE));
        if (memory)
            return (struct shard){memset(memory, 0, bytes), bytes, false};
        die("out of memory: %zu bytes of a state table", bytes);
    }
    size_t room = reservation(bytes);
    void *memory = map_pages(room);
    if (!memory) /* address space may be limited too */
        memory = map_pages(room = round_up(bytes, HUGE_PAGE));
    if (!memory)
        die("out of memory: %zu bytes of a state table", bytes);
    return (struct shard){memory, room, true};
}

static void free_shard(struct shard *shard)
{
    if (shard->is_mapped)
        munmap((void *)shard->keys, shard->room);
    else
        free((void *)shard->keys);
    *shard = (struct shard){.room = 0};
}

/* Makes room for a shard to grow, zeroed. */
static void extend_shard(struct shard *shard, size_t bytes, size_t larger)
{
    if (larger <= shard->room)
        return;
    struct shard extended = make_shard(larger);
    memcpy((void *)extended.keys, (void *)shard->keys, bytes);
    free_shard(shard);
    *shard = extended;
}

/* ---- The shape of the store ---- */

static void set_shape(struct state_store *store, unsigned words)
{
    store->words = words;
    store->group = words == 1 ? 8 : words == 2 ? 4 : 1;
}

static uint64_t capacity_of(const struct state_store *store, uint64_t groups, unsigned percent)
{
    const uint64_t places = groups * store->group, load = places / 100 * percent;
    uint64_t slack = 1; /* the square root, about */
    while (slack * slack < places)
        slack *= 2;
    slack *= SLACK_DEVIATIONS;
    return STORE_SHARDS * (slack < places - load ? load : slack < places ? places - slack : 1);
}

static void set_groups(struct state_store *store, uint64_t groups)
{
    store->groups = groups;
    store->capacity = capacity_of(store, groups, store->words == 1 ? LOAD_PERCENT : LOAD_PERCENT_LONG);
}

/* By half, so that there are 16 bytes a key of one word at the most; longer keys by a quarter. Whole huge pages, of
 * which every part is touched anyway. */
static uint64_t more_groups(const struct state_store *store)
{
    const uint64_t groups = store->groups + store->groups / (store->words == 1 ? 2 : 4);
    const size_t bytes = groups * group_bytes(store);
    return bytes < MAPPED_FROM ? groups : round_up(bytes, HUGE_PAGE) / group_bytes(store);
}

static void make_shards(struct state_store *store)
{
    for (unsigned i = 0; i < STORE_SHARDS; i++)
        store->shards[i] = make_shard(store->groups * group_bytes(store));
}

void state_store_init(struct state_store *store, unsigned words)
{
    *store = (struct state_store){.count = 0};
    set_shape(store, words);
    set_groups(store, GROUPS_FIRST * 8 / store->group);
    make_shards(store);
}

void state_store_free(struct state_store *store)
{
    for (unsigned i = 0; i < STORE_SHARDS; i++)
        free_shard(&store->shards[i]);
}

void state_store_clear(struct state_store *store, unsigned words)
{
    const uint64_t count = store->count;
    state_store_free(store);
    set_shape(store, words);
    set_groups(store, GROUPS_FIRST * 8 / store->group);
    while (store->capacity <= count)
        set_groups(store, more_groups(store));
    make_shards(store);
    store->count = 0;
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

enum { GROUP = LINE / sizeof(uint64_t) }; /* keys of one word in a group */

/* Which of a group's places hold a key, and which are free, a bit each. Without a branch: where a group is filled up to
 * is what no processor can predict. */
struct glance {
    unsigned holders, free;
};
static inline struct glance look_for(const _Atomic uint64_t *group, uint64_t key)
{
    struct glance glance = {0, 0};
    for (unsigned i = 0; i < GROUP; i++) {
        const uint64_t there = atomic_load_explicit(&group[i], memory_order_relaxed);
        glance.holders |= (unsigned)(there == key) << i;
        glance.free |= (unsigned)(there == 0) << i;
    }
    return glance;
}

static bool insert_word(struct state_store *store, struct state_place at, uint64_t key)
{
    _Atomic uint64_t *keys = store->shards[at.shard].keys;
    const uint64_t places = store->groups * GROUP;
    for (uint64_t probes = 0; probes <= places;) {
        const struct glance glance = look_for(&keys[at.place], key);
        bool lost = true;
        if (glance.holders)
            return false;
        if (glance.free) {
            const bool taken = take_word(store, &keys[at.place + (unsigned)__builtin_ctz(glance.free)], key, &lost);
            if (!lost)
                return taken;
            continue; /* another key was put there first: look again */
        }
        probes += GROUP;
        at.place += GROUP;
        if (at.place == places)
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
    _Atomic uint64_t *keys = store->shards[at.shard].keys;
    const uint64_t places = store->groups * store->group;
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

bool state_store_grow_begin(struct state_store *store, size_t bytes)
{
    const uint64_t wanted = more_groups(store) - store->groups, possible = bytes / STORE_SHARDS / group_bytes(store);
    const uint64_t more = wanted < possible ? wanted : possible;
    if (more < store->groups / GROWTH_LEAST)
        return false;
    store->groups_next = store->groups + more;
    store->moved = 0;
    return true;
}

/* A shard while it grows. */
struct growing {
    const struct state_store *store;
    _Atomic uint64_t *keys;
    uint8_t
        *filled;    /* places taken by keys that have been moved, by group: none need be looked at to find a free one */
    uint64_t *left; /* keys that could not be moved up: they are put back at the end */
    size_t left_count, left_capacity;
};

/* Puts a key into the first free place from a group on. False: there is none before the end. */
static bool put_from(const struct growing *growing, uint64_t group, const uint64_t *key)
{
    const struct state_store *store = growing->store;
    const unsigned words = store->words;
    while (growing->filled[group] == store->group)
        if (++group == store->groups_next)
            return false;
    _Atomic uint64_t *place = &growing->keys[(group * store->group + growing->filled[group]++) * words];
    atomic_store_explicit(&place[0], key[0], memory_order_relaxed);
    for (unsigned i = 1; i < words; i++)
        atomic_store_explicit(&place[i], key[i], memory_order_relaxed);
    return true;
}

static void leave(struct growing *growing, const uint64_t *key)
{
    const unsigned words = growing->store->words;
    growing->left = die_grow(growing->left, &growing->left_capacity, (growing->left_count + 1) * words, sizeof(*key));
    key_copy(&growing->left[growing->left_count++ * words], key, words);
}

static uint64_t group_in_larger(const struct state_store *store, const uint64_t *key)
{
    return state_place_of(store->groups_next, 1, state_hash(key, store->words)).place;
}

/* Takes the key at a place out. False: there is none. */
static inline bool take_out(_Atomic uint64_t *place, uint64_t *key, unsigned words)
{
    key[0] = atomic_load_explicit(&place[0], memory_order_relaxed);
    for (unsigned i = 1; i < words; i++)
        key[i] = atomic_load_explicit(&place[i], memory_order_relaxed);
    atomic_store_explicit(&place[words - 1], 0, memory_order_relaxed);
    return key[words - 1];
}

/* Moves a group's keys up. Groups above it hold none but keys that have been moved already; a key that would come into
 * this one or below, where keys are still to be taken out, is left for the end. */
static void move_group(struct growing *growing, uint64_t group)
{
    const struct state_store *store = growing->store;
    const unsigned words = store->words;
    uint64_t key[KEY_WORDS_MAX];
    for (uint64_t place = group * store->group; place < (group + 1) * store->group; place++) {
        if (!take_out(&growing->keys[place * words], key, words))
            continue;
        const uint64_t home = group_in_larger(store, key);
        if (home <= group || !put_from(growing, home, key))
            leave(growing, key);
    }
}

static void grow_shard(struct state_store *store, struct shard *shard)
{
    const size_t bytes = group_bytes(store);
    extend_shard(shard, store->groups * bytes, store->groups_next * bytes);
    struct growing growing = {.store = store, .keys = shard->keys, .filled = die_calloc(store->groups_next, 1)};
    for (uint64_t group = store->groups; group-- > 0;)
        move_group(&growing, group);
    for (size_t i = 0; i < growing.left_count; i++) {
        const uint64_t *key = &growing.left[i * store->words];
        must(put_from(&growing, group_in_larger(store, key), key) || put_from(&growing, 0, key));
    }
    free(growing.left);
    free(growing.filled);
}

void state_store_grow_help(struct state_store *store)
{
    for (;;) {
        const uint64_t shard = atomic_fetch_add(&store->moved, 1);
        if (shard >= STORE_SHARDS)
            return;
        grow_shard(store, &store->shards[shard]);
    }
}

void state_store_grow_end(struct state_store *store)
{
    set_groups(store, store->groups_next);
    store->groups_next = 0;
}

void state_store_grow(struct state_store *store)
{
    must(state_store_grow_begin(store, SIZE_MAX));
    state_store_grow_help(store);
    state_store_grow_end(store);
}

bool state_store_crowd(struct state_store *store)
{
    const uint64_t most = capacity_of(store, store->groups, LOAD_PERCENT_MOST);
    const bool has_more = most > store->capacity;
    if (has_more)
        store->capacity = most;
    return has_more;
}

size_t state_store_memory(const struct state_store *store)
{
    return STORE_SHARDS * store->groups * group_bytes(store);
}
