/* Durations counted by size, to an eighth: in constant memory, with percentiles that are at most an eighth too large.
 */
#ifndef GAINSAY_HISTOGRAM_H
#define GAINSAY_HISTOGRAM_H

#include <stdint.h>

enum { HISTOGRAM_BUCKETS = 64 * 8 };

struct histogram {
    uint64_t count;
    int64_t most; /* the largest */
    uint64_t buckets[HISTOGRAM_BUCKETS];
};

void histogram_add(struct histogram *histogram, int64_t duration);
void histogram_add_all(struct histogram *histogram, const struct histogram *other);
/* So many of a thousand are at most this; 0 without any. */
int64_t histogram_permille(const struct histogram *histogram, unsigned permille);

#endif
