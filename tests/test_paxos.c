/* Single-decree Paxos: the counts of an independent sketch (protocols.md 3.1), each mutant killed by its property in
 * the steps that are known (3.2), bounds that hide them (3.3), and the unmutated protocol holding where they are
 * killed. */
#include "protocols/paxos.h"
#include "tests/mutant_sample.h"

/* ---- Counts ---- */

static void expect_counts(const char *proposers, uint64_t states, uint64_t transitions, uint64_t depth)
{
    struct gs_result result;
    check(&paxos, &(struct gs_config){.preset = "one-round", .settings = LIST(proposers), .no_reductions = true},
          GS_HOLDS, &result);
    expect_space(&result, states, transitions, depth);
    gs_result_free(&result);
}

Test(paxos, has_the_states_transitions_and_depth_of_an_independent_sketch)
{
    expect_counts("proposers=2", 2379, 7671, 16);
    expect_counts("proposers=3", 15943, 61356, 19);
}

/* ---- Presets and goals ---- */

Test(paxos, holds_in_each_preset)
{
    expect_presets_hold(&paxos);
}

Test(paxos, meets_every_goal_in_quick_or_two_rounds)
{
    static const struct pinned_mutant goals[] = {{"decided", 5}, {"two-ballots", 2}, {"promise-reports", 5},
                                                 {"adopts", 6},  {"refuses", 3},     {"overwrites", 7}};
    struct gs_result result;
    check(&paxos, NULL, GS_HOLDS, &result);
    cr_expect(ge(u64, result.states, 10000));
    for (size_t i = 0; i < sizeof(goals) / sizeof(goals[0]); i++)
        cr_expect(eq(u64, result_of(&result, goals[i].name)->steps, goals[i].steps), "%s", goals[i].name);
    gs_result_free(&result);
    check(&paxos, &(struct gs_config){.preset = "two-rounds"}, GS_HOLDS, &result);
    cr_expect(eq(u64, result_of(&result, "duels")->steps, 4));
    gs_result_free(&result);
}

Test(paxos, holds_with_any_number_of_servers_proposers_and_timeouts_and_in_any_network)
{
    static const char *const settings[][3] = {{"servers=1"},
                                              {"servers=2"},
                                              {"servers=2", "rounds=2"},
                                              {"servers=3", "proposers=1"},
                                              {"servers=3", "proposers=1", "rounds=3"},
                                              {"servers=5", "proposers=1"}};
    struct gs_result result;
    for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
        check(&paxos, &(struct gs_config){.settings = LIST(settings[i][0], settings[i][1], settings[i][2])}, GS_HOLDS,
              &result);
        gs_result_free(&result);
    }
    for (int network = GS_SET; network <= GS_FIFO; network++)
        for (int timeouts = 1; timeouts <= 2; timeouts++) {
            check(&paxos,
                  &(struct gs_config){.network = (enum gs_network)network,
                                      .budgets = {.reboots = 1, .timeouts = timeouts}},
                  GS_HOLDS, &result);
            gs_result_free(&result);
        }
}

/* ---- Mutants ---- */

Test(paxos, loses_a_property_with_each_mutant_in_as_few_steps_as_known)
{
    static const struct pinned_mutant pinned[] = {
        {"minority-quorum", 2}, {"quorum-over-peers", 10},  {"duplicates-counted", 11},  {"ignore-accepted", 8},
        {"any-accepted", 11},   {"accept-nocheck", 8},      {"accept-nopromise", 11},    {"ballot-noid", 8},
        {"phase2-rerun", 8},    {"decide-wrong-value", 10}, {"promised-not-durable", 9}, {"accepted-not-durable", 9},
        {"value-is-ballot", 6}, {"decided-not-durable", 6},
    };
    expect_mutants(&paxos, pinned, sizeof(pinned) / sizeof(pinned[0]));
}

/* A property and a mutant that violates it, where the mutant is not declared with it. */
static void expect_violated(const char *mutant, const char *preset, const char *property, uint64_t steps)
{
    struct gs_result result;
    expect_mutant(&paxos, mutant, property, (struct gs_config){.preset = preset}, GS_VIOLATION, &result);
    cr_expect(eq(u64, result_of(&result, property)->steps, steps), "%s, %s", mutant, property);
    gs_result_free(&result);
}

Test(paxos, has_a_mutant_for_each_safety_property)
{
    expect_violated("ignore-accepted", "one-round", "votes-are-safe", 6);
    expect_violated("ignore-accepted", "one-round", "agreement", 10); /* as in protocols.md, beside 8 votes */
    expect_violated("accept-nocheck", "one-round", "agreement", 10);
    expect_violated("decide-wrong-value", "two-rounds", "agreement", 15);
    expect_violated("ballot-noid", "one-round", "one-value-per-ballot", 6);
    expect_violated("minority-quorum", "one-round", "decisions-are-chosen", 1);
    expect_violated("promised-not-durable", "reboot", "promises-are-kept", 2);
    expect_violated("accepted-not-durable", "reboot", "promises-are-kept", 4);
    expect_violated("accept-nopromise", "one-round", "accepted-is-promised", 4);
}

Test(paxos, explains_what_was_chosen)
{
    struct gs_result result;
    expect_mutant(&paxos, "ignore-accepted", "one-chosen", (struct gs_config){.preset = "one-round"}, GS_VIOLATION,
                  &result);
    expect_reason(&result, "one-chosen", "value 1 was chosen in ballot 3 and value 2 in ballot 4");
    gs_result_free(&result);
}

/* ---- Bounds that hide bugs (protocols.md 3.3) ---- */

static void expect_hidden(const char *mutant, struct gs_config config, const char *bound)
{
    struct gs_result result;
    expect_mutant(&paxos, mutant, "agreement", config, GS_HOLDS, &result);
    cr_expect(result.complete, "%s", mutant);
    if (bound)
        cr_expect(gt(u64, cut_by(&result, bound), 0), "%s: %s is not named", mutant, bound);
    gs_result_free(&result);
}

Test(paxos, hides_acceptance_without_a_promise_in_one_round_even_from_three_proposers)
{
    struct gs_result result;
    expect_hidden("accept-nopromise", (struct gs_config){.preset = "one-round"}, "round <= rounds");
    expect_hidden("accept-nopromise", (struct gs_config){.preset = "one-round", .settings = LIST("proposers=3")},
                  "round <= rounds");
    expect_mutant(&paxos, "accept-nopromise", "agreement", (struct gs_config){.preset = "two-rounds"}, GS_VIOLATION,
                  &result);
    gs_result_free(&result);
}

Test(paxos, hides_the_choice_of_any_accepted_value_in_one_round)
{
    struct gs_result result;
    expect_hidden("any-accepted", (struct gs_config){.preset = "one-round"}, "round <= rounds");
    expect_mutant(&paxos, "any-accepted", "agreement", (struct gs_config){.preset = "two-rounds"}, GS_VIOLATION,
                  &result);
    gs_result_free(&result);
}

/* A budget of zero is not a cut: the report names it among the faults that are not checked. */
Test(paxos, hides_counted_duplicates_without_a_duplicate)
{
    struct gs_result result;
    expect_hidden("duplicates-counted", (struct gs_config){.preset = "one-round"}, NULL);
    expect_mutant(&paxos, "duplicates-counted", "agreement", (struct gs_config){.preset = "duplicate"}, GS_VIOLATION,
                  &result);
    gs_result_free(&result);
}

Test(paxos, hides_quorums_over_peers_from_an_odd_number_of_servers)
{
    expect_hidden("quorum-over-peers", (struct gs_config){.preset = "one-round"}, "round <= rounds");
    expect_hidden("quorum-over-peers",
                  (struct gs_config){.preset = "one-round", .settings = LIST("servers=5", "proposers=1")}, NULL);
}

Test(paxos, hides_what_is_not_durable_without_a_reboot)
{
    expect_hidden("promised-not-durable", (struct gs_config){.preset = "one-round"}, NULL);
    expect_hidden("accepted-not-durable", (struct gs_config){.preset = "one-round"}, NULL);
}
