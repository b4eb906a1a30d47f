/* A trace as a list of events, each with its own copy of its message. */
#include "traces/trace.h"

#include <stdlib.h>
#include <string.h>

#include "core/die.h"

static char *copy_text(const char *text)
{
    const size_t size = strlen(text) + 1;
    return memcpy(die_alloc(size), text, size);
}

struct trace *trace_new(const struct gs_run *run, unsigned property, const char *explanation, uint64_t monitors_on)
{
    must(property <= run_property_count(run) || property == TRACE_NO_PROPERTY);
    struct trace *trace = die_calloc(1, sizeof(*trace));
    trace->run = run;
    trace->property = property;
    trace->explanation = copy_text(explanation ? explanation : "");
    trace->monitors_on = monitors_on;
    return trace;
}

static void free_events(struct event *events, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free((void *)(uintptr_t)events[i].message);
    free(events);
}

void trace_free(struct trace *trace)
{
    if (!trace)
        return;
    free_events(trace->starts, trace->start_count);
    free_events(trace->steps, trace->step_count);
    free(trace->explanation);
    trace_clock_free(trace->clock);
    free(trace);
}

void trace_explain(struct trace *trace, const char *explanation)
{
    free(trace->explanation);
    trace->explanation = copy_text(explanation);
}

/* Grows by doubling: there is room exactly up to the next power of two. */
static void append_event(struct event **events, size_t *count, const struct event *event)
{
    if ((*count & (*count - 1)) == 0)
        *events = die_realloc(*events, (*count ? 2 * *count : 1) * sizeof(**events));
    (*events)[(*count)++] = *event;
}

void trace_append(struct trace *trace, const struct event *event)
{
    const size_t size = trace->run->model->message_size;
    struct event copy = *event;

    must(event->action < ACTION_COUNT);
    if (event->message)
        copy.message = memcpy(die_alloc(size), event->message, size);
    if (event->action == ACTION_START)
        append_event(&trace->starts, &trace->start_count, &copy);
    else
        append_event(&trace->steps, &trace->step_count, &copy);
}

static void truncate_events(struct event *events, size_t *count, size_t kept)
{
    must(kept <= *count);
    while (*count > kept)
        free((void *)(uintptr_t)events[--*count].message);
}

void trace_truncate(struct trace *trace, size_t start_count, size_t step_count)
{
    truncate_events(trace->starts, &trace->start_count, start_count);
    truncate_events(trace->steps, &trace->step_count, step_count);
}

void trace_forget_clocks(struct trace *trace, const struct gs_run *run)
{
    trace->run = run;
    for (size_t i = 0; i < trace->start_count + trace->step_count; i++) {
        struct event *event = i < trace->start_count ? &trace->starts[i] : &trace->steps[i - trace->start_count];
        event->has_clock = false;
        event->clock = 0;
    }
}

uint64_t trace_own_monitor(const struct gs_run *run, unsigned property)
{
    if (property >= run_property_count(run))
        return 0;
    const uint8_t scope = run_property(run, property)->scope;
    const bool uses_monitor = scope == GS_SCOPE_MONITOR || scope == GS_SCOPE_MONITOR_NODE;
    return uses_monitor ? UINT64_C(1) << run_property_monitor(run, property) : 0;
}

enum trace_kind trace_kind(const struct trace *trace)
{
    if (trace->property == TRACE_NO_PROPERTY)
        return TRACE_SAMPLE;
    if (trace->property == run_property_count(trace->run))
        return TRACE_OF_MISBEHAVIOUR;
    return run_property(trace->run, trace->property)->kind == GS_REACHABLE ? TRACE_OF_GOAL : TRACE_OF_VIOLATION;
}

bool trace_is_late(const struct trace *trace)
{
    return trace->property == TRACE_NO_PROPERTY && trace->clock;
}

const char *trace_property_name(const struct trace *trace)
{
    switch (trace_kind(trace)) {
    case TRACE_SAMPLE:
        return trace_is_late(trace) ? TRACE_RECOVERS : "sample";
    case TRACE_OF_MISBEHAVIOUR:
        return JUDGE_BEHAVIOUR;
    default:
        return run_property(trace->run, trace->property)->name;
    }
}
