/* A walk: a place on a path of steps, for all that lets a person look round in what a protocol does. It begins as a
 * trace's path, goes forth and back on it, leaves it by another event, and can be kept as a trace. Handlers that
 * misbehave are findings, at which a path ends. */
#ifndef GAINSAY_WALK_H
#define GAINSAY_WALK_H

#include "traces/enabled.h"
#include "traces/trace.h"

struct walk;

/* A walk that stands behind the trace's starts, with its steps before it. The trace is copied, its run borrowed. NULL:
 * the starts cannot be replayed; why, in error. */
struct walk *walk_new(const struct trace *trace, char *error, size_t error_size);
void walk_free(struct walk *walk);

const struct gs_run *walk_run(const struct walk *walk);
/* Steps taken, and steps on the path. */
size_t walk_position(const struct walk *walk);
size_t walk_length(const struct walk *walk);
/* The step of that number, from 1 to the length; its choices are complete once it was taken. */
const struct event *walk_event(const struct walk *walk, size_t number);

/* Where the walk stands. Good until it moves. */
const struct world *walk_world(const struct walk *walk);
/* What the last step did; NULL at position 0. */
const struct replayed *walk_last(const struct walk *walk);
/* Of a last step that misbehaved: how. Else NULL. The world is then that before it. */
const char *walk_finding(const struct walk *walk);

/* Moves to a position. False: it stands before the first event that is not a step, or at the end of the path, and
 * error says why. */
bool walk_go(struct walk *walk, size_t position, char *error, size_t error_size);

/* Visits all events that are steps here, or misbehave, with their choices; nothing behind a finding. */
void walk_visit_enabled(const struct walk *walk, enabled_visitor *visit, void *context);
/* Is it the path's own next one? */
bool walk_is_next(const struct walk *walk, const struct event *event);

/* Takes an event that is enabled. If it is not the path's own next one, what was before it leaves the path. False: it
 * is not a step; error says why. */
bool walk_take(struct walk *walk, const struct event *event, char *error, size_t error_size);
/* Has the path been left, and not been put in place again? */
bool walk_has_left(const struct walk *walk);
/* Goes back to where the path was left last, and puts it in place again. False: it was not left. */
bool walk_undo(struct walk *walk);

/* The path so far, of which nothing is claimed (but the misbehaviour it ends with). The caller frees it. */
struct trace *walk_path(const struct walk *walk);
/* What a property says here: trace_replay_as of the path so far. */
void walk_judge(const struct walk *walk, unsigned property, struct replay *replay);
/* The path so far as a trace: of what its end violates (first the property of the trace that it began as, which may be
 * a goal), else a sample. The caller frees it. */
struct trace *walk_trace(const struct walk *walk);

#endif
