/* Two passes over the last level: one counts the states by the first bits of their places in the order, so that only
 * few need to be put in order in the other. */
#include "checker/state_limit.h"

#include <stdlib.h>

#include "checker/contents.h"
#include "checker/worker.h"
#include "core/die.h"

enum {
    LARGE = 1 << 12, /* states of a level whose successors are worth a guess */
    BIN_BITS = 16,
    BINS = 1 << BIN_BITS
};

/* ---- Before ---- */

/* A level grows as the one before has. */
static double expected(const struct level *level)
{
    return (double)level->count * (double)level->count / (double)level[-1].count;
}

void state_limit_begin(struct search *search)
{
    const uint64_t limit = search->config->max_states;
    const struct level *level = &search->levels.levels[search->depth];
    search->admitted = UINT64_MAX;
    search->refused = false;
    if (!limit || level->count < LARGE)
        return;
    const double room = (double)(limit - search->states), share = 2 * room / expected(level);
    if (share < 1)
        search->admitted = (uint64_t)(share * 0x1p64);
}

bool state_limit_widen(struct search *search)
{
    if (!search->refused || search->halted || search->states > search->config->max_states)
        return false;
    search->admitted = UINT64_MAX;
    search->refused = false;
    for (unsigned i = 0; i < search->thread_count && search->workers[i]; i++)
        worker_begin_again(search->workers[i]);
    return true;
}

void state_limit_look(struct search *search)
{
    if (search->config->max_states && search->states > search->config->max_states)
        search_halt(search, "--max-states %llu", (unsigned long long)search->config->max_states);
}

/* ---- Afterwards ---- */

/* A state of the bin that the limit divides. */
struct candidate_state {
    uint64_t rank;
    const struct layout *layout;
    uint64_t key[KEY_WORDS_MAX];
};

/* The taking back in progress. */
struct keeping {
    struct engine *engine;
    struct contents contents;
    uint64_t bins[BINS]; /* states of the level */
    uint64_t bin;        /* the one that the limit divides: those before stay, those behind go */
    uint64_t room;       /* for states of that bin */
    struct candidate_state *candidates;
    size_t count, capacity;
};

static uint64_t rank_of(struct keeping *keeping, const struct level_block *block, uint64_t i)
{
    uint32_t values[SLOTS_MAX];
    state_unpack(block->layout, &block->keys[i * block->layout->words], values);
    return contents_rank(&keeping->contents, values, 0);
}

static void count_bins(struct keeping *keeping, const struct level *level)
{
    for (size_t b = 0; b < level->block_count; b++)
        for (uint64_t i = 0; i < level->blocks[b].count; i++)
            keeping->bins[rank_of(keeping, &level->blocks[b], i) >> (64 - BIN_BITS)]++;
}

static void find_bin(struct keeping *keeping, uint64_t room)
{
    while (keeping->bins[keeping->bin] <= room)
        room -= keeping->bins[keeping->bin++];
    keeping->room = room;
}

static void add_candidate(struct keeping *keeping, uint64_t rank, const struct layout *layout, const uint64_t *key)
{
    keeping->candidates =
        die_grow(keeping->candidates, &keeping->capacity, keeping->count + 1, sizeof(*keeping->candidates));
    struct candidate_state *candidate = &keeping->candidates[keeping->count++];
    candidate->rank = rank;
    candidate->layout = layout;
    key_copy(candidate->key, key, layout->words);
}

/* Leaves the block the states that stay for sure. */
static void divide_block(struct keeping *keeping, struct level_block *block)
{
    const unsigned words = block->layout->words;
    uint64_t kept = 0;
    for (uint64_t i = 0; i < block->count; i++) {
        const uint64_t *key = &block->keys[i * words], rank = rank_of(keeping, block, i), bin = rank >> (64 - BIN_BITS);
        if (bin < keeping->bin) {
            block->sleeps[kept] = block->sleeps[i];
            key_copy(&block->keys[kept++ * words], key, words);
        } else if (bin == keeping->bin) {
            add_candidate(keeping, rank, block->layout, key);
        }
    }
    block->count = kept;
}

static int compare_candidates(const void *a, const void *b, void *engine)
{
    const struct candidate_state *one = a, *other = b;
    uint32_t values[SLOTS_MAX], other_values[SLOTS_MAX];
    if (one->rank != other->rank)
        return one->rank < other->rank ? -1 : 1;
    state_unpack(one->layout, one->key, values);
    state_unpack(other->layout, other->key, other_values);
    return states_compare(engine, values, other_values);
}

static void keep_candidates(struct keeping *keeping, struct level *level)
{
    qsort_r(keeping->candidates, keeping->count, sizeof(*keeping->candidates), compare_candidates, keeping->engine);
    for (uint64_t i = 0; i < keeping->room; i++)
        level_append(level, keeping->candidates[i].layout, keeping->candidates[i].key, (struct sleep){0});
}

void state_limit_keep(struct search *search)
{
    const uint64_t limit = search->config->max_states;
    if (!limit || search->states <= limit)
        return;
    struct level *level = &search->levels.levels[search->levels.count - 1];
    const uint64_t surplus = search->states - limit, room = level->count - surplus;
    struct keeping *keeping = die_calloc(1, sizeof(*keeping));
    keeping->engine = &search->engine;
    contents_init(&keeping->contents, &search->engine);
    search_begin_phase(search, "keeping to --max-states");
    count_bins(keeping, level);
    find_bin(keeping, room);
    for (size_t b = 0; b < level->block_count; b++)
        divide_block(keeping, &level->blocks[b]);
    level->count = room - keeping->room;
    keep_candidates(keeping, level);
    search->states = limit;
    search_end_phase(search);
    contents_free(&keeping->contents);
    free(keeping->candidates);
    free(keeping);
}
