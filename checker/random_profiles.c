/* Environments by name: round numbers of what such networks are like, each to be changed by its own flag. */
#include "checker/timing.h"

#include <stddef.h>

#define US(n) ((int64_t)(n)*1000)
#define MS(n) ((int64_t)(n)*1000000)
#define S(n) ((int64_t)(n)*1000000000)

/* What all have. */
#define COMMON                                                                                 \
    .on = true, .timer = {GS_UNIFORM, MS(150), MS(300)}, .local = {GS_EXPONENTIAL, MS(20), 0}, \
    .down_for = {GS_EXPONENTIAL, S(1), 0}, .cut_for = {GS_EXPONENTIAL, S(1), 0}, .until = S(10)

const struct gs_profile gs_profiles[] = {
    {"datacenter",
     "one building: a quarter of a millisecond, nothing lost",
     {COMMON, .latency = {GS_NORMAL, US(250), US(50)}}},
    {"wan",
     "between continents: 40 ms, one message in a thousand lost",
     {COMMON, .latency = {GS_NORMAL, MS(40), MS(10)}, .loss_ppm = 1000, .drift_ppm = 50, .skew = MS(10)}},
    {"lossy",
     "a bad link: one message in ten lost, one in a hundred twice",
     {COMMON, .latency = {GS_EXPONENTIAL, MS(5), 0}, .loss_ppm = 100000, .duplicate_ppm = 10000, .drift_ppm = 50,
      .skew = MS(10)}},
    {"degraded",
     "overloaded: slow, nodes that pause, links that work one way only",
     {COMMON, .latency = {GS_EXPONENTIAL, MS(50), 0}, .loss_ppm = 20000, .drift_ppm = 200, .skew = MS(100),
      .one_way_every = S(10), .pause_every = S(5), .pause_for = {GS_UNIFORM, MS(100), S(1)}}},
    {"hostile",
     "all at once: a fifth lost, clocks a hundredth apart, pauses and one-way links",
     {COMMON, .latency = {GS_EXPONENTIAL, MS(20), 0}, .loss_ppm = 200000, .duplicate_ppm = 50000, .drift_ppm = 10000,
      .skew = S(1), .one_way_every = S(2), .pause_every = S(2), .pause_for = {GS_UNIFORM, MS(100), S(1)}}},
    {.name = NULL},
};
