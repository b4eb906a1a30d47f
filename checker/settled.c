/* Packing local states as layout.c packs configurations. */
#include "checker/settled.h"

#include <stdlib.h>
#include <string.h>

#include "core/die.h"

void settled_init(struct settled *settled, bool is_on, uint64_t joint)
{
    *settled = (struct settled){.is_on = is_on, .is_narrow = true, .joint = joint};
    settled->values = die_calloc(SETTLED_SIZE, sizeof(*settled->values));
}

void settled_free(struct settled *settled)
{
    free(settled->values);
}

static inline bool is_joint(const struct settled *settled, unsigned node)
{
    return settled->joint >> node & 1;
}

void settled_widen(struct settled *settled, struct engine *engine)
{
    uint32_t counts[GS_NODES_MAX];
    engine_lock(engine);
    for (unsigned n = 0; n < engine->run->node_count; n++)
        counts[n] = is_joint(settled, n) ? engine->nodes[n].locals.count : 1;
    engine_unlock(engine);
    layout_make(&settled->layout, counts, engine->run->node_count);
    settled->is_on = settled->layout.words == 1;
    settled->is_narrow = false;
    memset(settled->values, 0, SETTLED_SIZE * sizeof(*settled->values));
}

void settled_enter(struct settled *settled, const struct engine *engine, const uint32_t *values)
{
    uint64_t tuple = KEY_MARK;
    bool fits = true;
    settled->tuple = 0;
    settled->has_entered = true;
    if (!settled->is_on)
        return;
    for (uint64_t left = settled->joint; left; left &= left - 1) {
        const unsigned node = (unsigned)__builtin_ctzll(left);
        const uint32_t local = engine_configuration(engine, node, values[node])->local;
        fits &= layout_fits(&settled->layout, node, local);
        layout_change(&settled->layout, &tuple, node, 0, local);
    }
    settled->is_narrow |= !fits;
    settled->tuple = fits ? tuple : 0;
}
