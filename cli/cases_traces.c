/* The answer of `gainsay replay`: the command has judged, here it is only said which outcome passes. */
#include "cli/cases.h"

#include <string.h>

const char *cases_trace_word(const json_t *trace)
{
    const char *outcome = json_text_of(trace, "outcome");
    if (strcmp(outcome, "reproduces") == 0)
        return "reproduced";
    if (strcmp(outcome, "diverges") == 0)
        return "diverged";
    if (strcmp(outcome, "no longer violates") != 0)
        return "bad input";
    return strcmp(json_text_of(trace, "kind"), "reachable") == 0 ? "no longer met" : "fixed";
}

/* The notes, a line each. */
static const char *notes_of(struct case_group *group, const json_t *trace)
{
    size_t i;
    json_t *note;
    const char *text = NULL;
    json_array_foreach(json_object_get(trace, "notes"), i, note) text =
        texts_add(&group->texts, "%s%snote: %s", text ? text : "", text ? "\n" : "", json_string_value(note));
    return text;
}

/* Without the file's name before it, which the case has. */
static const char *reason_of(struct case_group *group, const json_t *trace)
{
    const char *reason = json_text_of(trace, "reason"), *file = json_text_of(trace, "file");
    const size_t length = strlen(file);
    if (strncmp(reason, file, length) != 0 || reason[length] != ':')
        return cases_text(group, reason);
    reason += length + 1;
    const bool has_line = *reason >= '0' && *reason <= '9';
    return texts_add(&group->texts, "%s%s", has_line ? "line " : "", reason + strspn(reason, " "));
}

static void add_trace(struct case_group *group, const json_t *trace, bool is_fixed)
{
    const char *word = cases_trace_word(trace), *reason = reason_of(group, trace);
    const char *property = json_text_of(trace, "property");
    struct texts *texts = &group->texts;
    struct test_case *item = cases_add(group, json_text_of(trace, "file"));
    const bool reproduces = strcmp(word, "reproduced") == 0, is_fixed_now = strcmp(word, "fixed") == 0;
    item->type = word;
    item->property = *property ? cases_text(group, property) : NULL;
    item->detail = notes_of(group, trace);
    item->message = texts_add(texts, "%s%s%s", word, *reason ? ": " : "", reason);
    if (strcmp(word, "bad input") == 0)
        item->outcome = CASE_ERROR;
    else if (is_fixed ? !is_fixed_now : !reproduces)
        item->outcome = CASE_FAILED;
    if (is_fixed && reproduces)
        item->message =
            texts_add(texts, "reproduced: %s is still violated, expected is that it no longer is", property);
    else if (!is_fixed && is_fixed_now)
        item->message = texts_add(texts, "%s (if that is meant to stay: expect = fixed)", item->message);
}

void cases_add_traces(struct case_group *group, const json_t *answer, bool is_fixed)
{
    size_t i;
    json_t *trace;
    json_array_foreach(json_object_get(answer, "traces"), i, trace) add_trace(group, trace, is_fixed);
}
