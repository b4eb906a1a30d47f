/* What is in flight to one node, as bytes: entries of 1 + message_size bytes, the sender's tag and then the message.
 * In `set` and `bag` the entries are sorted by bytes (`bag` may hold equal ones); in `fifo` they are the senders'
 * queues one after the other, by sender, oldest first. These functions are the three network models; world and engine
 * both use them. */
#ifndef GAINSAY_INBOX_H
#define GAINSAY_INBOX_H

#include "core/fields.h"

enum inbox_result {
    INBOX_ADDED,
    INBOX_ABSORBED, /* an equal copy is in flight: `set`, and `bag` at its number of copies */
    INBOX_LOST,     /* `fifo`, receiver down */
    INBOX_OVERFLOW  /* `fifo`, channel full: the whole step is cut */
};

size_t inbox_stride(const struct gs_run *run);
size_t inbox_count(const struct gs_run *run, const struct bytes *inbox);
const uint8_t *inbox_entry(const struct gs_run *run, const struct bytes *inbox, size_t position);

/* Adds an entry (stride bytes: sender's tag, message) for a receiver that is up or down. Only INBOX_ADDED changes it.
 */
enum inbox_result inbox_add(const struct gs_run *run, struct bytes *inbox, const uint8_t *entry, bool receiver_is_up);

/* Takes the entry at `position` out. */
void inbox_remove(const struct gs_run *run, struct bytes *inbox, size_t position);

/* Is `position` one to deliver: the first of its equals (`set`, `bag`), the head of its channel (`fifo`)? */
bool inbox_is_deliverable(const struct gs_run *run, const struct bytes *inbox, size_t position);

/* Position of the deliverable entry equal to `entry`, or SIZE_MAX. */
size_t inbox_find(const struct gs_run *run, const struct bytes *inbox, const uint8_t *entry);

#endif
