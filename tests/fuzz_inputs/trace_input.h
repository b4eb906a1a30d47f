/* Everything that the bytes of a trace file can reach: read, replay, show as text, write, read again. */
#ifndef GAINSAY_TRACE_INPUT_H
#define GAINSAY_TRACE_INPUT_H

#include <stddef.h>
#include <stdint.h>

/* Does it all with these bytes as the file, on the shipped protocols and the tests' own (test_trace_model.h); a plugin
 * is never loaded. Aborts, after a line on standard error, where an answer is not what the headers promise: bad input
 * gives one printable line, a trace that reproduces can be written, and what was written reproduces. */
void trace_input_try(const uint8_t *data, size_t size);

#endif
