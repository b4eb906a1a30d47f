/* A random run with a clock: an event queue says what happens next. Messages arrive when their latency is over, timers
 * fire when they are due, faults come at their rates. The events that are taken are ordinary ones, so that the trace is
 * one of the same protocol without a clock: a message that is lost is one that is never delivered (in `fifo`, where
 * that would hold up its channel, it is sent again and comes later). */
#ifndef GAINSAY_RANDOM_TIMED_H
#define GAINSAY_RANDOM_TIMED_H

#include "checker/histogram.h"
#include "checker/random_queue.h"
#include "checker/random_scheduler.h"

/* Of one type of message, or of one goal. */
struct timed_sums {
    uint64_t sent, delivered, lost;
    struct histogram times; /* latencies of what was delivered; time until the goal was met first */
};

struct random_timed {
    const struct gs_timing *timing;
    const struct gs_run *run;
    struct timed_queue queue;
    int64_t now;
    int64_t paused_until[GS_NODES_MAX];
    int64_t drift_ppm[GS_NODES_MAX], skew[GS_NODES_MAX]; /* of each node's clock: slower, and ahead */
    struct engine_clock clock;                           /* for handlers */
    struct gs_distribution *takes;                       /* by role and timer's bit: how long it takes */
    uint32_t generations[GS_NODES_MAX][GS_TIMERS_MAX];   /* of each timer: a queued one of another is no longer meant */
    int64_t *last_arrivals, *free_at;                    /* by channel */
    uint64_t one_way_from, one_way_to;                   /* messages from the first to the second do not arrive, */
    int64_t one_way_until;                               /* before then */
    uint64_t local_queued;                               /* nodes whose next local event is in the queue */
    bool calm, ended;                                    /* heal_after is past; the end is */
    bool cut;                                            /* a bound has held something back that was due */
    void (*calmed)(void *context); /* told when all is healed, before anything follows from it; NULL: nobody */
    void *context;
    bool overfull;           /* the run ended, for too much was planned at once */
    bool unfinished;         /* the last call of random_timed_step gave somebody else a chance: it goes on */
    uint64_t idle, idle_max; /* what came due and was no step; a run in which more of that comes ends. 0: none does */
    /* Sums over all runs. */
    struct timed_sums *sums; /* by event type */
    struct timed_sums goals[64];
    struct timed_sums recovery; /* sent: runs that were judged; delivered: of these recovered; lost: not judged */
    uint64_t announced[GS_ANNOUNCEMENTS_MAX];
    int64_t total;           /* time of all runs */
    uint64_t overfull_count; /* runs that ended so */
};

void random_timed_init(struct random_timed *timed, const struct gs_run *run, const struct gs_timing *timing);
void random_timed_free(struct random_timed *timed);
/* Back to time 0, before a run: nothing of the last one is kept but sums. Nodes' clocks are drawn. */
void random_timed_reset(struct random_timed *timed, struct random_scheduler *scheduler);
/* Plans what happens first, all STARTs being taken. */
void random_timed_begin(struct random_timed *timed, struct random_scheduler *scheduler, struct random_world *world);
/* RANDOM_SAME: the run is over, or only unfinished. */
enum random_result random_timed_step(struct random_timed *timed, struct random_scheduler *scheduler,
                                     struct random_world *world, const struct random_taker *taker,
                                     struct random_move *move);
/* Adds another thread's sums. */
void random_timed_add(struct random_timed *timed, const struct random_timed *other);

/* Messages in the queue are numbers, which are forgotten: out as bytes before, in again after it. */
void random_timed_pack(const struct random_timed *timed, const struct random_world *world, struct bytes *bytes);
void random_timed_unpack(struct random_timed *timed, struct random_world *world, const struct bytes *bytes);

/* ---- For its parts ---- */

/* Makes the candidate a move and takes it; what a bound holds back is noted. */
enum random_result random_timed_try(struct random_scheduler *scheduler, struct random_world *world,
                                    const struct random_taker *taker, const struct random_candidate *candidate,
                                    struct random_move *move);
/* Did a handler run? Also one that changed nothing, for what it sent was in flight already, perhaps lost: that is no
 * step, but what it sent is on its way anew. */
bool random_timed_was_handled(const struct random_world *world, enum random_result result);

#endif
