/* What happened before what: a monitor that keeps each event and each message's way, and from them, without any clock,
 * knows which events could have caused which (Lamport 1978: the order of each node's events, a sending before its
 * deliveries, and what follows from these). An oracle for clocks.
 *
 *     GS_CAUSALITY_HISTORY(causality, ANNOUNCED)       at file scope; ANNOUNCED is the first of three announcements
 *
 *     gs_announce(s, ANNOUNCED + GS_SENT, &(struct gs_sent){.message = n, .to = gs_peers(s)});
 *     gs_announce(s, ANNOUNCED + GS_DELIVERED, &(struct gs_delivered){.from = e->from, .message = message->number});
 *
 *     .announcements = {GS_CAUSALITY_ANNOUNCEMENTS(ANNOUNCED)},
 *
 *     .monitors = {[HISTORY] = GS_CAUSALITY_MONITOR(causality)},
 *
 * A node numbers its messages as it likes, no two the same; with the sender the number tells which message it is. So
 * the message struct, or what it carries anyhow, has to tell it. A history is part of the state, and grows: for causal
 * delivery alone take properties/causal_delivery.h. */
#ifndef GAINSAY_CAUSALITY_H
#define GAINSAY_CAUSALITY_H

#include "core/gainsay.h"

enum { GS_CAUSALITY_EVENTS_MAX = 256 };

/* ---- Announcements: the events, in the order in which they happen at the node that announces them ---------------- */

enum gs_causality_announcement { GS_SENT, GS_DELIVERED, GS_OCCURRED };

struct gs_sent { /* in one event, to one node or to several; to itself only if it delivers that, too */
    uint8_t message;
    gs_node_set to;
};
struct gs_delivered { /* given to whoever uses the protocol: after a buffer, not before it */
    gs_node from;
    uint8_t message;
};
struct gs_occurred { /* an event of its own, without a message. Need not be announced for causal delivery */
    uint8_t what;    /* the protocol's own */
};
extern const struct gs_field gs_sent_fields[], gs_delivered_fields[], gs_occurred_fields[];

#define GS_CAUSALITY_ANNOUNCEMENTS(first)                                                                              \
    [(first) +                                                                                                         \
        GS_SENT] = {.name = "sent", .size = sizeof(struct gs_sent), .fields = gs_sent_fields},                         \
        [(first) +                                                                                                     \
            GS_DELIVERED] = {.name = "delivered", .size = sizeof(struct gs_delivered), .fields = gs_delivered_fields}, \
        [(first) +                                                                                                     \
            GS_OCCURRED] = {.name = "occurred", .size = sizeof(struct gs_occurred), .fields = gs_occurred_fields}

/* ---- The history ------------------------------------------------------------------------------------------------- */

struct gs_caused {
    gs_node at;
    uint8_t number;  /* the node's first event is 0 */
    uint8_t kind;    /* enum gs_causality_announcement */
    uint8_t message; /* of GS_OCCURRED: what */
    gs_node from;    /* of GS_DELIVERED */
    gs_node_set to;  /* of GS_SENT */
};
/* Sorted by node, then number: the order in which two nodes' events took place is not kept. */
struct gs_causality {
    uint16_t count;
    struct gs_caused events[GS_CAUSALITY_EVENTS_MAX];
};
extern const struct gs_field gs_causality_fields[];

/* Takes one announcement into the history. Findings: more events than it has room for, a message sent twice, a delivery
 * of what was not sent, or not to this node. */
void gs_causality_add(const struct gs_run *run, struct gs_causality *history, gs_node by,
                      enum gs_causality_announcement kind, const void *announced);

/* The place of a node's event; -1: there is none. */
int gs_causality_find(const struct gs_causality *history, gs_node at, int number);

/* What happened before each event: of event i, the places (in `events`) past[i]. */
struct gs_past {
    uint64_t bits[GS_CAUSALITY_EVENTS_MAX / 64];
};
void gs_happened_before(const struct gs_causality *history, struct gs_past past[GS_CAUSALITY_EVENTS_MAX]);
bool gs_is_in_past(const struct gs_past *past, int place);

/* Defines the monitor's function of that name for a protocol whose three announcements begin with `first`. */
#define GS_CAUSALITY_HISTORY(function, first)                                                                   \
    static void function(const struct gs_run *run, void *value, gs_node by, int announcement, const void *what) \
    {                                                                                                           \
        if (announcement >= (first) && announcement <= (first) + GS_OCCURRED)                                   \
            gs_causality_add(run, value, by, (enum gs_causality_announcement)(announcement - (first)), what);   \
    }
#define GS_CAUSALITY_MONITOR(function)                                                           \
    {                                                                                            \
        .name = "causality", .size = sizeof(struct gs_causality), .fields = gs_causality_fields, \
        .announced = (function)                                                                  \
    }

#endif
