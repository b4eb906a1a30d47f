/* --from TRACE --at N: a search that starts behind the first events of a trace. */
#ifndef GAINSAY_STAGE_OPTIONS_H
#define GAINSAY_STAGE_OPTIONS_H

#include "cli/run_options.h"

extern const struct argp stage_argp; /* its input is a struct run_options */
#define STAGE_HEADING "Where it starts (default: at the initial state):"

/* Finds the protocol; with --from loads the trace first, checks that it is a run of today's protocol up to there, and
 * has config start there. Returns 0, or GS_BAD_INPUT after a complaint. To be freed with run_options_free, either way.
 * Before run_options_load. */
int stage_options_load(struct run_options *options, const struct gs_model **model);
void stage_options_free(struct run_options *options);

#endif
