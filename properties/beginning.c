/* Beginnings of a history: what was invoked until some return, and what had returned by then. */
#include <stdlib.h>

#include "core/die.h"
#include "properties/search_order.h"

/* To decide a beginning; one that takes more is taken for one that has an order. What is in play as often as it likes
 * may make a state grow for ever. */
enum { ATTEMPTS_MAX = 200000, MEMORY_MAX = 1 << 24, ATTEMPTS_AT_ONCE = 64 };

struct end {
    uint64_t position;
    size_t operation;
};

static int by_position(const void *a, const void *b)
{
    const struct end *one = a, *other = b;
    return (one->position > other->position) - (one->position < other->position);
}

static const struct gs_recorded *recorded(const struct object *object, size_t i)
{
    return &object->history->operations[object->operations[i]];
}

/* The returns of the object, in their order. */
static struct end *ends_of(const struct object *object, size_t *count)
{
    struct end *ends = die_calloc(object->count, sizeof(*ends));
    *count = 0;
    for (size_t i = 0; i < object->count; i++)
        if (recorded(object, i)->returned != GS_NEVER)
            ends[(*count)++] = (struct end){recorded(object, i)->returned, i};
    qsort(ends, *count, sizeof(*ends), by_position);
    return ends;
}

static enum gs_decided search_within_bounds(struct linearization *search)
{
    enum gs_decided decided = GS_UNDECIDED;
    for (uint64_t spent = 0; decided == GS_UNDECIDED && spent < ATTEMPTS_MAX; spent += ATTEMPTS_AT_ONCE) {
        uint64_t attempts = ATTEMPTS_AT_ONCE;
        if (linearization_memory(search) > MEMORY_MAX)
            break;
        decided = linearization_search(search, &attempts);
    }
    return decided;
}

/* Decides the beginning up to a return; if it has an order, `order` becomes that. */
static enum gs_decided decide(const struct object *object, uint64_t position, struct failure *order)
{
    struct gs_history history = {.operations = die_calloc(object->count, sizeof(*history.operations))};
    size_t *operations = die_calloc(object->count, sizeof(*operations));
    while (history.count < object->count && recorded(object, history.count)->invoked < position) {
        struct gs_recorded *operation = &history.operations[history.count];
        *operation = *recorded(object, history.count);
        if (operation->returned != GS_NEVER && operation->returned > position) {
            operation->returned = GS_NEVER;
            operation->outcome = GS_OPEN;
        }
        operations[history.count] = history.count;
        history.count++;
    }
    const struct object beginning = {&history, object->model, object->initial, operations, history.count};
    struct linearization *search = linearization_new(&beginning);
    const enum gs_decided decided = search_within_bounds(search);
    if (decided == GS_CONSISTENT) {
        order->placed_count = 0;
        linearization_order(search, order);
    }
    linearization_free(search);
    free(history.operations);
    free(operations);
    return decided;
}

void beginning_explain(const struct object *object, struct failure *failure)
{
    size_t count;
    struct end *ends = ends_of(object, &count);
    size_t ordered = 0, failing = count - 1; /* so many returns have an order; this one has none */
    must(count);
    while (ordered < failing) {
        const size_t middle = ordered + (failing - ordered) / 2;
        if (decide(object, ends[middle].position, failure) == GS_INCONSISTENT)
            failing = middle;
        else
            ordered = middle + 1;
    }
    failure->stuck = ends[failing].operation;
    free(ends);
}
