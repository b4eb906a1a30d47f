/* Reading, comparing and writing baselines. */
#include "cli/baseline.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "checker/check.h"
#include "core/die.h"
#include "traces/json_fields.h"
#include "traces/whole_file.h"

enum { BASELINE_FORMAT = 1, BASELINE_SIZE_MAX = 64 << 20 /* bytes */, ERROR_SIZE = 4096 };

static void add(json_t *object, const char *name, json_t *value)
{
    must(json_object_set_new(object, name, value) == 0);
}

/* ---- What a run came to ---- */

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of an object whose numbers are not 0, sorted. */
static json_t *names_json(json_t *counts)
{
    const char *name;
    json_t *value, *names = json_array();
    struct name_list list = {0};
    json_object_foreach(counts, name, value) if (json_integer_value(value) > 0) name_list_add(&list, name);
    if (list.count)
        qsort(list.items, list.count, sizeof(*list.items), by_name);
    for (size_t i = 0; i < list.count; i++)
        must(json_array_append_new(names, json_string(list.items[i])) == 0);
    name_list_free(&list);
    return names;
}

static json_t *check_summary(const json_t *report)
{
    static const char *const counted[] = {"states", "transitions", "depth"};
    size_t i;
    json_t *property, *outcomes = json_object(), *counts = json_object(), *summary = json_object();
    json_t *cut = json_deep_copy(json_object_get(report, "cut"));
    json_array_foreach(json_object_get(report, "properties"), i, property)
        add(outcomes, json_text_of(property, "name"), json_text(json_text_of(property, "verdict")));
    for (i = 0; i < sizeof(counted) / sizeof(*counted); i++)
        add(counts, counted[i], json_incref(json_object_get(report, counted[i])));
    if (json_integer_value(json_object_get(report, "absorbed")) > 0)
        add(cut, "copies", json_integer(1));
    add(summary, "outcomes", outcomes);
    add(summary, "counts", counts);
    add(summary, "fired", names_json(json_object_get(report, "events")));
    add(summary, "cut", names_json(cut));
    json_decref(cut);
    return summary;
}

/* Of random runs a goal claims that it was met. How far those come that a limit of time ends, and what they meet only
 * once, depends on the machine: of them nothing is counted. */
static json_t *fuzz_summary(const json_t *report)
{
    static const char *const counted[] = {"runs", "steps", "local_states"};
    size_t i;
    json_t *property, *outcomes = json_object(), *counts = json_object(), *summary = json_object();
    const bool is_timed_out = strstr(json_text_of(report, "stopped"), "--max-seconds") != NULL;
    const bool has_sums = !is_timed_out && json_is_integer(json_object_get(report, "steps"));
    json_array_foreach(json_object_get(report, "properties"), i, property)
    {
        const json_t *met = json_object_get(property, "runs_met");
        add(outcomes, json_text_of(property, "name"),
            json_is_integer(met) ? json_text(json_integer_value(met) ? "met" : "not met")
                                 : json_text(json_text_of(property, "verdict")));
    }
    for (i = 0; i < sizeof(counted) / sizeof(*counted) && has_sums; i++)
        add(counts, counted[i], json_incref(json_object_get(report, counted[i])));
    add(summary, "outcomes", outcomes);
    add(summary, "counts", counts);
    add(summary, "fired", names_json(has_sums ? json_object_get(report, "events") : NULL));
    add(summary, "cut", names_json(has_sums ? json_object_get(report, "cut") : NULL));
    return summary;
}

/* Of mutants and traces their cases tell. */
static json_t *case_summary(const struct suite_result *result)
{
    size_t i;
    json_t *trial, *outcomes = json_object(), *counts = json_object(), *summary = json_object();
    for (i = 0; i < result->group.count; i++)
        add(outcomes, result->group.items[i].name, json_text(result->group.items[i].type));
    json_array_foreach(json_object_get(result->report, "trials"), i, trial)
    {
        char name[256];
        snprintf(name, sizeof(name), "steps of %.200s", result->group.items[i].name);
        if (json_is_string(json_object_get(trial, "mutant")))
            add(counts, name, json_incref(json_object_get(trial, "steps")));
    }
    add(summary, "outcomes", outcomes);
    add(summary, "counts", counts);
    add(summary, "fired", json_array());
    add(summary, "cut", json_array());
    return summary;
}

static json_t *summary_of(const struct suite_result *result)
{
    json_t *summary = result->run->kind == &suite_check  ? check_summary(result->report)
                      : result->run->kind == &suite_fuzz ? fuzz_summary(result->report)
                                                         : case_summary(result);
    add(summary, "what", json_sprintf("%s %s", result->run->kind->key, result->run->subject));
    return summary;
}

/* ---- Comparing ---- */

struct comparison {
    struct baseline *baseline;
    struct case_group *group;
    const char *run;
    bool is_update;
};

static void note(const struct comparison *comparison, const char *what, const char *text)
{
    comparison->baseline->is_different = true;
    texts_add(&comparison->baseline->notes, "%s: %s%s%s", comparison->run, what, *what ? ": " : "", text);
}

/* It is worse: a failure, unless the file is about to say so too. */
static void fail(const struct comparison *comparison, const char *what, const char *property, const char *text)
{
    if (comparison->is_update) {
        note(comparison, what, text);
        return;
    }
    struct texts *texts = &comparison->group->texts;
    struct test_case *item = cases_add(comparison->group, texts_add(texts, "baseline: %s", what));
    comparison->baseline->is_different = true;
    item->outcome = CASE_FAILED;
    item->type = "baseline";
    item->message = texts_add(texts, "%s (baseline %s)", text, comparison->baseline->path);
    item->property = property ? cases_text(comparison->group, property) : NULL;
}

/* Of every kind of run: how much an outcome claims. */
static int strength(const char *outcome)
{
    static const char *const weaker[] = {"bounded", "sampled", "met", "proved from there on", "proved"};
    for (int i = 0; i < (int)(sizeof(weaker) / sizeof(*weaker)); i++)
        if (strcmp(outcome, weaker[i]) == 0)
            return i + 1;
    return 0;
}

static void compare_outcomes(const struct comparison *comparison, json_t *old, json_t *fresh)
{
    const char *name;
    json_t *value;
    struct texts *texts = &comparison->group->texts;
    json_object_foreach(old, name, value)
    {
        const char *was = json_string_value(value), *is = json_string_value(json_object_get(fresh, name));
        if (!is)
            fail(comparison, name, name, texts_add(texts, "was %s, is there no more", was));
        else if (strength(is) < strength(was))
            fail(comparison, name, name, texts_add(texts, "was %s, is %s", was, is));
        else if (strcmp(was, is) != 0)
            note(comparison, name, texts_add(texts, "was %s, is %s", was, is));
    }
    json_object_foreach(fresh, name, value) if (!json_object_get(old, name))
        note(comparison, name, texts_add(texts, "is new: %s", json_string_value(value)));
}

static bool has_name(const json_t *names, const char *name)
{
    size_t i;
    json_t *item;
    json_array_foreach(names, i, item) if (strcmp(json_string_value(item), name) == 0) return true;
    return false;
}

/* Says of what `names` has and `others` lack. */
static void compare_names(const struct comparison *comparison, const json_t *names, const json_t *others,
                          const char *kind, const char *text, bool is_worse)
{
    size_t i;
    json_t *item;
    json_array_foreach(names, i, item)
    {
        if (has_name(others, json_string_value(item)))
            continue;
        const char *name = texts_add(&comparison->group->texts, "%s %s", kind, json_string_value(item));
        if (is_worse)
            fail(comparison, name, NULL, text);
        else
            note(comparison, name, text);
    }
}

static void compare_counts(const struct comparison *comparison, json_t *old, json_t *fresh)
{
    const char *name;
    json_t *value;
    json_object_foreach(fresh, name, value)
    {
        const json_t *was = json_object_get(old, name);
        if (was && json_integer_value(was) != json_integer_value(value))
            note(comparison, name,
                 texts_add(&comparison->group->texts, "was %" JSON_INTEGER_FORMAT ", is %" JSON_INTEGER_FORMAT,
                           json_integer_value(was), json_integer_value(value)));
    }
}

static void compare(const struct comparison *comparison, const json_t *old, const json_t *fresh)
{
    const char *was = json_text_of(old, "what"), *is = json_text_of(fresh, "what");
    if (strcmp(was, is) != 0)
        note(comparison, "", texts_add(&comparison->group->texts, "was '%s', is '%s'", was, is));
    compare_outcomes(comparison, json_object_get(old, "outcomes"), json_object_get(fresh, "outcomes"));
    const json_t *old_fired = json_object_get(old, "fired"), *fresh_fired = json_object_get(fresh, "fired");
    compare_names(comparison, old_fired, fresh_fired, "event", "fired before, and does no longer", true);
    compare_names(comparison, fresh_fired, old_fired, "event", "fires now", false);
    const json_t *old_cut = json_object_get(old, "cut"), *fresh_cut = json_object_get(fresh, "cut");
    compare_names(comparison, fresh_cut, old_cut, "bound", "cut nothing before, and does now", true);
    compare_names(comparison, old_cut, fresh_cut, "bound", "cuts no longer", false);
    compare_counts(comparison, json_object_get(old, "counts"), json_object_get(fresh, "counts"));
}

void baseline_take(struct baseline *baseline, struct suite_result *result, bool is_update)
{
    const struct comparison comparison = {baseline, &result->group, result->run->name, is_update};
    json_t *fresh = summary_of(result);
    const json_t *old = json_object_get(json_object_get(baseline->old, "runs"), result->run->name);
    if (old)
        compare(&comparison, old, fresh);
    else
        note(&comparison, "", "is new");
    add(baseline->fresh, result->run->name, fresh);
}

static bool is_planned(const struct suite_plan *plan, const char *name)
{
    for (size_t i = 0; i < plan->count; i++)
        if (strcmp(plan->runs[i].name, name) == 0)
            return true;
    return false;
}

void baseline_find_missing(struct baseline *baseline, const struct suite_plan *plan, struct case_group *group,
                           bool is_update)
{
    const char *name;
    json_t *run;
    json_object_foreach(json_object_get(baseline->old, "runs"), name, run)
    {
        const struct comparison comparison = {baseline, group, name, is_update};
        if (!is_planned(plan, name))
            fail(&comparison, name, NULL, "this run is in the suite no more");
    }
}

/* ---- The file ---- */

static bool are_strings(const json_t *values)
{
    size_t i;
    json_t *value;
    if (!json_is_array(values))
        return false;
    json_array_foreach(values, i, value) if (!json_is_string(value)) return false;
    return true;
}

static bool is_summary(json_t *run)
{
    const char *name;
    json_t *value;
    if (!json_is_string(json_object_get(run, "what")) || !json_is_object(json_object_get(run, "outcomes")) ||
        !json_is_object(json_object_get(run, "counts")) || !are_strings(json_object_get(run, "fired")) ||
        !are_strings(json_object_get(run, "cut")))
        return false;
    json_object_foreach(json_object_get(run, "outcomes"), name, value) if (!json_is_string(value)) return false;
    json_object_foreach(json_object_get(run, "counts"), name, value) if (!json_is_integer(value)) return false;
    return true;
}

static int check_object(const struct baseline *baseline)
{
    const char *name;
    json_t *run, *runs = json_object_get(baseline->old, "runs");
    const json_t *format = json_object_get(baseline->old, "gainsay_baseline");
    const char *suite = json_string_value(json_object_get(baseline->old, "suite"));
    if (!json_is_integer(format) || !suite || !json_is_object(runs))
        return complain("suite", "--baseline %s: not a baseline of a suite", baseline->path);
    if (json_integer_value(format) != BASELINE_FORMAT)
        return complain("suite", "--baseline %s: its format is %" JSON_INTEGER_FORMAT ", this gainsay reads %d",
                        baseline->path, json_integer_value(format), BASELINE_FORMAT);
    if (strcmp(suite, baseline->suite) != 0)
        return complain("suite", "--baseline %s: it is of the suite '%s', this one is '%s'", baseline->path, suite,
                        baseline->suite);
    json_object_foreach(runs, name, run) if (!is_summary(run)) return complain(
        "suite", "--baseline %s: its run '%s' is damaged", baseline->path, name);
    return 0;
}

static bool load(struct baseline *baseline)
{
    struct stat status;
    json_error_t error;
    if (stat(baseline->path, &status) != 0 || !S_ISREG(status.st_mode)) {
        complain("suite", "--baseline %s: not a file", baseline->path);
        return false;
    }
    if (status.st_size > BASELINE_SIZE_MAX) {
        complain("suite", "--baseline %s: larger than %d MB", baseline->path, BASELINE_SIZE_MAX >> 20);
        return false;
    }
    baseline->old = json_load_file(baseline->path, JSON_REJECT_DUPLICATES, &error);
    if (!baseline->old) {
        if (error.line > 0)
            complain("suite", "--baseline %s:%d: %s", baseline->path, error.line, error.text);
        else
            complain("suite", "--baseline %s", error.text);
        return false;
    }
    return check_object(baseline) == 0;
}

bool baseline_read(struct baseline *baseline, const char *path, const char *suite, bool is_update)
{
    *baseline = (struct baseline){.path = path, .suite = suite, .fresh = json_object()};
    if (access(path, F_OK) == 0)
        return load(baseline);
    if (errno == ENOENT && is_update)
        return true;
    complain("suite", "--baseline %s: %s%s", path, strerror(errno),
             errno == ENOENT ? "; --update-baseline writes it" : "");
    return false;
}

int baseline_write(const struct baseline *baseline, const struct suite_plan *plan)
{
    char error[ERROR_SIZE];
    const char *name;
    char *dumped, *text;
    json_t *run, *object = json_object(), *runs = json_object();
    json_object_foreach(json_object_get(baseline->old, "runs"), name, run) if (is_planned(plan, name))
        add(runs, name, json_incref(run));
    must(json_object_update(runs, baseline->fresh) == 0);
    add(object, "gainsay_baseline", json_integer(BASELINE_FORMAT));
    add(object, "suite", json_text(baseline->suite));
    add(object, "runs", runs);
    dumped = json_dumps(object, JSON_INDENT(2) | JSON_SORT_KEYS);
    must(dumped && asprintf(&text, "%s\n", dumped) >= 0);
    const bool written = whole_file_write(baseline->path, text, strlen(text), error, sizeof(error));
    free(text);
    free(dumped);
    json_decref(object);
    return written ? 0 : complain("suite", "--baseline %s", error);
}

void baseline_free(struct baseline *baseline)
{
    json_decref(baseline->old);
    json_decref(baseline->fresh);
    texts_free(&baseline->notes);
    *baseline = (struct baseline){0};
}
