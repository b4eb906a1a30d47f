/* Making a contradiction small.
 *
 * Leaving out an operation can make the rest contradictory by itself (a read whose write is gone), which would show
 * nothing. So an operation that is left out stays in play: it may take effect at any time from its invocation on, or
 * never. That only allows more than the history did, so if what is left cannot be ordered even then, the history cannot
 * either, and what was left out is no part of why. A read in play is of no use to anyone, and is gone. What came after
 * the return at which the search was stuck is gone too: a history is linearizable only if its beginnings are. */
#include <stdlib.h>
#include <string.h>

#include "core/die.h"
#include "properties/linearizability.h"

enum { TRIALS_MIN = 50 }; /* what one trial may spend: this part of the whole effort */

struct minimising {
    const struct gs_sequential *model;
    gs_value initial;
    enum gs_consistency consistency;
    struct gs_recorded *operations;
    bool *is_out;
    size_t count;
    uint64_t effort, effort_per_trial;
};

static bool is_read(const struct gs_sequential *model, const struct gs_operation *operation)
{
    return model->is_read != NULL && model->is_read(operation);
}

/* The operations as they are tried; those that are out are in play, or not there at all. */
static struct gs_history make_history(const struct minimising *minimising, bool in_play)
{
    struct gs_history history = {0};
    history.operations = die_alloc(minimising->count * sizeof(*history.operations));
    for (size_t i = 0; i < minimising->count; i++) {
        struct gs_recorded operation = minimising->operations[i];
        if (minimising->is_out[i]) {
            if (!in_play || is_read(minimising->model, &operation.operation))
                continue;
            operation.returned = GS_NEVER;
            operation.outcome = GS_OPEN;
            operation.client = INT64_MIN + (int64_t)i; /* no client's own order binds it */
        }
        history.operations[history.count++] = operation;
    }
    return history;
}

static bool still_fails(struct minimising *minimising)
{
    struct gs_history history = make_history(minimising, true);
    struct gs_decision decision;
    const struct gs_decision_limits limits = {.configurations = minimising->effort < minimising->effort_per_trial
                                                                    ? minimising->effort
                                                                    : minimising->effort_per_trial};
    const uint64_t spent = history.count;
    must(gs_decide(&history, minimising->model, minimising->initial, minimising->consistency, &limits, &decision));
    const bool fails = decision.decided == GS_INCONSISTENT;
    minimising->effort -=
        decision.configurations + spent < minimising->effort ? decision.configurations + spent : minimising->effort;
    gs_decision_free(&decision);
    gs_history_free(&history);
    return fails;
}

/* Leaves out `size` operations from `start` on, of those that are in, if it still fails then. *end: behind them. */
static bool leave_out(struct minimising *minimising, size_t start, size_t size, size_t *end)
{
    size_t *chosen = die_alloc(size * sizeof(size_t)), count = 0;
    size_t i = start;
    for (; i < minimising->count && count < size; i++)
        if (!minimising->is_out[i])
            chosen[count++] = i;
    *end = i;
    for (size_t k = 0; k < count; k++)
        minimising->is_out[chosen[k]] = true;
    const bool fails = count > 0 && still_fails(minimising);
    for (size_t k = 0; k < count && !fails; k++)
        minimising->is_out[chosen[k]] = false;
    free(chosen);
    return fails;
}

/* Halves, then quarters, ... then one by one, until none can go. */
static void leave_out_all(struct minimising *minimising)
{
    for (size_t size = (minimising->count + 1) / 2; size > 0 && minimising->effort > 0;) {
        bool any = false;
        for (size_t start = 0, end; start < minimising->count && minimising->effort > 0; start = end)
            any |= leave_out(minimising, start, size, &end);
        size = size > 1 ? size / 2 : any ? 1 : 0;
    }
}

static void copy_operations(struct minimising *minimising, const struct gs_history *of,
                            const struct gs_decision *decision)
{
    const uint64_t end =
        minimising->consistency == GS_LINEARIZABLY ? of->operations[decision->stuck].returned : GS_NEVER;
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

void gs_decision_minimise(const struct gs_history *of, const struct gs_sequential *model, gs_value initial,
                          enum gs_consistency consistency, uint64_t effort, struct gs_decision *decision,
                          struct gs_history *history)
{
    struct minimising minimising = {.model = model, .initial = initial, .consistency = consistency, .effort = effort};
    const size_t objects = decision->objects;
    const uint64_t configurations = decision->configurations;
    minimising.effort_per_trial = effort / TRIALS_MIN + 1;
    copy_operations(&minimising, of, decision);
    leave_out_all(&minimising);
    *history = make_history(&minimising, false);
    gs_decision_free(decision);
    must(gs_decide(history, model, initial, consistency, NULL, decision));
    must(decision->decided == GS_INCONSISTENT);
    decision->objects = objects;
    decision->configurations = configurations;
    free(minimising.operations);
    free(minimising.is_out);
}
