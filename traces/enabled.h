/* Which events are steps in a world, and with which choices: for all that shows or follows what may happen next. */
#ifndef GAINSAY_ENABLED_H
#define GAINSAY_ENABLED_H

#include "core/world.h"

/* One event with all the choices that its handler draws. */
struct enabled {
    const struct event *event; /* its message is borrowed from the world */
    enum world_result result;  /* WORLD_STEP or WORLD_MISBEHAVED */
    const struct effect *effect;
    const struct world *after; /* of WORLD_STEP: the successor; else the world itself */
};

/* Return false to go on with the next event: this one's further choices are left out. */
typedef bool enabled_visitor(void *context, const struct enabled *enabled);

/* Visits every (event, choices) that is a step in the world, or one that misbehaves; events in the order of
 * world_visit, choices in ascending order. The world must stay as it is meanwhile. */
void enabled_visit(const struct world *world, enabled_visitor *visit, void *context);

/* The same for the events that are wanted only; NULL: for all. Others are not even tried. */
typedef bool enabled_filter(void *context, const struct event *event);
void enabled_visit_wanted(const struct world *world, enabled_filter *is_wanted, enabled_visitor *visit, void *context);

/* The same for one event whose choices do not count (also ACTION_START). */
void enabled_visit_branches(const struct world *world, const struct event *event, enabled_visitor *visit,
                            void *context);

/* Writes up to six of the events that are steps in this world, separated by "; ", or "nothing". near: of these the
 * nearest first (same action, same node, same type, same sender); NULL: in the order of world_visit. */
void enabled_print(const struct world *world, const struct event *near, FILE *out);

#endif
