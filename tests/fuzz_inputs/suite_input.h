/* Everything that the bytes of a suite file can reach before its runs are started. */
#ifndef GAINSAY_SUITE_INPUT_H
#define GAINSAY_SUITE_INPUT_H

#include <stddef.h>
#include <stdint.h>

/* Reads these bytes as the file and makes the plan; nothing is run, compiled or written. Aborts, after a line on
 * standard error, where an answer is not what the headers promise: bad input gives one printable line, and a plan has
 * command lines that say something. */
void suite_input_try(const uint8_t *data, size_t size);

#endif
