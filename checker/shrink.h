/* Shrinking a trace: traces/minimise.h, and what exhaustive search adds: a shorter way to the same failure, smaller
 * configurations that show it by other events, and a proof that none is shorter. */
#ifndef GAINSAY_SHRINK_H
#define GAINSAY_SHRINK_H

#include "checker/shrunk.h"
#include "traces/minimise.h"

/* Zero: no limit of time, so that the result is the same every time. */
struct shrink_limits {
    double seconds;              /* 0: none */
    bool keep_configuration;     /* options, budgets, copies and mutants stay as they are */
    bool without_exhaustive;     /* only what traces/minimise.h does */
    uint64_t states_max;         /* of an exhaustive search of the trace's configuration; 0: SHRINK_STATES */
    uint64_t smaller_states_max; /* of one of a smaller configuration; 0: SHRINK_SMALLER_STATES */
    bool catch_signals;          /* as of gs_config; SIGINT and SIGTERM end it with the best trace so far */
    unsigned threads;            /* of exhaustive searches; 0: one for each core; the result is the same */
    void (*better)(void *context, const struct trace *best); /* as in struct minimise_limits */
    void *context;
};

enum { SHRINK_STATES = 1000000, SHRINK_SMALLER_STATES = 50000 };

/* Shrinks a trace that is no sample; its run has to outlive the result. False: the trace does not show what it claims;
 * why, in error. The result must be freed, either way. Protocol code is run in configurations that its author may never
 * have tried: let guard_catch (core/guard.h) turn its crashes into findings. */
bool shrink_trace(const struct trace *trace, const struct shrink_limits *limits, struct shrunk *shrunk, char *error,
                  size_t error_size);

#endif
