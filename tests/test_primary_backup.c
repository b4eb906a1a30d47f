/* Primary-backup replication: its presets hold and meet its goals, each mutant is killed in the steps that are known,
 * how many messages a write takes, and what each side of a partition does. */
#include "protocols/primary_backup.h"
#include "tests/broken_sample.h"
#include "tests/mutant_sample.h"

static const char *const small_presets[] = {"one-client", "async", "async-safe", NULL};

/* The others, up to millions of states: suite.ini has them. */
Test(primary_backup, holds_in_each_preset)
{
    for (int i = 0; small_presets[i]; i++) {
        struct gs_result result;
        check(&primary_backup, &(struct gs_config){.preset = small_presets[i]}, GS_HOLDS, &result);
        cr_expect(result.complete, "%s", small_presets[i]);
        cr_expect(result_of(&result, "stores-equal-at-rest")->judged > 0);
        gs_result_free(&result);
    }
}

Test(primary_backup, has_the_sizes_that_are_known)
{
    struct gs_result result;
    check(&primary_backup, NULL, GS_HOLDS, &result);
    expect_space(&result, 479677, 2279244, 23);
    gs_result_free(&result);
    check(&primary_backup, &(struct gs_config){.preset = "async-safe"}, GS_HOLDS, &result);
    expect_space(&result, 11863, 45676, 20);
    gs_result_free(&result);
}

static void expect_goals(const char *preset, const struct pinned_mutant *goals, size_t count)
{
    struct gs_result result;
    check(&primary_backup, &(struct gs_config){.preset = preset}, GS_HOLDS, &result);
    for (size_t i = 0; i < count; i++) {
        expect_verdict(&result, goals[i].name, GS_VERDICT_PROVED);
        cr_expect(eq(u64, result_of(&result, goals[i].name)->steps, goals[i].steps), "%s %s", preset, goals[i].name);
    }
    gs_result_free(&result);
}

Test(primary_backup, meets_its_goals)
{
    static const struct pinned_mutant writers[] = {{"all-returned", 7},         {"promoted", 6},
                                                   {"two-primaries", 6},        {"steps-down", 2},
                                                   {"told-that-it-is-over", 4}, {"buffers", 3}},
                                      client[] = {{"marked-read-is-behind", 5}}, async[] = {{"acked-is-lost", 5}};
    expect_goals("two-writers", writers, sizeof(writers) / sizeof(writers[0]));
    expect_goals("one-client", client, 1);
    expect_goals("async", async, 1);
}

Test(primary_backup, loses_a_property_with_each_mutant_in_as_few_steps_as_known)
{
    static const struct pinned_mutant pinned[] = {
        {"async-failover", 5},    {"semi-any-promote", 7},
        {"last-to-answer", 9},    {"length-only", 20},
        {"ack-dup", 8},           {"no-seq", 3},
        {"no-epoch", 6},          {"no-fence", 9},
        {"ack-before-apply", 10}, {"stale-primary-reads", 12},
        {"dirty-reads", 13},      {"keep-tail", 8},
        {"remove-alone", 8},
    };
    expect_mutants(&primary_backup, pinned, sizeof(pinned) / sizeof(pinned[0]));
}

/* The claims that are no mutant's own can fail, too. */
Test(primary_backup, loses_its_other_claims_with_some_mutant)
{
    static const struct {
        const char *mutant, *property, *preset;
    } cases[] = {
        {"ack-dup", "acked-is-held", "two-acks"},
        {"keep-tail", "stores-equal-at-rest", "one-client"},
        {"no-seq", "stores-equal-at-rest", "two-writers"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct gs_result result;
        expect_mutant(&primary_backup, cases[i].mutant, cases[i].property,
                      (struct gs_config){.preset = cases[i].preset}, GS_VIOLATION, &result);
        gs_result_free(&result);
    }
}

/* A check that what it says comes by the same channel as the write that it does not wait for. */
Test(primary_backup, hides_dirty_reads_behind_channels_in_order)
{
    struct gs_result result;
    expect_mutant(&primary_backup, "dirty-reads", "linearizable",
                  (struct gs_config){.preset = "two-reads", .network = GS_FIFO}, GS_HOLDS, &result);
    gs_result_free(&result);
}

/* Without reductions every message is delivered once in the longest run: its depth counts them. protocols.md 8.3: b
 * REPLICATE and b ACK for b backups, in each mode, and 0 or 2 delays. */
Test(primary_backup, takes_two_messages_a_backup_for_a_write)
{
    static const char *const modes[] = {"mode=async", "mode=semi-sync", "mode=sync"};
    for (int mode = 0; mode < 3; mode++)
        for (int backups = 1; backups <= 3; backups++) {
            static const char *const servers[] = {"servers=2", "servers=3", "servers=4"};
            struct gs_result result;
            check(&primary_backup,
                  &(struct gs_config){.settings = LIST(modes[mode], servers[backups - 1], "clients=1", "gets=0",
                                                       "epochs=1", "ask=in-turn"),
                                      .no_reductions = true},
                  GS_HOLDS, &result);
            const uint64_t awaited = mode == 0 ? 0 : mode == 1 ? 1 : (uint64_t)backups;
            cr_expect(eq(u64, result.depth, 2 + 2 * (uint64_t)backups), "%s %d", modes[mode], backups);
            cr_expect(eq(u64, result_of(&result, "all-returned")->steps, 2 + 2 * awaited), "%s %d", modes[mode],
                      backups);
            gs_result_free(&result);
        }
}

/* A write waits for a backup that is down, or does not: as the mode says. */
Test(primary_backup, blocks_in_mode_sync_and_goes_on_in_others_while_a_backup_is_down)
{
    static const struct {
        const char *mode;
        bool blocks;
    } cases[] = {{"mode=async", false}, {"mode=semi-sync", false}, {"mode=sync", true}};
    for (int i = 0; i < 3; i++) {
        struct gs_result result;
        check(&primary_backup,
              &(struct gs_config){.settings = LIST(cases[i].mode, "clients=1", "gets=0"), .budgets = {.crashes = 1}},
              GS_HOLDS, &result);
        expect_verdict(&result, "write-blocks", cases[i].blocks ? GS_VERDICT_PROVED : GS_VERDICT_NOT_CHECKED);
        expect_verdict(&result, "write-goes-on", cases[i].blocks ? GS_VERDICT_NOT_CHECKED : GS_VERDICT_PROVED);
        gs_result_free(&result);
    }
}

/* protocols.md 8.2: the primary and the first client on one side, the backups and the configuration service on the
 * other. There a backup is promoted. Here writes are acknowledged in mode async, and lost; in mode sync none is. What
 * ends the old primary's reign comes over the healed links. */
Test(primary_backup, does_on_each_side_of_a_partition_what_is_known)
{
    enum { MINORITY = 1 << 0 | 1 << 4 }; /* server0, client0; server1, server2 and config are the others */
    struct gs_result result;
    check_with_cuts(&primary_backup, (struct gs_config){.preset = "async", .settings = LIST("gets=0")}, &result);
    expect_met_behind_a_cut(&result, "promoted", MINORITY);
    expect_met_behind_a_cut(&result, "acked-is-lost", MINORITY);
    gs_result_free(&result);
    check_with_cuts(&primary_backup, (struct gs_config){.preset = "sync", .settings = LIST("clients=1")}, &result);
    expect_met_behind_a_cut(&result, "promoted", MINORITY);
    expect_unmet_behind_a_cut(&result, "all-returned", MINORITY);
    expect_unmet_behind_a_cut(&result, "told-that-it-is-over", MINORITY);
    expect_met_after_a_heal(&result, "told-that-it-is-over", MINORITY);
    cr_expect(result_of(&result, "acked-is-held")->judged > 0);
    gs_result_free(&result);
}

/* protocols.md 8.1: acknowledged writes survive the loss of 0, `acks` or all backups but one: that many servers may be
 * gone, the primary among them, and another one is promoted. None loses a write, in any state of these runs. */
Test(primary_backup, promotes_a_backup_after_as_many_losses_as_the_mode_allows)
{
    enum { FIRST = 1 << 0, THIRD = 1 << 2 };
    struct gs_result result;
    struct gs_config config = {.preset = "one-client", .settings = LIST("gets=0"), .witnesses = true};
    config.budgets.crashes = 1;
    check(&primary_backup, &config, GS_HOLDS, &result);
    expect_met_without(&result, "two-primaries", FIRST);
    expect_unmet_without(&result, "two-primaries", THIRD);
    gs_result_free(&result);
    config.preset = "async-safe";
    check(&primary_backup, &config, GS_HOLDS, &result);
    expect_unmet_without(&result, "promoted", FIRST);
    gs_result_free(&result);
    config.settings = LIST("mode=sync", "gets=0");
    config.budgets.crashes = 2;
    check(&primary_backup, &config, GS_HOLDS, &result);
    expect_met_without(&result, "two-primaries", FIRST | THIRD);
    expect_verdict(&result, "acked-is-durable", GS_VERDICT_PROVED);
    gs_result_free(&result);
}
