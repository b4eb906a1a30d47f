/* gainsay check: the exhaustive search. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "checker/stage.h"
#include "cli/arguments.h"
#include "cli/cases.h"
#include "cli/commands.h"
#include "cli/outputs.h"
#include "cli/progress.h"
#include "cli/stage_options.h"
#include "core/die.h"
#include "core/guard.h"
#include "core/run_setup.h"

static const struct argp_child children[] = {
    {&configuration_argp, 0, CONFIGURATION_HEADING, 1},
    {&faults_argp, 0, FAULTS_HEADING, 2},
    {&stage_argp, 0, STAGE_HEADING, 3},
    {&limits_argp, 0, LIMITS_HEADING, 4},
    {&threads_argp, 0, THREADS_HEADING, 5},
    {&search_argp, 0, SEARCH_HEADING, 6},
    {&output_argp, 0, OUTPUT_HEADING, 7},
    {&report_argp, 0, REPORT_HEADING, 8},
    {0},
};

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct run_options *options = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        for (size_t i = 0; children[i].argp; i++)
            state->child_inputs[i] = options;
        return 0;
    case ARGP_KEY_ARG:
        if (options->protocol) {
            complain(options->command, "%s: one protocol at a time, and there is '%s' already", text,
                     options->protocol);
            return EINVAL;
        }
        options->protocol = text;
        return 0;
    case ARGP_KEY_END:
        if (options->protocol)
            return 0;
        complain(options->command, "which protocol? gainsay check PROTOCOL, FILE.c or FILE.so (see: gainsay list)");
        return EINVAL;
    }
    return ARGP_ERR_UNKNOWN;
}

const struct argp check_argp = {
    .parser = parse,
    .args_doc = "PROTOCOL|FILE.c|FILE.so",
    .doc = "Searches every reachable state of a protocol and judges its properties.\v"
           "Exit codes: 0 holds, 1 violated, 2 bad usage or input, 3 incomplete, 4 internal error.\n"
           "\n"
           "Examples:\n"
           "  gainsay check raft             its preset quick, no faults\n"
           "  gainsay check raft --set servers=3 --set terms=1 --crashes 1 --restarts 1\n"
           "  gainsay check mine.c --max-seconds 60 --trace bug.trace\n"
           "  gainsay check raft --from long.trace --at 80 --crashes 2     all that can follow its first 80 events\n",
    .children = children,
};

static bool print_json(const void *report, FILE *out)
{
    return report_json(report, out);
}

/* Prints what is asked for. Returns 0, or GS_BAD_INPUT where the JSON could not be written, complained of. */
static int print_report(const struct report *report)
{
    const char *json_path = report->options->json_path;
    const bool text = !json_path || strcmp(json_path, "-") != 0;
    if (text && report->options->quiet)
        report_last_line(report, stdout);
    else if (text)
        report_text(report, stdout);
    return json_path ? outputs_write_json(report->options, print_json, report) : 0;
}

static void add_cases(struct case_group *group, const void *report)
{
    const struct check_expectation expected = {.outcome = CHECK_HOLDS};
    json_t *object = report_object(report);
    cases_add_check(group, object, &expected);
    json_decref(object);
}

/* The exit code: what could not be written counts unless something is worse. */
static int report_result(const struct run_options *options, const struct gs_result *result)
{
    char **paths = die_calloc(result->property_count + 1, sizeof(*paths));
    char **sample_paths = die_calloc(result->sample_count + 1, sizeof(*sample_paths));
    int status = outputs_write_traces(options, result, paths);
    if (outputs_write_samples(options, result, sample_paths))
        status = GS_BAD_INPUT;
    const struct report report = {options, result, (const char *const *)paths, (const char *const *)sample_paths};
    if (print_report(&report) || outputs_write_cases(options, result->run->model->name, add_cases, &report))
        status = GS_BAD_INPUT;
    outputs_warn_of_old(options, result);
    outputs_free(result->property_count, paths);
    outputs_free(result->sample_count, sample_paths);
    return status && result->status != GS_VIOLATION ? status : (int)result->status;
}

static int search(struct run_options *options, const struct gs_model *model)
{
    struct progress progress;
    struct gs_result result;
    progress_start(&progress, &options->config, options->progress, options->quiet);
    options->config.catch_signals = true;
    guard_catch(); /* counterexamples are replayed when they are printed, bad handlers and all */
    int status = (int)gs_check(model, &options->config, &result);
    progress_end(&progress);
    if (status == GS_BAD_INPUT || status == GS_INTERNAL_ERROR)
        complain(options->command, "%s%s", status == GS_INTERNAL_ERROR ? "internal error: " : "", result.error);
    else
        status = report_result(options, &result);
    guard_release();
    gs_result_free(&result);
    return status;
}

/* A bad value is an error before any file is touched. */
static int check_configuration(const struct run_options *options, const struct gs_model *model)
{
    char error[512];
    struct gs_run *run = stage_run_new(model, &options->config, error, sizeof(error));
    if (!run)
        return complain(options->command, "%s", error);
    run_free(run);
    return 0;
}

/* Everything before the search. *model: what was found. */
static int prepare(struct run_options *options, int argc, char **argv, const struct gs_model **model)
{
    if (arguments_parse("check", &check_argp, argc, argv, options))
        return GS_BAD_INPUT;
    if (stage_options_load(options, model) || run_options_load(options, *model) ||
        check_configuration(options, *model) || outputs_check(options))
        return GS_BAD_INPUT;
    return 0;
}

int check_arguments(int argc, char **argv)
{
    struct run_options options = {.command = "check"};
    const struct gs_model *model;
    const int status = prepare(&options, argc, argv, &model);
    run_options_free(&options);
    return status;
}

int check_command(int argc, char **argv)
{
    struct run_options options = {.command = "check"};
    const struct gs_model *model;
    int status = prepare(&options, argc, argv, &model);
    if (!status)
        status = search(&options, model);
    run_options_free(&options);
    return status;
}
