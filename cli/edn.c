#include "cli/edn.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

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

/* The list of [KEY, VALUE]: items are read one after the other, and each two get a head. */
static bool read_map(struct edn *edn, struct bytes *encoded, int depth)
{
    struct bytes items = {0};
    size_t count;
    edn->at++;
    bool is_good = read_items(edn, &items, '}', &count, depth);
    if (is_good && count % 2 != 0)
        is_good = fail(edn, "a map with a key that has no value");
    if (is_good) {
        gs_span rest = {items.data, items.size};
        const size_t start = encoded->size;
        for (gs_value key, value; gs_next(&rest, &key) && gs_next(&rest, &value);) {
            const size_t pair = encoded->size;
            bytes_append(encoded, key.bytes, key.size);
            bytes_append(encoded, value.bytes, value.size);
            put_head(encoded, pair, GS_VALUE_LIST, 2);
        }
        put_head(encoded, start, GS_VALUE_LIST, count / 2);
    }
    bytes_free(&items);
    return is_good;
}

static char escaped(char c)
{
    static const char names[] = "ntrbf", meant[] = "\n\t\r\b\f";
    const char *name = c != '\0' ? strchr(names, c) : NULL;
    return name != NULL ? meant[name - names] : c;
}

static bool read_string(struct edn *edn, struct bytes *encoded)
{
    const size_t start = encoded->size;
    for (edn->at++; edn->at < edn->end && *edn->at != '"'; edn->at++) {
        char c = *edn->at;
        if (c == '\\' && edn->at + 1 < edn->end)
            c = escaped(*++edn->at);
        edn->line += c == '\n';
        bytes_append(encoded, &c, 1);
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
        return read_map(edn, encoded, depth);
    case '#': /* only #{ is left */
        edn->at++;
        return read_list(edn, encoded, '}', depth);
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
