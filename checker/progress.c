/* What a search says of how far it is. The threads that explore say so themselves, some ten times a second; in a phase
 * in which none of them does, a thread of its own repeats what was said last, with the time and with what is being
 * done, so that whoever looks never sees it stand still. */
#include <errno.h>
#include <stdarg.h>
#include <time.h>

#include "checker/search.h"
#include "checker/worker.h"
#include "core/clock.h"

enum { SILENCE_MS = 250, SECOND_NS = 1000000000 };

/* ---- By the threads that explore ---- */

static struct gs_progress look(struct search *search, double seconds)
{
    const struct levels *levels = &search->levels;
    struct gs_memory memory;
    search_measure_memory(search, &memory);
    return (struct gs_progress){.states = search->states,
                                .transitions = search_transitions(search),
                                .depth = search->depth,
                                .frontier = levels->levels[levels->count - 1].count,
                                .frontier_before = levels->count > 1 ? levels->levels[levels->count - 2].count : 0,
                                .memory_bytes = memory.total,
                                .seconds = seconds};
}

static void show(struct search *search, double seconds)
{
    search->reported = seconds;
    search->config->progress(search->config->progress_context, &search->watcher.last);
}

void search_report_progress(struct search *search, double seconds)
{
    if (!search->config->progress || pthread_mutex_trylock(&search->limits) != 0)
        return;
    if (seconds - search->reported >= 0.1 || search->watcher.has_repeated) {
        search->watcher.last = look(search, seconds);
        search->watcher.has_repeated = false;
        show(search, seconds);
    }
    pthread_mutex_unlock(&search->limits);
}

void search_end_exploring(struct search *search)
{
    pthread_mutex_lock(&search->limits);
    search->watcher.last = look(search, search->seconds);
    pthread_mutex_unlock(&search->limits);
}

/* ---- In silence ---- */

void search_begin_phase(struct search *search, const char *format, ...)
{
    struct watcher *watcher = &search->watcher;
    va_list arguments;
    va_start(arguments, format);
    pthread_mutex_lock(&search->limits);
    vsnprintf(watcher->phase, sizeof(watcher->phase), format, arguments);
    watcher->phase_began = clock_seconds();
    pthread_mutex_unlock(&search->limits);
    va_end(arguments);
}

void search_end_phase(struct search *search)
{
    pthread_mutex_lock(&search->limits);
    search->watcher.phase[0] = '\0';
    pthread_mutex_unlock(&search->limits);
}

/* Where the limits' lock is held. */
static void break_silence(struct search *search)
{
    struct watcher *watcher = &search->watcher;
    const double now = clock_seconds();
    watcher->last.seconds = now - search->began;
    watcher->last.phase = watcher->phase[0] ? watcher->phase : NULL;
    watcher->last.phase_seconds = watcher->phase[0] ? now - watcher->phase_began : 0;
    watcher->has_repeated = true;
    show(search, watcher->last.seconds);
}

static struct timespec after(int milliseconds)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    time.tv_nsec += milliseconds * 1000000L;
    time.tv_sec += time.tv_nsec / SECOND_NS;
    time.tv_nsec %= SECOND_NS;
    return time;
}

static void *watch_silence(void *argument)
{
    struct search *search = argument;
    pthread_mutex_lock(&search->limits);
    while (!search->watcher.ends) {
        const struct timespec until = after(SILENCE_MS);
        if (pthread_cond_timedwait(&search->watcher.ended, &search->limits, &until) != ETIMEDOUT ||
            search->watcher.ends)
            continue;
        if (clock_seconds() - search->began - search->reported >= SILENCE_MS * 1e-3)
            break_silence(search);
    }
    pthread_mutex_unlock(&search->limits);
    return NULL;
}

void search_begin_watch(struct search *search)
{
    pthread_condattr_t attributes;
    if (!search->config->progress)
        return;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&search->watcher.ended, &attributes);
    pthread_condattr_destroy(&attributes);
    search->watcher.runs = pthread_create(&search->watcher.thread, NULL, watch_silence, search) == 0;
}

void search_end_watch(struct search *search)
{
    if (!search->config->progress)
        return;
    pthread_mutex_lock(&search->limits);
    search->watcher.ends = true;
    pthread_cond_signal(&search->watcher.ended);
    pthread_mutex_unlock(&search->limits);
    if (search->watcher.runs)
        pthread_join(search->watcher.thread, NULL);
    pthread_cond_destroy(&search->watcher.ended);
}
