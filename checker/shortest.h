/* A shortest trace of one failure on one run, by exhaustive search. */
#ifndef GAINSAY_SHORTEST_H
#define GAINSAY_SHORTEST_H

#include "traces/attempt.h"

struct shortest_limits {
    size_t steps_max;         /* longer traces are not looked for */
    uint64_t states_max;      /* 0: none */
    double until;             /* clock_seconds(); 0: none */
    unsigned threads;         /* as of gs_config */
    const struct trace *from; /* only traces that begin with this one's first `at` events; of the same run. NULL: all */
    size_t at;
};

enum shortest_verdict {
    SHORTEST_FOUND,
    SHORTEST_NONE,   /* proved: no such run of at most steps_max steps shows what is wanted */
    SHORTEST_UNKNOWN /* a limit stopped the search, or the run cannot be searched: a timed one, say */
};

struct shortest {
    enum shortest_verdict verdict;
    struct trace *found; /* on the given run, replayed; owned by the caller */
    uint64_t states;
    bool has_too_many; /* UNKNOWN: because of states_max */
    uint64_t steps;    /* then: of those that were met, the farthest was so many steps away */
};

/* Searches a run for a shortest trace of what is wanted. The same result every time, but for a limit of time. */
void shortest_search(const struct gs_run *run, const struct wanted *wanted, const struct shortest_limits *limits,
                     struct shortest *shortest);

#endif
