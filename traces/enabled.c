/* Every event that may be tried is applied to a copy of the world, once for each branch of its choices. */
#include "traces/enabled.h"

#include <stdlib.h>
#include <string.h>

#include "core/bytes.h"
#include "core/die.h"

enum { SHOWN = 6 };

/* ---- Branches ---- */

struct trying {
    const struct world *world;
    struct world scratch; /* equal to world between events */
    struct effect effect;
    enabled_filter *is_wanted; /* or NULL */
    enabled_visitor *visit;
    void *context;
};

static void trying_begin(struct trying *trying, const struct world *world, enabled_visitor *visit, void *context)
{
    *trying = (struct trying){.world = world, .visit = visit, .context = context};
    world_copy(&trying->scratch, world);
}

static void trying_end(struct trying *trying)
{
    world_free(&trying->scratch);
    effect_free(&trying->effect);
}

/* The event with the choices that were drawn; of one that misbehaved, at least those it was given. */
static struct event with_drawn_choices(const struct event *branch, const struct effect *effect)
{
    struct event event = *branch;

    if (effect->choice_count > event.choice_count) {
        event.choice_count = (uint8_t)effect->choice_count;
        memcpy(event.choices, effect->choices, effect->choice_count * sizeof(event.choices[0]));
    }
    return event;
}

static bool visit_branch(struct trying *trying, const struct event *branch, enum world_result result)
{
    const struct event event = with_drawn_choices(branch, &trying->effect);
    const bool goes_on = trying->visit(
        trying->context,
        &(struct enabled){.event = &event, .result = result, .effect = &trying->effect, .after = &trying->scratch});

    if (result == WORLD_STEP)
        world_copy(&trying->scratch, trying->world);
    return goes_on;
}

static void try_branches(void *context, const struct event *event)
{
    struct trying *trying = context;
    struct event branch = *event;
    struct outcome drawn = {0};

    do {
        const enum world_result result = world_apply(&trying->scratch, &branch, &trying->effect);
        drawn.choice_count = trying->effect.choice_count;
        memcpy(drawn.choices, trying->effect.choices, sizeof(drawn.choices));
        memcpy(drawn.choice_limits, trying->effect.choice_limits, sizeof(drawn.choice_limits));
        if ((result == WORLD_STEP || result == WORLD_MISBEHAVED) && !visit_branch(trying, &branch, result))
            return;
    } while (step_next_branch(&drawn, &branch));
}

static void try_wanted(void *context, const struct event *event)
{
    const struct trying *trying = context;

    if (!trying->is_wanted || trying->is_wanted(trying->context, event))
        try_branches(context, event);
}

void enabled_visit_wanted(const struct world *world, enabled_filter *is_wanted, enabled_visitor *visit, void *context)
{
    struct trying trying;

    trying_begin(&trying, world, visit, context);
    trying.is_wanted = is_wanted;
    world_visit(world, try_wanted, &trying);
    trying_end(&trying);
}

void enabled_visit(const struct world *world, enabled_visitor *visit, void *context)
{
    enabled_visit_wanted(world, NULL, visit, context);
}

void enabled_visit_branches(const struct world *world, const struct event *event, enabled_visitor *visit, void *context)
{
    struct trying trying;
    struct event without_choices = *event;

    without_choices.choice_count = 0;
    memset(without_choices.choices, 0, sizeof(without_choices.choices));
    trying_begin(&trying, world, visit, context);
    try_branches(&trying, &without_choices);
    trying_end(&trying);
}

/* ---- As text ---- */

/* The events with a step, each with the first choices that make it one. */
struct listing {
    struct event *events;
    size_t count, capacity;
};

static bool list_first_branch(void *context, const struct enabled *enabled)
{
    struct listing *listing = context;

    listing->events = die_grow(listing->events, &listing->capacity, listing->count + 1, sizeof(*listing->events));
    listing->events[listing->count++] = *enabled->event;
    return false;
}

/* How much two events have in common, the weightier first. */
static unsigned nearness(const struct event *a, const struct event *b)
{
    const bool is_own = a->action == b->action,
               has_type = a->message || a->action == ACTION_TIMER || a->action == ACTION_LOCAL;

    return 8u * is_own + 4u * gs_same(a->node, b->node) + 2u * (is_own && has_type && a->type == b->type) +
           1u * gs_same(a->from, b->from);
}

/* The nearest that is not yet taken (action ACTION_COUNT). */
static struct event *take_nearest(const struct listing *listing, const struct event *near)
{
    struct event *nearest = NULL;

    for (size_t i = 0; i < listing->count; i++) {
        struct event *event = &listing->events[i];
        if (event->action != ACTION_COUNT && (!nearest || (near && nearness(event, near) > nearness(nearest, near))))
            nearest = event;
    }
    return nearest;
}

void enabled_print(const struct world *world, const struct event *near, FILE *out)
{
    struct listing listing = {0};

    enabled_visit(world, list_first_branch, &listing);
    for (size_t i = 0; i < listing.count && i < SHOWN; i++) {
        struct event *event = take_nearest(&listing, near);
        fputs(i ? "; " : "", out);
        event_print(world->run, event, out);
        event->action = ACTION_COUNT;
    }
    if (!listing.count)
        fputs("nothing", out);
    if (listing.count > SHOWN)
        fputs("; ...", out);
    free(listing.events);
}
