/* The payloads of CRDTs that a store keeps under its keys too, each with its field table. */
#ifndef PROTOCOLS_CRDT_PAYLOADS_H
#define PROTOCOLS_CRDT_PAYLOADS_H

#include "properties/convergence.h"

enum { CRDT_REPLICAS_MAX = GS_UPDATERS_MAX };
/* In a run: dealt out to two replicas, the fewest there are, none makes more than a monitor keeps. */
enum { CRDT_UPDATES_MAX = 2 * GS_UPDATES_EACH_MAX };

/* Of g-counter: what each replica has counted. */
struct grow_counter {
    uint8_t entries[CRDT_REPLICAS_MAX];
};
extern const struct gs_field grow_counter_fields[];

/* Of pn-counter. */
struct updown_counter {
    uint8_t up[CRDT_REPLICAS_MAX], down[CRDT_REPLICAS_MAX];
};
extern const struct gs_field updown_counter_fields[];

/* Of lww-register: a value is told by its writer and which of its writes it is. */
struct stamped {
    uint8_t physical, logical;
    gs_node writer; /* nobody: never written */
    uint8_t write;  /* the writer's first is 1 */
};
extern const struct gs_field stamped_fields[];

/* One add: unique, since a replica numbers its own from 1. */
struct or_set_tag {
    uint8_t element; /* from 1 */
    gs_node replica;
    uint8_t number;
};

/* A sorted set of tags. */
struct or_set_tags {
    uint8_t count;
    struct or_set_tag all[CRDT_UPDATES_MAX];
};

/* Of or-set. */
struct versioned_set {
    struct or_set_tags tags;
    uint8_t version[CRDT_REPLICAS_MAX]; /* each replica's newest add that this state includes */
};
extern const struct gs_field versioned_set_fields[];

#endif
