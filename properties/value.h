/* Values of clients' operations, and the bytes that sequential models keep as their states.
 *
 * A value is its canonical encoding: equal values are equal bytes, so that they are compared, hashed and copied into a
 * state without being taken apart. A value points into memory that somebody else owns (an announcement, a history) and
 * is never freed by itself. The encoding: one tag byte; integers follow as a zigzag varint, texts as length and bytes,
 * lists as count and items. A list item stands in its list as it would stand alone. */
#ifndef GAINSAY_VALUE_H
#define GAINSAY_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Some bytes that somebody else owns: an encoded value, or the state of a sequential model. */
typedef struct {
    const uint8_t *bytes;
    size_t size;
} gs_span;

typedef gs_span gs_value;

/* The result of an operation that has not answered. No value is equal to it. */
#define GS_UNKNOWN ((gs_value){NULL, 0})
#define GS_NIL ((gs_value){(const uint8_t *)"\x01", 1})
#define GS_FALSE ((gs_value){(const uint8_t *)"\x02", 1})
#define GS_TRUE ((gs_value){(const uint8_t *)"\x03", 1})

enum gs_value_kind {
    GS_VALUE_UNKNOWN,
    GS_VALUE_NIL,
    GS_VALUE_FALSE,
    GS_VALUE_TRUE,
    GS_VALUE_INTEGER,
    GS_VALUE_TEXT,
    GS_VALUE_LIST
};

enum { GS_INTEGER_BYTES = 11 }; /* the most that an encoded integer takes */

enum gs_value_kind gs_value_kind(gs_value value);
bool gs_span_equal(gs_span a, gs_span b);
/* By bytes, a prefix first: an order of its own, not that of the numbers. -1, 0 or 1. */
int gs_span_compare(gs_span a, gs_span b);

bool gs_value_is_text(gs_value value, const char *text);

/* What kinds hold; asked of another kind: 0, the empty span, an empty list. */
int64_t gs_value_integer(gs_value value);
gs_span gs_value_text(gs_value value); /* the text's bytes, without a terminating zero */
size_t gs_value_count(gs_value value); /* items of a list */

/* The items of a list, one after the other: gs_span rest = gs_list_items(list); while (gs_next(&rest, &item)) ...
 * Also of a state that is some values without a list's head. */
gs_span gs_list_items(gs_value list);
bool gs_next(gs_span *rest, gs_value *item);

/* Is this one whole value, in its canonical form? For bytes that came from outside. */
bool gs_value_is_valid(gs_value value);

/* ---- Writing ----------------------------------------------------------------------------------------------------- */

/* Where bytes are written, as snprintf does: what does not fit is not written, yet counted in size. So size > capacity
 * means: again, with more room. The memory is the caller's. */
struct gs_buffer {
    uint8_t *bytes;
    size_t size, capacity;
};

void gs_put(struct gs_buffer *buffer, gs_span bytes);
void gs_put_byte(struct gs_buffer *buffer, uint8_t byte);
void gs_put_integer(struct gs_buffer *buffer, int64_t integer);
void gs_put_text(struct gs_buffer *buffer, const char *text, size_t size);
void gs_put_text_head(struct gs_buffer *buffer, size_t size); /* then that many bytes */
void gs_put_list(struct gs_buffer *buffer, size_t count);     /* then that many values */

/* An integer as a value, in the caller's storage: gs_integer(3, (uint8_t[GS_INTEGER_BYTES]){0}). */
gs_value gs_integer(int64_t integer, uint8_t *storage);

/* What was written, if it fitted. */
gs_span gs_written(const struct gs_buffer *buffer);

/* Text for people: a value as JSON writes it in ASCII, other characters of UTF-8 in a text as \uXXXX, a byte that is
 * none as \u00XX. */
void gs_print(struct gs_buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void gs_print_value(struct gs_buffer *buffer, gs_value value);
void gs_print_text(struct gs_buffer *buffer, gs_span text); /* in quotes */

#endif
