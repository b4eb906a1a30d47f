/* First fit, widest slots first. */
#include "checker/layout.h"

#include "core/die.h"

enum { WORD_BITS = 64, SHIFT_MAX = 63 };

static unsigned width_of(uint32_t count)
{
    unsigned width = 0;
    while (width < 32 && (uint64_t)count > UINT64_C(1) << width)
        width++;
    return width;
}

/* The last word lends its top bit to KEY_MARK. */
static unsigned room_of(unsigned word, unsigned words)
{
    return word + 1 == words ? WORD_BITS - 1 : WORD_BITS;
}

/* Tries to place all slots in so many words. */
static bool place(struct layout *layout, const unsigned *widths, unsigned words)
{
    unsigned used[KEY_WORDS_MAX] = {0};
    layout->words = words;
    for (unsigned width = 33; width-- > 0;)
        for (unsigned i = 0; i < layout->slot_count; i++) {
            unsigned word = 0;
            if (widths[i] != width)
                continue;
            while (word < words && used[word] + width > room_of(word, words))
                word++;
            if (word == words)
                return false;
            /* A slot without bits keeps a legal shift. */
            const unsigned shift = used[word] > SHIFT_MAX ? SHIFT_MAX : used[word];
            layout->slots[i] = (struct slot){(uint8_t)word, (uint8_t)shift, (uint8_t)width};
            used[word] += width;
        }
    return true;
}

/* The slot that most deserves one more bit, of those that are not `full`: spare bits go by how many a slot has, for
 * what has taken many values goes on taking new ones, and what outgrows its bits means packing all keys anew.
 * slot_count: none. */
static unsigned most_deserving(const unsigned *needed, const unsigned *widths, const bool *full, unsigned slot_count)
{
    unsigned best = slot_count;
    for (unsigned i = 0; i < slot_count; i++)
        if (!full[i] && (best == slot_count ||
                         needed[i] * (widths[best] - needed[best] + 1) > needed[best] * (widths[i] - needed[i] + 1)))
            best = i;
    return best;
}

/* Gives spare bits to the slots with values, as long as the number of words stays. */
static void widen(struct layout *layout, unsigned *widths)
{
    const unsigned words = layout->words, slot_count = layout->slot_count;
    unsigned needed[SLOTS_MAX], slot;
    bool full[SLOTS_MAX];
    for (unsigned i = 0; i < slot_count; i++) {
        needed[i] = widths[i];
        full[i] = widths[i] == 0 || widths[i] >= 32;
    }
    while ((slot = most_deserving(needed, widths, full, slot_count)) < slot_count) {
        widths[slot]++;
        if (!place(layout, widths, words)) {
            widths[slot]--;
            full[slot] = true;
        } else if (widths[slot] == 32) {
            full[slot] = true;
        }
    }
    must(place(layout, widths, words));
}

unsigned layout_bits_needed(const uint32_t *counts, unsigned slot_count)
{
    unsigned bits = 0;
    for (unsigned i = 0; i < slot_count; i++)
        bits += width_of(counts[i]);
    return bits;
}

void layout_make(struct layout *layout, const uint32_t *counts, unsigned slot_count)
{
    unsigned widths[SLOTS_MAX];
    must(slot_count <= SLOTS_MAX);
    *layout = (struct layout){.slot_count = slot_count};
    for (unsigned i = 0; i < slot_count; i++)
        widths[i] = width_of(counts[i]);
    unsigned words = 1;
    while (!place(layout, widths, words)) {
        words++;
        must(words <= KEY_WORDS_MAX);
    }
    widen(layout, widths);
}
