/* The file is in memory only: a fuzzer comes here thousands of times a second. */
#include "tests/fuzz_inputs/trace_input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/fields.h"
#include "tests/test_trace_model.h"
#include "traces/walk.h"

extern const struct gs_model raft;

#define EXPECT(condition, text) ((condition) ? (void)0 : report_and_abort(#condition, text))

_Noreturn static void report_and_abort(const char *condition, const char *text)
{
    fprintf(stderr, "trace_input: expected %s, and there is: %s\n", condition, text);
    abort();
}

static bool is_a_line(const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c; c++)
        if (*c < ' ' || *c == 0x7f)
            return false;
    return *text != '\0';
}

/* Any plugin stands for the next version of the tests' protocol. */
static bool resolve(void *context, const char *protocol, const char *plugin, const char *const *extensions,
                    struct trace_sources *sources, char *error, size_t error_size)
{
    const struct gs_model *const known[] = {&raft, &two_phase_commit, plugin ? rig_later() : &rig};
    (void)context;
    (void)extensions;
    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
        if (strcmp(known[i]->name, protocol) == 0)
            sources->model = known[i];
    return sources->model || fields_refuse(error, error_size, "there is no such protocol");
}

static struct trace_file *load(const void *data, size_t size, char *error)
{
    char path[64];
    const int descriptor = memfd_create("trace", MFD_CLOEXEC);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", descriptor);
    EXPECT(descriptor >= 0 && write(descriptor, data, size) == (ssize_t)size, path);
    struct trace_file *file = trace_file_read(path, resolve, NULL, error, TRACE_ERROR_SIZE);
    close(descriptor);
    if (!file)
        EXPECT(strncmp(error, path, strlen(path)) == 0 && is_a_line(error), error);
    return file;
}

static enum trace_outcome replay(const struct trace_file *file)
{
    static struct trace_report report;
    const enum trace_outcome outcome = trace_file_replay(file, &report);
    if (outcome == TRACE_REPRODUCES)
        EXPECT(report.reason[0] == '\0', report.reason);
    else
        EXPECT(is_a_line(report.reason), report.reason);
    for (char *rest = report.notes, *line = strsep(&rest, "\n"); rest; line = strsep(&rest, "\n"))
        EXPECT(is_a_line(line), line);
    return outcome;
}

static void print_text(const struct trace *trace)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    EXPECT(out != NULL, "no memory");
    trace_print_text(trace, out);
    EXPECT(fclose(out) == 0 && size > 0 && strlen(text) == size, "a NUL byte, or nothing");
    free(text);
}

static void expect_reproduces(const char *text, size_t size)
{
    char error[TRACE_ERROR_SIZE] = "";
    struct trace_file *file = load(text, size, error);
    EXPECT(file != NULL, error);
    EXPECT(replay(file) == TRACE_REPRODUCES, text);
    trace_file_free(file);
}

/* Without its paths: there are no files behind them. */
static void write_again(const struct trace_file *file, enum trace_outcome outcome)
{
    char error[TRACE_ERROR_SIZE] = "";
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    EXPECT(out != NULL, "no memory");
    const bool is_written = trace_file_print(trace_file_trace(file), out, NULL, error, sizeof(error));
    fclose(out);
    if (outcome == TRACE_REPRODUCES)
        EXPECT(is_written, error);
    if (!is_written)
        EXPECT(is_a_line(error), error);
    else if (!trace_file_origin(file)->plugin)
        expect_reproduces(text, size);
    free(text);
}

/* What is meant is a trace that is written, read and reproduces. */
static void rewrite(const struct trace_file *file)
{
    char error[TRACE_ERROR_SIZE] = "";
    char *text;
    size_t size;
    struct trace *meant = trace_file_meant(file);
    if (!meant)
        return;
    FILE *out = open_memstream(&text, &size);
    EXPECT(out != NULL, "no memory");
    EXPECT(trace_file_print(meant, out, NULL, error, sizeof(error)), error);
    fclose(out);
    if (!trace_file_origin(file)->plugin)
        expect_reproduces(text, size);
    free(text);
    trace_free(meant);
}

/* Forth as far as it goes, and back: never stuck, and kept as a trace that replays. */
static void walk(const struct trace *trace)
{
    char error[TRACE_ERROR_SIZE] = "";
    struct walk *walk = walk_new(trace, error, sizeof(error));
    struct replay replay;
    if (!walk)
        return;
    if (!walk_go(walk, walk_length(walk), error, sizeof(error)))
        EXPECT(is_a_line(error), error);
    struct trace *kept = walk_trace(walk);
    trace_replay(kept, NULL, NULL, &replay);
    EXPECT(replay.end == REPLAY_VIOLATED || replay.end == REPLAY_SAMPLED, replay.reason);
    EXPECT(walk_go(walk, walk_position(walk) / 2, error, sizeof(error)), error);
    trace_free(kept);
    walk_free(walk);
}

void trace_input_try(const uint8_t *data, size_t size)
{
    char error[TRACE_ERROR_SIZE] = "";
    struct trace_file *file = load(data, size, error);
    if (!file)
        return;
    const enum trace_outcome outcome = replay(file);
    print_text(trace_file_trace(file));
    write_again(file, outcome);
    rewrite(file);
    walk(trace_file_trace(file));
    trace_file_free(file);
}
