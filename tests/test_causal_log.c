/* The causal event log: every preset holds, each mutant is killed in the steps that are known, and what an order of
 * channels is not enough for. */
#include "protocols/causal_log.h"
#include "tests/mutant_sample.h"

extern const struct gs_model causal_log;

static void expect_preset(const char *preset, uint64_t states, uint64_t transitions, uint64_t depth)
{
    struct gs_result result;
    check(&causal_log, &(struct gs_config){.preset = preset}, GS_HOLDS, &result);
    cr_expect(result.complete, "%s", preset);
    expect_space(&result, states, transitions, depth);
    gs_result_free(&result);
}

/* The states are what they were found to be; nobody else has counted them. */
Test(causal_log, holds_in_each_preset)
{
    expect_preset("quick", 18931, 39456, 9);
    expect_preset("overtaking", 18041, 27434, 10);
    expect_preset("causal", 10525, 28406, 12);
    expect_preset("fifo", 14407, 30278, 12);
    expect_preset("reboot", 2810, 7378, 9);
}

/* Two processes, one message, no clock: nothing, sent, delivered, and the same of the other; by hand. */
Test(causal_log, has_the_states_of_two_processes_that_can_be_counted_by_hand)
{
    struct gs_result result;
    check(&causal_log, &(struct gs_config){.settings = LIST("processes=2", "events=1", "skew=0"), .ignore_goals = true},
          GS_HOLDS, &result);
    expect_space(&result, 4, 3, 2); /* start; occurred; sent; delivered: only process0 has an event */
    gs_result_free(&result);
}

Test(causal_log, loses_a_property_with_each_mutant_in_as_few_steps_as_known)
{
    static const struct pinned_mutant pinned[] = {
        {"no-merge", 2},
        {"no-tick-on-receive", 2},
        {"lamport-no-max", 2},
        {"no-logical", 2},
        {"hybrid-no-max", 2},
        {"store-senders-event", 2},
        {"clock-not-durable", 3},
        {"fifo-only", 4},
        {"gaps-allowed", 3},
        {"never-drained", 8},
        {"common-keys-only", 2},
        {"reversed-history", 2},
        {"sorted-by-wall-clock", 4},
    };
    expect_mutants(&causal_log, pinned, sizeof(pinned) / sizeof(pinned[0]));
}

/* Each claim can fail, too: those that are declared of no mutant. */
Test(causal_log, loses_the_other_claims_with_some_mutant)
{
    static const struct lost_claim lost[] = {
        {"hybrid-no-max", "hybrid-is-bounded", "quick", 3},
        {"clock-not-durable", "vector-clocks-grow", "reboot", 2},
        {"no-merge", "histories-are-right", "quick", 2},
        {"no-tick-on-receive", "log-is-own", "quick", 2},
    };
    expect_lost(&causal_log, lost, sizeof(lost) / sizeof(lost[0]));
}

/* Clocks that show the same hide the wall clock's fault; two processes, that of the order of channels. */
Test(causal_log, hides_two_mutants_under_bounds_that_are_too_small)
{
    struct gs_result result;
    expect_mutant(&causal_log, "sorted-by-wall-clock", "histories-are-right",
                  (struct gs_config){.settings = LIST("skew=0")}, GS_HOLDS, &result);
    cr_expect(result.complete);
    gs_result_free(&result);
    expect_mutant(&causal_log, "fifo-only", "causal-delivery",
                  (struct gs_config){.preset = "causal", .settings = LIST("processes=2")}, GS_HOLDS, &result);
    cr_expect(result.complete);
    gs_result_free(&result);
}

Test(causal_log, needs_a_buffer_although_channels_keep_their_order)
{
    struct gs_result result;
    check(&causal_log, &(struct gs_config){.preset = "fifo"}, GS_HOLDS, &result);
    expect_verdict(&result, "message-overtakes-its-cause", GS_VERDICT_PROVED);
    expect_verdict(&result, "causal-delivery", GS_VERDICT_NOT_CHECKED);
    gs_result_free(&result);
    check(&causal_log, &(struct gs_config){.preset = "causal", .network = GS_FIFO}, GS_HOLDS, &result);
    expect_verdict(&result, "causal-delivery", GS_VERDICT_PROVED);
    expect_verdict(&result, "message-is-held-back", GS_VERDICT_PROVED);
    gs_result_free(&result);
}

Test(causal_log, delivers_once_what_arrives_twice)
{
    struct gs_result result;
    check(&causal_log,
          &(struct gs_config){.preset = "causal", .settings = LIST("events=3"), .budgets = {.duplicates = 2}}, GS_HOLDS,
          &result);
    cr_expect(taken(&result, "duplicate") > 0);
    gs_result_free(&result);
    check(&causal_log, &(struct gs_config){.preset = "causal", .network = GS_SET}, GS_HOLDS, &result);
    gs_result_free(&result);
}
