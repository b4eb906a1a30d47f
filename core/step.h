/* One run of a handler: (local state, event, choices) -> (local state, sends, timers, announcements). The only place
 * that calls protocol code's step functions. Misbehaving handlers become a fault in the outcome, not a crash. */
#ifndef GAINSAY_STEP_H
#define GAINSAY_STEP_H

#include "core/event.h"
#include "core/fields.h"

/* A node's local state as bytes: the role's struct, then 8 bytes of armed timers (bit timer_base + index), then 1 byte:
 * up. */
size_t local_size(const struct gs_run *run, unsigned node);
uint64_t local_armed(const struct gs_run *run, unsigned node, const uint8_t *local);
bool local_is_up(const struct gs_run *run, unsigned node, const uint8_t *local);
/* Canonical bytes: the struct's fields by name, armed timers, up. */
void local_serialize(const struct gs_run *run, unsigned node, const uint8_t *local, struct bytes *out);

enum { STEP_EXPLANATION_SIZE = 400 };

/* Nodes of one host draw from one event's choices. */
#define STEP_HOST_CHOICES "the nodes of its host draw too many choices together"

/* What one run of a handler did. Reused between runs; zero-initialised before the first; outcome_free at the end. */
struct outcome {
    bool handled;  /* what the handler returned */
    bool deferred; /* gs_defer */
    bool misbehaved;
    bool
        bad_choices; /* a given choice was out of range: the caller's fault, not the handler's; misbehaved is set too */
    char explanation[STEP_EXPLANATION_SIZE]; /* of a misbehaviour, one line */
    struct bytes local;                      /* the new local state (of handled) */
    struct bytes sends;                      /* entries of 1 + message_size: receiver's tag, message; in call order */
    struct bytes announcements;              /* entries: 1 byte type, then the announced struct; in call order */
    unsigned choice_count;
    uint16_t choices[GS_CHOICES_MAX], choice_limits[GS_CHOICES_MAX]; /* drawn, and out of how many */
};
void outcome_free(struct outcome *outcome);
size_t outcome_send_count(const struct gs_run *run, const struct outcome *outcome);

/* The state before START: init'ed, no timers, up. False: init misbehaved; the reason in explanation. */
bool step_initial(const struct gs_run *run, unsigned node, struct bytes *local, char *explanation);

/* Runs the handler for an event at event->node whose state is `local`: START, deliver (also for duplicate), timer,
 * local. For restart and reboot of a single node: its recovered state is given START. Crash needs no handler
 * (step_crash). The first event->choice_count choices are as given, further ones 0. The handler runs twice over
 * differently poisoned memory and the two are compared. */
void step_run(const struct gs_run *run, unsigned node, const uint8_t *local, const struct event *event,
              struct outcome *outcome);

/* Advances event->choices to the next branch after one that drew outcome's choices. False: that was the last. */
bool step_next_branch(const struct outcome *outcome, struct event *event);

/* The local state after a crash: durable fields kept, the others as init gives them, no timers, down. */
void step_crash(const struct gs_run *run, unsigned node, const uint8_t *local, struct bytes *out);

/* Visits every timer and local event that may be tried at a node (all arguments), choices empty. */
typedef void step_visitor(void *context, const struct event *event);
void step_visit_own(const struct gs_run *run, unsigned node, const uint8_t *local, step_visitor *visit, void *context);

/* What the predicate `within` of the node's role says; failed: it misbehaved itself, explanation says how. */
enum within { WITHIN, WITHIN_NOT, WITHIN_FAILED };
enum within step_within(const struct gs_run *run, unsigned node, const uint8_t *local, char *explanation);

#endif
