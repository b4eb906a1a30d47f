/* What multi-leader replication is judged by; predicates for the table of its model. */
#ifndef PROTOCOLS_MULTI_LEADER_MODEL_H
#define PROTOCOLS_MULTI_LEADER_MODEL_H

#include "protocols/multi_leader.h"

/* A monitor: each write as it was made, and which leaders met a conflict. */
struct multi_leader_history {
    multi_leader_writes made;
    uint8_t conflicts; /* bit k: the k-th leader has counted one */
    bool is_miscounted;
    struct multi_leader_met miscounted;                        /* the first one */
    struct multi_leader_wrote writes[MULTI_LEADER_WRITES_MAX]; /* by number */
};
void multi_leader_announced(const struct gs_run *run, void *value, gs_node by, int announcement, const void *what);

/* GS_SCOPE_MONITOR_NODE */
bool multi_leader_nothing_overwritten(struct gs_view *v);
bool multi_leader_latest_write_wins(struct gs_view *v);
bool multi_leader_siblings_are_maximal(struct gs_view *v);
bool multi_leader_merge_has_all(struct gs_view *v);
bool multi_leader_write_is_lost(struct gs_view *v);
/* GS_SCOPE_MONITOR */
bool multi_leader_conflicts_are_concurrent(struct gs_view *v);
bool multi_leader_times_follow_causes(struct gs_view *v);
bool multi_leader_conflict_everywhere(struct gs_view *v);
/* GS_SCOPE_PAIR */
bool multi_leader_same_seen_same_state(struct gs_view *v);
bool multi_leader_is_a_join(struct gs_view *v);
bool multi_leader_diverged(struct gs_view *v);
/* GS_SCOPE_ROLE */
bool multi_leader_converged(struct gs_view *v);
bool multi_leader_caught_up(struct gs_view *v);
/* GS_SCOPE_STEP */
bool multi_leader_grows(struct gs_view *v);
/* GS_SCOPE_NODE */
bool multi_leader_has_siblings(struct gs_view *v);
bool multi_leader_has_merged(struct gs_view *v);
bool multi_leader_is_repaired(struct gs_view *v);

#endif
