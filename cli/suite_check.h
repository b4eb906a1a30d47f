/* Is a run of a suite one that its subcommand would take? Asked before anything runs. */
#ifndef GAINSAY_SUITE_CHECK_H
#define GAINSAY_SUITE_CHECK_H

#include "cli/suite_plan.h"

/* Runs with plugins are taken unseen: only loading them could tell, and what a plugin does wrong is the run's result.
 * Returns 0, or GS_BAD_INPUT after a complaint that names the line. */
int suite_check_run(const struct suite_plan *plan, const struct suite_section *section, const struct suite_run *run);

#endif
