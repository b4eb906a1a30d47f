/* A suite's runs, from the first child to the last line. */
#ifndef GAINSAY_SUITE_RUN_H
#define GAINSAY_SUITE_RUN_H

#include "cli/suite_plan.h"

struct suite_options {
    const char *path;
    struct name_list only;                                        /* patterns of names */
    uint64_t jobs;                                                /* 0: not given */
    double max_seconds;                                           /* 0: not given */
    const char *traces, *junit_path, *sarif_path, *baseline_path; /* NULL: not given */
    bool update_baseline, quiet;
};

/* Runs what is asked for and reports it. Returns the exit code. */
int suite_run_all(const struct suite_options *options, struct suite_plan *plan);

#endif
