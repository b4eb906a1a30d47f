/* Are a run's mutants to blame for a failure? A smaller configuration may be one in which the protocol fails without
 * them too (a quorum too small, a safeguard switched off): that is another failure, though it reads the same. */
#ifndef GAINSAY_BLAME_H
#define GAINSAY_BLAME_H

#include "traces/attempt.h"

struct blame_limits {
    size_t steps_max; /* of a run that fails */
    double until;     /* clock_seconds(); 0: none */
    unsigned threads; /* as of gs_config */
};

/* Does the run without its mutants show what is wanted, as far as some searches of it tell? The same every time, but
 * for the limit of time. */
bool blame_is_without_mutants(const struct gs_run *run, const struct wanted *wanted, const struct blame_limits *limits);

#endif
