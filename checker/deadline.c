/* Nothing but the goals is judged: what else a shorter run may violate is not what is looked for. */
#include "checker/deadline.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checker/timed_clocks.h"
#include "core/die.h"

enum {
    STEPS_MORE = 1000000, /* that a run may take on a protocol that has changed */
    IDLE_MOST = 100000000 /* where times are next to nothing, a node may try in vain without end */
};
#define MEMORY_LIMIT ((size_t)256 << 20)

/* ---- Runs ---- */

static void record(void *context, const struct random_world *world, const struct event *event,
                   enum random_result result)
{
    struct deadline *deadline = context;
    (void)world;
    (void)result;
    trace_append(deadline->trace, event);
}

void deadline_open(struct deadline *deadline, const struct gs_run *run, const struct trace_clock *clock,
                   uint64_t monitors_on)
{
    *deadline =
        (struct deadline){.run = run, .timing = clock->timing, .recovers = clock->recovers, .monitors_on = monitors_on};
    deadline->timing.on = true;
    deadline->idle_max = IDLE_MOST;
    engine_lock_init(&deadline->lock);
    deadline->runner = (struct random_runner){.scope = {.run = run,
                                                        .on = clock->recovers,
                                                        .monitors_on = monitors_on,
                                                        .lock = &deadline->lock,
                                                        .notes_timers = true},
                                              .parameters = {.tape = &deadline->tape},
                                              .stops_on = UINT64_C(1) << run_property_count(run) |
                                                          UINT64_C(1) << random_recovers_bit(run),
                                              .recovers = clock->recovers,
                                              .timing = &deadline->timing,
                                              .memory_limit = MEMORY_LIMIT};
    random_runner_begin(&deadline->runner);
}

void deadline_close(struct deadline *deadline)
{
    random_runner_end(&deadline->runner);
    random_tape_free(&deadline->tape);
    trace_free(deadline->trace);
    pthread_mutex_destroy(&deadline->lock);
}

static void begin_trace(struct deadline *deadline)
{
    trace_free(deadline->trace);
    deadline->trace = trace_new(deadline->run, TRACE_NO_PROPERTY, "", deadline->monitors_on);
    struct trace_clock *clock = deadline->trace->clock = trace_clock_new();
    clock->timing = deadline->timing;
    clock->recovers = deadline->recovers;
}

/* Behind the last one that is not 0 all are 0 anyway. */
static void keep_draws(struct deadline *deadline)
{
    struct trace_clock *clock = deadline->trace->clock;
    const struct random_tape *tape = &deadline->tape;
    size_t count = tape->count;
    while (count && !tape->draws[count - 1].value)
        count--;
    clock->draws = die_calloc(count + 1, sizeof(*clock->draws));
    clock->draw_count = count;
    for (size_t i = 0; i < count; i++)
        clock->draws[i] = tape->draws[i].value;
}

static enum deadline_verdict run(struct deadline *deadline, uint64_t number, uint64_t steps_max)
{
    struct random_runner *runner = &deadline->runner;
    const struct random_observer observer = {record, deadline};
    struct random_outcome outcome;
    begin_trace(deadline);
    deadline->tape.count = 0;
    runner->parameters.steps = steps_max;
    runner->timed.idle_max = deadline->idle_max;
    runner->observer = &observer;
    random_runner_run(runner, number, GS_STRATEGY_UNIFORM, &outcome);
    runner->observer = NULL;
    deadline->runs++;
    deadline->steps += outcome.steps;
    if (runner->timed.idle == deadline->idle_max)
        return DEADLINE_UNDECIDED;
    if (outcome.failed >> random_recovers_bit(deadline->run) & 1) {
        keep_draws(deadline);
        trace_explain(deadline->trace, outcome.explanation);
        return DEADLINE_MISSED;
    }
    const bool is_over = !outcome.failed && (runner->timed.ended || outcome.ended);
    return is_over && !(deadline->recovers & ~outcome.recovered) ? DEADLINE_MET : DEADLINE_UNDECIDED;
}

enum deadline_verdict deadline_play(struct deadline *deadline, const uint64_t *draws, size_t count, uint64_t steps_max)
{
    deadline->tape.plays = true;
    deadline->tape.given = draws;
    deadline->tape.given_count = count;
    return run(deadline, 0, steps_max);
}

enum deadline_verdict deadline_draw(struct deadline *deadline, uint64_t seed, uint64_t number, uint64_t steps_max)
{
    deadline->tape.plays = false;
    deadline->runner.parameters.seed = seed;
    return run(deadline, number, steps_max);
}

struct trace *deadline_take_trace(struct deadline *deadline)
{
    struct trace *trace = deadline->trace;
    deadline->trace = NULL;
    return trace;
}

/* ---- Again ---- */

enum deadline_verdict deadline_replay(const struct trace *trace, struct trace **again)
{
    const struct trace_clock *clock = trace->clock;
    struct deadline deadline;
    char error[EXPLANATION_SIZE];
    must(clock != NULL);
    *again = NULL;
    if (!timed_timers_are_sound(trace->run, error, sizeof(error)))
        return DEADLINE_UNDECIDED;
    deadline_open(&deadline, trace->run, clock, trace->monitors_on);
    const enum deadline_verdict verdict =
        deadline_play(&deadline, clock->draws, clock->draw_count, trace->step_count + STEPS_MORE);
    *again = verdict == DEADLINE_MISSED ? deadline_take_trace(&deadline) : NULL;
    deadline_close(&deadline);
    return verdict;
}

static char *text_of(const struct trace *trace, size_t step)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    must(out != NULL);
    if (step < trace->step_count)
        event_print(trace->run, &trace->steps[step], out);
    else
        fputs("the end", out);
    must(fclose(out) == 0);
    return text;
}

static void describe(const struct trace *trace, const struct trace *again, size_t step, char *difference, size_t size)
{
    char *said = text_of(trace, step), *got = text_of(again, step);
    snprintf(difference, size, "step %zu: the file says %s, its clock and draws give %s", step + 1, said, got);
    free(said);
    free(got);
}

static bool has_same_times(const struct event *said, const struct event *got, size_t step, char *difference,
                           size_t size)
{
    const bool same_at = !said->has_at || said->at == got->at;
    if (same_at && said->clock == got->clock)
        return true;
    snprintf(difference, size, "step %zu: %s: the file says %" PRId64 ", its clock and draws give %" PRId64, step,
             same_at ? "clock" : "at", same_at ? said->clock : said->at, same_at ? got->clock : got->at);
    return false;
}

bool deadline_is_same(const struct trace *trace, const struct trace *again, char *difference, size_t size)
{
    for (size_t i = 0; i < trace->step_count || i < again->step_count; i++) {
        const bool has_both = i < trace->step_count && i < again->step_count;
        if (!has_both || event_compare(trace->run, &trace->steps[i], &again->steps[i]) != 0) {
            describe(trace, again, i, difference, size);
            return false;
        }
        if (!has_same_times(&trace->steps[i], &again->steps[i], i + 1, difference, size))
            return false;
    }
    if (strcmp(trace->explanation, again->explanation) == 0)
        return true;
    snprintf(difference, size, "explanation: the file says \"%.400s\", its clock and draws give \"%.400s\"",
             trace->explanation, again->explanation);
    return false;
}
