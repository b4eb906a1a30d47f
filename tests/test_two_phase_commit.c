/* Two-phase commit against what other model checkers count, and its mutants. */
#include "protocols/two_phase_commit.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/checker_sample.h"

/* States: the TLA+ examples' TwoPhase by TLC, rumur, Stateright and two sketches. Transitions: steps that change
 * something. */
static const struct {
    int resource_managers;
    uint64_t states, transitions, depth;
} oracle[] = {
    {3, 288, 761, 10}, {4, 1568, 5377, 13}, {5, 8832, 37345, 16}, {6, 50816, 256001, 19}, {7, 296448, 1735809, 22},
};

Test(two_phase_commit, holds_with_the_states_that_other_checkers_count)
{
    for (size_t i = 0; i < sizeof(oracle) / sizeof(oracle[0]); i++) {
        char setting[40];
        struct gs_result result;
        snprintf(setting, sizeof(setting), "resource-managers=%d", oracle[i].resource_managers);
        check(&two_phase_commit, &(struct gs_config){.settings = LIST(setting)}, GS_HOLDS, &result);
        expect_space(&result, oracle[i].states, oracle[i].transitions, oracle[i].depth);
        cr_expect(result.complete);
        expect_verdict(&result, "consistent", GS_VERDICT_PROVED);
        expect_verdict(&result, "committed", GS_VERDICT_PROVED);
        expect_verdict(&result, "aborted", GS_VERDICT_PROVED);
        expect_verdict(&result, "well-behaved", GS_VERDICT_PROVED);
        cr_expect(eq(u64, result_of(&result, "aborted")->steps, 1), "a resource manager refuses");
        cr_expect(eq(u64, result_of(&result, "committed")->steps, 2u * (unsigned)oracle[i].resource_managers + 2),
                  "all prepare, all votes arrive, decide, one commit arrives");
        gs_result_free(&result);
    }
}

/* The trace's text of one mutant, checked twice. */
static void expect_killed(const char *mutant, uint64_t steps, const char *events)
{
    char *texts[2];
    for (int round = 0; round < 2; round++) {
        struct gs_result result;
        check(&two_phase_commit, &(struct gs_config){.preset = "small", .mutants = LIST(mutant)}, GS_VIOLATION,
              &result);
        const struct gs_property_result *consistent = result_of(&result, "consistent");
        cr_assert(consistent->trace != NULL, "%s", mutant);
        cr_expect(eq(u64, consistent->steps, steps), "%s", mutant);
        cr_expect(eq(u64, gs_trace_steps(consistent->trace), steps), "%s", mutant);
        expect_verdict(&result, "consistent", GS_VERDICT_VIOLATED);
        expect_reason(&result, "consistent", "resource-manager2 has aborted and resource-manager1 has committed");
        expect_text(result.stopped, "a violation");
        expect_events(&result, "consistent", events);
        texts[round] = text_of(consistent->trace);
        gs_result_free(&result);
    }
    expect_text(texts[0], texts[1]);
    free(texts[0]);
    free(texts[1]);
}

Test(two_phase_commit, is_inconsistent_when_it_commits_on_one_vote)
{
    expect_killed("commit-on-one-vote", 5,
                  "resource-manager2: refuse\n"
                  "resource-manager0: prepare\n"
                  "resource-manager0 -> transaction-manager: vote\n"
                  "transaction-manager: decide\n"
                  "transaction-manager -> resource-manager1: commit\n");
}

Test(two_phase_commit, is_inconsistent_when_it_commits_without_votes)
{
    expect_killed("commit-without-votes", 3,
                  "resource-manager2: refuse\n"
                  "transaction-manager: decide\n"
                  "transaction-manager -> resource-manager1: commit\n");
}

Test(two_phase_commit, is_inconsistent_when_a_voter_refuses)
{
    expect_killed("refuse-after-vote", 9,
                  "resource-manager2: prepare\n"
                  "resource-manager2: refuse\n"
                  "resource-manager0: prepare\n"
                  "resource-manager1: prepare\n"
                  "resource-manager0 -> transaction-manager: vote\n"
                  "resource-manager1 -> transaction-manager: vote\n"
                  "resource-manager2 -> transaction-manager: vote\n"
                  "transaction-manager: decide\n"
                  "transaction-manager -> resource-manager1: commit\n");
}

Test(two_phase_commit, holds_in_its_presets_that_are_quick)
{
    struct gs_result result;
    check(&two_phase_commit, &(struct gs_config){.preset = "small"}, GS_HOLDS, &result);
    expect_space(&result, 288, 761, 10);
    gs_result_free(&result);
    check(&two_phase_commit, NULL, GS_HOLDS, &result);
    expect_space(&result, 50816, 256001, 19);
    gs_result_free(&result);
}

/* 64-bit keys hold it: with 9 resource managers too, by the design's count. */
Test(two_phase_commit, has_keys_of_few_bits)
{
    struct gs_result result;
    check(&two_phase_commit, &(struct gs_config){.settings = LIST("resource-managers=7")}, GS_HOLDS, &result);
    cr_expect(lt(u64, result.key_bits, 64));
    cr_expect(le(u64, result.bytes_per_state, 60));
    gs_result_free(&result);
}
