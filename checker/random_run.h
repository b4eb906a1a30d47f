/* One random run after the other, in one thread. */
#ifndef GAINSAY_RANDOM_RUN_H
#define GAINSAY_RANDOM_RUN_H

#include "checker/random_judge.h"
#include "checker/random_timed.h"
#include "checker/search.h"

/* Told of a run's events, START included, after each that was taken or misbehaved. */
struct random_observer {
    void (*taken)(void *context, const struct random_world *world, const struct event *event,
                  enum random_result result);
    void *context;
};

struct random_runner {
    struct random_scope scope;
    struct random_parameters parameters;
    uint64_t stops_on;              /* properties whose violation ends a run */
    const struct gs_timing *timing; /* NULL: no clock */
    uint64_t recovers;              /* goals to be met once all is healed */
    size_t memory_limit;            /* bytes of the tables, beyond which they are forgotten */
    unsigned look_every;            /* steps between looks at that, and at whether to give up; 0: the default */
    /* Asked now and then whether the run is to be given up. */
    bool (*gives_up)(void *context, uint64_t run);
    void *context;
    const struct random_observer *observer; /* NULL: none */
    struct random_tables *tables;
    struct random_world *world;
    struct random_scheduler scheduler;
    struct random_timed timed; /* used if there is a clock */
    struct event event;        /* about to be taken, if there is an observer */
    /* Sums over all runs. */
    uint64_t cuts[BOUND_COUNT], events[EVENT_COUNTERS], absorbed, judged[64], handler_calls, forgotten;
    uint64_t premise_used, premise_met, met[64]; /* by property; met: runs that decided it */
    uint64_t runs, steps, longest;
    struct hash_set local_states;
};

struct random_outcome {
    uint64_t steps;
    uint64_t decided;                   /* properties violated, and goals met */
    uint64_t failed;                    /* those that ended the run */
    bool given_up, ended;               /* ended: nothing was left to do */
    bool recovering;                    /* all is healed, and is judged anew */
    uint64_t recovered;                 /* goals met since */
    char explanation[EXPLANATION_SIZE]; /* of a misbehaviour, or of goals that were not met in time */
    bool is_nondeterministic;           /* it ended with a handler that, run twice, did two things */
};

/* The bit, among the properties, of goals that were not met in time. */
static inline unsigned random_recovers_bit(const struct gs_run *run)
{
    return run_property_count(run) + 1;
}

/* Takes scope, parameters and the rest that is set by the caller; everything else zero. */
void random_runner_begin(struct random_runner *runner);
void random_runner_end(struct random_runner *runner);
void random_runner_run(struct random_runner *runner, uint64_t run, enum gs_strategy strategy,
                       struct random_outcome *outcome);
/* Adds what the tables counted to the sums. */
void random_runner_collect(struct random_runner *runner);

#endif
