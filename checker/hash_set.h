/* A set of 64-bit hashes, for counting distinct values; bounded, so that memory stays flat. */
#ifndef GAINSAY_HASH_SET_H
#define GAINSAY_HASH_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HASH_SET_MOST = 1 << 22 }; /* values; 64 MiB at most */

/* Zero-initialised is empty. */
struct hash_set {
    uint64_t *places; /* 0: free */
    size_t size;      /* a power of two */
    size_t count;
    bool is_full; /* some value found no room */
};

void hash_set_add(struct hash_set *set, uint64_t hash);
void hash_set_add_all(struct hash_set *set, const struct hash_set *other);
void hash_set_free(struct hash_set *set);

#endif
