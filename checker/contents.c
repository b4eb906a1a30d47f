/* A state's hash is the sum of its slots' hashes, so that it costs a few additions once the values are known. */
#include "checker/contents.h"

#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "checker/effects.h"
#include "core/die.h"

void contents_init(struct contents *contents, struct engine *engine)
{
    *contents = (struct contents){.engine = engine};
}

void contents_free(struct contents *contents)
{
    for (unsigned slot = 0; slot < SLOTS_MAX; slot++)
        free(contents->hashes[slot]);
    *contents = (struct contents){0};
}

static uint64_t hash_bytes(const void *data, size_t size, uint64_t seed)
{
    return XXH3_64bits_withSeed(size ? data : "", size, seed);
}

static uint64_t hash_interned(const struct interner *values, uint32_t number, uint64_t seed)
{
    const struct interned value = interned_value(values, number);
    return hash_bytes(value.data, value.size, seed);
}

/* Of the bytes as the engine has them, which are the same for the same contents: numbers are not among them. */
static uint64_t hash_value(struct contents *contents, unsigned slot, uint32_t value)
{
    const struct engine *engine = contents->engine;
    const unsigned nodes = engine->run->node_count;
    uint64_t hash;
    if (slot == engine_environment_slot(engine)) {
        hash = hash_bytes(environment_of(engine, value), sizeof(struct environment), slot + 1);
    } else if (slot >= nodes) {
        hash = hash_interned(&engine->monitors[slot - nodes].values, value, slot + 1);
    } else {
        const struct configuration configuration = *engine_configuration(engine, slot, value);
        hash = hash_interned(&engine->nodes[slot].locals, configuration.local, slot + 1);
        hash = hash_interned(&engine->nodes[slot].inboxes, configuration.inbox, hash);
    }
    return hash ? hash : 1;
}

static uint64_t hash_of(struct contents *contents, unsigned slot, uint32_t value)
{
    const size_t former = contents->capacities[slot];
    if (value >= former) {
        contents->hashes[slot] = die_grow(contents->hashes[slot], &contents->capacities[slot], (size_t)value + 1,
                                          sizeof(*contents->hashes[slot]));
        memset(contents->hashes[slot] + former, 0,
               (contents->capacities[slot] - former) * sizeof(*contents->hashes[slot]));
    }
    if (!contents->hashes[slot][value])
        contents->hashes[slot][value] = hash_value(contents, slot, value);
    return contents->hashes[slot][value];
}

uint64_t contents_rank(struct contents *contents, const uint32_t *values, uint64_t salt)
{
    uint64_t sum = 0;
    for (unsigned slot = 0; slot < engine_slot_count(contents->engine); slot++)
        sum += hash_of(contents, slot, values[slot]);
    return XXH3_64bits_withSeed(&sum, sizeof(sum), salt);
}
