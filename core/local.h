/* A node's local state as bytes: the role's struct, then 8 bytes of armed timers (bit timer_base + index), then 1 byte:
 * up. And all that happens to it without an event's handler: init, crash, bounds, what may be tried. */
#ifndef GAINSAY_LOCAL_H
#define GAINSAY_LOCAL_H

#include "core/event.h"
#include "core/fields.h"

/* Bytes of a buffer for one line of explanation, wherever one is asked for. */
enum { EXPLANATION_SIZE = 400 };

size_t local_size(const struct gs_run *run, unsigned node);
uint64_t local_armed(const struct gs_run *run, unsigned node, const uint8_t *local);
bool local_is_up(const struct gs_run *run, unsigned node, const uint8_t *local);
/* Canonical bytes: the struct's fields by name, armed timers, up. */
void local_serialize(const struct gs_run *run, unsigned node, const uint8_t *local, struct bytes *out);

/* The state before START: init'ed, no timers, up. False: init misbehaved; the reason in explanation. */
bool local_initial(const struct gs_run *run, unsigned node, struct bytes *local, char *explanation);

/* The local state after a crash: durable fields kept, the others as init gives them, no timers, down. */
void local_crash(const struct gs_run *run, unsigned node, const uint8_t *local, struct bytes *out);

/* Visits every timer and local event that may be tried at a node (all arguments), choices empty. */
typedef void event_visitor(void *context, const struct event *event);
void local_visit_own(const struct gs_run *run, unsigned node, const uint8_t *local, event_visitor *visit,
                     void *context);

/* What the predicate `within` of the node's role says; failed: it misbehaved itself, explanation says how. */
enum within { WITHIN, WITHIN_NOT, WITHIN_FAILED };
enum within local_within(const struct gs_run *run, unsigned node, const uint8_t *local, char *explanation);

/* Bytes of the role's struct alone, and writing what comes behind it. */
size_t state_size(const struct gs_run *run, unsigned node);
void local_set(const struct gs_run *run, unsigned node, uint8_t *local, uint64_t armed, bool up);

#endif
