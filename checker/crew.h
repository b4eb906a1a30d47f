/* The threads of a search: they work on a level side by side, stop together when something needs all of them, and wait
 * for each other at its end. */
#ifndef GAINSAY_CREW_H
#define GAINSAY_CREW_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct crew {
    unsigned size; /* threads that take part in this level, the leader included */
    _Atomic bool pause_wanted;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    unsigned arrived, idle;
    uint64_t round;  /* of the barrier */
    uint64_t levels; /* begun with more than the leader */
    bool ended;
};

void crew_init(struct crew *crew);
void crew_free(struct crew *crew);

/* By the leader: lets `size` threads begin a level. The others go on waiting. */
void crew_begin_level(struct crew *crew, unsigned size);
/* By the leader: no level will begin any more. */
void crew_end(struct crew *crew);
/* By all but the leader: waits for the next level; *levels: how many have been seen, at first 0. False: the end. */
bool crew_next_level(struct crew *crew, uint64_t *levels);

/* Waits until all have come here. */
void crew_meet(struct crew *crew);

/* Asks all to stop: each will see pause_wanted, or is idle and comes back from crew_idle. Then all meet. */
void crew_want_pause(struct crew *crew);
/* By one, while all have stopped: the pause will be over when all have met again. */
void crew_end_pause(struct crew *crew);

/* Called by who has nothing left to do. True: nor has anybody else; false: a pause is wanted. */
bool crew_idle(struct crew *crew);

#endif
