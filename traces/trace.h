/* A trace: the events from the initial state to a violation, a goal or a sample's end. Events only: what each did is
 * recomputed by replaying it on a world, so that there is nothing in a trace that could contradict the handlers. */
#ifndef GAINSAY_TRACE_H
#define GAINSAY_TRACE_H

#include "core/judge.h"
#include "traces/trace_clock.h"

enum trace_kind {
    TRACE_OF_VIOLATION,    /* of its property, in its last state or step */
    TRACE_OF_MISBEHAVIOUR, /* its last event's handler misbehaves */
    TRACE_OF_GOAL,         /* met in its last state */
    TRACE_SAMPLE           /* of what can happen: nothing is claimed; or of goals that were not met in time, which no
                              state of it shows: see trace_is_late */
};

/* The property of a sample. */
#define TRACE_NO_PROPERTY (~0u)
/* What goals that were not met in time are called, as if it was a property. */
#define TRACE_RECOVERS "recovers"

struct trace {
    const struct gs_run *run; /* borrowed */
    unsigned property;        /* run's numbering; run_property_count: JUDGE_BEHAVIOUR; TRACE_NO_PROPERTY: a sample */
    char *explanation;        /* owned; "" for goals and samples */
    uint64_t monitors_on;     /* monitors that are part of the state; does not affect fingerprints */
    struct event *starts;     /* ACTION_START, in node order; owned, with their arrays */
    size_t start_count;
    struct event *steps; /* messages owned by the trace */
    size_t step_count;
    struct trace_clock *clock; /* of goals that were not met in time; owned; NULL: of anything else */
};

struct trace *trace_new(const struct gs_run *run, unsigned property, const char *explanation, uint64_t monitors_on);
void trace_free(struct trace *trace);
/* Appends a copy of the event, of its message too. ACTION_START goes to starts. */
void trace_append(struct trace *trace, const struct event *event);
/* The same of a run without a clock: no handler asked for the time. */
void trace_forget_clocks(struct trace *trace, const struct gs_run *run);
/* The monitor that a property is about, as a bit: it is on in any trace of it. 0: none. */
uint64_t trace_own_monitor(const struct gs_run *run, unsigned property);
/* Takes events off the ends of starts and steps, so that these many are left. */
void trace_truncate(struct trace *trace, size_t start_count, size_t step_count);
enum trace_kind trace_kind(const struct trace *trace);
/* Is it of goals that were not met in time? What that means of its events is for checker/deadline.h to say. */
bool trace_is_late(const struct trace *trace);
void trace_explain(struct trace *trace, const char *explanation);
/* "at-most-one-leader", "well-behaved", ...; of a sample "sample", of a late one TRACE_RECOVERS. */
const char *trace_property_name(const struct trace *trace);

/* One replayed event: what it did and the world after it. number: 0 for starts, steps from 1. */
struct replayed {
    size_t number;
    const struct event *event;
    enum world_result result;
    const struct effect *effect;
    const struct world *before, *after; /* the same world unless result is WORLD_STEP */
};
/* Return false to stop the replay. */
typedef bool trace_visitor(void *context, const struct replayed *replayed);

enum replay_end {
    REPLAY_VIOLATED, /* all events applied and the property is violated (a goal: met) in the last one */
    REPLAY_HELD,     /* all applied, but the property is not violated there */
    REPLAY_SAMPLED,  /* all applied, of a sample */
    REPLAY_DIVERGED, /* an event was not a step; see number and reason */
    REPLAY_STOPPED   /* the visitor said so */
};
struct replay {
    enum replay_end end;
    size_t number;            /* diverged: at which step (0: a start) */
    bool is_nondeterministic; /* the last handler, run twice, did two things */
    char reason[1024];        /* diverged: why, and what was enabled instead; violated: the explanation found */
};

/* Makes the world before the trace's starts, as a replay has it. False: an init misbehaved; the reason in explanation.
 */
bool trace_world(const struct trace *trace, struct world *world, char *explanation);

/* Replays the trace from the initial state. visit may be NULL; it is told of every event, also of one that was not a
 * step, whose `before` and `after` are then the same world. */
void trace_replay(const struct trace *trace, trace_visitor *visit, void *context, struct replay *replay);

/* Replays it again, some times. True: once it ended otherwise than in *replay, so code of the protocol is not
 * deterministic; *other is that end. */
bool trace_replays_otherwise(const struct trace *trace, const struct replay *replay, struct replay *other);

/* Replays the events as a trace of that property (run's numbering; run_property_count: JUDGE_BEHAVIOUR), whatever it is
 * a trace of. */
void trace_replay_as(const struct trace *trace, unsigned property, struct replay *replay);

/* Judges a property in the world after a replayed event that was a step, and over the step itself: as judge_world. */
bool trace_judge_step(const struct replayed *replayed, unsigned property, struct gs_view *view);

/* Is what the trace claims so in the world after a replayed event (a start, or a step), or over that step: its property
 * violated, or the goal met? Never of samples and misbehaviours. explanation (EXPLANATION_SIZE) is set if it is; "" for
 * a goal. */
bool trace_is_shown(const struct trace *trace, const struct replayed *replayed, char *explanation);

/* Writes the trace as text: what fired, and only what changed, in the protocol's own names. */
void trace_print_text(const struct trace *trace, FILE *out);

#endif
