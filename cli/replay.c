/* gainsay replay: each trace file, from the initial state, compared line by line. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/replay_json.h"
#include "cli/replay_rewrite.h"
#include "cli/trace_source.h"
#include "core/guard.h"

struct replay_options {
    struct name_list paths;
    const char *protocol, *property, *json_path;
    bool rewrites;
    json_t *json; /* of --json; NULL: not asked for */
};

enum { KEY_PROTOCOL = 256, KEY_PROPERTY, KEY_JSON, KEY_REWRITE };

static const struct argp_option replay_options_table[] = {
    {.name = "protocol",
     .key = KEY_PROTOCOL,
     .arg = "PROTOCOL|FILE",
     .doc = "Replay on this protocol (a name, FILE.c or FILE.so) instead of the one that the trace names"},
    {.name = "property",
     .key = KEY_PROPERTY,
     .arg = "PROPERTY",
     .doc = "Judge this property instead of the one that the trace names: it has a new name"},
    {.name = "rewrite",
     .key = KEY_REWRITE,
     .doc = "Write a trace that says otherwise, but violates its property still, back as it is today"},
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
    case KEY_PROPERTY:
        options->property = text;
        return 0;
    case KEY_REWRITE:
        options->rewrites = true;
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
           "  gainsay replay bug.trace --protocol mine.c\n"
           "  gainsay replay --rewrite traces/*.trace    # after a refactoring\n",
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

static void print_reproduces(const char *path, const struct loaded_trace *loaded, bool is_rewritten)
{
    const struct trace *trace = trace_file_trace(loaded->file);
    const enum trace_kind kind = trace_kind(trace);
    const char *verdict = kind == TRACE_SAMPLE ? "" : kind == TRACE_OF_GOAL ? " is met" : " is violated";
    const size_t steps = trace_file_claim(loaded->file).steps;
    printf("%s: %s: %s%s in %zu step%s%s%s\n", path, is_rewritten ? "rewritten" : "reproduces",
           trace_property_name(trace), verdict, steps, steps == 1 ? "" : "s", trace->explanation[0] ? ": " : "",
           trace->explanation);
}

static void print_outcome(const char *path, const struct loaded_trace *loaded, const struct trace_report *report,
                          bool is_rewritten)
{
    const bool is_goal = trace_kind(trace_file_trace(loaded->file)) == TRACE_OF_GOAL;
    switch (report->outcome) {
    case TRACE_REPRODUCES:
        print_reproduces(path, loaded, is_rewritten);
        break;
    case TRACE_NO_LONGER:
        printf("%s: no longer %s: %s\n", path, is_goal ? "met" : "violated", report->reason);
        break;
    case TRACE_DIVERGED:
        printf("%s: diverges: %s\n", path, report->reason);
        break;
    }
    print_notes(report->notes);
}

/* Does the protocol have the property of --property? */
static int check_property(const struct replay_options *options, const struct gs_run *run)
{
    struct name_list known = {0};
    int status = 0;
    for (unsigned p = 0; p < run_property_count(run); p++)
        name_list_add(&known, run_property(run, p)->name);
    name_list_add(&known, JUDGE_BEHAVIOUR);
    if (options->property && !name_list_has(&known, options->property))
        status = complain_unknown("replay", "--property", options->property, "property", &known);
    name_list_free(&known);
    return status;
}

static int load(const struct replay_options *options, struct loaded_trace *loaded, const char *path)
{
    *loaded = (struct loaded_trace){
        .command = "replay", .protocol = options->protocol, .property = options->property, .takes_foreign = true};
    const int status = trace_source_load(loaded, path);
    if (status)
        return status;
    if (!check_property(options, trace_file_run(loaded->file)))
        return 0;
    snprintf(loaded->error, sizeof(loaded->error), "%s: the protocol has no property %s", path, options->property);
    trace_source_free(loaded);
    return GS_BAD_INPUT;
}

static int replay_loaded(const struct replay_options *options, const struct loaded_trace *loaded)
{
    struct trace_report report;
    bool is_rewritten = false;
    int status = 0;
    guard_catch();
    trace_file_replay(loaded->file, &report);
    if (options->rewrites)
        status = replay_rewrite(loaded, &report, &is_rewritten);
    guard_release();
    if (!options->json || strcmp(options->json_path, "-") != 0)
        print_outcome(loaded->path, loaded, &report, is_rewritten);
    if (options->json)
        replay_json_add(options->json, loaded->file, loaded->path, &report, is_rewritten);
    return status ? status : report.outcome == TRACE_REPRODUCES ? 0 : GS_VIOLATION;
}

static int replay(const struct replay_options *options, const char *path)
{
    struct loaded_trace loaded;
    int status = load(options, &loaded, path);
    if (status) {
        if (options->json)
            replay_json_add_bad(options->json, path, loaded.error);
        return status;
    }
    status = replay_loaded(options, &loaded);
    trace_source_free(&loaded);
    return status;
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
