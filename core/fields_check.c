/* Checks of a field table (does it describe its struct?), of a table in a run (is there room for all nodes?) and of a
 * value (is it one the table allows?). Every refusal says which member of what, and how to mend it. */
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "core/fields.h"

enum { NESTING_MAX = 8, NAME_SIZE = 160 };

bool fields_refuse(char *error, size_t error_size, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(error, error_size, format, arguments);
    va_end(arguments);
    return false;
}

/* ---- Tables ---- */

/* One table under check. */
struct table {
    const struct gs_field *fields;
    size_t size, skip;
    const char *what;
    unsigned nesting;
    char *error;
    size_t error_size;
};

#define REFUSE(table, ...) fields_refuse((table)->error, (table)->error_size, __VA_ARGS__)

static bool is_unsigned(const struct gs_field *field)
{
    return field->kind >= GS_KIND_U8 && field->kind <= GS_KIND_U64;
}

static bool check_kind(const struct table *table, const struct gs_field *field)
{
    if (field->kind == GS_KIND_UNSUPPORTED || field->kind > GS_KIND_STRUCT)
        return REFUSE(
            table,
            "member %s of %s has a type that cannot be described (a pointer, a floating-point number, an array "
            "of arrays, a struct without GS_STRUCT): make it a bool, a fixed-width integer, a gs_node, a "
            "gs_node_set, a struct with a table of its own, or a one-dimensional array of these",
            field->name, table->what);
    if (field->flags & ~GS_DURABLE)
        return REFUSE(table, "member %s of %s has unknown flags %d: the only flag is GS_DURABLE", field->name,
                      table->what, field->flags);
    if (field->kind == GS_KIND_STRUCT && !field->fields)
        return REFUSE(table, "member %s of %s is a struct without a table: give GS_STRUCT the table of its fields",
                      field->name, table->what);
    return true;
}

static bool check_size(const struct table *table, const struct gs_field *field)
{
    const size_t element_size = field_element_size(field);

    if ((uint64_t)field->offset + field->size > table->size)
        return REFUSE(table,
                      "member %s of %s ends at byte %" PRIu64 ", but the struct has only %zu bytes: its table is that "
                      "of another struct",
                      field->name, table->what, (uint64_t)field->offset + field->size, table->size);
    if (!field->is_array && field->size != element_size)
        return REFUSE(
            table,
            "member %s of %s is a scalar of %zu bytes, but takes %u (is it an array, or a pointer?): describe "
            "it with the macro for its type",
            field->name, table->what, element_size, field->size);
    if (field->size == 0 || field->size % element_size)
        return REFUSE(table, "member %s of %s takes %u bytes, which is not a number of elements of %zu bytes each",
                      field->name, table->what, field->size, element_size);
    return true;
}

static bool check_enum_names(const struct table *table, const struct gs_field *field)
{
    for (uint32_t i = 0; i < field->name_count; i++) {
        if (!field->names[i] || !field->names[i][0])
            return REFUSE(table, "enum %s of %s has no name for value %u: name every value from 0", field->name,
                          table->what, i);
        for (uint32_t j = 0; j < i; j++)
            if (strcmp(field->names[i], field->names[j]) == 0)
                return REFUSE(table, "enum %s of %s has the name %s for both %u and %u: rename one", field->name,
                              table->what, field->names[i], j, i);
    }
    return true;
}

static bool check_enum(const struct table *table, const struct gs_field *field)
{
    if (!field->names && !field->name_count)
        return true;
    if (!field->names || !field->name_count)
        return REFUSE(table, "enum %s of %s has no names: give GS_ENUM a static array of strings, one per value from 0",
                      field->name, table->what);
    if (!is_unsigned(field))
        return REFUSE(table, "enum %s of %s is not kept in an unsigned integer: make it uint8_t", field->name,
                      table->what);
    return check_enum_names(table, field);
}

static bool check_length(const struct table *table, const struct gs_field *field)
{
    const struct gs_field *length = fields_find(table->fields, field->length);

    if (!field->is_array || field->by_role)
        return REFUSE(table, "list %s of %s has to be an array that is not indexed by node: use GS_LIST or GS_BY_NODE",
                      field->name, table->what);
    if (!length)
        return REFUSE(table, "list %s of %s has no length member %s: describe %s with GS_FIELD in the same table",
                      field->name, table->what, field->length, field->length);
    if (!is_unsigned(length) || length->kind == GS_KIND_U64 || length->is_array || length->names)
        return REFUSE(table,
                      "length member %s of list %s in %s is not a plain unsigned number: make it uint8_t, uint16_t "
                      "or uint32_t",
                      field->length, field->name, table->what);
    return true;
}

static bool check_by_role(const struct table *table, const struct gs_field *field)
{
    if (!field->is_array)
        return REFUSE(table, "member %s of %s is indexed by node but no array: use GS_BY_NODE on an array", field->name,
                      table->what);
    if (field->by_role > GS_ROLES_MAX)
        return REFUSE(table, "member %s of %s is indexed by the nodes of role %d, but roles are numbered from 0 to %d",
                      field->name, table->what, field->by_role - 1, GS_ROLES_MAX - 1);
    return true;
}

static bool check_table(const struct table *table);

static bool check_nested(const struct table *table, const struct gs_field *field)
{
    char what[NAME_SIZE];
    struct table nested = *table;

    if (table->nesting == NESTING_MAX)
        return REFUSE(table, "member %s of %s is nested deeper than %d structs: does a table contain itself?",
                      field->name, table->what, NESTING_MAX);
    snprintf(what, sizeof(what), "%s %s of %s", field->is_array ? "an element of" : "member", field->name, table->what);
    nested.fields = field->fields;
    nested.size = field_element_size(field);
    nested.skip = 0;
    nested.what = what;
    nested.nesting++;
    return check_table(&nested);
}

static bool check_field(const struct table *table, const struct gs_field *field)
{
    return check_kind(table, field) && check_size(table, field) && check_enum(table, field) &&
           (!field->length || check_length(table, field)) && (!field->by_role || check_by_role(table, field)) &&
           (field->kind != GS_KIND_STRUCT || check_nested(table, field));
}

/* The first field from `fields` on that describes the byte, or NULL. */
static const struct gs_field *describer(const struct gs_field *fields, size_t byte)
{
    for (const struct gs_field *field = fields; field && field->name; field++)
        if (byte >= field->offset && byte - field->offset < field->size)
            return field;
    return NULL;
}

static bool refuse_gap(const struct table *table, size_t first)
{
    size_t last = first;

    while (last + 1 < table->size && !describer(table->fields, last + 1))
        last++;
    if (last == first)
        return REFUSE(table, "byte %zu of %s is not described: reorder its members or add a described one", first,
                      table->what);
    return REFUSE(table, "bytes %zu to %zu of %s are not described: reorder its members or add described ones", first,
                  last, table->what);
}

static bool check_bytes(const struct table *table)
{
    for (size_t byte = 0; byte < table->size; byte++) {
        const struct gs_field *field = describer(table->fields, byte);
        const struct gs_field *second = field ? describer(field + 1, byte) : NULL;

        if (field && byte < table->skip)
            return REFUSE(table, "byte %zu of %s is its type, which %s describes: leave that out of the table", byte,
                          table->what, field->name);
        if (!field && byte >= table->skip)
            return refuse_gap(table, byte);
        if (second)
            return REFUSE(table,
                          "byte %zu of %s is described twice, by %s and by %s: leave one of them out of the table",
                          byte, table->what, field->name, second->name);
    }
    return true;
}

static bool check_table(const struct table *table)
{
    for (const struct gs_field *field = table->fields; field && field->name; field++)
        if (!check_field(table, field))
            return false;
    if (!check_bytes(table))
        return false;
    for (const struct gs_field *field = table->fields; field && field->name; field++)
        if (fields_find(field + 1, field->name))
            return REFUSE(table, "%s has two members named %s in its table: rename one", table->what, field->name);
    return true;
}

bool fields_check(const struct gs_field *fields, size_t size, size_t skip, const char *what, char *error,
                  size_t error_size)
{
    const struct table table = {
        .fields = fields, .size = size, .skip = skip, .what = what, .error = error, .error_size = error_size};

    return check_table(&table);
}

bool fields_fit(const struct gs_run *run, const struct gs_field *fields, char *error, size_t error_size)
{
    for (const struct gs_field *field = fields; field && field->name; field++) {
        const unsigned role = field->by_role ? field->by_role - 1u : 0;

        if (field->by_role && run->count[role] > field_capacity(field))
            return fields_refuse(error, error_size,
                                 "%s: member %s has room for %zu nodes of role %s, but this run has %u: enlarge the "
                                 "array or ask for fewer",
                                 run->model->name, field->name, field_capacity(field), run->model->roles[role].name,
                                 run->count[role]);
        if (field->kind == GS_KIND_STRUCT && !fields_fit(run, field->fields, error, error_size))
            return false;
    }
    return true;
}

/* ---- Values ---- */

/* Where in a value: a member, and the place in it if it is an array; chained from the inside out. */
struct place {
    const struct place *outer;
    const struct gs_field *field;
    size_t index;
};

/* A value under check. */
struct value {
    const struct gs_run *run;
    char *error;
    size_t error_size;
};

static void place_name(const struct place *place, char *name, size_t size)
{
    size_t length = 0;

    name[0] = '\0';
    if (place->outer) {
        place_name(place->outer, name, size);
        length = strlen(name);
    }
    if (place->field->is_array)
        snprintf(name + length, size - length, "%s%s[%zu]", length ? "." : "", place->field->name, place->index);
    else
        snprintf(name + length, size - length, "%s%s", length ? "." : "", place->field->name);
}

__attribute__((format(printf, 3, 4))) static bool refuse_at(const struct value *value, const struct place *place,
                                                            const char *format, ...)
{
    char name[NAME_SIZE], reason[NAME_SIZE];
    va_list arguments;

    place_name(place, name, sizeof(name));
    va_start(arguments, format);
    vsnprintf(reason, sizeof(reason), format, arguments);
    va_end(arguments);
    return fields_refuse(value->error, value->error_size, "%s %s", name, reason);
}

static bool valid_number(const struct value *value, const struct place *place, const uint8_t *element)
{
    const struct gs_field *field = place->field;
    const uint64_t number = field_read_unsigned(field, element);

    if (field->kind == GS_KIND_BOOL && number > 1)
        return refuse_at(value, place, "is a bool of value %" PRIu64 ": it must be 0 or 1", number);
    if (field->names && number >= field->name_count)
        return refuse_at(value, place, "is %" PRIu64 ", but the enum has names for 0 to %u only", number,
                         field->name_count - 1);
    if (field->kind == GS_KIND_NODE && number > value->run->node_count)
        return refuse_at(value, place, "is a node with tag %" PRIu64 ", but the run has only %u nodes", number,
                         value->run->node_count);
    return true;
}

static bool valid_set(const struct value *value, const struct place *place, const uint8_t *element)
{
    gs_node_set set;

    memcpy(&set, element, sizeof(set));
    for (GS_EACH(node, set))
        if (node_number(node) >= value->run->node_count)
            return refuse_at(value, place, "holds a node with tag %u, but the run has only %u nodes", node.tag,
                             value->run->node_count);
    return true;
}

static bool valid_struct(const struct value *value, const struct place *outer, const struct gs_field *fields,
                         const uint8_t *bytes);

static bool valid_element(const struct value *value, const struct place *place, const uint8_t *element)
{
    if (place->field->kind == GS_KIND_STRUCT)
        return valid_struct(value, place, place->field->fields, element);
    if (place->field->kind == GS_KIND_NODE_SET)
        return valid_set(value, place, element);
    return valid_number(value, place, element);
}

/* Beyond the elements that count: an array by node holds nothing, a list may (fields_normalize zeroes it). */
static bool valid_rest(const struct value *value, struct place *place, const uint8_t *elements, size_t count)
{
    const size_t element_size = field_element_size(place->field);
    const unsigned role = place->field->by_role ? place->field->by_role - 1u : 0;

    for (size_t byte = count * element_size; place->field->by_role && byte < place->field->size; byte++)
        if (elements[byte]) {
            place->index = byte / element_size;
            return refuse_at(value, place, "is not zero, but the run has only %u nodes of role %s",
                             value->run->count[role], value->run->model->roles[role].name);
        }
    return true;
}

static bool valid_length(const struct value *value, const struct place *place, const struct gs_field *fields,
                         const uint8_t *bytes)
{
    const struct gs_field *length = fields_find(fields, place->field->length);
    const struct place at = {place->outer, length, 0};
    const uint64_t count = field_read_unsigned(length, bytes + length->offset);

    if (count > field_capacity(place->field))
        return refuse_at(value, &at, "is %" PRIu64 ", but %s has room for %zu", count, place->field->name,
                         field_capacity(place->field));
    return true;
}

static bool valid_field(const struct value *value, const struct place *outer, const struct gs_field *fields,
                        const struct gs_field *field, const uint8_t *bytes)
{
    const uint8_t *elements = bytes + field->offset;
    struct place place = {outer, field, 0};

    if (field->length && !valid_length(value, &place, fields, bytes))
        return false;
    const size_t count = field_count(value->run, fields, field, bytes);
    for (; place.index < count; place.index++)
        if (!valid_element(value, &place, elements + place.index * field_element_size(field)))
            return false;
    return valid_rest(value, &place, elements, count);
}

static bool valid_struct(const struct value *value, const struct place *outer, const struct gs_field *fields,
                         const uint8_t *bytes)
{
    for (const struct gs_field *field = fields; field && field->name; field++)
        if (!valid_field(value, outer, fields, field, bytes))
            return false;
    return true;
}

bool fields_valid(const struct gs_run *run, const struct gs_field *fields, const void *value, char *error,
                  size_t error_size)
{
    const struct value checked = {run, error, error_size};

    return valid_struct(&checked, NULL, fields, value);
}
