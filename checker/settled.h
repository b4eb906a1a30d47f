/* What of local states is settled: all scope values in it have been judged, and none decides anything. That is kept for
 * single local states, and for the tuples of those that properties look at together. Both are few where states are
 * many, so nearly every new state is known to be settled without a look at its scopes. */
#ifndef GAINSAY_SETTLED_H
#define GAINSAY_SETTLED_H

#include "checker/engine.h"

enum { SETTLED_LOG2 = 15, SETTLED_SIZE = 1 << SETTLED_LOG2 /* values remembered, those met last */ };

/* One thread's memory. A tuple is packed into one word, exactly; where that does not suffice nothing is remembered. */
struct settled {
    bool is_on;
    bool is_narrow;       /* some local state's number did not fit */
    uint64_t joint;       /* nodes that properties look at together */
    struct layout layout; /* a slot for the local state of each node; none but the joint ones have bits */
    bool has_entered;     /* the state being explored: `tuple` is its */
    uint64_t tuple;       /* 0: unknown */
    uint64_t *values;     /* SETTLED_SIZE settled tuples and single local states, by hash; 0: none */
};

/* What a successor adds to the state that is being explored, one node's local state having changed. */
struct novelty {
    uint64_t single, tuple; /* 0: of no interest, or unknown */
};

/* joint: nodes whose local states some property looks at together; is_on: nothing that is judged of a new state depends
 * on anything but local states. */
void settled_init(struct settled *settled, bool is_on, uint64_t joint);
void settled_free(struct settled *settled);

/* Makes room for all local states there are. Forgets all, also what novelties were about. */
void settled_widen(struct settled *settled, struct engine *engine);

/* Goes to another state. Most states have no successor that is of interest here, so its tuple is made when first asked
 * for. */
static inline void settled_leave(struct settled *settled)
{
    settled->has_entered = false;
}
void settled_enter(struct settled *settled, const struct engine *engine, const uint32_t *values);

static inline uint64_t *settled_place(const struct settled *settled, uint64_t value)
{
    return &settled->values[value * UINT64_C(0x9E3779B97F4A7C15) >> (64 - SETTLED_LOG2)];
}

/* Is a successor settled, of whose nodes one goes to configuration `to`, and no other local state differs? `values` are
 * those of the slots of the state being explored. If not, *novelty says what is not. */
static inline bool settled_after(struct settled *settled, const struct engine *engine, const uint32_t *values,
                                 unsigned node, uint32_t to, struct novelty *novelty)
{
    *novelty = (struct novelty){0};
    if (!settled->has_entered)
        settled_enter(settled, engine, values);
    if (!settled->tuple)
        return false;
    const uint32_t after = engine_configuration(engine, node, to)->local;
    const uint64_t single = (uint64_t)node << 32 | after | KEY_MARK >> 1;
    uint64_t tuple = settled->tuple;
    const bool is_joint = settled->joint >> node & 1;
    if (is_joint && !layout_fits(&settled->layout, node, after)) {
        settled->is_narrow = true;
        return false;
    }
    if (is_joint)
        layout_change(&settled->layout, &tuple, node, engine_configuration(engine, node, values[node])->local, after);
    if (*settled_place(settled, single) == single && (!is_joint || *settled_place(settled, tuple) == tuple))
        return true;
    *novelty = (struct novelty){single, is_joint ? tuple : 0};
    return false;
}

/* All of it has been judged, and decides nothing. */
static inline void settled_add(struct settled *settled, struct novelty novelty)
{
    if (novelty.single)
        *settled_place(settled, novelty.single) = novelty.single;
    if (novelty.tuple)
        *settled_place(settled, novelty.tuple) = novelty.tuple;
}

#endif
