/* What handlers call: each effect, and each misuse as a line that says what and why. */
#include "tests/core_sample.h"

#include <stdlib.h>

#include "core/guard.h"
#include "core/handler.h"

static void setup(void)
{
    sample_setup();
    sample_start(&(struct run_config){0});
}

TestSuite(handler, .init = setup, .fini = sample_teardown);

/* What the handler under test does; `given` is its argument. */
static void (*body)(struct gs_step *s, struct server *self, const struct gs_event *e);
static int given;

static bool step(struct gs_step *s, void *self, const struct gs_event *e)
{
    body(s, self, e);
    return true;
}

static char *explanation_of(void (*function)(struct gs_step *, struct server *, const struct gs_event *))
{
    const struct event event = draw(0);

    body = function;
    sample.model.roles[SERVER].step = step;
    return sample_misbehaviour(&event);
}

static void expect_misuse(void (*function)(struct gs_step *, struct server *, const struct gs_event *), char *why)
{
    char expected[EXPLANATION_SIZE];

    snprintf(expected, sizeof(expected), "server0, on draw: %s", why);
    cr_expect(eq(str, explanation_of(function), expected));
}

static void expect_fine(void (*function)(struct gs_step *, struct server *, const struct gs_event *))
{
    cr_assert(eq(str, explanation_of(function), ""));
}

static const struct server *result(void)
{
    return (const struct server *)(const void *)sample.outcome.local.data;
}

/* Receivers of what was sent: "server1 client". */
static char *receivers(void)
{
    static char text[1000];
    const size_t stride = 1 + sizeof(struct message);

    memset(text, 0, sizeof(text));
    for (size_t i = 0; i < outcome_send_count(sample.run, &sample.outcome); i++) {
        const gs_node to = {sample.outcome.sends.data[i * stride]};
        snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s", i ? " " : "", gs_name(sample.run, to));
    }
    return text;
}

static struct message sent(size_t index)
{
    struct message message;

    cr_assert(lt(sz, index, outcome_send_count(sample.run, &sample.outcome)));
    memcpy(&message, sample.outcome.sends.data + index * (1 + sizeof(message)) + 1, sizeof(message));
    return message;
}

#define HANDLER(name) static void name(struct gs_step *s, struct server *self, const struct gs_event *e)
#define UNUSED ((void)s, (void)self, (void)e)

/* ---- Itself and others ---- */

HANDLER(look_around)
{
    UNUSED;
    self->friend = gs_self(s);
    self->term = (uint16_t)gs_set_size(gs_peers(s));
    self->leads = gs_set_equal(gs_peers(s), gs_set_of(node_of(1))) && gs_step_run(s) == sample.run;
    self->seen_length = 1;
    self->seen[0] = gs_timed(s);
}

Test(handler, knows_itself_its_peers_and_its_run)
{
    expect_fine(look_around);
    cr_expect(gs_same(result()->friend, node_of(0)));
    cr_expect(eq(u16, result()->term, 1));
    cr_expect(result()->leads);
    cr_expect(eq(u8, result()->seen[0], 0));
}

HANDLER(ask_the_time)
{
    UNUSED;
    gs_now(s);
}

Test(handler, has_no_clock)
{
    expect_misuse(ask_the_time, "gs_now: this run has no clock (ask gs_timed first)");
}

HANDLER(read_the_time)
{
    UNUSED;
    cr_assert(gs_timed(s));
    self->term = (uint16_t)gs_now(s);
}

Test(handler, is_told_the_time_that_the_event_has)
{
    struct event event = draw(0);
    sample.run->timed = true;
    sample.model.roles[SERVER].step = step;
    body = read_the_time;
    event.has_clock = true;
    event.clock = 4711;
    cr_expect(eq(str, sample_misbehaviour(&event), ""));
    cr_expect(eq(u16, result()->term, 4711));
    cr_expect(sample.outcome.asked_time && sample.outcome.read_clock);
    event.has_clock = false;
    cr_expect(eq(str, sample_misbehaviour(&event),
                 "server0, on draw: gs_now: this event does not say what the clock showed"));
}

/* ---- Unhandled events ---- */

static bool unhandled(struct gs_step *s, void *self, const struct gs_event *e)
{
    (void)self;
    return gs_unhandled(s, e);
}

Test(handler, without_a_case_for_an_event_misbehaves)
{
    struct event event = ping(1, 0, 4);

    sample.model.roles[SERVER].step = unhandled;
    cr_expect(eq(str, sample_misbehaviour(&event),
                 "server0, on ping: it does not handle ping: its step function has no case for it"));
    event = tick(0, 0);
    cr_expect(eq(str, sample_misbehaviour(&event),
                 "server0, on tick: it does not handle tick: its step function has no case for it"));
    event = host_event(ACTION_START, 0);
    cr_expect(eq(str, sample_misbehaviour(&event),
                 "server0, on START: it does not handle START: its step function has no case for it"));
}

HANDLER(defer)
{
    UNUSED;
    gs_defer(s);
}

Test(handler, defers_messages_only)
{
    expect_misuse(defer, "gs_defer: only a message can be deferred");
}

/* ---- Sending ---- */

HANDLER(send_everything)
{
    UNUSED;
    gs_send(s, node_of(1), &(struct message){.type = PING, .number = 3, .phase = 200, .who = {99}, .item_count = 9});
    gs_send(s, node_of(0),
            &(struct message){.type = NOTE, .number = 3, .items = {4, 5, 6}, .item_count = 1, .flag = true});
}

Test(handler, sends_the_fields_that_the_type_uses_in_normal_form)
{
    const struct message ping_sent = {.type = PING, .number = 3};
    const struct message note_sent = {.type = NOTE, .items = {4}, .item_count = 1, .flag = true};

    expect_fine(send_everything);
    cr_expect(eq(str, receivers(), "server1 server0"));
    struct message message = sent(0);
    cr_expect(eq(int, memcmp(&message, &ping_sent, sizeof(message)), 0));
    message = sent(1);
    cr_expect(eq(int, memcmp(&message, &note_sent, sizeof(message)), 0));
}

HANDLER(send_to_many)
{
    const struct message message = {.type = PING, .number = 3};

    UNUSED;
    if (given < 2)
        self->leads = gs_broadcast(s, given, &message);
    else if (given == 2)
        self->leads = gs_multicast(s, gs_set_with(gs_set_of(node_of(2)), node_of(0)), &message);
    else
        self->leads = gs_multicast(s, GS_EMPTY_SET, &message);
}

Test(handler, broadcasts_to_every_other_node_and_multicasts_to_the_set)
{
    static char *const expected[] = {"server1", "client", "server0 client", ""};

    for (given = 0; given < 4; given++) {
        expect_fine(send_to_many);
        cr_expect(eq(str, receivers(), expected[given]), "%d", given);
        cr_expect(result()->leads);
    }
}

HANDLER(send_to_nobody)
{
    UNUSED;
    gs_send(s, (gs_node){(uint8_t)given}, &(struct message){.type = PING});
}

Test(handler, misbehaves_when_it_sends_to_nobody)
{
    static const int tags[] = {0, 4, 255};
    for (size_t i = 0; i < 3; i++) {
        given = tags[i];
        expect_misuse(send_to_nobody, "it sends ping to nobody");
    }
}

HANDLER(send_type)
{
    UNUSED;
    gs_send(s, node_of(1), &(struct message){.type = (uint8_t)given});
}

Test(handler, misbehaves_when_it_sends_what_is_no_message)
{
    given = TICK;
    expect_misuse(send_type, "it sends a message of type 2, which is no message of the model");
    given = DRAW;
    expect_misuse(send_type, "it sends a message of type 6, which is no message of the model");
    given = DRAW + 1;
    expect_misuse(send_type, "it sends a message of type 7, which is no message of the model");
    given = 255;
    expect_misuse(send_type, "it sends a message of type 255, which is no message of the model");
}

HANDLER(send_invalid)
{
    struct message note = {.type = NOTE};
    const uint8_t two = 2;

    UNUSED;
    if (given == 0)
        note.phase = 2;
    if (given == 1)
        memcpy((char *)&note + offsetof(struct message, flag), &two, 1);
    if (given == 2)
        note.item_count = 4;
    if (given == 3)
        note.who = (gs_node){4};
    gs_send(s, node_of(1), &note);
}

Test(handler, misbehaves_when_it_sends_an_invalid_value)
{
    static char *const expected[] = {
        "it sends note with phase is 2, but the enum has names for 0 to 1 only",
        "it sends note with flag is a bool of value 2: it must be 0 or 1",
        "it sends note with item_count is 4, but items has room for 3",
        "it sends note with who is a node with tag 4, but the run has only 3 nodes",
    };

    for (given = 0; given < 4; given++)
        expect_misuse(send_invalid, expected[given]);
    expect_fine(send_invalid);
}

HANDLER(send_often)
{
    UNUSED;
    for (int i = 0; i < given; i++)
        gs_send(s, node_of(1), &(struct message){.type = PING});
}

Test(handler, may_send_a_thousand_messages_but_no_end_of_them)
{
    given = GS_SENDS_MAX;
    expect_fine(send_often);
    cr_expect(eq(sz, outcome_send_count(sample.run, &sample.outcome), GS_SENDS_MAX));
    given = GS_SENDS_MAX + 1;
    expect_misuse(send_often, "it sends more than 1024 messages in one step");
}

/* ---- Timers ---- */

HANDLER(use_timers)
{
    UNUSED;
    self->leads = gs_set_timer(s, TICK, 1) && gs_timer_is_set(s, TICK, 1) && !gs_timer_is_set(s, TICK, 0) &&
                  gs_set_timer(s, TICK, 0) && gs_set_timer(s, TICK, 0) && gs_cancel_timer(s, TICK, 1) &&
                  gs_cancel_timer(s, TICK, 1) && !gs_timer_is_set(s, TICK, 1);
}

Test(handler, sets_cancels_and_asks_for_timers)
{
    expect_fine(use_timers);
    cr_expect(result()->leads);
    cr_expect(eq(u64, local_armed(sample.run, 0, sample.outcome.local.data), 1));
}

HANDLER(misuse_timer)
{
    static const struct {
        int timer;
        unsigned index;
    } uses[] = {{PING, 0}, {TOCK, 0}, {-1, 0}, {DRAW + 1, 0}, {TICK, 2}};

    UNUSED;
    gs_set_timer(s, uses[given].timer, uses[given].index);
}

Test(handler, misbehaves_when_it_uses_a_timer_that_it_does_not_have)
{
    static char *const expected[] = {
        "it uses timer 0, which is no timer of its role",  "it uses timer 3, which is no timer of its role",
        "it uses timer -1, which is no timer of its role", "it uses timer 7, which is no timer of its role",
        "it uses index 2 of timer tick, which has 2",
    };

    for (given = 0; given < 5; given++)
        expect_misuse(misuse_timer, expected[given]);
}

HANDLER(misuse_in_another_way)
{
    UNUSED;
    if (given == 0)
        gs_cancel_timer(s, TICK, 2);
    else if (given == 1)
        self->leads = gs_timer_is_set(s, TICK, 2);
}

Test(handler, misbehaves_when_it_cancels_or_asks_for_a_timer_that_it_does_not_have)
{
    for (given = 0; given < 2; given++)
        expect_misuse(misuse_in_another_way, "it uses index 2 of timer tick, which has 2");
}

/* ---- Announcements ---- */

HANDLER(announce)
{
    UNUSED;
    gs_announce(s, given == 2 ? SAID : given, &(struct said){.what = 4, .phase = given == 2 ? 2 : 1});
}

Test(handler, announces_types_of_the_model_with_valid_values)
{
    given = 0;
    expect_fine(announce);
    cr_expect(eq(sz, sample.outcome.announcements.size, 3));
    given = 1;
    expect_misuse(announce, "it announces type 1, which the model does not have");
    given = -1;
    expect_misuse(announce, "it announces type -1, which the model does not have");
    given = GS_ANNOUNCEMENTS_MAX;
    expect_misuse(announce, "it announces type 16, which the model does not have");
    given = 2;
    expect_misuse(announce, "it announces said with phase is 2, but the enum has names for 0 to 1 only");
}

/* ---- Choices ---- */

HANDLER(choose)
{
    UNUSED;
    gs_choose(s, (unsigned)given);
}

Test(handler, chooses_out_of_at_least_one_and_at_most_as_many_as_there_are_branches)
{
    given = 0;
    expect_misuse(choose, "gs_choose(s, 0): there is nothing to choose from");
    given = 1;
    expect_fine(choose);
    cr_expect(eq(u16, sample.outcome.choice_limits[0], 0));
    given = GS_BRANCHES_MAX;
    expect_fine(choose);
    cr_expect(eq(u16, sample.outcome.choice_limits[0], 65535));
    given = GS_BRANCHES_MAX + 1;
    expect_misuse(choose, "it draws too many choices: at most 16 in a step, with 65536 outcomes in all");
    given = -1;
    expect_misuse(choose, "it draws too many choices: at most 16 in a step, with 65536 outcomes in all");
}

HANDLER(choose_often)
{
    UNUSED;
    for (int i = 0; i < given / 10; i++)
        gs_choose(s, (unsigned)given % 10);
}

Test(handler, draws_sixteen_choices_but_not_more)
{
    given = 162;
    expect_fine(choose_often);
    cr_expect(eq(uint, sample.outcome.choice_count, 16));
    given = 171;
    expect_misuse(choose_often, "it draws too many choices: at most 16 in a step, with 65536 outcomes in all");
    given = 113; /* 3 to the 11th */
    expect_misuse(choose_often, "it draws too many choices: at most 16 in a step, with 65536 outcomes in all");
}

HANDLER(choose_node)
{
    static const unsigned sets[] = {0, 4, 6, 7};
    gs_node_set set = GS_EMPTY_SET;

    UNUSED;
    for (unsigned n = 0; n < 3; n++)
        if (sets[given] >> n & 1)
            set = gs_set_with(set, node_of(n));
    self->friend = gs_choose_node(s, set);
}

/* Friends over all branches, as digits. */
static unsigned chosen_nodes(void)
{
    struct event event = draw(0);
    unsigned nodes = 0;

    body = choose_node;
    sample.model.roles[SERVER].step = step;
    do {
        cr_assert(eq(str, sample_misbehaviour(&event), ""));
        nodes = 10 * nodes + result()->friend.tag;
    } while (step_next_branch(&sample.outcome, &event));
    return nodes;
}

Test(handler, chooses_each_node_of_a_set)
{
    static const unsigned expected[] = {0, 3, 23, 123};

    for (given = 0; given < 4; given++)
        cr_expect(eq(uint, chosen_nodes(), expected[given]), "%d", given);
    given = 0;
    chosen_nodes();
    cr_expect(eq(uint, sample.outcome.choice_count, 0)); /* nobody is no choice */
}

/* ---- Misuse of what all protocol code may ask ---- */

HANDLER(ask)
{
    UNUSED;
    switch (given) {
    case 0:
        gs_option(s, 3);
        break;
    case 1:
        gs_option(s, -1);
        break;
    case 2:
        gs_mutant(s, GS_MUTANTS_MAX);
        break;
    case 3:
        gs_count(s, 2);
        break;
    case 4:
        gs_nodes(s, -1);
        break;
    case 5:
        gs_node_at(s, SERVER, 2);
        break;
    case 6:
        gs_index(s, GS_NOBODY);
        break;
    case 7:
        gs_role(s, (gs_node){4});
        break;
    case 8:
        gs_budget(s, GS_FAULTS);
        break;
    }
}

Test(handler, misbehaves_when_it_asks_for_what_the_run_does_not_have)
{
    static char *const expected[] = {
        "gs_option: no such option", "gs_option: no such option", "gs_mutant: no such mutant",
        "gs_count: no such role",    "gs_count: no such role",    "gs_node_at: the role has no such node",
        "gs_index: not a node",      "gs_role: not a node",       "gs_budget: no such fault",
    };

    for (given = 0; given < 9; given++)
        expect_misuse(ask, expected[given]);
    expect_fine(ask);
}

/* ---- Handlers that fail outright ---- */

static void expect_fault(gs_step_function *function, char *why)
{
    const struct event event = draw(0);

    sample.model.roles[SERVER].step = function;
    cr_expect(eq(str, sample_misbehaviour(&event), why));
}

#define FAULTY __attribute__((noinline, no_sanitize("address", "undefined")))

enum { FAILING_LINE = __LINE__ + 7 };

static bool fail_an_assert(struct gs_step *s, void *state, const struct gs_event *e)
{
    (void)e;
    gs_assert(s, ((struct server *)state)->term == 0);
    ((struct server *)state)->term = 1;
    gs_assert(s, ((struct server *)state)->term == 0);
    return true;
}

Test(handler, misbehaves_when_an_assert_fails)
{
    char expected[EXPLANATION_SIZE];

    snprintf(expected, sizeof(expected),
             "server0, on draw: gs_assert(((struct server *)state)->term == 0) failed at %s:%d", __FILE__,
             FAILING_LINE);
    expect_fault(fail_an_assert, expected);
}

FAULTY static void use_no_memory(void)
{
    volatile int *volatile nowhere = (volatile int *)16;
    *nowhere = 1;
}

FAULTY static void divide(void)
{
    volatile int zero = 0;
    volatile int quotient = 7 / zero;
    (void)quotient;
}

FAULTY static int recurse(volatile int *depth)
{
    volatile char frame[4096];
    volatile int deeper = *depth + 1;

    frame[0] = (char)deeper;
    return deeper > 0 ? recurse(&deeper) + frame[0] : 0;
}

static void loop(void)
{
    volatile bool go_on = true;
    while (go_on)
        ;
}

static bool fail_outright(struct gs_step *s, void *state, const struct gs_event *e)
{
    volatile int depth = 0;

    (void)s;
    (void)state;
    (void)e;
    if (given == 0)
        use_no_memory();
    if (given == 1)
        divide();
    if (given == 2)
        abort();
    if (given == 3)
        recurse(&depth);
    if (given == 4)
        loop();
    return true;
}

Test(handler, misbehaves_when_a_signal_or_the_watchdog_stops_it, .timeout = 30)
{
    static char *const explanations[] = {
        "server0, on draw: SIGSEGV: it used memory that is not its own",
        "server0, on draw: SIGFPE: it divided by zero or overflowed",
        "server0, on draw: SIGABRT: it called abort or failed an assert",
        "server0, on draw: SIGSEGV: it used memory that is not its own",
        "server0, on draw: it did not return (stopped by the watchdog)",
        "",
    };

    guard_catch();
    for (given = 0; given < 6; given++)
        expect_fault(fail_outright, explanations[given]);
    guard_release();
}
