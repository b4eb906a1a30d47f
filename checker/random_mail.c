/* Mail by number. A place is freed by moving the last head into it, and taking that back moves it out again: the order
 * of heads depends on nothing but what was added and removed. */
#include "checker/random_mail.h"

#include <stdlib.h>
#include <string.h>

#include "core/die.h"

void random_mail_init(struct random_mail *mail, const struct gs_run *run)
{
    *mail = (struct random_mail){.run = run};
    if (run->network != GS_FIFO)
        return;
    mail->places = die_grow(NULL, &mail->place_capacity, run->node_count, sizeof(*mail->places));
    memset(mail->places, 0, mail->place_capacity * sizeof(*mail->places));
    mail->queues = die_calloc(run->node_count, sizeof(*mail->queues));
    mail->rings = die_calloc((size_t)run->node_count * run->capacity, sizeof(*mail->rings));
}

void random_mail_free(struct random_mail *mail)
{
    free(mail->heads);
    free(mail->places);
    free(mail->copies);
    free(mail->queues);
    free(mail->rings);
    *mail = (struct random_mail){.count = 0};
}

size_t random_mail_memory(const struct random_mail *mail)
{
    return (mail->capacity + mail->place_capacity + mail->copy_capacity) * sizeof(uint32_t);
}

static uint32_t *ring_place(const struct random_mail *mail, unsigned from, uint32_t position)
{
    const uint32_t capacity = mail->run->capacity;
    return &mail->rings[(size_t)from * capacity + (mail->queues[from].first + position) % capacity];
}

void random_mail_clear(struct random_mail *mail)
{
    if (mail->run->network == GS_FIFO) {
        memset(mail->places, 0, mail->run->node_count * sizeof(*mail->places));
        memset(mail->queues, 0, mail->run->node_count * sizeof(*mail->queues));
    } else {
        for (uint32_t i = 0; i < mail->count; i++)
            mail->places[mail->heads[i]] = mail->copies[mail->heads[i]] = 0;
    }
    mail->count = 0;
}

/* ---- Heads ---- */

static void append_head(struct random_mail *mail, uint32_t key, uint32_t message)
{
    if (mail->count == mail->capacity)
        mail->heads = die_grow(mail->heads, &mail->capacity, mail->count + 1u, sizeof(*mail->heads));
    mail->heads[mail->count++] = message;
    mail->places[key] = mail->count;
}

/* What the head at a place is found by: its sender in `fifo`, else itself. */
static uint32_t key_at(const struct random_mail *mail, uint32_t place)
{
    if (mail->run->network != GS_FIFO)
        return mail->heads[place];
    uint32_t sender = 0;
    while (mail->places[sender] != place + 1)
        sender++;
    return sender;
}

static uint32_t take_head(struct random_mail *mail, uint32_t key)
{
    const uint32_t place = mail->places[key] - 1, last = mail->count - 1;
    if (place != last) {
        mail->places[key_at(mail, last)] = place + 1;
        mail->heads[place] = mail->heads[last];
    }
    mail->places[key] = 0;
    mail->count--;
    return place;
}

static void put_head_back(struct random_mail *mail, uint32_t key, uint32_t message, uint32_t place)
{
    if (place < mail->count) {
        const uint32_t moved = key_at(mail, place), moved_message = mail->heads[place];
        append_head(mail, moved, moved_message);
        mail->heads[place] = message;
        mail->places[key] = place + 1;
    } else {
        append_head(mail, key, message);
    }
}

/* ---- `set` and `bag` ---- */

static void know(struct random_mail *mail, uint32_t message)
{
    if (message < mail->known)
        return;
    const size_t former = mail->known;
    mail->places = die_grow(mail->places, &mail->place_capacity, message + 1u, sizeof(*mail->places));
    mail->copies = die_grow(mail->copies, &mail->copy_capacity, message + 1u, sizeof(*mail->copies));
    mail->known = mail->place_capacity < mail->copy_capacity ? mail->place_capacity : mail->copy_capacity;
    memset(mail->places + former, 0, (mail->known - former) * sizeof(*mail->places));
    memset(mail->copies + former, 0, (mail->known - former) * sizeof(*mail->copies));
}

static enum inbox_result add_unordered(struct random_mail *mail, uint32_t message)
{
    const uint32_t most = mail->run->network == GS_SET ? 1 : mail->run->copies;
    know(mail, message);
    if (mail->copies[message] >= most)
        return INBOX_ABSORBED;
    if (!mail->copies[message]++)
        append_head(mail, message, message);
    return INBOX_ADDED;
}

/* ---- `fifo` ---- */

static enum inbox_result add_queued(struct random_mail *mail, uint32_t message, unsigned from, bool receiver_is_up)
{
    struct mail_queue *queue = &mail->queues[from];
    if (!receiver_is_up)
        return INBOX_LOST;
    if (queue->count == mail->run->capacity)
        return INBOX_OVERFLOW;
    *ring_place(mail, from, queue->count) = message;
    if (!queue->count++)
        append_head(mail, from, message);
    return INBOX_ADDED;
}

static uint32_t remove_queued(struct random_mail *mail, unsigned from)
{
    struct mail_queue *queue = &mail->queues[from];
    const uint32_t place = mail->places[from] - 1;
    queue->first = (queue->first + 1) % mail->run->capacity;
    if (--queue->count) {
        mail->heads[place] = *ring_place(mail, from, 0);
        return place;
    }
    return take_head(mail, from);
}

static void unremove_queued(struct random_mail *mail, uint32_t message, unsigned from, uint32_t place)
{
    struct mail_queue *queue = &mail->queues[from];
    queue->first = (queue->first + mail->run->capacity - 1) % mail->run->capacity;
    *ring_place(mail, from, 0) = message;
    if (queue->count++)
        mail->heads[place] = message;
    else
        put_head_back(mail, from, message, place);
}

/* ---- All networks ---- */

uint32_t random_mail_copies(const struct random_mail *mail, uint32_t message, unsigned from)
{
    uint32_t copies = 0;
    if (mail->run->network != GS_FIFO)
        return message < mail->known ? mail->copies[message] : 0;
    for (uint32_t i = 0; i < mail->queues[from].count; i++)
        copies += *ring_place(mail, from, i) == message;
    return copies;
}

enum inbox_result random_mail_add(struct random_mail *mail, uint32_t message, unsigned from, bool receiver_is_up)
{
    return mail->run->network == GS_FIFO ? add_queued(mail, message, from, receiver_is_up)
                                         : add_unordered(mail, message);
}

void random_mail_unadd(struct random_mail *mail, uint32_t message, unsigned from)
{
    const bool is_fifo = mail->run->network == GS_FIFO;
    uint32_t *left = is_fifo ? &mail->queues[from].count : &mail->copies[message];
    must(*left);
    if (!--*left)
        take_head(mail, is_fifo ? from : message);
}

uint32_t random_mail_remove(struct random_mail *mail, uint32_t message, unsigned from)
{
    if (mail->run->network == GS_FIFO)
        return remove_queued(mail, from);
    const uint32_t place = mail->places[message] - 1;
    if (--mail->copies[message])
        return place;
    return take_head(mail, message);
}

void random_mail_unremove(struct random_mail *mail, uint32_t message, unsigned from, uint32_t place)
{
    if (mail->run->network == GS_FIFO)
        unremove_queued(mail, message, from, place);
    else if (!mail->copies[message]++)
        put_head_back(mail, message, message, place);
}

bool random_mail_is_uniform(const struct random_mail *mail, uint32_t message, unsigned from)
{
    return random_mail_copies(mail, message, from) == mail->queues[from].count;
}

void random_mail_visit(const struct random_mail *mail, void (*visit)(void *context, uint32_t message), void *context)
{
    if (mail->run->network == GS_FIFO) {
        for (unsigned from = 0; from < mail->run->node_count; from++)
            for (uint32_t i = 0; i < mail->queues[from].count; i++)
                visit(context, *ring_place(mail, from, i));
        return;
    }
    for (uint32_t i = 0; i < mail->count; i++)
        for (uint32_t copy = 0; copy < mail->copies[mail->heads[i]]; copy++)
            visit(context, mail->heads[i]);
}
