#include "properties/value.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum gs_value_kind gs_value_kind(gs_value value)
{
    return value.size == 0 ? GS_VALUE_UNKNOWN : (enum gs_value_kind)value.bytes[0];
}

bool gs_span_equal(gs_span a, gs_span b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.bytes, b.bytes, a.size) == 0);
}

int gs_span_compare(gs_span a, gs_span b)
{
    const size_t common = a.size < b.size ? a.size : b.size;
    const int order = common == 0 ? 0 : memcmp(a.bytes, b.bytes, common);
    if (order != 0)
        return order < 0 ? -1 : 1;
    return (a.size > b.size) - (a.size < b.size);
}

/* Takes a varint off the front; false if there is none, or one longer than it need be. */
static bool take_varint(gs_span *rest, uint64_t *number)
{
    *number = 0;
    for (size_t i = 0; i < rest->size && i < 10; i++) {
        const uint8_t byte = rest->bytes[i];
        if (i == 9 && byte > 1)
            return false;
        *number |= (uint64_t)(byte & 127) << (7 * i);
        if (byte < 128) {
            *rest = (gs_span){rest->bytes + i + 1, rest->size - i - 1};
            return byte != 0 || i == 0;
        }
    }
    return false;
}

/* Takes one value off the front, whatever is in it; false if there is no whole one. Lists in lists are bounded in depth
 * by the reader that made them; here a list's items are counted down in one loop. */
static bool take_value(gs_span *rest)
{
    for (uint64_t left = 1; left > 0; left--) {
        if (rest->size == 0)
            return false;
        const uint8_t kind = rest->bytes[0];
        uint64_t number = 0;
        *rest = (gs_span){rest->bytes + 1, rest->size - 1};
        if (kind >= GS_VALUE_INTEGER && !take_varint(rest, &number))
            return false;
        if (kind == GS_VALUE_TEXT) {
            if (number > rest->size)
                return false;
            *rest = (gs_span){rest->bytes + number, rest->size - number};
        } else if (kind == GS_VALUE_LIST) {
            if (number > rest->size)
                return false;
            left += number;
        } else if (kind < GS_VALUE_NIL || kind > GS_VALUE_LIST) {
            return false;
        }
    }
    return true;
}

static uint64_t number_of(gs_value value, gs_span *rest)
{
    uint64_t number = 0;
    *rest = (gs_span){value.bytes + 1, value.size - 1};
    return take_varint(rest, &number) ? number : 0;
}

int64_t gs_value_integer(gs_value value)
{
    gs_span rest;
    if (gs_value_kind(value) != GS_VALUE_INTEGER)
        return 0;
    const uint64_t zigzag = number_of(value, &rest);
    return (int64_t)((zigzag >> 1) ^ (0 - (zigzag & 1)));
}

gs_span gs_value_text(gs_value value)
{
    gs_span rest = {NULL, 0};
    if (gs_value_kind(value) == GS_VALUE_TEXT)
        number_of(value, &rest);
    return rest;
}

bool gs_value_is_text(gs_value value, const char *text)
{
    const gs_span bytes = gs_value_text(value);
    return gs_value_kind(value) == GS_VALUE_TEXT && bytes.size == strlen(text) &&
           memcmp(bytes.bytes, text, bytes.size) == 0;
}

size_t gs_value_count(gs_value value)
{
    gs_span rest;
    return gs_value_kind(value) == GS_VALUE_LIST ? (size_t)number_of(value, &rest) : 0;
}

gs_span gs_list_items(gs_value list)
{
    gs_span rest = {NULL, 0};
    if (gs_value_kind(list) == GS_VALUE_LIST)
        number_of(list, &rest);
    return rest;
}

bool gs_next(gs_span *rest, gs_value *item)
{
    const gs_span before = *rest;
    if (!take_value(rest)) {
        *rest = (gs_span){NULL, 0};
        return false;
    }
    *item = (gs_value){before.bytes, before.size - rest->size};
    return true;
}

bool gs_value_is_valid(gs_value value)
{
    return take_value(&value) && value.size == 0;
}

/* ---- Writing */

void gs_put(struct gs_buffer *buffer, gs_span bytes)
{
    if (bytes.size > 0 && buffer->size <= buffer->capacity && bytes.size <= buffer->capacity - buffer->size)
        memcpy(buffer->bytes + buffer->size, bytes.bytes, bytes.size);
    buffer->size += bytes.size;
}

void gs_put_byte(struct gs_buffer *buffer, uint8_t byte)
{
    gs_put(buffer, (gs_span){&byte, 1});
}

static void put_tagged(struct gs_buffer *buffer, enum gs_value_kind kind, uint64_t number)
{
    uint8_t bytes[GS_INTEGER_BYTES] = {(uint8_t)kind};
    size_t size = 1;
    for (; number >= 128; number >>= 7)
        bytes[size++] = (uint8_t)(number | 128);
    bytes[size++] = (uint8_t)number;
    gs_put(buffer, (gs_span){bytes, size});
}

void gs_put_integer(struct gs_buffer *buffer, int64_t integer)
{
    put_tagged(buffer, GS_VALUE_INTEGER, ((uint64_t)integer << 1) ^ (integer < 0 ? UINT64_MAX : 0));
}

void gs_put_text_head(struct gs_buffer *buffer, size_t size)
{
    put_tagged(buffer, GS_VALUE_TEXT, size);
}

void gs_put_text(struct gs_buffer *buffer, const char *text, size_t size)
{
    gs_put_text_head(buffer, size);
    gs_put(buffer, (gs_span){(const uint8_t *)text, size});
}

void gs_put_list(struct gs_buffer *buffer, size_t count)
{
    put_tagged(buffer, GS_VALUE_LIST, count);
}

gs_value gs_integer(int64_t integer, uint8_t *storage)
{
    struct gs_buffer buffer = {storage, 0, GS_INTEGER_BYTES};
    gs_put_integer(&buffer, integer);
    return gs_written(&buffer);
}

gs_span gs_written(const struct gs_buffer *buffer)
{
    return (gs_span){buffer->bytes, buffer->size};
}

/* ---- For people */

void gs_print(struct gs_buffer *buffer, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    if (length > 0)
        gs_put(buffer,
               (gs_span){(const uint8_t *)text, (size_t)length < sizeof(text) ? (size_t)length : sizeof(text) - 1});
}

/* Takes a character of UTF-8 off the front; false: there is none. */
static bool take_character(gs_span *rest, uint32_t *character)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const uint8_t head = rest->bytes[0];
    const size_t size = head < 0x80 ? 1 : (head & 0xe0) == 0xc0 ? 2 : (head & 0xf0) == 0xe0 ? 3 : 4;
    if (size > rest->size || (head & 0xf8) > 0xf0 || (head & 0xc0) == 0x80)
        return false;
    *character = size == 1 ? head : head & (0x7fu >> size);
    for (size_t i = 1; i < size; i++) {
        if ((rest->bytes[i] & 0xc0) != 0x80)
            return false;
        *character = *character << 6 | (rest->bytes[i] & 0x3f);
    }
    if (*character < least[size] || *character > 0x10ffff || (*character >= 0xd800 && *character < 0xe000))
        return false;
    *rest = (gs_span){rest->bytes + size, rest->size - size};
    return true;
}

static void print_character(struct gs_buffer *buffer, uint32_t character)
{
    if (character == '"' || character == '\\')
        gs_put_byte(buffer, '\\');
    if (character >= ' ' && character <= '~')
        gs_put_byte(buffer, (uint8_t)character);
    else if (character < 0x10000)
        gs_print(buffer, "\\u%04x", (unsigned)character);
    else
        gs_print(buffer, "\\u%04x\\u%04x", (unsigned)(0xd7c0 + (character >> 10)),
                 (unsigned)(0xdc00 + (character & 0x3ff)));
}

void gs_print_text(struct gs_buffer *buffer, gs_span text)
{
    gs_put_byte(buffer, '"');
    while (text.size > 0) {
        uint32_t character;
        if (!take_character(&text, &character)) {
            character = text.bytes[0];
            text = (gs_span){text.bytes + 1, text.size - 1};
        }
        print_character(buffer, character);
    }
    gs_put_byte(buffer, '"');
}

static void print_scalar(struct gs_buffer *buffer, gs_value value)
{
    static const char *const words[] = {"?", "null", "false", "true"};
    switch (gs_value_kind(value)) {
    case GS_VALUE_INTEGER:
        gs_print(buffer, "%lld", (long long)gs_value_integer(value));
        return;
    case GS_VALUE_TEXT:
        gs_print_text(buffer, gs_value_text(value));
        return;
    default:
        gs_print(buffer, "%s", words[gs_value_kind(value)]);
    }
}

void gs_print_value(struct gs_buffer *buffer, gs_value value)
{
    if (gs_value_kind(value) != GS_VALUE_LIST) {
        print_scalar(buffer, value);
        return;
    }
    gs_span rest = gs_list_items(value);
    const char *before = "[";
    for (gs_value item; gs_next(&rest, &item); before = ",") {
        gs_print(buffer, "%s", before);
        gs_print_value(buffer, item);
    }
    gs_print(buffer, *before == '[' ? "[]" : "]");
}
