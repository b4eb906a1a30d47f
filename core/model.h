/* Registration: is a model well formed? */
#ifndef GAINSAY_MODEL_H
#define GAINSAY_MODEL_H

#include "core/gainsay.h"

/* Checks everything that can be checked without a configuration: names (kebab-case, unique), tables without gaps, every
 * byte of every struct described once, message fields that exist, roles with step functions, options within their
 * limits, presets whose settings parse, a preset "quick", mutants whose property and preset exist, at least one
 * GS_REACHABLE property, properties whose scope has what it needs (role, monitor, predicate). False: one line in error:
 * what is wrong, where, how to mend it. */
bool model_check(const struct gs_model *model, char *error, size_t error_size);
bool extension_check(const struct gs_model *model, const struct gs_extension *extension, char *error,
                     size_t error_size);

/* Digest of roles, fields and messages, as trace files name it: changes when states or messages mean something else. */
uint64_t model_digest(const struct gs_model *model);

#endif
