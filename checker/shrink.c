/* Whatever a search finds is minimised again, until nothing gets better. Every better trace has fewer steps, or as many
 * in a smaller configuration. */
#include "checker/shrink.h"

#include <stdlib.h>
#include <string.h>

#include "checker/deadline_shrink.h"
#include "checker/plan.h"
#include "checker/search.h"
#include "checker/searched.h"
#include "core/clock.h"
#include "core/die.h"
#include "core/run_setup.h"
#include "traces/explanation_class.h"
#include "traces/smaller_run.h"

const char *const shrink_guarantee_names[] = {"globally shortest", "1-minimal", "best effort"};

/* The given configuration may be a large one, and is of less interest: a part of the states is enough for it. */
enum { RUNGS = 5, GIVEN_SHARE = 5, ENDS_SHARE = 2 };

struct shrinking {
    const struct shrink_limits *limits;
    const struct gs_run *given;
    double until;
    struct wanted wanted;
    struct shrunk *shrunk;
    struct searched searched;
    bool is_minimal;
};

static bool has_time(const struct shrinking *s)
{
    return !clock_is_over(s->until, search_is_interrupted);
}

/* ---- Minimising what was found ---- */

static void keep_run(struct shrunk *shrunk, struct gs_run *run)
{
    if (!run)
        return;
    shrunk->runs = die_grow(shrunk->runs, &shrunk->run_capacity, shrunk->run_count + 1, sizeof(*shrunk->runs));
    shrunk->runs[shrunk->run_count++] = run;
}

enum searching { WITHOUT_SEARCH, WITH_SEARCH };

static bool minimise_and_keep(struct shrinking *s, const struct trace *trace, enum searching searching, char *error,
                              size_t error_size)
{
    const struct minimise_limits limits = {.until = s->until,
                                           .is_interrupted = search_is_interrupted,
                                           .keep_configuration = s->limits->keep_configuration,
                                           .without_search = searching == WITHOUT_SEARCH,
                                           .better = s->limits->better,
                                           .context = s->limits->context};
    struct minimised minimised;

    if (!minimise_trace(trace, &limits, &minimised, error, error_size))
        return false;
    trace_free(s->shrunk->trace);
    s->shrunk->trace = minimised.trace;
    keep_run(s->shrunk, minimised.run);
    s->is_minimal = minimised.is_minimal;
    s->shrunk->tried += minimised.tried;
    s->shrunk->applied += minimised.applied;
    s->shrunk->searched_states += minimised.searched_states;
    return true;
}

/* ---- Exhaustive searches ---- */

static enum shortest_verdict take(struct shrinking *s, const struct shortest *shortest)
{
    char error[EXPLANATION_SIZE];

    s->shrunk->exhaustive_states += shortest->states;
    if (shortest->verdict == SHORTEST_FOUND &&
        !minimise_and_keep(s, shortest->found, WITHOUT_SEARCH, error, sizeof(error)))
        return SHORTEST_UNKNOWN;
    return shortest->verdict;
}

static enum shortest_verdict search(struct shrinking *s, const struct gs_run *run, size_t steps_max,
                                    uint64_t states_max)
{
    const struct shortest_limits limits = {
        .steps_max = steps_max, .states_max = states_max, .until = s->until, .threads = s->limits->threads};
    struct shortest shortest;
    enum shortest_verdict verdict;

    if (searched_tells(&s->searched, run, &limits, &verdict))
        return verdict;
    shortest_search(run, &s->wanted, &limits, &shortest);
    searched_note(&s->searched, run, &limits, &shortest);
    verdict = take(s, &shortest);
    trace_free(shortest.found);
    return verdict;
}

/* Only of runs that begin with the first `at` events of the best trace. */
static enum shortest_verdict search_behind(struct shrinking *s, size_t at, uint64_t states_max)
{
    const struct trace *trace = s->shrunk->trace;
    const struct shortest_limits limits = {.steps_max = trace->step_count - 1,
                                           .states_max = states_max,
                                           .until = s->until,
                                           .threads = s->limits->threads,
                                           .from = trace,
                                           .at = at};
    struct shortest shortest;

    shortest_search(trace->run, &s->wanted, &limits, &shortest);
    const enum shortest_verdict verdict = take(s, &shortest);
    trace_free(shortest.found);
    return verdict;
}

/* A run of no more steps in that configuration, which is smaller; takes it. */
static bool search_in(struct shrinking *s, struct gs_run *run)
{
    const uint64_t states_max =
        s->limits->smaller_states_max ? s->limits->smaller_states_max : (uint64_t)SHRINK_SMALLER_STATES;

    if (search(s, run, s->shrunk->trace->step_count, states_max) != SHORTEST_FOUND) {
        run_free(run);
        return false;
    }
    keep_run(s->shrunk, run);
    return true;
}

/* All made small at once, from the smallest on: where one part alone cannot be smaller. */
static bool search_rungs(struct shrinking *s)
{
    for (unsigned rung = 0; rung < RUNGS && has_time(s); rung++) {
        struct gs_run *run = smaller_rung(s->shrunk->trace->run, s->wanted.property, rung);
        if (run && search_in(s, run))
            return true;
    }
    return false;
}

/* One part smaller: by quite other events, perhaps. Whichever node of a role is left out, it is one configuration. */
static bool search_smaller(struct shrinking *s)
{
    size_t count;
    struct smaller *list = smaller_list(s->shrunk->trace, &count);
    struct gs_run last = *s->shrunk->trace->run;
    bool is_found = false;

    for (size_t i = 0; i < count && !is_found && has_time(s); i++) {
        struct gs_run *run;
        struct trace *moved = smaller_make(s->shrunk->trace, &list[i], &run);
        if (!moved)
            continue;
        trace_free(moved);
        if (searched_is_same(run, &last)) {
            run_free(run);
            continue;
        }
        last = *run;
        is_found = search_in(s, run);
    }
    free(list);
    return is_found;
}

/* In that configuration: a shorter one, or a proof that there is none. */
static enum shortest_verdict search_shorter(struct shrinking *s, const struct gs_run *run, uint64_t share)
{
    const size_t steps = s->shrunk->trace->step_count;
    const uint64_t states_max = s->limits->states_max ? s->limits->states_max : (uint64_t)SHRINK_STATES;

    if (!steps)
        return SHORTEST_NONE;
    return search(s, run, steps - 1, states_max / share + 1);
}

/* A shorter end, where the whole is too much to search: of all that can follow the trace's first events, as few of them
 * as it takes. Each search tells which half of the trace to look at next. */
static bool search_ends(struct shrinking *s)
{
    const uint64_t states_max = s->limits->states_max ? s->limits->states_max : (uint64_t)SHRINK_STATES;
    size_t too_many = 0, none = s->shrunk->trace->step_count;

    while (none - too_many > 1 && has_time(s)) {
        const size_t at = too_many + (none - too_many) / 2;
        switch (search_behind(s, at, states_max / ENDS_SHARE + 1)) {
        case SHORTEST_FOUND:
            return true;
        case SHORTEST_NONE:
            none = at;
            break;
        case SHORTEST_UNKNOWN:
            too_many = at;
            break;
        }
    }
    return false;
}

/* What is known without exhaustive search. */
static void note_minimality(struct shrinking *s)
{
    s->shrunk->guarantee = s->is_minimal ? SHRINK_ONE_MINIMAL : SHRINK_BEST_EFFORT;
}

/* A shorter run of the events that are left: where exhaustive search does not get to the end. */
static bool search_reruns(struct shrinking *s)
{
    struct trace *before = s->shrunk->trace;
    const size_t steps = before->step_count;
    const struct gs_run *run = before->run;
    char error[EXPLANATION_SIZE];

    if (!minimise_and_keep(s, before, WITH_SEARCH, error, sizeof(error)))
        return false;
    note_minimality(s); /* it may be another trace now, also if it is no better */
    return s->shrunk->trace->step_count < steps || s->shrunk->trace->run != run;
}

/* True: it got better, so that all has to be asked again. */
static bool improve(struct shrinking *s)
{
    if (!s->limits->keep_configuration && (search_rungs(s) || search_smaller(s)))
        return true;
    const enum shortest_verdict own = search_shorter(s, s->shrunk->trace->run, 1);
    if (own == SHORTEST_FOUND || (own == SHORTEST_UNKNOWN && (search_ends(s) || search_reruns(s))))
        return true;
    if (own == SHORTEST_NONE)
        s->shrunk->guarantee = SHRINK_GLOBALLY_SHORTEST;
    s->shrunk->is_shortest_before = own == SHORTEST_NONE && s->shrunk->trace->run == s->given;
    if (s->shrunk->trace->run == s->given)
        return false;
    const enum shortest_verdict before = search_shorter(s, s->given, own == SHORTEST_NONE ? GIVEN_SHARE : 1);
    s->shrunk->is_shortest_before = own == SHORTEST_NONE && before == SHORTEST_NONE;
    return before == SHORTEST_FOUND;
}

static void run_to_fixed_point(struct shrinking *s)
{
    bool is_better;

    do {
        note_minimality(s);
        s->shrunk->is_shortest_before = false;
        is_better = !s->limits->without_exhaustive && has_time(s) && improve(s);
    } while (is_better);
}

static bool shrink(const struct trace *trace, const struct shrink_limits *limits, struct shrunk *shrunk, char *error,
                   size_t error_size)
{
    const double began = clock_seconds();
    struct shrinking s = {.limits = limits,
                          .given = trace->run,
                          .until = limits->seconds > 0 ? began + limits->seconds : 0,
                          .shrunk = shrunk};

    *shrunk = (struct shrunk){.steps_before = trace->step_count};
    if (trace_is_late(trace)) {
        const bool is_late = deadline_shrink(trace, limits, s.until, shrunk, error, error_size);
        shrunk->is_interrupted = search_is_interrupted();
        shrunk->seconds = clock_seconds() - began;
        return is_late;
    }
    if (!minimise_and_keep(&s, trace, limits->without_exhaustive ? WITH_SEARCH : WITHOUT_SEARCH, error, error_size))
        return false;
    s.wanted.property = trace->property;
    s.wanted.monitors_on = shrunk->trace->monitors_on;
    explanation_class(trace->run, shrunk->trace->explanation, s.wanted.class);
    run_to_fixed_point(&s);
    searched_free(&s.searched);
    shrunk->is_interrupted = search_is_interrupted();
    shrunk->seconds = clock_seconds() - began;
    return true;
}

bool shrink_trace(const struct trace *trace, const struct shrink_limits *limits, struct shrunk *shrunk, char *error,
                  size_t error_size)
{
    const struct gs_config signals = {.catch_signals = limits->catch_signals};

    plan_catch_signals(&signals);
    const bool is_shrunk = shrink(trace, limits, shrunk, error, error_size);
    plan_release_signals(&signals);
    return is_shrunk;
}

void shrunk_free(struct shrunk *shrunk)
{
    trace_free(shrunk->trace);
    for (size_t i = 0; i < shrunk->run_count; i++)
        run_free(shrunk->runs[i]);
    free(shrunk->runs);
    *shrunk = (struct shrunk){0};
}

void shrink_guarantee_print(const struct shrunk *shrunk, const struct shrink_limits *limits, FILE *out)
{
    fputs(shrink_guarantee_names[shrunk->guarantee], out);
    switch (shrunk->guarantee) {
    case SHRINK_GLOBALLY_SHORTEST:
        fprintf(out, " (exhaustive search: no run of %s is shorter)",
                shrunk->is_shortest_before && shrunk->run_count ? "this configuration, nor of the one given,"
                                                                : "this configuration");
        break;
    case SHRINK_ONE_MINIMAL:
        fputs(trace_is_late(shrunk->trace) ? " (no draw of the clock can be left out, least or most for a shorter run)"
                                           : " (no single event can go)",
              out);
        break;
    case SHRINK_BEST_EFFORT:
        if (shrunk->is_interrupted)
            fputs(", interrupted", out);
        else
            fprintf(out, ", stopped at %g second%s", limits->seconds, limits->seconds == 1 ? "" : "s");
        break;
    }
}
