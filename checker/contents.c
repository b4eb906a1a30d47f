/* A state's hash is the sum of its slots' hashes, so that it costs a few additions once the values are known. */
#include "checker/contents.h"

#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

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

static uint64_t hash_value(struct contents *contents, unsigned slot, uint32_t value)
{
    struct bytes bytes = {0};
    state_slot_bytes(contents->engine, slot, value, &bytes);
    const uint64_t hash = XXH3_64bits_withSeed(bytes.data ? bytes.data : (const uint8_t *)"", bytes.size, slot + 1);
    bytes_free(&bytes);
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
