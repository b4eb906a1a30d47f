/* What a step does beside moving nodes: it feeds monitors and spends budgets. */
#ifndef GAINSAY_EFFECTS_H
#define GAINSAY_EFFECTS_H

#include "checker/engine.h"

/* The number of an effect: announcements of `node` (a number in engine.announcements), and its step. */
uint32_t effect_number(struct engine *engine, unsigned node, uint32_t announcements, uint32_t before, uint32_t after,
                       bool is_step);
/* Both one after the other: announcements first, then steps. */
uint32_t effect_joined(struct engine *engine, uint32_t first, uint32_t second);
/* A monitor's next value, or MARK_FAILED. */
uint32_t monitor_next(struct engine *engine, unsigned monitor, uint32_t value, uint32_t effect);
/* Why it failed. */
void monitor_explain(struct engine *engine, unsigned monitor, uint32_t value, uint32_t effect, char *explanation);
const struct environment *environment_of(const struct engine *engine, uint32_t number);
uint32_t environment_number(struct engine *engine, const struct environment *environment);
/* The environment after one more fault (GS_FAULTS: the same), or MARK_FAILED if the budget is spent. */
uint32_t environment_spend(struct engine *engine, uint32_t number, int fault);

#endif
