/* Nothing is believed of the trace that is tried: what comes back is what the world did. */
#include "traces/attempt.h"

#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/die.h"
#include "traces/explanation_class.h"

struct trying {
    struct attempts *attempts;
    const struct attempt *attempt;
    const struct gs_run *run;
    struct trace *taken;
    bool is_shown;
    bool needs_before; /* the property is about steps */
};

void attempts_free(struct attempts *attempts)
{
    world_free(&attempts->world);
    world_free(&attempts->before);
    effect_free(&attempts->effect);
}

static bool is_of_class(const struct trying *t, const char *explanation)
{
    return explanation_is_like(t->run, explanation, t->attempts->wanted->class);
}

/* ---- The event that is meant ---- */

static size_t count_equal_bytes(const uint8_t *a, const uint8_t *b, size_t size)
{
    size_t count = 0;

    for (size_t i = 0; i < size; i++)
        count += a[i] == b[i];
    return count;
}

/* The message in flight that is most like the event's; NULL: none is of its type and sender. */
static const uint8_t *find_near_message(const struct trying *t, const struct event *event)
{
    const struct bytes *inbox = &t->attempts->world.inboxes[node_number(event->node)];
    const size_t size = t->run->model->message_size, count = inbox_count(t->run, inbox);
    const uint8_t *nearest = NULL;
    size_t most = 0;

    for (size_t i = 0; i < count; i++) {
        const uint8_t *entry = inbox_entry(t->run, inbox, i);
        if (entry[0] != event->from.tag || entry[1] != event->type || !inbox_is_deliverable(t->run, inbox, i))
            continue;
        const size_t equal = count_equal_bytes(entry + 1, event->message, size);
        if (!nearest || equal > most) {
            nearest = entry + 1;
            most = equal;
        }
    }
    return nearest;
}

static enum world_result apply(struct trying *t, const struct event *event)
{
    struct attempts *attempts = t->attempts;

    attempts->applied++;
    return event->action == ACTION_START ? world_start(&attempts->world, event, &attempts->effect)
                                         : world_apply(&attempts->world, event, &attempts->effect);
}

/* Makes the event another one that may be meant. False: there is none. */
static bool make_near(const struct trying *t, struct event *event, uint8_t *message)
{
    const uint8_t *near = event->message ? find_near_message(t, event) : NULL;
    const bool is_another = near && memcmp(near, event->message, t->run->model->message_size) != 0;

    if (is_another)
        event->message = memcpy(message, near, t->run->model->message_size);
    else if (!event->choice_count)
        return false;
    if (!is_another)
        event->choice_count = 0;
    return true;
}

/* Applies the event, or that which is meant; *event is then that one. */
static enum world_result apply_meant(struct trying *t, struct event *event, uint8_t *message)
{
    enum world_result result = apply(t, event);

    while (result == WORLD_NOT_ENABLED && t->attempt->mode == ATTEMPT_NEAR && make_near(t, event, message))
        result = apply(t, event);
    return result;
}

/* ---- Trying them all ---- */

static void take(struct trying *t, struct event *event)
{
    const struct effect *effect = &t->attempts->effect;

    event->choice_count = (uint8_t)effect->choice_count;
    memset(event->choices, 0, sizeof(event->choices));
    memcpy(event->choices, effect->choices, effect->choice_count * sizeof(event->choices[0]));
    trace_append(t->taken, event);
}

static void show(struct trying *t, const char *explanation)
{
    free(t->taken->explanation);
    t->taken->explanation = strdup(explanation);
    t->is_shown = true;
}

/* After a step, or all starts. */
static void judge(struct trying *t, const struct event *event)
{
    const struct attempts *attempts = t->attempts;
    const struct replayed replayed = {.number = t->taken->step_count,
                                      .event = event,
                                      .result = WORLD_STEP,
                                      .effect = &attempts->effect,
                                      .before = t->needs_before ? &attempts->before : &attempts->world,
                                      .after = &attempts->world};
    char explanation[EXPLANATION_SIZE];

    if (trace_is_shown(t->taken, &replayed, explanation) && is_of_class(t, explanation))
        show(t, explanation);
}

/* False: no further event counts. */
static bool try_event(struct trying *t, const struct event *given, uint8_t *message)
{
    struct attempts *attempts = t->attempts;
    struct event event = *given;

    if (t->needs_before)
        world_copy(&attempts->before, &attempts->world);
    const enum world_result result = apply_meant(t, &event, message);
    if (result == WORLD_MISBEHAVED && trace_kind(t->taken) == TRACE_OF_MISBEHAVIOUR &&
        is_of_class(t, attempts->effect.explanation)) {
        take(t, &event);
        show(t, attempts->effect.explanation);
        return false;
    }
    if (result == WORLD_STEP) {
        take(t, &event);
        if (event.action != ACTION_START)
            judge(t, &event);
    }
    return !t->is_shown && (event.action == ACTION_START || t->taken->step_count < t->attempt->steps_max);
}

static const struct event *find_start(const struct trace *trace, gs_node node)
{
    for (size_t i = 0; i < trace->start_count; i++)
        if (gs_same(trace->starts[i].node, node))
            return &trace->starts[i];
    return NULL;
}

/* Every node that has to start does so; false: one cannot, or misbehaves. */
static bool try_starts(struct trying *t, uint8_t *message)
{
    size_t started = 0;

    for (unsigned n = 0; n < t->run->node_count; n++) {
        const struct event plain = {.action = ACTION_START, .node = node_of(n)};
        if (!run_role_of(t->run, n)->starts)
            continue;
        const struct event *said = find_start(t->attempt->trace, plain.node);
        if (!try_event(t, said ? said : &plain, message) || t->taken->start_count == started)
            return false;
        started++;
    }
    judge(t, NULL);
    return !t->is_shown;
}

static void try_steps(struct trying *t, uint8_t *message)
{
    const struct attempt *attempt = t->attempt;

    for (size_t i = 0; i < attempt->trace->step_count && t->taken->step_count < attempt->steps_max; i++)
        if (!(attempt->left_out && attempt->left_out[i]) && !try_event(t, &attempt->trace->steps[i], message))
            return;
}

static bool has_time(struct attempts *attempts)
{
    attempts->is_over |= clock_is_over(attempts->until, attempts->is_interrupted);
    return !attempts->is_over;
}

struct trace *attempt_make(struct attempts *attempts, const struct attempt *attempt)
{
    const struct wanted *wanted = attempts->wanted;
    const struct gs_run *run = attempt->trace->run;
    char explanation[EXPLANATION_SIZE] = "";

    if (!has_time(attempts))
        return NULL;
    attempts->tried++;
    struct trying t = {.attempts = attempts,
                       .attempt = attempt,
                       .run = run,
                       .taken = trace_new(run, wanted->property, "", wanted->monitors_on)};
    uint8_t *message = die_alloc(run->model->message_size + 1);
    t.needs_before = trace_kind(t.taken) == TRACE_OF_VIOLATION || trace_kind(t.taken) == TRACE_OF_GOAL
                         ? run_property(run, wanted->property)->scope >= GS_SCOPE_STEP
                         : false;
    world_free(&attempts->world);
    if (trace_world(t.taken, &attempts->world, explanation)) {
        if (try_starts(&t, message) && !t.is_shown)
            try_steps(&t, message);
    } else if (trace_kind(t.taken) == TRACE_OF_MISBEHAVIOUR && is_of_class(&t, explanation)) {
        show(&t, explanation);
    }
    free(message);
    if (t.is_shown)
        return t.taken;
    trace_free(t.taken);
    return NULL;
}
