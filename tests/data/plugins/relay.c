/* A protocol whose shortest counterexample is long and full of faults, for whatever shows traces: five stations pass a
 * baton on and on, and the claim is that they stop before they have done so `passes` times. On the way a message has to
 * be dropped (it blocks a channel), another one to come twice, and a station to crash and come back. */
#include "core/gainsay.h"

enum { STATION };                                                        /* roles */
enum { IDLE, HOLDING, READY, WAITING };                                  /* phases */
enum { BATON, RECEIPT, NOISE, /* timer: */ BREATHE, /* local: */ PASS }; /* events */
enum { STATIONS, PASSES };                                               /* options */
enum { PASSED };                                                         /* announcements */
enum { TIRED = 2, DEAF = 3 };                                            /* indices of two peculiar stations */

struct leg {
    uint8_t number;
    gs_node from;
};

struct station {
    uint8_t phase;
    uint8_t number; /* of the leg that ended here last */
    uint8_t heard;  /* how often that baton was handed over */
    uint8_t runs;   /* since it was started */
    gs_node next;
    gs_node_set met;
    uint8_t leg_count;
    struct leg legs[3];
    uint8_t waited[9];
};

struct message {
    uint8_t type;
    uint8_t number;
    gs_node origin;
};

struct passed {
    uint8_t number;
    gs_node to;
};

struct passes {
    uint8_t count;
    gs_node last;
};

static const char *const phase_names[] = {"idle", "holding", "ready", "waiting"};

static const struct gs_field leg_fields[] = {
    GS_FIELD(struct leg, number),
    GS_FIELD(struct leg, from),
    GS_FIELDS_END,
};
static const struct gs_field station_fields[] = {
    GS_ENUM(struct station, phase, phase_names, GS_DURABLE),
    GS_FIELD(struct station, number, GS_DURABLE),
    GS_FIELD(struct station, heard, GS_DURABLE),
    GS_FIELD(struct station, runs),
    GS_FIELD(struct station, next),
    GS_FIELD(struct station, met),
    GS_FIELD(struct station, leg_count),
    GS_STRUCT_LIST(struct station, legs, leg_count, leg_fields),
    GS_BY_NODE(struct station, waited, STATION),
    GS_FIELDS_END,
};
static const struct gs_field message_fields[] = {
    GS_FIELD(struct message, number),
    GS_FIELD(struct message, origin),
    GS_FIELDS_END,
};
static const struct gs_field passed_fields[] = {
    GS_FIELD(struct passed, number),
    GS_FIELD(struct passed, to),
    GS_FIELDS_END,
};
static const struct gs_field passes_fields[] = {
    GS_FIELD(struct passes, count),
    GS_FIELD(struct passes, last),
    GS_FIELDS_END,
};

static bool is_at(struct gs_step *s, int index)
{
    return gs_index(s, gs_self(s)) == index;
}

static bool start(struct gs_step *s, struct station *self, const struct gs_event *e)
{
    self->next = gs_node_at(s, STATION, (gs_index(s, gs_self(s)) + 1) % gs_count(s, STATION));
    if (!e->restarted && is_at(s, 0))
        self->phase = HOLDING;
    if (!e->restarted && is_at(s, 1))
        self->runs = (uint8_t)gs_choose(s, 2);
    if (!e->restarted && is_at(s, gs_count(s, STATION) - 1)) /* never taken: blocks the channel to the first */
        gs_send(s, self->next, &(struct message){.type = NOISE});
    return self->phase != HOLDING || gs_set_timer(s, BREATHE, 0);
}

static bool receive(struct gs_step *s, struct station *self, const struct gs_event *e, const struct message *m)
{
    if (self->phase == HOLDING && m->number == self->number) {
        self->heard++;
        return true;
    }
    if (self->phase != IDLE)
        return gs_defer(s);
    self->phase = HOLDING;
    self->number = m->number;
    self->heard++;
    self->met = gs_set_with(self->met, m->origin);
    if (self->leg_count == 3)
        gs_truncate(self->legs, &self->leg_count, 0);
    gs_push(self->legs, &self->leg_count, &(struct leg){.number = m->number, .from = e->from});
    gs_set_timer(s, BREATHE, 0);
    return gs_send(s, e->from, &(struct message){.type = RECEIPT, .number = m->number});
}

static bool pass(struct gs_step *s, struct station *self)
{
    const struct message baton = {
        .type = BATON, .number = (uint8_t)(self->number + 1), .origin = gs_node_at(s, STATION, self->number % 5)};

    if (self->phase != READY || (is_at(s, TIRED) && self->runs && self->number < 10))
        return false;
    self->phase = WAITING;
    self->runs++;
    gs_announce(s, PASSED, &(struct passed){.number = baton.number, .to = self->next});
    return gs_send(s, self->next, &baton);
}

static bool station_step(struct gs_step *s, void *state, const struct gs_event *e)
{
    struct station *self = state;
    const struct message *m = e->message;

    switch (e->type) {
    case GS_START:
        return start(s, self, e);
    case BATON:
        return receive(s, self, e, m);
    case RECEIPT:
        if (self->phase != WAITING)
            return false;
        self->phase = IDLE;
        self->waited[gs_index(s, e->from)]++;
        return true;
    case NOISE:
        return gs_defer(s);
    case BREATHE:
        if (is_at(s, DEAF) && self->heard < 2)
            return false;
        self->phase = READY;
        return true;
    case PASS:
        return pass(s, self);
    }
    return gs_unhandled(s, e);
}

static void count_pass(const struct gs_run *run, void *value, gs_node by, int announcement, const void *announced)
{
    struct passes *passes = value;
    const struct passed *passed = announced;
    (void)run;
    (void)announcement;
    passes->count = passed->number;
    passes->last = by;
}

static bool stops_in_time(struct gs_view *v)
{
    const struct passes *passes = gs_monitor_value(v);
    return passes->count < gs_option(v, PASSES) ||
           gs_explain(v, "%s passed the baton on for the %uth time", gs_name(v, passes->last), passes->count);
}

static bool comes_round(struct gs_view *v)
{
    const struct station *self = gs_this(v);
    return self->leg_count >= 2;
}

static const struct gs_model relay = {
    .name = "relay",
    .title = "stations that pass a baton on, with every kind of fault on the way",
    .source = "none",
    .message_size = sizeof(struct message),
    .message_fields = message_fields,
    .network = GS_FIFO,
    .roles = {[STATION] = {.name = "station",
                           .size = sizeof(struct station),
                           .fields = station_fields,
                           .step = station_step,
                           .count_option = STATIONS,
                           .starts = true}},
    .events = {[BATON] = {.name = "baton", .kind = GS_MESSAGE, .fields = {"number", "origin"}},
               [RECEIPT] = {.name = "receipt", .kind = GS_MESSAGE, .fields = {"number"}},
               [NOISE] = {.name = "noise", .kind = GS_MESSAGE},
               [BREATHE] = {.name = "breathe", .kind = GS_TIMER, .role = STATION},
               [PASS] = {.name = "pass", .kind = GS_LOCAL, .role = STATION}},
    .options = {[STATIONS] = {"stations", "how many there are", 5, 5, 9, NULL},
                [PASSES] = {"passes", "the baton is passed on fewer times than this", 15, 1, 30, NULL}},
    .presets = {{.name = "quick",
                 .meaning = "one fault of each kind",
                 .budgets = {.drops = 1, .duplicates = 1, .crashes = 1, .restarts = 1}}},
    .mutants = {{.name = "none", .meaning = "breaks nothing", .property = "stops-in-time", .liveness = true}},
    .announcements = {[PASSED] = {"passed", sizeof(struct passed), passed_fields}},
    .monitors = {{.name = "passes", .size = sizeof(struct passes), .fields = passes_fields, .announced = count_pass}},
    .properties = {{.name = "stops-in-time",
                    .claim = "the baton is passed on fewer than `passes` times",
                    .kind = GS_ALWAYS,
                    .scope = GS_SCOPE_MONITOR,
                    .holds = stops_in_time},
                   {.name = "comes-round",
                    .claim = "a station has had the baton twice",
                    .kind = GS_REACHABLE,
                    .scope = GS_SCOPE_NODE,
                    .role = STATION,
                    .holds = comes_round}},
};

GS_EXPORT_MODEL(relay);
