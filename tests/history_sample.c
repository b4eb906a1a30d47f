#include "tests/history_sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/die.h"

enum { CLIENTS = 4, KEYS = 2, STATE_SIZE = 512, OPERATIONS_MAX = 16, GUESSES = 24 };

uint64_t sample_random(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

/* A state in memory of its own. */
struct state {
    uint8_t bytes[STATE_SIZE];
    size_t size;
};

static gs_span span_of(const struct state *state)
{
    return (gs_span){state->bytes, state->size};
}

static struct state initial_state(const struct gs_sequential *model, gs_value initial)
{
    struct state state = {.size = 0};
    struct gs_buffer buffer = {state.bytes, 0, STATE_SIZE};
    must(model->init(initial, &buffer) && buffer.size <= STATE_SIZE);
    state.size = buffer.size;
    return state;
}

static bool apply(const struct gs_sequential *model, struct state *state, const struct gs_operation *operation)
{
    struct state next = {.size = 0};
    struct gs_buffer buffer = {next.bytes, 0, STATE_SIZE};
    if (!model->apply(span_of(state), operation, &buffer))
        return false;
    must(buffer.size <= STATE_SIZE);
    next.size = buffer.size;
    *state = next;
    return true;
}

/* ---- Random operations */

struct sampling {
    const struct gs_sequential *model;
    uint64_t random;
    struct gs_history history;
    struct state states[KEYS];
    size_t keys, in_flight[CLIENTS]; /* operation + 1 */
    bool has_ended[CLIENTS], has_effect[OPERATIONS_MAX];
    gs_value results[OPERATIONS_MAX];
};

static unsigned below(struct sampling *sampling, unsigned n)
{
    return (unsigned)(sample_random(&sampling->random) % n);
}

static bool is_model(const struct sampling *sampling, const char *name)
{
    return strcmp(sampling->model->name, name) == 0;
}

static void put_scalar(struct sampling *sampling, struct gs_buffer *value)
{
    static const char *const texts[] = {"a", "b", "ab", ""};
    if (is_model(sampling, "kv")) {
        const char *text = texts[below(sampling, 4)];
        gs_put_text(value, text, strlen(text));
    } else {
        gs_put_integer(value, below(sampling, 3));
    }
}

static gs_value key_named(unsigned key)
{
    return (gs_value){(const uint8_t *)(key == 0 ? "\x05\x01x" : "\x05\x01y"), 3};
}

/* [[NAME, KEY, VALUE], ...] */
static void put_transaction(struct sampling *sampling, struct gs_buffer *value)
{
    const bool appends = is_model(sampling, "list-append");
    const unsigned parts = 1 + below(sampling, 2);
    gs_put_list(value, parts);
    for (unsigned i = 0; i < parts; i++) {
        const bool reads = below(sampling, 2) == 0;
        const char *name = reads ? (appends ? "r" : "read") : (appends ? "append" : "write");
        gs_put_list(value, 3);
        gs_put_text(value, name, strlen(name));
        gs_put(value, key_named(below(sampling, 2)));
        if (reads)
            gs_put(value, GS_NIL);
        else
            gs_put_integer(value, below(sampling, 3));
    }
}

static void put_argument(struct sampling *sampling, const char *function, struct gs_buffer *value)
{
    static const char *const with_scalar[] = {"write", "put", "append", "enq", "push", "insert"};
    if (strcmp(function, "txn") == 0) {
        put_transaction(sampling, value);
        return;
    }
    if (strcmp(function, "cas") == 0) {
        gs_put_list(value, 2);
        put_scalar(sampling, value);
        put_scalar(sampling, value);
        return;
    }
    bool takes_scalar = is_model(sampling, "set") && strcmp(function, "add") == 0;
    for (size_t i = 0; i < sizeof(with_scalar) / sizeof(*with_scalar); i++)
        takes_scalar |= strcmp(function, with_scalar[i]) == 0;
    if (takes_scalar)
        put_scalar(sampling, value);
    else
        gs_put(value, GS_NIL);
}

/* ---- Random results, of which some are right */

/* What a state holds for a key, of models of transactions. */
static gs_value stored(gs_span state, gs_value key)
{
    for (gs_value name, value; gs_next(&state, &name) && gs_next(&state, &value);)
        if (gs_span_equal(name, key))
            return value;
    return GS_NIL;
}

static void put_answered_transaction(struct sampling *sampling, gs_span state, gs_value argument,
                                     struct gs_buffer *value)
{
    gs_span parts = gs_list_items(argument);
    gs_put_list(value, gs_value_count(argument));
    for (gs_value part; gs_next(&parts, &part);) {
        gs_span items = gs_list_items(part);
        gs_value name, key, asked;
        must(gs_next(&items, &name) && gs_next(&items, &key) && gs_next(&items, &asked));
        gs_put_list(value, 3);
        gs_put(value, name);
        gs_put(value, key);
        if (gs_value_kind(asked) != GS_VALUE_NIL)
            gs_put(value, asked);
        else if (below(sampling, 4) > 0)
            gs_put(value, stored(state, key));
        else if (is_model(sampling, "list-append")) {
            gs_put_list(value, 1);
            gs_put_integer(value, below(sampling, 3));
        } else
            gs_put_integer(value, below(sampling, 3));
    }
}

static void put_list_of(gs_span state, bool without_first, struct gs_buffer *value)
{
    gs_span rest = state;
    size_t count = 0;
    gs_value item;
    if (without_first && gs_next(&rest, &item))
        state = rest;
    rest = state;
    while (gs_next(&rest, &item))
        count++;
    gs_put_list(value, count);
    gs_put(value, state);
}

static void put_result(struct sampling *sampling, const struct gs_operation *operation, gs_span state,
                       struct gs_buffer *value)
{
    const char *function = sampling->model->functions[operation->function];
    const unsigned choice = below(sampling, 6);
    if (strcmp(function, "txn") == 0)
        put_answered_transaction(sampling, state, operation->argument, value);
    else if (is_model(sampling, "set") && strcmp(function, "read") == 0)
        put_list_of(state, choice == 0, value);
    else if (strcmp(function, "get") == 0 && choice > 0)
        gs_put_text(value, (const char *)state.bytes, state.size);
    else if (strcmp(function, "read") == 0 && choice > 0)
        gs_put(value, state);
    else if (strncmp(sampling->model->name, "hashset", 7) == 0 || is_model(sampling, "trylock"))
        gs_put(value, choice % 2 ? GS_TRUE : GS_FALSE);
    else if (is_model(sampling, "semaphore") || strcmp(function, "cas") == 0)
        gs_put(value, choice % 2 ? GS_TRUE : GS_FALSE);
    else if (is_model(sampling, "mutex"))
        gs_put(value, GS_NIL);
    else if (choice > 3 && strcmp(function, "len") != 0 && strcmp(function, "get") != 0)
        gs_put(value, GS_NIL);
    else
        put_scalar(sampling, value);
}

static gs_value random_result(struct sampling *sampling, const struct gs_operation *operation, gs_span state)
{
    uint8_t bytes[STATE_SIZE];
    struct gs_buffer value = {bytes, 0, sizeof(bytes)};
    put_result(sampling, operation, state, &value);
    must(value.size <= value.capacity);
    return gs_history_keep(&sampling->history, gs_written(&value));
}

/* ---- Histories */

static struct state *state_of(struct sampling *sampling, const struct gs_operation *operation)
{
    return &sampling->states[sampling->model->by_key && gs_span_equal(operation->key, key_named(1))];
}

/* Lets it take effect now, with a result that is right; not at all if it cannot. */
static void take_effect(struct sampling *sampling, size_t index)
{
    struct gs_operation operation = sampling->history.operations[index].operation;
    struct state *state = state_of(sampling, &operation);
    for (int i = 0; i < GUESSES && !sampling->has_effect[index]; i++) {
        operation.result = random_result(sampling, &operation, span_of(state));
        sampling->has_effect[index] = apply(sampling->model, state, &operation);
        sampling->results[index] = operation.result;
    }
}

static void invoke(struct sampling *sampling, unsigned client)
{
    uint8_t bytes[STATE_SIZE];
    struct gs_buffer argument = {bytes, 0, sizeof(bytes)};
    struct gs_operation operation = {.key = key_named(below(sampling, (unsigned)sampling->keys))};
    unsigned functions = 0;
    while (sampling->model->functions[functions] != NULL)
        functions++;
    operation.function = (int)below(sampling, functions);
    put_argument(sampling, sampling->model->functions[operation.function], &argument);
    operation.argument = gs_history_keep(&sampling->history, gs_written(&argument));
    const size_t index = gs_history_invoke(&sampling->history, client, &operation);
    sampling->in_flight[client] = index + 1;
    if (below(sampling, 3) == 0)
        take_effect(sampling, index);
}

static void finish(struct sampling *sampling, unsigned client)
{
    const size_t index = sampling->in_flight[client] - 1;
    const struct gs_operation *operation = &sampling->history.operations[index].operation;
    const unsigned choice = below(sampling, 12);
    sampling->in_flight[client] = 0;
    if (choice != 0 || below(sampling, 2) == 0)
        take_effect(sampling, index);
    if (choice == 1) {
        sampling->has_ended[client] = true;
        gs_history_return(&sampling->history, index, GS_OPEN, GS_UNKNOWN);
    } else if (!sampling->has_effect[index] && below(sampling, 5) > 0) {
        gs_history_return(&sampling->history, index, GS_FAILED, GS_UNKNOWN);
    } else {
        const gs_value other = random_result(sampling, operation, span_of(state_of(sampling, operation)));
        gs_history_return(&sampling->history, index, GS_OK,
                          choice <= 3 || !sampling->has_effect[index] ? other : sampling->results[index]);
    }
}

struct gs_history sample_history(const struct gs_sequential *model, uint64_t seed, size_t most)
{
    struct sampling sampling = {.model = model, .random = seed};
    const size_t count = 1 + below(&sampling, (unsigned)(most < OPERATIONS_MAX ? most : OPERATIONS_MAX));
    const unsigned clients = 1 + below(&sampling, CLIENTS);
    unsigned ended = 0;
    sampling.keys = below(&sampling, 3) == 0 ? 2 : 1;
    for (size_t k = 0; k < KEYS; k++)
        sampling.states[k] = initial_state(model, GS_UNKNOWN);
    while (ended < clients && sampling.history.count < count) {
        const unsigned client = below(&sampling, clients);
        if (sampling.in_flight[client] > 0)
            finish(&sampling, client);
        else if (!sampling.has_ended[client])
            invoke(&sampling, client);
        ended = 0;
        for (unsigned c = 0; c < clients; c++)
            ended += sampling.has_ended[c];
    }
    for (unsigned c = 0; c < clients; c++)
        if (sampling.in_flight[c] > 0 && below(&sampling, 4) > 0)
            finish(&sampling, c);
    return sampling.history;
}

/* ---- All orders */

struct brute_force {
    const struct gs_history *history;
    const struct gs_sequential *model;
    enum gs_consistency consistency;
    bool is_done[OPERATIONS_MAX];
};

/* Must `first` come before `second`? */
static bool is_before(const struct brute_force *brute, const struct gs_recorded *first,
                      const struct gs_recorded *second)
{
    return brute->consistency == GS_LINEARIZABLY ? first->returned < second->invoked
                                                 : first->client == second->client && first->invoked < second->invoked;
}

static bool may_be_next(const struct brute_force *brute, size_t index)
{
    const struct gs_recorded *operations = brute->history->operations;
    if (brute->is_done[index] || operations[index].outcome == GS_FAILED)
        return false;
    for (size_t i = 0; i < brute->history->count; i++)
        if (!brute->is_done[i] && operations[i].outcome != GS_FAILED &&
            is_before(brute, &operations[i], &operations[index]))
            return false;
    return true;
}

static bool is_complete(const struct brute_force *brute)
{
    for (size_t i = 0; i < brute->history->count; i++)
        if (!brute->is_done[i] && brute->history->operations[i].outcome == GS_OK)
            return false;
    return true;
}

static bool has_order(struct brute_force *brute, const struct state states[KEYS])
{
    if (is_complete(brute))
        return true;
    for (size_t i = 0; i < brute->history->count; i++) {
        const struct gs_operation *operation = &brute->history->operations[i].operation;
        struct state after[KEYS];
        memcpy(after, states, sizeof(after));
        if (!may_be_next(brute, i) ||
            !apply(brute->model, &after[brute->model->by_key && gs_span_equal(operation->key, key_named(1))],
                   operation))
            continue;
        brute->is_done[i] = true;
        const bool found = has_order(brute, after);
        brute->is_done[i] = false;
        if (found)
            return true;
    }
    return false;
}

bool brute_force_is_consistent(const struct gs_history *history, const struct gs_sequential *model, gs_value initial,
                               enum gs_consistency consistency)
{
    struct brute_force brute = {.history = history, .model = model, .consistency = consistency};
    struct state states[KEYS];
    for (size_t k = 0; k < KEYS; k++)
        states[k] = initial_state(model, initial);
    return has_order(&brute, states);
}

char *sample_text(const struct gs_history *history, const struct gs_sequential *model)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    must(out != NULL);
    for (size_t i = 0; i < history->count; i++) {
        const struct gs_recorded *recorded = &history->operations[i];
        char line[STATE_SIZE];
        struct gs_buffer buffer = {(uint8_t *)line, 0, sizeof(line)};
        gs_operation_print(model, &recorded->operation, &buffer);
        fprintf(out, "%lld: %lld-%lld %s %.*s\n", (long long)recorded->client, (long long)recorded->invoked,
                (long long)recorded->returned,
                recorded->outcome == GS_OK     ? "ok"
                : recorded->outcome == GS_OPEN ? "open"
                                               : "failed",
                (int)(buffer.size < sizeof(line) ? buffer.size : sizeof(line)), line);
    }
    fclose(out);
    return text;
}
