/* An event of today is written as a line and compared with the file's. What one of them does not know says nothing;
 * who acts, on what, and which values the scheduler picked have to be equal. */
#include "traces/trace_agreement_file.h"

#include <stdlib.h>
#include <string.h>

#include "core/die.h"
#include "traces/json_event.h"

/* Members of which a version may know more or fewer; all others are equal or the event is another one. */
static const char *const growing[] = {"message", "arguments", "index"};
enum { GROWING = sizeof(growing) / sizeof(growing[0]) };

static bool is_growing(const char *name)
{
    for (size_t i = 0; i < GROWING; i++)
        if (strcmp(growing[i], name) == 0)
            return true;
    return false;
}

/* What says which event it is, and not what became of it. */
static bool is_part_of_event(const char *name)
{
    static const char *const parts[] = {"start", "event", "from", "to", "node", "nodes", "timer", "name", "groups"};

    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        if (strcmp(parts[i], name) == 0)
            return true;
    return is_growing(name);
}

/* In how many values two differ, of those that both have. */
static unsigned count_differing(const json_t *said, const json_t *here)
{
    const char *name;
    json_t *value;
    unsigned differing = 0;

    if (json_is_object(said) && json_is_object(here)) {
        json_object_foreach((json_t *)(uintptr_t)here, name, value)
        {
            const json_t *other = json_object_get(said, name);
            differing += other ? count_differing(other, value) : 0;
        }
        return differing;
    }
    if (!json_is_array(said) || !json_is_array(here) || json_array_size(said) != json_array_size(here))
        return !json_equal(said, here);
    for (size_t i = 0; i < json_array_size(said); i++)
        differing += count_differing(json_array_get(said, i), json_array_get(here, i));
    return differing;
}

static json_t *line_of(const struct gs_run *run, const struct event *event)
{
    json_t *line = json_object();

    json_append_event(line, run, event);
    return line;
}

static bool is_same_where_it_has_to_be(const json_t *said, const json_t *here)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)here, name, value)
    {
        if (!is_growing(name) && !json_equal(json_object_get(said, name), value))
            return false;
    }
    json_object_foreach((json_t *)(uintptr_t)said, name, value)
    {
        if (!is_growing(name) && is_part_of_event(name) && !json_object_get(here, name))
            return false;
    }
    return true;
}

static bool is_same_everywhere(const json_t *said, const json_t *here)
{
    for (size_t i = 0; i < GROWING; i++) {
        const json_t *one = json_object_get(said, growing[i]), *other = json_object_get(here, growing[i]);
        if (one != other && !json_equal(one, other))
            return false;
    }
    return true;
}

static bool has_same_type(const json_t *message, const json_t *other)
{
    return (!message && !other) || json_equal(json_object_get(message, "type"), json_object_get(other, "type"));
}

static enum agreement compare(const json_t *said, const json_t *here, unsigned *differing)
{
    const json_t *message = json_object_get(said, "message"), *other = json_object_get(here, "message");

    if (!is_same_where_it_has_to_be(said, here) || !has_same_type(message, other))
        return AGREEMENT_NONE;
    for (size_t i = 1; i < GROWING; i++) {
        const json_t *one = json_object_get(said, growing[i]), *two = json_object_get(here, growing[i]);
        if (one && two && count_differing(one, two))
            return AGREEMENT_NONE;
    }
    if (is_same_everywhere(said, here))
        return AGREEMENT_FULL;
    *differing = count_differing(message, other);
    return *differing ? AGREEMENT_TYPE : AGREEMENT_COMMON;
}

enum agreement agreement_of_event(const struct gs_run *run, const json_t *line, const struct event *event,
                                  unsigned *differing)
{
    const char *name = json_string_value(json_object_get(line, "event"));

    *differing = 0;
    if (strcmp(name ? name : action_names[ACTION_START], action_names[event->action]) != 0)
        return AGREEMENT_NONE;
    json_t *here = line_of(run, event);
    const enum agreement agreement = compare(line, here, differing);
    json_decref(here);
    return agreement;
}

bool agreement_of_choices(const json_t *line, const struct event *event)
{
    const json_t *choices = json_object_get(line, "choices");

    for (size_t i = 0; i < json_array_size(choices) && i < event->choice_count; i++)
        if (json_integer_value(json_array_get(choices, i)) != event->choices[i])
            return false;
    return true;
}

bool agreement_of_choices_is_full(const json_t *line, const struct event *event)
{
    return json_array_size(json_object_get(line, "choices")) == event->choice_count &&
           agreement_of_choices(line, event);
}

/* ---- Names of nodes ---- */

static bool is_node(const struct gs_run *run, const char *name)
{
    for (unsigned n = 0; n < run->node_count; n++)
        if (strcmp(run->nodes[n].name, name) == 0)
            return true;
    return false;
}

/* The only node of a role, or its first, that is meant by a name that is no node's; else NULL. */
static const char *find_renamed(const struct gs_run *run, const char *name)
{
    for (unsigned n = 0; n < run->node_count; n++) {
        const char *role = run_role_of(run, n)->name;
        const size_t length = strlen(role);
        const bool is_first = run->nodes[n].index == 0 && strncmp(name, role, length) == 0;
        if (is_first && (!name[length] || strcmp(name + length, "0") == 0))
            return run->nodes[n].name;
    }
    return NULL;
}

static void rename_node(const struct gs_run *run, json_t *name, FILE *out)
{
    const char *said = json_string_value(name);
    const char *here = said && !is_node(run, said) ? find_renamed(run, said) : NULL;

    if (!here)
        return;
    fprintf(out, "%s: its name is %s here\n", said, here);
    json_string_set(name, here);
}

void agreement_rename_nodes(const struct gs_run *run, json_t *line, FILE *out)
{
    static const char *const nodes[] = {"start", "from", "to", "node"};
    json_t *groups = json_object_get(line, "groups"), *host = json_object_get(line, "nodes"), *argument;
    const char *name;

    for (size_t i = 0; i < sizeof(nodes) / sizeof(nodes[0]); i++)
        rename_node(run, json_object_get(line, nodes[i]), out);
    json_object_foreach(json_object_get(line, "arguments"), name, argument)
    {
        rename_node(run, argument, out);
    }
    for (size_t i = 0; i < json_array_size(host); i++)
        rename_node(run, json_array_get(host, i), out);
    for (size_t g = 0; g < json_array_size(groups); g++)
        for (size_t i = 0; i < json_array_size(json_array_get(groups, g)); i++)
            rename_node(run, json_array_get(json_array_get(groups, g), i), out);
}

/* ---- In words ---- */

static char *value_text(const json_t *value)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);

    must(text != NULL);
    return text;
}

/* One member of `what`: known only here, only to the file, or to both with other values. */
static void explain_member(const char *what, const char *name, const json_t *said, const json_t *here, FILE *out)
{
    if (!said) {
        char *text = value_text(here);
        fprintf(out, "%s: the file does not know %s; %s is taken\n", what, name, text);
        free(text);
    } else if (!here) {
        fprintf(out, "%s: there is no %s any more; it is left out\n", what, name);
    } else if (count_differing(said, here)) {
        char *one = value_text(said), *other = value_text(here);
        fprintf(out, "%s: %s is another one; %s in the file, %s here\n", what, name, one, other);
        free(one);
        free(other);
    }
}

static void explain_members(const char *what, const json_t *said, const json_t *here, FILE *out)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)here, name, value)
    {
        explain_member(what, name, json_object_get(said, name), value, out);
    }
    json_object_foreach((json_t *)(uintptr_t)said, name, value)
    {
        if (!json_object_get(here, name))
            explain_member(what, name, value, NULL, out);
    }
}

static void explain_choices(const char *what, const json_t *line, const struct event *event, FILE *out)
{
    const size_t said = json_array_size(json_object_get(line, "choices"));

    if (said > event->choice_count)
        fprintf(out, "%s: its handler draws fewer choices than the file has; %u of %zu\n", what, event->choice_count,
                said);
    for (size_t i = said; i < event->choice_count; i++)
        fprintf(out, "%s: its handler draws a choice more than the file has; %u is taken\n", what, event->choices[i]);
}

void agreement_explain(const struct gs_run *run, const json_t *line, const struct event *event, FILE *out)
{
    json_t *here = line_of(run, event);
    const char *name = event->action == ACTION_START ? action_names[ACTION_START]
                       : event->message              ? run->model->events[event->type].name
                                                     : event_name(run, event);
    const json_t *said_index = json_object_get(line, "index"), *index = json_object_get(here, "index");

    explain_members(name, json_object_get(line, "message"), json_object_get(here, "message"), out);
    explain_members(name, json_object_get(line, "arguments"), json_object_get(here, "arguments"), out);
    if (!said_index != !index)
        explain_member(name, "index", said_index, index, out);
    explain_choices(name, line, event, out);
    json_decref(here);
}
