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

static void expect_end(const struct gs_model *model, const char *preset, const char *goal, uint64_t side,
                       enum replay_end end)
{
    struct gs_result result;
    check(model, &(struct gs_config){.preset = preset, .budgets = {.partitions = 1}, .witnesses = true}, GS_HOLDS,
          &result);
    cr_expect(taken(&result, "partition") > 0 && taken(&result, "heal") > 0);
    const struct trace *witness = result_of(&result, goal)->trace;
    cr_assert(witness != NULL, "%s %s has no witness", preset, goal);
    cr_expect(eq(int, (int)replay_behind_a_cut(witness, side), (int)end), "%s %s", preset, goal);
    gs_result_free(&result);
}

void expect_met_behind_a_cut(const struct gs_model *model, const char *preset, const char *goal, uint64_t side)
{
    expect_end(model, preset, goal, side, REPLAY_VIOLATED);
}

void expect_unmet_behind_a_cut(const struct gs_model *model, const char *preset, const char *goal, uint64_t side)
{
    expect_end(model, preset, goal, side, REPLAY_DIVERGED);
}
