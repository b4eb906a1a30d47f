/* A depth-first search for one order of all operations in which each client's stand in its own order: sequential
 * consistency (Lamport, "How to Make a Multiprocessor Computer That Correctly Executes Multiprocess Programs", 1979).
 * Real time does not count, so keys cannot be decided apart: each has its state in the configuration.
 *
 * A configuration is how far each client is, and the state of each key. A read that can take effect does so at once,
 * without an alternative: in any order that goes on from here it can be moved forward to here, since no other operation
 * notices. What never returned, and comes last of its client's, may be left out. */
#include <stdlib.h>
#include <string.h>

#include "core/die.h"
#include "properties/asking.h"
#include "properties/automaton.h"
#include "properties/numbering.h"
#include "properties/search_order.h"
#include "properties/visited.h"

struct step {
    uint32_t operation; /* into object->operations */
    uint32_t class_number, key;
    bool is_read;
};

struct frame {
    uint32_t configuration, next; /* the client to try */
};

struct sequence_search {
    const struct object *object;
    struct automaton *automaton;
    struct visited *visited;
    struct step *steps; /* client after client */
    uint32_t *starts;   /* per client its first step, and the end */
    uint32_t *needed;   /* per client: steps that must be placed */
    size_t client_count, key_count, words_size;
    struct frame *stack;
    size_t depth, stack_capacity;
    uint32_t *positions; /* the configuration that is being made: of each client, then the state of each key */
    uint64_t placed_most;
    uint32_t furthest;
    enum gs_decided decided;
};

static const struct gs_recorded *recorded(const struct object *object, size_t i)
{
    return &object->history->operations[object->operations[i]];
}

/* ---- What is tried when */

static gs_span client_bytes(const struct gs_recorded *operation)
{
    return (gs_span){(const uint8_t *)&operation->client, sizeof(operation->client)};
}

/* Sorts the operations by client, each client's as they were invoked. */
static void lay_out_clients(struct sequence_search *search)
{
    const struct object *object = search->object;
    struct numbering clients = {0};
    for (size_t i = 0; i < object->count; i++)
        numbering_of(&clients, client_bytes(recorded(object, i)));
    search->client_count = clients.count;
    search->starts = die_calloc(clients.count + 2, sizeof(uint32_t));
    for (size_t i = 0; i < object->count; i++)
        search->starts[numbering_of(&clients, client_bytes(recorded(object, i))) + 2]++;
    for (size_t c = 2; c < clients.count + 2; c++)
        search->starts[c] += search->starts[c - 1];
    for (uint32_t i = 0; i < object->count; i++) /* afterwards, starts[c + 1] is where client c ends */
        search->steps[search->starts[numbering_of(&clients, client_bytes(recorded(object, i))) + 1]++].operation = i;
    numbering_free(&clients);
}

static void number_classes(struct sequence_search *search)
{
    const struct object *object = search->object;
    struct numbering keys = {0};
    for (size_t i = 0; i < object->count; i++) {
        const struct gs_operation *operation = &recorded(object, search->steps[i].operation)->operation;
        search->steps[i].class_number = automaton_class(search->automaton, operation, !object->model->by_key);
        search->steps[i].key = object->model->by_key ? numbering_of(&keys, operation->key) : 0;
        search->steps[i].is_read = object->model->is_read != NULL && object->model->is_read(operation);
    }
    search->key_count = keys.count == 0 ? 1 : keys.count;
    numbering_free(&keys);
}

/* Open operations at a client's end need not be placed. */
static void count_needed(struct sequence_search *search)
{
    search->needed = die_calloc(search->client_count + 1, sizeof(uint32_t));
    for (size_t c = 0; c < search->client_count; c++)
        for (uint32_t at = search->starts[c]; at < search->starts[c + 1]; at++)
            if (recorded(search->object, search->steps[at].operation)->returned != GS_NEVER)
                search->needed[c] = at + 1 - search->starts[c];
}

/* ---- Configurations */

/* The client's next step; NULL: it has done all. */
static const struct step *next_step(const struct sequence_search *search, const uint32_t *positions, size_t client)
{
    const uint32_t at = search->starts[client] + positions[client];
    return at < search->starts[client + 1] ? &search->steps[at] : NULL;
}

/* Does the client's next step, if it can take effect. */
static bool advance(struct sequence_search *search, uint32_t *positions, size_t client)
{
    const struct step *step = next_step(search, positions, client);
    uint32_t *state = positions + search->client_count + (step == NULL ? 0 : step->key), before = *state;
    if (step == NULL || !automaton_step(search->automaton, *state, step->class_number, state))
        return false;
    if (step->is_read && *state != before)
        model_breaks(search->object->model, "is_read", &recorded(search->object, step->operation)->operation,
                     MODEL_READ_CHANGES);
    positions[client]++;
    return true;
}

/* Does all reads that can take effect. True: all that must be placed is. */
static bool settle(struct sequence_search *search, uint32_t *positions, struct failure *order)
{
    bool is_complete = true;
    for (size_t c = 0; c < search->client_count; c++) {
        const struct step *step;
        while ((step = next_step(search, positions, c)) != NULL && step->is_read && advance(search, positions, c))
            if (order != NULL)
                failure_add(order, step->operation);
        is_complete = is_complete && positions[c] >= search->needed[c];
    }
    return is_complete;
}

static uint64_t placed_by(const struct sequence_search *search, const uint32_t *positions)
{
    uint64_t placed = 0;
    for (size_t c = 0; c < search->client_count; c++)
        placed += positions[c];
    return placed;
}

static void arrive(struct sequence_search *search, uint32_t from, uint32_t by)
{
    if (settle(search, search->positions, NULL)) {
        search->decided = GS_CONSISTENT;
        return;
    }
    const uint32_t number = visited_add(search->visited, (const uint64_t *)search->positions, from, by);
    if (number == VISITED_NONE)
        return;
    if (placed_by(search, search->positions) > search->placed_most) {
        search->placed_most = placed_by(search, search->positions);
        search->furthest = number;
    }
    search->stack = die_grow(search->stack, &search->stack_capacity, search->depth + 1, sizeof(*search->stack));
    search->stack[search->depth++] = (struct frame){number, 0};
}

enum gs_decided sequence_search_run(struct sequence_search *search, uint64_t *attempts)
{
    while (search->decided == GS_UNDECIDED && *attempts > 0) {
        if (search->depth == 0) {
            search->decided = GS_INCONSISTENT;
            break;
        }
        struct frame *frame = &search->stack[search->depth - 1];
        const uint32_t from = frame->configuration, client = frame->next++;
        if (client == search->client_count) {
            search->depth--;
            continue;
        }
        memcpy(search->positions, visited_words(search->visited, from), search->words_size);
        --*attempts;
        if (advance(search, search->positions, client))
            arrive(search, from, client);
    }
    return search->decided;
}

struct sequence_search *sequence_search_new(const struct object *object)
{
    struct sequence_search *search = die_calloc(1, sizeof(*search));
    search->object = object;
    search->automaton = automaton_new(object->model, object->initial);
    search->steps = die_calloc(object->count, sizeof(*search->steps));
    lay_out_clients(search);
    number_classes(search);
    count_needed(search);
    const size_t words = (search->client_count + search->key_count + 1) / 2;
    search->words_size = words * sizeof(uint64_t);
    search->positions = die_calloc(words, sizeof(uint64_t));
    search->visited = visited_new(words, 0);
    arrive(search, VISITED_NONE, VISITED_NONE);
    return search;
}

uint64_t sequence_search_configurations(const struct sequence_search *search)
{
    return visited_count(search->visited);
}

size_t sequence_search_memory(const struct sequence_search *search)
{
    return automaton_memory(search->automaton) + visited_memory(search->visited) +
           search->stack_capacity * sizeof(*search->stack);
}

/* The clients whose steps led to a configuration, the last one first. */
static size_t path_back(const struct sequence_search *search, uint32_t configuration, uint32_t *path)
{
    size_t length = 0;
    for (uint32_t at = configuration; visited_by(search->visited, at) != VISITED_NONE;
         at = visited_from(search->visited, at))
        path[length++] = visited_by(search->visited, at);
    return length;
}

/* What is stuck is the first operation, as they were invoked, that a client would have to do next. */
void sequence_search_explain(struct sequence_search *search, struct failure *failure)
{
    uint32_t *path = die_alloc((search->object->count + 1) * sizeof(uint32_t));
    memset(search->positions, 0, search->words_size);
    settle(search, search->positions, failure);
    for (size_t left = path_back(search, search->furthest, path); left > 0; left--) {
        const struct step *step = next_step(search, search->positions, path[left - 1]);
        expect_as_before(search->object->model, advance(search, search->positions, path[left - 1]));
        failure_add(failure, step->operation);
        settle(search, search->positions, failure);
    }
    failure->stuck = SIZE_MAX;
    for (size_t c = 0; c < search->client_count; c++) {
        const struct step *step = next_step(search, search->positions, c);
        if (step != NULL && search->positions[c] < search->needed[c] && step->operation < failure->stuck)
            failure->stuck = step->operation;
    }
    expect_as_before(search->object->model, failure->stuck != SIZE_MAX);
    free(path);
}

void sequence_search_free(struct sequence_search *search)
{
    if (search == NULL)
        return;
    automaton_free(search->automaton);
    visited_free(search->visited);
    free(search->steps);
    free(search->starts);
    free(search->needed);
    free(search->positions);
    free(search->stack);
    free(search);
}
