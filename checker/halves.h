/* Long keys in two. A key cut in halves (layout_make_cut) repeats: each distinct half gets a number once, exactly, and
 * a state is kept as the pair of the numbers of its halves, one word, in the store and in the levels. It is the tree
 * database of Laarman, van de Pol and Weber, "Parallel Recursive State Compression for Free" (2011), of one level.
 *
 * A number stands for the same values of the same slots for ever: when a slot widens, halves are packed anew where they
 * are, and no pair changes. Threads number halves without a lock; making room and packing anew need all of them to have
 * stopped. */
#ifndef GAINSAY_HALVES_H
#define GAINSAY_HALVES_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "checker/layout.h"

#define HALF_ABSENT UINT32_MAX

/* The halves on one side, by number. */
struct half_table {
    unsigned words;
    _Atomic uint64_t count;
    uint64_t capacity;            /* of the places: halves that may be in it before they have to be more */
    uint64_t *_Atomic *chunks;    /* HALF_CHUNK halves each; NULL: none yet */
    _Atomic uint64_t chunk_count; /* that are not NULL */
    _Atomic uint32_t *places;     /* open addressing: number + 1 in the low bits, bits of the hash above; 0: free */
    unsigned places_log2;
};

struct halves {
    const struct layout *layout; /* cut: what halves are packed by now; borrowed. NULL: there are no halves */
    uint8_t half_of[SLOTS_MAX];  /* the cut, by slot */
    struct half_table tables[2];
};

enum { HALF_CHUNK_LOG2 = 13, HALF_CHUNK = 1 << HALF_CHUNK_LOG2 };

/* layout: made by layout_make_cut with `half_of`. */
void halves_init(struct halves *halves, const struct layout *layout, const uint8_t *half_of);
/* Also of zeroes. */
void halves_free(struct halves *halves);

/* ---- Room ---- */

/* May each side get so many more halves without more places? */
bool halves_have_room(const struct halves *halves, uint64_t more);
/* Have the numbers run out, so that no places could give them room? */
bool halves_are_spent(const struct halves *halves, uint64_t more);
/* Bytes that making room will take, beyond those that it gives back. */
size_t halves_growth(const struct halves *halves, uint64_t more);
/* Makes room on one side, where there is none. */
void halves_make_room(struct halves *halves, unsigned side, uint64_t more);

/* Bytes that packing anew by that layout will take. */
size_t halves_widening(const struct halves *halves, const struct layout *layout);
/* Packs one side's halves by a layout with the same cut. When both are done halves_adopt makes it the current one. */
void halves_widen(struct halves *halves, unsigned side, const struct layout *layout);
void halves_adopt(struct halves *halves, const struct layout *layout);

/* Of the places of one side: as much comes to it when there have to be more. */
static inline size_t half_places_bytes(const struct half_table *table)
{
    return ((size_t)1 << table->places_log2) * sizeof(*table->places);
}
/* Bytes of all; 0: there are no halves. */
size_t halves_memory(const struct halves *halves);
/* Bytes that are in use, roughly: without what places and chunks have to spare. */
size_t halves_memory_used(const struct halves *halves);

/* ---- Numbers ---- */

static inline const uint64_t *halves_part(const struct halves *halves, unsigned side, const uint64_t *key)
{
    return side ? key + halves->layout->cut : key;
}

uint64_t half_hash(const uint64_t *half, unsigned words);

/* Fetches the place at which looking for a half begins. */
static inline void half_prefetch_place(const struct half_table *table, uint64_t hash)
{
    __builtin_prefetch((const void *)&table->places[hash >> (64 - table->places_log2)]);
}
/* Fetches the half that is probably meant by that place. */
void half_prefetch(const struct half_table *table, uint64_t hash);
/* The number of a half; a new one if it has none. There must be room. */
uint32_t half_number(struct half_table *table, const uint64_t *half, uint64_t hash);

/* ---- Pairs ---- */

enum { PAIR_LOW_BITS = 32 };

static inline uint64_t pair_of_halves(uint32_t first, uint32_t second)
{
    return KEY_MARK | (uint64_t)first << PAIR_LOW_BITS | second;
}
static inline uint32_t pair_half(uint64_t pair, unsigned side)
{
    return side ? (uint32_t)pair : (uint32_t)((pair & ~KEY_MARK) >> PAIR_LOW_BITS);
}

/* A key as the pair of its halves, which get numbers. There must be room. */
uint64_t halves_pair(struct halves *halves, const uint64_t *key);
/* The key that a pair stands for, and its values. */
void halves_key(const struct halves *halves, uint64_t pair, uint64_t *key);
void halves_unpack(const struct halves *halves, uint64_t pair, uint32_t *values);
void halves_prefetch(const struct halves *halves, uint64_t pair);

/* The values of a key, whole or a pair, as the store and the levels keep it. */
static inline void state_unpack(const struct layout *layout, const uint64_t *key, uint32_t *values)
{
    if (layout->halves)
        halves_unpack(layout->halves, key[0], values);
    else
        layout_unpack(layout, key, values);
}

#endif
