/* Halves stand in chunks that never move; what finds them is a table of their numbers, which says a few bits of each
 * half's hash, so that nearly every look at a half is at the right one. */
#include "checker/halves.h"

#include <stdlib.h>
#include <string.h>

#include "checker/numbers.h"
#include "checker/state_store.h"
#include "core/die.h"

enum { PLACES_LOG2_FIRST = 8, PLACES_LOG2_MOST = 32, CHUNKS_MOST = 1 << (31 - HALF_CHUNK_LOG2) };

/* A pair has 31 bits for the first half's number. */
#define HALVES_MOST (UINT64_C(1) << 31)
#define BUSY UINT32_MAX /* a place whose half is being written; no number is so large in its low bits */

uint64_t half_hash(const uint64_t *half, unsigned words)
{
    return state_hash(half, words);
}

/* ---- Making and freeing ---- */

static unsigned words_on(const struct layout *layout, unsigned side)
{
    return side ? layout->words - layout->cut : layout->cut;
}

static uint64_t capacity_of(unsigned places_log2)
{
    return (UINT64_C(1) << places_log2) / 4 * 3;
}

static void set_places(struct half_table *table, unsigned places_log2)
{
    table->places_log2 = places_log2;
    table->capacity = capacity_of(places_log2);
    table->places = die_calloc((size_t)1 << places_log2, sizeof(*table->places));
}

void halves_init(struct halves *halves, const struct layout *layout, const uint8_t *half_of)
{
    *halves = (struct halves){.layout = layout};
    memcpy(halves->half_of, half_of, layout->slot_count);
    for (unsigned side = 0; side < 2; side++) {
        struct half_table *table = &halves->tables[side];
        table->words = words_on(layout, side);
        table->chunks = die_calloc(CHUNKS_MOST, sizeof(*table->chunks));
        set_places(table, PLACES_LOG2_FIRST);
    }
}

void halves_free(struct halves *halves)
{
    for (unsigned side = 0; side < 2; side++) {
        struct half_table *table = &halves->tables[side];
        for (uint64_t chunk = 0; chunk < table->chunk_count; chunk++)
            free(table->chunks[chunk]);
        free(table->chunks);
        free((void *)table->places);
    }
    *halves = (struct halves){.layout = NULL};
}

/* ---- Chunks ---- */

static size_t chunk_bytes(unsigned words)
{
    return (size_t)HALF_CHUNK * words * sizeof(uint64_t);
}

static uint64_t *half_at(const struct half_table *table, uint32_t number)
{
    uint64_t *chunk = atomic_load_explicit(&table->chunks[number >> HALF_CHUNK_LOG2], memory_order_acquire);
    return chunk + (size_t)(number % HALF_CHUNK) * table->words;
}

/* Makes the chunk of a number that is about to be given. Whoever is too late frees what it has made. */
static void make_chunk(struct half_table *table, uint32_t number)
{
    uint64_t *_Atomic *place = &table->chunks[number >> HALF_CHUNK_LOG2], *none = NULL;
    if (atomic_load_explicit(place, memory_order_acquire))
        return;
    uint64_t *chunk = die_alloc(chunk_bytes(table->words));
    if (atomic_compare_exchange_strong_explicit(place, &none, chunk, memory_order_acq_rel, memory_order_acquire))
        atomic_fetch_add_explicit(&table->chunk_count, 1, memory_order_relaxed);
    else
        free(chunk);
}

/* ---- Numbers ---- */

/* Bits of a place that hold a number + 1; those above are the hash's. */
static uint32_t number_mask(const struct half_table *table)
{
    return (uint32_t)((UINT64_C(1) << table->places_log2) - 1);
}

void half_prefetch(const struct half_table *table, uint64_t hash)
{
    const uint32_t mask = number_mask(table),
                   there =
                       atomic_load_explicit(&table->places[hash >> (64 - table->places_log2)], memory_order_acquire);
    if (there && there != BUSY)
        __builtin_prefetch(half_at(table, (there & mask) - 1));
}

/* What a place holds when it is written. */
static uint32_t wait_for_place(const _Atomic uint32_t *place)
{
    uint32_t there;
    while ((there = atomic_load_explicit(place, memory_order_acquire)) == BUSY)
        ;
    return there;
}

/* Gives a half the next number at a free place. HALF_ABSENT: another thread was first. */
static uint32_t add_half(struct half_table *table, _Atomic uint32_t *place, const uint64_t *half, uint64_t hash)
{
    uint32_t expected = 0;
    if (!atomic_compare_exchange_strong_explicit(place, &expected, BUSY, memory_order_relaxed, memory_order_relaxed))
        return HALF_ABSENT;
    const uint32_t number = (uint32_t)atomic_fetch_add_explicit(&table->count, 1, memory_order_relaxed);
    make_chunk(table, number);
    key_copy(half_at(table, number), half, table->words);
    atomic_store_explicit(place, ((uint32_t)hash & ~number_mask(table)) | (number + 1), memory_order_release);
    return number;
}

uint32_t half_number(struct half_table *table, const uint64_t *half, uint64_t hash)
{
    const uint64_t places = UINT64_C(1) << table->places_log2;
    const uint32_t mask = number_mask(table), bits = (uint32_t)hash & ~mask;
    for (uint64_t at = hash >> (64 - table->places_log2);;) {
        const uint32_t there = wait_for_place(&table->places[at]);
        if (!there) {
            const uint32_t number = add_half(table, &table->places[at], half, hash);
            if (number != HALF_ABSENT)
                return number;
            continue; /* look at what another thread put there */
        }
        if ((there & ~mask) == bits) {
            const uint32_t number = (there & mask) - 1;
            if (keys_equal(half_at(table, number), half, table->words))
                return number;
        }
        at = (at + 1) & (places - 1);
    }
}

/* ---- Room ---- */

static uint64_t halves_most(void)
{
    const uint64_t numbers = NUMBERS_MAX("halves of states");
    return numbers < HALVES_MOST ? numbers : HALVES_MOST;
}

bool halves_have_room(const struct halves *halves, uint64_t more)
{
    for (unsigned side = 0; side < 2; side++) {
        const struct half_table *table = &halves->tables[side];
        if (atomic_load_explicit(&table->count, memory_order_relaxed) + more > table->capacity)
            return false;
    }
    return !halves_are_spent(halves, more);
}

bool halves_are_spent(const struct halves *halves, uint64_t more)
{
    const uint64_t most = halves_most();
    return halves->tables[0].count + more > most || halves->tables[1].count + more > most;
}

/* log2 of the places that give room for so many more. */
static unsigned places_for(const struct half_table *table, uint64_t more)
{
    unsigned places_log2 = table->places_log2;
    while (capacity_of(places_log2) < table->count + more)
        places_log2++;
    must(places_log2 <= PLACES_LOG2_MOST);
    return places_log2;
}

size_t halves_growth(const struct halves *halves, uint64_t more)
{
    size_t bytes = 0;
    for (unsigned side = 0; side < 2; side++) {
        const struct half_table *table = &halves->tables[side];
        bytes += ((size_t)sizeof(*table->places) << places_for(table, more)) - half_places_bytes(table);
    }
    return bytes;
}

/* Finds places for all halves anew, of which there are 2 to that. */
static void fill_places(struct half_table *table, unsigned places_log2)
{
    free((void *)table->places); /* first: halves alone say all */
    set_places(table, places_log2);
    const uint32_t mask = number_mask(table);
    for (uint64_t number = 0; number < table->count; number++) {
        const uint64_t hash = half_hash(half_at(table, (uint32_t)number), table->words);
        uint64_t at = hash >> (64 - places_log2);
        while (table->places[at])
            at = (at + 1) & (((uint64_t)1 << places_log2) - 1);
        atomic_store_explicit(&table->places[at], ((uint32_t)hash & ~mask) | (uint32_t)(number + 1),
                              memory_order_relaxed);
    }
}

void halves_make_room(struct halves *halves, unsigned side, uint64_t more)
{
    struct half_table *table = &halves->tables[side];
    const unsigned places_log2 = places_for(table, more);
    if (places_log2 != table->places_log2)
        fill_places(table, places_log2);
}

/* ---- Widening ---- */

size_t halves_widening(const struct halves *halves, const struct layout *layout)
{
    size_t bytes = 0;
    for (unsigned side = 0; side < 2; side++) {
        const struct half_table *table = &halves->tables[side];
        const size_t now = chunk_bytes(table->words), then = chunk_bytes(words_on(layout, side));
        bytes += then; /* a chunk that is being packed anew */
        if (then > now)
            bytes += table->chunk_count * (then - now);
    }
    return bytes;
}

/* Packs a half anew. */
static void convert(const struct halves *halves, unsigned side, const uint64_t *half, const struct layout *layout,
                    uint64_t *converted)
{
    uint64_t old[KEY_WORDS_MAX], new[KEY_WORDS_MAX] = {0};
    const unsigned first = side ? layout->cut : 0, words = words_on(layout, side);
    memcpy(old + (side ? halves->layout->cut : 0), half, halves->tables[side].words * sizeof(*half));
    for (unsigned slot = 0; slot < layout->slot_count; slot++)
        if (halves->half_of[slot] == side)
            layout_change(layout, new, slot, 0, layout_get(halves->layout, old, slot));
    if (side)
        new[layout->words - 1] |= KEY_MARK; /* as in every key */
    key_copy(converted, new + first, words);
}

void halves_widen(struct halves *halves, unsigned side, const struct layout *layout)
{
    struct half_table *table = &halves->tables[side];
    const unsigned words = words_on(layout, side);
    for (uint64_t c = 0; c < table->chunk_count; c++) {
        uint64_t *old = table->chunks[c], *new = die_alloc(chunk_bytes(words));
        const uint64_t before = c << HALF_CHUNK_LOG2, left = table->count - before;
        for (uint64_t i = 0; i < (left < HALF_CHUNK ? left : HALF_CHUNK); i++)
            convert(halves, side, &old[i * table->words], layout, &new[i * words]);
        table->chunks[c] = new;
        free(old);
    }
    table->words = words;
    fill_places(table, table->places_log2);
}

void halves_adopt(struct halves *halves, const struct layout *layout)
{
    halves->layout = layout;
}

size_t halves_memory(const struct halves *halves)
{
    size_t bytes = 0;
    for (unsigned side = 0; halves->layout && side < 2; side++) {
        const struct half_table *table = &halves->tables[side];
        bytes += table->chunk_count * (chunk_bytes(table->words) + sizeof(*table->chunks)) + half_places_bytes(table);
    }
    return bytes;
}

size_t halves_memory_used(const struct halves *halves)
{
    size_t bytes = 0;
    for (unsigned side = 0; side < 2; side++)
        bytes += halves->tables[side].count * (halves->tables[side].words * sizeof(uint64_t) + 2 * sizeof(uint32_t));
    return bytes;
}

/* ---- Pairs ---- */

uint64_t halves_pair(struct halves *halves, const uint64_t *key)
{
    uint32_t numbers[2];
    for (unsigned side = 0; side < 2; side++) {
        struct half_table *table = &halves->tables[side];
        const uint64_t *half = halves_part(halves, side, key);
        numbers[side] = half_number(table, half, half_hash(half, table->words));
    }
    return pair_of_halves(numbers[0], numbers[1]);
}

void halves_key(const struct halves *halves, uint64_t pair, uint64_t *key)
{
    for (unsigned side = 0; side < 2; side++) {
        const struct half_table *table = &halves->tables[side];
        key_copy(side ? key + halves->layout->cut : key, half_at(table, pair_half(pair, side)), table->words);
    }
}

void halves_unpack(const struct halves *halves, uint64_t pair, uint32_t *values)
{
    uint64_t key[KEY_WORDS_MAX];
    halves_key(halves, pair, key);
    layout_unpack(halves->layout, key, values);
}

void halves_prefetch(const struct halves *halves, uint64_t pair)
{
    for (unsigned side = 0; side < 2; side++)
        __builtin_prefetch(half_at(&halves->tables[side], pair_half(pair, side)));
}
