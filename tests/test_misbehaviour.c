/* Protocol code that breaks a rule, wherever it runs: a finding, or bad input in one line, never a wrong verdict and
 * never an internal error. Each test is of something that reviewers found. */
#include <signal.h>

#include "core/guard.h"
#include "tests/checker_sample.h"
#include "traces/trace.h"

#define text_of format_text /* the sample's is another */
#include "tests/run_program.h"
#undef text_of

#define FAULTY __attribute__((noinline, no_sanitize("address", "undefined")))

/* What the test does on `acts_on`; of INCREMENT only at value 1. */
struct moment {
    struct gs_step *s;
    struct counter *counter;
    const struct gs_event *e;
};
static bool (*act)(const struct moment *m);
static uint8_t acts_on;
static uint32_t sends; /* a counter that counts on from less than this pokes the next one, which ignores that */

static void poke_next(struct gs_step *s)
{
    gs_send(s, gs_node_at(s, COUNTER, (gs_index(s, gs_self(s)) + 1) % gs_count(s, COUNTER)),
            &(struct counter_message){.type = POKE});
}

static bool acting_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct counter *counter = self;
    if (act && e->type == acts_on && (acts_on != INCREMENT || counter->value == 1))
        return act(&(struct moment){s, counter, e});
    if (e->type != INCREMENT)
        return false;
    if (counter->value < sends)
        poke_next(s);
    return counters.roles[COUNTER].step(s, self, e);
}

static struct gs_model *model;
static unsigned calls; /* for code that remembers */

static void set_up(void)
{
    model = copy_model(&counters);
    model->roles[COUNTER].step = acting_step;
    acts_on = INCREMENT;
}

TestSuite(misbehaviour, .init = set_up, .timeout = 60);

static bool any(struct gs_view *v)
{
    (void)v;
    return true;
}

static void set_bound(bool (*within)(const struct gs_run *run, gs_node self, const void *state))
{
    model->roles[COUNTER].within = within;
    model->roles[COUNTER].within_text = within ? "a bound" : NULL;
}

static void judge_more(uint8_t scope, gs_predicate *holds)
{
    model->properties[COUNTERS_PROPERTIES] =
        (struct gs_property){.name = "added", .scope = scope, .monitor = LAST, .holds = holds};
}

static void expect_clean_line(const char *text)
{
    for (const char *c = text; *c; c++)
        if (*c < ' ' || *c > '~')
            cr_fatal("byte %d in: %s", *c, text);
}

/* "well-behaved" is violated after so many steps, the explanation holds `part`, the trace replays. */
static void expect_finding(const struct gs_config *config, const char *part, uint64_t steps)
{
    struct gs_result result;
    struct replay replay;
    check(model, config, GS_VIOLATION, &result);
    expect_verdict(&result, "well-behaved", GS_VERDICT_VIOLATED);
    const struct gs_property_result *behaviour = result_of(&result, "well-behaved");
    EXPECT_IN(behaviour->reason, part);
    expect_clean_line(behaviour->reason);
    cr_expect(eq(u64, behaviour->steps, steps));
    cr_assert(behaviour->trace != NULL);
    guard_catch();
    trace_replay(behaviour->trace, NULL, NULL, &replay);
    guard_release();
    cr_expect(replay.end == REPLAY_VIOLATED, "%s", replay.reason);
    gs_result_free(&result);
}

/* All is as if nobody had tried anything. */
static void expect_undisturbed(const struct gs_config *config)
{
    struct gs_result result;
    check(model, config, GS_HOLDS, &result);
    expect_space(&result, 16, 24, 6);
    expect_verdict(&result, "in-range", GS_VERDICT_PROVED);
    gs_result_free(&result);
}

/* ---- Who may look, but not touch ---- */

static void spoil(const void *seen)
{
    ((struct counter *)(uintptr_t)seen)->value = 77;
}

static bool spoils_this(struct gs_view *v)
{
    spoil(gs_this(v));
    return true;
}

static bool spoils_before(struct gs_view *v)
{
    spoil(gs_before(v));
    return true;
}

static bool spoils_value(struct gs_view *v)
{
    ((struct counted *)(uintptr_t)gs_monitor_value(v))->by = gs_node_at(v, COUNTER, 1);
    return true;
}

Test(misbehaviour, a_predicate_that_writes_to_what_it_sees_is_refused)
{
    static const struct {
        uint8_t scope;
        gs_predicate *holds;
    } spoilers[] = {{GS_SCOPE_NODE, spoils_this},
                    {GS_SCOPE_STEP, spoils_this},
                    {GS_SCOPE_STEP, spoils_before},
                    {GS_SCOPE_MONITOR, spoils_value}};
    for (size_t i = 0; i < sizeof(spoilers) / sizeof(*spoilers); i++) {
        judge_more(spoilers[i].scope, spoilers[i].holds);
        expect_refused(model, NULL, "counters: property added: it changed the state that it looks at");
    }
}

static bool spoiling_within(const struct gs_run *run, gs_node self, const void *state)
{
    (void)run;
    (void)self;
    spoil(state);
    return true;
}

static void spoiling_stepped(const struct gs_run *run, void *value, struct gs_view *v)
{
    (void)run;
    (void)value;
    spoil(gs_this(v));
    spoil(gs_before(v));
}

Test(misbehaviour, a_bound_or_a_monitor_that_writes_to_what_it_sees_changes_nothing)
{
    set_bound(spoiling_within);
    expect_undisturbed(NULL);
    set_bound(NULL);
    model->monitors[LAST].announced = NULL;
    model->monitors[LAST].stepped = spoiling_stepped;
    judge_more(GS_SCOPE_MONITOR, any);
    expect_undisturbed(NULL);
}

static FAULTY void init_past_its_struct(const struct gs_run *run, gs_node self, void *state)
{
    (void)run;
    (void)self;
    ((struct counter *)state)[1].value = 7;
}

static void init_that_remembers(const struct gs_run *run, gs_node self, void *state)
{
    (void)run;
    (void)self;
    ((struct counter *)state)->value = calls++ % 2;
}

Test(misbehaviour, an_init_is_held_to_the_rules_of_handlers)
{
    model->roles[COUNTER].init = init_past_its_struct;
    expect_refused(model, NULL, "counters: counter0, in init: it wrote outside its state struct");
    model->roles[COUNTER].init = init_that_remembers;
    expect_refused(model, NULL, "counters: counter0, in init: run twice, it gives two different states");
}

static FAULTY void announced_past_its_value(const struct gs_run *run, void *value, gs_node by, int announcement,
                                            const void *announced)
{
    counters.monitors[LAST].announced(run, (struct counted *)value + 1, by, announcement, announced);
}

static void announced_that_remembers(const struct gs_run *run, void *value, gs_node by, int announcement,
                                     const void *announced)
{
    if (calls++ % 2)
        counters.monitors[LAST].announced(run, value, by, announcement, announced);
}

Test(misbehaviour, a_monitor_is_held_to_the_rules_of_handlers)
{
    judge_more(GS_SCOPE_MONITOR, any);
    model->monitors[LAST].announced = announced_past_its_value;
    expect_finding(NULL, "monitor last: it wrote outside its value", 1);
    model->monitors[LAST].announced = announced_that_remembers;
    expect_finding(NULL, "monitor last: nondeterministic", 1);
}

/* ---- Handlers ---- */

static FAULTY bool writes_past_its_message(const struct moment *m)
{
    ((struct counter_message *)(uintptr_t)m->e->message)[1].type = 7;
    return true;
}

static bool writes_to_its_message(const struct moment *m)
{
    ((struct counter_message *)(uintptr_t)m->e->message)->number = 7;
    return true;
}

Test(misbehaviour, a_handler_that_writes_to_its_message_is_found)
{
    acts_on = POKE;
    sends = 1;
    act = writes_past_its_message;
    expect_finding(NULL, "on poke: it wrote outside its state struct", 2);
    act = writes_to_its_message;
    expect_finding(NULL, "on poke: it wrote outside its state struct", 2);
}

static bool announces_much(const struct moment *m)
{
    for (int i = 0; i < 2 * GS_SENDS_MAX; i++) /* endless would be no different, but for whoever breaks this */
        gs_announce(m->s, COUNTED, &(struct counted){gs_self(m->s)});
    return true;
}

Test(misbehaviour, a_handler_that_announces_without_end_is_found)
{
    act = announces_much;
    expect_finding(NULL, "it announces more than 1024 times in one step", 2);
}

/* What an address has that the same bytes elsewhere have not. */
static uint32_t place_of(const volatile void *address)
{
    return (uint32_t)((uintptr_t)address >> 4);
}

static bool looks_where_its_state_is(const struct moment *m)
{
    m->counter->value = place_of(m->counter);
    return true;
}

static FAULTY bool looks_where_its_stack_is(const struct moment *m)
{
    volatile char here = 0;
    m->counter->value = place_of(&here);
    return true;
}

static bool defers_at_times(const struct moment *m)
{
    return calls++ % 2 && gs_defer(m->s);
}

static bool draws_at_times_more(const struct moment *m)
{
    gs_choose(m->s, 2 + calls++ % 2);
    return true;
}

#define DIFFERS_IN "nondeterministic handler: run twice on the same state and event, it differs in "

Test(misbehaviour, handlers_that_are_nondeterministic_are_found_and_told_in_what)
{
    act = looks_where_its_state_is;
    expect_finding(NULL, DIFFERS_IN "value", 2);
    act = looks_where_its_stack_is;
    expect_finding(NULL, DIFFERS_IN "value", 2);
    act = draws_at_times_more;
    expect_finding(NULL, DIFFERS_IN "its choices", 2);
    acts_on = POKE;
    act = defers_at_times;
    sends = 1;
    expect_finding(NULL, DIFFERS_IN "whether it defers the message", 2);
}

static bool traps(const struct moment *m)
{
    (void)m;
    raise(SIGTRAP);
    return true;
}

Test(misbehaviour, a_trap_is_found)
{
    act = traps;
    expect_finding(&(struct gs_config){.catch_signals = true}, "on increment: SIGTRAP: it ran into a trap", 2);
}

static unsigned draws;

static bool draws_often(const struct moment *m)
{
    for (unsigned i = 0; i < draws; i++)
        gs_choose(m->s, 1);
    return true;
}

static unsigned same_host(const struct gs_run *run, gs_node node)
{
    (void)run;
    (void)node;
    return 0;
}

Test(misbehaviour, nodes_of_a_host_that_draw_too_much_together_are_found)
{
    const struct gs_config config = {.budgets = {.reboots = 1}};
    struct gs_result result;
    model->host = same_host;
    acts_on = GS_START;
    act = draws_often;
    draws = GS_CHOICES_MAX / 2;
    check(model, &config, GS_HOLDS, &result);
    gs_result_free(&result);
    draws++;
    expect_finding(&config, "counter1: the nodes of its host draw too many choices together", 1);
}

static uint32_t bound_fails_at;
static bool failing_within(const struct gs_run *run, gs_node self, const void *state)
{
    (void)self;
    gs_assert(run, ((const struct counter *)state)->value != bound_fails_at);
    return true;
}

Test(misbehaviour, a_bound_that_fails_is_found_even_where_a_channel_overflows)
{
    bound_fails_at = 2;
    set_bound(failing_within);
    sends = 2;
    expect_finding(&(struct gs_config){.network = GS_FIFO, .capacity = 1},
                   "the predicate within of role counter: gs_assert(", 2);
}

/* ---- Text ---- */

static bool fails_in_many_lines(const struct moment *m)
{
    gs_failed(GS_RUN(m->s), "one\ntwo\tthree\x1b[31m\x7f\xc3\xa9", "file.c", 7);
    return true;
}

static bool explains_in_many_lines(struct gs_view *v)
{
    return gs_explain(v, "one\ntwo\r\x01 %s", "\xe2\x82\xac");
}

Test(misbehaviour, what_protocol_code_says_is_one_clean_line)
{
    struct gs_result result;
    model->properties[IN_RANGE].holds = explains_in_many_lines;
    check(model, NULL, GS_VIOLATION, &result);
    EXPECT_IN(result_of(&result, "in-range")->reason, "one two   \?\?\?");
    expect_clean_line(result_of(&result, "in-range")->reason);
    gs_result_free(&result);
    model->properties[IN_RANGE].holds = any;
    act = fails_in_many_lines;
    expect_finding(NULL, "gs_assert(one two three [31m\?\?\?) failed at file.c:7", 2);
}

/* ---- Audit ---- */

static bool is_late; /* someone has counted to the top */

static bool notes_the_time(struct gs_view *v)
{
    is_late |= ((const struct counter *)gs_this(v))->value == 3;
    return true;
}

static bool changes_its_mind(const struct moment *m)
{
    m->counter->value = is_late;
    return true;
}

Test(misbehaviour, an_audit_runs_every_start_again)
{
    static const struct gs_config configs[] = {{.audit = true}, {.audit = true, .budgets = {.reboots = 1}}};
    static const char *const events[] = {"counter1, on start", "on reboot"};
    model->properties[IN_RANGE].holds = notes_the_time;
    acts_on = GS_START;
    act = changes_its_mind;
    for (int i = 0; i < 2; i++) {
        struct gs_result result;
        is_late = false;
        model->roles[COUNTER].starts = i == 0;
        check(model, &configs[i], GS_VIOLATION, &result);
        EXPECT_IN(result_of(&result, "well-behaved")->reason, "nondeterministic handler: ");
        EXPECT_IN(result_of(&result, "well-behaved")->reason, events[i]);
        gs_result_free(&result);
    }
}

static bool ticks_out_of_bounds(struct gs_step *s, void *self, const struct gs_event *e)
{
    if (e->type == GS_START)
        return gs_set_timer(s, ALARM, 0);
    if (e->type != ALARM)
        return acting_step(s, self, e);
    ((struct counter *)self)->value = 9;
    return true;
}

/* Here no budget lets the timers fire, so that a branch was run whose failure is nobody's finding. */
Test(misbehaviour, an_audit_does_not_take_a_failed_bound_for_nondeterminism)
{
    model->roles[COUNTER].step = ticks_out_of_bounds;
    bound_fails_at = 9;
    set_bound(failing_within);
    model->roles[COUNTER].starts = true;
    expect_undisturbed(&(struct gs_config){.audit = true, .budgets = {.timeouts = GS_NONE}});
}

/* ---- What is left of the search ---- */

static bool fails(const struct moment *m)
{
    gs_failed(GS_RUN(m->s), "never", __FILE__, __LINE__);
    return true;
}

static void expect_bounded(const struct gs_config *config, enum gs_status status)
{
    struct gs_result result;
    check(model, config, status, &result);
    expect_verdict(&result, "well-behaved", GS_VERDICT_VIOLATED);
    expect_verdict(&result, "in-range", GS_VERDICT_BOUNDED);
    expect_verdict(&result, "topped", GS_VERDICT_BOUNDED);
    cr_expect(not(result.complete));
    gs_result_free(&result);
}

Test(misbehaviour, leaves_the_search_incomplete)
{
    act = fails;
    expect_bounded(&(struct gs_config){.keep_going = true}, GS_VIOLATION);
    expect_bounded(&(struct gs_config){.allow = LIST("well-behaved")}, GS_INCOMPLETE);
}

Test(misbehaviour, of_every_start_leaves_nothing_proved)
{
    act = fails;
    acts_on = GS_START;
    model->roles[COUNTER].starts = true;
    expect_bounded(NULL, GS_VIOLATION);
    expect_bounded(&(struct gs_config){.keep_going = true}, GS_VIOLATION);
    expect_bounded(&(struct gs_config){.allow = LIST("well-behaved")}, GS_INCOMPLETE);
}

static bool fails_but_for_the_first(const struct moment *m)
{
    return gs_index(m->s, gs_self(m->s)) ? fails(m) : counters.roles[COUNTER].step(m->s, m->counter, m->e);
}

static bool not_topped(struct gs_view *v)
{
    return ((const struct counter *)gs_this(v))->value < 3;
}

Test(misbehaviour, that_is_allowed_does_not_end_the_search)
{
    struct gs_result result;
    act = fails_but_for_the_first;
    model->properties[IN_RANGE].holds = not_topped;
    check(model, &(struct gs_config){.allow = LIST("well-behaved")}, GS_VIOLATION, &result);
    cr_expect(eq(u64, result_of(&result, "well-behaved")->steps, 2));
    expect_verdict(&result, "in-range", GS_VERDICT_VIOLATED);
    cr_expect(eq(u64, result_of(&result, "in-range")->steps, 3));
    gs_result_free(&result);
}

Test(misbehaviour, sends_that_a_set_absorbs_are_none)
{
    struct gs_result result;
    sends = 2;
    check(model, &(struct gs_config){.network = GS_SET, .strict = true}, GS_HOLDS, &result);
    cr_expect(eq(u64, result.absorbed, 0));
    gs_result_free(&result);
    check(model, &(struct gs_config){.strict = true}, GS_INCOMPLETE, &result);
    cr_expect(gt(u64, result.absorbed, 0));
    gs_result_free(&result);
}

/* ---- Tables ---- */

static bool picks_at_the_end(const struct moment *m)
{
    m->counter->value = m->e->arguments[0] == INT64_MAX ? 2 : 1;
    return true;
}

Test(misbehaviour, arguments_without_end_are_refused)
{
    struct gs_result result;
    struct gs_argument *number = &model->events[PICK].arguments[0];
    *number = (struct gs_argument){.name = "number", .kind = GS_RANGE, .min = INT64_MIN, .max = INT64_MAX};
    for (; number->min <= 0; number->min = number->min ? 0 : 1)
        expect_refused(model, NULL,
                       "counters: the arguments of pick have more than 65536 values together: narrow their ranges");
    number->min = INT64_MAX - 1;
    acts_on = PICK;
    act = picks_at_the_end;
    check(model, &(struct gs_config){.settings = LIST("top=2", "counters=1")}, GS_HOLDS, &result);
    expect_space(&result, 3, 6, 1);
    gs_result_free(&result);
}

struct listed {
    uint8_t items[2], length;
};
static const struct gs_field torn_fields[] = {GS_LIST(struct listed, items, length, GS_DURABLE),
                                              GS_FIELD(struct listed, length), GS_FIELDS_END};
static const struct gs_field small_fields[] = {GS_BY_NODE(struct listed, items, COUNTER),
                                               GS_FIELD(struct listed, length), GS_FIELDS_END};

Test(misbehaviour, structs_that_would_lose_something_are_refused)
{
    model->announcements[COUNTED].size = sizeof(struct listed);
    model->announcements[COUNTED].fields = small_fields;
    expect_refused(model, &(struct gs_config){.settings = LIST("counters=3")},
                   "counters: member items has room for 2 nodes of role counter, but this run has 3: enlarge the array "
                   "or ask for fewer");
    model->roles[COUNTER].size = sizeof(struct listed);
    model->roles[COUNTER].fields = torn_fields;
    expect_refused(model, NULL,
                   "model counters: list items of the struct of role counter and its length length must both be "
                   "durable or both not: a crash would tear them apart");
}
