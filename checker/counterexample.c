/* From a candidate's state back to the start. */
#include "checker/counterexample.h"

#include <stdlib.h>
#include <string.h>

#include "checker/backtrack.h"
#include "checker/plan.h"
#include "checker/stage.h"
#include "checker/verdict.h"

/* Appends the whole way to a state of that depth. */
static void append_way(struct search *search, const uint32_t *state, uint64_t depth, struct trace *trace)
{
    struct way way = {.depth = depth};
    memcpy(way.state, state, engine_slot_count(&search->engine) * sizeof(*state));
    ways_find(search, NULL, &way, 1);
    way_append(search, &way, trace);
    way_free(&way);
}

static void append_candidate(struct search *search, const struct candidate *candidate, struct trace *trace)
{
    if (candidate->at_start) {
        for (size_t i = 0; i < candidate->start_count; i++)
            trace_append(trace, &candidate->starts[i]);
        return;
    }
    append_way(search, candidate->state, candidate->state_depth, trace);
    if (candidate->has_step)
        trace_append(trace, &candidate->event);
}

/* The trace does not show what the search has shown. */
static void complain_of_replay(const struct trace *trace, const struct replay *replay, struct gs_result *result)
{
    struct replay other;
    if (trace_replays_otherwise(trace, replay, &other))
        plan_fail(result, GS_BAD_INPUT,
                  "%s: nondeterministic: the trace to %s, replayed twice, ends in two ways: step %zu: %.120s; and step "
                  "%zu: %.120s",
                  trace->run->model->name, trace_property_name(trace), replay->number, replay->reason, other.number,
                  other.reason);
    else
        plan_fail(result, GS_INTERNAL_ERROR, "the trace to %s does not replay: step %zu of %zu: %s",
                  trace_property_name(trace), replay->number, trace->step_count, replay->reason);
}

struct trace *counterexample(struct search *search, unsigned property, struct gs_result *result)
{
    const struct judged *judged = &search->judging.properties[property];
    struct trace *trace = trace_new(search->run, judged->index, "", engine_monitors_on(&search->engine));
    struct replay replay;
    if (verdict_was_met_before(search, judged))
        stage_append_to(search->stage, trace, search->stage->met_at[judged->index]);
    else
        append_candidate(search, &judged->first, trace);
    trace_replay(trace, NULL, NULL, &replay);
    if (replay.end == REPLAY_VIOLATED) {
        free(trace->explanation);
        trace->explanation = strdup(replay.reason);
        return trace;
    }
    complain_of_replay(trace, &replay, result);
    trace_free(trace);
    return NULL;
}
