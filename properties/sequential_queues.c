/* Containers that give back one element at a time. The state is the elements, in the order in which they leave. Taking
 * from an empty one answers null, so null cannot be an element. */
#include "properties/sequential.h"

enum { PUT_IN, TAKE_OUT, PEEK, LENGTH };

static const char *const fifo_functions[] = {"enq", "deq", "peek", NULL};
static const char *const stack_functions[] = {"push", "pop", "peek", "len", NULL};
static const char *const priority_functions[] = {"insert", "poll", "peek", NULL};

static bool is_unknown(gs_value value)
{
    return gs_value_kind(value) == GS_VALUE_UNKNOWN;
}

/* Takes out, or only looks at, the front of the state. */
static bool take_front(gs_span state, const struct gs_operation *operation, struct gs_buffer *next)
{
    gs_span rest = state;
    gs_value front = GS_NIL;
    gs_next(&rest, &front);
    gs_put(next, operation->function == TAKE_OUT ? rest : state);
    return is_unknown(operation->result) || gs_span_equal(front, operation->result);
}

static bool fifo_apply(gs_span state, const struct gs_operation *operation, struct gs_buffer *next)
{
    if (operation->function != PUT_IN)
        return take_front(state, operation, next);
    gs_put(next, state);
    gs_put(next, operation->argument);
    return true;
}

static bool answers_length(gs_span state, gs_value result)
{
    int64_t length = 0;
    for (gs_value value; gs_next(&state, &value);)
        length++;
    return is_unknown(result) || (gs_value_kind(result) == GS_VALUE_INTEGER && gs_value_integer(result) == length);
}

static bool stack_apply(gs_span state, const struct gs_operation *operation, struct gs_buffer *next)
{
    switch (operation->function) {
    case PUT_IN:
        gs_put(next, operation->argument);
        gs_put(next, state);
        return true;
    case LENGTH:
        gs_put(next, state);
        return answers_length(state, operation->result);
    default:
        return take_front(state, operation, next);
    }
}

/* The largest first. */
static void insert_by_priority(gs_span state, gs_value element, struct gs_buffer *next)
{
    gs_span rest = state;
    for (gs_value value; rest.size > 0; gs_put(next, value)) {
        const gs_span from_here = rest;
        if (!gs_next(&rest, &value) || gs_value_integer(value) < gs_value_integer(element)) {
            gs_put(next, element);
            gs_put(next, from_here);
            return;
        }
    }
    gs_put(next, element);
}

static bool priority_apply(gs_span state, const struct gs_operation *operation, struct gs_buffer *next)
{
    if (operation->function != PUT_IN)
        return take_front(state, operation, next);
    insert_by_priority(state, operation->argument, next);
    return true;
}

/* Looking changes nothing, nor does taking from what was empty. */
static bool queue_is_read(const struct gs_operation *operation)
{
    return operation->function >= PEEK ||
           (operation->function == TAKE_OUT && gs_value_kind(operation->result) == GS_VALUE_NIL);
}

static bool queue_is_blind(const struct gs_operation *operation)
{
    return operation->function == PUT_IN;
}

/* An element that nobody takes or looks at only stands in the way; but one that is taken without anybody seeing which
 * may be any, and a length counts all. Taking out is never without effect on the others. */
static bool queue_owes(const struct gs_operation *later, const struct gs_operation *earlier)
{
    if (earlier->function != PUT_IN || later->function == LENGTH)
        return true;
    if (later->function == TAKE_OUT && is_unknown(later->result))
        return true;
    return later->function != PUT_IN && gs_span_equal(later->result, earlier->argument);
}

static const char *queue_check(const struct gs_operation *operation)
{
    const enum gs_value_kind result = gs_value_kind(operation->result);
    if (operation->function == PUT_IN && gs_value_kind(operation->argument) <= GS_VALUE_NIL)
        return "null cannot be an element: it is the answer of an empty one";
    if (operation->function == LENGTH && result != GS_VALUE_INTEGER && result != GS_VALUE_UNKNOWN)
        return "len answers an integer";
    return NULL;
}

static const char *priority_check(const struct gs_operation *operation)
{
    if (operation->function == PUT_IN && gs_value_kind(operation->argument) != GS_VALUE_INTEGER)
        return "insert takes an integer";
    return queue_check(operation);
}

/* Nothing, or a list of elements in the order in which they leave. */
static bool queue_init(gs_value initial, struct gs_buffer *state)
{
    gs_span rest = gs_list_items(initial);
    gs_put(state, rest);
    for (gs_value value; gs_next(&rest, &value);)
        if (gs_value_kind(value) == GS_VALUE_NIL)
            return false;
    return gs_value_kind(initial) <= GS_VALUE_NIL || gs_value_kind(initial) == GS_VALUE_LIST ||
           gs_value_is_text(initial, "empty");
}

static bool priority_init(gs_value initial, struct gs_buffer *state)
{
    gs_span rest = gs_list_items(initial);
    int64_t before = INT64_MAX;
    for (gs_value value; gs_next(&rest, &value); before = gs_value_integer(value))
        if (gs_value_kind(value) != GS_VALUE_INTEGER || gs_value_integer(value) > before)
            return false;
    return queue_init(initial, state);
}

const struct gs_sequential gs_fifo_queue = {
    .name = "fifo-queue",
    .meaning = "enq at the end, deq and peek at the front",
    .functions = fifo_functions,
    .by_key = true,
    .init = queue_init,
    .apply = fifo_apply,
    .is_read = queue_is_read,
    .owes = queue_owes,
    .check = queue_check,
    .is_blind = queue_is_blind,
    .container = {GS_GIVES_FIRST, PUT_IN, TAKE_OUT},
};

const struct gs_sequential gs_stack = {
    .name = "stack",
    .meaning = "push, pop and peek at the top; len",
    .functions = stack_functions,
    .by_key = true,
    .init = queue_init,
    .apply = stack_apply,
    .is_read = queue_is_read,
    .owes = queue_owes,
    .check = queue_check,
    .is_blind = queue_is_blind,
    .container = {GS_GIVES_LAST, PUT_IN, TAKE_OUT},
};

const struct gs_sequential gs_priority_queue = {
    .name = "priority-queue",
    .meaning = "insert; poll and peek give the largest",
    .functions = priority_functions,
    .by_key = true,
    .init = priority_init,
    .apply = priority_apply,
    .is_read = queue_is_read,
    .owes = queue_owes,
    .check = priority_check,
    .is_blind = queue_is_blind,
};
