/* Which of the values that the engine has numbered occur in states that were reached, and since which depth. Numbers
 * are given also to what is only computed (a step that a bound cut leads there), so the levels are walked once. */
#ifndef GAINSAY_REACH_H
#define GAINSAY_REACH_H

#include "checker/search.h"

/* By number: the first depth + 1; 0: in no state. */
struct reach_values {
    uint32_t *first;
    uint32_t count;
};

struct reach {
    const struct search *search;
    struct reach_values slots[SLOTS_MAX]; /* configurations, monitors' values, environments */
    struct reach_values locals[GS_NODES_MAX], inboxes[GS_NODES_MAX];
    uint64_t every;     /* only every so many states were looked at, so that it ends soon */
    uint64_t in_flight; /* most messages in flight in one state */
};

/* Looks at most_states states or fewer, spread over all levels. */
void reach_measure(struct reach *reach, const struct search *search, uint64_t most_states);
void reach_free(struct reach *reach);

#endif
