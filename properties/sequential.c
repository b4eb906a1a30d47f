#include "properties/sequential.h"

#include <string.h>

const struct gs_sequential *const gs_sequential_models[] = {
    &gs_register, &gs_cas_register,   &gs_kv,    &gs_set,     &gs_hashset,   &gs_hashset_empty,  &gs_fifo_queue,
    &gs_stack,    &gs_priority_queue, &gs_mutex, &gs_trylock, &gs_semaphore, &gs_multi_register, &gs_list_append,
    NULL,
};

const struct gs_sequential *gs_sequential_named(const char *name)
{
    for (const struct gs_sequential *const *model = gs_sequential_models; *model != NULL; model++)
        if (strcmp((*model)->name, name) == 0)
            return *model;
    return NULL;
}

int gs_sequential_function(const struct gs_sequential *model, const char *name)
{
    for (int i = 0; model->functions[i] != NULL; i++)
        if (strcmp(model->functions[i], name) == 0)
            return i;
    return -1;
}

bool gs_sequential_equal(const struct gs_sequential *model, gs_span a, gs_span b)
{
    return gs_span_equal(a, b) || (model->equal != NULL && model->equal(a, b));
}

void gs_sequential_print(const struct gs_sequential *model, gs_span state, struct gs_buffer *text)
{
    if (model->print != NULL) {
        model->print(state, text);
        return;
    }
    const char *before = "";
    for (gs_value value; gs_next(&state, &value); before = " ") {
        gs_print(text, "%s", before);
        gs_print_value(text, value);
    }
}

/* Names that look as they should on any terminal stand without quotes. */
static bool is_plain(gs_span text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.bytes[i] < ' ' || text.bytes[i] > '~')
            return false;
    return text.size > 0;
}

/* What repeats the argument is no answer, nor the null of what changed the state (or, where that is not known, of what
 * has an argument); that nothing was there is one. */
static bool has_answer(const struct gs_sequential *model, const struct gs_operation *operation)
{
    if (gs_value_kind(operation->result) != GS_VALUE_NIL)
        return !gs_span_equal(operation->argument, operation->result);
    return model->is_read != NULL ? model->is_read(operation) : gs_value_kind(operation->argument) <= GS_VALUE_NIL;
}

void gs_operation_print(const struct gs_sequential *model, const struct gs_operation *operation, struct gs_buffer *text)
{
    gs_print(text, "%s", model->functions[operation->function]);
    if (gs_value_kind(operation->key) > GS_VALUE_NIL) {
        const gs_span name = gs_value_text(operation->key);
        gs_print(text, " ");
        if (is_plain(name))
            gs_put(text, name);
        else
            gs_print_value(text, operation->key);
    }
    if (gs_value_kind(operation->argument) > GS_VALUE_NIL) {
        gs_print(text, " ");
        gs_print_value(text, operation->argument);
    }
    if (has_answer(model, operation)) {
        gs_print(text, " -> ");
        gs_print_value(text, operation->result);
    }
}
