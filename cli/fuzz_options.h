/* The options of `gainsay fuzz` that `check` does not have, or has otherwise. */
#ifndef GAINSAY_FUZZ_OPTIONS_H
#define GAINSAY_FUZZ_OPTIONS_H

#include "checker/fuzz.h"
#include "cli/run_options.h"
#include "cli/timing_options.h"

struct fuzz_options {
    struct run_options run; /* first: the shared groups of options write here */
    struct timing_options clock;
    struct gs_fuzz_config config; /* base is filled in by fuzz_options_complete */
    bool has_run, has_runs, has_strategy, has_shrink_seconds;
    int argc;
    char **argv; /* as they were given, for the line that reruns a failure */
};

extern const struct argp fuzz_argp;
/* Groups of its options; suites take them as keys. */
extern const struct argp runs_argp; /* --seed, --runs ... */
extern const struct argp draw_argp; /* --strategy, --allow ... */

/* Takes over what the shared groups say. Returns 0, or GS_BAD_INPUT after a complaint. */
int fuzz_options_complete(struct fuzz_options *options);

/* The command that runs one run alone again, as a shell takes it. */
void fuzz_options_print_rerun(const struct fuzz_options *options, uint64_t run, FILE *out);

#endif
