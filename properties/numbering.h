/* Numbers for byte strings, in the order in which they are met: 0, 1, 2, ... Part of the decision procedure, not an
 * interface to write against. */
#ifndef GAINSAY_NUMBERING_H
#define GAINSAY_NUMBERING_H

#include "properties/value.h"

/* Zero is empty. The strings are borrowed. */
struct numbering {
    gs_span *spans;
    uint64_t *hashes;
    size_t count, capacity, hash_capacity;
    uint32_t *places; /* open addressing: numbers + 1, 0 is free */
    size_t size;      /* of places: a power of two */
};

/* The string's number; a new one gets the next. */
uint32_t numbering_of(struct numbering *numbering, gs_span span);

void numbering_free(struct numbering *numbering);

#endif
