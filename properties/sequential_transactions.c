/* Objects that transactions of several reads and writes work on, each transaction at once. The state is, for each key
 * that has a value, the key and the value, in the order of the keys' bytes. A transaction needs no memory of its own:
 * what a read sees is looked up in the state and in the writes that stand before it. */
#include "properties/sequential.h"

static const char *const transaction_functions[] = {"txn", NULL};

/* One part of a transaction: [NAME, KEY, VALUE]. */
struct part {
    gs_value name, key, value;
};

static bool next_part(gs_span *rest, struct part *part)
{
    gs_value list;
    if (!gs_next(rest, &list))
        return false;
    gs_span items = gs_list_items(list);
    return gs_next(&items, &part->name) && gs_next(&items, &part->key) && gs_next(&items, &part->value);
}

static bool part_reads(const struct part *part)
{
    return gs_value_is_text(part->name, "r") || gs_value_is_text(part->name, "read");
}

static gs_value stored(gs_span state, gs_value key)
{
    for (gs_value name, value; gs_next(&state, &name) && gs_next(&state, &value);)
        if (gs_span_equal(name, key))
            return value;
    return GS_NIL;
}

/* The parts with their observed values, or as they were asked where nobody saw an answer. */
static gs_span parts_of(const struct gs_operation *operation)
{
    const bool answered = gs_value_kind(operation->result) != GS_VALUE_UNKNOWN;
    return gs_list_items(answered ? operation->result : operation->argument);
}

/* The parts before the one that `rest` is about to give. */
static gs_span parts_before(gs_span all, gs_span rest)
{
    return (gs_span){all.bytes, all.size - rest.size};
}

/* Writes each key that has a value after the transaction, with its value, in the order of their bytes. */
static void put_all(gs_span state, gs_span parts, struct gs_buffer *next,
                    void (*put_value)(gs_span state, gs_span parts, gs_value key, struct gs_buffer *next))
{
    for (gs_value last = GS_UNKNOWN, least = GS_UNKNOWN;; last = least) {
        gs_span rest = state;
        least = GS_UNKNOWN;
        for (gs_value key, value; gs_next(&rest, &key) && gs_next(&rest, &value);)
            if (gs_span_compare(key, last) > 0) {
                least = key;
                break;
            }
        rest = parts;
        for (struct part part; next_part(&rest, &part);)
            if (!part_reads(&part) && gs_span_compare(part.key, last) > 0 &&
                (least.size == 0 || gs_span_compare(part.key, least) < 0))
                least = part.key;
        if (least.size == 0)
            return;
        put_value(state, parts, least, next);
    }
}

static bool transaction_is_read(const struct gs_operation *operation)
{
    gs_span rest = gs_list_items(operation->argument);
    for (struct part part; next_part(&rest, &part);)
        if (!part_reads(&part))
            return false;
    return true;
}

/* What only writes has nothing to answer. */
static bool transaction_is_blind(const struct gs_operation *operation)
{
    gs_span rest = gs_list_items(operation->argument);
    for (struct part part; next_part(&rest, &part);)
        if (part_reads(&part))
            return false;
    return true;
}

/* A transaction whose keys nobody reads is not seen. */
static bool transaction_owes(const struct gs_operation *later, const struct gs_operation *earlier)
{
    gs_span reading = gs_list_items(later->argument);
    if (gs_value_kind(later->result) == GS_VALUE_UNKNOWN)
        return false;
    for (struct part read; next_part(&reading, &read);) {
        gs_span writing = gs_list_items(earlier->argument);
        for (struct part write; part_reads(&read) && next_part(&writing, &write);)
            if (!part_reads(&write) && gs_span_equal(write.key, read.key))
                return true;
    }
    return false;
}

/* Do the parts that were answered fit those that were asked: same names, same keys, same writes? */
static bool answer_fits(gs_value argument, gs_value result)
{
    gs_span asked = gs_list_items(argument), answered = gs_list_items(result);
    struct part question, answer;
    if (gs_value_count(argument) != gs_value_count(result))
        return false;
    while (next_part(&asked, &question))
        if (!next_part(&answered, &answer) || !gs_span_equal(question.name, answer.name) ||
            !gs_span_equal(question.key, answer.key) ||
            (!part_reads(&question) && !gs_span_equal(question.value, answer.value)))
            return false;
    return true;
}

/* What is wrong with a transaction whose writes are called `write`. */
static const char *transaction_fault(const struct gs_operation *operation, const char *write)
{
    gs_span rest = gs_list_items(operation->argument);
    gs_value list;
    if (gs_value_kind(operation->argument) != GS_VALUE_LIST)
        return "txn takes a list of [NAME, KEY, VALUE]";
    while (gs_next(&rest, &list)) {
        struct part part;
        gs_span one = list;
        if (gs_value_count(list) != 3 || !next_part(&one, &part) ||
            (!part_reads(&part) && !gs_value_is_text(part.name, write)))
            return write[0] == 'a' ? "a part of txn is [\"append\", KEY, VALUE] or [\"r\", KEY, null]"
                                   : "a part of txn is [\"write\", KEY, VALUE] or [\"read\", KEY, null]";
    }
    if (gs_value_kind(operation->result) != GS_VALUE_UNKNOWN && !answer_fits(operation->argument, operation->result))
        return "txn answers what it was asked, with its reads filled in";
    return NULL;
}

/* ---- Registers that are read and written */

static gs_value register_after(gs_span state, gs_span parts, gs_value key)
{
    gs_value value = stored(state, key);
    for (struct part part; next_part(&parts, &part);)
        if (!part_reads(&part) && gs_span_equal(part.key, key))
            value = part.value;
    return value;
}

static void put_register(gs_span state, gs_span parts, gs_value key, struct gs_buffer *next)
{
    const gs_value value = register_after(state, parts, key);
    if (gs_value_kind(value) == GS_VALUE_NIL)
        return;
    gs_put(next, key);
    gs_put(next, value);
}

/* Begins with nothing, or with a list of [KEY, VALUE] (in JSON also an object). */
static bool multi_register_init(gs_value initial, struct gs_buffer *state)
{
    gs_value last = GS_UNKNOWN, least;
    if (gs_value_kind(initial) > GS_VALUE_NIL && gs_value_kind(initial) != GS_VALUE_LIST &&
        !gs_value_is_text(initial, "empty"))
        return false;
    do {
        gs_span rest = gs_list_items(initial);
        gs_value value = GS_NIL;
        least = GS_UNKNOWN;
        for (gs_value pair; gs_next(&rest, &pair);) {
            gs_span items = gs_list_items(pair);
            gs_value key, of_key;
            if (gs_value_count(pair) != 2 || !gs_next(&items, &key) || !gs_next(&items, &of_key))
                return false;
            if (gs_span_compare(key, last) > 0 && (least.size == 0 || gs_span_compare(key, least) <= 0)) {
                least = key;
                value = of_key;
            }
        }
        last = least;
        if (gs_value_kind(value) != GS_VALUE_NIL) {
            gs_put(state, least);
            gs_put(state, value);
        }
    } while (least.size > 0);
    return true;
}

/* A read of null constrains nothing, nor does one that was not answered, whatever it was asked with. */
static bool multi_register_apply(gs_span state, const struct gs_operation *operation, struct gs_buffer *next)
{
    const bool answered = gs_value_kind(operation->result) != GS_VALUE_UNKNOWN;
    const gs_span parts = parts_of(operation);
    gs_span rest = parts;
    for (gs_span here = rest; rest.size > 0; here = rest) {
        struct part part;
        if (!next_part(&rest, &part))
            return false;
        if (answered && part_reads(&part) && gs_value_kind(part.value) != GS_VALUE_NIL &&
            !gs_span_equal(part.value, register_after(state, parts_before(parts, here), part.key)))
            return false;
    }
    put_all(state, parts, next, put_register);
    return true;
}

static const char *multi_register_check(const struct gs_operation *operation)
{
    return transaction_fault(operation, "write");
}

static void multi_register_print(gs_span state, struct gs_buffer *text)
{
    const char *before = "{";
    for (gs_value key, value; gs_next(&state, &key) && gs_next(&state, &value); before = ", ") {
        gs_print(text, "%s", before);
        gs_print_value(text, key);
        gs_print(text, ": ");
        gs_print_value(text, value);
    }
    gs_print(text, *before == '{' ? "{}" : "}");
}

const struct gs_sequential gs_multi_register = {
    .name = "multi-register",
    .meaning = "transactions that read and write several registers",
    .functions = transaction_functions,
    .by_key = false,
    .init = multi_register_init,
    .apply = multi_register_apply,
    .print = multi_register_print,
    .is_read = transaction_is_read,
    .owes = transaction_owes,
    .check = multi_register_check,
    .is_blind = transaction_is_blind,
};

/* ---- Lists that are read and appended to */

/* How many parts append to the key. */
static size_t appended_to(gs_span parts, gs_value key)
{
    size_t count = 0;
    for (struct part part; next_part(&parts, &part);)
        count += !part_reads(&part) && gs_span_equal(part.key, key);
    return count;
}

static void put_grown_list(gs_span state, gs_span parts, gs_value key, struct gs_buffer *next)
{
    const gs_value list = stored(state, key);
    gs_put(next, key);
    gs_put_list(next, gs_value_count(list) + appended_to(parts, key));
    gs_put(next, gs_list_items(list));
    for (struct part part; next_part(&parts, &part);)
        if (!part_reads(&part) && gs_span_equal(part.key, key))
            gs_put(next, part.value);
}

/* Is `seen` the stored list followed by what the parts before append? A list that was never written is read as null or
 * as an empty list. */
static bool sees_list(gs_span state, gs_span before, gs_value key, gs_value seen)
{
    const gs_value list = stored(state, key);
    gs_span rest = gs_list_items(seen);
    const gs_span first = gs_list_items(list);
    if (gs_value_kind(seen) != GS_VALUE_NIL && gs_value_kind(seen) != GS_VALUE_LIST)
        return false;
    if (gs_value_count(seen) != gs_value_count(list) + appended_to(before, key) || rest.size < first.size ||
        !gs_span_equal(first, (gs_span){rest.bytes, first.size}))
        return false;
    rest = (gs_span){rest.bytes + first.size, rest.size - first.size};
    for (struct part part; next_part(&before, &part);) {
        gs_value item;
        if (!part_reads(&part) && gs_span_equal(part.key, key) &&
            (!gs_next(&rest, &item) || !gs_span_equal(item, part.value)))
            return false;
    }
    return true;
}

static bool list_append_init(gs_value initial, struct gs_buffer *state)
{
    gs_span rest = gs_list_items(initial);
    for (gs_value pair; gs_next(&rest, &pair);) {
        gs_span items = gs_list_items(pair);
        gs_value key, list;
        if (!gs_next(&items, &key) || !gs_next(&items, &list) || gs_value_count(list) == 0)
            return false;
    }
    return multi_register_init(initial, state);
}

static bool list_append_apply(gs_span state, const struct gs_operation *operation, struct gs_buffer *next)
{
    const bool answered = gs_value_kind(operation->result) != GS_VALUE_UNKNOWN;
    const gs_span parts = parts_of(operation);
    gs_span rest = parts;
    for (gs_span here = rest; rest.size > 0; here = rest) {
        struct part part;
        if (!next_part(&rest, &part))
            return false;
        if (answered && part_reads(&part) && !sees_list(state, parts_before(parts, here), part.key, part.value))
            return false;
    }
    put_all(state, parts, next, put_grown_list);
    return true;
}

static const char *list_append_check(const struct gs_operation *operation)
{
    return transaction_fault(operation, "append");
}

const struct gs_sequential gs_list_append = {
    .name = "list-append",
    .meaning = "transactions that read lists and append to them",
    .functions = transaction_functions,
    .by_key = false,
    .init = list_append_init,
    .apply = list_append_apply,
    .print = multi_register_print,
    .is_read = transaction_is_read,
    .owes = transaction_owes,
    .check = list_append_check,
    .is_blind = transaction_is_blind,
};
