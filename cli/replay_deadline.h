/* What replaying a trace says of goals that were not met in time: its events alone do not show that they were. */
#ifndef GAINSAY_REPLAY_DEADLINE_H
#define GAINSAY_REPLAY_DEADLINE_H

#include "cli/trace_source.h"

/* Does it claim that? */
bool replay_is_late(const struct loaded_trace *loaded);

/* Runs it again by its clock and draws, and corrects the report: it reproduces only if that gives the same events at
 * the same times, and the goals are missed again; it is no longer violated if they are met. */
void replay_deadline(const struct loaded_trace *loaded, struct trace_report *report);

/* The run that its clock and draws give today, if it misses the deadline; else NULL. Owned by the caller. */
struct trace *replay_late_meant(const struct loaded_trace *loaded);

#endif
