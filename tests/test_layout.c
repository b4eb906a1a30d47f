/* Keys: every slot keeps its value beside any others, and words are not wasted. */
#include "checker/layout.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static uint64_t seed = 1;

static uint32_t draw(uint64_t below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((seed >> 32) % below);
}

/* Packs values that fill their slots, draws and zeroes, and reads them back. */
static void expect_round_trips(const struct layout *layout, const uint32_t *counts)
{
    uint32_t values[SLOTS_MAX], read[SLOTS_MAX];
    uint64_t key[KEY_WORDS_MAX];
    for (int kind = 0; kind < 3; kind++) {
        for (unsigned i = 0; i < layout->slot_count; i++)
            values[i] = kind == 0 ? 0 : kind == 1 ? counts[i] - 1 : draw(counts[i]);
        layout_pack(layout, values, key);
        layout_unpack(layout, key, read);
        for (unsigned i = 0; i < layout->slot_count; i++)
            cr_assert(read[i] == values[i], "slot %u of %u: %u, not %u", i, layout->slot_count, read[i], values[i]);
        cr_assert(ne(u64, key[layout->words - 1] & KEY_MARK, 0));
    }
}

static unsigned words_of(unsigned slots, uint32_t count)
{
    uint32_t counts[SLOTS_MAX];
    struct layout layout;
    for (unsigned i = 0; i < slots; i++)
        counts[i] = count;
    layout_make(&layout, counts, slots);
    expect_round_trips(&layout, counts);
    return layout.words;
}

Test(layout, uses_no_more_words_than_the_bits_and_the_mark_need)
{
    cr_expect(eq(uint, words_of(63, 2), 1));
    cr_expect(eq(uint, words_of(64, 2), 2));
    cr_expect(eq(uint, words_of(127, 2), 2));
    cr_expect(eq(uint, words_of(128, 2), 3));
    cr_expect(eq(uint, words_of(63, 4), 2));
    cr_expect(eq(uint, words_of(31, 4), 1));
    cr_expect(eq(uint, words_of(32, 4), 2));
    cr_expect(eq(uint, words_of(95, 4), 3));
    cr_expect(eq(uint, words_of(96, 4), 4));
    cr_expect(eq(uint, words_of(1, UINT32_MAX), 1));
    cr_expect(eq(uint, words_of(2, UINT32_MAX), 2));
    cr_expect(eq(uint, words_of(127, UINT32_MAX), 64));
    cr_expect(eq(uint, words_of(SLOTS_MAX, 1), 1));
}

Test(layout, counts_the_bits_that_values_need)
{
    const uint32_t counts[] = {1, 2, 3, 4, 5, 1 << 16, (1 << 16) + 1, UINT32_MAX};
    cr_expect(eq(uint, layout_bits_needed(counts, 1), 0));
    cr_expect(eq(uint, layout_bits_needed(counts, 2), 1));
    cr_expect(eq(uint, layout_bits_needed(counts, 3), 3));
    cr_expect(eq(uint, layout_bits_needed(counts, 4), 5));
    cr_expect(eq(uint, layout_bits_needed(counts, 5), 8));
    cr_expect(eq(uint, layout_bits_needed(counts, 6), 24));
    cr_expect(eq(uint, layout_bits_needed(counts, 7), 41));
    cr_expect(eq(uint, layout_bits_needed(counts, 8), 73));
}

Test(layout, keeps_slots_of_any_widths_apart)
{
    for (int round = 0; round < 2000; round++) {
        uint32_t counts[SLOTS_MAX];
        struct layout layout;
        const unsigned slots = 1 + draw(80);
        for (unsigned i = 0; i < slots; i++)
            counts[i] = 1 + draw(UINT64_C(1) << draw(33));
        layout_make(&layout, counts, slots);
        expect_round_trips(&layout, counts);
    }
}

Test(layout, changes_one_slot_and_leaves_the_others)
{
    const uint32_t counts[] = {5, 1, 1000, UINT32_MAX, 2, 1 << 20, 7};
    const unsigned slots = sizeof(counts) / sizeof(counts[0]);
    struct layout layout;
    uint32_t values[sizeof(counts) / sizeof(counts[0])] = {0};
    uint64_t key[KEY_WORDS_MAX], packed[KEY_WORDS_MAX];
    layout_make(&layout, counts, slots);
    layout_pack(&layout, values, key);
    for (int round = 0; round < 10000; round++) {
        const unsigned slot = draw(slots);
        const uint32_t to = draw(counts[slot]);
        layout_change(&layout, key, slot, values[slot], to);
        values[slot] = to;
        layout_pack(&layout, values, packed);
        cr_assert(keys_equal(key, packed, layout.words), "slot %u to %u", slot, to);
    }
}

Test(layout, tells_which_values_fit)
{
    const uint32_t counts[] = {1, 4, UINT32_MAX};
    struct layout layout;
    layout_make(&layout, counts, 3);
    cr_expect(layout_fits(&layout, 0, 0));
    cr_expect(not(layout_fits(&layout, 0, 1)), "a slot with one value has no bits to spare");
    cr_expect(layout_fits(&layout, 1, 3));
    for (unsigned slot = 0; slot < 2; slot++) {
        const uint64_t room = UINT64_C(1) << layout.slots[slot].width;
        cr_expect(layout_fits(&layout, slot, (uint32_t)(room - 1)));
        cr_expect(not(layout_fits(&layout, slot, (uint32_t)room)));
    }
    cr_expect(layout_fits(&layout, 2, UINT32_MAX));
}

Test(layout, gives_spare_bits_to_slots_that_have_values)
{
    const uint32_t counts[] = {2, 2, 1};
    struct layout layout;
    layout_make(&layout, counts, 3);
    cr_expect(ge(uint, layout.slots[0].width, 31));
    cr_expect(ge(uint, layout.slots[1].width, 31));
    cr_expect(eq(uint, layout.slots[2].width, 0));
}

Test(layout, gives_spare_bits_by_how_many_a_slot_has)
{
    enum { SLOTS = 25 };
    uint32_t counts[SLOTS] = {1 << 12};
    struct layout layout;
    for (unsigned i = 1; i < SLOTS; i++)
        counts[i] = 4;
    layout_make(&layout, counts, SLOTS);
    cr_expect(eq(uint, layout.words, 1));
    cr_expect(eq(uint, layout.slots[0].width, 12 + 3), "60 bits are needed, 63 there are");
    counts[1] = 5;
    counts[0] = 1 << 11;
    layout_make(&layout, counts, SLOTS);
    cr_expect(eq(uint, layout.slots[0].width, 11 + 3));
    cr_expect(eq(uint, layout.slots[1].width, 3));
}

Test(layout, compares_and_copies_all_words)
{
    const uint64_t one[] = {1, 2, 3, 4};
    for (unsigned words = 1; words <= 4; words++)
        for (unsigned word = 0; word < 4; word++) {
            uint64_t other[4] = {0};
            key_copy(other, one, words);
            cr_expect(keys_equal(one, other, words));
            other[word] ^= UINT64_C(1) << 63;
            cr_expect(keys_equal(one, other, words) == (word >= words), "word %u of %u", word, words);
        }
}

Test(layout, refuses_more_slots_than_it_has, .exit_code = 4)
{
    uint32_t counts[SLOTS_MAX + 1];
    struct layout layout;
    for (unsigned i = 0; i <= SLOTS_MAX; i++)
        counts[i] = 1;
    layout_make(&layout, counts, SLOTS_MAX + 1);
}
