/* Local states: their bytes, and all that happens to them without an event's handler. */
#include <stdlib.h>
#include <string.h>

#include "core/die.h"
#include "core/guard.h"
#include "core/local.h"

enum { ARMED_BYTES = 8, LOCAL_EXTRA = ARMED_BYTES + 1 };

size_t state_size(const struct gs_run *run, unsigned node)
{
    return run_role_of(run, node)->size;
}

size_t local_size(const struct gs_run *run, unsigned node)
{
    return state_size(run, node) + LOCAL_EXTRA;
}

uint64_t local_armed(const struct gs_run *run, unsigned node, const uint8_t *local)
{
    uint64_t armed;
    memcpy(&armed, local + state_size(run, node), sizeof(armed));
    return armed;
}

bool local_is_up(const struct gs_run *run, unsigned node, const uint8_t *local)
{
    return local[state_size(run, node) + ARMED_BYTES];
}

void local_set(const struct gs_run *run, unsigned node, uint8_t *local, uint64_t armed, bool up)
{
    memcpy(local + state_size(run, node), &armed, sizeof(armed));
    local[state_size(run, node) + ARMED_BYTES] = up;
}

void local_serialize(const struct gs_run *run, unsigned node, const uint8_t *local, struct bytes *out)
{
    const struct gs_role *role = run_role_of(run, node);
    if (role->size)
        fields_serialize(run, role->fields, local, out);
    bytes_append(out, local + role->size, LOCAL_EXTRA);
}

struct init_call {
    const struct gs_run *run;
    unsigned node;
    int poison;
    uint8_t *state;
};

static void call_init(void *argument)
{
    struct init_call *call = argument;
    guard_poison_stack(call->poison);
    run_role_of(call->run, call->node)->init(call->run, node_of(call->node), call->state);
}

enum { INIT_MARGIN = 64, INIT_MARGIN_BYTE = 0xA5 };

/* Runs init over a state of zeros between margins. False: it misbehaved, error says how. */
static bool run_init(const struct gs_run *run, unsigned node, int poison, struct bytes *out, char *error, size_t size)
{
    const struct gs_role *role = run_role_of(run, node);
    const size_t bytes = role->size + 2 * INIT_MARGIN;
    uint8_t *memory = memset(die_alloc(bytes), INIT_MARGIN_BYTE, bytes);
    struct init_call call = {run, node, poison, memset(memory + INIT_MARGIN, 0, role->size)};
    bool fine = !role->init || guard_call(call_init, &call, error, size);
    for (size_t i = 0; fine && i < INIT_MARGIN; i++)
        fine = memory[i] == INIT_MARGIN_BYTE && call.state[role->size + i] == INIT_MARGIN_BYTE;
    if (!fine && !error[0])
        snprintf(error, size, "it wrote outside its state struct");
    out->size = 0;
    bytes_append(out, call.state, role->size);
    free(memory);
    return fine;
}

bool local_initial(const struct gs_run *run, unsigned node, struct bytes *local, char *explanation)
{
    const struct gs_role *role = run_role_of(run, node);
    char error[EXPLANATION_SIZE / 2] = "";
    struct bytes again = {0};
    bool fine = run_init(run, node, 0, local, error, sizeof(error)) &&
                run_init(run, node, UINT8_MAX, &again, error, sizeof(error));
    if (fine && role->size && memcmp(local->data, again.data, role->size) != 0) {
        fine = false;
        snprintf(error, sizeof(error), "run twice, it gives two different states");
    }
    fine = fine && (!role->size || fields_valid(run, role->fields, local->data, error, sizeof(error)));
    if (!fine)
        snprintf(explanation, EXPLANATION_SIZE, "%s, in init: %s", run->nodes[node].name, error);
    else if (role->size)
        fields_normalize(role->fields, local->data);
    const uint8_t extra[LOCAL_EXTRA] = {0};
    bytes_append(local, extra, sizeof(extra));
    local_set(run, node, local->data, 0, true);
    bytes_free(&again);
    return fine;
}

void local_crash(const struct gs_run *run, unsigned node, const uint8_t *local, struct bytes *out)
{
    char explanation[EXPLANATION_SIZE];
    must(local_initial(run, node, out, explanation)); /* it succeeded before the search began */
    const struct gs_role *role = run_role_of(run, node);
    for (const struct gs_field *field = role->fields; field && field->name; field++)
        if (field->flags & GS_DURABLE)
            memcpy(out->data + field->offset, local + field->offset, field->size);
    if (role->size)
        fields_normalize(role->fields, out->data);
    local_set(run, node, out->data, 0, false);
}

struct within_call {
    const struct gs_run *run;
    unsigned node;
    const uint8_t *local;
    bool within;
};

static void call_within(void *argument)
{
    struct within_call *call = argument;
    call->within = run_role_of(call->run, call->node)->within(call->run, node_of(call->node), call->local);
}

enum within local_within(const struct gs_run *run, unsigned node, const uint8_t *local, char *explanation)
{
    if (!run_role_of(run, node)->within)
        return WITHIN;
    const size_t size = local_size(run, node);
    uint8_t *copy = memcpy(die_alloc(size), local, size); /* it may look, not touch */
    struct within_call call = {run, node, copy, false};
    char error[EXPLANATION_SIZE / 2];
    const bool fine = guard_call(call_within, &call, error, sizeof(error));
    free(copy);
    if (fine)
        return call.within ? WITHIN : WITHIN_NOT;
    snprintf(explanation, EXPLANATION_SIZE, "the predicate within of role %s: %s", run_role_of(run, node)->name, error);
    return WITHIN_FAILED;
}

/* Visits a local event with every combination of its arguments, from argument `position` on. */
static void visit_arguments(const struct gs_run *run, struct event *event, int position, event_visitor *visit,
                            void *context)
{
    const struct gs_argument *argument = &run->model->events[event->type].arguments[position];
    if (position == GS_ARGUMENTS_MAX || !argument->kind) {
        visit(context, event);
        return;
    }
    if (argument->kind == GS_NODE) {
        for (unsigned k = 0; k < run->count[argument->role]; k++) {
            event->nodes[position] = node_of(run->first[argument->role] + k);
            visit_arguments(run, event, position + 1, visit, context);
        }
        event->nodes[position] = GS_NOBODY;
        return;
    }
    const int64_t max = run_argument_max(run, argument);
    for (int64_t value = argument->min; value <= max; value++) {
        event->arguments[position] = value;
        visit_arguments(run, event, position + 1, visit, context);
        if (value == INT64_MAX)
            break;
    }
    event->arguments[position] = 0;
}

void local_visit_own(const struct gs_run *run, unsigned node, const uint8_t *local, event_visitor *visit, void *context)
{
    const uint64_t armed = local_armed(run, node, local);
    for (unsigned t = 0; local_is_up(run, node, local) && t < run->event_count; t++) {
        const struct gs_event_type *type = &run->model->events[t];
        if (type->kind == GS_MESSAGE || type->role != run->nodes[node].role)
            continue;
        struct event event = {
            .action = type->kind == GS_TIMER ? ACTION_TIMER : ACTION_LOCAL, .type = (uint8_t)t, .node = node_of(node)};
        if (type->kind == GS_LOCAL)
            visit_arguments(run, &event, 0, visit, context);
        for (unsigned i = 0; type->kind == GS_TIMER && i < (type->indices ? type->indices : 1u); i++) {
            event.index = (uint8_t)i;
            if (armed >> (run->timer_base[t] + i) & 1)
                visit(context, &event);
        }
    }
}
