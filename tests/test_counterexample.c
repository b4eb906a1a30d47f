/* Which trace: fewest steps, then fewest fault events, then the smallest. */
#include "checker/counterexample.h"

#include <stdlib.h>

#include "tests/checker_sample.h"

static uint32_t value_of(struct gs_view *v)
{
    return ((const struct counter *)gs_this(v))->value;
}

static bool is_not_large(struct gs_view *v)
{
    return value_of(v) < 100;
}

/* Counters with a step function and the property "small": value < 100. */
static struct gs_model *counters_with(gs_step_function *step)
{
    struct gs_model *model = copy_model(&counters);
    model->roles[0].step = step;
    struct gs_property *small = add_property(model, "small");
    small->scope = GS_SCOPE_NODE;
    small->holds = is_not_large;
    return model;
}

static void expect_trace(const struct gs_model *model, struct gs_config config, const char *events)
{
    char *texts[2];
    config.properties = LIST("small");
    for (int round = 0; round < 2; round++) {
        struct gs_result result;
        check(model, &config, GS_VIOLATION, &result);
        expect_events(&result, "small", events);
        texts[round] = text_of(result_of(&result, "small")->trace);
        gs_result_free(&result);
    }
    expect_text(texts[0], texts[1]);
    free(texts[0]);
    free(texts[1]);
}

/* ---- Fewest fault events ---- */

/* Without a fault 0, 1, 2, 200; after a crash and a restart 4, 100: as many steps, and the smaller bytes. */
static bool step_past_crash(struct gs_step *s, void *self, const struct gs_event *e)
{
    static const uint32_t next[] = {1, 2, 200, 0, 100};
    struct counter *counter = self;
    (void)s;
    if (e->type == GS_START)
        counter->value = 4;
    else if (e->type != INCREMENT || counter->value > 4)
        return false;
    else
        counter->value = next[counter->value];
    return true;
}

Test(counterexample, has_no_crash_when_as_many_steps_do_without)
{
    expect_trace(counters_with(step_past_crash),
                 (struct gs_config){.preset = "one", .budgets = {.crashes = 1, .restarts = 1}},
                 "counter0: increment\ncounter0: increment\ncounter0: increment\n");
}

Test(counterexample, has_a_fault_when_that_is_shorter)
{
    expect_trace(counters_with(step_past_crash), (struct gs_config){.preset = "one", .budgets = {.reboots = 2}},
                 "reboot counter0\ncounter0: increment\n");
}

/* Counter 0 reaches 100 by itself in two steps, or after a fault to counter 1, which then tells it so. */
static bool step_past_loss(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct counter *counter = self;
    const bool is_first = gs_index(s, gs_self(s)) == 0;
    switch (e->type) {
    case POKE:
        counter->value += 10;
        return true;
    case INCREMENT:
        if (!is_first || counter->value)
            return false;
        counter->value = 1;
        return gs_send(s, gs_node_at(s, COUNTER, 1), &(struct counter_message){.type = POKE});
    }
    return false;
}

static bool is_poked_once_at_most(struct gs_view *v)
{
    return value_of(v) < 10 || value_of(v) == 11;
}

Test(counterexample, prefers_a_delivery_to_a_duplicate)
{
    struct gs_model *model = counters_with(step_past_loss);
    model->properties[COUNTERS_PROPERTIES].holds = is_poked_once_at_most;
    expect_trace(model, (struct gs_config){.budgets = {.duplicates = 1, .drops = 1}},
                 "counter0: increment\ncounter0 -> counter1: poke {number 0}\n");
}

/* A timer's budget is no fault event: of two ways in one step the smaller state decides. */
static bool step_by_timer(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct counter *counter = self;
    if (e->type == GS_START)
        return gs_set_timer(s, ALARM, 0);
    if (counter->value)
        return false;
    if (e->type != INCREMENT && e->type != ALARM)
        return false;
    counter->value = e->type == ALARM ? 100 : 101;
    return true;
}

Test(counterexample, does_not_count_timers_as_faults)
{
    struct gs_model *model = counters_with(step_by_timer);
    model->roles[0].starts = true;
    expect_trace(model, (struct gs_config){.preset = "one", .budgets = {.timeouts = 3}},
                 "start counter0\ncounter0: timer alarm\n");
}

/* ---- The smallest ---- */

static bool step_by_number(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct counter *counter = self;
    (void)s;
    if (e->type != PICK || counter->value)
        return false;
    counter->value = 100 + (uint32_t)(e->arguments[0] * 7 % 5);
    return true;
}

Test(counterexample, ends_in_the_smallest_state)
{
    struct gs_config config = {.preset = "one", .settings = LIST("largest=4")};
    expect_trace(counters_with(step_by_number), config, "counter0: pick {number 3}\n");
    config.preset = "quick";
    expect_trace(counters_with(step_by_number), config, "counter1: pick {number 3}\n");
}

static bool step_by_any_number(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct counter *counter = self;
    (void)s;
    if (e->type != PICK || counter->value)
        return false;
    counter->value = e->arguments[0] < 3 ? 1 : 100;
    return true;
}

Test(counterexample, takes_the_smallest_event)
{
    expect_trace(counters_with(step_by_any_number), (struct gs_config){.preset = "one", .settings = LIST("largest=9")},
                 "counter0: pick {number 3}\n");
}

static bool all_are_small(struct gs_view *v)
{
    for (GS_EACH(node, gs_nodes(v, COUNTER)))
        if (!((const struct counter *)gs_state(v, node))->value)
            return true;
    return gs_explain(v, "all count");
}

/* Any order leads to (1, 1, 1): the smallest predecessor has 0 at the first counter, and so on back. */
Test(counterexample, comes_from_the_smallest_predecessor)
{
    struct gs_model *model = counters_with(counters.roles[0].step);
    model->properties[COUNTERS_PROPERTIES].scope = GS_SCOPE_ALL_NODES;
    model->properties[COUNTERS_PROPERTIES].holds = all_are_small;
    expect_trace(model, (struct gs_config){.settings = LIST("counters=3", "top=2")},
                 "counter2: increment\ncounter1: increment\ncounter0: increment\n");
}

/* ---- START ---- */

static bool step_from_choices(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct counter *counter = self;
    if (e->type == GS_START) {
        counter->value = gs_choose(s, 3);
        return true;
    }
    if (e->type != INCREMENT || counter->value != 2)
        return false;
    counter->value = 100;
    return true;
}

Test(counterexample, begins_with_the_choices_of_its_initial_state)
{
    struct gs_model *model = counters_with(step_from_choices);
    model->roles[0].starts = true;
    expect_trace(model, (struct gs_config){0},
                 "start counter0 choosing 0\nstart counter1 choosing 2\ncounter1: increment\n");
}

static bool is_not_two(struct gs_view *v)
{
    return value_of(v) != 2 || gs_explain(v, "%s starts with two", gs_name(v, gs_this_node(v)));
}

Test(counterexample, has_no_step_when_an_initial_state_violates)
{
    struct gs_result result;
    struct gs_model *model = counters_with(step_from_choices);
    model->roles[0].starts = true;
    model->properties[COUNTERS_PROPERTIES].holds = is_not_two;
    expect_trace(model, (struct gs_config){0}, "start counter0 choosing 0\nstart counter1 choosing 2\n");
    check(model, NULL, GS_VIOLATION, &result);
    expect_space(&result, 9, 0, 0);
    cr_expect(eq(u64, result_of(&result, "small")->steps, 0));
    expect_reason(&result, "small", "counter1 starts with two");
    expect_verdict(&result, "in-range", GS_VERDICT_BOUNDED);
    gs_result_free(&result);
}

/* ---- Witnesses ---- */

Test(counterexample, shows_a_shortest_way_to_every_goal_when_asked)
{
    struct gs_result result;
    check(&counters, &(struct gs_config){.witnesses = true}, GS_HOLDS, &result);
    expect_events(&result, "topped", "counter1: increment\ncounter1: increment\ncounter1: increment\n");
    cr_expect(eq(u64, gs_trace_steps(result_of(&result, "topped")->trace), 3));
    cr_expect(result_of(&result, "in-range")->trace == NULL);
    cr_expect(result_of(&result, "well-behaved")->trace == NULL);
    gs_result_free(&result);
    check(&counters, NULL, GS_HOLDS, &result);
    cr_expect(result_of(&result, "topped")->trace == NULL, "not asked for");
    cr_expect(eq(u64, result_of(&result, "topped")->steps, 3));
    gs_result_free(&result);
}

Test(counterexample, shows_a_goal_of_the_initial_state)
{
    struct gs_result result;
    check(&counters, &(struct gs_config){.settings = LIST("top=0"), .witnesses = true}, GS_HOLDS, &result);
    expect_events(&result, "topped", "");
    cr_expect(eq(u64, result_of(&result, "topped")->steps, 0));
    gs_result_free(&result);
}

/* The keys of its states have 384 bits, in as many layouts as nodes or more. */
Test(counterexample, goes_back_over_levels_of_many_layouts)
{
    struct gs_result result;
    check(&tokens, &(struct gs_config){.settings = LIST("holders=64", "numbers=61"), .witnesses = true}, GS_HOLDS,
          &result);
    const struct trace *trace = result_of(&result, "last-picks-most")->trace;
    cr_assert(trace != NULL);
    cr_expect(eq(u64, gs_trace_steps(trace), 3 * 63 + 1));
    char *events = events_of(trace);
    expect_text(strrchr(events, ':'), ": choose {number 61}\n");
    cr_expect(strncmp(events, "holder0: choose {number 1}\nholder0: pass\n", 41) == 0, "%.60s", events);
    free(events);
    gs_result_free(&result);
}
