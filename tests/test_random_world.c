/* The random search's own state against core's world and against all that the exhaustive search meets, on random
 * protocols, which use everything that a model may have. */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "checker/hash_set.h"
#include "checker/plan.h"
#include "checker/random_audit.h"
#include "checker/run_config.h"
#include "core/die.h"
#include "core/run_setup.h"
#include "tests/reference/compare.h"
#include "traces/enabled.h"

enum { SEEDS = 60, RUNS = 30, STEPS = 120 };

/* Random runs of one random protocol, in which nothing stops a run. */
struct trial {
    struct random_protocol protocol;
    struct gs_result result;
    struct plan plan;
    pthread_mutex_t lock;
    struct random_runner runner;
    struct random_audit audit;
    struct random_observer observer;
    uint64_t steps, decided; /* of all runs; decided: a hash of what they decided */
    uint64_t any;            /* properties that some run decided */
};

static bool begin(struct trial *trial, struct random_protocol protocol, size_t memory_limit)
{
    pthread_mutexattr_t attributes;
    memset(trial, 0, sizeof(*trial));
    trial->protocol = protocol;
    random_protocol_select(&trial->protocol);
    if (!plan_make(protocol.model, &protocol.config, &trial->plan, &trial->result))
        return false;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&trial->lock, &attributes);
    trial->runner = (struct random_runner){
        .scope = {.run = trial->result.run,
                  .on = trial->plan.on,
                  .monitors_on = trial->plan.monitors_on,
                  .lock = &trial->lock},
        .parameters = {.seed = protocol.seed, .horizon = STEPS / 4, .steps = STEPS, .pct_depth = 3},
        .memory_limit = memory_limit,
        .look_every = 3};
    random_runner_begin(&trial->runner);
    random_audit_init(&trial->audit, &trial->runner.scope, trial->runner.tables->engine.cut_copies);
    trial->observer = random_audit_observer(&trial->audit);
    trial->runner.observer = &trial->observer;
    return true;
}

static void run_all(struct trial *trial)
{
    for (uint64_t run = 0; run < RUNS; run++) {
        struct random_outcome outcome;
        random_audit_begin(&trial->audit, run);
        random_runner_run(&trial->runner, run, (enum gs_strategy)(GS_STRATEGY_UNIFORM + run % 3), &outcome);
        trial->steps += outcome.steps;
        trial->decided = trial->decided * 31 + outcome.decided;
        trial->any |= outcome.decided;
    }
}

static void end(struct trial *trial)
{
    random_runner_end(&trial->runner);
    random_audit_free(&trial->audit);
    pthread_mutex_destroy(&trial->lock);
    gs_result_free(&trial->result);
}

Test(random_world, makes_the_same_steps_as_cores_world)
{
    uint64_t steps = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct random_protocol protocol = random_protocol_make(seed, 0);
        struct trial trial;
        cr_assert(begin(&trial, protocol, SIZE_MAX), "seed %lu: %s", (unsigned long)seed, trial.result.error);
        run_all(&trial);
        cr_expect(eq(str, trial.audit.difference, ""), "seed %lu", (unsigned long)seed);
        steps += trial.steps;
        end(&trial);
        random_protocol_free(&protocol);
    }
    cr_expect(gt(u64, steps, SEEDS * RUNS * 5), "only %lu steps were compared", (unsigned long)steps);
}

Test(random_world, a_run_does_not_depend_on_what_is_forgotten)
{
    for (uint64_t seed = 1; seed <= SEEDS / 3; seed++) {
        struct random_protocol protocol = random_protocol_make(seed, 1);
        struct trial trial, forgetful;
        cr_assert(begin(&trial, protocol, SIZE_MAX) && begin(&forgetful, protocol, 1));
        run_all(&trial);
        run_all(&forgetful);
        cr_expect(eq(str, forgetful.audit.difference, ""), "seed %lu", (unsigned long)seed);
        cr_expect(eq(u64, forgetful.steps, trial.steps), "seed %lu", (unsigned long)seed);
        cr_expect(eq(u64, forgetful.decided, trial.decided), "seed %lu", (unsigned long)seed);
        cr_expect(eq(u64, trial.runner.forgotten, 0));
        cr_expect(ge(u64, forgetful.runner.forgotten, RUNS));
        end(&trial);
        end(&forgetful);
        random_protocol_free(&protocol);
    }
}

/* ---- All states, by core's world ---- */

/* All that a state is, budgets and monitors included. */
static uint64_t hash_of(const struct world *world)
{
    XXH3_state_t *state = XXH3_createState();
    XXH3_64bits_reset(state);
    for (unsigned n = 0; n < world->run->node_count; n++) {
        XXH3_64bits_update(state, world->locals[n].data, world->locals[n].size);
        XXH3_64bits_update(state, &world->inboxes[n].size, sizeof(size_t));
        if (world->inboxes[n].size)
            XXH3_64bits_update(state, world->inboxes[n].data, world->inboxes[n].size);
    }
    for (unsigned m = 0; m < WORLD_MONITORS_MAX; m++)
        if (world->monitors_on >> m & 1)
            XXH3_64bits_update(state, world->monitors[m].data, world->monitors[m].size);
    XXH3_64bits_update(state, world->spent, sizeof(world->spent));
    XXH3_64bits_update(state, &world->side, sizeof(world->side));
    const uint64_t hash = XXH3_64bits_digest(state);
    XXH3_freeState(state);
    return hash;
}

struct all_states {
    struct hash_set met;
    struct world *queue;
    size_t count, capacity;
};

static void meet(struct all_states *all, const struct world *world)
{
    const size_t before = all->met.count;
    hash_set_add(&all->met, hash_of(world));
    if (all->met.count == before)
        return;
    all->queue = die_grow(all->queue, &all->capacity, all->count + 1, sizeof(*all->queue));
    memset(&all->queue[all->count], 0, sizeof(struct world));
    world_copy(&all->queue[all->count++], world);
}

static bool meet_successor(void *context, const struct enabled *enabled)
{
    if (enabled->result == WORLD_STEP)
        meet(context, enabled->after);
    return true;
}

/* START of the nodes from this one on, with every branch. */
struct starting {
    struct all_states *all;
    unsigned node;
};

static void start_from(struct all_states *all, const struct world *world, unsigned node);

static bool start_next(void *context, const struct enabled *enabled)
{
    const struct starting *starting = context;
    struct world copy = {0};
    if (enabled->result != WORLD_STEP)
        return true;
    world_copy(&copy, enabled->after);
    start_from(starting->all, &copy, starting->node + 1);
    world_free(&copy);
    return true;
}

static void start_from(struct all_states *all, const struct world *world, unsigned node)
{
    const struct gs_run *run = world->run;
    while (node < run->node_count && !run_role_of(run, node)->starts)
        node++;
    struct starting starting = {all, node};
    const struct event event = {.action = ACTION_START, .node = node_of(node)};
    if (node == run->node_count)
        meet(all, world);
    else
        enabled_visit_branches(world, &event, start_next, &starting);
}

static void meet_all(struct all_states *all, const struct trial *trial)
{
    struct world world;
    char explanation[EXPLANATION_SIZE];
    cr_assert(world_init(&world, trial->result.run, trial->plan.monitors_on, explanation));
    world.cut_instead_of_absorbing = trial->runner.tables->engine.cut_copies;
    start_from(all, &world, 0);
    world_free(&world);
    for (size_t i = 0; i < all->count; i++) {
        struct world now = {0};
        world_copy(&now, &all->queue[i]); /* the queue may move */
        enabled_visit(&now, meet_successor, all);
        world_free(&now);
        world_free(&all->queue[i]);
    }
    free(all->queue);
}

struct watching {
    const struct random_audit *audit; /* whose world is the random run's, as it was compared with it */
    struct all_states *all;
    uint64_t outside, looked;
    struct random_observer inner;
};

static void watch(void *context, const struct random_world *world, const struct event *event, enum random_result result)
{
    struct watching *watching = context;
    watching->inner.taken(watching->inner.context, world, event, result);
    if (event->action == ACTION_START || result != RANDOM_STEP)
        return;
    const size_t before = watching->all->met.count;
    hash_set_add(&watching->all->met, hash_of(&watching->audit->world));
    watching->outside += watching->all->met.count != before;
    watching->looked++;
}

/* What was decided at random must be decided by the whole search too. Returns how many properties were. */
static unsigned expect_decided(const struct trial *trial, const struct gs_result *whole)
{
    unsigned decided = 0;
    for (size_t i = 0; i < whole->property_count; i++) {
        const struct gs_property_result *property = &whole->properties[i];
        const bool is_goal = property->property && property->property->kind == GS_REACHABLE;
        const enum gs_verdict decides = is_goal ? GS_VERDICT_PROVED : GS_VERDICT_VIOLATED;
        if (!(trial->any >> i & 1))
            continue;
        decided++;
        cr_expect(eq(int, (int)property->verdict, (int)decides), "seed %lu: %s", (unsigned long)trial->protocol.seed,
                  property->name);
    }
    return decided;
}

Test(random_world, meets_no_state_that_the_exhaustive_search_does_not_meet, .timeout = 120)
{
    uint64_t looked = 0;
    unsigned decided = 0;
    for (uint64_t seed = 1; seed <= SEEDS / 3; seed++) {
        struct reference_result plain;
        struct gs_result whole;
        struct random_protocol protocol = compare_fit(seed, &plain);
        struct trial trial;
        struct all_states all = {.count = 0};
        cr_assert(begin(&trial, protocol, SIZE_MAX));
        meet_all(&all, &trial);
        struct gs_config config = protocol.config;
        config.no_reductions = config.keep_going = true;
        gs_check(protocol.model, &config, &whole);
        if (whole.complete)
            cr_expect(eq(u64, all.met.count, whole.states), "seed %lu", (unsigned long)seed);
        struct watching watching = {.audit = &trial.audit, .all = &all, .inner = trial.observer};
        const struct random_observer observer = {watch, &watching};
        trial.runner.observer = &observer;
        run_all(&trial);
        cr_expect(eq(u64, watching.outside, 0), "seed %lu", (unsigned long)seed);
        cr_expect(eq(str, trial.audit.difference, ""), "seed %lu", (unsigned long)seed);
        looked += watching.looked;
        decided += whole.complete ? expect_decided(&trial, &whole) : 0;
        gs_result_free(&whole);
        hash_set_free(&all.met);
        end(&trial);
        random_protocol_free(&protocol);
    }
    cr_expect(gt(u64, looked, 1000));
    cr_expect(gt(u32, decided, 10));
}
