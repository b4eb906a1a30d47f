/* Growth: which part of a state (a field, an inbox, a monitor) takes the most distinct values, by depth; what to bound
 * when a search does not end. */
#ifndef GAINSAY_GROWTH_H
#define GAINSAY_GROWTH_H

#include "checker/search.h"

/* Measures it over the states kept, after a search. Freed by growth_free. */
void growth_measure(const struct search *search, struct gs_growth *growth);
void growth_free(struct gs_growth *growth);

/* An estimate of all states of a search: `states` so far, of which the last whole level has `last`, `factor` times the
 * one before, if from level to level the factor goes on changing by factor_change. 0: no end in sight. */
double growth_estimate(double states, double last, double factor, double factor_change);

#endif
