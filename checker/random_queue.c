/* A binary heap. */
#include "checker/random_queue.h"

#include "core/die.h"

static bool is_before(const struct timed_entry *a, const struct timed_entry *b)
{
    return a->at != b->at ? a->at < b->at : a->order < b->order;
}

void timed_queue_add(struct timed_queue *queue, struct timed_entry entry)
{
    size_t place = queue->count;
    entry.order = queue->added++;
    queue->entries = die_grow(queue->entries, &queue->capacity, queue->count + 1, sizeof(*queue->entries));
    queue->count++;
    for (; place && is_before(&entry, &queue->entries[(place - 1) / 2]); place = (place - 1) / 2)
        queue->entries[place] = queue->entries[(place - 1) / 2];
    queue->entries[place] = entry;
}

bool timed_queue_take(struct timed_queue *queue, struct timed_entry *entry)
{
    if (!queue->count)
        return false;
    *entry = queue->entries[0];
    const struct timed_entry last = queue->entries[--queue->count];
    size_t place = 0;
    for (;;) {
        size_t child = 2 * place + 1;
        if (child >= queue->count)
            break;
        if (child + 1 < queue->count && is_before(&queue->entries[child + 1], &queue->entries[child]))
            child++;
        if (!is_before(&queue->entries[child], &last))
            break;
        queue->entries[place] = queue->entries[child];
        place = child;
    }
    queue->entries[place] = last;
    return true;
}
