/* The level in which --max-states may be met: explored by one thread, in an order by contents, so that the states that
 * are met, their number and all counts are the same for any number of threads. */
#ifndef GAINSAY_EXACT_LEVEL_H
#define GAINSAY_EXACT_LEVEL_H

#include "checker/search.h"

/* May the level of search.depth lead to more states than are allowed? */
bool exact_level_is_needed(struct search *search);
/* Explores it, and halts the search behind the state whose successors are too many. */
void exact_level_explore(struct search *search);

#endif
