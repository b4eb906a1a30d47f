/* Witnesses with faults in front. */
#include "tests/broken_sample.h"

#include "core/event.h"
#include "core/run_setup.h"
#include "traces/trace.h"

/* Of the goal's witness with these events in front of its steps, and, unless heal is 0, a heal before that step. */
static enum replay_end replay_behind(const struct gs_result *result, const char *goal, const struct event *events,
                                     size_t count, size_t heal)
{
    struct replay replay;
    const struct trace *witness = result_of(result, goal)->trace;
    cr_assert(witness != NULL, "%s has no witness", goal);
    struct trace *whole = trace_new(witness->run, witness->property, "", witness->monitors_on);
    for (size_t i = 0; i < witness->start_count; i++)
        trace_append(whole, &witness->starts[i]);
    for (size_t i = 0; i < count; i++)
        trace_append(whole, &events[i]);
    for (size_t i = 0; i < witness->step_count; i++) {
        if (heal && i == heal)
            trace_append(whole, &(struct event){.action = ACTION_HEAL});
        trace_append(whole, &witness->steps[i]);
    }
    trace_replay(whole, NULL, NULL, &replay);
    trace_free(whole);
    return replay.end;
}

static enum replay_end replay_behind_a_cut(const struct gs_result *result, const char *goal, uint64_t side)
{
    return replay_behind(result, goal, &(struct event){.action = ACTION_PARTITION, .side = side}, 1, 0);
}

/* Returns how many. */
static size_t crashes_of(uint64_t nodes, struct event crashes[static GS_NODES_MAX])
{
    size_t count = 0;
    for (uint8_t node = 0; node < GS_NODES_MAX; node++)
        if (nodes >> node & 1)
            crashes[count++] = (struct event){.action = ACTION_CRASH, .node = {(uint8_t)(node + 1)}};
    return count;
}

static enum replay_end replay_without(const struct gs_result *result, const char *goal, uint64_t nodes)
{
    struct event crashes[GS_NODES_MAX] = {0};
    const size_t count = crashes_of(nodes, crashes);
    return replay_behind(result, goal, crashes, count, 0);
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

void expect_met_after_a_heal(const struct gs_result *result, const char *goal, uint64_t side)
{
    const struct event cut = {.action = ACTION_PARTITION, .side = side};
    for (size_t heal = result_of(result, goal)->trace->step_count - 1; heal > 0; heal--)
        if (replay_behind(result, goal, &cut, 1, heal) == REPLAY_VIOLATED)
            return;
    cr_expect(false, "%s", goal);
}

void expect_met_without(const struct gs_result *result, const char *goal, uint64_t nodes)
{
    cr_expect(eq(int, (int)replay_without(result, goal, nodes), (int)REPLAY_VIOLATED), "%s", goal);
}

void expect_unmet_without(const struct gs_result *result, const char *goal, uint64_t nodes)
{
    cr_expect(eq(int, (int)replay_without(result, goal, nodes), (int)REPLAY_DIVERGED), "%s", goal);
}

/* The run, after these crashes. */
static struct trace *crashed_trace(const struct gs_run *run, uint64_t nodes)
{
    struct event crashes[GS_NODES_MAX] = {0};
    const size_t count = crashes_of(nodes, crashes);
    struct trace *trace = trace_new(run, TRACE_NO_PROPERTY, "", 0);
    for (unsigned n = 0; n < run->node_count; n++) {
        const gs_node node = {(uint8_t)(n + 1)};
        if (run->model->roles[gs_role(run, node)].starts)
            trace_append(trace, &(struct event){.action = ACTION_START, .node = node});
    }
    for (size_t i = 0; i < count; i++)
        trace_append(trace, &crashes[i]);
    return trace;
}

void expect_reachable_without(const struct gs_model *model, struct gs_config config, const char *goal, uint64_t nodes,
                              bool is_met)
{
    char error[400];
    struct event crashes[GS_NODES_MAX] = {0};
    struct gs_result result;
    config.budgets.crashes = (int64_t)crashes_of(nodes, crashes);
    struct gs_run *run = run_new(
        model, &(struct run_config){.preset = config.preset, .settings = config.settings, .budgets = config.budgets},
        error, sizeof(error));
    cr_assert(run != NULL, "%s", error);
    struct trace *trace = crashed_trace(run, nodes);
    config.from = trace;
    config.properties = LIST(goal);
    check(model, &config, GS_HOLDS, &result); /* completely: a staged search only says where a goal was not met */
    expect_verdict(&result, goal, is_met ? GS_VERDICT_PROVED : GS_VERDICT_NOT_CHECKED);
    if (!is_met) {
        char reason[80];
        snprintf(reason, sizeof(reason), "not met from event %zu of the trace on", trace->step_count);
        expect_reason(&result, goal, reason);
    }
    gs_result_free(&result);
    trace_free(trace);
    run_free(run);
}
