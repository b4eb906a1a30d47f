/* A better run has fewer steps; as many, in a configuration with fewer faults or smaller; or as many with fewer draws
 * that are not 0. The time when all is healed and the deadline stay, for they are what is claimed. So do nodes and
 * options: with fewer of them the goals may be out of reach for another reason. Unless mutants are to blame: then they
 * may be made smaller where the protocol without the mutants meets the goals in time. */
#include "checker/deadline_shrink.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checker/deadline.h"
#include "checker/search.h"
#include "core/clock.h"
#include "core/die.h"
#include "core/run_setup.h"
#include "traces/smaller_run.h"

enum {
    FRESH_MOST = 100,     /* other runs of a configuration that are tried */
    FRESH_LEAST = 4,      /* however long they are */
    FRESH_STEPS = 500000, /* in all, about */
    CONTROLS = 30,        /* runs without mutants that have to be in time */
    PATIENCE = 3,         /* times the deadline: who is not in time by then is not only slow */
    IDLE_MORE = 10000     /* than in the given run may come due and be no step */
};

struct shrinking {
    const struct shrink_limits *limits;
    double until;
    const char *explanation; /* of the given trace: which goals are missed */
    bool is_mutants_doing;   /* by its draws, without the mutants, the goals are met in time */
    bool is_stuck;           /* by its draws they are missed after more time, too */
    uint64_t idle_max;       /* of a run */
    struct shrunk *shrunk;   /* its trace is the best so far */
    struct deadline deadline;
};

static bool has_time(const struct shrinking *s)
{
    return !clock_is_over(s->until, search_is_interrupted);
}

static bool gives_up(void *context, uint64_t run)
{
    (void)run;
    return !has_time(context);
}

static const struct trace *best(const struct shrinking *s)
{
    return s->shrunk->trace;
}

/* ---- Runs ---- */

static void open_runs(struct shrinking *s, const struct gs_run *run, const struct trace_clock *clock)
{
    deadline_open(&s->deadline, run, clock, best(s)->monitors_on);
    s->deadline.idle_max = s->idle_max;
    s->deadline.runner.gives_up = gives_up;
    s->deadline.runner.context = s;
}

static void close_runs(struct shrinking *s)
{
    s->shrunk->tried += s->deadline.runs;
    s->shrunk->applied += s->deadline.steps;
    deadline_close(&s->deadline);
}

/* ---- Is it the same failure? ---- */

/* By a trace's draws, in another configuration or under another clock. */
static enum deadline_verdict play_otherwise(struct shrinking *s, const struct gs_run *run,
                                            const struct trace_clock *clock, const struct trace *trace)
{
    struct deadline *other = die_alloc(sizeof(*other));
    deadline_open(other, run, clock, trace->monitors_on);
    other->idle_max = PATIENCE * s->idle_max;
    other->runner.gives_up = gives_up;
    other->runner.context = s;
    const enum deadline_verdict verdict =
        deadline_play(other, trace->clock->draws, trace->clock->draw_count, 10 * ((uint64_t)trace->step_count + 1000));
    s->shrunk->tried += other->runs;
    s->shrunk->applied += other->steps;
    deadline_close(other);
    free(other);
    return verdict;
}

static bool is_in_time_unmutated(struct shrinking *s, const struct trace *trace)
{
    struct gs_run *unmutated = trace->run->mutants ? smaller_without_mutants(trace->run) : NULL;
    const bool in_time = unmutated && play_otherwise(s, unmutated, trace->clock, trace) == DEADLINE_MET;
    run_free(unmutated);
    return in_time;
}

static bool is_stuck(struct shrinking *s, const struct trace *trace)
{
    struct trace_clock clock = *trace->clock;
    clock.timing.recover_within *= PATIENCE;
    return play_otherwise(s, trace->run, &clock, trace) == DEADLINE_MISSED;
}

/* Any protocol misses a deadline if its luck is bad enough. So what the given run shows the other has to show too: that
 * the mutants are to blame, that it is stuck and not only slow. */
static bool is_same_failure(struct shrinking *s, enum deadline_verdict verdict)
{
    const struct trace *trace = s->deadline.trace;
    return verdict == DEADLINE_MISSED && strcmp(trace->explanation, s->explanation) == 0 &&
           (!s->is_mutants_doing || is_in_time_unmutated(s, trace)) && (!s->is_stuck || is_stuck(s, trace));
}

static void take(struct shrinking *s)
{
    trace_free(s->shrunk->trace);
    s->shrunk->trace = deadline_take_trace(&s->deadline);
    if (s->limits->better)
        s->limits->better(s->limits->context, s->shrunk->trace);
}

/* A run that takes as many steps as are allowed is cut off before its end, so that one more is. */
static enum deadline_verdict play(struct shrinking *s, const uint64_t *draws, size_t count)
{
    return deadline_play(&s->deadline, draws, count, best(s)->step_count + 1);
}

static unsigned count_fresh(const struct shrinking *s)
{
    const size_t count = FRESH_STEPS / (best(s)->step_count + 1);
    return count > FRESH_MOST ? FRESH_MOST : count < FRESH_LEAST ? FRESH_LEAST : (unsigned)count;
}

/* ---- Draws ---- */

enum draw_change { DRAWS_LEFT_OUT, DRAWS_ZERO, DRAWS_MOST, DRAW_CHANGES };

static size_t change_draws(const struct trace_clock *clock, size_t first, size_t size, enum draw_change change,
                           uint64_t *draws)
{
    const size_t behind = first + size < clock->draw_count ? first + size : clock->draw_count;
    const size_t rest = clock->draw_count - behind;
    memcpy(draws, clock->draws, first * sizeof(*draws));
    if (change == DRAWS_LEFT_OUT) {
        memcpy(draws + first, clock->draws + behind, rest * sizeof(*draws));
        return first + rest;
    }
    for (size_t i = first; i < behind; i++)
        draws[i] = change == DRAWS_MOST ? UINT64_MAX : 0;
    memcpy(draws + behind, clock->draws + behind, rest * sizeof(*draws));
    return clock->draw_count;
}

static size_t count_drawn(const struct trace_clock *clock)
{
    size_t count = 0;
    for (size_t i = 0; i < clock->draw_count; i++)
        count += clock->draws[i] != 0;
    return count;
}

static bool is_better(const struct shrinking *s, enum deadline_verdict verdict)
{
    if (verdict != DEADLINE_MISSED)
        return false;
    const struct trace *other = s->deadline.trace, *kept = best(s);
    const size_t drawn = count_drawn(other->clock), kept_drawn = count_drawn(kept->clock);
    if (other->step_count != kept->step_count)
        return other->step_count < kept->step_count;
    return drawn != kept_drawn ? drawn < kept_drawn : other->clock->draw_count < kept->clock->draw_count;
}

/* One way to change some draws in a row. True: that is better, and taken. */
static bool try_change(struct shrinking *s, size_t first, size_t size, enum draw_change change)
{
    const struct trace_clock *clock = best(s)->clock;
    uint64_t *draws = die_alloc((clock->draw_count + 1) * sizeof(*draws));
    const size_t count = change_draws(clock, first, size, change, draws);
    const enum deadline_verdict verdict = play(s, draws, count);
    const bool better = is_better(s, verdict) && is_same_failure(s, verdict);
    free(draws);
    if (better)
        take(s);
    return better;
}

/* All pieces of that many draws. */
static bool shrink_pieces(struct shrinking *s, size_t size)
{
    bool any = false;
    for (size_t first = 0; first < best(s)->clock->draw_count && has_time(s);) {
        bool found = false;
        for (int change = 0; change < DRAW_CHANGES && !found && first < best(s)->clock->draw_count; change++)
            found = try_change(s, first, size, (enum draw_change)change);
        any |= found;
        first += found ? 0 : size;
    }
    return any;
}

static bool shrink_draws(struct shrinking *s)
{
    bool any = false;
    size_t size = 1;
    open_runs(s, best(s)->run, best(s)->clock);
    while (size < best(s)->clock->draw_count)
        size *= 2;
    for (; size && has_time(s); size /= 2)
        any |= shrink_pieces(s, size);
    close_runs(s);
    return any;
}

/* ---- Other runs ---- */

/* By its own draws, then by others. True: one was taken. */
static bool try_clock(struct shrinking *s, const struct gs_run *run, const struct trace_clock *clock)
{
    const unsigned fresh = count_fresh(s);
    open_runs(s, run, clock);
    bool found = is_same_failure(s, play(s, best(s)->clock->draws, best(s)->clock->draw_count));
    for (unsigned i = 0; i < fresh && !found && has_time(s); i++)
        found = is_same_failure(s, deadline_draw(&s->deadline, 0, i, best(s)->step_count + 1));
    if (found)
        take(s);
    close_runs(s);
    return found;
}

/* A shorter one of the same configuration. */
static bool draw_shorter(struct shrinking *s)
{
    const unsigned fresh = count_fresh(s);
    bool any = false;
    open_runs(s, best(s)->run, best(s)->clock);
    for (unsigned i = 0; i < fresh && best(s)->step_count && has_time(s); i++) {
        const enum deadline_verdict verdict = deadline_draw(&s->deadline, 0, i, best(s)->step_count);
        if (s->deadline.trace->step_count < best(s)->step_count && is_same_failure(s, verdict)) {
            take(s);
            any = true;
        }
    }
    close_runs(s);
    return any;
}

/* ---- What surrounds it ---- */

enum surroundings {
    NO_LOSS,
    NO_DUPLICATION,
    NO_ONE_WAY,
    NO_PAUSES,
    NO_DRIFT,
    NO_BANDWIDTH,
    SAME_LATENCY,
    SURROUNDINGS
};

/* False: it is so already. */
static bool simplify(struct gs_timing *timing, enum surroundings what)
{
    const struct gs_timing before = *timing;
    switch (what) {
    case NO_LOSS:
        timing->loss_ppm = 0;
        break;
    case NO_DUPLICATION:
        timing->duplicate_ppm = 0;
        break;
    case NO_ONE_WAY:
        timing->one_way_every = 0;
        break;
    case NO_PAUSES:
        timing->pause_every = 0;
        break;
    case NO_DRIFT:
        timing->drift_ppm = 0;
        break;
    case NO_BANDWIDTH:
        timing->bandwidth = 0;
        break;
    case SAME_LATENCY:
        timing->latency = (struct gs_distribution){.kind = GS_CONSTANT, .a = timing->latency.a};
        break;
    case SURROUNDINGS:
        break;
    }
    return timing->loss_ppm != before.loss_ppm || timing->duplicate_ppm != before.duplicate_ppm ||
           timing->one_way_every != before.one_way_every || timing->pause_every != before.pause_every ||
           timing->drift_ppm != before.drift_ppm || timing->bandwidth != before.bandwidth ||
           timing->latency.kind != before.latency.kind;
}

static bool simplify_surroundings(struct shrinking *s)
{
    bool any = false;
    for (int what = 0; what < SURROUNDINGS && has_time(s); what++) {
        struct trace_clock clock = *best(s)->clock;
        if (simplify(&clock.timing, (enum surroundings)what))
            any |= try_clock(s, best(s)->run, &clock);
    }
    return any;
}

/* ---- Smaller configurations ---- */

/* Are the goals judged there? */
static bool has_goals(const struct gs_run *run, uint64_t recovers)
{
    char explanation[EXPLANATION_SIZE];
    for (unsigned p = 0; p < run_property_count(run) && p < 64; p++) {
        bool granted = true;
        if ((recovers >> p & 1) && (!judge_needs(run, run_property(run, p), &granted, explanation) || !granted))
            return false;
    }
    return true;
}

/* Are the goals met in time there without the mutants, whatever is drawn? */
static bool is_reachable_unmutated(struct shrinking *s, const struct gs_run *run)
{
    struct gs_run *unmutated = smaller_without_mutants(run);
    bool in_time = unmutated != NULL;
    if (!unmutated)
        return false;
    open_runs(s, unmutated, best(s)->clock);
    for (unsigned i = 0; i < CONTROLS && in_time; i++)
        in_time = deadline_draw(&s->deadline, 1, i, 10 * ((uint64_t)best(s)->step_count + 1000)) == DEADLINE_MET;
    close_runs(s);
    run_free(unmutated);
    return in_time;
}

/* Fewer faults ask for no more than before, but who crashes has to be able to come back. */
static bool may_be_smaller(struct shrinking *s, const struct smaller *smaller, const struct gs_run *run)
{
    if (smaller->kind == SMALLER_MUTANT)
        return run->mutants || !s->is_mutants_doing;
    if (smaller->kind == SMALLER_BUDGET)
        return smaller->index != GS_TIMEOUT &&
               (smaller->index != GS_RESTART || run->budgets[GS_CRASH] <= run->budgets[GS_RESTART]);
    return s->is_mutants_doing && is_reachable_unmutated(s, run);
}

/* True: taken. */
static bool try_smaller(struct shrinking *s, const struct smaller *smaller)
{
    struct gs_run *run;
    struct trace *moved = smaller_make(best(s), smaller, &run);
    trace_free(moved);
    if (!moved)
        return false;
    const bool is_tried = has_goals(run, best(s)->clock->recovers) && may_be_smaller(s, smaller, run);
    if (is_tried && try_clock(s, run, best(s)->clock)) {
        shrunk_keep_run(s->shrunk, run);
        return true;
    }
    run_free(run);
    return false;
}

/* Budgets to nothing, to half, by one: also of faults that were taken. */
static bool lower_budgets(struct shrinking *s)
{
    bool any = false;
    for (unsigned fault = 0; fault < GS_FAULTS; fault++)
        for (int way = 0; way < 3 && has_time(s); way++) {
            const int64_t budget = best(s)->run->budgets[fault];
            const int64_t values[] = {0, budget / 2, budget - 1};
            const struct smaller smaller = {.kind = SMALLER_BUDGET, .index = fault, .value = values[way]};
            if (values[way] >= 0 && budget > values[way] && fault != GS_TIMEOUT && try_smaller(s, &smaller)) {
                any = true;
                way = -1;
            }
        }
    return any;
}

static bool shrink_configuration(struct shrinking *s)
{
    bool any = lower_budgets(s), found = true;
    while (found && has_time(s)) {
        size_t count;
        struct smaller *list = smaller_list(best(s), &count);
        found = false;
        for (size_t i = 0; i < count && !found && has_time(s); i++)
            found = try_smaller(s, &list[i]);
        free(list);
        any |= found;
    }
    return any;
}

/* ---- All of it ---- */

static void run_to_fixed_point(struct shrinking *s)
{
    bool any = true;
    while (any && has_time(s)) {
        any = !s->limits->keep_configuration && simplify_surroundings(s);
        any |= !s->limits->keep_configuration && shrink_configuration(s);
        any |= draw_shorter(s);
        any |= shrink_draws(s);
    }
    s->shrunk->guarantee = has_time(s) ? SHRINK_ONE_MINIMAL : SHRINK_BEST_EFFORT;
}

/* What has to stay, and how much is in vain in it. */
static void look_at_given(struct shrinking *s, const struct trace *trace)
{
    open_runs(s, trace->run, trace->clock);
    play(s, trace->clock->draws, trace->clock->draw_count);
    s->idle_max = 2 * s->deadline.runner.timed.idle + IDLE_MORE;
    close_runs(s);
    s->is_mutants_doing = is_in_time_unmutated(s, trace);
    s->is_stuck = is_stuck(s, trace);
}

bool deadline_shrink(const struct trace *trace, const struct shrink_limits *limits, double until, struct shrunk *shrunk,
                     char *error, size_t error_size)
{
    struct shrinking *s = die_calloc(1, sizeof(*s));
    struct trace *again;
    char difference[EXPLANATION_SIZE] =
        "its clock and draws do not miss the deadline any more ('gainsay replay' says why)";
    const enum deadline_verdict verdict = deadline_replay(trace, &again);
    const bool is_shown = verdict == DEADLINE_MISSED && deadline_is_same(trace, again, difference, sizeof(difference));
    *s = (struct shrinking){.limits = limits,
                            .until = until,
                            .explanation = trace->explanation,
                            .idle_max = UINT64_MAX / 8,
                            .shrunk = shrunk};
    shrunk->trace = again;
    if (is_shown) {
        look_at_given(s, trace);
        run_to_fixed_point(s);
    } else
        snprintf(error, error_size, "%s", difference);
    free(s);
    return is_shown;
}
