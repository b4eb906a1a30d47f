/* Files that are written. The first violated property's trace goes to FILE of --trace, further ones beside it with
 * the property's name before the extension; witnesses go to DIR as PROPERTY.trace. Samples: outputs_samples.c. */
#include "cli/outputs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/plugin.h"
#include "core/die.h"
#include "traces/trace_file.h"

static int check_file(const char *command, const char *flag, const char *path)
{
    char error[TRACE_ERROR_SIZE];
    if (trace_file_is_writable(path, error, sizeof(error)))
        return 0;
    return complain(command, "%s %s", flag, error);
}

/* The directory may be missing: then it is made. */
static int check_directory(const char *command, const char *flag, const char *directory)
{
    struct stat status;
    if (mkdir(directory, 0777) == 0)
        return 0;
    if (errno != EEXIST || stat(directory, &status) != 0)
        return complain(command, "%s %s: %s", flag, directory, strerror(errno));
    if (!S_ISDIR(status.st_mode))
        return complain(command, "%s %s: not a directory", flag, directory);
    if (access(directory, W_OK | X_OK) != 0)
        return complain(command, "%s %s: %s", flag, directory, strerror(errno));
    return 0;
}

int outputs_check(const struct run_options *options)
{
    const char *command = options->command;
    const bool json_is_file = options->json_path && strcmp(options->json_path, "-") != 0;
    if (options->trace_path && !*options->trace_path)
        return complain(command, "--trace: the name of the file is empty");
    if (options->json_path && !*options->json_path)
        return complain(command, "--json: the name of the file is empty");
    if (options->trace_path && strcmp(options->trace_path, "-") == 0)
        return complain(command, "--trace -: a trace goes to a file; name one");
    if (options->trace_path && json_is_file && strcmp(options->trace_path, options->json_path) == 0)
        return complain(command, "--json %s: --trace names the same file", options->json_path);
    if (options->trace_path && check_file(command, "--trace", options->trace_path))
        return GS_BAD_INPUT;
    if (json_is_file && check_file(command, "--json", options->json_path))
        return GS_BAD_INPUT;
    for (size_t i = 0; i < options->witness_directories.count; i++)
        if (check_directory(command, "--witness DIR", options->witness_directories.items[i]))
            return GS_BAD_INPUT;
    return options->samples_directory ? check_directory(command, "--samples DIR", options->samples_directory) : 0;
}

/* "dir/a.trace" and "consistent" give "dir/a.consistent.trace"; without an extension the name comes last. */
static char *path_of_another(const char *path, const char *property)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    const char *end = dot && dot > name ? dot : path + strlen(path);
    char *result;
    must(asprintf(&result, "%.*s.%s%s", (int)(end - path), path, property, end) >= 0);
    return result;
}

char *outputs_witness_path(const struct run_options *options, const char *goal)
{
    char *result;
    for (size_t i = 0; i < options->witnesses.count; i++) {
        const char *name = options->witnesses.items[i];
        if (strcmp(name, "all") != 0 && strcmp(name, goal) != 0)
            continue;
        must(asprintf(&result, "%s/%s.trace", options->witness_directories.items[i], goal) >= 0);
        return result;
    }
    return NULL;
}

/* Where this property's trace goes, NULL for nowhere; *first is used up by the first violated one. */
static char *choose_path(const struct run_options *options, const struct gs_property_result *property,
                         const char **first)
{
    if (!property->trace)
        return NULL;
    if (property->verdict != GS_VERDICT_VIOLATED)
        return outputs_witness_path(options, property->name);
    if (!options->trace_path)
        return NULL;
    if (!*first)
        return path_of_another(options->trace_path, property->name);
    char *path = die_alloc(strlen(*first) + 1);
    strcpy(path, *first);
    *first = NULL;
    return path;
}

struct trace_file_info outputs_trace_info(const struct run_options *options)
{
    return (struct trace_file_info){
        .plugin = plugin_is_file(options->protocol) ? options->protocol : NULL,
        .extensions = options->property_files.items,
    };
}

int outputs_write_traces(const struct run_options *options, const struct gs_result *result, char **paths)
{
    char error[TRACE_ERROR_SIZE];
    const struct trace_file_info info = outputs_trace_info(options);
    const char *first = options->trace_path;
    int status = 0;
    for (size_t i = 0; i < result->property_count; i++) {
        const struct gs_property_result *property = &result->properties[i];
        paths[i] = choose_path(options, property, &first);
        if (!paths[i] || trace_file_write(property->trace, paths[i], &info, error, sizeof(error)))
            continue;
        status = complain(options->command, "%s", error);
        free(paths[i]);
        paths[i] = NULL;
    }
    return status;
}

void outputs_free(size_t count, char **paths)
{
    for (size_t i = 0; i < count; i++)
        free(paths[i]);
    free(paths);
}

FILE *outputs_open_json(const struct run_options *options)
{
    return strcmp(options->json_path, "-") == 0 ? stdout : fopen(options->json_path, "we");
}

bool outputs_close_json(FILE *out)
{
    return out == stdout || fclose(out) == 0;
}
