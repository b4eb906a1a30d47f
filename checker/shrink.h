/* Shrinking a trace: traces/minimise.h, and what exhaustive search adds: a shorter way to the same failure, smaller
 * configurations that show it by other events, and a proof that none is shorter. */
#ifndef GAINSAY_SHRINK_H
#define GAINSAY_SHRINK_H

#include "traces/minimise.h"

enum shrink_guarantee {
    SHRINK_GLOBALLY_SHORTEST, /* an exhaustive search of the trace's configuration found none shorter */
    SHRINK_ONE_MINIMAL,       /* no single event can go */
    SHRINK_BEST_EFFORT        /* time ran out, or it was interrupted, before that was known */
};
extern const char *const shrink_guarantee_names[]; /* "globally shortest", "1-minimal", "best effort" */

/* Zero: no limit of time, so that the result is the same every time. */
struct shrink_limits {
    double seconds;              /* 0: none */
    bool keep_configuration;     /* options, budgets, copies and mutants stay as they are */
    bool without_exhaustive;     /* only what traces/minimise.h does */
    uint64_t states_max;         /* of an exhaustive search of the trace's configuration; 0: SHRINK_STATES */
    uint64_t smaller_states_max; /* of one of a smaller configuration; 0: SHRINK_SMALLER_STATES */
    bool catch_signals;          /* as of gs_config; SIGINT and SIGTERM end it with the best trace so far */
    unsigned threads;            /* of exhaustive searches; 0: one for each core; the result is the same */
    void (*better)(void *context, const struct trace *best); /* as in struct minimise_limits */
    void *context;
};

enum { SHRINK_STATES = 500000, SHRINK_SMALLER_STATES = 50000 };

struct shrunk {
    struct trace *trace; /* the same property, the same class of explanation (explanation_class.h); owned */
    enum shrink_guarantee guarantee;
    bool is_interrupted;     /* by a signal, before its end */
    bool is_shortest_before; /* GLOBALLY_SHORTEST: none is shorter in the configuration that was given, either */
    size_t steps_before;
    double seconds;
    uint64_t tried, applied, searched_states; /* as in struct minimised */
    uint64_t exhaustive_states;
    struct gs_run **runs; /* that were made on the way, the trace's among them unless it is the given one's; owned */
    size_t run_count, run_capacity;
};

/* Shrinks a trace that is no sample; its run has to outlive the result. False: the trace does not show what it claims;
 * why, in error. The result must be freed, either way. Protocol code is run in configurations that its author may never
 * have tried: let guard_catch (core/guard.h) turn its crashes into findings. */
bool shrink_trace(const struct trace *trace, const struct shrink_limits *limits, struct shrunk *shrunk, char *error,
                  size_t error_size);
void shrunk_free(struct shrunk *shrunk);

/* "globally shortest (no run of this configuration is shorter)", ..., "best effort, stopped at 2 seconds",
 * "best effort, interrupted". */
void shrink_guarantee_print(const struct shrunk *shrunk, const struct shrink_limits *limits, FILE *out);

#endif
