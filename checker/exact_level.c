/* States in the order of a rank by their contents: numbers given in the run of the search never decide. */
#include "checker/exact_level.h"

#include <stdlib.h>

#include "checker/contents.h"
#include "checker/transitions.h"
#include "checker/worker.h"
#include "core/die.h"

struct ordered_state {
    uint64_t rank;
    const struct layout *layout;
    const uint64_t *key;
};

/* ---- Is it needed? ---- */

/* No more states than transitions, and these are no more than the lists are long. */
static uint64_t bound_of(struct engine *engine, const struct layout *layout, const uint64_t *key)
{
    uint64_t bound = 0;
    for (unsigned node = 0; node < engine->run->node_count; node++) {
        struct transition_list *list = transitions_of(engine, node, layout_get(layout, key, node));
        bound += list->count;
        transitions_done(list);
    }
    return bound;
}

bool exact_level_is_needed(struct search *search)
{
    struct engine *engine = &search->engine;
    const struct level *level = &search->levels.levels[search->depth];
    const uint64_t limit = search->config->max_states;
    uint64_t bound = search->states;
    if (!limit)
        return false;
    if (engine->run->host_count != engine->run->node_count || engine->split_count)
        return true; /* steps that no list holds */
    for (size_t b = 0; b < level->block_count; b++) {
        const struct level_block *block = &level->blocks[b];
        for (uint64_t i = 0; i < block->count; i++) /* all, so that what is remembered depends on no order */
            bound += bound_of(engine, block->layout, &block->keys[i * block->layout->words]);
    }
    return bound > limit;
}

/* ---- The order ---- */

static int compare_states(const void *a, const void *b, void *context)
{
    struct engine *engine = context;
    const struct ordered_state *one = a, *other = b;
    uint32_t values[SLOTS_MAX], other_values[SLOTS_MAX];
    if (one->rank != other->rank)
        return one->rank < other->rank ? -1 : 1;
    layout_unpack(one->layout, one->key, values);
    layout_unpack(other->layout, other->key, other_values);
    return states_compare(engine, values, other_values);
}

static void rank_block(struct contents *contents, const struct level_block *block, struct ordered_state *states)
{
    uint32_t values[SLOTS_MAX];
    for (uint64_t i = 0; i < block->count; i++) {
        const uint64_t *key = &block->keys[i * block->layout->words];
        layout_unpack(block->layout, key, values);
        states[i] = (struct ordered_state){contents_rank(contents, values, 0), block->layout, key};
    }
}

/* The level's states in order; to be freed. */
static struct ordered_state *put_in_order(struct search *search, const struct level *level)
{
    struct ordered_state *states = die_calloc(level->count, sizeof(*states));
    struct contents contents;
    uint64_t count = 0;
    contents_init(&contents, &search->engine);
    for (size_t b = 0; b < level->block_count; b++) {
        rank_block(&contents, &level->blocks[b], &states[count]);
        count += level->blocks[b].count;
    }
    contents_free(&contents);
    qsort_r(states, count, sizeof(*states), compare_states, &search->engine);
    return states;
}

void exact_level_explore(struct search *search)
{
    const struct level *level = &search->levels.levels[search->depth];
    struct worker *leader = search->workers[0];
    if (level->count * sizeof(struct ordered_state) > search_spare_memory(search)) {
        search_halt_for_memory(search);
        return;
    }
    search_begin_phase(search, "putting a level in order, since --max-states is near");
    struct ordered_state *states = put_in_order(search, level);
    search_end_phase(search);
    crew_begin_level(&search->crew, 1);
    search->claimed = level->count; /* in an order of its own */
    leader->room = search->config->max_states - search->states;
    for (uint64_t i = 0; i < level->count && !leader->overflowed && !search->halted; i++) {
        worker_explore_exactly(leader, states[i].layout, states[i].key);
        if (i % 1024 == 0)
            search_look_at_limits(search);
    }
    free(states);
    leader->room = UINT64_MAX;
    if (leader->overflowed)
        search_halt(search, "--max-states %llu", (unsigned long long)search->config->max_states);
    search_collect(search);
}
