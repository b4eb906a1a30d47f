#include "cli/edn.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/die.h"
#include "properties/value.h"

enum { DEPTH_MAX = 32, TOKEN_MAX = 256 };

static bool fail(struct edn *edn, const char *fault)
{
    edn->fault = fault;
    return false;
}

static bool read_form(struct edn *edn, struct bytes *encoded, int depth);

static bool skip_discarded(struct edn *edn, int depth)
{
    struct bytes ignored = {0};
    edn->at += 2;
    const bool is_good = read_form(edn, &ignored, depth + 1);
    bytes_free(&ignored);
    return is_good;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',';
}

bool edn_skip_space(struct edn *edn)
{
    bool in_comment = false;
    for (; edn->at < edn->end; edn->at++) {
        if (*edn->at == '\n') {
            edn->line++;
            in_comment = false;
        } else if (*edn->at == ';') {
            in_comment = true;
        } else if (!in_comment && !is_space(*edn->at)) {
            return true;
        }
    }
    return false;
}

static bool is_delimiter(char c)
{
    return is_space(c) || c == '\0' || strchr("()[]{}\";", c) != NULL;
}

static size_t token_length(const struct edn *edn)
{
    const char *end = edn->at;
    while (end < edn->end && !is_delimiter(*end))
        end++;
    return (size_t)(end - edn->at);
}

static bool skip_tags(struct edn *edn, int depth)
{
    while (edn_skip_space(edn) && *edn->at == '#' && edn->at + 1 < edn->end && edn->at[1] != '{') {
        if (edn->at[1] == '_') {
            if (!skip_discarded(edn, depth))
                return false;
            continue;
        }
        const size_t length = token_length(edn);
        if (length < 2)
            return fail(edn, "a '#' without a tag");
        edn->at += length;
    }
    return true;
}

bool edn_skip_tags(struct edn *edn)
{
    return skip_tags(edn, 0);
}

/* ---- Encoding */

static void put_head(struct bytes *encoded, size_t start, enum gs_value_kind kind, size_t count)
{
    uint8_t storage[GS_INTEGER_BYTES];
    struct gs_buffer head = {storage, 0, sizeof(storage)};
    if (kind == GS_VALUE_LIST)
        gs_put_list(&head, count);
    else
        gs_put_text_head(&head, count);
    bytes_append(encoded, storage, head.size); /* makes room; what is encoded moves behind it */
    memmove(encoded->data + start + head.size, encoded->data + start, encoded->size - start - head.size);
    memcpy(encoded->data + start, storage, head.size);
}

static void put_text(struct bytes *encoded, const char *text, size_t size)
{
    const size_t start = encoded->size;
    bytes_append(encoded, text, size);
    put_head(encoded, start, GS_VALUE_TEXT, size);
}

static bool read_items(struct edn *edn, struct bytes *encoded, char close, size_t *count, int depth)
{
    for (*count = 0;; ++*count) {
        if (!skip_tags(edn, depth) || !edn_skip_space(edn))
            return fail(edn, edn->fault != NULL ? edn->fault : "the file ends inside of a list or map: is it whole?");
        if (*edn->at == close) {
            edn->at++;
            return true;
        }
        if (!read_form(edn, encoded, depth + 1))
            return false;
    }
}

static bool read_list(struct edn *edn, struct bytes *encoded, char close, int depth)
{
    const size_t start = encoded->size;
    size_t count;
    edn->at++;
    if (!read_items(edn, encoded, close, &count, depth))
        return false;
    put_head(encoded, start, GS_VALUE_LIST, count);
    return true;
}

/* An element of a set, or a pair of a map. */
struct part {
    gs_value key;
    gs_span all;
};

static int by_key(const void *a, const void *b)
{
    return gs_span_compare(((const struct part *)a)->key, ((const struct part *)b)->key);
}

/* The parts of a set (1 value each) or of a map (2), in the order of their keys: in whatever order they are written, it
 * is the same set or map. False: one is there twice. */
static bool sort_parts(gs_span items, size_t values, struct part *parts)
{
    size_t count = 0;
    for (gs_value key, value; gs_next(&items, &key); count++) {
        parts[count] = (struct part){key, key};
        if (values == 2 && gs_next(&items, &value))
            parts[count].all.size += value.size; /* stands behind its key */
    }
    qsort(parts, count, sizeof(*parts), by_key);
    for (size_t i = 1; i < count; i++)
        if (gs_span_equal(parts[i - 1].key, parts[i].key))
            return false;
    return true;
}

static void put_parts(struct bytes *encoded, const struct part *parts, size_t count, size_t values)
{
    const size_t start = encoded->size;
    for (size_t i = 0; i < count; i++) {
        const size_t part = encoded->size;
        bytes_append(encoded, parts[i].all.bytes, parts[i].all.size);
        if (values == 2)
            put_head(encoded, part, GS_VALUE_LIST, 2);
    }
    put_head(encoded, start, GS_VALUE_LIST, count);
}

/* A set becomes the list of its elements, a map the list of its [KEY, VALUE]. */
static bool read_parts(struct edn *edn, struct bytes *encoded, size_t values, int depth)
{
    struct bytes items = {0};
    size_t count;
    edn->at++;
    bool is_good = read_items(edn, &items, '}', &count, depth);
    if (is_good && count % values != 0)
        is_good = fail(edn, "a map with a key that has no value");
    if (is_good) {
        struct part *parts = die_alloc(count / values * sizeof(*parts));
        if (sort_parts((gs_span){items.data, items.size}, values, parts))
            put_parts(encoded, parts, count / values, values);
        else
            is_good = fail(edn, values == 2 ? "a map with a key twice" : "a set with an element twice");
        free(parts);
    }
    bytes_free(&items);
    return is_good;
}

static bool read_hex(const struct edn *edn, const char *at, uint32_t *code)
{
    char digits[5] = "", *end;
    if (edn->end - at < 4)
        return false;
    memcpy(digits, at, 4);
    *code = (uint32_t)strtoul(digits, &end, 16);
    return end == digits + 4 && strspn(digits, "0123456789abcdefABCDEF") == 4;
}

static void put_utf8(struct bytes *encoded, uint32_t code)
{
    char bytes[4];
    size_t size = 0;
    if (code < 0x80) {
        bytes[size++] = (char)code;
    } else {
        if (code >= 0x10000) {
            bytes[size++] = (char)(0xf0 | code >> 18);
            bytes[size++] = (char)(0x80 | (code >> 12 & 0x3f));
        } else if (code >= 0x800) {
            bytes[size++] = (char)(0xe0 | code >> 12);
        }
        bytes[size++] = (char)(code < 0x800 ? 0xc0 | code >> 6 : 0x80 | (code >> 6 & 0x3f));
        bytes[size++] = (char)(0x80 | (code & 0x3f));
    }
    bytes_append(encoded, bytes, size);
}

/* \uXXXX, or two of them that are the halves of one character, as Java has it. edn->at: the u, then the last digit. */
static bool read_code(struct edn *edn, struct bytes *encoded)
{
    uint32_t code, low;
    if (!read_hex(edn, edn->at + 1, &code))
        return fail(edn, "\\u without four digits");
    edn->at += 4;
    if (code >= 0xd800 && code < 0xdc00 && edn->end - edn->at > 2 && edn->at[1] == '\\' && edn->at[2] == 'u' &&
        read_hex(edn, edn->at + 3, &low) && low >= 0xdc00 && low < 0xe000) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        edn->at += 6;
    }
    put_utf8(encoded, code);
    return true;
}

/* edn->at: what stands behind the backslash. */
static bool read_escape(struct edn *edn, struct bytes *encoded)
{
    static const char names[] = "ntrbf\"\\", meant[] = "\n\t\r\b\f\"\\";
    const char *name = *edn->at != '\0' ? strchr(names, *edn->at) : NULL;
    if (*edn->at == 'u')
        return read_code(edn, encoded);
    if (name == NULL)
        return fail(edn, "a string with an escape that is none of \\n \\t \\r \\b \\f \\\" \\\\ \\uXXXX");
    bytes_append(encoded, &meant[name - names], 1);
    return true;
}

static bool read_string(struct edn *edn, struct bytes *encoded)
{
    const size_t start = encoded->size;
    for (edn->at++; edn->at < edn->end && *edn->at != '"'; edn->at++) {
        edn->line += *edn->at == '\n';
        if (*edn->at != '\\' || edn->at + 1 == edn->end)
            bytes_append(encoded, edn->at, 1);
        else if (edn->at++, !read_escape(edn, encoded))
            return false;
    }
    if (edn->at == edn->end)
        return fail(edn, "a string that does not end");
    edn->at++;
    put_head(encoded, start, GS_VALUE_TEXT, encoded->size - start);
    return true;
}

/* "12", "-3", "12N" */
static bool token_integer(const char *token, int64_t *integer)
{
    char *end;
    errno = 0;
    *integer = strtoll(token, &end, 10);
    return end > token && errno == 0 && (*end == '\0' || strcmp(end, "N") == 0);
}

static bool read_token(struct edn *edn, struct bytes *encoded)
{
    const size_t length = token_length(edn);
    char token[TOKEN_MAX];
    uint8_t storage[GS_INTEGER_BYTES];
    int64_t integer;
    if (length == 0 || length >= TOKEN_MAX)
        return fail(edn, length == 0 ? "a bracket or character that fits nothing" : "a name of more than 255 bytes");
    memcpy(token, edn->at, length);
    token[length] = '\0';
    edn->at += length;
    gs_value value = strcmp(token, "nil") == 0     ? GS_NIL
                     : strcmp(token, "true") == 0  ? GS_TRUE
                     : strcmp(token, "false") == 0 ? GS_FALSE
                                                   : GS_UNKNOWN;
    if (value.size == 0 && token_integer(token, &integer))
        value = gs_integer(integer, storage);
    if (value.size > 0)
        bytes_append(encoded, value.bytes, value.size);
    else
        put_text(encoded, token + (token[0] == ':'), length - (token[0] == ':'));
    return true;
}

static bool read_form(struct edn *edn, struct bytes *encoded, int depth)
{
    if (depth > DEPTH_MAX)
        return fail(edn, "nested more than 32 deep");
    if (!skip_tags(edn, depth))
        return false;
    if (!edn_skip_space(edn))
        return fail(edn, "the file ends where a value should be: is it whole?");
    switch (*edn->at) {
    case '(':
        return read_list(edn, encoded, ')', depth);
    case '[':
        return read_list(edn, encoded, ']', depth);
    case '{':
        return read_parts(edn, encoded, 2, depth);
    case '#': /* only #{ is left */
        edn->at++;
        return read_parts(edn, encoded, 1, depth);
    case '"':
        return read_string(edn, encoded);
    default:
        return read_token(edn, encoded);
    }
}

bool edn_read(struct edn *edn, struct bytes *encoded)
{
    return read_form(edn, encoded, 0);
}
