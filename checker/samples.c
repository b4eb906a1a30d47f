/* At depths spread evenly over those reached, a few states each are drawn by their contents; the ways to all of them
 * are found together; of each depth that way is kept that has most kinds of events which no shorter sample has shown.
 */
#include "checker/samples.h"

#include <stdlib.h>
#include <string.h>

#include "checker/backtrack.h"
#include "core/die.h"

enum {
    DRAWN_MOST = 16,              /* states at one depth */
    DRAWN_ALL = 1024,             /* states at all depths together */
    DRAWN_EVENT_BYTES = 64 << 20, /* of all ways' events */
    DRAW_SALT = 0,                /* of the order in which states are drawn; each way has another one */
};

/* The states drawn at one depth, best first. */
struct draw {
    uint64_t depth;
    size_t count;
    uint64_t ranks[DRAWN_MOST];
    struct way ways[DRAWN_MOST];
};

struct sampling {
    struct search *search;
    struct contents contents;
    struct draw *draws;
    size_t draw_count, each; /* states to draw at each depth */
    bool shown[EVENT_COUNTERS];
    struct gs_result *result;
};

/* ---- Drawing states ---- */

/* Where among the states drawn so far this one goes; equal ranks are told apart by contents. */
static size_t place_in(struct sampling *sampling, const struct draw *draw, uint64_t rank, const uint32_t *values)
{
    size_t place = draw->count;
    while (place > 0) {
        const int order = rank != draw->ranks[place - 1]
                              ? (rank < draw->ranks[place - 1] ? -1 : 1)
                              : states_compare(&sampling->search->engine, values, draw->ways[place - 1].state);
        if (order >= 0)
            break;
        place--;
    }
    return place;
}

static void offer(struct sampling *sampling, struct draw *draw, const uint32_t *values)
{
    const uint64_t rank = contents_rank(&sampling->contents, values, DRAW_SALT);
    const size_t place = place_in(sampling, draw, rank, values);
    if (place == sampling->each)
        return;
    const size_t last = draw->count < sampling->each ? draw->count++ : draw->count - 1;
    memmove(&draw->ranks[place + 1], &draw->ranks[place], (last - place) * sizeof(*draw->ranks));
    memmove(&draw->ways[place + 1], &draw->ways[place], (last - place) * sizeof(*draw->ways));
    draw->ranks[place] = rank;
    draw->ways[place] = (struct way){.depth = draw->depth, .salt = rank | 1};
    memcpy(draw->ways[place].state, values, engine_slot_count(&sampling->search->engine) * sizeof(*values));
}

static void draw_states(struct sampling *sampling, struct draw *draw)
{
    const struct level *level = &sampling->search->levels.levels[draw->depth];
    uint32_t values[SLOTS_MAX];
    for (size_t b = 0; b < level->block_count; b++) {
        const struct level_block *block = &level->blocks[b];
        for (uint64_t i = 0; i < block->count; i++) {
            state_unpack(block->layout, &block->keys[i * block->layout->words], values);
            offer(sampling, draw, values);
        }
    }
}

/* The deepest depth, and others spread evenly below it; none at 0, where nothing has happened yet. */
static void choose_depths(struct sampling *sampling, uint64_t wanted, uint64_t deepest)
{
    const size_t count = (size_t)(wanted < deepest ? wanted : deepest);
    sampling->draw_count = count;
    sampling->draws = die_calloc(count, sizeof(*sampling->draws));
    for (size_t i = 0; i < count; i++) {
        const uint64_t k = i + 1, whole = deepest / count, rest = deepest % count;
        sampling->draws[i].depth = k * whole + k * rest / count; /* k * deepest / count, without overflow */
    }
    size_t each = count ? DRAWN_ALL / count : 0;
    if (count && each > DRAWN_EVENT_BYTES / sizeof(struct event) / deepest / count)
        each = DRAWN_EVENT_BYTES / sizeof(struct event) / deepest / count;
    sampling->each = each < 1 ? 1 : each > DRAWN_MOST ? DRAWN_MOST : each;
}

/* ---- The ways to them ---- */

/* All in one go. */
static void find_ways(struct sampling *sampling)
{
    size_t count = 0;
    struct way *all = die_calloc(sampling->draw_count * sampling->each, sizeof(*all));
    for (size_t d = 0; d < sampling->draw_count; d++)
        for (size_t i = 0; i < sampling->draws[d].count; i++)
            all[count++] = sampling->draws[d].ways[i];
    ways_find(sampling->search, &sampling->contents, all, count);
    for (size_t d = sampling->draw_count; d-- > 0;)
        for (size_t i = sampling->draws[d].count; i-- > 0;)
            sampling->draws[d].ways[i] = all[--count];
    free(all);
}

/* ---- Is nothing violated on the way? ---- */

struct watch {
    const struct search *search;
    struct world world; /* a copy to judge, with the search's own view of copies */
    bool violated;
};

static void judge_place(struct watch *watch, const struct world *world, const struct judged_step *steps, size_t count)
{
    const struct judging *judging = &watch->search->judging;
    world_copy(&watch->world, world);
    watch->world.cut_instead_of_absorbing = watch->search->engine.cut_copies;
    for (unsigned i = 0; i + 1 < judging->count && !watch->violated; i++) {
        const struct judged *judged = &judging->properties[i];
        struct gs_view view = {.run = watch->search->run};
        if (judged->on && judged->property->kind != GS_REACHABLE && judged->first.found)
            watch->violated = !judge_world(&watch->world, steps, count, i, &view);
    }
}

static bool watch_step(void *context, const struct replayed *replayed)
{
    struct watch *watch = context;
    if (replayed->number == 0 || replayed->result != WORLD_STEP)
        return true;
    struct judged_step steps[GS_NODES_MAX];
    unsigned movers[GS_NODES_MAX];
    const size_t count = world_movers(replayed->before, replayed->event, movers);
    for (size_t i = 0; i < count; i++)
        steps[i] = (struct judged_step){node_of(movers[i]), replayed->before->locals[movers[i]].data};
    if (replayed->number == 1)
        judge_place(watch, replayed->before, NULL, 0);
    judge_place(watch, replayed->after, steps, count);
    return !watch->violated;
}

/* A sample's trace, NULL where something is violated on its way, or (with an error) where it does not replay. */
static struct trace *trace_of(struct sampling *sampling, const struct way *way)
{
    struct watch watch = {.search = sampling->search};
    struct replay replay;
    struct trace *trace =
        trace_new(sampling->search->run, TRACE_NO_PROPERTY, "", engine_monitors_on(&sampling->search->engine));
    way_append(sampling->search, way, trace);
    trace_replay(trace, watch_step, &watch, &replay);
    world_free(&watch.world);
    if (replay.end == REPLAY_SAMPLED)
        return trace;
    if (!watch.violated)
        snprintf(sampling->result->error, sizeof(sampling->result->error),
                 "a sample does not replay: step %zu of %zu: %.300s", replay.number, trace->step_count, replay.reason);
    trace_free(trace);
    return NULL;
}

/* ---- Which of them ---- */

static unsigned kind_of(const struct event *event)
{
    const bool is_own =
        event->action == ACTION_DELIVER || event->action == ACTION_TIMER || event->action == ACTION_LOCAL;
    return is_own ? event->type : GS_EVENTS_MAX + event->action;
}

/* Kinds of events on the way that no sample has shown; marks them as shown if asked. */
static unsigned count_new(struct sampling *sampling, const struct way *way, bool mark)
{
    bool seen[EVENT_COUNTERS];
    unsigned count = 0;
    memcpy(seen, sampling->shown, sizeof(seen));
    for (uint64_t d = 0; d < way->depth; d++) {
        const unsigned kind = kind_of(&way->events[d]);
        count += !seen[kind];
        seen[kind] = true;
    }
    if (mark)
        memcpy(sampling->shown, seen, sizeof(seen));
    return count;
}

/* Keeps the way that shows most; those violated on the way, and what does not replay, are left out. */
static void keep_best(struct sampling *sampling, const struct draw *draw)
{
    struct trace *best = NULL;
    const struct way *best_way = NULL;
    unsigned most = 0;
    for (size_t i = 0; i < draw->count && !sampling->result->error[0]; i++) {
        const unsigned shows = count_new(sampling, &draw->ways[i], false);
        if (best && shows <= most)
            continue;
        struct trace *trace = trace_of(sampling, &draw->ways[i]);
        if (!trace)
            continue;
        trace_free(best);
        best = trace;
        best_way = &draw->ways[i];
        most = shows;
    }
    if (!best)
        return;
    count_new(sampling, best_way, true);
    sampling->result->samples[sampling->result->sample_count++] = best;
}

static void explain_fewer(const struct sampling *sampling, uint64_t wanted, uint64_t deepest)
{
    struct gs_result *result = sampling->result;
    if (result->sample_count == wanted)
        return;
    if (!result->states)
        snprintf(result->samples_note, sizeof(result->samples_note), "no initial state is left");
    else if (result->sample_count < sampling->draw_count)
        snprintf(result->samples_note, sizeof(result->samples_note), "a property is violated on the way to others");
    else if (!deepest)
        snprintf(result->samples_note, sizeof(result->samples_note), "no step was found from an initial state");
    else
        snprintf(result->samples_note, sizeof(result->samples_note), "the search went only %llu step%s deep",
                 (unsigned long long)deepest, deepest == 1 ? "" : "s");
}

bool samples_take(struct search *search, uint64_t wanted, struct gs_result *result)
{
    struct sampling sampling = {.search = search, .result = result};
    contents_init(&sampling.contents, &search->engine);
    choose_depths(&sampling, wanted, result->depth);
    for (size_t d = 0; d < sampling.draw_count; d++)
        draw_states(&sampling, &sampling.draws[d]);
    find_ways(&sampling);
    result->samples = die_calloc(sampling.draw_count, sizeof(*result->samples));
    for (size_t d = 0; d < sampling.draw_count && !result->error[0]; d++)
        keep_best(&sampling, &sampling.draws[d]);
    explain_fewer(&sampling, wanted, result->depth);
    for (size_t d = 0; d < sampling.draw_count; d++)
        for (size_t i = 0; i < sampling.draws[d].count; i++)
            way_free(&sampling.draws[d].ways[i]);
    free(sampling.draws);
    contents_free(&sampling.contents);
    return !result->error[0];
}
