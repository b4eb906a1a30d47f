/* Shrinking a run with a clock that misses a deadline (checker/deadline.h). Its events cannot be taken out one by one:
 * a message that does not arrive is a fault, a timer that does not fire none at all. So its draws are changed, and the
 * simulator says what then happens; what is kept misses the same goals, by the same deadline, and is a run of the
 * clock. */
#ifndef GAINSAY_DEADLINE_SHRINK_H
#define GAINSAY_DEADLINE_SHRINK_H

#include "checker/shrink.h"

/* As shrink_trace, which calls it for late traces. until: clock_seconds(), 0: no limit. */
bool deadline_shrink(const struct trace *trace, const struct shrink_limits *limits, double until, struct shrunk *shrunk,
                     char *error, size_t error_size);

#endif
