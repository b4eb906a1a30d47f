/* A number in a node's state that never goes back: terms, ballots, epochs, commit indices. Each function is the whole
 * predicate of a property with GS_SCOPE_STEP:
 *     return gs_never_decreases(v, &(const struct gs_field)GS_FIELD(struct server, term));
 * `field` describes a scalar number of the mover's state; another kind ends the run, as what is outside a scope does.
 */
#ifndef GAINSAY_PROPERTIES_MONOTONE_H
#define GAINSAY_PROPERTIES_MONOTONE_H

#include "core/gainsay.h"

/* In no step, and so in no crash either: for what is durable. */
bool gs_never_decreases(struct gs_view *v, const struct gs_field *field);

/* But to 0, where a crash takes what is volatile. */
bool gs_never_decreases_but_to_zero(struct gs_view *v, const struct gs_field *field);

#endif
