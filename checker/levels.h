/* The levels of a breadth-first search: for each depth the keys of its states, in the order met. A block of keys keeps
 * the layout that it was written with. */
#ifndef GAINSAY_LEVELS_H
#define GAINSAY_LEVELS_H

#include <stddef.h>

#include "checker/layout.h"

struct level_block {
    const struct layout *layout; /* borrowed: lives as long as the levels */
    uint64_t *keys;
    uint64_t count, capacity;
};

struct level {
    struct level_block *blocks;
    size_t block_count, block_capacity;
    uint64_t count;
};

/* Zero-initialised is empty. */
struct levels {
    struct level *levels;
    size_t count, capacity;
    size_t memory;
};

/* Begins the next level. */
void levels_begin(struct levels *levels);
/* Appends a state to the last level. */
void levels_append(struct levels *levels, const struct layout *layout, const uint64_t *key);
void levels_free(struct levels *levels);

#endif
