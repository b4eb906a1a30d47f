/* The replicated key-value store on both logs: presets hold, goals are met, mutants are killed in the steps that are
 * known, random runs with five servers; commands as numbers. */
#include "core/run_setup.h"
#include "protocols/kv.h"
#include "tests/mutant_sample.h"

extern const struct gs_model raft_kv, multi_paxos_kv;

Test(kv, holds_on_raft_in_each_preset)
{
    expect_presets_hold(&raft_kv);
}

Test(kv, holds_on_multi_paxos_in_each_preset)
{
    expect_presets_hold(&multi_paxos_kv);
}

static void expect_met(const struct gs_model *model, const char *preset, const char *goal, uint64_t steps)
{
    struct gs_result result;
    check(model, &(struct gs_config){.preset = preset, .properties = LIST(goal)}, GS_HOLDS, &result);
    cr_expect(eq(u64, result_of(&result, goal)->steps, steps), "%s %s %s", model->name, preset, goal);
    gs_result_free(&result);
}

/* An election takes 3 steps (timer, vote, reply; Multi-Paxos: timer, promise, reply), a command 4: request, entry,
 * acknowledgement, answer. */
Test(kv, meets_each_goal_in_some_preset)
{
    expect_met(&raft_kv, "quick", "all-returned", 3 + 4 + 4);
    expect_met(&raft_kv, "quick", "leaves-clients-waiting", 6);
    expect_met(&raft_kv, "quick", "unknown-takes-effect", 12);
    expect_met(&raft_kv, "retry", "repetition-suppressed", 8);
    expect_met(&raft_kv, "read-index", "reads-by-index", 13);
    expect_met(&raft_kv, "read-index", "read-waits", 10);
    expect_met(&raft_kv, "swap", "swaps", 10);
    expect_met(&multi_paxos_kv, "quick", "all-returned", 3 + 4 + 4);
    expect_met(&multi_paxos_kv, "quick", "leaves-clients-waiting", 6);
    expect_met(&multi_paxos_kv, "quick", "unknown-takes-effect", 10);
    expect_met(&multi_paxos_kv, "retry", "repetition-suppressed", 10);
    expect_met(&multi_paxos_kv, "read-index", "reads-by-index", 10);
    expect_met(&multi_paxos_kv, "read-index", "read-waits", 9);
    expect_met(&multi_paxos_kv, "swap", "swaps", 10);
}

Test(kv, loses_a_property_with_each_mutant_in_as_few_steps_as_known)
{
    expect_mutants(&raft_kv,
                   (const struct pinned_mutant[]){{"no-dedup", 8},
                                                  {"session-outside-sm", 12},
                                                  {"waiter-by-index", 12},
                                                  {"reply-before-commit", 7},
                                                  {"stale-read", 12},
                                                  {"readindex-unconfirmed", 15},
                                                  {"readindex-no-noop", 14}},
                   7);
    expect_mutants(&multi_paxos_kv,
                   (const struct pinned_mutant[]){{"no-dedup", 10},
                                                  {"session-outside-sm", 13},
                                                  {"waiter-by-index", 12},
                                                  {"reply-before-commit", 7},
                                                  {"stale-read", 12},
                                                  {"readindex-unconfirmed", 12},
                                                  {"readindex-no-noop", 14}},
                   7);
}

/* The claims that are no mutant's own can fail, too. */
Test(kv, loses_its_other_properties_with_some_mutant)
{
    struct gs_result result;
    expect_mutant(&raft_kv, "session-outside-sm", "state-is-the-fold", (struct gs_config){.preset = "retry"},
                  GS_VIOLATION, &result);
    expect_reason(&result, "state-is-the-fold",
                  "server2 has applied 2 entries, and its store is not what they make of an empty one");
    gs_result_free(&result);
    expect_mutant(&multi_paxos_kv, "reply-before-commit", "acknowledged-is-kept", (struct gs_config){.preset = "quick"},
                  GS_VIOLATION, &result);
    cr_expect(eq(u64, result_of(&result, "acknowledged-is-kept")->steps, 7));
    gs_result_free(&result);
}

/* What a user may combine: more kinds of operations, keys, both monitors, reads by index from the first operation on.
 */
Test(kv, holds_in_other_configurations)
{
    static const struct {
        const struct gs_model *model;
        const char *preset, *settings[8];
        enum gs_network network;
        struct gs_budgets budgets;
    } cases[] = {
        {&raft_kv, "retry", {"monitor=history", "keys=2"}, GS_BAG, {.timeouts = 2}},
        {&raft_kv, "read-index", {"sets=0", "operations=1"}, GS_BAG, {.timeouts = 2}},
        {&raft_kv, "read-index", {"servers=1", "candidates=1"}, GS_BAG, {.timeouts = 1}},
        {&raft_kv, "quick", {"deletes=1", "sets=1", "gets=0"}, GS_FIFO, {.timeouts = 2, .partitions = 1}},
        {&raft_kv, "quick", {"terms=1", "clients=2"}, GS_SET, {.timeouts = 2}},
        {&raft_kv, "reboot", {"terms=1", "candidates=1", "reads=read-index"}, GS_BAG, {.timeouts = 2, .crashes = 1}},
        {&multi_paxos_kv, "retry", {"monitor=history", "keys=2"}, GS_BAG, {.timeouts = 3}},
        {&multi_paxos_kv, "read-index", {"sets=0", "operations=1", "slots=1"}, GS_BAG, {.timeouts = 2}},
        {&multi_paxos_kv, "read-index", {"servers=1", "leaders=1"}, GS_BAG, {.timeouts = 1}},
        {&multi_paxos_kv, "retry", {"leaders=1", "clients=2"}, GS_SET, {.timeouts = 2}},
        {&multi_paxos_kv, "quick", {"phase1-size=1", "phase2-size=3", "reads=read-index"}, GS_BAG, {.timeouts = 2}},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct gs_result result;
        check(cases[i].model,
              &(struct gs_config){.preset = cases[i].preset,
                                  .settings = cases[i].settings,
                                  .network = cases[i].network,
                                  .budgets = cases[i].budgets},
              GS_HOLDS, &result);
        cr_expect(result.complete, "case %zu", i);
        gs_result_free(&result);
    }
}

/* ---- Commands as numbers ---- */

static struct gs_run *run_of(const struct gs_model *model, const char *const *settings)
{
    char error[256];
    struct gs_run *run = run_new(model, &(struct run_config){.settings = settings}, error, sizeof(error));
    cr_assert(run != NULL, "%s", error);
    return run;
}

static void expect_round_trip(const struct gs_run *run, const struct kv_command *command)
{
    const struct kv_command back = kv_command_numbered(run, kv_command_number(run, command));
    cr_expect(eq(int, memcmp(command, &back, sizeof(back)), 0), "request %u function %u key %u from %u to %u",
              command->request, command->function, command->key, command->from, command->to);
}

Test(kv, numbers_each_command_and_reads_the_number_back)
{
    struct gs_run *run = run_of(&raft_kv, LIST("operations=3", "values=3", "keys=2", "swaps=1"));
    bool seen[UINT8_MAX + 1] = {false};
    int count = 0;
    for (uint8_t request = 1; request <= 3; request++)
        for (uint8_t key = 1; key <= 2; key++)
            for (uint8_t from = 1; from <= 3; from++)
                for (uint8_t to = 1; to <= 3; to++, count++) {
                    const struct kv_command cas = {request, KV_CAS, key, from, to};
                    expect_round_trip(run, &cas);
                    cr_expect(not(seen[kv_command_number(run, &cas)]));
                    seen[kv_command_number(run, &cas)] = true;
                    expect_round_trip(run, &(struct kv_command){request, KV_SET, key, 0, to});
                    expect_round_trip(run, &(struct kv_command){request, KV_GET, key, 0, 0});
                    expect_round_trip(run, &(struct kv_command){request, KV_DELETE, key, 0, 0});
                }
    cr_expect(eq(int, count, 54));
    cr_expect(eq(int, kv_command_numbered(run, GS_LOG_NO_OP).request, 0));
    run_free(run);
}

Test(kv, takes_a_request_s_number_for_its_value_where_values_are_unique)
{
    struct gs_run *run = run_of(&multi_paxos_kv, LIST("keys=3"));
    expect_round_trip(run, &(struct kv_command){21, KV_SET, 3, 0, 21});
    expect_round_trip(run, &(struct kv_command){1, KV_DELETE, 1, 0, 0});
    run_free(run);
}

/* 12 * 4 * 1 * 4 = 192 of 255; a second key would be too much. */
Test(kv, takes_as_many_commands_as_there_are_numbers)
{
    struct gs_run *run = run_of(&raft_kv, LIST("operations=12", "keys=1", "values=4"));
    expect_round_trip(run, &(struct kv_command){12, KV_SET, 1, 0, 4});
    run_free(run);
}
