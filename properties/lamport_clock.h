/* Lamport's clock (Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System", 1978): a number that is
 * greater at each event than at all that happened before it. The reverse is not so: of two numbers nothing follows. */
#ifndef GAINSAY_LAMPORT_CLOCK_H
#define GAINSAY_LAMPORT_CLOCK_H

#include "core/gainsay.h"

/* The time of a node's next event, a sending too; time: that of its last one, 0 before its first. Both end the run as a
 * finding beyond 65,535. */
uint16_t gs_lamport_tick(uint16_t time);
/* The time of a receipt; received: the time of the sending. */
uint16_t gs_lamport_receive(uint16_t time, uint16_t received);

#endif
