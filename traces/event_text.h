/* Events read from text, as event_print writes it: for runs that are written down by hand or in a test. */
#ifndef GAINSAY_EVENT_TEXT_H
#define GAINSAY_EVENT_TEXT_H

#include "core/world.h"

enum event_found {
    EVENT_FOUND,
    EVENT_IMPOSSIBLE, /* the names exist, but nothing of that kind may be tried here */
    EVENT_UNKNOWN     /* it names no event of this run; error says why */
};

/* Finds the event that is meant among those that may be tried in the world; whether it is a step is not asked. Of
 * messages the one with just this text, else the first whose members agree in all that the text and this run's messages
 * both know: so a text outlives a member that comes or goes. event->message is the world's. */
enum event_found event_find(const struct world *world, const char *text, struct event *event, char *error,
                            size_t error_size);

/* Is it the text of a START? */
bool event_text_is_start(const char *text);
/* Reads it. False: error says why. */
bool event_read_start(const struct gs_run *run, const char *text, struct event *event, char *error, size_t error_size);

#endif
