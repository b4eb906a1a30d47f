/* What replaying several traces gave, as one JSON object, for programs. */
#ifndef GAINSAY_REPLAY_JSON_H
#define GAINSAY_REPLAY_JSON_H

#include <jansson.h>
#include <stdio.h>

#include "traces/trace_file.h"

/* {"traces": []}; the caller releases it. */
json_t *replay_json_new(void);

/* Adds a trace that was replayed, or one that is bad input, of which only the reason is known. */
void replay_json_add(json_t *replays, const struct trace_file *file, const char *path,
                     const struct trace_report *report, bool is_rewritten);
void replay_json_add_bad(json_t *replays, const char *path, const char *reason);

/* Writes it to that file, whole or not at all ("-": standard output). Returns 0, or GS_BAD_INPUT after a complaint. */
int replay_json_write(const json_t *replays, const char *path);

#endif
