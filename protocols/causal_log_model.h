/* What the causal event log is judged by; predicates for the table of its model. */
#ifndef PROTOCOLS_CAUSAL_LOG_MODEL_H
#define PROTOCOLS_CAUSAL_LOG_MODEL_H

#include "properties/causal_delivery.h"
#include "protocols/causal_log.h"

/* A monitor: what happened, and what the clocks say of it. Both lists in the same order, by process and number. */
struct causal_log_stamps {
    struct gs_causality happened;
    uint16_t count;
    struct causal_log_stamped claimed[CAUSAL_LOG_ALL_MAX];
};

/* GS_SCOPE_MONITOR, over struct causal_log_stamps. */
bool causal_log_vectors_are_causality(struct gs_view *v);
bool causal_log_lamport_follows(struct gs_view *v);
bool causal_log_hybrid_follows(struct gs_view *v);
bool causal_log_hybrid_is_bounded(struct gs_view *v);
bool causal_log_histories_are_right(struct gs_view *v);
bool causal_log_lamport_orders_concurrent(struct gs_view *v);
bool causal_log_cause_is_told_on(struct gs_view *v);
bool causal_log_all_is_delivered(struct gs_view *v);

/* GS_SCOPE_MONITOR, over struct gs_causal_order. */
bool causal_log_message_overtakes_its_cause(struct gs_view *v);

/* GS_SCOPE_NODE, and GS_SCOPE_STEP. */
bool causal_log_log_is_own(struct gs_view *v);
bool causal_log_hybrid_clock_is_ahead(struct gs_view *v);
bool causal_log_message_is_held_back(struct gs_view *v);
bool causal_log_vector_clocks_grow(struct gs_view *v);

#endif
