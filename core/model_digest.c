/* The digest of a model by which a trace file tells whether its states and messages still mean the same: XXH3-64 over a
 * canonical text. In it: roles, members by name (so their order in the source is free) with type and enum names,
 * timers, messages with their number. Not in it: how much room an array has, what survives a crash, local events,
 * options and everything that only says what happens, not what a state is. */
#define XXH_INLINE_ALL
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "core/die.h"
#include "core/fields.h"
#include "core/model.h"

static void describe_fields(const struct gs_model *model, const struct gs_field *fields, FILE *out);

static void describe_field(const struct gs_model *model, const struct gs_field *fields, const struct gs_field *field,
                           FILE *out)
{
    fprintf(out, "%s kind %d width %zu", field->name, field->kind,
            field->kind == GS_KIND_STRUCT ? 0 : field_element_size(field));
    if (field->by_role)
        fprintf(out, " by %s", model->roles[field->by_role - 1].name);
    else if (field->length)
        fprintf(out, " list %s", fields_find(fields, field->length)->name);
    else if (field->is_array)
        fprintf(out, " array %zu", field_capacity(field));
    for (uint32_t i = 0; i < field->name_count; i++)
        fprintf(out, " %u=%s", i, field->names[i]);
    if (field->kind == GS_KIND_STRUCT)
        describe_fields(model, field->fields, out);
    fputc(';', out);
}

static void describe_fields(const struct gs_model *model, const struct gs_field *fields, FILE *out)
{
    const struct gs_field *field = NULL;

    fputc('{', out);
    while ((field = fields_next_by_name(fields, field)))
        describe_field(model, fields, field, out);
    fputc('}', out);
}

static void describe_event(const struct gs_model *model, size_t number, FILE *out)
{
    const struct gs_event_type *type = &model->events[number];

    if (type->kind == GS_TIMER)
        fprintf(out, "timer %s of %s x%d\n", type->name, model->roles[type->role].name,
                type->indices ? type->indices : 1);
    if (type->kind != GS_MESSAGE)
        return;
    fprintf(out, "message %zu %s", number, type->name);
    for (const struct gs_field *field = fields_next_by_name(model->message_fields, NULL); field;
         field = fields_next_by_name(model->message_fields, field))
        for (size_t i = 0; i < GS_MESSAGE_FIELDS_MAX && type->fields[i]; i++)
            if (strcmp(type->fields[i], field->name) == 0)
                fprintf(out, " %s", field->name);
    fputc('\n', out);
}

static void describe(const struct gs_model *model, FILE *out)
{
    for (size_t i = 0; i < GS_ROLES_MAX && model->roles[i].name; i++) {
        fprintf(out, "role %s ", model->roles[i].name);
        describe_fields(model, model->roles[i].fields, out);
        fputc('\n', out);
    }
    fprintf(out, "messages ");
    describe_fields(model, model->message_fields, out);
    fputc('\n', out);
    for (size_t i = 0; i < GS_EVENTS_MAX && model->events[i].name; i++)
        describe_event(model, i, out);
}

uint64_t model_digest(const struct gs_model *model)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    must(out != NULL);
    describe(model, out);
    if (fclose(out) != 0)
        die("out of memory: the description of model %s", model->name);
    const uint64_t digest = XXH3_64bits(text, size);
    free(text);
    return digest;
}
