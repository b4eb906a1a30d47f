/* Names, tables and structs of a model under check; see registration.h. */
#include "core/registration.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/fields.h"

bool registration_refuse(const struct registration *registration, const char *format, ...)
{
    const char *name = registration->model->name ? registration->model->name : "without a name";
    const char *noun = registration->extension ? "properties for" : "model";
    const int length = snprintf(registration->error, registration->error_size, "%s %s: ", noun, name);
    va_list arguments;

    va_start(arguments, format);
    if (length >= 0 && (size_t)length < registration->error_size)
        vsnprintf(registration->error + length, registration->error_size - (size_t)length, format, arguments);
    va_end(arguments);
    return false;
}

/* ---- Names ---- */

/* Lower case words of letters and digits, joined by hyphens, the first one beginning with a letter. */
bool registration_name_is_kebab_case(const char *name)
{
    if (!islower((unsigned char)name[0]))
        return false;
    for (const char *c = name; *c; c++) {
        const bool is_joint = *c == '-' && (islower((unsigned char)c[1]) || isdigit((unsigned char)c[1]));
        if (!islower((unsigned char)*c) && !isdigit((unsigned char)*c) && !is_joint)
            return false;
    }
    return true;
}

const char *names_at(const struct names *table, size_t index)
{
    const char *name;

    memcpy(&name, (const char *)table->entries + index * table->entry_size, sizeof(name));
    return name;
}

size_t names_count(const struct names *table)
{
    size_t length = 0;

    while (length < table->capacity && names_at(table, length))
        length++;
    return length;
}

size_t names_find(const struct names *table, const char *name)
{
    const size_t length = names_count(table);
    size_t place = 0;

    while (place < length && strcmp(names_at(table, place), name) != 0)
        place++;
    return place;
}

bool names_have(const struct names *table, const char *name)
{
    return names_find(table, name) < names_count(table);
}

/* Has the entry any content? (A model's padding is zero: models are static, or were copied from one.) */
static bool is_used(const struct names *table, size_t index)
{
    const uint8_t *entry = (const uint8_t *)table->entries + index * table->entry_size;

    for (size_t i = 0; i < table->entry_size; i++)
        if (entry[i])
            return true;
    return false;
}

/* An entry beyond the end of the table would be passed over in silence. */
static bool check_end(const struct registration *registration, const struct names *table)
{
    const size_t length = names_count(table);

    for (size_t i = length; i < table->capacity; i++) {
        if (names_at(table, i))
            return registration_refuse(registration,
                                       "%s %zu (%s) comes after %s %zu, which has no name: leave no gaps in the table",
                                       table->noun, i, names_at(table, i), table->noun, length);
        if (is_used(table, i))
            return registration_refuse(registration, "%s %zu is filled in but has no name: name it or leave it out",
                                       table->noun, i);
    }
    return true;
}

bool registration_check_names(const struct registration *registration, struct names table)
{
    for (size_t i = 0; i < names_count(&table); i++) {
        const char *name = names_at(&table, i);
        const size_t first = names_find(&table, name);

        if (!registration_name_is_kebab_case(name))
            return registration_refuse(registration,
                                       "%s '%s': a name is lower-case words joined by hyphens, like 'append-entries'",
                                       table.noun, name);
        if (first < i)
            return registration_refuse(registration, "%s %zu and %s %zu are both named '%s': rename one", table.noun,
                                       first, table.noun, i, name);
    }
    return check_end(registration, &table);
}

/* ---- Structs ---- */

static bool check_members(const struct registration *registration, const struct gs_field *fields, const char *what,
                          bool may_be_durable)
{
    const size_t role_count = NAMES_COUNT(registration->model->roles);

    for (const struct gs_field *field = fields; field && field->name; field++) {
        if (field->by_role && field->by_role > role_count)
            return registration_refuse(registration,
                                       "%s: member %s is indexed by the nodes of role %d, but there are only %zu roles",
                                       what, field->name, field->by_role - 1, role_count);
        const struct gs_field *length = field->length ? fields_find(fields, field->length) : NULL;
        if (length && (length->flags & GS_DURABLE) != (field->flags & GS_DURABLE))
            return registration_refuse(registration,
                                       "list %s of %s and its length %s must both be durable or both not: a crash "
                                       "would tear them apart",
                                       field->name, what, length->name);
        if ((field->flags & GS_DURABLE) && !may_be_durable)
            return registration_refuse(
                registration,
                "%s: member %s cannot be durable: only a top-level member of a role's struct survives crashes; "
                "drop its GS_DURABLE",
                what, field->name);
        if (field->kind == GS_KIND_STRUCT && !check_members(registration, field->fields, what, false))
            return false;
    }
    return true;
}

bool registration_check_struct(const struct registration *registration, const struct gs_field *fields, size_t size,
                               size_t skip, const char *what, bool may_be_durable)
{
    if (size > REGISTRATION_STRUCT_MAX)
        return registration_refuse(registration, "%s is %zu bytes large: at most %d", what, size,
                                   REGISTRATION_STRUCT_MAX);
    char reason[REGISTRATION_WHAT_SIZE * 4];

    if (!fields_check(fields, size, skip, what, reason, sizeof(reason)))
        return registration_refuse(registration, "%s", reason);
    return check_members(registration, fields, what, may_be_durable);
}
