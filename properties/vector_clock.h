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

enum { GS_CLOCK_NODES_MAX = 8, GS_CLOCK_MAX = UINT8_MAX };

/* of[k]: how many events of the role's k-th node (gs_index) are included. All zero: none. No alignment. */
struct gs_vector_clock {
    uint8_t of[GS_CLOCK_NODES_MAX];
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
/* One event more of the k-th node. The event number 256 of one node ends the run as a finding: nothing wraps. */
void gs_vector_clock_tick(struct gs_vector_clock *clock, int k);
/* The greater of each, into the first. */
void gs_vector_clock_join(struct gs_vector_clock *into, const struct gs_vector_clock *from);

/* Compares only entries that are 0 in neither. Wrong, and often written: who never heard of a node has seen none of its
 * events. For mutants. */
enum gs_order gs_vector_clock_compare_common(const struct gs_vector_clock *a, const struct gs_vector_clock *b);

/* The same over any counts, `length` in each: for a vector of another size. */
enum gs_order gs_counts_compare(const uint8_t *a, const uint8_t *b, size_t length);
void gs_counts_join(uint8_t *into, const uint8_t *from, size_t length);

#endif
