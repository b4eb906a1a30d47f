/* A binary heap. */
#include "checker/random_queue.h"

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
        if (child + 1 < queue->count && timed_is_before(&queue->entries[child + 1], &queue->entries[child]))
            child++;
        if (!timed_is_before(&queue->entries[child], &last))
            break;
        queue->entries[place] = queue->entries[child];
        place = child;
    }
    queue->entries[place] = last;
    return true;
}
