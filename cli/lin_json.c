/* What --json writes, and what the page of --html draws. */
#include <stdlib.h>
#include <string.h>

#include "checker/check.h"
#include "cli/lin_file.h"
#include "core/die.h"

static void add(json_t *object, const char *name, json_t *value)
{
    must(value != NULL && json_object_set_new(object, name, value) == 0);
}

static void append(json_t *array, json_t *value)
{
    must(value != NULL && json_array_append_new(array, value) == 0);
}

static json_t *text_json(gs_span text)
{
    json_t *json = json_stringn((const char *)text.bytes, text.size);
    return json != NULL ? json : json_string("(not UTF-8)");
}

static json_t *value_json(gs_value value)
{
    switch (gs_value_kind(value)) {
    case GS_VALUE_FALSE:
    case GS_VALUE_TRUE:
        return json_boolean(gs_value_kind(value) == GS_VALUE_TRUE);
    case GS_VALUE_INTEGER:
        return json_integer(gs_value_integer(value));
    case GS_VALUE_TEXT:
        return text_json(gs_value_text(value));
    case GS_VALUE_LIST: {
        json_t *list = json_array();
        gs_span rest = gs_list_items(value);
        for (gs_value item; gs_next(&rest, &item);)
            append(list, value_json(item));
        return list;
    }
    default:
        return json_null();
    }
}

/* What a printing function writes. */
static json_t *printed_json(const struct gs_sequential *model, const struct gs_operation *operation, gs_span state)
{
    struct gs_buffer buffer = {NULL, 0, 0};
    for (int i = 0; i < 2; i++) { /* first how much, then what */
        if (i == 1)
            buffer = (struct gs_buffer){die_alloc(buffer.size), 0, buffer.size};
        if (operation != NULL)
            gs_operation_print(model, operation, &buffer);
        else
            gs_sequential_print(model, state, &buffer);
    }
    json_t *json = text_json(gs_written(&buffer));
    free(buffer.bytes);
    return json;
}

static json_t *line_json(size_t line)
{
    return line == 0 ? json_null() : json_integer((json_int_t)line);
}

static json_t *operation_json(const struct lin_task *task, const struct lin_file *file, size_t index)
{
    const struct gs_recorded *recorded = &file->small.operations[index];
    const struct history_lines lines = lin_file_lines(file, index);
    const bool is_open = recorded->returned == GS_NEVER;
    json_t *json = json_object();
    add(json, "client", json_integer(recorded->client));
    add(json, "op", json_string(task->model->functions[recorded->operation.function]));
    add(json, "key", value_json(recorded->operation.key));
    add(json, "argument", value_json(recorded->operation.argument));
    add(json, "result", value_json(recorded->operation.result));
    add(json, "text", printed_json(task->model, &recorded->operation, GS_UNKNOWN));
    add(json, "open", json_boolean(is_open));
    add(json, "in_play", json_boolean(recorded->is_in_play));
    add(json, "invoked", json_integer((json_int_t)recorded->invoked));
    add(json, "returned", is_open ? json_null() : json_integer((json_int_t)recorded->returned));
    add(json, "invoked_line", line_json(lines.invoked));
    add(json, "returned_line", line_json(lines.returned));
    return json;
}

struct ordering {
    const struct lin_task *task;
    json_t *order;
};

static void add_placed(void *context, const struct gs_recorded *recorded, size_t index, gs_span state)
{
    const struct ordering *ordering = context;
    json_t *json = json_object();
    add(json, "operation", recorded == NULL ? json_null() : json_integer((json_int_t)index));
    add(json, "state", printed_json(ordering->task->model, NULL, state));
    append(ordering->order, json);
}

static json_t *violation_json(const struct lin_task *task, const struct lin_file *file)
{
    json_t *json = json_object(), *operations = json_array();
    struct ordering ordering = {.task = task, .order = json_array()};
    for (size_t i = 0; i < file->small.count; i++)
        append(operations, operation_json(task, file, i));
    gs_decision_visit_order(&file->decision, &file->small, task->model, task->initial, add_placed, &ordering);
    add(json, "key", value_json(file->decision.key));
    add(json, "of_operations", json_integer((json_int_t)file->object_operations));
    add(json, "operations", operations);
    add(json, "order", ordering.order);
    add(json, "stuck", json_integer((json_int_t)file->decision.stuck));
    return json;
}

static json_t *file_json(const struct lin_task *task, const struct lin_file *file)
{
    json_t *json = json_object();
    const bool is_read = file->is_read;
    json_t *path = json_string(file->path);
    add(json, "file", path != NULL ? path : json_string("(not UTF-8)"));
    add(json, "verdict", json_string(is_read ? lin_verdict(task->consistency, file->decision.decided) : "bad input"));
    json_t *reason = is_read ? json_null() : json_string(file->recorded.error);
    add(json, "reason", reason != NULL ? reason : json_string("(not UTF-8)"));
    add(json, "line", is_read ? json_null() : line_json(file->recorded.error_line));
    add(json, "operations", json_integer((json_int_t)file->operations));
    add(json, "objects", json_integer((json_int_t)file->decision.objects));
    add(json, "configurations", json_integer((json_int_t)file->decision.configurations));
    add(json, "seconds", json_real(file->seconds));
    add(json, "violation",
        is_read && file->decision.decided == GS_INCONSISTENT ? violation_json(task, file) : json_null());
    return json;
}

json_t *lin_json(const struct lin_task *task, const struct lin_file *files, size_t count)
{
    json_t *json = json_object(), *list = json_array();
    json_t *initial = task->initial_text != NULL ? json_string(task->initial_text) : json_null();
    for (size_t i = 0; i < count; i++)
        append(list, file_json(task, &files[i]));
    add(json, "gainsay", json_string(GAINSAY_VERSION));
    add(json, "model", json_string(task->model->name));
    add(json, "init", initial != NULL ? initial : json_null());
    add(json, "consistency", json_string(task->consistency == GS_LINEARIZABLY ? "linearizable" : "sequential"));
    add(json, "files", list);
    return json;
}
