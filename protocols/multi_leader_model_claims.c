/* Multi-leader replication's claims. They go by the ghost, which writes each version takes into account, and never by
 * version vectors. */
#include "protocols/multi_leader_model.h"

#include <string.h>

enum { LEADER = MULTI_LEADER_LEADER, WRITES_MAX = MULTI_LEADER_WRITES_MAX };

static bool includes(multi_leader_writes all, multi_leader_writes some)
{
    return (some & ~all) == 0;
}

/* ---- The monitor ------------------------------------------------------------------------------------------------- */

void multi_leader_announced(const struct gs_run *run, void *value, gs_node by, int announcement, const void *what)
{
    struct multi_leader_history *history = value;
    const struct multi_leader_wrote *wrote = what;
    const struct multi_leader_met *met = what;
    if (announcement == MULTI_LEADER_WROTE) {
        gs_assert(run, wrote->number < WRITES_MAX && !(history->made >> wrote->number & 1));
        history->made |= (multi_leader_writes)(1 << wrote->number);
        history->writes[wrote->number] = *wrote;
        return;
    }
    if (met->is_conflict)
        history->conflicts |= (uint8_t)(1 << gs_index(run, by));
    const bool is_concurrent = !includes(met->here, met->there) && !includes(met->there, met->here);
    if (is_concurrent != met->is_conflict && !history->is_miscounted) {
        history->is_miscounted = true;
        history->miscounted = *met;
    }
}

static bool is_in(multi_leader_writes writes, int number)
{
    return (writes >> number & 1) != 0;
}

static multi_leader_writes covers_of(const struct multi_leader_history *history, int number)
{
    return (multi_leader_writes)(history->writes[number].before | 1 << number);
}

/* "write 2 of leader0": as people count. */
#define WRITE_FORMAT "write %d of %s"
#define WRITE_OF(v, number) \
    (number) / gs_count(v, LEADER) + 1, gs_name(v, gs_node_at(v, LEADER, (number) % gs_count(v, LEADER)))

/* A predicate over each key of a leader, given the history. */
typedef bool key_predicate(struct gs_view *v, const struct multi_leader_history *history,
                           const struct multi_leader_item *item);

static bool for_all_keys(struct gs_view *v, key_predicate *holds)
{
    const struct multi_leader_leader *leader = gs_this(v);
    for (int k = 0; k < leader->keys; k++)
        if (!holds(v, gs_monitor_value(v), &leader->items[k]))
            return false;
    return true;
}

/* ---- What a leader holds ----------------------------------------------------------------------------------------- */

static bool holds_nothing_overwritten(struct gs_view *v, const struct multi_leader_history *history,
                                      const struct multi_leader_item *item)
{
    for (int i = 0; i < item->count; i++)
        for (int w = 0; w < WRITES_MAX; w++)
            if (is_in(item->known, w) && includes(history->writes[w].before, item->versions[i].covers))
                return gs_explain(v, "%s holds a version that " WRITE_FORMAT " has overwritten, which it knows of",
                                  gs_name(v, gs_this_node(v)), WRITE_OF(v, w));
    return true;
}

bool multi_leader_nothing_overwritten(struct gs_view *v)
{
    return for_all_keys(v, holds_nothing_overwritten);
}

static bool is_version(const struct multi_leader_history *history, const struct multi_leader_version *version,
                       int number)
{
    const struct multi_leader_wrote *wrote = &history->writes[number];
    return version->covers == covers_of(history, number) && version->value == wrote->value &&
           gs_same(version->writer, wrote->by) && gs_hybrid_compare(version->time, wrote->time) == 0;
}

static bool is_later_write(struct gs_view *v, const struct multi_leader_wrote *a, const struct multi_leader_wrote *b)
{
    const int order = gs_hybrid_compare(a->time, b->time);
    return order > 0 || (order == 0 && gs_node_rank(v, a->by) > gs_node_rank(v, b->by));
}

static bool holds_the_latest(struct gs_view *v, const struct multi_leader_history *history,
                             const struct multi_leader_item *item)
{
    int latest = -1;
    for (int w = 0; w < WRITES_MAX; w++)
        if (is_in(item->known, w) && (latest < 0 || is_later_write(v, &history->writes[w], &history->writes[latest])))
            latest = w;
    if (latest < 0 && item->count == 0)
        return true;
    return (latest >= 0 && item->count == 1 && is_version(history, &item->versions[0], latest)) ||
           gs_explain(v, "of the writes that %s knows " WRITE_FORMAT " is the latest, and it does not hold that one",
                      gs_name(v, gs_this_node(v)), WRITE_OF(v, latest));
}

bool multi_leader_latest_write_wins(struct gs_view *v)
{
    return for_all_keys(v, holds_the_latest);
}

static bool is_overwritten(const struct multi_leader_history *history, multi_leader_writes known, int number)
{
    for (int w = 0; w < WRITES_MAX; w++)
        if (is_in(known, w) && is_in(history->writes[w].before, number))
            return true;
    return false;
}

static bool is_held(const struct multi_leader_history *history, const struct multi_leader_item *item, int number)
{
    for (int i = 0; i < item->count; i++)
        if (is_version(history, &item->versions[i], number))
            return true;
    return false;
}

static bool holds_all_maximal(struct gs_view *v, const struct multi_leader_history *history,
                              const struct multi_leader_item *item)
{
    const char *name = gs_name(v, gs_this_node(v));
    int maximal = 0;
    for (int w = 0; w < WRITES_MAX; w++) {
        if (!is_in(item->known, w) || is_overwritten(history, item->known, w))
            continue;
        maximal++;
        if (!is_held(history, item, w))
            return gs_explain(v, "%s lacks " WRITE_FORMAT ", which no write that it knows has overwritten", name,
                              WRITE_OF(v, w));
    }
    return item->count == maximal || gs_explain(v,
                                                "%s holds %d versions, and %d writes that it knows are not "
                                                "overwritten",
                                                name, item->count, maximal);
}

bool multi_leader_siblings_are_maximal(struct gs_view *v)
{
    return for_all_keys(v, holds_all_maximal);
}

static bool holds_all_merged(struct gs_view *v, const struct multi_leader_history *history,
                             const struct multi_leader_item *item)
{
    uint8_t value = 0;
    for (int w = 0; w < WRITES_MAX; w++)
        if (is_in(item->known, w))
            value |= history->writes[w].value;
    if (!item->known && item->count == 0)
        return true;
    return (item->count == 1 && item->versions[0].covers == item->known && item->versions[0].value == value) ||
           gs_explain(v, "%s holds %d versions, the first of value %d, and all writes that it knows make %d",
                      gs_name(v, gs_this_node(v)), item->count, item->versions[0].value, value);
}

bool multi_leader_merge_has_all(struct gs_view *v)
{
    return for_all_keys(v, holds_all_merged);
}

/* ---- Conflicts and times ----------------------------------------------------------------------------------------- */

bool multi_leader_conflicts_are_concurrent(struct gs_view *v)
{
    const struct multi_leader_history *history = gs_monitor_value(v);
    const struct multi_leader_met *met = &history->miscounted;
    return !history->is_miscounted ||
           gs_explain(v, "of two versions %s the other into account, and that was %s a conflict",
                      met->is_conflict ? "one takes" : "neither takes",
                      met->is_conflict ? "counted as" : "not counted as");
}

bool multi_leader_times_follow_causes(struct gs_view *v)
{
    const struct multi_leader_history *history = gs_monitor_value(v);
    for (int late = 0; late < WRITES_MAX; late++)
        for (int early = 0; early < WRITES_MAX; early++)
            if (is_in(history->writes[late].before, early) &&
                gs_hybrid_compare(history->writes[early].time, history->writes[late].time) >= 0)
                return gs_explain(v, WRITE_FORMAT " came after " WRITE_FORMAT ", and its time is not later",
                                  WRITE_OF(v, late), WRITE_OF(v, early));
    return true;
}

/* ---- Convergence ------------------------------------------------------------------------------------------------- */

static multi_leader_writes known_by(const struct multi_leader_leader *leader)
{
    multi_leader_writes known = 0;
    for (int k = 0; k < leader->keys; k++)
        known |= leader->items[k].known;
    return known;
}

/* Bits beyond the run's number of writes are never set. */
static bool knows_all(struct gs_view *v, const struct multi_leader_leader *leader)
{
    return known_by(leader) == (1 << gs_option(v, MULTI_LEADER_WRITES)) - 1;
}

bool multi_leader_same_seen_same_state(struct gs_view *v)
{
    const struct multi_leader_leader *one = gs_this(v), *other = gs_that(v);
    for (int k = 0; k < one->keys; k++)
        if (gs_premise(v, one->items[k].known != 0 && one->items[k].known == other->items[k].known) &&
            memcmp(&one->items[k], &other->items[k], sizeof(one->items[k])) != 0)
            return gs_explain(v, "%s and %s know the same writes of key %d, and what they hold differs",
                              gs_name(v, gs_this_node(v)), gs_name(v, gs_that_node(v)), k + 1);
    return true;
}

bool multi_leader_converged(struct gs_view *v)
{
    const gs_node_set all = gs_nodes(v, LEADER);
    gs_node_set up = GS_EMPTY_SET;
    for (GS_EACH(leader, all))
        if (gs_is_up(v, leader))
            up = gs_set_with(up, leader);
    const gs_node first = gs_set_first(up);
    for (GS_EACH(leader, up)) {
        const struct multi_leader_leader *one = gs_state(v, first), *other = gs_state(v, leader);
        if (gs_set_equal(up, all) && !knows_all(v, other))
            return gs_explain(v, "nothing is left to do, and %s does not know every write", gs_name(v, leader));
        if (memcmp(one->items, other->items, sizeof(one->items)) != 0)
            return gs_explain(v, "nothing is left to do, and what %s and %s hold differs", gs_name(v, first),
                              gs_name(v, leader));
    }
    return true;
}

static bool join_is(struct gs_view *v, const struct multi_leader_item *a, const struct multi_leader_item *b,
                    const struct multi_leader_item *expected)
{
    struct multi_leader_item joined = *a;
    multi_leader_join(gs_view_run(v), &joined, b, NULL);
    return memcmp(&joined, expected, sizeof(joined)) == 0;
}

bool multi_leader_is_a_join(struct gs_view *v)
{
    const struct multi_leader_leader *one = gs_this(v), *other = gs_that(v);
    const char *this_name = gs_name(v, gs_this_node(v)), *that_name = gs_name(v, gs_that_node(v));
    for (int k = 0; k < one->keys; k++) {
        const struct multi_leader_item *a = &one->items[k], *b = &other->items[k];
        struct multi_leader_item both = *a;
        multi_leader_join(gs_view_run(v), &both, b, NULL);
        if (!join_is(v, a, a, a))
            return gs_explain(v, "what %s holds, taken again, makes a difference", this_name);
        if (!join_is(v, b, a, &both))
            return gs_explain(v, "what %s and %s hold: which is taken first makes a difference", this_name, that_name);
        if (!join_is(v, &both, a, &both) || !join_is(v, a, &both, &both))
            return gs_explain(v, "what %s and %s hold together does not include what %s holds", this_name, that_name,
                              this_name);
    }
    return true;
}

bool multi_leader_grows(struct gs_view *v)
{
    const struct multi_leader_leader *before = gs_before(v), *after = gs_this(v);
    for (int k = 0; k < after->keys && gs_was_up(v); k++)
        if (!join_is(v, &after->items[k], &before->items[k], &after->items[k]))
            return gs_explain(v, "what %s holds does not include what it held before", gs_name(v, gs_this_node(v)));
    return true;
}

/* ---- Goals ------------------------------------------------------------------------------------------------------- */

bool multi_leader_diverged(struct gs_view *v)
{
    const multi_leader_writes one = known_by(gs_this(v)), other = known_by(gs_that(v));
    return !includes(one, other) && !includes(other, one);
}

bool multi_leader_caught_up(struct gs_view *v)
{
    for (GS_EACH(leader, gs_nodes(v, LEADER)))
        if (!knows_all(v, gs_state(v, leader)))
            return false;
    return true;
}

bool multi_leader_conflict_everywhere(struct gs_view *v)
{
    const struct multi_leader_history *history = gs_monitor_value(v);
    return history->conflicts == (1 << gs_count(v, LEADER)) - 1;
}

/* A write that nobody overwrote, and that lost. */
static bool has_kept_all_maximal(struct gs_view *v, const struct multi_leader_history *history,
                                 const struct multi_leader_item *item)
{
    (void)v;
    for (int w = 0; w < WRITES_MAX; w++)
        if (is_in(item->known, w) && !is_overwritten(history, item->known, w) && !is_held(history, item, w))
            return false;
    return true;
}

bool multi_leader_write_is_lost(struct gs_view *v)
{
    return !for_all_keys(v, has_kept_all_maximal);
}

bool multi_leader_has_siblings(struct gs_view *v)
{
    return ((const struct multi_leader_leader *)gs_this(v))->items[0].count >= 2;
}

/* Values are sets of bits. */
bool multi_leader_has_merged(struct gs_view *v)
{
    const struct multi_leader_version *version =
        &((const struct multi_leader_leader *)gs_this(v))->items[0].versions[0];
    return version->value & (version->value - 1);
}

/* Nothing is replicated: what a leader knows of others' writes, anti-entropy has brought. */
bool multi_leader_is_repaired(struct gs_view *v)
{
    const struct multi_leader_leader *leader = gs_this(v);
    for (int k = 0; k < leader->keys; k++)
        for (GS_EACH(other, gs_nodes(v, LEADER)))
            if (!gs_same(other, gs_this_node(v)) && leader->items[k].seen.of[gs_index(v, other)] > 0)
                return true;
    return false;
}
