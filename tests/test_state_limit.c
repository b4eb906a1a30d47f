/* --max-states in large levels, of which only a part is met. */
#include "tests/checker_sample.h"

/* 91 levels of three counters have 129,766 states, the next one 4,278. */
Test(state_limit, keeps_the_same_states_of_a_large_level_on_any_number_of_threads)
{
    static const uint64_t limits[] = {129765, 129766, 129767, 129800, 131000, 133000, 134043, 134044};
    for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++) {
        struct gs_result one, three;
        struct gs_config config = {.settings = LIST("counters=3", "top=99"), .max_states = limits[i], .growth = true};
        config.threads = 1;
        check(&counters, &config, GS_INCOMPLETE, &one);
        config.threads = 3;
        config.threads_from = 1;
        check(&counters, &config, GS_INCOMPLETE, &three);
        cr_expect(eq(u64, one.states, limits[i]));
        cr_expect(eq(u64, three.states, limits[i]));
        /* Three increments of each state of the levels that lead to those kept. */
        const uint64_t explored = limits[i] < 129766 ? 125580 : limits[i] < 134044 ? 129766 : 134044;
        cr_expect(eq(u64, one.transitions, 3 * explored));
        cr_expect(eq(u64, three.transitions, 3 * explored));
        cr_assert(eq(sz, one.growth.part_count, three.growth.part_count));
        for (size_t p = 0; p < one.growth.part_count; p++)
            cr_expect(memcmp(one.growth.parts[p].values, three.growth.parts[p].values,
                             sizeof(one.growth.parts[p].values)) == 0);
        gs_result_free(&one);
        gs_result_free(&three);
    }
}

/* Picks a number up to 100, and forgets all of it but whether it is odd: 103 values. */
static bool pick_and_forget(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct counter *counter = self;
    (void)s;
    switch (e->type) {
    case PICK:
        if (counter->value)
            return false;
        counter->value = (uint32_t)e->arguments[0];
        return true;
    case INCREMENT:
        if (!counter->value || counter->value > 100)
            return false;
        counter->value = 200 + counter->value % 2;
        return true;
    }
    return false;
}

/* 200 states, then 10,004, and then 400 where half a million is expected, of which little has room. */
Test(state_limit, looks_at_a_level_again_if_it_leads_to_less_than_was_expected)
{
    struct gs_result result;
    struct gs_model *model = copy_model(&counters);
    model->roles[COUNTER].step = pick_and_forget;
    struct gs_config config = {
        .settings = LIST("counters=2", "largest=100", "top=1000"), .ignore_goals = true, .threads_from = 1};
    for (config.threads = 1; config.threads <= 2; config.threads++) {
        config.max_states = 103 * 103;
        check(model, &config, GS_HOLDS, &result);
        expect_space(&result, 103 * 103, 2 * 103 * 200, 4);
        gs_result_free(&result);
        config.max_states = 103 * 103 - 5; /* one less than there is up to depth 3 */
        check(model, &config, GS_INCOMPLETE, &result);
        expect_space(&result, 103 * 103 - 5, 2 * 103 * 200 - 400, 3);
        gs_result_free(&result);
    }
}
