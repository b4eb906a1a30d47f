/* Raft's leader election: counts pinned by independent models, mutants killed by their property in as many steps as
 * independent models need (protocols.md, C01 and 3.2), and the unmutated protocol holding where they are. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checker/check.h"
#include "protocols/raft.h"
#include "tests/scale.h"

static const struct gs_property_result *property_of(const struct gs_result *result, const char *name)
{
    for (size_t i = 0; i < result->property_count; i++)
        if (strcmp(result->properties[i].name, name) == 0)
            return &result->properties[i];
    cr_fatal("raft has no property %s", name);
}

static const char *verdict_of(const struct gs_result *result, const char *name)
{
    return gs_verdict_names[property_of(result, name)->verdict];
}

static const struct gs_mutant *mutant_of(const char *name)
{
    for (int i = 0; i < GS_MUTANTS_MAX && raft.mutants[i].name; i++)
        if (strcmp(raft.mutants[i].name, name) == 0)
            return &raft.mutants[i];
    cr_fatal("raft has no mutant %s", name);
}

#define STRINGS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Searches for one property; the caller frees the result. */
static enum gs_status check_one(struct gs_config config, const char *property, struct gs_result *result)
{
    const char *const properties[] = {property, NULL};
    config.properties = properties;
    config.ignore_goals = true;
    const enum gs_status status = gs_check(&raft, &config, result);
    cr_assert(eq(str, result->error, ""));
    return status;
}

/* ---- Counts ---- */

struct counts {
    const char *servers, *terms;
    uint64_t states, transitions, depth;
};

static void expect_counts(const struct counts *expected)
{
    const struct gs_config config = {.settings = STRINGS(expected->servers, expected->terms, "heartbeats=0"),
                                     .network = GS_BAG,
                                     .no_reductions = true};
    struct gs_result result;
    const enum gs_status status = gs_check(&raft, &config, &result);
    cr_expect(eq(int, status, GS_HOLDS), "%s %s: %s", expected->servers, expected->terms, result.error);
    cr_expect(eq(u64, result.states, expected->states), "%s %s", expected->servers, expected->terms);
    cr_expect(eq(u64, result.transitions, expected->transitions), "%s %s", expected->servers, expected->terms);
    cr_expect(eq(u64, result.depth, expected->depth), "%s %s", expected->servers, expected->terms);
    gs_result_free(&result);
}

Test(raft, has_the_states_transitions_and_depth_of_independent_models)
{
    expect_counts(&(struct counts){"servers=2", "terms=1", 20, 24, 6});
    expect_counts(&(struct counts){"servers=2", "terms=2", 364, 874, 10});
    expect_counts(&(struct counts){"servers=3", "terms=1", 2551, 8760, 15});
}

Test(raft, has_the_same_states_when_only_step_properties_are_judged)
{
    /* They need no monitor. Whoever is elected in the only term stays leader, so it adds no states here. */
    const struct gs_config config = {.settings = STRINGS("servers=3", "terms=1"), .no_reductions = true};
    struct gs_result result;
    cr_expect(eq(int, check_one(config, "terms-never-go-back", &result), GS_HOLDS));
    cr_expect(eq(u64, result.states, 2551));
    gs_result_free(&result);
}

/* ---- Presets ---- */

static void expect_preset_holds(const char *preset)
{
    const struct gs_config config = {.preset = preset};
    struct gs_result result;
    cr_expect(eq(int, gs_check(&raft, &config, &result), GS_HOLDS), "%s: %s", preset, result.error);
    cr_expect(result.complete, "%s", preset);
    gs_result_free(&result);
}

/* These take from seconds to minutes: suite.ini runs them, or people do. */
static bool is_large(const char *preset)
{
    static const char *const large[] = {"full",       "full-reboot",      "large",       "elections", "four-terms",
                                        "heartbeats", "empty-heartbeats", "five-servers"};
    for (size_t i = 0; i < sizeof(large) / sizeof(*large); i++)
        if (strcmp(large[i], preset) == 0)
            return true;
    return false;
}

Test(raft, holds_in_each_preset)
{
    for (int i = 0; i < (IS_SLOW ? 3 : GS_PRESETS_MAX) && raft.presets[i].name; i++)
        if (!is_large(raft.presets[i].name))
            expect_preset_holds(raft.presets[i].name);
}

Test(raft, meets_every_goal_in_the_quick_preset)
{
    struct gs_result result;
    cr_assert(eq(int, gs_check(&raft, &(struct gs_config){0}, &result), GS_HOLDS));
    cr_expect(ge(u64, result.states, 10000));
    cr_expect(eq(u64, property_of(&result, "leader-elected")->steps, 3));
    cr_expect(eq(u64, property_of(&result, "split-vote")->steps, 3));
    cr_expect(eq(u64, property_of(&result, "leader-steps-down")->steps, 5));
    cr_expect(eq(u64, property_of(&result, "second-leader-in-a-later-term")->steps, 6));
    for (size_t i = 0; i < result.property_count; i++)
        if (result.properties[i].verdict != GS_VERDICT_NOT_CHECKED) /* what needs proposals */
            cr_expect(eq(int, result.properties[i].verdict, GS_VERDICT_PROVED), "%s", result.properties[i].name);
    gs_result_free(&result);
}

Test(raft, holds_with_crashes_restarts_reboots_and_heartbeats_in_any_network)
{
    for (int network = GS_SET; network <= GS_FIFO; network++) {
        const struct gs_config config = {.settings = STRINGS("terms=1", "heartbeats=1"),
                                         .network = (enum gs_network)network,
                                         .budgets = {.crashes = 1, .restarts = 1, .reboots = 1}};
        struct gs_result result;
        cr_expect(eq(int, gs_check(&raft, &config, &result), GS_HOLDS), "network %d: %s", network, result.error);
        gs_result_free(&result);
    }
}

/* ---- What a run does not grant is not asked of it ---- */

static void expect_goals(struct gs_config config, const char *split_vote, const char *second_leader)
{
    struct gs_result result;
    cr_expect(eq(int, gs_check(&raft, &config, &result), GS_HOLDS), "%s", result.error);
    cr_expect(eq(str, (char *)verdict_of(&result, "split-vote"), (char *)split_vote));
    cr_expect(eq(str, (char *)verdict_of(&result, "second-leader-in-a-later-term"), (char *)second_leader));
    cr_expect(eq(str, (char *)verdict_of(&result, "leader-steps-down"), (char *)second_leader));
    gs_result_free(&result);
}

Test(raft, needs_two_servers_two_terms_and_timeouts_for_some_goals)
{
    const char *const alone[] = {"servers=1", "terms=3", NULL}, *const two[] = {"servers=2", "terms=2", NULL},
                      *const three[] = {"servers=3", "terms=2", NULL},
                      *const one_term[] = {"servers=3", "terms=1", NULL};
    expect_goals((struct gs_config){.settings = alone}, "not checked", "not checked");
    expect_goals((struct gs_config){.settings = two}, "proved", "proved");
    expect_goals((struct gs_config){.settings = one_term}, "proved", "not checked");
    expect_goals((struct gs_config){.settings = two, .budgets = {.timeouts = 1}}, "not checked", "not checked");
    expect_goals((struct gs_config){.settings = two, .budgets = {.timeouts = 2}}, "proved", "proved");
    expect_goals((struct gs_config){.settings = three, .budgets = {.timeouts = 2}}, "not checked", "proved");
    expect_goals((struct gs_config){.settings = three, .budgets = {.timeouts = 3}}, "proved", "proved");
}

Test(raft, is_vacuous_when_no_timer_may_fire)
{
    const struct gs_config config = {.preset = "one-term", .budgets = {.timeouts = GS_NONE}};
    struct gs_result result;
    cr_expect(eq(int, gs_check(&raft, &config, &result), GS_VIOLATION), "%s", result.error);
    cr_expect(eq(str, (char *)verdict_of(&result, "terms-never-go-back"), "vacuous"));
    cr_expect(eq(str, (char *)verdict_of(&result, "leader-elected"), "not checked"));
    gs_result_free(&result);
}

/* ---- Mutants ---- */

/* Judges the mutant's declared property in its preset, and expects it violated in that many steps. */
static void expect_killed(const char *name, uint64_t steps)
{
    const struct gs_mutant *mutant = mutant_of(name);
    const struct gs_config config = {.preset = mutant->preset, .mutants = STRINGS(name)};
    struct gs_result result;
    cr_expect(eq(str, (char *)mutant->property, "at-most-one-leader"), "%s", name);
    cr_expect(eq(int, check_one(config, mutant->property, &result), GS_VIOLATION), "%s", name);
    cr_expect(eq(u64, property_of(&result, mutant->property)->steps, steps), "%s", name);
    cr_expect(property_of(&result, mutant->property)->trace != NULL, "%s", name);
    gs_result_free(&result);
}

Test(raft, elects_two_leaders_with_each_mutant_in_as_few_steps_as_independent_models)
{
    expect_killed("quorum-too-small", 2);
    expect_killed("quorum-over-peers", 6);
    expect_killed("vote-twice", 6);
    expect_killed("forget-vote", 7);
    expect_killed("vote-not-durable", 7);
    expect_killed("term-not-durable", 7);
    expect_killed("stale-votes-counted", 7);
    expect_killed("duplicates-counted", 8);
}

Test(raft, has_no_mutant_without_a_test)
{
    int count = 0, liveness = 0;
    for (; raft.mutants[count].name; count++)
        liveness += raft.mutants[count].liveness;
    cr_expect(eq(int, count, 20), "pin the new mutant's length above, or in test_raft_log.c");
    cr_expect(eq(int, liveness, 2));
}

/* A mutant that breaks more than the property it is declared with: of each property, one that kills it. */
static void expect_violated(const char *mutant, const char *property, uint64_t steps)
{
    const struct gs_config config = {.preset = mutant_of(mutant)->preset, .mutants = STRINGS(mutant)};
    struct gs_result result;
    cr_expect(eq(int, check_one(config, property, &result), GS_VIOLATION), "%s", mutant);
    cr_expect(eq(u64, property_of(&result, property)->steps, steps), "%s", mutant);
    gs_result_free(&result);
}

Test(raft, has_a_mutant_for_each_safety_property)
{
    expect_violated("vote-twice", "one-vote-per-term", 3);         /* two candidates, and one hears of the other */
    expect_violated("vote-not-durable", "one-vote-per-term", 2);   /* a candidate reboots */
    expect_violated("term-not-durable", "terms-never-go-back", 2); /* a candidate reboots */
    expect_violated("forget-vote", "one-vote-per-term", 4);        /* up to the first AppendEntries */
}

/* The mutant's property in this configuration: does the bound hide the bug? */
static void expect_mutant(const char *mutant, struct gs_config config, enum gs_status status)
{
    struct gs_result result;
    config.mutants = STRINGS(mutant);
    cr_expect(eq(int, check_one(config, "at-most-one-leader", &result), status), "%s, %s", mutant, config.settings[0]);
    gs_result_free(&result);
}

Test(raft, hides_counted_duplicates_from_three_servers_and_from_one_duplicate)
{
    const char *const three[] = {"servers=3", "terms=1", NULL}, *const four[] = {"servers=4", "terms=1", NULL};
    const char *mutant = "duplicates-counted";
    expect_mutant(mutant, (struct gs_config){.settings = three, .network = GS_SET}, GS_HOLDS);
    expect_mutant(mutant, (struct gs_config){.settings = three, .budgets = {.duplicates = 3}}, GS_HOLDS);
    expect_mutant(mutant, (struct gs_config){.settings = four}, GS_HOLDS);
    expect_mutant(mutant, (struct gs_config){.settings = four, .budgets = {.duplicates = 1}}, GS_HOLDS);
    expect_mutant(mutant, (struct gs_config){.settings = four, .budgets = {.duplicates = 2}}, GS_VIOLATION);
}

Test(raft, hides_other_mutants_behind_smaller_bounds)
{
    const char *const three[] = {"servers=3", "terms=1", NULL};
    expect_mutant("quorum-over-peers", (struct gs_config){.settings = three}, GS_HOLDS);
    expect_mutant("stale-votes-counted", (struct gs_config){.settings = three}, GS_HOLDS);
    expect_mutant("vote-not-durable", (struct gs_config){.settings = three}, GS_HOLDS);
    expect_mutant("term-not-durable", (struct gs_config){.settings = three}, GS_HOLDS);
}

/* Together they lose what a reboot loses. */
Test(raft, loses_what_is_not_durable_in_a_crash_and_a_restart)
{
    const char *const three[] = {"servers=3", "terms=1", NULL};
    const struct gs_config config = {.settings = three, .budgets = {.crashes = 1, .restarts = 1}};
    expect_mutant("vote-not-durable", config, GS_VIOLATION);
    expect_mutant("term-not-durable", config, GS_VIOLATION);
}

/* ---- Traces ---- */

/* The counterexample as text; to be freed. */
static char *trace_text(const char *mutant)
{
    const struct gs_config config = {.preset = mutant_of(mutant)->preset, .mutants = STRINGS(mutant)};
    struct gs_result result;
    char *text = NULL;
    size_t size = 0;
    check_one(config, "at-most-one-leader", &result);
    FILE *out = open_memstream(&text, &size);
    cr_assert(out != NULL);
    gs_trace_print(property_of(&result, "at-most-one-leader")->trace, out);
    fclose(out);
    gs_result_free(&result);
    return text;
}

Test(raft, gives_the_same_trace_on_every_run)
{
    for (int i = 0; raft.mutants[i].name; i++) {
        if (strcmp(raft.mutants[i].property, "at-most-one-leader") != 0)
            continue;
        char *first = trace_text(raft.mutants[i].name), *second = trace_text(raft.mutants[i].name);
        cr_expect(eq(str, first, second), "%s", raft.mutants[i].name);
        free(first);
        free(second);
    }
}

Test(raft, says_which_two_servers_were_elected_in_which_term)
{
    const struct gs_config config = {.preset = "one-term", .mutants = STRINGS("quorum-too-small")};
    struct gs_result result;
    check_one(config, "at-most-one-leader", &result);
    cr_expect(eq(str, (char *)property_of(&result, "at-most-one-leader")->reason,
                 "server1 and server2 were both elected in term 1"));
    gs_result_free(&result);
}
