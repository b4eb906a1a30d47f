/* The files that a search leaves: counterexamples, witnesses, samples, the JSON report. */
#ifndef GAINSAY_OUTPUTS_H
#define GAINSAY_OUTPUTS_H

#include "cli/report.h"
#include "traces/trace_file.h"

/* Before the search: can every file that was named be written? What exists is left alone. Returns 0, or GS_BAD_INPUT
 * after a complaint. */
int outputs_check(const struct run_options *options);

/* After it: writes the traces, and puts per property the path it was written to, or NULL, into paths (property_count
 * entries, freed by outputs_free). Returns 0, or GS_BAD_INPUT after a complaint. */
int outputs_write_traces(const struct run_options *options, const struct gs_result *result, char **paths);
/* Likewise the samples, as DIR/sample-01.trace, sample-02.trace, ...; paths has sample_count entries. */
int outputs_write_samples(const struct run_options *options, const struct gs_result *result, char **paths);
void outputs_free(size_t count, char **paths);

/* Says of traces that an earlier run left, and this one did not write, that they are not this one's. */
void outputs_warn_of_old(const struct run_options *options, const struct gs_result *result);

/* Where a witness of the goal goes, NULL if none is asked for. Owned by the caller. */
char *outputs_witness_path(const struct run_options *options, const char *goal);
/* What the trace files say of where they come from; borrows from the options. */
struct trace_file_info outputs_trace_info(const struct run_options *options);

/* Opens the file of --json, which is standard output for "-"; closes it and tells whether all was written. */
FILE *outputs_open_json(const struct run_options *options);
bool outputs_close_json(FILE *out);

#endif
