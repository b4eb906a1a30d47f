/* gainsay replay --rewrite: a trace that is still one, written back as it is today. */
#ifndef GAINSAY_REPLAY_REWRITE_H
#define GAINSAY_REPLAY_REWRITE_H

#include "cli/trace_source.h"

/* After a replay: writes the events that the file means today in its place, whole or not at all, unless it is as it
 * would be written, or means none. *is_rewritten; report is then that of a trace that reproduces, with what it was
 * before among the notes. Returns 0, or GS_BAD_INPUT after a complaint. */
int replay_rewrite(const struct loaded_trace *loaded, struct trace_report *report, bool *is_rewritten);

#endif
