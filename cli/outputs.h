/* The files that a search leaves: counterexamples, witnesses, samples, the JSON report. */
#ifndef GAINSAY_OUTPUTS_H
#define GAINSAY_OUTPUTS_H

#include "cli/report.h"
#include "traces/trace_file.h"

struct case_group;

/* A file that an option names. */
struct output_file {
    const char *flag, *path; /* path NULL: the option was not given */
};

/* Can each be written, and is none named twice? Returns 0, or GS_BAD_INPUT after a complaint. */
int outputs_check_files(const char *command, const struct output_file *files, size_t count);

/* Is none of them a file that the command reads? input: its path, `what` says what it is ("the trace to start from");
 * NULL is none. Returns 0, or GS_BAD_INPUT after a complaint. */
int outputs_check_spare(const char *command, const struct output_file *files, size_t count, const char *input,
                        const char *what);

/* Do both paths name the same file, by whatever names, also one that does not exist yet? */
bool output_is_same_file(const char *one, const char *other);

/* Before the search: can every file that was named be written? What exists is left alone. Returns 0, or GS_BAD_INPUT
 * after a complaint. */
int outputs_check(const struct run_options *options);

/* After it: writes the traces, and puts per property the path it was written to, or NULL, into paths (property_count
 * entries, freed by outputs_free). Returns 0, or GS_BAD_INPUT after a complaint. */
int outputs_write_traces(const struct run_options *options, const struct gs_result *result, char **paths);
/* Likewise the samples, as DIR/sample-01.trace, sample-02.trace, ...; paths has sample_count entries. */
int outputs_write_samples(const struct run_options *options, const struct gs_result *result, char **paths);
/* Would samples be written over that file? */
bool outputs_samples_take(const struct run_options *options, const char *path);
void outputs_free(size_t count, char **paths);
/* Makes the directory unless it is there. Returns 0, or GS_BAD_INPUT after a complaint. */
int outputs_make_directory(const char *command, const char *flag, const char *directory);

/* Says of traces that an earlier run left, and this one did not write, that they are not this one's. */
void outputs_warn_of_old(const struct run_options *options, const struct gs_result *result);

/* Where a witness of the goal goes, NULL if none is asked for. Owned by the caller. */
char *outputs_witness_path(const struct run_options *options, const char *goal);
/* What the trace files say of where they come from; borrows from the options. */
struct trace_file_info outputs_trace_info(const struct run_options *options);

/* Writes the file of --json, which is standard output for "-": what print prints, whole or not at all. Returns 0, or
 * GS_BAD_INPUT after a complaint. */
typedef bool outputs_printer(const void *context, FILE *out);
int outputs_write_json(const struct run_options *options, outputs_printer *print, const void *context);

/* Writes the files of --junit and --sarif, and annotations where a workflow reads them: the cases that add puts into a
 * group called `name`. Returns 0, or GS_BAD_INPUT after a complaint. */
typedef void outputs_cases(struct case_group *group, const void *report);
int outputs_write_cases(const struct run_options *options, const char *name, outputs_cases *add, const void *report);

#endif
