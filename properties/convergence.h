/* What replicated data is judged by: which updates each replica has seen, and what was done in each. A replica keeps,
 * as a ghost that no rule reads, how many updates of each replica its state includes (a prefix of each: whole states
 * travel), and sends it along with its state. A ready-made monitor keeps each update as it was announced, with what its
 * replica had seen before it: the operations and their happened-before order, over which a type's meaning is defined.
 * See Shapiro, Preguica, Baquero and Zawirski, "Conflict-free Replicated Data Types" (2011). */
#ifndef GS_CONVERGENCE_H
#define GS_CONVERGENCE_H

#include "core/gainsay.h"

enum { GS_UPDATERS_MAX = 16, GS_UPDATES_EACH_MAX = 8, GS_UPDATES_MAX = GS_UPDATERS_MAX * GS_UPDATES_EACH_MAX };

/* The first `of[k]` updates of the k-th replica have been seen. No alignment. */
struct gs_seen {
    uint8_t of[GS_UPDATERS_MAX];
};
#define GS_SEEN_FIELDS(role)                                 \
    {                                                        \
        GS_BY_NODE(struct gs_seen, of, role), GS_FIELDS_END, \
    }

/* An update: what its replica announces in the step that makes it. */
struct gs_update {
    uint8_t kind;         /* the protocol's own enum */
    uint8_t arguments[2]; /* the protocol's own */
    struct gs_seen seen;  /* by its replica before it: what happened before it */
};
/* names: of the kinds; table: GS_SEEN_FIELDS. */
#define GS_UPDATE_FIELDS(names, table)                                                 \
    {                                                                                  \
        GS_ENUM(struct gs_update, kind, names), GS_FIELD(struct gs_update, arguments), \
            GS_STRUCT(struct gs_update, seen, table), GS_FIELDS_END,                   \
    }

/* The value of the monitor. Update n (from 0) of the k-th replica is made[k * GS_UPDATES_EACH_MAX + n]: its place. */
struct gs_updates {
    struct gs_seen count; /* how many each replica has made */
    struct gs_update made[GS_UPDATES_MAX];
};
#define GS_UPDATES_FIELDS(seen_table, update_table)                                                              \
    {                                                                                                            \
        GS_STRUCT(struct gs_updates, count, seen_table), GS_STRUCT_ARRAY(struct gs_updates, made, update_table), \
            GS_FIELDS_END,                                                                                       \
    }

/* A gs_monitor's `announced`, of a model that announces nothing but struct gs_update, at most GS_UPDATES_EACH_MAX by
 * each of at most GS_UPDATERS_MAX nodes. */
void gs_updates_announced(const struct gs_run *run, void *value, gs_node by, int announcement, const void *announced);

/* Does every message that is sent arrive in the end, or wait for a node that is down? Without drops; and in fifo, where
 * a crash empties the channels into its node, without crashes and reboots. For `.needs` of a protocol that sends what
 * it has to say once: what was lost is not made up for, so that at rest nothing can be claimed of it. */
bool gs_all_mail_arrives(const struct gs_run *run);
#define GS_ALL_MAIL_ARRIVES_TEXT "drops = 0, and in fifo crashes and reboots = 0"

bool gs_seen_equal(struct gs_seen a, struct gs_seen b);
bool gs_seen_covers(struct gs_seen a, struct gs_seen b); /* all of b is in a */
struct gs_seen gs_seen_join(struct gs_seen a, struct gs_seen b);

int gs_update_updater(int place); /* whose update it is, as gs_index */
int gs_update_number(int place);  /* from 0 */
bool gs_seen_has(struct gs_seen seen, int place);
/* Did the update at place a happen before the one at place b? Both have been made. */
bool gs_update_precedes(const struct gs_updates *updates, int a, int b);
/* Of the updates seen, the next place from `from` on; -1 at the end. */
int gs_seen_next(struct gs_seen seen, int from);

/* for (GS_EACH_SEEN(place, seen)) ...: the places of all updates seen. */
#define GS_EACH_SEEN(place, seen)        \
    int place = gs_seen_next((seen), 0); \
    place >= 0;                          \
    place = gs_seen_next((seen), place + 1)

#endif
