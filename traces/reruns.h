/* The reruns of a trace: all runs from an initial state that are made of its events, in any order, each at most as
 * often as the trace has it. Of a trace that is no run any more, they tell whether what it shows is gone, or only looks
 * different now. Of an event only what the scheduler picks counts: action, node, sender, the message's, timer's or
 * local event's type, a timer's index, a local event's arguments, a partition's sides; what a message holds and what a
 * handler chooses may be anything. */
#ifndef GAINSAY_RERUNS_H
#define GAINSAY_RERUNS_H

#include "traces/trace.h"

/* States after which `gainsay replay` gives up: some seconds. And runs that take other events too are looked at up to
 * so many of these, up to so many states: for a bug that now takes a message or a timer more to show. */
enum { RERUNS_STATES_MAX = 100000, RERUNS_OTHERS_MAX = 3, RERUNS_OTHERS_STATES_MAX = 10000 };

enum reruns_verdict {
    RERUNS_NONE,   /* all were looked at: none shows what the trace shows */
    RERUNS_FOUND,  /* one does */
    RERUNS_UNKNOWN /* none that was looked at does, but not all were, or a handler misbehaves in one */
};

struct reruns {
    enum reruns_verdict verdict;
    size_t states;                           /* distinct ones met; those with other events left count apart */
    char explanation[EXPLANATION_SIZE + 80]; /* UNKNOWN: why */
    struct trace *found; /* FOUND: a shortest one, for the same property, with its own explanation; else NULL */
};

/* How far to look. */
struct reruns_limits {
    size_t states_max;
    unsigned others; /* events that are not left, that a run may take all the same; 0: reruns as they are defined */
    bool has_steps;  /* longer runs than steps_max are not looked at, which leaves nothing unknown */
    size_t steps_max;
    const char *class;            /* of the explanation (explanation_class.h): others do not count; NULL: any */
    double until;                 /* clock_seconds(); 0: no limit */
    bool (*is_interrupted)(void); /* or NULL */
};

/* Searches the reruns of a trace that is no sample, breadth first, for one that shows what the trace claims: its
 * property violated in the last state or step (a goal: met), or a handler that misbehaves. The same result every time,
 * but for a limit of time. */
void reruns_search(const struct trace *trace, const struct reruns_limits *limits, struct reruns *reruns);
void reruns_free(struct reruns *reruns);

#endif
