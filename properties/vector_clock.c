/* Vector clocks. */
#include "properties/vector_clock.h"

#include "core/guard.h"

enum gs_order gs_counts_compare(const uint8_t *a, const uint8_t *b, size_t length)
{
    bool has_less = false, has_more = false;
    for (size_t k = 0; k < length; k++) {
        has_less |= a[k] < b[k];
        has_more |= a[k] > b[k];
    }
    return has_less && has_more ? GS_CONCURRENT : has_less ? GS_BEFORE : has_more ? GS_AFTER : GS_EQUAL;
}

void gs_counts_join(uint8_t *into, const uint8_t *from, size_t length)
{
    for (size_t k = 0; k < length; k++)
        if (into[k] < from[k])
            into[k] = from[k];
}

enum gs_order gs_vector_clock_compare(const struct gs_vector_clock *a, const struct gs_vector_clock *b)
{
    return gs_counts_compare(a->of, b->of, GS_CLOCK_NODES_MAX);
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
    if (clock->of[k] == GS_CLOCK_MAX)
        guard_fail("a vector clock counts to %d, and node %d of a role has had so many events", GS_CLOCK_MAX, k);
    clock->of[k]++;
}

void gs_vector_clock_join(struct gs_vector_clock *into, const struct gs_vector_clock *from)
{
    gs_counts_join(into->of, from->of, GS_CLOCK_NODES_MAX);
}
