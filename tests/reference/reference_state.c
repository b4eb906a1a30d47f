/* Byte vectors, a hash set of them, and where things stand in a state's vector. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tests/reference/reference_search.h"

enum { TIMER_BYTES = 8, UP_BYTES = 1, SPENT_BYTES = 8, SIDE_BYTES = 8, ALIGNMENT = 8, SLOTS_FIRST = 64 };

static void *need(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

/* ---- Vectors ---- */

void ref_vector_append(struct vector *vector, const void *bytes, size_t size)
{
    ref_vector_insert(vector, vector->size, bytes, size);
}

void ref_vector_assign(struct vector *vector, const struct vector *from)
{
    vector->size = 0;
    ref_vector_append(vector, from->bytes, from->size);
}

void ref_vector_insert(struct vector *vector, size_t at, const void *bytes, size_t size)
{
    assert(at <= vector->size);
    if (vector->size + size > vector->capacity) {
        vector->capacity = 2 * (vector->size + size);
        vector->bytes = need(realloc(vector->bytes, vector->capacity));
    }
    if (!size)
        return;
    memmove(vector->bytes + at + size, vector->bytes + at, vector->size - at);
    memcpy(vector->bytes + at, bytes, size);
    vector->size += size;
}

void ref_vector_remove(struct vector *vector, size_t at, size_t size)
{
    assert(at + size <= vector->size);
    memmove(vector->bytes + at, vector->bytes + at + size, vector->size - at - size);
    vector->size -= size;
}

bool ref_vector_equal(const struct vector *a, const struct vector *b)
{
    return a->size == b->size && (!a->size || memcmp(a->bytes, b->bytes, a->size) == 0);
}

void ref_vector_free(struct vector *vector)
{
    free(vector->bytes);
    *vector = (struct vector){0};
}

/* ---- Sets of vectors ---- */

/* Eight bytes at a time: multiplied and mixed. */
static size_t hash(const struct vector *value)
{
    uint64_t h = value->size;
    for (size_t i = 0; i < value->size; i += sizeof(uint64_t)) {
        uint64_t word = 0;
        const size_t left = value->size - i;
        memcpy(&word, value->bytes + i, left < sizeof(word) ? left : sizeof(word));
        h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        h ^= h >> 32;
    }
    return (size_t)h;
}

/* The slot that holds the value, or the free one where it belongs. */
static size_t *find_slot(const struct value_set *set, const struct vector *value)
{
    size_t slot = hash(value) & (set->slot_count - 1);
    while (set->slots[slot] && !ref_vector_equal(&set->values[set->slots[slot] - 1], value))
        slot = (slot + 1) & (set->slot_count - 1);
    return &set->slots[slot];
}

static void grow_slots(struct value_set *set)
{
    set->slot_count = set->slot_count ? 2 * set->slot_count : SLOTS_FIRST;
    free(set->slots);
    set->slots = need(calloc(set->slot_count, sizeof(*set->slots)));
    for (size_t i = 0; i < set->count; i++)
        *find_slot(set, &set->values[i]) = i + 1;
}

bool ref_value_set_insert(struct value_set *set, const struct vector *value)
{
    if (2 * (set->count + 1) > set->slot_count)
        grow_slots(set);
    size_t *slot = find_slot(set, value);
    if (*slot)
        return false;
    if (set->count == set->capacity) {
        set->capacity = set->capacity ? 2 * set->capacity : SLOTS_FIRST;
        set->values = need(realloc(set->values, set->capacity * sizeof(*set->values)));
    }
    set->values[set->count] = (struct vector){0};
    ref_vector_assign(&set->values[set->count], value);
    *slot = ++set->count;
    return true;
}

void ref_value_set_free(struct value_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        ref_vector_free(&set->values[i]);
    free(set->values);
    free(set->slots);
    *set = (struct value_set){0};
}

/* ---- A state's layout ---- */

const struct gs_role *ref_node_role(const struct search *search, unsigned node)
{
    return &search->run->model->roles[search->run->nodes[node].role];
}

/* The role's struct, armed timers, up: as core/step.h hands them out. */
size_t ref_node_local_size(const struct search *search, unsigned node)
{
    return ref_node_role(search, node)->size + TIMER_BYTES + UP_BYTES;
}

/* Protocol code reads structs where they stand. */
static size_t align(size_t at)
{
    return (at + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

void ref_search_lay_out(struct search *search)
{
    size_t at = 0;
    for (unsigned n = 0; n < search->run->node_count; n++) {
        search->local_at[n] = at;
        at = align(at + ref_node_local_size(search, n));
    }
    for (unsigned m = 0; m < search->monitor_count; m++) {
        search->monitor_at[m] = at;
        at = align(at + (search->monitor_on[m] ? run_monitor(search->run, m)->size : 0));
    }
    search->spent_at = at;
    search->side_at = search->spent_at + GS_FAULTS * SPENT_BYTES;
    search->mail_at = search->side_at + SIDE_BYTES;
    search->entry_size = 2 + search->run->model->message_size;
}

/* ---- Locals ---- */

uint8_t *ref_state_local(const struct search *search, const struct vector *state, unsigned node)
{
    assert(node < search->run->node_count);
    return state->bytes + search->local_at[node];
}

bool ref_state_is_up(const struct search *search, const struct vector *state, unsigned node)
{
    return ref_state_local(search, state, node)[ref_node_role(search, node)->size + TIMER_BYTES];
}

void ref_state_set_up(const struct search *search, struct vector *state, unsigned node, bool up)
{
    ref_state_local(search, state, node)[ref_node_role(search, node)->size + TIMER_BYTES] = up;
}

uint64_t ref_state_armed(const struct search *search, const struct vector *state, unsigned node)
{
    uint64_t armed;
    memcpy(&armed, ref_state_local(search, state, node) + ref_node_role(search, node)->size, sizeof(armed));
    return armed;
}

void ref_state_disarm_all(const struct search *search, struct vector *state, unsigned node)
{
    memset(ref_state_local(search, state, node) + ref_node_role(search, node)->size, 0, TIMER_BYTES);
}

/* ---- Links and budgets ---- */

uint64_t ref_state_side(const struct search *search, const struct vector *state)
{
    uint64_t side;
    memcpy(&side, state->bytes + search->side_at, sizeof(side));
    return side;
}

void ref_state_set_side(const struct search *search, struct vector *state, uint64_t side)
{
    memcpy(state->bytes + search->side_at, &side, sizeof(side));
}

bool ref_state_link_is_cut(const struct search *search, const struct vector *state, unsigned from, unsigned to)
{
    const uint64_t side = ref_state_side(search, state);
    return side != 0 && (side >> from & 1) != (side >> to & 1);
}

static int64_t spent(const struct search *search, const struct vector *state, enum gs_fault fault)
{
    int64_t times;
    memcpy(&times, state->bytes + search->spent_at + fault * SPENT_BYTES, sizeof(times));
    return times;
}

bool ref_state_has_budget(const struct search *search, const struct vector *state, enum gs_fault fault)
{
    const int64_t budget = search->run->budgets[fault];
    return budget < 0 || spent(search, state, fault) < budget;
}

void ref_state_spend(const struct search *search, struct vector *state, enum gs_fault fault)
{
    assert(ref_state_has_budget(search, state, fault));
    if (search->run->budgets[fault] < 0)
        return; /* unlimited: not part of the state */
    const int64_t times = spent(search, state, fault) + 1;
    memcpy(state->bytes + search->spent_at + fault * SPENT_BYTES, &times, sizeof(times));
}
