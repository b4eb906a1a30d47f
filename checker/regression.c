/* gs_replay: a run that is written down as events' texts, replayed and judged after every step. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "checker/check.h"
#include "checker/run_config.h"
#include "core/die.h"
#include "core/guard.h"
#include "core/model.h"
#include "traces/enabled.h"
#include "traces/event_text.h"
#include "traces/trace.h"

struct regression {
    const struct gs_run *run;
    unsigned property;
    const char *const *events;
    struct gs_replay_result *result;
    struct trace *trace;
    struct world world;
    struct effect effect;
};

__attribute__((format(printf, 4, 5))) static bool end_with(struct gs_replay_result *result, enum gs_status status,
                                                           size_t step, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(result->text, sizeof(result->text), format, arguments);
    va_end(arguments);
    result->status = status;
    result->step = step;
    return false;
}

/* ---- From texts to a trace ---- */

/* The next event, if it is a START; false: its text is none. */
static bool read_start(const struct regression *r, struct event *event)
{
    char error[200];

    *event = (struct event){0};
    if (!*r->events || !event_text_is_start(*r->events))
        return true;
    return event_read_start(r->run, *r->events, event, error, sizeof(error)) ||
           end_with(r->result, GS_BAD_INPUT, 0, "'%s': %s", *r->events, error);
}

/* The START of each node that gets one; those that no text names draw 0 wherever they choose. */
static bool add_starts(struct regression *r)
{
    struct event said;

    if (!read_start(r, &said))
        return false;
    for (unsigned n = 0; n < r->run->node_count; n++) {
        struct event event = {.action = ACTION_START, .node = node_of(n)};
        if (!run_role_of(r->run, n)->starts)
            continue;
        if (gs_same(said.node, event.node)) {
            event = said;
            r->events++;
            if (!read_start(r, &said))
                return false;
        }
        trace_append(r->trace, &event);
        if (world_start(&r->world, &event, &r->effect) != WORLD_STEP)
            return true; /* the replay tells why */
    }
    if (!gs_is_nobody(said.node))
        return end_with(r->result, GS_BAD_INPUT, 0, "'%s': starts stand first, in node order, each once", *r->events);
    return true;
}

static bool diverge(struct regression *r, size_t step, const char *text)
{
    char *enabled;
    size_t size;
    FILE *out = open_memstream(&enabled, &size);

    must(out != NULL);
    enabled_print(&r->world, NULL, out);
    must(fclose(out) == 0);
    end_with(r->result, GS_INCOMPLETE, step, "step %zu: %s: it is not enabled; enabled: %s", step, text, enabled);
    free(enabled);
    return false;
}

/* Stops where an event is none: *impossible is its text then. False: a text is none of an event's. */
static bool add_steps(struct regression *r, const char **impossible)
{
    char error[200];

    for (size_t step = 1; *r->events; r->events++, step++) {
        struct event event;
        const enum event_found found = event_find(&r->world, *r->events, &event, error, sizeof(error));
        if (found == EVENT_UNKNOWN)
            return end_with(r->result, GS_BAD_INPUT, step, "step %zu: '%s': %s", step, *r->events, error);
        if (found == EVENT_IMPOSSIBLE) {
            *impossible = *r->events;
            return true;
        }
        trace_append(r->trace, &event);
        if (world_apply(&r->world, &r->trace->steps[step - 1], &r->effect) != WORLD_STEP)
            return true;
    }
    return true;
}

/* ---- Judging ---- */

static bool is_goal(const struct regression *r)
{
    return trace_kind(r->trace) == TRACE_OF_GOAL;
}

/* The property has to hold after every step, not only after the last: the run may have become another one. */
static bool judge_row(void *context, const struct replayed *replayed)
{
    struct regression *r = context;
    const size_t step = replayed->number;
    struct gs_view view = {.run = r->run};

    if (replayed->result == WORLD_MISBEHAVED)
        return end_with(r->result, GS_VIOLATION, step, "step %zu: well-behaved is violated: %s", step,
                        replayed->effect->explanation);
    if (trace_kind(r->trace) != TRACE_OF_VIOLATION || replayed->result != WORLD_STEP || step == 0)
        return true;
    if (step == 1 && !judge_world(replayed->before, NULL, 0, r->property, &view))
        return end_with(r->result, GS_VIOLATION, 0, "%s is violated at the start: %s", trace_property_name(r->trace),
                        view.explanation);
    if (trace_judge_step(replayed, r->property, &view))
        return true;
    return end_with(r->result, GS_VIOLATION, step, "step %zu: %s is violated: %s", step, trace_property_name(r->trace),
                    view.explanation);
}

static void judge(struct regression *r, const char *impossible)
{
    struct replay replay;

    trace_replay(r->trace, judge_row, r, &replay);
    if (replay.end == REPLAY_STOPPED)
        return; /* said */
    if (replay.end == REPLAY_DIVERGED)
        end_with(r->result, GS_INCOMPLETE, replay.number, "step %zu: %s", replay.number, replay.reason);
    else if (impossible)
        diverge(r, r->trace->step_count + 1, impossible);
    else if (replay.end == REPLAY_VIOLATED && !is_goal(r))
        end_with(r->result, GS_VIOLATION, r->trace->step_count, "%s is violated: %s", trace_property_name(r->trace),
                 replay.reason);
    else if (replay.end == REPLAY_HELD && is_goal(r))
        end_with(r->result, GS_VIOLATION, r->trace->step_count, "%s", replay.reason);
    else
        end_with(r->result, GS_HOLDS, r->trace->step_count, "%s %s", trace_property_name(r->trace),
                 is_goal(r) ? "is met" : "is not violated");
}

static void replay_all(struct regression *r, uint64_t monitors_on)
{
    char explanation[EXPLANATION_SIZE] = "";
    const char *impossible = NULL;

    r->trace = trace_new(r->run, r->property, "", monitors_on);
    if (!world_init(&r->world, r->run, monitors_on, explanation))
        end_with(r->result, GS_VIOLATION, 0, "%s", explanation);
    else if (add_starts(r) && add_steps(r, &impossible))
        judge(r, impossible);
    trace_free(r->trace);
    world_free(&r->world);
    effect_free(&r->effect);
}

/* ---- The run ---- */

static bool find_property(struct regression *r, const char *name, uint64_t *monitors_on)
{
    const unsigned count = run_property_count(r->run);

    *monitors_on = 0;
    r->property = name && strcmp(name, JUDGE_BEHAVIOUR) == 0 ? count : TRACE_NO_PROPERTY;
    if (!name || r->property == count)
        return true;
    for (unsigned p = 0; p < count; p++)
        if (strcmp(run_property(r->run, p)->name, name) == 0)
            r->property = p;
    if (r->property == TRACE_NO_PROPERTY)
        return end_with(r->result, GS_BAD_INPUT, 0, "%s has no property '%s'", r->run->model->name, name);
    const struct gs_property *property = run_property(r->run, r->property);
    if (property->scope == GS_SCOPE_MONITOR || property->scope == GS_SCOPE_MONITOR_NODE)
        *monitors_on = UINT64_C(1) << run_property_monitor(r->run, r->property);
    return true;
}

static struct gs_run *make_run(const struct gs_model *model, const struct gs_config *config,
                               struct gs_replay_result *result)
{
    const struct run_config run_config = run_config_of(config);

    result->status = GS_BAD_INPUT;
    if (!model_check(model, result->text, sizeof(result->text)))
        return NULL;
    for (size_t e = 0; config->extensions && config->extensions[e]; e++)
        if (!extension_check(model, config->extensions[e], result->text, sizeof(result->text)))
            return NULL;
    return run_new(model, &run_config, result->text, sizeof(result->text));
}

enum gs_status gs_replay(const struct gs_model *model, const struct gs_config *config, const char *property,
                         const char *const *events, struct gs_replay_result *result)
{
    uint64_t monitors_on;

    *result = (struct gs_replay_result){0};
    if (config->catch_signals)
        guard_catch();
    struct gs_run *run = make_run(model, config, result);
    struct regression r = {.run = run, .events = events, .result = result};
    if (run && find_property(&r, property, &monitors_on))
        replay_all(&r, monitors_on);
    run_free(run);
    if (config->catch_signals)
        guard_release();
    return result->status;
}
