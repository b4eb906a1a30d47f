/* JSON Lines: one event a line, as docs/histories.md describes. */
#include <stdlib.h>
#include <string.h>

#include "cli/history_read.h"
#include "core/bytes.h"
#include "core/die.h"

enum { DEPTH_MAX = 32 };

/* ---- Values */

static void put_bytes(struct bytes *encoded, const struct gs_buffer *buffer)
{
    bytes_append(encoded, buffer->bytes, buffer->size);
}

static void put_integer(struct bytes *encoded, int64_t integer)
{
    uint8_t storage[GS_INTEGER_BYTES];
    const gs_value value = gs_integer(integer, storage);
    bytes_append(encoded, value.bytes, value.size);
}

static void put_text(struct bytes *encoded, const char *text, size_t size)
{
    uint8_t storage[GS_INTEGER_BYTES];
    struct gs_buffer head = {storage, 0, sizeof(storage)};
    gs_put_text_head(&head, size);
    put_bytes(encoded, &head);
    bytes_append(encoded, text, size);
}

static void put_list(struct bytes *encoded, size_t count)
{
    uint8_t storage[GS_INTEGER_BYTES];
    struct gs_buffer head = {storage, 0, sizeof(storage)};
    gs_put_list(&head, count);
    put_bytes(encoded, &head);
}

static bool put_json(const json_t *json, struct bytes *encoded, int depth);

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool put_object(const json_t *json, struct bytes *encoded, int depth)
{
    const char **names = die_alloc(json_object_size(json) * sizeof(*names)), *name;
    size_t count = 0;
    json_t *value;
    bool is_good = true;
    json_object_foreach((json_t *)json, name, value) names[count++] = name;
    qsort(names, count, sizeof(*names), by_name);
    put_list(encoded, count);
    for (size_t i = 0; i < count && is_good; i++) {
        put_list(encoded, 2);
        put_text(encoded, names[i], strlen(names[i]));
        is_good = put_json(json_object_get(json, names[i]), encoded, depth + 1);
    }
    free(names);
    return is_good;
}

static bool put_array(const json_t *json, struct bytes *encoded, int depth)
{
    size_t i;
    json_t *item;
    put_list(encoded, json_array_size(json));
    json_array_foreach(json, i, item) if (!put_json(item, encoded, depth + 1)) return false;
    return true;
}

static bool put_json(const json_t *json, struct bytes *encoded, int depth)
{
    if (depth > DEPTH_MAX)
        return false;
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        return put_object(json, encoded, depth);
    case JSON_ARRAY:
        return put_array(json, encoded, depth);
    case JSON_STRING:
        put_text(encoded, json_string_value(json), json_string_length(json));
        return true;
    case JSON_INTEGER:
        put_integer(encoded, json_integer_value(json));
        return true;
    case JSON_REAL:
        return false;
    default: {
        const gs_value word = json_is_null(json) ? GS_NIL : json_is_true(json) ? GS_TRUE : GS_FALSE;
        bytes_append(encoded, word.bytes, word.size);
        return true;
    }
    }
}

bool history_value_from_json(const json_t *json, struct bytes *encoded)
{
    return put_json(json, encoded, 0);
}

/* ---- Lines */

struct jsonl_reader {
    struct recorded_file *file;
    struct bytes key, value; /* of the line, encoded */
    size_t line;
    json_int_t time; /* of the line before */
    bool has_time;
};

static bool read_type(struct jsonl_reader *reader, const json_t *json, struct history_event *event)
{
    const char *type = json_string_value(json);
    for (int i = 0; type != NULL && i < EVENT_TYPES; i++)
        if (strcmp(type, event_type_names[i]) == 0) {
            event->type = (enum event_type)i;
            return true;
        }
    if (type == NULL)
        return recorded_file_refuse(reader->file, reader->line, "\"type\" is missing: invoke, ok, fail or info");
    return recorded_file_refuse(reader->file, reader->line, "\"type\" is '%.60s': it is one of invoke, ok, fail, info",
                                type);
}

/* Lines are in real-time order; a time that says otherwise is not to be guessed about. */
static bool read_time(struct jsonl_reader *reader, const json_t *json)
{
    if (json == NULL)
        return true;
    if (!json_is_integer(json))
        return recorded_file_refuse(reader->file, reader->line, "\"time\" is not an integer");
    if (reader->has_time && json_integer_value(json) <= reader->time)
        return recorded_file_refuse(reader->file, reader->line,
                                    "\"time\" %lld is not after %lld, that of the line before: sort the lines by time",
                                    (long long)json_integer_value(json), (long long)reader->time);
    reader->has_time = true;
    reader->time = json_integer_value(json);
    return true;
}

static bool read_value(struct jsonl_reader *reader, const char *name, const json_t *json, struct bytes *encoded,
                       gs_value *value)
{
    encoded->size = 0;
    if (json == NULL || json_is_null(json)) {
        *value = GS_NIL;
        return true;
    }
    if (!history_value_from_json(json, encoded))
        return recorded_file_refuse(reader->file, reader->line,
                                    "\"%s\" holds a number that is no integer, or lists more than %d deep: write such "
                                    "a number as a string",
                                    name, DEPTH_MAX);
    *value = (gs_value){encoded->data, encoded->size};
    return true;
}

static bool read_event(struct jsonl_reader *reader, const json_t *json)
{
    struct history_event event = {.line = reader->line};
    const json_t *client = json_object_get(json, "client");
    event.function = json_string_value(json_object_get(json, "op"));
    if (!json_is_integer(client))
        return recorded_file_refuse(reader->file, reader->line, "\"client\" is missing or not an integer");
    if (event.function == NULL)
        return recorded_file_refuse(reader->file, reader->line, "\"op\" is missing: the operation's name");
    event.client = json_integer_value(client);
    return read_type(reader, json_object_get(json, "type"), &event) &&
           read_time(reader, json_object_get(json, "time")) &&
           read_value(reader, "key", json_object_get(json, "key"), &reader->key, &event.key) &&
           read_value(reader, "value", json_object_get(json, "value"), &reader->value, &event.value) &&
           recorded_file_add(reader->file, &event);
}

static bool is_blank(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (!strchr(" \t\r", text[i]) || text[i] == '\0')
            return false;
    return true;
}

static bool read_line(struct jsonl_reader *reader, const char *text, size_t size)
{
    json_error_t error;
    if (is_blank(text, size))
        return true;
    json_t *json = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
    if (json == NULL)
        return recorded_file_refuse(reader->file, reader->line, "not JSON: %s (column %d)", error.text, error.column);
    const bool is_good = json_is_object(json)
                             ? read_event(reader, json)
                             : recorded_file_refuse(reader->file, reader->line,
                                                    "not an object {\"client\":...,\"type\":...,\"op\":...}");
    json_decref(json);
    return is_good;
}

bool history_read_jsonl(char *text, size_t size, struct recorded_file *file)
{
    struct jsonl_reader reader = {.file = file, .line = 1};
    bool is_good = true;
    for (const char *line = text, *end = text + size; line < end && is_good; reader.line++) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        const size_t length = (size_t)((newline != NULL ? newline : end) - line);
        is_good = read_line(&reader, line, length);
        line += length + 1;
    }
    bytes_free(&reader.key);
    bytes_free(&reader.value);
    return is_good;
}
