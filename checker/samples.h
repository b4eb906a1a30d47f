/* Samples: paths that a search really took, of different lengths, to show what it explored. Nothing is claimed of
 * them but that no judged property is violated on the way. */
#ifndef GAINSAY_SAMPLES_H
#define GAINSAY_SAMPLES_H

#include "checker/search.h"

/* Puts up to `wanted` samples into the result, shortest first, each a shortest path to its last state; why there are
 * fewer into samples_note. Which ones is decided by contents alone. Walks every kept level once more. False: one does
 * not replay, an internal error; why in result->error. */
bool samples_take(struct search *search, uint64_t wanted, struct gs_result *result);

#endif
