/* Growing and repacking, a shard, a block of keys or the halves of one side at a time. */
#include "checker/repacking.h"

#include <stdlib.h>
#include <string.h>

#include "core/die.h"

enum {
    HALVES_FROM = 3,             /* words of a key, unless it is said */
    HALVES_TRIED_FROM = 1 << 16, /* states of which it can be told whether their halves repeat */
    /* Bytes a state, in the store and its level: 18 for each word of a key, 20 for a pair. Halves may take what is left
     * of two thirds of the former. */
    WORD_ALLOWS = 12,
    PAIR_COSTS = 20,
    TRIED_AGAIN = 4 /* times as many states later */
};

/* ---- A new layout ---- */

static struct layout *add_layout(struct search *search)
{
    search->layouts =
        die_grow(search->layouts, &search->layout_capacity, search->layout_count + 1, sizeof(*search->layouts));
    return search->layouts[search->layout_count++] = die_alloc(sizeof(struct layout));
}

static void drop_layout(struct search *search)
{
    free(search->layouts[--search->layout_count]);
}

/* For as many values as each slot has now. */
static void add_whole_layout(struct search *search)
{
    uint32_t counts[SLOTS_MAX];
    engine_slot_counts(&search->engine, counts);
    layout_make(add_layout(search), counts, engine_slot_count(&search->engine));
}

static void add_cut_layout(struct search *search, const uint8_t *half_of)
{
    uint32_t counts[SLOTS_MAX];
    engine_slot_counts(&search->engine, counts);
    layout_make_cut(add_layout(search), counts, engine_slot_count(&search->engine), half_of);
}

/* The n-th block of all levels and of what the threads have met; NULL: there are fewer. */
static struct level_block *find_block(struct search *search, uint64_t n)
{
    for (size_t i = 0; i < search->levels.count; i++) {
        if (n < search->levels.levels[i].block_count)
            return &search->levels.levels[i].blocks[n];
        n -= search->levels.levels[i].block_count;
    }
    for (unsigned i = 0; i < search->thread_count; i++) {
        struct worker *worker = search->workers[i];
        if (!worker)
            continue;
        if (n < worker->met.block_count)
            return &worker->met.blocks[n];
        n -= worker->met.block_count;
    }
    return NULL;
}

/* ---- Halves ---- */

/* Is it time to see whether keys had better be kept as pairs of halves? */
static bool are_halves_due(const struct search *search)
{
    const unsigned from = search->config->halves_from ? search->config->halves_from : HALVES_FROM;
    return !search->halves.layout && search_layout(search)->words >= from && search->states >= search->try_halves_from;
}

/* How many bytes halves may take. */
static size_t halves_allowance(struct search *search)
{
    const size_t spare = search_spare_memory(search);
    if (search->config->halves_from)
        return spare;
    const size_t gain = search->states * (WORD_ALLOWS * search_layout(search)->words - PAIR_COSTS);
    return spare < gain ? spare : gain;
}

/* Numbers the halves of a block's states. False: they take more than that, or numbers have run out. */
static bool number_halves(struct halves *halves, const struct level_block *block, size_t allowance)
{
    uint32_t values[SLOTS_MAX];
    uint64_t key[KEY_WORDS_MAX];
    for (uint64_t i = 0; i < block->count; i++) {
        if (!halves_have_room(halves, 1)) {
            if (halves_are_spent(halves, 1) || halves_memory_used(halves) > allowance)
                return false;
            halves_make_room(halves, 0, 1);
            halves_make_room(halves, 1, 1);
        }
        layout_unpack(block->layout, &block->keys[i * block->layout->words], values);
        layout_pack(halves->layout, values, key);
        halves_pair(halves, key);
    }
    return halves_memory_used(halves) <= allowance;
}

/* Makes a cut layout the current one if halves pay. */
static bool try_halves(struct search *search)
{
    const size_t allowance = halves_allowance(search);
    const struct level_block *block;
    uint32_t counts[SLOTS_MAX];
    uint8_t half_of[SLOTS_MAX];
    engine_slot_counts(&search->engine, counts);
    layout_choose_cut(counts, engine_slot_count(&search->engine), half_of);
    add_cut_layout(search, half_of);
    halves_init(&search->halves, search_layout(search), half_of);
    for (uint64_t n = 0; (block = find_block(search, n)); n++)
        if (!number_halves(&search->halves, block, allowance)) {
            halves_free(&search->halves);
            drop_layout(search);
            search->try_halves_from = TRIED_AGAIN * search->states;
            return false;
        }
    return true;
}

void search_begin_layouts(struct search *search)
{
    search->pairs = (struct layout){.words = 1, .halves = &search->halves};
    search->try_halves_from = search->config->halves_from ? 0 : HALVES_TRIED_FROM;
    add_whole_layout(search);
    if (are_halves_due(search))
        try_halves(search);
}

/* ---- Filling the store ---- */

/* Puts a block's keys into the emptied store. Pairs take the place of long keys in the block too. */
static void refill(struct search *search, struct level_block *block)
{
    enum { AHEAD = 64 }; /* probes in flight */
    const bool becomes_pairs = search_layout(search)->cut && block->layout->words > 1;
    const struct layout *layout = search_layout(search);
    const unsigned words = search_kept_layout(search)->words;
    uint32_t values[SLOTS_MAX];
    uint64_t key[KEY_WORDS_MAX], keys[AHEAD * KEY_WORDS_MAX];
    struct state_place places[AHEAD];
    for (uint64_t first = 0; first < block->count; first += AHEAD) {
        const unsigned count = block->count - first < AHEAD ? (unsigned)(block->count - first) : AHEAD;
        for (unsigned i = 0; i < count; i++) {
            state_unpack(block->layout, &block->keys[(first + i) * block->layout->words], values);
            layout_pack(layout, values, key);
            if (layout->cut)
                key[0] = halves_pair(&search->halves, key);
            if (becomes_pairs) /* in front of all that are still to be read */
                block->keys[first + i] = key[0];
            key_copy(&keys[i * words], key, words);
            places[i] = state_store_prefetch(&search->store, state_hash(key, words));
        }
        for (unsigned i = 0; i < count; i++)
            must(state_store_insert_at(&search->store, &keys[i * words], places[i]));
    }
    state_store_add(&search->store, block->count);
    if (becomes_pairs)
        level_block_shorten(block, &search->pairs);
}

/* The table is emptied before it is made anew; only keys of more words than before need more memory. */
static void begin_filling(struct search *search)
{
    const unsigned words = search_kept_layout(search)->words;
    const size_t now = state_store_memory(&search->store), then = state_store_memory_cleared(&search->store, words);
    if (then > now && then - now > search_spare_memory(search)) {
        search_halt_for_memory(search);
        return;
    }
    state_store_clear(&search->store, words);
    search->repacking = REPACKING_FILLS;
}

static void begin_widening(struct search *search)
{
    add_cut_layout(search, search->halves.half_of);
    if (halves_widening(&search->halves, search_layout(search)) > search_spare_memory(search))
        search_halt_for_memory(search);
    else
        search->repacking = REPACKING_WIDENS;
}

/* ---- Together ---- */

static uint64_t room_wanted(const struct search *search)
{
    return (uint64_t)search->crew.size * BATCH_SIZE;
}

static bool store_has_room(const struct search *search)
{
    return state_store_has_room(&search->store, room_wanted(search));
}

bool repacking_has_room(const struct search *search)
{
    return store_has_room(search) &&
           (!search_layout(search)->cut || halves_have_room(&search->halves, room_wanted(search)));
}

/* Some slot has outgrown its width. */
static void begin_repacking(struct search *search)
{
    if (search_layout(search)->cut) {
        begin_widening(search);
    } else {
        add_whole_layout(search);
        if (are_halves_due(search))
            try_halves(search);
        begin_filling(search);
    }
}

/* The store is full: pairs would take less. */
static void begin_growing(struct search *search)
{
    if (are_halves_due(search) && try_halves(search))
        begin_filling(search);
    else if (state_store_grow_begin(&search->store, search_spare_memory(search) / 2)) /* the other half is for levels */
        search->repacking = REPACKING_GROWS;
    else if (!state_store_crowd(&search->store))
        search_halt_for_memory(search);
}

/* There is no room for halves: more places, or, where their numbers have run out, whole keys again. */
static void begin_making_room(struct search *search)
{
    const uint64_t more = room_wanted(search);
    if (halves_are_spent(&search->halves, more)) {
        add_whole_layout(search);
        begin_filling(search);
    } else if (halves_growth(&search->halves, more) > search_spare_memory(search)) {
        search_halt_for_memory(search);
    } else {
        search->repacking = REPACKING_MAKES_ROOM;
    }
}

void repacking_begin(struct search *search)
{
    search->repacked = 0;
    search->repacking = REPACKING_NOTHING;
    search_begin_phase(search, search->wants_layout ? "packing all states anew" : "making the table of states larger");
    if (search->wants_layout)
        begin_repacking(search);
    else if (!store_has_room(search))
        begin_growing(search);
    else if (!repacking_has_room(search))
        begin_making_room(search);
}

/* The side of the halves that nobody has taken yet. False: there is none. */
static bool take_side(struct search *search, unsigned *side)
{
    const uint64_t taken = atomic_fetch_add(&search->repacked, 1);
    *side = (unsigned)(taken & 1);
    return taken < 2;
}

void repacking_help(struct search *search)
{
    struct level_block *block;
    unsigned side;
    switch (search->repacking) {
    case REPACKING_NOTHING:
        return;
    case REPACKING_GROWS:
        state_store_grow_help(&search->store);
        return;
    case REPACKING_FILLS:
        while ((block = find_block(search, atomic_fetch_add(&search->repacked, 1))))
            refill(search, block);
        return;
    case REPACKING_WIDENS:
        while (take_side(search, &side))
            halves_widen(&search->halves, side, search_layout(search));
        return;
    case REPACKING_MAKES_ROOM:
        while (take_side(search, &side))
            halves_make_room(&search->halves, side, room_wanted(search));
        return;
    }
}

/* Their keys have become shorter. */
static void measure_levels(struct search *search)
{
    levels_measure(&search->levels);
    for (unsigned i = 0; i < search->thread_count; i++)
        if (search->workers[i])
            level_measure(&search->workers[i]->met);
}

void repacking_end(struct search *search)
{
    if (search->repacking == REPACKING_GROWS)
        state_store_grow_end(&search->store);
    if (search->repacking == REPACKING_FILLS && search_layout(search)->cut)
        measure_levels(search);
    if (search->repacking == REPACKING_WIDENS)
        halves_adopt(&search->halves, search_layout(search));
    search->wants_layout = false;
    search_end_phase(search);
}

/* Backwards where keys have become longer, forwards where they have become shorter. */
static void pack_anew(struct worker *worker, const struct layout *old, const struct layout *new)
{
    struct batch *batch = &worker->batch;
    uint32_t values[SLOTS_MAX];
    worker->layout = new;
    worker->pair = 0;
    layout_pack(new, worker->explorer.values, worker->key);
    memset(batch->recent, 0, sizeof(batch->recent)); /* they were packed in the old layout */
    for (unsigned n = 0; n < batch->count; n++) {
        const unsigned i = new->words < old->words ? n : batch->count - 1 - n;
        layout_unpack(old, &batch->keys[i * old->words], values);
        layout_pack(new, values, &batch->keys[i * new->words]);
    }
}

void repacking_adopt(struct worker *worker)
{
    const struct search *search = worker->search;
    const struct layout *new = search_layout(search);
    struct batch *batch = &worker->batch;
    if (worker->layout != new)
        pack_anew(worker, worker->layout, new);
    for (unsigned i = 0; i < batch->count; i++) {
        const uint64_t *key = &batch->keys[i * new->words];
        if (new->cut)
            pairing_begin(&batch->pairing, &search->halves, i, key, worker->key, worker->pair);
        else
            batch->places[i] = state_store_prefetch(&search->store, state_hash(key, new->words));
    }
}
