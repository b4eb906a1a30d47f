/* The EDN in which Jepsen and Knossos keep histories: maps, in a vector or list or one after the other. What a process
 * does that is no integer (:nemesis) is no operation. An `:ok :read nil` says nothing of what was read. */
#include <string.h>

#include "cli/edn.h"
#include "cli/history_read.h"

struct edn_event {
    struct bytes text; /* of the whole map, encoded: a list of [KEY, VALUE] */
    gs_value process, type, function, key, value;
};

static gs_value *member(struct edn_event *event, gs_value name)
{
    const struct {
        const char *name;
        gs_value *value;
    } members[] = {{"process", &event->process}, {"type", &event->type},   {"f", &event->function},
                   {"key", &event->key},         {"value", &event->value}, {NULL, NULL}};
    for (size_t i = 0; members[i].name != NULL; i++)
        if (gs_value_is_text(name, members[i].name))
            return members[i].value;
    return NULL;
}

static void take_members(struct edn_event *event)
{
    gs_span rest = gs_list_items((gs_value){event->text.data, event->text.size});
    event->process = event->type = event->function = GS_UNKNOWN;
    event->key = event->value = GS_NIL;
    for (gs_value pair; gs_next(&rest, &pair);) {
        gs_span items = gs_list_items(pair);
        gs_value name, value;
        gs_value *place = gs_next(&items, &name) && gs_next(&items, &value) ? member(event, name) : NULL;
        if (place != NULL)
            *place = value;
    }
}

/* What Jepsen's own tests call the operations of queues. */
static const char *function_name(gs_value function, char *name, size_t size)
{
    const gs_span text = gs_value_text(function);
    const size_t length = text.size < size ? text.size : size - 1;
    if (length > 0)
        memcpy(name, text.bytes, length);
    name[length] = '\0';
    return strcmp(name, "enqueue") == 0 ? "enq" : strcmp(name, "dequeue") == 0 ? "deq" : name;
}

static bool add_event(struct recorded_file *file, const struct edn_event *event, size_t line)
{
    char name[64];
    struct history_event added = {.line = line, .key = event->key, .value = event->value};
    if (gs_value_kind(event->process) != GS_VALUE_INTEGER)
        return gs_value_kind(event->process) != GS_VALUE_UNKNOWN ||
               recorded_file_refuse(file, line, "a map without :process");
    added.client = gs_value_integer(event->process);
    added.function = function_name(event->function, name, sizeof(name));
    while (added.type < EVENT_TYPES && !gs_value_is_text(event->type, event_type_names[added.type]))
        added.type++;
    if (added.type == EVENT_TYPES)
        return recorded_file_refuse(file, line, ":type is missing, or none of :invoke, :ok, :fail, :info");
    if (gs_value_kind(event->function) != GS_VALUE_TEXT)
        return recorded_file_refuse(file, line, ":f is missing: the operation's name");
    added.is_unconstrained =
        added.type == EVENT_OK && strcmp(added.function, "read") == 0 && gs_value_kind(event->value) == GS_VALUE_NIL;
    return recorded_file_add(file, &added);
}

static bool read_map(struct edn *edn, struct recorded_file *file, struct edn_event *event)
{
    const size_t line = edn->line;
    event->text.size = 0;
    if (*edn->at != '{')
        return recorded_file_refuse(file, line, "a map {:process ..., :type ..., :f ..., :value ...} is missing here");
    if (!edn_read(edn, &event->text))
        return recorded_file_refuse(file, edn->line, "not EDN: %s", edn->fault);
    take_members(event);
    return add_event(file, event, line);
}

/* Maps up to the closing bracket, or (0) to the end. */
static bool read_maps(struct edn *edn, struct recorded_file *file, struct edn_event *event, char close)
{
    for (;;) {
        if (!edn_skip_tags(edn))
            return recorded_file_refuse(file, edn->line, "not EDN: %s", edn->fault);
        if (!edn_skip_space(edn))
            return close == '\0' ||
                   recorded_file_refuse(file, edn->line, "the file ends without '%c': is it whole?", close);
        if (close != '\0' && *edn->at == close) {
            edn->at++;
            return !edn_skip_space(edn) || recorded_file_refuse(file, edn->line, "more after the end of the history");
        }
        if (!read_map(edn, file, event))
            return false;
    }
}

bool history_read_edn(char *text, size_t size, struct recorded_file *file)
{
    struct edn edn = {.at = text, .end = text + size, .line = 1};
    struct edn_event event = {0};
    char close = '\0';
    if (!edn_skip_tags(&edn))
        return recorded_file_refuse(file, edn.line, "not EDN: %s", edn.fault);
    if (edn_skip_space(&edn) && (*edn.at == '[' || *edn.at == '('))
        close = *edn.at++ == '[' ? ']' : ')';
    const bool is_good = read_maps(&edn, file, &event, close);
    bytes_free(&event.text);
    return is_good;
}
