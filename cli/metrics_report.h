/* What runs with a clock measured. */
#ifndef GAINSAY_METRICS_REPORT_H
#define GAINSAY_METRICS_REPORT_H

#include <jansson.h>
#include <stdio.h>

#include "checker/fuzz.h"

void metrics_print(const struct gs_fuzz_result *fuzz, FILE *out);
json_t *metrics_json(const struct gs_fuzz_result *fuzz);

#endif
