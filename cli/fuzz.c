/* gainsay fuzz: random runs. */
#include <stdlib.h>
#include <string.h>

#include "checker/stage.h"
#include "cli/arguments.h"
#include "cli/best_trace.h"
#include "cli/cases.h"
#include "cli/commands.h"
#include "cli/fuzz_report.h"
#include "cli/outputs.h"
#include "cli/plugin.h"
#include "cli/progress.h"
#include "cli/stage_options.h"
#include "core/die.h"
#include "core/guard.h"
#include "core/run.h"
#include "core/run_setup.h"

/* Where the trace of a failure goes: the first one's to --trace FILE, "dir/a.trace", the n-th one's to "dir/a.n.trace".
 * Owned by the caller. */
static char *path_of(const char *path, size_t number)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.'), *end = dot && dot > name ? dot : path + strlen(path);
    char *result;
    if (!number)
        must(asprintf(&result, "%s", path) >= 0);
    else
        must(asprintf(&result, "%.*s.%zu%s", (int)(end - path), path, number + 1, end) >= 0);
    return result;
}

/* Each failure's trace (found: the whole run) to the file of its number. paths: by failure; NULL where there is no
 * file. Returns 0, or GS_BAD_INPUT after a complaint. */
static int write_traces(const struct fuzz_options *options, const struct gs_fuzz_result *fuzz, const char *path,
                        bool found, char **paths)
{
    char error[TRACE_ERROR_SIZE];
    const struct trace_file_info info = outputs_trace_info(&options->run);
    int status = 0;
    for (size_t i = 0; path && i < fuzz->failure_count; i++) {
        const struct trace *trace = found ? fuzz->failures[i].found : fuzz->failures[i].trace;
        if (!trace)
            continue;
        paths[i] = path_of(path, i);
        if (trace_file_write(trace, paths[i], &info, error, sizeof(error)))
            continue;
        if (fuzz->failures[i].is_nondeterministic)
            status = complain("fuzz",
                              "%s: not written: code of the protocol is not deterministic, and replayed it is "
                              "another run",
                              paths[i]);
        else
            status = complain("fuzz", "%s", error);
        free(paths[i]);
        paths[i] = NULL;
    }
    return status;
}

static int print_report(const struct fuzz_report *report)
{
    const char *json_path = report->options->run.json_path;
    const bool text = !json_path || strcmp(json_path, "-") != 0;
    if (text && report->options->run.quiet)
        fuzz_report_last_line(report, stdout);
    else if (text)
        fuzz_report_text(report, stdout);
    return json_path ? outputs_write_json(&report->options->run, fuzz_report_json, report) : 0;
}

static void add_cases(struct case_group *group, const void *report)
{
    const struct check_expectation expected = {.outcome = CHECK_HOLDS};
    json_t *object = fuzz_report_object(report);
    cases_add_fuzz(group, object, &expected);
    json_decref(object);
}

/* The exit code: what could not be written counts unless something is worse. */
static int report_result(const struct fuzz_options *options, const struct gs_fuzz_result *fuzz)
{
    char **paths = die_calloc(fuzz->failure_count + 1, sizeof(*paths));
    char **long_paths = die_calloc(fuzz->failure_count + 1, sizeof(*long_paths));
    int status = write_traces(options, fuzz, options->run.trace_path, false, paths);
    if (write_traces(options, fuzz, options->run.long_trace_path, true, long_paths))
        status = GS_BAD_INPUT;
    const struct fuzz_report report = {options, fuzz, (const char *const *)paths, (const char *const *)long_paths};
    if (print_report(&report) || outputs_write_cases(&options->run, fuzz->result.run->model->name, add_cases, &report))
        status = GS_BAD_INPUT;
    outputs_free(fuzz->failure_count, paths);
    outputs_free(fuzz->failure_count, long_paths);
    return status && fuzz->result.status != GS_VIOLATION ? status : (int)fuzz->result.status;
}

/* The first failure's traces, on disk before it is shrunk to the end. */
struct first_traces {
    struct best_trace trace, whole;
};

static void write_first(void *context, const struct trace *best, bool is_whole)
{
    struct first_traces *first = context;
    best_trace_offer(&first->trace, best);
    if (is_whole)
        best_trace_offer(&first->whole, best);
}

static int run_all(struct fuzz_options *options, const struct gs_model *model)
{
    const struct trace_file_info info = outputs_trace_info(&options->run);
    struct first_traces first;
    struct progress progress;
    struct gs_fuzz_result fuzz;
    progress_start(&progress, &options->config.base, options->run.progress, options->run.quiet);
    progress.counts_runs = true;
    options->config.base.catch_signals = true;
    best_trace_begin(&first.trace, options->run.trace_path, &info);
    best_trace_begin(&first.whole, options->run.long_trace_path, &info);
    options->config.better = write_first;
    options->config.better_context = &first;
    guard_catch(); /* traces are replayed when they are printed, bad handlers and all */
    int status = (int)gs_fuzz(model, &options->config, &fuzz);
    progress_end(&progress);
    if (status == GS_BAD_INPUT || status == GS_INTERNAL_ERROR)
        complain("fuzz", "%s%s", status == GS_INTERNAL_ERROR ? "internal error: " : "", fuzz.result.error);
    else
        status = report_result(options, &fuzz);
    guard_release();
    gs_fuzz_result_free(&fuzz);
    return status;
}

static int check_goals(const struct name_list *named, const struct gs_run *run)
{
    struct name_list goals = {0};
    int status = 0;
    for (unsigned i = 0; i < run_property_count(run); i++)
        if (run_property(run, i)->kind == GS_REACHABLE)
            name_list_add(&goals, run_property(run, i)->name);
    for (size_t i = 0; i < named->count && !status; i++)
        if (!name_list_has(&goals, named->items[i]))
            status = complain_unknown("fuzz", "--recovers", named->items[i], "goal", &goals);
    name_list_free(&goals);
    return status;
}

/* A bad value is an error before any file is touched. */
static int check_configuration(const struct fuzz_options *options, const struct gs_model *model)
{
    char error[512];
    struct gs_run *run = stage_run_new(model, &options->run.config, error, sizeof(error));
    if (!run)
        return complain("fuzz", "%s", error);
    const int status = check_goals(&options->clock.recovers, run);
    run_free(run);
    return status;
}

/* Everything before the runs. *model: what was found. */
static int prepare(struct fuzz_options *options, const struct gs_model **model)
{
    if (arguments_parse("fuzz", &fuzz_argp, options->argc, options->argv, options))
        return GS_BAD_INPUT;
    options->run.may_allow = options->clock.recovers.count ? GS_RECOVERS : NULL;
    if (stage_options_load(&options->run, model) || run_options_load(&options->run, *model) ||
        check_configuration(options, *model) || fuzz_options_complete(options) || outputs_check(&options->run))
        return GS_BAD_INPUT;
    return 0;
}

int fuzz_arguments(int argc, char **argv)
{
    struct fuzz_options options = {.run = {.command = "fuzz"}, .argc = argc, .argv = argv};
    const struct gs_model *model;
    const int status = prepare(&options, &model);
    run_options_free(&options.run);
    timing_options_free(&options.clock);
    return status;
}

int fuzz_command(int argc, char **argv)
{
    /* argp reorders what it parses */
    char **given = die_calloc((size_t)argc + 1, sizeof(*given));
    memcpy(given, argv, (size_t)argc * sizeof(*given));
    struct fuzz_options options = {.run = {.command = "fuzz"}, .argc = argc, .argv = argv};
    const struct gs_model *model;
    int status = prepare(&options, &model);
    options.argv = given;
    if (!status)
        status = run_all(&options, model);
    run_options_free(&options.run);
    timing_options_free(&options.clock);
    free(given);
    return status;
}
