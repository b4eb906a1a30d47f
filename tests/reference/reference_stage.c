/* Searches that start behind the first events of a trace. What these lead to is taken from a replay; from there on the
 * reference goes its own way. */
#include <assert.h>
#include <string.h>

#include "tests/reference/reference_search.h"
#include "traces/trace.h"

/* The first events of config->from, on this run. */
static struct trace *prefix_of(const struct search *search, size_t steps)
{
    const struct trace *from = search->config->from;
    uint64_t monitors_on = 0;
    for (unsigned m = 0; m < search->monitor_count; m++)
        monitors_on |= (uint64_t)search->monitor_on[m] << m;
    struct trace *prefix = trace_new(search->run, TRACE_NO_PROPERTY, "", monitors_on);
    for (size_t i = 0; i < from->start_count; i++)
        trace_append(prefix, &from->starts[i]);
    for (size_t i = 0; i < steps; i++)
        trace_append(prefix, &from->steps[i]);
    return prefix;
}

static bool keep_world(void *context, const struct replayed *replayed)
{
    world_copy(context, replayed->after);
    return true;
}

static struct world replay_prefix(const struct search *search)
{
    struct trace *prefix = prefix_of(search, search->config->from_at);
    struct world world = {0};
    struct replay replay;
    char explanation[EXPLANATION_SIZE];
    trace_world(prefix, &world, explanation); /* where nothing starts */
    trace_replay(prefix, keep_world, &world, &replay);
    assert(replay.end == REPLAY_SAMPLED);
    trace_free(prefix);
    return world;
}

static void append_mail(struct vector *state, const struct world *world, unsigned node)
{
    const uint8_t receiver = (uint8_t)(node + 1);
    for (size_t i = 0; i < inbox_count(world->run, &world->inboxes[node]); i++) {
        ref_vector_append(state, &receiver, 1);
        ref_vector_append(state, inbox_entry(world->run, &world->inboxes[node], i), inbox_stride(world->run));
    }
}

void ref_stage_find(struct search *search)
{
    struct attempt attempt = ref_attempt_of(search, NULL, ACTION_START, 0);
    struct world world = replay_prefix(search);
    const uint8_t zero = 0;
    while (attempt.state.size < search->mail_at)
        ref_vector_append(&attempt.state, &zero, 1);
    for (unsigned n = 0; n < search->run->node_count; n++) {
        memcpy(ref_state_local(search, &attempt.state, n), world.locals[n].data, world.locals[n].size);
        append_mail(&attempt.state, &world, n);
    }
    for (unsigned m = 0; m < search->monitor_count; m++)
        if (search->monitor_on[m])
            memcpy(attempt.state.bytes + search->monitor_at[m], world.monitors[m].data, world.monitors[m].size);
    for (int fault = 0; fault < GS_FAULTS; fault++)
        for (int64_t spent = 0; spent < world.spent[fault]; spent++)
            ref_state_spend(search, &attempt.state, (enum gs_fault)fault);
    ref_state_set_side(search, &attempt.state, world.side);
    ref_attempt_start_nodes(&attempt, 0);
    ref_attempt_free(&attempt);
    world_free(&world);
}

/* The first of the prefix' states in which a goal is met; SIZE_MAX: none. */
static size_t find_met(const struct search *search, unsigned property)
{
    for (size_t steps = 0; steps <= search->config->from_at; steps++) {
        struct trace *prefix = prefix_of(search, steps);
        struct replay replay;
        trace_replay_as(prefix, property, &replay);
        trace_free(prefix);
        if (replay.end == REPLAY_VIOLATED)
            return steps;
    }
    return SIZE_MAX;
}

void ref_stage_decide(struct search *search)
{
    for (unsigned p = 0; p < search->result->property_count; p++) {
        struct reference_property *property = &search->result->properties[p];
        const bool is_goal = property->property && property->property->kind == GS_REACHABLE;
        const size_t met = is_goal && search->judged[p].on ? find_met(search, p) : SIZE_MAX;
        if (property->verdict == GS_VERDICT_VIOLATED || (is_goal && property->verdict == GS_VERDICT_PROVED))
            property->steps += search->config->from_at;
        else if (property->verdict == GS_VERDICT_PROVED)
            property->verdict = GS_VERDICT_PROVED_FROM;
        else if (property->verdict == GS_VERDICT_UNREACHED || property->verdict == GS_VERDICT_VACUOUS)
            property->verdict = GS_VERDICT_NOT_CHECKED;
        if (met != SIZE_MAX) {
            property->verdict = GS_VERDICT_PROVED;
            property->steps = met;
        }
    }
}
