/* State-based replication (CS 2.2): the payload travels whole, an update or a merge that changes it sends it to all. */
#include "protocols/crdt.h"

#include <string.h>

static void *payload_of(void *replica)
{
    return (uint8_t *)replica + sizeof(struct gs_seen);
}

const void *crdt_payload(const void *replica)
{
    return (const uint8_t *)replica + sizeof(struct gs_seen);
}

struct gs_seen crdt_seen(const void *replica)
{
    struct gs_seen seen;
    memcpy(&seen, replica, sizeof(seen));
    return seen;
}

bool crdt_mutant(const struct gs_run *run, int mutant)
{
    return gs_option(run, CRDT_FORWARD) < CRDT_IN_A_STORE && gs_mutant(run, mutant);
}

/* ---- Replicas ---------------------------------------------------------------------------------------------------- */

int crdt_allowance(const struct gs_run *run, int k)
{
    const int replicas = gs_count(run, CRDT_REPLICA);
    return ((int)gs_option(run, CRDT_UPDATES) + replicas - 1 - k) / replicas;
}

static bool tell_all(struct gs_step *s, const struct crdt *crdt, const void *replica)
{
    uint8_t message[1 + CRDT_LOCAL_MAX] = {CRDT_STATE};
    memcpy(message + 1, replica, sizeof(struct gs_seen) + crdt->payload_size);
    return gs_broadcast(s, CRDT_REPLICA, message);
}

static bool update(struct gs_step *s, const struct crdt *crdt, void *replica, const struct gs_event *e)
{
    const int self = gs_index(s, gs_self(s));
    struct gs_seen seen = crdt_seen(replica);
    struct gs_update made = {.seen = seen};
    if (seen.of[self] >= crdt_allowance(gs_step_run(s), self))
        return false;
    crdt->update(s, replica, e, &made);
    seen.of[self]++;
    memcpy(replica, &seen, sizeof(seen));
    gs_announce(s, CRDT_UPDATED, &made);
    return tell_all(s, crdt, replica);
}

static bool take(struct gs_step *s, const struct crdt *crdt, void *replica, const struct gs_event *e)
{
    uint8_t before[CRDT_LOCAL_MAX];
    const uint8_t *state = (const uint8_t *)e->message + 1;
    memcpy(before, replica, crdt->replica_size);
    const struct gs_seen seen = gs_seen_join(crdt_seen(replica), crdt_seen(state));
    memcpy(replica, &seen, sizeof(seen));
    crdt->merge(gs_step_run(s), payload_of(replica), crdt_payload(state));
    if (crdt->merged)
        crdt->merged(s, replica, e->from);
    if (memcmp(before, replica, crdt->replica_size) == 0)
        return false;
    return !gs_option(s, CRDT_FORWARD) || tell_all(s, crdt, replica);
}

bool crdt_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    const struct crdt *crdt = gs_role_context(s);
    gs_assert(s, crdt->replica_size <= CRDT_LOCAL_MAX && crdt->payload_size <= CRDT_PAYLOAD_MAX);
    if (e->type == GS_START) /* after a crash: the payload is durable */
        return crdt->restarted && crdt->restarted(s, self);
    return e->type == CRDT_STATE ? take(s, crdt, self, e) : update(s, crdt, self, e);
}

/* ---- Claims ------------------------------------------------------------------------------------------------------ */

bool crdt_same_state(struct gs_view *v, const struct crdt *crdt)
{
    if (!gs_premise(v, gs_seen_equal(crdt_seen(gs_this(v)), crdt_seen(gs_that(v)))))
        return true;
    return memcmp(crdt_payload(gs_this(v)), crdt_payload(gs_that(v)), crdt->payload_size) == 0 ||
           gs_explain(v, "%s and %s have seen the same updates, and are in different states",
                      gs_name(v, gs_this_node(v)), gs_name(v, gs_that_node(v)));
}

static bool has_seen_all(struct gs_view *v, gs_node replica)
{
    const struct gs_seen seen = crdt_seen(gs_state(v, replica));
    for (int k = 0; k < gs_count(v, CRDT_REPLICA); k++)
        if (seen.of[k] < crdt_allowance(gs_view_run(v), k))
            return false;
    return true;
}

/* A replica that is down has perhaps not made all its updates, and does not count. */
bool crdt_converged(struct gs_view *v, const struct crdt *crdt)
{
    const gs_node_set all = gs_nodes(v, CRDT_REPLICA);
    gs_node_set up = GS_EMPTY_SET;
    for (GS_EACH(replica, all))
        if (gs_is_up(v, replica))
            up = gs_set_with(up, replica);
    const gs_node first = gs_set_first(up);
    for (GS_EACH(replica, up)) {
        const void *one = gs_state(v, first), *other = gs_state(v, replica);
        if (gs_set_equal(up, all) && !has_seen_all(v, replica))
            return gs_explain(v, "nothing is left to do, and %s has not seen every update", gs_name(v, replica));
        if (!gs_seen_equal(crdt_seen(one), crdt_seen(other)))
            return gs_explain(v, "nothing is left to do, and %s and %s have not seen the same updates",
                              gs_name(v, first), gs_name(v, replica));
        if (memcmp(crdt_payload(one), crdt_payload(other), crdt->payload_size) != 0)
            return gs_explain(v, "nothing is left to do, and %s and %s are in different states", gs_name(v, first),
                              gs_name(v, replica));
    }
    return true;
}

static bool join_is(struct gs_view *v, const struct crdt *crdt, const void *left, const void *right,
                    const void *expected)
{
    uint8_t joined[CRDT_PAYLOAD_MAX];
    memcpy(joined, left, crdt->payload_size);
    crdt->merge(gs_view_run(v), joined, right);
    return memcmp(joined, expected, crdt->payload_size) == 0;
}

bool crdt_joins(struct gs_view *v, const struct crdt *crdt)
{
    const void *a = crdt_payload(gs_this(v)), *b = crdt_payload(gs_that(v));
    uint8_t both[CRDT_PAYLOAD_MAX];
    memcpy(both, a, crdt->payload_size);
    crdt->merge(gs_view_run(v), both, b);
    if (!join_is(v, crdt, a, a, a))
        return gs_explain(v, "%s's state merged with itself is another one", gs_name(v, gs_this_node(v)));
    if (!join_is(v, crdt, b, a, both))
        return gs_explain(v, "the states of %s and %s: which is merged into which makes a difference",
                          gs_name(v, gs_this_node(v)), gs_name(v, gs_that_node(v)));
    return (join_is(v, crdt, both, a, both) && join_is(v, crdt, a, both, both)) ||
           gs_explain(v, "the states of %s and %s, merged, do not include %s's", gs_name(v, gs_this_node(v)),
                      gs_name(v, gs_that_node(v)), gs_name(v, gs_this_node(v)));
}

static bool associates_in_order(struct gs_view *v, const struct crdt *crdt, const gs_node nodes[3])
{
    const void *a = crdt_payload(gs_state(v, nodes[0])), *b = crdt_payload(gs_state(v, nodes[1])),
               *c = crdt_payload(gs_state(v, nodes[2]));
    uint8_t left[CRDT_PAYLOAD_MAX], right[CRDT_PAYLOAD_MAX];
    memcpy(left, a, crdt->payload_size);
    crdt->merge(gs_view_run(v), left, b);
    crdt->merge(gs_view_run(v), left, c);
    memcpy(right, b, crdt->payload_size);
    crdt->merge(gs_view_run(v), right, c);
    return join_is(v, crdt, a, right, left) ||
           gs_explain(v, "the states of %s, %s and %s: which two are merged first makes a difference",
                      gs_name(v, nodes[0]), gs_name(v, nodes[1]), gs_name(v, nodes[2]));
}

bool crdt_associates(struct gs_view *v, const struct crdt *crdt)
{
    const gs_node_set all = gs_nodes(v, CRDT_REPLICA);
    for (GS_EACH(a, all))
        for (GS_EACH(b, gs_set_without(all, a)))
            for (GS_EACH(c, gs_set_without(gs_set_without(all, a), b)))
                if (!associates_in_order(v, crdt, (const gs_node[3]){a, b, c}))
                    return false;
    return true;
}

bool crdt_grows(struct gs_view *v, const struct crdt *crdt)
{
    const void *before = crdt_payload(gs_before(v)), *after = crdt_payload(gs_this(v));
    return join_is(v, crdt, before, after, after) ||
           gs_explain(v, "the new state of %s does not include the old one", gs_name(v, gs_this_node(v)));
}

bool crdt_diverged(struct gs_view *v)
{
    const struct gs_seen one = crdt_seen(gs_this(v)), other = crdt_seen(gs_that(v));
    return !gs_seen_covers(one, other) && !gs_seen_covers(other, one);
}

bool crdt_caught_up(struct gs_view *v)
{
    for (GS_EACH(replica, gs_nodes(v, CRDT_REPLICA)))
        if (!has_seen_all(v, replica))
            return false;
    return true;
}

bool crdt_has_three(const struct gs_run *run)
{
    return gs_count(run, CRDT_REPLICA) >= 3;
}

bool crdt_has_two_updates(const struct gs_run *run)
{
    return gs_option(run, CRDT_UPDATES) >= 2;
}
