/* A member of a node's state that, once set (not zero: a number, an enum, somebody), stays as it is: decisions, votes.
 * Each function is the whole predicate of a property with GS_SCOPE_STEP. `field` describes a scalar of the mover's
 * state, no set and no struct; another kind ends the run. In a crash too: what is set has to be durable. */
#ifndef GAINSAY_PROPERTIES_STABILITY_H
#define GAINSAY_PROPERTIES_STABILITY_H

#include "core/gainsay.h"

/* For ever: a decision. */
bool gs_stays_once_set(struct gs_view *v, const struct gs_field *field);

/* While another scalar stays as it is: a vote, within its term. */
bool gs_stays_once_set_in(struct gs_view *v, const struct gs_field *period, const struct gs_field *field);

#endif
