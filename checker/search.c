/* The search proper: explore a level's states, gather successors in batches, probe the store, judge what is new. */
#include "checker/search.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "checker/effects.h"
#include "checker/transitions.h"
#include "core/die.h"

enum {
    BATCH_SIZE = 128,      /* probes in flight: enough to hide a miss to memory */
    RECENT_SIZE = 1 << 14, /* keys: an eighth of a usual second-level cache */
    CHECK_EVERY = 1024     /* states between looks at the limits */
};

/* Successors waiting for their buckets. */
struct batch {
    unsigned count;
    uint64_t hashes[BATCH_SIZE];
    struct look looks[BATCH_SIZE];
    uint64_t keys[BATCH_SIZE * KEY_WORDS_MAX]; /* words of each, densely */
    uint64_t recent[RECENT_SIZE];              /* keys gathered lately, by the low bits of their hashes; 0: none */
};

static volatile int interrupted;

void search_interrupt(void)
{
    interrupted = 1;
}

void search_clear_interrupt(void)
{
    interrupted = 0;
}

double search_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static const struct layout *layout_now(const struct search *search)
{
    return search->layouts[search->layout_count - 1];
}

static void add_layout(struct search *search)
{
    uint32_t counts[SLOTS_MAX];
    engine_slot_counts(&search->engine, counts);
    search->layouts =
        die_grow(search->layouts, &search->layout_capacity, search->layout_count + 1, sizeof(*search->layouts));
    struct layout *layout = die_alloc(sizeof(*layout));
    layout_make(layout, counts, engine_slot_count(&search->engine));
    search->layouts[search->layout_count++] = layout;
}

/* ---- Limits ---- */

static size_t node_memory(const struct node_tables *node)
{
    return node->locals.memory + node->inboxes.memory + node->messages.memory + pair_map_memory(&node->reactions) +
           pair_map_memory(&node->configurations) + pair_map_memory(&node->additions) +
           node->table_capacity * sizeof(*node->table) + node->fact_capacity * sizeof(*node->facts);
}

size_t search_memory(const struct search *search)
{
    const struct engine *engine = &search->engine;
    size_t memory =
        state_store_memory(&search->store) + search->levels.memory + engine->list_memory + engine->addition_memory;
    for (unsigned n = 0; n < search->run->node_count; n++)
        memory += node_memory(&engine->nodes[n]);
    for (unsigned m = 0; m < engine->monitor_count; m++)
        memory += engine->monitors[m].values.memory + pair_map_memory(&engine->monitors[m].next);
    memory += engine->explanations.memory + engine->environments.memory + pair_map_memory(&engine->spendings) +
              engine->choice_capacity * sizeof(*engine->choices) + sizeof(*search->batch);
    for (unsigned p = 0; p < search->judging.count; p++)
        memory += pair_map_memory(&search->judging.properties[p].stutters) +
                  pair_map_memory(&search->judging.properties[p].results) + search->judging.properties[p].tuples.memory;
    return memory + engine->effects.memory + engine->announcements.memory +
           engine->branch_capacity * sizeof(struct branch) + engine->send_capacity * sizeof(struct sent) +
           engine->reaction_capacity * sizeof(struct reaction) + engine->own_capacity * sizeof(struct own_event);
}

__attribute__((format(printf, 2, 3))) static void halt(struct search *search, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (!search->halted)
        vsnprintf(search->stopped, sizeof(search->stopped), format, arguments);
    search->halted = true;
    va_end(arguments);
}

static void report_progress(struct search *search, double seconds)
{
    if (!search->config->progress || seconds - search->reported < 0.1)
        return;
    search->reported = seconds;
    const struct gs_progress progress = {.states = search->states,
                                         .transitions = search->transitions,
                                         .depth = search->depth,
                                         .frontier = search->levels.levels[search->levels.count - 1].count,
                                         .seconds = seconds};
    search->config->progress(search->config->progress_context, &progress);
}

static void look_at_limits(struct search *search)
{
    const struct gs_config *config = search->config;
    const double seconds = search_clock() - search->began;
    const size_t memory = search_memory(search);
    if (interrupted)
        halt(search, "interrupted");
    if (config->max_seconds > 0 && seconds >= config->max_seconds)
        halt(search, "--max-seconds %g", config->max_seconds);
    if (config->max_memory_bytes && memory > config->max_memory_bytes)
        halt(search, "--max-memory %llu", (unsigned long long)config->max_memory_bytes);
    if (search->judging.failed)
        halt(search, "a property failed");
    if (search->judging.stutter_decides)
        halt(search, "a step that changes nothing");
    if (search->engine.list_memory > SEARCH_LIST_BYTES_MAX)
        transitions_forget(&search->engine);
    report_progress(search, seconds);
}

/* A table that doubles would hold both tables for a while. */
static bool may_grow(struct search *search)
{
    const uint64_t limit = search->config->max_memory_bytes;
    if (!limit || search_memory(search) + 2 * state_store_memory(&search->store) <= limit)
        return true;
    halt(search, "--max-memory %llu", (unsigned long long)limit);
    return false;
}

/* ---- New states ---- */

static void meet(struct search *search, const uint64_t *key, uint64_t depth, struct look look)
{
    uint32_t values[SLOTS_MAX];
    if (search->config->max_states && search->states >= search->config->max_states) {
        halt(search, "--max-states %llu", (unsigned long long)search->config->max_states);
        return;
    }
    search->states++;
    levels_append(&search->levels, layout_now(search), key);
    const bool moved = look.local || look.monitor || look.all;
    if (!search->judging.has_mail && !(moved && (search->judging.has_state || search->judging.has_step)))
        return;
    layout_unpack(layout_now(search), key, values);
    judge_new_state(&search->judging, values, depth, look);
}

/* Probes the store for all successors gathered. */
static void flush(struct search *search)
{
    struct batch *batch = search->batch;
    const unsigned words = search->store.words;
    if (!state_store_has_room(&search->store, batch->count) && may_grow(search))
        state_store_grow(&search->store);
    for (unsigned i = 0; i < batch->count && !search->halted; i++)
        if (state_store_insert(&search->store, &batch->keys[i * words], batch->hashes[i]))
            meet(search, &batch->keys[i * words], search->depth + 1, batch->looks[i]);
    batch->count = 0;
}

/* Has this key, of one word, been gathered lately? Siblings lead to the same states, and most of those that a search
 * meets again it has met a moment ago: then the store, a miss to memory, need not be asked. */
static inline bool was_gathered_lately(struct batch *batch, uint64_t key, uint64_t hash)
{
    uint64_t *recent = &batch->recent[hash & (RECENT_SIZE - 1)];
    if (*recent == key)
        return true;
    *recent = key;
    return false;
}

static void gather(struct search *search, const uint64_t *key, struct look look)
{
    struct batch *batch = search->batch;
    const unsigned words = search->store.words, i = batch->count;
    const uint64_t hash = state_hash(key, words);
    if (words == 1 && was_gathered_lately(batch, key[0], hash))
        return;
    key_copy(&batch->keys[i * words], key, words);
    batch->hashes[i] = hash;
    batch->looks[i] = look;
    state_store_prefetch(&search->store, hash);
    if (++batch->count == BATCH_SIZE)
        flush(search);
}

/* A slot outgrew its width: new layout, everything packed anew. */
static void repack(struct search *search)
{
    flush(search);
    const struct layout *old = layout_now(search);
    memset(search->batch->recent, 0, sizeof(search->batch->recent)); /* they were packed in the old layout */
    add_layout(search);
    if (may_grow(search))
        state_store_repack(&search->store, old, layout_now(search));
    layout_pack(layout_now(search), search->explorer.values, search->key);
}

/* ---- Successors ---- */

/* Events that are counted by their own names, and that disturb quiescence. */
static inline bool is_own(uint8_t action)
{
    return action == ACTION_DELIVER || action == ACTION_TIMER || action == ACTION_LOCAL;
}

/* The successor's key. False: a value does not fit its slot yet. */
static bool make_key(const struct search *search, uint64_t *key)
{
    const struct layout *layout = layout_now(search);
    const struct successor *successor = &search->explorer.successor;
    key_copy(key, search->key, layout->words);
    for (unsigned i = 0; i < successor->change_count; i++) {
        const struct change change = successor->changes[i];
        if (!layout_fits(layout, change.slot, change.value))
            return false;
        layout_change(layout, key, change.slot, search->explorer.values[change.slot], change.value);
    }
    return true;
}

static void count_step(struct search *search, const struct successor *successor)
{
    const bool is_own_event = is_own(successor->action);
    search->transitions++;
    search->absorbed += successor->absorbed;
    search->events[is_own_event ? successor->type : GS_EVENTS_MAX + successor->action]++;
    search->disturbed |= is_own_event;
}

/* Judges the step being visited. What the step alone decides is remembered with its transition. */
static void judge_once(struct search *search)
{
    struct transition *transition = search->explorer.successor.transition;
    if (transition && transition->flags & TRANSITION_STEP_OPEN && !search->judging.has_step_role)
        return;
    if (!judge_step(&search->judging, &search->explorer, search->depth) && transition)
        transition->flags |= TRANSITION_STEP_OPEN;
}

static void take_step(struct search *search)
{
    const struct successor *successor = &search->explorer.successor;
    uint64_t key[KEY_WORDS_MAX];
    if (!make_key(search, key)) {
        repack(search);
        if (search->halted)
            return;
        must(make_key(search, key));
    }
    if (keys_equal(key, search->key, search->store.words))
        return; /* nothing changed: no step */
    count_step(search, successor);
    if (search->judging.has_step || search->judging.has_step_role)
        judge_once(search);
    gather(search, key,
           (struct look){.mover = successor->mover,
                         .local = successor->moves_local,
                         .monitor = successor->moves_monitor,
                         .all = successor->moves_many});
}

/* The short way of a step that changes one slot: the same as take_step, without describing a successor. */
static void take_simple(void *context, unsigned node, const struct transition *transition)
{
    struct search *search = context;
    const struct layout *layout = layout_now(search);
    if (search->halted)
        return;
    if (!layout_fits(layout, node, transition->configuration)) {
        repack(search);
        if (search->halted)
            return;
        layout = layout_now(search);
    }
    uint64_t key[KEY_WORDS_MAX];
    key_copy(key, search->key, layout->words);
    layout_change(layout, key, node, search->explorer.values[node], transition->configuration);
    const bool is_own_event = is_own(transition->action);
    search->transitions++;
    search->events[is_own_event ? transition->type : GS_EVENTS_MAX + transition->action]++;
    search->disturbed |= is_own_event;
    gather(search, key, (struct look){.mover = node, .local = transition->flags & TRANSITION_NEW_LOCAL});
}

static void take(void *context, struct explorer *explorer)
{
    struct search *search = context;
    const struct successor *successor = &explorer->successor;
    if (search->halted)
        return;
    switch (successor->kind) {
    case SUCCESSOR_STEP:
        take_step(search);
        return;
    case SUCCESSOR_CUT:
        search->cuts[successor->bound]++;
        search->disturbed |= is_own(successor->action) && GS_PLANT != 10;
        return;
    case SUCCESSOR_MISBEHAVES:
        judge_misbehaviour(&search->judging, explorer, search->depth);
        search->disturbed |= is_own(successor->action);
        return;
    }
}

static void judge_if_quiescent(struct search *search)
{
    const uint32_t *values = search->explorer.values;
    const uint32_t environment = values[engine_environment_slot(&search->engine)];
    if (!search->disturbed && !environment_of(&search->engine, environment)->side)
        judge_quiescent(&search->judging, values, search->depth);
}

static void explore(struct search *search, const struct layout *layout, const uint64_t *key)
{
    layout_unpack(layout, key, search->explorer.values);
    if (layout == layout_now(search))
        key_copy(search->key, key, layout->words);
    else
        layout_pack(layout_now(search), search->explorer.values, search->key);
    search->disturbed = false;
    explorer_walk(&search->explorer);
    if (search->judging.has_quiescent && !search->halted)
        judge_if_quiescent(search);
}

/* ---- Levels ---- */

static void explore_level(struct search *search)
{
    const size_t number = search->levels.count - 1;
    uint64_t explored = 0;
    search->depth = number;
    levels_begin(&search->levels);
    for (size_t b = 0; b < search->levels.levels[number].block_count && !search->halted; b++) {
        const struct level_block block = search->levels.levels[number].blocks[b];
        for (uint64_t i = 0; i < block.count && !search->halted; i++) {
            if (explored++ % CHECK_EVERY == 0)
                look_at_limits(search);
            if (!search->halted)
                explore(search, block.layout, &block.keys[i * block.layout->words]);
        }
    }
    if (!search->halted)
        flush(search);
    if (!search->halted)
        search->whole_levels = search->levels.count;
    look_at_limits(search);
}

static bool found_violation(const struct search *search)
{
    for (unsigned i = 0; i < search->judging.count; i++) {
        const struct judged *judged = &search->judging.properties[i];
        if (judged->first.found && (search->stops_on >> i & 1))
            return true;
    }
    return false;
}

static bool has_misbehaved(const struct search *search)
{
    return search->judging.properties[search->judging.count - 1].first.found;
}

static void add_initial_state(void *context, struct explorer *explorer, const struct event *starts, size_t count)
{
    struct search *search = context;
    (void)starts;
    (void)count;
    uint32_t counts[SLOTS_MAX];
    engine_slot_counts(&search->engine, counts);
    for (unsigned slot = 0; slot < engine_slot_count(&search->engine); slot++)
        if (!layout_fits(layout_now(search), slot, explorer->values[slot])) {
            repack(search);
            break;
        }
    uint64_t key[KEY_WORDS_MAX];
    layout_pack(layout_now(search), explorer->values, key);
    if (!state_store_has_room(&search->store, 1))
        state_store_grow(&search->store);
    if (state_store_insert(&search->store, key, state_hash(key, search->store.words)))
        meet(search, key, 0, (struct look){.mover = search->run->node_count, .all = true});
}

static void note_bad_start(void *context, struct explorer *explorer, const struct event *starts, size_t count)
{
    struct search *search = context;
    judge_bad_start(&search->judging, explorer, starts, count);
}

void search_run(struct search *search, double began)
{
    const struct gs_config *config = search->config;
    const bool has_max_depth = config->max_depth || config->max_depth_set;
    search->began = began;
    levels_begin(&search->levels);
    explorer_start(&search->explorer, add_initial_state, note_bad_start, search->cuts, search);
    search->whole_levels = !search->halted;
    look_at_limits(search);
    while (!search->halted && !search->complete) {
        const uint64_t depth = search->levels.count - 1;
        if (!search->states && found_violation(search))
            halt(search, "a violation"); /* no START went well */
        else if (!search->levels.levels[depth].count && has_misbehaved(search))
            halt(search, "a misbehaving handler"); /* nobody knows what its state would have led to */
        else if (!search->levels.levels[depth].count)
            search->complete = true;
        else if (!config->keep_going && found_violation(search))
            halt(search, "a violation");
        else if (has_max_depth && depth >= config->max_depth)
            halt(search, "--max-depth %llu", (unsigned long long)config->max_depth);
        else
            explore_level(search);
    }
    search->seconds = search_clock() - search->began;
}

/* Why the reduction `ignored` is off, or NULL; against: the caller's own reason, or NULL. docs/engine.md has the proof.
 */
static const char *reason_against_reduction(struct search *search, const char *against)
{
    const struct judging *judging = &search->judging;
    return search->against_reduction = search->run->network != GS_BAG  ? ""
                                       : search->config->no_reductions ? "--no-reductions"
                                       : judging->has_quiescent        ? "a QUIESCENT property is checked"
                                       : judging->has_mail             ? "a property about messages is checked"
                                       : judging->has_step_role        ? "a property of a step and a role is checked"
                                       : search->engine.has_stepped    ? "a monitor is fed by steps"
                                                                       : against;
}

void search_init(struct search *search, const struct gs_run *run, const struct gs_config *config, uint64_t on,
                 uint64_t monitors_on, uint64_t stops_on, const char *against)
{
    *search = (struct search){.run = run, .config = config, .stops_on = stops_on};
    engine_init(&search->engine, run, monitors_on);
    judging_init(&search->judging, &search->engine, on);
    search->engine.cut_copies = run->network == GS_BAG && search->judging.has_quiescent;
    search->engine.drop_ignored = !reason_against_reduction(search, against);
    search->judging.watches_stutter = search->engine.drop_ignored;
    search->explorer.engine = &search->engine;
    search->explorer.take = take;
    search->explorer.context = search;
    if (!search->judging.has_step && !search->judging.has_step_role)
        search->explorer.take_simple = take_simple;
    search->batch = die_calloc(1, sizeof(*search->batch));
    add_layout(search);
    state_store_init(&search->store, layout_now(search)->words);
}

void search_free(struct search *search)
{
    for (size_t i = 0; i < search->layout_count; i++)
        free(search->layouts[i]);
    free(search->layouts);
    free(search->batch);
    state_store_free(&search->store);
    levels_free(&search->levels);
    judging_free(&search->judging);
    engine_free(&search->engine);
}
