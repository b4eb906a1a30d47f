/* Probabilistic concurrency testing: Burckhardt, Kothari, Musuvathi, Nagarakatte, "A Randomized Scheduler with
 * Probabilistic Guarantees of Finding Bugs" (ASPLOS 2010), section 3. Threads have random priorities, the highest that
 * can move does; at d - 1 random steps the thread that would move goes behind all others. A bug of depth d is met with
 * a probability of at least 1 / (n k^(d-1)), n threads, k steps. A thread here is a channel (sender, receiver) or a
 * node's timers or local events of one type; within a thread the draw is uniform. */
#include "checker/random_scheduler.h"

#include <stdlib.h>

#include "core/die.h"

enum { REFUSALS_MOST = 16 }; /* candidates that turn out to be no step, before all moves are listed */

static uint32_t channel_thread(const struct gs_run *run, unsigned node, unsigned from)
{
    return node * run->node_count + from;
}

static uint32_t own_thread(const struct gs_run *run, unsigned node, unsigned type)
{
    return run->node_count * run->node_count + node * run->event_count + type;
}

uint64_t random_thread_count(const struct gs_run *run)
{
    uint64_t count = (uint64_t)run->node_count * run->node_count;
    for (unsigned type = 0; type < run->event_count; type++)
        if (run->model->events[type].kind != GS_MESSAGE)
            count += run->count[run->model->events[type].role];
    return count;
}

static int compare_steps(const void *a, const void *b)
{
    const uint64_t one = *(const uint64_t *)a, two = *(const uint64_t *)b;
    return one < two ? -1 : one > two;
}

void random_pct_begin(struct random_scheduler *scheduler, const struct gs_run *run,
                      const struct random_parameters *parameters)
{
    const uint32_t steps = parameters->horizon < UINT32_MAX ? (uint32_t)parameters->horizon : UINT32_MAX;
    const size_t threads = (size_t)run->node_count * (run->node_count + run->event_count);
    must(parameters->pct_depth >= 1 && parameters->pct_depth <= PCT_DEPTH_MAX);
    scheduler->priorities =
        die_grow(scheduler->priorities, &scheduler->priority_capacity, threads, sizeof(*scheduler->priorities));
    for (size_t i = 0; i < threads; i++) /* above those of threads that are sent back */
        scheduler->priorities[i] = random_next(&scheduler->stream) | PCT_DEPTH_MAX;
    scheduler->change_count = parameters->pct_depth - 1;
    scheduler->changed = 0;
    for (unsigned i = 0; i < scheduler->change_count; i++)
        scheduler->changes[i] = random_below(&scheduler->stream, steps ? steps : 1);
    qsort(scheduler->changes, scheduler->change_count, sizeof(*scheduler->changes), compare_steps);
}

/* Sends the thread behind all others if a step for that has come. True: look again who is the first. */
static bool meets_change_point(struct random_scheduler *scheduler, uint32_t thread, uint64_t depth)
{
    if (scheduler->changed == scheduler->change_count || scheduler->changes[scheduler->changed] > depth)
        return false;
    scheduler->priorities[thread] = scheduler->change_count - scheduler->changed++;
    return true;
}

/* Of what can be drawn the thread of the highest priority, and one of what it can do, all alike probable. */
struct best {
    struct random_scheduler *scheduler;
    const uint32_t *refused; /* candidates that are left out */
    unsigned refused_count;
    uint64_t priority;              /* 0: none is found yet */
    uint32_t thread, count, number; /* count: of the thread's; number: of the one that is drawn */
};

static bool is_refused(const struct best *best, uint32_t number)
{
    bool found = false;
    for (unsigned i = 0; i < best->refused_count; i++)
        found |= best->refused[i] == number;
    return found;
}

static inline void look_at(struct best *best, uint32_t number, uint32_t thread)
{
    const uint64_t priority = best->scheduler->priorities[thread];
    if (priority < best->priority || is_refused(best, number))
        return;
    best->count = best->priority && best->thread == thread ? best->count + 1 : 1;
    best->thread = thread;
    best->priority = priority;
    /* each of a thread's takes the place of those before it with the probability that makes all alike */
    if (best->count == 1 || random_below(&best->scheduler->stream, best->count) == 0)
        best->number = number;
}

/* By their numbers. */
static void look_at_candidates(struct best *best, const struct random_world *world)
{
    uint32_t number = 0;
    for (unsigned n = 0; n < world->run->node_count; n++) {
        if (!random_is_up(world, n))
            continue;
        for (uint32_t i = 0, count = world->mail[n].count; i < count; i++) {
            const struct message_card card = random_message(world->tables, n, world->mail[n].heads[i]);
            look_at(best, number++, channel_thread(world->run, n, card.from));
        }
        for (uint32_t i = 0, count = random_own_count(world, n); i < count; i++)
            look_at(best, number++, own_thread(world->run, n, random_own_at(world, n, i).type));
    }
}

static uint32_t thread_of(const struct random_world *world, const struct random_move *move)
{
    struct event event;
    random_world_event(world, move, &event);
    return move->action == ACTION_DELIVER ? channel_thread(world->run, move->node, node_number(event.from))
                                          : own_thread(world->run, move->node, event.type);
}

/* From the list of all moves; numbers are places in it. */
static enum random_result step_from_all(struct random_scheduler *scheduler, struct random_world *world,
                                        const struct random_taker *taker, struct random_move *move)
{
    struct random_move_list *list = &scheduler->list;
    struct best best;
    random_moves_list(world, list);
    do {
        best = (struct best){.scheduler = scheduler};
        for (size_t i = 0; i < list->count; i++)
            look_at(&best, (uint32_t)i, thread_of(world, &list->items[i]));
    } while (best.priority && meets_change_point(scheduler, best.thread, world->depth));
    if (!best.priority)
        return RANDOM_SAME;
    *move = list->items[best.number];
    return random_take(world, taker, move);
}

enum random_result random_pct_step(struct random_scheduler *scheduler, struct random_world *world,
                                   const struct random_taker *taker, struct random_move *move)
{
    uint32_t refused[REFUSALS_MOST];
    for (unsigned count = 0; count < REFUSALS_MOST; count++) {
        struct best best;
        do {
            best = (struct best){.scheduler = scheduler, .refused = refused, .refused_count = count};
            look_at_candidates(&best, world);
        } while (best.priority && meets_change_point(scheduler, best.thread, world->depth));
        if (!best.priority)
            break;
        refused[count] = best.number;
        const struct random_candidate candidate = random_candidate_at(world, best.number);
        random_candidate_move(world, &candidate, &scheduler->stream, move);
        const enum random_result result = random_take(world, taker, move);
        if (result == RANDOM_STEP || result == RANDOM_MISBEHAVES)
            return result;
    }
    return step_from_all(scheduler, world, taker, move);
}
