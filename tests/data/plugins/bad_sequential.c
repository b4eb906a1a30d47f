/* A counter that goes wrong once it is asked, in the way that its initial value chooses. */
#include <stdlib.h>

#include "properties/sequential.h"

enum { INCREMENT, GET };
enum { FINE, SEGFAULT, LOOP, EXIT, ABORT, ALTERNATE, HUGE_STATE, ABORT_IN_INIT, ONE_WAY_EQUAL, LOOP_IN_PRINT };
static const char *const functions[] = {"increment", "get", NULL};
static int64_t way;

static bool counter_init(gs_value initial, struct gs_buffer *state)
{
    way = gs_value_integer(initial);
    if (way == ABORT_IN_INIT)
        abort();
    gs_put_integer(state, 0);
    return true;
}

static void go_wrong(struct gs_buffer *next)
{
    static volatile int turns;
    if (way == SEGFAULT)
        *(volatile int *)NULL = 1;
    while (way == LOOP)
        turns++;
    if (way == EXIT)
        exit(0);
    if (way == ABORT)
        abort();
    if (way == HUGE_STATE)
        next->size = (size_t)1 << 40;
    if (way == ALTERNATE && turns++ % 2)
        gs_put_byte(next, 1);
}

static bool counter_apply(gs_span state, const struct gs_operation *operation, struct gs_buffer *next)
{
    const int64_t count = gs_value_integer(state);
    gs_put_integer(next, operation->function == INCREMENT ? count + 1 : count);
    if (operation->function == GET)
        go_wrong(next);
    return way == ALTERNATE || way == HUGE_STATE || operation->function == INCREMENT ||
           gs_span_equal(operation->result, state);
}

static bool counter_equal(gs_span a, gs_span b)
{
    return way == ONE_WAY_EQUAL ? gs_span_compare(a, b) < 0 : gs_span_equal(a, b);
}

static void counter_print(gs_span state, struct gs_buffer *text)
{
    while (way == LOOP_IN_PRINT)
        gs_print(text, "more");
    gs_print_value(text, state);
}

static const struct gs_sequential counter = {
    .name = "counter",
    .meaning = "increment and get",
    .functions = functions,
    .by_key = true,
    .init = counter_init,
    .apply = counter_apply,
    .equal = counter_equal,
    .print = counter_print,
};

GS_EXPORT_SEQUENTIAL(counter);
