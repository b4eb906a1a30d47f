/* gainsay suite: a project's matrix of runs, each a subcommand in a child process, against what is expected of it. */
#include <errno.h>
#include <fnmatch.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "checker/check.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/numbers.h"
#include "cli/suite_table.h"
#include "core/die.h"
#include "core/guard.h"

struct suite_options {
    const char *path;
    struct name_list only; /* patterns of names */
    uint64_t jobs;         /* 0: not given */
    double max_seconds;    /* 0: not given */
    bool quiet;
};

/* A suite that is running. */
struct suite {
    const struct suite_options *options;
    struct suite_plan *plan;
    const struct suite_run **runs; /* those that are asked for */
    struct suite_result *results;  /* as many */
    struct name_list *arguments;   /* as many: the command lines of the children */
    size_t count, done;            /* done: reported, in order */
    struct suite_jobs jobs;
    struct suite_table table;
    struct texts texts;
    char directory[64]; /* temporary */
};

/* ---- Options ---- */

enum { KEY_JOBS = 256, KEY_MAX_SECONDS, KEY_ONLY, KEY_QUIET };

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
     .doc = "Only the runs of that name; * and ? as in a shell; repeatable"},
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
    case KEY_QUIET:
        return options->quiet = true, 0;
    case ARGP_KEY_ARG:
        if (options->path) {
            complain("suite", "%s: one suite file at a time, and there is '%s' already", text, options->path);
            return EINVAL;
        }
        options->path = text;
        return 0;
    case ARGP_KEY_END:
        if (options->path)
            return 0;
        complain("suite", "which file? gainsay suite FILE");
        return EINVAL;
    }
    return ARGP_ERR_UNKNOWN;
}

static const struct argp suite_argp = {
    .options = suite_options_table,
    .parser = parse,
    .args_doc = "FILE",
    .doc = "Runs a project's checks, mutants and committed traces, as an INI file lists them, and compares each with "
           "what is expected of it.\v"
           "Exit codes: 0 all as expected, 1 otherwise, 2 bad usage or a bad suite file.\n",
};

/* ---- Which runs ---- */

static bool is_wanted(const struct suite_options *options, const struct suite_run *run)
{
    bool wanted = !options->only.count;
    for (size_t i = 0; i < options->only.count; i++)
        wanted |= fnmatch(options->only.items[i], run->name, 0) == 0;
    return wanted;
}

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

/* ---- Running ---- */

static const char *temporary_path(struct suite *suite, size_t index, const char *kind)
{
    return texts_add(&suite->texts, "%s/%zu.%s", suite->directory, index, kind);
}

static void add_job(struct suite *suite, const struct suite_run *run)
{
    const size_t index = suite->count++;
    struct name_list *arguments = &suite->arguments[index];
    for (size_t i = 0; i < run->arguments.count; i++)
        name_list_add(arguments, run->arguments.items[i]);
    name_list_add(arguments, "--json");
    name_list_add(arguments, temporary_path(suite, index, "json"));
    suite->runs[index] = run;
    suite->jobs.items[index] = (struct suite_job){
        .arguments = arguments,
        .out_path = temporary_path(suite, index, "out"),
        .err_path = temporary_path(suite, index, "err"),
        .takes_max_seconds = run->kind->takes_max_seconds,
        .max_seconds = run->max_seconds,
    };
}

/* Reports what can be reported in the suite's order. */
static void report_ended(void *context)
{
    struct suite *suite = context;
    for (; suite->done < suite->count; suite->done++) {
        const size_t i = suite->done;
        const struct suite_job *job = &suite->jobs.items[i];
        if (job->state != JOB_ENDED && job->state != JOB_NOT_RUN)
            return;
        suite_result_read(&suite->results[i], suite->runs[i], job, temporary_path(suite, i, "json"),
                          suite->jobs.interrupted ? "the suite was interrupted" : "the time of the suite was over");
        if (!suite->options->quiet)
            suite_table_row(&suite->table, &suite->results[i]);
    }
}

static size_t processors(void)
{
    const long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 ? (size_t)count : 1;
}

static void prepare(struct suite *suite)
{
    const struct suite_options *options = suite->options;
    const size_t all = suite->plan->count;
    suite->runs = die_calloc(all, sizeof(const struct suite_run *));
    suite->results = die_calloc(all, sizeof(*suite->results));
    suite->arguments = die_calloc(all, sizeof(*suite->arguments));
    suite->jobs = (struct suite_jobs){
        .items = die_calloc(all, sizeof(*suite->jobs.items)),
        .parallel = options->jobs       ? options->jobs
                    : suite->plan->jobs ? suite->plan->jobs
                                        : processors(),
        .max_seconds = options->max_seconds > 0 ? options->max_seconds : suite->plan->max_seconds,
        .directory = suite->plan->file->directory,
        .temporary = suite->directory,
        .ended = report_ended,
        .context = suite,
    };
    for (size_t i = 0; i < all; i++)
        if (is_wanted(options, &suite->plan->runs[i]))
            add_job(suite, &suite->plan->runs[i]);
    suite->jobs.count = suite->count;
}

static int report_all(const struct suite *suite, double seconds)
{
    size_t failed = 0;
    for (size_t i = 0; i < suite->count; i++) {
        failed += suite->results[i].failed;
        if (suite->results[i].failed && !suite->options->quiet)
            suite_table_explain(&suite->results[i], suite->options->path);
    }
    if (!suite->options->quiet)
        printf("\n");
    printf("gainsay: suite %s runs=%zu failed=%zu seconds=%.3f\n", failed ? "fails" : "holds", suite->count, failed,
           seconds);
    return failed ? GS_VIOLATION : GS_HOLDS;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

static void suite_free(struct suite *suite)
{
    for (size_t i = 0; i < suite->count; i++) {
        suite_result_free(&suite->results[i]);
        name_list_free(&suite->arguments[i]);
    }
    free(suite->runs);
    free(suite->results);
    free(suite->arguments);
    free(suite->jobs.items);
    texts_free(&suite->texts);
    nftw(suite->directory, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static double now_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static int run_suite(const struct suite_options *options, struct suite_plan *plan)
{
    const double began = now_seconds();
    const char *parent = getenv("TMPDIR");
    struct suite suite = {.options = options, .plan = plan};
    snprintf(suite.directory, sizeof(suite.directory), "%.40s/gainsay-XXXXXX", parent && *parent ? parent : "/tmp");
    if (!mkdtemp(suite.directory))
        return complain("suite", "%s: %s (TMPDIR names another place)", suite.directory, strerror(errno));
    prepare(&suite);
    if (!options->quiet)
        suite_table_header(&suite.table, suite.runs, suite.count);
    guard_release(); /* no protocol code runs in this process, and the children catch for themselves */
    suite_jobs_run(&suite.jobs);
    guard_catch();
    const int status = report_all(&suite, now_seconds() - began);
    suite_free(&suite);
    return status;
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
        status = run_suite(&options, &plan);
    suite_plan_free(&plan);
    suite_file_free(&file);
    name_list_free(&options.only);
    return status;
}
