/* No parser of values: the events that are possible are printed, and the texts compared. */
#include "traces/event_text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "core/die.h"
#include "core/fields.h"
#include "traces/line.h"

static const char start_word[] = "start ", choosing[] = " choosing ";

/* A text taken apart. */
struct wanted {
    const struct world *world;
    char *text; /* without the choices; owned */
    struct event choices;
    struct event *event;
    bool by_meaning, is_found;
};

__attribute__((format(printf, 3, 4))) static bool refuse(char *error, size_t error_size, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(error, error_size, format, arguments);
    va_end(arguments);
    return false;
}

/* ---- Choices ---- */

/* "1, 0" to the end. */
static bool read_choices(const char *text, struct event *event)
{
    for (event->choice_count = 0; event->choice_count < GS_CHOICES_MAX;) {
        char *end;
        const unsigned long choice = strtoul(text, &end, 10);
        if (*text < '0' || *text > '9' || choice > UINT16_MAX)
            return false;
        event->choices[event->choice_count++] = (uint16_t)choice;
        if (!*end)
            return true;
        if (end[0] != ',' || end[1] != ' ')
            return false;
        text = end + 2;
    }
    return false;
}

/* Cuts the choices off. What looks like them without being some is left: a name may hold anything. */
static void take_choices(char *text, struct event *choices)
{
    char *last = NULL;

    for (char *at = strstr(text, choosing); at; at = strstr(at + 1, choosing))
        last = at;
    if (last && read_choices(last + strlen(choosing), choices))
        *last = '\0';
    else
        choices->choice_count = 0;
}

/* ---- Members of a message, by meaning ---- */

/* Length of the value that text begins with: up to a comma, or the closing brace, outside of brackets. */
static size_t value_length(const char *text)
{
    int depth = 0;
    size_t length = 0;

    for (; text[length]; length++) {
        const char c = text[length];
        if (depth == 0 && ((c == ',' && text[length + 1] == ' ') || (c == '}' && !text[length + 1])))
            break;
        depth += (c == '[' || c == '{' || c == '(') - (c == ']' || c == '}' || c == ')');
    }
    return length;
}

static bool type_uses(const struct gs_event_type *type, const char *name, size_t length)
{
    for (int i = 0; i < GS_MESSAGE_FIELDS_MAX && type->fields[i]; i++)
        if (strlen(type->fields[i]) == length && strncmp(type->fields[i], name, length) == 0)
            return true;
    return false;
}

/* Has the message this value in the member of that name (or no such member)? */
static bool member_agrees(const struct gs_run *run, const uint8_t *message, const char *name, size_t name_length,
                          const char *value, size_t length)
{
    struct line line;

    if (!type_uses(&run->model->events[message[0]], name, name_length))
        return true;
    char *owned = strndup(name, name_length);
    must(owned != NULL);
    line_begin(&line);
    field_print(run, run->model->message_fields, fields_find(run->model->message_fields, owned), message, line.stream);
    char *here = line_take(&line);
    const bool agrees = strlen(here) == length && strncmp(here, value, length) == 0;
    free(here);
    free(owned);
    return agrees;
}

/* members: "term 1, granted true}". */
static bool members_agree(const struct gs_run *run, const uint8_t *message, const char *members)
{
    while (*members && *members != '}') {
        const size_t name = strcspn(members, " ");
        const char *value = members + name + (members[name] == ' ');
        const size_t length = value_length(value);
        if (!member_agrees(run, message, members, name, value, length))
            return false;
        members = value + length;
        members += strspn(members, ", ");
    }
    return true;
}

/* ---- The events that are possible ---- */

static bool is_meant(const struct wanted *wanted, const struct event *event, const char *text)
{
    const size_t head = strcspn(text, "{"), wanted_head = strcspn(wanted->text, "{");

    if (!wanted->by_meaning)
        return strcmp(text, wanted->text) == 0;
    /* A type without members has no brace, nor the blank before it. */
    const size_t length = head - (head && text[head - 1] == ' ');
    const size_t wanted_length = wanted_head - (wanted_head && wanted->text[wanted_head - 1] == ' ');
    return event->message && length == wanted_length && strncmp(text, wanted->text, length) == 0 &&
           (!wanted->text[wanted_head] ||
            members_agree(wanted->world->run, event->message, wanted->text + wanted_head + 1));
}

static void compare(void *context, const struct event *event)
{
    struct wanted *wanted = context;
    struct line line;

    if (wanted->is_found)
        return;
    line_begin(&line);
    event_print(wanted->world->run, event, line.stream);
    char *text = line_take(&line);
    if (is_meant(wanted, event, text)) {
        wanted->is_found = true;
        *wanted->event = *event;
        wanted->event->choice_count = wanted->choices.choice_count;
        memcpy(wanted->event->choices, wanted->choices.choices, sizeof(wanted->choices.choices));
    }
    free(text);
}

/* ---- Names that do not exist ---- */

static bool find_node(const struct gs_run *run, const char *name, size_t length, gs_node *node)
{
    for (unsigned n = 0; n < run->node_count; n++)
        if (strlen(run->nodes[n].name) == length && strncmp(run->nodes[n].name, name, length) == 0) {
            *node = node_of(n);
            return true;
        }
    return false;
}

static bool node_exists(const struct gs_run *run, const char *name, size_t length, char *error, size_t error_size)
{
    gs_node node;

    return find_node(run, name, length, &node) ||
           refuse(error, error_size, "there is no node '%.*s'", (int)length, name);
}

/* name ends at a blank. */
static bool type_exists(const struct gs_run *run, const char *name, int kind, char *error, size_t error_size)
{
    static const char *const kinds[] = {[GS_MESSAGE] = "message", [GS_TIMER] = "timer", [GS_LOCAL] = "local event"};
    const size_t length = strcspn(name, " ");

    for (unsigned t = 0; t < run->event_count; t++) {
        const struct gs_event_type *type = &run->model->events[t];
        if (type->kind == kind && strlen(type->name) == length && strncmp(type->name, name, length) == 0)
            return true;
    }
    return refuse(error, error_size, "there is no %s '%.*s'", kinds[kind], (int)length, name);
}

static bool starts_with(const char *text, const char *word)
{
    return strncmp(text, word, strlen(word)) == 0;
}

/* All names in "server0, server1": of a crash, or what is between the braces of a partition. */
static bool nodes_exist(const struct gs_run *run, const char *list, char *error, size_t error_size)
{
    static const char between[] = " ,{}|";

    for (list += strspn(list, between); *list; list += strspn(list, between)) {
        const size_t length = strcspn(list, between);
        if (!node_exists(run, list, length, error, error_size))
            return false;
        list += length;
    }
    return true;
}

static bool names_exist(const struct gs_run *run, const char *text, char *error, size_t error_size)
{
    static const char *const faults[] = {"crash ", "restart ", "reboot ", "partition "};

    for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++)
        if (starts_with(text, faults[i]))
            return nodes_exist(run, text + strlen(faults[i]), error, error_size);
    if (strcmp(text, "heal") == 0)
        return true;
    text += starts_with(text, "drop ") ? strlen("drop ") : starts_with(text, "duplicate ") ? strlen("duplicate ") : 0;
    const char *colon = strstr(text, ": "), *arrow = strstr(text, " -> ");
    if (!colon)
        return refuse(error, error_size, "this is not the text of an event");
    if (arrow && arrow < colon)
        return node_exists(run, text, (size_t)(arrow - text), error, error_size) &&
               node_exists(run, arrow + 4, (size_t)(colon - arrow) - 4, error, error_size) &&
               type_exists(run, colon + 2, GS_MESSAGE, error, error_size);
    if (!node_exists(run, text, (size_t)(colon - text), error, error_size))
        return false;
    if (starts_with(colon + 2, "timer "))
        return type_exists(run, colon + 2 + strlen("timer "), GS_TIMER, error, error_size);
    return type_exists(run, colon + 2, GS_LOCAL, error, error_size);
}

/* ---- Reading ---- */

enum event_found event_find(const struct world *world, const char *text, struct event *event, char *error,
                            size_t error_size)
{
    struct wanted wanted = {.world = world, .text = strdup(text), .event = event};

    must(wanted.text != NULL);
    error[0] = '\0';
    take_choices(wanted.text, &wanted.choices);
    world_visit(world, compare, &wanted);
    wanted.by_meaning = true;
    if (!wanted.is_found)
        world_visit(world, compare, &wanted);
    const bool is_known = wanted.is_found || names_exist(world->run, wanted.text, error, error_size);
    free(wanted.text);
    return wanted.is_found ? EVENT_FOUND : is_known ? EVENT_IMPOSSIBLE : EVENT_UNKNOWN;
}

bool event_text_is_start(const char *text)
{
    return starts_with(text, start_word);
}

bool event_read_start(const struct gs_run *run, const char *text, struct event *event, char *error, size_t error_size)
{
    char *copy = strdup(text);

    must(copy != NULL);
    *event = (struct event){.action = ACTION_START};
    take_choices(copy, event);
    const char *name = copy + strlen(start_word);
    bool is_fine = find_node(run, name, strlen(name), &event->node);
    if (!is_fine)
        refuse(error, error_size, "there is no node '%s'", name);
    else if (!run_role_of(run, node_number(event->node))->starts)
        is_fine = refuse(error, error_size, "%s gets no start", name);
    free(copy);
    return is_fine;
}
