/* Raft with its log: counts of an independent model (protocols.md 3.1), mutants killed by their property in as many
 * steps as it needs there (3.2) or nearly so, bounds that hide them (3.3), goals, and exact numbers of messages (8.3).
 */
#include "tests/run_program.h"

#include "checker/check.h"
#include "protocols/raft.h"

#define STRINGS(...) ((const char *const[]){__VA_ARGS__, NULL})

static const struct gs_property_result *property_of(const struct gs_result *result, const char *name)
{
    for (size_t i = 0; i < result->property_count; i++)
        if (strcmp(result->properties[i].name, name) == 0)
            return &result->properties[i];
    cr_fatal("raft has no property %s", name);
}

static const struct gs_mutant *mutant_of(const char *name)
{
    for (int i = 0; i < GS_MUTANTS_MAX && raft.mutants[i].name; i++)
        if (strcmp(raft.mutants[i].name, name) == 0)
            return &raft.mutants[i];
    cr_fatal("raft has no mutant %s", name);
}

/* ---- Counts ---- */

struct counts {
    const char *settings[5];
    uint64_t states, transitions, depth;
};

static void expect_counts(const struct counts *expected)
{
    const struct gs_config config = {.settings = expected->settings, .network = GS_BAG, .no_reductions = true};
    const char *const first = expected->settings[0], *const last = expected->settings[2];
    struct gs_result result;
    cr_expect(eq(int, gs_check(&raft, &config, &result), GS_HOLDS), "%s %s: %s", first, last, result.error);
    cr_expect(eq(u64, result.states, expected->states), "%s %s", first, last);
    cr_expect(eq(u64, result.transitions, expected->transitions), "%s %s", first, last);
    cr_expect(eq(u64, result.depth, expected->depth), "%s %s", first, last);
    gs_result_free(&result);
}

Test(raft_log, has_the_states_transitions_and_depth_of_an_independent_model)
{
    expect_counts(&(struct counts){{"servers=2", "terms=2", "proposals=1"}, 960, 2464, 13});
    expect_counts(&(struct counts){{"servers=3", "terms=1", "proposals=1"}, 17779, 78474, 19});
    expect_counts(&(struct counts){{"servers=3", "terms=1", "proposals=2"}, 244579, 1354278, 24});
    expect_counts(&(struct counts){{"servers=3", "terms=1", "proposals=1", "candidates=1"}, 761, 2439, 14});
    expect_counts(&(struct counts){{"servers=3", "terms=1", "proposals=2", "candidates=1"}, 12209, 52929, 19});
    expect_counts(&(struct counts){{"servers=3", "terms=2", "candidates=2"}, 264086, 1518318, 22});
}

/* ---- Mutants ---- */

/* The mutant's own property in this configuration. */
static enum gs_status check_mutant(const char *name, struct gs_config config, struct gs_result *result)
{
    config.mutants = STRINGS(name);
    config.properties = STRINGS(mutant_of(name)->property);
    config.allow = STRINGS("well-behaved");
    config.ignore_goals = true;
    const enum gs_status status = gs_check(&raft, &config, result);
    cr_assert(eq(str, result->error, ""), "%s", name);
    return status;
}

static void expect_killed(const char *name, uint64_t steps)
{
    struct gs_result result;
    cr_expect(eq(int, check_mutant(name, (struct gs_config){.preset = mutant_of(name)->preset}, &result), GS_VIOLATION),
              "%s", name);
    cr_expect(eq(u64, property_of(&result, mutant_of(name)->property)->steps, steps), "%s", name);
    cr_expect(property_of(&result, mutant_of(name)->property)->trace != NULL, "%s", name);
    gs_result_free(&result);
}

/* commit-old is killed in 24 steps, after ten seconds: by suite.ini, and by the trace in tests/data. */
Test(raft_log, kills_each_mutant_in_as_few_steps_as_an_independent_model_or_fewer)
{
    expect_killed("no-logcheck", 9);
    expect_killed("match-lastidx", 10);
    expect_killed("always-trunc", 10);
    expect_killed("np-log", 10);
    expect_killed("no-trunc", 12);
    expect_killed("commit-lastidx", 12);
    expect_killed("len-only", 14);
    expect_killed("accept-stale-ae", 14);
    expect_killed("no-prevcheck", 18); /* in fifo; in bag 14, in a search too large for a preset */
}

static void expect_hidden(const char *name, struct gs_config config, const char *bound)
{
    struct gs_result result;
    bool is_cut = false;
    cr_expect(eq(int, check_mutant(name, config, &result), GS_HOLDS), "%s", name);
    for (size_t i = 0; i < result.cut_count; i++)
        is_cut |= strcmp(result.cuts[i].name, bound) == 0 && result.cuts[i].times > 0;
    cr_expect(is_cut, "%s: %s is not among what cut the search", name, bound);
    gs_result_free(&result);
}

static const char within[] = "term, log";

/* Three terms show what two do not; where they do is expect_killed above. */
Test(raft_log, names_the_bound_on_terms_that_hides_a_mutant)
{
    const char *const one[] = {"terms=1", NULL}, *const two[] = {"terms=2", NULL};
    expect_hidden("no-logcheck", (struct gs_config){.preset = "log-two-terms", .settings = one}, within);
    expect_hidden("match-lastidx", (struct gs_config){.preset = "log-two-terms", .settings = one}, within);
    expect_hidden("len-only", (struct gs_config){.preset = "log-three-terms", .settings = two}, within);
    expect_hidden("accept-stale-ae", (struct gs_config){.preset = "log-three-terms", .settings = two}, within);
    expect_hidden("no-prevcheck", (struct gs_config){.preset = "two-entries", .settings = two}, within);
    expect_hidden("commit-old", (struct gs_config){.preset = "log-three-terms"}, within);
}

/* protocols.md 3.3: match-lastidx breaks leader completeness with a third term only. */
Test(raft_log, sees_a_wrong_match_index_on_the_quorum_before_it_sees_it_in_a_leader)
{
    const char *const properties[] = {"leader-completeness", NULL}, *const mutants[] = {"match-lastidx", NULL};
    struct gs_config config = {
        .preset = "log-two-terms", .properties = properties, .mutants = mutants, .ignore_goals = true};
    struct gs_result result;
    cr_expect(eq(int, gs_check(&raft, &config, &result), GS_HOLDS));
    gs_result_free(&result);
    config.preset = "log-three-terms";
    config.settings = STRINGS("silent-leaders=0");
    cr_expect(eq(int, gs_check(&raft, &config, &result), GS_VIOLATION));
    gs_result_free(&result);
}

Test(raft_log, hides_mutants_behind_the_network_the_heartbeats_and_the_budget_of_reboots)
{
    const char *const silent[] = {"heartbeats=0", NULL};
    struct gs_result result;
    cr_expect(eq(
        int, check_mutant("always-trunc", (struct gs_config){.preset = "log-two-terms", .network = GS_FIFO}, &result),
        GS_HOLDS));
    gs_result_free(&result);
    expect_hidden("commit-lastidx", (struct gs_config){.preset = "empty-heartbeats", .settings = silent}, within);
    expect_hidden("no-trunc", (struct gs_config){.preset = "heartbeats", .settings = silent}, within);
    expect_hidden("np-log", (struct gs_config){.preset = "log-reboot", .budgets = {.reboots = GS_NONE}}, within);
    expect_hidden("no-prevcheck", (struct gs_config){.preset = "two-entries", .settings = STRINGS("proposals=1")},
                  within);
}

/* ---- Goals ---- */

static void expect_met(const char *preset, const char *goal, uint64_t steps)
{
    const struct gs_config config = {.preset = preset, .properties = STRINGS(goal)};
    struct gs_result result;
    cr_expect(eq(int, gs_check(&raft, &config, &result), GS_HOLDS), "%s: %s", goal, result.error);
    cr_expect(eq(int, property_of(&result, goal)->verdict, GS_VERDICT_PROVED), "%s", goal);
    cr_expect(eq(u64, property_of(&result, goal)->steps, steps), "%s", goal);
    gs_result_free(&result);
}

Test(raft_log, meets_each_goal_in_some_preset)
{
    expect_met("log-two-terms", "two-candidates", 2);
    expect_met("log-two-terms", "two-leaders-at-once", 6);
    expect_met("log", "entry-commits", 6);
    expect_met("log-two-terms", "follower-truncates", 9);
    expect_met("two-entries", "older-entry-commits", 13);
    expect_met("back-off", "leader-goes-back-by-two", 13);
    expect_met("log-reboot", "restart-with-a-log", 5);
    expect_met("late-entries", "stale-entries-arrive", 5);
}

/* ---- Messages ---- */

/* One leader, one command, nothing else: 8.3 says n - 1 AppendEntries for the election and for the command, as many
 * replies, two delays. Depths: timeout, vote, reply; command, entries, reply. */
Test(raft_log, commits_two_delays_after_the_command)
{
    struct gs_result result;
    const struct gs_config config = {.settings = STRINGS("servers=3", "terms=1", "proposals=1", "candidates=1")};
    cr_expect(eq(int, gs_check(&raft, &config, &result), GS_HOLDS));
    cr_expect(eq(u64, property_of(&result, "leader-elected")->steps, 3));
    cr_expect(eq(u64, property_of(&result, "entry-commits")->steps, 6));
    gs_result_free(&result);
}

Test(raft_log, commits_alone_at_once)
{
    struct gs_result result;
    const struct gs_config config = {.settings = STRINGS("servers=1", "terms=2", "proposals=2", "commands=2")};
    cr_expect(eq(int, gs_check(&raft, &config, &result), GS_HOLDS), "%s", result.error);
    cr_expect(eq(u64, property_of(&result, "entry-commits")->steps, 2));
    gs_result_free(&result);
}

Test(raft_log, holds_when_it_crashes_in_any_network)
{
    for (int network = GS_SET; network <= GS_FIFO; network++) {
        const struct gs_config config = {
            .settings = STRINGS("terms=1", "proposals=1", "heartbeats=1", "candidates=2", "commands=2"),
            .network = (enum gs_network)network,
            .budgets = {.crashes = 1, .restarts = 1, .partitions = 1, .timeouts = 3}};
        struct gs_result result;
        cr_expect(eq(int, gs_check(&raft, &config, &result), GS_HOLDS), "network %d: %s", network, result.error);
        gs_result_free(&result);
    }
}

Test(raft_log, full_crash_is_complete)
{
    struct gs_result result;
    cr_expect(eq(int, gs_check(&raft, &(struct gs_config){.preset = "full-crash"}, &result), GS_HOLDS));
    cr_expect(eq(u64, result.states, 130294));
    gs_result_free(&result);
}

/* ---- What else is said of it ---- */

static void expect_named(const char *document, const char *name)
{
    char *quoted = text_of("`%s`", name);
    cr_expect(strstr(document, quoted) != NULL, "docs/protocols/raft.md does not mention %s", quoted);
    free(quoted);
}

Test(raft_log, has_each_preset_property_and_mutant_on_its_page)
{
    char *path = text_of("%s/docs/protocols/raft.md", project_root()), *document = read_file(path);
    for (int i = 0; raft.properties[i].name; i++)
        expect_named(document, raft.properties[i].name);
    for (int i = 0; raft.mutants[i].name; i++) {
        expect_named(document, raft.mutants[i].name);
        expect_named(document, raft.mutants[i].preset);
    }
    free(document);
    free(path);
}

/* Figure 8 of the paper. To find it takes ten seconds; it is written down. */
Test(raft_log, reproduces_figure_8)
{
    char *path = text_of("%s/tests/data/raft-commit-old.trace", project_root());
    struct ran ran = GAINSAY("replay", path);
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "leader-completeness is violated in 24 steps");
    forget(&ran);
    free(path);
}

Test(raft_log, lists_what_only_liveness_would_tell)
{
    struct ran ran = GAINSAY("mutants", "raft", "no-stepdown", "fixed-timeouts", "quorum-too-small");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "not checked: needs EVENTUALLY\nfixed-timeouts");
    EXPECT_IN(ran.out, "mutants=3 killed=1 survived=0 unmutated=1 held=1 undecided=0 not-checked=2\n");
    forget(&ran);
    ran = GAINSAY("check", "raft", "--preset", "one-term", "--mutant", "fixed-timeouts");
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out, "leader-elected                 unreached");
    forget(&ran);
    ran = GAINSAY("check", "raft", "--mutant", "no-stepdown");
    EXPECT_IN(ran.out, "holds");
    forget(&ran);
}
