/* Hybrid logical clocks (Kulkarni, Demirbas, Madappa, Avva and Leone, "Logical Physical Clocks", 2014, figure 5): a
 * timestamp that follows causes as Lamport's does, and stays as near to physical time as the clocks of the nodes are to
 * each other. l is the greatest physical time known, c counts the events since l last grew.
 *
 * Physical time is a small number that the protocol keeps: docs/properties.md says how to model it. */
#ifndef GAINSAY_HYBRID_CLOCK_H
#define GAINSAY_HYBRID_CLOCK_H

#include "core/gainsay.h"

/* All zero: before the first event. */
struct gs_hybrid_time {
    uint16_t l, c;
};
extern const struct gs_field gs_hybrid_time_fields[];

/* The time of a node's next event, a sending too. last: of its last one; physical: what its own clock shows. Both end
 * the run as a finding beyond c = 65,535. */
struct gs_hybrid_time gs_hybrid_tick(struct gs_hybrid_time last, uint16_t physical);
/* The time of a receipt; received: the time of the sending. */
struct gs_hybrid_time gs_hybrid_receive(struct gs_hybrid_time last, uint16_t physical, struct gs_hybrid_time received);

/* By l, then c: negative, 0 or positive, as the first is earlier, equal or later. Equal times of two nodes are
 * concurrent; for a total order compare gs_node_rank then. */
int gs_hybrid_compare(struct gs_hybrid_time a, struct gs_hybrid_time b);

#endif
