/* Deciding a history: splits it into objects, and searches for an order of each. Objects take turns, the smallest
 * first, each turn longer than the one before: a small contradiction in one is found before another's long search ends.
 * What comes out is the same on every run: turns are counted in attempts, not in seconds. */
#include "properties/linearizability.h"

#include <stdlib.h>

#include "core/clock.h"
#include "core/die.h"
#include "properties/asking.h"
#include "properties/numbering.h"
#include "properties/search_order.h"

enum { TURN_FIRST = 4096, TURN_GROWTH = 4, LOOK_EVERY = 256 };

/* An object while it is being decided. */
struct part {
    struct object object;
    struct linearization *linearization;
    struct sequence_search *sequence;
    enum gs_decided decided;
};

struct deciding {
    const struct gs_decision_limits *limits;
    enum gs_consistency consistency;
    size_t *operations; /* of all objects, one object after the other */
    struct part *parts;
    size_t part_count;
    double deadline; /* on the monotonic clock; 0: none */
    bool is_stopped;
    uint64_t configurations, attempts; /* configurations: of objects that are decided */
};

/* ---- One object */

static void part_begin(const struct deciding *deciding, struct part *part)
{
    if (deciding->consistency == GS_SEQUENTIALLY)
        part->sequence = sequence_search_new(&part->object);
    else
        part->linearization = linearization_new(&part->object);
}

static enum gs_decided part_search(struct part *part, uint64_t *attempts)
{
    return part->sequence != NULL ? sequence_search_run(part->sequence, attempts)
                                  : linearization_search(part->linearization, attempts);
}

static uint64_t part_configurations(const struct part *part)
{
    return part->sequence != NULL        ? sequence_search_configurations(part->sequence)
           : part->linearization != NULL ? linearization_configurations(part->linearization)
                                         : 0;
}

static size_t part_memory(const struct part *part)
{
    return part->sequence != NULL        ? sequence_search_memory(part->sequence)
           : part->linearization != NULL ? linearization_memory(part->linearization)
                                         : 0;
}

static void part_end(struct deciding *deciding, struct part *part)
{
    deciding->configurations += part_configurations(part);
    sequence_search_free(part->sequence);
    linearization_free(part->linearization);
    part->sequence = NULL;
    part->linearization = NULL;
}

/* ---- Objects */

static bool counts(const struct gs_recorded *recorded)
{
    return recorded->outcome != GS_FAILED;
}

static bool is_split(const struct gs_sequential *model, enum gs_consistency consistency)
{
    return model->by_key && consistency == GS_LINEARIZABLY;
}

static int by_size(const void *a, const void *b)
{
    const struct object *one = &((const struct part *)a)->object, *other = &((const struct part *)b)->object;
    if (one->count != other->count)
        return one->count < other->count ? -1 : 1;
    return (one->operations > other->operations) - (one->operations < other->operations);
}

/* Puts the operations of each object one after the other; objects in the order of their first operations. */
static void split(struct deciding *deciding, const struct object *all, bool by_key)
{
    const struct gs_history *history = all->history;
    struct numbering keys = {0};
    size_t *ends = die_calloc(history->count + 1, sizeof(size_t)), end = 0;
    deciding->operations = die_alloc(history->count * sizeof(size_t));
    for (size_t i = 0; i < history->count; i++)
        if (counts(&history->operations[i]))
            ends[numbering_of(&keys, by_key ? history->operations[i].operation.key : GS_NIL)]++;
    deciding->part_count = keys.count;
    deciding->parts = die_calloc(keys.count, sizeof(*deciding->parts));
    for (size_t k = 0; k < keys.count; k++) {
        deciding->parts[k].object = *all;
        deciding->parts[k].object.operations = deciding->operations + end;
        end += ends[k];
    }
    for (size_t i = 0; i < history->count; i++) {
        if (!counts(&history->operations[i]))
            continue;
        struct object *object =
            &deciding->parts[numbering_of(&keys, by_key ? history->operations[i].operation.key : GS_NIL)].object;
        deciding->operations[(size_t)(object->operations - deciding->operations) + object->count++] = i;
    }
    qsort(deciding->parts, deciding->part_count, sizeof(*deciding->parts), by_size);
    numbering_free(&keys);
    free(ends);
}

/* ---- Limits */

static bool is_over(const struct deciding *deciding)
{
    const struct gs_decision_limits *limits = deciding->limits;
    size_t memory = 0;
    for (size_t i = 0; i < deciding->part_count && limits->memory > 0; i++)
        memory += part_memory(&deciding->parts[i]);
    return (deciding->deadline > 0 && clock_seconds() >= deciding->deadline) ||
           (limits->memory > 0 && memory >= limits->memory) ||
           (limits->attempts > 0 && deciding->attempts >= limits->attempts);
}

/* One turn of one object. */
static void take_turn(struct deciding *deciding, struct part *part, uint64_t attempts)
{
    const uint64_t most = deciding->limits->attempts;
    while (part->decided == GS_UNDECIDED && attempts > 0 && !deciding->is_stopped) {
        uint64_t look = attempts < LOOK_EVERY ? attempts : LOOK_EVERY;
        if (most > 0 && most - deciding->attempts < look)
            look = most - deciding->attempts;
        uint64_t left = look;
        part->decided = part_search(part, &left);
        deciding->attempts += look - left;
        attempts -= look;
        deciding->is_stopped = part->decided == GS_UNDECIDED && is_over(deciding);
    }
    if (part->decided == GS_CONSISTENT)
        part_end(deciding, part);
}

/* The first object that is inconsistent, NULL if there is none. */
static struct part *take_turns(struct deciding *deciding)
{
    size_t undecided = deciding->part_count;
    for (uint64_t turn = TURN_FIRST; undecided > 0; turn *= TURN_GROWTH)
        for (size_t i = 0; i < deciding->part_count; i++) {
            struct part *part = &deciding->parts[i];
            if (part->decided != GS_UNDECIDED)
                continue;
            if (part->linearization == NULL && part->sequence == NULL)
                part_begin(deciding, part);
            take_turn(deciding, part, turn);
            if (deciding->is_stopped)
                return NULL;
            if (part->decided == GS_INCONSISTENT)
                return part;
            undecided -= part->decided == GS_CONSISTENT;
        }
    return NULL;
}

/* ---- The whole */

void failure_add(struct failure *failure, size_t operation)
{
    failure->placed =
        die_grow(failure->placed, &failure->capacity, failure->placed_count + 1, sizeof(*failure->placed));
    failure->placed[failure->placed_count++] = operation;
}

static void explain(struct part *part, bool by_key, struct gs_decision *decision)
{
    const struct object *object = &part->object;
    struct failure failure = {0};
    if (part->sequence != NULL)
        sequence_search_explain(part->sequence, &failure);
    else if (linearization_has_foresight(part->linearization))
        beginning_explain(object, &failure);
    else
        linearization_explain(part->linearization, &failure);
    decision->key = by_key ? object->history->operations[object->operations[0]].operation.key : GS_NIL;
    decision->operations = die_alloc(object->count * sizeof(size_t));
    decision->operation_count = object->count;
    for (size_t i = 0; i < object->count; i++)
        decision->operations[i] = object->operations[i];
    for (size_t i = 0; i < failure.placed_count; i++)
        failure.placed[i] = object->operations[failure.placed[i]];
    decision->placed = failure.placed;
    decision->placed_count = failure.placed_count;
    decision->stuck = object->operations[failure.stuck];
}

static bool can_begin(const struct gs_sequential *model, gs_value initial)
{
    struct gs_buffer nowhere = {NULL, 0, 0};
    const struct asking asking = asking_of(model);
    return ask_init(&asking, initial, &nowhere);
}

bool gs_decide(const struct gs_history *history, const struct gs_sequential *model, gs_value initial,
               enum gs_consistency consistency, const struct gs_decision_limits *limits, struct gs_decision *decision)
{
    static const struct gs_decision_limits none = {0};
    const bool by_key = is_split(model, consistency);
    const struct object all = {.history = history, .model = model, .initial = initial};
    struct deciding deciding = {.limits = limits == NULL ? &none : limits, .consistency = consistency};
    *decision = (struct gs_decision){.key = GS_NIL};
    if (!can_begin(model, initial))
        return false;
    deciding.deadline = deciding.limits->seconds > 0 ? clock_seconds() + deciding.limits->seconds : 0;
    split(&deciding, &all, by_key);
    struct part *inconsistent = take_turns(&deciding);
    decision->objects = deciding.part_count;
    decision->decided = inconsistent != NULL ? GS_INCONSISTENT : deciding.is_stopped ? GS_UNDECIDED : GS_CONSISTENT;
    if (inconsistent != NULL && !deciding.limits->no_why)
        explain(inconsistent, by_key, decision);
    for (size_t i = 0; i < deciding.part_count; i++)
        part_end(&deciding, &deciding.parts[i]);
    decision->configurations = deciding.configurations;
    decision->attempts = deciding.attempts;
    free(deciding.operations);
    free(deciding.parts);
    return true;
}

void gs_decision_free(struct gs_decision *decision)
{
    free(decision->operations);
    free(decision->placed);
    *decision = (struct gs_decision){0};
}
