/* The growth table as JSON: all depths and parts that were measured, also those that the text leaves out. */
#include "cli/report_growth.h"
#include "core/die.h"
#include "traces/json_fields.h"

static void append(json_t *array, json_t *value)
{
    must(json_array_append_new(array, value) == 0);
}

static void add(json_t *object, const char *name, json_t *value)
{
    must(json_object_set_new(object, name, value) == 0);
}

static json_t *numbers_json(const uint64_t *numbers, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        append(array, json_integer((json_int_t)numbers[i]));
    return array;
}

static json_t *part_json(const struct gs_growth *growth, const struct gs_growth_part *part)
{
    json_t *object = json_object();
    add(object, "kind", json_text(gs_growth_kind_names[part->kind]));
    add(object, "name", json_text(part->name));
    add(object, "values", json_integer((json_int_t)part->values[growth->point_count - 1]));
    add(object, "by_depth", numbers_json(part->values, growth->point_count));
    add(object, "least", part->has_range ? json_integer(part->least) : json_null());
    add(object, "most", part->has_range ? json_integer(part->most) : json_null());
    return object;
}

static json_t *message_json(const struct gs_growth_message *message)
{
    json_t *object = json_object();
    add(object, "name", json_text(message->name));
    add(object, "distinct", json_integer((json_int_t)message->distinct));
    add(object, "inboxes", json_integer((json_int_t)message->inboxes));
    add(object, "most_in_one", json_integer((json_int_t)message->most));
    return object;
}

static json_t *last_levels_json(const struct gs_growth *growth)
{
    json_t *array = json_array();
    for (size_t i = 0; i < sizeof(growth->levels) / sizeof(*growth->levels) && i <= growth->whole_depth; i++)
        append(array, json_integer((json_int_t)growth->levels[i]));
    return array;
}

/* Of states; null: no end in sight. */
static json_t *estimate_json(double states)
{
    return states > 0 ? json_integer((json_int_t)states) : json_null();
}

static void add_lists(json_t *object, const struct gs_growth *growth)
{
    json_t *parts = json_array(), *messages = json_array();
    for (size_t i = 0; i < growth->part_count; i++)
        append(parts, part_json(growth, &growth->parts[i]));
    for (size_t i = 0; i < growth->message_count; i++)
        append(messages, message_json(&growth->messages[i]));
    add(object, "parts", parts);
    add(object, "messages", messages);
}

json_t *report_growth_json(const struct gs_growth *growth)
{
    if (!growth->measured)
        return json_null();
    json_t *object = json_object();
    add(object, "depths", numbers_json(growth->depths, growth->point_count));
    add(object, "states", numbers_json(growth->states, growth->point_count));
    add_lists(object, growth);
    add(object, "inboxes", json_integer((json_int_t)growth->inboxes));
    add(object, "in_flight", json_integer((json_int_t)growth->in_flight));
    add(object, "whole_depth", json_integer((json_int_t)growth->whole_depth));
    add(object, "last_levels", last_levels_json(growth));
    add(object, "estimate_least", estimate_json(growth->estimate_least));
    add(object, "estimate_most", estimate_json(growth->estimate_most));
    add(object, "every", json_integer((json_int_t)growth->every));
    add(object, "cut", json_boolean(growth->cut));
    return object;
}
