/* The store of CRDTs: it comes to rest and has converged there in each preset; each mutant is killed in the steps that
 * are known; what a tick costs; what both sides of a partition do. */
#include "protocols/crdt_store.h"

#include "core/run_setup.h"
#include "core/world.h"
#include "tests/broken_sample.h"
#include "tests/deliver_all.h"
#include "tests/mutant_sample.h"

Test(crdt_store, holds_in_each_preset_and_meets_its_goals)
{
    for (int i = 0; crdt_store.presets[i].name; i++) {
        struct gs_result result;
        const char *preset = crdt_store.presets[i].name;
        if (strcmp(preset, "full") == 0 || strcmp(preset, "crash") == 0)
            continue; /* millions of states: suite.ini has them */
        check(&crdt_store, &(struct gs_config){.preset = preset}, GS_HOLDS, &result);
        cr_expect(result.complete, "%s", preset);
        cr_expect(result_of(&result, "converged")->judged > 0, "%s comes to rest", preset);
        gs_result_free(&result);
    }
}

Test(crdt_store, has_the_sizes_that_are_known)
{
    struct gs_result result;
    check(&crdt_store, NULL, GS_HOLDS, &result);
    expect_space(&result, 38827, 124879, 22);
    gs_result_free(&result);
    check(&crdt_store, &(struct gs_config){.preset = "push-pull"}, GS_HOLDS, &result);
    expect_space(&result, 3079, 9694, 18);
    gs_result_free(&result);
}

Test(crdt_store, loses_a_property_with_each_mutant_in_as_few_steps_as_known)
{
    static const struct pinned_mutant pinned[] = {
        {"shared-id", 7}, {"type-confusion", 3},  {"default-lww-set", 2}, {"delta-ack-on-send", 3},
        {"no-rearm", 3},  {"ack-any-version", 5}, {"no-forward", 9},
    };
    expect_mutants(&crdt_store, pinned, sizeof(pinned) / sizeof(pinned[0]));
}

/* Whoever is taken for told, and is not, is not told later either. */
Test(crdt_store, does_not_converge_with_stores_that_are_wrongly_taken_for_told)
{
    struct gs_result result;
    expect_mutant(&crdt_store, "delta-ack-on-send", "told-is-known", (struct gs_config){.preset = "quick"},
                  GS_VIOLATION, &result);
    cr_expect(eq(u64, result_of(&result, "told-is-known")->steps, 2));
    gs_result_free(&result);
    expect_mutant(&crdt_store, "ack-any-version", "converged", (struct gs_config){.preset = "quick"}, GS_VIOLATION,
                  &result);
    cr_expect(eq(u64, result_of(&result, "converged")->steps, 8));
    gs_result_free(&result);
    expect_mutant(&crdt_store, "delta-ack-on-send", "converged", (struct gs_config){.preset = "one-update"},
                  GS_VIOLATION, &result);
    expect_reason(&result, "converged", "nothing is left to do, and key counter is not the same in store0 and store1");
    gs_result_free(&result);
}

/* The store merges by the types' rules, with none of their mutants: those are at the same numbers. */
Test(crdt_store, has_no_mutant_of_its_types)
{
    struct gs_result result;
    expect_mutant(&crdt_store, "shared-id", "same-seen-same-value",
                  (struct gs_config){.settings = LIST("counter=0", "register=1")}, GS_HOLDS, &result);
    gs_result_free(&result);
    expect_mutant(&crdt_store, "type-confusion", "same-seen-same-value",
                  (struct gs_config){.settings = LIST("counter=0", "register=1")}, GS_HOLDS, &result);
    gs_result_free(&result);
}

/* Each part of the store is laid out as a replica of its type. */
Test(crdt_store, keeps_replicas_of_its_types)
{
    static const size_t sizes[STORE_KEYS] = {sizeof(struct store_counter), sizeof(struct store_balance),
                                             sizeof(struct store_register), sizeof(struct store_set)};
    for (int key = 0; key < STORE_KEYS; key++)
        cr_expect(eq(sz, store_type(key)->replica_size, sizes[key]), "key %d", key);
}

/* protocols.md 8.3: two messages a tick. With one tick and one update every message comes once in the longest run. */
Test(crdt_store, takes_two_messages_a_tick)
{
    static const char *const kinds[] = {"gossip=push", "gossip=push-pull", "gossip=delta"};
    for (int i = 0; i < 3; i++) {
        struct gs_result result;
        check(&crdt_store,
              &(struct gs_config){.settings = LIST("updates=1", kinds[i]),
                                  .network = GS_BAG,
                                  .budgets = {.timeouts = 1},
                                  .no_reductions = true},
              GS_HOLDS, &result);
        cr_expect(eq(u64, result.depth, 4), "%s: the update, a tick, a push and its answer", kinds[i]);
        cr_expect(eq(u64, result_of(&result, "caught-up")->steps, 3), "%s", kinds[i]);
        gs_result_free(&result);
    }
}

/* protocols.md 8.2: both sides go on writing, and when the links are healed they converge. */
Test(crdt_store, writes_on_both_sides_of_a_partition)
{
    struct gs_result result;
    check_with_cuts(&crdt_store, (struct gs_config){.preset = "quick"}, &result);
    expect_met_behind_a_cut(&result, "diverged", 1 << 0);
    expect_unmet_behind_a_cut(&result, "caught-up", 1 << 0);
    cr_expect(eq(u64, result_of(&result, "converged")->verdict, GS_VERDICT_PROVED));
    gs_result_free(&result);
}

/* The first message in flight is lost, in a copy. */
struct loss {
    const struct world *world;
    bool is_found;
    struct world next;
};

static void try_loss(void *context, const struct event *event)
{
    struct loss *loss = context;
    if (loss->is_found || event->action != ACTION_DROP)
        return;
    world_copy(&loss->next, loss->world);
    loss->is_found = world_apply(&loss->next, event, NULL) == WORLD_STEP;
}

static void lose_a_message(struct world *world)
{
    struct loss loss = {.world = world};
    world_visit(world, try_loss, &loss);
    cr_assert(loss.is_found);
    world_copy(world, &loss.next);
    world_free(&loss.next);
}

static void expect_recovery(const char *kind)
{
    char error[400];
    struct gs_run *run =
        run_new(&crdt_store,
                &(struct run_config){.settings = LIST("updates=1", kind), .network = GS_BAG, .budgets = {.drops = 1}},
                error, sizeof(error));
    struct world world = {0};
    cr_assert(run && world_init(&world, run, 0, error), "%s", error);
    const gs_node first = gs_node_at(run, STORE, 0);
    const struct event increment = {.action = ACTION_LOCAL, .type = STORE_INCREMENT, .node = first};
    const struct event tick = {.action = ACTION_TIMER, .type = STORE_GOSSIP, .node = first};
    cr_expect(eq(int, world_apply(&world, &increment, NULL), WORLD_STEP));
    cr_expect(eq(int, world_apply(&world, &tick, NULL), WORLD_STEP));
    lose_a_message(&world);
    cr_expect(eq(int, deliver_all(&world), 0));
    cr_expect(eq(int, world_apply(&world, &tick, NULL), WORLD_STEP), "%s: nobody is told again", kind);
    cr_expect(eq(int, deliver_all(&world), 2), "%s: a push and its answer", kind);
    cr_expect(eq(int, world_apply(&world, &tick, NULL), WORLD_NOT_ENABLED), "%s: no rest", kind);
    for (int k = 0; k < 2; k++) {
        const struct store *store = (const void *)world.locals[k].data;
        cr_expect(eq(int, store->contents.counter.counter.entries[0], 1), "%s: store%d", kind, k);
    }
    world_free(&world);
    run_free(run);
}

/* protocols.md C18: a delta is lost, and recovered. */
Test(crdt_store, tells_again_what_was_lost)
{
    expect_recovery("gossip=push");
    expect_recovery("gossip=push-pull");
    expect_recovery("gossip=delta");
}
