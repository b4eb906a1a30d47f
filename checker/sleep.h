/* Sleep sets (Godefroid, "Partial-Order Methods for the Verification of Concurrent Systems", 1996): which nodes need no
 * look when a state is explored, because what their steps lead to is met in another order of the same steps. No state
 * is left out, and every transition is counted; only probes of the store are saved. docs/engine.md has the proof. */
#ifndef GAINSAY_SLEEP_H
#define GAINSAY_SLEEP_H

#include <stdbool.h>
#include <stdint.h>

/* Of a state that was met by a step of one node, the mover: that node, and the nodes asleep. 0: nobody is. */
struct sleep {
    uint32_t bits; /* the mover below, a bit for each of the first SLEEPERS nodes above */
};
enum { SLEEP_MOVER_BITS = 6, SLEEPERS = 32 - SLEEP_MOVER_BITS };

/* After a step of the mover that changed or read the slots of the nodes in `touched` alone: nodes of lower numbers
 * could have moved first. */
static inline struct sleep sleep_after(unsigned mover, uint64_t touched)
{
    const uint64_t others = ((UINT64_C(1) << mover) - 1) & ~touched;
    return (struct sleep){(uint32_t)(others << SLEEP_MOVER_BITS) | mover};
}

static inline bool sleep_has(struct sleep sleep, unsigned node)
{
    return node < SLEEPERS && sleep.bits >> SLEEP_MOVER_BITS >> node & 1;
}

static inline unsigned sleep_mover(struct sleep sleep)
{
    return sleep.bits & ((1u << SLEEP_MOVER_BITS) - 1);
}

#endif
