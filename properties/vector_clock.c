/* Vector clocks. */
#include "properties/vector_clock.h"

#include <string.h>

#include "core/guard.h"

/* width: 1 or 2 bytes. */
static unsigned count_at(const void *counts, size_t k, size_t width)
{
    return width == 1 ? ((const uint8_t *)counts)[k] : ((const uint16_t *)counts)[k];
}

enum gs_order gs_compare_counts(const void *a, const void *b, size_t size, size_t width)
{
    bool has_less = false, has_more = false;
    for (size_t k = 0; k < size / width; k++) {
        has_less |= count_at(a, k, width) < count_at(b, k, width);
        has_more |= count_at(a, k, width) > count_at(b, k, width);
    }
    return has_less && has_more ? GS_CONCURRENT : has_less ? GS_BEFORE : has_more ? GS_AFTER : GS_EQUAL;
}

void gs_join_counts(void *into, const void *from, size_t size, size_t width)
{
    for (size_t k = 0; k < size / width; k++)
        if (count_at(into, k, width) < count_at(from, k, width))
            memcpy((uint8_t *)into + k * width, (const uint8_t *)from + k * width, width);
}

enum gs_order gs_vector_clock_compare(const struct gs_vector_clock *a, const struct gs_vector_clock *b)
{
    return gs_counts_compare(a->of, b->of);
}

enum gs_order gs_vector_clock_compare_common(const struct gs_vector_clock *a, const struct gs_vector_clock *b)
{
    struct gs_vector_clock one = *a, other = *b;
    for (int k = 0; k < GS_CLOCK_NODES_MAX; k++)
        if (!one.of[k] || !other.of[k])
            one.of[k] = other.of[k] = 0;
    return gs_vector_clock_compare(&one, &other);
}

bool gs_vector_clock_includes(const struct gs_vector_clock *a, const struct gs_vector_clock *b)
{
    const enum gs_order order = gs_vector_clock_compare(a, b);
    return order == GS_EQUAL || order == GS_AFTER;
}

void gs_vector_clock_tick(struct gs_vector_clock *clock, int k)
{
    if (k < 0 || k >= GS_CLOCK_NODES_MAX)
        guard_fail("a vector clock has no entry for node %d of a role: it has %d", k, GS_CLOCK_NODES_MAX);
    if (clock->of[k] == UINT16_MAX)
        guard_fail("a vector clock counts to %d, and node %d of a role has had so many events", UINT16_MAX, k);
    clock->of[k]++;
}

void gs_vector_clock_join(struct gs_vector_clock *into, const struct gs_vector_clock *from)
{
    gs_counts_join(into->of, from->of);
}
