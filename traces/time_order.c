/* Sorted by time, and replayed to see whether that shows the same. */
#include "traces/time_order.h"

#include <stdlib.h>
#include <string.h>

#include "core/die.h"

static int compare(const void *a, const void *b)
{
    const struct event *one = *(const struct event *const *)a, *other = *(const struct event *const *)b;
    const int order = (one->at > other->at) - (one->at < other->at);

    return order ? order : (one > other) - (one < other); /* they stand in one array */
}

/* The steps in that order; order: step_count of them. */
static struct trace *copy(const struct trace *trace, const struct event *const *order, bool has_times)
{
    struct trace *copied = trace_new(trace->run, trace->property, trace->explanation, trace->monitors_on);

    for (size_t i = 0; i < trace->start_count; i++)
        trace_append(copied, &trace->starts[i]);
    for (size_t i = 0; i < trace->step_count; i++) {
        struct event event = *order[i];
        event.has_at &= has_times;
        event.at = event.has_at ? event.at : 0;
        trace_append(copied, &event);
    }
    return copied;
}

static bool shows_the_same(const struct trace *trace)
{
    struct replay replay;

    trace_replay(trace, NULL, NULL, &replay);
    return replay.end == REPLAY_VIOLATED && strcmp(replay.reason, trace->explanation) == 0;
}

struct trace *time_order(const struct trace *trace)
{
    const struct event **order = die_calloc(trace->step_count + 1, sizeof(*order));
    bool has_times = true;

    must(!trace_is_late(trace));
    for (size_t i = 0; i < trace->step_count; i++) {
        order[i] = &trace->steps[i];
        has_times &= trace->steps[i].has_at;
    }
    if (has_times)
        qsort(order, trace->step_count, sizeof(*order), compare);
    struct trace *ordered = copy(trace, order, has_times);
    if (has_times && !shows_the_same(ordered)) {
        trace_free(ordered);
        for (size_t i = 0; i < trace->step_count; i++)
            order[i] = &trace->steps[i];
        ordered = copy(trace, order, false);
    }
    free(order);
    return ordered;
}
