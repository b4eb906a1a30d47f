/* What takes the most distinct values, for people and for programs. */
#ifndef GAINSAY_REPORT_GROWTH_H
#define GAINSAY_REPORT_GROWTH_H

#include <jansson.h>
#include <stdio.h>

#include "checker/check.h"

/* A block of the text report; nothing if growth was not measured. */
void report_growth(const struct gs_result *result, FILE *out);
/* An object, or null if it was not measured. Owned by the caller. */
json_t *report_growth_json(const struct gs_growth *growth);

#endif
