/* Numbers as people type them, read strictly: the whole word, digits only, no sign, no overflow. */
#ifndef GAINSAY_NUMBERS_H
#define GAINSAY_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

/* False: not a number from min to max. */
bool number_parse(const char *text, uint64_t min, uint64_t max, uint64_t *number);
/* Bytes, with K, M, G or T (powers of 1024) as an optional suffix; at least 1. */
bool number_parse_bytes(const char *text, uint64_t *bytes);
/* Seconds above zero, with an optional decimal fraction: "90", "0.5". */
bool number_parse_seconds(const char *text, double *seconds);

/* Writes a number with its thousands separated: "1,735,809". Returns text. */
enum { NUMBER_TEXT_SIZE = 32 };
const char *number_text(uint64_t number, char text[NUMBER_TEXT_SIZE]);
/* Writes bytes in a unit that suits: "640 bytes", "36.8 MiB". Returns text. */
const char *number_bytes_text(uint64_t bytes, char text[NUMBER_TEXT_SIZE]);
/* Writes a number in few characters: "987", "12.3M", "235k", in powers of `step`, 1000 or 1024. Returns text. */
const char *number_short_text(double number, unsigned step, char text[NUMBER_TEXT_SIZE]);

#endif
