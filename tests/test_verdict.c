/* Verdicts: never more than the search has shown, and what --allow, --strict and --keep-going make of them. */
#include "checker/verdict.h"

#include "tests/checker_sample.h"

static struct gs_model *model;
static struct gs_property *added;

static void set_up(void)
{
    model = copy_model(&counters);
    added = add_property(model, "added");
    added->scope = GS_SCOPE_NODE;
}

TestSuite(verdict, .init = set_up);

static uint32_t value_of(struct gs_view *v)
{
    return ((const struct counter *)gs_this(v))->value;
}

static bool is_zero(struct gs_view *v)
{
    return value_of(v) == 0 || gs_explain(v, "%s has counted", gs_name(v, gs_this_node(v)));
}

static bool is_fifty(struct gs_view *v)
{
    return value_of(v) == 50;
}

static bool fifty_is_even(struct gs_view *v)
{
    return !gs_premise(v, value_of(v) == 50) || value_of(v) % 2 == 0;
}

static bool three_is_odd(struct gs_view *v)
{
    return !gs_premise(v, value_of(v) == 3) || value_of(v) % 2 == 1;
}

Test(verdict, has_a_name_for_each)
{
    expect_text(gs_verdict_names[GS_VERDICT_NOT_CHECKED], "not checked");
    expect_text(gs_verdict_names[GS_VERDICT_PROVED], "proved");
    expect_text(gs_verdict_names[GS_VERDICT_BOUNDED], "bounded");
    expect_text(gs_verdict_names[GS_VERDICT_SAMPLED], "sampled");
    expect_text(gs_verdict_names[GS_VERDICT_VIOLATED], "violated");
    expect_text(gs_verdict_names[GS_VERDICT_UNREACHED], "unreached");
    expect_text(gs_verdict_names[GS_VERDICT_VACUOUS], "vacuous");
}

/* ---- Goals and empty claims ---- */

Test(verdict, calls_a_goal_never_met_unreached)
{
    struct gs_result result;
    added->kind = GS_REACHABLE;
    added->holds = is_fifty;
    check(model, NULL, GS_VIOLATION, &result);
    expect_verdict(&result, "added", GS_VERDICT_UNREACHED);
    expect_reason(&result, "added", "the complete search never met it");
    cr_expect(result.complete);
    gs_result_free(&result);
    check(model, &(struct gs_config){.allow = LIST("added")}, GS_HOLDS, &result);
    expect_verdict(&result, "added", GS_VERDICT_UNREACHED);
    cr_expect(result_of(&result, "added")->allowed);
    cr_expect(not(result_of(&result, "topped")->allowed));
    gs_result_free(&result);
    check(model, &(struct gs_config){.max_states = 15}, GS_INCOMPLETE, &result);
    expect_verdict(&result, "added", GS_VERDICT_BOUNDED);
    expect_verdict(&result, "topped", GS_VERDICT_PROVED);
    gs_result_free(&result);
}

Test(verdict, does_not_check_goals_when_told_to_ignore_them)
{
    struct gs_result result;
    added->kind = GS_REACHABLE;
    added->holds = is_fifty;
    check(model, &(struct gs_config){.ignore_goals = true}, GS_HOLDS, &result);
    expect_verdict(&result, "added", GS_VERDICT_NOT_CHECKED);
    expect_reason(&result, "added", "goals are not judged in this run");
    cr_expect(eq(u64, result_of(&result, "added")->judged, 0));
    expect_verdict(&result, "in-range", GS_VERDICT_PROVED);
    gs_result_free(&result);
}

Test(verdict, calls_a_claim_vacuous_whose_premise_never_occurs)
{
    struct gs_result result;
    added->holds = fifty_is_even;
    check(model, NULL, GS_VIOLATION, &result);
    expect_verdict(&result, "added", GS_VERDICT_VACUOUS);
    expect_reason(&result, "added", "its premise never occurred");
    gs_result_free(&result);
    check(model, &(struct gs_config){.allow = LIST("added")}, GS_HOLDS, &result);
    gs_result_free(&result);
    check(model, &(struct gs_config){.max_states = 15}, GS_INCOMPLETE, &result);
    expect_verdict(&result, "added", GS_VERDICT_BOUNDED);
    gs_result_free(&result);
    added->holds = three_is_odd;
    check(model, NULL, GS_HOLDS, &result);
    expect_verdict(&result, "added", GS_VERDICT_PROVED);
    gs_result_free(&result);
}

Test(verdict, calls_a_claim_vacuous_whose_scope_never_occurs)
{
    struct gs_result result;
    added->scope = GS_SCOPE_MESSAGE;
    added->holds = is_zero; /* never called: it would read outside its scope */
    check(model, NULL, GS_VIOLATION, &result);
    expect_verdict(&result, "added", GS_VERDICT_VACUOUS);
    expect_reason(&result, "added", "its scope never occurred");
    gs_result_free(&result);
    added->scope = GS_SCOPE_PAIR;
    check(model, &(struct gs_config){.preset = "one"}, GS_VIOLATION, &result);
    expect_verdict(&result, "added", GS_VERDICT_VACUOUS);
    gs_result_free(&result);
}

/* ---- Which are judged ---- */

Test(verdict, judges_only_the_properties_asked_for)
{
    struct gs_result result;
    added->holds = is_zero;
    check(model, &(struct gs_config){.properties = LIST("in-range")}, GS_HOLDS, &result);
    expect_space(&result, 16, 24, 6);
    expect_verdict(&result, "in-range", GS_VERDICT_PROVED);
    expect_verdict(&result, "added", GS_VERDICT_NOT_CHECKED);
    expect_reason(&result, "added", "not asked for");
    expect_verdict(&result, "topped", GS_VERDICT_NOT_CHECKED);
    expect_verdict(&result, "well-behaved", GS_VERDICT_PROVED);
    gs_result_free(&result);
    check(model, &(struct gs_config){.properties = LIST("well-behaved")}, GS_HOLDS, &result);
    expect_verdict(&result, "in-range", GS_VERDICT_NOT_CHECKED);
    gs_result_free(&result);
    check(model, &(struct gs_config){.properties = LIST("topped", "added")}, GS_VIOLATION, &result);
    expect_verdict(&result, "topped", GS_VERDICT_BOUNDED);
    expect_verdict(&result, "in-range", GS_VERDICT_NOT_CHECKED);
    gs_result_free(&result);
}

static bool has_five_or_more(const struct gs_run *run)
{
    return gs_option(run, TOP) >= 5;
}

Test(verdict, says_what_a_property_needs_that_the_run_does_not_grant)
{
    struct gs_result result;
    added->holds = is_zero;
    added->needs = has_five_or_more;
    added->needs_text = "top >= 5";
    check(model, NULL, GS_HOLDS, &result);
    expect_verdict(&result, "added", GS_VERDICT_NOT_CHECKED);
    expect_reason(&result, "added", "needs top >= 5");
    gs_result_free(&result);
    check(model, &(struct gs_config){.settings = LIST("top=5")}, GS_VIOLATION, &result);
    expect_verdict(&result, "added", GS_VERDICT_VIOLATED);
    gs_result_free(&result);
}

/* ---- Violations ---- */

Test(verdict, stops_behind_the_level_of_the_first_violation)
{
    struct gs_result result;
    added->holds = is_zero;
    check(model, &(struct gs_config){.mutants = LIST("one-too-far")}, GS_VIOLATION, &result);
    expect_space(&result, 3, 2, 1);
    expect_text(result.stopped, "a violation");
    expect_verdict(&result, "added", GS_VERDICT_VIOLATED);
    expect_reason(&result, "added", "counter1 has counted");
    expect_verdict(&result, "in-range", GS_VERDICT_BOUNDED);
    expect_reason(&result, "in-range", "stopped by a violation");
    expect_verdict(&result, "topped", GS_VERDICT_BOUNDED);
    gs_result_free(&result);
}

Test(verdict, decides_every_property_when_it_keeps_going)
{
    struct gs_result result;
    added->holds = is_zero;
    check(model, &(struct gs_config){.mutants = LIST("one-too-far"), .keep_going = true}, GS_VIOLATION, &result);
    expect_space(&result, 25, 40, 8);
    cr_expect(result.complete);
    expect_events(&result, "added", "counter1: increment\n");
    expect_reason(&result, "added", "counter1 has counted");
    expect_events(&result, "in-range",
                  "counter1: increment\ncounter1: increment\ncounter1: increment\ncounter1: increment\n");
    expect_reason(&result, "in-range", "counter1 is 4");
    expect_verdict(&result, "topped", GS_VERDICT_PROVED);
    expect_verdict(&result, "well-behaved", GS_VERDICT_PROVED);
    gs_result_free(&result);
}

Test(verdict, gives_all_properties_of_one_level_their_traces)
{
    struct gs_result result;
    added->holds = is_zero;
    struct gs_property *other = add_property(model, "other");
    other->scope = GS_SCOPE_NODE;
    other->holds = is_zero;
    check(model, NULL, GS_VIOLATION, &result);
    expect_events(&result, "added", "counter1: increment\n");
    expect_events(&result, "other", "counter1: increment\n");
    cr_expect(result_of(&result, "added")->trace != result_of(&result, "other")->trace);
    gs_result_free(&result);
}

Test(verdict, goes_on_past_violations_that_are_allowed)
{
    struct gs_result result;
    added->holds = is_zero;
    check(model, &(struct gs_config){.allow = LIST("added")}, GS_HOLDS, &result);
    expect_space(&result, 16, 24, 6);
    expect_verdict(&result, "added", GS_VERDICT_VIOLATED);
    expect_events(&result, "added", "counter1: increment\n");
    gs_result_free(&result);
    check(model, &(struct gs_config){.allow = LIST("added"), .mutants = LIST("one-too-far")}, GS_VIOLATION, &result);
    expect_space(&result, 3 + 3 + 4 + 5, 2 + 4 + 6 + 8, 4);
    expect_verdict(&result, "in-range", GS_VERDICT_VIOLATED);
    gs_result_free(&result);
}

/* ---- What bounds cut ---- */

static bool is_at_most_one(const struct gs_run *run, gs_node self, const void *state)
{
    (void)run;
    (void)self;
    return ((const struct counter *)state)->value <= 1;
}

Test(verdict, is_incomplete_when_strict_and_within_cut_something)
{
    struct gs_result result;
    model->roles[0].within = is_at_most_one;
    model->roles[0].within_text = "value <= 1";
    added->holds = three_is_odd;
    const struct gs_config config = {.properties = LIST("in-range")};
    struct gs_config strict = config;
    strict.strict = true;
    check(model, &config, GS_HOLDS, &result);
    expect_space(&result, 4, 4, 2);
    cr_expect(eq(sz, result.cut_count, 1));
    cr_expect(eq(u64, cut_by(&result, "value <= 1"), 4));
    expect_verdict(&result, "in-range", GS_VERDICT_PROVED);
    gs_result_free(&result);
    check(model, &strict, GS_INCOMPLETE, &result);
    gs_result_free(&result);
    strict.properties = LIST("topped");
    check(model, &strict, GS_VIOLATION, &result);
    gs_result_free(&result);
}

/* Each poke is a copy of the one before, while that is in flight. */
static bool step_and_poke(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct counter *counter = self;
    if (e->type != INCREMENT || counter->value == 3)
        return false;
    counter->value++;
    return gs_broadcast(s, COUNTER, &(struct counter_message){.type = POKE});
}

Test(verdict, is_incomplete_when_strict_and_copies_were_absorbed)
{
    struct gs_result result;
    model->roles[0].step = step_and_poke;
    added->holds = three_is_odd;
    check(model, NULL, GS_HOLDS, &result);
    expect_space(&result, 16, 24, 6);
    expect_text(result.reductions, "ignored");
    cr_expect(eq(u64, result.absorbed, 16), "but for the first of each, in 4 states each");
    gs_result_free(&result);
    check(model, &(struct gs_config){.strict = true}, GS_INCOMPLETE, &result);
    gs_result_free(&result);
    check(model, &(struct gs_config){.strict = true, .copies = 3}, GS_HOLDS, &result);
    cr_expect(eq(u64, result.absorbed, 0));
    gs_result_free(&result);
}

Test(verdict, names_the_capacity_that_cut)
{
    struct gs_result result;
    model->roles[0].step = step_and_poke;
    added->holds = is_zero;
    const struct gs_config config = {.network = GS_FIFO, .capacity = 2, .allow = LIST("added", "topped")};
    check(model, &config, GS_HOLDS, &result);
    cr_expect(gt(u64, cut_by(&result, "capacity <= 2"), 0));
    expect_text(result.reductions, "none");
    gs_result_free(&result);
}

static bool step_and_survive(struct gs_step *s, void *self, const struct gs_event *e)
{
    return e->type == GS_START || counters.roles[0].step(s, self, e);
}

Test(verdict, names_the_budget_that_cut)
{
    struct gs_result result;
    model->roles[0].step = step_and_survive;
    added->holds = three_is_odd;
    check(model, &(struct gs_config){.preset = "one", .budgets = {.reboots = 2}}, GS_HOLDS, &result);
    expect_space(&result, 3 * 4, 3 * 3 + 2 * 4, 2 + 3 + 0);
    cr_expect(eq(u64, cut_by(&result, "reboots <= 2"), 4));
    cr_expect(eq(u64, taken(&result, "reboot"), 2 * 4));
    cr_expect(eq(u64, taken(&result, "increment"), 3 * 3));
    gs_result_free(&result);
}

Test(verdict, says_why_a_reduction_is_off)
{
    struct gs_result result;
    added->holds = is_zero;
    added->kind = GS_QUIESCENT;
    check(model, &(struct gs_config){.allow = LIST("added")}, GS_HOLDS, &result);
    expect_text(result.reductions, "none (a QUIESCENT property is checked)");
    gs_result_free(&result);
    check(model, &(struct gs_config){.properties = LIST("in-range")}, GS_HOLDS, &result);
    expect_text(result.reductions, "ignored");
    gs_result_free(&result);
    check(model, &(struct gs_config){.properties = LIST("in-range"), .no_reductions = true}, GS_HOLDS, &result);
    expect_text(result.reductions, "none (--no-reductions)");
    gs_result_free(&result);
    check(model, &(struct gs_config){.properties = LIST("in-range"), .network = GS_SET}, GS_HOLDS, &result);
    expect_text(result.reductions, "none");
    gs_result_free(&result);
}
