/* Comparing the engine with the reference on random protocols. */
#ifndef GAINSAY_TESTS_COMPARE_H
#define GAINSAY_TESTS_COMPARE_H

#include "tests/reference/random_protocol.h"
#include "tests/reference/reference.h"

/* The protocol of a seed: its first attempt whose state space is neither trivial nor too large (how large differs from
 * seed to seed; most have more than 200 states and at most about a thousand). Selected; result as the reference found.
 */
struct random_protocol compare_fit(uint64_t seed, struct reference_result *result);

/* Does gs_check say the same of the protocol as the reference does, with and without reductions? False: difference says
 * in what not. `plain`: of compare_fit. */
enum { COMPARE_TEXT = 400 };
bool compare_protocol(const struct random_protocol *protocol, const struct reference_result *plain,
                      char difference[COMPARE_TEXT]);

/* Does gs_check find the same on several threads as on one: counts, verdicts, traces, and with --max-states too? */
bool compare_threads(const struct gs_model *model, const struct gs_config *config, char difference[COMPARE_TEXT]);

#endif
