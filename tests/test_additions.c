/* What a configuration becomes by one message more. */
#include "checker/additions.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

Test(additions, has_nothing_at_first)
{
    cr_expect(eq(u32, additions_get(NULL, 0), ADDITION_ABSENT));
    cr_expect(eq(u32, additions_get_first(NULL, 7, 0), ADDITION_ABSENT));
}

/* Some 200 numbers, far from each other and neighbours. */
static uint32_t message_number(uint32_t i)
{
    return i % 2 ? i * 40503u % 65536 : UINT32_MAX - 1 - i;
}

Test(additions, keeps_all_answers_while_it_grows)
{
    enum { COUNT = 200 };
    struct additions *additions = NULL;
    size_t memory = 0;
    for (uint32_t i = 0; i < COUNT; i++) {
        cr_expect(eq(u32, additions_get(additions, message_number(i)), ADDITION_ABSENT));
        additions = additions_set(additions, message_number(i), 3 * i, NULL, &memory);
        for (uint32_t k = 0; k <= i; k++)
            cr_assert(additions_get(additions, message_number(k)) == 3 * k, "%u of %u", k, i);
    }
    cr_expect(eq(u32, additions->count, COUNT));
    cr_expect(le(u32, additions->count, (additions->mask + 1) / 4 * 3));
    cr_expect(eq(sz, memory, sizeof(struct additions) + (additions->mask + 1) * sizeof(uint64_t)));
    free(additions);
}

Test(additions, answers_rightly_or_not_at_all_at_the_first_place_whatever_mask_it_had)
{
    struct additions *additions = NULL;
    size_t memory = 0;
    unsigned answers = 0;
    for (uint32_t i = 0; i < 40; i++)
        additions = additions_set(additions, message_number(i), i, NULL, &memory);
    for (uint32_t mask = 0; mask <= additions->mask; mask = 2 * mask + 1)
        for (uint32_t i = 0; i < 60; i++) {
            const uint32_t answer = additions_get_first(additions, mask, message_number(i));
            if (answer == ADDITION_ABSENT)
                continue;
            cr_expect(eq(u32, answer, i));
            cr_expect(lt(u32, i, 40));
            answers++;
        }
    cr_expect(ge(uint, answers, 30), "or the first place is good for nothing");
    free(additions);
}

Test(additions, keeps_what_it_outgrows_for_those_who_still_read)
{
    struct retired retired = {0};
    struct additions *additions = NULL;
    size_t memory = 0;
    for (uint32_t i = 0; i < 4; i++)
        additions = additions_set(additions, i, i, &retired, &memory);
    cr_expect(eq(sz, retired.count, 1));
    const struct additions *outgrown = retired.items[0];
    cr_expect(eq(u32, additions_get(outgrown, 2), 2));
    cr_expect(eq(u32, additions_get(outgrown, 3), ADDITION_ABSENT));
    retired_free(&retired);
    free(additions);
}
