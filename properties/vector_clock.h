/* Vector clocks (Fidge, "Timestamps in Message-Passing Systems That Preserve the Partial Ordering", 1988; Mattern,
 * "Virtual Time and Global States of Distributed Systems", 1989) and version vectors: a count per node. Of two, one is
 * before the other exactly if what it stamps happened before, and neither if the two are concurrent. That takes an
 * entry per node, no fewer (Charron-Bost, "Concerning the size of logical clocks in distributed systems", 1991).
 *
 *     an event of its own      gs_vector_clock_tick(&clock, gs_index(s, gs_self(s)));
 *     sending                  the same; the message carries a copy
 *     receiving                gs_vector_clock_join(&clock, &message->clock); and then a tick
 *
 * A version vector ticks where something is written, and only joins where it is received. */
#ifndef GAINSAY_VECTOR_CLOCK_H
#define GAINSAY_VECTOR_CLOCK_H

#include "core/gainsay.h"

enum { GS_CLOCK_NODES_MAX = 8 };

/* of[k]: how many events of the role's k-th node (gs_index) are included. All zero: none. */
struct gs_vector_clock {
    uint16_t of[GS_CLOCK_NODES_MAX];
};
/* A field table: static const struct gs_field clock_fields[] = GS_VECTOR_CLOCK_FIELDS(SERVER); */
#define GS_VECTOR_CLOCK_FIELDS(role)                                 \
    {                                                                \
        GS_BY_NODE(struct gs_vector_clock, of, role), GS_FIELDS_END, \
    }

/* How the first stands to the second. */
enum gs_order { GS_EQUAL, GS_BEFORE, GS_AFTER, GS_CONCURRENT };

enum gs_order gs_vector_clock_compare(const struct gs_vector_clock *a, const struct gs_vector_clock *b);
bool gs_vector_clock_includes(const struct gs_vector_clock *a, const struct gs_vector_clock *b); /* equal or after */
/* One event more of the k-th node. Event 65,536 of one node ends the run as a finding: nothing wraps. */
void gs_vector_clock_tick(struct gs_vector_clock *clock, int k);
/* The greater of each, into the first. */
void gs_vector_clock_join(struct gs_vector_clock *into, const struct gs_vector_clock *from);

/* Compares only entries that are 0 in neither. Wrong, and often written: who never heard of a node has seen none of its
 * events. For mutants. */
enum gs_order gs_vector_clock_compare_common(const struct gs_vector_clock *a, const struct gs_vector_clock *b);

/* The same over any two arrays of counts of one type, uint8_t or uint16_t: for a vector of another size. */
#define gs_counts_compare(a, b) gs_compare_counts(a, b, sizeof(a), sizeof((a)[0]))
#define gs_counts_join(into, from) gs_join_counts(into, from, sizeof(into), sizeof((into)[0]))
enum gs_order gs_compare_counts(const void *a, const void *b, size_t size, size_t width);
void gs_join_counts(void *into, const void *from, size_t size, size_t width);

#endif
