/* An index of numbers over an arena of bytes. */
#include "checker/intern.h"

#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "checker/numbers.h"
#include "core/die.h"

enum { BLOCK_BYTES = 1 << 16, ALIGNMENT = 16 };

static const uint8_t nothing; /* an empty string's bytes */

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

static uint32_t hash_bytes(const void *data, size_t size)
{
    return (uint32_t)XXH3_64bits(data, size);
}

static uint32_t find(const struct interner *interner, const void *data, size_t size, uint32_t hash)
{
    struct number_walk walk = number_index_walk(&interner->index, hash);
    for (;;) {
        const uint32_t number = number_walk_next(&walk);
        if (number == NUMBER_ABSENT)
            return INTERN_ABSENT;
        const struct interned value = interned_value(interner, number);
        if (value.size == size && memcmp(value.data, data, size) == 0)
            return number;
    }
}

uint32_t intern_find(const struct interner *interner, const void *data, size_t size)
{
    if (!size)
        data = &nothing;
    return find(interner, data, size, hash_bytes(data, size));
}

static uint32_t hash_of_number(const void *context, uint32_t number)
{
    const struct interned value = interned_value(context, number);
    return hash_bytes(value.data, value.size);
}

static void add_value(struct interner *interner, const void *data, size_t size)
{
    numbers_must_suffice(interner->count, 1, "values of one kind");
    must(size <= UINT32_MAX);
    const size_t former = interner->value_capacity;
    interner->values = retired_grow(interner->index.retired, interner->values, &interner->value_capacity,
                                    (size_t)interner->count + 1, sizeof(struct interned));
    interner->memory += (interner->value_capacity - former) * sizeof(struct interned);
    uint8_t *copy = reserve(interner, size);
    if (size)
        memcpy(copy, data, size);
    interner->values[interner->count] = (struct interned){copy, (uint32_t)size};
}

uint32_t intern(struct interner *interner, const void *data, size_t size)
{
    if (!size)
        data = &nothing;
    const uint32_t hash = hash_bytes(data, size), known = find(interner, data, size, hash);
    if (known != INTERN_ABSENT)
        return known;
    const size_t former = number_index_memory(&interner->index);
    add_value(interner, data, size);
    number_index_add(&interner->index, hash, interner->count, hash_of_number, interner);
    interner->memory += number_index_memory(&interner->index) - former;
    return interner->count++;
}

void interner_free(struct interner *interner)
{
    for (size_t i = 0; i < interner->block_count; i++)
        free(interner->blocks[i]);
    free(interner->blocks);
    free(interner->values);
    number_index_free(&interner->index);
    *interner = (struct interner){.count = 0};
}
