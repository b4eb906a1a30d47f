/* Judging a random run, state by state: only what the last move touched. */
#ifndef GAINSAY_RANDOM_JUDGE_H
#define GAINSAY_RANDOM_JUDGE_H

#include "checker/random_world.h"

/* Forgets what the last run decided; call before each run. */
void random_judge_begin(struct random_world *world);
/* Judges the state that the STARTs left. */
void random_judge_initial(struct random_world *world);
/* Judges the step that was taken, and the state that it led to. */
void random_judge_step(struct random_world *world, const struct random_move *move);
/* Judges a state from which no delivery, timer or local event is a step. */
void random_judge_quiescent(struct random_world *world);

/* The properties decided since the run began, but those of `known`: violated, or goals that were met. */
uint64_t random_judge_decided(const struct random_world *world, uint64_t known);

#endif
