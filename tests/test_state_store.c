/* The set of states: exact, whatever the keys look like, while it grows and is repacked. */
#include "checker/state_store.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static bool insert(struct state_store *store, const uint64_t *key)
{
    if (!state_store_has_room(store, 1))
        state_store_grow(store);
    return state_store_insert(store, key, state_hash(key, store->words));
}

/* The n-th key of so many words: all but one word are the same for all n. */
static void make_key(uint64_t *key, unsigned words, unsigned varied, uint64_t n)
{
    for (unsigned i = 0; i < words; i++)
        key[i] = i == varied ? n : 77;
    key[words - 1] |= KEY_MARK;
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
    cr_expect(eq(u64, store.size, 32768), "at most three quarters full");
    cr_expect(eq(sz, state_store_memory(&store), 32768 * words * sizeof(uint64_t)));
    cr_expect(eq(sz, store.peak, 3 * state_store_memory(&store) / 2), "both tables, while it grew for the last time");
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
    const uint64_t room = store.size / 4 * 3;
    cr_expect(state_store_has_room(&store, room));
    cr_expect(not(state_store_has_room(&store, room + 1)));
    for (uint64_t n = 0; n < room; n++)
        state_store_insert(&store, (uint64_t[]){n | KEY_MARK}, state_hash((uint64_t[]){n | KEY_MARK}, 1));
    cr_expect(state_store_has_room(&store, 0));
    cr_expect(not(state_store_has_room(&store, 1)));
    state_store_grow(&store);
    cr_expect(state_store_has_room(&store, room));
    state_store_free(&store);
}

/* Fills a store under one layout, repacks it for wider slots: all states are still known, others are not. */
static void expect_repacked(const uint32_t *narrow, const uint32_t *wide)
{
    enum { SLOTS = 4, STATES = 3000 };
    struct layout from, to;
    struct state_store store;
    uint64_t key[KEY_WORDS_MAX];
    layout_make(&from, narrow, SLOTS);
    layout_make(&to, wide, SLOTS);
    state_store_init(&store, from.words);
    for (uint32_t n = 0; n < STATES; n++) {
        layout_pack(&from, (uint32_t[SLOTS]){n % 16, n / 16 % 16, n / 256, 0}, key);
        cr_assert(insert(&store, key));
    }
    state_store_repack(&store, &from, &to);
    cr_expect(eq(u64, store.count, STATES));
    cr_expect(eq(uint, store.words, to.words));
    for (uint32_t n = 0; n < STATES + 100; n++) {
        layout_pack(&to, (uint32_t[SLOTS]){n % 16, n / 16 % 16, n / 256, 0}, key);
        cr_assert(insert(&store, key) == (n >= STATES), "state %u", n);
    }
    layout_pack(&to, (uint32_t[SLOTS]){0, 0, 0, wide[3] - 1}, key);
    cr_expect(insert(&store, key), "a value that did not fit before");
    state_store_free(&store);
}

Test(state_store, keeps_its_states_when_slots_widen)
{
    expect_repacked((uint32_t[]){16, 16, 16, 1}, (uint32_t[]){16, 16, 16, 2});
    expect_repacked((uint32_t[]){16, 16, 16, 1}, (uint32_t[]){1 << 20, 1 << 20, 1 << 20, 1 << 20});
    expect_repacked((uint32_t[]){1 << 20, 1 << 20, 1 << 20, 1}, (uint32_t[]){1 << 30, 1 << 30, 1 << 30, 1 << 30});
}

Test(state_store, may_be_freed_twice)
{
    struct state_store store;
    state_store_init(&store, 1);
    state_store_free(&store);
    state_store_free(&store);
}
