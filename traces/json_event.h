/* An event as members of a line of a trace file: "event" with "from", "to" and "message", or "node" and "timer", and so
 * on; "start" for a START. Its choices are not among them (they are drawn when it is replayed). */
#ifndef GAINSAY_JSON_EVENT_H
#define GAINSAY_JSON_EVENT_H

#include "core/event.h"
#include "traces/json_fields.h"

void json_append_event(json_t *line, const struct gs_run *run, const struct event *event);

/* "at", when it happened, and "clock", what its node's clock showed, in nanoseconds: where the event says so. */
void json_append_times(json_t *line, const struct event *event);
/* Reads both from a line, whose shape is right; which are not there are not set. */
void json_read_times(const json_t *line, struct event *event);

/* Is the line one that some version of a protocol may have written: its members and their types? *action: what its
 * event is. False: the reason in reader->error. */
bool json_event_shape(const struct json_reader *reader, const json_t *line, enum action *action);

/* Reads the event of a line, its choices and times too. False: its shape is wrong, or the protocol does not have what
 * it names; the event is then what could be read of it. message: room for message_size bytes, to which event->message
 * will point when the event has one. */
bool json_read_event(const struct json_reader *reader, const json_t *line, struct event *event, uint8_t *message);

#endif
