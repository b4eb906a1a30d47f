/* Replays a trace on a concrete world and judges its property where it ends. Nothing but the events is believed: what
 * each does, whether it is a step at all and whether the property is violated is found out anew. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "core/die.h"
#include "traces/enabled.h"
#include "traces/trace.h"

struct replaying {
    const struct trace *trace;
    trace_visitor *visit;
    void *context;
    struct replay *replay;
    struct world before, world;
    struct effect effect;
};

/* ---- Why an event is not a step ---- */

/* Why an event that is not a step is none. */
static const char *explain(enum world_result result, const struct effect *effect, const char **separator)
{
    *separator = effect->explanation[0] ? ": " : "";
    switch (result) {
    case WORLD_STEP:
        return "it is a step, but has to misbehave";
    case WORLD_SAME:
        return "it is no step";
    case WORLD_NOT_ENABLED:
        return "it is not enabled";
    case WORLD_CUT:
        return "a bound cuts it";
    case WORLD_MISBEHAVED:
        return "the handler misbehaves";
    }
    die("no result %d", result);
}

/* ---- The replay ---- */

__attribute__((format(printf, 4, 5))) static bool finish(struct replaying *r, enum replay_end end, size_t number,
                                                         const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(r->replay->reason, sizeof(r->replay->reason), format, arguments);
    va_end(arguments);
    r->replay->end = end;
    r->replay->number = number;
    return false;
}

static bool diverge(struct replaying *r, size_t number, const struct event *event, enum world_result result)
{
    const char *separator, *why = explain(result, &r->effect, &separator);
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    must(out != NULL);
    event_print(r->trace->run, event, out);
    fprintf(out, ": %s%s%s", why, separator, r->effect.explanation);
    if (event->action != ACTION_START) {
        fputs("; enabled: ", out);
        enabled_print(&r->world, event, out);
    }
    must(fclose(out) == 0);
    finish(r, REPLAY_DIVERGED, number, "%s", text);
    free(text);
    return false;
}

/* Applies one event; true: go on with the next one. */
static bool apply(struct replaying *r, const struct event *event, size_t number, bool is_last)
{
    const bool is_start = event->action == ACTION_START;

    world_copy(&r->before, &r->world);
    const enum world_result result =
        is_start ? world_start(&r->world, event, &r->effect) : world_apply(&r->world, event, &r->effect);
    const struct replayed replayed = {.number = number,
                                      .event = event,
                                      .result = result,
                                      .effect = &r->effect,
                                      .before = result == WORLD_STEP ? &r->before : &r->world,
                                      .after = &r->world};
    r->replay->is_nondeterministic = r->effect.nondeterministic;
    if (r->visit && !r->visit(r->context, &replayed))
        return finish(r, REPLAY_STOPPED, number, "stopped");
    if (result == WORLD_MISBEHAVED && is_last && trace_kind(r->trace) == TRACE_OF_MISBEHAVIOUR)
        return finish(r, REPLAY_VIOLATED, number, "%s", r->effect.explanation);
    if (result == WORLD_STEP)
        return true;
    return diverge(r, number, event, result);
}

static bool check_start(struct replaying *r, size_t *given, unsigned node)
{
    const struct trace *trace = r->trace;
    const char *name = trace->run->nodes[node].name;

    if (*given == trace->start_count)
        return finish(r, REPLAY_DIVERGED, 0, "%s has no start", name);
    const struct event *event = &trace->starts[(*given)++];
    if (!gs_same(event->node, node_of(node)))
        return finish(r, REPLAY_DIVERGED, 0, "start %s where it is the turn of %s",
                      gs_run_name(trace->run, event->node), name);
    return apply(r, event, 0, *given == trace->start_count && trace->step_count == 0);
}

/* Every node of a role that starts must do so, in node order. */
static bool replay_starts(struct replaying *r)
{
    const struct gs_run *run = r->trace->run;
    size_t given = 0;

    for (unsigned node = 0; node < run->node_count; node++)
        if (run_role_of(run, node)->starts && !check_start(r, &given, node))
            return false;
    if (given < r->trace->start_count)
        return finish(r, REPLAY_DIVERGED, 0, "start %s: it does not start, or has done so",
                      gs_run_name(run, r->trace->starts[given].node));
    return true;
}

static bool replay_steps(struct replaying *r)
{
    const struct trace *trace = r->trace;

    for (size_t i = 0; i < trace->step_count; i++)
        if (!apply(r, &trace->steps[i], i + 1, i + 1 == trace->step_count))
            return false;
    return true;
}

/* What a step scope sees of a step: its movers before it. */
static size_t list_movers(const struct world *before, const struct event *event, struct judged_step *steps)
{
    unsigned movers[GS_NODES_MAX];
    const size_t count = world_movers(before, event, movers);

    for (size_t i = 0; i < count; i++)
        steps[i] = (struct judged_step){node_of(movers[i]), before->locals[movers[i]].data};
    return count;
}

bool trace_judge_step(const struct replayed *replayed, unsigned property, struct gs_view *view)
{
    struct judged_step steps[GS_NODES_MAX];

    if (!replayed->number)
        return judge_world(replayed->after, NULL, 0, property, view);
    const size_t count = list_movers(replayed->before, replayed->event, steps);
    return judge_world(replayed->after, steps, count, property, view);
}

bool trace_is_shown(const struct trace *trace, const struct replayed *replayed, char *explanation)
{
    struct gs_view view = {.run = trace->run};
    const enum trace_kind kind = trace_kind(trace);
    const bool is_goal = kind == TRACE_OF_GOAL;

    if (kind == TRACE_OF_MISBEHAVIOUR || kind == TRACE_SAMPLE)
        return false;
    if (trace_judge_step(replayed, trace->property, &view) != is_goal)
        return false;
    snprintf(explanation, EXPLANATION_SIZE, "%s", is_goal && !view.failed ? "" : view.explanation);
    return true;
}

static bool judge_end(struct replaying *r)
{
    const struct trace *trace = r->trace;
    const struct replayed last = {.number = trace->step_count,
                                  .event = trace->step_count ? &trace->steps[trace->step_count - 1] : NULL,
                                  .before = &r->before,
                                  .after = &r->world};
    char explanation[EXPLANATION_SIZE];

    if (trace_is_shown(trace, &last, explanation))
        return finish(r, REPLAY_VIOLATED, trace->step_count, "%s", explanation);
    return finish(r, REPLAY_HELD, trace->step_count, "%s is not %s", trace_property_name(trace),
                  trace_kind(trace) == TRACE_OF_GOAL ? "met" : "violated");
}

bool trace_world(const struct trace *trace, struct world *world, char *explanation)
{
    const bool is_made = world_init(world, trace->run, trace->monitors_on, explanation);

    world->cut_instead_of_absorbing =
        trace_kind(trace) == TRACE_OF_VIOLATION && run_property(trace->run, trace->property)->kind == GS_QUIESCENT;
    return is_made;
}

static void replay_all(struct replaying *r)
{
    const struct trace *trace = r->trace;
    char explanation[EXPLANATION_SIZE] = "";
    const enum trace_kind kind = trace_kind(trace);
    const bool is_behaviour = kind == TRACE_OF_MISBEHAVIOUR;

    if (!trace_world(trace, &r->world, explanation)) {
        const bool is_expected = is_behaviour && trace->start_count == 0 && trace->step_count == 0;
        finish(r, is_expected ? REPLAY_VIOLATED : REPLAY_DIVERGED, 0, "%s", explanation);
        return;
    }
    if (!replay_starts(r) || !replay_steps(r))
        return;
    if (kind == TRACE_SAMPLE)
        finish(r, REPLAY_SAMPLED, trace->step_count, "%s", "");
    else if (is_behaviour)
        finish(r, REPLAY_HELD, trace->step_count, "the handler does not misbehave");
    else
        judge_end(r);
}

void trace_replay(const struct trace *trace, trace_visitor *visit, void *context, struct replay *replay)
{
    struct replaying r = {.trace = trace, .visit = visit, .context = context, .replay = replay};

    *replay = (struct replay){.end = REPLAY_HELD};
    replay_all(&r);
    world_free(&r.world);
    world_free(&r.before);
    effect_free(&r.effect);
}

bool trace_replays_otherwise(const struct trace *trace, const struct replay *replay, struct replay *other)
{
    enum { TIMES = 32 };
    for (int i = 0; i < TIMES; i++) {
        trace_replay(trace, NULL, NULL, other);
        if (other->end != replay->end || other->number != replay->number || strcmp(other->reason, replay->reason) != 0)
            return true;
    }
    return false;
}

void trace_replay_as(const struct trace *trace, unsigned property, struct replay *replay)
{
    struct trace claimed = *trace;

    claimed.property = property;
    claimed.monitors_on |= trace_own_monitor(trace->run, property);
    trace_replay(&claimed, NULL, NULL, replay);
}
