/* Counterexamples that a suite keeps (--traces DIR): those of runs that did not come to what was expected. */
#ifndef GAINSAY_SUITE_KEPT_H
#define GAINSAY_SUITE_KEPT_H

#include "cli/suite_result.h"

/* Makes the directory, unless it is there. Returns its absolute path, owned by the texts; NULL after a complaint. */
const char *suite_kept_directory(const char *directory, struct texts *texts);

/* Where a child is to write what it finds, until it is known whether it was expected. */
const char *suite_kept_stage(const char *directory, const struct suite_run *run, struct texts *texts);

/* Gives the traces of a run that failed their names, RUN.PROPERTY.trace, and removes those of any other. shown: the
 * directory as the user has named it. */
void suite_kept_sort(struct suite_result *result, const char *directory, const char *shown);

#endif
