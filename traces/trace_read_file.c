/* Reading trace files: bytes, lines, events; and whether they are what was written. */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "core/die.h"
#include "core/run_setup.h"
#include "traces/input_file.h"
#include "traces/json_event.h"
#include "traces/json_trace.h"
#include "traces/line.h"
#include "traces/trace_loaded_file.h"

enum { CHUNK_SIZE = 1 << 16, REASON_SIZE = 1024, PATH_SHOWN = 1000 };

/* A file while it is loaded. */
struct loading {
    struct trace_file *file;
    struct json_reader reader; /* writes to reason */
    char reason[REASON_SIZE];
    char *error;
    size_t error_size;
    size_t timed_steps;           /* steps so far that say when they happened */
    int64_t last_at;              /* when the last of them did */
    int64_t clocks[GS_NODES_MAX]; /* the highest that each node's clock has shown */
};

__attribute__((format(printf, 3, 4))) static bool refuse(struct loading *loading, size_t line, const char *format, ...)
{
    char reason[TRACE_ERROR_SIZE];
    const char *path = loading->file->path;
    const char *cut = strlen(path) > PATH_SHOWN ? "[...]" : "";
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(reason, sizeof(reason), format, arguments);
    va_end(arguments);
    if (line)
        snprintf(loading->error, loading->error_size, "%.*s%s:%zu: %s", PATH_SHOWN, path, cut, line, reason);
    else
        snprintf(loading->error, loading->error_size, "%.*s%s: %s", PATH_SHOWN, path, cut, reason);
    line_clean(loading->error, false);
    return false;
}

void trace_file_note(struct trace_file *file, size_t line, const char *format, ...)
{
    char *text = NULL, *all = NULL;
    va_list arguments;

    va_start(arguments, format);
    const int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    must(length >= 0);
    line_clean(text, false);
    must(asprintf(&all, "%s%s:%zu: %s\n", file->notes ? file->notes : "", file->path, line, text) >= 0);
    free(text);
    free(file->notes);
    file->notes = all;
}

/* ---- Bytes and lines ---- */

/* Up to the first NUL, if there is one: nothing behind it can be right. */
static bool read_stream(struct loading *loading, FILE *stream)
{
    struct bytes *bytes = &loading->file->bytes;
    char chunk[CHUNK_SIZE];
    size_t size;

    while ((size = fread(chunk, 1, sizeof(chunk), stream)) > 0) {
        bytes_append(bytes, chunk, size);
        if (memchr(chunk, '\0', size))
            return true;
        if (bytes->size > TRACE_FILE_MAX)
            return refuse(loading, 0, "is larger than %d MiB", TRACE_FILE_MAX >> 20);
    }
    return !ferror(stream) || refuse(loading, 0, "cannot read: %s", strerror(errno));
}

/* What editors, mail and git's core.autocrlf add is not the trace's, nor in its digest: a byte order mark, and carriage
 * returns before newlines. */
static void remove_foreign_marks(struct bytes *bytes)
{
    const bool has_mark = bytes->size >= 3 && memcmp(bytes->data, "\xef\xbb\xbf", 3) == 0;
    size_t kept = 0;

    for (size_t i = has_mark ? 3 : 0; i < bytes->size; i++)
        if (bytes->data[i] != '\r' || i + 1 == bytes->size || bytes->data[i + 1] != '\n')
            bytes->data[kept++] = bytes->data[i];
    bytes->size = kept;
}

static bool read_bytes(struct loading *loading)
{
    FILE *stream = input_file_open(loading->file->path);

    if (!stream)
        return refuse(loading, 0, "cannot read: %s", strerror(errno));
    const bool is_read = read_stream(loading, stream);
    fclose(stream);
    remove_foreign_marks(&loading->file->bytes);
    return is_read;
}

static bool add_line(struct loading *loading, size_t start, size_t *capacity)
{
    struct trace_file *file = loading->file;
    const uint8_t *newline = memchr(file->bytes.data + start, '\n', file->bytes.size - start);
    const size_t end = newline ? (size_t)(newline - file->bytes.data) : file->bytes.size;
    const size_t line = file->line_count + 1;

    if (memchr(file->bytes.data + start, '\0', end - start))
        return refuse(loading, line, "there is a NUL byte in the line");
    if (end - start > TRACE_LINE_MAX)
        return refuse(loading, line, "the line is longer than %d MiB", TRACE_LINE_MAX >> 20);
    if (!newline)
        return refuse(loading, line, "the line does not end: the file is truncated");
    file->ends = die_grow(file->ends, capacity, line, sizeof(*file->ends));
    file->ends[file->line_count++] = end;
    return true;
}

static bool split_lines(struct loading *loading)
{
    struct trace_file *file = loading->file;
    size_t capacity = 0;

    for (size_t start = 0; start < file->bytes.size; start = file->ends[file->line_count - 1] + 1)
        if (!add_line(loading, start, &capacity))
            return false;
    return file->line_count || refuse(loading, 1, "the file is empty");
}

static size_t line_start(const struct trace_file *file, size_t line)
{
    return line > 1 ? file->ends[line - 2] + 1 : 0;
}

json_t *trace_line_parse(const struct trace_file *file, size_t line, char *error, size_t error_size)
{
    const size_t start = line_start(file, line);
    json_error_t reason;
    json_t *json = json_loadb((const char *)file->bytes.data + start, file->ends[line - 1] - start,
                              JSON_REJECT_DUPLICATES, &reason);

    if (!json)
        snprintf(error, error_size, "not a line of JSON: %s (byte %d)", reason.text, reason.position);
    else if (!json_is_object(json))
        snprintf(error, error_size, "expected an object, not %s", json_type_name(json));
    if (!json || json_is_object(json))
        return json;
    json_decref(json);
    return NULL;
}

/* The start of a node, among the lines that are starts. */
static size_t line_of_start(const struct trace_file *file, const char *node)
{
    char error[200];
    size_t found = 0;

    for (size_t line = 2; !found && line < 2 + file->start_lines; line++) {
        json_t *json = trace_line_parse(file, line, error, sizeof(error));
        const char *name = json_string_value(json_object_get(json, "start"));
        found = name && strcmp(name, node) == 0 ? line : 0;
        json_decref(json);
    }
    return found;
}

size_t trace_line_of(const struct trace_file *file, size_t number, gs_node node)
{
    return number ? 1 + file->start_lines + number : line_of_start(file, gs_run_name(file->run, node));
}

/* ---- What the protocol does not have ---- */

void trace_file_set_foreign(struct trace_file *file, size_t line, size_t step, const struct event *near,
                            const char *format, ...)
{
    va_list arguments;
    struct trace_foreign *foreign = line == 1 ? &file->foreign_claim : &file->foreign_event;

    if (foreign->line)
        return;
    *foreign = (struct trace_foreign){.line = line, .step = step};
    va_start(arguments, format);
    must(vasprintf(&foreign->reason, format, arguments) >= 0);
    va_end(arguments);
    line_clean(foreign->reason, false);
    if (near)
        foreign->near = *near;
    foreign->near.message = NULL;
}

struct json_reader trace_file_reader(const struct trace_file *file, char *error, size_t error_size)
{
    return (struct json_reader){
        .run = file->run, .by_meaning = !file->is_same_model, .error = error, .error_size = error_size};
}

/* ---- Events ---- */

bool trace_digest_read(const struct json_reader *reader, const struct json_place *place, const json_t *json,
                       uint64_t *digest)
{
    const char *text;

    *digest = 0;
    if (!json_read_text(reader, place, json, &text))
        return false;
    if (strlen(text) != 16 || strspn(text, "0123456789abcdef") != 16)
        return json_refuse(reader, place, "expected 16 hexadecimal digits in lower case");
    *digest = strtoull(text, NULL, 16);
    return true;
}

/* A step has a fingerprint, unless it is the one that misbehaves: the last, of a trace about that. */
static bool check_result(const struct loading *loading, const json_t *json, size_t line, enum action action)
{
    const struct trace_file *file = loading->file;
    const struct json_reader *reader = &loading->reader;
    const struct json_place fingerprint_at = {.name = "fingerprint"}, misbehaved_at = {.name = "misbehaved"};
    const json_t *fingerprint = json_object_get(json, "fingerprint");
    const bool is_start = action == ACTION_START;
    uint64_t number;

    if (json_object_get(json, "misbehaved")) {
        if (file->kind != TRACE_OF_MISBEHAVIOUR || line + 1 != file->line_count)
            return json_refuse(reader, &misbehaved_at, "only the last event of a trace to " JUDGE_BEHAVIOUR " has it");
        return !fingerprint || json_refuse(reader, &fingerprint_at, "stands beside misbehaved");
    }
    if (is_start)
        return !fingerprint || json_refuse(reader, &fingerprint_at, "a start line has no such member");
    return trace_digest_read(reader, &fingerprint_at, fingerprint, &number);
}

static bool check_number(const struct loading *loading, const json_t *json, enum action action)
{
    const struct json_place at = {.name = "step"}, start_at = {.name = "start"};
    const size_t steps = loading->file->step_lines;
    uint64_t number;

    if (action == ACTION_START)
        return !steps || json_refuse(&loading->reader, &start_at, "stands after the first step");
    if (!json_read_unsigned(&loading->reader, &at, json_object_get(json, "step"), UINT64_MAX, &number))
        return false;
    return number == steps + 1 || json_refuse(&loading->reader, &at, "expected %zu, not %" PRIu64, steps + 1, number);
}

/* The time of a step: of all of them, or of none, and never before the one before. */
static bool check_at(struct loading *loading, const json_t *json)
{
    const struct json_place at = {.name = "at"};
    const struct trace_file *file = loading->file;
    const json_t *time = json_object_get(json, at.name);

    if (!time && !loading->timed_steps && !file->trace->clock)
        return true;
    if (!time)
        return json_refuse(&loading->reader, &at, "is missing: %s",
                           loading->timed_steps ? "the steps before have it"
                                                : "of a run with a deadline each step has it");
    if (loading->timed_steps != file->step_lines)
        return json_refuse(&loading->reader, &at, "the steps before have none");
    loading->timed_steps++;
    return json_read_signed(&loading->reader, &at, time, loading->last_at, INT64_MAX, &loading->last_at);
}

/* The node whose clock a line's `clock` is; node_count: the protocol has none of that name. */
static unsigned clock_owner(const struct gs_run *run, const json_t *json)
{
    static const char *const members[] = {"start", "to", "node"};
    const char *name = json_string_value(json_array_get(json_object_get(json, "nodes"), 0));
    unsigned node = 0;

    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]) && !name; i++)
        name = json_string_value(json_object_get(json, members[i]));
    while (node < run->node_count && !(name && strcmp(run->nodes[node].name, name) == 0))
        node++;
    return node;
}

/* What a node's clock showed: never less than before. */
static bool check_clock(struct loading *loading, const json_t *json)
{
    const struct json_place at = {.name = "clock"};
    const struct gs_run *run = loading->file->run;
    const json_t *clock = json_object_get(json, at.name);
    const unsigned node = clock_owner(run, json);
    int64_t *last = &loading->clocks[node % GS_NODES_MAX];

    if (!clock)
        return true;
    if (!run->timed)
        return json_refuse(&loading->reader, &at, "the first line does not say that the run is timed");
    return json_read_signed(&loading->reader, &at, clock, node < run->node_count ? *last : 0, INT64_MAX, last);
}

static bool check_times(struct loading *loading, const json_t *json, enum action action)
{
    const struct json_place at = {.name = "at"};

    if (action == ACTION_START && json_object_get(json, at.name))
        return json_refuse(&loading->reader, &at, "a start line has no such member");
    return check_clock(loading, json) && (action == ACTION_START || check_at(loading, json));
}

bool trace_file_read_event(struct trace_file *file, struct trace *trace, size_t line, const json_t *json)
{
    char error[REASON_SIZE];
    const struct json_reader reader = trace_file_reader(file, error, sizeof(error));
    uint8_t *message = die_alloc(file->run->model->message_size);
    struct event event;

    const bool is_read = json_read_event(&reader, json, &event, message);
    if (is_read)
        trace_append(trace, &event);
    else
        trace_file_set_foreign(file, line, event.action == ACTION_START ? 0 : line - 1 - file->start_lines, &event,
                               "%s", error);
    free(message);
    return is_read;
}

/* What is foreign ends the trace, but the lines behind it have to be well formed all the same. */
static bool read_event(struct loading *loading, const json_t *json, size_t line)
{
    struct trace_file *file = loading->file;
    enum action action;

    if (!json_event_shape(&loading->reader, json, &action) || !check_number(loading, json, action) ||
        !check_result(loading, json, line, action) || !check_times(loading, json, action))
        return false;
    *(action == ACTION_START ? &file->start_lines : &file->step_lines) += 1;
    if (!file->foreign_event.line)
        trace_file_read_event(file, file->trace, line, json);
    return true;
}

/* ---- The end ---- */

static bool check_end_members(const struct loading *loading, const json_t *json)
{
    static const char *const known[] = {"end", "property", "steps", "digest"};
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)json, name, value)
    {
        bool is_known = false;
        for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
            is_known |= strcmp(known[i], name) == 0;
        if (!is_known)
            return json_refuse(&loading->reader, &(struct json_place){.name = name},
                               "the last line has no such member");
    }
    return true;
}

/* All but the digest have to be what the rest of the file says. */
static bool check_end(const struct loading *loading, const json_t *json)
{
    const struct trace_file *file = loading->file;
    json_t *expected = json_trace_end(file->kind, file->property, file->step_lines, NULL);
    const char *name;
    json_t *value;
    bool is_right = check_end_members(loading, json);

    json_object_foreach(expected, name, value)
    {
        const struct json_place at = {.name = name};
        const json_t *said = json_object_get(json, name);
        if (is_right && !json_equal(said, value)) {
            char *text = json_dumps(value, JSON_ENCODE_ANY);
            is_right = json_refuse(&loading->reader, &at, "%s; the lines before it make it %s",
                                   said ? "is wrong" : "is missing", text);
            free(text);
        }
    }
    json_decref(expected);
    return is_right;
}

/* A digest that does not fit says that something was changed; replaying may say what. */
static bool refuse_digest(struct loading *loading, uint64_t said, uint64_t digest)
{
    struct trace_report *report = die_calloc(1, sizeof(*report));

    trace_file_replay(loading->file, report);
    refuse(loading, loading->file->line_count,
           "digest: is %016" PRIx64 ", but the lines before it have %016" PRIx64
           ": they were changed after they were written (to replay an edited file, take the digest out)%s%.3000s",
           said, digest, report->reason[0] ? "; first difference: " : "", report->reason);
    free(report);
    return false;
}

static bool check_digest(struct loading *loading, const json_t *json)
{
    struct trace_file *file = loading->file;
    const json_t *digest = json_object_get(json, "digest");
    const size_t line = file->line_count;
    uint64_t said;

    if (!digest) {
        trace_file_note(file, line, "digest: there is none, so the file was edited by hand");
        return true;
    }
    if (!trace_digest_read(&loading->reader, &(struct json_place){.name = "digest"}, digest, &said))
        return refuse(loading, line, "%s", loading->reason);
    const uint64_t number = json_trace_digest(file->bytes.data, line_start(file, line));
    return said == number || refuse_digest(loading, said, number);
}

/* ---- The whole ---- */

static bool read_header(struct loading *loading, trace_resolver *resolve, void *context)
{
    json_t *header = trace_line_parse(loading->file, 1, loading->reason, sizeof(loading->reason));

    const bool is_read = header && trace_header_read(loading->file, header, resolve, context, &loading->reader);
    json_decref(header);
    if (header && !is_read && !loading->reason[0]) { /* the resolver has said it */
        loading->error[0] = '\0';
        return false;
    }
    return is_read || refuse(loading, 1, "%s", loading->reason);
}

static bool read_events(struct loading *loading)
{
    const size_t count = loading->file->line_count;

    for (size_t line = 2; line < count; line++) {
        json_t *json = trace_line_parse(loading->file, line, loading->reason, sizeof(loading->reason));
        const bool is_end = json_object_get(json, "end") != NULL;
        const bool is_read = json && !is_end && read_event(loading, json, line);
        json_decref(json);
        if (is_end)
            return refuse(loading, line + 1, "there is a line after the last one, which has \"end\"");
        if (!is_read)
            return refuse(loading, line, "%s", loading->reason);
    }
    return true;
}

static void fit(struct trace_file *file)
{
    const bool is_claim_known = !file->foreign_claim.line || trace_kind(file->trace) == TRACE_SAMPLE;

    if (!file->is_same_model && is_claim_known)
        trace_file_adapt(file);
    /* A handler that misbehaves before what is foreign is not the one that was to. */
    if (file->foreign_event.line && file->kind == TRACE_OF_MISBEHAVIOUR)
        file->trace->property = TRACE_NO_PROPERTY;
}

static bool read_end(struct loading *loading)
{
    const size_t line = loading->file->line_count;
    json_t *json = line > 1 ? trace_line_parse(loading->file, line, loading->reason, sizeof(loading->reason)) : NULL;

    if (line == 1 || (json && !json_object_get(json, "end"))) {
        json_decref(json);
        return refuse(loading, line, "the last line has no \"end\": the file is truncated");
    }
    const bool is_right = json && check_end(loading, json);
    if (is_right)
        fit(loading->file); /* before the digest is checked: a wrong one makes it tell a difference */
    const struct trace_foreign *claim = &loading->file->foreign_claim;
    const bool is_read = is_right      ? check_digest(loading, json)
                         : claim->line ? refuse(loading, claim->line, "%s", claim->reason) /* edited there only */
                                       : refuse(loading, line, "%s", loading->reason);
    json_decref(json);
    return is_read;
}

static bool load(struct loading *loading, trace_resolver *resolve, void *context)
{
    if (!read_bytes(loading) || !split_lines(loading) || !read_header(loading, resolve, context) ||
        !read_events(loading))
        return false;
    return read_end(loading);
}

struct trace_file *trace_file_read(const char *path, trace_resolver *resolve, void *context, char *error,
                                   size_t error_size)
{
    struct trace_file *file = die_calloc(1, sizeof(*file));
    struct loading loading = {.file = file, .error = error, .error_size = error_size};

    file->path = strdup(path);
    loading.reader = (struct json_reader){.error = loading.reason, .error_size = sizeof(loading.reason)};
    if (load(&loading, resolve, context))
        return file;
    trace_file_free(file);
    return NULL;
}

void trace_file_free(struct trace_file *file)
{
    if (!file)
        return;
    trace_free(file->trace);
    run_free(file->run);
    for (size_t i = 0; file->origin.extensions && file->origin.extensions[i]; i++)
        free((void *)(uintptr_t)file->origin.extensions[i]);
    free((void *)(uintptr_t)file->origin.extensions);
    free((void *)(uintptr_t)file->origin.plugin);
    bytes_free(&file->bytes);
    free(file->ends);
    free(file->notes);
    free(file->property);
    free(file->foreign_claim.reason);
    free(file->foreign_event.reason);
    free(file->path);
    free(file);
}

const struct gs_run *trace_file_run(const struct trace_file *file)
{
    return file->run;
}

const struct trace *trace_file_trace(const struct trace_file *file)
{
    return file->trace;
}

bool trace_file_is_of_today(const struct trace_file *file)
{
    return file->is_same_model;
}

const struct trace_file_info *trace_file_origin(const struct trace_file *file)
{
    return &file->origin;
}

struct trace_claim trace_file_claim(const struct trace_file *file)
{
    return (struct trace_claim){file->property, file->kind_name, file->step_lines};
}

bool trace_file_is_known(const struct trace_file *file, char *error, size_t error_size)
{
    const struct trace_foreign *foreign = file->foreign_claim.line ? &file->foreign_claim : &file->foreign_event;

    if (!foreign->line)
        return true;
    snprintf(error, error_size, "%s:%zu: %s (gainsay replay says how far the trace goes)", file->path, foreign->line,
             foreign->reason);
    return false;
}
