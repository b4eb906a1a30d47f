/* From a candidate to a trace: backwards over the kept levels, at each step the smallest predecessor and its smallest
 * event; then checked by core's own world. */
#ifndef GAINSAY_COUNTEREXAMPLE_H
#define GAINSAY_COUNTEREXAMPLE_H

#include "checker/search.h"
#include "traces/trace.h"

/* The trace to where the property (its number among the judged) was decided. Replayed before it is returned, which also
 * gives it its explanation. NULL: the replay says otherwise, an internal error, or (if replaying it again says yet
 * otherwise) nondeterministic code of the protocol, which is bad input: *result has that status, and why. Owned by the
 * caller. */
struct trace *counterexample(struct search *search, unsigned property, struct gs_result *result);

#endif
