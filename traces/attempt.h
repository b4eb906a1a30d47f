/* An attempt: a trace's events, some left out, tried one after the other. Those that are no step (any more) are
 * skipped, and it ends as soon as what is wanted is shown: what minimising does some thousand times. */
#ifndef GAINSAY_ATTEMPT_H
#define GAINSAY_ATTEMPT_H

#include "traces/trace.h"

/* What a trace has to show, on whatever run. */
struct wanted {
    unsigned property;
    uint64_t monitors_on;
    char class[EXPLANATION_SIZE]; /* explanation_class of its explanation */
};

/* Who makes attempts. */
struct attempts {
    const struct wanted *wanted;
    double until;                 /* clock_seconds(); 0: no limit */
    bool (*is_interrupted)(void); /* asked before each attempt; may be NULL */
    bool is_over;                 /* that time has come, or it was: nothing is tried any more */
    uint64_t tried, applied;      /* attempts, events */
    struct world world, before;
    struct effect effect;
};

void attempts_free(struct attempts *attempts);

/* How an event whose message is not in flight, or whose choices are none, is understood. */
enum attempt_mode {
    ATTEMPT_EXACT, /* it is skipped */
    ATTEMPT_NEAR   /* the message of its type, between the same nodes, that has most bytes in common; choices all 0 */
};

/* What to try: the events of a trace, on that trace's run. */
struct attempt {
    const struct trace *trace;
    const bool *left_out; /* by step; NULL: none */
    size_t steps_max;     /* a longer one does not count; it may be given up early */
    enum attempt_mode mode;
};

/* Returns the steps that were taken, up to the first that shows what is wanted, with the choices that were drawn and
 * the explanation found; owned by the caller. NULL: none shows it. */
struct trace *attempt_make(struct attempts *attempts, const struct attempt *attempt);

#endif
