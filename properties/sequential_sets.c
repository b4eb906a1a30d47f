/* Sets. The state of `set` and `hashset+empty` is the elements in order, each once; that of
 * `hashset` is one element, which its key names: one byte, 1 if it is present. */
#include <xxhash.h>

#include "properties/sequential.h"

enum { ADD, READ };

static const char *const set_functions[] = {"add", "read", NULL};

static bool has(gs_span state, gs_value element)
{
    for (gs_value value; gs_next(&state, &value);)
        if (gs_span_equal(value, element))
            return true;
    return false;
}

/* Integers by size, as most clients list them; anything else by its bytes. */
static int compare(gs_value a, gs_value b)
{
    if (gs_value_kind(a) != GS_VALUE_INTEGER || gs_value_kind(b) != GS_VALUE_INTEGER)
        return gs_span_compare(a, b);
    const int64_t one = gs_value_integer(a), other = gs_value_integer(b);
    return (one > other) - (one < other);
}

/* The set with or without one element. */
static void put_changed(gs_span state, gs_value element, bool present, struct gs_buffer *next)
{
    bool placed = !present;
    for (gs_value value; gs_next(&state, &value);) {
        const int order = compare(value, element);
        if (order >= 0 && !placed) {
            gs_put(next, element);
            placed = true;
        }
        if (order != 0)
            gs_put(next, value);
    }
    if (!placed)
        gs_put(next, element);
}

/* Elements, how many, and a sum that is the same in any order. */
static uint64_t sum_of(gs_span items, size_t *count)
{
    uint64_t sum = 0;
    *count = 0;
    for (gs_value value; gs_next(&items, &value); ++*count)
        sum += XXH3_64bits(value.bytes, value.size);
    return sum;
}

/* In any order, each element once: as many as there are, and each of the state's is listed. Most lists that are not all
 * have another sum. An element is looked for behind the one before, and only then from the beginning. */
static bool lists_all(gs_span state, gs_value list)
{
    const gs_span all = gs_list_items(list);
    gs_span rest = all;
    size_t count, listed;
    if (sum_of(state, &count) != sum_of(all, &listed) || count != listed)
        return false;
    for (gs_value value, next; gs_next(&state, &value);) {
        if (gs_next(&rest, &next) && gs_span_equal(value, next))
            continue;
        if (!has(all, value))
            return false;
    }
    return true;
}

static bool set_init(gs_value initial, struct gs_buffer *state)
{
    gs_span rest = gs_list_items(initial);
    const gs_span all = rest;
    /* Selection: the next larger one than the last put. */
    gs_value last = GS_UNKNOWN;
    for (bool more = true; more;) {
        gs_value least = GS_UNKNOWN;
        rest = all;
        for (gs_value value; gs_next(&rest, &value);)
            if ((last.size == 0 || compare(value, last) > 0) && (least.size == 0 || compare(value, least) < 0))
                least = value;
        more = least.size > 0;
        gs_put(state, least);
        last = least;
    }
    return gs_value_kind(initial) <= GS_VALUE_NIL || gs_value_kind(initial) == GS_VALUE_LIST ||
           gs_value_is_text(initial, "empty");
}

static bool set_apply(gs_span state, const struct gs_operation *operation, struct gs_buffer *next)
{
    if (operation->function == ADD) {
        put_changed(state, operation->argument, true, next);
        return true;
    }
    gs_put(next, state);
    return gs_value_kind(operation->result) == GS_VALUE_UNKNOWN || lists_all(state, operation->result);
}

static bool set_is_read(const struct gs_operation *operation)
{
    return operation->function == READ;
}

static bool set_is_blind(const struct gs_operation *operation)
{
    return operation->function == ADD;
}

/* A read after an add has listed the element. */
static bool set_owes(const struct gs_operation *later, const struct gs_operation *earlier)
{
    return later->function == READ && has(gs_list_items(later->result), earlier->argument);
}

static const char *set_check(const struct gs_operation *operation)
{
    const enum gs_value_kind result = gs_value_kind(operation->result);
    if (operation->function == READ && result != GS_VALUE_UNKNOWN && result != GS_VALUE_LIST)
        return "read answers a list of all elements";
    return NULL;
}

static void set_print(gs_span state, struct gs_buffer *text)
{
    const char *before = "{";
    for (gs_value value; gs_next(&state, &value); before = ", ") {
        gs_print(text, "%s", before);
        gs_print_value(text, value);
    }
    gs_print(text, *before == '{' ? "{}" : "}");
}

const struct gs_sequential gs_set = {
    .name = "set",
    .meaning = "add; read lists all elements, in any order",
    .functions = set_functions,
    .by_key = true,
    .init = set_init,
    .apply = set_apply,
    .print = set_print,
    .is_read = set_is_read,
    .owes = set_owes,
    .check = set_check,
    .is_blind = set_is_blind,
};

/* ---- Hash sets: the key is the element */

enum { HASH_ADD, HASH_REMOVE, HASH_CONTAINS, HASH_EMPTY };

static const char *const hashset_functions[] = {"add", "remove", "contains", NULL};
static const char *const hashset_empty_functions[] = {"add", "remove", "contains", "empty", NULL};

static bool answers(gs_value result, bool truth)
{
    return gs_value_kind(result) == GS_VALUE_UNKNOWN ||
           gs_value_kind(result) == (truth ? GS_VALUE_TRUE : GS_VALUE_FALSE);
}

static bool hashset_init(gs_value initial, struct gs_buffer *state)
{
    const bool present = gs_value_kind(initial) == GS_VALUE_TRUE || gs_value_is_text(initial, "present");
    gs_put_byte(state, present);
    return present || gs_value_kind(initial) <= GS_VALUE_FALSE || gs_value_is_text(initial, "empty");
}

static bool hashset_apply(gs_span state, const struct gs_operation *operation, struct gs_buffer *next)
{
    const bool present = state.bytes[0] != 0;
    gs_put_byte(next, operation->function == HASH_CONTAINS ? present : operation->function == HASH_ADD);
    return answers(operation->result, operation->function == HASH_ADD ? !present : present);
}

static bool hashset_empty_apply(gs_span state, const struct gs_operation *operation, struct gs_buffer *next)
{
    if (operation->function == HASH_EMPTY) {
        gs_put(next, state);
        return answers(operation->result, state.size == 0);
    }
    const bool present = has(state, operation->key);
    if (operation->function == HASH_CONTAINS)
        gs_put(next, state);
    else
        put_changed(state, operation->key, operation->function == HASH_ADD, next);
    return answers(operation->result, operation->function == HASH_ADD ? !present : present);
}

/* False: it was there already, or was absent, and nothing changed. */
static bool hashset_is_read(const struct gs_operation *operation)
{
    return operation->function >= HASH_CONTAINS || gs_value_kind(operation->result) == GS_VALUE_FALSE;
}

static const char *hashset_check(const struct gs_operation *operation)
{
    const enum gs_value_kind result = gs_value_kind(operation->result);
    if (result != GS_VALUE_UNKNOWN && result != GS_VALUE_FALSE && result != GS_VALUE_TRUE)
        return "operations of a hash set answer true or false";
    if (operation->function != HASH_EMPTY && gs_value_kind(operation->key) == GS_VALUE_NIL)
        return "the element is the key, which is missing";
    return NULL;
}

static void hashset_print(gs_span state, struct gs_buffer *text)
{
    gs_print(text, state.bytes[0] ? "present" : "absent");
}

const struct gs_sequential gs_hashset = {
    .name = "hashset",
    .meaning = "add, remove, contains of the element that the key names; each answers true or false",
    .functions = hashset_functions,
    .by_key = true,
    .init = hashset_init,
    .apply = hashset_apply,
    .print = hashset_print,
    .is_read = hashset_is_read,
    .check = hashset_check,
};

const struct gs_sequential gs_hashset_empty = {
    .name = "hashset+empty",
    .meaning = "a hashset that can also be asked whether it is empty",
    .functions = hashset_empty_functions,
    .by_key = false,
    .init = set_init,
    .apply = hashset_empty_apply,
    .print = set_print,
    .is_read = hashset_is_read,
    .check = hashset_check,
};
