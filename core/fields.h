/* What a field table makes possible without protocol code: checking a description and a value, normal form, canonical
 * bytes, text, differences, renaming of node ids. All functions take the run for the names of nodes and the number of
 * nodes per role; `value` points to the struct that `fields` describes. */
#ifndef GAINSAY_FIELDS_H
#define GAINSAY_FIELDS_H

#include <stdio.h>

#include "core/bytes.h"
#include "core/run.h"

/* Writes one line to `error` and returns false, so that a check can end with it. */
bool fields_refuse(char *error, size_t error_size, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Checks that the table describes every byte of a struct of `size` bytes exactly once (from byte `skip` on: messages
 * skip their type), and that each entry makes sense. `what` names the struct in the error. */
bool fields_check(const struct gs_field *fields, size_t size, size_t skip, const char *what, char *error,
                  size_t error_size);

/* Is the value one the table allows: enums named, bools 0 or 1, list lengths within capacity, nodes that exist (or
 * nobody), arrays by node zero beyond the role's nodes? List elements beyond the length may be anything. False: `error`
 * names the field and the value. */
bool fields_valid(const struct gs_run *run, const struct gs_field *fields, const void *value, char *error,
                  size_t error_size);

/* Has every array by node, in nested structs too, room for all nodes its role has in this run? (More room is allowed.)
 * False: `error` names the member. The table must have passed fields_check; roles that do not exist are not met. */
bool fields_fit(const struct gs_run *run, const struct gs_field *fields, char *error, size_t error_size);

/* Zeroes list elements beyond the length, in nested structs too. The value must be valid. */
void fields_normalize(const struct gs_field *fields, void *value);

/* The top-level field of that name, or NULL. */
const struct gs_field *fields_find(const struct gs_field *fields, const char *name);

/* The top-level field whose name comes next after that of `previous` (NULL: the first by name), or NULL. */
const struct gs_field *fields_next_by_name(const struct gs_field *fields, const struct gs_field *previous);

/* Width in bytes of one element, and how many elements the member has room for. */
size_t field_element_size(const struct gs_field *field);
size_t field_capacity(const struct gs_field *field);
/* How many elements count: a list's length, an array's capacity (by node: the role's count), 1 for a scalar; never more
 * than the capacity. */
size_t field_count(const struct gs_run *run, const struct gs_field *fields, const struct gs_field *field,
                   const void *value);
/* A scalar element of an integer kind (bools, enums, unsigned, signed and nodes by tag), as 64 bits. */
uint64_t field_read_unsigned(const struct gs_field *field, const void *element);
int64_t field_read_signed(const struct gs_field *field, const void *element);
bool field_is_signed(const struct gs_field *field);
void field_write_unsigned(const struct gs_field *field, void *element,
                          uint64_t bits); /* low bytes; any kind but sets */

/* Appends the canonical little-endian serialization, fields ordered by name, lists with their length and only the
 * elements that count, arrays by node only as many as the role has nodes. */
void fields_serialize(const struct gs_run *run, const struct gs_field *fields, const void *value, struct bytes *out);

/* Does the member hold the length of a list of the same struct? (The list itself tells; text leaves it out.) */
bool field_is_length(const struct gs_field *fields, const struct gs_field *field);

/* Writes "term 2, voted_for server1, votes {server0, server1}, log [(term 1, value 2)], next [server0: 1, server1: 2]":
 * the members in table order, without enclosing braces and without the lengths of lists. Nested structs stand in
 * parentheses, lists and arrays in brackets, sets in braces. A value that is not valid is printed all the same. */
void fields_print(const struct gs_run *run, const struct gs_field *fields, const void *value, FILE *out);
/* One member's value as text, without its name; `value` is the whole struct. */
void field_print(const struct gs_run *run, const struct gs_field *fields, const struct gs_field *field,
                 const void *value, FILE *out);

/* Is the top-level member equal in both? (compares meaning: padding-free bytes.) */
bool field_equal(const struct gs_field *field, const void *a, const void *b);

/* Renames node ids: permutation[k] is the new number of node k (a bijection that keeps roles). Nodes, sets and arrays
 * by node are rewritten; everything else is kept. */
void fields_rename(const struct gs_run *run, const struct gs_field *fields, void *value, const uint8_t *permutation);

#endif
