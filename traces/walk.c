/* The path is a trace; where the walk stands is a world. Worlds on the way are kept at every so many steps only: going
 * back is replaying from the last one kept. */
#include "traces/walk.h"

#include <stdlib.h>
#include <string.h>

#include "core/die.h"

enum { KEPT_EVERY = 64 };

/* Where the path was left, and what was before the walk there. */
struct departure {
    size_t position;
    struct trace *rest;
};

struct walk {
    struct trace *path;
    struct world *kept; /* at positions 0, KEPT_EVERY, 2 * KEPT_EVERY, ... */
    size_t kept_count, kept_capacity;
    size_t position;
    struct world world, before; /* before: of the last step */
    struct effect effect;       /* of the last step */
    struct world next_before;   /* what these become when the next step is one */
    struct effect next_effect;
    struct replayed last;
    struct departure *departures;
    size_t departure_count, departure_capacity;
};

/* ---- Making ---- */

static struct trace *copy_trace(const struct trace *trace, size_t step_count)
{
    struct trace *copy = trace_new(trace->run, trace->property, trace->explanation, trace->monitors_on);

    for (size_t i = 0; i < trace->start_count; i++)
        trace_append(copy, &trace->starts[i]);
    for (size_t i = 0; i < step_count; i++)
        trace_append(copy, &trace->steps[i]);
    return copy;
}

/* Replaying the starts alone tells what is wrong with them. */
static bool check_starts(const struct trace *trace, char *error, size_t error_size)
{
    struct trace *starts = copy_trace(trace, 0);
    struct replay replay;

    trace_replay(starts, NULL, NULL, &replay);
    trace_free(starts);
    const bool misbehave = replay.end == REPLAY_VIOLATED && trace_kind(trace) == TRACE_OF_MISBEHAVIOUR;
    if (replay.end != REPLAY_DIVERGED && !misbehave)
        return true;
    snprintf(error, error_size, "there is no state to begin in: %s", replay.reason);
    return false;
}

static void keep_world(struct walk *walk)
{
    if (walk->position % KEPT_EVERY || walk->position / KEPT_EVERY < walk->kept_count)
        return;
    walk->kept = die_grow(walk->kept, &walk->kept_capacity, walk->kept_count + 1, sizeof(*walk->kept));
    struct world *kept = &walk->kept[walk->kept_count++];
    *kept = (struct world){.run = NULL};
    world_copy(kept, &walk->world);
}

struct walk *walk_new(const struct trace *trace, char *error, size_t error_size)
{
    char explanation[EXPLANATION_SIZE];

    if (!check_starts(trace, error, error_size))
        return NULL;
    struct walk *walk = die_calloc(1, sizeof(*walk));
    walk->path = copy_trace(trace, trace->step_count);
    must(trace_world(trace, &walk->world, explanation));
    for (size_t i = 0; i < trace->start_count; i++)
        must(world_start(&walk->world, &trace->starts[i], NULL) == WORLD_STEP);
    keep_world(walk);
    return walk;
}

static void drop_kept(struct walk *walk, size_t count)
{
    while (walk->kept_count > count)
        world_free(&walk->kept[--walk->kept_count]);
}

void walk_free(struct walk *walk)
{
    if (!walk)
        return;
    drop_kept(walk, 0);
    free(walk->kept);
    for (size_t i = 0; i < walk->departure_count; i++)
        trace_free(walk->departures[i].rest);
    free(walk->departures);
    trace_free(walk->path);
    world_free(&walk->world);
    world_free(&walk->before);
    world_free(&walk->next_before);
    effect_free(&walk->effect);
    effect_free(&walk->next_effect);
    free(walk);
}

/* ---- Where it stands ---- */

const struct gs_run *walk_run(const struct walk *walk)
{
    return walk->path->run;
}

size_t walk_position(const struct walk *walk)
{
    return walk->position;
}

size_t walk_length(const struct walk *walk)
{
    return walk->path->step_count;
}

const struct event *walk_event(const struct walk *walk, size_t number)
{
    must(number >= 1 && number <= walk->path->step_count);
    return &walk->path->steps[number - 1];
}

const struct world *walk_world(const struct walk *walk)
{
    return &walk->world;
}

const struct replayed *walk_last(const struct walk *walk)
{
    return walk->position ? &walk->last : NULL;
}

const char *walk_finding(const struct walk *walk)
{
    return walk->position && walk->last.result == WORLD_MISBEHAVED ? walk->effect.explanation : NULL;
}

/* ---- Moving ---- */

static bool fail(char *error, size_t error_size, const char *reason)
{
    snprintf(error, error_size, "%s", reason);
    return false;
}

/* Why the next event cannot be taken: as replaying up to it says. */
static bool fail_to_apply(const struct walk *walk, char *error, size_t error_size)
{
    struct trace *path = copy_trace(walk->path, walk->position + 1);
    struct replay replay;

    trace_replay(path, NULL, NULL, &replay);
    trace_free(path);
    return fail(error, error_size, replay.reason);
}

static void accept_next(struct walk *walk)
{
    const struct world before = walk->before;
    const struct effect effect = walk->effect;

    walk->before = walk->next_before;
    walk->next_before = before;
    walk->effect = walk->next_effect;
    walk->next_effect = effect;
}

/* Takes the path's next event. A handler that misbehaves leaves the world as it is: a finding, and the path's end. */
static bool apply_next(struct walk *walk)
{
    struct event *event = &walk->path->steps[walk->position];

    world_copy(&walk->next_before, &walk->world);
    const enum world_result result = world_apply(&walk->world, event, &walk->next_effect);
    if (result != WORLD_STEP && result != WORLD_MISBEHAVED)
        return false;
    accept_next(walk);
    if (walk->effect.choice_count > event->choice_count) {
        event->choice_count = (uint8_t)walk->effect.choice_count;
        memcpy(event->choices, walk->effect.choices, event->choice_count * sizeof(event->choices[0]));
    }
    walk->position++;
    walk->last = (struct replayed){.number = walk->position,
                                   .event = event,
                                   .result = result,
                                   .effect = &walk->effect,
                                   .before = &walk->before,
                                   .after = &walk->world};
    if (result == WORLD_STEP)
        keep_world(walk);
    return true;
}

static bool step_forth(struct walk *walk, char *error, size_t error_size)
{
    if (walk_finding(walk))
        return fail(error, error_size, "the last handler misbehaved: nothing follows");
    if (walk->position == walk->path->step_count)
        return fail(error, error_size, "this is the end of the path");
    return apply_next(walk) || fail_to_apply(walk, error, error_size);
}

/* To the last kept world before a position: what was the last step there is not known until one is taken. */
static void jump_before(struct walk *walk, size_t position)
{
    const size_t kept = position ? (position - 1) / KEPT_EVERY : 0;

    must(kept < walk->kept_count);
    world_copy(&walk->world, &walk->kept[kept]);
    walk->position = kept * KEPT_EVERY;
}

bool walk_go(struct walk *walk, size_t position, char *error, size_t error_size)
{
    if (position < walk->position)
        jump_before(walk, position);
    while (walk->position < position)
        if (!step_forth(walk, error, error_size))
            return false;
    return true;
}

/* ---- Leaving the path ---- */

void walk_visit_enabled(const struct walk *walk, enabled_visitor *visit, void *context)
{
    if (!walk_finding(walk))
        enabled_visit(&walk->world, visit, context);
}

/* Choices that are not given are 0. */
static bool is_same_event(const struct gs_run *run, const struct event *a, const struct event *b)
{
    struct event one = *a, other = *b;

    one.choice_count = other.choice_count = GS_CHOICES_MAX;
    return event_compare(run, &one, &other) == 0;
}

bool walk_is_next(const struct walk *walk, const struct event *event)
{
    return walk->position < walk->path->step_count &&
           is_same_event(walk->path->run, &walk->path->steps[walk->position], event);
}

/* The path ends where the walk stands. Returns what was before it. */
static struct trace *cut_path(struct walk *walk)
{
    const struct trace *path = walk->path;
    struct trace *rest = trace_new(path->run, path->property, "", path->monitors_on);

    for (size_t i = walk->position; i < path->step_count; i++)
        trace_append(rest, &path->steps[i]);
    trace_truncate(walk->path, path->start_count, walk->position);
    drop_kept(walk, walk->position / KEPT_EVERY + 1);
    return rest;
}

/* The last step's event stands in the path's memory, which appending may move. */
static void append(struct walk *walk, const struct event *event)
{
    trace_append(walk->path, event);
    if (walk->position)
        walk->last.event = &walk->path->steps[walk->position - 1];
}

bool walk_take(struct walk *walk, const struct event *event, char *error, size_t error_size)
{
    if (walk_is_next(walk, event) || walk_finding(walk))
        return step_forth(walk, error, error_size);
    struct trace *taken = trace_new(walk->path->run, walk->path->property, "", 0);
    trace_append(taken, event); /* a copy: its message may stand in the world that now changes */
    struct trace *rest = cut_path(walk);
    const struct departure departure = {walk->position, rest};
    append(walk, &taken->steps[0]);
    trace_free(taken);
    walk->departures =
        die_grow(walk->departures, &walk->departure_capacity, walk->departure_count + 1, sizeof(*walk->departures));
    walk->departures[walk->departure_count++] = departure;
    if (step_forth(walk, error, error_size))
        return true;
    walk_undo(walk);
    return false;
}

bool walk_has_left(const struct walk *walk)
{
    return walk->departure_count > 0;
}

bool walk_undo(struct walk *walk)
{
    char error[EXPLANATION_SIZE];

    if (!walk->departure_count)
        return false;
    const struct departure departure = walk->departures[--walk->departure_count];
    must(walk_go(walk, departure.position, error, sizeof(error)));
    trace_free(cut_path(walk));
    for (size_t i = 0; i < departure.rest->step_count; i++)
        append(walk, &departure.rest->steps[i]);
    trace_free(departure.rest);
    return true;
}

/* ---- Judging and keeping ---- */

struct trace *walk_path(const struct walk *walk)
{
    struct trace *path = copy_trace(walk->path, walk->position);

    path->property = walk_finding(walk) ? run_property_count(path->run) : TRACE_NO_PROPERTY;
    path->explanation[0] = '\0';
    return path;
}

void walk_judge(const struct walk *walk, unsigned property, struct replay *replay)
{
    struct trace *path = copy_trace(walk->path, walk->position);

    trace_replay_as(path, property, replay);
    trace_free(path);
}

static bool is_violated(const struct walk *walk, unsigned property)
{
    struct replay replay;

    walk_judge(walk, property, &replay);
    return replay.end == REPLAY_VIOLATED;
}

/* Of what the path so far is a trace. */
static unsigned choose_property(const struct walk *walk)
{
    const struct gs_run *run = walk->path->run;
    const unsigned own = walk->path->property, count = run_property_count(run);

    if (walk_finding(walk))
        return count;
    if (own < count && is_violated(walk, own))
        return own;
    for (unsigned p = 0; p < count; p++)
        if (run_property(run, p)->kind != GS_REACHABLE && is_violated(walk, p))
            return p;
    return TRACE_NO_PROPERTY;
}

struct trace *walk_trace(const struct walk *walk)
{
    struct trace *trace = walk_path(walk);

    trace->property = choose_property(walk);
    trace->monitors_on |= trace_own_monitor(trace->run, trace->property);
    return trace;
}
