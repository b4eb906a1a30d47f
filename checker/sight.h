/* What one property sees of a state or of a step: its scope values, each judged once. Any thread may look: what is
 * known is looked up without a lock, predicates are called under the engine's. */
#ifndef GAINSAY_SIGHT_H
#define GAINSAY_SIGHT_H

#include "checker/judging.h"

/* A state, or a step's successor, seen by one property. */
struct sight {
    struct judging *judging;
    struct judged *judged;
    const uint32_t *values; /* NULL: of steps and pairs, which only look at local states */
    const uint32_t *locals; /* of the nodes, as numbers: values' own */
    bool decides;           /* some value did */
};

/* The local states' numbers of the nodes in a state, for sight.locals. */
void sight_locals(const struct engine *engine, const uint32_t *values, uint32_t *locals);
/* Judges the scope values of a state that a look asks for. */
void sight_judge(struct sight *sight, struct look look);
/* Judges one pair of nodes, in this order, if their roles are those of the property. */
void sight_judge_pair(struct sight *sight, unsigned one, unsigned other);
/* Judges a step of a node; locals are those after it. */
void sight_judge_moved(struct sight *sight, const struct moved *moved);

#endif
