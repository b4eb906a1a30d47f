/* gainsay suite: a project's matrix of runs, each a subcommand in a child process, against what is expected of it. */
#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#include "checker/check.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/numbers.h"
#include "cli/suite_run.h"

/* ---- Options ---- */

enum {
    KEY_JOBS = 256,
    KEY_MAX_SECONDS,
    KEY_ONLY,
    KEY_TRACES,
    KEY_JUNIT,
    KEY_SARIF,
    KEY_BASELINE,
    KEY_UPDATE_BASELINE,
    KEY_QUIET
};

static const struct argp_option suite_options_table[] = {
    {.name = "jobs",
     .key = KEY_JOBS,
     .arg = "N",
     .doc = "Run this many at a time (default: the file's, else the number of processors)"},
    {.name = "max-seconds",
     .key = KEY_MAX_SECONDS,
     .arg = "S",
     .doc = "Time for all runs together (default: the file's)"},
    {.name = "only",
     .key = KEY_ONLY,
     .arg = "PATTERN",
     .flags = OPTION_REPEATABLE,
     .doc = "Only the runs of that name; * and ? as in a shell; repeatable"},
    {.name = "traces",
     .key = KEY_TRACES,
     .arg = "DIR",
     .doc = "Write the counterexamples of runs that fail into DIR, as RUN.PROPERTY.trace"},
    {.name = "junit", .key = KEY_JUNIT, .arg = "FILE", .doc = "Write the result as JUnit XML, for CI systems"},
    {.name = "sarif", .key = KEY_SARIF, .arg = "FILE", .doc = "Write what failed as SARIF 2.1.0, for code scanning"},
    {.name = "baseline",
     .key = KEY_BASELINE,
     .arg = "FILE",
     .doc = "Fail also where the result is weaker than the one in FILE"},
    {.name = "update-baseline",
     .key = KEY_UPDATE_BASELINE,
     .doc = "With --baseline: write the result to FILE instead, if all is as expected"},
    {.name = "quiet", .key = KEY_QUIET, .doc = "Print only the last line"},
    {0},
};

static error_t parse_number(struct suite_options *options, int key, const char *text)
{
    if (key == KEY_JOBS && !number_parse(text, 1, SUITE_JOBS_MAX, &options->jobs)) {
        complain("suite", "--jobs %s: a number from 1 to %d", text, SUITE_JOBS_MAX);
        return EINVAL;
    }
    if (key == KEY_MAX_SECONDS && !number_parse_seconds(text, &options->max_seconds)) {
        complain("suite", "--max-seconds %s: a number of seconds above 0, as 90 or 0.5", text);
        return EINVAL;
    }
    return 0;
}

static error_t take_file(const char *flag, const char *path, const char **taken)
{
    *taken = path;
    if (strcmp(path, "-") != 0)
        return 0;
    complain("suite", "%s -: it goes to a file; name one", flag);
    return EINVAL;
}

/* What is written besides the table. */
static error_t parse_output(struct suite_options *options, int key, const char *text)
{
    switch (key) {
    case KEY_TRACES:
        return take_file("--traces", text, &options->traces);
    case KEY_JUNIT:
        return take_file("--junit", text, &options->junit_path);
    case KEY_SARIF:
        return take_file("--sarif", text, &options->sarif_path);
    case KEY_BASELINE:
        return take_file("--baseline", text, &options->baseline_path);
    case KEY_UPDATE_BASELINE:
        return options->update_baseline = true, 0;
    case KEY_QUIET:
        return options->quiet = true, 0;
    }
    return ARGP_ERR_UNKNOWN;
}

static error_t check_options(const struct suite_options *options)
{
    if (!options->path)
        complain("suite", "which file? gainsay suite FILE");
    else if (options->update_baseline && !options->baseline_path)
        complain("suite", "--update-baseline: of which file? --baseline FILE --update-baseline");
    else
        return 0;
    return EINVAL;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct suite_options *options = state->input;
    switch (key) {
    case KEY_JOBS:
    case KEY_MAX_SECONDS:
        return parse_number(options, key, text);
    case KEY_ONLY:
        name_list_add(&options->only, text);
        return 0;
    case ARGP_KEY_ARG:
        if (options->path) {
            complain("suite", "%s: one suite file at a time, and there is '%s' already", text, options->path);
            return EINVAL;
        }
        options->path = text;
        return 0;
    case ARGP_KEY_END:
        return check_options(options);
    }
    return parse_output(options, key, text);
}

const struct argp suite_argp = {
    .options = suite_options_table,
    .parser = parse,
    .args_doc = "FILE.ini",
    .doc = "Runs a project's checks, mutants and committed traces, as an INI file lists them, and compares each with "
           "what is expected of it.\v"
           "Exit codes: 0 all as expected, 1 otherwise, 2 bad usage or a bad suite file.\n"
           "\n"
           "Examples:\n"
           "  gainsay suite suite.ini\n"
           "  gainsay suite suite.ini --only 'raft.*' --jobs 2 --junit report.xml\n",
};

/* ---- Which runs ---- */

static int check_only(const struct suite_options *options, const struct suite_plan *plan)
{
    for (size_t p = 0; p < options->only.count; p++) {
        struct name_list names = {0};
        bool found = false;
        for (size_t i = 0; i < plan->count; i++) {
            found |= fnmatch(options->only.items[p], plan->runs[i].name, 0) == 0;
            name_list_add(&names, plan->runs[i].name);
        }
        if (!found)
            complain_unknown("suite", "--only", options->only.items[p], "run", &names);
        name_list_free(&names);
        if (!found)
            return GS_BAD_INPUT;
    }
    return 0;
}

int suite_command(int argc, char **argv)
{
    struct suite_options options = {0};
    struct suite_file file = {0};
    struct suite_plan plan = {0};
    int status = arguments_parse("suite", &suite_argp, argc, argv, &options);
    if (!status &&
        (!suite_file_read(&file, options.path) || !suite_plan_make(&plan, &file) || check_only(&options, &plan)))
        status = GS_BAD_INPUT;
    if (!status)
        status = suite_run_all(&options, &plan);
    suite_plan_free(&plan);
    suite_file_free(&file);
    name_list_free(&options.only);
    return status;
}
