/* Memory that was replaced while other threads may still read it: kept until none can. One thread at a time writes a
 * shared table, under the engine's lock; others read it without, so what it outgrows is retired, not freed. */
#ifndef GAINSAY_RETIRED_H
#define GAINSAY_RETIRED_H

#include <stddef.h>

/* Zero-initialised is empty. */
struct retired {
    void **items;
    size_t count, capacity;
    size_t memory;
};

/* Takes over memory of that size; with `retired` NULL frees it at once: nobody else reads. */
void retire(struct retired *retired, void *memory, size_t size);

/* As die_grow, but what is outgrown is retired. Returns the array, to be stored in an atomic pointer. */
void *retired_grow(struct retired *retired, void *array, size_t *capacity, size_t needed, size_t item_size);

/* Frees all of it: no thread is reading. */
void retired_free(struct retired *retired);

#endif
