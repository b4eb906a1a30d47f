/* What exhaustive searches of configurations came to, so that a minimiser that begins anew after each success does not
 * search through the same states again. */
#ifndef GAINSAY_SEARCHED_H
#define GAINSAY_SEARCHED_H

#include "checker/shortest.h"

/* Of one configuration. */
struct searched_run {
    struct gs_run run;                /* a copy, to compare with; what it points to may be gone */
    bool has_none, has_stopped;       /* whether the next members say something */
    size_t none_steps;                /* proved: no run of so many steps, or of fewer */
    uint64_t stop_states, stop_steps; /* a search for runs of so many steps or more meets so many states, and more */
    uint64_t drawn;                   /* random runs that were looked at, from the first on */
    bool has_blame, fails_unmutated;  /* whether the next says something; as blame.h finds */
};

/* Zero: nothing was searched yet. */
struct searched {
    struct searched_run *items;
    size_t count, capacity;
};

/* Options, budgets, mutants, copies and capacity are the same: those of runs of one model, in one network. */
bool searched_is_same(const struct gs_run *a, const struct gs_run *b);

/* What a search within these limits would come to: NONE, or UNKNOWN because of its number of states. False: that is not
 * known. */
bool searched_tells(const struct searched *searched, const struct gs_run *run, const struct shortest_limits *limits,
                    enum shortest_verdict *verdict);

/* Is it proved that no run has at most so many steps? */
bool searched_has_none(const struct searched *searched, const struct gs_run *run, size_t steps);

/* Takes note of what a search, of all runs, came to. */
void searched_note(struct searched *searched, const struct gs_run *run, const struct shortest_limits *limits,
                   const struct shortest *shortest);

/* What is known of that configuration, to be added to; until the next one is asked for. */
struct searched_run *searched_of(struct searched *searched, const struct gs_run *run);
void searched_free(struct searched *searched);

#endif
