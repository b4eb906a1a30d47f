/* The CRDTs: every preset holds and meets every goal; each mutant is killed in the steps that are known; what a lost
 * message does. */
#include "checker/fuzz.h"
#include "tests/mutant_sample.h"
#include "tests/scale.h"

extern const struct gs_model g_counter, pn_counter, lww_register, mv_register, or_set, or_set_tagged;

static const struct gs_model *const all[] = {&g_counter,   &pn_counter, &lww_register,
                                             &mv_register, &or_set,     &or_set_tagged};
enum { ALL = sizeof(all) / sizeof(all[0]) };

Test(crdt, holds_in_each_preset_and_meets_every_goal_there)
{
    for (int i = 0; i < ALL; i++)
        for (int k = 0; all[i]->presets[k].name; k++) {
            struct gs_result result;
            const char *preset = all[i]->presets[k].name;
            if (all[i] != &g_counter && (strcmp(preset, "channels") == 0 || strcmp(preset, "full") == 0))
                continue; /* up to millions of states: suite.ini has them */
            if (IS_SLOW && strcmp(preset, "full") == 0)
                continue;
            check(all[i], &(struct gs_config){.preset = all[i]->presets[k].name}, GS_HOLDS, &result);
            cr_expect(result.complete, "%s %s", all[i]->name, all[i]->presets[k].name);
            for (int p = 0; all[i]->properties[p].name; p++)
                if (all[i]->properties[p].kind == GS_REACHABLE)
                    expect_verdict(&result, all[i]->properties[p].name, GS_VERDICT_PROVED);
            gs_result_free(&result);
        }
}

static void expect_full(const struct gs_model *model, uint64_t states, uint64_t transitions, uint64_t depth)
{
    struct gs_result result;
    check(model, &(struct gs_config){.preset = "full"}, GS_HOLDS, &result);
    expect_space(&result, states, transitions, depth);
    cr_expect(taken(&result, "partition") > 0 && taken(&result, "heal") > 0);
    cr_expect(eq(u64, result_of(&result, "converged")->verdict, GS_VERDICT_PROVED));
    cr_expect(result_of(&result, "converged")->judged > 0);
    gs_result_free(&result);
}

/* What a replica has seen tells its state: a G-Counter and an MV-Register have as many. */
Test(crdt, has_as_many_states_as_its_updates_make)
{
    expect_full(&g_counter, 55215, 220197, 14);
    expect_full(&mv_register, 55215, 220197, 14);
}

Test(crdt, loses_a_property_with_each_mutant_in_as_few_steps_as_known)
{
    expect_mutants(&g_counter, (const struct pinned_mutant[]){{"merge-sum", 3}, {"merge-last", 3}, {"shared-id", 5}},
                   3);
    expect_mutants(&pn_counter, (const struct pinned_mutant[]){{"single-counter", 2}, {"floor0", 1}}, 2);
    expect_mutants(&lww_register,
                   (const struct pinned_mutant[]){{"no-tiebreak", 4}, {"ge-merge", 4}, {"wall-clock", 2}}, 3);
    expect_mutants(&mv_register,
                   (const struct pinned_mutant[]){{"drop-siblings", 4}, {"keep-dominated", 4}, {"forget-context", 3}},
                   3);
    expect_mutants(&or_set,
                   (const struct pinned_mutant[]){{"union-merge", 4},
                                                  {"tag-reuse", 5},
                                                  {"remove-wins", 3},
                                                  {"vv-only-on-add", 4},
                                                  {"element-eq-by-string", 2}},
                   5);
    expect_mutants(&or_set_tagged,
                   (const struct pinned_mutant[]){{"union-merge", 4}, {"tag-reuse", 6}, {"remove-wins", 4}}, 3);
}

/* Each of the shared claims can fail, too. */
Test(crdt, loses_the_shared_claims_with_some_mutant)
{
    static const struct {
        const struct gs_model *model;
        const char *mutant, *property;
        uint64_t steps;
    } cases[] = {
        {&lww_register, "no-tiebreak", "same-seen-same-state", 4},
        {&lww_register, "no-tiebreak", "converged", 6},
        {&lww_register, "ge-merge", "merge-is-a-join", 2},
        {&g_counter, "merge-last", "merge-is-a-join", 1},
        {&g_counter, "shared-id", "entries-are-own", 3},
        {&or_set, "vv-only-on-add", "tags-are-known", 2},
        {&lww_register, "wall-clock", "writes-follow-their-causes", 2},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct gs_result result;
        expect_mutant(cases[i].model, cases[i].mutant, cases[i].property, (struct gs_config){.preset = "two"},
                      GS_VIOLATION, &result);
        cr_expect(eq(u64, result_of(&result, cases[i].property)->steps, cases[i].steps), "%s %s", cases[i].mutant,
                  cases[i].property);
        gs_result_free(&result);
    }
    struct gs_result result;
    expect_mutant(&mv_register, "drop-siblings", "merge-is-associative", (struct gs_config){.preset = "quick"},
                  GS_VIOLATION, &result);
    gs_result_free(&result);
    expect_mutant(&or_set, "tag-reuse", "states-grow", (struct gs_config){.preset = "reboot"}, GS_VIOLATION, &result);
    cr_expect(eq(u64, result_of(&result, "states-grow")->steps, 2));
    gs_result_free(&result);
}

/* States are sent once: what is lost is not made up for. */
Test(crdt, claims_no_convergence_where_its_only_message_may_be_lost)
{
    static const struct {
        enum gs_network network;
        struct gs_budgets budgets;
        enum gs_verdict converged;
    } cases[] = {{GS_BAG, {.drops = 1}, GS_VERDICT_NOT_CHECKED},
                 {GS_FIFO, {.crashes = 1, .restarts = 1}, GS_VERDICT_NOT_CHECKED},
                 {GS_FIFO, {.reboots = 1}, GS_VERDICT_NOT_CHECKED},
                 {GS_BAG, {.crashes = 1, .restarts = 1}, GS_VERDICT_PROVED},
                 {GS_FIFO, {.partitions = 1}, GS_VERDICT_PROVED}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct gs_result result;
        check(&g_counter,
              &(struct gs_config){
                  .preset = "two", .network = cases[i].network, .no_reductions = true, .budgets = cases[i].budgets},
              GS_HOLDS, &result);
        cr_expect(eq(int, (int)result_of(&result, "converged")->verdict, (int)cases[i].converged), "case %zu", i);
        gs_result_free(&result);
    }
}

/* More than an exhaustive search can take. */
Test(crdt, holds_at_random_with_five_replicas)
{
    for (int i = 0; i < ALL; i++) {
        struct gs_fuzz_result fuzzed;
        const struct gs_fuzz_config config = {.base.settings = LIST("replicas=5", "updates=16"), .runs = 5};
        cr_expect(eq(int, (int)gs_fuzz(all[i], &config, &fuzzed), (int)GS_HOLDS), "%s: %s", all[i]->name,
                  fuzzed.result.error);
        gs_fuzz_result_free(&fuzzed);
    }
}

Test(crdt, converges_among_those_that_are_up)
{
    for (int i = 0; i < ALL; i++) {
        struct gs_result result;
        check(all[i], &(struct gs_config){.settings = LIST("updates=3"), .budgets = {.crashes = 1, .restarts = 1}},
              GS_HOLDS, &result);
        cr_expect(taken(&result, "crash") > 0, "%s", all[i]->name);
        gs_result_free(&result);
    }
}
