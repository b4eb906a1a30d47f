/* One run of a handler: (local state, event, choices) -> (local state, sends, timers, announcements). The only place
 * that calls protocol code's step functions. Misbehaving handlers become a fault in the outcome, not a crash. */
#ifndef GAINSAY_STEP_H
#define GAINSAY_STEP_H

#include "core/event.h"
#include "core/local.h"

/* Nodes of one host draw from one event's choices. */
#define STEP_HOST_CHOICES "the nodes of its host draw too many choices together"

/* What one run of a handler did. Reused between runs; zero-initialised before the first; outcome_free at the end. */
struct outcome {
    bool handled;  /* what the handler returned */
    bool deferred; /* gs_defer */
    bool misbehaved;
    bool nondeterministic; /* the handler's second run differed from the first: misbehaved is set too */
    bool
        bad_choices; /* a given choice was out of range: the caller's fault, not the handler's; misbehaved is set too */
    bool asked_time; /* it asked gs_timed or gs_now */
    bool read_clock; /* it asked gs_now */
    char explanation[EXPLANATION_SIZE]; /* of a misbehaviour, one line */
    uint64_t timers_set;                /* gs_set_timer was called for: bits as of local_armed */
    struct bytes local;                 /* the new local state (of handled) */
    struct bytes sends;                 /* entries of 1 + message_size: receiver's tag, message; in call order */
    struct bytes announcements;         /* entries: 1 byte type, then the announced struct; in call order */
    unsigned choice_count;
    uint16_t choices[GS_CHOICES_MAX], choice_limits[GS_CHOICES_MAX]; /* drawn, and out of how many */
};
void outcome_free(struct outcome *outcome);
size_t outcome_send_count(const struct gs_run *run, const struct outcome *outcome);

/* Runs the handler for an event at event->node whose state is `local`: START, deliver (also for duplicate), timer,
 * local. For restart and reboot of a single node: its recovered state is given START. Crash needs no handler
 * (local_crash). The first event->choice_count choices are as given, further ones 0. The handler runs twice over
 * differently poisoned memory and the two are compared. */
void step_run(const struct gs_run *run, unsigned node, const uint8_t *local, const struct event *event,
              struct outcome *outcome);

/* Advances event->choices to the next branch after one that drew outcome's choices. False: that was the last. */
bool step_next_branch(const struct outcome *outcome, struct event *event);

#endif
