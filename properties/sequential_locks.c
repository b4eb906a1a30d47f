/* Locks and a counting semaphore. The state of a lock is one byte, 1: held. */
#include "properties/sequential.h"

enum { ACQUIRE, RELEASE };

static const char *const lock_functions[] = {"acquire", "release", NULL};

static bool is_false(gs_value value)
{
    return gs_value_kind(value) == GS_VALUE_FALSE;
}

static bool lock_init(gs_value initial, struct gs_buffer *state)
{
    const bool held = gs_value_kind(initial) == GS_VALUE_TRUE || gs_value_is_text(initial, "held");
    gs_put_byte(state, held);
    return held || gs_value_kind(initial) <= GS_VALUE_FALSE || gs_value_is_text(initial, "free");
}

static void lock_print(gs_span state, struct gs_buffer *text)
{
    gs_print(text, state.bytes[0] ? "held" : "free");
}

static bool mutex_apply(gs_span state, const struct gs_operation *operation, struct gs_buffer *next)
{
    const bool held = state.bytes[0] != 0;
    gs_put_byte(next, !held);
    return held == (operation->function == RELEASE);
}

static const char *mutex_check(const struct gs_operation *operation)
{
    return is_false(operation->result) ? "a mutex waits and never answers false (the model trylock does)" : NULL;
}

static bool mutex_is_blind(const struct gs_operation *operation)
{
    (void)operation;
    return true;
}

const struct gs_sequential gs_mutex = {
    .name = "mutex",
    .meaning = "acquire waits until it is free; release only when held",
    .functions = lock_functions,
    .by_key = true,
    .init = lock_init,
    .apply = mutex_apply,
    .print = lock_print,
    .check = mutex_check,
    .is_blind = mutex_is_blind,
};

/* Answers false where a mutex would wait: acquire of a held one, release of a free one. Then nothing changes. */
static bool trylock_apply(gs_span state, const struct gs_operation *operation, struct gs_buffer *next)
{
    const bool held = state.bytes[0] != 0;
    const bool done = held == (operation->function == RELEASE);
    gs_put_byte(next, done ? !held : held);
    return gs_value_kind(operation->result) == GS_VALUE_UNKNOWN || is_false(operation->result) != done;
}

static bool trylock_is_read(const struct gs_operation *operation)
{
    return is_false(operation->result);
}

static const char *trylock_check(const struct gs_operation *operation)
{
    const enum gs_value_kind kind = gs_value_kind(operation->result);
    return operation->function == RELEASE || kind == GS_VALUE_UNKNOWN || kind == GS_VALUE_TRUE || kind == GS_VALUE_FALSE
               ? NULL
               : "acquire answers true or false";
}

const struct gs_sequential gs_trylock = {
    .name = "trylock",
    .meaning = "acquire answers whether it got the lock",
    .functions = lock_functions,
    .by_key = true,
    .init = lock_init,
    .apply = trylock_apply,
    .print = lock_print,
    .is_read = trylock_is_read,
    .check = trylock_check,
};

/* ---- Semaphore: the state is its count, an integer */

enum { INCREMENT, DECREMENT };

static const char *const semaphore_functions[] = {"incr", "decr", NULL};

static bool semaphore_init(gs_value initial, struct gs_buffer *state)
{
    gs_put_integer(state, gs_value_integer(initial));
    return gs_value_integer(initial) >= 0 &&
           (gs_value_kind(initial) <= GS_VALUE_NIL || gs_value_kind(initial) == GS_VALUE_INTEGER);
}

static bool semaphore_apply(gs_span state, const struct gs_operation *operation, struct gs_buffer *next)
{
    const int64_t count = gs_value_integer(state);
    const bool done = operation->function == INCREMENT ? count < INT64_MAX : count > 0;
    gs_put_integer(next, !done ? count : operation->function == INCREMENT ? count + 1 : count - 1);
    return gs_value_kind(operation->result) == GS_VALUE_UNKNOWN || is_false(operation->result) != done;
}

static const char *semaphore_check(const struct gs_operation *operation)
{
    const enum gs_value_kind kind = gs_value_kind(operation->result);
    return kind == GS_VALUE_UNKNOWN || kind == GS_VALUE_NIL || kind == GS_VALUE_TRUE || kind == GS_VALUE_FALSE
               ? NULL
               : "incr and decr answer true or false";
}

const struct gs_sequential gs_semaphore = {
    .name = "semaphore",
    .meaning = "incr, and decr that answers false at 0",
    .functions = semaphore_functions,
    .by_key = true,
    .init = semaphore_init,
    .apply = semaphore_apply,
    .is_read = trylock_is_read,
    .check = semaphore_check,
};
