/* Probabilistic concurrency testing: Burckhardt, Kothari, Musuvathi, Nagarakatte, "A Randomized Scheduler with
 * Probabilistic Guarantees of Finding Bugs" (ASPLOS 2010), section 3. Threads have random priorities, the highest that
 * can move does; at d - 1 random steps the thread that would move goes behind all others. A bug of depth d is met with
 * a probability of at least 1 / (n k^(d-1)), n threads, k steps. A thread here is a channel (sender, receiver) or a
 * node's timers or local events of one type; within a thread the draw is uniform. */
#include "checker/random_scheduler.h"

#include <stdlib.h>

#include "core/die.h"

enum { REFUSALS_MOST = 16 }; /* candidates that turn out to be no step, before all moves are listed */

static uint32_t thread_of(const struct random_world *world, const struct random_candidate *candidate)
{
    const uint32_t nodes = world->run->node_count;
    return candidate->action == ACTION_DELIVER
               ? candidate->node * nodes + candidate->from
               : nodes * nodes + candidate->node * world->run->event_count + candidate->type;
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
    const struct random_world *world;
    const uint32_t *refused; /* candidates that are left out */
    unsigned refused_count;
    uint64_t priority;
    uint32_t thread, count, number; /* count: of the thread's; number: of the one that is drawn */
    struct random_candidate candidate;
    bool found;
};

static bool is_refused(const struct best *best, uint32_t number)
{
    bool found = false;
    for (unsigned i = 0; i < best->refused_count; i++)
        found |= best->refused[i] == number;
    return found;
}

static void look_at(void *context, uint32_t number, const struct random_candidate *candidate)
{
    struct best *best = context;
    const uint32_t thread = thread_of(best->world, candidate);
    const uint64_t priority = best->scheduler->priorities[thread];
    if ((best->found && priority < best->priority) || is_refused(best, number))
        return;
    if (best->found && best->thread == thread) {
        best->count++;
    } else {
        best->found = true;
        best->thread = thread;
        best->priority = priority;
        best->count = 1;
    }
    /* each of a thread's takes the place of those before it with the probability that makes all alike */
    if (best->count == 1 || random_below(&best->scheduler->stream, best->count) == 0) {
        best->candidate = *candidate;
        best->number = number;
    }
}

static struct random_candidate candidate_of(const struct random_world *world, const struct random_move *move)
{
    struct event event;
    random_world_event(world, move, &event);
    return (struct random_candidate){
        .node = move->node, .action = move->action, .type = event.type, .from = (uint8_t)(event.from.tag - 1)};
}

/* From the list of all moves; numbers are places in it. */
static enum random_result step_from_all(struct random_scheduler *scheduler, struct random_world *world,
                                        const struct random_taker *taker, struct random_move *move)
{
    struct random_move_list *list = &scheduler->list;
    struct best best;
    random_moves_list(world, list);
    do {
        best = (struct best){.scheduler = scheduler, .world = world};
        for (size_t i = 0; i < list->count; i++) {
            const struct random_candidate candidate = candidate_of(world, &list->items[i]);
            look_at(&best, (uint32_t)i, &candidate);
        }
    } while (best.found && meets_change_point(scheduler, best.thread, world->depth));
    if (!best.found)
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
            best = (struct best){.scheduler = scheduler, .world = world, .refused = refused, .refused_count = count};
            random_candidates_visit(world, look_at, &best);
        } while (best.found && meets_change_point(scheduler, best.thread, world->depth));
        if (!best.found)
            break;
        refused[count] = best.number;
        random_candidate_move(world, &best.candidate, &scheduler->stream, move);
        const enum random_result result = random_take(world, taker, move);
        if (result == RANDOM_STEP || result == RANDOM_MISBEHAVES)
            return result;
    }
    return step_from_all(scheduler, world, taker, move);
}
