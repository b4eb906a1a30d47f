/* In `fifo` each message in flight is planned for, and whichever of a channel's comes due first delivers its oldest:
 * those that were put off come in any order. */
#include "checker/timed_mail.h"

#include "checker/configurations.h"
#include "checker/random_distribution.h"
#include "checker/timed_clocks.h"

enum { MILLION = 1000000 };
#define SECOND INT64_C(1000000000)

/* ---- Sending ---- */

/* When a message that is sent now arrives: it waits for the link, takes its time, and in `fifo` overtakes none. */
static int64_t arrival_of(struct random_timed *timed, struct random_scheduler *scheduler, size_t channel)
{
    const struct gs_timing *timing = timed->timing;
    int64_t start = timed->now;
    if (timing->bandwidth) {
        const int64_t size = (int64_t)timed->run->model->message_size;
        if (timed->free_at[channel] > start)
            start = timed->free_at[channel];
        start += size * SECOND / (int64_t)timing->bandwidth;
        start = start < TIMED_FAR ? start : TIMED_FAR;
        timed->free_at[channel] = start;
    }
    int64_t arrival = start + random_duration(&scheduler->stream, &timing->latency);
    if (timed->run->network == GS_FIFO && arrival < timed->last_arrivals[channel])
        arrival = timed->last_arrivals[channel];
    timed->last_arrivals[channel] = arrival;
    return arrival;
}

static bool happens(const struct random_timed *timed, struct random_scheduler *scheduler, uint32_t ppm)
{
    return ppm && !timed->calm && random_chance(&scheduler->stream, ppm, MILLION);
}

void timed_mail_send(struct random_timed *timed, struct random_scheduler *scheduler, const struct random_world *world,
                     unsigned to, uint32_t message)
{
    const struct message_card card = random_message(world->tables, to, message);
    const size_t channel = (size_t)to * timed->run->node_count + card.from;
    struct timed_entry entry = {.kind = TIMED_MAIL, .node = (uint8_t)to, .message = message, .sent_at = timed->now};
    timed->sums[card.type].sent++;
    if (happens(timed, scheduler, timed->timing->loss_ppm)) {
        timed->sums[card.type].lost++;
        if (timed->run->network != GS_FIFO)
            return;
        arrival_of(timed, scheduler, channel); /* the one that is lost takes its time too */
    }
    if (happens(timed, scheduler, timed->timing->duplicate_ppm)) {
        entry.again = true;
        entry.at = arrival_of(timed, scheduler, channel);
        timed_queue_add(&timed->queue, entry);
        entry.again = false;
    }
    entry.at = arrival_of(timed, scheduler, channel);
    timed_queue_add(&timed->queue, entry);
}

/* ---- Arriving ---- */

static bool is_blocked(const struct random_timed *timed, const struct random_world *world, unsigned from, unsigned to)
{
    return world_link_is_cut(world->side, from, to) ||
           (timed->now < timed->one_way_until && (timed->one_way_from >> from & 1) && (timed->one_way_to >> to & 1));
}

/* It will come later: the link is cut, or the handler defers it. */
static void put_off(struct random_timed *timed, struct random_scheduler *scheduler, struct timed_entry entry)
{
    entry.at = timed->now + random_duration(&scheduler->stream, &timed->timing->latency) + MILLION;
    timed_queue_add(&timed->queue, entry);
}

static uint32_t oldest_of(const struct random_mail *mail, unsigned from)
{
    return mail->heads[mail->places[from] - 1];
}

/* `fifo`: the entry, which is due, is for its channel's oldest message from now on, and the one that was planned for
 * that is for this one's: so each message in flight keeps an entry, in whatever order they are put off. */
static void exchange_with_oldest(struct random_timed *timed, struct timed_entry *entry, uint32_t oldest)
{
    struct timed_entry *planned = NULL;
    for (size_t i = 0; i < timed->queue.count; i++) {
        struct timed_entry *other = &timed->queue.entries[i];
        if (other->kind == TIMED_MAIL && other->node == entry->node && other->message == oldest && !other->again &&
            (!planned || other->sent_at < planned->sent_at))
            planned = other;
    }
    if (!planned) /* a bound held it back when it came due */
        return;
    const struct timed_entry due = *entry;
    entry->message = planned->message;
    entry->sent_at = planned->sent_at;
    planned->message = due.message;
    planned->sent_at = due.sent_at;
}

/* Delivers the entry's message; in `fifo` its channel's oldest, and what can't be delivered there comes later. */
static enum random_result deliver(struct random_timed *timed, struct random_scheduler *scheduler,
                                  struct random_world *world, const struct random_taker *taker,
                                  const struct timed_entry *entry, struct random_move *move)
{
    const unsigned to = entry->node;
    const struct message_card card = random_message(world->tables, to, entry->message);
    const bool is_fifo = timed->run->network == GS_FIFO;
    struct random_candidate candidate = {.node = (uint8_t)to,
                                         .action = entry->again && timed->run->network != GS_SET ? ACTION_DUPLICATE
                                                                                                 : ACTION_DELIVER,
                                         .from = card.from,
                                         .message = is_fifo ? oldest_of(&world->mail[to], card.from) : entry->message,
                                         .reaction = UINT32_MAX};
    if (candidate.action == ACTION_DUPLICATE && !random_has_budget(world, GS_DUPLICATE))
        return RANDOM_SAME;
    const enum random_result result = random_timed_try(scheduler, world, taker, &candidate, move);
    if (random_timed_was_handled(world, result)) {
        timed->sums[card.type].delivered++;
        histogram_add(&timed->sums[card.type].times, timed->now - entry->sent_at);
    } else if (is_fifo && result == RANDOM_SAME) {
        put_off(timed, scheduler, *entry);
    }
    return result;
}

enum random_result timed_mail_arrive(struct random_timed *timed, struct random_scheduler *scheduler,
                                     struct random_world *world, const struct random_taker *taker,
                                     const struct timed_entry *planned, struct random_move *move)
{
    struct timed_entry entry = *planned;
    const unsigned to = entry.node;
    const struct message_card card = random_message(world->tables, to, entry.message);
    const bool is_fifo = timed->run->network == GS_FIFO;
    if (!random_mail_copies(&world->mail[to], entry.message, card.from))
        return RANDOM_SAME;
    if (is_blocked(timed, world, card.from, to) || !(world->up >> to & 1)) {
        if (is_fifo)
            put_off(timed, scheduler, entry);
        else
            timed->sums[card.type].lost++;
        return RANDOM_SAME;
    }
    if (is_fifo && !entry.again && oldest_of(&world->mail[to], card.from) != entry.message)
        exchange_with_oldest(timed, &entry, oldest_of(&world->mail[to], card.from));
    return deliver(timed, scheduler, world, taker, &entry, move);
}
