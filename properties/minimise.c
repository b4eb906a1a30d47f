/* Making a contradiction small.
 *
 * Leaving out an operation can make the rest contradictory by itself (a read whose write is gone), which would show
 * nothing. So an operation that is left out stays in play: it may take effect at any time from its invocation on, any
 * number of times (or, where that is too much to search, once), or never. That only allows more than the history did,
 * so if what is left cannot be ordered even then, the history cannot either, and what was left out is no part of why. A
 * read in play is of no use to anyone, and is gone. What came after the return at which the search was stuck is gone
 * too: a history is linearizable only if its beginnings are.
 *
 * Contradictions are mostly local: tried are the last operation alone, the last two, four, ..., until some fail; of
 * those, one after the other is left out. */
#include <stdlib.h>
#include <string.h>

#include "core/die.h"
#include "properties/asking.h"
#include "properties/automaton.h"
#include "properties/search_order.h"

enum {
    OWING_MAX = 1000,    /* operations that are asked who owes whom, in each trial */
    TRIALS_MIN = 16,     /* one trial may spend this part of the whole effort */
    UNDECIDED_MAX = 2,   /* trials that spend that without an answer: larger ones are not tried */
    MEMORY_MAX = 1 << 20 /* in one trial: what is repeated may make a state grow for ever */
};

struct minimising {
    const struct gs_sequential *model;
    gs_value initial;
    enum gs_consistency consistency;
    struct gs_recorded *operations;
    uint32_t *classes; /* of each operation */
    size_t *ranking;   /* the order in which they are kept */
    bool *is_out;
    size_t count, class_count;
    enum gs_outcome in_play; /* GS_REPEATED or GS_OPEN */
    uint64_t effort, effort_per_trial;
    uint64_t end; /* when the operation that was stuck returned */
};

static bool is_read(const struct gs_sequential *model, const struct gs_operation *operation)
{
    return model->is_read != NULL && model->is_read(operation);
}

/* Of repeated operations the first of its class is enough. */
static bool is_needed_in_play(const struct minimising *minimising, size_t i, bool *is_seen)
{
    if (is_read(minimising->model, &minimising->operations[i].operation))
        return false;
    if (minimising->in_play != GS_REPEATED)
        return true;
    const bool is_first = !is_seen[minimising->classes[i]];
    is_seen[minimising->classes[i]] = true;
    return is_first;
}

/* Operations on different keys are nothing to each other. */
static bool owes(const struct minimising *minimising, size_t later, size_t earlier)
{
    const struct gs_operation *one = &minimising->operations[later].operation;
    const struct gs_operation *other = &minimising->operations[earlier].operation;
    if (minimising->model->by_key && !gs_span_equal(one->key, other->key))
        return false;
    return minimising->model->owes == NULL || minimising->model->owes(one, other);
}

/* Of operations in play those that are owed something by one that is in, or by another one of them. The search for a
 * linearization does that by itself. Where it would take long, all. */
static bool *choose_owed(const struct minimising *minimising)
{
    bool *is_owed = die_calloc(minimising->count, sizeof(bool));
    const bool asks = minimising->consistency == GS_SEQUENTIALLY && minimising->count <= OWING_MAX;
    bool any = true;
    for (size_t i = 0; i < minimising->count; i++)
        is_owed[i] = !asks || !minimising->is_out[i];
    while (asks && any) {
        any = false;
        for (size_t i = 0; i < minimising->count; i++)
            for (size_t k = 0; k < minimising->count && !is_owed[i]; k++)
                if (k != i && is_owed[k] && owes(minimising, k, i))
                    any = is_owed[i] = true;
    }
    return is_owed;
}

/* The operations as they are tried; those that are out are in play, or of no use even there and gone. */
static struct gs_history make_history(const struct minimising *minimising)
{
    struct gs_history history = {0};
    bool *is_seen = die_calloc(minimising->class_count, sizeof(bool)), *is_owed = choose_owed(minimising);
    history.operations = die_alloc(minimising->count * sizeof(*history.operations));
    for (size_t i = 0; i < minimising->count; i++) {
        struct gs_recorded operation = minimising->operations[i];
        if (minimising->is_out[i]) {
            if (!is_owed[i] || !is_needed_in_play(minimising, i, is_seen))
                continue;
            operation.returned = GS_NEVER;
            operation.outcome = minimising->in_play;
            operation.is_in_play = true;
            operation.client = INT64_MIN + (int64_t)i; /* no client's own order binds it */
        }
        history.operations[history.count++] = operation;
    }
    free(is_seen);
    free(is_owed);
    return history;
}

static enum gs_decided try_again(struct minimising *minimising)
{
    struct gs_history history = make_history(minimising);
    struct gs_decision decision;
    const struct gs_decision_limits limits = {.attempts = minimising->effort == 0 ? 1
                                                          : minimising->effort < minimising->effort_per_trial
                                                              ? minimising->effort
                                                              : minimising->effort_per_trial,
                                              .memory = MEMORY_MAX,
                                              .no_why = true};
    expect_as_before(minimising->model, gs_decide(&history, minimising->model, minimising->initial,
                                                  minimising->consistency, &limits, &decision));
    const enum gs_decided decided = decision.decided;
    const uint64_t spent = decision.attempts + history.count;
    minimising->effort -= spent < minimising->effort ? spent : minimising->effort;
    gs_decision_free(&decision);
    gs_history_free(&history);
    return decided;
}

/* Keeps only those that returned last: some, or (false) all, if no fewer fail. */
static bool keep_last(struct minimising *minimising)
{
    size_t undecided = 0;
    for (size_t kept = 1; kept < minimising->count && undecided < UNDECIDED_MAX; kept *= 2) {
        for (size_t i = 0; i < minimising->count; i++)
            minimising->is_out[minimising->ranking[i]] = i >= kept;
        const enum gs_decided decided = try_again(minimising);
        if (decided == GS_INCONSISTENT)
            return true;
        undecided += decided == GS_UNDECIDED;
    }
    memset(minimising->is_out, false, minimising->count);
    return false;
}

/* Leaves out what can be, one after the other, until none can. */
static void leave_out_each(struct minimising *minimising)
{
    for (bool any = true; any;) {
        any = false;
        for (size_t i = 0; i < minimising->count && minimising->effort > 0; i++) {
            if (minimising->is_out[i])
                continue;
            minimising->is_out[i] = true;
            minimising->is_out[i] = try_again(minimising) == GS_INCONSISTENT;
            any |= minimising->is_out[i];
        }
    }
}

/* ---- What there is to leave out */

static void copy_operations(struct minimising *minimising, const struct gs_history *of,
                            const struct gs_decision *decision)
{
    const uint64_t end = minimising->consistency == GS_LINEARIZABLY ? minimising->end : GS_NEVER;
    minimising->operations = die_alloc(decision->operation_count * sizeof(*minimising->operations));
    for (size_t i = 0; i < decision->operation_count; i++) {
        struct gs_recorded operation = of->operations[decision->operations[i]];
        if (operation.invoked > end)
            continue;
        if (operation.returned > end) {
            operation.returned = GS_NEVER;
            operation.outcome = GS_OPEN;
        }
        minimising->operations[minimising->count++] = operation;
    }
    minimising->is_out = die_calloc(minimising->count, sizeof(bool));
}

static void number_classes(struct minimising *minimising)
{
    struct automaton *automaton = automaton_new(minimising->model, minimising->initial);
    minimising->classes = die_alloc(minimising->count * sizeof(*minimising->classes));
    for (size_t i = 0; i < minimising->count; i++) {
        minimising->classes[i] = automaton_class(automaton, &minimising->operations[i].operation, true);
        if (minimising->classes[i] >= minimising->class_count)
            minimising->class_count = minimising->classes[i] + 1;
    }
    automaton_free(automaton);
}

struct rank {
    uint64_t returned;
    size_t index;
};

/* Those that returned last come first; those that never did, or after the one that was stuck, come last: they are of
 * most use in play. */
static int by_rank(const void *a, const void *b)
{
    const struct rank *one = a, *other = b;
    const uint64_t at = one->returned == GS_NEVER ? 0 : one->returned + 1;
    const uint64_t other_at = other->returned == GS_NEVER ? 0 : other->returned + 1;
    return at != other_at ? (at < other_at ? 1 : -1) : (one->index < other->index) - (one->index > other->index);
}

static void rank_operations(struct minimising *minimising)
{
    struct rank *ranks = die_alloc(minimising->count * sizeof(*ranks));
    minimising->ranking = die_alloc(minimising->count * sizeof(*minimising->ranking));
    for (size_t i = 0; i < minimising->count; i++)
        ranks[i] = (struct rank){
            minimising->operations[i].invoked < minimising->end ? minimising->operations[i].returned : GS_NEVER, i};
    qsort(ranks, minimising->count, sizeof(*ranks), by_rank);
    for (size_t i = 0; i < minimising->count; i++)
        minimising->ranking[i] = ranks[i].index;
    free(ranks);
}

/* `in_play` is as it was when the last trial failed. */
static void leave_out_all(struct minimising *minimising)
{
    const uint64_t effort = minimising->effort;
    minimising->in_play = minimising->consistency == GS_LINEARIZABLY ? GS_REPEATED : GS_OPEN;
    minimising->effort = effort / 2;
    minimising->effort_per_trial = effort / TRIALS_MIN + 1;
    const bool is_smaller = keep_last(minimising);
    minimising->effort += effort / 2;
    if (!is_smaller && minimising->in_play == GS_REPEATED) {
        minimising->in_play = GS_OPEN;
        keep_last(minimising);
    }
    leave_out_each(minimising);
}

/* ---- What is left to be shown */

/* Drops operations in play that the order can do without. */
static void drop_detours(const struct gs_history *history, const struct minimising *minimising,
                         struct gs_decision *decision)
{
    for (size_t k = decision->placed_count; k-- > 0;) {
        if (!history->operations[decision->placed[k]].is_in_play ||
            !order_walk(decision, history, minimising->model, minimising->initial, k, NULL, NULL))
            continue;
        decision->placed_count--;
        memmove(decision->placed + k, decision->placed + k + 1, (decision->placed_count - k) * sizeof(size_t));
    }
}

/* Drops operations in play that the order has no use for. */
static void drop_unused(struct gs_history *history, struct gs_decision *decision)
{
    size_t *places = die_calloc(history->count, sizeof(*places)), kept = 0;
    for (size_t i = 0; i < decision->placed_count; i++)
        places[decision->placed[i]] = 1;
    for (size_t i = 0; i < history->count; i++)
        if (!history->operations[i].is_in_play || places[i] != 0) {
            history->operations[kept] = history->operations[i];
            places[i] = kept++;
        }
    for (size_t i = 0; i < decision->placed_count; i++)
        decision->placed[i] = places[decision->placed[i]];
    decision->stuck = places[decision->stuck];
    history->count = decision->operation_count = kept;
    for (size_t i = 0; i < kept; i++)
        decision->operations[i] = i;
    free(places);
}

/* In play they had clients of their own. */
static void restore_clients(struct gs_history *history, const struct minimising *minimising)
{
    size_t from = 0;
    for (size_t i = 0; i < history->count; i++) {
        while (minimising->operations[from].invoked != history->operations[i].invoked)
            from++;
        history->operations[i].client = minimising->operations[from].client;
    }
}

/* The place of an operation in the object: those that are left are its first ones. */
static size_t place_in(const struct gs_decision *decision, size_t operation)
{
    size_t low = 0, high = decision->operation_count;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        *(decision->operations[middle] <= operation ? &low : &high) = middle;
    }
    return low;
}

/* Nothing could be left out: what was decided stands, and may have taken too long to be decided again. */
static void keep_decision(const struct gs_history *history, struct gs_decision *decision)
{
    for (size_t i = 0; i < decision->placed_count; i++)
        decision->placed[i] = place_in(decision, decision->placed[i]);
    decision->stuck = place_in(decision, decision->stuck);
    decision->operation_count = history->count;
    for (size_t i = 0; i < history->count; i++)
        decision->operations[i] = i;
}

static void decide_again(const struct minimising *minimising, struct gs_history *history, struct gs_decision *decision)
{
    const struct gs_decision whole = *decision;
    gs_decision_free(decision);
    const bool can_begin =
        gs_decide(history, minimising->model, minimising->initial, minimising->consistency, NULL, decision);
    expect_as_before(minimising->model, can_begin && decision->decided == GS_INCONSISTENT);
    decision->objects = whole.objects;
    decision->configurations = whole.configurations;
    decision->attempts = whole.attempts;
    drop_detours(history, minimising, decision);
    drop_unused(history, decision);
    restore_clients(history, minimising);
}

void gs_decision_minimise(const struct gs_history *of, const struct gs_sequential *model, gs_value initial,
                          enum gs_consistency consistency, uint64_t effort, struct gs_decision *decision,
                          struct gs_history *history)
{
    struct minimising minimising = {.model = model, .initial = initial, .consistency = consistency, .effort = effort};
    minimising.end = of->operations[decision->stuck].returned;
    copy_operations(&minimising, of, decision);
    number_classes(&minimising);
    rank_operations(&minimising);
    leave_out_all(&minimising);
    *history = make_history(&minimising);
    if (memchr(minimising.is_out, true, minimising.count) == NULL)
        keep_decision(history, decision);
    else
        decide_again(&minimising, history, decision);
    free(minimising.operations);
    free(minimising.classes);
    free(minimising.ranking);
    free(minimising.is_out);
}
