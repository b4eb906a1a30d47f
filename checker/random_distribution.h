/* How long things take in a run with a clock, in whole nanoseconds: drawn from integer tables, so that a schedule is
 * the same on every machine. */
#ifndef GAINSAY_RANDOM_DISTRIBUTION_H
#define GAINSAY_RANDOM_DISTRIBUTION_H

#include "checker/timing.h"
#include "core/random_stream.h"

/* At least 1. */
int64_t random_duration(struct random_stream *stream, const struct gs_distribution *distribution);

#endif
