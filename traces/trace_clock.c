/* Times of steps. */
#include "traces/trace_clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/die.h"

struct trace_clock *trace_clock_new(void)
{
    return die_calloc(1, sizeof(struct trace_clock));
}

void trace_clock_free(struct trace_clock *clock)
{
    if (!clock)
        return;
    free(clock->draws);
    free(clock);
}

const char *trace_time_text(int64_t nanoseconds, char text[TRACE_TIME_SIZE])
{
    const int64_t microseconds = nanoseconds / 1000;
    snprintf(text, TRACE_TIME_SIZE, "%" PRId64 ".%06" PRId64 " s", microseconds / 1000000, microseconds % 1000000);
    return text;
}
