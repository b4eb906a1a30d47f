/* The keys of a batch on their way to pairs: halves that the state being explored has too are known, the others are
 * looked for when the batch is full, each step for all of them, so that misses to memory go on side by side. */
#ifndef GAINSAY_PAIRING_H
#define GAINSAY_PAIRING_H

#include "checker/halves.h"

enum { BATCH_SIZE = 128 /* probes in flight: enough to hide a miss to memory */ };

struct pairing {
    uint64_t hashes[2][BATCH_SIZE];  /* by side: of the halves without a number yet */
    uint32_t numbers[2][BATCH_SIZE]; /* or HALF_ABSENT */
    uint64_t pairs[BATCH_SIZE];      /* after pairing_finish */
};

/* Takes up the batch's i-th key. own: a key that may have halves in common with it, whose pair is own_pair; 0: unknown.
 */
void pairing_begin(struct pairing *pairing, const struct halves *halves, unsigned i, const uint64_t *key,
                   const uint64_t *own, uint64_t own_pair);
/* Finds the pairs of so many keys, halves->layout->words of each, densely. There must be room. */
void pairing_finish(struct pairing *pairing, struct halves *halves, const uint64_t *keys, unsigned count);

#endif
