/* Causal delivery (Birman and Joseph, "Reliable Communication in the Presence of Failures", 1987): no message is
 * delivered to a node before all those to it that were sent before, by the same node or by one that had heard of them.
 * The announcements are those of properties/causality.h; without any clock, a monitor keeps of each message that is
 * still on its way to somebody who has heard of it, and which such messages were sent before it.
 *
 *     GS_CAUSAL_ORDER(order, ANNOUNCED)                at file scope
 *
 *     gs_announce(s, ANNOUNCED + GS_SENT, &(struct gs_sent){.message = n, .to = gs_peers(s)});
 *     gs_announce(s, ANNOUNCED + GS_DELIVERED, &(struct gs_delivered){.from = e->from, .message = message->number});
 *
 *     .announcements = {GS_CAUSALITY_ANNOUNCEMENTS(ANNOUNCED)},
 *
 *     .monitors = {[ORDER] = GS_CAUSAL_ORDER_MONITOR(order)},
 *
 *     .properties = {GS_CAUSAL_DELIVERY(ORDER), ...}
 *
 * A message's number may be used again when it has been delivered everywhere. A delivery of what is not on its way, or
 * not to this node, is a repetition, and says nothing. */
#ifndef GAINSAY_CAUSAL_DELIVERY_H
#define GAINSAY_CAUSAL_DELIVERY_H

#include "properties/causality.h"

enum { GS_UNDELIVERED_MAX = 64 };

struct gs_undelivered {
    gs_node from;
    uint8_t message;
    gs_node_set to;                         /* whom it is still on its way to */
    gs_node_set heard;                      /* who has heard of it: its sender, and whoever got a later message */
    uint8_t before[GS_UNDELIVERED_MAX / 8]; /* bit k: messages[k] was sent before */
};
struct gs_overtaking { /* message of `from` was delivered before `earlier` of `earlier_from` */
    gs_node at, from, earlier_from;
    uint8_t message, earlier;
};
struct gs_causal_order {
    bool is_violated;                /* from then on nothing is kept */
    struct gs_overtaking overtaking; /* the first one */
    uint8_t count;
    struct gs_undelivered messages[GS_UNDELIVERED_MAX]; /* sorted by sender and number */
};
extern const struct gs_field gs_causal_order_fields[];

/* Takes one announcement in. Findings: more messages on their way than there is room for; one that is sent again. */
void gs_causal_order_add(const struct gs_run *run, struct gs_causal_order *order, gs_node by,
                         enum gs_causality_announcement kind, const void *announced);

/* Defines the monitor's function of that name for a protocol whose three announcements begin with `first`. */
#define GS_CAUSAL_ORDER(function, first)                                                                         \
    static void function(const struct gs_run *run, void *value, gs_node by, int announcement, const void *what)  \
    {                                                                                                            \
        if (announcement >= (first) && announcement <= (first) + GS_OCCURRED)                                    \
            gs_causal_order_add(run, value, by, (enum gs_causality_announcement)(announcement - (first)), what); \
    }
#define GS_CAUSAL_ORDER_MONITOR(function)                                                                 \
    {                                                                                                     \
        .name = "causal-order", .size = sizeof(struct gs_causal_order), .fields = gs_causal_order_fields, \
        .announced = (function)                                                                           \
    }

/* The monitor's index; .needs and .needs_text may follow. */
bool gs_causal_delivery(struct gs_view *v);
#define GS_CAUSAL_DELIVERY(...)                                                                           \
    {                                                                                                     \
        .name = "causal-delivery",                                                                        \
        .claim = "no message is delivered before one to the same node that its sender may have known of", \
        .kind = GS_ALWAYS, .scope = GS_SCOPE_MONITOR, .holds = gs_causal_delivery, .monitor = __VA_ARGS__ \
    }

#endif
