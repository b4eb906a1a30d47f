/* The mail of a timed run: when a message that is sent arrives, and what happens then. */
#ifndef GAINSAY_TIMED_MAIL_H
#define GAINSAY_TIMED_MAIL_H

#include "checker/random_timed.h"

/* Plans the arrival of a message that was put in flight just now, if it is not lost. */
void timed_mail_send(struct random_timed *timed, struct random_scheduler *scheduler, const struct random_world *world,
                     unsigned to, uint32_t message);
/* What is planned for a message comes due: it is delivered or, where it has to wait, planned anew. In `fifo` it is the
 * oldest message of its channel that is delivered. */
enum random_result timed_mail_arrive(struct random_timed *timed, struct random_scheduler *scheduler,
                                     struct random_world *world, const struct random_taker *taker,
                                     const struct timed_entry *planned, struct random_move *move);

#endif
