/* Who moves next in a random run: the strategies. Each draws its own parameters from the run's stream before the first
 * step, so that a run is (protocol, configuration, seed, number). */
#ifndef GAINSAY_RANDOM_SCHEDULER_H
#define GAINSAY_RANDOM_SCHEDULER_H

#include "checker/fuzz.h"
#include "checker/random_faults.h"

enum { PCT_DEPTH_MAX = 64, WEIGHT_WHOLE = 16 };

struct random_timed;
struct random_scheduler {
    enum gs_strategy strategy;
    struct random_stream stream;
    struct random_timed *timed; /* what happens next is for the clock to say; NULL: there is none */
    struct random_faults faults;
    struct random_move_list list;                                    /* scratch */
    uint8_t type_weights[GS_EVENTS_MAX], node_weights[GS_NODES_MAX]; /* swarm: in WEIGHT_WHOLEs; 0 is off */
    uint32_t weights[GS_NODES_MAX];                                  /* swarm: of all a node may do, see weigh */
    uint64_t *priorities;                                            /* pct: by thread */
    size_t priority_capacity;
    unsigned change_count, changed;  /* changed: so many have been met */
    uint64_t changes[PCT_DEPTH_MAX]; /* at which steps, ascending */
};

struct random_parameters {
    uint64_t seed, horizon; /* horizon: steps that a run takes, about */
    uint64_t steps;         /* no run takes more */
    unsigned pct_depth;
    struct random_tape *tape; /* of the run's draws; NULL: none */
};

void random_scheduler_begin(struct random_scheduler *scheduler, const struct random_world *world,
                            const struct random_parameters *parameters, enum gs_strategy strategy, uint64_t run);
void random_scheduler_free(struct random_scheduler *scheduler);

/* Finds and takes a step. RANDOM_STEP, or RANDOM_MISBEHAVES, with the move and (told before it is taken) its event;
 * RANDOM_SAME: there is none. bounds: counts what bounds cut. */
struct random_taker {
    void (*about_to)(void *context, const struct random_world *world, const struct random_move *move); /* may be NULL */
    void *context;
    uint64_t *cuts;
};
enum random_result random_scheduler_step(struct random_scheduler *scheduler, struct random_world *world,
                                         const struct random_taker *taker, struct random_move *move);

/* Threads in the sense of PCT: channels between two nodes, and each node's kinds of timers and local events. */
uint64_t random_thread_count(const struct gs_run *run);

/* ---- For its parts ---- */

enum random_result random_take(struct random_world *world, const struct random_taker *taker,
                               const struct random_move *move);
void random_pct_begin(struct random_scheduler *scheduler, const struct gs_run *run,
                      const struct random_parameters *parameters);
enum random_result random_pct_step(struct random_scheduler *scheduler, struct random_world *world,
                                   const struct random_taker *taker, struct random_move *move);

#endif
