/* The answers of `gainsay mutants --json` and `gainsay replay --json` as cases. (Those of `gainsay check` are in
 * cases.h: that command needs them too.) */
#ifndef GAINSAY_SUITE_OUTCOMES_H
#define GAINSAY_SUITE_OUTCOMES_H

#include "cli/cases.h"

/* A case per mutant and per search without one: killed, holds. */
void suite_add_mutants(struct case_group *group, const json_t *answer);

/* A case per trace; is_fixed: each is to violate no longer. */
void suite_add_traces(struct case_group *group, const json_t *answer, bool is_fixed);

/* "8 killed, 2 holds": how many items of an array came to what, by that member; NULL: by suite_trace_word. */
void suite_count_outcomes(const json_t *items, const char *member, char *text, size_t size);

/* The word for a trace's outcome: "reproduced", "fixed", "no longer met", "diverged", "bad input". */
const char *suite_trace_word(const json_t *trace);

#endif
