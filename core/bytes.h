/* A growing byte string. */
#ifndef GAINSAY_BYTES_H
#define GAINSAY_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zero-initialised is empty; free with bytes_free. */
struct bytes {
    uint8_t *data;
    size_t size, capacity;
};

/* data may be NULL if size is 0. */
void bytes_append(struct bytes *bytes, const void *data, size_t size);
void bytes_copy(struct bytes *to, const struct bytes *from);
bool bytes_equal(const struct bytes *a, const struct bytes *b);
/* -1, 0, 1 as strings of unsigned bytes; a prefix comes first. */
int bytes_compare(const struct bytes *a, const struct bytes *b);
void bytes_free(struct bytes *bytes);

#endif
