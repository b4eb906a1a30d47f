/* Random small histories of any ready-made model, and a checker that tries every order: what the decision procedure is
 * compared with. */
#ifndef HISTORY_SAMPLE_H
#define HISTORY_SAMPLE_H

#include "properties/linearizability.h"

/* Up to `most` operations (at most 16) of up to four clients on up to two keys. Some results are false, some operations
 * fail or stay open. The same seed gives the same history. */
struct gs_history sample_history(const struct gs_sequential *model, uint64_t seed, size_t most);

/* Tries all orders; shares nothing with the decision procedure but the model. */
bool brute_force_is_consistent(const struct gs_history *history, const struct gs_sequential *model, gs_value initial,
                               enum gs_consistency consistency);

/* The history as text, for messages. Owned by the caller. */
char *sample_text(const struct gs_history *history, const struct gs_sequential *model);

/* Pseudo-random numbers (SplitMix64). */
uint64_t sample_random(uint64_t *state);

#endif
