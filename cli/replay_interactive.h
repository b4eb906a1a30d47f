/* gainsay replay --interactive: a walk on a trace, led by commands on standard input. */
#ifndef GAINSAY_REPLAY_INTERACTIVE_H
#define GAINSAY_REPLAY_INTERACTIVE_H

#include "cli/trace_source.h"

/* Runs the session to its end. Returns 0; GS_VIOLATION when the trace has no state to begin in; without a terminal
 * GS_BAD_INPUT after a command that could not be done, which does not end the session. */
int replay_interactive(const struct loaded_trace *loaded);

#endif
