/* A witness with a partition in front. */
#include "tests/cut_sample.h"

#include "core/event.h"
#include "traces/trace.h"

static enum replay_end replay_behind_a_cut(const struct trace *witness, uint64_t side)
{
    struct replay replay;
    struct trace *cut = trace_new(witness->run, witness->property, "", witness->monitors_on);
    for (size_t i = 0; i < witness->start_count; i++)
        trace_append(cut, &witness->starts[i]);
    trace_append(cut, &(struct event){.action = ACTION_PARTITION, .side = side});
    for (size_t i = 0; i < witness->step_count; i++)
        trace_append(cut, &witness->steps[i]);
    trace_replay(cut, NULL, NULL, &replay);
    trace_free(cut);
    return replay.end;
}

static enum replay_end end_of(const struct gs_result *result, const char *goal, uint64_t side)
{
    const struct trace *witness = result_of(result, goal)->trace;
    cr_assert(witness != NULL, "%s has no witness", goal);
    return replay_behind_a_cut(witness, side);
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
    cr_expect(eq(int, (int)end_of(result, goal, side), (int)REPLAY_VIOLATED), "%s", goal);
}

void expect_unmet_behind_a_cut(const struct gs_result *result, const char *goal, uint64_t side)
{
    cr_expect(eq(int, (int)end_of(result, goal, side), (int)REPLAY_DIVERGED), "%s", goal);
}
