/* Probabilistic concurrency testing: Burckhardt, Kothari, Musuvathi, Nagarakatte, "A Randomized Scheduler with
 * Probabilistic Guarantees of Finding Bugs" (ASPLOS 2010), section 3. Threads have random priorities, the highest that
 * can move does; at d - 1 random steps the thread that would move goes behind all others. A bug of depth d is met with
 * a probability of at least 1 / (n k^(d-1)), n threads, k steps. A thread here is a channel (sender, receiver) or a
 * node's timers or local events of one type; within a thread the draw is uniform. */
#include "checker/random_scheduler.h"

#include "core/die.h"

enum { REFUSALS_MOST = 16 }; /* candidates that turn out to be no step, before all moves are listed */

static uint32_t thread_of(const struct random_world *world, const struct random_candidate *candidate)
{
    const uint32_t nodes = world->run->node_count;
    return candidate->action == ACTION_DELIVER ? candidate->node * nodes + candidate->from
                                               : nodes * nodes + candidate->node * GS_EVENTS_MAX + candidate->type;
}

uint64_t random_thread_count(const struct gs_run *run)
{
    uint64_t count = (uint64_t)run->node_count * run->node_count;
    for (unsigned type = 0; type < run->event_count; type++)
        if (run->model->events[type].kind != GS_MESSAGE)
            count += run->count[run->model->events[type].role];
    return count;
}

void random_pct_begin(struct random_scheduler *scheduler, const struct random_parameters *parameters)
{
    const uint32_t steps = parameters->horizon < UINT32_MAX ? (uint32_t)parameters->horizon : UINT32_MAX;
    must(parameters->pct_depth >= 1 && parameters->pct_depth <= PCT_DEPTH_MAX);
    scheduler->priorities = random_next(&scheduler->stream);
    scheduler->change_count = parameters->pct_depth - 1;
    for (unsigned i = 0; i < scheduler->change_count; i++)
        scheduler->changes[i] = (struct change_point){random_below(&scheduler->stream, steps ? steps : 1), UINT32_MAX};
}

/* Greater moves first. The i-th thread that was sent back is behind those sent back before it. */
static uint64_t priority_of(const struct random_scheduler *scheduler, uint32_t thread)
{
    struct random_stream stream = {scheduler->priorities + thread};
    uint64_t priority = random_next(&stream) | UINT64_C(1) << 63;
    for (unsigned i = 0; i < scheduler->change_count; i++)
        if (scheduler->changes[i].thread == thread)
            priority = scheduler->change_count - i;
    return priority;
}

/* Of what can be drawn the thread of the highest priority. */
struct best {
    uint64_t priority;
    uint32_t thread, count; /* count: how many of the thread's there are */
    bool found;
};

static void look_at(const struct random_scheduler *scheduler, uint32_t thread, struct best *best)
{
    if (best->found && best->thread == thread) {
        best->count++;
        return;
    }
    const uint64_t priority = priority_of(scheduler, thread);
    if (!best->found || priority > best->priority)
        *best = (struct best){priority, thread, 1, true};
}

/* Sends the thread back if its step has come. True: look again who is the first. */
static bool meets_change_point(struct random_scheduler *scheduler, uint32_t thread, uint64_t depth)
{
    for (unsigned i = 0; i < scheduler->change_count; i++)
        if (scheduler->changes[i].thread == UINT32_MAX && scheduler->changes[i].at <= depth) {
            scheduler->changes[i].thread = thread;
            return true;
        }
    return false;
}

static struct random_candidate candidate_of(const struct random_world *world, const struct random_move *move)
{
    struct event event;
    random_world_event(world, move, &event);
    return (struct random_candidate){
        .node = move->node, .action = move->action, .type = event.type, .from = (uint8_t)(event.from.tag - 1)};
}

/* From the list of all moves. */
static enum random_result step_from_all(struct random_scheduler *scheduler, struct random_world *world,
                                        const struct random_taker *taker, struct random_move *move)
{
    struct random_move_list *list = &scheduler->list;
    struct best best;
    random_moves_list(world, list);
    do {
        best = (struct best){.found = false};
        for (size_t i = 0; i < list->count; i++) {
            const struct random_candidate candidate = candidate_of(world, &list->items[i]);
            look_at(scheduler, thread_of(world, &candidate), &best);
        }
    } while (best.found && meets_change_point(scheduler, best.thread, world->depth));
    if (!best.found)
        return RANDOM_SAME;
    uint32_t left = random_below(&scheduler->stream, best.count);
    for (size_t i = 0;; i++) {
        const struct random_candidate candidate = candidate_of(world, &list->items[i]);
        if (thread_of(world, &candidate) == best.thread && !left--) {
            *move = list->items[i];
            return random_take(world, taker, move);
        }
    }
}

static bool is_refused(const uint32_t *refused, unsigned count, uint32_t number)
{
    bool found = false;
    for (unsigned i = 0; i < count; i++)
        found |= refused[i] == number;
    return found;
}

/* The number of a candidate of the first thread among those that were not refused; UINT32_MAX: there is none. */
static uint32_t first_candidate(struct random_scheduler *scheduler, const struct random_world *world,
                                const uint32_t *refused, unsigned refused_count)
{
    const uint32_t count = random_candidate_count(world);
    struct best best;
    do {
        best = (struct best){.found = false};
        for (uint32_t i = 0; i < count; i++) {
            const struct random_candidate candidate = random_candidate_at(world, i);
            if (!is_refused(refused, refused_count, i))
                look_at(scheduler, thread_of(world, &candidate), &best);
        }
    } while (best.found && !refused_count && meets_change_point(scheduler, best.thread, world->depth));
    if (!best.found)
        return UINT32_MAX;
    uint32_t left = random_below(&scheduler->stream, best.count);
    for (uint32_t i = 0;; i++) {
        const struct random_candidate candidate = random_candidate_at(world, i);
        if (!is_refused(refused, refused_count, i) && thread_of(world, &candidate) == best.thread && !left--)
            return i;
    }
}

enum random_result random_pct_step(struct random_scheduler *scheduler, struct random_world *world,
                                   const struct random_taker *taker, struct random_move *move)
{
    uint32_t refused[REFUSALS_MOST];
    for (unsigned count = 0; count < REFUSALS_MOST; count++) {
        refused[count] = first_candidate(scheduler, world, refused, count);
        if (refused[count] == UINT32_MAX)
            break;
        const struct random_candidate candidate = random_candidate_at(world, refused[count]);
        random_candidate_move(world, &candidate, &scheduler->stream, move);
        const enum random_result result = random_take(world, taker, move);
        if (result == RANDOM_STEP || result == RANDOM_MISBEHAVES)
            return result;
    }
    return step_from_all(scheduler, world, taker, move);
}
