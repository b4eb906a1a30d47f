/* Growing and repacking, a shard or a block of keys at a time. */
#include "checker/repacking.h"

#include <stdlib.h>
#include <string.h>

#include "core/die.h"

/* ---- A new layout ---- */

void search_add_layout(struct search *search)
{
    uint32_t counts[SLOTS_MAX];
    engine_slot_counts(&search->engine, counts);
    search->layouts =
        die_grow(search->layouts, &search->layout_capacity, search->layout_count + 1, sizeof(*search->layouts));
    struct layout *layout = die_alloc(sizeof(*layout));
    layout_make(layout, counts, engine_slot_count(&search->engine));
    search->layouts[search->layout_count++] = layout;
}

/* Puts a block's keys into the emptied store. */
static void refill(struct search *search, const struct level_block *block)
{
    enum { AHEAD = 64 }; /* probes in flight */
    const struct layout *layout = search_layout(search);
    const unsigned words = layout->words;
    uint32_t values[SLOTS_MAX];
    uint64_t keys[AHEAD * KEY_WORDS_MAX];
    struct state_place places[AHEAD];
    for (uint64_t first = 0; first < block->count; first += AHEAD) {
        const unsigned count = block->count - first < AHEAD ? (unsigned)(block->count - first) : AHEAD;
        for (unsigned i = 0; i < count; i++) {
            layout_unpack(block->layout, &block->keys[(first + i) * block->layout->words], values);
            layout_pack(layout, values, &keys[i * words]);
            places[i] = state_store_prefetch(&search->store, state_hash(&keys[i * words], words));
        }
        for (unsigned i = 0; i < count; i++)
            must(state_store_insert_at(&search->store, &keys[i * words], places[i]));
    }
    state_store_add(&search->store, block->count);
}

/* The n-th block of all levels and of what the threads have met; NULL: there are fewer. */
static const struct level_block *find_block(const struct search *search, uint64_t n)
{
    for (size_t i = 0; i < search->levels.count; i++) {
        if (n < search->levels.levels[i].block_count)
            return &search->levels.levels[i].blocks[n];
        n -= search->levels.levels[i].block_count;
    }
    for (unsigned i = 0; i < search->thread_count; i++) {
        const struct worker *worker = search->workers[i];
        if (!worker)
            continue;
        if (n < worker->met.block_count)
            return &worker->met.blocks[n];
        n -= worker->met.block_count;
    }
    return NULL;
}

/* ---- Together ---- */

static bool has_room(const struct search *search)
{
    return state_store_has_room(&search->store, (uint64_t)search->crew.size * BATCH_SIZE);
}

/* The table is emptied before it is made anew; only keys of more words than before need more memory. */
static void begin_repacking(struct search *search)
{
    search_add_layout(search);
    const size_t now = state_store_memory(&search->store),
                 then = state_store_memory_cleared(&search->store, search_layout(search)->words);
    if (then > now && then - now > search_spare_memory(search)) {
        search_halt_for_memory(search);
        free(search->layouts[--search->layout_count]);
        search->wants_layout = false;
    } else {
        state_store_clear(&search->store, search_layout(search)->words);
    }
}

void repacking_begin(struct search *search)
{
    search->repacked = 0;
    search_begin_phase(search, search->wants_layout ? "packing all states anew" : "making the table of states larger");
    if (search->wants_layout) {
        begin_repacking(search);
    } else if (!has_room(search) && !state_store_grow_begin(&search->store, search_spare_memory(search) / 2) &&
               !state_store_crowd(&search->store)) { /* the other half is for levels */
        search_halt_for_memory(search);
    }
}

void repacking_help(struct search *search)
{
    const struct level_block *block;
    if (search->wants_layout)
        while ((block = find_block(search, atomic_fetch_add(&search->repacked, 1))))
            refill(search, block);
    else if (search->store.groups_next)
        state_store_grow_help(&search->store);
}

void repacking_end(struct search *search)
{
    if (search->wants_layout)
        search->wants_layout = false;
    else if (search->store.groups_next)
        state_store_grow_end(&search->store);
    search_end_phase(search);
}

/* Backwards: keys may have become longer. */
static void pack_anew(struct worker *worker, const struct layout *old, const struct layout *new)
{
    struct batch *batch = &worker->batch;
    uint32_t values[SLOTS_MAX];
    must(new->words >= old->words); /* slots only ever take more values */
    worker->layout = new;
    layout_pack(new, worker->explorer.values, worker->key);
    memset(batch->recent, 0, sizeof(batch->recent)); /* they were packed in the old layout */
    for (unsigned i = batch->count; i-- > 0;) {
        layout_unpack(old, &batch->keys[i * old->words], values);
        layout_pack(new, values, &batch->keys[i * new->words]);
    }
}

void repacking_adopt(struct worker *worker)
{
    const struct layout *new = search_layout(worker->search);
    struct batch *batch = &worker->batch;
    if (worker->layout != new)
        pack_anew(worker, worker->layout, new);
    for (unsigned i = 0; i < batch->count; i++)
        batch->places[i] =
            state_store_prefetch(&worker->search->store, state_hash(&batch->keys[i * new->words], new->words));
}
