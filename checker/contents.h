/* Hashes of what states hold: the same in every run, whatever numbers the engine gives. Each value of a slot is hashed
 * once. */
#ifndef GAINSAY_CONTENTS_H
#define GAINSAY_CONTENTS_H

#include "checker/candidate.h"

struct contents {
    struct engine *engine;
    uint64_t *hashes[SLOTS_MAX]; /* by value; 0: not computed yet */
    size_t capacities[SLOTS_MAX];
};

void contents_init(struct contents *contents, struct engine *engine);
void contents_free(struct contents *contents);
/* A place for the state in a shuffled order, another one for each salt. Different states may share a place. */
uint64_t contents_rank(struct contents *contents, const uint32_t *values, uint64_t salt);

#endif
