/* The concrete world: one state, with every value in full. Replay, random search and the engine's own cross-check of a
 * counterexample run on it. */
#ifndef GAINSAY_WORLD_H
#define GAINSAY_WORLD_H

#include "core/inbox.h"
#include "core/step.h"

enum { WORLD_MONITORS_MAX = 64, WORLD_SPLIT_NODES_MAX = 16 };

struct world {
    const struct gs_run *run;
    struct bytes locals[GS_NODES_MAX];
    struct bytes inboxes[GS_NODES_MAX];
    int64_t spent[GS_FAULTS];
    bool cut_instead_of_absorbing; /* `bag`, while a QUIESCENT property is judged */
    uint64_t side;                 /* 0: no partition; else the nodes on node 0's side */
    uint64_t monitors_on;          /* bit per monitor (run's numbering) that is part of the state */
    struct bytes monitors[WORLD_MONITORS_MAX];
};

enum world_result {
    WORLD_STEP,        /* applied; the successor differs */
    WORLD_SAME,        /* allowed, but changes nothing: no step */
    WORLD_NOT_ENABLED, /* not possible here: no such message, timer not armed, budget spent, handler said no, ... */
    WORLD_CUT,         /* a bound cut it */
    WORLD_MISBEHAVED   /* the handler misbehaved: a finding */
};

/* What one event did. Zero-initialised before the first use; effect_free at the end. */
struct effect {
    struct bytes sends; /* as in struct outcome, each entry preceded by the sender's tag and an enum inbox_result */
    struct bytes announcements; /* each entry preceded by the announcer's tag */
    unsigned choice_count;
    uint16_t choices[GS_CHOICES_MAX], choice_limits[GS_CHOICES_MAX];
    bool asked_time, read_clock, nondeterministic; /* as in struct outcome: of any handler that ran */
    char explanation[EXPLANATION_SIZE]; /* misbehaviour, or the bound that cut: "within log <= 2", "capacity", ...
                                         */
};
void effect_free(struct effect *effect);

/* The world before START: all nodes initial, no mail. monitors_on: those in the state. False: an init misbehaved. */
bool world_init(struct world *world, const struct gs_run *run, uint64_t monitors_on, char *explanation);
void world_copy(struct world *to, const struct world *from); /* `to` initialised or all zero */
void world_free(struct world *world);

/* Gives `node` its START (an ACTION_START event, whose choices are used; further choices are 0). */
enum world_result world_start(struct world *world, const struct event *event, struct effect *effect);

/* Applies an event. Unless WORLD_STEP, the world is unchanged. Reaching one partial effect is impossible: all or
 * nothing. `ignored` deliveries are steps here (no reductions). effect may be NULL. */
enum world_result world_apply(struct world *world, const struct event *event, struct effect *effect);

/* The nodes that an event possible in `old` moves, in node order: its receiver or mover, or those of a struck host. */
size_t world_movers(const struct world *old, const struct event *event, unsigned movers[GS_NODES_MAX]);

/* Visits every event that may be tried, choices empty: whether each is a step world_apply tells. */
void world_visit(const struct world *world, event_visitor *visit, void *context);

/* Appends a node's canonical bytes: local state, then its mail (sorted; `fifo`: by channel). */
void world_serialize_node(const struct gs_run *run, unsigned node, const uint8_t *local, const struct bytes *inbox,
                          struct bytes *out);

/* XXH3-64 of the canonical serialization: local states, up/down, timers, messages in flight, cut links. */
uint64_t world_fingerprint(const struct world *world);

/* Does a partition with that side (0: none) cut the link? */
static inline bool world_link_is_cut(uint64_t side, unsigned from, unsigned to)
{
    return side && ((side >> from ^ side >> to) & 1);
}

/* Is this split (the side that holds node 0) one of those that may happen: both sides hold a node, the protocol allows
 * it? Splits of at most WORLD_SPLIT_NODES_MAX nodes are enumerated; run_new refuses partitions of more. */
bool world_split_is_allowed(const struct gs_run *run, uint64_t side);

#endif
