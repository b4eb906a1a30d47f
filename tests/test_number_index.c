/* Numbers of things that stand elsewhere. */
#include "checker/number_index.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

enum { THINGS = 3000 };

/* Thing n is 7 * n. Few hashes, so that many have the same. */
static uint32_t hash_of_thing(uint32_t thing)
{
    return thing % 101 * UINT32_C(0x01000193);
}

static uint32_t hash_of_number(const void *things, uint32_t number)
{
    return hash_of_thing(((const uint32_t *)things)[number]);
}

static uint32_t find(const struct number_index *index, const uint32_t *things, uint32_t thing)
{
    struct number_walk walk = number_index_walk(index, hash_of_thing(thing));
    uint32_t number;
    do {
        number = number_walk_next(&walk);
    } while (number != NUMBER_ABSENT && things[number] != thing);
    return number;
}

static void add(struct number_index *index, uint32_t *things, uint32_t number)
{
    things[number] = 7 * number;
    number_index_add(index, hash_of_thing(things[number]), number, hash_of_number, things);
}

Test(number_index, has_nothing_at_first)
{
    const struct number_index index = {.retired = NULL};
    const uint32_t things[1] = {0};
    cr_expect(eq(u32, find(&index, things, 0), NUMBER_ABSENT));
    cr_expect(eq(u32, number_index_capacity(&index), 0));
    cr_expect(eq(sz, number_index_memory(&index), 0));
}

Test(number_index, keeps_all_numbers_while_it_grows)
{
    struct number_index index = {.retired = NULL};
    uint32_t things[THINGS];
    for (uint32_t number = 0; number < THINGS; number++) {
        cr_expect(eq(u32, find(&index, things, 7 * number), NUMBER_ABSENT));
        add(&index, things, number);
        cr_expect(eq(u32, find(&index, things, 7 * number), number));
    }
    for (uint32_t number = 0; number < THINGS; number++)
        cr_assert(find(&index, things, 7 * number) == number, "%u", number);
    cr_expect(eq(u32, find(&index, things, 1), NUMBER_ABSENT));
    cr_expect(ge(u32, number_index_capacity(&index), THINGS));
    cr_expect(ge(sz, number_index_memory(&index), 2 * THINGS * sizeof(uint32_t)), "at most half full");
    number_index_free(&index);
    cr_expect(eq(sz, number_index_memory(&index), 0));
}

Test(number_index, keeps_what_it_outgrows_for_those_who_still_look)
{
    struct retired retired = {0};
    struct number_index index = {.retired = &retired};
    uint32_t things[THINGS];
    add(&index, things, 0);
    const struct number_places *first = index.places;
    const uint32_t room = number_index_capacity(&index);
    for (uint32_t number = 1; number <= room; number++)
        add(&index, things, number);
    cr_expect(eq(sz, retired.count, 1));
    struct number_walk walk = {first, hash_of_thing(0)};
    cr_expect(eq(u32, number_walk_next(&walk), 0));
    retired_free(&retired);
    number_index_free(&index);
}
