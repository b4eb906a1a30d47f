/* Traces for all formats, and a protocol with the worst names that a model may have. */
#include "tests/golden_traces.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "protocols/raft.h"

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})

/* ---- A protocol with hostile names ---- */

enum { END, PARTICIPANT };
enum { NOTE, LOOP, SUBGRAPH, NODE, ALT };

struct end {
    uint8_t style;
    gs_node note;
};

struct hostile_message {
    uint8_t type;
    uint8_t label;
    uint8_t end;
};

static const char *const worst_names[] = {
    "plain",
    "a;b#c%%d",
    "\"quoted\" & <b>bold</b>, \\n \\",
    "two\nlines\ttab",
    "%%{init: {}}%% wrap: x",
    "*/ /* ?\?/ // ]} x",
    "\xe6\x97\xa5\xe6\x9c\xac \xe2\x86\x92 \xc3\xa9",
    "end",
    "x choosing 1",
};

static const struct gs_field end_fields[] = {
    GS_ENUM(struct end, style, worst_names),
    GS_FIELD(struct end, note),
    GS_FIELDS_END,
};

static const struct gs_field hostile_message_fields[] = {
    GS_ENUM(struct hostile_message, label, worst_names),
    GS_FIELD(struct hostile_message, end),
    GS_FIELDS_END,
};

static bool end_step(struct gs_step *s, void *state, const struct gs_event *e)
{
    struct end *self = state;
    const struct hostile_message *m = e->message;

    switch (e->type) {
    case NOTE:
        self->style = m->label;
        self->note = e->from;
        return gs_send(s, e->from, &(struct hostile_message){.type = LOOP});
    case LOOP:
        return true;
    case NODE:
        return gs_set_timer(s, ALT, 0);
    case ALT:
        return false;
    }
    return gs_unhandled(s, e);
}

static bool participant_step(struct gs_step *s, void *state, const struct gs_event *e)
{
    (void)state;
    if (e->type == LOOP)
        return gs_send(s, gs_self(s), &(struct hostile_message){.type = SUBGRAPH, .end = 1});
    if (e->type == SUBGRAPH)
        return true;
    if (e->type != GS_START)
        return gs_unhandled(s, e);
    for (unsigned i = 0; i < sizeof(worst_names) / sizeof(*worst_names); i++)
        gs_send(s, gs_node_at(s, END, 0), &(struct hostile_message){.type = NOTE, .label = (uint8_t)i});
    return true;
}

static bool style_is_plain(struct gs_view *v)
{
    const struct end *end = gs_this(v);
    return end->style != 2 || gs_explain(v, "style is %s; # \"%s\"", worst_names[end->style], gs_name(v, end->note));
}

static bool always(struct gs_view *v)
{
    (void)v;
    return true;
}

const struct gs_model hostile = {
    .name = "digraph",
    .title = "hostile names; \"title\"",
    .source = "none",
    .message_size = sizeof(struct hostile_message),
    .message_fields = hostile_message_fields,
    .network = GS_BAG,
    .roles = {[END] = {.name = "end", .size = sizeof(struct end), .fields = end_fields, .step = end_step, .count = 1},
              [PARTICIPANT] = {.name = "participant", .step = participant_step, .count = 2, .starts = true}},
    .events = {[NOTE] = {.name = "note", .fields = {"label"}},
               [LOOP] = {.name = "loop"},
               [SUBGRAPH] = {.name = "subgraph", .fields = {"end"}},
               [NODE] = {.name = "node", .kind = GS_LOCAL, .role = END},
               [ALT] = {.name = "alt", .kind = GS_TIMER, .role = END}},
    .presets = {{.name = "quick", .meaning = "drops", .budgets = {.drops = 1}}},
    .properties =
        {{.name = "end",
          .claim = "no end has style 2; # \"end\"",
          .kind = GS_ALWAYS,
          .scope = GS_SCOPE_NODE,
          .role = END,
          .holds = style_is_plain},
         {.name = "graph", .claim = "reached", .kind = GS_REACHABLE, .scope = GS_SCOPE_NODE, .holds = always}},
};

static struct trace *make_hostile_trace(struct gs_run **run)
{
    static char events[8][100];
    const char *list[11] = {"end: node"};
    size_t count = 1;

    for (unsigned i = 1; i < sizeof(worst_names) / sizeof(*worst_names); i++) {
        const bool is_last = i == 8;
        snprintf(events[i - 1], sizeof(events[0]), "%sparticipant0 -> end: note {label %s}", i == 5 ? "drop " : "",
                 worst_names[is_last  ? 2
                             : i == 2 ? 8
                                      : i]);
        list[count++] = events[i - 1];
        if (i == 6)
            list[count++] = "end -> participant0: loop";
    }
    *run = make_run(&hostile, &(struct run_config){0});
    return make_trace(*run, 0, list);
}

/* ---- Traces of some lengths ---- */

static struct trace *make_empty_trace(struct gs_run **run)
{
    *run = make_run(&two_phase_commit, &(struct run_config){.preset = "small"});
    return make_trace(*run, TRACE_NO_PROPERTY, LIST(NULL));
}

static struct trace *make_one_step_trace(struct gs_run **run)
{
    *run = make_run(&rig, &(struct run_config){0});
    return make_trace(*run, RIG_TERM_STAYS, LIST("server1: timer election"));
}

static unsigned find_property(const struct gs_run *run, const char *name)
{
    for (unsigned p = 0; p < run_property_count(run); p++)
        if (strcmp(run_property(run, p)->name, name) == 0)
            return p;
    cr_assert(false, "no property %s", name);
    return 0;
}

static struct trace *make_two_step_trace(struct gs_run **run)
{
    *run = make_run(&raft, &(struct run_config){.preset = "one-term", .mutants = LIST("quorum-too-small")});
    return make_trace(*run, find_property(*run, "at-most-one-leader"),
                      LIST("server0: timer election-timeout", "server1: timer election-timeout"));
}

/* 5 servers: a server crashes in the middle of an election, and the leader of the next term ends up in a minority. */
static struct trace *make_twenty_step_trace(struct gs_run **run)
{
    *run = make_run(&raft, &(struct run_config){.settings = LIST("servers=5", "terms=2", "heartbeats=1"),
                                                .budgets = {.crashes = 1, .restarts = 1, .drops = 1, .partitions = 1}});
    return make_trace(
        *run, find_property(*run, "leader-steps-down"),
        LIST(
            "server0: timer election-timeout", "server0 -> server1: request-vote {term 1, last_index 0, last_term 0}",
            "server0 -> server2: request-vote {term 1, last_index 0, last_term 0}", "server4: timer election-timeout",
            "drop server0 -> server3: request-vote {term 1, last_index 0, last_term 0}",
            "server4 -> server3: request-vote {term 1, last_index 0, last_term 0}", "crash server1",
            "server2 -> server0: request-vote-reply {term 1, success true}", "restart server1",
            "server1 -> server0: request-vote-reply {term 1, success true}",
            "partition {server0, server4} | {server1, server2, server3}", "server2: timer election-timeout",
            "server2 -> server3: request-vote {term 2, last_index 0, last_term 0}",
            "server2 -> server1: request-vote {term 2, last_index 0, last_term 0}",
            "server3 -> server2: request-vote-reply {term 2, success true}",
            "server1 -> server2: request-vote-reply {term 2, success true}",
            "server2 -> server3: append-entries {term 2, prev_index 0, prev_term 0, commit 0, entry_count 0, entries []}",
            "heal", "server3 -> server4: request-vote-reply {term 1, success true}",
            "server2 -> server0: append-entries {term 2, prev_index 0, prev_term 0, commit 0, entry_count 0, entries []}"));
}

const struct golden_trace golden_traces[GOLDEN_TRACES] = {
    {"0", make_empty_trace},        {"1", make_one_step_trace},    {"2", make_two_step_trace},
    {"20", make_twenty_step_trace}, {"commit", make_commit_trace}, {"bag", make_bag_trace},
    {"fifo", make_fifo_trace},      {"break", make_break_trace},   {"hostile", make_hostile_trace},
};

struct trace *make_golden_trace(const char *name, struct gs_run **run)
{
    for (size_t i = 0; i < GOLDEN_TRACES; i++)
        if (strcmp(golden_traces[i].name, name) == 0)
            return golden_traces[i].make(run);
    cr_assert(false, "no trace %s", name);
    return NULL;
}

/* ---- Comparing ---- */

char *text_of_trace(const struct trace *trace, trace_writer *write)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    cr_assert(out != NULL);
    write(trace, out);
    cr_assert(fclose(out) == 0);
    return keep(text);
}

void expect_golden_traces(const char *suffix, trace_writer *write)
{
    for (size_t i = 0; i < GOLDEN_TRACES; i++) {
        struct gs_run *run;
        struct trace *trace = golden_traces[i].make(&run);
        char name[100];
        snprintf(name, sizeof(name), "trace-%s.%s", golden_traces[i].name, suffix);
        char *text = text_of_trace(trace, write);
        expect_golden(name, text);
        free(text);
        trace_free(trace);
        run_free(run);
    }
}
