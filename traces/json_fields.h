/* Values as JSON, by their field tables: structs are objects, enums their names, nodes their names (null: nobody), node
 * sets and lists arrays (a list's length is its array's), arrays by node objects keyed by node name. Numbers that do
 * not fit 64 signed bits are strings of decimal digits. What is written reads back to the same bytes. */
#ifndef GAINSAY_JSON_FIELDS_H
#define GAINSAY_JSON_FIELDS_H

#include <jansson.h>

#include "core/fields.h"

/* Which members of a struct: NULL is all; else up to GS_MESSAGE_FIELDS_MAX names, ended by NULL when there are fewer.
 */
typedef const char *const *json_members;

/* Text that is not UTF-8 is written with '?' for what JSON cannot hold. */
json_t *json_text(const char *text);
json_t *json_unsigned(uint64_t number);
json_t *json_node(const struct gs_run *run, gs_node node);
/* Names of the nodes of a bit mask, in node order. */
json_t *json_nodes(const struct gs_run *run, uint64_t nodes);

/* One member of the struct `value`; and those of its members that are chosen, appended to an object. */
json_t *json_field(const struct gs_run *run, const struct gs_field *fields, const struct gs_field *field,
                   const void *value);
void json_append_fields(json_t *object, const struct gs_run *run, const struct gs_field *fields, json_members members,
                        const void *value);
/* {"type": ..., and the members that the type uses}. */
json_t *json_message(const struct gs_run *run, const uint8_t *message);

/* ---- Reading ---- */

/* Where in the JSON a reader is: "message.entries[1].term" is a chain of three. */
struct json_place {
    const struct json_place *outer;
    const char *name; /* NULL: element `index` of an array */
    size_t index;
};

struct json_reader {
    const struct gs_run *run;
    bool by_meaning; /* the value was written for another model: members it does not name are zero, unknown ones skipped
                      */
    char *error;
    size_t error_size;
};

/* Writes "message.term: " and the reason to the reader's error; returns false. */
bool json_refuse(const struct json_reader *reader, const struct json_place *place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Writes a place as text. */
void json_place_text(const struct json_place *place, char *text, size_t size);
/* What a value is, for errors: "a string", "null", ... */
const char *json_type_name(const json_t *json);

/* Each checks that `json` (NULL: the member is missing) is what it has to be. */
bool json_read_text(const struct json_reader *reader, const struct json_place *place, const json_t *json,
                    const char **text);
bool json_read_signed(const struct json_reader *reader, const struct json_place *place, const json_t *json, int64_t min,
                      int64_t max, int64_t *number);
bool json_read_unsigned(const struct json_reader *reader, const struct json_place *place, const json_t *json,
                        uint64_t max, uint64_t *number);
bool json_read_node(const struct json_reader *reader, const struct json_place *place, const json_t *json,
                    gs_node *node);
/* An array of names in node order, none twice. */
bool json_read_nodes(const struct json_reader *reader, const struct json_place *place, const json_t *json,
                     uint64_t *nodes);

/* Fills the chosen members of `value`, whose other bytes are left alone, from an object that has exactly these, and
 * may have `other` (NULL: nothing else). */
bool json_read_fields(const struct json_reader *reader, const struct json_place *place, const json_t *json,
                      const struct gs_field *fields, json_members members, const char *other, void *value);
/* Fills message_size bytes. */
bool json_read_message(const struct json_reader *reader, const struct json_place *place, const json_t *json,
                       uint8_t *message);

#endif
