/* What a search finds must not depend on how many threads searched, nor on how they happened to run. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/reference/compare.h"
#include "traces/trace.h"

enum { THREADS = 3 };

/* All that a result says and that has to be the same, as text. */
static char *text_of(const struct gs_result *result)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    fprintf(out, "status %d %s states %llu transitions %llu depth %llu locals %llu inboxes %llu configurations %llu ",
            (int)result->status, result->error, (unsigned long long)result->states,
            (unsigned long long)result->transitions, (unsigned long long)result->depth,
            (unsigned long long)result->local_states, (unsigned long long)result->inboxes,
            (unsigned long long)result->local_configurations);
    fprintf(out, "reactions %llu calls %llu absorbed %llu complete %d stopped '%s' reductions '%s'\n",
            (unsigned long long)result->reactions, (unsigned long long)result->handler_calls,
            (unsigned long long)result->absorbed, result->complete, result->stopped, result->reductions);
    for (size_t i = 0; i < result->property_count; i++) {
        const struct gs_property_result *property = &result->properties[i];
        fprintf(out, "%s: %s, %s, judged %llu, steps %llu\n", property->name, gs_verdict_names[property->verdict],
                property->reason, (unsigned long long)property->judged, (unsigned long long)property->steps);
        if (property->trace)
            gs_trace_print(property->trace, out);
    }
    for (size_t i = 0; i < result->event_count; i++)
        fprintf(out, "%s %llu\n", result->events[i].name, (unsigned long long)result->events[i].times);
    for (size_t i = 0; i < result->cut_count; i++)
        fprintf(out, "cut %s %llu\n", result->cuts[i].name, (unsigned long long)result->cuts[i].times);
    fclose(out);
    return text;
}

static char *search_on(const struct gs_model *model, struct gs_config config, unsigned threads, uint64_t *states)
{
    struct gs_result result;
    config.threads = threads;
    config.threads_from = 1;
    config.witnesses = true;
    gs_check(model, &config, &result);
    char *text = text_of(&result);
    *states = result.states;
    gs_result_free(&result);
    return text;
}

static bool same_texts(const char *one, const char *several, char *difference)
{
    size_t at = 0;
    while (one[at] && one[at] == several[at])
        at++;
    if (one[at] == several[at])
        return true;
    const size_t from = at < 60 ? 0 : at - 60;
    snprintf(difference, COMPARE_TEXT, "one thread: ...%.120s; %d threads: ...%.120s", one + from, THREADS,
             several + from);
    return false;
}

static bool same_searches(const struct gs_model *model, const struct gs_config *config, uint64_t *states,
                          char *difference)
{
    char *one = search_on(model, *config, 1, states), *several = search_on(model, *config, THREADS, states);
    const bool same = same_texts(one, several, difference);
    free(one);
    free(several);
    return same;
}

bool compare_threads(const struct gs_model *model, const struct gs_config *config, char difference[COMPARE_TEXT])
{
    struct gs_config limited = *config;
    uint64_t states;
    if (!same_searches(model, config, &states, difference))
        return false;
    limited.max_states = states / 2 + 1;
    return same_searches(model, &limited, &states, difference);
}
