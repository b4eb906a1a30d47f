/* What shrinking came to: the trace, the configurations it went through, and how short the trace is known to be. */
#ifndef GAINSAY_SHRUNK_H
#define GAINSAY_SHRUNK_H

#include "traces/trace.h"

enum shrink_guarantee {
    SHRINK_GLOBALLY_SHORTEST, /* an exhaustive search of the trace's configuration found none shorter */
    SHRINK_ONE_MINIMAL,       /* no single event can go */
    SHRINK_BEST_EFFORT        /* time ran out, or it was interrupted, before that was known */
};
extern const char *const shrink_guarantee_names[]; /* "globally shortest", "1-minimal", "best effort" */

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

void shrunk_free(struct shrunk *shrunk);

/* Takes over a run that the trace, or what it is compared with, may be of. NULL: nothing. */
void shrunk_keep_run(struct shrunk *shrunk, struct gs_run *run);

/* "globally shortest (no run of this configuration is shorter)", ..., "best effort, stopped at 2 seconds",
 * "best effort, interrupted". seconds: the limit of time. */
void shrunk_print_guarantee(const struct shrunk *shrunk, double seconds, FILE *out);

#endif
