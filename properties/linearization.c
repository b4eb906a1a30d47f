/* A depth-first search for a linearization of one object's operations.
 *
 * A configuration is (r, done, open, state): the first r returns, in real-time order, have been passed; `done` is which
 * of the operations in flight at the next return have taken effect, `open` which of those that never return. The next
 * return can be passed once its operation is done: an operation takes effect just in time, when some return asks for
 * it. What keeps this small, and why it is sound:
 *
 * - A read (an operation that changes no state in which it can take effect) takes effect as soon as it can, without an
 *   alternative: in any linearization that goes on from here it can be moved forward to here, where it is legal, since
 *   no other operation notices. It was invoked before, so real time allows it. A read that never returns is left out.
 * - An operation that never returns, and to which none owes anything that must or may take effect, is left out: the
 *   model says that the others do as well without it (struct gs_sequential, owes).
 * - Of operations of one class (same function, argument, result) only the one that returns first is tried: if a
 *   linearization takes a later one first, both are in flight here and may change places. Those that never return come
 *   last; of them, the one that was invoked first.
 * - A configuration is given up if one with the same r, done and state and with a subset of open was met: whatever
 *   completes this one completes that one. (If some pruned or failed configuration could be completed, take one with
 *   the shortest completion: the configuration that it was pruned for, or it itself, was expanded, and the first
 *   operation of the completion, moved as above, leads to one with a shorter completion. A contradiction.)
 * - What every legal order has (implied_order.h) is asked of each step: whatever goes against it cannot be completed.
 *   Some operations of a queue or a stack take effect as soon as they can, as reads do. */
#include <stdlib.h>
#include <string.h>

#include "core/die.h"
#include "properties/asking.h"
#include "properties/automaton.h"
#include "properties/implied_order.h"
#include "properties/search_order.h"
#include "properties/visited.h"

enum { OWING_MAX = 4000000 }; /* questions who owes whom */

/* An operation in the search. Completed ones have a slot in `done` while in flight; others one for ever in `open`. */
struct candidate {
    uint32_t class_number, slot;
    uint32_t same_before; /* open: the one of the same class invoked before; VISITED_NONE */
    uint32_t place;       /* completed: among the returns */
    bool is_read, is_repeated;
    bool is_left_out; /* open: it does not take effect */
};

struct frame {
    uint32_t configuration;
    uint32_t next; /* candidate to try: first those in flight, then the open ones */
};

struct linearization {
    const struct object *object;
    struct automaton *automaton;
    struct visited *visited;
    struct candidate *candidates; /* as object->operations */
    uint32_t *returns;            /* completed operations, as they return */
    uint32_t *flights;            /* per return: those in flight then, as they return */
    size_t *flight_starts;        /* per return, and the end */
    uint32_t *opens;              /* open operations, by invocation */
    uint32_t *opens_before;       /* per return: how many of them were invoked before it */
    size_t return_count, open_count, flight_capacity, done_words, open_words;
    struct implied_order implied;
    struct frame *stack;
    size_t depth, stack_capacity;
    uint64_t *words;   /* the configuration that is being made: 1 + done_words + open_words */
    uint32_t furthest; /* a configuration that passed the most returns */
    enum gs_decided decided;
    uint32_t last_from, last; /* consistent: the last configuration, and the operation tried in it */
};

/* ---- What is tried when */

static const struct gs_recorded *recorded(const struct object *object, size_t i)
{
    return &object->history->operations[object->operations[i]];
}

static bool reads(const struct gs_sequential *model, const struct gs_operation *operation)
{
    return model->is_read != NULL && model->is_read(operation);
}

struct return_event {
    uint64_t position;
    uint32_t operation;
};

static int by_position(const void *a, const void *b)
{
    const uint64_t one = ((const struct return_event *)a)->position, other = ((const struct return_event *)b)->position;
    return (one > other) - (one < other);
}

static void number_classes(struct linearization *search)
{
    const struct object *object = search->object;
    for (uint32_t i = 0; i < object->count; i++) {
        const struct gs_recorded *operation = recorded(object, i);
        struct candidate *candidate = &search->candidates[i];
        candidate->is_read = reads(object->model, &operation->operation);
        candidate->is_repeated = operation->outcome == GS_REPEATED;
        candidate->class_number = automaton_class(search->automaton, &operation->operation, !object->model->by_key);
        candidate->is_left_out = operation->returned == GS_NEVER;
    }
}

/* Is the open operation owed anything by one that is not left out? (Those that are left out may owe each other
 * something: see struct gs_sequential, owes.) */
static bool is_owed(const struct linearization *search, uint32_t open)
{
    const struct object *object = search->object;
    const struct gs_operation *earlier = &recorded(object, open)->operation;
    for (uint32_t i = 0; i < object->count; i++)
        if (!search->candidates[i].is_left_out && object->model->owes(&recorded(object, i)->operation, earlier))
            return true;
    return false;
}

/* Takes in the open operations that are owed something, until no more are. Where that would take long, all are. */
static void choose_open(struct linearization *search)
{
    const struct object *object = search->object;
    size_t open_count = 0;
    for (uint32_t i = 0; i < object->count; i++)
        open_count += search->candidates[i].is_left_out && !search->candidates[i].is_read;
    const bool asks = object->model->owes != NULL && open_count * object->count <= OWING_MAX;
    for (bool any = open_count > 0; any;) {
        any = false;
        for (uint32_t i = 0; i < object->count; i++) {
            struct candidate *candidate = &search->candidates[i];
            if (candidate->is_left_out && !candidate->is_read && (!asks || is_owed(search, i))) {
                candidate->is_left_out = false;
                any = true;
            }
        }
    }
}

static void lay_out_open(struct linearization *search)
{
    const struct object *object = search->object;
    uint32_t *last_of_class = die_alloc(object->count * sizeof(uint32_t));
    memset(last_of_class, 0xff, object->count * sizeof(uint32_t)); /* VISITED_NONE */
    for (uint32_t i = 0; i < object->count; i++) {
        struct candidate *candidate = &search->candidates[i];
        if (recorded(object, i)->returned != GS_NEVER || candidate->is_left_out)
            continue;
        candidate->slot = (uint32_t)search->open_count;
        candidate->same_before = last_of_class[candidate->class_number];
        last_of_class[candidate->class_number] = i;
        search->opens[search->open_count++] = i;
    }
    free(last_of_class);
}

static void sort_returns(struct linearization *search)
{
    const struct object *object = search->object;
    struct return_event *events = die_alloc(object->count * sizeof(*events));
    size_t count = 0;
    for (uint32_t i = 0; i < object->count; i++)
        if (recorded(object, i)->returned != GS_NEVER)
            events[count++] = (struct return_event){recorded(object, i)->returned, i};
    qsort(events, count, sizeof(*events), by_position);
    for (size_t r = 0; r < count; r++) {
        search->returns[r] = events[r].operation;
        search->candidates[events[r].operation].place = (uint32_t)r;
    }
    search->return_count = count;
    free(events);
}

static uint64_t bit_of(uint32_t slot)
{
    return UINT64_C(1) << (slot & 63);
}

/* The lowest slot that no operation in flight has. */
static uint32_t take_slot(uint64_t *slots, size_t words)
{
    for (size_t i = 0; i < words; i++)
        if (~slots[i] != 0) {
            const uint32_t bit = (uint32_t)__builtin_ctzll(~slots[i]);
            slots[i] |= UINT64_C(1) << bit;
            return (uint32_t)(64 * i) + bit;
        }
    die("more operations in flight than there are");
}

/* Going through the history from return to return. */
struct layout {
    uint64_t *slots; /* taken */
    size_t words, invoked, opened, end;
    uint32_t slot_count;
};

/* Puts a completed operation among those in flight, which stand from `start` on as they return, and gives it a slot. */
static void begin_flight(struct linearization *search, struct layout *layout, size_t start, uint32_t operation)
{
    const uint64_t returned = recorded(search->object, operation)->returned;
    const uint32_t slot = take_slot(layout->slots, layout->words);
    search->candidates[operation].slot = slot;
    layout->slot_count = slot >= layout->slot_count ? slot + 1 : layout->slot_count;
    search->flights = die_grow(search->flights, &search->flight_capacity, layout->end + 1, sizeof(uint32_t));
    size_t place = layout->end++;
    for (; place > start && recorded(search->object, search->flights[place - 1])->returned > returned; place--)
        search->flights[place] = search->flights[place - 1];
    search->flights[place] = operation;
}

/* Those that are in flight at the return before this one, without the first, which has returned. */
static void keep_flights(struct linearization *search, struct layout *layout, size_t r)
{
    const size_t before = r == 0 ? 0 : search->flight_starts[r - 1] + 1, kept = layout->end - before;
    search->flight_starts[r] = layout->end;
    search->flights = die_grow(search->flights, &search->flight_capacity, layout->end + kept + 1, sizeof(uint32_t));
    memcpy(search->flights + layout->end, search->flights + before, kept * sizeof(uint32_t));
    layout->end += kept;
}

/* Which operations are in flight at each return; gives them their slots. */
static void lay_out_flights(struct linearization *search)
{
    const struct object *object = search->object;
    struct layout layout = {.words = object->count / 64 + 1};
    layout.slots = die_calloc(layout.words, sizeof(uint64_t));
    for (size_t r = 0; r < search->return_count; r++) {
        const uint32_t returning = search->returns[r];
        keep_flights(search, &layout, r);
        for (; layout.invoked < object->count; layout.invoked++) {
            const struct gs_recorded *next = recorded(object, layout.invoked);
            if (next->invoked > recorded(object, returning)->returned)
                break;
            if (next->returned != GS_NEVER)
                begin_flight(search, &layout, search->flight_starts[r], (uint32_t)layout.invoked);
            else
                layout.opened += !search->candidates[layout.invoked].is_left_out;
        }
        search->opens_before[r] = (uint32_t)layout.opened;
        must(search->flights[search->flight_starts[r]] == returning);
        layout.slots[search->candidates[returning].slot / 64] &= ~bit_of(search->candidates[returning].slot);
    }
    search->flight_starts[search->return_count] = layout.end;
    search->done_words = layout.slot_count / 64 + 1;
    free(layout.slots);
}

/* ---- Configurations */

static uint32_t passed(const uint64_t *words)
{
    return (uint32_t)(words[0] >> 32);
}

static uint32_t state_of(const uint64_t *words)
{
    return (uint32_t)words[0];
}

static bool has_slot(const uint64_t *words, uint32_t slot)
{
    return (words[slot / 64] & bit_of(slot)) != 0;
}

/* Does it take effect as soon as it can, without an alternative? */
static bool is_eager(const struct linearization *search, uint32_t operation)
{
    return search->candidates[operation].is_read || (search->implied.is_prompt && search->implied.is_prompt[operation]);
}

/* Lets one of those in flight take effect that do as soon as they can. False: none can. `order`, if any, gets it. */
static bool take_eagerly(struct linearization *search, uint64_t *words, struct failure *order)
{
    uint64_t *done = words + 1;
    const uint32_t state = state_of(words), r = passed(words);
    const uint32_t *end = search->flights + search->flight_starts[r + 1];
    for (const uint32_t *flight = search->flights + search->flight_starts[r]; flight < end; flight++) {
        const struct candidate *candidate = &search->candidates[*flight];
        uint32_t after;
        if (!is_eager(search, *flight) || has_slot(done, candidate->slot) ||
            !automaton_step(search->automaton, state, candidate->class_number, &after))
            continue;
        if (candidate->is_read && after != state)
            model_breaks(search->object->model, "is_read", &recorded(search->object, *flight)->operation,
                         MODEL_READ_CHANGES);
        done[candidate->slot / 64] |= bit_of(candidate->slot);
        words[0] = (uint64_t)r << 32 | after;
        if (order != NULL)
            failure_add(order, *flight);
        return true;
    }
    return false;
}

/* Lets all take effect that do as soon as they can, and passes the returns that can be passed. `order`, if any, gets
 * those operations. True: all returns are passed. */
static bool settle(struct linearization *search, uint64_t *words, struct failure *order)
{
    uint64_t *done = words + 1;
    for (uint32_t r; (r = passed(words)) < search->return_count;) {
        while (take_eagerly(search, words, order))
            ;
        const uint32_t slot = search->candidates[search->returns[r]].slot;
        if (!has_slot(done, slot))
            return false;
        done[slot / 64] &= ~bit_of(slot);
        words[0] = (uint64_t)(r + 1) << 32 | state_of(words);
    }
    return true;
}

/* Settles the configuration in search->words and keeps it if it is new. */
static void arrive(struct linearization *search, uint32_t from, uint32_t by)
{
    if (settle(search, search->words, NULL)) {
        search->decided = GS_CONSISTENT;
        search->last_from = from;
        search->last = by;
        return;
    }
    const uint32_t number = visited_add(search->visited, search->words, from, by);
    if (number == VISITED_NONE)
        return;
    if (passed(search->words) > passed(visited_words(search->visited, search->furthest)))
        search->furthest = number;
    search->stack = die_grow(search->stack, &search->stack_capacity, search->depth + 1, sizeof(*search->stack));
    search->stack[search->depth++] = (struct frame){number, 0};
}

/* Is there another one of its class in flight, not done, that returns before it? */
static bool is_second_of_class(const struct linearization *search, const uint32_t *first, const uint32_t *flight,
                               const uint64_t *done)
{
    const uint32_t class_number = search->candidates[*flight].class_number;
    for (; first < flight; first++)
        if (search->candidates[*first].class_number == class_number && !has_slot(done, search->candidates[*first].slot))
            return true;
    return false;
}

static bool has_taken_effect(const struct linearization *search, const uint64_t *words, uint32_t operation)
{
    const struct candidate *candidate = &search->candidates[operation];
    const uint32_t r = passed(words);
    if (recorded(search->object, operation)->returned == GS_NEVER)
        return !candidate->is_left_out && has_slot(words + 1 + search->done_words, candidate->slot);
    const bool is_invoked =
        recorded(search->object, operation)->invoked < recorded(search->object, search->returns[r])->returned;
    return candidate->place < r || (is_invoked && has_slot(words + 1, candidate->slot));
}

/* Have all taken effect that come before it in any legal order? */
static bool is_its_turn(const struct linearization *search, const uint64_t *words, uint32_t operation)
{
    const struct implied_order *implied = &search->implied;
    if (!implied->starts)
        return true;
    for (size_t i = implied->starts[operation]; i < implied->starts[operation + 1]; i++)
        if (!has_taken_effect(search, words, implied->before[i]))
            return false;
    return true;
}

/* The next candidate that can be tried, from *next on; VISITED_NONE: that was all. */
static uint32_t next_candidate(const struct linearization *search, const uint64_t *words, uint32_t *next)
{
    const uint32_t r = passed(words);
    const uint32_t *flights = search->flights + search->flight_starts[r];
    const uint32_t in_flight = (uint32_t)(search->flight_starts[r + 1] - search->flight_starts[r]);
    const uint64_t *open = words + 1 + search->done_words;
    while (*next < in_flight) {
        const uint32_t *flight = flights + (*next)++;
        const struct candidate *candidate = &search->candidates[*flight];
        if (!is_eager(search, *flight) && !has_slot(words + 1, candidate->slot) &&
            !is_second_of_class(search, flights, flight, words + 1) && is_its_turn(search, words, *flight))
            return *flight;
    }
    while (*next < in_flight + search->opens_before[r]) {
        const uint32_t operation = search->opens[(*next)++ - in_flight];
        const struct candidate *candidate = &search->candidates[operation];
        if (!has_slot(open, candidate->slot) &&
            (candidate->same_before == VISITED_NONE ||
             has_slot(open, search->candidates[candidate->same_before].slot)) &&
            is_its_turn(search, words, operation))
            return operation;
    }
    return VISITED_NONE;
}

/* Makes in search->words the configuration after an operation; false: it cannot take effect. */
static bool take_effect(struct linearization *search, uint32_t operation)
{
    const struct candidate *candidate = &search->candidates[operation];
    const bool is_open = recorded(search->object, operation)->returned == GS_NEVER;
    uint64_t *slots = search->words + 1 + (is_open ? search->done_words : 0);
    uint32_t state;
    if (!automaton_step(search->automaton, state_of(search->words), candidate->class_number, &state))
        return false;
    search->words[0] = (uint64_t)passed(search->words) << 32 | state;
    if (!candidate->is_repeated)
        slots[candidate->slot / 64] |= bit_of(candidate->slot);
    return true;
}

enum gs_decided linearization_search(struct linearization *search, uint64_t *attempts)
{
    const size_t size = (1 + search->done_words + search->open_words) * sizeof(uint64_t);
    while (search->decided == GS_UNDECIDED && *attempts > 0) {
        if (search->depth == 0) {
            search->decided = GS_INCONSISTENT;
            break;
        }
        struct frame *frame = &search->stack[search->depth - 1];
        const uint32_t from = frame->configuration;
        memcpy(search->words, visited_words(search->visited, from), size);
        const uint32_t operation = next_candidate(search, search->words, &frame->next);
        if (operation == VISITED_NONE) {
            search->depth--;
        } else if (--*attempts, take_effect(search, operation)) {
            arrive(search, from, operation);
        }
    }
    return search->decided;
}

struct linearization *linearization_new(const struct object *object)
{
    struct linearization *search = die_calloc(1, sizeof(*search));
    search->object = object;
    search->automaton = automaton_new(object->model, object->initial);
    search->candidates = die_calloc(object->count, sizeof(*search->candidates));
    search->returns = die_alloc(object->count * sizeof(uint32_t));
    search->flight_starts = die_alloc((object->count + 1) * sizeof(size_t));
    search->opens = die_alloc(object->count * sizeof(uint32_t));
    search->opens_before = die_alloc(object->count * sizeof(uint32_t));
    must(object->count < VISITED_NONE);
    number_classes(search);
    choose_open(search);
    lay_out_open(search);
    sort_returns(search);
    lay_out_flights(search);
    implied_order_make(&search->implied, object);
    search->open_words = (search->open_count + 63) / 64;
    search->words = die_calloc(1 + search->done_words + search->open_words, sizeof(uint64_t));
    search->visited = visited_new(1 + search->done_words, search->open_words);
    if (search->implied.contradicts)
        search->decided = GS_INCONSISTENT;
    else
        arrive(search, VISITED_NONE, VISITED_NONE);
    return search;
}

uint64_t linearization_configurations(const struct linearization *search)
{
    return visited_count(search->visited);
}

size_t linearization_memory(const struct linearization *search)
{
    return automaton_memory(search->automaton) + visited_memory(search->visited) +
           search->stack_capacity * sizeof(*search->stack) + search->flight_capacity * sizeof(uint32_t);
}

/* The operations that led to a configuration, the last one first. Owned by the caller. */
static uint32_t *path_back(const struct linearization *search, uint32_t configuration, size_t *length)
{
    uint32_t *path = NULL;
    size_t capacity = 0;
    *length = 0;
    for (uint32_t at = configuration; visited_by(search->visited, at) != VISITED_NONE;
         at = visited_from(search->visited, at)) {
        path = die_grow(path, &capacity, *length + 1, sizeof(*path));
        path[(*length)++] = visited_by(search->visited, at);
    }
    return path;
}

/* Adds the operations that led to a configuration to `order`; it is in search->words then. */
static void retrace(struct linearization *search, uint32_t configuration, struct failure *order)
{
    size_t left = 0;
    uint32_t *path = configuration == VISITED_NONE ? NULL : path_back(search, configuration, &left);
    memset(search->words, 0, (1 + search->done_words + search->open_words) * sizeof(uint64_t));
    settle(search, search->words, order);
    for (; left > 0; left--) {
        expect_as_before(search->object->model, take_effect(search, path[left - 1]));
        failure_add(order, path[left - 1]);
        settle(search, search->words, order);
    }
    free(path);
}

void linearization_explain(struct linearization *search, struct failure *failure)
{
    retrace(search, search->furthest, failure);
    failure->stuck = search->returns[passed(search->words)];
}

void linearization_order(struct linearization *search, struct failure *order)
{
    retrace(search, search->last_from, order);
    if (search->last == VISITED_NONE)
        return;
    expect_as_before(search->object->model, take_effect(search, search->last));
    failure_add(order, search->last);
    settle(search, search->words, order);
}

bool linearization_has_foresight(const struct linearization *search)
{
    return search->implied.contradicts || search->implied.starts;
}

void linearization_free(struct linearization *search)
{
    if (search == NULL)
        return;
    automaton_free(search->automaton);
    implied_order_free(&search->implied);
    visited_free(search->visited);
    free(search->candidates);
    free(search->returns);
    free(search->flights);
    free(search->flight_starts);
    free(search->opens);
    free(search->opens_before);
    free(search->stack);
    free(search->words);
    free(search);
}
