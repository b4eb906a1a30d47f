/* Short names of nodes, for drawings that have no room for the full ones. */
#ifndef GAINSAY_SHORT_NAMES_H
#define GAINSAY_SHORT_NAMES_H

#include "core/run.h"

/* A copy of the run in which a node is called by the initials of its role and its number, "rm0" for
 * "resource-manager0", or by a few letters more where roles have the same initials. For printing only: it owns
 * nothing. */
struct gs_run short_names(const struct gs_run *run);

#endif
