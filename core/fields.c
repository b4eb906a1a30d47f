/* What a field table makes possible on values: reading, normal form, canonical bytes, comparing, renaming node ids. All
 * of it walks the table; nothing here knows a struct's C type. Members are read and written by memcpy, since a value
 * may stand anywhere in a buffer. */
#include "core/fields.h"

#include <stdlib.h>
#include <string.h>

#include "core/die.h"

static const uint8_t kind_sizes[] = {
    [GS_KIND_BOOL] = 1, [GS_KIND_U8] = 1,   [GS_KIND_U16] = 2,      [GS_KIND_U32] = 4,
    [GS_KIND_U64] = 8,  [GS_KIND_I8] = 1,   [GS_KIND_I16] = 2,      [GS_KIND_I32] = 4,
    [GS_KIND_I64] = 8,  [GS_KIND_NODE] = 1, [GS_KIND_NODE_SET] = 8,
};

size_t field_element_size(const struct gs_field *field)
{
    if (field->element_size)
        return field->element_size;
    if (field->kind == GS_KIND_STRUCT)
        return field->size;
    return field->kind < sizeof(kind_sizes) ? kind_sizes[field->kind] : 0;
}

size_t field_capacity(const struct gs_field *field)
{
    const size_t element_size = field_element_size(field);

    return field->is_array && element_size ? field->size / element_size : 1;
}

const struct gs_field *fields_find(const struct gs_field *fields, const char *name)
{
    for (const struct gs_field *field = fields; field && field->name; field++)
        if (strcmp(field->name, name) == 0)
            return field;
    return NULL;
}

static const uint8_t *member(const struct gs_field *field, const void *value)
{
    return (const uint8_t *)value + field->offset;
}

/* A list's length, at most its capacity. */
static size_t list_length(const struct gs_field *fields, const struct gs_field *field, const void *value)
{
    const struct gs_field *length = fields_find(fields, field->length);

    must(length != NULL);
    const uint64_t count = field_read_unsigned(length, member(length, value));
    const size_t capacity = field_capacity(field);
    return count < capacity ? (size_t)count : capacity;
}

size_t field_count(const struct gs_run *run, const struct gs_field *fields, const struct gs_field *field,
                   const void *value)
{
    const size_t capacity = field_capacity(field);

    if (field->length)
        return list_length(fields, field, value);
    if (!field->by_role)
        return capacity;
    const size_t nodes = run->count[field->by_role - 1];
    return nodes < capacity ? nodes : capacity;
}

bool field_is_signed(const struct gs_field *field)
{
    return field->kind >= GS_KIND_I8 && field->kind <= GS_KIND_I64;
}

uint64_t field_read_unsigned(const struct gs_field *field, const void *element)
{
    uint16_t as_u16;
    uint32_t as_u32;
    uint64_t as_u64;

    must(field->kind != GS_KIND_NODE_SET && field->kind != GS_KIND_STRUCT);
    switch (field_element_size(field)) {
    case 1:
        return *(const uint8_t *)element;
    case 2:
        memcpy(&as_u16, element, sizeof(as_u16));
        return as_u16;
    case 4:
        memcpy(&as_u32, element, sizeof(as_u32));
        return as_u32;
    case 8:
        memcpy(&as_u64, element, sizeof(as_u64));
        return as_u64;
    }
    die("field %s has no integer kind (%d)", field->name, field->kind);
}

int64_t field_read_signed(const struct gs_field *field, const void *element)
{
    const uint64_t bits = field_read_unsigned(field, element);

    switch (field->kind) {
    case GS_KIND_I8:
        return (int8_t)bits;
    case GS_KIND_I16:
        return (int16_t)bits;
    case GS_KIND_I32:
        return (int32_t)bits;
    default:
        return (int64_t)bits;
    }
}

void field_write_unsigned(const struct gs_field *field, void *element, uint64_t bits)
{
    const uint8_t as_u8 = (uint8_t)bits;
    const uint16_t as_u16 = (uint16_t)bits;
    const uint32_t as_u32 = (uint32_t)bits;

    must(field->kind != GS_KIND_NODE_SET && field->kind != GS_KIND_STRUCT);
    switch (field_element_size(field)) {
    case 1:
        memcpy(element, &as_u8, sizeof(as_u8));
        return;
    case 2:
        memcpy(element, &as_u16, sizeof(as_u16));
        return;
    case 4:
        memcpy(element, &as_u32, sizeof(as_u32));
        return;
    case 8:
        memcpy(element, &bits, sizeof(bits));
        return;
    }
    die("field %s has no integer kind (%d)", field->name, field->kind);
}

bool field_is_length(const struct gs_field *fields, const struct gs_field *field)
{
    for (const struct gs_field *list = fields; list && list->name; list++)
        if (list->length && strcmp(list->length, field->name) == 0)
            return true;
    return false;
}

bool field_equal(const struct gs_field *field, const void *a, const void *b)
{
    return memcmp(member(field, a), member(field, b), field->size) == 0;
}

void fields_normalize(const struct gs_field *fields, void *value)
{
    for (const struct gs_field *field = fields; field && field->name; field++) {
        const size_t element_size = field_element_size(field);
        const size_t kept = field->length ? list_length(fields, field, value) : field_capacity(field);
        uint8_t *elements = (uint8_t *)value + field->offset;

        if (field->length)
            memset(elements + kept * element_size, 0, field->size - kept * element_size);
        for (size_t i = 0; field->kind == GS_KIND_STRUCT && i < kept; i++)
            fields_normalize(field->fields, elements + i * element_size);
    }
}

/* ---- Canonical bytes ---- */

static void append_little_endian(struct bytes *out, uint64_t bits, size_t width)
{
    uint8_t text[8];

    must(width <= sizeof(text));
    for (size_t i = 0; i < width; i++)
        text[i] = (uint8_t)(bits >> (8 * i));
    bytes_append(out, text, width);
}

/* Most names differ in their first character, and this is asked for every member of every message that is compared. */
static int compare_names(const char *a, const char *b)
{
    return *a != *b ? (unsigned char)*a - (unsigned char)*b : strcmp(a, b);
}

/* Tables are short, so looking each time beats keeping a sorted copy somewhere. */
const struct gs_field *fields_next_by_name(const struct gs_field *fields, const struct gs_field *previous)
{
    const struct gs_field *next = NULL;

    for (const struct gs_field *field = fields; field && field->name; field++)
        if ((!previous || compare_names(field->name, previous->name) > 0) &&
            (!next || compare_names(field->name, next->name) < 0))
            next = field;
    return next;
}

enum { SORTED_MOST = 48 };

/* By name. How many there are; SORTED_MOST: perhaps more than these. */
static size_t sort_fields(const struct gs_field *fields, const struct gs_field *sorted[static SORTED_MOST])
{
    size_t count = 0;

    for (const struct gs_field *field = fields; field && field->name && count < SORTED_MOST; field++) {
        size_t place = count++;
        for (; place && compare_names(sorted[place - 1]->name, field->name) > 0; place--)
            sorted[place] = sorted[place - 1];
        sorted[place] = field;
    }
    return count;
}

static void serialize_element(const struct gs_run *run, const struct gs_field *field, const uint8_t *element,
                              struct bytes *out)
{
    if (field->kind == GS_KIND_STRUCT)
        fields_serialize(run, field->fields, element, out);
    else if (field->kind == GS_KIND_NODE_SET) /* is little-endian bytes already */
        bytes_append(out, element, sizeof(gs_node_set));
    else
        append_little_endian(out, field_read_unsigned(field, element), field_element_size(field));
}

static void serialize_field(const struct gs_run *run, const struct gs_field *fields, const struct gs_field *field,
                            const void *value, struct bytes *out)
{
    const size_t count = field_count(run, fields, field, value);
    const uint8_t *element = member(field, value);

    if (field->length)
        append_little_endian(out, count, sizeof(uint32_t));
    for (size_t i = 0; i < count; i++, element += field_element_size(field))
        serialize_element(run, field, element, out);
}

void fields_serialize(const struct gs_run *run, const struct gs_field *fields, const void *value, struct bytes *out)
{
    const struct gs_field *sorted[SORTED_MOST];
    const size_t count = sort_fields(fields, sorted);

    for (size_t i = 0; i < count && count < SORTED_MOST; i++)
        serialize_field(run, fields, sorted[i], value, out);
    if (count < SORTED_MOST)
        return;
    for (const struct gs_field *field = fields_next_by_name(fields, NULL); field;
         field = fields_next_by_name(fields, field))
        serialize_field(run, fields, field, value, out);
}

/* ---- Renaming ---- */

static void rename_node(uint8_t *tag, const uint8_t *permutation)
{
    if (*tag)
        *tag = (uint8_t)(permutation[*tag - 1] + 1);
}

static void rename_set(uint8_t *bytes, const uint8_t *permutation)
{
    gs_node_set old, renamed = GS_EMPTY_SET;

    memcpy(&old, bytes, sizeof(old));
    for (GS_EACH(node, old))
        renamed = gs_set_with(renamed, node_of(permutation[node_number(node)]));
    memcpy(bytes, &renamed, sizeof(renamed));
}

static void swap(uint8_t *a, uint8_t *b, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        const uint8_t kept = a[i];
        a[i] = b[i];
        b[i] = kept;
    }
}

/* Moves each node's element to its new place: along each cycle of the permutation, where the cycle's first place holds
 * the element on its way. */
static void rename_places(const struct gs_run *run, const struct gs_field *field, uint8_t *elements,
                          const uint8_t *permutation)
{
    const unsigned role = field->by_role - 1u, first = run->first[role];
    const size_t size = field_element_size(field);
    uint64_t done = 0;

    must(run->count[role] <= field_capacity(field));
    for (unsigned k = 0; k < run->count[role]; k++) {
        if (done >> k & 1)
            continue;
        for (unsigned to = permutation[first + k] - first; to != k; to = permutation[first + to] - first) {
            must(to < run->count[role]);
            swap(elements + k * size, elements + to * size, size);
            done |= UINT64_C(1) << to;
        }
    }
}

static void rename_element(const struct gs_run *run, const struct gs_field *field, uint8_t *element,
                           const uint8_t *permutation)
{
    if (field->kind == GS_KIND_STRUCT)
        fields_rename(run, field->fields, element, permutation);
    else if (field->kind == GS_KIND_NODE)
        rename_node(element, permutation);
    else if (field->kind == GS_KIND_NODE_SET)
        rename_set(element, permutation);
}

void fields_rename(const struct gs_run *run, const struct gs_field *fields, void *value, const uint8_t *permutation)
{
    for (const struct gs_field *field = fields; field && field->name; field++) {
        const size_t count = field_count(run, fields, field, value), size = field_element_size(field);
        uint8_t *elements = (uint8_t *)value + field->offset;

        for (size_t i = 0; i < count; i++)
            rename_element(run, field, elements + i * size, permutation);
        if (field->by_role)
            rename_places(run, field, elements, permutation);
    }
}
