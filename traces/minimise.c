/* Each way to make a trace better takes the best so far and replaces it by what an attempt really showed. A better
 * trace has fewer steps; of equal steps a smaller configuration; of equal ones smaller choices: so a fixed point is
 * met. */
#include "traces/minimise.h"

#include <stdlib.h>
#include <string.h>

#include "core/die.h"
#include "core/run_setup.h"
#include "traces/causality.h"
#include "traces/deletion.h"
#include "traces/explanation_class.h"
#include "traces/reruns.h"
#include "traces/simpler_choices.h"
#include "traces/smaller_run.h"

enum { ORDERED_MAX = 10000, OTHERS_MAX = 2, MOVED_STATES = 3000, PAIRED_NODES_MAX = 12, SEARCHED_STEPS_MAX = 200 };

struct minimising {
    const struct minimise_limits *limits;
    struct wanted wanted;
    struct attempts attempts;
    struct trace *best;
    struct gs_run *run; /* the best's, if it is not the given one */
    struct minimised *minimised;
};

/* Takes the trace, unless NULL. True: it was taken. */
static bool accept(struct minimising *m, struct trace *better)
{
    if (!better)
        return false;
    trace_free(m->best);
    m->best = better;
    if (m->limits->better)
        m->limits->better(m->limits->context, better);
    return true;
}

/* ---- Ways to make it better ---- */

static bool leave_out_unrelated(struct minimising *m)
{
    bool *left_out = die_calloc(m->best->step_count + 1, sizeof(*left_out));
    const size_t count = causality_leave_out_unrelated(m->best, left_out);
    const struct attempt attempt = {
        .trace = m->best, .left_out = left_out, .steps_max = m->best->step_count - count, .mode = ATTEMPT_NEAR};
    const bool is_better = count && accept(m, attempt_make(&m->attempts, &attempt));

    free(left_out);
    return is_better;
}

static bool delete_events(struct minimising *m, enum deletion_of of)
{
    struct trace *better = deletion_shrink(&m->attempts, m->best, of);

    return accept(m, better);
}

/* The run goes with the trace, which shows what is wanted on it. */
static void accept_with_run(struct minimising *m, struct trace *better, struct gs_run *run)
{
    accept(m, better);
    run_free(m->run);
    m->run = run;
}

static bool is_allowed(const struct minimising *m, const struct gs_run *run)
{
    return !m->limits->allows || m->limits->allows(m->limits->asked, run);
}

/* The same events there; moved: to that run. */
static struct trace *attempt_moved(struct minimising *m, const struct trace *moved)
{
    const struct attempt attempt = {.trace = moved, .steps_max = m->best->step_count, .mode = ATTEMPT_NEAR};

    return attempt_make(&m->attempts, &attempt);
}

/* Other runs of these events there. */
static struct trace *search_moved(struct minimising *m, const struct trace *moved)
{
    const struct reruns_limits limits = {.states_max = MOVED_STATES,
                                         .has_steps = true,
                                         .steps_max = m->best->step_count,
                                         .class = m->wanted.class,
                                         .until = m->limits->until,
                                         .is_interrupted = m->limits->is_interrupted};
    struct reruns reruns;

    if (m->attempts.is_over)
        return NULL;
    reruns_search(moved, &limits, &reruns);
    m->minimised->searched_states += reruns.states;
    return reruns.found;
}

typedef struct trace *way_to_show(struct minimising *m, const struct trace *moved);

static bool try_smaller(struct minimising *m, const struct smaller *smaller, way_to_show *show)
{
    struct gs_run *run;
    struct trace *moved = smaller_make(m->best, smaller, &run);
    struct trace *better = moved ? show(m, moved) : NULL;

    trace_free(moved);
    if (better && is_allowed(m, run)) {
        accept_with_run(m, better, run);
        return true;
    }
    trace_free(better);
    if (moved)
        run_free(run);
    return false;
}

/* Two nodes less: where a quorum of one less is as large. */
static bool try_pair(struct minimising *m, const struct smaller *first)
{
    struct gs_run *run = NULL, *other = NULL;
    struct trace *moved = smaller_make(m->best, first, &run);
    size_t count = 0;
    struct smaller *list = moved ? smaller_list(moved, &count) : NULL;
    bool is_taken = false;

    for (size_t i = 0; i < count && !is_taken; i++) {
        struct trace *twice = NULL, *better;
        if (list[i].kind == SMALLER_NODE && list[i].index <= first->index)
            twice = smaller_make(moved, &list[i], &other);
        better = twice ? attempt_moved(m, twice) : NULL;
        trace_free(twice);
        if (better && is_allowed(m, other)) {
            accept_with_run(m, better, other);
            is_taken = true;
        } else if (twice) {
            trace_free(better);
            run_free(other);
        }
    }
    free(list);
    trace_free(moved);
    if (moved)
        run_free(run);
    return is_taken;
}

static bool try_list(struct minimising *m, const struct smaller *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (try_smaller(m, &list[i], attempt_moved))
            return true;
    for (size_t i = 0; i < count && m->best->run->node_count <= PAIRED_NODES_MAX; i++)
        if (list[i].kind == SMALLER_NODE && try_pair(m, &list[i]))
            return true;
    const bool is_searched = !m->limits->without_search && m->best->step_count <= SEARCHED_STEPS_MAX;
    for (size_t i = 0; i < count && is_searched; i++)
        if (try_smaller(m, &list[i], search_moved))
            return true;
    return false;
}

/* What can be tried changes with each success. */
static bool make_configuration_smaller(struct minimising *m)
{
    bool is_better = false, goes_on = !m->limits->keep_configuration;

    while (goes_on && !m->attempts.is_over) {
        size_t count;
        struct smaller *list = smaller_list(m->best, &count);
        goes_on = try_list(m, list, count);
        is_better |= goes_on;
        free(list);
    }
    return is_better;
}

static bool simplify_choices(struct minimising *m)
{
    return accept(m, simpler_choices(&m->attempts, m->best));
}

/* A run of the events that are left, and `others` more, that is shorter than all of them. */
static bool search_shorter(struct minimising *m, unsigned others)
{
    const size_t states_max = m->limits->states_max ? m->limits->states_max : MINIMISE_STATES;
    const struct reruns_limits limits = {.states_max = states_max,
                                         .others = others,
                                         .has_steps = true,
                                         .steps_max = m->best->step_count - 1,
                                         .class = m->wanted.class,
                                         .until = m->limits->until,
                                         .is_interrupted = m->limits->is_interrupted};
    struct reruns reruns;

    if (!m->best->step_count || m->attempts.is_over)
        return false;
    reruns_search(m->best, &limits, &reruns);
    m->minimised->searched_states += reruns.states;
    struct trace *found = reruns.found;
    reruns.found = NULL;
    reruns_free(&reruns);
    return accept(m, found);
}

static bool search_for_shorter(struct minimising *m)
{
    for (unsigned others = 0; others <= OTHERS_MAX && !m->limits->without_search; others++)
        if (search_shorter(m, others))
            return true;
    return false;
}

/* Cheap ways first; true: at least one made it better. */
static bool improve(struct minimising *m)
{
    bool is_better = leave_out_unrelated(m);

    is_better |= accept(m, deletion_of_loops(&m->attempts, m->best));
    is_better |= delete_events(m, DELETION_OF_FAULTS);
    is_better |= delete_events(m, DELETION_OF_OPERATIONS);
    is_better |= delete_events(m, DELETION_OF_ALL);
    is_better |= make_configuration_smaller(m);
    is_better |= simplify_choices(m);
    return is_better || search_for_shorter(m);
}

/* ---- The end ---- */

/* Ordered for people, if that leaves it a run that shows the same. False: ordered so, an event can go after all. */
static bool put_in_order(struct minimising *m)
{
    if (m->best->step_count > ORDERED_MAX)
        return true;
    struct trace *ordered = causality_order(m->best);
    const struct attempt attempt = {.trace = ordered, .steps_max = ordered->step_count, .mode = ATTEMPT_EXACT};
    struct trace *shown = attempt_make(&m->attempts, &attempt);
    trace_free(ordered);
    if (!shown)
        return true;
    const bool is_shorter = shown->step_count < m->best->step_count;
    accept(m, shown);
    return !is_shorter && !delete_events(m, DELETION_OF_EACH);
}

static void run_to_fixed_point(struct minimising *m)
{
    do {
        while (improve(m) && !m->attempts.is_over)
            ;
    } while (!m->attempts.is_over && !put_in_order(m));
    m->minimised->is_minimal = !m->attempts.is_over;
}

/* ---- The beginning ---- */

static bool refuse(char *error, size_t error_size, const struct replay *replay)
{
    snprintf(error, error_size, "it does not show what it claims: %s%s",
             replay->end == REPLAY_DIVERGED ? "it diverges: " : "", replay->reason);
    return false;
}

/* Other monitors than the property's own only tell states apart, but one may be what misbehaves. */
static void want(struct wanted *wanted, const struct trace *trace, const char *explanation)
{
    const bool keeps_monitors = trace_kind(trace) == TRACE_OF_MISBEHAVIOUR;

    wanted->property = trace->property;
    wanted->monitors_on = keeps_monitors ? trace->monitors_on : trace_own_monitor(trace->run, trace->property);
    explanation_class(trace->run, explanation, wanted->class);
}

/* The first best one: as it is, with only the monitors that are wanted, cut behind what it shows. */
static bool begin(struct minimising *m, const struct trace *trace, const struct replay *replay)
{
    struct attempt attempt = {.trace = trace, .steps_max = trace->step_count, .mode = ATTEMPT_EXACT};

    want(&m->wanted, trace, replay->reason);
    m->attempts = (struct attempts){.wanted = &m->wanted};
    if (accept(m, attempt_make(&m->attempts, &attempt)))
        return true;
    m->wanted.monitors_on = trace->monitors_on;
    return accept(m, attempt_make(&m->attempts, &attempt));
}

bool minimise_trace(const struct trace *trace, const struct minimise_limits *limits, struct minimised *minimised,
                    char *error, size_t error_size)
{
    struct minimising m = {.limits = limits, .minimised = minimised};
    struct replay replay;

    must(trace_kind(trace) != TRACE_SAMPLE);
    *minimised = (struct minimised){0};
    trace_replay(trace, NULL, NULL, &replay);
    if (replay.end != REPLAY_VIOLATED)
        return refuse(error, error_size, &replay);
    const bool has_begun = begin(&m, trace, &replay);
    if (has_begun) {
        m.attempts.until = limits->until;
        m.attempts.is_interrupted = limits->is_interrupted;
        run_to_fixed_point(&m);
    } else {
        snprintf(error, error_size, "replayed once more, it does not show it again");
    }
    minimised->trace = m.best;
    minimised->run = m.run;
    minimised->tried = m.attempts.tried;
    minimised->applied = m.attempts.applied;
    attempts_free(&m.attempts);
    return has_begun;
}

void minimised_free(struct minimised *minimised)
{
    trace_free(minimised->trace);
    run_free(minimised->run);
    *minimised = (struct minimised){0};
}
