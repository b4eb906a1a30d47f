/* A file is taken apart into lines, one to four of them are changed as text or as JSON, then numbers and digest are
 * mended. Every eighth file is not mended, and every eighth is changed as bytes alone. */
#include "tests/fuzz_inputs/json_lines_mutator.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "core/die.h"
#include "traces/json_trace.h"

enum { LINES_MAX = 200, CHANGES_MAX = 4, GROWTH = 256, KEY_SIZE = 200 };

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t size_max);

struct document {
    char *lines[LINES_MAX]; /* owned, without their newlines */
    size_t count;
    uint64_t random; /* the state of the generator */
};

/* xorshift64*: a seed has to give the same file again. */
static size_t draw(struct document *document, size_t limit)
{
    uint64_t *random = &document->random;
    *random ^= *random >> 12;
    *random ^= *random << 25;
    *random ^= *random >> 27;
    return (size_t)((*random * UINT64_C(2685821657736338717)) >> 33) % limit;
}

static void split(struct document *document, const uint8_t *data, size_t size)
{
    const char *rest = (const char *)data, *end = rest + size;
    while (rest < end && document->count < LINES_MAX) {
        const char *newline = memchr(rest, '\n', (size_t)(end - rest));
        const char *line_end = newline ? newline : end;
        document->lines[document->count++] = strndup(rest, (size_t)(line_end - rest));
        rest = line_end + 1;
    }
}

static void set_line(struct document *document, size_t line, char *text)
{
    free(document->lines[line]);
    document->lines[line] = text;
}

static json_t *parse_line(const struct document *document, size_t line)
{
    return json_loads(document->lines[line], 0, NULL);
}

static void set_json(struct document *document, size_t line, json_t *json)
{
    char *text = json_dumps(json, JSON_COMPACT);
    if (text)
        set_line(document, line, text);
    json_decref(json);
}

/* ---- Whole lines ---- */

static void remove_line(struct document *document)
{
    const size_t line = draw(document, document->count);
    free(document->lines[line]);
    memmove(document->lines + line, document->lines + line + 1, (--document->count - line) * sizeof(char *));
}

static void repeat_line(struct document *document)
{
    const size_t from = draw(document, document->count), to = draw(document, document->count);
    if (document->count == LINES_MAX)
        return;
    char *copy = strdup(document->lines[from]);
    memmove(document->lines + to + 1, document->lines + to, (document->count++ - to) * sizeof(char *));
    document->lines[to] = copy;
}

static void swap_lines(struct document *document)
{
    const size_t one = draw(document, document->count), other = draw(document, document->count);
    char *line = document->lines[one];
    document->lines[one] = document->lines[other];
    document->lines[other] = line;
}

static void change_text(struct document *document)
{
    const size_t line = draw(document, document->count), length = strlen(document->lines[line]);
    char *text = die_alloc(length + GROWTH + 1);
    memcpy(text, document->lines[line], length);
    text[LLVMFuzzerMutate((uint8_t *)text, length, length + GROWTH)] = '\0';
    set_line(document, line, text);
}

/* ---- Values ---- */

/* Where a value stands. */
struct slot {
    json_t *outer;
    char key[KEY_SIZE]; /* of an object */
    size_t index;       /* of an array */
};

/* A slot somewhere in `json`, and what stands in it (borrowed); NULL: there is none. */
static json_t *find_slot(struct document *document, json_t *json, struct slot *slot)
{
    const size_t size = json_object_size(json) + json_array_size(json); /* one of them is 0 */
    if (!size)
        return NULL;
    slot->outer = json;
    slot->index = draw(document, size);
    if (json_is_object(json)) {
        void *member = json_object_iter(json);
        for (size_t i = 0; i < slot->index; i++)
            member = json_object_iter_next(json, member);
        snprintf(slot->key, sizeof(slot->key), "%s", json_object_iter_key(member));
    }
    json_t *value = json_is_object(json) ? json_object_get(json, slot->key) : json_array_get(json, slot->index);
    struct slot inner;
    json_t *deeper = draw(document, 4) ? find_slot(document, value, &inner) : NULL;
    if (deeper)
        *slot = inner;
    return deeper ? deeper : value;
}

static json_t *nested(size_t depth)
{
    json_t *json = json_array();
    while (depth--) {
        json_t *outer = json_array();
        json_array_append_new(outer, json);
        json = outer;
    }
    return json;
}

static json_t *make_value(struct document *document)
{
    static const json_int_t numbers[] = {0,     1,         2,         3,          4,
                                         -1,    -2,        8,         63,         64,
                                         127,   128,       255,       256,        65535,
                                         65536, INT32_MAX, INT32_MIN, 100,        1 << 20,
                                         1000,  INT64_MAX, INT64_MIN, UINT32_MAX, INT64_C(1) << 53};
    static const char *const texts[] = {
        "",        "18446744073709551615", "9223372036854775808", "0123456789abcdef", "server0",
        "servers", "\n\x1b[31m",           "\xf0\x9f\x92\xa5"};
    switch (draw(document, 8)) {
    case 0:
        return json_null();
    case 1:
        return json_boolean(draw(document, 2));
    case 2:
        return draw(document, 2) ? json_array() : json_object();
    case 3:
        return nested(draw(document, 64));
    case 4:
        return json_real(0.5);
    case 5:
        return json_string(texts[draw(document, sizeof(texts) / sizeof(*texts))]);
    default:
        return json_integer(numbers[draw(document, sizeof(numbers) / sizeof(*numbers))]);
    }
}

/* A copy of a value from elsewhere in the file: names of nodes and messages get to where they do not belong. */
static json_t *borrow_value(struct document *document)
{
    struct slot slot;
    json_t *json = parse_line(document, draw(document, document->count));
    json_t *value = json_deep_copy(find_slot(document, json, &slot));
    json_decref(json);
    return value ? value : make_value(document);
}

/* Releases the value. */
static void put_value(struct document *document, const struct slot *slot, json_t *value)
{
    static const char *const keys[] = {"index", "arguments", "choices", "misbehaved", "sent",     "changes",
                                       "start", "nodes",     "node",    "monitors",   "timeouts", "plugin"};
    if (!json_is_object(slot->outer))
        draw(document, 2) ? json_array_insert_new(slot->outer, slot->index, value)
                          : json_array_set_new(slot->outer, slot->index, value);
    else if (draw(document, 4))
        json_object_set_new(slot->outer, slot->key, value);
    else
        json_object_set_new(slot->outer, keys[draw(document, sizeof(keys) / sizeof(*keys))], value);
}

static void remove_value(const struct slot *slot)
{
    if (json_is_object(slot->outer))
        json_object_del(slot->outer, slot->key);
    else
        json_array_remove(slot->outer, slot->index);
}

static void change_value(struct document *document)
{
    struct slot slot;
    const size_t line = draw(document, document->count);
    json_t *json = parse_line(document, line);
    if (!find_slot(document, json, &slot)) {
        json_decref(json);
        return;
    }
    const size_t how = draw(document, 5);
    if (how == 0)
        remove_value(&slot);
    else
        put_value(document, &slot, how < 3 ? make_value(document) : borrow_value(document));
    set_json(document, line, json);
}

/* ---- The whole ---- */

static void change(struct document *document)
{
    static void (*const changes[])(struct document *) = {remove_line,  repeat_line,  swap_lines,   change_text,
                                                         change_value, change_value, change_value, change_value};
    if (document->count)
        changes[draw(document, sizeof(changes) / sizeof(*changes))](document);
}

/* Steps count from 1. Returns how many there are. */
static size_t number_steps(struct document *document)
{
    size_t steps = 0;
    for (size_t line = 1; line + 1 < document->count; line++) {
        json_t *json = parse_line(document, line);
        if (json_object_get(json, "step")) {
            json_object_set_new(json, "step", json_integer((json_int_t)++steps));
            set_json(document, line, json);
        } else {
            json_decref(json);
        }
    }
    return steps;
}

static size_t join(const struct document *document, size_t count, uint8_t *data, size_t size_max)
{
    size_t size = 0;
    for (size_t line = 0; line < count; line++) {
        const size_t length = strlen(document->lines[line]);
        if (size + length + 1 > size_max)
            break;
        memcpy(data + size, document->lines[line], length);
        size += length;
        data[size++] = '\n';
    }
    return size;
}

/* Uses data as scratch space. */
static void mend(struct document *document, uint8_t *data, size_t size_max)
{
    char digest[TRACE_DIGEST_SIZE];
    const size_t steps = number_steps(document), last = document->count - 1;
    json_t *end = parse_line(document, last);
    if (!json_is_object(end)) {
        json_decref(end);
        return;
    }
    json_trace_digest_text(json_trace_digest(data, join(document, last, data, size_max)), digest);
    json_object_set_new(end, "steps", json_integer((json_int_t)steps));
    json_object_set_new(end, "digest", json_string(digest));
    if (draw(document, 8) == 0)
        json_object_del(end, "digest");
    set_json(document, last, end);
}

size_t json_lines_mutate(uint8_t *data, size_t size, size_t size_max, unsigned seed)
{
    struct document document = {.random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1};
    if (draw(&document, 8) == 0)
        return LLVMFuzzerMutate(data, size, size_max);
    split(&document, data, size);
    for (size_t i = draw(&document, CHANGES_MAX) + 1; i; i--)
        change(&document);
    if (document.count && draw(&document, 8))
        mend(&document, data, size_max);
    const size_t changed = join(&document, document.count, data, size_max);
    for (size_t line = 0; line < document.count; line++)
        free(document.lines[line]);
    return changed;
}
