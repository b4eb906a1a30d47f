/* The options of runs with a clock. Its input is a struct gs_timing_options. */
#ifndef GAINSAY_TIMING_OPTIONS_H
#define GAINSAY_TIMING_OPTIONS_H

#include <argp.h>

#include "checker/timing.h"
#include "cli/complain.h"

struct timing_options {
    struct gs_timing timing;
    const char *profile;       /* its name; NULL: the default one, or no clock */
    struct name_list recovers; /* timing.recovers, once complete */
    uint64_t given;            /* bit per option of the table that was given */
    const char *values[32];    /* their texts */
};

extern const struct argp timing_argp;

/* Puts profile and flags together. Returns 0, or GS_BAD_INPUT after a complaint. */
int timing_options_complete(struct timing_options *options);
void timing_options_free(struct timing_options *options);

#endif
