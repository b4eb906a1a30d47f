/* Finds the number of a thing that stands elsewhere, by number: four bytes a place, and the things tell whether they
 * are meant. One thread at a time adds; others look meanwhile, and then find a number or none yet. */
#ifndef GAINSAY_NUMBER_INDEX_H
#define GAINSAY_NUMBER_INDEX_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "checker/retired.h"

#define NUMBER_ABSENT UINT32_MAX

struct number_places {
    uint32_t mask;              /* how many there are, a power of two, less one */
    _Atomic uint32_t numbers[]; /* number + 1; 0: free */
};

/* Zero-initialised is empty. */
struct number_index {
    struct number_places *_Atomic places;
    struct retired *retired; /* where outgrown places go; NULL: nobody else reads */
};

/* A walk over the numbers that may have a hash. */
struct number_walk {
    const struct number_places *places;
    uint32_t place;
};
static inline struct number_walk number_index_walk(const struct number_index *index, uint32_t hash)
{
    return (struct number_walk){atomic_load_explicit(&index->places, memory_order_acquire), hash};
}
/* The next number that may be the one, with the thing that it stands for complete; NUMBER_ABSENT: it is none. */
static inline uint32_t number_walk_next(struct number_walk *walk)
{
    if (!walk->places)
        return NUMBER_ABSENT;
    const uint32_t place = walk->place++ & walk->places->mask;
    return atomic_load_explicit(&walk->places->numbers[place], memory_order_acquire) - 1;
}

/* The hash of what a number stands for, when there have to be more places. */
typedef uint32_t number_hash(const void *context, uint32_t number);
/* Adds a number, which is how many there are so far, of a thing that is not there yet and is complete. */
void number_index_add(struct number_index *index, uint32_t hash, uint32_t number, number_hash *hash_of,
                      const void *context);
size_t number_index_memory(const struct number_index *index);
/* How many numbers have room before there have to be more places. */
uint32_t number_index_capacity(const struct number_index *index);
void number_index_free(struct number_index *index);

#endif
