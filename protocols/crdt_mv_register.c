/* MV-Register: a register that keeps concurrent writes side by side (CS 3.2.2, specification 10, as in Dynamo). Each
 * value has a version vector; a write replaces all that its replica holds, a merge drops what the other side's vectors
 * are ahead of. */
#include <string.h>

#include "properties/vector_clock.h"
#include "protocols/crdt.h"

enum { WRITE = CRDT_OWN };
enum { VALUES = CRDT_OPTIONS };
enum { DROP_SIBLINGS, KEEP_DOMINATED, FORGET_CONTEXT };

struct sibling {
    uint8_t version[CRDT_REPLICAS_MAX];
    uint8_t value;
};
struct siblings {
    uint8_t count;
    struct sibling all[CRDT_UPDATES_MAX]; /* sorted; room for what the mutants keep */
};
struct replica {
    struct gs_seen seen;
    struct siblings siblings;
};
struct message {
    uint8_t type;
    struct gs_seen seen;
    struct siblings siblings;
};

static const char *const kind_names[] = {"write"};
static const struct gs_field seen_fields[] = GS_SEEN_FIELDS(CRDT_REPLICA);
static const struct gs_field update_fields[] = GS_UPDATE_FIELDS(kind_names, seen_fields);
static const struct gs_field updates_fields[] = GS_UPDATES_FIELDS(seen_fields, update_fields);
static const struct gs_field sibling_fields[] = {
    GS_BY_NODE(struct sibling, version, CRDT_REPLICA),
    GS_FIELD(struct sibling, value),
    GS_FIELDS_END,
};
static const struct gs_field siblings_fields[] = {
    GS_FIELD(struct siblings, count),
    GS_STRUCT_LIST(struct siblings, all, count, sibling_fields),
    GS_FIELDS_END,
};
static const struct gs_field replica_fields[] = {
    GS_STRUCT(struct replica, seen, seen_fields, GS_DURABLE),
    GS_STRUCT(struct replica, siblings, siblings_fields, GS_DURABLE),
    GS_FIELDS_END,
};
static const struct gs_field message_fields[] = {
    GS_STRUCT(struct message, seen, seen_fields),
    GS_STRUCT(struct message, siblings, siblings_fields),
    GS_FIELDS_END,
};

static bool is_behind(const struct sibling *a, const struct sibling *b)
{
    return gs_counts_compare(a->version, b->version) == GS_BEFORE;
}

static void write(struct gs_step *s, void *self, const struct gs_event *e, struct gs_update *update)
{
    struct replica *replica = self;
    const int k = gs_index(s, gs_self(s));
    struct sibling next = {.value = (uint8_t)e->arguments[0]};
    for (int i = 0; i < replica->siblings.count && !crdt_mutant(GS_RUN(s), FORGET_CONTEXT); i++)
        gs_counts_join(next.version, replica->siblings.all[i].version);
    next.version[k] = (uint8_t)(replica->seen.of[k] + 1);
    update->arguments[0] = next.value;
    replica->siblings = (struct siblings){.count = 1, .all = {next}};
}

static bool is_kept(const struct gs_run *run, const struct sibling *sibling, const struct siblings *others)
{
    for (int i = 0; i < others->count; i++)
        if (is_behind(sibling, &others->all[i]) && !crdt_mutant(GS_RUN(run), KEEP_DOMINATED))
            return false;
    return true;
}

static void merge(const struct gs_run *run, void *payload, const void *other)
{
    struct siblings *mine = payload, merged = {0};
    const struct siblings *theirs = other;
    for (int i = 0; i < mine->count; i++)
        if (is_kept(run, &mine->all[i], theirs))
            gs_insert(merged.all, &merged.count, &mine->all[i]);
    for (int i = 0; i < theirs->count && !(merged.count && crdt_mutant(GS_RUN(run), DROP_SIBLINGS)); i++)
        if (is_kept(run, &theirs->all[i], mine))
            gs_insert(merged.all, &merged.count, &theirs->all[i]);
    *mine = merged;
}

static const struct crdt type = {
    .payload_size = sizeof(struct siblings),
    .replica_size = sizeof(struct replica),
    .update = write,
    .merge = merge,
};
CRDT_CLAIMS(type)

/* ---- Claims ------------------------------------------------------------------------------------------------------ */

static bool is_overwritten(const struct gs_updates *updates, struct gs_seen seen, int place)
{
    for (GS_EACH_SEEN(later, seen))
        if (later != place && gs_update_precedes(updates, place, later))
            return true;
    return false;
}

/* The write at a place is what its replica had seen, and itself. */
static bool is_write(const struct gs_updates *updates, int place, const struct sibling *sibling)
{
    struct gs_seen version = updates->made[place].seen;
    version.of[gs_update_updater(place)]++;
    return memcmp(version.of, sibling->version, sizeof(version.of)) == 0 &&
           sibling->value == updates->made[place].arguments[0];
}

static bool holds_write(const struct gs_updates *updates, const struct siblings *siblings, int place)
{
    for (int i = 0; i < siblings->count; i++)
        if (is_write(updates, place, &siblings->all[i]))
            return true;
    return false;
}

static bool keeps_what_is_not_overwritten(struct gs_view *v)
{
    const struct gs_updates *updates = gs_monitor_value(v);
    const struct replica *replica = gs_this(v);
    int expected = 0;
    for (GS_EACH_SEEN(place, replica->seen)) {
        if (is_overwritten(updates, replica->seen, place))
            continue;
        expected++;
        if (!holds_write(updates, &replica->siblings, place))
            return gs_explain(v, "%s lacks write %d of %s, which no write that it has seen came after",
                              gs_name(v, gs_this_node(v)), gs_update_number(place) + 1,
                              gs_name(v, gs_node_at(v, CRDT_REPLICA, gs_update_updater(place))));
    }
    return replica->siblings.count == expected ||
           gs_explain(v, "%s holds %d values, and %d writes that it has seen are not overwritten",
                      gs_name(v, gs_this_node(v)), replica->siblings.count, expected);
}

static bool has_siblings(struct gs_view *v)
{
    return ((const struct replica *)gs_this(v))->siblings.count >= 2;
}

/* One value again, of a write that replaced siblings. */
static bool siblings_are_resolved(struct gs_view *v)
{
    const struct replica *before = gs_before(v), *after = gs_this(v);
    return before->siblings.count >= 2 && after->siblings.count == 1;
}

static bool three_can_be_written(const struct gs_run *run)
{
    return gs_option(run, CRDT_UPDATES) >= 3;
}

const struct gs_model mv_register = {
    .name = "mv-register",
    .title = "a replicated register that keeps concurrent writes side by side",
    .source = "Shapiro et al., A comprehensive study of Convergent and Commutative Replicated Data Types (2011)",
    .message_size = sizeof(struct message),
    .message_fields = message_fields,
    .network = GS_SET,
    .roles = {[CRDT_REPLICA] = CRDT_ROLE(type, struct replica, replica_fields)},
    .events =
        {[CRDT_STATE] = {.name = "state", .fields = {"seen", "siblings"}},
         [WRITE] = {.name = "write",
                    .kind = GS_LOCAL,
                    .role = CRDT_REPLICA,
                    .arguments = {{.name = "value", .kind = GS_RANGE, .min = 1, .max = 1, .max_option = VALUES + 1}}}},
    .options = {CRDT_COMMON_OPTIONS, [VALUES] = {"values", "how many there are to write", 1, 1, 3, NULL}},
    .presets = {CRDT_COMMON_PRESETS},
    .mutants = {[DROP_SIBLINGS] = {"drop-siblings", "of concurrent writes a merge keeps its own",
                                   "same-seen-same-state", "two", false},
                [KEEP_DOMINATED] = {"keep-dominated", "a merge keeps all values of both sides",
                                    "keeps-what-is-not-overwritten", "two", false},
                [FORGET_CONTEXT] = {"forget-context", "a write's version is that of its own replica alone",
                                    "keeps-what-is-not-overwritten", "two", false}},
    .announcements = CRDT_ANNOUNCED(update_fields),
    .monitors = CRDT_MONITORS(updates_fields),
    .properties = {{.name = "keeps-what-is-not-overwritten",
                    .claim = "a replica holds the writes that it has seen and that none it has seen came after",
                    .kind = GS_ALWAYS,
                    .scope = GS_SCOPE_MONITOR_NODE,
                    .monitor = CRDT_MONITOR,
                    .holds = keeps_what_is_not_overwritten},
                   CRDT_PROPERTIES,
                   {.name = "has-siblings",
                    .claim = "a replica holds two concurrent values",
                    .kind = GS_REACHABLE,
                    .scope = GS_SCOPE_NODE,
                    .holds = has_siblings,
                    .needs = crdt_has_two_updates,
                    .needs_text = "updates >= 2"},
                   {.name = "siblings-are-resolved",
                    .claim = "a write replaces two concurrent values",
                    .kind = GS_REACHABLE,
                    .scope = GS_SCOPE_STEP,
                    .holds = siblings_are_resolved,
                    .needs = three_can_be_written,
                    .needs_text = "updates >= 3"}},
};
