/* Lists in structs: pushing, sorted inserting, searching, truncating, for each width of the length member. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "core/gainsay.h"

struct entry {
    uint16_t term;
    uint8_t value, kind;
};

struct lists {
    struct entry log[3];
    uint32_t log_length;
    uint16_t numbers[4];
    uint16_t numbers_length;
    uint8_t letters[5];
    uint8_t letters_length;
};

Test(lists, push_appends_and_counts)
{
    struct lists lists = {0};

    cr_expect(gs_push(lists.log, &lists.log_length, &(struct entry){.term = 2, .value = 7}));
    cr_expect(gs_push(lists.log, &lists.log_length, &(struct entry){.term = 3, .value = 8}));
    cr_expect(eq(u32, lists.log_length, 2));
    cr_expect(eq(u16, lists.log[0].term, 2));
    cr_expect(eq(u8, lists.log[1].value, 8));
    cr_expect(eq(u16, lists.log[2].term, 0));
}

Test(lists, push_works_for_each_width_of_the_length)
{
    struct lists lists = {0};

    cr_expect(gs_push(lists.log, &lists.log_length, &(struct entry){.term = 1}));
    cr_expect(gs_push(lists.numbers, &lists.numbers_length, &(uint16_t){300}));
    cr_expect(gs_push(lists.letters, &lists.letters_length, &(uint8_t){'a'}));
    cr_expect(eq(u32, lists.log_length, 1));
    cr_expect(eq(u16, lists.numbers_length, 1));
    cr_expect(eq(u16, lists.numbers[0], 300));
    cr_expect(eq(u8, lists.letters_length, 1));
}

Test(lists, push_refuses_when_full_and_changes_nothing)
{
    struct lists lists = {0}, before;

    for (uint8_t i = 0; i < 3; i++)
        cr_expect(gs_push(lists.log, &lists.log_length, &(struct entry){.value = i}));
    before = lists;
    cr_expect(not(gs_push(lists.log, &lists.log_length, &(struct entry){.value = 9})));
    cr_expect(memcmp(&lists, &before, sizeof(lists)) == 0);
}

Test(lists, push_refuses_when_the_length_member_is_exhausted)
{
    static uint8_t many[300];
    uint8_t length = 255;

    cr_expect(not(gs_push(many, &length, &(uint8_t){1})));
    cr_expect(eq(u8, length, 255));
    cr_expect(eq(u8, many[255], 0));
}

Test(lists, a_length_beyond_the_array_is_left_alone)
{
    struct lists lists = {.letters_length = 200};
    const struct lists before = lists;

    cr_expect(not(gs_push(lists.letters, &lists.letters_length, &(uint8_t){1})));
    cr_expect(not(gs_insert(lists.letters, &lists.letters_length, &(uint8_t){1})));
    gs_truncate(lists.letters, &lists.letters_length, 2);
    cr_expect(memcmp(&lists, &before, sizeof(lists)) == 0);
}

Test(lists, insert_gives_the_same_bytes_in_every_order)
{
    static const uint8_t orders[6][3] = {{1, 2, 3}, {1, 3, 2}, {2, 1, 3}, {2, 3, 1}, {3, 1, 2}, {3, 2, 1}};
    const uint8_t expected[5] = {1, 2, 3, 0, 0};

    for (int i = 0; i < 6; i++) {
        struct lists lists = {0};

        for (int k = 0; k < 3; k++)
            cr_expect(gs_insert(lists.letters, &lists.letters_length, &orders[i][k]), "order %d", i);
        cr_expect(memcmp(lists.letters, expected, sizeof(expected)) == 0, "order %d", i);
        cr_expect(eq(u8, lists.letters_length, 3));
    }
}

Test(lists, insert_refuses_what_is_there)
{
    struct lists lists = {0};
    const struct entry entry = {.term = 5, .value = 1};

    cr_expect(gs_insert(lists.log, &lists.log_length, &entry));
    cr_expect(not(gs_insert(lists.log, &lists.log_length, &entry)));
    cr_expect(eq(u32, lists.log_length, 1));
}

Test(lists, insert_refuses_when_full)
{
    struct lists lists = {0}, before;

    for (uint8_t i = 1; i <= 5; i++)
        cr_expect(gs_insert(lists.letters, &lists.letters_length, &i));
    before = lists;
    cr_expect(not(gs_insert(lists.letters, &lists.letters_length, &(uint8_t){0})));
    cr_expect(not(gs_insert(lists.letters, &lists.letters_length, &(uint8_t){3})));
    cr_expect(memcmp(&lists, &before, sizeof(lists)) == 0);
}

Test(lists, contains_looks_only_at_what_counts)
{
    struct lists lists = {.numbers = {4, 5, 6, 7}, .numbers_length = 2};

    cr_expect(gs_contains(lists.numbers, lists.numbers_length, &(uint16_t){5}));
    cr_expect(not(gs_contains(lists.numbers, lists.numbers_length, &(uint16_t){6})));
    cr_expect(not(gs_contains(lists.numbers, 0, &(uint16_t){4})));
}

Test(lists, truncate_zeroes_the_rest)
{
    struct lists lists = {.numbers = {4, 5, 6, 7}, .numbers_length = 4};
    const uint16_t expected[4] = {4, 0, 0, 0};

    gs_truncate(lists.numbers, &lists.numbers_length, 1);
    cr_expect(eq(u16, lists.numbers_length, 1));
    cr_expect(memcmp(lists.numbers, expected, sizeof(expected)) == 0);
}

Test(lists, truncate_to_more_than_there_is_changes_nothing)
{
    struct lists lists = {.numbers = {4, 5}, .numbers_length = 2};
    const struct lists before = lists;

    gs_truncate(lists.numbers, &lists.numbers_length, 2);
    gs_truncate(lists.numbers, &lists.numbers_length, 3);
    cr_expect(memcmp(&lists, &before, sizeof(lists)) == 0);
}

Test(lists, truncate_to_nothing_empties)
{
    struct lists lists = {.numbers = {4, 5}, .numbers_length = 2};
    const struct lists empty = {0};

    gs_truncate(lists.numbers, &lists.numbers_length, 0);
    cr_expect(memcmp(&lists, &empty, sizeof(lists)) == 0);
}

Test(lists, a_length_member_of_eight_bytes_is_misuse, .exit_code = 4)
{
    uint8_t items[2] = {0};
    uint64_t length = 0;

    gs_push(items, &length, &(uint8_t){1});
}
