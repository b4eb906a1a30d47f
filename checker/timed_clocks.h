/* How nodes measure time in a timed run: their clocks, which are ahead of each other (skew) and run faster or slower
 * (drift), and how long their timers take by these. Nodes of one host have one clock. */
#ifndef GAINSAY_TIMED_CLOCKS_H
#define GAINSAY_TIMED_CLOCKS_H

#include "checker/random_timed.h"

/* The longest that anything may take: 1000 hours. Sums of a run's times stay far below what 64 bits hold. */
#define TIMED_LONGEST INT64_C(3600000000000000)

/* Later than any run ends. */
#define TIMED_FAR (INT64_MAX / 4)

/* Draws each clock's drift and skew. */
void timed_clocks_draw(struct random_timed *timed, struct random_stream *stream);
/* What the node's clock shows now; context: a struct random_timed. Never negative, never less than before. */
int64_t timed_clock_shows(const void *context, unsigned node);
/* From now on until the node's clock shows that much more. At least 1. */
int64_t timed_clock_delay(const struct random_timed *timed, unsigned node, int64_t duration);

/* How long each timer takes, by role * GS_TIMERS_MAX + its bit among the armed ones: as the model says, else as the
 * timing. Owned by the caller. */
struct gs_distribution *timed_timers(const struct gs_run *run, const struct gs_timing *timing);
/* Does the model say of its timers what can be? False: which it does not, as a line in error. */
bool timed_timers_are_sound(const struct gs_run *run, char *error, size_t size);

#endif
