/* What a trace of goals that were not met in time says of the clock of the random run that it was: its knobs and draws,
 * by which the run can be had again. (When each step was taken its events say.) */
#ifndef GAINSAY_TRACE_CLOCK_H
#define GAINSAY_TRACE_CLOCK_H

#include <stddef.h>

#include "core/timing.h"

struct trace_clock {
    struct gs_timing timing; /* but for its recovers */
    uint64_t recovers;       /* the goals, as bits in the run's numbering */
    uint64_t *draws;         /* core/random_tape.h; owned */
    size_t draw_count;
};

struct trace_clock *trace_clock_new(void);
/* NULL is fine. */
void trace_clock_free(struct trace_clock *clock);
/* Writes a time as "1.204016 s", in whole microseconds. */
enum { TRACE_TIME_SIZE = 32 };
const char *trace_time_text(int64_t nanoseconds, char text[TRACE_TIME_SIZE]);

#endif
