/* Gainsay as a library: exhaustive search of a model. `gainsay check` is a thin user of it. Installs no signal handlers
 * unless asked, needs only xxHash and pthreads. */
#ifndef GAINSAY_CHECK_H
#define GAINSAY_CHECK_H

#include <stdio.h>

#include "checker/config.h"
#include "checker/result.h"

/* Searches. Returns result->status. The result must be freed, whatever the status. */
enum gs_status gs_check(const struct gs_model *model, const struct gs_config *config, struct gs_result *result);
void gs_result_free(struct gs_result *result);

/* ---- Replaying a run that is written down, as `gainsay show --format c` writes it into a test ---------------------
 */

struct gs_replay_result {
    enum gs_status status;
    uint64_t step;   /* the one that violates or is not possible; holds: the last one; 0: before the first */
    char text[1600]; /* one line, for people */
};

/* Replays events, each in its own words ("server0 -> server1: vote {term 1}", as gs_trace_print shows them, with
 * " choosing 1" where a handler drew), and judges a property after each. events: NULL-terminated; STARTs only where one
 * draws something else than 0, before the steps. property: NULL for none, "well-behaved" for the built-in one. Of
 * config only what says which run it is counts, and catch_signals. Returns result->status:
 *   GS_HOLDS       all events are steps, and the property holds after each of them (GS_REACHABLE: is met at the end)
 *   GS_VIOLATION   it does not, or a handler misbehaves
 *   GS_INCOMPLETE  an event is not possible (any more); before it the property holds
 *   GS_BAD_INPUT   of model, config or property; or an event names what the protocol does not have */
enum gs_status gs_replay(const struct gs_model *model, const struct gs_config *config, const char *property,
                         const char *const *events, struct gs_replay_result *result);

/* ---- Traces ------------------------------------------------------------------------------------------------------ */

/* As `gainsay show --format` does: text; a chart of 80 columns in UTF-8, or more where there are too many nodes;
 * mermaid; Graphviz. */
enum gs_format { GS_FORMAT_TEXT, GS_FORMAT_SEQUENCE, GS_FORMAT_MERMAID, GS_FORMAT_DOT };
void gs_trace_print_as(const struct trace *trace, enum gs_format format, FILE *out);

/* Writes a trace as text. */
void gs_trace_print(const struct trace *trace, FILE *out);
uint64_t gs_trace_steps(const struct trace *trace);

#endif
