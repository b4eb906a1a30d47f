/* How a state, a tuple of slot values, is packed into a key of a few 64-bit words. Each slot is a bit field within one
 * word; the last word's top bit is always set, so that no key is all zero. The key is the state, exactly. */
#ifndef GAINSAY_LAYOUT_H
#define GAINSAY_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

enum { SLOTS_MAX = 160, KEY_WORDS_MAX = 64 };
#define KEY_MARK (UINT64_C(1) << 63)

struct slot {
    uint8_t word, shift, width;
};

struct halves; /* see halves.h */

struct layout {
    struct slot slots[SLOTS_MAX];
    unsigned slot_count, words;
    unsigned cut;                /* words of the first of two halves, each with slots of its own; 0: there are none */
    const struct halves *halves; /* NULL; else a key is one word, a pair of numbers of these, and slots say nothing */
};

/* Lays the slots out so that each can hold its number of values (counts[i] >= 1), with room to grow where the words
 * leave some. */
void layout_make(struct layout *layout, const uint32_t *counts, unsigned slot_count);

/* The same in two halves, of words of their own: half_of says by slot which of them, 0 or 1. */
void layout_make_cut(struct layout *layout, const uint32_t *counts, unsigned slot_count, const uint8_t *half_of);
/* A cut into halves of as many bits each. */
void layout_choose_cut(const uint32_t *counts, unsigned slot_count, uint8_t *half_of);

/* The bits that so many values per slot need. */
unsigned layout_bits_needed(const uint32_t *counts, unsigned slot_count);

static inline bool layout_fits(const struct layout *layout, unsigned slot, uint32_t value)
{
    return (uint64_t)value >> layout->slots[slot].width == 0;
}

static inline uint32_t layout_get(const struct layout *layout, const uint64_t *key, unsigned slot)
{
    const struct slot s = layout->slots[slot];
    return (uint32_t)(key[s.word] >> s.shift & ((UINT64_C(1) << s.width) - 1));
}

/* Replaces a slot's value by another; both fit. */
static inline void layout_change(const struct layout *layout, uint64_t *key, unsigned slot, uint32_t from, uint32_t to)
{
    const struct slot s = layout->slots[slot];
    key[s.word] += ((uint64_t)to - from) << s.shift;
}

static inline void layout_unpack(const struct layout *layout, const uint64_t *key, uint32_t *values)
{
    for (unsigned i = 0; i < layout->slot_count; i++)
        values[i] = layout_get(layout, key, i);
}

/* Keys are compared and copied by words: nearly all have one. */
static inline bool keys_equal(const uint64_t *a, const uint64_t *b, unsigned words)
{
    if (words == 1)
        return a[0] == b[0];
    unsigned same = 0;
    while (same < words && a[same] == b[same])
        same++;
    return same == words;
}

static inline void key_copy(uint64_t *to, const uint64_t *from, unsigned words)
{
    to[0] = from[0];
    for (unsigned i = 1; i < words; i++)
        to[i] = from[i];
}

static inline void layout_pack(const struct layout *layout, const uint32_t *values, uint64_t *key)
{
    for (unsigned i = 0; i + 1 < layout->words; i++)
        key[i] = 0;
    key[layout->words - 1] = KEY_MARK;
    for (unsigned i = 0; i < layout->slot_count; i++)
        layout_change(layout, key, i, 0, values[i]);
}

#endif
