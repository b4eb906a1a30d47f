/* Registers: one value that is read and written whole. The state is the value. In kv it is a text that can also grow.
 */
#include "properties/sequential.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { READ, WRITE, CAS };

static const char *const register_functions[] = {"read", "write", NULL};
static const char *const cas_register_functions[] = {"read", "write", "cas", NULL};

static bool register_init(gs_value initial, struct gs_buffer *state)
{
    gs_put(state, gs_value_kind(initial) == GS_VALUE_UNKNOWN ? GS_NIL : initial);
    return true;
}

static bool is_unknown(gs_value value)
{
    return gs_value_kind(value) == GS_VALUE_UNKNOWN;
}

static bool keep(gs_span state, struct gs_buffer *next)
{
    gs_put(next, state);
    return true;
}

/* cas [from, to]: `ok` means swapped, unless the result is false: then the register held something else. */
static bool compare_and_swap(gs_span state, const struct gs_operation *operation, struct gs_buffer *next)
{
    gs_span rest = gs_list_items(operation->argument);
    gs_value from = GS_UNKNOWN, to = GS_UNKNOWN;
    if (!gs_next(&rest, &from) || !gs_next(&rest, &to))
        return false;
    const bool matches = gs_span_equal(state, from);
    if (matches == (gs_value_kind(operation->result) == GS_VALUE_FALSE))
        return false;
    return keep(matches ? to : state, next);
}

static bool register_apply(gs_span state, const struct gs_operation *operation, struct gs_buffer *next)
{
    switch (operation->function) {
    case READ:
        return (is_unknown(operation->result) || gs_span_equal(state, operation->result)) && keep(state, next);
    case WRITE:
        return keep(operation->argument, next);
    case CAS:
        return compare_and_swap(state, operation, next);
    }
    return false;
}

static bool register_is_read(const struct gs_operation *operation)
{
    return operation->function == READ ||
           (operation->function == CAS && gs_value_kind(operation->result) == GS_VALUE_FALSE);
}

static bool register_is_blind(const struct gs_operation *operation)
{
    return operation->function == WRITE;
}

/* What a write or cas leaves in the register. */
static gs_value written_value(const struct gs_operation *operation)
{
    gs_span rest = gs_list_items(operation->argument);
    gs_value value = operation->argument;
    if (operation->function == CAS)
        while (gs_next(&rest, &value))
            continue;
    return value;
}

/* Between a write that is owed nothing and the next one stand only reads that nobody saw an answer of: whoever sees its
 * value, or (a failed cas) that it is not another one, owes it. So without it the others are as legal as before. */
static bool register_owes(const struct gs_operation *later, const struct gs_operation *earlier)
{
    gs_span rest = gs_list_items(later->argument);
    gs_value from = GS_UNKNOWN;
    switch (later->function) {
    case READ:
        return gs_span_equal(later->result, written_value(earlier));
    case CAS:
        gs_next(&rest, &from);
        return gs_value_kind(later->result) == GS_VALUE_FALSE || gs_span_equal(from, written_value(earlier));
    default:
        return false;
    }
}

static const char *register_check(const struct gs_operation *operation)
{
    if (operation->function == CAS && gs_value_count(operation->argument) != 2)
        return "cas takes [FROM, TO]";
    return NULL;
}

const struct gs_sequential gs_register = {
    .name = "register",
    .meaning = "read and write one value",
    .functions = register_functions,
    .by_key = true,
    .init = register_init,
    .apply = register_apply,
    .is_read = register_is_read,
    .owes = register_owes,
    .is_blind = register_is_blind,
};

const struct gs_sequential gs_cas_register = {
    .name = "cas-register",
    .meaning = "a register with compare-and-swap",
    .functions = cas_register_functions,
    .by_key = true,
    .init = register_init,
    .apply = register_apply,
    .is_read = register_is_read,
    .owes = register_owes,
    .check = register_check,
    .is_blind = register_is_blind,
};

/* ---- A key-value store's one key */

enum { GET, PUT, APPEND };

static const char *const kv_functions[] = {"get", "put", "append", NULL};

/* A text's bytes; an integer stands for its decimal digits, nothing for the empty text. */
static gs_span kv_text(gs_value value, char digits[32])
{
    if (gs_value_kind(value) == GS_VALUE_INTEGER) {
        const int size = snprintf(digits, 32, "%" PRId64, gs_value_integer(value));
        return (gs_span){(const uint8_t *)digits, (size_t)size};
    }
    return gs_value_text(value);
}

static bool kv_is_text(gs_value value)
{
    return gs_value_kind(value) == GS_VALUE_TEXT || gs_value_kind(value) == GS_VALUE_INTEGER;
}

static bool kv_init(gs_value initial, struct gs_buffer *state)
{
    char digits[32];
    gs_put(state, kv_text(initial, digits));
    return kv_is_text(initial) || gs_value_kind(initial) <= GS_VALUE_NIL;
}

static bool kv_apply(gs_span state, const struct gs_operation *operation, struct gs_buffer *next)
{
    char digits[32];
    switch (operation->function) {
    case GET:
        return (is_unknown(operation->result) || gs_span_equal(state, kv_text(operation->result, digits))) &&
               keep(state, next);
    case PUT:
        return keep(kv_text(operation->argument, digits), next);
    case APPEND:
        gs_put(next, state);
        return keep(kv_text(operation->argument, digits), next);
    }
    return false;
}

static void kv_print(gs_span state, struct gs_buffer *text)
{
    gs_print_text(text, state);
}

static bool kv_is_read(const struct gs_operation *operation)
{
    return operation->function == GET;
}

static bool kv_is_blind(const struct gs_operation *operation)
{
    return operation->function != GET;
}

/* A get that stands between a put or append and the next put has seen its text. */
static bool kv_owes(const struct gs_operation *later, const struct gs_operation *earlier)
{
    char seen_digits[32], digits[32];
    const gs_span seen = kv_text(later->result, seen_digits), text = kv_text(earlier->argument, digits);
    return later->function == GET && !is_unknown(later->result) &&
           (text.size == 0 || (seen.size > 0 && memmem(seen.bytes, seen.size, text.bytes, text.size) != NULL));
}

static const char *kv_check(const struct gs_operation *operation)
{
    if (operation->function != GET)
        return kv_is_text(operation->argument) ? NULL : "put and append take a text";
    return is_unknown(operation->result) || kv_is_text(operation->result) ? NULL : "get answers a text";
}

const struct gs_sequential gs_kv = {
    .name = "kv",
    .meaning = "get, put and append to the text of a key",
    .functions = kv_functions,
    .by_key = true,
    .init = kv_init,
    .apply = kv_apply,
    .print = kv_print,
    .is_read = kv_is_read,
    .owes = kv_owes,
    .check = kv_check,
    .is_blind = kv_is_blind,
};
