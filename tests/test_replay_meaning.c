/* A trace of one version of a protocol, replayed on another: each refactoring in turn. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/model.h"
#include "tests/test_trace_model.h"

/* ---- A protocol and its versions ---- */

enum { PEER };
enum { IDLE, ASKING, DONE };
enum { ASK, TICK, GO, RELAY };
enum { PEERS, ROUNDS };
enum { TOO_EAGER };

struct peer {
    uint8_t phase, got, left;
};

struct message {
    uint8_t type, number, tag;
};

/* What the handlers of a version do otherwise. Set before a version is used, and left alone while it is. */
static struct {
    uint8_t number;                                  /* of an ask */
    bool starts_asking, asks_at_tick, relays, draws; /* draws: a choice when it goes */
    bool is_fixed, is_forgetful;                     /* asks are not counted; a timer is not armed */
    bool two_tags;                                   /* each ask is sent twice, with two tags */
} version;

static const char *const phase_names[] = {"idle", "asking", "done"};
static const char *const later_phase_names[] = {"quiet", "asking", "done"};

static const struct gs_field peer_fields[] = {
    GS_ENUM(struct peer, phase, phase_names),
    GS_FIELD(struct peer, got),
    GS_FIELD(struct peer, left),
    GS_FIELDS_END,
};

static const struct gs_field later_peer_fields[] = {
    GS_FIELD(struct peer, left),
    {.name = "received", .kind = GS_KIND_U8, .offset = offsetof(struct peer, got), .size = 1},
    GS_ENUM(struct peer, phase, later_phase_names),
    GS_FIELDS_END,
};

static const struct gs_field message_fields[] = {
    GS_FIELD(struct message, number),
    GS_FIELD(struct message, tag),
    GS_FIELDS_END,
};

static bool ask_all(struct gs_step *s)
{
    struct message ask = {.type = version.relays ? RELAY : ASK, .number = version.number};

    gs_broadcast(s, PEER, &ask);
    ask.tag = 1;
    return !version.two_tags || gs_broadcast(s, PEER, &ask);
}

static bool go(struct gs_step *s, struct peer *self)
{
    if (self->phase != IDLE || (self->got && !gs_mutant(s, TOO_EAGER)))
        return false;
    self->phase = ASKING;
    if (version.draws && gs_choose(s, 2))
        return true;
    if (!version.is_forgetful)
        gs_set_timer(s, TICK, 0);
    return version.asks_at_tick || ask_all(s);
}

static bool peer_step(struct gs_step *s, void *state, const struct gs_event *e)
{
    struct peer *self = state;
    const struct message *m = e->message;

    switch (e->type) {
    case GS_START:
        self->left = version.starts_asking;
        return true;
    case ASK:
        self->got = (uint8_t)(self->got + !version.is_fixed);
        return true;
    case TICK:
        self->phase = DONE;
        return !version.asks_at_tick || ask_all(s);
    case GO:
        return go(s, self);
    case RELAY:
        return gs_send(s, e->from, &(struct message){.type = ASK, .number = m->number});
    }
    return gs_unhandled(s, e);
}

static bool asked_once(struct gs_view *v)
{
    const struct peer *peer = gs_this(v);
    return peer->got < 2 || gs_explain(v, "%s was asked %d times", gs_name(v, gs_this_node(v)), peer->got);
}

static bool is_done(struct gs_view *v)
{
    return ((const struct peer *)gs_this(v))->phase == DONE;
}

static const struct gs_model first = {
    .name = "asking",
    .title = "a protocol for tests",
    .source = "none",
    .message_size = sizeof(struct message),
    .message_fields = message_fields,
    .network = GS_BAG,
    .roles = {[PEER] = {.name = "peer",
                        .size = sizeof(struct peer),
                        .fields = peer_fields,
                        .step = peer_step,
                        .count_option = PEERS}},
    .events = {[ASK] = {.name = "ask", .fields = {"number"}},
               [TICK] = {.name = "tick", .kind = GS_TIMER, .role = PEER},
               [GO] = {.name = "go", .kind = GS_LOCAL, .role = PEER},
               [RELAY] = {.name = "relay", .fields = {"number"}}},
    .options = {[PEERS] = {"peers", "how many", 3, 1, 4, NULL}, [ROUNDS] = {"rounds", "how many", 1, 0, 5, NULL}},
    .presets = {{.name = "quick", .meaning = "no faults"}},
    .mutants = {[TOO_EAGER] = {.name = "too-eager", .meaning = "goes again", .property = "asked-once"}},
    .properties = {{.name = "asked-once",
                    .claim = "no peer is asked twice",
                    .kind = GS_ALWAYS,
                    .scope = GS_SCOPE_NODE,
                    .role = PEER,
                    .holds = asked_once},
                   {.name = "done",
                    .claim = "a peer is done",
                    .kind = GS_REACHABLE,
                    .scope = GS_SCOPE_NODE,
                    .role = PEER,
                    .holds = is_done}},
};

static struct gs_model now;

static bool resolve(void *context, const char *protocol, const char *plugin, const char *const *extensions,
                    struct trace_sources *sources, char *error, size_t error_size)
{
    (void)context;
    (void)protocol;
    (void)plugin;
    (void)extensions;
    (void)error;
    (void)error_size;
    sources->model = &now;
    return true;
}

/* ---- Writing with the one, replaying with the other ---- */

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})

static char *path;
static char error[TRACE_ERROR_SIZE];
static struct trace_report report;

static void write_trace(const char *const *mutants, const char *const *events, unsigned property)
{
    struct gs_run *run = make_run(&first, &(struct run_config){.mutants = mutants});
    struct trace *trace = make_trace(run, property, events);
    path = temporary_path("a.trace");
    cr_assert(trace_file_write(trace, path, NULL, error, sizeof(error)), "%s", error);
    trace_free(trace);
    run_free(run);
}

static void set_up(void)
{
    version.number = 1;
    now = first;
    write_trace(NULL,
                LIST("peer0: go", "peer1: go", "peer0 -> peer2: ask {number 1}", "peer1: timer tick",
                     "peer1 -> peer2: ask {number 1}"),
                0);
}

TestSuite(replay_meaning, .init = set_up, .fini = remove_temporary_files);

static enum trace_outcome replay(void)
{
    char check[500] = "";
    if (now.roles[0].fields == peer_fields || now.roles[0].fields == later_peer_fields)
        cr_expect(model_check(&now, check, sizeof(check)), "%s", check);
    struct trace_file *file = trace_file_read(path, resolve, NULL, error, sizeof(error));
    cr_assert(file != NULL, "%s", error);
    const enum trace_outcome outcome = trace_file_replay(file, &report);
    trace_file_free(file);
    return outcome;
}

/* note: NULL: there is none. */
static void expect_reproduces(const char *note)
{
    cr_expect(eq(int, replay(), TRACE_REPRODUCES), "%s", report.reason);
    if (note)
        cr_expect(strstr(report.notes, note) != NULL, "no \"%s\" in: %s", note, report.notes);
    else
        cr_expect(eq(str, report.notes, ""));
}

static void expect_diverges(const char *reason, const char *note)
{
    cr_expect(eq(int, replay(), TRACE_DIVERGED), "%s", report.notes);
    cr_expect(strstr(report.reason, reason) != NULL, "no \"%s\" in: %s", reason, report.reason);
    if (note)
        cr_expect(strstr(report.notes, note) != NULL, "no \"%s\" in: %s", note, report.notes);
}

Test(replay_meaning, the_same_version_reproduces)
{
    expect_reproduces(NULL);
}

/* ---- Messages ---- */

Test(replay_meaning, a_message_field_may_be_added)
{
    now.events[ASK].fields[1] = "tag";
    expect_reproduces(":4: ask: the file does not know tag; 0 is taken");
    cr_expect(strstr(report.notes, "first") == NULL && strstr(report.notes, ":6: ask") == NULL, "noted twice: %s",
              report.notes);
}

Test(replay_meaning, a_message_field_may_be_removed)
{
    now.events[ASK].fields[0] = NULL;
    expect_reproduces(":4: ask: there is no number any more; it is left out");
}

Test(replay_meaning, a_message_field_may_be_renamed)
{
    static struct gs_field renamed[3];
    memcpy(renamed, message_fields, sizeof(renamed));
    renamed[0].name = "amount";
    now.message_fields = renamed;
    now.events[ASK].fields[0] = now.events[RELAY].fields[0] = "amount";
    expect_reproduces(":4: ask: the file does not know amount; 1 is taken");
    cr_expect(strstr(report.notes, ":4: ask: there is no number any more") != NULL, "%s", report.notes);
}

Test(replay_meaning, message_fields_may_change_places)
{
    static struct gs_field swapped[3];
    swapped[0] = message_fields[1];
    swapped[1] = message_fields[0];
    now.message_fields = swapped;
    expect_reproduces(NULL);
}

Test(replay_meaning, of_messages_that_differ_in_what_is_new_each_is_tried)
{
    now.events[ASK].fields[1] = "tag";
    version.two_tags = true;
    expect_reproduces(":4: ask: the file does not know tag; 0 is taken");
}

Test(replay_meaning, a_message_of_another_value_is_taken_only_with_a_word)
{
    now.events[ASK].fields[1] = "tag";
    version.number = 2;
    expect_reproduces(":4: ask: number is another one; 1 in the file, 2 here");
}

Test(replay_meaning, a_message_of_another_value_diverges_in_the_same_model)
{
    version.number = 2;
    expect_diverges(":2: step 1: sent[0].message.number: the file says 1, replaying gives 2",
                    "matched by meaning, asked-once is still violated in 5 steps (gainsay replay --rewrite");
    cr_expect(strstr(report.notes, ":4: ask: number is another one; 1 in the file, 2 here") != NULL, "%s",
              report.notes);
}

Test(replay_meaning, a_renamed_message_diverges_where_it_comes)
{
    now.events[ASK].name = "request";
    expect_diverges(
        ":4: step 3: message.type: there is no message \"ask\"; enabled: peer0 -> peer2: request {number 1}; ", NULL);
    cr_expect(eq(sz, report.step, 3));
    cr_expect(eq(str, report.field, "message.type"));
}

/* ---- Timers and local events ---- */

Test(replay_meaning, events_may_change_places)
{
    const struct gs_event_type timer = now.events[TICK];
    now.events[TICK] = now.events[GO];
    now.events[GO] = timer;
    cr_expect(eq(int, replay(), TRACE_NO_LONGER)); /* the handlers still take GO for the local event */
    now.events[GO] = now.events[TICK];
    now.events[TICK] = timer;
    now.events[4] = (struct gs_event_type){.name = "more"};
    expect_reproduces(":1: model: the file was written for another version");
}

Test(replay_meaning, a_renamed_local_event_diverges_where_it_comes)
{
    now.events[GO].name = "begin";
    expect_diverges(
        ":2: step 1: name: peer0 has no local event \"go\"; enabled: peer0: begin; peer1: begin; peer2: begin", NULL);
}

Test(replay_meaning, a_renamed_timer_diverges_where_it_comes)
{
    now.events[TICK].name = "alarm";
    expect_diverges(":5: step 4: timer: peer1 has no timer \"tick\"; enabled: peer1: timer alarm; ", NULL);
}

Test(replay_meaning, a_timer_may_get_an_index)
{
    now.events[TICK].indices = 3;
    expect_reproduces(":5: tick: the file does not know index; 0 is taken");
}

Test(replay_meaning, a_timer_may_lose_its_index)
{
    now.events[TICK].indices = 3;
    struct gs_run *run = make_run(&now, &(struct run_config){0});
    struct trace *trace = make_trace(run, 1, LIST("peer0: go", "peer0: timer tick 0"));
    cr_assert(trace_file_write(trace, path, NULL, error, sizeof(error)), "%s", error);
    now = first;
    expect_reproduces(":3: tick: there is no index any more; it is left out");
}

Test(replay_meaning, a_local_event_may_get_arguments)
{
    now.events[GO].arguments[0] = (struct gs_argument){.name = "how", .kind = GS_RANGE, .min = 3, .max = 5};
    expect_diverges(":2: step 1: arguments.how: is missing", "go: the file does not know how; 3 is taken");
    cr_expect(strstr(report.notes, "matched by meaning, asked-once is still violated in 5 steps") != NULL, "%s",
              report.notes);
    now.events[4] = (struct gs_event_type){.name = "more"};
    expect_reproduces(":2: go: the file does not know how; 3 is taken");
}

Test(replay_meaning, a_local_event_may_lose_arguments)
{
    now.events[GO].arguments[0] = (struct gs_argument){.name = "how", .kind = GS_RANGE, .min = 3, .max = 5};
    struct gs_run *run = make_run(&now, &(struct run_config){0});
    struct trace *trace = make_trace(run, 1, LIST("peer0: go {how 4}", "peer0: timer tick"));
    cr_assert(trace_file_write(trace, path, NULL, error, sizeof(error)), "%s", error);
    now = first;
    now.events[4] = (struct gs_event_type){.name = "more"};
    expect_reproduces(":2: go: there is no how any more; it is left out");
}

Test(replay_meaning, an_argument_that_both_know_is_not_guessed)
{
    now.events[GO].arguments[0] = (struct gs_argument){.name = "how", .kind = GS_RANGE, .min = 3, .max = 5};
    struct gs_run *run = make_run(&now, &(struct run_config){0});
    struct trace *trace = make_trace(run, 1, LIST("peer0: go {how 3}", "peer0: timer tick"));
    cr_assert(trace_file_write(trace, path, NULL, error, sizeof(error)), "%s", error);
    now.events[GO].arguments[0].min = 4;
    now.events[4] = (struct gs_event_type){.name = "more"};
    expect_diverges(":2: step 1: arguments.how: 3 is not from 4 to 5; enabled: peer0: go {how 4}; ", NULL);
}

Test(replay_meaning, every_choice_that_is_new_is_tried)
{
    now.events[4] = (struct gs_event_type){.name = "more"};
    version.draws = true;
    expect_reproduces(":2: go: its handler draws a choice more than the file has; 0 is taken");
}

/* ---- Roles, options, mutants, properties ---- */

Test(replay_meaning, state_fields_may_be_renamed_and_change_places)
{
    now.roles[PEER].fields = later_peer_fields;
    expect_reproduces("step 3: changes.peer2.received: the file says nothing, replaying gives 1");
}

Test(replay_meaning, a_role_may_start)
{
    now.roles[PEER].starts = true;
    expect_diverges(":2: peer0 has no start", "peer0 starts here, and the file has no start of it");
    now.events[4] = (struct gs_event_type){.name = "more"};
    expect_reproduces(":1: peer2 starts here, and the file has no start of it");
}

Test(replay_meaning, a_role_may_no_longer_start)
{
    now.roles[PEER].starts = true;
    struct gs_run *run = make_run(&now, &(struct run_config){0});
    struct trace *trace = make_trace(run, 1, LIST("peer0: go", "peer0: timer tick"));
    cr_assert(trace_file_write(trace, path, NULL, error, sizeof(error)), "%s", error);
    now = first;
    now.events[4] = (struct gs_event_type){.name = "more"};
    expect_reproduces(":4: start: peer2 does not start here; it is left out");
}

Test(replay_meaning, an_option_may_be_added)
{
    now.options[2] = (struct gs_option){"depth", "how deep", 2, 1, 4, NULL};
    expect_reproduces(":1: options.depth: the file does not say; 2 is taken");
}

Test(replay_meaning, an_option_may_be_removed)
{
    now.options[ROUNDS] = (struct gs_option){.name = NULL};
    expect_reproduces(":1: options.rounds: asking no longer has it; it is left out");
}

Test(replay_meaning, a_node_that_is_no_longer_there_diverges_where_it_comes)
{
    now.options[PEERS] = (struct gs_option){"members", "how many", 2, 1, 4, NULL};
    now.events[4] = (struct gs_event_type){.name = "more"};
    expect_diverges(":4: step 3: to: there is no node \"peer2\"; enabled: peer0 -> peer1: ask {number 1}; ",
                    ":1: options.peers: asking no longer has it");
    cr_expect(strstr(report.notes, ":1: options.members: the file does not say; 2 is taken") != NULL, "%s",
              report.notes);
}

Test(replay_meaning, a_role_of_one_node_may_become_one_of_several)
{
    now.roles[PEER].count = 1;
    struct gs_run *run = make_run(&now, &(struct run_config){0});
    struct trace *trace = make_trace(run, 1, LIST("peer: go", "peer: timer tick"));
    cr_assert(trace_file_write(trace, path, NULL, error, sizeof(error)), "%s", error);
    trace_free(trace);
    now = first;
    expect_diverges(":2: step 1: node: there is no node \"peer\"; enabled: ",
                    "matched by meaning, done is still met in 2 steps");
    cr_expect(strstr(report.notes, ":2: peer: its name is peer0 here") != NULL, "%s", report.notes);
    run = make_run(&now, &(struct run_config){0});
    trace = make_trace(run, 1, LIST("peer0: go", "peer0: timer tick"));
    cr_assert(trace_file_write(trace, path, NULL, error, sizeof(error)), "%s", error);
    now.roles[PEER].count = 1;
    now.events[4] = (struct gs_event_type){.name = "more"};
    expect_reproduces(":2: peer0: its name is peer here");
}

Test(replay_meaning, a_value_that_an_option_no_longer_has_diverges)
{
    now.options[PEERS].max = 2;
    now.options[PEERS].preset = 2;
    expect_diverges(":1: options.peers: 3 is not from 1 to 2, as asking has it", NULL);
    cr_expect(eq(str, report.field, "options.peers"));
}

Test(replay_meaning, a_mutant_that_is_gone_is_left_out)
{
    write_trace(LIST("too-eager"), LIST("peer0: go", "peer0: timer tick"), 1);
    now.mutants[TOO_EAGER] = (struct gs_mutant){.name = NULL};
    expect_reproduces(":1: mutants: asking no longer has too-eager; the trace is replayed without it");
}

Test(replay_meaning, a_mutant_that_made_the_violation_and_is_gone_diverges)
{
    write_trace(LIST("too-eager"),
                LIST("peer0: go", "peer0 -> peer1: ask {number 1}", "peer1: go", "peer0 -> peer2: ask {number 1}",
                     "peer1 -> peer2: ask {number 1}"),
                0);
    now.mutants[TOO_EAGER].name = "eager";
    expect_diverges(":4: step 3: peer1: go: it is not enabled: the handler returns false; enabled: ",
                    ":1: mutants: asking no longer has too-eager");
}

Test(replay_meaning, a_property_that_is_gone_is_said)
{
    now.properties[0].name = now.mutants[TOO_EAGER].property = "asked-at-most-once";
    expect_diverges(":1: property: asking has no property asked-once; these events violate asked-at-most-once (", NULL);
    cr_expect(eq(str, report.field, "property"));
    version.is_fixed = true;
    expect_diverges(":1: property: asking has no property asked-once; these events violate none", NULL);
}

Test(replay_meaning, a_property_of_another_kind_claims_something_else)
{
    now.properties[0].kind = GS_QUIESCENT;
    expect_diverges(":1: kind: the file says always, but asked-once is of kind quiescent here", NULL);
}

Test(replay_meaning, a_bug_that_is_fixed_is_no_longer_violated)
{
    version.is_fixed = true;
    cr_expect(eq(int, replay(), TRACE_NO_LONGER));
    cr_expect(strstr(report.reason, "no run of its events violates asked-once (") != NULL, "%s", report.reason);
    now.events[ASK].fields[1] = "tag";
    cr_expect(eq(int, replay(), TRACE_NO_LONGER), "%s", report.reason);
}

/* ---- Steps that come elsewhere ---- */

Test(replay_meaning, a_message_that_is_sent_later_diverges_where_it_is_delivered_too_early)
{
    now.events[4] = (struct gs_event_type){.name = "more"};
    version.asks_at_tick = true;
    expect_diverges(":4: step 3: peer0 -> peer2: ask {number 1}: it is not enabled: no such message is in flight; "
                    "enabled: ",
                    NULL);
}

Test(replay_meaning, a_message_that_takes_another_hop_diverges_where_it_is_delivered)
{
    now.events[4] = (struct gs_event_type){.name = "more"};
    version.relays = true;
    expect_diverges(":4: step 3: peer0 -> peer2: ask {number 1}: it is not enabled: no such message is in flight; "
                    "enabled: peer0 -> peer2: relay {number 1}; ",
                    NULL);
}

Test(replay_meaning, a_timer_that_is_not_armed_any_more_diverges)
{
    version.is_forgetful = true;
    expect_diverges(":2: step 1: changes.peer0.timers: ", NULL);
    now.events[4] = (struct gs_event_type){.name = "more"};
    expect_diverges(":5: step 4: peer1: timer tick: it is not enabled: the timer is not armed; enabled: ", NULL);
}
