/* Flat values: the simplest form that holds a value, so that each value has one. */
#include "properties/announced.h"

#include <stdio.h>
#include <string.h>

#include "core/run.h"

static const char *const kind_names[] = {"nil", "false", "true", "integer", "list", "encoded", "unknown"};
static const char *const outcome_names[] = {"open", "ok", "failed"};

const struct gs_field gs_flat_fields[] = {
    GS_ENUM(struct gs_flat, kind, kind_names),
    GS_FIELD(struct gs_flat, length),
    GS_LIST(struct gs_flat, items, length),
    GS_FIELDS_END,
};

const struct gs_field gs_invocation_fields[] = {
    GS_FIELD(struct gs_invocation, process),
    GS_FIELD(struct gs_invocation, function),
    GS_FIELD(struct gs_invocation, key),
    GS_FLAT(struct gs_invocation, argument),
    GS_FIELDS_END,
};

const struct gs_field gs_return_fields[] = {
    GS_FIELD(struct gs_return, process),
    GS_ENUM(struct gs_return, outcome, outcome_names),
    GS_FLAT(struct gs_return, result),
    GS_FIELDS_END,
};

void gs_flat_text(const void *flat, char *text, size_t size)
{
    uint8_t storage[GS_FLAT_STORAGE];
    struct gs_buffer buffer = {(uint8_t *)text, 0, size - 1};
    const gs_value value = gs_flat_value(flat, storage);
    if (gs_value_kind(value) == GS_VALUE_UNKNOWN || gs_value_is_valid(value))
        gs_print_value(&buffer, value);
    else
        gs_print(&buffer, "(no value)");
    text[buffer.size < buffer.capacity ? buffer.size : buffer.capacity] = '\0';
}

static bool is_small(gs_value value)
{
    return gs_value_kind(value) == GS_VALUE_INTEGER && gs_value_integer(value) >= 0 &&
           gs_value_integer(value) <= UINT8_MAX;
}

/* False: not a list of small integers, or too long a one. */
static bool flatten_list(gs_value value, struct gs_flat *flat)
{
    gs_span rest = gs_list_items(value);
    gs_value item;
    *flat = (struct gs_flat){.kind = GS_FLAT_LIST};
    while (gs_next(&rest, &item)) {
        if (!is_small(item) || flat->length == GS_FLAT_ITEMS)
            return false;
        flat->items[flat->length++] = (uint8_t)gs_value_integer(item);
    }
    return true;
}

static bool flatten_encoded(gs_value value, struct gs_flat *flat)
{
    *flat = (struct gs_flat){.kind = GS_FLAT_UNKNOWN};
    if (value.size > GS_FLAT_ITEMS)
        return false;
    *flat = (struct gs_flat){.kind = GS_FLAT_ENCODED, .length = (uint8_t)value.size};
    memcpy(flat->items, value.bytes, value.size);
    return true;
}

bool gs_flat_from(gs_value value, struct gs_flat *flat)
{
    switch (gs_value_kind(value)) {
    case GS_VALUE_UNKNOWN:
        *flat = (struct gs_flat){.kind = GS_FLAT_UNKNOWN};
        return true;
    case GS_VALUE_NIL:
        *flat = (struct gs_flat){.kind = GS_FLAT_NIL};
        return true;
    case GS_VALUE_FALSE:
    case GS_VALUE_TRUE:
        *flat = GS_FLAT_BOOL(gs_value_kind(value) == GS_VALUE_TRUE);
        return true;
    case GS_VALUE_INTEGER:
        if (is_small(value))
            *flat = GS_FLAT_NUMBER(gs_value_integer(value));
        return is_small(value) || flatten_encoded(value, flat);
    case GS_VALUE_LIST:
        return flatten_list(value, flat) || flatten_encoded(value, flat);
    case GS_VALUE_TEXT:
        break;
    }
    return flatten_encoded(value, flat);
}

gs_value gs_flat_value(const struct gs_flat *flat, uint8_t storage[GS_FLAT_STORAGE])
{
    struct gs_buffer buffer = {storage, 0, GS_FLAT_STORAGE};
    const uint8_t length = flat->length < GS_FLAT_ITEMS ? flat->length : GS_FLAT_ITEMS;
    switch ((enum gs_flat_kind)flat->kind) {
    case GS_FLAT_NIL:
        return GS_NIL;
    case GS_FLAT_FALSE:
        return GS_FALSE;
    case GS_FLAT_TRUE:
        return GS_TRUE;
    case GS_FLAT_INTEGER:
        gs_put_integer(&buffer, flat->items[0]);
        return gs_written(&buffer);
    case GS_FLAT_LIST:
        gs_put_list(&buffer, length);
        for (uint8_t i = 0; i < length; i++)
            gs_put_integer(&buffer, flat->items[i]);
        return gs_written(&buffer);
    case GS_FLAT_ENCODED:
        gs_put(&buffer, (gs_span){flat->items, length});
        return gs_written(&buffer);
    case GS_FLAT_UNKNOWN:
        break;
    }
    return GS_UNKNOWN;
}

const struct gs_operation *gs_full_operation(struct gs_full_operation *full, uint8_t function, uint8_t key,
                                             const struct gs_flat *argument, const struct gs_flat *result)
{
    full->operation = (struct gs_operation){.function = function,
                                            .key = key ? gs_integer(key, full->key) : GS_NIL,
                                            .argument = gs_flat_value(argument, full->argument),
                                            .result = result ? gs_flat_value(result, full->result) : GS_UNKNOWN};
    return &full->operation;
}

void gs_expect_operation(const struct gs_run *run, const struct gs_sequential *model, uint8_t function, uint8_t key,
                         const struct gs_flat *argument, const struct gs_flat *result)
{
    struct gs_full_operation full;
    char text[200];
    unsigned functions = 0;
    while (model->functions[functions])
        functions++;
    gs_full_operation(&full, function, key, argument, result);
    const char *wrong = function >= functions ? "it has no such function"
                        : model->check        ? model->check(&full.operation)
                                              : NULL;
    if (!wrong)
        return;
    snprintf(text, sizeof(text), "an operation of the sequential model %s is announced wrongly: function %u: %s",
             model->name, function, wrong);
    gs_failed(run, text, NULL, 0);
}

/* The option's value with which the property is judged by that monitor; NULL: it has none. */
static const char *choice_of(const struct gs_run *run, const struct gs_property *property,
                             const struct gs_ready_monitor *wanted)
{
    if (property->kind != GS_LINEARIZABLE || !property->monitor_option)
        return NULL;
    const struct gs_option *option = &run->model->options[property->monitor_option - 1];
    for (int64_t value = option->min; option->names && value <= option->max; value++)
        if (run->model->monitors[property->monitor + value].ready == wanted)
            return option->names[value];
    return NULL;
}

void gs_history_too_large(const struct gs_run *run, const char *what, const struct gs_ready_monitor *other,
                          const char *other_macro)
{
    char text[200];
    const struct gs_property *property = run ? run->model->properties : NULL;
    const char *choice = NULL;
    while (property && property->name && !(choice = choice_of(run, property, other)))
        property++;
    if (choice)
        snprintf(text, sizeof(text), "the history is too large (%s): --set %s=%s, or fewer clients or operations", what,
                 run->model->options[property->monitor_option - 1].name, choice);
    else
        snprintf(text, sizeof(text), "the history is too large (%s): fewer clients or operations, or %s as monitor",
                 what, other_macro);
    gs_failed(run, text, NULL, 0);
}

void gs_call_text(const struct gs_sequential *model, uint8_t function, uint8_t key, const struct gs_flat *argument,
                  const struct gs_flat *result, char text[GS_CALL_TEXT])
{
    struct gs_full_operation full;
    struct gs_buffer buffer = {(uint8_t *)text, 0, GS_CALL_TEXT - 1};
    const struct gs_operation *operation = gs_full_operation(&full, function, key, argument, result);
    gs_operation_print(model, operation, &buffer);
    text[buffer.size < buffer.capacity ? buffer.size : buffer.capacity] = '\0';
}
