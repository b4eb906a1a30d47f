/* How far a search may go, and what it says of how far it has come. */
#include <stdarg.h>
#include <string.h>
#include <time.h>

#include "checker/search.h"
#include "checker/transitions.h"
#include "checker/worker.h"

static _Atomic bool interrupted;

void search_interrupt(void)
{
    interrupted = true;
}

bool search_is_interrupted(void)
{
    return interrupted;
}

void search_clear_interrupt(void)
{
    interrupted = false;
}

double search_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* ---- Memory ---- */

size_t judging_memory(const struct judging *judging)
{
    size_t memory = 0;
    for (unsigned p = 0; p < judging->count; p++) {
        const struct judged *judged = &judging->properties[p];
        memory += pair_map_memory(&judged->stutters) + pair_map_memory(&judged->results) + judged->tuples.memory;
    }
    return memory;
}

size_t search_memory(struct search *search)
{
    size_t memory = state_store_memory(&search->store) + search->levels.memory;
    for (unsigned i = 0; i < search->thread_count; i++)
        memory += worker_memory(search->workers[i]);
    engine_lock(&search->engine);
    memory += engine_memory(&search->engine) + judging_memory(&search->judging);
    engine_unlock(&search->engine);
    return memory;
}

/* ---- Limits ---- */

size_t search_spare_memory(struct search *search)
{
    const uint64_t limit = search->config->max_memory_bytes;
    if (!limit)
        return SIZE_MAX;
    const size_t memory = search_memory(search);
    return memory < limit ? limit - memory : 0;
}

void search_halt_for_memory(struct search *search)
{
    search_halt(search, "--max-memory %llu", (unsigned long long)search->config->max_memory_bytes);
}

void search_halt(struct search *search, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    pthread_mutex_lock(&search->limits);
    if (!search->halted)
        vsnprintf(search->stopped, sizeof(search->stopped), format, arguments);
    search->halted = true;
    pthread_mutex_unlock(&search->limits);
    va_end(arguments);
}

static void report_progress(struct search *search, double seconds)
{
    if (!search->config->progress || pthread_mutex_trylock(&search->limits) != 0)
        return;
    if (seconds - search->reported >= 0.1) {
        search->reported = seconds;
        const uint64_t frontier = search->levels.levels[search->levels.count - 1].count;
        const struct gs_progress progress = {.states = search->states,
                                             .transitions = search_transitions(search),
                                             .depth = search->depth,
                                             .frontier = frontier,
                                             .seconds = seconds};
        search->config->progress(search->config->progress_context, &progress);
    }
    pthread_mutex_unlock(&search->limits);
}

void search_look_at_limits(struct search *search)
{
    const struct gs_config *config = search->config;
    const double seconds = search_clock() - search->began;
    if (interrupted)
        search_halt(search, "interrupted");
    if (config->max_seconds > 0 && seconds >= config->max_seconds)
        search_halt(search, "--max-seconds %g", config->max_seconds);
    if (!search_spare_memory(search))
        search_halt_for_memory(search);
    if (search->judging.failed)
        search_halt(search, "a property failed");
    if (search->judging.stutter_decides)
        search_halt(search, "a step that changes nothing");
    report_progress(search, seconds);
}
