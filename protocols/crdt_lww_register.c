/* LWW-Register: the write with the greatest timestamp wins (CS 3.2.1, specification 8). Timestamps are those of a
 * hybrid logical clock (Kulkarni, Demirbas, Madappa, Avva and Leone, "Logical Physical Clocks", 2014): physical time, a
 * counter, and the writer, which breaks ties. The clock's last reading is the timestamp of the register itself, which
 * is the greatest that the replica has seen. A physical clock may show anything from 0 to `clock` at any write, also
 * less than before: clocks of any skew that may be set back. A value is told by its writer and which of its writes it
 * is. */
#include "properties/hybrid_clock.h"
#include "protocols/crdt.h"

enum { WRITE = CRDT_OWN };
enum { CLOCK = CRDT_OPTIONS };
enum { NO_TIEBREAK, GE_MERGE, WALL_CLOCK };

struct stamped {
    uint8_t physical, logical;
    gs_node writer; /* nobody: never written */
    uint8_t write;  /* the writer's first is 1 */
};
struct replica {
    struct gs_seen seen;
    struct stamped value;
};
struct message {
    uint8_t type;
    struct gs_seen seen;
    struct stamped value;
};

static const char *const kind_names[] = {"write"};
static const struct gs_field seen_fields[] = GS_SEEN_FIELDS(CRDT_REPLICA);
static const struct gs_field update_fields[] = GS_UPDATE_FIELDS(kind_names, seen_fields);
static const struct gs_field updates_fields[] = GS_UPDATES_FIELDS(seen_fields, update_fields);
static const struct gs_field stamped_fields[] = {
    GS_FIELD(struct stamped, physical),
    GS_FIELD(struct stamped, logical),
    GS_FIELD(struct stamped, writer),
    GS_FIELD(struct stamped, write),
    GS_FIELDS_END,
};
static const struct gs_field replica_fields[] = {
    GS_STRUCT(struct replica, seen, seen_fields, GS_DURABLE),
    GS_STRUCT(struct replica, value, stamped_fields, GS_DURABLE),
    GS_FIELDS_END,
};
static const struct gs_field message_fields[] = {
    GS_STRUCT(struct message, seen, seen_fields),
    GS_STRUCT(struct message, value, stamped_fields),
    GS_FIELDS_END,
};

static struct gs_hybrid_time time_of(const struct stamped *value)
{
    return (struct gs_hybrid_time){.l = value->physical, .c = value->logical};
}

static int compare_times(const struct stamped *a, const struct stamped *b)
{
    return gs_hybrid_compare(time_of(a), time_of(b));
}

static bool is_later(const struct gs_run *run, const struct stamped *a, const struct stamped *b)
{
    if (gs_is_nobody(a->writer) || gs_is_nobody(b->writer))
        return !gs_is_nobody(a->writer);
    const int order = compare_times(a, b);
    if (order != 0 || gs_mutant(run, NO_TIEBREAK))
        return order > 0;
    return gs_mutant(run, GE_MERGE) || gs_node_rank(run, a->writer) > gs_node_rank(run, b->writer);
}

static struct stamped stamp(struct gs_step *s, const struct replica *replica, uint8_t now)
{
    const struct stamped *last = &replica->value;
    struct stamped next = {
        .physical = now, .writer = gs_self(s), .write = (uint8_t)(replica->seen.of[gs_index(s, gs_self(s))] + 1)};
    if (gs_mutant(s, WALL_CLOCK) || gs_is_nobody(last->writer))
        return next;
    const struct gs_hybrid_time time = gs_hybrid_tick(time_of(last), now);
    next.physical = (uint8_t)time.l;
    next.logical = (uint8_t)time.c;
    return next;
}

static void write(struct gs_step *s, void *self, const struct gs_event *e, struct gs_update *update)
{
    struct replica *replica = self;
    const struct stamped written = stamp(s, replica, (uint8_t)e->arguments[0]);
    update->arguments[0] = written.physical;
    update->arguments[1] = written.logical;
    if (is_later(gs_step_run(s), &written, &replica->value))
        replica->value = written;
}

static void merge(const struct gs_run *run, void *payload, const void *other)
{
    struct stamped *mine = payload;
    const struct stamped *theirs = other;
    if (is_later(run, theirs, mine))
        *mine = *theirs;
}

static const struct crdt type = {
    .payload_size = sizeof(struct stamped),
    .replica_size = sizeof(struct replica),
    .update = write,
    .merge = merge,
};
CRDT_CLAIMS(type)

/* ---- Claims ------------------------------------------------------------------------------------------------------ */

/* -1: the register was never written. */
static int place_of(struct gs_view *v, const struct stamped *value)
{
    return gs_is_nobody(value->writer) ? -1 : gs_index(v, value->writer) * GS_UPDATES_EACH_MAX + value->write - 1;
}

static struct stamped stamp_of(struct gs_view *v, const struct gs_updates *updates, int place)
{
    return (struct stamped){.physical = updates->made[place].arguments[0],
                            .logical = updates->made[place].arguments[1],
                            .writer = gs_node_at(v, CRDT_REPLICA, gs_update_updater(place)),
                            .write = (uint8_t)(gs_update_number(place) + 1)};
}

static bool is_greater(struct gs_view *v, const struct stamped *a, const struct stamped *b)
{
    const int order = compare_times(a, b);
    return order > 0 || (order == 0 && gs_node_rank(v, a->writer) > gs_node_rank(v, b->writer));
}

/* The value is that of the greatest timestamp seen, and of no write that another one seen came after. */
static bool latest_write_wins(struct gs_view *v)
{
    const struct gs_updates *updates = gs_monitor_value(v);
    const struct replica *replica = gs_this(v);
    const char *name = gs_name(v, gs_this_node(v));
    const int held = place_of(v, &replica->value);
    for (GS_EACH_SEEN(place, replica->seen)) {
        const struct stamped other = stamp_of(v, updates, place);
        if (held < 0)
            return gs_explain(v, "%s has seen a write and holds none", name);
        if (place != held && gs_update_precedes(updates, held, place))
            return gs_explain(v, "%s holds a write that another which it has seen came after", name);
        if (is_greater(v, &other, &replica->value))
            return gs_explain(v, "%s has seen a write with a greater timestamp than that of what it holds", name);
    }
    return held < 0 || gs_seen_has(replica->seen, held) || gs_explain(v, "%s holds a write that it has not seen", name);
}

static bool writes_follow_their_causes(struct gs_view *v)
{
    const struct gs_updates *updates = gs_monitor_value(v);
    for (GS_EACH_SEEN(late, updates->count))
        for (GS_EACH_SEEN(early, updates->made[late].seen)) {
            const struct stamped cause = stamp_of(v, updates, early), effect = stamp_of(v, updates, late);
            if (compare_times(&cause, &effect) >= 0)
                return gs_explain(v, "%s's write %d came after %s's write %d, and its timestamp is not later",
                                  gs_name(v, effect.writer), effect.write, gs_name(v, cause.writer), cause.write);
        }
    return true;
}

static bool stamps_are_unique(struct gs_view *v)
{
    const struct gs_updates *updates = gs_monitor_value(v);
    for (GS_EACH_SEEN(a, updates->count))
        for (GS_EACH_SEEN(b, updates->count)) {
            const struct stamped one = stamp_of(v, updates, a), other = stamp_of(v, updates, b);
            if (a != b && gs_same(one.writer, other.writer) && compare_times(&one, &other) == 0)
                return gs_explain(v, "two writes of %s have the same timestamp", gs_name(v, one.writer));
        }
    return true;
}

/* A replica has seen two concurrent writes: one of them is lost. */
static bool write_is_lost(struct gs_view *v)
{
    const struct gs_updates *updates = gs_monitor_value(v);
    const struct replica *replica = gs_this(v);
    const int held = place_of(v, &replica->value);
    for (GS_EACH_SEEN(place, replica->seen))
        if (held >= 0 && place != held && !gs_update_precedes(updates, place, held) &&
            !gs_update_precedes(updates, held, place))
            return true;
    return false;
}

const struct gs_model lww_register = {
    .name = "lww-register",
    .title = "a replicated register in which the last write wins",
    .source = "Shapiro et al., A comprehensive study of Convergent and Commutative Replicated Data Types (2011)",
    .message_size = sizeof(struct message),
    .message_fields = message_fields,
    .network = GS_SET,
    .roles = {[CRDT_REPLICA] = CRDT_ROLE(type, struct replica, replica_fields)},
    .events = {[CRDT_STATE] = {.name = "state", .fields = {"seen", "value"}},
               [WRITE] = {.name = "write",
                          .kind = GS_LOCAL,
                          .role = CRDT_REPLICA,
                          .arguments = {{.name = "now", .kind = GS_RANGE, .max_option = CLOCK + 1}}}},
    .options = {CRDT_COMMON_OPTIONS, [CLOCK] = {"clock", "the most that a physical clock shows", 1, 0, 3, NULL}},
    .presets = {CRDT_COMMON_PRESETS},
    .mutants = {[NO_TIEBREAK] = {"no-tiebreak", "of two equal times a replica keeps its own write",
                                 "same-seen-same-state", "two", false},
                [GE_MERGE] = {"ge-merge", "of two equal times a merge takes the other's write", "same-seen-same-state",
                              "two", false},
                [WALL_CLOCK] = {"wall-clock", "a timestamp is the physical clock alone", "latest-write-wins", "two",
                                false}},
    .announcements = CRDT_ANNOUNCED(update_fields),
    .monitors = CRDT_MONITORS(updates_fields),
    .properties = {{.name = "latest-write-wins",
                    .claim =
                        "a replica holds the write of the greatest timestamp that it has seen, and no overwritten one",
                    .kind = GS_ALWAYS,
                    .scope = GS_SCOPE_MONITOR_NODE,
                    .monitor = CRDT_MONITOR,
                    .holds = latest_write_wins},
                   {.name = "writes-follow-their-causes",
                    .claim = "a write's time is later than that of each write that its replica had seen",
                    .kind = GS_ALWAYS,
                    .scope = GS_SCOPE_MONITOR,
                    .monitor = CRDT_MONITOR,
                    .holds = writes_follow_their_causes},
                   {.name = "timestamps-are-unique",
                    .claim = "no two writes have the same timestamp",
                    .kind = GS_ALWAYS,
                    .scope = GS_SCOPE_MONITOR,
                    .monitor = CRDT_MONITOR,
                    .holds = stamps_are_unique},
                   CRDT_PROPERTIES,
                   {.name = "write-is-lost",
                    .claim = "a replica has seen two concurrent writes, of which it holds one",
                    .kind = GS_REACHABLE,
                    .scope = GS_SCOPE_MONITOR_NODE,
                    .monitor = CRDT_MONITOR,
                    .holds = write_is_lost,
                    .needs = crdt_has_two_updates,
                    .needs_text = "updates >= 2"}},
};
