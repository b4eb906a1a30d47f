/* The messages in flight to one node of a random run, by interned number. It answers as core/inbox.c does, in constant
 * time: what is deliverable stands in one array, in an order that the run's history decides and numbers do not. Every
 * change can be taken back. */
#ifndef GAINSAY_RANDOM_MAIL_H
#define GAINSAY_RANDOM_MAIL_H

#include "core/inbox.h"

/* `fifo`: one sender's queue, a ring of the run's capacity. */
struct mail_queue {
    uint32_t first, count;
};

struct random_mail {
    const struct gs_run *run;
    uint32_t *heads; /* deliverable messages; `set`, `bag`: each that is in flight; `fifo`: the oldest of each queue */
    uint32_t count;  /* of heads */
    size_t capacity;
    uint32_t *places; /* `set`, `bag`: by message, `fifo`: by sender; place among heads + 1, 0: it has none */
    uint32_t *copies; /* `bag`: by message */
    size_t place_capacity, copy_capacity, known;
    struct mail_queue *queues; /* `fifo`: by sender */
    uint32_t *rings;           /* `fifo`: by sender, capacity each */
};

void random_mail_init(struct random_mail *mail, const struct gs_run *run);
void random_mail_free(struct random_mail *mail);
void random_mail_clear(struct random_mail *mail);

/* Copies in flight of a message from that node. */
uint32_t random_mail_copies(const struct random_mail *mail, uint32_t message, unsigned from);
/* Adds one copy of a message, for a receiver that is up or down. Only INBOX_ADDED changes anything. */
enum inbox_result random_mail_add(struct random_mail *mail, uint32_t message, unsigned from, bool receiver_is_up);
/* Takes back the last change, which was that the copy was added. */
void random_mail_unadd(struct random_mail *mail, uint32_t message, unsigned from);
/* Takes a copy out; it is deliverable. Returns the place it had among heads, for random_mail_unremove. */
uint32_t random_mail_remove(struct random_mail *mail, uint32_t message, unsigned from);
/* Takes back the last change, which was that the copy was removed from that place. */
void random_mail_unremove(struct random_mail *mail, uint32_t message, unsigned from, uint32_t place);
/* `fifo`: is the sender's whole queue copies of this message? */
bool random_mail_is_uniform(const struct random_mail *mail, uint32_t message, unsigned from);
/* Calls visit for every message in flight, as often as it is; `fifo`: by sender, oldest first. */
void random_mail_visit(const struct random_mail *mail, void (*visit)(void *context, uint32_t message), void *context);
size_t random_mail_memory(const struct random_mail *mail);

#endif
