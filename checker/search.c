/* The search proper: level by level, on one thread or several. GS_PLANT in the checker's sources, never in a header,
 * plants a fault for tests/plant to catch; the Makefile defines it, 0 in every build that is used. */
#include "checker/search.h"

#include <stdlib.h>
#include <string.h>

#include "checker/cores.h"
#include "checker/stage.h"
#include "checker/state_limit.h"
#include "checker/transitions.h"
#include "checker/worker.h"
#include "core/clock.h"
#include "core/die.h"
#include "core/guard.h"

enum { THREADS_FROM = 4096 }; /* states of a level that are worth waking the other threads, unless it is said */

/* ---- Threads ---- */

static void *run_thread(void *argument)
{
    struct worker *worker = argument;
    struct search *search = worker->search;
    uint64_t levels = 0;
    guard_begin_thread();
    while (crew_next_level(&search->crew, &levels)) {
        worker_explore_level(worker);
        crew_meet(&search->crew);
    }
    guard_end_thread();
    return NULL;
}

/* Starts the threads that the first large level needs; fewer if the system refuses. */
static void start_threads(struct search *search)
{
    for (unsigned i = 1; i < search->thread_count && !search->workers[i]; i++) {
        search->workers[i] = worker_new(search, i);
        if (pthread_create(&search->workers[i]->thread, NULL, run_thread, search->workers[i]) != 0) {
            worker_free(search->workers[i]);
            search->workers[i] = NULL;
            search->thread_count = i;
        }
    }
}

static void share(struct search *search, bool is_shared)
{
    search->engine.is_shared = search->store.is_shared = is_shared;
}

/* ---- Levels ---- */

/* The lists of a profile that were only counted. */
uint64_t slept_lists(const struct slept *slept, uint32_t profile)
{
    return slept->lists[0][profile] + slept->lists[1][profile] + slept->lists[2][profile] + slept->lists[3][profile];
}

/* Adds what was only counted. */
static void add_slept(const struct engine *engine, struct tally *tally)
{
    for (uint32_t p = 0; p < engine->profiles.count; p++) {
        const struct interned counters = interned_value(&engine->profiles, p);
        const uint64_t lists = slept_lists(&tally->slept, p);
        tally->transitions += lists * counters.size;
        for (uint32_t i = 0; i < counters.size; i++)
            tally->events[counters.data[i]] += lists;
    }
    for (int e = 0; e < EVENT_COUNTERS; e++) {
        tally->transitions += tally->slept.steps[e];
        tally->events[e] += tally->slept.steps[e];
    }
}

static void add_up(const struct engine *engine, struct tally *sum, struct tally *part)
{
    add_slept(engine, part);
    sum->transitions += part->transitions;
    sum->absorbed += part->absorbed;
    for (int e = 0; e < EVENT_COUNTERS; e++)
        sum->events[e] += part->events[e];
    for (int b = 0; b < BOUND_COUNT; b++)
        sum->cuts[b] += part->cuts[b];
    *part = (struct tally){0};
}

/* What the threads have met becomes the last level. */
static void add_level(struct search *search)
{
    levels_begin(&search->levels);
    search->whole_levels += !search->halted;
    for (unsigned i = 0; i < search->thread_count && search->workers[i]; i++) {
        struct worker *worker = search->workers[i];
        levels_take(&search->levels, &worker->met);
        add_up(&search->engine, &search->tally, &worker->tally);
        worker->transitions = worker->memory = 0;
    }
    if (search->levels.count > 1)
        levels_explored(&search->levels, search->levels.count - 2);
    retired_free(&search->engine.retired);
    if (search->engine.list_memory > search->engine.list_limit / 2)
        transitions_forget(&search->engine);
}

static void explore_level(struct search *search)
{
    const uint64_t from = search->config->threads_from ? search->config->threads_from : THREADS_FROM;
    const bool is_large = search->thread_count > 1 && search->levels.levels[search->depth].count >= from;
    search->claimed = 0;
    ahead_choose(&search->ahead, &search->engine);
    if (is_large)
        start_threads(search);
    share(search, is_large);
    crew_begin_level(&search->crew, is_large ? search->thread_count : 1);
    worker_explore_level(search->workers[0]);
    crew_meet(&search->crew);
    share(search, false);
}

/* What has been met becomes the last level, as far as it may. */
static void collect(struct search *search)
{
    state_limit_look(search);
    add_level(search);
    state_limit_keep(search);
}

static void explore_next(struct search *search)
{
    search->depth = search->levels.count - 1;
    state_limit_begin(search);
    explore_level(search);
    if (state_limit_widen(search))
        explore_level(search);
    collect(search);
}

static bool found_violation(const struct search *search)
{
    for (unsigned i = 0; i < search->judging.count; i++) {
        const struct judged *judged = &search->judging.properties[i];
        if (judged->first.found && (search->stops_on >> i & 1))
            return true;
    }
    return false;
}

static bool has_misbehaved(const struct search *search)
{
    return search->judging.properties[search->judging.count - 1].first.found;
}

/* ---- The beginning ---- */

static void add_initial_state(void *context, struct explorer *explorer, const struct event *starts, size_t count)
{
    struct search *search = context;
    (void)starts;
    (void)count;
    worker_meet_initial(search->workers[0], explorer->values);
}

static void note_bad_start(void *context, struct explorer *explorer, const struct event *starts, size_t count)
{
    struct search *search = context;
    judge_bad_start(&search->judging, explorer, starts, count);
}

static void start(struct search *search)
{
    struct explorer explorer = {.engine = &search->engine};
    explorer_start(&explorer, add_initial_state, note_bad_start, search->tally.cuts, search);
    collect(search);
    search_look_at_limits(search);
}

void search_run(struct search *search, double began)
{
    const struct gs_config *config = search->config;
    const bool has_max_depth = config->max_depth || config->max_depth_set;
    search->began = began;
    search_begin_watch(search);
    start(search);
    while (!search->halted && !search->complete) {
        const uint64_t depth = search->levels.count - 1;
        if (!search->states && found_violation(search))
            search_halt(search, "a violation"); /* no START went well */
        else if (!search->levels.levels[depth].count && has_misbehaved(search))
            search_halt(search, "a misbehaving handler"); /* nobody knows what its state would have led to */
        else if (!search->levels.levels[depth].count)
            search->complete = true;
        else if (!config->keep_going && found_violation(search))
            search_halt(search, "a violation");
        else if (has_max_depth && depth >= config->max_depth)
            search_halt(search, "--max-depth %llu", (unsigned long long)config->max_depth);
        else
            explore_next(search);
    }
    search->seconds = clock_seconds() - search->began;
    search_end_exploring(search);
}

/* Why the reduction `ignored` is off, or NULL; against: the caller's own reason, or NULL. docs/engine.md has the proof.
 */
static const char *reason_against_reduction(struct search *search, const char *against)
{
    const struct judging *judging = &search->judging;
    return search->against_reduction = search->run->network != GS_BAG  ? ""
                                       : search->config->no_reductions ? "--no-reductions"
                                       : judging->quiescent            ? "a QUIESCENT property is checked"
                                       : judging->mail                 ? "a property about messages is checked"
                                       : judging->has_step_role        ? "a property of a step and a role is checked"
                                       : search->engine.has_stepped    ? "a monitor is fed by steps"
                                                                       : against;
}

void search_init(struct search *search, const struct gs_run *run, const struct gs_config *config,
                 const struct stage *stage, uint64_t on, uint64_t monitors_on, uint64_t stops_on, const char *against)
{
    *search =
        (struct search){.run = run, .config = config, .stage = stage, .stops_on = stops_on, .admitted = UINT64_MAX};
    pthread_mutex_init(&search->limits, NULL);
    search_begin_memory(search);
    crew_init(&search->crew);
    engine_init(&search->engine, run, monitors_on, stage ? &stage->world : NULL);
    judging_init(&search->judging, &search->engine, on);
    search->engine.cut_copies = run->network == GS_BAG && search->judging.quiescent;
    search->engine.drop_ignored = !reason_against_reduction(search, against);
    search->judging.watches_stutter = search->engine.drop_ignored;
    search_begin_layouts(search);
    state_store_init(&search->store, search_kept_layout(search)->words);
    search->thread_count = config->threads ? config->threads : cores_available();
    search->workers = die_calloc(search->thread_count, sizeof(struct worker *));
    search->workers[0] = worker_new(search, 0);
}

void search_forget_store(struct search *search)
{
    state_store_free(&search->store);
}

void search_free(struct search *search)
{
    search_end_watch(search);
    crew_end(&search->crew);
    for (unsigned i = 1; i < search->thread_count && search->workers[i]; i++)
        pthread_join(search->workers[i]->thread, NULL);
    for (unsigned i = 0; i < search->thread_count; i++)
        worker_free(search->workers[i]);
    free(search->workers);
    for (size_t i = 0; i < search->layout_count; i++)
        free(search->layouts[i]);
    free(search->layouts);
    state_store_free(&search->store);
    halves_free(&search->halves);
    levels_free(&search->levels);
    judging_free(&search->judging);
    engine_free(&search->engine);
    crew_free(&search->crew);
    pthread_mutex_destroy(&search->limits);
}
