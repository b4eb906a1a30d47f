/* The three network models, on one receiver's mail. */
#include "core/inbox.h"

#include <string.h>

#include "core/die.h"

size_t inbox_stride(const struct gs_run *run)
{
    return 1 + run->model->message_size;
}

size_t inbox_count(const struct gs_run *run, const struct bytes *inbox)
{
    return inbox->size / inbox_stride(run);
}

const uint8_t *inbox_entry(const struct gs_run *run, const struct bytes *inbox, size_t position)
{
    must(position < inbox_count(run, inbox));
    return inbox->data + position * inbox_stride(run);
}

static void insert_at(struct bytes *inbox, size_t offset, const uint8_t *entry, size_t stride)
{
    bytes_append(inbox, entry, stride);
    memmove(inbox->data + offset + stride, inbox->data + offset, inbox->size - stride - offset);
    memcpy(inbox->data + offset, entry, stride);
}

/* `set` and `bag`: behind the entries that are smaller or equal, unless there are enough equal ones. */
static enum inbox_result add_sorted(const struct gs_run *run, struct bytes *inbox, const uint8_t *entry, size_t copies)
{
    const size_t stride = inbox_stride(run), count = inbox_count(run, inbox);
    size_t position = 0, equal = 0;
    for (; position < count; position++) {
        const int order = memcmp(inbox->data + position * stride, entry, stride);
        if (order > 0)
            break;
        equal += order == 0;
    }
    if (equal >= copies)
        return INBOX_ABSORBED;
    insert_at(inbox, position * stride, entry, stride);
    return INBOX_ADDED;
}

/* `fifo`: at the end of its sender's queue, which stands in the order of senders. */
static enum inbox_result add_queued(const struct gs_run *run, struct bytes *inbox, const uint8_t *entry,
                                    bool receiver_is_up)
{
    if (!receiver_is_up)
        return INBOX_LOST;
    const size_t stride = inbox_stride(run), count = inbox_count(run, inbox);
    size_t position = 0, queued = 0;
    for (; position < count && inbox->data[position * stride] <= entry[0]; position++)
        queued += inbox->data[position * stride] == entry[0];
    if (queued >= run->capacity)
        return INBOX_OVERFLOW;
    insert_at(inbox, position * stride, entry, stride);
    return INBOX_ADDED;
}

enum inbox_result inbox_add(const struct gs_run *run, struct bytes *inbox, const uint8_t *entry, bool receiver_is_up)
{
    switch (run->network) {
    case GS_SET:
        return add_sorted(run, inbox, entry, 1);
    case GS_BAG:
        return add_sorted(run, inbox, entry, run->copies);
    default:
        return add_queued(run, inbox, entry, receiver_is_up);
    }
}

void inbox_remove(const struct gs_run *run, struct bytes *inbox, size_t position)
{
    const size_t stride = inbox_stride(run), offset = position * stride;
    must(offset < inbox->size);
    memmove(inbox->data + offset, inbox->data + offset + stride, inbox->size - offset - stride);
    inbox->size -= stride;
}

bool inbox_is_deliverable(const struct gs_run *run, const struct bytes *inbox, size_t position)
{
    if (position == 0)
        return true;
    const uint8_t *entry = inbox_entry(run, inbox, position), *previous = inbox_entry(run, inbox, position - 1);
    return run->network == GS_FIFO ? previous[0] != entry[0] : memcmp(previous, entry, inbox_stride(run)) != 0;
}

size_t inbox_find(const struct gs_run *run, const struct bytes *inbox, const uint8_t *entry)
{
    for (size_t position = 0; position < inbox_count(run, inbox); position++)
        if (inbox_is_deliverable(run, inbox, position) &&
            memcmp(inbox_entry(run, inbox, position), entry, inbox_stride(run)) == 0)
            return position;
    return SIZE_MAX;
}
