/* A causal event log's states and messages, for properties from outside, and what its two files share. */
#ifndef PROTOCOLS_CAUSAL_LOG_H
#define PROTOCOLS_CAUSAL_LOG_H

#include "properties/causality.h"
#include "properties/hybrid_clock.h"
#include "properties/vector_clock.h"

enum { CAUSAL_LOG_PROCESS }; /* role */
enum {
    CAUSAL_LOG_MESSAGE,
    CAUSAL_LOG_OCCUR,
    CAUSAL_LOG_SEND,
    CAUSAL_LOG_BROADCAST,
    CAUSAL_LOG_TICK
}; /* a message; local events */
enum { CAUSAL_LOG_PROCESSES, CAUSAL_LOG_EVENTS, CAUSAL_LOG_SKEW, CAUSAL_LOG_DELIVERY };
enum { CAUSAL_LOG_TO_ONE, CAUSAL_LOG_TO_ALL, CAUSAL_LOG_CAUSAL };                     /* delivery */
enum { CAUSAL_LOG_CAUSED, CAUSAL_LOG_STAMPED = CAUSAL_LOG_CAUSED + GS_OCCURRED + 1 }; /* announcements */
enum {
    CAUSAL_LOG_NO_MERGE,
    CAUSAL_LOG_NO_TICK_ON_RECEIVE,
    CAUSAL_LOG_LAMPORT_NO_MAX,
    CAUSAL_LOG_NO_LOGICAL,
    CAUSAL_LOG_HYBRID_NO_MAX,
    CAUSAL_LOG_STORE_SENDERS_EVENT,
    CAUSAL_LOG_CLOCK_NOT_DURABLE,
    CAUSAL_LOG_FIFO_ONLY,
    CAUSAL_LOG_GAPS_ALLOWED,
    CAUSAL_LOG_NEVER_DRAINED,
    CAUSAL_LOG_COMMON_KEYS_ONLY,
    CAUSAL_LOG_REVERSED_HISTORY,
    CAUSAL_LOG_SORTED_BY_WALL_CLOCK
};

/* A log has what its process does itself and what the others send: no more than `events`. */
enum { CAUSAL_LOG_PROCESSES_MAX = 5, CAUSAL_LOG_EVENTS_MAX = 12, CAUSAL_LOG_ALL_MAX = 60 };

/* Three logical clocks' readings. */
struct causal_log_stamp {
    uint16_t lamport;
    struct gs_hybrid_time hybrid;
    struct gs_vector_clock vector;
};
/* at, and its own entry in the vector, are the event's id. */
struct causal_log_entry {
    gs_node at;
    uint8_t kind;    /* enum gs_causality_announcement */
    gs_node from;    /* of what was delivered */
    uint8_t message; /* sent or delivered: which of its sender's, from 1 */
    uint16_t physical;
    struct causal_log_stamp stamp;
};
struct causal_log_held {
    gs_node from;
    uint8_t number;
    struct gs_vector_clock context;
    struct causal_log_stamp stamp;
};
struct causal_log_process {
    uint16_t physical; /* what its physical clock shows */
    uint16_t sent;
    struct causal_log_stamp clock;    /* of its last event */
    struct gs_vector_clock delivered; /* how many messages of each, of itself all sent; only with `causal` */
    uint8_t length, held_length;
    struct causal_log_entry log[CAUSAL_LOG_EVENTS_MAX];
    struct causal_log_held held[CAUSAL_LOG_EVENTS_MAX]; /* sorted: the buffer */
};
struct causal_log_message {
    uint8_t type;
    uint8_t number;                 /* of its sender's messages, from 1 */
    struct gs_vector_clock context; /* with `causal`: what its sender had delivered, and itself */
    struct causal_log_stamp stamp;  /* of the sending */
};

/* Announced with each event, after it: what the clocks say of it. */
struct causal_log_stamped {
    gs_node at;
    uint8_t number; /* filled in by the monitor: its node's first is 0 */
    uint16_t physical;
    struct causal_log_stamp stamp;
};

bool causal_log_step(struct gs_step *s, void *self, const struct gs_event *e);

/* ---- Asking the log (causal_log_query.c) ------------------------------------------------------------------------- */

enum gs_order causal_log_compare(const struct gs_run *run, const struct gs_vector_clock *a,
                                 const struct gs_vector_clock *b);
/* The places of all events that, by their vector clocks, happened before the one at place `of`, each behind those that
 * happened before it; returns how many. */
int causal_log_history(const struct gs_run *run, const struct causal_log_stamped *events, int count, int of,
                       int places[CAUSAL_LOG_ALL_MAX]);

#endif
