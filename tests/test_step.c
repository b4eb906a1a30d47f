/* One run of a handler: what it is given, what comes of it, its choices, and every way in which it misbehaves. */
#include "tests/core_sample.h"

#define FAULTY __attribute__((noinline, no_sanitize("address", "undefined")))

static void setup(void)
{
    sample_setup();
    sample_start(&(struct run_config){0});
}

TestSuite(step, .init = setup, .fini = sample_teardown);

/* Server0's handler is `step` on a local event, whose name stands in every explanation. */
static char *misbehaviour_of(gs_step_function *step)
{
    const struct event event = draw(0);

    sample.model.roles[SERVER].step = step;
    return sample_misbehaviour(&event);
}

static void expect_misbehaviour(gs_step_function *step, char *why)
{
    cr_expect(eq(str, misbehaviour_of(step), why));
}

static const struct server *result(void)
{
    return (const struct server *)(const void *)sample.outcome.local.data;
}

static void run_handler(const struct event event)
{
    cr_assert(eq(str, sample_misbehaviour(&event), ""));
}

static struct server *changed_server(void)
{
    return (struct server *)(void *)sample.world.locals[0].data;
}

static void set_armed(uint64_t armed)
{
    memcpy(sample.world.locals[0].data + sizeof(struct server), &armed, sizeof(armed));
}

/* ---- What a handler is given ---- */

static struct gs_event given;
static struct message given_message;
static struct server given_state;

static bool look(struct gs_step *s, void *self, const struct gs_event *e)
{
    (void)s;
    given = *e;
    memcpy(&given_state, self, sizeof(given_state));
    if (e->message)
        memcpy(&given_message, e->message, sizeof(given_message));
    return true;
}

Test(step, gives_a_message_with_its_sender)
{
    sample.model.roles[SERVER].step = look;
    run_handler(ping(2, 0, 5));
    cr_expect(eq(u8, given.type, PING));
    cr_expect(gs_same(given.from, node_of(2)));
    cr_expect(eq(u8, given_message.number, 5));
    cr_expect(not(given.restarted));
    run_handler(with_action(ping(1, 0, 6), ACTION_DUPLICATE));
    cr_expect(eq(u8, given.type, PING));
    cr_expect(gs_same(given.from, node_of(1)));
    cr_expect(eq(u8, given_message.number, 6));
}

Test(step, gives_timers_their_index_and_local_events_their_arguments)
{
    sample.model.roles[SERVER].step = look;
    set_armed(2);
    run_handler(tick(0, 1));
    cr_expect(eq(u8, given.type, TICK));
    cr_expect(eq(uint, given.index, 1));
    cr_expect(eq(ptr, (void *)given.message, NULL));
    run_handler(send_event(0, 1, 2));
    cr_expect(eq(u8, given.type, SEND));
    cr_expect(gs_same(given.nodes[0], node_of(1)));
    cr_expect(eq(i64, given.arguments[1], 2));
}

Test(step, gives_start_and_says_whether_it_is_after_a_crash)
{
    sample.model.roles[SERVER].step = look;
    run_handler(host_event(ACTION_START, 0));
    cr_expect(eq(u8, given.type, GS_START));
    cr_expect(not(given.restarted));
    run_handler(host_event(ACTION_RESTART, 0));
    cr_expect(eq(u8, given.type, GS_START));
    cr_expect(given.restarted);
    given.restarted = false;
    run_handler(host_event(ACTION_REBOOT, 0));
    cr_expect(eq(u8, given.type, GS_START));
    cr_expect(given.restarted);
}

Test(step, gives_a_reboot_the_state_after_the_crash)
{
    *changed_server() = (struct server){.term = 7, .leads = true, .log = {1}, .log_length = 1};
    set_armed(3);
    sample.model.roles[SERVER].step = look;
    run_handler(host_event(ACTION_REBOOT, 0));
    cr_expect(eq(u16, given_state.term, 7));
    cr_expect(eq(u8, given_state.log[0], 1));
    cr_expect(not(given_state.leads));
    cr_expect(eq(u64, local_armed(sample.run, 0, sample.outcome.local.data), 0));
    cr_expect(local_is_up(sample.run, 0, sample.outcome.local.data));
}

/* ---- What comes of it ---- */

static bool work(struct gs_step *s, void *state, const struct gs_event *e)
{
    struct server *self = state;

    (void)e;
    self->term = 9;
    self->log[0] = 3;
    self->log[1] = 4;
    self->log_length = 1;
    gs_set_timer(s, TICK, 1);
    gs_send(s, node_of(2), &(struct message){.type = PING, .number = 4});
    gs_announce(s, SAID, &(struct said){.what = 6, .phase = BUSY});
    gs_send(s, node_of(0), &(struct message){.type = PING, .number = 3});
    return gs_choose(s, 4) < 4;
}

Test(step, collects_state_timers_sends_announcements_and_choices)
{
    sample.model.roles[SERVER].step = work;
    run_handler(with_choices(draw(0), 1, 2, 0));
    cr_expect(sample.outcome.handled);
    cr_expect(not(sample.outcome.deferred));
    cr_expect(eq(u16, result()->term, 9));
    cr_expect(eq(u8, result()->log[0], 3));
    cr_expect(eq(u8, result()->log[1], 0)); /* beyond the length */
    cr_expect(eq(u64, local_armed(sample.run, 0, sample.outcome.local.data), 2));
    cr_assert(eq(sz, outcome_send_count(sample.run, &sample.outcome), 2));
    const uint8_t *sends = sample.outcome.sends.data;
    cr_expect(eq(u8, sends[0], 3));
    cr_expect(eq(u8, sends[2], 4));
    cr_expect(eq(u8, sends[1 + sizeof(struct message)], 1));
    cr_assert(eq(sz, sample.outcome.announcements.size, 3));
    cr_expect(eq(int, memcmp(sample.outcome.announcements.data, (uint8_t[]){SAID, 6, BUSY}, 3), 0));
    cr_expect(eq(uint, sample.outcome.choice_count, 1));
    cr_expect(eq(u16, sample.outcome.choices[0], 2));
    cr_expect(eq(u16, sample.outcome.choice_limits[0], 3));
}

Test(step, leaves_the_given_state_alone_and_forgets_the_run_before)
{
    sample.model.roles[SERVER].step = work;
    run_handler(draw(0));
    cr_expect(eq(u16, sample_server(0)->term, 0));
    sample.model.roles[SERVER].step = look;
    run_handler(draw(0));
    cr_expect(eq(u16, result()->term, 0));
    cr_expect(eq(sz, outcome_send_count(sample.run, &sample.outcome), 0));
    cr_expect(eq(sz, sample.outcome.announcements.size, 0));
    cr_expect(eq(uint, sample.outcome.choice_count, 0));
}

static bool refuse(struct gs_step *s, void *state, const struct gs_event *e)
{
    (void)s;
    (void)state;
    (void)e;
    return false;
}

Test(step, of_a_handler_that_refuses_is_not_handled_unless_it_is_start)
{
    sample.model.roles[SERVER].step = refuse;
    run_handler(draw(0));
    cr_expect(not(sample.outcome.handled));
    run_handler(host_event(ACTION_START, 0));
    cr_expect(sample.outcome.handled);
    run_handler(host_event(ACTION_REBOOT, 0));
    cr_expect(sample.outcome.handled);
    cr_expect(local_is_up(sample.run, 0, sample.outcome.local.data));
}

static bool ask_for_tick(struct gs_step *s, void *state, const struct gs_event *e)
{
    struct server *self = state;

    self->term = (uint16_t)(2 * gs_timer_is_set(s, TICK, 1) + gs_timer_is_set(s, TICK, 0));
    return e->type == TICK;
}

Test(step, disarms_a_timer_before_its_handler_runs)
{
    sample.model.roles[SERVER].step = ask_for_tick;
    set_armed(3);
    run_handler(tick(0, 1));
    cr_expect(eq(u16, result()->term, 1));
    cr_expect(eq(u64, local_armed(sample.run, 0, sample.outcome.local.data), 1));
    run_handler(tick(0, 0));
    cr_expect(eq(u16, result()->term, 2));
}

Test(step, defers_a_message)
{
    run_handler(ping(1, 0, DEFERRED));
    cr_expect(sample.outcome.deferred);
    cr_expect(not(sample.outcome.handled));
    run_handler(ping(1, 0, IGNORED));
    cr_expect(not(sample.outcome.deferred));
    cr_expect(not(sample.outcome.handled));
}

/* ---- Choices ---- */

static bool draw_until_zero(struct gs_step *s, void *state, const struct gs_event *e)
{
    struct server *self = state;

    (void)e;
    self->term = 1;
    for (unsigned limit = 3; limit > 0; limit--) {
        const unsigned choice = gs_choose(s, limit);
        self->term = (uint16_t)(10 * self->term + choice);
        if (!choice)
            break;
    }
    return true;
}

Test(step, next_branch_visits_every_branch_once)
{
    static const unsigned expected[] = {10, 110, 1110, 120, 1210};
    struct event event = draw(0);
    size_t branch = 0;

    sample.model.roles[SERVER].step = draw_until_zero;
    /* 3 * 2 * 1: 0; 1 then 0 or 1 then 0; 2 then 0 or 1 then 0. */
    do {
        run_handler(event);
        cr_assert(lt(sz, branch, 5));
        cr_expect(eq(u16, result()->term, expected[branch]), "branch %zu", branch);
        branch++;
    } while (step_next_branch(&sample.outcome, &event));
    cr_expect(eq(sz, branch, 5));
}

Test(step, without_choices_has_one_branch)
{
    struct event event = arm(0, 1);

    run_handler(event);
    cr_expect(not(step_next_branch(&sample.outcome, &event)));
    cr_expect(eq(u8, event.choice_count, 0));
}

Test(step, takes_given_choices_first_and_then_zero)
{
    run_handler(with_choices(draw(0), 1, 1, 2));
    cr_expect(eq(u16, result()->term, 10));
    run_handler(with_choices(draw(0), 2, 1, 2));
    cr_expect(eq(u16, result()->term, 12));
    run_handler(draw(0));
    cr_expect(eq(u16, result()->term, 0));
}

Test(step, does_not_blame_the_handler_for_a_given_choice_out_of_range)
{
    const struct event event = with_choices(draw(0), 2, 1, 3);

    cr_expect(eq(str, sample_misbehaviour(&event), "choice 1 is 3, but the handler chooses out of 3"));
    cr_expect(sample.outcome.bad_choices);
    run_handler(draw(0));
    cr_expect(not(sample.outcome.bad_choices));
}

/* ---- false, but ---- */

static int how; /* for handlers that misbehave in one of several ways */

static bool change_and_refuse(struct gs_step *s, void *state, const struct gs_event *e)
{
    struct server *self = state;

    (void)e;
    self->leads = how == 0 || how == 1;
    if (how == 1)
        gs_set_timer(s, TICK, 0);
    if (how == 2)
        gs_set_timer(s, TICK, 1);
    if (how == 3)
        gs_cancel_timer(s, TICK, 0);
    if (how == 4)
        gs_send(s, node_of(1), &(struct message){.type = PING});
    if (how == 5)
        gs_announce(s, SAID, &(struct said){0});
    return false;
}

Test(step, misbehaves_when_it_refuses_after_a_change)
{
    static char *const explanations[] = {
        "server0, on draw: it returned false, but changed leads",
        "server0, on draw: it returned false, but changed leads",
        "server0, on draw: it returned false, but set or cancelled a timer",
        "server0, on draw: it returned false, but set or cancelled a timer",
        "server0, on draw: it returned false, but sent a message",
        "server0, on draw: it returned false, but announced something",
        "",
    };

    for (how = 0; how < 7; how++) {
        set_armed(1);
        cr_expect(eq(str, misbehaviour_of(change_and_refuse), explanations[how]), "way %d", how);
    }
}

static bool defer_and_say_true(struct gs_step *s, void *state, const struct gs_event *e)
{
    struct server *self = state;

    (void)e;
    self->leads = how;
    gs_defer(s);
    return !how;
}

Test(step, misbehaves_when_it_defers_and_does_something)
{
    const struct event event = ping(1, 0, 5);

    sample.model.roles[SERVER].step = defer_and_say_true;
    how = 0;
    cr_expect(eq(str, sample_misbehaviour(&event), "server0, on ping: it deferred the message, but returned true"));
    how = 1;
    cr_expect(eq(str, sample_misbehaviour(&event), "server0, on ping: it returned false, but changed leads"));
}

/* ---- Invalid states and writes beyond them ---- */

FAULTY static bool leave_invalid(struct gs_step *s, void *state, const struct gs_event *e)
{
    struct server *self = state;
    const uint8_t two = 2;

    (void)s;
    (void)e;
    if (how == 0)
        memcpy(&self->leads, &two, 1);
    if (how == 1)
        self->phase = BUSY + 1;
    if (how == 2)
        self->log_length = 4;
    if (how == 3)
        self->friend = (gs_node){4};
    return true;
}

Test(step, misbehaves_when_it_leaves_an_invalid_value)
{
    static char *const explanations[] = {
        "server0, on draw: it left a bad state: leads is a bool of value 2: it must be 0 or 1",
        "server0, on draw: it left a bad state: phase is 2, but the enum has names for 0 to 1 only",
        "server0, on draw: it left a bad state: log_length is 4, but log has room for 3",
        "server0, on draw: it left a bad state: friend is a node with tag 4, but the run has only 3 nodes",
        "",
    };

    for (how = 0; how < 5; how++)
        expect_misbehaviour(leave_invalid, explanations[how]);
}

static const long far[] = {-64, -1, sizeof(struct server), sizeof(struct server) + 63};

FAULTY static bool write_outside(struct gs_step *s, void *state, const struct gs_event *e)
{
    volatile uint8_t *bytes = state;

    (void)s;
    (void)e;
    bytes[far[how]]++;
    return true;
}

Test(step, misbehaves_when_it_writes_outside_its_struct)
{
    for (how = 0; how < 4; how++)
        expect_misbehaviour(write_outside, "server0, on draw: it wrote outside its state struct");
}

static bool write_everywhere_inside(struct gs_step *s, void *state, const struct gs_event *e)
{
    (void)s;
    (void)e;
    ((struct server *)state)->term = 0xffff;
    ((struct server *)state)->seen_length = 6;
    memset(((struct server *)state)->seen, 0xff, 6);
    return true;
}

Test(step, may_write_all_of_its_struct)
{
    expect_misbehaviour(write_everywhere_inside, "");
}

FAULTY static bool client_writes(struct gs_step *s, void *state, const struct gs_event *e)
{
    (void)s;
    (void)e;
    *(volatile uint8_t *)state = 1;
    return true;
}

Test(step, misbehaves_when_a_role_without_a_struct_writes_one)
{
    const struct event event = ping(0, 2, 5);

    sample.model.roles[CLIENT].step = client_writes;
    cr_expect(eq(str, sample_misbehaviour(&event), "client, on ping: it wrote outside its state struct"));
}

/* ---- Nondeterminism ---- */

static const char nondeterministic[] =
    "server0, on draw: nondeterministic handler: run twice on the same state and event, it differs in ";

static void expect_nondeterminism(gs_step_function *step, const char *where)
{
    char expected[EXPLANATION_SIZE];

    snprintf(expected, sizeof(expected), "%s%s", nondeterministic, where);
    expect_misbehaviour(step, expected);
}

/* Does one thing the first time and another the second. */
static bool remember(struct gs_step *s, void *state, const struct gs_event *e)
{
    static int calls;
    struct server *self = state;
    const int call = calls++ % 2;

    (void)e;
    if (how == 0)
        self->term = (uint16_t)call;
    if (how == 1 && call)
        self->seen_length = 1;
    if (how == 2)
        gs_send(s, node_of(1), &(struct message){.type = PING, .number = (uint8_t)call});
    if (how == 3)
        gs_announce(s, SAID, &(struct said){.what = (uint8_t)call});
    if (how == 4)
        gs_set_timer(s, TICK, (unsigned)call);
    if (how == 5 && call)
        gs_choose(s, 2);
    if (how == 6)
        return call;
    if (how == 7 && call)
        gs_assert(s, !"the second time");
    return true;
}

Test(step, misbehaves_when_it_remembers_something_between_two_runs)
{
    static const char *const where[] = {"term",
                                        "seen_length",
                                        "what it sends",
                                        "what it announces",
                                        "its timers",
                                        "its choices",
                                        "whether it handles the event",
                                        "whether it handles the event"};

    for (how = 0; how < 8; how++)
        expect_nondeterminism(remember, where[how]);
    expect_misbehaviour(remember, "");
}

FAULTY static bool use_stack(struct gs_step *s, void *state, const struct gs_event *e)
{
    volatile uint16_t never_written[100];

    (void)s;
    (void)e;
    __asm__ volatile("" : : "r"(never_written) : "memory"); /* or the compiler warns, rightly */
    ((struct server *)state)->term = never_written[50];
    return true;
}

Test(step, misbehaves_when_it_uses_stack_it_never_wrote)
{
    expect_nondeterminism(use_stack, "term");
}

static bool write_beyond_length(struct gs_step *s, void *state, const struct gs_event *e)
{
    static uint8_t calls;
    struct server *self = state;

    (void)s;
    (void)e;
    self->log[2] = calls++;
    return true;
}

Test(step, may_leave_anything_beyond_a_lists_length)
{
    expect_misbehaviour(write_beyond_length, "");
    cr_expect(eq(u8, result()->log[2], 0));
}

/* ---- Its name ---- */

Test(step, misbehaviour_names_the_node_and_the_event)
{
    struct event event = host_event(ACTION_START, 1);

    how = 3;
    sample.model.roles[SERVER].step = leave_invalid;
    cr_expect(strncmp(sample_misbehaviour(&event), "server1, on START: ", 19) == 0);
    event = host_event(ACTION_RESTART, 1);
    cr_expect(strncmp(sample_misbehaviour(&event), "server1, on restart: ", 21) == 0);
    event = host_event(ACTION_REBOOT, 0);
    cr_expect(strncmp(sample_misbehaviour(&event), "server0, on reboot: ", 20) == 0);
    event = with_action(ping(0, 1, 4), ACTION_DUPLICATE);
    cr_expect(strncmp(sample_misbehaviour(&event), "server1, on ping: ", 18) == 0);
    event = tick(1, 0);
    cr_expect(strncmp(sample_misbehaviour(&event), "server1, on tick: ", 18) == 0);
}
