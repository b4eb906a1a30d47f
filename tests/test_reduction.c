/* The reduction `ignored`: where it stays on it changes no verdict and no length of a trace, and where it could it is
 * off and the report says why. */
#include <stdlib.h>

#include "tests/checker_sample.h"

/* Counters that poke the next one when they count on from `pokes_at`, and by a jump, which does nothing else, once they
 * are past it. All pokes are equal, and ignored. */
static uint32_t pokes_at;
static bool only_first_counts;

static bool poke_next(struct gs_step *s)
{
    return gs_send(s, gs_node_at(s, COUNTER, (gs_index(s, gs_self(s)) + 1) % gs_count(s, COUNTER)),
                   &(struct counter_message){.type = POKE});
}

static bool poking_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    const struct counter *counter = self;
    if (e->type == POKE || (only_first_counts && gs_index(s, gs_self(s)) != 0))
        return false;
    if (e->type == JUMP)
        return counter->value == pokes_at + 1 && poke_next(s);
    if (e->type == INCREMENT && counter->value == pokes_at)
        poke_next(s);
    return counters.roles[COUNTER].step(s, self, e);
}

static struct gs_model *model;

static void set_up(void)
{
    model = copy_model(&counters);
    model->roles[COUNTER].step = poking_step;
}

TestSuite(reduction, .init = set_up, .timeout = 60);

static void judge(uint8_t kind, uint8_t scope, gs_predicate *holds)
{
    model->properties[COUNTERS_PROPERTIES] =
        (struct gs_property){.name = "added", .kind = kind, .scope = scope, .monitor = LAST, .holds = holds};
}

static uint32_t value_now(struct gs_view *v)
{
    return ((const struct counter *)gs_this(v))->value;
}

static uint32_t value_before(struct gs_view *v)
{
    return ((const struct counter *)gs_before(v))->value;
}

/* The same verdict on `added`, after as many steps, with all reductions and with none; with them, the report says so of
 * them. */
static void expect_the_same_without(const char *reductions, enum gs_verdict verdict, uint64_t steps)
{
    const enum gs_status status = verdict == GS_VERDICT_PROVED ? GS_HOLDS : GS_VIOLATION;
    for (int none = 0; none < 2; none++) {
        struct gs_result result;
        check(model, &(struct gs_config){.no_reductions = none}, status, &result);
        expect_verdict(&result, "added", verdict);
        cr_expect(eq(u64, result_of(&result, "added")->steps, steps));
        expect_text(result.reductions, none ? "none (--no-reductions)" : reductions);
        gs_result_free(&result);
    }
}

#define OFF_FOR_ADDED "none (steps that change nothing matter to added)"

/* ---- Steps that change nothing ---- */

static bool always_moves(struct gs_view *v)
{
    return value_now(v) != value_before(v);
}

Test(reduction, gives_way_to_a_property_that_only_an_ignored_delivery_violates)
{
    struct gs_result result;
    judge(GS_ALWAYS, GS_SCOPE_STEP, always_moves);
    model->events[JUMP].kind = GS_TIMER; /* never set */
    check(model, NULL, GS_VIOLATION, &result);
    expect_verdict(&result, "added", GS_VERDICT_VIOLATED);
    expect_events(&result, "added", "counter1: increment\ncounter1 -> counter0: poke {number 0}\n");
    expect_text(result.reductions, OFF_FOR_ADDED);
    gs_result_free(&result);
    expect_the_same_without(OFF_FOR_ADDED, GS_VERDICT_VIOLATED, 2);
}

static bool does_not_stay_at_one(struct gs_view *v)
{
    return value_now(v) != 1 || value_before(v) != 1;
}

/* The first poke has to be out of the way for the second to be a step: seed 1583 of the random protocols. */
Test(reduction, gives_way_to_a_send_that_a_message_ignored_would_absorb)
{
    struct gs_result result;
    only_first_counts = true;
    judge(GS_ALWAYS, GS_SCOPE_STEP, does_not_stay_at_one);
    check(model, NULL, GS_VIOLATION, &result);
    expect_verdict(&result, "added", GS_VERDICT_VIOLATED);
    expect_events(&result, "added", "counter0: increment\ncounter0 -> counter1: poke {number 0}\ncounter0: jump\n");
    gs_result_free(&result);
    expect_the_same_without(OFF_FOR_ADDED, GS_VERDICT_VIOLATED, 3);
}

static bool if_it_stays_all_is_well(struct gs_view *v)
{
    gs_premise(v, value_now(v) == value_before(v));
    return true;
}

/* The predicate decides nothing: the premise occurs only in steps that the reduction leaves out. */
Test(reduction, gives_way_to_a_property_that_it_would_leave_vacuous)
{
    judge(GS_ALWAYS, GS_SCOPE_STEP, if_it_stays_all_is_well);
    model->events[JUMP].kind = GS_TIMER;
    expect_the_same_without(OFF_FOR_ADDED, GS_VERDICT_PROVED, 0);
}

static bool ignores_all(struct gs_step *s, void *self, const struct gs_event *e)
{
    (void)s;
    (void)self;
    (void)e;
    return false;
}

static bool pokes_the_deaf(struct gs_step *s, void *self, const struct gs_event *e)
{
    if (e->type == INCREMENT && ((const struct counter *)self)->value == 0)
        gs_send(s, gs_node_at(s, 1, 0), &(struct counter_message){.type = POKE});
    return counters.roles[COUNTER].step(s, self, e);
}

/* The scope's role does nothing but ignore its mail. */
Test(reduction, gives_way_to_a_property_whose_scope_it_would_leave_out)
{
    model->roles[1] = model->roles[COUNTER];
    model->roles[1].name = "deaf";
    model->roles[1].step = ignores_all;
    model->roles[1].count = 1;
    model->roles[COUNTER].step = pokes_the_deaf;
    judge(GS_ALWAYS, GS_SCOPE_STEP, if_it_stays_all_is_well);
    model->properties[COUNTERS_PROPERTIES].role = 1;
    expect_the_same_without(OFF_FOR_ADDED, GS_VERDICT_PROVED, 0);
}

static bool stays(struct gs_view *v)
{
    return !always_moves(v);
}

Test(reduction, gives_way_to_a_goal_that_only_an_ignored_delivery_meets)
{
    judge(GS_REACHABLE, GS_SCOPE_STEP, stays);
    model->events[JUMP].kind = GS_TIMER;
    expect_the_same_without(OFF_FOR_ADDED, GS_VERDICT_PROVED, 2);
}

/* ---- Where it stays on ---- */

static bool never_goes_back(struct gs_view *v)
{
    return value_now(v) >= value_before(v);
}

static bool never_tops(struct gs_view *v)
{
    return value_before(v) != 2 || value_now(v) != 3;
}

static bool tops(struct gs_view *v)
{
    return !never_tops(v);
}

static bool is_below_top(struct gs_view *v)
{
    return value_now(v) < 3;
}

Test(reduction, stays_on_for_what_steps_without_effect_cannot_decide)
{
    struct gs_result reduced, full;
    judge(GS_ALWAYS, GS_SCOPE_STEP, never_goes_back);
    expect_the_same_without("ignored", GS_VERDICT_PROVED, 0);
    judge(GS_ALWAYS, GS_SCOPE_STEP, never_tops);
    expect_the_same_without("ignored", GS_VERDICT_VIOLATED, 3);
    judge(GS_REACHABLE, GS_SCOPE_STEP, tops);
    expect_the_same_without("ignored", GS_VERDICT_PROVED, 3);
    judge(GS_ALWAYS, GS_SCOPE_NODE, is_below_top);
    expect_the_same_without("ignored", GS_VERDICT_VIOLATED, 3);
    judge(GS_ALWAYS, GS_SCOPE_STEP, never_goes_back);
    check(model, NULL, GS_HOLDS, &reduced);
    check(model, &(struct gs_config){.no_reductions = true}, GS_HOLDS, &full);
    cr_expect(lt(u64, reduced.states, full.states), "there is something to reduce");
    gs_result_free(&reduced);
    gs_result_free(&full);
}

/* ---- Where it is off from the start ---- */

static bool any(struct gs_view *v)
{
    (void)v;
    return true;
}

static void ignore_step(const struct gs_run *run, void *value, struct gs_view *v)
{
    (void)run;
    (void)value;
    (void)v;
}

static void expect_reductions(const struct gs_config *config, const char *reductions)
{
    struct gs_result result;
    check(model, config, GS_HOLDS, &result);
    expect_text(result.reductions, reductions);
    gs_result_free(&result);
}

Test(reduction, is_off_for_what_sees_mail_or_every_step)
{
    judge(GS_ALWAYS, GS_SCOPE_STEP_ROLE, any);
    expect_the_same_without("none (a property of a step and a role is checked)", GS_VERDICT_PROVED, 0);
    judge(GS_ALWAYS, GS_SCOPE_MESSAGE, any);
    expect_the_same_without("none (a property about messages is checked)", GS_VERDICT_PROVED, 0);
    judge(GS_ALWAYS, GS_SCOPE_MESSAGE_RECEIVER, any);
    expect_the_same_without("none (a property about messages is checked)", GS_VERDICT_PROVED, 0);
    model->events[JUMP].kind = GS_TIMER; /* else nothing is ever quiescent */
    judge(GS_QUIESCENT, GS_SCOPE_NODE, any);
    expect_the_same_without("none (a QUIESCENT property is checked)", GS_VERDICT_PROVED, 0);
    judge(GS_ALWAYS, GS_SCOPE_MONITOR, any);
    expect_the_same_without("ignored", GS_VERDICT_PROVED, 0);
    model->monitors[LAST].stepped = ignore_step;
    expect_the_same_without("none (a monitor is fed by steps)", GS_VERDICT_PROVED, 0);
    expect_reductions(&(struct gs_config){.properties = LIST("in-range")}, "ignored"); /* judged is what counts */
}

Test(reduction, is_only_for_bags)
{
    expect_reductions(NULL, "ignored");
    expect_reductions(&(struct gs_config){.network = GS_SET}, "none");
    expect_reductions(&(struct gs_config){.network = GS_FIFO}, "none");
    expect_reductions(&(struct gs_config){.no_reductions = true}, "none (--no-reductions)");
}
