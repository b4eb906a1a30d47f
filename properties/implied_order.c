/* Of elements that are put in once and taken out once it is known which comes first, as soon as real time says so of
 * their puts or of their takes. Henzinger, Sezgin and Vafeiadis, "Aspect-Oriented Linearizability Proofs" (2013), have
 * the contradictions of a queue; a stack's are those of pairs only, of which there are more.
 *
 * With P(a), D(a) for putting in and taking out a, x -> y for "x returned before y was invoked", x < y for "takes
 * effect before":
 *
 *   queue   P(a) < P(b) if D(a) -> D(b), and D(a) < D(b) if P(a) -> P(b)
 *   stack   D(b) < D(a) if P(a) -> P(b) -> D(a): b lies on a
 *           P(b) < P(a) if D(a) -> D(b) and P(b) -> D(a): b is there when a is taken, so below
 *   both    N < P(a) if N -> D(a), for a take N that finds nothing
 *
 * An element that nobody can have taken is as one that is taken after all else.
 *
 * And D(a) may take effect as soon as it can: as long as a is next to be taken out, nothing else is but what is put in
 * and taken out above it on a stack, and no take finds nothing; none of that minds whether a is still there, unless
 * there are operations of other kinds, which may look at it. */
#include "properties/implied_order.h"

#include <stdlib.h>

#include "core/die.h"

enum { STEPS_MOST = 20000000 }; /* pairs that are looked at: a tenth of a second */
#define NONE UINT32_MAX

/* An operation that puts in or takes out, by its element. */
struct touch {
    gs_value value;
    uint32_t operation;
};

/* An element that is put in by one operation, and taken out by one or by none. */
struct element {
    uint32_t put, take;                                              /* take NONE: nobody can have taken it */
    uint64_t put_invoked, put_returned, take_invoked, take_returned; /* never taken: GS_NEVER */
};

struct edge {
    uint32_t before, after;
};

struct implying {
    const struct object *object;
    struct implied_order *order;
    struct touch *touches;
    size_t touch_count;
    struct element *elements;
    size_t element_count;
    bool has_loose_take; /* that may have taken anything, or nothing */
    bool has_others;     /* operations that neither put in nor take out */
    struct edge *edges;
    size_t edge_count, edge_capacity;
    uint64_t steps;
};

/* ---- Elements ---- */

static const struct gs_recorded *recorded(const struct implying *implying, size_t i)
{
    return &implying->object->history->operations[implying->object->operations[i]];
}

static bool puts_in(const struct implying *implying, const struct gs_recorded *operation)
{
    return operation->operation.function == implying->object->model->container.put;
}

static bool takes_out(const struct implying *implying, const struct gs_recorded *operation)
{
    return operation->operation.function == implying->object->model->container.take;
}

/* By element, its puts first. */
static int compare_touches(const void *a, const void *b, void *context)
{
    const struct implying *implying = context;
    const struct touch *one = a, *other = b;
    const int order = gs_span_compare(one->value, other->value);
    if (order)
        return order;
    const bool one_takes = takes_out(implying, recorded(implying, one->operation)),
               other_takes = takes_out(implying, recorded(implying, other->operation));
    return one_takes != other_takes ? one_takes - other_takes
                                    : (one->operation > other->operation) - (one->operation < other->operation);
}

static void find_touches(struct implying *implying)
{
    implying->touches = die_calloc(implying->object->count, sizeof(*implying->touches));
    for (uint32_t i = 0; i < implying->object->count; i++) {
        const struct gs_recorded *operation = recorded(implying, i);
        const bool is_sure = operation->outcome == GS_OK;
        if (puts_in(implying, operation))
            implying->touches[implying->touch_count++] = (struct touch){operation->operation.argument, i};
        else if (takes_out(implying, operation) && is_sure &&
                 gs_value_kind(operation->operation.result) != GS_VALUE_NIL)
            implying->touches[implying->touch_count++] = (struct touch){operation->operation.result, i};
        implying->has_others |= !puts_in(implying, operation) && !takes_out(implying, operation);
        implying->has_loose_take |= takes_out(implying, operation) && !is_sure;
    }
    qsort_r(implying->touches, implying->touch_count, sizeof(*implying->touches), compare_touches, implying);
}

static void add_element(struct implying *implying, uint32_t put, uint32_t take)
{
    const struct gs_recorded *in = recorded(implying, put), *out = take == NONE ? NULL : recorded(implying, take);
    implying->elements[implying->element_count++] = (struct element){
        put, take, in->invoked, in->returned, out ? out->invoked : GS_NEVER, out ? out->returned : GS_NEVER};
}

/* All that touches one value. */
static void look_at_value(struct implying *implying, const struct touch *touches, size_t count)
{
    size_t put_count = 0;
    bool is_repeated = false;
    while (put_count < count && puts_in(implying, recorded(implying, touches[put_count].operation)))
        is_repeated |= recorded(implying, touches[put_count++].operation)->outcome == GS_REPEATED;
    const size_t take_count = count - put_count;
    if (take_count > put_count && !(is_repeated && put_count))
        implying->order->contradicts = true; /* more of it came out than went in */
    if (put_count != 1 || is_repeated)
        return;
    if (take_count == 1)
        add_element(implying, touches[0].operation, touches[1].operation);
    else if (!implying->has_loose_take && recorded(implying, touches[0].operation)->outcome == GS_OK)
        add_element(implying, touches[0].operation, NONE);
}

static int by_put(const void *a, const void *b)
{
    const struct element *one = a, *other = b;
    return (one->put_invoked > other->put_invoked) - (one->put_invoked < other->put_invoked);
}

static int by_take(const void *a, const void *b)
{
    const struct element *one = a, *other = b;
    return (one->take_invoked > other->take_invoked) - (one->take_invoked < other->take_invoked);
}

static void find_elements(struct implying *implying)
{
    implying->elements = die_calloc(implying->touch_count, sizeof(*implying->elements));
    for (size_t first = 0, end; first < implying->touch_count; first = end) {
        for (end = first + 1; end < implying->touch_count; end++)
            if (!gs_span_equal(implying->touches[first].value, implying->touches[end].value))
                break;
        look_at_value(implying, &implying->touches[first], end - first);
    }
    qsort(implying->elements, implying->element_count, sizeof(*implying->elements), by_put);
}

/* ---- Pairs ---- */

static void add_edge(struct implying *implying, uint32_t before, uint32_t after)
{
    implying->edges =
        die_grow(implying->edges, &implying->edge_capacity, implying->edge_count + 1, sizeof(*implying->edges));
    implying->edges[implying->edge_count++] = (struct edge){before, after};
}

static bool is_stack(const struct implying *implying)
{
    return implying->object->model->container.gives == GS_GIVES_LAST;
}

/* The puts of these two overlap. */
static void order_puts(struct implying *implying, const struct element *a, const struct element *b)
{
    if (!(a->take_returned < b->take_invoked))
        return;
    if (!is_stack(implying))
        add_edge(implying, a->put, b->put);
    else if (b->put_returned < a->take_invoked)
        add_edge(implying, b->put, a->put);
}

/* The takes of these two overlap. */
static void order_takes(struct implying *implying, const struct element *a, const struct element *b)
{
    if (!(a->put_returned < b->put_invoked))
        return;
    if (!is_stack(implying))
        add_edge(implying, a->take, b->take);
    else if (b->put_returned < a->take_invoked)
        add_edge(implying, b->take, a->take);
}

/* Elements by the invocations of their puts. */
static void look_at_puts(struct implying *implying)
{
    for (size_t i = 0; i < implying->element_count; i++) {
        const struct element *one = &implying->elements[i];
        for (size_t j = i + 1; j < implying->element_count; j++) {
            const struct element *other = &implying->elements[j];
            if (other->put_invoked > one->put_returned || implying->steps++ > STEPS_MOST)
                break;
            order_puts(implying, one, other);
            order_puts(implying, other, one);
        }
    }
}

/* Elements by the invocations of their takes; those never taken come last. */
static void look_at_takes(struct implying *implying)
{
    for (size_t i = 0; i < implying->element_count; i++) {
        const struct element *one = &implying->elements[i];
        for (size_t j = i + 1; j < implying->element_count; j++) {
            const struct element *other = &implying->elements[j];
            if (other->take_invoked > one->take_returned || other->take == NONE || implying->steps++ > STEPS_MOST)
                break;
            order_takes(implying, one, other);
            order_takes(implying, other, one);
        }
    }
}

static bool finds_nothing(const struct implying *implying, const struct gs_recorded *operation)
{
    return takes_out(implying, operation) && operation->outcome == GS_OK &&
           gs_value_kind(operation->operation.result) == GS_VALUE_NIL;
}

/* What is taken only after it was found empty is put in after that too; elements by the invocations of their puts. */
static void look_at_empty(struct implying *implying)
{
    for (uint32_t i = 0; i < implying->object->count; i++) {
        const struct gs_recorded *empty = recorded(implying, i);
        if (!finds_nothing(implying, empty))
            continue;
        for (size_t e = 0; e < implying->element_count && implying->steps++ < STEPS_MOST; e++) {
            const struct element *element = &implying->elements[e];
            if (element->put_invoked > empty->returned)
                break;
            if (empty->invoked < element->put_returned && empty->returned < element->take_invoked)
                add_edge(implying, i, element->put);
        }
    }
}

/* ---- Contradictions; elements by the invocations of their puts ---- */

static bool is_taken_before_put(const struct implying *implying)
{
    for (size_t i = 0; i < implying->element_count; i++)
        if (implying->elements[i].take_returned < implying->elements[i].put_invoked)
            return true;
    return false;
}

/* Goes through the elements in the order in which their puts returned, as far as `before` some position; answers the
 * latest invocation of a take among them. */
struct sweep {
    const struct element **returned; /* elements by put_returned */
    size_t count, next;
    uint64_t latest;
};

static int by_put_returned(const void *a, const void *b)
{
    const struct element *one = *(const struct element *const *)a, *other = *(const struct element *const *)b;
    return (one->put_returned > other->put_returned) - (one->put_returned < other->put_returned);
}

static struct sweep sweep_begin(const struct implying *implying)
{
    struct sweep sweep = {.count = implying->element_count};
    sweep.returned = die_calloc(sweep.count, sizeof(*sweep.returned));
    for (size_t i = 0; i < sweep.count; i++)
        sweep.returned[i] = &implying->elements[i];
    qsort(sweep.returned, sweep.count, sizeof(*sweep.returned), by_put_returned);
    return sweep;
}

static uint64_t latest_take_of_those_put(struct sweep *sweep, uint64_t before)
{
    for (; sweep->next < sweep->count && sweep->returned[sweep->next]->put_returned < before; sweep->next++) {
        const uint64_t take = sweep->returned[sweep->next]->take_invoked;
        sweep->latest = take > sweep->latest ? take : sweep->latest;
    }
    return sweep->latest;
}

/* P(a) -> P(b), and D(b) -> D(a). */
static bool is_overtaken(const struct implying *implying)
{
    struct sweep sweep = sweep_begin(implying);
    bool found = false;
    for (size_t i = 0; i < implying->element_count && !found; i++) {
        const struct element *b = &implying->elements[i];
        found = b->take_returned < latest_take_of_those_put(&sweep, b->put_invoked);
    }
    free(sweep.returned);
    return found;
}

/* Between two positions there was always some element in it. */
struct full_time {
    uint64_t from, until;
};

/* Answers how many; they are apart, and in order. */
static size_t find_full_times(const struct implying *implying, struct full_time *times)
{
    struct sweep sweep = sweep_begin(implying);
    size_t count = 0;
    for (size_t i = 0; i < sweep.count; i++) {
        const struct element *element = sweep.returned[i];
        const uint64_t from = element->put_returned, until = element->take_invoked;
        if (from >= until)
            continue; /* it may have been taken as soon as it was put in */
        if (!count || from > times[count - 1].until)
            times[count++] = (struct full_time){from, until};
        else if (until > times[count - 1].until)
            times[count - 1].until = until;
    }
    free(sweep.returned);
    return count;
}

/* Was it found empty while there was something in it all the time? Operations stand by invocation. */
static bool is_empty_with_elements(const struct implying *implying)
{
    struct full_time *times = die_calloc(implying->element_count, sizeof(*times));
    const size_t count = find_full_times(implying, times);
    bool found = false;
    for (size_t i = 0, t = 0; i < implying->object->count && !found; i++) {
        const struct gs_recorded *operation = recorded(implying, i);
        while (t < count && times[t].until < operation->invoked)
            t++;
        found = t < count && times[t].from < operation->invoked && operation->returned < times[t].until &&
                finds_nothing(implying, operation);
    }
    free(times);
    return found;
}

/* P(a) -> P(b) -> D(a) -> D(b). */
static bool is_taken_from_below(struct implying *implying)
{
    for (size_t i = 0; i < implying->element_count; i++) {
        const struct element *a = &implying->elements[i];
        for (size_t j = i + 1; j < implying->element_count; j++) {
            const struct element *b = &implying->elements[j];
            if (b->put_invoked > a->take_invoked || implying->steps++ > STEPS_MOST)
                break;
            if (a->put_returned < b->put_invoked && b->put_returned < a->take_invoked &&
                a->take_returned < b->take_invoked)
                return true;
        }
    }
    return false;
}

/* ---- Together ---- */

static int compare_edges(const void *a, const void *b)
{
    const struct edge *one = a, *other = b;
    if (one->after != other->after)
        return one->after < other->after ? -1 : 1;
    return (one->before > other->before) - (one->before < other->before);
}

static void keep_edges(struct implying *implying)
{
    const size_t count = implying->object->count;
    struct implied_order *order = implying->order;
    if (!implying->edge_count)
        return;
    qsort(implying->edges, implying->edge_count, sizeof(*implying->edges), compare_edges);
    order->starts = die_calloc(count + 1, sizeof(*order->starts));
    order->before = die_calloc(implying->edge_count, sizeof(*order->before));
    for (size_t e = 0; e < implying->edge_count; e++) {
        order->before[e] = implying->edges[e].before;
        order->starts[implying->edges[e].after + 1]++;
    }
    for (size_t i = 0; i < count; i++)
        order->starts[i + 1] += order->starts[i];
}

static void find_prompt(struct implying *implying)
{
    if (implying->has_others)
        return;
    implying->order->is_prompt = die_calloc(implying->object->count, sizeof(bool));
    for (size_t i = 0; i < implying->element_count; i++)
        if (implying->elements[i].take != NONE)
            implying->order->is_prompt[implying->elements[i].take] = true;
}

static bool contradicts(struct implying *implying)
{
    return is_taken_before_put(implying) || is_empty_with_elements(implying) ||
           (is_stack(implying) ? is_taken_from_below(implying) : is_overtaken(implying));
}

void implied_order_make(struct implied_order *order, const struct object *object)
{
    struct implying implying = {.object = object, .order = order};
    *order = (struct implied_order){0};
    if (object->model->container.gives == GS_GIVES_ANY || gs_value_count(object->initial))
        return; /* elements that nobody has put in */
    find_touches(&implying);
    find_elements(&implying);
    order->contradicts |= contradicts(&implying);
    look_at_puts(&implying);
    look_at_empty(&implying);
    qsort(implying.elements, implying.element_count, sizeof(*implying.elements), by_take);
    look_at_takes(&implying);
    keep_edges(&implying);
    find_prompt(&implying);
    free(implying.touches);
    free(implying.elements);
    free(implying.edges);
}

void implied_order_free(struct implied_order *order)
{
    free(order->starts);
    free(order->before);
    free(order->is_prompt);
    *order = (struct implied_order){0};
}
