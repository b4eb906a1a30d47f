/* A trace of one failure on one run, by random search: where there are too many states for an exhaustive one, and a
 * failure of the same class can be met by chance. */
#ifndef GAINSAY_CHANCE_H
#define GAINSAY_CHANCE_H

#include "traces/attempt.h"

struct chance_limits {
    uint64_t first_run, runs; /* the seed is always the same: runs are told apart by their numbers */
    uint64_t steps;           /* of a run */
    uint64_t steps_all;       /* of all runs, about */
    double until;             /* clock_seconds(); 0: none */
    unsigned threads;         /* as of gs_config */
};

struct chance {
    struct trace *found; /* on the given run, replayed; owned by the caller. NULL: none was met */
    uint64_t next_run;   /* behind the last that counts */
};

/* The failing run with the lowest number; the same every time, but for a limit of time. */
void chance_search(const struct gs_run *run, const struct wanted *wanted, const struct chance_limits *limits,
                   struct chance *chance);

#endif
