/* The clock of timed random runs: how long links, timers and faults take, and how often faults come. Times are in
 * nanoseconds of the run's own clock. */
#ifndef GAINSAY_CORE_TIMING_H
#define GAINSAY_CORE_TIMING_H

#include <stdbool.h>
#include <stdint.h>

enum gs_distribution_kind { GS_CONSTANT, GS_UNIFORM, GS_NORMAL, GS_EXPONENTIAL };

/* constant: a; uniform: a to b, both included; normal: mean a, deviation b, at least 1; exponential: mean a. */
struct gs_distribution {
    uint8_t kind;
    int64_t a, b;
};

struct gs_timing {
    bool on;
    struct gs_distribution latency;                      /* of a link */
    struct gs_distribution timer;                        /* of timers for which the model says nothing */
    struct gs_distribution local;                        /* until a node takes a local event that is enabled */
    struct gs_distribution down_for, cut_for, pause_for; /* until a restart, a heal, going on */
    int64_t until;                                       /* end of a run */
    int64_t crash_every, partition_every;                /* means, while there is budget; 0: spread over the run */
    int64_t one_way_every, pause_every;                  /* means; 0: never */
    uint32_t loss_ppm, duplicate_ppm;                    /* of messages, in millionths */
    uint32_t drift_ppm;                                  /* each node's clock is so much too fast or slow, at most */
    int64_t skew;                                        /* and is so much ahead when the run begins, at most */
    uint64_t bandwidth;                                  /* bytes a second of each link; 0: no limit */
    int64_t heal_after;                                  /* from then on no faults; 0: never */
    int64_t recover_within;                              /* after that the goals must be met; 0: none must */
    const char *const *recovers;                         /* these goals; NULL-terminated */
};

#endif
