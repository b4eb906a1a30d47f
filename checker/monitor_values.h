/* Monitors' values as the engine keeps them: interned, with runs of zeros folded, since a value has room for the
 * longest lists that it may come to hold and most of it stays empty. */
#ifndef GAINSAY_MONITOR_VALUES_H
#define GAINSAY_MONITOR_VALUES_H

#include "checker/engine.h"

/* The value's number among those of engine.monitors[monitor]. value: as many bytes as the monitor's struct has. */
uint32_t monitor_value_number(struct engine *engine, unsigned monitor, const uint8_t *value);
/* The bytes of a numbered value, in memory of their own that the caller frees. */
uint8_t *monitor_value_bytes(const struct engine *engine, unsigned monitor, uint32_t number);
/* How many bytes these are. */
size_t monitor_value_size(const struct engine *engine, unsigned monitor);

#endif
