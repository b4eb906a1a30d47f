/* Multi-leader replication's states and messages, for properties from outside, and what its files share. */
#ifndef PROTOCOLS_MULTI_LEADER_H
#define PROTOCOLS_MULTI_LEADER_H

#include "properties/hybrid_clock.h"
#include "properties/vector_clock.h"

enum { MULTI_LEADER_LEADER }; /* role */
enum {                        /* messages, local events, a timer */
       MULTI_LEADER_REPLICATE,
       MULTI_LEADER_COMPARE,
       MULTI_LEADER_SAME,
       MULTI_LEADER_REPAIR,
       MULTI_LEADER_WRITE,
       MULTI_LEADER_DELETE,
       MULTI_LEADER_ANTI_ENTROPY
};
enum { /* options */
       MULTI_LEADER_LEADERS,
       MULTI_LEADER_WRITES,
       MULTI_LEADER_RESOLVER,
       MULTI_LEADER_KEYS,
       MULTI_LEADER_VALUES,
       MULTI_LEADER_CLOCK,
       MULTI_LEADER_DELETES,
       MULTI_LEADER_REPLICATES,
       MULTI_LEADER_SYNCS
};
enum { MULTI_LEADER_LWW, MULTI_LEADER_SIBLINGS, MULTI_LEADER_MERGE }; /* resolvers */
enum { MULTI_LEADER_WROTE, MULTI_LEADER_MET };                        /* announcements */
enum {
    MULTI_LEADER_WALL_CLOCK,
    MULTI_LEADER_NO_TIEBREAK,
    MULTI_LEADER_COMMON_KEYS,
    MULTI_LEADER_NONCOMMUTATIVE,
    MULTI_LEADER_MERGE_KEEPS_VECTOR,
    MULTI_LEADER_MERGE_OVERWRITES,
    MULTI_LEADER_DROP_SIBLINGS,
    MULTI_LEADER_NODE_WIDE_CLOCK,
    MULTI_LEADER_NO_TOMBSTONE,
    MULTI_LEADER_ROOT_OF_VALUES,
    MULTI_LEADER_SYNCED_ON_SEND
};
enum { MULTI_LEADER_LEADERS_MAX = 5, MULTI_LEADER_KEYS_MAX = 2, MULTI_LEADER_WRITES_MAX = 12 };

/* A set of writes: bit n * leaders + k is the write n (from 0) of the k-th leader. A ghost: no rule reads one. */
typedef uint16_t multi_leader_writes;

struct multi_leader_version {
    uint8_t value;                 /* from 1; 0: deleted. With `merge` a set of bits */
    gs_node writer;                /* of a merged one: of its latest part */
    struct gs_hybrid_time time;    /* likewise */
    struct gs_vector_clock vector; /* its version vector: writes of this key that it takes into account */
    multi_leader_writes covers;    /* which these are */
};
/* A key. Without versions it was never written. */
struct multi_leader_item {
    uint16_t count;
    struct multi_leader_version versions[MULTI_LEADER_LEADERS_MAX]; /* sorted; more than one only with `siblings` */
    struct gs_vector_clock seen; /* the join of the vectors of all versions that ever came */
    multi_leader_writes known;   /* which writes these are */
};
struct multi_leader_leader {
    uint8_t made;         /* own writes */
    uint8_t keys;         /* the option */
    gs_node_set unsynced; /* with `anti-entropy`: who may lack something */
    struct multi_leader_item items[MULTI_LEADER_KEYS_MAX];
};
struct multi_leader_message {
    uint8_t type;
    uint8_t key;                         /* replicate; from 1 */
    struct multi_leader_version version; /* replicate */
    bool asks;                           /* repair: for what the receiver has more */
    uint8_t keys;
    struct multi_leader_item items[MULTI_LEADER_KEYS_MAX]; /* the others; of `compare` and `same` they are the root */
};

struct multi_leader_wrote {
    uint8_t number; /* its bit in a set of writes */
    uint8_t key, value;
    gs_node by;
    struct gs_hybrid_time time;
    multi_leader_writes before; /* writes of this key that its leader knew of */
};
/* A version came, and was compared with one that is there. */
struct multi_leader_met {
    multi_leader_writes here, there; /* what the version that was there covers, and what the one that came */
    uint8_t key;                     /* of a meeting: not filled in */
    bool is_conflict;                /* counted as one */
};

bool multi_leader_step(struct gs_step *s, void *self, const struct gs_event *e);

/* ---- Versions (multi_leader_versions.c) -------------------------------------------------------------------------- */

/* Which versions of one key were compared. */
struct multi_leader_meetings {
    uint8_t count;
    struct multi_leader_met met[MULTI_LEADER_LEADERS_MAX * MULTI_LEADER_LEADERS_MAX];
};

/* Takes a version that came into a key. meetings: added to; NULL: nobody asks. */
void multi_leader_take(const struct gs_run *run, struct multi_leader_item *item,
                       const struct multi_leader_version *version, struct multi_leader_meetings *meetings);
/* Takes another leader's key whole. Both are as if each had taken all that the other ever did. */
void multi_leader_join(const struct gs_run *run, struct multi_leader_item *item, const struct multi_leader_item *other,
                       struct multi_leader_meetings *meetings);
/* Is all equal that a rule reads, key by key? */
bool multi_leader_is_equal(const struct multi_leader_item *a, const struct multi_leader_item *b, int keys);
/* Have both the same root? */
bool multi_leader_is_same(const struct gs_run *run, const struct multi_leader_item *a,
                          const struct multi_leader_item *b, int keys);

#endif
