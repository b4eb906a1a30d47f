/* Multi-Paxos: its presets hold and meet its goals, and each mutant is killed in the steps that are known. */
#include "protocols/multi_paxos.h"
#include "tests/mutant_sample.h"

Test(multi_paxos, holds_in_each_preset)
{
    expect_presets_hold(&multi_paxos);
}

static void expect_goals(const char *preset, const struct pinned_mutant *goals, size_t count)
{
    struct gs_result result;
    check(&multi_paxos, &(struct gs_config){.preset = preset}, GS_HOLDS, &result);
    for (size_t i = 0; i < count; i++)
        cr_expect(eq(u64, result_of(&result, goals[i].name)->steps, goals[i].steps), "%s", goals[i].name);
    gs_result_free(&result);
}

Test(multi_paxos, meets_every_goal)
{
    static const struct pinned_mutant pipeline[] = {{"leads", 3},       {"two-leaders", 6}, {"decided", 6},
                                                    {"log-is-full", 9}, {"adopts", 7},      {"fills-a-gap", 9},
                                                    {"forwards", 3}},
                                      heartbeats[] = {{"catches-up", 8}, {"follower-decides", 8}};
    expect_goals("pipeline", pipeline, sizeof(pipeline) / sizeof(pipeline[0]));
    expect_goals("heartbeats", heartbeats, sizeof(heartbeats) / sizeof(heartbeats[0]));
}

/* protocols.md 8.3: a write at a stable leader is one round trip, and no PREPARE is sent for it. */
Test(multi_paxos, decides_a_request_of_a_stable_leader_in_one_round_trip)
{
    struct gs_result result;
    const struct gs_config config = {
        .preset = "pipeline", .settings = LIST("leaders=1", "clients=1"), .budgets = {.timeouts = 1}};
    check(&multi_paxos, &config, GS_HOLDS, &result);
    cr_expect(eq(u64, result_of(&result, "leads")->steps, 3));
    cr_expect(eq(u64, result_of(&result, "decided")->steps, 3 + 3), "request, ACCEPT and ACCEPTED");
    cr_expect(eq(u64, result_of(&result, "log-is-full")->steps, 3 + 2 * 3));
    gs_result_free(&result);
}

Test(multi_paxos, loses_a_property_with_each_mutant_in_as_few_steps_as_known)
{
    static const struct pinned_mutant pinned[] = {
        {"minority-quorum", 4},
        {"quorum-over-peers", 12},
        {"duplicates-counted", 9},
        {"no-adopt", 10},
        {"gap-commit", 7},
        {"commit-by-index", 12},
        {"ack-any-ballot", 9},
        {"slot-append", 6},
        {"truncate-on-accept", 12},
        {"promised-not-durable", 11},
        {"accepted-not-durable", 11},
        {"chosen-not-durable", 7},
        {"take-twice", 10},
        {"keep-leading", 10},
    };
    expect_mutants(&multi_paxos, pinned, sizeof(pinned) / sizeof(pinned[0]));
}

Test(multi_paxos, decides_differently_when_it_ignores_what_promises_report)
{
    struct gs_result result;
    expect_mutant(&multi_paxos, "no-adopt", "agreement", (struct gs_config){.preset = "quick"}, GS_VIOLATION, &result);
    cr_expect(eq(u64, result_of(&result, "agreement")->steps, 12));
    expect_reason(&result, "agreement", "in slot 1 both value 1 and value 2 were decided");
    gs_result_free(&result);
}

Test(multi_paxos, has_leaders_that_vote_for_themselves)
{
    struct gs_result result;
    expect_mutant(&multi_paxos, "keep-leading", "leaders-vote-for-themselves", (struct gs_config){.preset = "quick"},
                  GS_VIOLATION, &result);
    cr_expect(eq(u64, result_of(&result, "leaders-vote-for-themselves")->steps, 5));
    gs_result_free(&result);
}

/* With majorities of three, a leader's own vote and any other are a quorum: a vote of an older ballot that it counts
 * proves that the value was chosen there. */
Test(multi_paxos, hides_votes_of_any_ballot_behind_majorities_of_three)
{
    struct gs_result result;
    expect_mutant(&multi_paxos, "ack-any-ballot", "decisions-are-chosen",
                  (struct gs_config){.preset = "fast-elections", .settings = LIST("phase1-size=0", "phase2-size=0")},
                  GS_HOLDS, &result);
    gs_result_free(&result);
}

/* A forwarded request that comes twice is proposed once. */
Test(multi_paxos, applies_a_repeated_request_once)
{
    struct gs_result result;
    check(&multi_paxos,
          &(struct gs_config){.preset = "quick", .settings = LIST("leaders=1"), .budgets = {.duplicates = 1}}, GS_HOLDS,
          &result);
    expect_verdict(&result, "exactly-once", GS_VERDICT_PROVED);
    gs_result_free(&result);
}
