/* Judging a random run, state by state: only what the last move touched. What is decided is added to world->decided,
 * which whoever begins a run clears. */
#ifndef GAINSAY_RANDOM_JUDGE_H
#define GAINSAY_RANDOM_JUDGE_H

#include "checker/random_world.h"

/* Judges the state that the STARTs left. */
void random_judge_initial(struct random_world *world);
/* Judges the step that was taken, and the state that it led to. */
void random_judge_step(struct random_world *world);
/* Judges a state from which no delivery, timer or local event is a step. */
void random_judge_quiescent(struct random_world *world);

#endif
