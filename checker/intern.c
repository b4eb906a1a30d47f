/* An open-addressing table of numbers over an arena of bytes. */
#include "checker/intern.h"

#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "core/die.h"

enum { BLOCK_BYTES = 1 << 16, ALIGNMENT = 16, TABLE_FIRST = 64 };

static uint8_t *reserve(struct interner *interner, size_t size)
{
    size = size / ALIGNMENT * ALIGNMENT + ALIGNMENT; /* at least one unit, so that an empty string has a place too */
    if (size > interner->block_left) {
        const size_t bytes = size > BLOCK_BYTES ? size : BLOCK_BYTES;
        interner->blocks =
            die_grow(interner->blocks, &interner->block_capacity, interner->block_count + 1, sizeof(*interner->blocks));
        interner->block = interner->blocks[interner->block_count++] = die_alloc(bytes);
        interner->block_left = bytes;
        interner->memory += bytes;
    }
    uint8_t *place = interner->block;
    interner->block += size;
    interner->block_left -= size;
    return place;
}

/* The slot that holds the value, or the free one where it goes. */
static uint32_t find_slot(const struct interner *interner, const void *data, size_t size)
{
    uint32_t slot = (uint32_t)XXH3_64bits(data, size) & (interner->table_size - 1);
    for (; interner->table[slot]; slot = (slot + 1) & (interner->table_size - 1)) {
        const struct interned *value = &interner->values[interner->table[slot] - 1];
        if (value->size == size && memcmp(value->data, data, size) == 0)
            break;
    }
    return slot;
}

static void grow_table(struct interner *interner)
{
    const uint32_t size = interner->table_size ? 2 * interner->table_size : TABLE_FIRST;
    must(size);
    interner->memory += (size - interner->table_size) * sizeof(*interner->table);
    interner->table_size = size;
    free(interner->table);
    interner->table = die_calloc(size, sizeof(*interner->table));
    for (uint32_t number = 0; number < interner->count; number++)
        interner->table[find_slot(interner, interner->values[number].data, interner->values[number].size)] = number + 1;
}

uint32_t intern(struct interner *interner, const void *data, size_t size)
{
    static const uint8_t nothing;
    if (!size)
        data = &nothing;
    if (interner->count >= interner->table_size / 2)
        grow_table(interner);
    const uint32_t slot = find_slot(interner, data, size);
    if (interner->table[slot])
        return interner->table[slot] - 1;
    must(interner->count < UINT32_MAX - 8); /* the last numbers are marks, see engine.h */
    const size_t former = interner->value_capacity;
    interner->values =
        die_grow(interner->values, &interner->value_capacity, (size_t)interner->count + 1, sizeof(*interner->values));
    interner->memory += (interner->value_capacity - former) * sizeof(*interner->values);
    uint8_t *copy = reserve(interner, size);
    if (size)
        memcpy(copy, data, size);
    interner->values[interner->count] = (struct interned){copy, (uint32_t)size};
    interner->table[slot] = ++interner->count;
    return interner->count - 1;
}

void interner_free(struct interner *interner)
{
    for (size_t i = 0; i < interner->block_count; i++)
        free(interner->blocks[i]);
    free(interner->blocks);
    free(interner->values);
    free(interner->table);
    *interner = (struct interner){0};
}
