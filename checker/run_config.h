/* What a public configuration says of the run itself. */
#ifndef GAINSAY_RUN_CONFIG_H
#define GAINSAY_RUN_CONFIG_H

#include "checker/config.h"
#include "core/run_setup.h"

/* Borrows all strings and arrays of `config`. */
struct run_config run_config_of(const struct gs_config *config);

/* Makes the run that a configuration asks for, also of a staged search. NULL: one line in error. Free with run_free. */
struct gs_run *run_config_make(const struct gs_model *model, const struct gs_config *config, char *error,
                               size_t error_size);

#endif
