/* G-Counter: a counter that only grows (CS 3.1.1, specification 6). Each replica counts in its own entry; the merge
 * takes the greater of each entry, the value is the sum. */
#include "protocols/crdt.h"

enum { INCREMENT = CRDT_OWN };
enum { AMOUNT = CRDT_OPTIONS };
enum { MERGE_SUM, MERGE_LAST, SHARED_ID };

struct replica {
    struct gs_seen seen;
    struct grow_counter counter;
    gs_node entry; /* that it counts in; nobody until it has a counter */
};
struct message {
    uint8_t type;
    struct gs_seen seen;
    struct grow_counter counter;
};

static const char *const kind_names[] = {"increment"};
static const struct gs_field seen_fields[] = GS_SEEN_FIELDS(CRDT_REPLICA);
static const struct gs_field update_fields[] = GS_UPDATE_FIELDS(kind_names, seen_fields);
static const struct gs_field updates_fields[] = GS_UPDATES_FIELDS(seen_fields, update_fields);
const struct gs_field grow_counter_fields[] = {
    GS_BY_NODE(struct grow_counter, entries, CRDT_REPLICA),
    GS_FIELDS_END,
};
static const struct gs_field replica_fields[] = {
    GS_STRUCT(struct replica, seen, seen_fields, GS_DURABLE),
    GS_STRUCT(struct replica, counter, grow_counter_fields, GS_DURABLE),
    GS_FIELD(struct replica, entry, GS_DURABLE),
    GS_FIELDS_END,
};
static const struct gs_field message_fields[] = {
    GS_STRUCT(struct message, seen, seen_fields),
    GS_STRUCT(struct message, counter, grow_counter_fields),
    GS_FIELDS_END,
};

static void increment(struct gs_step *s, void *self, const struct gs_event *e, struct gs_update *update)
{
    struct replica *replica = self;
    if (gs_is_nobody(replica->entry))
        replica->entry = gs_self(s);
    uint8_t *entry = &replica->counter.entries[gs_index(s, replica->entry)];
    *entry = (uint8_t)(*entry + e->arguments[0]);
    update->arguments[0] = (uint8_t)e->arguments[0];
}

static void merge(const struct gs_run *run, void *payload, const void *other)
{
    struct grow_counter *mine = payload;
    const struct grow_counter *theirs = other;
    for (int k = 0; k < CRDT_REPLICAS_MAX; k++)
        if (crdt_mutant(GS_RUN(run), MERGE_SUM))
            mine->entries[k] = (uint8_t)(mine->entries[k] + theirs->entries[k]);
        else if (mine->entries[k] < theirs->entries[k] || crdt_mutant(GS_RUN(run), MERGE_LAST))
            mine->entries[k] = theirs->entries[k];
}

/* A counter that comes from another replica is counted in by the own entry. */
static void adopt(struct gs_step *s, void *self, gs_node from)
{
    struct replica *replica = self;
    if (gs_is_nobody(replica->entry))
        replica->entry = crdt_mutant(GS_RUN(s), SHARED_ID) ? from : gs_self(s);
}

static const struct crdt type = {
    .payload_size = sizeof(struct grow_counter),
    .replica_size = sizeof(struct replica),
    .update = increment,
    .merge = merge,
    .merged = adopt,
};
CRDT_CLAIMS(type)

static bool within(const struct gs_run *run, gs_node self, const void *state)
{
    const struct replica *replica = state;
    (void)run, (void)self;
    for (int k = 0; k < CRDT_REPLICAS_MAX; k++)
        if (replica->counter.entries[k] > 100)
            return false;
    return true;
}

static bool value_is_the_sum(struct gs_view *v)
{
    const struct gs_updates *updates = gs_monitor_value(v);
    const struct replica *replica = gs_this(v);
    int value = 0, sum = 0;
    for (int k = 0; k < CRDT_REPLICAS_MAX; k++)
        value += replica->counter.entries[k];
    for (GS_EACH_SEEN(place, replica->seen))
        sum += updates->made[place].arguments[0];
    return value == sum || gs_explain(v, "the value of %s is %d, and the increments that it has seen make %d",
                                      gs_name(v, gs_this_node(v)), value, sum);
}

/* Nobody's entry is ahead of its own replica: only that one counts in it. */
static bool entries_are_own(struct gs_view *v)
{
    const struct replica *owner = gs_this(v), *other = gs_that(v);
    const int k = gs_index(v, gs_this_node(v));
    return other->counter.entries[k] <= owner->counter.entries[k] ||
           gs_explain(v, "%s has counted %d in the entry of %s, which is at %d", gs_name(v, gs_that_node(v)),
                      other->counter.entries[k], gs_name(v, gs_this_node(v)), owner->counter.entries[k]);
}

const struct gs_model g_counter = {
    .name = "g-counter",
    .title = "a replicated counter that only grows",
    .source = "Shapiro et al., A comprehensive study of Convergent and Commutative Replicated Data Types (2011)",
    .message_size = sizeof(struct message),
    .message_fields = message_fields,
    .network = GS_SET,
    .roles = {[CRDT_REPLICA] = {.name = "replica",
                                .size = sizeof(struct replica),
                                .fields = replica_fields,
                                .step = crdt_step,
                                .count_option = CRDT_REPLICAS,
                                .within = within,
                                .within_text = "entries <= 100",
                                .context = &type}},
    .events = {[CRDT_STATE] = {.name = "state", .fields = {"seen", "counter"}},
               [INCREMENT] =
                   {.name = "increment",
                    .kind = GS_LOCAL,
                    .role = CRDT_REPLICA,
                    .arguments = {{.name = "amount", .kind = GS_RANGE, .min = 1, .max = 1, .max_option = AMOUNT + 1}}}},
    .options = {CRDT_COMMON_OPTIONS, [AMOUNT] = {"amount", "the most that one increment adds", 1, 1, 3, NULL}},
    .presets = {CRDT_COMMON_PRESETS},
    .mutants = {[MERGE_SUM] = {"merge-sum", "a merge adds the entries", "value-is-the-sum", "two", false},
                [MERGE_LAST] = {"merge-last", "a merge takes the other's entries as they are", "value-is-the-sum",
                                "two", false},
                [SHARED_ID] = {"shared-id",
                               "a counter that comes from another replica is counted in by that one's entry",
                               "value-is-the-sum", "two", false}},
    .announcements = CRDT_ANNOUNCED(update_fields),
    .monitors = CRDT_MONITORS(updates_fields),
    .properties = {{.name = "value-is-the-sum",
                    .claim = "a replica's value is the sum of the increments that it has seen",
                    .kind = GS_ALWAYS,
                    .scope = GS_SCOPE_MONITOR_NODE,
                    .monitor = CRDT_MONITOR,
                    .holds = value_is_the_sum},
                   {.name = "entries-are-own",
                    .claim = "no replica's entry is ahead of what that replica has counted",
                    .kind = GS_ALWAYS,
                    .scope = GS_SCOPE_PAIR,
                    .holds = entries_are_own},
                   CRDT_PROPERTIES},
};
