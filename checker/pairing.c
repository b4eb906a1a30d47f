/* Three rounds: the places, the halves that they probably mean, the numbers. */
#include "checker/pairing.h"

/* Is this half the same in both keys? */
static bool have_in_common(const struct halves *halves, unsigned side, const uint64_t *key, const uint64_t *other)
{
    return keys_equal(halves_part(halves, side, key), halves_part(halves, side, other), halves->tables[side].words);
}

void pairing_begin(struct pairing *pairing, const struct halves *halves, unsigned i, const uint64_t *key,
                   const uint64_t *own, uint64_t own_pair)
{
    for (unsigned side = 0; side < 2; side++) {
        const struct half_table *table = &halves->tables[side];
        if (own_pair && ((GS_PLANT == 15 && side) || have_in_common(halves, side, key, own))) {
            pairing->numbers[side][i] = pair_half(own_pair, side);
            continue;
        }
        pairing->numbers[side][i] = HALF_ABSENT;
        pairing->hashes[side][i] = half_hash(halves_part(halves, side, key), table->words);
        half_prefetch_place(table, pairing->hashes[side][i]);
    }
}

static void find_numbers(struct pairing *pairing, struct halves *halves, unsigned side, const uint64_t *keys,
                         unsigned count)
{
    struct half_table *table = &halves->tables[side];
    uint32_t *numbers = pairing->numbers[side];
    for (unsigned i = 0; i < count; i++)
        if (numbers[i] == HALF_ABSENT)
            numbers[i] = half_number(table, halves_part(halves, side, &keys[i * halves->layout->words]),
                                     pairing->hashes[side][i]);
}

void pairing_finish(struct pairing *pairing, struct halves *halves, const uint64_t *keys, unsigned count)
{
    for (unsigned side = 0; side < 2; side++)
        for (unsigned i = 0; i < count; i++)
            if (pairing->numbers[side][i] == HALF_ABSENT)
                half_prefetch(&halves->tables[side], pairing->hashes[side][i]);
    for (unsigned side = 0; side < 2; side++)
        find_numbers(pairing, halves, side, keys, count);
    for (unsigned i = 0; i < count; i++)
        pairing->pairs[i] = pair_of_halves(pairing->numbers[0][i], pairing->numbers[1][i]);
}
