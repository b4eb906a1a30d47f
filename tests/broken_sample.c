/* Witnesses with faults in front. */
#include "tests/broken_sample.h"

#include "core/event.h"
#include "traces/trace.h"

/* Of the goal's witness with these events in front of its steps. */
static enum replay_end replay_behind(const struct gs_result *result, const char *goal, const struct event *events,
                                     size_t count)
{
    struct replay replay;
    const struct trace *witness = result_of(result, goal)->trace;
    cr_assert(witness != NULL, "%s has no witness", goal);
    struct trace *whole = trace_new(witness->run, witness->property, "", witness->monitors_on);
    for (size_t i = 0; i < witness->start_count; i++)
        trace_append(whole, &witness->starts[i]);
    for (size_t i = 0; i < count; i++)
        trace_append(whole, &events[i]);
    for (size_t i = 0; i < witness->step_count; i++)
        trace_append(whole, &witness->steps[i]);
    trace_replay(whole, NULL, NULL, &replay);
    trace_free(whole);
    return replay.end;
}

static enum replay_end replay_behind_a_cut(const struct gs_result *result, const char *goal, uint64_t side)
{
    return replay_behind(result, goal, &(struct event){.action = ACTION_PARTITION, .side = side}, 1);
}

static enum replay_end replay_without(const struct gs_result *result, const char *goal, uint64_t nodes)
{
    struct event crashes[GS_NODES_MAX] = {0};
    size_t count = 0;
    for (uint8_t node = 0; node < GS_NODES_MAX; node++)
        if (nodes >> node & 1)
            crashes[count++] = (struct event){.action = ACTION_CRASH, .node = {(uint8_t)(node + 1)}};
    return replay_behind(result, goal, crashes, count);
}

void check_with_cuts(const struct gs_model *model, struct gs_config config, struct gs_result *result)
{
    config.budgets.partitions = 1;
    config.witnesses = true;
    check(model, &config, GS_HOLDS, result);
    cr_expect(taken(result, "partition") > 0 && taken(result, "heal") > 0);
}

void expect_met_behind_a_cut(const struct gs_result *result, const char *goal, uint64_t side)
{
    cr_expect(eq(int, (int)replay_behind_a_cut(result, goal, side), (int)REPLAY_VIOLATED), "%s", goal);
}

void expect_unmet_behind_a_cut(const struct gs_result *result, const char *goal, uint64_t side)
{
    cr_expect(eq(int, (int)replay_behind_a_cut(result, goal, side), (int)REPLAY_DIVERGED), "%s", goal);
}

void expect_met_without(const struct gs_result *result, const char *goal, uint64_t nodes)
{
    cr_expect(eq(int, (int)replay_without(result, goal, nodes), (int)REPLAY_VIOLATED), "%s", goal);
}

void expect_unmet_without(const struct gs_result *result, const char *goal, uint64_t nodes)
{
    cr_expect(eq(int, (int)replay_without(result, goal, nodes), (int)REPLAY_DIVERGED), "%s", goal);
}
