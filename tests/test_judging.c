/* Judging: every scope, kinds, monitors, and that each value is judged once and none is missed. */
#include "checker/judging.h"

#include "tests/checker_sample.h"

static struct gs_model *model;
static struct gs_property *added;

/* Counters with one more property, "added". */
static void set_up(void)
{
    model = copy_model(&counters);
    added = add_property(model, "added");
}

TestSuite(judging, .init = set_up);

static uint32_t value_at(struct gs_view *v, gs_node node)
{
    return ((const struct counter *)gs_state(v, node))->value;
}

static void declare(uint8_t kind, uint8_t scope, gs_predicate *holds)
{
    added->kind = kind;
    added->scope = scope;
    added->holds = holds;
}

static void expect_judged(const struct gs_config *config, enum gs_verdict verdict, uint64_t judged, uint64_t steps)
{
    struct gs_result result;
    const bool is_violation =
        verdict == GS_VERDICT_VIOLATED || verdict == GS_VERDICT_UNREACHED || verdict == GS_VERDICT_VACUOUS;
    check(model, config, is_violation ? GS_VIOLATION : GS_HOLDS, &result);
    expect_verdict(&result, "added", verdict);
    cr_expect(eq(u64, result_of(&result, "added")->judged, judged), "judged");
    cr_expect(eq(u64, result_of(&result, "added")->steps, steps), "steps");
    if (verdict == GS_VERDICT_VIOLATED)
        cr_expect(eq(u64, gs_trace_steps(result_of(&result, "added")->trace), steps));
    else
        cr_expect(result_of(&result, "added")->trace == NULL);
    gs_result_free(&result);
}

/* ---- States ---- */

static bool any(struct gs_view *v)
{
    (void)v;
    return true;
}

static bool sums_to_five(struct gs_view *v)
{
    uint32_t sum = 0;
    for (GS_EACH(node, gs_nodes(v, COUNTER)))
        sum += value_at(v, node);
    return sum == 5;
}

static bool does_not_sum_to_five(struct gs_view *v)
{
    return !sums_to_five(v);
}

Test(judging, sees_a_node)
{
    declare(GS_ALWAYS, GS_SCOPE_NODE, any);
    expect_judged(NULL, GS_VERDICT_PROVED, 2 * 4, 0);
    expect_judged(&(struct gs_config){.settings = LIST("counters=5")}, GS_VERDICT_PROVED, 5 * 4, 0);
}

Test(judging, sees_all_nodes_and_the_nodes_of_a_role)
{
    for (int role = 0; role < 2; role++) {
        const uint8_t scope = role ? GS_SCOPE_ROLE : GS_SCOPE_ALL_NODES;
        declare(GS_ALWAYS, scope, any);
        expect_judged(NULL, GS_VERDICT_PROVED, 16, 0);
        declare(GS_ALWAYS, scope, does_not_sum_to_five);
        expect_judged(&(struct gs_config){.keep_going = true}, GS_VERDICT_VIOLATED, 16, 5);
        declare(GS_REACHABLE, scope, sums_to_five);
        expect_judged(NULL, GS_VERDICT_PROVED, 16, 5);
    }
}

static bool is_not_unequal_pair(struct gs_view *v)
{
    return !(value_at(v, gs_this_node(v)) == 1 && value_at(v, gs_that_node(v)) == 3) ||
           gs_explain(v, "%s and %s", gs_name(v, gs_this_node(v)), gs_name(v, gs_that_node(v)));
}

Test(judging, sees_ordered_pairs)
{
    declare(GS_ALWAYS, GS_SCOPE_PAIR, any);
    expect_judged(NULL, GS_VERDICT_PROVED, 2 * 16, 0);
    expect_judged(&(struct gs_config){.settings = LIST("counters=4")}, GS_VERDICT_PROVED, 12 * 16, 0);
    declare(GS_ALWAYS, GS_SCOPE_PAIR, is_not_unequal_pair);
    expect_judged(&(struct gs_config){.keep_going = true}, GS_VERDICT_VIOLATED, 2 * 16, 4);
}

static bool is_not_far_pair(struct gs_view *v)
{
    return value_at(v, gs_this_node(v)) != 70 || value_at(v, gs_that_node(v)) != 90;
}

static bool is_not_mixed_pair(struct gs_view *v)
{
    return value_at(v, gs_this_node(v)) != 70 || value_at(v, gs_that_node(v)) != 3;
}

/* The first 64 local states of a node have a short way of their own. */
Test(judging, sees_pairs_of_many_local_states)
{
    const struct gs_config config = {.settings = LIST("top=100"), .keep_going = true};
    declare(GS_ALWAYS, GS_SCOPE_PAIR, any);
    expect_judged(&config, GS_VERDICT_PROVED, 2 * 101 * 101, 0);
    declare(GS_ALWAYS, GS_SCOPE_PAIR, is_not_far_pair);
    expect_judged(&config, GS_VERDICT_VIOLATED, 2 * 101 * 101, 160);
    declare(GS_ALWAYS, GS_SCOPE_PAIR, is_not_mixed_pair);
    expect_judged(&config, GS_VERDICT_VIOLATED, 2 * 101 * 101, 73);
}

/* ---- Messages ---- */

static bool step_and_tell(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct counter *counter = self;
    if (e->type == POKE)
        return true;
    if (e->type != INCREMENT || counter->value == 3)
        return false;
    counter->value++;
    return gs_broadcast(s, COUNTER, &(struct counter_message){.type = POKE, .number = (uint8_t)counter->value});
}

static bool is_no_three(struct gs_view *v)
{
    return ((const struct counter_message *)gs_message(v))->number != 3 ||
           gs_explain(v, "%s tells %s", gs_name(v, gs_sender(v)), gs_name(v, gs_receiver(v)));
}

static bool is_not_three_to_two(struct gs_view *v)
{
    return ((const struct counter_message *)gs_message(v))->number != 3 || value_at(v, gs_receiver(v)) != 2;
}

Test(judging, sees_messages_in_flight)
{
    model->roles[0].step = step_and_tell;
    declare(GS_ALWAYS, GS_SCOPE_MESSAGE, any);
    expect_judged(NULL, GS_VERDICT_PROVED, 2 * 3, 0);
    expect_judged(&(struct gs_config){.network = GS_FIFO}, GS_VERDICT_PROVED, 2 * 3, 0);
    declare(GS_ALWAYS, GS_SCOPE_MESSAGE, is_no_three);
    expect_judged(&(struct gs_config){.keep_going = true}, GS_VERDICT_VIOLATED, 2 * 3, 3);
    expect_judged(&(struct gs_config){.keep_going = true, .network = GS_FIFO}, GS_VERDICT_VIOLATED, 2 * 3, 3);
    declare(GS_ALWAYS, GS_SCOPE_MESSAGE_RECEIVER, any);
    expect_judged(NULL, GS_VERDICT_PROVED, 2 * 3 * 4, 0);
    declare(GS_ALWAYS, GS_SCOPE_MESSAGE_RECEIVER, is_not_three_to_two);
    expect_judged(&(struct gs_config){.keep_going = true}, GS_VERDICT_VIOLATED, 2 * 3 * 4, 5);
}

/* ---- Steps ---- */

static bool step_round(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct counter *counter = self;
    (void)s;
    if (e->type != INCREMENT)
        return false;
    counter->value = (counter->value + 1) % 4;
    return true;
}

static bool never_decreases(struct gs_view *v)
{
    const struct counter *before = gs_before(v), *after = gs_this(v);
    return before->value <= after->value || gs_explain(v, "from %u to %u", before->value, after->value);
}

/* The step that violates leads back to the initial state, which is not new. */
Test(judging, sees_steps_to_states_known_before)
{
    struct gs_result result;
    model->roles[0].step = step_round;
    declare(GS_ALWAYS, GS_SCOPE_STEP, never_decreases);
    check(model, &(struct gs_config){.preset = "one"}, GS_VIOLATION, &result);
    expect_space(&result, 4, 4, 3);
    cr_expect(eq(u64, result_of(&result, "added")->steps, 4));
    expect_reason(&result, "added", "from 3 to 0");
    expect_verdict(&result, "in-range", GS_VERDICT_PROVED);
    gs_result_free(&result);
    expect_judged(&(struct gs_config){.keep_going = true}, GS_VERDICT_VIOLATED, 2 * 4, 4);
    declare(GS_ALWAYS, GS_SCOPE_STEP, any);
    expect_judged(NULL, GS_VERDICT_PROVED, 2 * 4, 0);
}

static bool others_are_less(struct gs_view *v)
{
    uint32_t most = 0;
    for (GS_EACH(node, gs_nodes(v, COUNTER)))
        if (!gs_same(node, gs_this_node(v)) && value_at(v, node) > most)
            most = value_at(v, node);
    return ((const struct counter *)gs_before(v))->value != 2 || most < 3;
}

Test(judging, sees_steps_beside_other_nodes)
{
    declare(GS_ALWAYS, GS_SCOPE_STEP_ROLE, any);
    expect_judged(NULL, GS_VERDICT_PROVED, 24, 0);
    declare(GS_ALWAYS, GS_SCOPE_STEP_ROLE, others_are_less);
    expect_judged(&(struct gs_config){.keep_going = true}, GS_VERDICT_VIOLATED, 24, 6);
}

static bool wraps(struct gs_view *v)
{
    return !never_decreases(v);
}

Test(judging, meets_goals_by_steps)
{
    model->roles[0].step = step_round;
    declare(GS_REACHABLE, GS_SCOPE_STEP, wraps);
    expect_judged(NULL, GS_VERDICT_PROVED, 2 * 4, 4);
    declare(GS_REACHABLE, GS_SCOPE_STEP, never_decreases);
    expect_judged(NULL, GS_VERDICT_PROVED, 2 * 4, 1);
}

static bool was_up_or_is(struct gs_view *v)
{
    return gs_was_up(v) || gs_is_up(v, gs_this_node(v));
}

static bool stays_up(struct gs_view *v)
{
    return !gs_was_up(v) || gs_is_up(v, gs_this_node(v));
}

static bool step_and_survive(struct gs_step *s, void *self, const struct gs_event *e)
{
    return e->type == GS_START || counters.roles[0].step(s, self, e);
}

Test(judging, sees_crashes_as_steps)
{
    model->roles[0].step = step_and_survive;
    const struct gs_config config = {.budgets = {.crashes = 1, .restarts = 1}, .keep_going = true};
    declare(GS_ALWAYS, GS_SCOPE_STEP, was_up_or_is);
    expect_judged(&config, GS_VERDICT_PROVED, 2 * (3 + 4 + 1), 0);
    declare(GS_ALWAYS, GS_SCOPE_STEP, stays_up);
    expect_judged(&config, GS_VERDICT_VIOLATED, 2 * (3 + 4 + 1), 1);
}

/* ---- Quiescent states ---- */

static bool sums_to_six(struct gs_view *v)
{
    return value_at(v, gs_node_at(v, COUNTER, 0)) + value_at(v, gs_node_at(v, COUNTER, 1)) == 6;
}

Test(judging, sees_states_in_which_nothing_happens_any_more)
{
    declare(GS_QUIESCENT, GS_SCOPE_ALL_NODES, sums_to_six);
    expect_judged(NULL, GS_VERDICT_PROVED, 1, 0);
    declare(GS_QUIESCENT, GS_SCOPE_ALL_NODES, sums_to_five);
    expect_judged(NULL, GS_VERDICT_VIOLATED, 1, 6);
    declare(GS_QUIESCENT, GS_SCOPE_NODE, any);
    expect_judged(NULL, GS_VERDICT_PROVED, 2, 0);
    declare(GS_QUIESCENT, GS_SCOPE_PAIR, any);
    expect_judged(NULL, GS_VERDICT_PROVED, 2, 0);
}

static bool is_below_three(const struct gs_run *run, gs_node self, const void *state)
{
    (void)run;
    (void)self;
    return ((const struct counter *)state)->value < 3;
}

Test(judging, takes_no_state_for_quiescent_that_goes_on_or_was_cut)
{
    declare(GS_QUIESCENT, GS_SCOPE_ALL_NODES, any);
    model->roles[0].within = is_below_three;
    model->roles[0].within_text = "value < 3";
    expect_judged(&(struct gs_config){.allow = LIST("topped")}, GS_VERDICT_VACUOUS, 0, 0);
    model->roles[0].within = NULL;
    model->roles[0].within_text = NULL;
    model->roles[0].step = step_round;
    expect_judged(NULL, GS_VERDICT_VACUOUS, 0, 0);
}

static bool step_on_alarm(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct counter *counter = self;
    if (e->type == GS_START)
        return gs_set_timer(s, ALARM, 0);
    if (e->type != ALARM)
        return false;
    counter->value++;
    return counter->value == 3 || gs_set_timer(s, ALARM, 0);
}

Test(judging, takes_no_state_for_quiescent_whose_timers_only_lack_budget)
{
    model->roles[0].step = step_on_alarm;
    model->roles[0].starts = true;
    declare(GS_QUIESCENT, GS_SCOPE_ALL_NODES, sums_to_six);
    expect_judged(NULL, GS_VERDICT_PROVED, 1, 0);
    expect_judged(&(struct gs_config){.budgets = {.timeouts = 6}}, GS_VERDICT_PROVED, 1, 0);
    expect_judged(&(struct gs_config){.budgets = {.timeouts = 5}}, GS_VERDICT_VACUOUS, 0, 0);
}

static bool step_once_told(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct counter *counter = self;
    if (e->type == POKE)
        counter->value = 3;
    else if (e->type != INCREMENT || gs_index(s, gs_self(s)) || counter->value)
        return false;
    else
        counter->value = 3;
    return e->type == POKE || gs_broadcast(s, COUNTER, &(struct counter_message){.type = POKE});
}

Test(judging, takes_no_state_for_quiescent_while_a_link_is_cut)
{
    const struct gs_budgets cuts = {.partitions = 1}, losses = {.drops = 1};
    model->roles[0].step = step_once_told;
    declare(GS_QUIESCENT, GS_SCOPE_ALL_NODES, sums_to_six);
    expect_judged(&(struct gs_config){.budgets = cuts}, GS_VERDICT_PROVED, 1, 0);
    expect_judged(&(struct gs_config){.budgets = cuts, .network = GS_SET}, GS_VERDICT_PROVED, 1, 0);
    expect_judged(&(struct gs_config){.budgets = losses}, GS_VERDICT_VIOLATED, 2, 2);
}

/* ---- Monitors ---- */

static bool last_is_any(struct gs_view *v)
{
    return gs_premise(v, !gs_is_nobody(((const struct counted *)gs_monitor_value(v))->by));
}

static bool last_is_not_second(struct gs_view *v)
{
    return !gs_same(((const struct counted *)gs_monitor_value(v))->by, gs_node_at(v, COUNTER, 1));
}

Test(judging, makes_a_monitor_part_of_the_state_only_if_it_is_judged)
{
    struct gs_result result;
    declare(GS_REACHABLE, GS_SCOPE_MONITOR, last_is_any);
    check(model, NULL, GS_HOLDS, &result);
    expect_space(&result, 25, 36, 6);
    cr_expect(eq(u64, result_of(&result, "added")->judged, 3));
    cr_expect(eq(u64, result_of(&result, "added")->steps, 1));
    gs_result_free(&result);
    check(model, &(struct gs_config){.properties = LIST("in-range", "topped")}, GS_HOLDS, &result);
    expect_space(&result, 16, 24, 6);
    gs_result_free(&result);
    check(model, &(struct gs_config){.ignore_goals = true}, GS_HOLDS, &result);
    expect_space(&result, 16, 24, 6);
    gs_result_free(&result);
}

static bool last_has_counted(struct gs_view *v)
{
    const gs_node by = ((const struct counted *)gs_monitor_value(v))->by;
    return !gs_same(by, gs_this_node(v)) || ((const struct counter *)gs_this(v))->value < 3;
}

Test(judging, sees_a_monitor_alone_and_with_a_node)
{
    declare(GS_ALWAYS, GS_SCOPE_MONITOR, last_is_not_second);
    expect_judged(&(struct gs_config){.keep_going = true}, GS_VERDICT_VIOLATED, 3, 1);
    /* Nobody with 0; each with the values it can have since, of the one and the other node. */
    declare(GS_ALWAYS, GS_SCOPE_MONITOR_NODE, last_has_counted);
    expect_judged(&(struct gs_config){.keep_going = true}, GS_VERDICT_VIOLATED, 2 + 2 * (3 + 4), 3);
}

static void init_with_second(const struct gs_run *run, void *value)
{
    ((struct counted *)value)->by = gs_node_at(run, COUNTER, 1);
}

Test(judging, starts_a_monitor_as_its_init_says)
{
    model->monitors[LAST].init = init_with_second;
    declare(GS_ALWAYS, GS_SCOPE_MONITOR, last_is_not_second);
    expect_judged(NULL, GS_VERDICT_VIOLATED, 1, 0);
}

static void note_step(const struct gs_run *run, void *value, struct gs_view *v)
{
    (void)run;
    ((struct counted *)value)->by = gs_this_node(v);
}

Test(judging, feeds_steps_to_a_monitor)
{
    struct gs_result result;
    model->monitors[LAST].announced = NULL;
    model->monitors[LAST].stepped = note_step;
    declare(GS_REACHABLE, GS_SCOPE_MONITOR, last_is_any);
    check(model, NULL, GS_HOLDS, &result);
    expect_space(&result, 25, 36, 6);
    expect_text(result.reductions, "none (a monitor is fed by steps)");
    gs_result_free(&result);
}

static void refuse_second(const struct gs_run *run, void *value, gs_node by, int announcement, const void *announced)
{
    (void)value;
    (void)announcement;
    (void)announced;
    gs_assert(run, gs_run_index(run, by) == 0);
}

Test(judging, finds_a_monitor_that_fails)
{
    struct gs_result result;
    model->monitors[LAST].announced = refuse_second;
    declare(GS_REACHABLE, GS_SCOPE_MONITOR, last_is_any);
    check(model, &(struct gs_config){.ignore_goals = true}, GS_HOLDS, &result);
    gs_result_free(&result);
    added->kind = GS_ALWAYS;
    added->holds = any;
    check(model, NULL, GS_VIOLATION, &result);
    expect_events(&result, "well-behaved", "counter1: increment\n");
    cr_expect(strstr(result_of(&result, "well-behaved")->reason, "gs_run_index(run, by) == 0") != NULL);
    gs_result_free(&result);
}
