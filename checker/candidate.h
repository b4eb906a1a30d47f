/* A place where a property was decided, from which a trace is made. Of several the smallest is kept: fewest steps, then
 * fewest fault events, then the smallest by canonical bytes. */
#ifndef GAINSAY_CANDIDATE_H
#define GAINSAY_CANDIDATE_H

#include "checker/engine.h"

/* Where a property was decided. */
struct candidate {
    bool found;
    bool at_start;        /* a START misbehaved: starts says which */
    bool has_step;        /* decided by the step from `state` by `event`; else by `state` itself */
    uint64_t depth;       /* length of the trace */
    uint64_t state_depth; /* of `state` */
    unsigned faults;      /* fault events on the way */
    uint32_t state[SLOTS_MAX];
    uint32_t after[SLOTS_MAX]; /* has_step, unless it misbehaves: the state it leads to */
    bool has_after;
    struct event event; /* message borrowed from the engine */
    struct event starts[GS_NODES_MAX];
    size_t start_count;
    char explanation[EXPLANATION_SIZE];
};

/* The order of candidates: -1, 0, 1. */
int candidate_compare(struct engine *engine, const struct candidate *a, const struct candidate *b);

/* Appends the canonical bytes of a slot's value. */
void state_slot_bytes(struct engine *engine, unsigned slot, uint32_t value, struct bytes *out);
/* -1, 0, 1 by canonical bytes: nodes (local state, mail), monitors, environment. */
int states_compare(struct engine *engine, const uint32_t *a, const uint32_t *b);
/* Fault events spent in a state: drops, duplicates, crashes, restarts, reboots, partitions. */
unsigned state_faults(const struct engine *engine, const uint32_t *values);

#endif
