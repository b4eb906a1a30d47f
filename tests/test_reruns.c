/* What all runs made of a trace's events tell, against an enumeration of them one by one and an exhaustive search. */
#include "traces/reruns.h"

#include <stdlib.h>

#include "core/model.h"
#include "core/run_setup.h"
#include "protocols/raft.h"
#include "protocols/two_phase_commit.h"
#include "tests/checker_sample.h"
#include "tests/data/orders.c"
#include "tests/scale.h"
#include "traces/enabled.h"

/* ---- Traces on another run ---- */

static struct gs_run *make_run(const struct gs_model *model, const char *preset, const char *const *mutants)
{
    char error[400];
    struct gs_run *run =
        run_new(model, &(struct run_config){.preset = preset, .mutants = mutants}, error, sizeof(error));
    cr_assert(run != NULL, "%s", error);
    return run;
}

/* The same events, on a run of the same model with other mutants. */
static struct trace *move_trace(const struct trace *trace, const struct gs_run *run)
{
    struct trace *moved = trace_new(run, trace->property, trace->explanation, trace->monitors_on);
    for (size_t i = 0; i < trace->start_count; i++)
        trace_append(moved, &trace->starts[i]);
    for (size_t i = 0; i < trace->step_count; i++)
        trace_append(moved, &trace->steps[i]);
    return moved;
}

/* The shortest trace of what a mutant breaks; free the result, which owns it. */
static const struct trace *find_trace(const struct gs_model *model, const struct gs_mutant *mutant,
                                      struct gs_result *result)
{
    const struct gs_config config = {
        .preset = mutant->preset, .mutants = LIST(mutant->name), .properties = LIST(mutant->property), .threads = 1};
    check(model, &config, GS_VIOLATION, result);
    const struct trace *trace = result_of(result, mutant->property)->trace;
    cr_assert(trace != NULL, "%s", mutant->name);
    return trace;
}

static enum reruns_verdict rerun(const struct trace *trace, const struct gs_run *run, size_t states_max,
                                 struct reruns *reruns)
{
    struct trace *moved = move_trace(trace, run);
    reruns_search(moved, &(struct reruns_limits){.states_max = states_max}, reruns);
    trace_free(moved);
    return reruns->verdict;
}

/* What is found is a trace as any other. */
static void expect_replays(const struct trace *found)
{
    struct replay replay;
    trace_replay(found, NULL, NULL, &replay);
    cr_expect(eq(int, (int)replay.end, REPLAY_VIOLATED), "%s", replay.reason);
    cr_expect(eq(str, replay.reason, found->explanation));
}

/* ---- The mutants of what is shipped ---- */

static void expect_mutants_gone(const struct gs_model *model)
{
    for (const struct gs_mutant *mutant = model->mutants; mutant->name; mutant++) {
        struct gs_result result;
        struct reruns reruns;
        if (mutant->liveness || strcmp(mutant->preset, "four-terms") == 0)
            continue; /* has no trace; needs seconds of search */
        const struct trace *trace = find_trace(model, mutant, &result);
        struct gs_run *run = make_run(model, mutant->preset, NULL);
        cr_expect(eq(int, (int)rerun(trace, run, RERUNS_STATES_MAX, &reruns), RERUNS_NONE), "%s: %s", mutant->name,
                  reruns.explanation);
        cr_expect(reruns.found == NULL && reruns.states > 0);
        reruns_free(&reruns);
        cr_expect(eq(int, (int)rerun(trace, result.run, RERUNS_STATES_MAX, &reruns), RERUNS_FOUND), "%s", mutant->name);
        cr_expect(eq(sz, reruns.found->step_count, trace->step_count), "%s: no run is shorter", mutant->name);
        expect_replays(reruns.found);
        reruns_free(&reruns);
        run_free(run);
        gs_result_free(&result);
    }
}

Test(reruns, of_two_phase_commits_mutants_show_nothing_without_the_mutant)
{
    expect_mutants_gone(&two_phase_commit);
}

Test(reruns, of_rafts_mutants_show_nothing_without_the_mutant)
{
    if (!IS_SLOW)
        expect_mutants_gone(&raft);
}

/* Every mutant's trace, on a run with any other mutants: what a search of the whole space does not find, they do not
 * either. */
Test(reruns, show_nothing_where_an_exhaustive_search_finds_nothing)
{
    size_t found = 0;
    for (const struct gs_mutant *mutant = two_phase_commit.mutants; mutant->name; mutant++) {
        struct gs_result result, other;
        const struct trace *trace = find_trace(&two_phase_commit, mutant, &result);
        for (const struct gs_mutant *with = two_phase_commit.mutants; with->name; with++) {
            struct reruns reruns;
            struct gs_run *run = make_run(&two_phase_commit, "small", LIST(with->name));
            gs_check(
                &two_phase_commit,
                &(struct gs_config){
                    .preset = "small", .mutants = LIST(with->name), .properties = LIST("consistent"), .threads = 1},
                &other);
            const bool is_proved = result_of(&other, "consistent")->verdict == GS_VERDICT_PROVED;
            rerun(trace, run, RERUNS_STATES_MAX, &reruns);
            cr_expect(not(is_proved && reruns.verdict != RERUNS_NONE), "%s with %s", mutant->name, with->name);
            if (reruns.verdict == RERUNS_FOUND)
                cr_expect(ge(u64, reruns.found->step_count, result_of(&other, "consistent")->steps));
            found += reruns.verdict == RERUNS_FOUND;
            reruns_free(&reruns);
            gs_result_free(&other);
            run_free(run);
        }
        gs_result_free(&result);
    }
    cr_expect(gt(sz, found, 3), "the traces of some mutants are those of others too");
}

/* ---- Orders: made by hand ---- */

static const struct event place = {.action = ACTION_LOCAL, .type = PLACE, .node = {1}},
                          take_back = {.action = ACTION_LOCAL, .type = TAKE_BACK, .node = {1}},
                          willing = {.action = ACTION_START, .node = {1}, .choice_count = 1, .choices = {1}};
static const uint8_t order_message[sizeof(struct message)] = {ORDER};
static const struct event order = {
    .action = ACTION_DELIVER, .type = ORDER, .node = {2}, .from = {1}, .message = order_message};

/* Reruns the events on orders with those mutants. */
static enum reruns_verdict rerun_orders(unsigned property, const char *const *mutants, const struct event *const *steps,
                                        size_t states_max, struct reruns *reruns)
{
    struct gs_run *run = make_run(&orders, NULL, mutants);
    struct trace *trace = trace_new(run, property, "", 0);
    trace_append(trace, &willing);
    for (size_t i = 0; steps[i]; i++)
        trace_append(trace, steps[i]);
    reruns_search(trace, &(struct reruns_limits){.states_max = states_max}, reruns);
    if (reruns->found)
        expect_replays(reruns->found);
    reruns_free(reruns);
    trace_free(trace);
    run_free(run);
    return reruns->verdict;
}

#define STEPS(...) ((const struct event *const[]){__VA_ARGS__, NULL})
#define EXPECT_RERUNS(expected, property, mutants, ...)                                                             \
    do {                                                                                                            \
        struct reruns reruns;                                                                                       \
        cr_expect(eq(int, (int)rerun_orders(property, mutants, STEPS(__VA_ARGS__), 1000, &reruns), expected), "%s", \
                  reruns.explanation);                                                                              \
    } while (0)

static const unsigned well_behaved = ALL_SHIPPED + 1;

Test(reruns, take_the_events_in_any_order_and_leave_some_out)
{
    EXPECT_RERUNS(RERUNS_FOUND, NONE_SHIPPED_IN_VAIN, NULL, &take_back, &order, &place);
    EXPECT_RERUNS(RERUNS_FOUND, NONE_SHIPPED_IN_VAIN, LIST("sent-late"), &place, &order, &take_back);
    EXPECT_RERUNS(RERUNS_FOUND, NONE_SHIPPED_IN_VAIN, NULL, &place, &order, &take_back, &order, &place);
    EXPECT_RERUNS(RERUNS_NONE, NONE_SHIPPED_IN_VAIN, LIST("refused"), &place, &order, &take_back);
}

Test(reruns, take_no_event_that_the_trace_has_not)
{
    EXPECT_RERUNS(RERUNS_NONE, NONE_SHIPPED_IN_VAIN, NULL, &place, &take_back);
    EXPECT_RERUNS(RERUNS_NONE, SHIPPED, LIST("sent-late"), &place, &order);
}

Test(reruns, take_as_many_other_events_as_are_allowed)
{
    struct gs_run *run = make_run(&orders, NULL, NULL);
    struct trace *trace = trace_new(run, NONE_SHIPPED_IN_VAIN, "", 0);
    trace_append(trace, &place);
    for (unsigned others = 0; others < 4; others++) {
        struct reruns reruns;
        reruns_search(trace, &(struct reruns_limits){.others = others, .states_max = 1000}, &reruns);
        cr_expect(eq(int, (int)reruns.verdict, others < 2 ? RERUNS_NONE : RERUNS_FOUND), "%u", others);
        if (reruns.found)
            expect_replays(reruns.found);
        reruns_free(&reruns);
    }
    trace_free(trace);
    run_free(run);
}

Test(reruns, take_every_choice_of_a_start)
{
    EXPECT_RERUNS(RERUNS_FOUND, NONE_SHIPPED_IN_VAIN, LIST("other-way-round"), &place, &order, &take_back);
}

Test(reruns, judge_steps)
{
    EXPECT_RERUNS(RERUNS_FOUND, NONE_TAKEN_BACK_LATE, NULL, &place, &take_back, &order);
    EXPECT_RERUNS(RERUNS_NONE, NONE_TAKEN_BACK_LATE, LIST("sent-late"), &place, &order, &take_back);
}

Test(reruns, judge_goals)
{
    EXPECT_RERUNS(RERUNS_FOUND, SHIPPED, NULL, &take_back, &place, &order);
    EXPECT_RERUNS(RERUNS_NONE, SHIPPED, LIST("refused"), &place, &order);
}

Test(reruns, judge_quiescent_states)
{
    EXPECT_RERUNS(RERUNS_FOUND, ALL_SHIPPED, LIST("refused"), &place, &take_back, &order);
    EXPECT_RERUNS(RERUNS_NONE, ALL_SHIPPED, LIST("refused"), &place, &take_back);
    EXPECT_RERUNS(RERUNS_NONE, ALL_SHIPPED, NULL, &place, &take_back, &order);
}

Test(reruns, judge_misbehaviour)
{
    EXPECT_RERUNS(RERUNS_FOUND, well_behaved, LIST("asserted", "sent-late"), &place, &order, &take_back);
    EXPECT_RERUNS(RERUNS_NONE, well_behaved, LIST("asserted", "refused"), &place, &order);
    EXPECT_RERUNS(RERUNS_NONE, well_behaved, NULL, &place, &order);
}

Test(reruns, do_not_know_what_is_behind_a_handler_that_misbehaves)
{
    struct reruns reruns;
    cr_expect(
        eq(int,
           (int)rerun_orders(NONE_SHIPPED_IN_VAIN, LIST("asserted"), STEPS(&place, &order, &take_back), 1000, &reruns),
           RERUNS_UNKNOWN));
    cr_expect(strstr(reruns.explanation, "a handler misbehaves in one: shop, on order: gs_assert(") != NULL, "%s",
              reruns.explanation);
}

Test(reruns, stop_at_the_limit)
{
    struct reruns reruns;
    const struct event *const *steps = STEPS(&place, &order, &take_back);
    cr_expect(eq(int, (int)rerun_orders(NONE_SHIPPED_IN_VAIN, LIST("refused"), steps, 7, &reruns), RERUNS_NONE));
    cr_expect(eq(sz, reruns.states, 7));
    cr_expect(eq(int, (int)rerun_orders(NONE_SHIPPED_IN_VAIN, LIST("refused"), steps, 6, &reruns), RERUNS_UNKNOWN));
    cr_expect(eq(str, reruns.explanation, "they reach more than 6 states"));
}

Test(reruns, need_the_budgets_that_the_trace_spends)
{
    struct reruns reruns;
    const struct event crash = {.action = ACTION_CRASH, .node = {2}};
    cr_expect(
        eq(int, (int)rerun_orders(SHIPPED, LIST("refused"), STEPS(&place, &crash), 1000, &reruns), RERUNS_UNKNOWN));
    cr_expect(eq(str, reruns.explanation, "the budget of crashes is 0, but the trace spends 1"));
}

/* ---- Against every run, one after the other ---- */

/* All runs of the events that are left, without any memory of states. */
struct enumeration {
    const struct trace *trace;
    uint64_t left;          /* bit per step of the trace */
    size_t depth, shortest; /* shortest: SIZE_MAX: none shows it */
    const struct world *before;
};

static void enumerate(struct enumeration *all, const struct world *world);

static bool is_alike(const struct event *a, const struct event *b)
{
    return a->action == b->action && a->type == b->type && a->node.tag == b->node.tag && a->from.tag == b->from.tag;
}

static bool enumerate_step(void *context, const struct enabled *enabled)
{
    struct enumeration *all = context;
    const struct replayed replayed = {.number = 1,
                                      .event = enabled->event,
                                      .result = enabled->result,
                                      .before = all->before,
                                      .after = enabled->after};
    char explanation[EXPLANATION_SIZE];
    size_t i = 0;
    while (i < all->trace->step_count && !(all->left >> i & 1 && is_alike(&all->trace->steps[i], enabled->event)))
        i++;
    if (i == all->trace->step_count)
        return true;
    all->left ^= UINT64_C(1) << i;
    all->depth++;
    if (trace_is_shown(all->trace, &replayed, explanation) && all->depth < all->shortest)
        all->shortest = all->depth;
    struct world after = {0};
    world_copy(&after, enabled->after);
    const struct world *before = all->before;
    enumerate(all, &after);
    all->before = before;
    world_free(&after);
    all->depth--;
    all->left ^= UINT64_C(1) << i;
    return true;
}

static void enumerate(struct enumeration *all, const struct world *world)
{
    all->before = world;
    enabled_visit(world, enumerate_step, all);
}

/* Of a model without starts. */
static size_t enumerate_shortest(const struct trace *trace)
{
    struct enumeration all = {.trace = trace, .left = (UINT64_C(1) << trace->step_count) - 1, .shortest = SIZE_MAX};
    struct world world;
    char explanation[EXPLANATION_SIZE];
    cr_assert(trace_world(trace, &world, explanation));
    enumerate(&all, &world);
    world_free(&world);
    return all.shortest;
}

/* A walk of that length, or until nothing can happen. */
struct walking {
    uint64_t random;
    size_t seen;
    struct trace *trace;
    struct event chosen;
    struct world after;
};

static uint64_t draw(uint64_t *random)
{
    *random = *random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *random >> 33;
}

/* Each of the events seen is as likely to stay. */
static bool choose_step(void *context, const struct enabled *enabled)
{
    struct walking *walking = context;
    if (draw(&walking->random) % ++walking->seen == 0) {
        walking->chosen = *enabled->event;
        world_copy(&walking->after, enabled->after);
    }
    return true;
}

static struct trace *walk(const struct gs_run *run, unsigned property, size_t length, uint64_t seed)
{
    struct walking walking = {.random = seed, .trace = trace_new(run, property, "", 0)};
    struct world world;
    char explanation[EXPLANATION_SIZE];
    cr_assert(trace_world(walking.trace, &world, explanation));
    for (size_t i = 0; i < length; i++) {
        walking.seen = 0;
        enabled_visit(&world, choose_step, &walking);
        if (!walking.seen)
            break;
        trace_append(walking.trace, &walking.chosen);
        world_copy(&world, &walking.after);
    }
    world_free(&world);
    world_free(&walking.after);
    return walking.trace;
}

/* Random walks of two-phase commit with one mutant, rerun with another; violations and goals. */
Test(reruns, find_what_enumerating_all_runs_finds, .timeout = 120)
{
    static const char *const mutants[] = {"commit-on-one-vote", "commit-without-votes", "refuse-after-vote", NULL};
    size_t found = 0, none = 0;
    for (uint64_t seed = 0; seed < (IS_SLOW ? 100 : 200); seed++) {
        struct reruns reruns;
        struct gs_run *run = make_run(&two_phase_commit, "small", (const char *const[]){mutants[seed % 4], NULL}),
                      *other = make_run(&two_phase_commit, "small", (const char *const[]){mutants[seed / 4 % 4], NULL});
        struct trace *trace = walk(run, (unsigned)(seed / 16 % run_property_count(run)), 7, seed),
                     *moved = move_trace(trace, other);
        const size_t shortest = enumerate_shortest(moved);
        reruns_search(moved, &(struct reruns_limits){.states_max = RERUNS_STATES_MAX}, &reruns);
        cr_expect(eq(int, (int)reruns.verdict, shortest == SIZE_MAX ? RERUNS_NONE : RERUNS_FOUND), "seed %llu",
                  (unsigned long long)seed);
        if (reruns.found) {
            cr_expect(eq(sz, reruns.found->step_count, shortest), "seed %llu", (unsigned long long)seed);
            expect_replays(reruns.found);
        }
        found += reruns.verdict == RERUNS_FOUND;
        none += reruns.verdict == RERUNS_NONE;
        reruns_free(&reruns);
        trace_free(moved);
        trace_free(trace);
        run_free(other);
        run_free(run);
    }
    cr_expect(found > 20 && none > 20, "%zu found, %zu none", found, none);
}
