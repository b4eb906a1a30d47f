/* A breadth-first search over packed worlds. A state is a world, how often each kind of event is left, and how many
 * nodes were started; known ones are kept in a search tree of the C library's and compared whole. */
#include "traces/reruns.h"

#include <search.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/die.h"
#include "traces/attempt.h"
#include "traces/enabled.h"
#include "traces/explanation_class.h"
#include "traces/packed_world.h"

/* One state. */
struct reached {
    struct bytes key;           /* budget, then the packed world */
    const struct reached *from; /* NULL: the world before START */
    struct event event;         /* from there to here; its message is owned */
    size_t steps;
};

/* What is left to do in a state: part of it. */
struct budget {
    unsigned next_start; /* the lowest node that may still have to start; node_count: all have */
    unsigned *left;      /* by kind; last, events of any kind */
};

struct searching {
    const struct trace *trace;
    const struct reruns_limits *limits;
    struct event *kinds; /* without messages and choices */
    size_t kind_count;
    struct reached **reached; /* in the order in which they were met */
    size_t reached_count, reached_capacity;
    void *known; /* the same, by key */
    const struct reached *at;
    struct world world;   /* at's */
    struct budget budget; /* at's; while a successor is kept, the successor's */
    unsigned *spent;      /* what the event that is tried takes of it */
    struct bytes key;     /* scratch */
    bool is_over;
    struct reruns *reruns;
};

/* The first reason counts. */
__attribute__((format(printf, 2, 3))) static void doubt(struct searching *s, const char *format, ...)
{
    struct reruns *reruns = s->reruns;
    va_list arguments;

    if (reruns->verdict == RERUNS_UNKNOWN)
        return;
    reruns->verdict = RERUNS_UNKNOWN;
    va_start(arguments, format);
    vsnprintf(reruns->explanation, sizeof(reruns->explanation), format, arguments);
    va_end(arguments);
}

/* ---- Kinds of events ---- */

static struct event kind_of(const struct event *event)
{
    struct event kind = *event;

    kind.message = NULL;
    kind.choice_count = 0;
    memset(kind.choices, 0, sizeof(kind.choices));
    return kind;
}

/* kind_count: there is none. */
static size_t find_kind(const struct searching *s, const struct event *event)
{
    const struct event kind = kind_of(event);
    size_t i = 0;

    while (i < s->kind_count && event_compare(s->trace->run, &kind, &s->kinds[i]) != 0)
        i++;
    return i;
}

static void count_kinds(struct searching *s)
{
    const size_t step_count = s->trace->step_count;

    s->kinds = die_calloc(step_count + 1, sizeof(*s->kinds));
    s->budget.left = die_calloc(step_count + 1, sizeof(*s->budget.left));
    for (size_t i = 0; i < step_count; i++) {
        const size_t kind = find_kind(s, &s->trace->steps[i]);
        if (kind == s->kind_count)
            s->kinds[s->kind_count++] = kind_of(&s->trace->steps[i]);
        s->budget.left[kind]++;
    }
}

/* A file may be edited: budgets that the trace's own events overspend leave out just what is to be looked at. */
static bool grants_budgets(struct searching *s)
{
    const struct gs_run *run = s->trace->run;
    int64_t spent[GS_FAULTS + 1] = {0};

    for (size_t i = 0; i < s->trace->step_count; i++)
        spent[action_fault(s->trace->steps[i].action)]++;
    for (int fault = 0; fault < GS_FAULTS; fault++)
        if (run->budgets[fault] >= 0 && spent[fault] > run->budgets[fault]) {
            doubt(s, "the budget of %s is %lld, but the trace spends %lld", budget_names[fault],
                  (long long)run->budgets[fault], (long long)spent[fault]);
            return false;
        }
    return true;
}

/* ---- States ---- */

static int compare_reached(const void *a, const void *b)
{
    return bytes_compare(&((const struct reached *)a)->key, &((const struct reached *)b)->key);
}

static void pack(const struct searching *s, const struct world *world, struct bytes *key)
{
    key->size = 0;
    bytes_append(key, &s->budget.next_start, sizeof(s->budget.next_start));
    bytes_append(key, s->budget.left, (s->kind_count + 1) * sizeof(*s->budget.left));
    world_pack(world, key);
}

static void unpack(struct searching *s, const struct reached *reached)
{
    const uint8_t *at = reached->key.data;
    const size_t left_size = (s->kind_count + 1) * sizeof(*s->budget.left);

    memcpy(&s->budget.next_start, at, sizeof(s->budget.next_start));
    at += sizeof(s->budget.next_start);
    memcpy(s->budget.left, at, left_size);
    world_unpack(&s->world, at + left_size);
    s->at = reached;
}

static struct event keep_event(const struct searching *s, const struct event *event)
{
    const size_t size = s->trace->run->model->message_size;
    struct event kept = *event;

    if (event->message)
        kept.message = memcpy(die_alloc(size), event->message, size);
    return kept;
}

/* Remembers a state with the budget that is left now, unless it is known. event: that leads to it from s->at. */
static void reach(struct searching *s, const struct world *world, const struct event *event)
{
    pack(s, world, &s->key);
    if (tfind(&(struct reached){.key = s->key}, &s->known, compare_reached))
        return;
    if (s->reached_count == s->limits->states_max) {
        doubt(s, "they reach more than %zu states", s->limits->states_max);
        s->is_over = true;
        return;
    }
    struct reached *reached = die_calloc(1, sizeof(*reached));
    bytes_copy(&reached->key, &s->key);
    reached->from = s->at;
    if (event) {
        reached->event = keep_event(s, event);
        reached->steps = s->at->steps + (event->action != ACTION_START);
    }
    must(tsearch(reached, &s->known, compare_reached) != NULL);
    s->reached = die_grow(s->reached, &s->reached_capacity, s->reached_count + 1, sizeof(struct reached *));
    s->reached[s->reached_count++] = reached;
}

/* ---- What shows what the trace shows ---- */

/* The events that lead to a state, in order. */
static void append_events(struct trace *trace, const struct reached *reached)
{
    size_t count = 0, i;
    const struct event **events;

    for (const struct reached *r = reached; r && r->from; r = r->from)
        count++;
    events = die_calloc(count + 1, sizeof(struct event *));
    i = count;
    for (const struct reached *r = reached; r && r->from; r = r->from)
        events[--i] = &r->event;
    for (i = 0; i < count; i++)
        trace_append(trace, events[i]);
    free(events);
}

/* last: after those that led to s->at; NULL: none, it is there already. */
static void find(struct searching *s, const struct event *last, const char *explanation)
{
    const struct trace *trace = s->trace;
    struct trace *found = trace_new(trace->run, trace->property, explanation, trace->monitors_on);

    append_events(found, s->at);
    if (last)
        trace_append(found, last);
    s->reruns->found = found;
    s->reruns->verdict = RERUNS_FOUND;
    s->is_over = true;
}

static bool is_of_class(const struct searching *s, const char *explanation)
{
    return !s->limits->class || explanation_is_like(s->trace->run, explanation, s->limits->class);
}

static void misbehave(struct searching *s, const struct event *event, const char *explanation)
{
    if (trace_kind(s->trace) == TRACE_OF_MISBEHAVIOUR && is_of_class(s, explanation)) {
        find(s, event, explanation);
    } else {
        doubt(s, "a handler misbehaves in one: %s", explanation);
    }
}

/* ---- The search ---- */

/* From `node` on, the next that has to start. */
static unsigned next_to_start(const struct gs_run *run, unsigned node)
{
    while (node < run->node_count && !run_role_of(run, node)->starts)
        node++;
    return node;
}

static bool has_started(const struct searching *s)
{
    return s->budget.next_start == s->trace->run->node_count;
}

static void reach_by(struct searching *s, const struct world *after, const struct event *event)
{
    *s->spent -= event->action != ACTION_START;
    reach(s, after, event);
    *s->spent += event->action != ACTION_START;
}

static bool take(void *context, const struct enabled *enabled)
{
    struct searching *s = context;
    const struct event *event = enabled->event;
    const struct replayed replayed = {.number = event->action != ACTION_START,
                                      .event = event,
                                      .result = enabled->result,
                                      .effect = enabled->effect,
                                      .before = &s->world,
                                      .after = enabled->after};
    char explanation[EXPLANATION_SIZE];

    if (enabled->result == WORLD_MISBEHAVED)
        misbehave(s, event, enabled->effect->explanation);
    else if (has_started(s) && trace_is_shown(s->trace, &replayed, explanation) && is_of_class(s, explanation))
        find(s, event, explanation);
    else
        reach_by(s, enabled->after, event);
    return !s->is_over;
}

/* One of its kind is left, or one of any kind. */
static bool is_left(void *context, const struct event *event)
{
    struct searching *s = context;

    s->spent = &s->budget.left[find_kind(s, event)];
    if (!*s->spent)
        s->spent = &s->budget.left[s->kind_count];
    return !s->is_over && *s->spent;
}

static void expand(struct searching *s, const struct reached *reached)
{
    const struct gs_run *run = s->trace->run;

    if (clock_is_over(s->limits->until, s->limits->is_interrupted)) {
        doubt(s, "there was no time to look at all");
        s->is_over = true;
        return;
    }
    unpack(s, reached);
    if (has_started(s)) {
        if (s->limits->has_steps && reached->steps >= s->limits->steps_max)
            return;
        enabled_visit_wanted(&s->world, is_left, take, s);
        return;
    }
    const struct event start = {.action = ACTION_START, .node = node_of(s->budget.next_start)};
    s->budget.next_start = next_to_start(run, s->budget.next_start + 1);
    s->spent = &s->budget.left[s->kind_count];
    enabled_visit_branches(&s->world, &start, take, s);
}

/* The world before START: the first state, if no node starts. */
static void begin(struct searching *s)
{
    const struct replayed nothing = {.before = &s->world, .after = &s->world};
    char explanation[EXPLANATION_SIZE] = "";

    s->budget.next_start = next_to_start(s->trace->run, 0);
    if (!trace_world(s->trace, &s->world, explanation))
        misbehave(s, NULL, explanation);
    else if (has_started(s) && trace_is_shown(s->trace, &nothing, explanation) && is_of_class(s, explanation))
        find(s, NULL, explanation);
    else
        reach(s, &s->world, NULL);
}

static void free_reached(struct searching *s)
{
    for (size_t i = 0; i < s->reached_count; i++) {
        tdelete(s->reached[i], &s->known, compare_reached);
        bytes_free(&s->reached[i]->key);
        free((void *)(uintptr_t)s->reached[i]->event.message);
        free(s->reached[i]);
    }
    free(s->reached);
}

void reruns_search(const struct trace *trace, const struct reruns_limits *limits, struct reruns *reruns)
{
    struct searching s = {.trace = trace, .limits = limits, .reruns = reruns};

    must(trace_kind(trace) != TRACE_SAMPLE);
    *reruns = (struct reruns){.verdict = RERUNS_NONE};
    count_kinds(&s);
    s.budget.left[s.kind_count] = limits->others;
    if (grants_budgets(&s))
        begin(&s);
    for (size_t i = 0; i < s.reached_count && !s.is_over; i++)
        expand(&s, s.reached[i]);
    reruns->states = s.reached_count;
    free_reached(&s);
    free(s.kinds);
    free(s.budget.left);
    bytes_free(&s.key);
    world_free(&s.world);
}

void reruns_free(struct reruns *reruns)
{
    trace_free(reruns->found);
    reruns->found = NULL;
}
