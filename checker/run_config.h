/* What a public configuration says of the run itself. */
#ifndef GAINSAY_RUN_CONFIG_H
#define GAINSAY_RUN_CONFIG_H

#include "checker/config.h"
#include "core/run_setup.h"

/* Borrows all strings and arrays of `config`. */
struct run_config run_config_of(const struct gs_config *config);

#endif
