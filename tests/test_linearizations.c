/* The monitors over clients' operations against the plain decision procedure, on random histories of every sequential
 * model: runs of a real object, most of them with a lie in them. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <string.h>

#include "core/guard.h"
#include "core/judge.h"
#include "properties/client.h"
#include "properties/linearizability.h"
#include "tests/scale.h"

enum { PROCESSES = 3, OPERATIONS = 8, ABANDONED = 1, BYTES = 256 };

static uint64_t random_state;

static unsigned draw(unsigned n)
{
    random_state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = random_state;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (unsigned)((z ^ (z >> 31)) % n);
}

/* ---- Random operations and answers ---- */

static void put_numbers(struct gs_buffer *buffer, unsigned count)
{
    gs_put_list(buffer, count);
    for (unsigned i = 0; i < count; i++)
        gs_put_integer(buffer, 1 + draw(3));
}

static bool is_model(const struct gs_sequential *model, const char *name)
{
    return strcmp(model->name, name) == 0;
}

/* A transaction of one or two parts. */
static void put_transaction(struct gs_buffer *buffer, bool is_append)
{
    const unsigned parts = 1 + draw(2);
    gs_put_list(buffer, parts);
    for (unsigned i = 0; i < parts; i++) {
        const bool reads = draw(2);
        const char *name = reads ? (is_append ? "r" : "read") : is_append ? "append" : "write";
        gs_put_list(buffer, 3);
        gs_put_text(buffer, name, strlen(name));
        gs_put_integer(buffer, 1 + draw(2));
        if (reads)
            gs_put(buffer, GS_NIL);
        else
            gs_put_integer(buffer, 1 + draw(2));
    }
}

static void put_argument(const struct gs_sequential *model, const char *function, struct gs_buffer *buffer)
{
    const bool is_append = is_model(model, "list-append");
    if (is_append || is_model(model, "multi-register"))
        put_transaction(buffer, is_append);
    else if (strcmp(function, "cas") == 0)
        put_numbers(buffer, 2);
    else if (strcmp(function, "write") == 0 || strcmp(function, "put") == 0 || strcmp(function, "append") == 0 ||
             strcmp(function, "enq") == 0 || strcmp(function, "push") == 0 || strcmp(function, "insert") == 0 ||
             (strcmp(function, "add") == 0 && is_model(model, "set")))
        gs_put_integer(buffer, 1 + draw(3));
    else
        gs_put(buffer, GS_NIL);
}

/* The transaction with something that its reads might have seen. */
static void put_transaction_answer(gs_value argument, bool is_append, struct gs_buffer *buffer)
{
    gs_span rest = gs_list_items(argument);
    gs_put_list(buffer, gs_value_count(argument));
    for (gs_value part, name, key, value; gs_next(&rest, &part);) {
        gs_span items = gs_list_items(part);
        gs_next(&items, &name);
        gs_next(&items, &key);
        gs_next(&items, &value);
        gs_put_list(buffer, 3);
        gs_put(buffer, name);
        gs_put(buffer, key);
        if (gs_value_kind(value) != GS_VALUE_NIL)
            gs_put(buffer, value);
        else if (draw(3) == 0)
            gs_put(buffer, GS_NIL);
        else if (is_append)
            put_numbers(buffer, 1 + draw(2));
        else
            gs_put_integer(buffer, 1 + draw(2));
    }
}

static void put_answer(const struct gs_sequential *model, gs_value argument, struct gs_buffer *buffer)
{
    const bool is_append = is_model(model, "list-append");
    if (is_append || is_model(model, "multi-register")) {
        put_transaction_answer(argument, is_append, buffer);
        return;
    }
    switch (draw(6)) {
    case 0:
        gs_put(buffer, GS_NIL);
        break;
    case 1:
        gs_put(buffer, GS_TRUE);
        break;
    case 2:
        gs_put(buffer, GS_FALSE);
        break;
    case 3:
        put_numbers(buffer, draw(4));
        break;
    default:
        gs_put_integer(buffer, draw(4));
    }
}

/* ---- One history ---- */

/* A process and its operation. */
struct process {
    uint8_t number;
    enum { IDLE, INVOKED, EFFECTIVE } phase;
    struct gs_invocation invocation;
    struct gs_flat result; /* of what took effect */
    size_t index;          /* in the plain history */
};

struct trial {
    const struct gs_sequential *model;
    struct gs_operations operations;
    struct gs_monitor monitors[2];
    struct gs_linearizations linearizations;
    struct gs_kept_history kept;
    struct gs_history history;
    struct process processes[PROCESSES];
    unsigned invoked, abandoned;
    struct {
        uint8_t bytes[BYTES];
        size_t size;
    } states[4]; /* of the object, by key */
};

static void announce(struct trial *trial, int announcement, const void *announced)
{
    trial->monitors[0].ready->announced(NULL, &trial->monitors[0], &trial->linearizations, announcement, announced);
    trial->monitors[1].ready->announced(NULL, &trial->monitors[1], &trial->kept, announcement, announced);
}

static void begin(struct trial *trial, const struct gs_sequential *model)
{
    *trial = (struct trial){.model = model, .operations = {model, 0, 1}};
    trial->monitors[0] = (struct gs_monitor)GS_LINEARIZATIONS("linearizations", trial->operations);
    trial->monitors[1] = (struct gs_monitor)GS_HISTORY("history", trial->operations);
    for (uint8_t p = 0; p < PROCESSES; p++)
        trial->processes[p].number = p;
    for (size_t k = 0; k < 4; k++) {
        struct gs_buffer state = {trial->states[k].bytes, 0, BYTES};
        cr_assert(model->init(GS_UNKNOWN, &state));
        trial->states[k].size = state.size;
    }
}

static void invoke(struct trial *trial, struct process *process)
{
    const struct gs_sequential *model = trial->model;
    unsigned functions = 0;
    while (model->functions[functions])
        functions++;
    uint8_t bytes[BYTES];
    struct gs_buffer argument = {bytes, 0, sizeof(bytes)};
    struct gs_invocation *invocation = &process->invocation;
    *invocation = (struct gs_invocation){.process = process->number, .function = (uint8_t)draw(functions)};
    const bool names_keys = model->by_key || is_model(model, "hashset+empty");
    if (names_keys && draw(4))
        invocation->key = (uint8_t)(1 + draw(2));
    put_argument(model, model->functions[invocation->function], &argument);
    if (!gs_flat_from(gs_written(&argument), &invocation->argument))
        return;
    struct gs_full_operation full;
    gs_full_operation(&full, invocation->function, invocation->key, &invocation->argument, NULL);
    if (model->check && model->check(&full.operation))
        return;
    full.operation.key = gs_history_keep(&trial->history, full.operation.key);
    full.operation.argument = gs_history_keep(&trial->history, full.operation.argument);
    process->index = gs_history_invoke(&trial->history, process->number, &full.operation);
    process->phase = INVOKED;
    trial->invoked++;
    announce(trial, 0, invocation);
}

/* A random answer that the model would take from this operation. */
static bool random_answer(const struct trial *trial, const struct gs_invocation *invocation, struct gs_flat *answer)
{
    uint8_t bytes[BYTES], argument_bytes[GS_FLAT_STORAGE];
    struct gs_buffer buffer = {bytes, 0, sizeof(bytes)};
    struct gs_full_operation full;
    put_answer(trial->model, gs_flat_value(&invocation->argument, argument_bytes), &buffer);
    return gs_flat_from(gs_written(&buffer), answer) &&
           (!trial->model->check || !trial->model->check(gs_full_operation(&full, invocation->function, invocation->key,
                                                                           &invocation->argument, answer)));
}

/* The operation takes effect if an answer is found that fits. */
static void take_effect(struct trial *trial, struct process *process)
{
    const size_t object = trial->model->by_key ? process->invocation.key : 0;
    for (int tries = 0; tries < 60 && process->phase == INVOKED; tries++) {
        struct gs_flat answer;
        struct gs_full_operation full;
        uint8_t bytes[BYTES];
        struct gs_buffer next = {bytes, 0, sizeof(bytes)};
        if (!random_answer(trial, &process->invocation, &answer))
            continue;
        const struct gs_operation *operation = gs_full_operation(
            &full, process->invocation.function, process->invocation.key, &process->invocation.argument, &answer);
        if (!trial->model->apply((gs_span){trial->states[object].bytes, trial->states[object].size}, operation, &next))
            continue;
        memcpy(trial->states[object].bytes, bytes, next.size);
        trial->states[object].size = next.size;
        process->result = answer;
        process->phase = EFFECTIVE;
    }
}

static void finish(struct trial *trial, struct process *process, enum gs_outcome outcome)
{
    struct gs_return returned = {.process = process->number, .outcome = (uint8_t)outcome};
    uint8_t bytes[GS_FLAT_STORAGE];
    if (outcome == GS_OK)
        returned.result = process->result;
    announce(trial, 1, &returned);
    gs_history_return(&trial->history, process->index, outcome,
                      outcome == GS_OK ? gs_history_keep(&trial->history, gs_flat_value(&returned.result, bytes))
                                       : GS_UNKNOWN);
    process->phase = IDLE;
    if (outcome == GS_OPEN)
        process->number = (uint8_t)(process->number + PROCESSES * (1 + trial->abandoned++ / PROCESSES));
}

/* Most answers are what took effect; some are lies. */
static void answer_somehow(struct trial *trial, struct process *process)
{
    struct gs_flat lie;
    if (process->phase == INVOKED)
        take_effect(trial, process);
    if (draw(12) == 0 && trial->abandoned < ABANDONED)
        finish(trial, process, GS_OPEN);
    else if (draw(12) == 0)
        finish(trial, process, GS_FAILED);
    else if (draw(8) == 0 && random_answer(trial, &process->invocation, &lie)) {
        process->result = lie;
        finish(trial, process, GS_OK);
    } else if (process->phase == EFFECTIVE)
        finish(trial, process, GS_OK);
}

static void play(struct trial *trial)
{
    for (int events = 0; events < 60; events++) {
        struct process *process = &trial->processes[draw(PROCESSES)];
        if (process->phase == IDLE && trial->invoked < OPERATIONS)
            invoke(trial, process);
        else if (process->phase == INVOKED && draw(2))
            take_effect(trial, process);
        else if (process->phase != IDLE)
            answer_somehow(trial, process);
    }
}

static bool monitor_holds(const struct trial *trial, size_t monitor)
{
    struct gs_view view = {.monitor =
                               monitor ? (const uint8_t *)&trial->kept : (const uint8_t *)&trial->linearizations};
    return trial->monitors[monitor].ready->linearizable(&view, &trial->monitors[monitor]);
}

static bool plain_holds(const struct trial *trial)
{
    struct gs_decision decision;
    cr_assert(gs_decide(&trial->history, trial->model, GS_UNKNOWN, GS_LINEARIZABLY, &(struct gs_decision_limits){0},
                        &decision));
    cr_assert(ne(int, decision.decided, GS_UNDECIDED));
    const bool holds = decision.decided == GS_CONSISTENT;
    gs_decision_free(&decision);
    return holds;
}

/* Plays one history and judges it in all ways. */
static bool is_linearizable(const struct gs_sequential *model, uint64_t seed)
{
    static struct trial trial;
    random_state = seed;
    begin(&trial, model);
    play(&trial);
    const bool plain = plain_holds(&trial);
    cr_expect(eq(int, monitor_holds(&trial, 0), plain), "linearizations, %s, seed %llu", model->name,
              (unsigned long long)seed);
    cr_expect(eq(int, monitor_holds(&trial, 1), plain), "history, %s, seed %llu", model->name,
              (unsigned long long)seed);
    gs_history_free(&trial.history);
    return plain;
}

static void judge_many(void *model)
{
    for (uint64_t seed = 0; seed < 200; seed++)
        is_linearizable(model, seed);
}

/* What is not ready-made is asked twice in a guarded call, and held to its promises: these keep them. */
Test(linearizations, finds_no_fault_with_the_ready_made_models)
{
    char explanation[200] = "";
    for (size_t m = 0; gs_sequential_models[m]; m++) {
        struct gs_sequential copy = *gs_sequential_models[m];
        cr_expect(guard_call(judge_many, &copy, explanation, sizeof(explanation)), "%s: %s", copy.name, explanation);
    }
}

Test(linearizations, agrees_with_the_plain_procedure_on_100000_random_histories)
{
    enum { HISTORIES = IS_SLOW ? 20000 : 100000 };
    size_t models = 0;
    while (gs_sequential_models[models])
        models++;
    for (size_t m = 0; m < models; m++) {
        const uint64_t histories = HISTORIES / models + 1;
        uint64_t linearizable = 0;
        for (uint64_t i = 0; i < histories; i++)
            linearizable += is_linearizable(gs_sequential_models[m], i * models + m);
        /* Neither answer alone would do. */
        cr_expect(gt(u64, linearizable, histories / 10), "%s", gs_sequential_models[m]->name);
        cr_expect(lt(u64, linearizable, histories - histories / 10), "%s", gs_sequential_models[m]->name);
    }
}
