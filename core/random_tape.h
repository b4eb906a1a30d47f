/* The draws of a random run, noted in order; or given, in place of those of its stream. So that a run can be had again
 * with some of its draws changed: what it does is then a run all the same, only another one. */
#ifndef GAINSAY_RANDOM_TAPE_H
#define GAINSAY_RANDOM_TAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* limit: it is one of 0 .. limit - 1; 0: any number. 0 is no, the shortest time, the first of several. */
struct random_draw {
    uint64_t value, limit;
};

/* Zero-initialised it notes what the stream draws. */
struct random_tape {
    struct random_draw *draws; /* noted; owned */
    size_t count, capacity;
    const uint64_t *given; /* borrowed; one that is too large for its limit is the largest */
    size_t given_count;    /* behind them all are 0 */
    bool plays;            /* they are taken */
};

void random_tape_free(struct random_tape *tape);
/* The next draw; drawn: what the stream says it is. */
uint64_t random_tape_take(struct random_tape *tape, uint64_t drawn, uint64_t limit);

#endif
