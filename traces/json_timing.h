/* A clock's knobs and draws in the header of a trace file. */
#ifndef GAINSAY_JSON_TIMING_H
#define GAINSAY_JSON_TIMING_H

#include "traces/json_fields.h"
#include "traces/trace.h"

/* The member `timing` of a trace that has a clock. */
json_t *json_timing(const struct trace *trace);

/* Reads it. False: why not, in the reader's error. A goal that the protocol no longer has is left out; *unknown is its
 * name then, borrowed from the JSON, else NULL. */
bool json_timing_read(const struct json_reader *reader, const json_t *json, struct trace_clock *clock,
                      const char **unknown);

#endif
