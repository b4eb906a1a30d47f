/* Asking memory for what states soon to be explored need: those nodes' configurations, and then their lists, of which
 * there are too many for the caches. */
#ifndef GAINSAY_AHEAD_H
#define GAINSAY_AHEAD_H

#include "checker/engine.h"
#include "checker/levels.h"

enum {
    AHEAD_MANY = 512,        /* configurations of a node, 32 bytes each: half of a usual first cache */
    AHEAD_CONFIGURATION = 8, /* states ahead; a state takes about as long as a load from memory, or longer */
    AHEAD_LIST = 4
};

/* The nodes that have many configurations. */
struct ahead {
    unsigned count;
    uint8_t nodes[GS_NODES_MAX];
};

/* Before each level: nodes come to have more. No thread is adding any. */
void ahead_choose(struct ahead *ahead, const struct engine *engine);
/* Asks for what the states behind number i of the block need. */
static inline void ahead_fetch(const struct ahead *ahead, const struct engine *engine, const struct level_block *block,
                               uint64_t i);

/* ---- Inline ---- */

static inline const struct configuration *
ahead_configuration(const struct engine *engine, const struct level_block *block, uint64_t i, unsigned node)
{
    const uint64_t *key = &block->keys[i * block->layout->words];
    return engine_configuration(engine, node, layout_get(block->layout, key, node));
}

static inline void ahead_fetch(const struct ahead *ahead, const struct engine *engine, const struct level_block *block,
                               uint64_t i)
{
    enum { LINE = 64, LIST_LINES = 3 }; /* bytes; most lists are no longer */
    for (unsigned n = 0; n < ahead->count; n++) {
        if (i + AHEAD_CONFIGURATION < block->count)
            __builtin_prefetch(ahead_configuration(engine, block, i + AHEAD_CONFIGURATION, ahead->nodes[n]));
        if (i + AHEAD_LIST >= block->count)
            continue;
        const char *list = (const char *)atomic_load_explicit(
            &ahead_configuration(engine, block, i + AHEAD_LIST, ahead->nodes[n])->transitions, memory_order_relaxed);
        for (unsigned line = 0; list && line < LIST_LINES; line++)
            __builtin_prefetch(list + line * LINE);
    }
}

#endif
