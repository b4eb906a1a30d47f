/* The files that a search leaves: counterexamples, witnesses, the JSON report. */
#ifndef GAINSAY_OUTPUTS_H
#define GAINSAY_OUTPUTS_H

#include "cli/report.h"

/* A file that an option names. */
struct output_file {
    const char *flag, *path; /* path NULL: the option was not given */
};

/* Can each be written, and is none named twice? Returns 0, or GS_BAD_INPUT after a complaint. */
int outputs_check_files(const char *command, const struct output_file *files, size_t count);

/* Before the search: can every file that was named be written? What exists is left alone. Returns 0, or GS_BAD_INPUT
 * after a complaint. */
int outputs_check(const struct run_options *options);

/* After it: writes the traces, and puts per property the path it was written to, or NULL, into paths (property_count
 * entries, freed by outputs_free). Returns 0, or GS_BAD_INPUT after a complaint. */
int outputs_write_traces(const struct run_options *options, const struct gs_result *result, char **paths);
void outputs_free(const struct gs_result *result, char **paths);

/* Writes the file of --json, which is standard output for "-": what print prints, whole or not at all. Returns 0, or
 * GS_BAD_INPUT after a complaint. */
typedef bool outputs_printer(const void *context, FILE *out);
int outputs_write_json(const struct run_options *options, outputs_printer *print, const void *context);

#endif
