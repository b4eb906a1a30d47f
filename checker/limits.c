/* How far a search may go. */
#include <stdarg.h>

#include "checker/search.h"

#include "core/clock.h"

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

/* ---- Limits ---- */

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

void search_look_at_limits(struct search *search)
{
    const struct gs_config *config = search->config;
    const double seconds = clock_seconds() - search->began;
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
    search_report_progress(search, seconds);
}
