/* From a search that has ended to verdicts and tallies. */
#ifndef GAINSAY_VERDICT_H
#define GAINSAY_VERDICT_H

#include "checker/search.h"

/* The verdict on one property; not_checked: why it was not judged, or NULL. reason: one line, "" if there is none. */
enum gs_verdict verdict_of(const struct search *search, const struct judged *judged, const char *not_checked,
                           char *reason, size_t size);

/* The run's status from its properties' verdicts, --allow and --strict. */
enum gs_status status_of(const struct gs_config *config, const struct gs_result *result);

void tally_events(const struct search *search, struct gs_result *result);
void tally_cuts(const struct search *search, struct gs_result *result);
void name_reductions(const struct search *search, struct gs_result *result);

#endif
