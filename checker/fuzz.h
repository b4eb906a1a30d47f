/* The random search: runs drawn from one seed. What is found depends on protocol, configuration and seed alone, not on
 * the number of threads, nor on what was run before. */
#ifndef GAINSAY_FUZZ_H
#define GAINSAY_FUZZ_H

#include "checker/check.h"
#include "checker/timing.h"

enum gs_strategy { GS_STRATEGY_PORTFOLIO, GS_STRATEGY_UNIFORM, GS_STRATEGY_PCT, GS_STRATEGY_SWARM, GS_STRATEGIES };
extern const char *const gs_strategy_names[GS_STRATEGIES]; /* "portfolio", "uniform", ... */

/* The name that goals which must be met after all is healed are reported by. */
#define GS_RECOVERS "recovers"

enum { GS_FUZZ_RUNS = 10000, GS_PCT_DEPTH = 3 }; /* defaults */
enum { GS_PCT_DEPTH_MAX = 64 };

struct gs_fuzz_config {
    struct gs_config base;     /* which run, what is judged, --max-seconds, threads, audit; no other limits */
    const char *seed;          /* any string; NULL: "1" */
    uint64_t runs, steps;      /* at most; 0: the default; of runs with base.max_seconds: any number */
    uint64_t first_run;        /* runs are numbered from here on */
    enum gs_strategy strategy; /* portfolio: run i takes the (i mod 3)-th of the others */
    unsigned pct_depth;        /* 0: the default */
    struct gs_timing timing;   /* on: runs have a clock, which takes the place of the strategy */
    uint64_t max_failures;     /* different failures to find before the search stops; 0: 1 */
    double shrink_seconds;     /* for each failure; 0: they are not shrunk */
    /* Told of the first failure's trace as soon as there is one: the whole run, then each better one while it is
     * shrunk. The trace is lent for the call. NULL: nobody is. */
    void (*better)(void *context, const struct trace *best, bool is_whole);
    void *better_context;
};

struct shrunk;

/* A run that violated something; of those that are the same failure, the first. They are the same if they violate the
 * same property, explain it alike but for node ids and values, and, shrunk, the same types of events led to it. */
struct gs_fuzz_failure {
    uint64_t run;
    enum gs_strategy strategy;
    unsigned property;         /* index into result.properties; of goals that were not met in time: behind the last */
    char explanation[400];     /* of `trace` */
    const struct trace *trace; /* shrunk if it could be, else `found`; owned by the result, as is that */
    const struct trace *found; /* the whole run; NULL, both: is_nondeterministic, and replayed it is another run */
    bool is_nondeterministic;  /* a handler did two things on the same input: that need not happen again */
    struct shrunk *shrunk;     /* checker/shrink.h; NULL: it was not shrunk */
    char guarantee[200];       /* "1-minimal (no single event can go)", ..., or "not shrunk: ..." */
};

struct gs_strategy_result {
    uint64_t runs, failures;
};

struct gs_fuzz_result {
    struct gs_result result; /* properties and their traces, run, status, error, seconds, threads; a goal's `steps` is
                                the number of runs that met it. cuts, events and local_states: unless there was a
                                failure, since which runs beyond the failing one took place depends on the threads */
    uint64_t runs, steps;    /* that took place, up to the last failure reported; steps: unless there was a failure */
    uint64_t longest;        /* steps of the longest run; likewise */
    bool local_states_are_more; /* than could be counted */
    uint64_t horizon;     /* steps that a run takes, found by a few runs beforehand: faults are spread over them */
    uint64_t pct_threads; /* of the bound 1 / (threads * horizon^(depth - 1)) */
    struct gs_strategy_result strategies[GS_STRATEGIES];
    struct gs_fuzz_failure *failures; /* by run */
    size_t failure_count;
    size_t kinds_passed_over;   /* properties with a class of explanation of which no more failing runs were looked at,
                                   since the last ones were no different from those reported */
    struct random_timed *timed; /* what the clock measured; NULL without one, or with a failure */
    struct gs_run *timed_run;   /* result.run with a clock: of traces whose handlers asked for the time; NULL: none */
    bool all_runs;              /* that were asked for took place; of runs with base.max_seconds: one at least */
};

/* Steps of a run at most: 1,000, with a clock 1,000,000, unless said otherwise. */
uint64_t gs_fuzz_steps(const struct gs_fuzz_config *config);

/* Searches. Returns result->result.status: GS_HOLDS if nothing was violated in all runs asked for. The result must be
 * freed, whatever the status. */
enum gs_status gs_fuzz(const struct gs_model *model, const struct gs_fuzz_config *config,
                       struct gs_fuzz_result *result);
void gs_fuzz_result_free(struct gs_fuzz_result *result);
/* What one failure owns. */
void fuzz_failure_free(struct gs_fuzz_failure *failure);

#endif
