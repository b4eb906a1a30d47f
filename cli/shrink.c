/* gainsay shrink: the few events of a trace that matter. The best trace so far is in the output file at any time. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checker/shrink.h"
#include "cli/arguments.h"
#include "cli/best_trace.h"
#include "cli/commands.h"
#include "cli/complain.h"
#include "cli/numbers.h"
#include "cli/trace_source.h"
#include "core/die.h"
#include "traces/smaller_run.h"

enum { THREADS_MAX = 256, SECONDS = 10 };

struct shrink_options {
    const char *path, *output, *protocol;
    struct shrink_limits limits;
    bool is_quiet;
};

enum {
    KEY_MAX_SECONDS = 256,
    KEY_MAX_STATES,
    KEY_OUTPUT,
    KEY_PROTOCOL,
    KEY_KEEP_CONFIGURATION,
    KEY_THREADS,
    KEY_QUIET
};

static const struct argp_option shrink_options_table[] = {
    {.name = "max-seconds",
     .key = KEY_MAX_SECONDS,
     .arg = "S",
     .doc = "Stop after S seconds, with the best trace so far (default: 10); 0: no limit, and the same result every "
            "time"},
    {.name = "max-states",
     .key = KEY_MAX_STATES,
     .arg = "N",
     .doc = "Search no more than N states of a configuration exhaustively (default: 1000000)"},
    {.name = "output",
     .key = KEY_OUTPUT,
     .arg = "FILE",
     .doc = "Write to this file (default: bug.min.trace for bug.trace); it may be the trace itself"},
    {.name = "keep-configuration",
     .key = KEY_KEEP_CONFIGURATION,
     .doc = "Leave nodes, options, budgets and mutants as they are"},
    {.name = "protocol",
     .key = KEY_PROTOCOL,
     .arg = "PROTOCOL|FILE",
     .doc = "Take this protocol (a name, FILE.c or FILE.so) instead of the one that the trace names"},
    {.name = "threads",
     .key = KEY_THREADS,
     .arg = "N",
     .doc = "Search exhaustively on so many threads (default: one per core); the result is the same"},
    {.name = "quiet", .key = KEY_QUIET, .doc = "No progress, and one line of what came out"},
    {0},
};

static error_t set_path(struct shrink_options *options, const char *path)
{
    if (options->path) {
        complain("shrink", "%s: one trace at a time, and there is '%s' already", path, options->path);
        return EINVAL;
    }
    options->path = path;
    return 0;
}

static error_t set_output(struct shrink_options *options, const char *path)
{
    if (*path) {
        options->output = path;
        return 0;
    }
    complain("shrink", "--output: the name of the file is empty");
    return EINVAL;
}

/* 0 is a number of seconds too: no limit. */
static error_t set_seconds(struct shrink_options *options, const char *text)
{
    if (number_parse_seconds(text, &options->limits.seconds))
        return 0;
    options->limits.seconds = 0;
    if (strcmp(text, "0") == 0)
        return 0;
    complain("shrink", "--max-seconds %s: a number of seconds, as 90 or 0.5; 0: no limit", text);
    return EINVAL;
}

static error_t set_number(struct shrink_options *options, int key, const char *text)
{
    uint64_t threads;

    switch (key) {
    case KEY_MAX_SECONDS:
        return set_seconds(options, text);
    case KEY_MAX_STATES:
        if (number_parse(text, 1, UINT64_MAX, &options->limits.states_max))
            return 0;
        complain("shrink", "--max-states %s: a number from 1 on", text);
        return EINVAL;
    default:
        if (!number_parse(text, 1, THREADS_MAX, &threads)) {
            complain("shrink", "--threads %s: a number from 1 to %d", text, THREADS_MAX);
            return EINVAL;
        }
        options->limits.threads = (unsigned)threads;
        return 0;
    }
}

static error_t check_usage(const struct shrink_options *options)
{
    if (options->path)
        return 0;
    complain("shrink", "which trace? gainsay shrink TRACE");
    return EINVAL;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct shrink_options *options = state->input;

    switch (key) {
    case KEY_MAX_SECONDS:
    case KEY_MAX_STATES:
    case KEY_THREADS:
        return set_number(options, key, text);
    case KEY_OUTPUT:
        return set_output(options, text);
    case KEY_PROTOCOL:
        options->protocol = text;
        return 0;
    case KEY_KEEP_CONFIGURATION:
        options->limits.keep_configuration = true;
        return 0;
    case KEY_QUIET:
        options->is_quiet = true;
        return 0;
    case ARGP_KEY_ARG:
        return set_path(options, text);
    case ARGP_KEY_END:
        return check_usage(options);
    }
    return ARGP_ERR_UNKNOWN;
}

const struct argp shrink_argp = {
    .options = shrink_options_table,
    .parser = parse,
    .args_doc = "TRACE",
    .doc =
        "Minimises a trace: the fewest events, in the smallest configuration, that still show the same violation (or "
        "misbehaviour, or goal). Of a run that misses a deadline, by other draws of its clock. Says how short that is: "
        "globally shortest, 1-minimal, or best effort.\v"
        "The best trace so far is in the output file at any time. Ctrl-C ends it with that one.\n"
        "\n"
        "Exit codes: 0 shrunk, 1 it does not show its violation any more, 2 bad usage or input.\n"
        "\n"
        "Examples:\n"
        "  gainsay shrink bug.trace                    # writes bug.min.trace\n"
        "  gainsay shrink bug.trace --max-seconds 60 --output small.trace\n"
        "  gainsay shrink bug.trace --keep-configuration\n",
};

/* ---- The best so far, on disk ---- */

struct keeping {
    const struct shrink_options *options;
    struct best_trace best;
    bool shows_progress;
    size_t steps;
};

static void keep(void *context, const struct trace *trace)
{
    struct keeping *keeping = context;

    if (keeping->shows_progress && trace->step_count != keeping->steps)
        fprintf(stderr, "\r%zu steps\033[K", trace->step_count);
    keeping->steps = trace->step_count;
    best_trace_offer(&keeping->best, trace);
}

/* "bug.min.trace" for "bug.trace"; owned by the caller. */
static char *output_beside(const char *path)
{
    const char *slash = strrchr(path, '/'), *dot = strrchr(slash ? slash : path, '.');
    const bool has_extension = dot && dot > (slash ? slash + 1 : path);
    const int stem = has_extension ? (int)(dot - path) : (int)strlen(path);
    char *output;

    must(asprintf(&output, "%.*s.min%s", stem, path, has_extension ? dot : ".trace") >= 0);
    return output;
}

/* ---- What came out ---- */

static void print_configuration(const struct trace *before, const struct trace *after)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    must(out != NULL);
    smaller_print_traces(before, after, out);
    must(fclose(out) == 0);
    if (text[0])
        printf("  configuration  %s\n", text);
    free(text);
}

static void print_effort(const struct shrunk *shrunk)
{
    char runs[NUMBER_TEXT_SIZE], events[NUMBER_TEXT_SIZE], states[NUMBER_TEXT_SIZE];

    printf("  effort         %s runs of %s events, and searches of %s states, in %.2f s\n",
           number_text(shrunk->tried, runs), number_text(shrunk->applied, events),
           number_text(shrunk->searched_states + shrunk->exhaustive_states, states), shrunk->seconds);
}

static void print_result(const struct keeping *keeping, const struct trace *given, const struct shrunk *shrunk)
{
    const struct trace *trace = shrunk->trace;
    const bool is_goal = trace_kind(trace) == TRACE_OF_GOAL;

    printf("%s: %s is %s in %zu step%s (before: %zu)%s%s\n", keeping->options->path, trace_property_name(trace),
           is_goal ? "met" : "violated", trace->step_count, trace->step_count == 1 ? "" : "s", shrunk->steps_before,
           trace->explanation[0] ? ": " : "", trace->explanation);
    if (keeping->options->is_quiet)
        return;
    fputs("  guarantee      ", stdout);
    shrunk_print_guarantee(shrunk, keeping->options->limits.seconds, stdout);
    fputc('\n', stdout);
    print_configuration(given, trace);
    print_effort(shrunk);
    if (!keeping->best.error[0])
        printf("  trace          %s\n", keeping->best.path);
}

static int shrink_and_report(struct keeping *keeping, const struct trace *given)
{
    struct shrink_limits limits = keeping->options->limits;
    struct shrunk shrunk;
    char error[TRACE_ERROR_SIZE];

    limits.catch_signals = true;
    limits.without_exhaustive = given->run->timed; /* a search has no clock, for which its handlers ask */
    limits.better = keep;
    limits.context = keeping;
    const bool is_shrunk = shrink_trace(given, &limits, &shrunk, error, sizeof(error));
    if (keeping->shows_progress)
        fputs("\r\033[K", stderr);
    int status = 0;
    if (is_shrunk) {
        best_trace_write(&keeping->best, shrunk.trace);
        print_result(keeping, given, &shrunk);
        status = keeping->best.error[0] ? complain("shrink", "%s", keeping->best.error) : 0;
    } else {
        complain("shrink", "%s: %s", keeping->options->path, error);
        status = GS_VIOLATION;
    }
    shrunk_free(&shrunk);
    return status;
}

/* ---- What is shrunk ---- */

static bool shows_its_claim(const struct trace_file *file)
{
    struct replay replay;

    trace_replay(trace_file_trace(file), NULL, NULL, &replay);
    return replay.end == REPLAY_VIOLATED;
}

/* The file's events, or those of today that they mean, if they show what it claims. */
static int shrink_loaded(const struct shrink_options *options, const struct loaded_trace *loaded)
{
    const struct trace_file_info info = trace_source_origin(loaded);
    struct keeping keeping = {.options = options, .shows_progress = !options->is_quiet && isatty(STDERR_FILENO)};
    char error[TRACE_ERROR_SIZE];

    best_trace_begin(&keeping.best, options->output, &info);
    const struct trace *given = trace_file_trace(loaded->file);
    if (trace_kind(given) == TRACE_SAMPLE && !trace_is_late(given))
        return complain("shrink", "%s: it is a sample, of which nothing is claimed: there is nothing to keep",
                        options->path);
    if (!trace_file_is_writable(options->output, error, sizeof(error)))
        return complain("shrink", "--output %s", error);
    if (trace_is_late(given))
        return shrink_and_report(&keeping, given);
    struct trace *meant = shows_its_claim(loaded->file) ? NULL : trace_file_meant(loaded->file);
    if (!meant && !shows_its_claim(loaded->file)) {
        complain("shrink", "%s: it does not show what it claims any more ('gainsay replay' says why)", options->path);
        return GS_VIOLATION;
    }
    const int code = shrink_and_report(&keeping, meant ? meant : given);
    trace_free(meant);
    return code;
}

int shrink_command(int argc, char **argv)
{
    struct shrink_options options = {.limits.seconds = SECONDS};
    struct loaded_trace loaded;
    int status = arguments_parse("shrink", &shrink_argp, argc, argv, &options);

    if (status)
        return status;
    loaded = (struct loaded_trace){.command = "shrink", .protocol = options.protocol};
    status = trace_source_load(&loaded, options.path);
    if (status)
        return status;
    char *beside = options.output ? NULL : output_beside(options.path);
    options.output = beside ? beside : options.output;
    status = shrink_loaded(&options, &loaded);
    free(beside);
    trace_source_free(&loaded);
    return status;
}
