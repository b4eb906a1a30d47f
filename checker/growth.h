/* Growth: which part of a state (a field, an inbox, a monitor) takes the most distinct values, by depth; what to bound
 * when a search does not end. */
#ifndef GAINSAY_GROWTH_H
#define GAINSAY_GROWTH_H

#include "checker/search.h"

/* Measures it over the states kept, after a search. Freed by growth_free. */
void growth_measure(const struct search *search, struct gs_growth *growth);
void growth_free(struct gs_growth *growth);

/* An estimate of all states of a search: `states` so far, of which the last whole level has `last`. factors: of a
 * level's states to those of the level before, latest first. From level to level the factor is taken to go on losing as
 * much as it did (evenly), or the same share. 0: no end in sight. */
double growth_estimate(double states, double last, const double factors[3], bool evenly);

#endif
