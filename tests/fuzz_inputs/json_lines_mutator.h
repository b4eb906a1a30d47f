/* Changing a trace file so that it stays one most of the time: lines of JSON, numbered steps, a digest that fits. What
 * the reader checks behind these is reached only so. */
#ifndef GAINSAY_JSON_LINES_MUTATOR_H
#define GAINSAY_JSON_LINES_MUTATOR_H

#include <stddef.h>
#include <stdint.h>

/* As LLVMFuzzerCustomMutator: changes data in place and returns its new size, up to size_max. */
size_t json_lines_mutate(uint8_t *data, size_t size, size_t size_max, unsigned seed);

#endif
