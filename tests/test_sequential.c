/* The ready-made sequential models, operation by operation, and the values that they work on. */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "cli/history_read.h"
#include "core/bytes.h"
#include "core/die.h"
#include "properties/sequential.h"

/* A JSON text as a value, in `memory`; without a text GS_NIL. */
static gs_value value_of(const char *text, struct bytes *memory)
{
    memory->size = 0;
    if (text == NULL)
        return GS_NIL;
    if (strcmp(text, "?") == 0)
        return GS_UNKNOWN;
    json_t *json = json_loads(text, JSON_DECODE_ANY, NULL);
    cr_assert(json != NULL, "%s", text);
    cr_assert(history_value_from_json(json, memory));
    json_decref(json);
    return (gs_value){memory->data, memory->size};
}

/* "FUNCTION ARGUMENT @KEY -> RESULT" done in a state; all but FUNCTION may be missing. */
static bool perform(const struct gs_sequential *model, char *text, const uint8_t *before, size_t size,
                    struct gs_buffer *next)
{
    struct bytes memory[3] = {{0}, {0}, {0}};
    char *arrow = strstr(text, " -> "), *at, *argument;
    struct gs_operation operation = {.key = GS_NIL};
    operation.result = value_of(arrow != NULL ? arrow + 4 : NULL, &memory[0]);
    if (arrow != NULL)
        *arrow = '\0';
    if ((at = strstr(text, " @")) != NULL) {
        operation.key = value_of(at + 2, &memory[1]);
        *at = '\0';
    }
    if ((argument = strchr(text, ' ')) != NULL)
        *argument++ = '\0';
    operation.argument = value_of(argument, &memory[2]);
    operation.function = gs_sequential_function(model, text);
    cr_assert(operation.function >= 0, "%s", text);
    if (arrow == NULL && gs_value_kind(operation.argument) != GS_VALUE_NIL)
        operation.result = operation.argument;
    const char *fault = model->check != NULL ? model->check(&operation) : NULL;
    cr_expect(fault == NULL, "%s: %s", text, fault ? fault : "");
    const bool is_possible = model->apply((gs_span){before, size}, &operation, next);
    for (size_t i = 0; i < 3; i++)
        bytes_free(&memory[i]);
    return is_possible;
}

/* How many of the operations, separated by "; ", can be done one after the other; prints the state after them. */
static size_t possible(const struct gs_sequential *model, const char *initial, const char *operations, char state[256])
{
    uint8_t bytes[2][1024];
    struct bytes memory = {0};
    struct gs_buffer now = {bytes[0], 0, sizeof(bytes[0])}, text = {(uint8_t *)state, 0, 255};
    size_t count = 0;
    char *copy = strdup(operations), *rest = copy;
    const bool can_begin = model->init(initial != NULL ? value_of(initial, &memory) : GS_UNKNOWN, &now);
    cr_assert(can_begin);
    for (char *operation = rest; operation != NULL; operation = rest) {
        struct gs_buffer next = {now.bytes == bytes[0] ? bytes[1] : bytes[0], 0, sizeof(bytes[0])};
        if ((rest = strstr(operation, "; ")) != NULL) {
            *rest = '\0';
            rest += 2;
        }
        if (!perform(model, operation, now.bytes, now.size, &next))
            break;
        now = next;
        count++;
    }
    gs_sequential_print(model, gs_written(&now), &text);
    state[text.size] = '\0';
    free(copy);
    bytes_free(&memory);
    return count;
}

static const struct {
    const char *model, *initial, *operations;
    size_t possible; /* the one behind them is not */
    const char *state;
} cases[] = {
    {"register", NULL, "read -> null; write 3; read -> 3; read -> ?; read -> 4", 4, "3"},
    {"register", "\"A\"", "read -> \"A\"; write 3; read -> \"3\"", 2, "3"},
    {"cas-register", "0", "cas [0,2]; cas [0,3]", 1, "2"},
    {"cas-register", "0", "cas [1,2] -> false; cas [0,2] -> false", 1, "0"},
    {"cas-register", "0", "cas [1,2] -> ?", 0, "0"},
    {"kv", NULL, "get -> \"\"; put \"a\"; append \"b\"; get -> \"ab\"; append 12; get -> \"ab12\"; get -> \"ab\"", 6,
     "\"ab12\""},
    {"set", NULL, "read -> []; add 2; add 1; add 2; read -> [2,1]; read -> [1,2,2]", 5, "{1, 2}"},
    {"set", NULL, "add 1; add 2; read -> [1]", 2, "{1, 2}"},
    {"set", "[3,1,3]", "read -> [1,3]; add 2; read -> [3,1]", 2, "{1, 2, 3}"},
    {"hashset", NULL, "contains @1 -> false; add @1 -> true; add @1 -> false; remove @1 -> true; remove @1 -> true", 4,
     "absent"},
    {"hashset", NULL, "add @1 -> ?; contains @1 -> true; contains @1 -> false", 2, "present"},
    {"hashset+empty", NULL,
     "empty -> true; add @2 -> true; empty -> false; contains @1 -> false; remove @2 -> true; empty -> false", 5, "{}"},
    {"fifo-queue", NULL, "deq -> null; enq 1; enq 2; peek -> 1; deq -> 1; deq -> ?; deq -> null; deq -> 2", 7, ""},
    {"fifo-queue", "[7,8]", "deq -> 7; deq -> 7", 1, "8"},
    {"stack", NULL, "push 1; push 2; len -> 2; peek -> 2; pop -> 2; pop -> 1; pop -> null; len -> 1", 7, ""},
    {"priority-queue", NULL,
     "insert 2; insert 300; insert -1; insert 2; peek -> 300; poll -> 300; poll -> 2; poll -> -1", 7, "2 -1"},
    {"mutex", NULL, "acquire; release; acquire; acquire", 3, "held"},
    {"mutex", "\"held\"", "release; release", 1, "free"},
    {"trylock", NULL, "acquire -> true; acquire -> false; release; acquire -> ?; acquire -> true", 4, "held"},
    {"semaphore", "1", "decr -> true; decr -> false; incr -> true; decr -> ?; decr -> ?; decr -> true", 5, "0"},
    {"multi-register", "{\"y\":1}",
     "txn [[\"read\",\"y\",1],[\"write\",\"x\",2],[\"read\",\"x\",2],[\"read\",\"y\",null]]; txn [[\"read\",\"x\",1]]",
     1, "{\"x\": 2, \"y\": 1}"},
    {"multi-register", NULL,
     "txn [[\"write\",\"x\",2],[\"write\",\"x\",null],[\"write\",\"a\",1]]; txn [[\"read\",\"x\",2]]", 1, "{\"a\": 1}"},
    {"multi-register", NULL, "txn [[\"read\",\"x\",5],[\"write\",\"y\",1]] -> ?; txn [[\"read\",\"y\",2]]", 1,
     "{\"y\": 1}"}, /* what was asked with is no answer */
    {"list-append", NULL,
     "txn [[\"r\",1,null],[\"append\",1,5],[\"r\",1,[5]],[\"append\",1,6]]; txn [[\"r\",1,[5,6]],[\"r\",2,[]]]; txn [[\"r\",1,null]]",
     2, "{1: [5,6]}"},
    {"list-append", NULL, "txn [[\"append\",1,5],[\"append\",2,6]]; txn [[\"r\",1,[6]]]", 1, "{1: [5], 2: [6]}"},
};

Test(sequential, models_do_what_their_objects_do)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        char state[256];
        const struct gs_sequential *model = gs_sequential_named(cases[i].model);
        cr_assert(model != NULL, "%s", cases[i].model);
        const size_t count = possible(model, cases[i].initial, cases[i].operations, state);
        cr_expect(eq(sz, count, cases[i].possible), "%s: %s", cases[i].model, cases[i].operations);
        cr_expect(eq(str, state, (char *)cases[i].state), "%s: %s", cases[i].model, cases[i].operations);
    }
}

Test(sequential, every_model_is_named_once_and_has_functions)
{
    size_t count = 0;
    for (; gs_sequential_models[count] != NULL; count++) {
        cr_expect(gs_sequential_named(gs_sequential_models[count]->name) == gs_sequential_models[count]);
        cr_expect(gs_sequential_models[count]->functions[0] != NULL);
        cr_expect(gs_sequential_models[count]->meaning != NULL);
    }
    cr_expect(eq(sz, count, 14));
    cr_expect(gs_sequential_named("regis") == NULL);
}

/* As snprintf: what does not fit is counted and not written. */
Test(sequential, a_buffer_that_is_too_small_says_how_much_it_takes)
{
    uint8_t bytes[4] = {9, 9, 9, 9};
    struct gs_buffer buffer = {bytes, 0, 2};
    gs_put_text(&buffer, "longer", 6);
    cr_expect(eq(sz, buffer.size, 8));
    cr_expect(eq(int, bytes[2], 9));
    cr_expect(eq(int, bytes[3], 9));
}

Test(sequential, integers_are_encoded_and_decoded)
{
    static const int64_t integers[] = {0, 1, -1, 63, 64, -64, -65, 300, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < sizeof(integers) / sizeof(*integers); i++) {
        uint8_t storage[GS_INTEGER_BYTES];
        const gs_value value = gs_integer(integers[i], storage);
        cr_expect(eq(i64, gs_value_integer(value), integers[i]));
        cr_expect(gs_value_is_valid(value) == true);
        cr_expect(gs_value_is_valid((gs_value){value.bytes, value.size - 1}) == false);
    }
}

/* Bytes from outside: no read beyond them, whatever they are. */
Test(sequential, bytes_that_are_no_value_are_refused)
{
    static const char *const bad[] = {"\x05",
                                      ("\x05\x09"
                                       "a"),
                                      "\x06\x02\x01",
                                      "\x04\x80",
                                      "\x04\x81\x80\x00",
                                      "\x07",
                                      "\x01\x01"};
    static const size_t sizes[] = {1, 3, 3, 2, 4, 1, 2};
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        uint8_t *copy = die_alloc(sizes[i]);
        memcpy(copy, bad[i], sizes[i]);
        cr_expect(gs_value_is_valid((gs_value){copy, sizes[i]}) == false, "%zu", i);
        free(copy);
    }
}
