/* An open-addressing table of numbers over an arena of bytes. */
#include "checker/intern.h"

#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "core/die.h"

enum { BLOCK_BYTES = 1 << 16, ALIGNMENT = 16, TABLE_FIRST = 64 };

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

/* Where a value is, or would be. */
struct spot {
    _Atomic uint32_t *place;
    uint32_t
        number; /* + 1, as it was read there; 0: the place was free. Not to be read again: it may be taken by now */
};

static struct spot find_spot(const struct interner *interner, struct intern_table *table, const void *data, size_t size)
{
    uint32_t place = (uint32_t)XXH3_64bits(data, size) & (table->size - 1);
    for (;; place = (place + 1) & (table->size - 1)) {
        const uint32_t number = atomic_load_explicit(&table->places[place], memory_order_acquire);
        if (!number)
            return (struct spot){&table->places[place], 0};
        const struct interned value = interned_value(interner, number - 1);
        if (value.size == size && memcmp(value.data, data, size) == 0)
            return (struct spot){&table->places[place], number};
    }
}

static size_t table_bytes(uint32_t size)
{
    return sizeof(struct intern_table) + size * sizeof(uint32_t);
}

static void grow_table(struct interner *interner)
{
    struct intern_table *old = interner->table;
    const uint32_t size = old ? 2 * old->size : TABLE_FIRST;
    must(size);
    struct intern_table *table = die_calloc(1, table_bytes(size));
    table->size = size;
    for (uint32_t number = 0; number < interner->count; number++) {
        const struct interned value = interned_value(interner, number);
        *find_spot(interner, table, value.data, value.size).place = number + 1;
    }
    interner->memory += table_bytes(size) - (old ? table_bytes(old->size) : 0);
    interner->table = table;
    retire(interner->retired, old, old ? table_bytes(old->size) : 0);
}

uint32_t intern_find(const struct interner *interner, const void *data, size_t size)
{
    struct intern_table *table = interner->table;
    return table ? find_spot(interner, table, size ? data : &nothing, size).number - 1 : INTERN_ABSENT;
}

static uint32_t add_value(struct interner *interner, const void *data, size_t size)
{
    must(interner->count < UINT32_MAX - 8); /* the last numbers are marks, see engine.h */
    const size_t former = interner->value_capacity;
    interner->values = retired_grow(interner->retired, interner->values, &interner->value_capacity,
                                    (size_t)interner->count + 1, sizeof(struct interned));
    interner->memory += (interner->value_capacity - former) * sizeof(struct interned);
    uint8_t *copy = reserve(interner, size);
    if (size)
        memcpy(copy, data, size);
    interner->values[interner->count] = (struct interned){copy, (uint32_t)size};
    return interner->count++;
}

uint32_t intern(struct interner *interner, const void *data, size_t size)
{
    if (!size)
        data = &nothing;
    if (!interner->table || interner->count >= interner->table->size / 2)
        grow_table(interner);
    const struct spot spot = find_spot(interner, interner->table, data, size);
    if (spot.number)
        return spot.number - 1;
    const uint32_t number = add_value(interner, data, size);
    atomic_store_explicit(spot.place, number + 1, memory_order_release); /* whoever finds it finds its value */
    return number;
}

void interner_free(struct interner *interner)
{
    for (size_t i = 0; i < interner->block_count; i++)
        free(interner->blocks[i]);
    free(interner->blocks);
    free(interner->values);
    free(interner->table);
    *interner = (struct interner){.count = 0};
}
