/* Whatever a search finds is minimised again, until nothing gets better. Every better trace has fewer steps, or as many
 * in a smaller configuration. */
#include "checker/shrink.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "checker/blame.h"
#include "checker/chance.h"
#include "checker/deadline_shrink.h"
#include "checker/plan.h"
#include "checker/search.h"
#include "checker/searched.h"
#include "core/clock.h"
#include "core/die.h"
#include "core/run_setup.h"
#include "traces/explanation_class.h"
#include "traces/smaller_run.h"

/* The given configuration may be a large one, and is of less interest: a part of the states is enough for it. So it is
 * for each of several searches for a shorter end. */
enum { RUNGS = 5, GIVEN_SHARE = 5, ENDS_SHARE = 4 };

/* To leave events out of a long trace one by one takes long: first it is tried whether there is a short one. */
enum { LONG_STEPS = 50 };

/* Of random runs of a configuration: how many, how long they may be, beside the best trace; how many steps all of them
 * may take, and how many of those that fail are looked at. */
enum { DRAWN_RUNS = 10000, DRAWN_FACTOR = 4, DRAWN_STEPS = 100, DRAWN_STEPS_ALL = 200000, DRAWN_FAILURES = 12 };

struct shrinking {
    const struct shrink_limits *limits;
    const struct gs_run *given;
    double until;
    struct wanted wanted;
    struct shrunk *shrunk;
    struct searched searched;
    bool is_minimal;
    bool is_large;         /* a smaller configuration has too many states already */
    bool is_mutants_doing; /* without its mutants the given configuration does not fail so, as far as that is known */
};

static bool has_time(const struct shrinking *s)
{
    return !clock_is_over(s->until, search_is_interrupted);
}

/* ---- Whose doing it is ---- */

static bool fails_without_mutants(struct shrinking *s, const struct gs_run *run)
{
    const struct blame_limits limits = {
        .steps_max = s->shrunk->trace->step_count, .until = s->until, .threads = s->limits->threads};

    return blame_is_without_mutants(run, &s->wanted, &limits);
}

/* If mutants are to blame they stay to blame: a smaller configuration has to be one that is right without them,
 * whatever faults were allowed. */
static bool allows(void *asked, const struct gs_run *run)
{
    struct shrinking *s = asked;
    struct gs_run faulty = *run;

    if (!s->is_mutants_doing || !run->mutants)
        return !s->is_mutants_doing;
    memcpy(faulty.budgets, s->given->budgets, sizeof(faulty.budgets));
    faulty.copies = s->given->copies;
    struct searched_run *known = searched_of(&s->searched, &faulty);
    if (!known->has_blame) {
        known->has_blame = true;
        known->fails_unmutated = fails_without_mutants(s, &faulty);
    }
    return !known->fails_unmutated;
}

/* ---- Minimising what was found ---- */

enum minimising {
    ONLY_CUT, /* behind its violation */
    WITHOUT_SEARCH,
    WITH_SEARCH
};

/* When time runs out: is the best trace, of which it was made, known to be minimal, and it is neither that nor shorter?
 */
static bool is_known_better(const struct shrinking *s, const struct minimised *minimised)
{
    return s->is_minimal && !minimised->is_minimal && minimised->trace->step_count == s->shrunk->trace->step_count &&
           !minimised->run;
}

static bool minimise_and_keep(struct shrinking *s, const struct trace *trace, enum minimising how, char *error,
                              size_t error_size)
{
    const struct minimise_limits limits = {.until = how == ONLY_CUT ? DBL_MIN : s->until,
                                           .is_interrupted = search_is_interrupted,
                                           .keep_configuration = s->limits->keep_configuration,
                                           .without_search = how != WITH_SEARCH,
                                           .better = s->limits->better,
                                           .context = s->limits->context,
                                           .allows = allows,
                                           .asked = s};
    struct minimised minimised;

    if (!minimise_trace(trace, &limits, &minimised, error, error_size))
        return false;
    s->shrunk->tried += minimised.tried;
    s->shrunk->applied += minimised.applied;
    s->shrunk->searched_states += minimised.searched_states;
    if (trace == s->shrunk->trace && is_known_better(s, &minimised)) {
        minimised_free(&minimised);
        return true;
    }
    trace_free(s->shrunk->trace);
    s->shrunk->trace = minimised.trace;
    shrunk_keep_run(s->shrunk, minimised.run);
    s->is_minimal = minimised.is_minimal;
    return true;
}

/* ---- Exhaustive searches ---- */

static enum shortest_verdict take(struct shrinking *s, const struct shortest *shortest)
{
    char error[EXPLANATION_SIZE];

    s->shrunk->exhaustive_states += shortest->states;
    if (shortest->verdict == SHORTEST_FOUND &&
        (!allows(s, shortest->found->run) ||
         !minimise_and_keep(s, shortest->found, WITHOUT_SEARCH, error, sizeof(error))))
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

    const enum shortest_verdict verdict = search(s, run, s->shrunk->trace->step_count, states_max);
    s->is_large |= verdict == SHORTEST_UNKNOWN;
    if (verdict != SHORTEST_FOUND) {
        run_free(run);
        return false;
    }
    shrunk_keep_run(s->shrunk, run);
    return true;
}

/* All made small at once, from the smallest on: where one part alone cannot be smaller. */
static bool search_rungs(struct shrinking *s)
{
    for (unsigned rung = 0; rung < RUNGS && has_time(s); rung++) {
        struct gs_run *run = smaller_rung(s->shrunk->trace->run, s->wanted.property, RUNG_OF_ALL, rung);
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

/* ---- By chance ---- */

/* A random run, minimised in its configuration. Of no more steps than that: taken. */
static bool take_drawn(struct shrinking *s, const struct trace *drawn, size_t steps_max)
{
    const struct minimise_limits limits = {
        .until = s->until, .is_interrupted = search_is_interrupted, .keep_configuration = true, .without_search = true};
    struct minimised minimised;
    char error[EXPLANATION_SIZE];
    bool is_taken = false;

    if (minimise_trace(drawn, &limits, &minimised, error, sizeof(error))) {
        s->shrunk->tried += minimised.tried;
        s->shrunk->applied += minimised.applied;
        is_taken = minimised.trace->step_count <= steps_max &&
                   minimise_and_keep(s, minimised.trace, WITHOUT_SEARCH, error, sizeof(error));
    }
    minimised_free(&minimised);
    return is_taken;
}

/* Another run that fails, of at most so many steps: as a rule random runs are longer, until they are minimised. */
static bool draw_in(struct shrinking *s, const struct gs_run *run, size_t steps_max)
{
    uint64_t drawn = searched_of(&s->searched, run)->drawn;
    bool is_taken = false;

    for (unsigned i = 0; i < DRAWN_FAILURES && drawn < DRAWN_RUNS && !is_taken && has_time(s); i++) {
        const struct chance_limits limits = {.first_run = drawn,
                                             .runs = DRAWN_RUNS - drawn,
                                             .steps = DRAWN_FACTOR * (uint64_t)steps_max + DRAWN_STEPS,
                                             .steps_all = DRAWN_STEPS_ALL,
                                             .until = s->until,
                                             .threads = s->limits->threads};
        struct chance chance;
        chance_search(run, &s->wanted, &limits, &chance);
        const bool goes_on = chance.found && allows(s, run);
        drawn = goes_on ? chance.next_run : DRAWN_RUNS;
        is_taken = goes_on && take_drawn(s, chance.found, steps_max);
        trace_free(chance.found);
    }
    searched_of(&s->searched, run)->drawn = drawn;
    return is_taken;
}

/* Of configurations that are smaller, the smallest first. Where only nodes are fewer, runs may be long. */
static bool draw_smaller(struct shrinking *s, enum rung_of first)
{
    for (unsigned rung = 0; rung < RUNGS; rung++)
        for (int of = (int)first; of <= RUNG_OF_ALL && has_time(s); of++) {
            const struct trace *best = s->shrunk->trace;
            struct gs_run *run = smaller_rung(best->run, s->wanted.property, (enum rung_of)of, rung);
            if (run && !searched_has_none(&s->searched, run, best->step_count) && draw_in(s, run, best->step_count)) {
                shrunk_keep_run(s->shrunk, run);
                return true;
            }
            run_free(run);
        }
    return false;
}

static bool draw_shorter(struct shrinking *s)
{
    const struct trace *best = s->shrunk->trace;

    return best->step_count && draw_in(s, best->run, best->step_count - 1);
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

/* In smaller configurations: by searching through them, then by chance. */
static bool improve_configuration(struct shrinking *s)
{
    s->is_large = false;
    return search_rungs(s) || search_smaller(s) || (s->is_large && draw_smaller(s, RUNG_OF_NODES));
}

/* True: it got better, so that all has to be asked again. */
static bool improve(struct shrinking *s)
{
    if (!s->limits->keep_configuration && improve_configuration(s))
        return true;
    const enum shortest_verdict own = search_shorter(s, s->shrunk->trace->run, 1);
    if (own == SHORTEST_FOUND || (own == SHORTEST_UNKNOWN && (draw_shorter(s) || search_ends(s) || search_reruns(s))))
        return true;
    if (own == SHORTEST_NONE)
        s->shrunk->guarantee = SHRINK_GLOBALLY_SHORTEST;
    s->shrunk->is_shortest_before = own == SHORTEST_NONE && s->shrunk->trace->run == s->given;
    if (s->shrunk->trace->run == s->given)
        return false;
    const enum shortest_verdict before = search_shorter(s, s->given, GIVEN_SHARE);
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

/* The first best trace, which says what has to stay. False: the given one does not show what it claims. */
static bool begin(struct shrinking *s, const struct trace *trace, char *error, size_t error_size)
{
    if (!minimise_and_keep(s, trace, ONLY_CUT, error, error_size))
        return false;
    s->wanted.property = trace->property;
    s->wanted.monitors_on = s->shrunk->trace->monitors_on;
    explanation_class(trace->run, s->shrunk->trace->explanation, s->wanted.class);
    s->is_mutants_doing =
        trace->run->mutants && !s->limits->keep_configuration && !fails_without_mutants(s, trace->run);
    return true;
}

/* False: there is no short one, or that is not soon found out. */
static bool find_short(struct shrinking *s)
{
    return s->shrunk->trace->step_count >= LONG_STEPS && !s->limits->keep_configuration &&
           !s->limits->without_exhaustive && (search_rungs(s) || (s->is_large && draw_smaller(s, RUNG_OF_ALL)));
}

static bool shrink_events(struct shrinking *s, const struct trace *trace, char *error, size_t error_size)
{
    const enum minimising how = s->limits->without_exhaustive ? WITH_SEARCH : WITHOUT_SEARCH;
    const bool is_shown = begin(s, trace, error, error_size) &&
                          (find_short(s) || minimise_and_keep(s, s->shrunk->trace, how, error, error_size));

    if (is_shown)
        run_to_fixed_point(s);
    searched_free(&s->searched);
    return is_shown;
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
    const bool is_shrunk = trace_is_late(trace) ? deadline_shrink(trace, limits, s.until, shrunk, error, error_size)
                                                : shrink_events(&s, trace, error, error_size);
    shrunk->is_interrupted = search_is_interrupted();
    shrunk->seconds = clock_seconds() - began;
    return is_shrunk;
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
