/* Interning: a small number for each distinct byte string, whose bytes are kept once, 16-byte aligned. Numbers are
 * dense and given in the order met. */
#ifndef GAINSAY_INTERN_H
#define GAINSAY_INTERN_H

#include <stddef.h>
#include <stdint.h>

struct interned {
    const uint8_t *data;
    uint32_t size;
};

/* Zero-initialised is empty. */
struct interner {
    struct interned *values; /* by number */
    size_t value_capacity;
    uint32_t count;
    uint32_t *table; /* number + 1; 0 is free */
    uint32_t table_size;
    uint8_t *block; /* where the next bytes go */
    size_t block_left;
    uint8_t **blocks;
    size_t block_count, block_capacity;
    size_t memory; /* bytes in all */
};

uint32_t intern(struct interner *interner, const void *data, size_t size);
static inline struct interned interned_value(const struct interner *interner, uint32_t number)
{
    return interner->values[number];
}
void interner_free(struct interner *interner);

#endif
