/* gainsay replay: each trace file, from the initial state, compared line by line. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/replay_json.h"
#include "cli/trace_source.h"
#include "core/guard.h"

struct replay_options {
    struct name_list paths;
    const char *protocol, *json_path;
    json_t *json; /* of --json; NULL: not asked for */
};

enum { KEY_PROTOCOL = 256, KEY_JSON };

static const struct argp_option replay_options_table[] = {
    {.name = "protocol",
     .key = KEY_PROTOCOL,
     .arg = "PROTOCOL|FILE",
     .doc = "Replay on this protocol (a name, FILE.c or FILE.so) instead of the one that the trace names"},
    {.name = "json",
     .key = KEY_JSON,
     .arg = "FILE",
     .doc = "Also write what came out as one JSON object ('-': to standard output, instead of text)"},
    {0},
};

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct replay_options *options = state->input;
    switch (key) {
    case KEY_PROTOCOL:
        options->protocol = text;
        return 0;
    case KEY_JSON:
        options->json_path = text;
        return 0;
    case ARGP_KEY_ARG:
        name_list_add(&options->paths, text);
        return 0;
    case ARGP_KEY_END:
        if (options->paths.count)
            return 0;
        complain("replay", "which trace? gainsay replay TRACE...");
        return EINVAL;
    }
    return ARGP_ERR_UNKNOWN;
}

const struct argp replay_argp = {
    .options = replay_options_table,
    .parser = parse,
    .args_doc = "TRACE...",
    .doc = "Replays trace files and compares everything that they say.\v"
           "Exit codes: 0 all reproduce, 1 one no longer violates its property or diverges, 2 bad usage or input.\n"
           "\n"
           "Examples:\n"
           "  gainsay replay bug.trace\n"
           "  gainsay replay traces/*.trace\n"
           "  gainsay replay bug.trace --protocol mine.c\n",
};

/* Each note on its own line, indented below the verdict. */
static void print_notes(const char *notes)
{
    while (*notes) {
        const size_t length = strcspn(notes, "\n");
        printf("  note: %.*s\n", (int)length, notes);
        notes += length + (notes[length] == '\n');
    }
}

static void print_outcome(const char *path, const struct loaded_trace *loaded, const struct trace_report *report)
{
    const struct trace *trace = trace_file_trace(loaded->file);
    const enum trace_kind kind = trace_kind(trace);
    const char *met = kind == TRACE_OF_GOAL ? "met" : "violated";
    switch (report->outcome) {
    case TRACE_REPRODUCES:
        printf("%s: reproduces: %s%s%s in %zu step%s%s%s\n", path, trace_property_name(trace),
               kind == TRACE_SAMPLE ? "" : " is ", kind == TRACE_SAMPLE ? "" : met, trace->step_count,
               trace->step_count == 1 ? "" : "s", trace->explanation[0] ? ": " : "", trace->explanation);
        break;
    case TRACE_NO_LONGER:
        printf("%s: no longer %s: %s\n", path, met, report->reason);
        break;
    case TRACE_DIVERGED:
        printf("%s: diverges: %s\n", path, report->reason);
        break;
    }
    print_notes(report->notes);
}

static int replay(const struct replay_options *options, const char *path)
{
    struct loaded_trace loaded = {.command = "replay", .protocol = options->protocol};
    struct trace_report report;
    const int status = trace_source_load(&loaded, path);
    if (status) {
        if (options->json)
            replay_json_add_bad(options->json, path, loaded.error);
        return status;
    }
    guard_catch();
    trace_file_replay(loaded.file, &report);
    guard_release();
    if (!options->json || strcmp(options->json_path, "-") != 0)
        print_outcome(path, &loaded, &report);
    if (options->json)
        replay_json_add(options->json, path, trace_file_trace(loaded.file), &report);
    trace_source_free(&loaded);
    return report.outcome == TRACE_REPRODUCES ? 0 : GS_VIOLATION;
}

/* The worst of all: bad input is worse than a difference. */
static int replay_all(const struct replay_options *options)
{
    int worst = 0;
    for (size_t i = 0; i < options->paths.count; i++) {
        const int status = replay(options, options->paths.items[i]);
        worst = status > worst ? status : worst;
    }
    return worst;
}

static int replay_with_json(struct replay_options *options)
{
    char error[TRACE_ERROR_SIZE];
    if (!*options->json_path)
        return complain("replay", "--json: the name of the file is empty");
    if (name_list_has(&options->paths, options->json_path))
        return complain("replay", "--json %s: that is a trace to replay; name another file", options->json_path);
    if (strcmp(options->json_path, "-") != 0 && !trace_file_is_writable(options->json_path, error, sizeof(error)))
        return complain("replay", "--json %s", error);
    options->json = replay_json_new();
    const int status = replay_all(options), written = replay_json_write(options->json, options->json_path);
    json_decref(options->json);
    return written ? written : status;
}

int replay_command(int argc, char **argv)
{
    struct replay_options options = {0};
    int status = arguments_parse("replay", &replay_argp, argc, argv, &options);
    if (!status)
        status = options.json_path ? replay_with_json(&options) : replay_all(&options);
    name_list_free(&options.paths);
    return status;
}
