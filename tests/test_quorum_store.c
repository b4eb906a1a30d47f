/* The quorum store: every preset holds, each mutant is killed in the steps that are known, and what each level still
 * does during a clean partition (protocols.md 8.2) and after crashes (8.1). */
#include "core/run_setup.h"
#include "core/world.h"
#include "protocols/quorum_store.h"
#include "tests/broken_sample.h"
#include "tests/deliver_all.h"
#include "tests/mutant_sample.h"

static void expect_preset(const char *preset, uint64_t states, uint64_t transitions, uint64_t depth)
{
    struct gs_result result;
    check(&quorum_store, &(struct gs_config){.preset = preset}, GS_HOLDS, &result);
    cr_expect(result.complete, "%s", preset);
    expect_space(&result, states, transitions, depth);
    gs_result_free(&result);
}

Test(quorum_store, holds_in_each_preset)
{
    expect_preset("quick", 429074, 2627774, 30);
    expect_preset("small", 465, 808, 24);
    expect_preset("one-server", 7, 6, 6);
    expect_preset("eventual", 301379, 1453486, 20);
    expect_preset("weak", 479, 851, 16);
    expect_preset("give-up", 12030, 41633, 24);
    expect_preset("stale", 9211, 44698, 18);
    expect_preset("reboot", 11068, 54498, 21);
}

/* The client's request and the answer, and two round trips to the two other servers: 4 (n - 1) messages, of which an
 * operation waits for half. */
Test(quorum_store, takes_two_round_trips_to_all_servers_for_a_strong_operation)
{
    for (int get = 0; get < 2; get++)
        for (int servers = 1; servers <= 5; servers++) {
            char count[] = "servers=0";
            struct gs_result result;
            count[sizeof(count) - 2] = (char)('0' + servers);
            check(&quorum_store, &(struct gs_config){.settings = LIST(count, "clients=1", get ? "puts=0" : "gets=0")},
                  GS_HOLDS, &result);
            cr_expect(eq(u64, result.depth, (uint64_t)(2 + 4 * (servers - 1))), "%s", count);
            cr_expect(eq(u64, result_of(&result, "all-returned")->steps, (uint64_t)(2 + 4 * (servers / 2))), "%s",
                      count);
            gs_result_free(&result);
        }
}

Test(quorum_store, loses_a_property_with_each_mutant_in_as_few_steps_as_known)
{
    static const struct pinned_mutant pinned[] = {
        {"r1w1", 4},
        {"r1w2", 8},
        {"no-writeback", 11},
        {"local-ts", 14},
        {"wallclock-order", 6},
        {"dyn-quorum", 8},
        {"rollback-delete", 4},
        {"absent-fails", 6},
        {"failed-write-leaks", 11},
        {"replicate-older", 3},
        {"told-on-send", 15},
        {"version-not-durable", 6},
        {"same-version", 11},
    };
    expect_mutants(&quorum_store, pinned, sizeof(pinned) / sizeof(pinned[0]));
}

/* Each claim can fail, too, also those that are declared of no mutant; and some mutants lose several. */
Test(quorum_store, loses_the_other_claims_with_some_mutant)
{
    static const struct lost_claim lost[] = {
        {"r1w1", "strong-is-fresh", "quick", 4},
        {"r1w1", "acked-is-held", "quick", 1},
        {"absent-fails", "all-answered", "small", 4},
    };
    expect_lost(&quorum_store, lost, sizeof(lost) / sizeof(lost[0]));
}

/* ---- R + W ------------------------------------------------------------------------------------------------------- */

static enum gs_verdict linearizable_with(const char *read_quorum, const char *write_quorum, bool *is_stale)
{
    struct gs_result result;
    check(&quorum_store, &(struct gs_config){.settings = LIST("writers=1", read_quorum, write_quorum)}, GS_HOLDS,
          &result);
    const enum gs_verdict verdict = result_of(&result, "linearizable")->verdict;
    *is_stale = result_of(&result, "strong-is-stale")->verdict == GS_VERDICT_PROVED;
    gs_result_free(&result);
    return verdict;
}

Test(quorum_store, is_linearizable_exactly_if_quorums_meet)
{
    static const char *const reads[] = {"read-quorum=1", "read-quorum=2", "read-quorum=3"};
    static const char *const writes[] = {"write-quorum=1", "write-quorum=2", "write-quorum=3"};
    for (int r = 1; r <= 3; r++)
        for (int w = 1; w <= 3; w++) {
            bool is_stale;
            const enum gs_verdict verdict = linearizable_with(reads[r - 1], writes[w - 1], &is_stale);
            cr_expect(eq(int, (int)verdict, r + w > 3 ? (int)GS_VERDICT_PROVED : (int)GS_VERDICT_NOT_CHECKED),
                      "R %d, W %d", r, w);
            cr_expect(eq(int, is_stale, r + w <= 3), "R %d, W %d", r, w);
        }
}

/* ---- During a clean partition, and after it ---------------------------------------------------------------------- */

enum { SERVER0 = 1 << 0, SERVER1 = 1 << 1, CLIENT0 = 1 << 3 };

static void expect_strong_behind_a_cut(const char *operation)
{
    struct gs_result result;
    check_with_cuts(&quorum_store, (struct gs_config){.settings = LIST("clients=1", "give-up=1", operation)}, &result);
    expect_unmet_behind_a_cut(&result, "strong-answers", SERVER0 | CLIENT0);
    expect_met_behind_a_cut(&result, "is-refused", SERVER0 | CLIENT0);
    expect_met_behind_a_cut(&result, "all-returned", SERVER0 | CLIENT0);
    gs_result_free(&result);
}

Test(quorum_store, refuses_strong_operations_in_a_minority)
{
    expect_strong_behind_a_cut("gets=0");
    expect_strong_behind_a_cut("puts=0");
}

/* How many of a strong put and a strong get return while `side` is cut off, and after it. */
static void expect_returns(uint64_t side, int cut, int healed)
{
    char error[400];
    struct gs_run *run =
        run_new(&quorum_store, &(struct run_config){.settings = LIST("clients=1"), .budgets = {.partitions = 1}}, error,
                sizeof(error));
    struct world world = {0};
    cr_assert(run && world_init(&world, run, 1, error), "%s", error);
    const gs_node client = gs_node_at(run, QUORUM_STORE_CLIENT, 0);
    world_start(&world, &(const struct event){.action = ACTION_START, .node = client}, NULL);
    world_apply(&world, &(const struct event){.action = ACTION_PARTITION, .side = side}, NULL);
    deliver_all(&world);
    const void *state = world.locals[3].data;
    cr_expect(eq(int, gs_client_returns(state), cut), "%u", (unsigned)side);
    world_apply(&world, &(const struct event){.action = ACTION_HEAL}, NULL);
    deliver_all(&world);
    state = world.locals[3].data;
    cr_expect(eq(int, gs_client_returns(state), healed), "%u", (unsigned)side);
    world_free(&world);
    run_free(run);
}

Test(quorum_store, answers_strong_operations_in_a_majority)
{
    expect_returns(SERVER0 | SERVER1 | CLIENT0, 2, 2);
    expect_returns(SERVER0 | CLIENT0, 0, 2);
}

/* Canary: what a minority must not do can be seen. */
Test(quorum_store, answers_strong_operations_in_a_minority_if_a_quorum_is_one_of_those_in_sight)
{
    struct gs_result result;
    check(&quorum_store,
          &(struct gs_config){.preset = "partition",
                              .mutants = LIST("dyn-quorum"),
                              .properties = LIST("strong-answers"),
                              .witnesses = true},
          GS_HOLDS, &result);
    expect_met_behind_a_cut(&result, "strong-answers", SERVER0 | CLIENT0);
    gs_result_free(&result);
}

Test(quorum_store, answers_other_operations_in_a_minority_and_stale)
{
    struct gs_result result;
    check_with_cuts(&quorum_store,
                    (struct gs_config){.settings = LIST("clients=1", "puts=0", "gets=0", "eventual-puts=1")}, &result);
    expect_met_behind_a_cut(&result, "eventual-answers", SERVER0 | CLIENT0);
    gs_result_free(&result);

    check_with_cuts(&quorum_store, (struct gs_config){.settings = LIST("clients=1", "puts=0", "gets=0", "weak-gets=1")},
                    &result);
    expect_met_behind_a_cut(&result, "weak-answers", SERVER0 | CLIENT0);
    gs_result_free(&result);

    check_with_cuts(&quorum_store,
                    (struct gs_config){.settings = LIST("writers=1", "readers=1", "puts=0", "gets=0", "eventual-puts=1",
                                                        "eventual-gets=2")},
                    &result);
    expect_met_behind_a_cut(&result, "eventual-is-stale", SERVER0 | CLIENT0);
    gs_result_free(&result);
}

Test(quorum_store, converges_by_anti_entropy_after_a_partition)
{
    struct gs_result result;
    check_with_cuts(&quorum_store,
                    (struct gs_config){.preset = "anti-entropy",
                                       .settings = LIST("clients=1", "eventual-gets=0"),
                                       .budgets = {.drops = 2, .reboots = 1}},
                    &result);
    cr_expect(eq(int, (int)result_of(&result, "converged")->verdict, (int)GS_VERDICT_PROVED));
    gs_result_free(&result);
}

/* Canary: without anti-entropy what is lost is lost. */
Test(quorum_store, does_not_make_up_for_a_lost_message_without_anti_entropy)
{
    struct gs_result result;
    check(&quorum_store, &(struct gs_config){.preset = "anti-entropy", .settings = LIST("anti-entropy=0")}, GS_HOLDS,
          &result);
    expect_verdict(&result, "converged", GS_VERDICT_NOT_CHECKED);
    gs_result_free(&result);
}
