/* The map from pairs of numbers to numbers. */
#include "checker/pair_map.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

Test(pair_map, has_nothing_at_first)
{
    struct pair_map map = {0};
    cr_expect(eq(u32, pair_map_get(&map, 0), PAIR_ABSENT));
    cr_expect(eq(u32, pair_map_get(&map, UINT64_MAX), PAIR_ABSENT));
    cr_expect(eq(sz, pair_map_memory(&map), 0));
    pair_map_free(&map);
}

Test(pair_map, takes_any_key_and_replaces_values)
{
    static const uint64_t keys[] = {0, 1, UINT64_MAX, UINT64_C(1) << 32, UINT64_C(1) << 63, UINT32_MAX};
    struct pair_map map = {0};
    for (uint32_t round = 0; round < 3; round++)
        for (uint32_t i = 0; i < 6; i++) {
            cr_expect(eq(u32, pair_map_get(&map, keys[i]), round ? i + 10 * round - 10 : (uint32_t)PAIR_ABSENT));
            pair_map_set(&map, keys[i], i + 10 * round);
        }
    cr_expect(eq(u64, map.count, 6));
    cr_expect(eq(u32, pair_map_get(&map, 2), PAIR_ABSENT));
    pair_map_free(&map);
}

Test(pair_map, tells_the_order_of_a_pair)
{
    struct pair_map map = {0};
    pair_map_set(&map, pair_of(1, 2), 12);
    pair_map_set(&map, pair_of(2, 1), 21);
    cr_expect(eq(u32, pair_map_get(&map, pair_of(1, 2)), 12));
    cr_expect(eq(u32, pair_map_get(&map, pair_of(2, 1)), 21));
    cr_expect(eq(u32, pair_map_get(&map, pair_of(2, 2)), PAIR_ABSENT));
    pair_map_free(&map);
}

Test(pair_map, keeps_all_pairs_while_it_grows)
{
    enum { SIDE = 400 };
    struct pair_map map = {0};
    for (uint32_t high = 0; high < SIDE; high++)
        for (uint32_t low = 0; low < SIDE; low++)
            pair_map_set(&map, pair_of(high, low), high * SIDE + low);
    cr_expect(eq(u64, map.count, SIDE * SIDE));
    for (uint32_t high = 0; high < SIDE; high++)
        for (uint32_t low = 0; low < SIDE; low++)
            cr_assert(pair_map_get(&map, pair_of(high, low)) == high * SIDE + low, "%u %u", high, low);
    cr_expect(eq(u32, pair_map_get(&map, pair_of(SIDE, 0)), PAIR_ABSENT));
    cr_expect(eq(u32, pair_map_get(&map, pair_of(0, SIDE)), PAIR_ABSENT));
    cr_expect(ge(u64, map.table->size, 2 * map.count), "at most half full");
    cr_expect(eq(sz, pair_map_memory(&map), sizeof(struct pair_table) + map.table->size * sizeof(struct pair_entry)));
    pair_map_free(&map);
    cr_expect(eq(u64, map.count, 0));
}

Test(pair_map, refuses_the_value_that_says_absent, .exit_code = 4)
{
    struct pair_map map = {0};
    pair_map_set(&map, 1, (uint32_t)PAIR_ABSENT);
}
