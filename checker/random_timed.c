/* The clock's loop: take what is next, see whether it is still meant, make it a move, and queue what follows from it.
 */
#include "checker/random_timed.h"

#include <stdlib.h>
#include <string.h>

#include "checker/configurations.h"
#include "checker/random_distribution.h"
#include "checker/timed_clocks.h"
#include "checker/timed_mail.h"
#include "core/die.h"

enum {
    TAKEN_AT_ONCE = 4096, /* that come due in a row without a step, before the runner looks whether to give up */
    QUEUED_MOST = 1 << 20 /* at once: where messages take longer than they are apart, a queue grows without end */
};

void random_timed_init(struct random_timed *timed, const struct gs_run *run, const struct gs_timing *timing)
{
    memset(timed, 0, sizeof(*timed));
    timed->run = run;
    timed->timing = timing;
    const size_t channels = (size_t)run->node_count * run->node_count;
    timed->last_arrivals = die_calloc(channels, sizeof(*timed->last_arrivals));
    timed->free_at = die_calloc(channels, sizeof(*timed->free_at));
    timed->sums = die_calloc(run->event_count + 1, sizeof(*timed->sums));
    timed->takes = timed_timers(run, timing);
    timed->clock = (struct engine_clock){.show = timed_clock_shows, .context = timed};
}

void random_timed_free(struct random_timed *timed)
{
    free(timed->queue.entries);
    free(timed->last_arrivals);
    free(timed->free_at);
    free(timed->sums);
    free(timed->takes);
}

static void add_sums(struct timed_sums *sums, const struct timed_sums *other)
{
    sums->sent += other->sent;
    sums->delivered += other->delivered;
    sums->lost += other->lost;
    histogram_add_all(&sums->times, &other->times);
}

void random_timed_add(struct random_timed *timed, const struct random_timed *other)
{
    for (unsigned type = 0; type < timed->run->event_count; type++)
        add_sums(&timed->sums[type], &other->sums[type]);
    for (unsigned i = 0; i < 64; i++)
        add_sums(&timed->goals[i], &other->goals[i]);
    add_sums(&timed->recovery, &other->recovery);
    for (unsigned i = 0; i < GS_ANNOUNCEMENTS_MAX; i++)
        timed->announced[i] += other->announced[i];
    timed->total += other->total;
    timed->overfull_count += other->overfull_count;
}

/* ---- Queueing ---- */

static void queue_in(struct random_timed *timed, int64_t delay, struct timed_entry entry)
{
    entry.at = timed->now + delay;
    timed_queue_add(&timed->queue, entry);
}

static void queue_mean(struct random_timed *timed, struct random_scheduler *scheduler, int64_t mean,
                       struct timed_entry entry)
{
    const struct gs_distribution distribution = {GS_EXPONENTIAL, mean, 0};
    queue_in(timed, random_duration(&scheduler->stream, &distribution), entry);
}

static void queue_timer(struct random_timed *timed, struct random_scheduler *scheduler, unsigned node, unsigned bit)
{
    const struct gs_distribution *takes = &timed->takes[timed->run->nodes[node].role * GS_TIMERS_MAX + bit];
    const int64_t duration = random_duration(&scheduler->stream, takes);
    queue_in(timed, timed_clock_delay(timed, node, duration),
             (struct timed_entry){.kind = TIMED_TIMER,
                                  .node = (uint8_t)node,
                                  .timer = (uint8_t)bit,
                                  .generation = timed->generations[node][bit]});
}

/* `set`: timers that were set now, also those that were armed already. */
static void follow_timers(struct random_timed *timed, struct random_scheduler *scheduler,
                          const struct random_world *world, unsigned node, uint64_t before, uint64_t set)
{
    const struct engine *engine = &world->tables->engine;
    const uint64_t armed = local_armed(timed->run, node, local_bytes(engine, node, world->locals[node]));
    const uint64_t begun = armed & (set | ~before), gone = before & ~armed;
    for (unsigned bit = 0; (begun | gone) >> bit; bit++) {
        timed->generations[node][bit] += (uint32_t)((begun | gone) >> bit & 1);
        if (begun >> bit & 1)
            queue_timer(timed, scheduler, node, bit);
        if (bit == GS_TIMERS_MAX - 1)
            break;
    }
}

static void follow_locals(struct random_timed *timed, struct random_scheduler *scheduler,
                          const struct random_world *world, unsigned node)
{
    if (!world->local_count[node] || !(world->up >> node & 1) || (timed->local_queued >> node & 1))
        return;
    timed->local_queued |= UINT64_C(1) << node;
    const int64_t delay = random_duration(&scheduler->stream, &timed->timing->local);
    queue_in(timed, timed_clock_delay(timed, node, delay),
             (struct timed_entry){.kind = TIMED_LOCAL, .node = (uint8_t)node});
}

static void count_announcements(struct random_timed *timed, const struct engine *engine, const struct branch *branch)
{
    const struct interned value = interned_value(&engine->announcements, branch->announcements);
    for (size_t at = 0; at < value.size; at += 1 + timed->run->model->announcements[value.data[at]].size)
        timed->announced[value.data[at]]++;
}

/* What follows from a step: its mail, its movers' timers and local events. */
static void follow(struct random_timed *timed, struct random_scheduler *scheduler, struct random_world *world,
                   const struct random_move *move)
{
    const struct engine *engine = &world->tables->engine;
    for (size_t i = 0; i < world->moved_count; i++) {
        const unsigned node = world->moved[i].node;
        const uint32_t number = move->branches[node];
        const struct branch branch = *engine_branch(engine, number);
        const uint64_t before = local_armed(timed->run, node, local_bytes(engine, node, world->moved[i].before));
        const uint64_t fired = move->action == ACTION_TIMER
                                   ? UINT64_C(1)
                                         << (timed->run->timer_base[engine_own_event(engine, move->own)->event.type] +
                                             engine_own_event(engine, move->own)->event.index)
                                   : 0;
        for (uint32_t k = 0; k < branch.send_count; k++) {
            const struct sent sent = branch_sends(engine, &branch)[k];
            if (random_mail_copies(&world->mail[sent.to], sent.message, node))
                timed_mail_send(timed, scheduler, world, sent.to, sent.message);
        }
        follow_timers(timed, scheduler, world, node, before & ~fired, engine->timers_set[number]);
        follow_locals(timed, scheduler, world, node);
        count_announcements(timed, engine, &branch);
    }
}

/* ---- The beginning ---- */

struct first_mail {
    struct random_timed *timed;
    struct random_scheduler *scheduler;
    const struct random_world *world;
    unsigned node;
};

static void send_first(void *context, uint32_t message)
{
    const struct first_mail *first = context;
    timed_mail_send(first->timed, first->scheduler, first->world, first->node, message);
}

static int64_t mean_or_spread(const struct random_timed *timed, int64_t every, int fault)
{
    const struct gs_timing *timing = timed->timing;
    const int64_t budget = timed->run->budgets[fault];
    return every ? every : (timing->heal_after ? timing->heal_after : timing->until) / (budget + 1);
}

static void queue_fault(struct random_timed *timed, struct random_scheduler *scheduler, enum action action)
{
    const int fault = action_fault(action);
    const int64_t every = action == ACTION_PARTITION ? timed->timing->partition_every : timed->timing->crash_every;
    if (timed->run->budgets[fault] > 0)
        queue_mean(timed, scheduler, mean_or_spread(timed, every, fault),
                   (struct timed_entry){.kind = TIMED_FAULT, .action = (uint8_t)action});
}

void random_timed_reset(struct random_timed *timed, struct random_scheduler *scheduler)
{
    const size_t channels = (size_t)timed->run->node_count * timed->run->node_count;
    timed->queue.count = 0;
    timed->queue.added = 0;
    timed->now = 0;
    timed->one_way_from = timed->one_way_to = timed->local_queued = 0;
    timed->one_way_until = 0;
    timed->calm = timed->ended = timed->cut = timed->overfull = timed->unfinished = false;
    timed->idle = 0;
    memset(timed->paused_until, 0, sizeof(timed->paused_until));
    memset(timed->generations, 0, timed->run->node_count * sizeof(timed->generations[0]));
    memset(timed->last_arrivals, 0, channels * sizeof(*timed->last_arrivals));
    memset(timed->free_at, 0, channels * sizeof(*timed->free_at));
    timed_clocks_draw(timed, &scheduler->stream);
}

void random_timed_begin(struct random_timed *timed, struct random_scheduler *scheduler, struct random_world *world)
{
    const struct gs_timing *timing = timed->timing;
    for (unsigned n = 0; n < timed->run->node_count; n++) {
        struct first_mail first = {timed, scheduler, world, n};
        random_mail_visit(&world->mail[n], send_first, &first);
        follow_timers(timed, scheduler, world, n, 0, 0);
        follow_locals(timed, scheduler, world, n);
    }
    queue_fault(timed, scheduler, ACTION_CRASH);
    queue_fault(timed, scheduler, ACTION_REBOOT);
    queue_fault(timed, scheduler, ACTION_PARTITION);
    if (timing->one_way_every)
        queue_mean(timed, scheduler, timing->one_way_every, (struct timed_entry){.kind = TIMED_ONE_WAY});
    if (timing->pause_every)
        queue_mean(timed, scheduler, timing->pause_every, (struct timed_entry){.kind = TIMED_PAUSE});
    if (timing->heal_after)
        queue_in(timed, timing->heal_after, (struct timed_entry){.kind = TIMED_CALM});
    queue_in(timed, timing->recover_within ? timing->heal_after + timing->recover_within : timing->until,
             (struct timed_entry){.kind = TIMED_END});
}

/* ---- What is next ---- */

bool random_timed_was_handled(const struct random_world *world, enum random_result result)
{
    return result == RANDOM_STEP || (result == RANDOM_SAME && world->moved_count);
}

enum random_result random_timed_try(struct random_scheduler *scheduler, struct random_world *world,
                                    const struct random_taker *taker, const struct random_candidate *candidate,
                                    struct random_move *move)
{
    random_candidate_move(world, candidate, &scheduler->stream, move);
    const enum random_result result = random_take(world, taker, move);
    scheduler->timed->cut |= result == RANDOM_CUT;
    return result;
}

static enum random_result fire(struct random_timed *timed, struct random_scheduler *scheduler,
                               struct random_world *world, const struct random_taker *taker,
                               const struct timed_entry *entry, struct random_move *move)
{
    const unsigned node = entry->node;
    if (entry->generation != timed->generations[node][entry->timer] || !(world->up >> node & 1))
        return RANDOM_SAME;
    enum random_result result = RANDOM_SAME;
    const uint32_t first = world->own_first[node];
    for (uint32_t i = world->local_count[node]; random_has_budget(world, GS_TIMEOUT) && i < world->own_count[node];
         i++) {
        const struct own_choice own = world->tables->own[first + i];
        const struct event *event = &engine_own_event(&world->tables->engine, own.own)->event;
        if (timed->run->timer_base[event->type] + event->index != entry->timer)
            continue;
        const struct random_candidate candidate = {
            .node = (uint8_t)node, .action = own.action, .type = own.type, .own = own.own, .reaction = own.reaction};
        result = random_timed_try(scheduler, world, taker, &candidate, move);
        break;
    }
    if (result == RANDOM_CUT || (result == RANDOM_SAME && !random_timed_was_handled(world, result))) {
        timed->cut |= !random_has_budget(world, GS_TIMEOUT) || random_card_of(world, node)->outside;
        queue_timer(timed, scheduler, node, entry->timer); /* it stays armed */
    }
    return result;
}

static enum random_result act(struct random_timed *timed, struct random_scheduler *scheduler,
                              struct random_world *world, const struct random_taker *taker, unsigned node,
                              struct random_move *move)
{
    timed->local_queued &= ~(UINT64_C(1) << node);
    if (!(world->up >> node & 1) || !world->local_count[node])
        return RANDOM_SAME;
    const uint32_t drawn = random_below(&scheduler->stream, world->local_count[node]);
    const struct own_choice own = world->tables->own[world->own_first[node] + drawn];
    const struct random_candidate candidate = {
        .node = (uint8_t)node, .action = own.action, .type = own.type, .own = own.own, .reaction = own.reaction};
    const enum random_result result = random_timed_try(scheduler, world, taker, &candidate, move);
    if (result != RANDOM_STEP)
        follow_locals(timed, scheduler, world, node);
    return result;
}

static enum random_result strike(struct random_scheduler *scheduler, struct random_world *world,
                                 const struct random_taker *taker, enum action action, struct random_move *move)
{
    return random_draw_fault(world, action, &scheduler->stream, move) ? random_take(world, taker, move) : RANDOM_SAME;
}

/* A crash, reboot or partition, and what ends it. */
static enum random_result fault(struct random_timed *timed, struct random_scheduler *scheduler,
                                struct random_world *world, const struct random_taker *taker, enum action action,
                                struct random_move *move)
{
    if (timed->calm)
        return RANDOM_SAME;
    const enum random_result result = strike(scheduler, world, taker, action, move);
    if (random_has_budget(world, action_fault(action)))
        queue_fault(timed, scheduler, action);
    if (result == RANDOM_STEP && action == ACTION_CRASH)
        queue_in(timed, random_duration(&scheduler->stream, &timed->timing->down_for),
                 (struct timed_entry){.kind = TIMED_RESTART});
    if (result == RANDOM_STEP && action == ACTION_PARTITION)
        queue_in(timed, random_duration(&scheduler->stream, &timed->timing->cut_for),
                 (struct timed_entry){.kind = TIMED_HEAL});
    return result;
}

/* Links that work in one direction only: from one side of a split to the other nothing arrives. */
static void cut_one_way(struct random_timed *timed, struct random_scheduler *scheduler)
{
    const uint64_t all = timed->run->node_count == 64 ? ~UINT64_C(0) : (UINT64_C(1) << timed->run->node_count) - 1;
    if (timed->calm)
        return;
    timed->one_way_from = random_next(&scheduler->stream) & all;
    timed->one_way_to = all & ~timed->one_way_from;
    timed->one_way_until = timed->now + random_duration(&scheduler->stream, &timed->timing->cut_for);
    queue_mean(timed, scheduler, timed->timing->one_way_every, (struct timed_entry){.kind = TIMED_ONE_WAY});
}

static void pause(struct random_timed *timed, struct random_scheduler *scheduler)
{
    if (timed->calm)
        return;
    const unsigned node = random_below(&scheduler->stream, timed->run->node_count);
    timed->paused_until[node] = timed->now + random_duration(&scheduler->stream, &timed->timing->pause_for);
    queue_mean(timed, scheduler, timed->timing->pause_every, (struct timed_entry){.kind = TIMED_PAUSE});
}

/* All is healed, as far as budgets allow: who is down is restarted. */
static void calm_down(struct random_timed *timed, const struct random_world *world)
{
    timed->calm = true;
    if (timed->calmed)
        timed->calmed(timed->context);
    timed->one_way_until = 0;
    memset(timed->paused_until, 0, sizeof(timed->paused_until));
    queue_in(timed, 0, (struct timed_entry){.kind = TIMED_HEAL});
    for (unsigned n = 0; n < timed->run->node_count; n++)
        if (!(world->up >> n & 1))
            queue_in(timed, 0, (struct timed_entry){.kind = TIMED_RESTART});
}

static enum random_result happen(struct random_timed *timed, struct random_scheduler *scheduler,
                                 struct random_world *world, const struct random_taker *taker,
                                 const struct timed_entry *entry, struct random_move *move)
{
    switch ((enum timed_kind)entry->kind) {
    case TIMED_MAIL:
        return timed_mail_arrive(timed, scheduler, world, taker, entry, move);
    case TIMED_TIMER:
        return fire(timed, scheduler, world, taker, entry, move);
    case TIMED_LOCAL:
        return act(timed, scheduler, world, taker, entry->node, move);
    case TIMED_FAULT:
        return fault(timed, scheduler, world, taker, (enum action)entry->action, move);
    case TIMED_RESTART:
        return strike(scheduler, world, taker, ACTION_RESTART, move);
    case TIMED_HEAL:
        return strike(scheduler, world, taker, ACTION_HEAL, move);
    case TIMED_ONE_WAY:
        cut_one_way(timed, scheduler);
        break;
    case TIMED_PAUSE:
        pause(timed, scheduler);
        break;
    case TIMED_CALM:
        calm_down(timed, world);
        break;
    case TIMED_END:
        timed->ended = true;
        break;
    }
    return RANDOM_SAME;
}

/* A node that is paused does nothing, and what comes to it waits. */
static bool waits(struct random_timed *timed, const struct timed_entry *entry)
{
    if (entry->kind > TIMED_LOCAL || timed->paused_until[entry->node] <= timed->now)
        return false;
    struct timed_entry later = *entry;
    later.at = timed->paused_until[entry->node];
    timed_queue_add(&timed->queue, later);
    return true;
}

/* What came due: the move it was. */
static enum random_result come_due(struct random_timed *timed, struct random_scheduler *scheduler,
                                   struct random_world *world, const struct random_taker *taker,
                                   const struct timed_entry *entry, struct random_move *move)
{
    world->moved_count = 0;
    const enum random_result result = happen(timed, scheduler, world, taker, entry, move);
    if (random_timed_was_handled(world, result))
        follow(timed, scheduler, world, move);
    return result;
}

enum random_result random_timed_step(struct random_timed *timed, struct random_scheduler *scheduler,
                                     struct random_world *world, const struct random_taker *taker,
                                     struct random_move *move)
{
    struct timed_entry entry;
    timed->unfinished = false;
    for (unsigned taken = 0; !timed->ended && !timed->overfull && taken < TAKEN_AT_ONCE; taken++) {
        if (!timed_queue_take(&timed->queue, &entry))
            return RANDOM_SAME;
        timed->now = entry.at;
        const enum random_result result =
            waits(timed, &entry) ? RANDOM_SAME : come_due(timed, scheduler, world, taker, &entry, move);
        timed->overfull = timed->queue.count > QUEUED_MOST;
        if (result == RANDOM_STEP || result == RANDOM_MISBEHAVES)
            return result;
        if (++timed->idle == timed->idle_max)
            return RANDOM_SAME;
    }
    timed->unfinished = !timed->ended && !timed->overfull;
    timed->overfull_count += timed->overfull;
    return RANDOM_SAME;
}

/* ---- Forgetting ---- */

void random_timed_pack(const struct random_timed *timed, const struct random_world *world, struct bytes *bytes)
{
    for (size_t i = 0; i < timed->queue.count; i++) {
        const struct timed_entry *entry = &timed->queue.entries[i];
        if (entry->kind != TIMED_MAIL)
            continue;
        const struct interned message =
            interned_value(&world->tables->engine.nodes[entry->node].messages, entry->message);
        bytes_append(bytes, message.data, message.size);
    }
}

void random_timed_unpack(struct random_timed *timed, struct random_world *world, const struct bytes *bytes)
{
    const uint8_t *next = bytes->data;
    for (size_t i = 0; i < timed->queue.count; i++) {
        struct timed_entry *entry = &timed->queue.entries[i];
        if (entry->kind != TIMED_MAIL)
            continue;
        entry->message = message_number(&world->tables->engine, entry->node, next);
        next += inbox_stride(world->run);
    }
}
