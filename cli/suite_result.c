/* From a child's end and its JSON to cases. The child's own verdict counts: nothing is judged here a second time, only
 * compared with what the suite expects. */
#include "cli/suite_result.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "checker/check.h"
#include "core/die.h"

enum { PRINTED_MAX = 8192 /* bytes of what a child printed that are kept */ };

/* ---- No answer ---- */

/* The end of what the child printed on standard error; NULL if nothing. */
static const char *read_printed(struct case_group *group, const char *path)
{
    char text[PRINTED_MAX + 1];
    FILE *in = fopen(path, "re");
    if (!in)
        return NULL;
    if (fseek(in, -PRINTED_MAX, SEEK_END) != 0)
        rewind(in);
    const size_t length = fread(text, 1, PRINTED_MAX, in);
    fclose(in);
    text[length] = '\0';
    for (size_t i = 0; i < length; i++)
        if (!text[i])
            text[i] = '?';
    return length ? cases_text(group, text) : NULL;
}

/* The child's complaint, from all that it printed: its last line that begins with "gainsay: ". */
static const char *find_complaint(struct case_group *group, const char *printed)
{
    static const char prefix[] = "gainsay: ";
    const char *found = NULL;
    for (const char *line = printed; line && *line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
        if (strncmp(line, prefix, strlen(prefix)) == 0)
            found = line + strlen(prefix);
    return found ? texts_add(&group->texts, "%.*s", (int)strcspn(found, "\n"), found) : NULL;
}

static void fail(struct suite_result *result, const char *type, const char *message, const char *detail)
{
    struct test_case *item = cases_add(&result->group, CASE_OF_RUN);
    item->outcome = CASE_ERROR;
    item->type = type;
    item->message = message;
    item->detail = detail;
    snprintf(result->got, sizeof(result->got), "%s", type);
}

/* Unless it is known already what went wrong. */
static void read_no_answer(struct suite_result *result, const struct suite_job *job)
{
    struct texts *texts = &result->group.texts;
    if (cases_failed(&result->group))
        return;
    const char *printed = read_printed(&result->group, job->err_path);
    const char *complaint = find_complaint(&result->group, printed);
    if (complaint && strchr(printed, '\n') == printed + strlen(printed) - 1)
        printed = NULL; /* it is all */
    if (job->was_stopped)
        fail(result, "stopped", "stopped: the time of the suite was over, or it was interrupted", printed);
    else if (WIFSIGNALED(job->status))
        fail(result, "crashed",
             texts_add(texts, "crashed: signal %d, %s", WTERMSIG(job->status), strsignal(WTERMSIG(job->status))),
             printed);
    else if (WEXITSTATUS(job->status) == GS_BAD_INPUT)
        fail(result, "bad input", complaint ? complaint : "bad input", printed);
    else
        fail(result, "error",
             complaint ? complaint
                       : texts_add(texts, "ended with exit code %d and without a report", WEXITSTATUS(job->status)),
             printed);
}

/* ---- An answer ---- */

static void read_search(struct suite_result *result)
{
    static const enum check_outcome outcomes[] = {CHECK_HOLDS, CHECK_VIOLATED, CHECK_INCOMPLETE};
    const struct suite_run *run = result->run;
    const struct check_expectation expected = {outcomes[run->expect], &run->violates, run->has_steps, run->steps};
    (run->kind == &suite_fuzz ? cases_add_fuzz : cases_add_check)(&result->group, result->report, &expected);
    cases_count(json_object_get(result->report, "properties"), "verdict", result->properties,
                sizeof(result->properties));
    snprintf(result->got, sizeof(result->got), "%s", json_text_of(result->report, "verdict"));
    result->has_states = run->kind == &suite_check; /* random runs count none */
    result->states = (uint64_t)json_integer_value(json_object_get(result->report, "states"));
}

/* The worst that came out, in a word; `good` if all is well. */
static const char *worst_word(const struct case_group *group, const char *good)
{
    const struct test_case *worst = NULL;
    for (size_t i = 0; i < group->count; i++)
        if (group->items[i].outcome >= CASE_FAILED && (!worst || group->items[i].outcome > worst->outcome))
            worst = &group->items[i];
    return worst ? worst->type : good;
}

static void read_mutants(struct suite_result *result)
{
    size_t i;
    json_t *trial;
    const json_t *trials = json_object_get(result->report, "trials");
    cases_add_mutants(&result->group, result->report);
    cases_count(trials, "outcome", result->properties, sizeof(result->properties));
    snprintf(result->got, sizeof(result->got), "%s", worst_word(&result->group, "killed"));
    json_array_foreach(trials, i, trial) result->states +=
        (uint64_t)json_integer_value(json_object_get(trial, "states"));
    result->has_states = true;
}

static void read_traces(struct suite_result *result)
{
    const bool is_fixed = result->run->expect == EXPECT_FIXED;
    cases_add_traces(&result->group, result->report, is_fixed);
    cases_count(json_object_get(result->report, "traces"), NULL, result->properties, sizeof(result->properties));
    snprintf(result->got, sizeof(result->got), "%s", worst_word(&result->group, is_fixed ? "fixed" : "violated"));
}

static void read_answer(struct suite_result *result)
{
    if (result->run->kind == &suite_check || result->run->kind == &suite_fuzz)
        read_search(result);
    else if (result->run->kind == &suite_mutants)
        read_mutants(result);
    else
        read_traces(result);
}

/* A time that the suite cut short proves nothing, whatever was expected. */
static void note_cut(struct suite_result *result, const struct suite_job *job)
{
    const char *stopped = json_text_of(result->report, "stopped");
    const bool by_time = job->was_shortened && strstr(stopped, "--max-seconds");
    if (!by_time && !job->was_stopped)
        return;
    struct test_case *item = cases_add(&result->group, CASE_OF_RUN);
    item->outcome = CASE_FAILED;
    item->type = "incomplete";
    item->message = by_time ? "incomplete: the time of the suite was over" : "incomplete: the suite was interrupted";
}

void suite_result_read(struct suite_result *result, const struct suite_run *run, const struct suite_job *job,
                       const char *json_path, const char *why_not)
{
    json_error_t error;
    const bool answered = job->state == JOB_ENDED && WIFEXITED(job->status);
    *result = (struct suite_result){.run = run, .group = {.name = run->name, .line = run->line}};
    result->seconds = job->seconds;
    result->report = answered ? json_load_file(json_path, 0, &error) : NULL;
    if (job->state == JOB_NOT_RUN) {
        fail(result, "not run", texts_add(&result->group.texts, "not run: %s", why_not), NULL);
    } else if (!result->report) {
        read_no_answer(result, job);
    } else {
        read_answer(result);
        note_cut(result, job);
        if (WEXITSTATUS(job->status) == GS_BAD_INPUT || WEXITSTATUS(job->status) == GS_INTERNAL_ERROR)
            read_no_answer(result, job); /* or not all of one */
    }
    result->group.seconds = result->seconds;
    result->failed = cases_failed(&result->group) > 0;
}

void suite_result_free(struct suite_result *result)
{
    cases_free(&result->group);
    json_decref(result->report);
    *result = (struct suite_result){0};
}

/* ---- Again by hand ---- */

static const char *quoted(const char *word, struct texts *texts)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./=,:+-@%";
    if (*word && !word[strspn(word, plain)])
        return word;
    char *text = texts_add(texts, "'%*s'", (int)(4 * strlen(word)), "");
    char *to = text + 1;
    for (; *word; word++)
        if (*word == '\'')
            to = stpcpy(to, "'\\''");
        else
            *to++ = *word;
    strcpy(to, "'");
    return text;
}

const char *suite_result_command(const struct suite_run *run, struct texts *texts)
{
    const char *command = "gainsay";
    for (size_t i = 0; i < run->arguments.count; i++)
        command = texts_add(texts, "%s %s", command, quoted(run->arguments.items[i], texts));
    if (run->max_seconds > 0)
        command = texts_add(texts, "%s --max-seconds %g", command, run->max_seconds);
    return command;
}
