/* A timed run that misses a deadline, run again by its draws, or by others: whether all that is taken to be a shorter
 * such run is one is for the simulator alone to say. */
#ifndef GAINSAY_DEADLINE_H
#define GAINSAY_DEADLINE_H

#include <pthread.h>

#include "checker/random_run.h"
#include "traces/trace.h"

enum deadline_verdict {
    DEADLINE_MISSED,
    DEADLINE_MET,
    DEADLINE_UNDECIDED /* too many steps, a bound held something back, a handler misbehaves, or timers take what cannot
                          be */
};

/* Runs of one configuration under one clock. */
struct deadline {
    const struct gs_run *run;
    struct gs_timing timing;
    uint64_t recovers, monitors_on; /* goals that are judged; monitors of the state */
    struct random_runner runner;
    struct random_tape tape; /* of the run that was run last */
    struct trace *trace;     /* of the same, its clock too; NULL: it was taken */
    pthread_mutex_t lock;
    uint64_t runs, steps; /* so far */
    uint64_t idle_max;    /* of a run: what comes due and is no step; more is undecided */
};

/* The run has to outlive it; the trace's or one smaller. clock: with a deadline. */
void deadline_open(struct deadline *deadline, const struct gs_run *run, const struct trace_clock *clock,
                   uint64_t monitors_on);
void deadline_close(struct deadline *deadline);

/* One run: of these draws, or of that number and seed; no more steps than that. The trace of a run that is not missed
 * may be cut off by its verdict. */
enum deadline_verdict deadline_play(struct deadline *deadline, const uint64_t *draws, size_t count, uint64_t steps_max);
enum deadline_verdict deadline_draw(struct deadline *deadline, uint64_t seed, uint64_t number, uint64_t steps_max);
/* The trace of the last run, which missed its deadline. Owned by the caller. */
struct trace *deadline_take_trace(struct deadline *deadline);

/* The run that a trace with a deadline stands for, by its draws, on the protocol as it is. *again: its trace if it
 * misses the deadline, else NULL; owned by the caller. */
enum deadline_verdict deadline_replay(const struct trace *trace, struct trace **again);

/* Is `again` the same run: the same events at the same times, and the same goals missed? Else says in `difference`
 * where it differs first ("step 3: ..."), and returns false. */
bool deadline_is_same(const struct trace *trace, const struct trace *again, char *difference, size_t size);

#endif
