/* The trace is copied, one number in it changed, and tried. */
#include "traces/simpler_choices.h"

#include <stdlib.h>

struct simplifying {
    struct attempts *attempts;
    struct trace *trace; /* the best so far */
    bool is_simpler;
};

static const struct event *event_at(const struct trace *trace, size_t i)
{
    return i < trace->start_count ? &trace->starts[i] : &trace->steps[i - trace->start_count];
}

static size_t event_count(const struct trace *trace)
{
    return trace->start_count + trace->step_count;
}

static struct trace *copy_with(const struct trace *trace, size_t changed, const struct event *event)
{
    struct trace *copy = trace_new(trace->run, trace->property, trace->explanation, trace->monitors_on);

    for (size_t i = 0; i < event_count(trace); i++)
        trace_append(copy, i == changed ? event : event_at(trace, i));
    return copy;
}

/* How large all choices and arguments are. */
static uint64_t weigh(const struct trace *trace)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < event_count(trace); i++) {
        const struct event *event = event_at(trace, i);
        for (unsigned k = 0; k < event->choice_count; k++)
            sum += event->choices[k];
        for (int k = 0; event->action == ACTION_LOCAL && k < GS_ARGUMENTS_MAX; k++)
            sum += (uint64_t)(event->arguments[k] - trace->run->model->events[event->type].arguments[k].min);
    }
    return sum;
}

/* True: it is the best now. */
static bool try_event(struct simplifying *s, size_t changed, const struct event *event)
{
    struct trace *copy = copy_with(s->trace, changed, event);
    const struct attempt attempt = {.trace = copy, .steps_max = copy->step_count, .mode = ATTEMPT_NEAR};
    struct trace *simpler = attempt_make(s->attempts, &attempt);

    trace_free(copy);
    if (simpler && simpler->step_count == s->trace->step_count && weigh(simpler) >= weigh(s->trace)) {
        trace_free(simpler);
        simpler = NULL;
    }
    if (!simpler)
        return false;
    trace_free(s->trace);
    s->trace = simpler;
    s->is_simpler = true;
    return true;
}

/* Gives up at the first that can be had. */
static bool lower_choice(struct simplifying *s, size_t i, unsigned k)
{
    const struct event *event = event_at(s->trace, i);
    const unsigned value = event->choices[k], lower[] = {0, value / 2, value - 1};

    for (size_t l = 0; value && l < sizeof(lower) / sizeof(*lower); l++) {
        struct event changed = *event;
        changed.choices[k] = (uint16_t)lower[l];
        if (try_event(s, i, &changed))
            return true;
    }
    return false;
}

static bool lower_argument(struct simplifying *s, size_t i, int k)
{
    const struct event *event = event_at(s->trace, i);
    const int64_t least = s->trace->run->model->events[event->type].arguments[k].min, value = event->arguments[k];
    const int64_t lower[] = {least, least + (value - least) / 2, value - 1};

    for (size_t l = 0; value > least && l < sizeof(lower) / sizeof(*lower); l++) {
        struct event changed = *event;
        changed.arguments[k] = lower[l];
        if (try_event(s, i, &changed))
            return true;
    }
    return false;
}

/* One number of an event; true: try the event again. */
static bool lower_one(struct simplifying *s, size_t i)
{
    const struct event *event = event_at(s->trace, i);

    for (unsigned k = 0; k < event->choice_count; k++)
        if (lower_choice(s, i, k))
            return true;
    for (int k = 0; event->action == ACTION_LOCAL && k < GS_ARGUMENTS_MAX; k++)
        if (s->trace->run->model->events[event->type].arguments[k].kind == GS_RANGE && lower_argument(s, i, k))
            return true;
    return false;
}

struct trace *simpler_choices(struct attempts *attempts, const struct trace *trace)
{
    struct simplifying s = {.attempts = attempts, .trace = copy_with(trace, SIZE_MAX, NULL)};

    for (size_t i = 0; i < event_count(s.trace) && !attempts->is_over; i++)
        while (i < event_count(s.trace) && !attempts->is_over && lower_one(&s, i))
            ;
    if (s.is_simpler)
        return s.trace;
    trace_free(s.trace);
    return NULL;
}
