/* gainsay lin: are recorded histories linearizable? */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/complain.h"
#include "cli/guarded_model.h"
#include "cli/lin_file.h"
#include "cli/numbers.h"
#include "cli/outputs.h"
#include "cli/plugin.h"
#include "core/bytes.h"
#include "core/clock.h"
#include "core/die.h"
#include "traces/whole_file.h"

enum {
    THREADS_MAX = 1024,
    EFFORT = 400000, /* attempts that all files share to make contradictions small: some 50 ms */
    EFFORT_MIN = 4000
};

struct lin_options {
    struct name_list paths;
    struct lin_task task;
    struct bytes initial;
    const char *json_path, *html_path;
    double max_seconds;
    uint64_t max_memory, threads; /* 0: not said */
    bool is_quiet;
};

enum {
    KEY_MODEL = 256,
    KEY_INIT,
    KEY_FORMAT,
    KEY_CONSISTENCY,
    KEY_MAX_SECONDS,
    KEY_MAX_MEMORY,
    KEY_JSON,
    KEY_HTML,
    KEY_THREADS
};

static const struct argp_option lin_options_table[] = {
    {.name = "model",
     .key = KEY_MODEL,
     .arg = "MODEL|FILE.c|FILE.so",
     .doc = "What the object is for one client alone: register, cas-register, kv, set, hashset, hashset+empty, "
            "fifo-queue, stack, priority-queue, mutex, trylock, semaphore, multi-register, list-append, or a model of "
            "your own"},
    {.name = "init",
     .key = KEY_INIT,
     .arg = "VALUE",
     .doc = "What each object begins with, as JSON (a word without quotes is a string): 0, empty, '{\"x\":0}' "
            "(default: null, empty, free, 0)"},
    {.name = "format",
     .key = KEY_FORMAT,
     .arg = "jsonl|jepsen|edn",
     .doc = "JSON Lines, Jepsen's log lines, or the EDN of Knossos and Jepsen (default: by content)"},
    {.name = "consistency",
     .key = KEY_CONSISTENCY,
     .arg = "linearizable|sequential",
     .doc = "linearizable (default): what returned before another was invoked comes before it; sequential: only each "
            "client's own order counts"},
    {.name = "max-seconds", .key = KEY_MAX_SECONDS, .arg = "S", .doc = "Stop after S seconds: then it is unknown"},
    {.name = "max-memory",
     .key = KEY_MAX_MEMORY,
     .arg = "BYTES",
     .doc = "Stop at this size, of all threads together; takes K, M and G"},
    {.name = "threads", .key = KEY_THREADS, .arg = "N", .doc = "Decide N files at a time (default: one a core)"},
    {.name = "json",
     .key = KEY_JSON,
     .arg = "FILE",
     .doc = "Also write what came out as one JSON object ('-': to standard output, instead of text)"},
    {.name = "html",
     .key = KEY_HTML,
     .arg = "FILE",
     .doc = "Also write a page that draws each violation as a timeline"},
    {0},
};

static error_t set_model(struct lin_options *options, const char *name)
{
    struct name_list known = {0};
    if (plugin_is_file(name)) {
        const struct gs_sequential *model = plugin_load_sequential("lin", "--model", name);
        options->task.model = model == NULL ? NULL : guarded_model("lin", name, model);
        return model == NULL ? EINVAL : 0;
    }
    options->task.model = gs_sequential_named(name);
    for (size_t i = 0; gs_sequential_models[i] != NULL; i++)
        name_list_add(&known, gs_sequential_models[i]->name);
    if (options->task.model == NULL)
        complain_unknown("lin", "--model", name, "model", &known);
    name_list_free(&known);
    return options->task.model == NULL ? EINVAL : 0;
}

static error_t set_initial(struct lin_options *options, const char *text)
{
    json_t *json = json_loads(text, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);
    json = json != NULL ? json : json_string(text);
    options->initial.size = 0;
    const bool is_good = json != NULL && history_value_from_json(json, &options->initial);
    json_decref(json);
    if (!is_good)
        complain("lin", "--init %s: a number in it is no integer, or it is no UTF-8", text);
    options->task.initial_text = text;
    options->task.initial = (gs_value){options->initial.data, options->initial.size};
    return is_good ? 0 : EINVAL;
}

/* The index of a word among names, -1 after a complaint. */
static int index_of(const char *flag, const char *word, const char *kind, const char *const *names)
{
    struct name_list known = {0};
    int found = -1;
    for (int i = 0; names[i] != NULL; i++) {
        name_list_add(&known, names[i]);
        found = strcmp(names[i], word) == 0 ? i : found;
    }
    if (found < 0)
        complain_unknown("lin", flag, word, kind, &known);
    name_list_free(&known);
    return found;
}

static error_t set_format(struct lin_options *options, const char *name)
{
    static const char *const names[] = {"jsonl", "jepsen", "edn", NULL};
    const int index = index_of("--format", name, "format", names);
    options->task.format = (enum history_format)(index + 1);
    return index < 0 ? EINVAL : 0;
}

static error_t set_consistency(struct lin_options *options, const char *name)
{
    static const char *const names[] = {"linearizable", "sequential", NULL};
    const int index = index_of("--consistency", name, "consistency", names);
    options->task.consistency = index == 1 ? GS_SEQUENTIALLY : GS_LINEARIZABLY;
    return index < 0 ? EINVAL : 0;
}

static error_t set_limit(struct lin_options *options, int key, const char *text)
{
    if (key == KEY_MAX_SECONDS && !number_parse_seconds(text, &options->max_seconds))
        complain("lin", "--max-seconds %s: a number of seconds above 0, as 90 or 0.5", text);
    else if (key == KEY_MAX_MEMORY && !number_parse_bytes(text, &options->max_memory))
        complain("lin", "--max-memory %s: a number of bytes from 1 on, as 800M or 4G", text);
    else if (key == KEY_THREADS && !number_parse(text, 1, THREADS_MAX, &options->threads))
        complain("lin", "--threads %s: a number from 1 to %d", text, THREADS_MAX);
    else
        return 0;
    return EINVAL;
}

static error_t check_together(struct lin_options *options)
{
    struct gs_buffer nowhere = {NULL, 0, 0};
    const struct gs_sequential *model = options->task.model;
    if (model == NULL)
        complain("lin", "--model is missing: what is the object? gainsay lin --model register FILE");
    else if (options->paths.count == 0)
        complain("lin", "which history? gainsay lin --model %s FILE...", model->name);
    else if (!model->init(options->task.initial, &nowhere))
        complain("lin", "--init %s: the model %s cannot begin with that", options->task.initial_text, model->name);
    else
        return 0;
    return EINVAL;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct lin_options *options = state->input;
    switch (key) {
    case KEY_MODEL:
        return set_model(options, text);
    case KEY_INIT:
        return set_initial(options, text);
    case KEY_FORMAT:
        return set_format(options, text);
    case KEY_CONSISTENCY:
        return set_consistency(options, text);
    case KEY_MAX_SECONDS:
    case KEY_MAX_MEMORY:
    case KEY_THREADS:
        return set_limit(options, key, text);
    case KEY_JSON:
        options->json_path = text;
        return 0;
    case KEY_HTML:
        options->html_path = text;
        return 0;
    case ARGP_KEY_ARG:
        name_list_add(&options->paths, text);
        return 0;
    case ARGP_KEY_END:
        return check_together(options);
    }
    return ARGP_ERR_UNKNOWN;
}

const struct argp lin_argp = {
    .options = lin_options_table,
    .parser = parse,
    .args_doc = "FILE...",
    .doc = "Decides whether recorded histories of clients' operations are linearizable: whether one order of all "
           "operations, each between its invocation and its return, explains every result. '-' is standard input.\v"
           "Exit codes: 0 all are linearizable, 1 some are not, 2 bad usage or input, 3 some are unknown.\n"
           "\n"
           "Examples:\n"
           "  gainsay lin --model register --init 0 history.jsonl\n"
           "  gainsay lin --model cas-register jepsen.log --html timeline.html\n"
           "  gainsay lin --model kv histories/*.jsonl --max-seconds 60\n",
};

/* ---- Deciding, several files at a time */

struct lin_crew {
    const struct lin_task *task;
    struct lin_file *files;
    size_t count;
    atomic_size_t next;
};

static void *work(void *context)
{
    struct lin_crew *crew = context;
    for (size_t i; (i = atomic_fetch_add(&crew->next, 1)) < crew->count;)
        lin_file_decide(crew->task, &crew->files[i]);
    return NULL;
}

/* Guarded calls do not run beside each other. */
static size_t thread_count(const struct lin_options *options)
{
    if (is_guarded_model(options->task.model))
        return 1;
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    const size_t wanted = options->threads > 0 ? options->threads : cores > 0 ? (size_t)cores : 1;
    return wanted < options->paths.count ? wanted : options->paths.count;
}

/* A thread that cannot be had is done without. */
static void decide_all(const struct lin_options *options, struct lin_file *files)
{
    struct lin_crew crew = {.task = &options->task, .files = files, .count = options->paths.count};
    const size_t wanted = thread_count(options) - 1;
    pthread_t *threads = die_alloc(wanted * sizeof(*threads));
    size_t started = 0;
    json_object_seed(0);
    while (started < wanted && pthread_create(&threads[started], NULL, work, &crew) == 0)
        started++;
    work(&crew);
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    free(threads);
}

/* ---- Reporting */

static void complain_of_file(const struct lin_file *file)
{
    if (file->recorded.error_line > 0)
        complain("lin", "%s:%zu: %s", file->path, file->recorded.error_line, file->recorded.error);
    else
        complain("lin", "%s: %s", file->path, file->recorded.error);
}

struct tally {
    size_t by_decision[3], bad, operations;
};

static struct tally count_files(const struct lin_file *files, size_t count)
{
    struct tally tally = {0};
    for (size_t i = 0; i < count; i++) {
        tally.operations += files[i].operations;
        if (files[i].is_read)
            tally.by_decision[files[i].decision.decided]++;
        else
            tally.bad++;
    }
    return tally;
}

static int status_of(const struct tally *tally)
{
    return tally->bad > 0                            ? GS_BAD_INPUT
           : tally->by_decision[GS_INCONSISTENT] > 0 ? GS_VIOLATION
           : tally->by_decision[GS_UNDECIDED] > 0    ? GS_INCOMPLETE
                                                     : GS_HOLDS;
}

static enum gs_decided decided_of(const struct tally *tally)
{
    return tally->by_decision[GS_INCONSISTENT] > 0                  ? GS_INCONSISTENT
           : tally->by_decision[GS_UNDECIDED] > 0 || tally->bad > 0 ? GS_UNDECIDED
                                                                    : GS_CONSISTENT;
}

static void print_tally(const struct lin_options *options, const struct tally *tally, double seconds)
{
    printf("gainsay: %s model=%s files=%zu consistent=%zu inconsistent=%zu unknown=%zu bad=%zu operations=%zu "
           "seconds=%.3f\n",
           lin_verdict(options->task.consistency, decided_of(tally)), options->task.model->name, options->paths.count,
           tally->by_decision[GS_CONSISTENT], tally->by_decision[GS_INCONSISTENT], tally->by_decision[GS_UNDECIDED],
           tally->bad, tally->operations, seconds);
}

static int write_file(const char *flag, const char *path, const char *text)
{
    char error[HISTORY_ERROR_SIZE];
    if (strcmp(path, "-") == 0)
        fputs(text, stdout);
    else if (!whole_file_write(path, text, strlen(text), error, sizeof(error)))
        return complain("lin", "%s %s", flag, error);
    return 0;
}

static int write_outputs(const struct lin_options *options, const struct lin_file *files)
{
    int status = 0;
    if (options->json_path != NULL) {
        json_t *json = lin_json(&options->task, files, options->paths.count);
        char *text = json_dumps(json, JSON_INDENT(2)), *line;
        must(text != NULL && asprintf(&line, "%s\n", text) >= 0);
        status = write_file("--json", options->json_path, line);
        free(text);
        free(line);
        json_decref(json);
    }
    if (options->html_path != NULL) {
        char *page = lin_html(&options->task, files, options->paths.count);
        const int written = write_file("--html", options->html_path, page);
        status = written ? written : status;
        free(page);
    }
    return status;
}

static bool says_text(const struct lin_options *options)
{
    return (options->json_path == NULL || strcmp(options->json_path, "-") != 0) &&
           (options->html_path == NULL || strcmp(options->html_path, "-") != 0);
}

static int decide_and_report(struct lin_options *options)
{
    struct lin_file *files = die_calloc(options->paths.count, sizeof(*files));
    const double begin = clock_seconds();
    if (options->max_seconds > 0)
        options->task.deadline = begin + options->max_seconds;
    options->task.memory = options->max_memory == 0 ? 0 : options->max_memory / thread_count(options) + 1;
    options->task.effort = EFFORT / options->paths.count > EFFORT_MIN ? EFFORT / options->paths.count : EFFORT_MIN;
    for (size_t i = 0; i < options->paths.count; i++)
        files[i].path = options->paths.items[i];
    decide_all(options, files);
    const double seconds = clock_seconds() - begin;
    const struct tally tally = count_files(files, options->paths.count);
    for (size_t i = 0; i < options->paths.count; i++)
        if (!files[i].is_read)
            complain_of_file(&files[i]);
        else if (says_text(options))
            lin_print_text(&options->task, &files[i]);
    if (says_text(options))
        print_tally(options, &tally, seconds);
    const int written = write_outputs(options, files);
    for (size_t i = 0; i < options->paths.count; i++)
        lin_file_free(&files[i]);
    free(files);
    return written ? written : status_of(&tally);
}

/* What was recorded may not be had again. */
static int check_spares_histories(const struct lin_options *options, const char *flag, const char *path)
{
    for (size_t i = 0; i < options->paths.count && path != NULL; i++)
        if (strcmp(options->paths.items[i], "-") != 0 && output_is_same_file(path, options->paths.items[i]))
            return complain("lin", "%s %s: that is a history to be read; name another file", flag, path);
    return 0;
}

int lin_command(int argc, char **argv)
{
    struct lin_options options = {.task = {.initial = GS_UNKNOWN}};
    int status = arguments_parse("lin", &lin_argp, argc, argv, &options);
    if (!status) {
        const struct output_file files[] = {{"--json", options.json_path}, {"--html", options.html_path}};
        status = outputs_check_files("lin", files, 2);
        for (size_t i = 0; i < 2 && !status; i++)
            status = check_spares_histories(&options, files[i].flag, files[i].path);
    }
    if (!status)
        status = decide_and_report(&options);
    guarded_model_release();
    name_list_free(&options.paths);
    bytes_free(&options.initial);
    return status;
}
