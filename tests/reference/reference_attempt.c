/* A successor in the making: what handlers did is put into a copy of the old state; once finished it is decided what
 * the whole is. */
#include <assert.h>
#include <string.h>

#include "tests/reference/reference_search.h"

struct attempt ref_attempt_of(struct search *search, const struct vector *old, uint8_t action, uint8_t type)
{
    struct attempt attempt = {.search = search, .old = old, .action = action, .type = type};
    if (old)
        ref_vector_assign(&attempt.state, old);
    return attempt;
}

struct attempt ref_attempt_copy(const struct attempt *attempt)
{
    struct attempt copy = *attempt;
    copy.state = copy.announced = (struct vector){0};
    ref_vector_assign(&copy.state, &attempt->state);
    ref_vector_assign(&copy.announced, &attempt->announced);
    return copy;
}

void ref_attempt_free(struct attempt *attempt)
{
    ref_vector_free(&attempt->state);
    ref_vector_free(&attempt->announced);
}

void ref_attempt_worsen(struct attempt *attempt, enum fate fate)
{
    if (fate > attempt->fate)
        attempt->fate = fate;
}

/* ---- What handlers did ---- */

static void absorb_announcements(struct attempt *attempt, unsigned node, const struct bytes *announcements)
{
    const struct gs_announcement *types = attempt->search->run->model->announcements;
    const uint8_t tag = (uint8_t)(node + 1);
    for (size_t at = 0, size; at < announcements->size; at += size) {
        size = 1 + types[announcements->data[at]].size;
        ref_vector_append(&attempt->announced, &tag, 1);
        ref_vector_append(&attempt->announced, announcements->data + at, size);
    }
}

void ref_attempt_absorb(struct attempt *attempt, unsigned node, const struct outcome *outcome)
{
    const struct search *search = attempt->search;
    const size_t stride = 1 + search->run->model->message_size;
    assert(!outcome->misbehaved && outcome->handled && outcome->local.size == ref_node_local_size(search, node));
    memcpy(ref_state_local(search, &attempt->state, node), outcome->local.data, outcome->local.size);
    for (size_t at = 0; at < outcome->sends.size; at += stride)
        ref_mail_send(attempt, node, outcome->sends.data[at] - 1u, outcome->sends.data + at + 1);
    absorb_announcements(attempt, node, &outcome->announcements);
}

void ref_attempt_start_nodes(const struct attempt *attempt, uint64_t nodes)
{
    struct search *search = attempt->search;
    unsigned node = 0;
    while (node < search->run->node_count && !(nodes >> node & 1))
        node++;
    if (node == search->run->node_count) {
        struct attempt finished = ref_attempt_copy(attempt);
        ref_attempt_conclude(&finished);
        ref_attempt_free(&finished);
        return;
    }
    /* The recovered state is already in place; for a handler, a reboot's START is a restart's. */
    struct event event = {.action = attempt->action == ACTION_START ? ACTION_START : ACTION_RESTART,
                          .node = node_of(node)};
    struct outcome outcome = {0};
    do {
        struct attempt next = ref_attempt_copy(attempt);
        step_run(search->run, node, ref_state_local(search, &attempt->state, node), &event, &outcome);
        if (outcome.misbehaved) {
            ref_attempt_worsen(&next, FATE_MISBEHAVED);
            ref_attempt_conclude(&next);
        } else {
            if (outcome.handled)
                ref_attempt_absorb(&next, node, &outcome);
            ref_attempt_start_nodes(&next, nodes & ~(UINT64_C(1) << node));
        }
        ref_attempt_free(&next);
    } while (step_next_branch(&outcome, &event));
    outcome_free(&outcome);
}

/* ---- What the whole is ---- */

static bool local_changed(const struct attempt *attempt, unsigned node)
{
    const struct search *search = attempt->search;
    return memcmp(ref_state_local(search, attempt->old, node), ref_state_local(search, &attempt->state, node),
                  ref_node_local_size(search, node)) != 0;
}

/* Did the step leave a node outside of its role's bound? */
static bool leaves_bound(const struct attempt *attempt)
{
    const struct search *search = attempt->search;
    for (unsigned n = 0; attempt->old && n < search->run->node_count; n++) {
        const struct gs_role *role = ref_node_role(search, n);
        if (role->within && local_changed(attempt, n) &&
            !role->within(search->run, node_of(n), ref_state_local(search, &attempt->state, n)))
            return true;
    }
    return false;
}

/* Files a state that was reached in `depth` steps. */
static void reach(struct search *search, const struct vector *state, uint64_t depth)
{
    if (!ref_value_set_insert(&search->states, state))
        return;
    search->result->depth = depth;
    ref_judge_state(search, state, depth);
}

/* A step: counts it, judges it, files where it leads. */
static void take(struct attempt *attempt)
{
    struct search *search = attempt->search;
    search->result->transitions++;
    search->result->absorbed += attempt->absorbed;
    search->result->actions[attempt->action]++;
    if (attempt->action == ACTION_DELIVER || attempt->action == ACTION_TIMER || attempt->action == ACTION_LOCAL)
        search->result->taken[attempt->type]++;
    ref_judge_step(attempt);
    reach(search, &attempt->state, search->depth + 1);
}

bool ref_attempt_conclude(struct attempt *attempt)
{
    struct search *search = attempt->search;
    if (attempt->fate == FATE_FINE && leaves_bound(attempt))
        ref_attempt_worsen(attempt, FATE_CUT_WITHIN);
    if (attempt->fate == FATE_FINE && !ref_monitors_feed(attempt))
        ref_attempt_worsen(attempt, FATE_MISBEHAVED);
    switch (attempt->fate) {
    case FATE_MISBEHAVED:
        ref_judge_misbehaviour(search, attempt->old ? search->depth + 1 : 0);
        return true;
    case FATE_CUT_CAPACITY:
        search->result->cuts[REFERENCE_CAPACITY]++;
        return true;
    case FATE_CUT_COPIES:
        search->result->cuts[REFERENCE_COPIES]++;
        return true;
    case FATE_CUT_WITHIN:
        search->result->cuts[REFERENCE_WITHIN]++;
        return true;
    case FATE_FINE:
        break;
    }
    if (!attempt->old)
        reach(search, &attempt->state, 0);
    else if (ref_vector_equal(attempt->old, &attempt->state))
        return false;
    else
        take(attempt);
    return true;
}
