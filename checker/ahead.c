/* Which nodes are worth it. */
#include "checker/ahead.h"

void ahead_choose(struct ahead *ahead, const struct engine *engine)
{
    uint32_t counts[SLOTS_MAX];
    engine_slot_counts(engine, counts);
    ahead->count = 0;
    for (unsigned node = 0; node < engine->run->node_count; node++)
        if (counts[node] >= AHEAD_MANY)
            ahead->nodes[ahead->count++] = (uint8_t)node;
}
