/* An event: what the scheduler picks. */
#ifndef GAINSAY_EVENT_H
#define GAINSAY_EVENT_H

#include <stdio.h>

#include "core/run.h"

enum action {
    ACTION_START, /* only before the first step */
    ACTION_DELIVER,
    ACTION_TIMER,
    ACTION_LOCAL,
    ACTION_DROP,
    ACTION_DUPLICATE,
    ACTION_CRASH,
    ACTION_RESTART,
    ACTION_REBOOT,
    ACTION_PARTITION,
    ACTION_HEAL,
    ACTION_COUNT
};

extern const char *const action_names[ACTION_COUNT]; /* "start", "deliver", ... */

/* Unused members are zero. The message is borrowed: whoever keeps an event keeps its message's bytes. */
struct event {
    uint8_t action;
    uint8_t type;           /* index into the model's events: deliver, drop, duplicate, timer, local */
    gs_node node;           /* receiver or mover; crash, restart, reboot: the lowest node of the host */
    gs_node from;           /* deliver, drop, duplicate */
    const uint8_t *message; /* deliver, drop, duplicate: message_size bytes */
    uint8_t index;          /* timer */
    int64_t arguments[GS_ARGUMENTS_MAX];
    gs_node nodes[GS_ARGUMENTS_MAX];
    uint64_t side; /* partition: bit mask of the nodes on the side that holds node 0 */
    bool has_at, has_clock;
    int64_t at;    /* has_at: when it happened, in nanoseconds since the run began; decides nothing */
    int64_t clock; /* has_clock: what its node's clock showed then, in nanoseconds: gs_now */
    uint8_t
        choice_count; /* choices the handler drew (restart and reboot of a host: of its nodes one after the other) */
    uint16_t choices[GS_CHOICES_MAX];
};

/* A total order on events of one model: by action, node, and the rest, but not by their times. -1, 0, 1. */
int event_compare(const struct gs_run *run, const struct event *a, const struct event *b);

/* The budget an event of that action spends: enum gs_fault, or GS_FAULTS for none. (A timer spends timeouts.) */
int action_fault(enum action action);

/* Writes "server0 -> server1: vote {granted true}", "server0: timer election", "crash server0", ... without newline. */
void event_print(const struct gs_run *run, const struct event *event, FILE *out);

/* "vote {granted true}": a message by its type and the fields that the type uses. */
void message_print(const struct gs_run *run, const uint8_t *message, FILE *out);

/* Name of an event for statistics: the message's, timer's or local event's own name, or "crash", "drop", ... */
const char *event_name(const struct gs_run *run, const struct event *event);

#endif
