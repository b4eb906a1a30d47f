/* gs_check at the edge: bad input by one line, misbehaving handlers as findings, audit, results that can be freed. */
#include "checker/check.h"

#include <signal.h>
#include <stdlib.h>

#include "tests/checker_sample.h"

static struct gs_model *model;

static void set_up(void)
{
    model = copy_model(&counters);
}

TestSuite(check, .init = set_up);

/* ---- Bad input ---- */

Test(check, refuses_names_that_do_not_exist)
{
    expect_refused(model, &(struct gs_config){.properties = LIST("in-range", "in-rage")},
                   "--property in-rage: counters has no such property (see: gainsay describe counters)");
    expect_refused(model, &(struct gs_config){.allow = LIST("toped")},
                   "--allow toped: counters has no such property (see: gainsay describe counters)");
    expect_refused(model, &(struct gs_config){.preset = "slow"},
                   "--preset slow: counters has no such preset (see: gainsay describe counters)");
    expect_refused(model, &(struct gs_config){.mutants = LIST("one-too-far", "two-too-far")},
                   "--mutant two-too-far: counters has no such mutant (see: gainsay describe counters)");
    expect_refused(model, &(struct gs_config){.settings = LIST("bottom=1")},
                   "--set bottom=1: counters has no option 'bottom' (see: gainsay describe counters)");
}

Test(check, refuses_values_out_of_range)
{
    expect_refused(model, &(struct gs_config){.settings = LIST("counters=65")},
                   "--set counters=65: counters is a number from 0 to 64");
    expect_refused(model, &(struct gs_config){.settings = LIST("top")}, "--set top: expected NAME=VALUE");
    expect_refused(model, &(struct gs_config){.settings = LIST("counters=0")},
                   "counters: the options leave no nodes at all");
    expect_refused(model, &(struct gs_config){.copies = -1}, "--copies -1: a number from 1 to 1000");
    expect_refused(model, &(struct gs_config){.capacity = 1001}, "--capacity 1001: a number from 1 to 1000");
    expect_refused(model, &(struct gs_config){.budgets = {.crashes = -2}},
                   "--crashes -2: a budget is a number from 0 to 1000000");
    expect_refused(model, &(struct gs_config){.budgets = {.drops = 1}, .network = GS_SET},
                   "--drops 1: has no meaning on network set, where a sent message stays deliverable for ever; leave "
                   "it out or choose --network bag or fifo");
    expect_refused(model, &(struct gs_config){.settings = LIST("counters=17"), .budgets = {.partitions = 1}},
                   "--partitions 1: 17 nodes can split in too many ways (at most 16 nodes)");
}

Test(check, refuses_a_model_that_is_not_sound)
{
    model->roles[0].step = NULL;
    expect_refused(model, NULL, "model counters: role counter has no step function: set step");
}

static bool fail_run(const struct gs_run *run)
{
    gs_assert(run, gs_option(run, TOP) == 7);
    return true;
}

Test(check, refuses_a_property_whose_needs_fails)
{
    struct gs_result result;
    model->properties[IN_RANGE].needs = fail_run;
    model->properties[IN_RANGE].needs_text = "luck";
    check(model, NULL, GS_BAD_INPUT, &result);
    cr_expect(strncmp(result.error, "counters: property in-range, in needs: gs_assert(gs_option(run, TOP) == 7) failed",
                      80) == 0,
              "%s", result.error);
    cr_expect(strchr(result.error, '\n') == NULL);
    gs_result_free(&result);
    check(model, &(struct gs_config){.settings = LIST("top=7")}, GS_HOLDS, &result);
    gs_result_free(&result);
}

static bool reads_the_other(struct gs_view *v)
{
    return ((const struct counter *)gs_this(v))->value < 2 || gs_state(v, gs_node_at(v, COUNTER, 1)) != NULL;
}

Test(check, refuses_a_predicate_that_reads_outside_its_scope)
{
    model->properties[IN_RANGE].holds = reads_the_other;
    expect_refused(model, NULL,
                   "counters: property in-range: it reads the state of counter1, which is outside its scope");
}

static void fail_init(const struct gs_run *run, gs_node self, void *state)
{
    (void)state;
    gs_assert(run, gs_index(run, self) == 0);
}

static void expect_refused_with(const struct gs_config *config, const char *part)
{
    struct gs_result result;
    check(model, config, GS_BAD_INPUT, &result);
    cr_expect(strstr(result.error, part) != NULL, "got: %s", result.error);
    cr_expect(strchr(result.error, '\n') == NULL);
    cr_expect(eq(sz, result.property_count, 0));
    gs_result_free(&result);
}

Test(check, refuses_an_init_that_fails)
{
    model->roles[0].init = fail_init;
    expect_refused_with(NULL, "gs_assert(gs_index(run, self) == 0) failed at ");
}

static void fail_monitor_init(const struct gs_run *run, void *value)
{
    (void)run;
    ((struct counted *)value)->by = (gs_node){200};
}

static bool any(struct gs_view *v)
{
    (void)v;
    return true;
}

Test(check, refuses_a_monitor_whose_init_leaves_no_value)
{
    struct gs_property *added = add_property(model, "added");
    *added = (struct gs_property){.name = "added", .scope = GS_SCOPE_MONITOR, .monitor = LAST, .holds = any};
    model->monitors[LAST].init = fail_monitor_init;
    expect_refused_with(NULL, "counters: monitor last: ");
}

static unsigned fail_host(const struct gs_run *run, gs_node node)
{
    gs_assert(run, gs_is_nobody(node));
    return 0;
}

static bool fail_splits(const struct gs_run *run, gs_node_set side)
{
    gs_assert(run, gs_set_is_empty(side));
    return true;
}

Test(check, refuses_hosts_and_splits_that_fail)
{
    model->host = fail_host;
    expect_refused_with(NULL, "counters: its function host fails: gs_assert(gs_is_nobody(node)) failed");
    model->host = NULL;
    model->splits = fail_splits;
    expect_refused_with(&(struct gs_config){.budgets = {.partitions = 1}},
                        "counters: its function splits fails: gs_assert(gs_set_is_empty(side)) failed");
}

/* ---- Misbehaving handlers ---- */

static void expect_misbehaviour(const struct gs_config *config, const char *reason, const char *events)
{
    struct gs_result result;
    check(model, config, GS_VIOLATION, &result);
    expect_verdict(&result, "well-behaved", GS_VERDICT_VIOLATED);
    const char *got = result_of(&result, "well-behaved")->reason;
    cr_expect(strncmp(got, reason, strlen(reason)) == 0, "got: %s\nexpected: %s", got, reason);
    expect_events(&result, "well-behaved", events);
    gs_result_free(&result);
}

static bool fail_within(const struct gs_run *run, gs_node self, const void *state)
{
    (void)self;
    gs_assert(run, ((const struct counter *)state)->value < 2);
    return true;
}

Test(check, finds_a_bound_that_fails)
{
    struct gs_result result;
    model->roles[0].within = fail_within;
    model->roles[0].within_text = "value < 2";
    check(model, &(struct gs_config){.preset = "one"}, GS_VIOLATION, &result);
    expect_events(&result, "well-behaved", "counter0: increment\ncounter0: increment\n");
    gs_result_free(&result);
}

static int deadly_signal;

/* Dies as deadly_signal says when it counts to two; 0: never returns. */
static bool step_and_die(struct gs_step *s, void *self, const struct gs_event *e)
{
    const struct counter *counter = self;
    if (e->type == INCREMENT && counter->value == 1) {
        if (deadly_signal)
            raise(deadly_signal);
        for (volatile bool forever = true; forever;)
            continue;
    }
    return counters.roles[0].step(s, self, e);
}

Test(check, finds_handlers_that_crash)
{
    static const struct {
        int number;
        const char *reason;
    } signals[] = {
        {SIGSEGV, "counter0, on increment: SIGSEGV: it used memory that is not its own"},
        {SIGBUS, "counter0, on increment: SIGBUS: it used memory that is not its own"},
        {SIGFPE, "counter0, on increment: SIGFPE: it divided by zero or overflowed"},
        {SIGILL, "counter0, on increment: SIGILL: it ran an illegal instruction"},
        {SIGABRT, "counter0, on increment: SIGABRT: it called abort or failed an assert"},
    };
    model->roles[0].step = step_and_die;
    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        deadly_signal = signals[i].number;
        expect_misbehaviour(&(struct gs_config){.settings = LIST("counters=1"), .catch_signals = true},
                            signals[i].reason, "counter0: increment\ncounter0: increment\n");
    }
}

Test(check, finds_a_handler_that_does_not_return)
{
    model->roles[0].step = step_and_die;
    deadly_signal = 0;
    expect_misbehaviour(&(struct gs_config){.settings = LIST("counters=1"), .catch_signals = true},
                        "counter0, on increment: it did not return (stopped by the watchdog)",
                        "counter0: increment\ncounter0: increment\n");
}

Test(check, leaves_a_crash_alone_unless_asked, .signal = SIGABRT)
{
    struct gs_result result;
    model->roles[0].step = step_and_die;
    deadly_signal = SIGABRT;
    check(model, NULL, GS_VIOLATION, &result);
}

static bool predicate_that_dies(struct gs_view *v)
{
    if (((const struct counter *)gs_this(v))->value == 2)
        raise(SIGFPE);
    return true;
}

Test(check, refuses_a_predicate_that_crashes)
{
    model->properties[IN_RANGE].holds = predicate_that_dies;
    expect_refused(model, &(struct gs_config){.catch_signals = true},
                   "counters: property in-range: SIGFPE: it divided by zero or overflowed");
}

static bool step_from_bad_start(struct gs_step *s, void *self, const struct gs_event *e)
{
    if (e->type != GS_START)
        return counters.roles[0].step(s, self, e);
    const unsigned drawn = gs_choose(s, 3);
    gs_assert(s, gs_index(s, gs_self(s)) == 0 || drawn != 1);
    return true;
}

Test(check, finds_a_start_that_misbehaves)
{
    struct gs_result result;
    model->roles[0].step = step_from_bad_start;
    model->roles[0].starts = true;
    expect_misbehaviour(NULL, "counter1, on START: gs_assert(gs_index(s, gs_self(s)) == 0 || drawn != 1) failed at ",
                        "start counter0 choosing 0\nstart counter1 choosing 1\n");
    check(model, NULL, GS_VIOLATION, &result);
    cr_expect(eq(u64, result_of(&result, "well-behaved")->steps, 0));
    expect_space(&result, 1, 0, 0);
    expect_verdict(&result, "in-range", GS_VERDICT_BOUNDED);
    gs_result_free(&result);
    check(model, &(struct gs_config){.keep_going = true}, GS_VIOLATION, &result);
    expect_space(&result, 16, 24, 6);
    gs_result_free(&result);
}

static bool step_unhandled(struct gs_step *s, void *self, const struct gs_event *e)
{
    if (e->type == INCREMENT && ((const struct counter *)self)->value == 1)
        return gs_unhandled(s, e);
    return counters.roles[0].step(s, self, e);
}

static bool step_changes_refusing(struct gs_step *s, void *self, const struct gs_event *e)
{
    counters.roles[0].step(s, self, e);
    return ((const struct counter *)self)->value < 2;
}

Test(check, finds_handlers_that_break_the_rules)
{
    const struct gs_config config = {.preset = "one"};
    model->roles[0].step = step_unhandled;
    expect_misbehaviour(&config, "counter0, on increment: it does not handle increment: ",
                        "counter0: increment\ncounter0: increment\n");
    model->roles[0].step = step_changes_refusing;
    expect_misbehaviour(&config, "counter0, on increment: it returned false, but changed value",
                        "counter0: increment\ncounter0: increment\n");
}

/* ---- Audit ---- */

static bool later;

static bool topped_later(struct gs_view *v)
{
    later |= ((const struct counter *)gs_this(v))->value == 3;
    return true;
}

static bool step_that_turns(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct counter *counter = self;
    if (later && e->type == INCREMENT && counter->value == 0)
        counter->value++;
    return counters.roles[0].step(s, self, e);
}

Test(check, finds_handlers_that_turn_nondeterministic_when_audited)
{
    struct gs_result result;
    model->roles[0].step = step_that_turns;
    model->properties[IN_RANGE].holds = topped_later;
    check(model, &(struct gs_config){.preset = "one"}, GS_HOLDS, &result);
    gs_result_free(&result);
    later = false;
    check(model, &(struct gs_config){.preset = "one", .audit = true}, GS_VIOLATION, &result);
    expect_verdict(&result, "well-behaved", GS_VERDICT_VIOLATED);
    expect_reason(&result, "well-behaved",
                  "nondeterministic handler: counter0, on increment: run again at the end (--audit), it does something "
                  "else");
    for (size_t p = 0; p < result.property_count; p++) /* such a handler has proved nothing; a goal it met is met */
        cr_expect(result.properties[p].verdict != GS_VERDICT_PROVED ||
                      result.properties[p].property->kind == GS_REACHABLE,
                  "%s", result.properties[p].name);
    cr_expect(not(result.complete));
    gs_result_free(&result);
    check(&counters, &(struct gs_config){.audit = true}, GS_HOLDS, &result);
    expect_space(&result, 16, 24, 6);
    gs_result_free(&result);
}

/* ---- Results ---- */

Test(check, fills_in_the_numbers)
{
    struct gs_result result;
    check(model, &(struct gs_config){.settings = LIST("counters=3")}, GS_HOLDS, &result);
    cr_expect(result.run != NULL);
    cr_expect(eq(sz, result.property_count, 3));
    cr_expect(eq(u64, result.local_states, 3 * 4));
    cr_expect(eq(u64, result.inboxes, 3));
    cr_expect(eq(u64, result.local_configurations, 3 * 4));
    cr_expect(eq(u64, result.key_bits, 3 * 2));
    cr_expect(eq(u64, result.handler_calls, 2 * 3 * 4 * 2), "increment and jump, each twice");
    cr_expect(eq(u64, result.reactions, 3 * 4 * 2));
    cr_expect(eq(u64, result.bytes_per_state, result.memory_bytes / 64));
    cr_expect(gt(u64, result.peak_rss_bytes, 0));
    expect_text(result.stopped, "");
    expect_text(result.error, "");
    gs_result_free(&result);
}

static const struct gs_extension extra = {
    .protocol = "counters",
    .properties = {{.name = "extra", .scope = GS_SCOPE_NODE, .holds = any}},
};

Test(check, judges_properties_from_outside)
{
    struct gs_result result;
    const struct gs_extension *const extensions[] = {&extra, NULL};
    check(model, &(struct gs_config){.extensions = extensions}, GS_HOLDS, &result);
    expect_verdict(&result, "extra", GS_VERDICT_PROVED);
    cr_expect(eq(u64, result_of(&result, "extra")->judged, 8));
    gs_result_free(&result);
    expect_refused(&tokens, &(struct gs_config){.extensions = extensions},
                   "properties for tokens: these are properties for protocol 'counters': set protocol to 'tokens', or "
                   "give them with it");
}
