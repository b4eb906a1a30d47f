/* The lines of a trace file as JSON. The writer prints them; replaying a file makes the same lines again and compares.
 */
#ifndef GAINSAY_JSON_TRACE_H
#define GAINSAY_JSON_TRACE_H

#include <jansson.h>

#include "traces/trace_file.h"

enum { TRACE_FORMAT = 1 }; /* "gainsay_trace" */

/* info: with paths as they stand in the file. */
json_t *json_trace_header(const struct trace *trace, const char *explanation, const struct trace_file_info *info);
/* "always", "reachable", ..., "behaviour", "sample" or "recovers", as the header gives it. */
const char *json_trace_kind_name(const struct trace *trace);
/* A start or step line; with its time, if the trace has it. */
json_t *json_trace_event(const struct trace *trace, const struct replayed *replayed);
/* {"election": true, "heartbeat[1]": false}: the timers of a role in which two sets of armed timers (bits, as
 * local_armed gives them) differ, and whether the new one has them. */
json_t *json_trace_timers(const struct gs_run *run, unsigned role, uint64_t old, uint64_t new);
/* property: NULL of a sample. digest: of all lines before; NULL: without. */
json_t *json_trace_end(enum trace_kind kind, const char *property, size_t steps, const uint64_t *digest);

/* XXH3-64 of bytes of a file, as its last line gives it. */
uint64_t json_trace_digest(const void *bytes, size_t size);
enum { TRACE_DIGEST_SIZE = 17 };
void json_trace_digest_text(uint64_t digest, char text[TRACE_DIGEST_SIZE]); /* 16 hex digits */

#endif
