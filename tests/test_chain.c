/* Chain replication and CRAQ: counts beside an independent sketch's, every preset, every mutant, messages per
 * operation, behaviour under partitions, recovery with a clock. */
#include "protocols/chain.h"
#include "tests/broken_sample.h"
#include "tests/chain_sketch.h"
#include "tests/mutant_sample.h"

static void expect_counts(const struct gs_model *model, const char *unasked, int timeouts, struct sketch_counts counts)
{
    struct gs_result result;
    const struct gs_config config = {
        .preset = "versions", .settings = LIST(unasked), .budgets = {.timeouts = timeouts}, .no_reductions = true};
    check(model, &config, GS_HOLDS, &result);
    expect_space(&result, counts.states, counts.transitions, counts.depth);
    gs_result_free(&result);
}

/* protocols.md 3.1. */
Test(chain, has_the_states_transitions_and_depth_of_an_independent_sketch)
{
    const struct sketch_counts counts = sketch_search(&(struct sketch){.writes = 3, .reads = 3});
    cr_expect(counts.states == 392 && counts.transitions == 1036 && counts.depth == 18 && !counts.went_back);
    expect_counts(&chain_replication, "unasked=3", 3, counts);
}

/* The known counts, 1,571 and 72,268, belong to a model in which reads do not travel along the links: with that one
 * rule changed the sketch has this model's numbers. */
Test(chain, craq_has_the_numbers_of_the_sketch_but_for_one_rule)
{
    static const struct {
        int operations;
        uint64_t apart[3];
        const char *unasked;
    } cases[] = {{2, {1571, 4994, 14}, "unasked=2"}, {3, {72268, 311786, 21}, "unasked=3"}};
    for (size_t i = 0; i < 2; i++) {
        struct sketch sketch = {.writes = cases[i].operations, .reads = cases[i].operations, .is_craq = true};
        expect_counts(&craq, cases[i].unasked, cases[i].operations, sketch_search(&sketch));
        sketch.reads_apart = true;
        const struct sketch_counts apart = sketch_search(&sketch);
        cr_expect(eq(u64, apart.states, cases[i].apart[0]));
        cr_expect(eq(u64, apart.transitions, cases[i].apart[1]));
        cr_expect(eq(u64, apart.depth, cases[i].apart[2]));
        cr_expect(not(apart.went_back));
    }
    expect_counts(&craq, "unasked=2", 2, (struct sketch_counts){.states = 995, .transitions = 2797, .depth = 14});
    expect_counts(&craq, "unasked=3", 3, (struct sketch_counts){.states = 25252, .transitions = 86679, .depth = 21});
}

static bool is_large(const char *preset)
{
    return strcmp(preset, "full") == 0 || strcmp(preset, "two-failures") == 0;
}

/* Writes of clients have versions of their own, which what servers read unasked is not to be compared with. */
Test(chain, compares_no_versions_where_clients_write_too)
{
    static const char *const settings[] = {"epochs=1", "servers=2", "clients=1", "readers=0",
                                           "writes=1", "unasked=1", NULL};
    const struct gs_model *const models[] = {&chain_replication, &craq};
    for (size_t i = 0; i < 2; i++) {
        struct gs_result result;
        check(models[i], &(struct gs_config){.settings = settings}, GS_HOLDS, &result);
        for (size_t p = 0; p < result.property_count; p++)
            if (strcmp(result.properties[p].name, "versions-never-go-back") == 0)
                cr_expect(eq(int, (int)result.properties[p].verdict, GS_VERDICT_NOT_CHECKED));
        gs_result_free(&result);
    }
}

Test(chain, holds_in_each_preset)
{
    static const struct gs_model *const models[] = {&chain_replication, &craq};
    for (int m = 0; m < 2; m++)
        for (int i = 0; models[m]->presets[i].name; i++) {
            struct gs_result result;
            if (is_large(models[m]->presets[i].name)) /* suite.ini has them */
                continue;
            check(models[m], &(struct gs_config){.preset = models[m]->presets[i].name}, GS_HOLDS, &result);
            cr_expect(result.complete, "%s %s", models[m]->name, models[m]->presets[i].name);
            gs_result_free(&result);
        }
}

/* Numbers make up for links that lose the order, or bring a message twice; so do epochs. */
Test(chain, is_safe_over_links_that_are_worse)
{
    static const struct {
        const struct gs_model *model;
        const char *preset;
        enum gs_network network;
        struct gs_budgets budgets;
    } cases[] = {
        {&chain_replication, "quick", GS_BAG, {0}},
        {&chain_replication, "rejoin", GS_FIFO, {.drops = 1, .duplicates = 1}},
        {&chain_replication, "rejoin", GS_FIFO, {.reboots = 1}},
        {&chain_replication, "steady", GS_SET, {0}},
        {&craq, "quick", GS_BAG, {0}},
        {&craq, "rejoin", GS_FIFO, {.drops = 1, .duplicates = 1}},
        {&craq, "rejoin", GS_BAG, {.duplicates = 1}},
        {&chain_replication, "rejoin", GS_BAG, {.reboots = 1}},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct gs_result result;
        const struct gs_config config = {
            .preset = cases[i].preset, .network = cases[i].network, .budgets = cases[i].budgets, .ignore_goals = true};
        check(cases[i].model, &config, GS_HOLDS, &result);
        cr_expect(result.complete, "case %zu", i);
        gs_result_free(&result);
    }
}

/* Each goal is met in the named preset. */
static void expect_goals(const struct gs_model *model, const char *preset, const char *const *goals)
{
    struct gs_result result;
    check(model, &(struct gs_config){.preset = preset}, GS_HOLDS, &result);
    for (; *goals; goals++)
        expect_verdict(&result, *goals, GS_VERDICT_PROVED);
    gs_result_free(&result);
}

Test(chain, loses_each_kind_of_server_with_an_update_in_flight)
{
    expect_goals(&chain_replication, "quick",
                 LIST("all-returned", "head-is-lost", "middle-is-lost", "tail-is-lost", "goes-on-without"));
    expect_goals(&chain_replication, "rejoin", LIST("goes-on-alone", "rejoins"));
    expect_goals(&craq, "quick", LIST("head-is-lost", "middle-is-lost", "tail-is-lost", "dirty-read-asks-the-tail"));
    expect_goals(&craq, "steady", LIST("write-during-query", "read-with-two-dirty"));
    expect_goals(&craq, "eventual", LIST("reads-uncommitted"));
    expect_goals(&craq, "bounded", LIST("reads-uncommitted"));
}

Test(chain, loses_a_property_with_each_mutant_in_as_few_steps_as_known)
{
    static const struct pinned_mutant chain_mutants[] = {
        {"read-any", 3},           {"no-fifo", 8},          {"no-resend", 7},
        {"ack-at-head", 4},        {"cut-tail-answers", 8}, {"tail-promote-no-ack", 16},
        {"old-epoch-accepted", 7}, {"apply-again", 4},      {"append-without-state", 7},
    };
    static const struct pinned_mutant craq_mutants[] = {
        {"read-dirty", 3},         {"no-fifo", 8},          {"no-resend", 7},
        {"ack-at-head", 4},        {"cut-tail-answers", 7}, {"tail-promote-no-ack", 16},
        {"old-epoch-accepted", 7}, {"apply-again", 4},      {"append-without-state", 7},
        {"clean-by-key", 8},       {"query-value-race", 7}, {"drop-old-versions-early", 7},
    };
    expect_mutants(&chain_replication, chain_mutants, sizeof(chain_mutants) / sizeof(chain_mutants[0]));
    expect_mutants(&craq, craq_mutants, sizeof(craq_mutants) / sizeof(craq_mutants[0]));
}

/* Each claim that is no mutant's own can fail, too. */
Test(chain, loses_the_other_claims_with_some_mutant)
{
    static const struct lost_claim chain_lost[] = {
        {"no-fifo", "update-propagation", "unordered", 3},
        {"no-fifo", "acknowledged-updates-agree", "unordered", 6},
        {"old-epoch-accepted", "acknowledged-within-history", "rejoin", 5},
        {"no-resend", "settles", "quick", 15},
        {"read-any", "linearizable", "steady", 9},
        {"append-without-state", "linearizable", "partition", 12},
        {"ack-at-head", "answered-is-stored", "steady", 1},
    };
    static const struct lost_claim craq_lost[] = {
        {"clean-by-key", "clean-follows-the-tail", "steady", 6},
        {"clean-by-key", "inprocess-requests", "steady", 6},
        {"clean-by-key", "linearizable", "steady", 11},
        {"read-dirty", "ahead-at-most", "steady", 6},
    };
    expect_lost(&chain_replication, chain_lost, sizeof(chain_lost) / sizeof(chain_lost[0]));
    expect_lost(&craq, craq_lost, sizeof(craq_lost) / sizeof(craq_lost[0]));
}

/* ---- Messages per operation (protocols.md 8.3) ---- */

/* All messages of a run without choices are delivered at its depth. */
static void expect_messages(const struct gs_model *model, const char *servers, const char *writes, const char *reads,
                            uint64_t messages)
{
    struct gs_result result;
    const struct gs_config config = {.preset = "steady",
                                     .settings = LIST(servers, "clients=1", writes, reads),
                                     .properties = LIST("update-propagation", "linearizable"),
                                     .ignore_goals = true};
    check(model, &config, GS_HOLDS, &result);
    cr_expect(eq(u64, result.depth, messages), "%s %s %s %s", model->name, servers, writes, reads);
    gs_result_free(&result);
}

/* The request, an update and an acknowledgement for each server but one, the answer. */
Test(chain, takes_the_messages_that_are_known)
{
    static const char *const servers[] = {"servers=2", "servers=3", "servers=4", "servers=5"};
    for (uint64_t n = 2; n <= 5; n++) {
        expect_messages(&chain_replication, servers[n - 2], "writes=1", "reads=0", 2 + 2 * (n - 1));
        expect_messages(&chain_replication, servers[n - 2], "writes=0", "reads=1", 2);
        expect_messages(&craq, servers[n - 2], "writes=1", "reads=0", 2 + 2 * (n - 1));
        expect_messages(&craq, servers[n - 2], "writes=0", "reads=1", 2); /* clean */
    }
}

/* ---- A clean partition (protocols.md 8.2) ---- */

enum { ALL_BUT_SERVER1 = 1 << 0 | 1 << 2 | 1 << 3 | 1 << 4 }; /* server0, both clients, the master */

static void expect_partition(const struct gs_model *model)
{
    struct gs_result result;
    check_with_cuts(model, (struct gs_config){.preset = "partition"}, &result);
    expect_met_behind_a_cut(&result, "goes-on-without", ALL_BUT_SERVER1); /* the master's side */
    expect_verdict(&result, "linearizable", GS_VERDICT_PROVED); /* the server that is cut off: no old answers */
    expect_unmet_behind_a_cut(&result, "rejoins", ALL_BUT_SERVER1);
    expect_met_after_a_heal(&result, "rejoins", ALL_BUT_SERVER1);
    gs_result_free(&result);
}

Test(chain, goes_on_without_a_server_that_is_cut_off_which_then_joins_at_the_tail)
{
    expect_partition(&chain_replication);
    expect_partition(&craq);
}
