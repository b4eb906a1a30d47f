/* Samples as files, numbered from 1, the shortest first; and a word on what earlier runs have left. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/outputs.h"
#include "core/die.h"

/* As many digits as the number of samples asked for has, two at least, so that names sort. */
static char *sample_path(const struct run_options *options, size_t number)
{
    char *path;
    const int digits = snprintf(NULL, 0, "%llu", (unsigned long long)options->config.samples);
    must(asprintf(&path, "%s/sample-%0*zu.trace", options->samples_directory, digits < 2 ? 2 : digits, number) >= 0);
    return path;
}

bool outputs_samples_take(const struct run_options *options, const char *path)
{
    bool takes = false;
    for (uint64_t number = 1; number <= options->config.samples && !takes; number++) {
        char *sample = sample_path(options, number);
        takes = output_is_same_file(sample, path);
        free(sample);
    }
    return takes;
}

int outputs_write_samples(const struct run_options *options, const struct gs_result *result, char **paths)
{
    char error[TRACE_ERROR_SIZE];
    const struct trace_file_info info = outputs_trace_info(options);
    if (result->sample_count && outputs_make_directory(options->command, "--samples DIR", options->samples_directory))
        return GS_BAD_INPUT;
    int status = 0;
    for (size_t i = 0; i < result->sample_count; i++) {
        paths[i] = sample_path(options, i + 1);
        if (trace_file_write(result->samples[i], paths[i], &info, error, sizeof(error)))
            continue;
        status = complain(options->command, "%s", error);
        free(paths[i]);
        paths[i] = NULL;
    }
    return status;
}

static void warn_of(const struct run_options *options, const char *flag, const char *path, const char *why)
{
    if (access(path, F_OK) == 0)
        fprintf(stderr, "gainsay: %s: %s %s: %s, so what was there before is left as it was\n", options->command, flag,
                path, why);
}

void outputs_warn_of_old(const struct run_options *options, const struct gs_result *result)
{
    bool violated = false;
    for (size_t i = 0; i < result->property_count; i++) {
        const struct gs_property_result *property = &result->properties[i];
        const bool is_goal = property->property && property->property->kind == GS_REACHABLE;
        violated |= property->verdict == GS_VERDICT_VIOLATED;
        char *path = is_goal && !property->trace ? outputs_witness_path(options, property->name) : NULL;
        if (path)
            warn_of(options, "--witness", path, "no trace leads to the goal in this run");
        free(path);
    }
    if (options->trace_path && !violated)
        warn_of(options, "--trace", options->trace_path, "nothing is violated");
    if (options->samples_directory) {
        char *path = sample_path(options, result->sample_count + 1);
        warn_of(options, "--samples", path, "there are fewer samples in this run");
        free(path);
    }
}
