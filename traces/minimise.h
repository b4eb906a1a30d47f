/* Minimising a trace: the few of its events that matter, in the smallest configuration that shows the same. Delta
 * debugging (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002) over events, then over
 * the configuration and the choices, then a search for a shorter run of the events that are left; to a fixed point.
 * What exhaustive search can add is in checker/shrink.h. */
#ifndef GAINSAY_MINIMISE_H
#define GAINSAY_MINIMISE_H

#include "traces/attempt.h"

struct minimise_limits {
    double until;                 /* clock_seconds(); 0: no limit. Without one the result is the same every time */
    bool (*is_interrupted)(void); /* it ends as if that time had come; may be NULL */
    bool keep_configuration;      /* options, budgets and mutants stay as they are */
    bool without_search;          /* no searches for other runs of the events that are left */
    size_t states_max;            /* of each of these; 0: MINIMISE_STATES */
    /* Told of each better trace, the first one is the given one, cut behind what it shows; may be NULL. The trace is
     * only borrowed. */
    void (*better)(void *context, const struct trace *best);
    void *context;
    /* Asked before a trace of a smaller configuration is taken; NULL: all are. */
    bool (*allows)(void *asked, const struct gs_run *run);
    void *asked;
};

enum { MINIMISE_STATES = 20000 };

struct minimised {
    struct trace *trace;      /* shows the same property, with an explanation of the same class; owned */
    struct gs_run *run;       /* of the trace; owned; NULL: the given trace's own */
    bool is_minimal;          /* no single event can go, whether those that then are no steps are skipped or not */
    uint64_t tried, applied;  /* runs, events */
    uint64_t searched_states; /* in searches for a shorter one */
};

/* Minimises a trace that is no sample. Its run has to outlive the result, unless that has its own. False: the trace
 * does not show what it claims; why, in error. */
bool minimise_trace(const struct trace *trace, const struct minimise_limits *limits, struct minimised *minimised,
                    char *error, size_t error_size);
void minimised_free(struct minimised *minimised);

#endif
