#include "properties/automaton.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "core/die.h"
#include "properties/asking.h"

enum {
    ROWS_MAX = 1 << 18, /* transitions that are remembered: those of the first states, which come again most */
    CHUNK_SIZE = 1 << 16
};

#define NOT_ASKED UINT32_MAX
#define IMPOSSIBLE (UINT32_MAX - 1)

/* Numbers found by what they stand for: open addressing, numbers + 1, 0 is free. */
struct index {
    uint32_t *places;
    size_t size; /* a power of two */
};

/* Bytes that stay where they are until all are freed. */
struct chunk {
    struct chunk *before;
    uint8_t bytes[];
};

struct automaton {
    const struct gs_sequential *model;
    struct asking asking;
    struct gs_operation *classes;
    size_t class_count, class_capacity;
    struct index class_index;
    gs_span *states;
    uint64_t *hashes; /* of the states */
    size_t state_count, state_capacity, hash_capacity;
    struct index state_index;
    uint32_t *rows; /* per state, of the first ones, the states after each class */
    size_t row_capacity;
    struct gs_buffer scratch;
    struct chunk *chunk;
    size_t chunk_used, chunk_size, memory;
};

/* ---- Numbering */

static void index_put(struct index *index, uint64_t hash, uint32_t number)
{
    size_t place = hash & (index->size - 1);
    while (index->places[place] != 0)
        place = (place + 1) & (index->size - 1);
    index->places[place] = number + 1;
}

/* Room for one more than `count`; true: the places are empty again and all must be put. */
static bool index_grow(struct index *index, size_t count)
{
    if (2 * (count + 1) <= index->size)
        return false;
    index->size = index->size == 0 ? 64 : 2 * index->size;
    free(index->places);
    index->places = die_calloc(index->size, sizeof(*index->places));
    return true;
}

static uint64_t class_hash(const struct gs_operation *operation)
{
    const gs_value parts[] = {operation->key, operation->argument, operation->result};
    uint64_t hash = (uint64_t)operation->function;
    for (size_t i = 0; i < 3; i++)
        hash = XXH3_64bits_withSeed(parts[i].bytes, parts[i].size, hash * 31 + parts[i].size);
    return hash;
}

static bool class_equal(const struct gs_operation *a, const struct gs_operation *b)
{
    return a->function == b->function && gs_span_equal(a->key, b->key) && gs_span_equal(a->argument, b->argument) &&
           gs_span_equal(a->result, b->result);
}

uint32_t automaton_class(struct automaton *automaton, const struct gs_operation *operation, bool with_key)
{
    struct gs_operation wanted = *operation;
    if (!with_key)
        wanted.key = GS_NIL;
    if (index_grow(&automaton->class_index, automaton->class_count))
        for (size_t i = 0; i < automaton->class_count; i++)
            index_put(&automaton->class_index, class_hash(&automaton->classes[i]), (uint32_t)i);
    const struct index *index = &automaton->class_index;
    const uint64_t hash = class_hash(&wanted);
    for (size_t place = hash & (index->size - 1); index->places[place] != 0; place = (place + 1) & (index->size - 1))
        if (class_equal(&automaton->classes[index->places[place] - 1], &wanted))
            return index->places[place] - 1;
    automaton->classes = die_grow(automaton->classes, &automaton->class_capacity, automaton->class_count + 1,
                                  sizeof(*automaton->classes));
    automaton->classes[automaton->class_count] = wanted;
    index_put(&automaton->class_index, hash, (uint32_t)automaton->class_count);
    return (uint32_t)automaton->class_count++;
}

/* ---- States */

static gs_span keep(struct automaton *automaton, gs_span bytes)
{
    if (automaton->chunk_size - automaton->chunk_used < bytes.size) {
        const size_t size = bytes.size > CHUNK_SIZE ? bytes.size : CHUNK_SIZE;
        struct chunk *chunk = die_alloc(sizeof(*chunk) + size);
        chunk->before = automaton->chunk;
        automaton->chunk = chunk;
        automaton->chunk_used = 0;
        automaton->chunk_size = size;
        automaton->memory += size;
    }
    uint8_t *place = automaton->chunk == NULL ? NULL : automaton->chunk->bytes + automaton->chunk_used;
    if (bytes.size > 0)
        memcpy(place, bytes.bytes, bytes.size);
    automaton->chunk_used += bytes.size;
    return (gs_span){place, bytes.size};
}

static void add_row(struct automaton *automaton, size_t state)
{
    const size_t used = state * automaton->class_count;
    if (used + automaton->class_count > ROWS_MAX)
        return;
    automaton->rows =
        die_grow(automaton->rows, &automaton->row_capacity, used + automaton->class_count, sizeof(uint32_t));
    memset(automaton->rows + used, 0xff, automaton->class_count * sizeof(uint32_t)); /* NOT_ASKED */
}

/* The same for states that the model takes for the same: if it has a say in that, no more is known of their bytes. */
static uint64_t state_hash(const struct automaton *automaton, gs_span state)
{
    return automaton->model->equal != NULL ? 0 : XXH3_64bits(state.bytes, state.size);
}

static uint32_t number_state(struct automaton *automaton, gs_span state)
{
    if (index_grow(&automaton->state_index, automaton->state_count))
        for (size_t i = 0; i < automaton->state_count; i++)
            index_put(&automaton->state_index, automaton->hashes[i], (uint32_t)i);
    const struct index *index = &automaton->state_index;
    const uint64_t hash = state_hash(automaton, state);
    for (size_t place = hash & (index->size - 1); index->places[place] != 0; place = (place + 1) & (index->size - 1)) {
        const uint32_t number = index->places[place] - 1;
        if (automaton->hashes[number] == hash && ask_equal(&automaton->asking, automaton->states[number], state))
            return number;
    }
    must(automaton->state_count < IMPOSSIBLE);
    automaton->states =
        die_grow(automaton->states, &automaton->state_capacity, automaton->state_count + 1, sizeof(gs_span));
    automaton->hashes =
        die_grow(automaton->hashes, &automaton->hash_capacity, automaton->state_count + 1, sizeof(uint64_t));
    automaton->states[automaton->state_count] = keep(automaton, state);
    automaton->hashes[automaton->state_count] = hash;
    index_put(&automaton->state_index, hash, (uint32_t)automaton->state_count);
    if (automaton->state_count > 0)
        add_row(automaton, automaton->state_count);
    return (uint32_t)automaton->state_count++;
}

/* True: there is more room now, to be filled anew. */
static bool grow_scratch(struct automaton *automaton)
{
    if (automaton->scratch.size <= automaton->scratch.capacity)
        return false;
    automaton->scratch.capacity = 2 * automaton->scratch.size;
    automaton->scratch.bytes = die_realloc(automaton->scratch.bytes, automaton->scratch.capacity);
    return true;
}

struct automaton *automaton_new(const struct gs_sequential *model, gs_value initial)
{
    struct automaton *automaton = die_calloc(1, sizeof(*automaton));
    bool can_begin;
    automaton->model = model;
    automaton->asking = asking_of(model);
    do {
        automaton->scratch.size = 0;
        can_begin = ask_init(&automaton->asking, initial, &automaton->scratch);
    } while (grow_scratch(automaton));
    expect_as_before(model, can_begin);
    number_state(automaton, gs_written(&automaton->scratch));
    return automaton;
}

void automaton_free(struct automaton *automaton)
{
    if (automaton == NULL)
        return;
    for (struct chunk *chunk = automaton->chunk, *before; chunk != NULL; chunk = before) {
        before = chunk->before;
        free(chunk);
    }
    free(automaton->classes);
    free(automaton->class_index.places);
    free(automaton->states);
    free(automaton->hashes);
    free(automaton->state_index.places);
    free(automaton->rows);
    free(automaton->scratch.bytes);
    free(automaton);
}

/* ---- Transitions */

static uint32_t compute_step(struct automaton *automaton, uint32_t state, uint32_t class_number)
{
    bool is_possible;
    do {
        automaton->scratch.size = 0;
        is_possible = ask_apply(&automaton->asking, automaton->states[state], &automaton->classes[class_number],
                                &automaton->scratch);
    } while (is_possible && grow_scratch(automaton));
    return is_possible ? number_state(automaton, gs_written(&automaton->scratch)) : IMPOSSIBLE;
}

bool automaton_step(struct automaton *automaton, uint32_t state, uint32_t class_number, uint32_t *next)
{
    const size_t place = state * automaton->class_count + class_number;
    if (automaton->rows == NULL) /* the initial state was there before the classes */
        add_row(automaton, 0);
    const bool has_row = (state + 1) * automaton->class_count <= ROWS_MAX;
    uint32_t after = has_row ? automaton->rows[place] : NOT_ASKED;
    if (after == NOT_ASKED) {
        after = compute_step(automaton, state, class_number); /* may move the rows */
        if (has_row)
            automaton->rows[place] = after;
    }
    if (after == IMPOSSIBLE)
        return false;
    *next = after;
    return true;
}

gs_span automaton_state(const struct automaton *automaton, uint32_t state)
{
    return automaton->states[state];
}

size_t automaton_memory(const struct automaton *automaton)
{
    return automaton->memory + automaton->state_capacity * sizeof(gs_span) +
           automaton->hash_capacity * sizeof(uint64_t) + automaton->state_index.size * sizeof(uint32_t) +
           automaton->row_capacity * sizeof(uint32_t);
}
