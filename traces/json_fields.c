/* Values as JSON and back: one walk over the field table each way. */
#include "traces/json_fields.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/die.h"

/* Jansson's new values are NULL only when memory is out. */
static json_t *made(json_t *json)
{
    if (!json)
        die("out of memory for JSON");
    return json;
}

json_t *json_text(const char *text)
{
    json_t *json = json_string(text);
    if (json)
        return json;
    const size_t size = strlen(text) + 1;
    char *plain = memcpy(die_alloc(size), text, size);
    for (size_t i = 0; plain[i]; i++)
        if ((unsigned char)plain[i] >= 0x80)
            plain[i] = '?';
    json = made(json_string(plain));
    free(plain);
    return json;
}

json_t *json_unsigned(uint64_t number)
{
    char digits[24];

    if (number <= INT64_MAX)
        return made(json_integer((json_int_t)number));
    snprintf(digits, sizeof(digits), "%" PRIu64, number);
    return json_text(digits);
}

json_t *json_node(const struct gs_run *run, gs_node node)
{
    if (gs_is_nobody(node))
        return json_null();
    must(node_number(node) < run->node_count);
    return json_text(run->nodes[node_number(node)].name);
}

json_t *json_nodes(const struct gs_run *run, uint64_t nodes)
{
    json_t *names = made(json_array());

    for (unsigned n = 0; n < run->node_count; n++)
        if (nodes >> n & 1)
            json_array_append_new(names, json_text(run->nodes[n].name));
    return names;
}

static json_t *write_set(const struct gs_run *run, const uint8_t *element)
{
    gs_node_set set;
    json_t *names = made(json_array());

    memcpy(&set, element, sizeof(set));
    for (GS_EACH(node, set))
        json_array_append_new(names, json_node(run, node));
    return names;
}

static json_t *write_struct(const struct gs_run *run, const struct gs_field *fields, const uint8_t *value)
{
    json_t *object = made(json_object());

    json_append_fields(object, run, fields, NULL, value);
    return object;
}

static json_t *write_unsigned(const struct gs_field *field, uint64_t number)
{
    if (field->kind == GS_KIND_BOOL)
        return json_boolean(number);
    if (field->names && number < field->name_count)
        return json_text(field->names[number]);
    return json_unsigned(number);
}

static json_t *write_element(const struct gs_run *run, const struct gs_field *field, const uint8_t *element)
{
    if (field->kind == GS_KIND_STRUCT)
        return write_struct(run, field->fields, element);
    if (field->kind == GS_KIND_NODE_SET)
        return write_set(run, element);
    if (field->kind == GS_KIND_NODE)
        return json_node(run, (gs_node){*element});
    if (field_is_signed(field))
        return made(json_integer(field_read_signed(field, element)));
    return write_unsigned(field, field_read_unsigned(field, element));
}

json_t *json_field(const struct gs_run *run, const struct gs_field *fields, const struct gs_field *field,
                   const void *value)
{
    const uint8_t *elements = (const uint8_t *)value + field->offset;
    const size_t count = field_count(run, fields, field, value), size = field_element_size(field);

    if (!field->is_array)
        return write_element(run, field, elements);
    json_t *json = made(field->by_role ? json_object() : json_array());
    for (size_t i = 0; i < count; i++) {
        json_t *element = write_element(run, field, elements + i * size);
        if (field->by_role)
            json_object_set_new(json, run->nodes[run->first[field->by_role - 1] + i].name, element);
        else
            json_array_append_new(json, element);
    }
    return json;
}

static bool is_chosen(json_members members, const char *name)
{
    for (size_t i = 0; members && i < GS_MESSAGE_FIELDS_MAX && members[i]; i++)
        if (strcmp(members[i], name) == 0)
            return true;
    return !members;
}

/* Does a chosen list tell it, so that it need not be written? */
static bool is_told_by_list(const struct gs_field *fields, json_members members, const struct gs_field *field)
{
    for (const struct gs_field *list = fields; list && list->name; list++)
        if (list->length && strcmp(list->length, field->name) == 0 && is_chosen(members, list->name))
            return true;
    return false;
}

/* Is the member one that stands in the JSON? */
static bool is_shown(const struct gs_field *fields, json_members members, const struct gs_field *field)
{
    return is_chosen(members, field->name) && !is_told_by_list(fields, members, field);
}

void json_append_fields(json_t *object, const struct gs_run *run, const struct gs_field *fields, json_members members,
                        const void *value)
{
    for (const struct gs_field *field = fields; field && field->name; field++)
        if (is_shown(fields, members, field))
            json_object_set_new(object, field->name, json_field(run, fields, field, value));
}

json_t *json_message(const struct gs_run *run, const uint8_t *message)
{
    const struct gs_event_type *type = &run->model->events[message[0]];
    json_t *object = made(json_object());

    json_object_set_new(object, "type", json_text(type->name));
    json_append_fields(object, run, run->model->message_fields, type->fields, message);
    return object;
}

/* ---- Reading ---- */

void json_place_text(const struct json_place *place, char *text, size_t size)
{
    if (!place) {
        text[0] = '\0';
        return;
    }
    json_place_text(place->outer, text, size);
    const size_t length = strlen(text);
    if (place->name)
        snprintf(text + length, size - length, "%s%s", length ? "." : "", place->name);
    else
        snprintf(text + length, size - length, "[%zu]", place->index);
}

bool json_refuse(const struct json_reader *reader, const struct json_place *place, const char *format, ...)
{
    char where[200], reason[300];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(reason, sizeof(reason), format, arguments);
    va_end(arguments);
    json_place_text(place, where, sizeof(where));
    snprintf(reader->error, reader->error_size, "%s%s%s", where, where[0] ? ": " : "", reason);
    return false;
}

const char *json_type_name(const json_t *json)
{
    static const char *const names[] = {"an object", "an array", "a string", "an integer", "a number with a fraction",
                                        "true",      "false",    "null"};

    return json ? names[json_typeof(json)] : "nothing";
}

static bool refuse_type(const struct json_reader *reader, const struct json_place *place, const json_t *json,
                        const char *wanted)
{
    return json ? json_refuse(reader, place, "expected %s, not %s", wanted, json_type_name(json))
                : json_refuse(reader, place, "is missing (%s)", wanted);
}

bool json_read_text(const struct json_reader *reader, const struct json_place *place, const json_t *json,
                    const char **text)
{
    *text = "";
    if (!json_is_string(json))
        return refuse_type(reader, place, json, "a string");
    *text = json_string_value(json);
    return true;
}

bool json_read_signed(const struct json_reader *reader, const struct json_place *place, const json_t *json, int64_t min,
                      int64_t max, int64_t *number)
{
    *number = 0;
    if (!json_is_integer(json))
        return refuse_type(reader, place, json, "an integer");
    *number = json_integer_value(json);
    if (*number < min || *number > max)
        return json_refuse(reader, place, "%" PRId64 " is not from %" PRId64 " to %" PRId64, *number, min, max);
    return true;
}

/* Digits of a number beyond INT64_MAX, exactly as they are written. */
static bool parse_big(const char *text, uint64_t *number)
{
    char again[24];

    *number = strtoull(text, NULL, 10);
    snprintf(again, sizeof(again), "%" PRIu64, *number);
    return *number > INT64_MAX && strcmp(again, text) == 0;
}

bool json_read_unsigned(const struct json_reader *reader, const struct json_place *place, const json_t *json,
                        uint64_t max, uint64_t *number)
{
    if (json_is_string(json) && max > INT64_MAX) {
        if (!parse_big(json_string_value(json), number))
            return json_refuse(reader, place,
                               "a string stands for an integer only from 9223372036854775808 to %" PRIu64, max);
    } else {
        int64_t small;
        if (!json_read_signed(reader, place, json, 0, max > INT64_MAX ? INT64_MAX : (int64_t)max, &small))
            return false;
        *number = (uint64_t)small;
    }
    return *number <= max || json_refuse(reader, place, "%" PRIu64 " is larger than %" PRIu64, *number, max);
}

bool json_read_node(const struct json_reader *reader, const struct json_place *place, const json_t *json, gs_node *node)
{
    *node = GS_NOBODY;
    if (json_is_null(json))
        return true;
    if (!json_is_string(json))
        return refuse_type(reader, place, json, "a node's name or null");
    for (unsigned n = 0; n < reader->run->node_count; n++)
        if (strcmp(reader->run->nodes[n].name, json_string_value(json)) == 0) {
            *node = node_of(n);
            return true;
        }
    return json_refuse(reader, place, "there is no node \"%.60s\"", json_string_value(json));
}

bool json_read_nodes(const struct json_reader *reader, const struct json_place *place, const json_t *json,
                     uint64_t *nodes)
{
    *nodes = 0;
    if (!json_is_array(json))
        return refuse_type(reader, place, json, "an array of nodes' names");
    for (size_t i = 0; i < json_array_size(json); i++) {
        const struct json_place at = {.outer = place, .index = i};
        gs_node node;
        if (!json_read_node(reader, &at, json_array_get(json, i), &node))
            return false;
        if (gs_is_nobody(node))
            return json_refuse(reader, &at, "nobody is in no set");
        if (*nodes >> node_number(node))
            return json_refuse(reader, &at, "nodes stand in their order, each once");
        *nodes |= UINT64_C(1) << node_number(node);
    }
    return true;
}

static bool read_set(const struct json_reader *reader, const struct json_place *place, const json_t *json,
                     uint8_t *element)
{
    uint64_t nodes;
    gs_node_set set = GS_EMPTY_SET;

    if (!json_read_nodes(reader, place, json, &nodes))
        return false;
    for (unsigned n = 0; n < reader->run->node_count; n++)
        if (nodes >> n & 1)
            set = gs_set_with(set, node_of(n));
    memcpy(element, &set, sizeof(set));
    return true;
}

static bool read_enum(const struct json_reader *reader, const struct json_place *place, const json_t *json,
                      const struct gs_field *field, uint8_t *element)
{
    if (!json_is_string(json))
        return refuse_type(reader, place, json, "a name");
    for (uint32_t value = 0; value < field->name_count; value++)
        if (field->names[value] && strcmp(field->names[value], json_string_value(json)) == 0) {
            field_write_unsigned(field, element, value);
            return true;
        }
    return json_refuse(reader, place, "\"%.60s\" is not one of its names", json_string_value(json));
}

static bool read_signed(const struct json_reader *reader, const struct json_place *place, const json_t *json,
                        const struct gs_field *field, uint8_t *element)
{
    const int64_t max = INT64_MAX >> (64 - 8 * field_element_size(field));
    int64_t number;

    if (!json_read_signed(reader, place, json, -max - 1, max, &number))
        return false;
    field_write_unsigned(field, element, (uint64_t)number);
    return true;
}

static bool read_unsigned(const struct json_reader *reader, const struct json_place *place, const json_t *json,
                          const struct gs_field *field, uint8_t *element)
{
    uint64_t number;

    if (!json_read_unsigned(reader, place, json, UINT64_MAX >> (64 - 8 * field_element_size(field)), &number))
        return false;
    field_write_unsigned(field, element, number);
    return true;
}

static bool read_element(const struct json_reader *reader, const struct json_place *place, const json_t *json,
                         const struct gs_field *field, uint8_t *element)
{
    gs_node node;

    if (field->kind == GS_KIND_STRUCT)
        return json_read_fields(reader, place, json, field->fields, NULL, NULL, element);
    if (field->kind == GS_KIND_NODE_SET)
        return read_set(reader, place, json, element);
    if (field->kind == GS_KIND_NODE) {
        const bool is_read = json_read_node(reader, place, json, &node);
        *element = node.tag;
        return is_read;
    }
    if (field->kind == GS_KIND_BOOL) {
        *element = json_is_true(json);
        return json_is_boolean(json) || refuse_type(reader, place, json, "true or false");
    }
    if (field->names)
        return read_enum(reader, place, json, field, element);
    return field_is_signed(field) ? read_signed(reader, place, json, field, element)
                                  : read_unsigned(reader, place, json, field, element);
}

static bool read_by_node(const struct json_reader *reader, const struct json_place *place, const json_t *json,
                         const struct gs_field *field, uint8_t *elements)
{
    const struct gs_run *run = reader->run;
    const unsigned first = run->first[field->by_role - 1], count = run->count[field->by_role - 1];

    if (!json_is_object(json))
        return refuse_type(reader, place, json, "an object keyed by nodes' names");
    must(count <= field_capacity(field));
    for (unsigned k = 0; k < count; k++) {
        const char *name = run->nodes[first + k].name;
        const struct json_place at = {.outer = place, .name = name};
        if (!read_element(reader, &at, json_object_get(json, name), field, elements + k * field_element_size(field)))
            return false;
    }
    if (json_object_size(json) != count)
        return json_refuse(reader, place, "has %zu members, not one for each of %u nodes", json_object_size(json),
                           count);
    return true;
}

/* The list's length, unless another list with the same length member has set it already. */
static bool set_length(const struct json_reader *reader, const struct json_place *place, const struct gs_field *length,
                       size_t count, uint8_t *value, bool is_set)
{
    uint8_t *element = value + length->offset;

    if (is_set && field_read_unsigned(length, element) != count)
        return json_refuse(reader, place, "has %zu elements, but another list with its length (%s) has %" PRIu64, count,
                           length->name, field_read_unsigned(length, element));
    field_write_unsigned(length, element, count);
    return field_read_unsigned(length, element) == count ||
           json_refuse(reader, place, "has %zu elements, more than %s can count", count, length->name);
}

/* Has a list before this one set the same length? */
static bool length_is_set(const struct gs_field *fields, json_members members, const struct gs_field *list)
{
    for (const struct gs_field *earlier = fields; earlier != list; earlier++)
        if (earlier->length && strcmp(earlier->length, list->length) == 0 && is_chosen(members, earlier->name))
            return true;
    return false;
}

static bool read_array(const struct json_reader *reader, const struct json_place *place, const json_t *json,
                       const struct gs_field *field, uint8_t *elements)
{
    const size_t capacity = field_capacity(field), size = field_element_size(field);

    if (!json_is_array(json))
        return refuse_type(reader, place, json, "an array");
    const size_t count = json_array_size(json);
    if (count > capacity || (!field->length && count != capacity))
        return json_refuse(reader, place, "has %zu elements; there %s %zu", count,
                           field->length ? "is room for" : "have to be", capacity);
    memset(elements + count * size, 0, (capacity - count) * size);
    for (size_t i = 0; i < count; i++) {
        const struct json_place at = {.outer = place, .index = i};
        if (!read_element(reader, &at, json_array_get(json, i), field, elements + i * size))
            return false;
    }
    return true;
}

static bool read_member(const struct json_reader *reader, const struct json_place *place, const json_t *json,
                        const struct gs_field *field, uint8_t *value)
{
    if (field->by_role)
        return read_by_node(reader, place, json, field, value + field->offset);
    if (field->is_array)
        return read_array(reader, place, json, field, value + field->offset);
    return read_element(reader, place, json, field, value + field->offset);
}

static bool refuse_unknown(const struct json_reader *reader, const struct json_place *place, const json_t *json,
                           const struct gs_field *fields, json_members members, const char *other)
{
    const char *key;
    json_t *member;

    json_object_foreach((json_t *)(uintptr_t)json, key, member)
    {
        const struct json_place at = {.outer = place, .name = key};
        const struct gs_field *field = fields_find(fields, key);
        const bool is_known = (field && is_shown(fields, members, field)) || (other && strcmp(other, key) == 0);
        if (!is_known)
            return json_refuse(reader, &at, "there is no such member here");
    }
    return true;
}

bool json_read_fields(const struct json_reader *reader, const struct json_place *place, const json_t *json,
                      const struct gs_field *fields, json_members members, const char *other, void *value)
{
    if (!json_is_object(json))
        return refuse_type(reader, place, json, "an object");
    for (const struct gs_field *field = fields; field && field->name; field++) {
        const struct json_place at = {.outer = place, .name = field->name};
        const json_t *member = json_object_get(json, field->name);
        if (!is_shown(fields, members, field) || (!member && reader->by_meaning))
            continue;
        if (!read_member(reader, &at, member, field, value))
            return false;
        if (field->length && !set_length(reader, &at, fields_find(fields, field->length), json_array_size(member),
                                         value, length_is_set(fields, members, field)))
            return false;
    }
    return reader->by_meaning || refuse_unknown(reader, place, json, fields, members, other);
}

/* The message type of that name. */
static bool read_type(const struct json_reader *reader, const struct json_place *place, const json_t *json,
                      uint8_t *type)
{
    const char *name;

    if (!json_read_text(reader, place, json, &name))
        return false;
    for (unsigned t = 0; t < reader->run->event_count; t++)
        if (reader->run->model->events[t].kind == GS_MESSAGE && strcmp(reader->run->model->events[t].name, name) == 0) {
            *type = (uint8_t)t;
            return true;
        }
    return json_refuse(reader, place, "there is no message \"%.60s\"", name);
}

bool json_read_message(const struct json_reader *reader, const struct json_place *place, const json_t *json,
                       uint8_t *message)
{
    const struct gs_model *model = reader->run->model;
    const struct json_place at = {.outer = place, .name = "type"};

    if (!json_is_object(json))
        return refuse_type(reader, place, json, "an object");
    if (!model->message_size)
        return json_refuse(reader, place, "%s has no messages", model->name);
    memset(message, 0, model->message_size);
    return read_type(reader, &at, json_object_get(json, "type"), &message[0]) &&
           json_read_fields(reader, place, json, model->message_fields, model->events[message[0]].fields, "type",
                            message);
}
