/* From a search that has ended to verdicts and tallies. */
#ifndef GAINSAY_VERDICT_H
#define GAINSAY_VERDICT_H

#include "checker/search.h"

/* Was the goal met by the events that lead to where a staged search starts? */
bool verdict_was_met_before(const struct search *search, const struct judged *judged);
/* Is there something that decides it: a violation, or that it was met? */
bool verdict_is_decided(const struct search *search, const struct judged *judged);
/* How many steps lead there from the initial state; 0: it is not decided. */
uint64_t verdict_steps(const struct search *search, const struct judged *judged);

/* The verdict on one property; not_checked: why it was not judged, or NULL. reason: one line, "" if there is none. */
enum gs_verdict verdict_of(const struct search *search, const struct judged *judged, const char *not_checked,
                           char *reason, size_t size);

/* The run's status from its properties' verdicts, --allow and --strict. */
enum gs_status status_of(const struct gs_config *config, const struct gs_result *result);

/* taken: EVENT_COUNTERS counts. left_out: by event, whether the reduction left some of it out; NULL: no reduction. */
void tally_events(const struct gs_run *run, const uint64_t *taken, const bool *left_out, struct gs_result *result);
/* cuts: BOUND_COUNT counts. */
void tally_cuts(const struct gs_run *run, const uint64_t *cuts, struct gs_result *result);
void name_reductions(const struct search *search, struct gs_result *result);

#endif
