/* The stream of choices that a random run is drawn from: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014), one stream for
 * each (seed, run). Integers only, so that a seed means the same run on every machine and with every compiler. */
#ifndef GAINSAY_RANDOM_STREAM_H
#define GAINSAY_RANDOM_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "core/random_tape.h"

struct random_stream {
    uint64_t state;
    struct random_tape *tape; /* that notes or gives the draws; NULL: none */
};

/* A seed is any string. */
uint64_t random_seed(const char *text);
struct random_stream random_stream_of(uint64_t seed, uint64_t run);

/* For the draws below. */
static inline uint64_t random_raw(struct random_stream *stream)
{
    uint64_t z = stream->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static inline uint64_t random_noted(struct random_stream *stream, uint64_t drawn, uint64_t limit)
{
    return stream->tape ? random_tape_take(stream->tape, drawn, limit) : drawn;
}

/* Any number. */
static inline uint64_t random_next(struct random_stream *stream)
{
    return random_noted(stream, random_raw(stream), 0);
}

/* 0 .. n - 1, for n from 1 on, also beyond 32 bits. */
static inline uint64_t random_of(struct random_stream *stream, uint64_t n)
{
    return random_noted(stream, random_raw(stream) % n, n);
}

/* 0 .. n - 1, for n from 1 on; the bias, n / 2^32, is far below what so many runs can tell. */
static inline uint32_t random_below(struct random_stream *stream, uint32_t n)
{
    return (uint32_t)random_noted(stream, (random_raw(stream) >> 32) * n >> 32, n);
}

static inline bool random_chance(struct random_stream *stream, uint32_t numerator, uint32_t denominator)
{
    return random_noted(stream, ((random_raw(stream) >> 32) * denominator >> 32) < numerator, 2);
}

#endif
