/* Exploring side by side. Threads share the engine, the store and the level; each has its own batch, its own part of
 * the next level and its own counts. */
#include "checker/worker.h"

#include <stdlib.h>
#include <string.h>

#include "checker/effects.h"
#include "checker/repacking.h"
#include "checker/transitions.h"
#include "core/die.h"

enum {
    CLAIM = 1 << 14,    /* states taken at a time, fewer where the level is small: neighbours share configurations, and
                           threads that work far from each other draw different ones into their caches */
    CHECK_EVERY = 1024, /* states between looks at the limits */
    CHECK_EVERY_FLUSHES = 256, /* the same where states have so many successors that it takes longer */
    PAIRS_AHEAD = 4            /* states whose halves are fetched before they are explored */
};

/* ---- Stopping together ---- */

/* What all threads do when one has asked all to stop: one of them says what, all help. */
static void pause_together(struct worker *worker)
{
    struct search *search = worker->search;
    crew_want_pause(&search->crew);
    crew_meet(&search->crew);
    if (worker->index == 0)
        repacking_begin(search);
    crew_meet(&search->crew);
    repacking_help(search);
    crew_meet(&search->crew);
    if (worker->index == 0) {
        repacking_end(search);
        crew_end_pause(&search->crew);
    }
    crew_meet(&search->crew);
    repacking_adopt(worker);
}

/* ---- Limits ---- */

/* With those that were only counted. */
static uint64_t transitions_counted(const struct worker *worker)
{
    const struct engine *engine = &worker->search->engine;
    uint64_t transitions = worker->tally.transitions;
    for (uint32_t p = 0; p < PROFILES_MAX; p++)
        if (slept_lists(&worker->tally.slept, p))
            transitions += slept_lists(&worker->tally.slept, p) * interned_value(&engine->profiles, p).size;
    for (int e = 0; e < EVENT_COUNTERS; e++)
        transitions += worker->tally.slept.steps[e];
    return transitions;
}

static void look_up(struct worker *worker)
{
    worker->transitions = transitions_counted(worker);
    worker->memory = worker->met.memory;
    search_look_at_limits(worker->search);
}

/* Asks for what the states behind number i of the block need: halves, or what their nodes have. */
static inline void fetch_ahead(const struct worker *worker, const struct level_block *block, uint64_t i)
{
    if (!block->layout->halves)
        ahead_fetch(&worker->search->ahead, &worker->search->engine, block, i);
    else if (i + PAIRS_AHEAD < block->count)
        halves_prefetch(block->layout->halves, block->keys[i + PAIRS_AHEAD]);
}

/* ---- New states ---- */

/* Judges a new state. True: what a look at the mover's local state asked for is settled. */
static bool judge(struct worker *worker, const uint64_t *key, uint64_t depth, struct look look)
{
    struct judging *judging = &worker->search->judging;
    uint32_t values[SLOTS_MAX];
    const bool moved = look.local || look.monitor || look.all;
    if (!judging->mail && !(moved && (judging_has_state(judging) || judging->steps)))
        return false;
    layout_unpack(worker->layout, key, values);
    return !judge_new_state(judging, values, depth, look);
}

/* The state in the batch's i-th place is new; `kept` is its key as the store has it. */
static void meet(struct worker *worker, unsigned i, const uint64_t *kept)
{
    const struct batch *batch = &worker->batch;
    level_append(&worker->met, search_kept_layout(worker->search), kept, batch->sleeps[i]);
    if (judge(worker, &batch->keys[i * worker->layout->words], worker->search->depth + 1, batch->looks[i]))
        settled_add(&worker->settled, batch->novelties[i]);
}

/* Makes room for what every thread may have in its batch. Keys may be packed anew meanwhile. False: there is none to be
 * had. */
static bool make_room(struct worker *worker)
{
    struct search *search = worker->search;
    while (!search->halted && !repacking_has_room(search))
        pause_together(worker);
    return !search->halted;
}

/* May the state be met, where the limit has no room for all? */
static __attribute__((noinline)) bool is_admitted(struct worker *worker, const uint64_t *key)
{
    uint32_t values[SLOTS_MAX];
    layout_unpack(worker->layout, key, values);
    if (contents_rank(&worker->contents, values, 0) <= worker->search->admitted)
        return true;
    worker->search->refused = true;
    return false;
}

static void count_states(struct search *search, uint64_t met)
{
    state_store_add(&search->store, met);
    atomic_fetch_add_explicit(&search->states, met, memory_order_relaxed);
}

/* The batch's keys as the store keeps them; those that are cut in halves get their places only now. */
static const uint64_t *kept_keys(struct worker *worker)
{
    struct search *search = worker->search;
    struct batch *batch = &worker->batch;
    if (!worker->layout->cut)
        return batch->keys;
    pairing_finish(&batch->pairing, &search->halves, batch->keys, batch->count);
    for (unsigned i = 0; i < batch->count; i++)
        batch->places[i] = state_store_prefetch(&search->store, state_hash(&batch->pairing.pairs[i], 1));
    return batch->pairing.pairs;
}

/* Probes the store for all successors gathered. */
static void flush(struct worker *worker)
{
    struct search *search = worker->search;
    struct batch *batch = &worker->batch;
    uint64_t met = 0;
    if (batch->count && make_room(worker)) {
        const unsigned words = search_kept_layout(search)->words;
        const uint64_t *keys = kept_keys(worker);
        must(worker->layout == search_layout(search)); /* a key in another layout would be another state */
        for (unsigned i = 0; i < batch->count; i++)
            if (state_store_insert_at(&search->store, &keys[i * words], batch->places[i])) {
                met++;
                meet(worker, i, &keys[i * words]);
            }
        count_states(search, met);
    }
    batch->count = 0;
    if (++worker->flushes % CHECK_EVERY_FLUSHES == 0)
        look_up(worker);
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

static inline bool is_settled(struct worker *worker, unsigned mover, uint32_t to, struct novelty *novelty)
{
    return settled_after(&worker->settled, &worker->search->engine, worker->explorer.values, mover, to, novelty);
}

/* Gathers a successor; `to` is its mover's configuration, if that changes. */
static inline void gather(struct worker *worker, const uint64_t *key, struct look look, struct sleep sleep, uint32_t to)
{
    struct batch *batch = &worker->batch;
    const unsigned words = worker->layout->words, i = batch->count;
    if (worker->layout->cut) {
        pairing_begin(&batch->pairing, &worker->search->halves, i, key, worker->key, worker->pair);
    } else {
        const uint64_t hash = state_hash(key, words);
        if (words == 1 && was_gathered_lately(batch, key[0], hash))
            return;
        batch->places[i] = state_store_prefetch(&worker->search->store, hash);
    }
    if (worker->search->admitted != UINT64_MAX && !is_admitted(worker, key))
        return;
    key_copy(&batch->keys[i * words], key, words);
    batch->novelties[i] = (struct novelty){0};
    if (look.local && !look.all)
        look.local = !is_settled(worker, look.mover, to, &batch->novelties[i]);
    batch->looks[i] = look;
    batch->sleeps[i] = sleep;
    if (++batch->count == BATCH_SIZE)
        flush(worker);
}

/* A slot outgrew its width: new layout, everything packed anew. False: the search has been halted. */
static bool widen(struct worker *worker)
{
    worker->search->wants_layout = true;
    pause_together(worker);
    return !worker->search->halted;
}

/* ---- Successors ---- */

/* The successor's key. False: a value does not fit its slot yet. */
static bool make_key(const struct worker *worker, uint64_t *key)
{
    const struct layout *layout = worker->layout;
    const struct successor *successor = &worker->explorer.successor;
    key_copy(key, worker->key, layout->words);
    for (unsigned i = 0; i < successor->change_count; i++) {
        const struct change change = successor->changes[i];
        if (!layout_fits(layout, change.slot, change.value))
            return false;
        layout_change(layout, key, change.slot, worker->explorer.values[change.slot], change.value);
    }
    return true;
}

static inline void count_step(struct worker *worker, uint8_t counter)
{
    worker->tally.transitions++;
    worker->tally.events[counter]++;
    worker->disturbed |= counter < GS_EVENTS_MAX;
}

/* Judges the step being visited. What the step alone decides is remembered with its transition. */
static void judge_once(struct worker *worker)
{
    struct judging *judging = &worker->search->judging;
    struct transition *transition = worker->explorer.successor.transition;
    if (transition && transition_flags(transition) & TRANSITION_STEP_OPEN && !judging->has_step_role)
        return;
    if (!judge_step(judging, &worker->explorer, worker->search->depth) && transition)
        atomic_fetch_or_explicit(&transition->flags, TRANSITION_STEP_OPEN, memory_order_relaxed);
}

/* Is what this step leads to met by the same steps in another order? */
static bool is_asleep(const struct worker *worker)
{
    const struct successor *successor = &worker->explorer.successor;
    return sleep_has(worker->explorer.sleep, successor->mover) && successor->transition &&
           transition_flags(successor->transition) & TRANSITION_COMMUTES &&
           (!(successor->touched >> sleep_mover(worker->explorer.sleep) & 1) || GS_PLANT == 12);
}

static struct sleep sleep_of_step(const struct successor *successor)
{
    const uint64_t touched = GS_PLANT == 11 ? UINT64_C(1) << successor->mover : successor->touched;
    return successor->transition ? sleep_after(successor->mover, touched) : (struct sleep){0};
}

static void take_step(struct worker *worker)
{
    const struct successor *successor = &worker->explorer.successor;
    const struct judging *judging = &worker->search->judging;
    uint64_t key[KEY_WORDS_MAX];
    while (!make_key(worker, key))
        if (!widen(worker))
            return;
    if (keys_equal(key, worker->key, worker->layout->words))
        return; /* nothing changed: no step */
    count_step(worker, event_counter(successor->action, successor->type));
    worker->tally.absorbed += successor->absorbed;
    if (judging->steps)
        judge_once(worker);
    if (is_asleep(worker))
        return;
    gather(worker, key,
           (struct look){.mover = successor->mover,
                         .local = successor->moves_local,
                         .monitor = successor->moves_monitor,
                         .all = successor->moves_many},
           sleep_of_step(successor), successor_value(&worker->explorer, successor->mover));
}

/* The short way of steps that change one slot: the same as take_step, without describing a successor. */
static void take_simple(void *context, unsigned node, const struct transition_list *list)
{
    struct worker *worker = context;
    const struct sleep sleep = sleep_after(node, UINT64_C(1) << node);
    if (worker->search->halted)
        return;
    for (uint32_t i = 0; i < list->simple_count; i++)
        count_step(worker, list->items[i].counter);
    if (sleep_has(worker->explorer.sleep, node))
        return;
    for (uint32_t i = 0; i < list->simple_count; i++) {
        const struct transition *transition = &list->items[i];
        while (!layout_fits(worker->layout, node, transition->configuration))
            if (!widen(worker))
                return;
        uint64_t key[KEY_WORDS_MAX];
        key_copy(key, worker->key, worker->layout->words);
        layout_change(worker->layout, key, node, worker->explorer.values[node], transition->configuration);
        gather(worker, key, (struct look){.mover = node, .local = transition_flags(transition) & TRANSITION_NEW_LOCAL},
               sleep, transition->configuration);
    }
}

static void take(void *context, struct explorer *explorer)
{
    struct worker *worker = context;
    struct search *search = worker->search;
    const struct successor *successor = &explorer->successor;
    if (search->halted)
        return;
    switch (successor->kind) {
    case SUCCESSOR_STEP:
        take_step(worker);
        return;
    case SUCCESSOR_CUT:
        worker->tally.cuts[successor->bound]++;
        worker->disturbed |= action_is_own(successor->action) && GS_PLANT != 10;
        return;
    case SUCCESSOR_MISBEHAVES:
        judge_misbehaviour(&search->judging, explorer, search->depth);
        worker->disturbed |= action_is_own(successor->action);
        return;
    }
}

/* ---- States ---- */

static void judge_if_quiescent(struct worker *worker)
{
    struct search *search = worker->search;
    const uint32_t *values = worker->explorer.values;
    const uint32_t environment = values[engine_environment_slot(&search->engine)];
    if (!worker->disturbed && !environment_of(&search->engine, environment)->side)
        judge_quiescent(&search->judging, values, search->depth);
}

/* Novelties in the batch would be others in the wider layout. */
static void widen_settled(struct worker *worker)
{
    settled_widen(&worker->settled, &worker->search->engine);
    memset(worker->batch.novelties, 0, sizeof(worker->batch.novelties));
}

/* Unpacks a state of the level. */
static void enter(struct worker *worker, const struct layout *layout, const uint64_t *key)
{
    worker->pair = 0;
    if (layout == worker->layout) {
        key_copy(worker->key, key, layout->words);
        layout_unpack(layout, key, worker->explorer.values);
    } else if (layout == search_kept_layout(worker->search)) {
        worker->pair = key[0];
        halves_key(layout->halves, worker->pair, worker->key);
        layout_unpack(worker->layout, worker->key, worker->explorer.values);
    } else {
        state_unpack(layout, key, worker->explorer.values);
        layout_pack(worker->layout, worker->explorer.values, worker->key);
    }
}

static void explore(struct worker *worker, const struct layout *layout, const uint64_t *key, struct sleep sleep)
{
    struct settled *settled = &worker->settled;
    enter(worker, layout, key);
    if (settled->is_on && settled->is_narrow)
        widen_settled(worker);
    settled_leave(settled);
    worker->explorer.sleep = sleep;
    worker->disturbed = false;
    explorer_walk(&worker->explorer);
    if (worker->search->judging.quiescent && !worker->search->halted)
        judge_if_quiescent(worker);
}

void worker_meet_initial(struct worker *worker, const uint32_t *values)
{
    struct search *search = worker->search;
    uint64_t key[KEY_WORDS_MAX], pair;
    for (unsigned slot = 0; slot < engine_slot_count(&search->engine); slot++)
        while (!layout_fits(worker->layout, slot, values[slot]))
            if (!widen(worker))
                return;
    if (!make_room(worker))
        return;
    layout_pack(worker->layout, values, key);
    const struct layout *kept_layout = search_kept_layout(search);
    const uint64_t *kept = key;
    if (kept_layout->halves) {
        pair = halves_pair(&search->halves, key);
        kept = &pair;
    }
    if (!state_store_insert(&search->store, kept, state_hash(kept, kept_layout->words)))
        return;
    count_states(search, 1);
    level_append(&worker->met, kept_layout, kept, (struct sleep){0});
    judge(worker, key, 0, (struct look){.mover = search->run->node_count, .all = true});
}

/* ---- The level ---- */

/* Explores `count` states of a block. */
static void explore_keys(struct worker *worker, const struct level_block *block, uint64_t first, uint64_t count)
{
    struct search *search = worker->search;
    for (uint64_t i = first; i < first + count && !search->halted; i++) {
        if (search->crew.pause_wanted)
            pause_together(worker);
        if (worker->explored++ % CHECK_EVERY == 0)
            look_up(worker);
        fetch_ahead(worker, block, i);
        if (!search->halted)
            explore(worker, block->layout, &block->keys[i * block->layout->words], block->sleeps[i]);
    }
}

/* Explores the states of the level from number `first` on. *block and *before, the number of states in front of it, go
 * on from where the last call left them. */
static void explore_range(struct worker *worker, const struct level *level, uint64_t first, uint64_t end, size_t *block,
                          uint64_t *before)
{
    while (first < end) {
        while (first >= *before + level->blocks[*block].count)
            *before += level->blocks[(*block)++].count;
        const uint64_t block_end = *before + level->blocks[*block].count, until = end < block_end ? end : block_end;
        explore_keys(worker, &level->blocks[*block], first - *before, until - first);
        first = until;
    }
}

void worker_explore_level(struct worker *worker)
{
    struct search *search = worker->search;
    const struct level *level = &search->levels.levels[search->depth];
    const uint64_t share = level->count / (16 * search->crew.size) + 1, claim = share < CLAIM ? share : CLAIM;
    size_t block = 0;
    uint64_t before = 0, first;
    repacking_adopt(worker); /* a thread that slept through small levels has missed what was packed anew meanwhile */
    while (!search->halted && (first = atomic_fetch_add(&search->claimed, claim)) < level->count) {
        const uint64_t end = first + claim < level->count ? first + claim : level->count;
        explore_range(worker, level, first, end, &block, &before);
    }
    flush(worker);
    while (!crew_idle(&search->crew))
        pause_together(worker);
    look_up(worker);
}

void worker_begin_again(struct worker *worker)
{
    worker->tally = (struct tally){0};
    memset(worker->batch.recent, 0, sizeof(worker->batch.recent)); /* it may have been refused */
}

/* ---- Making and freeing ---- */

struct worker *worker_new(struct search *search, unsigned index)
{
    struct worker *worker = die_calloc(1, sizeof(*worker));
    worker->search = search;
    worker->index = index;
    worker->layout = search_layout(search);
    contents_init(&worker->contents, &search->engine);
    settled_init(&worker->settled, !search->judging.mail && !search->judging.has_monitor_node,
                 GS_PLANT == 13 ? 0 : search->judging.joint);
    worker->explorer = (struct explorer){.engine = &search->engine, .take = take, .context = worker};
    if (!search->judging.steps)
        worker->explorer.take_simple = take_simple;
    if (worker->explorer.take_simple && !search->judging.quiescent) /* which asks what was taken */
        worker->explorer.slept = &worker->tally.slept;
    return worker;
}

void worker_free(struct worker *worker)
{
    if (!worker)
        return;
    level_free(&worker->met);
    settled_free(&worker->settled);
    contents_free(&worker->contents);
    free(worker);
}

void worker_measure_memory(const struct worker *worker, uint64_t *bytes)
{
    if (!worker)
        return;
    bytes[GS_TABLE_THREADS] += sizeof(*worker) + SETTLED_SIZE * sizeof(*worker->settled.values);
    bytes[GS_TABLE_LEVELS] += worker->memory;
}

uint64_t search_transitions(const struct search *search)
{
    uint64_t transitions = search->tally.transitions;
    for (unsigned i = 0; i < search->thread_count; i++)
        transitions += search->workers[i] ? search->workers[i]->transitions : 0;
    return transitions;
}
