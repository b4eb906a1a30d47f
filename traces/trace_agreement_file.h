/* How well an event of today means what a line of a trace file says. */
#ifndef GAINSAY_TRACE_AGREEMENT_FILE_H
#define GAINSAY_TRACE_AGREEMENT_FILE_H

#include <jansson.h>

#include "core/event.h"

enum agreement {
    AGREEMENT_NONE,   /* another event */
    AGREEMENT_TYPE,   /* a message of the same type on the same way, but some members have other values */
    AGREEMENT_COMMON, /* equal in all that both know */
    AGREEMENT_FULL    /* equal */
};

/* Of an event without its choices. *differing: how many values of its message differ. */
enum agreement agreement_of_event(const struct gs_run *run, const json_t *line, const struct event *event,
                                  unsigned *differing);

/* Do the choices begin alike? The file's may be fewer, or more. */
bool agreement_of_choices(const json_t *line, const struct event *event);

/* Are the choices those of the file, none more, none fewer? */
bool agreement_of_choices_is_full(const json_t *line, const struct event *event);

/* Writes what of the event was not in the line, or is no longer there, or differs: one line of text for each. */
void agreement_explain(const struct gs_run *run, const json_t *line, const struct event *event, FILE *out);

/* A role of one node numbers it only where there may be several: "coordinator" may be "coordinator0" here, or the other
 * way round. Gives who acts in the line the names of today, and writes a line of text for each. */
void agreement_rename_nodes(const struct gs_run *run, json_t *line, FILE *out);

#endif
