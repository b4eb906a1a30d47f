/* Deliveries, duplicates, timers and local events: enumerated and tried, with every branch of their choices. */
#include <assert.h>

#include "tests/reference/reference_search.h"

/* ---- Mail ---- */

/* One branch of a delivery or duplicate of the mail at `position`. */
static bool take_delivery(struct search *search, const struct vector *state, size_t position, uint8_t action,
                          const struct outcome *outcome)
{
    const uint8_t *entry = ref_mail_entry(search, state, position);
    const unsigned node = mail_receiver(entry);
    if (!outcome->misbehaved && outcome->deferred)
        return false;
    if (!outcome->misbehaved && !outcome->handled) {
        search->result->ignored++;
        if (search->leaves_out_ignored)
            return false;
    }
    struct attempt attempt = ref_attempt_of(search, state, action, *mail_message(entry));
    attempt.movers = UINT64_C(1) << node;
    if (action == ACTION_DUPLICATE)
        ref_state_spend(search, &attempt.state, GS_DUPLICATE);
    else if (search->run->network != GS_SET)
        ref_mail_take_out(search, &attempt.state, position);
    if (outcome->misbehaved)
        ref_attempt_worsen(&attempt, FATE_MISBEHAVED);
    else if (outcome->handled)
        ref_attempt_absorb(&attempt, node, outcome);
    const bool exists = ref_attempt_conclude(&attempt);
    ref_attempt_free(&attempt);
    return exists;
}

static bool try_delivery(struct search *search, const struct vector *state, size_t position, uint8_t action)
{
    const uint8_t *entry = ref_mail_entry(search, state, position);
    const unsigned node = mail_receiver(entry), from = mail_sender(entry);
    if (!ref_state_is_up(search, state, node) || ref_state_link_is_cut(search, state, from, node))
        return false;
    struct event event = {.action = action,
                          .type = *mail_message(entry),
                          .node = node_of(node),
                          .from = node_of(from),
                          .message = mail_message(entry)};
    struct outcome outcome = {0};
    bool exists = false;
    do {
        step_run(search->run, node, ref_state_local(search, state, node), &event, &outcome);
        exists |= take_delivery(search, state, position, action, &outcome);
    } while (step_next_branch(&outcome, &event));
    outcome_free(&outcome);
    return exists;
}

bool ref_try_deliveries(struct search *search, const struct vector *state)
{
    bool exists = false;
    for (size_t i = 0; i < ref_mail_count(search, state); i++)
        if (ref_mail_is_next(search, state, i))
            exists |= try_delivery(search, state, i, ACTION_DELIVER);
    return exists;
}

void ref_try_duplicates(struct search *search, const struct vector *state)
{
    if (search->run->network == GS_SET || !ref_state_has_budget(search, state, GS_DUPLICATE))
        return;
    for (size_t i = 0; i < ref_mail_count(search, state); i++)
        if (ref_mail_is_next(search, state, i))
            try_delivery(search, state, i, ACTION_DUPLICATE);
}

/* ---- Timers and local events ---- */

/* One branch of a timer or local event. A timer that only its spent budget stops is cut: it is there, but not taken. */
static bool take_own(struct search *search, const struct vector *state, const struct event *event,
                     const struct outcome *outcome)
{
    const unsigned node = node_number(event->node);
    if (!outcome->misbehaved && !outcome->handled)
        return false;
    if (event->action == ACTION_TIMER && !ref_state_has_budget(search, state, GS_TIMEOUT))
        return true;
    struct attempt attempt = ref_attempt_of(search, state, event->action, event->type);
    attempt.movers = UINT64_C(1) << node;
    if (event->action == ACTION_TIMER)
        ref_state_spend(search, &attempt.state, GS_TIMEOUT);
    if (outcome->misbehaved)
        ref_attempt_worsen(&attempt, FATE_MISBEHAVED);
    else
        ref_attempt_absorb(&attempt, node, outcome);
    const bool exists = ref_attempt_conclude(&attempt);
    ref_attempt_free(&attempt);
    return exists;
}

static bool try_own(struct search *search, const struct vector *state, const struct event *event)
{
    const unsigned node = node_number(event->node);
    struct event branch = *event;
    struct outcome outcome = {0};
    bool exists = false;
    do {
        step_run(search->run, node, ref_state_local(search, state, node), &branch, &outcome);
        exists |= take_own(search, state, event, &outcome);
    } while (step_next_branch(&outcome, &branch));
    outcome_free(&outcome);
    return exists;
}

/* A timer's indices at a node; bit: of its index 0 among the role's armed timers, which are numbered in table order. */
static bool try_timer(struct search *search, const struct vector *state, unsigned node, uint8_t type, unsigned bit,
                      unsigned indices)
{
    bool exists = false;
    for (unsigned i = 0; i < indices; i++) {
        const struct event event = {.action = ACTION_TIMER, .type = type, .node = node_of(node), .index = (uint8_t)i};
        if (ref_state_armed(search, state, node) >> (bit + i) & 1)
            exists |= try_own(search, state, &event);
    }
    return exists;
}

static bool try_timers_of(struct search *search, const struct vector *state, unsigned node)
{
    const struct gs_event_type *types = search->run->model->events;
    unsigned bit = 0;
    bool exists = false;
    for (unsigned t = 0; t < GS_EVENTS_MAX && types[t].name; t++) {
        if (types[t].kind != GS_TIMER || types[t].role != search->run->nodes[node].role)
            continue;
        const unsigned indices = types[t].indices ? types[t].indices : 1;
        exists |= try_timer(search, state, node, (uint8_t)t, bit, indices);
        bit += indices;
    }
    return exists;
}

bool ref_try_timers(struct search *search, const struct vector *state)
{
    bool exists = false;
    for (unsigned n = 0; n < search->run->node_count; n++)
        if (ref_state_is_up(search, state, n))
            exists |= try_timers_of(search, state, n);
    return exists;
}

/* A local event with every value of its arguments from `position` on. */
static bool try_arguments(struct search *search, const struct vector *state, struct event event, unsigned position)
{
    const struct gs_argument *argument = &search->run->model->events[event.type].arguments[position];
    if (position == GS_ARGUMENTS_MAX || argument->kind == GS_NO_ARGUMENT)
        return try_own(search, state, &event);
    bool exists = false;
    if (argument->kind == GS_NODE) {
        for (unsigned n = 0; n < search->run->node_count; n++) {
            event.nodes[position] = node_of(n);
            if (search->run->nodes[n].role == argument->role)
                exists |= try_arguments(search, state, event, position + 1);
        }
        return exists;
    }
    const int64_t max = argument->max_option ? search->run->options[argument->max_option - 1] : argument->max;
    for (int64_t value = argument->min; value <= max; value++) {
        event.arguments[position] = value;
        exists |= try_arguments(search, state, event, position + 1);
    }
    return exists;
}

bool ref_try_local_events(struct search *search, const struct vector *state)
{
    const struct gs_event_type *types = search->run->model->events;
    bool exists = false;
    for (unsigned n = 0; n < search->run->node_count; n++)
        for (unsigned t = 0; t < GS_EVENTS_MAX && types[t].name; t++) {
            const struct event event = {.action = ACTION_LOCAL, .type = (uint8_t)t, .node = node_of(n)};
            if (types[t].kind == GS_LOCAL && types[t].role == search->run->nodes[n].role &&
                ref_state_is_up(search, state, n))
                exists |= try_arguments(search, state, event, 0);
        }
    return exists;
}
