/* One run of a handler, watched: what it does is collected in an outcome, what it must not do becomes a misbehaviour.
 */
#include "core/step.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "core/die.h"
#include "core/guard.h"
#include "core/handler.h"

enum {
    RED_ZONE = 64,        /* bytes around the state that a handler must not touch */
    ADDRESS_SHIFT = 4096, /* how far apart the two runs' memory and stack are, for handlers that look at addresses */
    RED_ZONE_BYTE = 0xA5,
    POISON_FIRST = 0x5C,
    POISON_SECOND = 0xE3
};

void outcome_free(struct outcome *outcome)
{
    bytes_free(&outcome->local);
    bytes_free(&outcome->sends);
    bytes_free(&outcome->announcements);
}

static void outcome_reset(struct outcome *outcome)
{
    outcome->handled = outcome->deferred = outcome->misbehaved = outcome->bad_choices = false;
    outcome->asked_time = outcome->read_clock = outcome->nondeterministic = false;
    outcome->explanation[0] = '\0';
    outcome->local.size = outcome->sends.size = outcome->announcements.size = 0;
    outcome->choice_count = 0;
    outcome->timers_set = 0;
}

size_t outcome_send_count(const struct gs_run *run, const struct outcome *outcome)
{
    return outcome->sends.size / (1 + run->model->message_size);
}

/* A call in progress: the state between its red zones, in memory of its own. */
struct call {
    struct gs_step step;
    struct gs_event event;
    uint8_t *block;
    uint8_t *memory; /* in the block: red zone, state, red zone, message, red zone */
    uint8_t *message;
    uint8_t *self;
    int poison;
    bool returned;
};

static struct gs_event event_for_handler(const struct event *event, const void *message)
{
    struct gs_event e = {.type = event->type, .from = event->from, .message = message, .index = event->index};
    memcpy(e.arguments, event->arguments, sizeof(e.arguments));
    memcpy(e.nodes, event->nodes, sizeof(e.nodes));
    if (event->action == ACTION_START || event->action == ACTION_RESTART || event->action == ACTION_REBOOT)
        e = (struct gs_event){.type = GS_START, .restarted = event->action != ACTION_START};
    return e;
}

static void call_prepare(struct call *call, const uint8_t *state, const uint8_t *message)
{
    const struct gs_run *run = call->step.run;
    const size_t size = state_size(run, call->step.node);
    const size_t message_offset = (2 * RED_ZONE + size + 15) / 16 * 16;
    const size_t bytes = message_offset + run->model->message_size + RED_ZONE;
    call->block = die_alloc(ADDRESS_SHIFT + bytes);
    call->memory = memset(call->block + (call->poison == POISON_SECOND ? ADDRESS_SHIFT : 0), RED_ZONE_BYTE, bytes);
    call->self = call->memory + RED_ZONE;
    memcpy(call->self, state, size);
    if (message)
        call->message = memcpy(call->memory + message_offset, message, run->model->message_size);
    call->event = event_for_handler(call->step.event, call->message);
}

static void call_handler(void *argument)
{
    struct call *call = argument;
    guard_poison_stack(call->poison);
    call->returned = run_role_of(call->step.run, call->step.node)->step(&call->step, call->self, &call->event);
}

static bool is_red_zone(const uint8_t *zone)
{
    size_t intact = 0;
    while (intact < RED_ZONE && zone[intact] == RED_ZONE_BYTE)
        intact++;
    return intact == RED_ZONE;
}

/* Did the handler write only where it may: in its state? */
static bool kept_to_its_state(const struct call *call)
{
    const struct gs_run *run = call->step.run;
    const size_t size = run->model->message_size;
    return is_red_zone(call->memory) && is_red_zone(call->self + state_size(run, call->step.node)) &&
           (!call->message ||
            (memcmp(call->message, call->step.event->message, size) == 0 && is_red_zone(call->message + size)));
}

__attribute__((format(printf, 2, 3))) static void misbehave(struct outcome *outcome, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    outcome->misbehaved = true;
    vsnprintf(outcome->explanation, sizeof(outcome->explanation), format, arguments);
    va_end(arguments);
}

/* The first top-level field in which two states of a role differ, or NULL. */
static const struct gs_field *different_field(const struct gs_role *role, const uint8_t *a, const uint8_t *b)
{
    for (const struct gs_field *field = role->fields; field && field->name; field++)
        if (memcmp(a + field->offset, b + field->offset, field->size) != 0)
            return field;
    return NULL;
}

/* `false` promises that nothing has changed. */
static void check_refusal(const struct call *call, const uint8_t *state, uint64_t armed)
{
    struct outcome *outcome = call->step.outcome;
    const struct gs_field *field = different_field(run_role_of(call->step.run, call->step.node), state, call->self);
    if (field)
        misbehave(outcome, "it returned false, but changed %s", field->name);
    else if (call->step.armed != armed)
        misbehave(outcome, "it returned false, but set or cancelled a timer");
    else if (outcome->sends.size)
        misbehave(outcome, "it returned false, but sent a message");
    else if (outcome->announcements.size)
        misbehave(outcome, "it returned false, but announced something");
}

static void check_result(const struct call *call, const uint8_t *state, uint64_t armed)
{
    struct outcome *outcome = call->step.outcome;
    const struct gs_run *run = call->step.run;
    const struct gs_role *role = run_role_of(run, call->step.node);
    char error[EXPLANATION_SIZE / 2];
    if (!kept_to_its_state(call))
        misbehave(outcome, "it wrote outside its state struct");
    else if (outcome->deferred && call->returned)
        misbehave(outcome, "it deferred the message, but returned true");
    else if (!call->returned)
        check_refusal(call, state, armed);
    else if (role->size && !fields_valid(run, role->fields, call->self, error, sizeof(error)))
        misbehave(outcome, "it left a bad state: %s", error);
}

/* The state a handler starts from: recovered for restarts and reboots, its timer disarmed for timers. */
static void starting_state(const struct gs_run *run, unsigned node, const uint8_t *local, const struct event *event,
                           struct bytes *state)
{
    state->size = 0;
    if (event->action == ACTION_REBOOT)
        local_crash(run, node, local, state);
    else
        bytes_append(state, local, local_size(run, node));
    if (event->action == ACTION_REBOOT || event->action == ACTION_RESTART)
        local_set(run, node, state->data, 0, true);
    if (event->action == ACTION_TIMER)
        local_set(run, node, state->data,
                  local_armed(run, node, local) & ~(UINT64_C(1) << (run->timer_base[event->type] + event->index)),
                  true);
}

static void collect(const struct call *call, const uint8_t *start)
{
    struct outcome *outcome = call->step.outcome;
    const struct gs_run *run = call->step.run;
    const struct gs_role *role = run_role_of(run, call->step.node);
    outcome->handled = call->returned;
    bytes_append(&outcome->local, start, local_size(run, call->step.node));
    if (call->returned) {
        memcpy(outcome->local.data, call->self, role->size);
        if (role->size)
            fields_normalize(role->fields, outcome->local.data);
        local_set(run, call->step.node, outcome->local.data, call->step.armed, true);
    }
    /* START always happens: a handler that says false has nothing to do. */
    if (call->event.type == GS_START)
        outcome->handled = true;
}

/* *block: memory to be freed when no further run of this event is to come, so that each has addresses of its own. */
static void run_once(const struct gs_run *run, unsigned node, const uint8_t *start, const struct event *event,
                     int poison, struct outcome *outcome, uint8_t **block)
{
    outcome_reset(outcome);
    struct call call = {.step = {.run = run,
                                 .node = node,
                                 .event = event,
                                 .armed = local_armed(run, node, start),
                                 .branches = 1,
                                 .outcome = outcome},
                        .poison = poison};
    const uint64_t armed = call.step.armed;
    call_prepare(&call, start, event->message);
    if (!guard_call(call_handler, &call, outcome->explanation, sizeof(outcome->explanation)))
        outcome->misbehaved = true;
    else
        check_result(&call, start, armed);
    if (!outcome->misbehaved)
        collect(&call, start);
    *block = call.block;
}

static bool choices_equal(const struct outcome *a, const struct outcome *b)
{
    return a->choice_count == b->choice_count &&
           memcmp(a->choice_limits, b->choice_limits, a->choice_count * sizeof(a->choice_limits[0])) == 0;
}

static void report_nondeterminism(const struct gs_run *run, unsigned node, struct outcome *first,
                                  const struct outcome *second)
{
    const struct gs_field *field = NULL;
    if (!second->misbehaved && first->handled && second->handled)
        field = different_field(run_role_of(run, node), first->local.data, second->local.data);
    const char *where = second->misbehaved || first->handled != second->handled       ? "whether it handles the event"
                        : field                                                       ? field->name
                        : first->deferred != second->deferred                         ? "whether it defers the message"
                        : !choices_equal(first, second)                               ? "its choices"
                        : !bytes_equal(&first->sends, &second->sends)                 ? "what it sends"
                        : !bytes_equal(&first->announcements, &second->announcements) ? "what it announces"
                                                                                      : "its timers";
    first->nondeterministic = true;
    misbehave(first, "nondeterministic handler: run twice on the same state and event, it differs in %s", where);
}

static bool outcomes_equal(const struct outcome *a, const struct outcome *b)
{
    return !b->misbehaved && a->handled == b->handled && a->deferred == b->deferred && choices_equal(a, b) &&
           bytes_equal(&a->local, &b->local) && bytes_equal(&a->sends, &b->sends) &&
           bytes_equal(&a->announcements, &b->announcements);
}

/* Puts who and on what before what happened. */
static void name_misbehaviour(const struct gs_run *run, unsigned node, const struct event *event,
                              struct outcome *outcome)
{
    char what[EXPLANATION_SIZE];
    memcpy(what, outcome->explanation, sizeof(what));
    const bool is_start = event->action == ACTION_START;
    snprintf(outcome->explanation, sizeof(outcome->explanation), "%s, on %s: %.*s", run->nodes[node].name,
             is_start         ? "START"
             : event->message ? run->model->events[event->type].name
                              : event_name(run, event),
             EXPLANATION_SIZE - 120, what);
}

void step_run(const struct gs_run *run, unsigned node, const uint8_t *local, const struct event *event,
              struct outcome *outcome)
{
    struct bytes start = {0};
    struct outcome second = {0};
    uint8_t *blocks[2] = {NULL, NULL};
    starting_state(run, node, local, event, &start);
    run_once(run, node, start.data, event, POISON_FIRST, outcome, &blocks[0]);
    if (!outcome->misbehaved) {
        volatile char *shift = __builtin_alloca(ADDRESS_SHIFT);
        shift[0] = 0;
        run_once(run, node, start.data, event, POISON_SECOND, &second, &blocks[1]);
        if (!outcomes_equal(outcome, &second))
            report_nondeterminism(run, node, outcome, &second);
    }
    if (outcome->misbehaved && !outcome->bad_choices)
        name_misbehaviour(run, node, event, outcome);
    free(blocks[0]);
    free(blocks[1]);
    outcome_free(&second);
    bytes_free(&start);
}

bool step_next_branch(const struct outcome *outcome, struct event *event)
{
    unsigned last = outcome->choice_count;
    while (last && outcome->choices[last - 1] == outcome->choice_limits[last - 1])
        last--;
    if (!last)
        return false;
    memcpy(event->choices, outcome->choices, sizeof(event->choices));
    event->choices[last - 1]++;
    event->choice_count = (uint8_t)last;
    return true;
}
