/* Several leaders that each take writes at once and tell the others later: multi-leader replication, as in Dynamo
 * (DeCandia et al., SOSP 2007, sections 4.4 to 4.7). A write's version vector is what its leader knew of the key, and
 * itself; conflicts (concurrent versions) are resolved by the last write (hybrid clock, then leader), kept as siblings,
 * or merged by the application. Anti-entropy makes up for what was lost: whoever may know more than another compares
 * roots with it (of a Merkle tree over the keys; here a root is what it is the hash of), and when they differ both send
 * what they have. It is armed only while there is something to tell, so it comes to rest.
 *
 * A physical clock may show anything from 0 to `clock` at any write, also less than before: clocks of any skew. The
 * hybrid clock's last reading is that of the latest version held. All is durable. */
#include "protocols/multi_leader.h"

enum { LEADER = MULTI_LEADER_LEADER };

/* How many writes the k-th leader makes: those of the run are dealt out in turn. */
static int allowance(const struct gs_run *run, int k)
{
    const int leaders = gs_count(run, LEADER);
    return ((int)gs_option(run, MULTI_LEADER_WRITES) + leaders - 1 - k) / leaders;
}

/* ---- Telling the others ------------------------------------------------------------------------------------------ */

/* Something is new here that these others may lack. */
static void arm(struct gs_step *s, struct multi_leader_leader *leader, gs_node_set others)
{
    if (!gs_option(s, MULTI_LEADER_SYNCS))
        return;
    leader->unsynced = gs_set_union(leader->unsynced, others);
    if (!gs_set_is_empty(leader->unsynced))
        gs_set_timer(s, MULTI_LEADER_ANTI_ENTROPY, 0);
}

static void settle(struct gs_step *s, struct multi_leader_leader *leader, gs_node with)
{
    leader->unsynced = gs_set_without(leader->unsynced, with);
    if (gs_set_is_empty(leader->unsynced))
        gs_cancel_timer(s, MULTI_LEADER_ANTI_ENTROPY, 0);
}

static bool send_items(struct gs_step *s, const struct multi_leader_leader *leader, gs_node to, uint8_t type, bool asks)
{
    struct multi_leader_message message = {.type = type, .asks = asks, .keys = leader->keys};
    for (int k = 0; k < leader->keys; k++)
        message.items[k] = leader->items[k];
    return gs_send(s, to, &message);
}

/* ---- Writing ----------------------------------------------------------------------------------------------------- */

/* The next reading of the hybrid clock: after all that is held here. */
static struct gs_hybrid_time time_of(struct gs_step *s, const struct multi_leader_leader *leader, uint8_t now)
{
    struct gs_hybrid_time last = {0};
    if (gs_mutant(s, MULTI_LEADER_WALL_CLOCK))
        return (struct gs_hybrid_time){.l = now};
    for (int k = 0; k < leader->keys; k++)
        for (int i = 0; i < leader->items[k].count; i++)
            if (gs_hybrid_compare(leader->items[k].versions[i].time, last) > 0)
                last = leader->items[k].versions[i].time;
    return gs_hybrid_tick(last, now);
}

static struct gs_vector_clock vector_of(struct gs_step *s, const struct multi_leader_leader *leader,
                                        const struct multi_leader_item *item)
{
    struct gs_vector_clock vector = item->seen;
    for (int k = 0; k < leader->keys && gs_mutant(s, MULTI_LEADER_NODE_WIDE_CLOCK); k++)
        gs_vector_clock_join(&vector, &leader->items[k].seen);
    gs_vector_clock_tick(&vector, gs_index(s, gs_self(s)));
    return vector;
}

/* A merge that takes both sides' values as they are needs writes that add to what is there. */
static uint8_t value_of(struct gs_step *s, const struct multi_leader_item *item, int64_t value)
{
    if (gs_option(s, MULTI_LEADER_RESOLVER) != MULTI_LEADER_MERGE)
        return (uint8_t)value;
    const uint8_t bit = (uint8_t)(1 << (value - 1));
    return item->count && !gs_mutant(s, MULTI_LEADER_MERGE_OVERWRITES) ? item->versions[0].value | bit : bit;
}

/* key: from 1, as in all that is sent and announced. */
static bool write(struct gs_step *s, struct multi_leader_leader *leader, uint8_t key, uint8_t value, uint8_t now)
{
    struct multi_leader_item *item = &leader->items[key - 1];
    const uint8_t number = (uint8_t)(leader->made++ * gs_count(s, LEADER) + gs_index(s, gs_self(s)));
    const struct multi_leader_version version = {.value = value,
                                                 .writer = gs_self(s),
                                                 .time = time_of(s, leader, now),
                                                 .vector = vector_of(s, leader, item),
                                                 .covers = (multi_leader_writes)(item->known | 1 << number)};
    gs_announce(s, MULTI_LEADER_WROTE,
                &(struct multi_leader_wrote){.number = number,
                                             .key = key,
                                             .value = value,
                                             .by = gs_self(s),
                                             .time = version.time,
                                             .before = item->known});
    *item =
        (struct multi_leader_item){.count = 1, .versions = {version}, .seen = version.vector, .known = version.covers};
    if (value == 0 && gs_mutant(s, MULTI_LEADER_NO_TOMBSTONE))
        *item = (struct multi_leader_item){.known = version.covers};
    arm(s, leader, gs_peers(s));
    return !gs_option(s, MULTI_LEADER_REPLICATES) ||
           gs_broadcast(s, LEADER,
                        &(struct multi_leader_message){.type = MULTI_LEADER_REPLICATE, .key = key, .version = version});
}

static bool may_write(struct gs_step *s, const struct multi_leader_leader *leader)
{
    return leader->made < allowance(gs_step_run(s), gs_index(s, gs_self(s)));
}

static bool on_write(struct gs_step *s, struct multi_leader_leader *leader, const struct gs_event *e)
{
    const uint8_t key = (uint8_t)e->arguments[0];
    return may_write(s, leader) &&
           write(s, leader, key, value_of(s, &leader->items[key - 1], e->arguments[1]), (uint8_t)e->arguments[2]);
}

static bool has_a_value(const struct multi_leader_item *item)
{
    for (int i = 0; i < item->count; i++)
        if (item->versions[i].value != 0)
            return true;
    return false;
}

static bool on_delete(struct gs_step *s, struct multi_leader_leader *leader, const struct gs_event *e)
{
    const uint8_t key = (uint8_t)e->arguments[0];
    return gs_option(s, MULTI_LEADER_DELETES) && may_write(s, leader) && has_a_value(&leader->items[key - 1]) &&
           write(s, leader, key, 0, (uint8_t)e->arguments[1]);
}

/* ---- Versions that come ------------------------------------------------------------------------------------------ */

static void announce_all(struct gs_step *s, uint8_t key, const struct multi_leader_meetings *meetings)
{
    for (int i = 0; i < meetings->count; i++) {
        struct multi_leader_met met = meetings->met[i];
        met.key = key;
        gs_announce(s, MULTI_LEADER_MET, &met);
    }
}

static bool on_replicate(struct gs_step *s, struct multi_leader_leader *leader, const struct gs_event *e)
{
    const struct multi_leader_message *message = e->message;
    const struct multi_leader_leader before = *leader;
    struct multi_leader_meetings meetings = {0};
    multi_leader_take(gs_step_run(s), &leader->items[message->key - 1], &message->version, &meetings);
    announce_all(s, message->key, &meetings);
    const bool is_new = !multi_leader_is_equal(before.items, leader->items, leader->keys);
    if (is_new)
        arm(s, leader, gs_set_without(gs_peers(s), e->from));
    return is_new || meetings.count > 0;
}

/* ---- Anti-entropy ------------------------------------------------------------------------------------------------ */

static bool on_anti_entropy(struct gs_step *s, struct multi_leader_leader *leader)
{
    const gs_node with = gs_choose_node(s, leader->unsynced);
    send_items(s, leader, with, MULTI_LEADER_COMPARE, false);
    if (gs_mutant(s, MULTI_LEADER_SYNCED_ON_SEND))
        leader->unsynced = gs_set_without(leader->unsynced, with);
    arm(s, leader, GS_EMPTY_SET); /* until it has answered */
    return true;
}

static bool has_same_root(struct gs_step *s, const struct multi_leader_leader *leader, const struct gs_event *e)
{
    const struct multi_leader_message *message = e->message;
    return multi_leader_is_same(gs_step_run(s), leader->items, message->items, leader->keys);
}

static bool on_compare(struct gs_step *s, struct multi_leader_leader *leader, const struct gs_event *e)
{
    if (!has_same_root(s, leader, e))
        return send_items(s, leader, e->from, MULTI_LEADER_REPAIR, true);
    settle(s, leader, e->from);
    return send_items(s, leader, e->from, MULTI_LEADER_SAME, false);
}

/* An answer to a root that is not the own one any more says nothing. */
static bool on_same(struct gs_step *s, struct multi_leader_leader *leader, const struct gs_event *e)
{
    if (!has_same_root(s, leader, e) || !gs_set_has(leader->unsynced, e->from))
        return false;
    settle(s, leader, e->from);
    return true;
}

static bool on_repair(struct gs_step *s, struct multi_leader_leader *leader, const struct gs_event *e)
{
    const struct multi_leader_message *message = e->message;
    const struct multi_leader_leader before = *leader;
    for (int k = 0; k < leader->keys; k++) {
        struct multi_leader_meetings meetings = {0};
        multi_leader_join(gs_step_run(s), &leader->items[k], &message->items[k], &meetings);
        announce_all(s, (uint8_t)(k + 1), &meetings);
    }
    if (!multi_leader_is_equal(before.items, leader->items, leader->keys))
        arm(s, leader, gs_set_without(gs_peers(s), e->from));
    if (has_same_root(s, leader, e))
        settle(s, leader, e->from);
    else if (message->asks)
        send_items(s, leader, e->from, MULTI_LEADER_REPAIR, false);
    return true;
}

bool multi_leader_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct multi_leader_leader *leader = self;
    switch (e->type) {
    case GS_START: /* after a crash: timers are gone */
        arm(s, leader, GS_EMPTY_SET);
        return true;
    case MULTI_LEADER_WRITE:
        return on_write(s, leader, e);
    case MULTI_LEADER_DELETE:
        return on_delete(s, leader, e);
    case MULTI_LEADER_REPLICATE:
        return on_replicate(s, leader, e);
    case MULTI_LEADER_ANTI_ENTROPY:
        return on_anti_entropy(s, leader);
    case MULTI_LEADER_COMPARE:
        return on_compare(s, leader, e);
    case MULTI_LEADER_SAME:
        return on_same(s, leader, e);
    case MULTI_LEADER_REPAIR:
        return on_repair(s, leader, e);
    }
    return gs_unhandled(s, e);
}
