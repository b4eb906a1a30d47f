/* What a start or step line must look like whatever the protocol: its members and their types. Names and values in it
 * are not looked at, because another version of the protocol may have had them. */
#include <inttypes.h>
#include <string.h>

#include "traces/json_event.h"

/* ---- Members ---- */

enum { MEMBERS_MAX = 5 };

/* What a line has beside what every line may have. */
static const char *const members[ACTION_COUNT][MEMBERS_MAX] = {
    [ACTION_START] = {"start"},
    [ACTION_DELIVER] = {"step", "event", "from", "to", "message"},
    [ACTION_TIMER] = {"step", "event", "node", "timer", "index"},
    [ACTION_LOCAL] = {"step", "event", "node", "name", "arguments"},
    [ACTION_DROP] = {"step", "event", "from", "to", "message"},
    [ACTION_DUPLICATE] = {"step", "event", "from", "to", "message"},
    [ACTION_CRASH] = {"step", "event", "node", "nodes"},
    [ACTION_RESTART] = {"step", "event", "node", "nodes"},
    [ACTION_REBOOT] = {"step", "event", "node", "nodes"},
    [ACTION_PARTITION] = {"step", "event", "groups"},
    [ACTION_HEAL] = {"step", "event"},
};

/* What every line may have, and what kind of value that is. */
static const struct {
    const char *name;
    json_type type;
} effects[] = {{"at", JSON_INTEGER},         {"clock", JSON_INTEGER},    {"choices", JSON_ARRAY},
               {"sent", JSON_ARRAY},         {"announced", JSON_ARRAY},  {"changes", JSON_OBJECT},
               {"fingerprint", JSON_STRING}, {"misbehaved", JSON_STRING}};

static bool check_effect(const struct json_reader *reader, const char *name, const json_t *value, bool *is_known)
{
    const struct json_place at = {.name = name};

    *is_known = false;
    for (size_t i = 0; i < sizeof(effects) / sizeof(effects[0]); i++)
        if (strcmp(effects[i].name, name) == 0) {
            *is_known = true;
            return json_typeof(value) == effects[i].type || json_refuse(reader, &at, "expected %s, not %s",
                                                                        effects[i].type == JSON_ARRAY     ? "an array"
                                                                        : effects[i].type == JSON_INTEGER ? "an integer"
                                                                        : effects[i].type == JSON_OBJECT  ? "an object"
                                                                                                          : "a string",
                                                                        json_type_name(value));
        }
    return true;
}

static bool check_members(const struct json_reader *reader, const json_t *line, enum action action)
{
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)line, key, value)
    {
        const struct json_place at = {.name = key};
        bool is_known;
        if (!check_effect(reader, key, value, &is_known))
            return false;
        for (int i = 0; i < MEMBERS_MAX && members[action][i]; i++)
            is_known |= strcmp(members[action][i], key) == 0;
        if (!is_known)
            return json_refuse(reader, &at, "a %s line has no such member", action_names[action]);
    }
    return true;
}

/* ---- Types ---- */

static bool check_node(const struct json_reader *reader, const json_t *line, const char *name)
{
    const struct json_place at = {.name = name};
    const json_t *json = json_object_get(line, name);

    if (json_is_string(json))
        return true;
    if (!json)
        return json_refuse(reader, &at, "is missing (a node's name)");
    return json_is_null(json) ? json_refuse(reader, &at, "has to be a node's name")
                              : json_refuse(reader, &at, "expected a node's name, not %s", json_type_name(json));
}

static bool check_names(const struct json_reader *reader, const struct json_place *place, const json_t *json)
{
    const char *name;

    if (!json_is_array(json))
        return json_refuse(reader, place, "expected an array of nodes' names, not %s", json_type_name(json));
    for (size_t i = 0; i < json_array_size(json); i++)
        if (!json_read_text(reader, &(struct json_place){.outer = place, .index = i}, json_array_get(json, i), &name))
            return false;
    return true;
}

static bool check_text(const struct json_reader *reader, const json_t *line, const char *name)
{
    const char *text;

    return json_read_text(reader, &(struct json_place){.name = name}, json_object_get(line, name), &text);
}

static bool check_object(const struct json_reader *reader, const json_t *line, const char *name)
{
    const struct json_place at = {.name = name};
    const json_t *json = json_object_get(line, name);

    if (!json)
        return json_refuse(reader, &at, "is missing (an object)");
    return json_is_object(json) || json_refuse(reader, &at, "expected an object, not %s", json_type_name(json));
}

static bool check_mail(const struct json_reader *reader, const json_t *line)
{
    const struct json_place at = {.name = "message"}, type_at = {.outer = &at, .name = "type"};
    const char *type;

    return check_node(reader, line, "from") && check_node(reader, line, "to") &&
           check_object(reader, line, "message") &&
           json_read_text(reader, &type_at, json_object_get(json_object_get(line, "message"), "type"), &type);
}

static bool check_index(const struct json_reader *reader, const json_t *line)
{
    const json_t *json = json_object_get(line, "index");
    uint64_t index;

    return !json || json_read_unsigned(reader, &(struct json_place){.name = "index"}, json, UINT8_MAX, &index);
}

static bool check_host(const struct json_reader *reader, const json_t *line)
{
    const struct json_place at = {.name = "nodes"};
    const json_t *nodes = json_object_get(line, "nodes");

    if (!nodes)
        return check_node(reader, line, "node");
    if (json_object_get(line, "node"))
        return json_refuse(reader, &at, "stands beside node");
    return check_names(reader, &at, nodes);
}

static bool check_groups(const struct json_reader *reader, const json_t *line)
{
    const struct json_place at = {.name = "groups"};
    const json_t *groups = json_object_get(line, "groups");

    if (!json_is_array(groups) || json_array_size(groups) != 2)
        return json_refuse(reader, &at, "expected an array of two groups");
    for (size_t i = 0; i < 2; i++)
        if (!check_names(reader, &(struct json_place){.outer = &at, .index = i}, json_array_get(groups, i)))
            return false;
    return true;
}

static bool check_choices(const struct json_reader *reader, const json_t *line)
{
    const struct json_place at = {.name = "choices"};
    const json_t *choices = json_object_get(line, "choices");
    uint64_t choice;

    if (choices && (json_array_size(choices) < 1 || json_array_size(choices) > GS_CHOICES_MAX))
        return json_refuse(reader, &at, "has %zu elements, not 1 to %d", json_array_size(choices), GS_CHOICES_MAX);
    for (size_t i = 0; i < json_array_size(choices); i++)
        if (!json_read_unsigned(reader, &(struct json_place){.outer = &at, .index = i}, json_array_get(choices, i),
                                UINT16_MAX, &choice))
            return false;
    return true;
}

static bool check_types(const struct json_reader *reader, const json_t *line, enum action action)
{
    switch (action) {
    case ACTION_START:
        return check_node(reader, line, "start");
    case ACTION_DELIVER:
    case ACTION_DROP:
    case ACTION_DUPLICATE:
        return check_mail(reader, line);
    case ACTION_TIMER:
        return check_node(reader, line, "node") && check_text(reader, line, "timer") && check_index(reader, line);
    case ACTION_LOCAL:
        return check_node(reader, line, "node") && check_text(reader, line, "name") &&
               (!json_object_get(line, "arguments") || check_object(reader, line, "arguments"));
    case ACTION_CRASH:
    case ACTION_RESTART:
    case ACTION_REBOOT:
        return check_host(reader, line);
    case ACTION_PARTITION:
        return check_groups(reader, line);
    default:
        return true;
    }
}

static bool read_action(const struct json_reader *reader, const json_t *line, enum action *action)
{
    const struct json_place at = {.name = "event"};
    const char *name;

    *action = ACTION_START;
    if (json_object_get(line, "start"))
        return true;
    if (!json_read_text(reader, &at, json_object_get(line, "event"), &name))
        return false;
    while (++*action < ACTION_COUNT)
        if (strcmp(action_names[*action], name) == 0)
            return true;
    return json_refuse(reader, &at, "there is no event \"%.60s\"", name);
}

bool json_event_shape(const struct json_reader *reader, const json_t *line, enum action *action)
{
    return read_action(reader, line, action) && check_members(reader, line, *action) &&
           check_types(reader, line, *action) && check_choices(reader, line);
}
