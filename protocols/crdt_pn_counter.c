/* PN-Counter: a counter that also goes down (CS 3.1.3, specification 7): two G-Counters, of increments and of
 * decrements; the value is their difference and may be negative. */
#include "protocols/crdt.h"

enum { INCREMENT = CRDT_OWN, DECREMENT };
enum { UP, DOWN }; /* kinds of updates */
enum { SINGLE_COUNTER, FLOOR0 };

struct replica {
    struct gs_seen seen;
    struct updown_counter counter;
};
struct message {
    uint8_t type;
    struct gs_seen seen;
    struct updown_counter counter;
};

static const char *const kind_names[] = {"increment", "decrement"};
static const struct gs_field seen_fields[] = GS_SEEN_FIELDS(CRDT_REPLICA);
static const struct gs_field update_fields[] = GS_UPDATE_FIELDS(kind_names, seen_fields);
static const struct gs_field updates_fields[] = GS_UPDATES_FIELDS(seen_fields, update_fields);
const struct gs_field updown_counter_fields[] = {
    GS_BY_NODE(struct updown_counter, up, CRDT_REPLICA),
    GS_BY_NODE(struct updown_counter, down, CRDT_REPLICA),
    GS_FIELDS_END,
};
static const struct gs_field replica_fields[] = {
    GS_STRUCT(struct replica, seen, seen_fields, GS_DURABLE),
    GS_STRUCT(struct replica, counter, updown_counter_fields, GS_DURABLE),
    GS_FIELDS_END,
};
static const struct gs_field message_fields[] = {
    GS_STRUCT(struct message, seen, seen_fields),
    GS_STRUCT(struct message, counter, updown_counter_fields),
    GS_FIELDS_END,
};

static int value_of(const struct updown_counter *counter)
{
    int value = 0;
    for (int k = 0; k < CRDT_REPLICAS_MAX; k++)
        value += counter->up[k] - counter->down[k];
    return value;
}

static void count(struct gs_step *s, void *self, const struct gs_event *e, struct gs_update *update)
{
    struct updown_counter *counter = &((struct replica *)self)->counter;
    const int k = gs_index(s, gs_self(s));
    update->kind = e->type == INCREMENT ? UP : DOWN;
    if (e->type == INCREMENT)
        counter->up[k]++;
    else if (value_of(counter) > 0 || !crdt_mutant(GS_RUN(s), FLOOR0))
        counter->down[k]++;
}

static uint8_t greater(uint8_t a, uint8_t b)
{
    return a > b ? a : b;
}

static void merge(const struct gs_run *run, void *payload, const void *other)
{
    struct updown_counter *mine = payload;
    const struct updown_counter *theirs = other;
    for (int k = 0; k < CRDT_REPLICAS_MAX; k++) {
        if (!crdt_mutant(GS_RUN(run), SINGLE_COUNTER)) {
            mine->up[k] = greater(mine->up[k], theirs->up[k]);
            mine->down[k] = greater(mine->down[k], theirs->down[k]);
        } else if (theirs->up[k] - theirs->down[k] > mine->up[k] - mine->down[k]) {
            mine->up[k] = theirs->up[k];
            mine->down[k] = theirs->down[k];
        }
    }
}

static const struct crdt type = {
    .payload_size = sizeof(struct updown_counter),
    .replica_size = sizeof(struct replica),
    .update = count,
    .merge = merge,
};
CRDT_CLAIMS(type)

static bool value_is_the_sum(struct gs_view *v)
{
    const struct gs_updates *updates = gs_monitor_value(v);
    const struct replica *replica = gs_this(v);
    const int value = value_of(&replica->counter);
    int sum = 0;
    for (GS_EACH_SEEN(place, replica->seen))
        sum += updates->made[place].kind == UP ? 1 : -1;
    return value == sum || gs_explain(v, "the value of %s is %d, and the updates that it has seen make %d",
                                      gs_name(v, gs_this_node(v)), value, sum);
}

static bool below_zero(struct gs_view *v)
{
    return value_of(&((const struct replica *)gs_this(v))->counter) < 0;
}

const struct gs_model pn_counter = {
    .name = "pn-counter",
    .title = "a replicated counter that goes up and down",
    .source = "Shapiro et al., A comprehensive study of Convergent and Commutative Replicated Data Types (2011)",
    .message_size = sizeof(struct message),
    .message_fields = message_fields,
    .network = GS_SET,
    .roles = {[CRDT_REPLICA] = CRDT_ROLE(type, struct replica, replica_fields)},
    .events = {[CRDT_STATE] = {.name = "state", .fields = {"seen", "counter"}},
               [INCREMENT] = {.name = "increment", .kind = GS_LOCAL, .role = CRDT_REPLICA},
               [DECREMENT] = {.name = "decrement", .kind = GS_LOCAL, .role = CRDT_REPLICA}},
    .options = {CRDT_COMMON_OPTIONS},
    .presets = {CRDT_COMMON_PRESETS},
    .mutants = {[SINGLE_COUNTER] = {"single-counter", "a merge takes the greater of each replica's net value",
                                    "value-is-the-sum", "two", false},
                [FLOOR0] = {"floor0", "a decrement at zero is lost", "value-is-the-sum", "two", false}},
    .announcements = CRDT_ANNOUNCED(update_fields),
    .monitors = CRDT_MONITORS(updates_fields),
    .properties = {{.name = "value-is-the-sum",
                    .claim = "a replica's value is the increments less the decrements that it has seen",
                    .kind = GS_ALWAYS,
                    .scope = GS_SCOPE_MONITOR_NODE,
                    .monitor = CRDT_MONITOR,
                    .holds = value_is_the_sum},
                   CRDT_PROPERTIES,
                   {.name = "below-zero",
                    .claim = "a replica's value is negative",
                    .kind = GS_REACHABLE,
                    .scope = GS_SCOPE_NODE,
                    .holds = below_zero}},
};
