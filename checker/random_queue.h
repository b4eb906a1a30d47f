/* What is to happen in a timed run, by time; at one time in the order in which it was planned. */
#ifndef GAINSAY_RANDOM_QUEUE_H
#define GAINSAY_RANDOM_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/die.h"

enum timed_kind {
    TIMED_MAIL, /* a message arrives */
    TIMED_TIMER,
    TIMED_LOCAL, /* a node takes one of its local events */
    TIMED_FAULT, /* of the kind `action` */
    TIMED_RESTART,
    TIMED_HEAL,
    TIMED_ONE_WAY,
    TIMED_PAUSE,
    TIMED_CALM, /* from now on no faults */
    TIMED_END
};

struct timed_entry {
    int64_t at;
    uint64_t order; /* set by timed_queue_add */
    int64_t sent_at;
    uint32_t message, generation;
    uint8_t kind, node, action, timer; /* timer: its bit among the armed ones */
    bool again;                        /* mail: a second copy is to come, so this one stays in flight */
};

/* Zero-initialised is empty. */
struct timed_queue {
    struct timed_entry *entries; /* a binary heap */
    size_t count, capacity;
    uint64_t added;
};

static inline bool timed_is_before(const struct timed_entry *a, const struct timed_entry *b)
{
    return a->at != b->at ? a->at < b->at : a->order < b->order;
}

/* Inline, so that an entry is written where it goes, field by field. */
static inline void timed_queue_add(struct timed_queue *queue, struct timed_entry entry)
{
    size_t place = queue->count;
    entry.order = queue->added++;
    queue->entries = die_grow(queue->entries, &queue->capacity, queue->count + 1, sizeof(*queue->entries));
    queue->count++;
    for (; place && timed_is_before(&entry, &queue->entries[(place - 1) / 2]); place = (place - 1) / 2)
        queue->entries[place] = queue->entries[(place - 1) / 2];
    queue->entries[place] = entry;
}
/* False: it is empty. */
bool timed_queue_take(struct timed_queue *queue, struct timed_entry *entry);

#endif
