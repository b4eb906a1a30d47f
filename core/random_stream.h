/* The stream of choices that a random run is drawn from: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014), one stream for
 * each (seed, run). Integers only, so that a seed means the same run on every machine and with every compiler. */
#ifndef GAINSAY_RANDOM_STREAM_H
#define GAINSAY_RANDOM_STREAM_H

#include <stdbool.h>
#include <stdint.h>

struct random_stream {
    uint64_t state;
};

/* A seed is any string. */
uint64_t random_seed(const char *text);
struct random_stream random_stream_of(uint64_t seed, uint64_t run);

static inline uint64_t random_next(struct random_stream *stream)
{
    uint64_t z = stream->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

/* 0 .. n - 1, for n from 1 on; the bias, n / 2^32, is far below what so many runs can tell. */
static inline uint32_t random_below(struct random_stream *stream, uint32_t n)
{
    return (uint32_t)((random_next(stream) >> 32) * n >> 32);
}

static inline bool random_chance(struct random_stream *stream, uint32_t numerator, uint32_t denominator)
{
    return random_below(stream, denominator) < numerator;
}

#endif
