/* Events as JSON: by the names of nodes, messages, timers and local events, never by number. */
#include "traces/json_event.h"

#include <string.h>

#include "core/die.h"

static uint64_t nodes_of_host(const struct gs_run *run, gs_node node)
{
    return run->hosts[run->nodes[node_number(node)].host];
}

static uint64_t all_nodes(const struct gs_run *run)
{
    return UINT64_MAX >> (64 - run->node_count);
}

static bool is_single(uint64_t nodes)
{
    return (nodes & (nodes - 1)) == 0;
}

/* ---- Writing ---- */

static void append_mail(json_t *line, const struct gs_run *run, const struct event *event)
{
    json_object_set_new(line, "from", json_node(run, event->from));
    json_object_set_new(line, "to", json_node(run, event->node));
    json_object_set_new(line, "message", json_message(run, event->message));
}

static void append_timer(json_t *line, const struct gs_run *run, const struct event *event)
{
    const struct gs_event_type *type = &run->model->events[event->type];

    json_object_set_new(line, "node", json_node(run, event->node));
    json_object_set_new(line, "timer", json_text(type->name));
    if (type->indices > 1)
        json_object_set_new(line, "index", json_unsigned(event->index));
}

static void append_local(json_t *line, const struct gs_run *run, const struct event *event)
{
    const struct gs_event_type *type = &run->model->events[event->type];
    json_t *arguments = json_object();

    json_object_set_new(line, "node", json_node(run, event->node));
    json_object_set_new(line, "name", json_text(type->name));
    for (int i = 0; i < GS_ARGUMENTS_MAX && type->arguments[i].kind; i++)
        json_object_set_new(arguments, type->arguments[i].name,
                            type->arguments[i].kind == GS_NODE ? json_node(run, event->nodes[i])
                                                               : json_integer(event->arguments[i]));
    if (json_object_size(arguments))
        json_object_set(line, "arguments", arguments);
    json_decref(arguments);
}

static void append_host(json_t *line, const struct gs_run *run, const struct event *event)
{
    const uint64_t nodes = nodes_of_host(run, event->node);

    if (is_single(nodes))
        json_object_set_new(line, "node", json_node(run, event->node));
    else
        json_object_set_new(line, "nodes", json_nodes(run, nodes));
}

static void append_groups(json_t *line, const struct gs_run *run, const struct event *event)
{
    json_t *groups = json_array();

    json_array_append_new(groups, json_nodes(run, event->side));
    json_array_append_new(groups, json_nodes(run, all_nodes(run) & ~event->side));
    json_object_set_new(line, "groups", groups);
}

void json_append_times(json_t *line, const struct event *event)
{
    if (event->has_at)
        json_object_set_new(line, "at", json_integer(event->at));
    if (event->has_clock)
        json_object_set_new(line, "clock", json_integer(event->clock));
}

void json_append_event(json_t *line, const struct gs_run *run, const struct event *event)
{
    must(event->action < ACTION_COUNT);
    if (event->action == ACTION_START) {
        json_object_set_new(line, "start", json_node(run, event->node));
        return;
    }
    json_object_set_new(line, "event", json_text(action_names[event->action]));
    if (event->message)
        append_mail(line, run, event);
    else if (event->action == ACTION_TIMER)
        append_timer(line, run, event);
    else if (event->action == ACTION_LOCAL)
        append_local(line, run, event);
    else if (event->action == ACTION_PARTITION)
        append_groups(line, run, event);
    else if (event->action != ACTION_HEAL)
        append_host(line, run, event);
}

/* ---- Reading ---- */

/* A node that is somebody: the shape of the line says that it is a text. */
static bool read_some_node(const struct json_reader *reader, const json_t *line, const char *name, gs_node *node)
{
    return json_read_node(reader, &(struct json_place){.name = name}, json_object_get(line, name), node);
}

static bool read_mail(const struct json_reader *reader, const json_t *line, struct event *event, uint8_t *message)
{
    const struct json_place at = {.name = "message"};

    if (!read_some_node(reader, line, "from", &event->from) || !read_some_node(reader, line, "to", &event->node) ||
        !json_read_message(reader, &at, json_object_get(line, "message"), message))
        return false;
    event->type = message[0];
    event->message = message;
    return true;
}

/* The timer or local event that the node's role has under the name that `line` gives. */
static bool read_own_type(const struct json_reader *reader, const json_t *line, const char *member, uint8_t kind,
                          struct event *event)
{
    const struct gs_run *run = reader->run;
    const struct json_place at = {.name = member};
    const char *name;

    if (!read_some_node(reader, line, "node", &event->node) ||
        !json_read_text(reader, &at, json_object_get(line, member), &name))
        return false;
    for (unsigned t = 0; t < run->event_count; t++) {
        const struct gs_event_type *type = &run->model->events[t];
        if (type->kind == kind && type->role == run->nodes[node_number(event->node)].role &&
            strcmp(type->name, name) == 0) {
            event->type = (uint8_t)t;
            return true;
        }
    }
    return json_refuse(reader, &at, "%s has no %s \"%.60s\"", gs_run_name(run, event->node),
                       kind == GS_TIMER ? "timer" : "local event", name);
}

static bool read_timer(const struct json_reader *reader, const json_t *line, struct event *event)
{
    const struct json_place at = {.name = "index"};
    const json_t *json = json_object_get(line, "index");
    uint64_t index;

    if (!read_own_type(reader, line, "timer", GS_TIMER, event))
        return false;
    const uint8_t indices = reader->run->model->events[event->type].indices;
    if (indices <= 1)
        return !json || json_refuse(reader, &at, "the timer has only one");
    if (!json_read_unsigned(reader, &at, json, indices - 1u, &index))
        return false;
    event->index = (uint8_t)index;
    return true;
}

static bool read_range(const struct json_reader *reader, const struct json_place *at, const json_t *json,
                       const struct gs_argument *argument, int64_t *value)
{
    return json_read_signed(reader, at, json, argument->min, run_argument_max(reader->run, argument), value);
}

static bool read_argument(const struct json_reader *reader, const struct json_place *outer, const json_t *json,
                          const struct gs_argument *argument, struct event *event, int i)
{
    const struct json_place at = {.outer = outer, .name = argument->name};
    const struct gs_run *run = reader->run;

    if (argument->kind != GS_NODE)
        return read_range(reader, &at, json, argument, &event->arguments[i]);
    if (!json || !json_read_node(reader, &at, json, &event->nodes[i]))
        return json || json_refuse(reader, &at, "is missing (a node's name)");
    return (!gs_is_nobody(event->nodes[i]) && run->nodes[node_number(event->nodes[i])].role == argument->role) ||
           json_refuse(reader, &at, "has to be a node of role %s", run->model->roles[argument->role].name);
}

static bool read_local(const struct json_reader *reader, const json_t *line, struct event *event)
{
    const struct json_place at = {.name = "arguments"};
    const json_t *arguments = json_object_get(line, "arguments");
    size_t count = 0;

    if (!read_own_type(reader, line, "name", GS_LOCAL, event))
        return false;
    const struct gs_event_type *type = &reader->run->model->events[event->type];
    for (int i = 0; i < GS_ARGUMENTS_MAX && type->arguments[i].kind; i++, count++)
        if (!read_argument(reader, &at, json_object_get(arguments, type->arguments[i].name), &type->arguments[i], event,
                           i))
            return false;
    return json_object_size(arguments) == count ||
           json_refuse(reader, &at, "has %zu members; %s takes %zu", json_object_size(arguments), type->name, count);
}

static bool read_host(const struct json_reader *reader, const json_t *line, struct event *event)
{
    const struct gs_run *run = reader->run;
    const struct json_place at = {.name = "nodes"};
    const json_t *json = json_object_get(line, "nodes");
    uint64_t nodes;

    if (!json) {
        if (!read_some_node(reader, line, "node", &event->node))
            return false;
        nodes = UINT64_C(1) << node_number(event->node);
    } else if (!json_read_nodes(reader, &at, json, &nodes)) {
        return false;
    }
    for (unsigned host = 0; host < run->host_count; host++)
        if (run->hosts[host] == nodes) {
            event->node = node_of((unsigned)__builtin_ctzll(nodes));
            return true;
        }
    return json_refuse(reader, json ? &at : &(struct json_place){.name = "node"}, "these are not the nodes of a host");
}

static bool read_groups(const struct json_reader *reader, const json_t *line, struct event *event)
{
    const struct json_place at = {.name = "groups"};
    const struct json_place first_at = {.outer = &at, .index = 0}, second_at = {.outer = &at, .index = 1};
    const json_t *groups = json_object_get(line, "groups");
    uint64_t first, second;

    if (!json_read_nodes(reader, &first_at, json_array_get(groups, 0), &first) ||
        !json_read_nodes(reader, &second_at, json_array_get(groups, 1), &second))
        return false;
    if (!(first & 1))
        return json_refuse(reader, &first_at, "has to hold %s", reader->run->nodes[0].name);
    if (!second || first & second || (first | second) != all_nodes(reader->run))
        return json_refuse(reader, &second_at, "has to hold exactly the nodes that the first does not, at least one");
    event->side = first;
    return true;
}

static void read_choices(const json_t *line, struct event *event)
{
    const json_t *choices = json_object_get(line, "choices");

    for (size_t i = 0; i < json_array_size(choices); i++)
        event->choices[i] = (uint16_t)json_integer_value(json_array_get(choices, i));
    event->choice_count = (uint8_t)json_array_size(choices);
}

void json_read_times(const json_t *line, struct event *event)
{
    const json_t *at = json_object_get(line, "at"), *clock = json_object_get(line, "clock");

    event->has_at = at != NULL;
    event->at = json_integer_value(at);
    event->has_clock = clock != NULL;
    event->clock = json_integer_value(clock);
}

static bool read_what(const struct json_reader *reader, const json_t *line, struct event *event, uint8_t *message)
{
    switch ((enum action)event->action) {
    case ACTION_START:
        return read_some_node(reader, line, "start", &event->node);
    case ACTION_DELIVER:
    case ACTION_DROP:
    case ACTION_DUPLICATE:
        return read_mail(reader, line, event, message);
    case ACTION_TIMER:
        return read_timer(reader, line, event);
    case ACTION_LOCAL:
        return read_local(reader, line, event);
    case ACTION_CRASH:
    case ACTION_RESTART:
    case ACTION_REBOOT:
        return read_host(reader, line, event);
    case ACTION_PARTITION:
        return read_groups(reader, line, event);
    default:
        return true;
    }
}

bool json_read_event(const struct json_reader *reader, const json_t *line, struct event *event, uint8_t *message)
{
    enum action action;

    *event = (struct event){0};
    if (!json_event_shape(reader, line, &action))
        return false;
    event->action = (uint8_t)action;
    read_choices(line, event);
    json_read_times(line, event);
    return read_what(reader, line, event, message);
}
