/* Keeping to --max-states: the states that are met, their number and all counts are the same for any number of threads.
 * The level before the limit is explored as any other, with all its steps; of the new states those stay that come first
 * in a shuffled order by contents. */
#ifndef GAINSAY_STATE_LIMIT_H
#define GAINSAY_STATE_LIMIT_H

#include "checker/search.h"

/* Before the level of search.depth is explored: if it is expected to lead to far more states than are allowed, sets
 * search.admitted so that only some of them are met. */
void state_limit_begin(struct search *search);
/* Has too little been admitted, so that the level has to be explored again? Then all will be. */
bool state_limit_widen(struct search *search);
/* Halts a search that has met more states than it may. */
void state_limit_look(struct search *search);
/* Takes back what the last level has too much. */
void state_limit_keep(struct search *search);

#endif
