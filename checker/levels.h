/* The levels of a breadth-first search: for each depth the keys of its states, in the order met. A block of keys keeps
 * the layout that it was written with. */
#ifndef GAINSAY_LEVELS_H
#define GAINSAY_LEVELS_H

#include <stddef.h>

#include "checker/layout.h"
#include "checker/sleep.h"

struct level_block {
    const struct layout *layout; /* borrowed: lives as long as the levels */
    uint64_t *keys;
    struct sleep *sleeps; /* NULL: of a level that has been explored */
    uint64_t count, capacity;
};

/* Zero-initialised is empty. */
struct level {
    struct level_block *blocks;
    size_t block_count, block_capacity;
    uint64_t count;
    size_t memory; /* of its keys */
};

/* Zero-initialised is empty. */
struct levels {
    struct level *levels;
    size_t count, capacity;
    size_t memory; /* of all keys */
};

/* Appends a state. */
void level_append(struct level *level, const struct layout *layout, const uint64_t *key, struct sleep sleep);
void level_free(struct level *level);
/* The block's keys have been packed anew, in front, by a layout of fewer words: gives back what is left over. */
void level_block_shorten(struct level_block *block, const struct layout *layout);
/* Adds the memory of all blocks up anew, after that. */
void level_measure(struct level *level);

/* Begins the next level. */
void levels_begin(struct levels *levels);
/* Adds what one thread met to the last level; `part` is empty afterwards. */
void levels_take(struct levels *levels, struct level *part);
/* Forgets what only exploring a level needs. */
void levels_explored(struct levels *levels, uint64_t depth);
void levels_measure(struct levels *levels);
void levels_free(struct levels *levels);

#endif
