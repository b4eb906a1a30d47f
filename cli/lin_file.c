#include "cli/lin_file.h"

#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/die.h"
#include "properties/asking.h"
#include "properties/automaton.h"

/* What is left until the deadline: never nothing, which would be no limit. */
static double seconds_left(const struct lin_task *task)
{
    const double left = task->deadline - clock_seconds();
    return task->deadline <= 0 ? 0 : left > 1e-9 ? left : 1e-9;
}

static void decide(const struct lin_task *task, struct lin_file *file)
{
    const struct gs_decision_limits limits = {.seconds = seconds_left(task), .memory = task->memory};
    expect_as_before(task->model, gs_decide(&file->recorded.history, task->model, task->initial, task->consistency,
                                            &limits, &file->decision));
    if (file->decision.decided != GS_INCONSISTENT)
        return;
    file->object_operations = file->decision.operation_count;
    gs_decision_minimise(&file->recorded.history, task->model, task->initial, task->consistency, task->effort,
                         &file->decision, &file->small);
}

void lin_file_decide(const struct lin_task *task, struct lin_file *file)
{
    const double begin = clock_seconds();
    file->recorded.model = task->model;
    file->is_read = history_read(file->path, task->format, &file->recorded);
    file->operations = file->recorded.history.count;
    if (file->is_read)
        decide(task, file);
    if (file->is_read && file->decision.decided != GS_INCONSISTENT)
        recorded_file_free(&file->recorded);
    file->seconds = clock_seconds() - begin;
}

void lin_file_free(struct lin_file *file)
{
    recorded_file_free(&file->recorded);
    gs_decision_free(&file->decision);
    gs_history_free(&file->small);
}

static int by_invocation(const void *key, const void *item)
{
    const uint64_t wanted = *(const uint64_t *)key, invoked = ((const struct gs_recorded *)item)->invoked;
    return (wanted > invoked) - (wanted < invoked);
}

struct history_lines lin_file_lines(const struct lin_file *file, size_t small_index)
{
    const struct gs_history *history = &file->recorded.history;
    const struct gs_recorded *found = bsearch(&file->small.operations[small_index].invoked, history->operations,
                                              history->count, sizeof(*history->operations), by_invocation);
    must(found != NULL);
    return file->recorded.lines[found - history->operations];
}

const char *lin_verdict(enum gs_consistency consistency, enum gs_decided decided)
{
    static const char *const names[][3] = {
        [GS_LINEARIZABLY] = {"unknown", "linearizable", "not linearizable"},
        [GS_SEQUENTIALLY] = {"unknown", "sequentially consistent", "not sequentially consistent"},
    };
    return names[consistency][decided];
}

/* The model's states of all keys that the order names; of an object that is decided alone it is one. */
void lin_file_visit_order(const struct lin_task *task, const struct lin_file *file, lin_order_visitor *visit,
                          void *context)
{
    const struct gs_decision *decision = &file->decision;
    const bool by_key = task->model->by_key;
    struct automaton *automaton = automaton_new(task->model, task->initial);
    struct numbering keys = {0};
    uint32_t *states = die_calloc(file->small.count, sizeof(*states));
    uint32_t *classes = die_alloc(file->small.count * sizeof(*classes));
    for (size_t i = 0; i < file->small.count; i++)
        classes[i] = automaton_class(automaton, &file->small.operations[i].operation, !by_key);
    visit(context, NULL, 0, automaton_state(automaton, 0));
    for (size_t i = 0; i < decision->placed_count; i++) {
        const size_t index = decision->placed[i];
        const struct gs_recorded *recorded = &file->small.operations[index];
        uint32_t *state = &states[by_key ? numbering_of(&keys, recorded->operation.key) : 0];
        expect_as_before(task->model, automaton_step(automaton, *state, classes[index], state));
        visit(context, recorded, index, automaton_state(automaton, *state));
    }
    free(states);
    free(classes);
    numbering_free(&keys);
    automaton_free(automaton);
}
