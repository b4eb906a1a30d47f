/* Flexible Paxos: an independent sketch's counts (protocols.md 3.1), each mutant killed in the steps that are known,
 * and quorums that do not meet found at the start. */
#include "protocols/paxos.h"
#include "tests/mutant_sample.h"

static void expect_counts(const char *const *settings, uint64_t states, uint64_t transitions, uint64_t depth)
{
    struct gs_result result;
    const struct gs_config config = {.preset = "one-round", .settings = settings, .no_reductions = true};
    check(&flexible_paxos, &config, GS_HOLDS, &result);
    expect_space(&result, states, transitions, depth);
    gs_result_free(&result);
}

Test(flexible_paxos, has_the_states_transitions_and_depth_of_an_independent_sketch)
{
    expect_counts(LIST("servers=3", "phase1-size=3", "phase2-size=1"), 165, 371, 13);
    expect_counts(LIST("servers=4", "phase1-size=3", "phase2-size=2"), 51271, 217014, 24);
    expect_counts(LIST("servers=3", "phase1-size=0", "phase2-size=0"), 2379, 7671, 16); /* majorities: Paxos */
}

Test(flexible_paxos, counts_a_list_of_all_pairs_as_quorums_of_two)
{
    struct gs_result result;
    const struct gs_config config = {.preset = "one-round",
                                     .settings =
                                         LIST("quorums=listed", "phase1-set-a=3", "phase1-set-b=5", "phase1-set-c=6",
                                              "phase2-set-a=3", "phase2-set-b=5", "phase2-set-c=6"),
                                     .no_reductions = true};
    check(&flexible_paxos, &config, GS_HOLDS, &result);
    expect_space(&result, 2379, 7671, 16);
    gs_result_free(&result);
}

Test(flexible_paxos, holds_in_each_preset)
{
    expect_presets_hold(&flexible_paxos);
}

Test(flexible_paxos, meets_its_own_goals)
{
    struct gs_result result;
    check(&flexible_paxos, NULL, GS_HOLDS, &result);
    expect_verdict(&result, "decides-with-few", GS_VERDICT_PROVED);
    expect_verdict(&result, "majority-is-not-enough", GS_VERDICT_NOT_CHECKED); /* 3 of 4 is a majority */
    gs_result_free(&result);
    check(&flexible_paxos, &(struct gs_config){.preset = "fast-writes"}, GS_HOLDS, &result);
    expect_verdict(&result, "decides-with-few", GS_VERDICT_PROVED);
    expect_verdict(&result, "majority-is-not-enough", GS_VERDICT_PROVED);
    gs_result_free(&result);
}

Test(flexible_paxos, loses_a_property_with_each_mutant_in_as_few_steps_as_known)
{
    static const struct pinned_mutant pinned[] = {
        {"minority-quorum", 2},
        {"quorum-over-peers", 10},
        {"duplicates-counted", 11},
        {"ignore-accepted", 8},
        {"any-accepted", 11},
        {"accept-nocheck", 8},
        {"accept-nopromise", 11},
        {"ballot-noid", 8},
        {"phase2-rerun", 8},
        {"decide-wrong-value", 10},
        {"promised-not-durable", 9},
        {"accepted-not-durable", 9},
        {"value-is-ballot", 6},
        {"decided-not-durable", 6},
        {"q1q2-le-n", 4},
        {"q1q2-le-n-phase2", 6},
        {"q1q2-le-n-four", 8},
        {"q1-q1-only", 10},
        {"swap", 8},
    };
    expect_mutants(&flexible_paxos, pinned, sizeof(pinned) / sizeof(pinned[0]));
}

/* ---- Quorums that do not meet ---- */

static void expect_no_intersection(struct gs_config config, const char *reason)
{
    struct gs_result result;
    config.properties = LIST("quorums-intersect");
    config.ignore_goals = true;
    check(&flexible_paxos, &config, GS_VIOLATION, &result);
    cr_expect(eq(u64, result_of(&result, "quorums-intersect")->steps, 0));
    expect_reason(&result, "quorums-intersect", reason);
    gs_result_free(&result);
}

Test(flexible_paxos, finds_quorums_that_do_not_meet_at_the_start)
{
    expect_no_intersection((struct gs_config){.settings = LIST("phase1-size=2")},
                           "the quorums {server0, server1} and {server2, server3} do not meet");
    expect_no_intersection((struct gs_config){.mutants = LIST("swap")},
                           "the quorums {server0, server1} and {server2, server3} do not meet");
    expect_no_intersection((struct gs_config){.preset = "listed", .settings = LIST("phase2-set-c=2")},
                           "the quorums {server0} and {server1} do not meet");
    /* Of an uneven grid the last row lacks a column. */
    expect_no_intersection((struct gs_config){.preset = "grid", .settings = LIST("servers=3")},
                           "the quorums {server2} and {server1} do not meet");
}

/* ---- Bounds that hide bugs (protocols.md 3.3) ---- */

/* A proposer that looks for a quorum only when another's promise comes turns quorums of one into quorums of two. */
Test(flexible_paxos, hides_quorums_of_one_from_a_proposer_that_overlooks_its_own_promise)
{
    struct gs_result result;
    expect_mutant(&flexible_paxos, "q1q2-le-n", "one-chosen",
                  (struct gs_config){.preset = "one-round", .settings = LIST("own-promise=0")}, GS_HOLDS, &result);
    cr_expect(result.complete);
    gs_result_free(&result);
    expect_mutant(&flexible_paxos, "q1q2-le-n", "one-chosen", (struct gs_config){.preset = "one-round"}, GS_VIOLATION,
                  &result);
    gs_result_free(&result);
}
