/* Files that are written. The first violated property's trace goes to FILE of --trace, further ones beside it with
 * the property's name before the extension; witnesses go to DIR as PROPERTY.trace. Samples: outputs_samples.c. */
#include "cli/outputs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/case_outputs.h"
#include "cli/plugin.h"
#include "core/die.h"
#include "core/run.h"
#include "traces/trace.h"
#include "traces/trace_file.h"
#include "traces/whole_file.h"

static int check_file(const char *command, const char *flag, const char *path)
{
    char error[TRACE_ERROR_SIZE];
    if (trace_file_is_writable(path, error, sizeof(error)))
        return 0;
    return complain(command, "%s %s", flag, error);
}

static int complain_of_directory(const char *command, const char *flag, const char *directory, const char *reason)
{
    return complain(command, "%s %s: %s", flag, directory, reason);
}

/* Of "a/b/" and "a/b" it is "a"; of "b" it is ".". Owned by the caller. */
static char *parent_of(const char *path)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    while (length > 0 && path[length - 1] != '/')
        length--;
    char *parent = die_alloc(length + 2);
    snprintf(parent, length + 2, "%.*s", (int)(length ? length : 1), length ? path : ".");
    return parent;
}

static bool is_place_for_files(const char *directory)
{
    struct stat status;
    if (stat(directory, &status) != 0)
        return false;
    if (S_ISDIR(status.st_mode))
        return access(directory, W_OK | X_OK) == 0;
    errno = ENOTDIR;
    return false;
}

/* The directory may be missing: then it is made when there is something to put into it. */
static int check_directory(const char *command, const char *flag, const char *directory)
{
    struct stat status;
    if (lstat(directory, &status) == 0 || errno != ENOENT)
        return is_place_for_files(directory) ? 0 : complain_of_directory(command, flag, directory, strerror(errno));
    char *parent = parent_of(directory);
    const bool can_be_made = is_place_for_files(parent);
    const int reason = errno;
    free(parent);
    return can_be_made ? 0 : complain_of_directory(command, flag, directory, strerror(reason));
}

int outputs_make_directory(const char *command, const char *flag, const char *directory)
{
    if (mkdir(directory, 0777) == 0 || errno == EEXIST)
        return 0;
    return complain_of_directory(command, flag, directory, strerror(errno));
}

bool output_is_same_file(const char *one, const char *other)
{
    struct stat a, b;
    const bool exists = stat(one, &a) == 0, other_exists = stat(other, &b) == 0;
    if (exists && other_exists)
        return a.st_dev == b.st_dev && a.st_ino == b.st_ino && S_ISREG(a.st_mode);
    const char *slash = strrchr(one, '/'), *other_slash = strrchr(other, '/');
    if (exists || other_exists || strcmp(slash ? slash + 1 : one, other_slash ? other_slash + 1 : other) != 0)
        return false;
    char *parent = parent_of(one), *other_parent = parent_of(other);
    const bool is_same =
        stat(parent, &a) == 0 && stat(other_parent, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
    free(parent);
    free(other_parent);
    return is_same;
}

int outputs_check_files(const char *command, const struct output_file *files, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i && files[i].path; j++)
            if (files[j].path && output_is_same_file(files[j].path, files[i].path))
                return complain(command, "%s %s: %s names the same file", files[i].flag, files[i].path, files[j].flag);
    for (size_t i = 0; i < count; i++)
        if (files[i].path && check_file(command, files[i].flag, files[i].path))
            return GS_BAD_INPUT;
    return 0;
}

int outputs_check_spare(const char *command, const struct output_file *files, size_t count, const char *input,
                        const char *what)
{
    for (size_t i = 0; i < count && input; i++)
        if (files[i].path && output_is_same_file(files[i].path, input))
            return complain(command, "%s %s: that is %s; name another file", files[i].flag, files[i].path, what);
    return 0;
}

/* What is read may not be had again: the protocol, files of properties, the trace that a search starts from. */
static int check_spare_inputs(const struct run_options *options, const struct output_file *files, size_t count)
{
    const char *protocol = plugin_is_file(options->protocol) ? options->protocol : NULL;
    if (outputs_check_spare(options->command, files, count, protocol, "the protocol") ||
        outputs_check_spare(options->command, files, count, options->config.from_name, "the trace to start from"))
        return GS_BAD_INPUT;
    for (size_t i = 0; i < options->property_files.count; i++)
        if (outputs_check_spare(options->command, files, count, options->property_files.items[i],
                                "a file of properties"))
            return GS_BAD_INPUT;
    return 0;
}

/* Witnesses and samples have names that are not chosen. */
static int check_directories_spare_start(const struct run_options *options)
{
    const struct trace *from = options->config.from;
    for (unsigned i = 0; from && i < run_property_count(from->run); i++) {
        const struct output_file witness = {"--witness",
                                            outputs_witness_path(options, run_property(from->run, i)->name)};
        const int status =
            outputs_check_spare(options->command, &witness, 1, options->config.from_name, "the trace to start from");
        free((char *)witness.path);
        if (status)
            return status;
    }
    if (from && options->samples_directory && outputs_samples_take(options, options->config.from_name))
        return complain(options->command, "--samples %s: %s is the trace to start from; name another directory",
                        options->samples_directory, options->config.from_name);
    return 0;
}

static const char *file_or_null(const char *path)
{
    return path && strcmp(path, "-") != 0 ? path : NULL;
}

int outputs_check(const struct run_options *options)
{
    const struct output_file files[] = {
        {"--trace", options->trace_path},
        {"--long-trace", options->long_trace_path},
        {"--json", file_or_null(options->json_path)},
        {"--junit", options->junit_path},
        {"--sarif", options->sarif_path},
    };
    if (options->trace_path && strcmp(options->trace_path, "-") == 0)
        return complain(options->command, "--trace -: a trace goes to a file; name one");
    if (options->long_trace_path && strcmp(options->long_trace_path, "-") == 0)
        return complain(options->command, "--long-trace -: a trace goes to a file; name one");
    if (outputs_check_files(options->command, files, sizeof(files) / sizeof(*files)) ||
        check_spare_inputs(options, files, sizeof(files) / sizeof(*files)) || check_directories_spare_start(options))
        return GS_BAD_INPUT;
    for (size_t i = 0; i < options->witness_directories.count; i++)
        if (check_directory(options->command, "--witness DIR", options->witness_directories.items[i]))
            return GS_BAD_INPUT;
    return options->samples_directory ? check_directory(options->command, "--samples DIR", options->samples_directory)
                                      : 0;
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
    for (size_t i = 0; i < options->witness_directories.count; i++)
        if (outputs_make_directory(options->command, "--witness DIR", options->witness_directories.items[i]))
            status = GS_BAD_INPUT;
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

static bool write_json_file(const char *path, outputs_printer *print, const void *context, char *error, size_t size)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    must(out != NULL);
    const bool is_printed = print(context, out);
    must(fclose(out) == 0);
    const bool is_written = is_printed && whole_file_write(path, text, length, error, size);
    free(text);
    return is_written;
}

int outputs_write_json(const struct run_options *options, outputs_printer *print, const void *context)
{
    const char *path = options->json_path;
    char error[TRACE_ERROR_SIZE] = "cannot be made";
    if (strcmp(path, "-") != 0)
        return write_json_file(path, print, context, error, sizeof(error))
                   ? 0
                   : complain(options->command, "--json %s", error);
    /* Of a standard output that fails the program complains itself when it ends. */
    return print(context, stdout) || ferror(stdout) ? 0 : complain(options->command, "--json %s: %s", path, error);
}

/* Annotations share standard output with the text, not with JSON. */
int outputs_write_cases(const struct run_options *options, const char *name, outputs_cases *add, const void *report)
{
    const bool json_is_output = options->json_path && strcmp(options->json_path, "-") == 0;
    const struct case_outputs outputs = {options->junit_path, options->sarif_path, json_is_output ? NULL : stdout};
    if (!case_outputs_are_wanted(&outputs))
        return 0;
    struct case_group group = {.name = name, .path = plugin_is_file(options->protocol) ? options->protocol : NULL};
    add(&group, report);
    const struct case_group *groups[] = {&group};
    const int status =
        case_outputs_write(options->command, &outputs, &(struct case_report){name, groups, 1, group.seconds});
    cases_free(&group);
    return status;
}
