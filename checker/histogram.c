/* A bucket is a power of two and the next three bits. */
#include "checker/histogram.h"

static unsigned bucket_of(uint64_t duration)
{
    if (duration < 8)
        return (unsigned)duration;
    const unsigned power = 63 - (unsigned)__builtin_clzll(duration);
    return (power - 2) * 8 + (unsigned)(duration >> (power - 3) & 7);
}

/* The largest duration of a bucket. */
static int64_t end_of(unsigned bucket)
{
    if (bucket < 8)
        return bucket;
    const unsigned power = bucket / 8 + 2;
    return (int64_t)(((UINT64_C(8) + bucket % 8 + 1) << (power - 3)) - 1);
}

void histogram_add(struct histogram *histogram, int64_t duration)
{
    const int64_t kept = duration > 0 ? duration : 0;
    histogram->count++;
    histogram->most = kept > histogram->most ? kept : histogram->most;
    histogram->buckets[bucket_of((uint64_t)kept)]++;
}

void histogram_add_all(struct histogram *histogram, const struct histogram *other)
{
    histogram->count += other->count;
    histogram->most = other->most > histogram->most ? other->most : histogram->most;
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++)
        histogram->buckets[i] += other->buckets[i];
}

int64_t histogram_permille(const struct histogram *histogram, unsigned permille)
{
    const uint64_t wanted = histogram->count / 1000 * permille + (histogram->count % 1000 * permille + 999) / 1000;
    uint64_t seen = 0;
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS && histogram->count; i++) {
        seen += histogram->buckets[i];
        if (seen >= wanted && seen)
            return end_of(i) < histogram->most ? end_of(i) : histogram->most;
    }
    return 0;
}
