/* Taking events out of a trace. */
#ifndef GAINSAY_DELETION_H
#define GAINSAY_DELETION_H

#include "traces/attempt.h"

enum deletion_of {
    DELETION_OF_FAULTS,     /* drops, duplicates, crashes, restarts, reboots, partitions, heals */
    DELETION_OF_OPERATIONS, /* local events */
    DELETION_OF_ALL,
    DELETION_OF_EACH /* of all, but one at a time: if none can go, the trace is 1-minimal */
};

/* Delta debugging: takes out ever smaller pieces of these events, from the end, as long as the rest shows what is
 * wanted. NULL: nothing can go. */
struct trace *deletion_shrink(struct attempts *attempts, const struct trace *trace, enum deletion_of of);

/* Takes out what leads from a state back to the same state (budgets apart). NULL: nothing does. */
struct trace *deletion_of_loops(struct attempts *attempts, const struct trace *trace);

#endif
