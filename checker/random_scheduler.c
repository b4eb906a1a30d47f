/* Uniform and swarm draw a candidate and look whether it is a step; only where that fails too often are all moves
 * listed. What is drawn first and kept is uniform among what is enabled, as if all had been listed. Swarm: Groce,
 * Zhang, Eide, Chen, Regehr, "Swarm Testing" (ISSTA 2012): each run leaves some kinds of events out, and weighs the
 * rest. */
#include "checker/random_scheduler.h"

#include <stdlib.h>
#include <string.h>

#include "checker/random_timed.h"
#include "core/die.h"

enum { TRIES_MOST = 64, ALL_KINDS = (1 << GS_FAULTS) - 1 };

void random_scheduler_free(struct random_scheduler *scheduler)
{
    random_faults_free(&scheduler->faults);
    free(scheduler->list.items);
    free(scheduler->priorities);
}

/* ---- Before the run ---- */

static unsigned draw_weights(struct random_scheduler *scheduler, const struct gs_run *run)
{
    static const uint8_t type_weights[] = {16, 16, 16, 8, 4, 2, 1, 0}, node_weights[] = {16, 16, 8, 2};
    unsigned kinds = 0;
    for (unsigned type = 0; type < run->event_count; type++)
        scheduler->type_weights[type] = type_weights[random_below(&scheduler->stream, sizeof(type_weights))];
    for (unsigned n = 0; n < run->node_count; n++)
        scheduler->node_weights[n] = node_weights[random_below(&scheduler->stream, sizeof(node_weights))];
    for (unsigned kind = 0; kind < GS_FAULTS; kind++)
        kinds |= random_below(&scheduler->stream, 2) << kind;
    return kinds;
}

void random_scheduler_begin(struct random_scheduler *scheduler, const struct random_world *world,
                            const struct random_parameters *parameters, enum gs_strategy strategy, uint64_t run)
{
    unsigned kinds = ALL_KINDS;
    scheduler->strategy = strategy;
    scheduler->stream = random_stream_of(parameters->seed, run);
    scheduler->stream.tape = parameters->tape;
    if (scheduler->timed)
        return;
    if (strategy == GS_STRATEGY_SWARM)
        kinds = draw_weights(scheduler, world->run);
    if (strategy == GS_STRATEGY_PCT)
        random_pct_begin(scheduler, world->run, parameters);
    random_faults_plan(&scheduler->faults, world, &scheduler->stream, parameters->horizon, kinds);
}

/* ---- One step ---- */

enum random_result random_take(struct random_world *world, const struct random_taker *taker,
                               const struct random_move *move)
{
    if (taker->about_to)
        taker->about_to(taker->context, world, move);
    const enum random_result result = random_world_take(world, move);
    if (result == RANDOM_CUT)
        taker->cuts[world->bound]++;
    return result;
}

/* In WEIGHT_WHOLE squared. */
static uint32_t weight_of(const struct random_scheduler *scheduler, unsigned type, unsigned node)
{
    return scheduler->strategy == GS_STRATEGY_SWARM
               ? (uint32_t)scheduler->type_weights[type] * scheduler->node_weights[node]
               : WEIGHT_WHOLE * WEIGHT_WHOLE;
}

/* Swarm: the weight of a node's candidate by its type alone. */
static inline uint32_t weight_at(const struct random_scheduler *scheduler, const struct random_world *world,
                                 unsigned node, uint32_t place)
{
    const struct random_mail *mail = &world->mail[node];
    return scheduler->type_weights[place < mail->count ? random_message(world->tables, node, mail->heads[place]).type
                                                       : random_own_at(world, node, place - mail->count).type];
}

/* Swarm: weighs the candidates of nodes that were touched, all while what may fire is no matter of nodes alone. */
static void weigh(struct random_scheduler *scheduler, struct random_world *world)
{
    if (world->run->budgets[GS_TIMEOUT] >= 0)
        world->touched = ~UINT64_C(0);
    for (unsigned n = 0; n < world->run->node_count; n++) {
        if (!(world->touched >> n & 1))
            continue;
        uint32_t sum = 0;
        for (uint32_t place = 0, count = random_node_candidates(world, n); place < count; place++)
            sum += weight_at(scheduler, world, n, place);
        scheduler->weights[n] = scheduler->node_weights[n] * sum;
    }
    world->touched = 0;
}

/* Swarm: a candidate drawn by weight. False: there is none that is not off. */
static bool draw_weighed(struct random_scheduler *scheduler, struct random_world *world,
                         struct random_candidate *candidate)
{
    uint32_t sum = 0;
    weigh(scheduler, world);
    for (unsigned n = 0; n < world->run->node_count; n++)
        sum += scheduler->weights[n];
    if (!sum)
        return false;
    uint32_t left = random_below(&scheduler->stream, sum), place = 0;
    unsigned node = 0;
    for (; left >= scheduler->weights[node]; node++)
        left -= scheduler->weights[node];
    left /= scheduler->node_weights[node];
    for (uint32_t weight; left >= (weight = weight_at(scheduler, world, node, place)); place++)
        left -= weight;
    *candidate = random_candidate_of(world, node, place);
    return true;
}

/* False: there is none that is not off. */
static bool draw_candidate(struct random_scheduler *scheduler, struct random_world *world,
                           struct random_candidate *candidate)
{
    if (scheduler->strategy == GS_STRATEGY_SWARM)
        return draw_weighed(scheduler, world, candidate);
    const uint32_t count = random_candidate_count(world);
    if (count)
        *candidate = random_candidate_at(world, random_below(&scheduler->stream, count));
    return count;
}

static uint32_t move_weight(const struct random_scheduler *scheduler, const struct random_world *world,
                            const struct random_move *move)
{
    struct event event;
    random_world_event(world, move, &event);
    return weight_of(scheduler, event.type, move->node);
}

/* The exact draw, from all moves. */
static enum random_result draw_from_all(struct random_scheduler *scheduler, struct random_world *world,
                                        const struct random_taker *taker, struct random_move *move)
{
    struct random_move_list *list = &scheduler->list;
    uint32_t sum = 0;
    random_moves_list(world, list);
    for (size_t i = 0; i < list->count; i++)
        sum += move_weight(scheduler, world, &list->items[i]);
    if (!sum)
        return RANDOM_SAME;
    uint32_t left = random_below(&scheduler->stream, sum);
    size_t i = 0;
    for (uint32_t weight; (weight = move_weight(scheduler, world, &list->items[i])) <= left; i++)
        left -= weight;
    *move = list->items[i];
    return random_take(world, taker, move);
}

static enum random_result draw(struct random_scheduler *scheduler, struct random_world *world,
                               const struct random_taker *taker, struct random_move *move)
{
    struct random_candidate candidate;
    for (unsigned tries = 0; tries < TRIES_MOST; tries++) {
        if (!draw_candidate(scheduler, world, &candidate))
            return RANDOM_SAME;
        random_candidate_move(world, &candidate, &scheduler->stream, move);
        const enum random_result result = random_take(world, taker, move);
        if (result == RANDOM_STEP || result == RANDOM_MISBEHAVES)
            return result;
    }
    return draw_from_all(scheduler, world, taker, move);
}

/* A fault that is planned up to a step. */
static enum random_result take_fault(struct random_scheduler *scheduler, struct random_world *world, uint64_t until,
                                     const struct random_taker *taker, struct random_move *move)
{
    while (random_faults_draw(&scheduler->faults, world, until, &scheduler->stream, move)) {
        const enum random_result result = random_take(world, taker, move);
        if (result == RANDOM_STEP || result == RANDOM_MISBEHAVES)
            return result;
    }
    return RANDOM_SAME;
}

enum random_result random_scheduler_step(struct random_scheduler *scheduler, struct random_world *world,
                                         const struct random_taker *taker, struct random_move *move)
{
    enum random_result result = RANDOM_SAME;
    if (scheduler->timed)
        return random_timed_step(scheduler->timed, scheduler, world, taker, move);
    if (random_faults_are_due(&scheduler->faults, world->depth))
        result = take_fault(scheduler, world, world->depth, taker, move);
    if (result == RANDOM_SAME)
        result = scheduler->strategy == GS_STRATEGY_PCT ? random_pct_step(scheduler, world, taker, move)
                                                        : draw(scheduler, world, taker, move);
    /* Nothing goes on by itself: a fault that was to come later may be what it waits for. */
    return result == RANDOM_SAME ? take_fault(scheduler, world, UINT64_MAX, taker, move) : result;
}
