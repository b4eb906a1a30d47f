/* The set of states: exact, whatever the keys look like, while it grows and is repacked. */
#include "checker/state_store.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <pthread.h>

static bool insert(struct state_store *store, const uint64_t *key)
{
    if (!state_store_has_room(store, 1))
        state_store_grow(store);
    const bool is_new = state_store_insert(store, key, state_hash(key, store->words));
    state_store_add(store, is_new);
    return is_new;
}

/* The n-th key of so many words: all but one word are the same for all n. */
static void make_key(uint64_t *key, unsigned words, unsigned varied, uint64_t n)
{
    for (unsigned i = 0; i < words; i++)
        key[i] = i == varied ? n : 77;
    key[words - 1] |= KEY_MARK;
}

/* At least such a share of it holds keys. */
static void expect_filled(const struct state_store *store, double share)
{
    const double bytes = (double)state_store_memory(store) / (double)store->count / store->words;
    cr_expect(bytes > 8 && bytes < 8 / share, "%g bytes a word of a key", bytes);
}

static void expect_exact(unsigned words, unsigned varied)
{
    enum { KEYS = 20000 };
    struct state_store store;
    uint64_t key[KEY_WORDS_MAX];
    state_store_init(&store, words);
    for (int round = 0; round < 2; round++)
        for (uint64_t n = 0; n < KEYS; n++) {
            make_key(key, words, varied, n);
            cr_assert(insert(&store, key) == (round == 0), "key %llu of %u words, word %u varies",
                      (unsigned long long)n, words, varied);
        }
    cr_expect(eq(u64, store.count, KEYS));
    expect_filled(&store, 0.4); /* shards so small are not filled evenly */
    state_store_free(&store);
}

Test(state_store, holds_each_key_once)
{
    for (unsigned words = 1; words <= 4; words++)
        for (unsigned varied = 0; varied < words; varied++)
            expect_exact(words, varied);
    expect_exact(KEY_WORDS_MAX, 0);
    expect_exact(KEY_WORDS_MAX, KEY_WORDS_MAX / 2);
}

Test(state_store, tells_keys_of_equal_hash_apart)
{
    struct state_store store;
    state_store_init(&store, 2);
    while (store.groups * store.group < 1000) /* they are all in one shard */
        state_store_grow(&store);
    for (uint64_t n = 0; n < 1000; n++)
        cr_assert(state_store_insert(&store, (uint64_t[]){n, KEY_MARK}, UINT64_MAX), "%llu is new",
                  (unsigned long long)n);
    for (uint64_t n = 0; n < 1000; n++)
        cr_assert(not(state_store_insert(&store, (uint64_t[]){n, KEY_MARK}, UINT64_MAX)));
    state_store_free(&store);
}

Test(state_store, says_when_there_is_no_room)
{
    struct state_store store;
    state_store_init(&store, 1);
    const uint64_t room = store.capacity;
    cr_expect(state_store_has_room(&store, room));
    cr_expect(not(state_store_has_room(&store, room + 1)));
    for (uint64_t n = 0; n < room; n++)
        cr_expect(insert(&store, (uint64_t[]){n | KEY_MARK}));
    cr_expect(state_store_has_room(&store, 0));
    cr_expect(not(state_store_has_room(&store, 1)));
    state_store_grow(&store);
    cr_expect(state_store_has_room(&store, room / 3));
    state_store_free(&store);
}

/* From shards on the heap to mapped ones that grow where they are. */
Test(state_store, keeps_every_key_while_it_grows)
{
    enum { KEYS = 3000000 };
    for (unsigned words = 1; words <= 3; words += 2) {
        struct state_store store;
        uint64_t key[3];
        state_store_init(&store, words);
        for (int round = 0; round < 2; round++)
            for (uint64_t n = 0; n < KEYS; n++) {
                make_key(key, words, 0, n);
                cr_assert(insert(&store, key) == (round == 0), "key %llu of %u words", (unsigned long long)n, words);
            }
        cr_expect(store.shards[0].is_mapped);
        expect_filled(&store, 0.49);
        state_store_free(&store);
    }
}

Test(state_store, is_empty_when_cleared_and_has_room_for_as_many_again)
{
    struct state_store store;
    state_store_init(&store, 1);
    for (uint64_t n = 0; n < 50000; n++)
        insert(&store, (uint64_t[]){n | KEY_MARK});
    state_store_clear(&store, 2);
    cr_expect(eq(u64, store.count, 0));
    cr_expect(state_store_has_room(&store, 50000));
    for (uint64_t n = 0; n < 50000; n++)
        cr_assert(insert(&store, (uint64_t[]){n, KEY_MARK}), "%llu", (unsigned long long)n);
    state_store_free(&store);
}

/* Two threads insert the same keys in different orders: each key is new to one of them. */
struct inserting {
    struct state_store *store;
    unsigned words;
    bool backwards;
    uint64_t inserted;
};
enum { SHARED_KEYS = 200000 };

static void *insert_all(void *argument)
{
    struct inserting *inserting = argument;
    uint64_t key[KEY_WORDS_MAX];
    for (uint64_t n = 0; n < SHARED_KEYS; n++) {
        make_key(key, inserting->words, 0, inserting->backwards ? SHARED_KEYS - 1 - n : n);
        inserting->inserted += state_store_insert(inserting->store, key, state_hash(key, inserting->words));
    }
    return NULL;
}

Test(state_store, is_filled_by_threads_side_by_side)
{
    for (unsigned words = 1; words <= 3; words++) {
        struct state_store store;
        state_store_init(&store, words);
        while (!state_store_has_room(&store, SHARED_KEYS))
            state_store_grow(&store);
        store.is_shared = true;
        struct inserting one = {&store, words, false, 0}, other = {&store, words, true, 0};
        pthread_t thread;
        cr_assert(eq(int, pthread_create(&thread, NULL, insert_all, &one), 0));
        insert_all(&other);
        pthread_join(thread, NULL);
        cr_expect(eq(u64, one.inserted + other.inserted, SHARED_KEYS), "%u words", words);
        state_store_free(&store);
    }
}

Test(state_store, may_be_freed_twice)
{
    struct state_store store;
    state_store_init(&store, 1);
    state_store_free(&store);
    state_store_free(&store);
}

/* Tables that no machine of today holds: where a key goes is reckoned in 64 bits. */
Test(state_store, has_places_beyond_32_bits)
{
    const uint64_t groups = UINT64_C(1) << 40;
    uint64_t former = 0;
    for (uint64_t rest = 0; rest < UINT64_C(1) << 32; rest += (UINT64_C(1) << 32) / 100) {
        const uint64_t hash = UINT64_C(5) << (64 - STORE_SHARDS_LOG2) | rest << (32 - STORE_SHARDS_LOG2);
        const struct state_place at = state_place_of(groups, 8, hash);
        cr_expect(eq(u32, at.shard, 5));
        cr_expect(eq(u64, at.place % 8, 0), "a group's first");
        cr_expect(lt(u64, at.place, groups * 8));
        cr_expect(ge(u64, at.place, former), "in the order of hashes");
        former = at.place;
    }
    cr_expect(gt(u64, former, groups * 8 / 100 * 98), "up to the last groups");
}
