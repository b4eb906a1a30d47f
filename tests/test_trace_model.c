/* A protocol for the tests of traces, traces of it, and files. */
#include "tests/golden_traces.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/die.h"
#include "protocols/raft.h"

/* ---- The protocol ---- */

enum { SERVER, WITNESS };
enum { FOLLOWER, CANDIDATE, LEADER };
enum { REQUEST, REPLY, ENTRIES, ELECTION, HEARTBEAT, PROPOSE, BREAK, NUDGE };
enum { SERVERS, MODE, LARGEST, RACKS };
enum { ELECTED };

struct entry {
    uint8_t value;
    gs_node by;
};

struct server {
    uint64_t big;
    int64_t balance;
    uint32_t term;
    int32_t drift;
    uint16_t wide;
    int16_t narrow;
    gs_node_set votes;
    gs_node leader;
    bool ready;
    uint8_t phase;
    int8_t offset;
    uint8_t log_length;
    struct entry log[3];
    struct entry best;
    uint8_t next[4];
    uint8_t marks[2];
    uint8_t up;
};

struct message {
    uint8_t type;
    uint8_t term;
    bool granted;
    uint8_t urgency; /* only in the next version */
    uint8_t entry_count;
    struct entry entries[3];
};

struct elected {
    uint8_t type;
    gs_node by;
};

struct leaders {
    uint8_t count;
};

static const char *const phase_names[] = {"follower", "candidate", "leader"};
static const char *const mode_names[] = {"careful", "bold"};

static const struct gs_field entry_fields[] = {
    GS_FIELD(struct entry, value),
    GS_FIELD(struct entry, by),
    GS_FIELDS_END,
};

static const struct gs_field server_fields[] = {
    GS_FIELD(struct server, big),
    GS_FIELD(struct server, balance),
    GS_FIELD(struct server, term, GS_DURABLE),
    GS_FIELD(struct server, drift),
    GS_FIELD(struct server, wide),
    GS_FIELD(struct server, narrow),
    GS_FIELD(struct server, votes),
    GS_FIELD(struct server, leader),
    GS_FIELD(struct server, ready),
    GS_ENUM(struct server, phase, phase_names),
    GS_FIELD(struct server, offset),
    GS_FIELD(struct server, log_length),
    GS_STRUCT_LIST(struct server, log, log_length, entry_fields),
    GS_STRUCT(struct server, best, entry_fields),
    GS_BY_NODE(struct server, next, SERVER),
    GS_FIELD(struct server, marks),
    GS_FIELD(struct server, up),
    GS_FIELDS_END,
};

static const struct gs_field message_fields[] = {
    GS_FIELD(struct message, term),
    GS_FIELD(struct message, granted),
    GS_FIELD(struct message, urgency),
    GS_FIELD(struct message, entry_count),
    GS_STRUCT_LIST(struct message, entries, entry_count, entry_fields),
    GS_FIELDS_END,
};

static const struct gs_field elected_fields[] = {
    GS_FIELD(struct elected, type),
    GS_FIELD(struct elected, by),
    GS_FIELDS_END,
};

static const struct gs_field leaders_fields[] = {
    GS_FIELD(struct leaders, count),
    GS_FIELDS_END,
};

static bool start(struct gs_step *s, struct server *self, const struct gs_event *e)
{
    self->big = UINT64_MAX - 1;
    self->offset = -1;
    self->up = (uint8_t)(e->restarted + (gs_option(s, MODE) ? gs_choose(s, 2) : 0));
    return gs_set_timer(s, ELECTION, 0);
}

static bool stand(struct gs_step *s, struct server *self)
{
    self->term++;
    self->phase = CANDIDATE;
    self->votes = gs_set_of(gs_self(s));
    self->drift--;
    self->best = (struct entry){.value = (uint8_t)self->term, .by = gs_self(s)};
    gs_set_timer(s, HEARTBEAT, 1);
    return gs_broadcast(s, SERVER, &(struct message){.type = REQUEST, .term = (uint8_t)self->term, .urgency = 7});
}

static bool vote(struct gs_step *s, struct server *self, const struct gs_event *e, const struct message *m)
{
    if (m->term < self->term)
        return false;
    self->term = m->term;
    self->leader = e->from;
    return gs_send(s, e->from, &(struct message){.type = REPLY, .term = m->term, .granted = true});
}

static bool count_vote(struct gs_step *s, struct server *self, const struct gs_event *e, const struct message *m)
{
    if (self->phase != CANDIDATE || m->term != self->term)
        return false;
    self->votes = gs_set_with(self->votes, e->from);
    if (gs_set_size(self->votes) < gs_majority(s, SERVER))
        return true;
    self->phase = LEADER;
    self->next[gs_index(s, e->from)]++;
    gs_cancel_timer(s, HEARTBEAT, 1);
    return gs_announce(s, ELECTED, &(struct elected){.type = (uint8_t)self->term, .by = gs_self(s)});
}

static bool propose(struct gs_step *s, struct server *self, const struct gs_event *e)
{
    const struct entry entry = {.value = (uint8_t)(e->arguments[0] + 3), .by = e->nodes[1]};
    struct message m = {.type = ENTRIES};

    if (!gs_push(self->log, &self->log_length, &entry))
        return false;
    m.entry_count = self->log_length;
    memcpy(m.entries, self->log, sizeof(m.entries));
    return gs_send(s, e->nodes[1], &m);
}

static bool misbehave(struct gs_step *s, struct server *self)
{
    const unsigned how = gs_choose(s, 3);

    if (how == 1)
        gs_failed(GS_RUN(s), "how != 1", "rig.c", 7); /* as gs_assert does, but without a line that moves */
    self->ready = !self->ready;
    return how == 0;
}

static bool server_step(struct gs_step *s, void *state, const struct gs_event *e)
{
    struct server *self = state;

    switch (e->type) {
    case GS_START:
        return start(s, self, e);
    case ELECTION:
        return stand(s, self);
    case HEARTBEAT:
        self->wide++;
        return true;
    case REQUEST:
        return vote(s, self, e, e->message);
    case REPLY:
        return count_vote(s, self, e, e->message);
    case ENTRIES:
        return false;
    case PROPOSE:
        return propose(s, self, e);
    case BREAK:
        return misbehave(s, self);
    }
    return gs_unhandled(s, e);
}

static bool witness_step(struct gs_step *s, void *state, const struct gs_event *e)
{
    (void)state;
    return e->type == GS_START ? gs_broadcast(s, SERVER, &(struct message){.type = REPLY}) : gs_unhandled(s, e);
}

static bool is_within(const struct gs_run *run, gs_node self, const void *state)
{
    (void)run;
    (void)self;
    return ((const struct server *)state)->log_length <= 2;
}

static bool at_most_one_leader(struct gs_view *v)
{
    const struct leaders *leaders = gs_monitor_value(v);
    return leaders->count <= 1 || gs_explain(v, "%d leaders were elected", leaders->count);
}

static bool leader_elected(struct gs_view *v)
{
    return ((const struct server *)gs_this(v))->phase == LEADER;
}

static bool term_stays(struct gs_view *v)
{
    const struct server *before = gs_before(v), *after = gs_this(v);
    return before->term == after->term ||
           gs_explain(v, "%s went from term %u to %u", gs_name(v, gs_this_node(v)), before->term, after->term);
}

static bool terms_agree(struct gs_view *v)
{
    const struct server *one = gs_this(v), *other = gs_that(v);
    return one->term == other->term || gs_explain(v, "terms %u and %u", one->term, other->term);
}

static void count_leader(const struct gs_run *run, void *value, gs_node by, int announcement, const void *announced)
{
    struct leaders *leaders = value;
    (void)run;
    (void)by;
    (void)announcement;
    (void)announced;
    leaders->count++;
}

static unsigned rack(const struct gs_run *run, gs_node node)
{
    return gs_role(run, node) == SERVER && gs_option(run, RACKS) ? (unsigned)gs_index(run, node) / 2
                                                                 : 10u + (unsigned)(node.tag);
}

const struct gs_model rig = {
    .name = "rig",
    .title = "a protocol for tests",
    .source = "none",
    .message_size = sizeof(struct message),
    .message_fields = message_fields,
    .network = GS_BAG,
    .host = rack,
    .roles = {[SERVER] = {.name = "server",
                          .size = sizeof(struct server),
                          .fields = server_fields,
                          .step = server_step,
                          .count_option = SERVERS,
                          .starts = true,
                          .within = is_within,
                          .within_text = "log <= 2"},
              [WITNESS] = {.name = "witness", .step = witness_step, .count = 1, .starts = true}},
    .events = {[REQUEST] = {.name = "request", .fields = {"term"}},
               [REPLY] = {.name = "reply", .fields = {"term", "granted"}},
               [ENTRIES] = {.name = "entries", .fields = {"entries", "entry_count"}},
               [ELECTION] = {.name = "election", .kind = GS_TIMER, .role = SERVER},
               [HEARTBEAT] = {.name = "heartbeat", .kind = GS_TIMER, .role = SERVER, .indices = 2},
               [PROPOSE] = {.name = "propose",
                            .kind = GS_LOCAL,
                            .role = SERVER,
                            .arguments = {{.name = "value", .kind = GS_RANGE, .min = -2, .max_option = LARGEST + 1},
                                          {.name = "to", .kind = GS_NODE, .role = SERVER}}},
               [BREAK] = {.name = "break", .kind = GS_LOCAL, .role = SERVER}},
    .options = {[SERVERS] = {"servers", "how many", 3, 1, 4, NULL},
                [MODE] = {"mode", "draw at START?", 0, 0, 1, mode_names},
                [LARGEST] = {"largest", "largest value", 1, 0, 5, NULL},
                [RACKS] = {"racks", "two servers on a host?", 0, 0, 1, NULL}},
    .presets = {{.name = "quick", .meaning = "all faults", .budgets = {1, 1, 1, 1, 1, 1, 9}}},
    .mutants = {{"quiet", "nothing at all", "leader-elected", NULL, true}},
    .announcements = {[ELECTED] = {"elected", sizeof(struct elected), elected_fields}},
    .monitors =
        {{.name = "leaders", .size = sizeof(struct leaders), .fields = leaders_fields, .announced = count_leader}},
    .properties = {[RIG_AT_MOST_ONE_LEADER] = {.name = "at-most-one-leader",
                                               .claim = "at most one leader is ever elected",
                                               .kind = GS_ALWAYS,
                                               .scope = GS_SCOPE_MONITOR,
                                               .holds = at_most_one_leader},
                   [RIG_LEADER_ELECTED] = {.name = "leader-elected",
                                           .claim = "a leader is elected",
                                           .kind = GS_REACHABLE,
                                           .scope = GS_SCOPE_NODE,
                                           .role = SERVER,
                                           .holds = leader_elected},
                   [RIG_TERM_STAYS] = {.name = "term-stays",
                                       .claim = "no server changes its term",
                                       .kind = GS_ALWAYS,
                                       .scope = GS_SCOPE_STEP,
                                       .role = SERVER,
                                       .holds = term_stays},
                   [RIG_TERMS_AGREE] = {.name = "terms-agree",
                                        .claim = "at the end all terms are equal",
                                        .kind = GS_QUIESCENT,
                                        .scope = GS_SCOPE_PAIR,
                                        .role = SERVER,
                                        .other_role = SERVER,
                                        .holds = terms_agree}},
};

const struct gs_model *rig_later(void)
{
    static struct gs_model later;
    later = rig;
    later.events[REQUEST].fields[1] = "urgency";
    return &later;
}

/* ---- Memory and files that end with the test ---- */

static void **kept;
static size_t kept_count, kept_capacity;
static char **temporary;
static size_t temporary_count, temporary_capacity;

void *keep(void *memory)
{
    kept = die_grow(kept, &kept_capacity, kept_count + 1, sizeof(*kept));
    kept[kept_count++] = memory;
    return memory;
}

char *temporary_path(const char *name)
{
    char *path;
    char directory[] = "/tmp/gainsay-trace-XXXXXX";
    cr_assert(mkdtemp(directory) != NULL);
    cr_assert(asprintf(&path, "%s/%s", directory, name) > 0);
    temporary = die_grow(temporary, &temporary_capacity, temporary_count + 1, sizeof(*temporary));
    temporary[temporary_count++] = keep(strdup(path));
    return keep(path);
}

void remove_temporary_files(void)
{
    for (size_t i = 0; i < temporary_count; i++) {
        unlink(temporary[i]);
        *strrchr(temporary[i], '/') = '\0';
        rmdir(temporary[i]);
    }
}

/* ---- Runs and traces ---- */

struct gs_run *make_run(const struct gs_model *model, const struct run_config *config)
{
    char error[512];
    struct gs_run *run = run_new(model, config, error, sizeof(error));
    cr_assert(run != NULL, "%s", error);
    return keep(run);
}

/* Looks for the branch of an event whose text is wanted, and takes it. */
struct search {
    struct world *world;
    struct world scratch;
    struct effect effect;
    struct trace *trace;
    const char *wanted;
    bool found;
};

static bool has_text(const struct gs_run *run, const struct event *event, const char *wanted)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    event_print(run, event, out);
    fclose(out);
    const bool is_wanted = strcmp(text, wanted) == 0;
    free(text);
    return is_wanted;
}

static void find(void *context, const struct event *event)
{
    struct search *search = context;
    struct event branch = *event;
    struct outcome drawn = {0};

    if (search->found)
        return;
    do {
        world_copy(&search->scratch, search->world);
        const enum world_result result = world_apply(&search->scratch, &branch, &search->effect);
        drawn.choice_count = search->effect.choice_count;
        memcpy(drawn.choices, search->effect.choices, sizeof(drawn.choices));
        memcpy(drawn.choice_limits, search->effect.choice_limits, sizeof(drawn.choice_limits));
        struct event complete = branch;
        if (drawn.choice_count > complete.choice_count) {
            complete.choice_count = (uint8_t)drawn.choice_count;
            memcpy(complete.choices, drawn.choices, sizeof(drawn.choices));
        }
        if (!has_text(search->world->run, &complete, search->wanted))
            continue;
        search->found = true;
        trace_append(search->trace, &complete);
        cr_assert(result == WORLD_STEP || result == WORLD_MISBEHAVED, "%s: %d %s", search->wanted, result,
                  search->effect.explanation);
        world_copy(search->world, &search->scratch);
    } while (!search->found && step_next_branch(&drawn, &branch));
}

static const char *const *take_starts(struct search *search, const char *const *events)
{
    const struct gs_run *run = search->world->run;

    for (unsigned n = 0; n < run->node_count; n++) {
        const struct event event = {.action = ACTION_START, .node = node_of(n)};
        char plain[80];
        if (!run_role_of(run, n)->starts)
            continue;
        snprintf(plain, sizeof(plain), "start %s", run->nodes[n].name);
        const bool is_named = events[0] && strncmp(events[0], plain, strlen(plain)) == 0;
        search->wanted = is_named ? *events++ : plain;
        search->found = false;
        find(search, &event);
        cr_assert(search->found, "%s", search->wanted);
    }
    return events;
}

struct trace *make_trace(const struct gs_run *run, unsigned property, const char *const *events)
{
    struct world world;
    const bool uses_monitor =
        property < run_property_count(run) && (run_property(run, property)->scope == GS_SCOPE_MONITOR ||
                                               run_property(run, property)->scope == GS_SCOPE_MONITOR_NODE);
    struct search search = {.world = &world};
    char explanation[EXPLANATION_SIZE];

    cr_assert(world_init(&world, run, uses_monitor, explanation));
    search.trace = trace_new(run, property, "", uses_monitor);
    for (events = take_starts(&search, events); *events; events++) {
        search.wanted = *events;
        search.found = false;
        world_visit(&world, find, &search);
        cr_assert(search.found, "not possible: %s", *events);
    }
    world_free(&world);
    world_free(&search.scratch);
    effect_free(&search.effect);
    return keep(search.trace);
}

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})

struct trace *make_commit_trace(struct gs_run **run)
{
    *run = make_run(&two_phase_commit, &(struct run_config){.preset = "small", .mutants = LIST("commit-on-one-vote")});
    return make_trace(*run, 0,
                      LIST("resource-manager0: prepare", "resource-manager0 -> transaction-manager: vote",
                           "transaction-manager: decide", "transaction-manager -> resource-manager0: commit",
                           "resource-manager1: refuse"));
}

struct trace *make_bag_trace(struct gs_run **run)
{
    *run = make_run(&rig, &(struct run_config){.settings = LIST("mode=bold")});
    return make_trace(*run, RIG_AT_MOST_ONE_LEADER,
                      LIST("start server0 choosing 0", "start server1 choosing 1", "start server2 choosing 0",
                           "server1: propose {value -2, to server0}",
                           "server1 -> server0: entries {entries [(value 1, by server0)], entry_count 1}",
                           "server0: timer election", "server0 -> server1: request {term 1}",
                           "drop server0 -> server2: request {term 1}", "server0: timer heartbeat 1",
                           "duplicate server1 -> server0: reply {term 1, granted true}", "crash server0",
                           "restart server0 choosing 1", "server0: timer election",
                           "server0 -> server1: request {term 2}", "server1 -> server0: reply {term 2, granted true}"));
}

struct trace *make_fifo_trace(struct gs_run **run)
{
    *run = make_run(&rig,
                    &(struct run_config){.settings = LIST("servers=4", "racks=1"), .network = GS_FIFO, .capacity = 2});
    return make_trace(
        *run, RIG_LEADER_ELECTED,
        LIST("crash server2, server3", "server0: timer election",
             "partition {server0, server1, witness} | {server2, server3}", "heal",
             "server0 -> server1: request {term 1}", "restart server2, server3", "reboot server2, server3",
             "witness -> server0: reply {term 0, granted false}", "server1 -> server0: reply {term 1, granted true}",
             "server2: timer election", "server2 -> server1: request {term 1}", "server2 -> server0: request {term 1}",
             "server1 -> server2: reply {term 1, granted true}", "server0 -> server2: reply {term 1, granted true}"));
}

struct trace *make_break_trace(struct gs_run **run)
{
    *run = make_run(&rig, &(struct run_config){0});
    return make_trace(*run, RIG_PROPERTIES, LIST("server1: break choosing 0", "server0: break choosing 1"));
}

/* ---- Files ---- */

bool resolve_model(void *context, const char *protocol, const char *plugin, const char *const *extensions,
                   struct trace_sources *sources, char *error, size_t error_size)
{
    (void)extensions;
    (void)plugin;
    const struct gs_model *const models[] = {&two_phase_commit, context ? rig_later() : &rig, &raft, &hostile};
    sources->model = NULL;
    for (size_t i = 0; i < sizeof(models) / sizeof(*models); i++)
        if (strcmp(models[i]->name, protocol) == 0)
            sources->model = models[i];
    return sources->model || fields_refuse(error, error_size, "there is no protocol %s", protocol);
}

char *read_text_file(const char *path)
{
    FILE *in = fopen(path, "r");
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    cr_assert(in != NULL, "%s: %s", path, strerror(errno));
    for (int c = fgetc(in); c != EOF; c = fgetc(in)) /* NUL bytes end the text */
        fputc(c, out);
    fclose(in);
    fclose(out);
    return keep(text);
}

void write_text_file(const char *path, const void *text, size_t size)
{
    FILE *out = fopen(path, "w");
    cr_assert(out != NULL, "%s: %s", path, strerror(errno));
    cr_assert(fwrite(text, 1, size, out) == size);
    cr_assert(fclose(out) == 0);
}

void expect_golden(const char *name, const char *text)
{
    const char *root = getenv("GAINSAY_ROOT");
    char path[4096];
    snprintf(path, sizeof(path), "%s/tests/data/%s", root ? root : ".", name);
    if (getenv("GAINSAY_GOLDEN"))
        write_text_file(path, text, strlen(text));
    char *golden = read_text_file(path);
    cr_expect(eq(str, (char *)(uintptr_t)text, golden), "%s (make golden rewrites it)", name);
    free(golden);
}
