/* Events are drawn until one is a step, which is far cheaper than to try them all. */
#include "tests/random_walk.h"

#include <stdlib.h>
#include <string.h>

#include "core/die.h"
#include "tests/reference/random_spec.h"
#include "traces/enabled.h"

struct offer {
    struct event *events;
    size_t count, capacity;
};

static void add_offer(void *context, const struct event *event)
{
    struct offer *offer = context;
    offer->events = die_grow(offer->events, &offer->capacity, offer->count + 1, sizeof(*offer->events));
    offer->events[offer->count++] = *event;
}

/* Random choices, within the limits that an attempt with zeroes shows. */
static void draw_choices(struct event *event, const struct effect *effect, struct random_stream *random)
{
    event->choice_count = (uint8_t)effect->choice_count;
    for (unsigned i = 0; i < effect->choice_count; i++)
        event->choices[i] = (uint16_t)(effect->choice_limits[i] ? random_below(random, effect->choice_limits[i]) : 0);
}

struct walking {
    struct trace *trace;
    struct world world, before, tried;
    struct effect effect;
    struct random_stream random;
};

static enum world_result apply(struct walking *w, struct event *event)
{
    enum world_result result;
    world_copy(&w->tried, &w->world);
    world_apply(&w->tried, event, &w->effect);
    draw_choices(event, &w->effect, &w->random);
    world_copy(&w->before, &w->world);
    result = world_apply(&w->world, event, &w->effect);
    if (result == WORLD_NOT_ENABLED && event->choice_count) { /* other choices led elsewhere */
        event->choice_count = 0;
        result = world_apply(&w->world, event, &w->effect);
    }
    return result;
}

/* False: nothing is a step any more. */
static bool take_any(struct walking *w, enum world_result *result)
{
    struct offer offer = {0};
    world_visit(&w->world, add_offer, &offer);
    *result = WORLD_SAME;
    while (offer.count && *result != WORLD_STEP && *result != WORLD_MISBEHAVED) {
        const size_t drawn = random_below(&w->random, (unsigned)offer.count);
        struct event event = offer.events[drawn];
        struct trace *kept = trace_new(w->trace->run, TRACE_NO_PROPERTY, "", 0); /* its message stands in the world */
        trace_append(kept, &event);
        event = kept->steps[0];
        *result = apply(w, &event);
        if (*result == WORLD_STEP || *result == WORLD_MISBEHAVED)
            trace_append(w->trace, &event);
        trace_free(kept);
        offer.events[drawn] = offer.events[--offer.count];
    }
    free(offer.events);
    return *result == WORLD_STEP || *result == WORLD_MISBEHAVED;
}

static bool is_shown(struct walking *w, enum world_result result, char *explanation)
{
    struct trace *trace = w->trace;
    const struct replayed replayed = {.number = trace->step_count,
                                      .event = &trace->steps[trace->step_count - 1],
                                      .result = result,
                                      .effect = &w->effect,
                                      .before = &w->before,
                                      .after = &w->world};
    if (result == WORLD_MISBEHAVED)
        return trace_kind(trace) == TRACE_OF_MISBEHAVIOUR && strcpy(explanation, w->effect.explanation);
    return trace_is_shown(trace, &replayed, explanation);
}

static bool walk_on(struct walking *w, size_t steps_least, size_t steps_most)
{
    char explanation[EXPLANATION_SIZE];
    enum world_result result;
    while (w->trace->step_count < steps_most && take_any(w, &result)) {
        if (is_shown(w, result, explanation) && w->trace->step_count >= steps_least) {
            free(w->trace->explanation);
            w->trace->explanation = strdup(explanation);
            return true;
        }
        if (result == WORLD_MISBEHAVED)
            return false;
    }
    return false;
}

static bool start(struct walking *w)
{
    const struct gs_run *run = w->trace->run;
    char explanation[EXPLANATION_SIZE];
    bool fine = trace_world(w->trace, &w->world, explanation);
    for (unsigned n = 0; fine && n < run->node_count; n++) {
        const struct event event = {.action = ACTION_START, .node = node_of(n)};
        if (!run_role_of(run, n)->starts)
            continue;
        fine = world_start(&w->world, &event, &w->effect) == WORLD_STEP;
        trace_append(w->trace, &event);
    }
    return fine;
}

struct trace *random_walk(const struct gs_run *run, unsigned property, uint64_t seed, size_t steps_least,
                          size_t steps_most)
{
    struct walking w = {.random = {random_mix(seed)}};
    w.trace = trace_new(run, property, "", trace_own_monitor(run, property));
    const bool is_found = start(&w) && walk_on(&w, steps_least, steps_most);
    world_free(&w.world);
    world_free(&w.before);
    world_free(&w.tried);
    effect_free(&w.effect);
    if (is_found)
        return w.trace;
    trace_free(w.trace);
    return NULL;
}
