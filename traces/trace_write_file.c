/* Writing trace files. A trace is only events: what each did is found by replaying it while it is written. */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "core/die.h"
#include "traces/json_trace.h"
#include "traces/whole_file.h"

struct writing {
    const struct trace *trace;
    struct bytes lines; /* starts and steps */
    char *error;
    size_t error_size;
};

__attribute__((format(printf, 3, 4))) static bool fail(char *error, size_t error_size, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(error, error_size, format, arguments);
    va_end(arguments);
    return false;
}

/* ---- The bytes of a file ---- */

/* Appends the line, which it releases. */
static bool append_line(struct bytes *lines, json_t *line)
{
    char *text = json_dumps(line, JSON_COMPACT);
    if (!text)
        die("a line of a trace file cannot be printed");
    const size_t length = strlen(text);
    const bool fits = length < TRACE_LINE_MAX && lines->size + length < TRACE_FILE_MAX;

    json_decref(line);
    if (fits) {
        text[length] = '\n';
        bytes_append(lines, text, length + 1);
    }
    free(text);
    return fits;
}

static bool visit_event(void *context, const struct replayed *replayed)
{
    struct writing *writing = context;
    const bool is_expected = replayed->result == WORLD_STEP || replayed->result == WORLD_MISBEHAVED;

    return !is_expected || append_line(&writing->lines, json_trace_event(writing->trace, replayed));
}

static bool refuse_size(const struct writing *writing)
{
    return fail(writing->error, writing->error_size,
                "the trace is too large for a file: a line holds up to %d MiB, a file up to %d MiB",
                TRACE_LINE_MAX >> 20, TRACE_FILE_MAX >> 20);
}

static bool replay_events(struct writing *writing, struct replay *replay)
{
    trace_replay(writing->trace, visit_event, writing, replay);
    if (replay->end == REPLAY_STOPPED)
        return refuse_size(writing);
    if (replay->end != REPLAY_VIOLATED && replay->end != REPLAY_SAMPLED)
        return fail(writing->error, writing->error_size, "the trace does not replay: step %zu: %s", replay->number,
                    replay->reason);
    return true;
}

/* info: with paths as they stand in the file. */
static bool render(struct writing *writing, const struct trace_file_info *info, struct bytes *all)
{
    struct replay replay;

    if (!replay_events(writing, &replay))
        return false;
    const struct trace *trace = writing->trace;
    const char *explanation = trace_is_late(trace) ? trace->explanation : replay.reason;
    if (!append_line(all, json_trace_header(trace, explanation, info)))
        return refuse_size(writing);
    bytes_append(all, writing->lines.data, writing->lines.size);
    const uint64_t digest = json_trace_digest(all->data, all->size);
    const enum trace_kind kind = trace_kind(trace);
    const bool is_sample = kind == TRACE_SAMPLE && !trace_is_late(trace);
    const char *property = is_sample ? NULL : trace_property_name(trace);
    return append_line(all, json_trace_end(kind, property, trace->step_count, &digest)) || refuse_size(writing);
}

/* ---- Paths in it ---- */

/* Length of the longest common prefix of two absolute paths that ends with a whole component. */
static size_t common_prefix(const char *a, const char *b)
{
    size_t common = 0, i = 0;

    for (; a[i] && a[i] == b[i]; i++)
        if (a[i] == '/')
            common = i;
    if ((!a[i] && (!b[i] || b[i] == '/')) || (!b[i] && a[i] == '/'))
        common = i;
    return common;
}

/* The path of an existing file as seen from an existing directory; NULL: errno says why. */
static char *relative_path(const char *directory, const char *path)
{
    char from[PATH_MAX], to[PATH_MAX];

    if (!realpath(directory, from) || !realpath(path, to))
        return NULL;
    if (strcmp(from, "/") == 0)
        from[0] = '\0';
    const size_t common = common_prefix(from, to);
    size_t ups = 0;
    for (const char *c = from + common; *c; c++)
        ups += *c == '/';
    char *relative = die_alloc(3 * ups + strlen(to + common) + 1);
    relative[0] = '\0';
    for (size_t i = 0; i < ups; i++)
        strcat(relative, "../");
    strcat(relative, to[common] == '/' ? to + common + 1 : to + common);
    return relative;
}

static char *directory_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (!slash)
        return strdup(".");
    return slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

static void free_paths(struct trace_file_info *info)
{
    for (size_t i = 0; info->extensions && info->extensions[i]; i++)
        free((void *)(uintptr_t)info->extensions[i]);
    free((void *)(uintptr_t)info->extensions);
    free((void *)(uintptr_t)info->plugin);
}

static bool make_relative(const struct writing *writing, const char *directory, const char *path, const char **relative)
{
    *relative = relative_path(directory, path);
    return *relative || fail(writing->error, writing->error_size, "cannot find the way from %s to %s: %s", directory,
                             path, strerror(errno));
}

/* `seen`: info with paths relative to the directory; free_paths releases it, also after failure. */
static bool see_paths_from(const struct writing *writing, const char *directory, const struct trace_file_info *info,
                           struct trace_file_info *seen)
{
    size_t count = 0;

    *seen = (struct trace_file_info){.has_seed = info->has_seed, .seed = info->seed};
    while (info->extensions && info->extensions[count])
        count++;
    const char **extensions = die_calloc(count + 1, sizeof(*extensions));
    seen->extensions = extensions;
    for (size_t i = 0; i < count; i++)
        if (!make_relative(writing, directory, info->extensions[i], &extensions[i]))
            return false;
    return !info->plugin || make_relative(writing, directory, info->plugin, &seen->plugin);
}

/* The whole file, for a file in that directory. */
static bool make_bytes(const struct trace *trace, const char *directory, const struct trace_file_info *info,
                       struct bytes *all, char *error, size_t error_size)
{
    static const struct trace_file_info nothing = {0};
    struct writing writing = {.trace = trace, .error = error, .error_size = error_size};
    struct trace_file_info seen;

    const bool is_made =
        see_paths_from(&writing, directory, info ? info : &nothing, &seen) && render(&writing, &seen, all);
    free_paths(&seen);
    bytes_free(&writing.lines);
    return is_made;
}

/* ---- Putting it in place ---- */

bool trace_file_is_writable(const char *path, char *error, size_t error_size)
{
    return whole_file_is_writable(path, error, error_size);
}

bool trace_file_write(const struct trace *trace, const char *path, const struct trace_file_info *info, char *error,
                      size_t error_size)
{
    struct bytes all = {0};
    char *target = whole_file_target(path), *directory = directory_of(target);

    const bool is_written = make_bytes(trace, directory, info, &all, error, error_size) &&
                            whole_file_write(path, all.data, all.size, error, error_size);
    free(directory);
    free(target);
    bytes_free(&all);
    return is_written;
}

bool trace_file_print(const struct trace *trace, FILE *out, const struct trace_file_info *info, char *error,
                      size_t error_size)
{
    struct bytes all = {0};
    bool is_written = make_bytes(trace, ".", info, &all, error, error_size);

    if (is_written && (fwrite(all.data, 1, all.size, out) != all.size || fflush(out) != 0))
        is_written = fail(error, error_size, "cannot write: %s", strerror(errno));
    bytes_free(&all);
    return is_written;
}
