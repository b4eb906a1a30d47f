/* Random runs on several threads. Each thread has its own tables; runs are handed out in ascending order, so that when
 * one fails all before it have been, or are being, run: the failure of the lowest run is found whatever the threads. */
#ifndef GAINSAY_RANDOM_SEARCH_H
#define GAINSAY_RANDOM_SEARCH_H

#include "checker/plan.h"
#include "checker/random_run.h"

struct random_failure {
    uint64_t run, properties;
    char explanation[EXPLANATION_SIZE]; /* as the run gave it */
    bool is_nondeterministic;           /* a handler that, run twice, did two things: it need not happen again */
    char signature[EXPLANATION_SIZE];   /* property and class of explanation; "" if one failure is all that is wanted */
};

struct random_search {
    const struct gs_run *run, *plain;
    const struct gs_fuzz_config *config;
    struct random_scope scope; /* lock is the search's own */
    uint64_t stops_on, recovers;
    size_t wanted; /* failing runs, those with the lowest numbers; set after random_search_init, by which it is 1 */
    bool (*is_known)(const void *known,
                     const char *signature); /* failures that do not count; NULL: all do. By threads */
    const void *known;
    struct random_parameters parameters;
    uint64_t run_limit; /* runs from first_run on; UINT64_MAX: any number */
    pthread_mutex_t protocol_lock, lock;
    _Atomic uint64_t next, last; /* runs to be handed out next; beyond `last` none is needed any more */
    _Atomic bool halted;
    char stopped[64], error[EXPLANATION_SIZE]; /* why it ended early; of a predicate that failed */
    char difference[EXPLANATION_SIZE];         /* that the audit found in run `last` */
    struct random_failure *failures;           /* by run */
    size_t failure_count, failure_capacity;
    double began, seconds, reported;
    _Atomic uint64_t steps; /* so far, about */
    unsigned thread_count;
    struct random_runner total; /* sums only */
};

/* run: with a clock if the configuration says so; plain: the same without, for traces of runs that did not ask for the
 * time. plan: what is judged, and where runs start; borrowed. recovers: goals that must be met once all is healed. */
void random_search_init(struct random_search *search, const struct gs_run *run, const struct gs_run *plain,
                        const struct gs_fuzz_config *config, const struct plan *plan, uint64_t recovers);
void random_search_free(struct random_search *search);
void random_search_run(struct random_search *search);

enum gs_strategy random_strategy_of(const struct gs_fuzz_config *config, uint64_t run);

/* A run that was run again. */
struct random_record {
    struct trace *trace; /* of the property that was asked for; owned by the caller */
    bool is_shown;       /* the run violates it, and so does the trace, replayed */
    bool is_nondeterministic;
    char explanation[EXPLANATION_SIZE];
};
void random_search_record(struct random_search *search, uint64_t run, unsigned property, struct random_record *record);

#endif
