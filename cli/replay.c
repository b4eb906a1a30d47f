/* gainsay replay: each trace file, from the initial state, compared line by line. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/outputs.h"
#include "cli/replay_deadline.h"
#include "cli/replay_interactive.h"
#include "cli/replay_json.h"
#include "cli/replay_rewrite.h"
#include "cli/replay_state.h"
#include "cli/trace_source.h"
#include "core/guard.h"

struct replay_options {
    struct name_list paths;
    const char *protocol, *property, *json_path;
    bool rewrites, is_interactive;
    struct replay_state_options state; /* of --at and --print */
    json_t *json;                      /* of --json; NULL: not asked for */
};

enum { KEY_PROTOCOL = 256, KEY_PROPERTY, KEY_JSON, KEY_REWRITE, KEY_AT, KEY_PRINT, KEY_INTERACTIVE };

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
    {.name = "at",
     .key = KEY_AT,
     .arg = "N|all",
     .doc = "Print the state after step N (0: initially; -1: after the last one, -2: before it), or each"},
    {.name = "print",
     .key = KEY_PRINT,
     .arg = "PATH",
     .flags = OPTION_REPEATABLE,
     .doc = "Of the state print only this: NODE, NODE.FIELD, NODE.LIST[1].FIELD, NODE.up, NODE.timers, NODE.inbox or "
            "MONITOR.FIELD (may be given again; without --at: at the end)"},
    {.name = "interactive",
     .key = KEY_INTERACTIVE,
     .doc = "Go through the trace by commands on standard input: step forth and back, look at the state, take another "
            "event and go on, save as a trace ('?' lists them)"},
    {.name = "json",
     .key = KEY_JSON,
     .arg = "FILE",
     .doc = "Also write what came out as one JSON object ('-': to standard output, instead of text)"},
    {0},
};

/* The flag of what is done instead of replaying and telling; NULL: none. */
static const char *other_use(const struct replay_options *options)
{
    return options->is_interactive       ? "--interactive"
           : options->state.at           ? "--at"
           : options->state.prints.count ? "--print"
                                         : NULL;
}

/* Returns 0, or GS_BAD_INPUT after a complaint. */
static int check_usage(const struct replay_options *options)
{
    const char *flag = other_use(options);
    const char *other = options->json_path                                           ? "--json"
                        : options->rewrites                                          ? "--rewrite"
                        : options->is_interactive && options->state.at               ? "--at"
                        : options->is_interactive && options->state.prints.count > 0 ? "--print"
                                                                                     : NULL;
    if (!options->paths.count)
        return complain("replay", "which trace? gainsay replay TRACE...");
    if (flag && options->paths.count > 1)
        return complain("replay", "%s: one trace at a time, not %zu", flag, options->paths.count);
    return flag && other ? complain("replay", "%s and %s: one of them at a time", flag, other) : 0;
}

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
    case KEY_INTERACTIVE:
        options->is_interactive = true;
        return 0;
    case KEY_AT:
        options->state.at = text;
        return 0;
    case KEY_PRINT:
        name_list_add(&options->state.prints, text);
        return 0;
    case ARGP_KEY_ARG:
        name_list_add(&options->paths, text);
        return 0;
    case ARGP_KEY_END:
        return check_usage(options) ? EINVAL : 0;
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
           "  gainsay replay bug.trace --at 3\n"
           "  gainsay replay bug.trace --at all --print server0.term --print server1.log[0]\n"
           "  gainsay replay bug.trace --interactive\n"
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
    const bool is_sample = kind == TRACE_SAMPLE && !trace_is_late(trace);
    const char *verdict = is_sample ? "" : kind == TRACE_OF_GOAL ? " is met" : " is violated";
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
    replay_deadline(loaded, &report);
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
    const struct output_file report = {"--json", options->json_path};
    for (size_t i = 0; i < options->paths.count; i++)
        if (outputs_check_spare("replay", &report, 1, options->paths.items[i], "a trace to replay"))
            return GS_BAD_INPUT;
    if (strcmp(options->json_path, "-") != 0 && !trace_file_is_writable(options->json_path, error, sizeof(error)))
        return complain("replay", "--json %s", error);
    options->json = replay_json_new();
    const int status = replay_all(options), written = replay_json_write(options->json, options->json_path);
    json_decref(options->json);
    return written ? written : status;
}

/* The states are those of today: where the file says otherwise, that is said too. */
static void note_difference(const struct loaded_trace *loaded)
{
    struct trace_report report;
    trace_file_replay(loaded->file, &report);
    if (report.outcome == TRACE_DIVERGED)
        complain("replay", "note: %s diverges: %s", loaded->path, report.reason);
    if (report.outcome == TRACE_NO_LONGER)
        complain("replay", "note: %s is no longer violated: %s", loaded->path, report.reason);
}

/* --at, --print and --interactive take one trace. */
static int use_otherwise(const struct replay_options *options)
{
    struct loaded_trace loaded;
    int status = load(options, &loaded, options->paths.items[0]);
    if (status)
        return status;
    if (options->is_interactive) {
        status = replay_interactive(&loaded);
    } else {
        guard_catch();
        status = replay_state(&options->state, &loaded);
        if (!status)
            note_difference(&loaded);
        guard_release();
    }
    trace_source_free(&loaded);
    return status;
}

int replay_command(int argc, char **argv)
{
    struct replay_options options = {0};
    int status = arguments_parse("replay", &replay_argp, argc, argv, &options);
    if (!status)
        status = other_use(&options) ? use_otherwise(&options)
                 : options.json_path ? replay_with_json(&options)
                                     : replay_all(&options);
    name_list_free(&options.paths);
    name_list_free(&options.state.prints);
    return status;
}
