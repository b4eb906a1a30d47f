#include "cli/lin_file.h"

#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/die.h"
#include "properties/asking.h"

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
