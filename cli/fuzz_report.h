/* What random runs found, for people and for programs. */
#ifndef GAINSAY_FUZZ_REPORT_H
#define GAINSAY_FUZZ_REPORT_H

#include <jansson.h>

#include "cli/fuzz_options.h"
#include "cli/report.h"

enum { FUZZ_STEPS_SHOWN = 60 /* of a longer trace no text is printed */ };

struct fuzz_report {
    const struct fuzz_options *options;
    const struct gs_fuzz_result *fuzz; /* of a search that took place */
    /* Per failure: the file that its trace, and that the whole run, was written to; or NULL. */
    const char *const *trace_paths, *const *long_paths;
};

void fuzz_report_text(const struct fuzz_report *report, FILE *out);
/* "gainsay: holds protocol=... seed=... runs=... steps=... seconds=..." and a newline. */
void fuzz_report_last_line(const struct fuzz_report *report, FILE *out);
/* The same as an object, owned by the caller. report: a struct fuzz_report. */
json_t *fuzz_report_object(const void *report);
/* It and a newline. False: it could not be written. */
bool fuzz_report_json(const void *report, FILE *out);

#endif
