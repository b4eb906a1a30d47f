/* Drops, crashes, restarts, reboots, partitions and heals. */
#include <assert.h>
#include <string.h>

#include "tests/reference/reference_search.h"

static void conclude(struct attempt attempt)
{
    ref_attempt_conclude(&attempt);
    ref_attempt_free(&attempt);
}

void ref_try_drops(struct search *search, const struct vector *state)
{
    if (search->run->network == GS_SET || !ref_state_has_budget(search, state, GS_DROP))
        return;
    for (size_t i = 0; i < ref_mail_count(search, state); i++) {
        if (!ref_mail_is_next(search, state, i))
            continue;
        struct attempt attempt =
            ref_attempt_of(search, state, ACTION_DROP, *mail_message(ref_mail_entry(search, state, i)));
        ref_state_spend(search, &attempt.state, GS_DROP);
        ref_mail_take_out(search, &attempt.state, i);
        conclude(attempt);
    }
}

/* ---- Hosts ---- */

static unsigned host_of(const struct search *search, unsigned node)
{
    return search->run->model->host ? search->run->model->host(search->run, node_of(node)) : node;
}

/* The nodes of the host of `node` that are up, or that are down. */
static uint64_t nodes_of_host(const struct search *search, const struct vector *state, unsigned node, bool up)
{
    uint64_t nodes = 0;
    for (unsigned n = 0; n < search->run->node_count; n++)
        if (host_of(search, n) == host_of(search, node) && ref_state_is_up(search, state, n) == up)
            nodes |= UINT64_C(1) << n;
    return nodes;
}

static bool is_lowest_of_host(const struct search *search, unsigned node)
{
    for (unsigned n = 0; n < node; n++)
        if (host_of(search, n) == host_of(search, node))
            return false;
    return true;
}

/* Durable fields are kept, the others are as init gives them; timers are cleared; the node is down. */
static void crash_node(const struct search *search, struct vector *state, unsigned node)
{
    struct bytes fresh = {0};
    char explanation[EXPLANATION_SIZE];
    uint8_t *local = ref_state_local(search, state, node);
    const struct gs_role *role = ref_node_role(search, node);
    const bool fine = local_initial(search->run, node, &fresh, explanation);
    assert(fine); /* as it was before the first step */
    (void)fine;
    for (const struct gs_field *field = role->fields; role->size && field->name; field++)
        if (!(field->flags & GS_DURABLE))
            memcpy(local + field->offset, fresh.data + field->offset, field->size);
    ref_state_disarm_all(search, state, node);
    ref_state_set_up(search, state, node, false);
    if (search->run->network == GS_FIFO)
        ref_mail_empty_channels_into(search, state, node);
    bytes_free(&fresh);
}

static void crash_nodes(struct attempt *attempt)
{
    for (unsigned n = 0; n < attempt->search->run->node_count; n++)
        if (attempt->movers >> n & 1)
            crash_node(attempt->search, &attempt->state, n);
}

/* The host of `node` suffers the fault, if its budget allows and there are nodes for it. */
static void try_host(struct search *search, const struct vector *state, unsigned node, uint8_t action,
                     enum gs_fault fault)
{
    const uint64_t nodes = nodes_of_host(search, state, node, action != ACTION_RESTART);
    if (!nodes || !ref_state_has_budget(search, state, fault))
        return;
    struct attempt attempt = ref_attempt_of(search, state, action, 0);
    attempt.movers = nodes;
    ref_state_spend(search, &attempt.state, fault);
    if (action != ACTION_RESTART)
        crash_nodes(&attempt);
    if (action == ACTION_CRASH)
        ref_attempt_conclude(&attempt);
    else
        ref_attempt_start_nodes(&attempt, attempt.movers); /* each comes up as it gets its START */
    ref_attempt_free(&attempt);
}

void ref_try_hosts(struct search *search, const struct vector *state)
{
    for (unsigned n = 0; n < search->run->node_count; n++) {
        if (!is_lowest_of_host(search, n))
            continue;
        try_host(search, state, n, ACTION_CRASH, GS_CRASH);
        try_host(search, state, n, ACTION_RESTART, GS_RESTART);
        try_host(search, state, n, ACTION_REBOOT, GS_REBOOT);
    }
}

/* ---- Partitions ---- */

static gs_node_set set_of(uint64_t nodes)
{
    gs_node_set set = GS_EMPTY_SET;
    for (unsigned n = 0; n < GS_NODES_MAX; n++)
        if (nodes >> n & 1)
            set = gs_set_with(set, node_of(n));
    return set;
}

static bool is_allowed(const struct search *search, uint64_t side, uint64_t rest)
{
    const struct gs_model *model = search->run->model;
    return !model->splits || model->splits(search->run, set_of(side)) || model->splits(search->run, set_of(rest));
}

static void try_heal(struct search *search, const struct vector *state)
{
    struct attempt attempt = ref_attempt_of(search, state, ACTION_HEAL, 0);
    ref_state_set_side(search, &attempt.state, 0);
    conclude(attempt);
}

void ref_try_partitions(struct search *search, const struct vector *state)
{
    const uint64_t all = (UINT64_C(1) << search->run->node_count) - 1;
    if (ref_state_side(search, state)) {
        try_heal(search, state);
        return;
    }
    if (!ref_state_has_budget(search, state, GS_PARTITION))
        return;
    for (uint64_t side = 1; side < all; side++) {
        if (!(side & 1) || !is_allowed(search, side, all & ~side))
            continue; /* a split is named by the side that holds node 0 */
        struct attempt attempt = ref_attempt_of(search, state, ACTION_PARTITION, 0);
        ref_state_spend(search, &attempt.state, GS_PARTITION);
        ref_state_set_side(search, &attempt.state, side);
        conclude(attempt);
    }
}
