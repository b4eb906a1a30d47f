/* For each level, last first: every state is explored once more, and what its successors are is looked up among the
 * states wanted, by a sum over slots that changes with each changed slot. */
#include "checker/backtrack.h"

#include <stdlib.h>
#include <string.h>

#include "checker/stage.h"
#include "checker/transitions.h"
#include "core/die.h"

/* The step into one way's state that is the best so far. */
struct arrival {
    bool found;
    uint64_t rank;
    uint32_t state[SLOTS_MAX]; /* the predecessor */
    struct event event;
};

struct backtrack {
    struct search *search;
    struct contents *contents;
    struct way *ways;
    struct arrival *arrivals; /* by way */
    uint64_t *sums;           /* of the ways' states, by way */
    uint32_t *table;          /* by sum: way + 1; 0 is free; ways with the same state stand side by side */
    uint32_t table_mask;
    uint64_t sum;              /* of the state being explored */
    uint64_t masks[SLOTS_MAX]; /* by slot: low bits of the values that wanted states have there, for a quick no */
};

static inline uint64_t slot_sum(unsigned slot, uint32_t value)
{
    const uint64_t mixed = ((uint64_t)slot << 32 | value) * UINT64_C(0x9E3779B97F4A7C15);
    return (mixed ^ mixed >> 29) * UINT64_C(0xBF58476D1CE4E5B9);
}

static uint64_t state_sum(const struct search *search, const uint32_t *values)
{
    uint64_t sum = 0;
    for (unsigned slot = 0; slot < engine_slot_count(&search->engine); slot++)
        sum += slot_sum(slot, values[slot]);
    return sum;
}

static inline uint32_t place_of(const struct backtrack *backtrack, uint64_t sum)
{
    return (uint32_t)(sum >> 32) & backtrack->table_mask;
}

/* ---- One level ---- */

/* Is this step better than the best so far into the way's state? */
static bool is_better(const struct backtrack *backtrack, const struct explorer *explorer, const struct event *event,
                      uint64_t rank, const struct arrival *best)
{
    if (!best->found)
        return true;
    if (rank != best->rank)
        return rank < best->rank;
    int order = states_compare(explorer->engine, explorer->values, best->state);
    if (order == 0)
        order = event_compare(backtrack->search->run, event, &best->event);
    return order < 0;
}

static void arrive(struct backtrack *backtrack, const struct explorer *explorer, uint32_t number)
{
    const struct way *way = &backtrack->ways[number];
    struct arrival *best = &backtrack->arrivals[number];
    struct event event;
    explorer_event(explorer, &event);
    const uint64_t rank = way->salt ? contents_rank(backtrack->contents, explorer->values, way->salt) : 0;
    if (!is_better(backtrack, explorer, &event, rank, best))
        return;
    best->found = true;
    best->rank = rank;
    best->event = event;
    memcpy(best->state, explorer->values, engine_slot_count(explorer->engine) * sizeof(*explorer->values));
}

/* Does the successor being visited equal the state? */
static bool is_successor(const struct explorer *explorer, const uint32_t *state)
{
    for (unsigned slot = 0; slot < engine_slot_count(explorer->engine); slot++)
        if (successor_value(explorer, slot) != state[slot])
            return false;
    return true;
}

static void match(void *context, struct explorer *explorer)
{
    struct backtrack *backtrack = context;
    const struct successor *successor = &explorer->successor;
    if (successor->kind != SUCCESSOR_STEP)
        return;
    uint64_t sum = backtrack->sum;
    for (unsigned i = 0; i < successor->change_count; i++) {
        const struct change change = successor->changes[i];
        if (!(backtrack->masks[change.slot] >> (change.value & 63) & 1))
            return;
        sum += slot_sum(change.slot, change.value) - slot_sum(change.slot, explorer->values[change.slot]);
    }
    for (uint32_t place = place_of(backtrack, sum); backtrack->table[place];
         place = (place + 1) & backtrack->table_mask) {
        const uint32_t number = backtrack->table[place] - 1;
        if (backtrack->sums[number] == sum && is_successor(explorer, backtrack->ways[number].state))
            arrive(backtrack, explorer, number);
    }
}

/* Of a level in which the search was stopped only the states that were explored have successors; the others would take
 * time, and memory that may have been what stopped it. */
static uint64_t explored_of_level(const struct search *search, uint64_t depth)
{
    const uint64_t count = search->levels.levels[depth].count, claimed = search->claimed;
    return search->halted && depth == search->depth && claimed < count ? claimed : count;
}

/* The first `count` states. */
static void explore_block(struct backtrack *backtrack, const struct level_block *block, uint64_t count)
{
    struct engine *engine = &backtrack->search->engine;
    struct explorer explorer = {.engine = engine, .take = match, .context = backtrack};
    for (uint64_t i = 0; i < count; i++) {
        state_unpack(block->layout, &block->keys[i * block->layout->words], explorer.values);
        backtrack->sum = state_sum(backtrack->search, explorer.values);
        explorer_walk(&explorer);
    }
}

/* Those of the ways that pass through that depth. */
static void enter_ways(struct backtrack *backtrack, size_t count, uint64_t depth)
{
    memset(backtrack->table, 0, ((size_t)backtrack->table_mask + 1) * sizeof(*backtrack->table));
    memset(backtrack->masks, 0, sizeof(backtrack->masks));
    for (size_t i = 0; i < count; i++) {
        if (backtrack->ways[i].depth < depth)
            continue;
        backtrack->arrivals[i].found = false;
        for (unsigned slot = 0; slot < engine_slot_count(&backtrack->search->engine); slot++)
            backtrack->masks[slot] |= UINT64_C(1) << (backtrack->ways[i].state[slot] & 63);
        backtrack->sums[i] = state_sum(backtrack->search, backtrack->ways[i].state);
        uint32_t place = place_of(backtrack, backtrack->sums[i]);
        while (backtrack->table[place])
            place = (place + 1) & backtrack->table_mask;
        backtrack->table[place] = (uint32_t)i + 1;
    }
}

/* From the ways' states of that depth to their predecessors. */
static void step_back(struct backtrack *backtrack, size_t count, uint64_t depth)
{
    const struct search *search = backtrack->search;
    const struct level *level = &search->levels.levels[depth - 1];
    uint64_t left = explored_of_level(search, depth - 1);
    enter_ways(backtrack, count, depth);
    for (size_t b = 0; b < level->block_count && left; b++) {
        const uint64_t here = level->blocks[b].count < left ? level->blocks[b].count : left;
        explore_block(backtrack, &level->blocks[b], here);
        left -= here;
    }
    for (size_t i = 0; i < count; i++) {
        struct way *way = &backtrack->ways[i];
        if (way->depth < depth)
            continue;
        if (!backtrack->arrivals[i].found)
            die("no predecessor at depth %llu", (unsigned long long)depth - 1);
        way->events[depth - 1] = backtrack->arrivals[i].event;
        memcpy(way->state, backtrack->arrivals[i].state, engine_slot_count(&search->engine) * sizeof(*way->state));
    }
}

/* ---- All levels ---- */

void ways_find(struct search *search, struct contents *contents, struct way *ways, size_t count)
{
    uint32_t size = 4;
    uint64_t deepest = 0;
    while (size < 4 * count)
        size *= 2;
    struct backtrack backtrack = {.search = search,
                                  .contents = contents,
                                  .ways = ways,
                                  .arrivals = die_calloc(count, sizeof(*backtrack.arrivals)),
                                  .sums = die_calloc(count, sizeof(*backtrack.sums)),
                                  .table = die_calloc(size, sizeof(*backtrack.table)),
                                  .table_mask = size - 1};
    for (size_t i = 0; i < count; i++) {
        ways[i].events = die_calloc(ways[i].depth, sizeof(*ways[i].events));
        deepest = ways[i].depth > deepest ? ways[i].depth : deepest;
    }
    for (uint64_t depth = deepest; depth > 0; depth--)
        step_back(&backtrack, count, depth);
    free(backtrack.arrivals);
    free(backtrack.sums);
    free(backtrack.table);
}

/* Finds the START choices that lead to an initial state: the first in their order. */
struct start_search {
    const struct search *search;
    const uint32_t *initial;
    struct trace *trace;
    bool found;
};

static void match_start(void *context, struct explorer *explorer, const struct event *starts, size_t count)
{
    struct start_search *wanted = context;
    const size_t size = engine_slot_count(&wanted->search->engine) * sizeof(*wanted->initial);
    if (wanted->found || memcmp(explorer->values, wanted->initial, size) != 0)
        return;
    wanted->found = true;
    for (size_t i = 0; i < count; i++)
        trace_append(wanted->trace, &starts[i]);
}

void way_append(struct search *search, const struct way *way, struct trace *trace)
{
    struct start_search wanted = {search, way->state, trace, false};
    struct explorer explorer = {.engine = &search->engine};
    if (search->stage)
        stage_append_to(search->stage, trace, search->stage->prefix->step_count);
    explorer_start(&explorer, match_start, NULL, NULL, &wanted);
    must(wanted.found);
    for (uint64_t d = 0; d < way->depth; d++)
        trace_append(trace, &way->events[d]);
}

void way_free(struct way *way)
{
    free(way->events);
    way->events = NULL;
}
