/* Random walks over core's world, to have long runs that violate something before there is a random search. */
#ifndef GAINSAY_TESTS_RANDOM_WALK_H
#define GAINSAY_TESTS_RANDOM_WALK_H

#include "traces/trace.h"

/* Walks from the initial state, each step drawn from those that are enabled, until the property (run's numbering, or
 * run_property_count: misbehaviour) is violated behind at least steps_least steps, or after steps_most. NULL: it was
 * not violated. The same seed is the same walk. Free the trace. */
struct trace *random_walk(const struct gs_run *run, unsigned property, uint64_t seed, size_t steps_least,
                          size_t steps_most);

#endif
