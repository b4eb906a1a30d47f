/* Jobs are made of runs, results of jobs; then everybody is told. */
#include "cli/suite_run.h"

#include <errno.h>
#include <fnmatch.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checker/check.h"
#include "checker/cores.h"
#include "checker/fuzz.h"
#include "cli/baseline.h"
#include "cli/case_outputs.h"
#include "cli/outputs.h"
#include "cli/suite_kept.h"
#include "cli/suite_table.h"
#include "core/clock.h"
#include "core/die.h"
#include "core/guard.h"

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
    struct baseline baseline;
    struct case_group missing; /* runs that only the baseline has */
    const char *kept;          /* directory for counterexamples, or NULL */
    double began;
    struct texts texts;
    char *directory; /* temporary */
};

/* ---- Jobs ---- */

static bool is_wanted(const struct suite_options *options, const struct suite_run *run)
{
    bool wanted = !options->only.count;
    for (size_t i = 0; i < options->only.count; i++)
        wanted |= fnmatch(options->only.items[i], run->name, 0) == 0;
    return wanted;
}

static size_t count_wanted(const struct suite *suite)
{
    size_t count = 0;
    for (size_t i = 0; i < suite->plan->count; i++)
        count += is_wanted(suite->options, &suite->plan->runs[i]);
    return count;
}

static const char *temporary_path(struct suite *suite, size_t index, const char *kind)
{
    return texts_add(&suite->texts, "%s/%zu.%s", suite->directory, index, kind);
}

/* Random runs with a limit of time go on until it is met, and the time left of the suite is given to all: where the
 * section has no limit of its own, the usual number of runs is said. */
static bool has_endless_runs(const struct suite_run *run)
{
    return run->kind == &suite_fuzz && run->max_seconds <= 0 && !suite_run_says(run, "--runs") &&
           !suite_run_says(run, "--run");
}

static void add_job(struct suite *suite, const struct suite_run *run)
{
    const size_t index = suite->count++;
    struct name_list *arguments = &suite->arguments[index];
    for (size_t i = 0; i < run->arguments.count; i++)
        name_list_add(arguments, run->arguments.items[i]);
    name_list_add(arguments, "--json");
    name_list_add(arguments, temporary_path(suite, index, "json"));
    const unsigned threads = suite_run_threads(run, suite->jobs.parallel);
    if (threads) {
        name_list_add(arguments, "--threads");
        name_list_add(arguments, texts_add(&suite->texts, "%u", threads));
    }
    if (has_endless_runs(run)) {
        name_list_add(arguments, "--runs");
        name_list_add(arguments, texts_add(&suite->texts, "%d", GS_FUZZ_RUNS));
    }
    if (suite->kept && (run->kind == &suite_check || run->kind == &suite_fuzz)) {
        name_list_add(arguments, "--trace");
        name_list_add(arguments, suite_kept_stage(suite->kept, run, &suite->texts));
    }
    suite->runs[index] = run;
    suite->jobs.items[index] = (struct suite_job){
        .arguments = arguments,
        .out_path = temporary_path(suite, index, "out"),
        .err_path = temporary_path(suite, index, "err"),
        .takes_max_seconds = run->kind->takes_max_seconds,
        .max_seconds = run->max_seconds,
    };
}

static void finish(struct suite *suite, size_t index)
{
    struct suite_result *result = &suite->results[index];
    const struct suite_options *options = suite->options;
    suite_result_read(result, suite->runs[index], &suite->jobs.items[index], temporary_path(suite, index, "json"),
                      suite->jobs.interrupted ? "the suite was interrupted" : "the time of the suite was over");
    result->group.path = options->path;
    if (suite->kept)
        suite_kept_sort(result, suite->kept, options->traces);
    if (options->baseline_path && result->report && !cases_failed(&result->group))
        baseline_take(&suite->baseline, result, options->update_baseline);
    result->failed = cases_failed(&result->group) > 0;
    if (!options->quiet)
        suite_table_row(&suite->table, result);
}

/* Reports what can be reported in the suite's order. */
static void report_ended(void *context)
{
    struct suite *suite = context;
    for (; suite->done < suite->count; suite->done++) {
        const struct suite_job *job = &suite->jobs.items[suite->done];
        if (job->state != JOB_ENDED && job->state != JOB_NOT_RUN)
            return;
        finish(suite, suite->done);
    }
}

/* How many run at a time. Where nobody says so: one a core, but no more than there are. */
static size_t count_parallel(const struct suite *suite, size_t wanted)
{
    const size_t cores = cores_available(), said = suite->options->jobs ? suite->options->jobs : suite->plan->jobs;
    const size_t useful = wanted < cores ? wanted : cores;
    return said ? said : useful ? useful : 1;
}

static void prepare_jobs(struct suite *suite)
{
    const struct suite_options *options = suite->options;
    const size_t all = suite->plan->count;
    suite->runs = die_calloc(all, sizeof(const struct suite_run *));
    suite->results = die_calloc(all, sizeof(*suite->results));
    suite->arguments = die_calloc(all, sizeof(*suite->arguments));
    suite->jobs = (struct suite_jobs){
        .items = die_calloc(all, sizeof(*suite->jobs.items)),
        .parallel = count_parallel(suite, count_wanted(suite)),
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

/* ---- What came out ---- */

static size_t count_failed(const struct suite *suite)
{
    size_t failed = suite->missing.count;
    for (size_t i = 0; i < suite->count; i++)
        failed += suite->results[i].failed;
    return failed;
}

static void explain(const struct suite *suite)
{
    const struct texts *notes = &suite->baseline.notes;
    for (size_t i = 0; i < suite->count; i++)
        if (suite->results[i].failed)
            suite_table_explain(&suite->results[i], suite->options->path);
    for (size_t i = 0; i < suite->missing.count; i++)
        printf("%s%s: %s\n", i ? "" : "\n", suite->missing.items[i].name, suite->missing.items[i].message);
    for (size_t i = 0; i < notes->count; i++)
        printf("%snote: baseline: %s\n", i ? "" : "\n", notes->items[i]);
    if (suite->baseline.is_different && !suite->options->update_baseline)
        printf("%snote: if that is as it should be, --update-baseline makes it the baseline\n",
               notes->count ? "" : "\n");
    printf("\n");
}

static int write_baseline(const struct suite *suite, size_t failed)
{
    const struct suite_options *options = suite->options;
    if (!options->update_baseline)
        return 0;
    if (!failed) {
        const int status = baseline_write(&suite->baseline, suite->plan);
        if (!status && !options->quiet)
            printf("baseline written to %s\n", options->baseline_path);
        return status;
    }
    fprintf(stderr, "gainsay: suite: --update-baseline: %s is left as it is, because the suite fails\n",
            options->baseline_path);
    return 0;
}

static int write_cases(const struct suite *suite, double seconds)
{
    const struct suite_options *options = suite->options;
    const struct case_outputs outputs = {options->junit_path, options->sarif_path, stdout};
    const struct case_group **groups = die_calloc(suite->count + 1, sizeof(const struct case_group *));
    for (size_t i = 0; i < suite->count; i++)
        groups[i] = &suite->results[i].group;
    groups[suite->count] = &suite->missing;
    const struct case_report report = {suite->plan->name, groups, suite->count + (suite->missing.count > 0), seconds};
    const int status = case_outputs_write("suite", &outputs, &report);
    free(groups);
    for (size_t i = 0; i < suite->baseline.notes.count && annotations_are_read(); i++)
        annotation_print(stdout, "notice", options->baseline_path, 0, "gainsay: baseline",
                         suite->baseline.notes.items[i]);
    return status;
}

static int report_all(struct suite *suite)
{
    const struct suite_options *options = suite->options;
    if (options->baseline_path)
        baseline_find_missing(&suite->baseline, suite->plan, &suite->missing, options->update_baseline);
    const size_t failed = count_failed(suite);
    const double seconds = clock_seconds() - suite->began;
    if (!options->quiet)
        explain(suite);
    int status = write_baseline(suite, failed);
    if (write_cases(suite, seconds))
        status = GS_BAD_INPUT;
    printf("gainsay: suite %s runs=%zu failed=%zu seconds=%.3f\n", failed ? "fails" : "holds", suite->count, failed,
           seconds);
    return failed ? GS_VIOLATION : status;
}

/* ---- All of it ---- */

static int make_directory(struct suite *suite)
{
    const char *parent = getenv("TMPDIR");
    char *template = texts_add(&suite->texts, "%s/gainsay-XXXXXX", parent && *parent ? parent : "/tmp");
    if (!mkdtemp(template))
        return complain("suite", "%s: cannot make a directory: %s (TMPDIR names another place)", template,
                        strerror(errno));
    suite->directory = realpath(template, NULL); /* the children work elsewhere */
    must(suite->directory != NULL);
    return 0;
}

/* Whatever cannot be read or written is known before anything runs. */
static int prepare_files(struct suite *suite)
{
    const struct suite_options *options = suite->options;
    const struct output_file files[] = {
        {"--junit", options->junit_path},
        {"--sarif", options->sarif_path},
        {"--baseline", options->update_baseline ? options->baseline_path : NULL},
    };
    if (options->baseline_path &&
        !baseline_read(&suite->baseline, options->baseline_path, suite->plan->name, options->update_baseline))
        return GS_BAD_INPUT;
    if (outputs_check_files("suite", files, sizeof(files) / sizeof(*files)) ||
        outputs_check_spare("suite", files, sizeof(files) / sizeof(*files), options->path, "the suite"))
        return GS_BAD_INPUT;
    if (options->traces) {
        suite->kept = suite_kept_directory(options->traces, &suite->texts);
        if (!suite->kept)
            return GS_BAD_INPUT;
    }
    return make_directory(suite);
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
    if (suite->directory)
        nftw(suite->directory, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    free(suite->directory);
    free(suite->runs);
    free(suite->results);
    free(suite->arguments);
    free(suite->jobs.items);
    cases_free(&suite->missing);
    baseline_free(&suite->baseline);
    texts_free(&suite->texts);
}

int suite_run_all(const struct suite_options *options, struct suite_plan *plan)
{
    struct suite suite = {.options = options, .plan = plan, .began = clock_seconds()};
    suite.missing.name = "baseline";
    suite.missing.path = options->path;
    int status = prepare_files(&suite);
    if (!status) {
        prepare_jobs(&suite);
        if (!options->quiet)
            suite_table_header(&suite.table, suite.runs, suite.count);
        guard_release(); /* no protocol code runs in this process, and the children catch for themselves */
        suite_jobs_run(&suite.jobs);
        guard_catch();
        status = report_all(&suite);
    }
    suite_free(&suite);
    return status;
}
