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

/* Words that are being filled: all of a key, or those of one of its halves. */
struct filling {
    struct layout *layout;
    unsigned *widths;       /* by slot */
    const uint8_t *half_of; /* by slot; NULL: the key is whole */
    unsigned half, first, words;
    bool is_last; /* the key's last word is among them */
};

static bool is_filled_with(const struct filling *filling, unsigned slot)
{
    return !filling->half_of || filling->half_of[slot] == filling->half;
}

/* The last word lends its top bit to KEY_MARK. */
static unsigned room_of(const struct filling *filling, unsigned word)
{
    return filling->is_last && word + 1 == filling->words ? WORD_BITS - 1 : WORD_BITS;
}

/* Tries to place all slots in so many words. */
static bool place(const struct filling *filling)
{
    unsigned used[KEY_WORDS_MAX] = {0};
    for (unsigned width = 33; width-- > 0;)
        for (unsigned i = 0; i < filling->layout->slot_count; i++) {
            unsigned word = 0;
            if (filling->widths[i] != width || !is_filled_with(filling, i))
                continue;
            while (word < filling->words && used[word] + width > room_of(filling, word))
                word++;
            if (word == filling->words)
                return false;
            /* A slot without bits keeps a legal shift. */
            const unsigned shift = used[word] > SHIFT_MAX ? SHIFT_MAX : used[word];
            filling->layout->slots[i] = (struct slot){(uint8_t)(filling->first + word), (uint8_t)shift, (uint8_t)width};
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
static void widen(const struct filling *filling)
{
    const unsigned slot_count = filling->layout->slot_count;
    unsigned *widths = filling->widths, needed[SLOTS_MAX], slot;
    bool full[SLOTS_MAX];
    for (unsigned i = 0; i < slot_count; i++) {
        needed[i] = widths[i];
        full[i] = widths[i] == 0 || widths[i] >= 32 || !is_filled_with(filling, i);
    }
    while ((slot = most_deserving(needed, widths, full, slot_count)) < slot_count) {
        widths[slot]++;
        if (!place(filling)) {
            widths[slot]--;
            full[slot] = true;
        } else if (widths[slot] == 32) {
            full[slot] = true;
        }
    }
    must(place(filling));
}

/* Fills the least words that suffice, from the layout's last one on. */
static void fill(struct filling *filling)
{
    filling->first = filling->layout->words;
    filling->words = 1;
    while (!place(filling)) {
        filling->words++;
        must(filling->first + filling->words <= KEY_WORDS_MAX);
    }
    widen(filling);
    filling->layout->words += filling->words;
}

unsigned layout_bits_needed(const uint32_t *counts, unsigned slot_count)
{
    unsigned bits = 0;
    for (unsigned i = 0; i < slot_count; i++)
        bits += width_of(counts[i]);
    return bits;
}

static void begin(struct layout *layout, unsigned *widths, const uint32_t *counts, unsigned slot_count)
{
    must(slot_count <= SLOTS_MAX);
    *layout = (struct layout){.slot_count = slot_count};
    for (unsigned i = 0; i < slot_count; i++)
        widths[i] = width_of(counts[i]);
}

void layout_make(struct layout *layout, const uint32_t *counts, unsigned slot_count)
{
    unsigned widths[SLOTS_MAX];
    begin(layout, widths, counts, slot_count);
    fill(&(struct filling){.layout = layout, .widths = widths, .is_last = true});
}

void layout_make_cut(struct layout *layout, const uint32_t *counts, unsigned slot_count, const uint8_t *half_of)
{
    unsigned widths[SLOTS_MAX];
    begin(layout, widths, counts, slot_count);
    fill(&(struct filling){.layout = layout, .widths = widths, .half_of = half_of, .half = 0});
    layout->cut = layout->words;
    fill(&(struct filling){.layout = layout, .widths = widths, .half_of = half_of, .half = 1, .is_last = true});
}

/* Widest slots first, each into the half that has fewer bits so far. */
void layout_choose_cut(const uint32_t *counts, unsigned slot_count, uint8_t *half_of)
{
    unsigned weights[2] = {0, 0};
    for (unsigned width = 33; width-- > 0;)
        for (unsigned i = 0; i < slot_count; i++) {
            if (width_of(counts[i]) != width)
                continue;
            half_of[i] = weights[1] < weights[0];
            weights[half_of[i]] += width + 1; /* one without bits may get some */
        }
}
