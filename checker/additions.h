/* What a configuration becomes by one message more, as far as it has been asked: a small map beside each configuration,
 * so that one look at memory answers. One thread at a time sets, under the engine's lock; others get meanwhile, and
 * then see an answer or none yet. */
#ifndef GAINSAY_ADDITIONS_H
#define GAINSAY_ADDITIONS_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "checker/retired.h"

#define ADDITION_ABSENT UINT32_MAX

/* NULL is empty. */
struct additions {
    uint32_t mask, count;       /* of places, a power of two, less one; of those taken, always fewer */
    _Atomic uint64_t entries[]; /* message number + 1 in the high half, the answer in the low one; 0: free */
};

/* ADDITION_ABSENT if nobody has asked yet. */
static inline uint32_t additions_get(const struct additions *additions, uint32_t message)
{
    if (!additions)
        return ADDITION_ABSENT;
    for (uint32_t place = message & additions->mask;; place = (place + 1) & additions->mask) {
        const uint64_t entry = atomic_load_explicit(&additions->entries[place], memory_order_acquire);
        if (entry >> 32 == message + UINT64_C(1))
            return (uint32_t)entry;
        if (!entry)
            return ADDITION_ABSENT;
    }
}

/* As additions_get, but looks at one place alone, which most answers are in; without waiting for the map's own mask.
 * mask: that, or what it was before the map grew, or fewer of its low bits. */
static inline uint32_t additions_get_first(const struct additions *additions, uint32_t mask, uint32_t message)
{
    if (!additions)
        return ADDITION_ABSENT;
    const uint64_t entry = atomic_load_explicit(&additions->entries[message & mask], memory_order_acquire);
    return entry >> 32 == message + UINT64_C(1) ? (uint32_t)entry : ADDITION_ABSENT;
}

/* With the answer for a message that has none yet. Returns the map, to be stored in an atomic pointer; what it outgrows
 * is retired. *memory: bytes of all such maps. */
struct additions *additions_set(struct additions *additions, uint32_t message, uint32_t with, struct retired *retired,
                                size_t *memory);

#endif
