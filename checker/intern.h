/* Interning: a small number for each distinct byte string, whose bytes are kept once, 16-byte aligned. Numbers are
 * dense and given in the order met. One thread at a time may intern; others may look up and read meanwhile. */
#ifndef GAINSAY_INTERN_H
#define GAINSAY_INTERN_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "checker/number_index.h"
#include "checker/retired.h"

#define INTERN_ABSENT NUMBER_ABSENT

struct interned {
    const uint8_t *data;
    uint32_t size;
};

/* Zero-initialised is empty. */
struct interner {
    struct interned *_Atomic values; /* by number */
    size_t value_capacity;
    uint32_t count;
    struct number_index index; /* retired: where the outgrown array of values goes too */
    uint8_t *block;            /* where the next bytes go */
    size_t block_left;
    uint8_t **blocks;
    size_t block_count, block_capacity;
    size_t memory; /* bytes in all */
};

uint32_t intern(struct interner *interner, const void *data, size_t size);
/* Its number, or INTERN_ABSENT. */
uint32_t intern_find(const struct interner *interner, const void *data, size_t size);
static inline struct interned interned_value(const struct interner *interner, uint32_t number)
{
    return atomic_load_explicit(&interner->values, memory_order_acquire)[number];
}
void interner_free(struct interner *interner);

#endif
