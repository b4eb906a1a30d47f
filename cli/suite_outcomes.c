/* Mutants and traces: their commands have judged them, here it is only said which outcome passes. */
#include "cli/suite_outcomes.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

/* ---- Mutants ---- */

/* Loud in the command's own table, where all are in lower case here. */
static const char *lower(struct case_group *group, const char *text)
{
    char *copy = texts_add(&group->texts, "%s", text);
    for (char *c = copy; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return copy;
}

static void add_mutant(struct case_group *group, const json_t *trial, bool is_of_all)
{
    const char *mutant = text_of(trial, "mutant"), *property = text_of(trial, "property");
    const char *outcome = text_of(trial, "outcome"), *note = text_of(trial, "note");
    const char *expected = *mutant ? "killed" : "holds";
    struct texts *texts = &group->texts;
    const char *name = *mutant ? mutant : texts_add(texts, "(none, preset %s)", text_of(trial, "preset"));
    if (is_of_all)
        name = texts_add(texts, "%s/%s", text_of(trial, "protocol"), name);
    struct test_case *item = cases_add(group, name);
    item->type = lower(group, outcome);
    item->property = *property ? cases_text(group, property) : NULL;
    item->claim = cases_text(group, json_string_value(json_object_get(trial, "claim")));
    item->seconds = json_number_value(json_object_get(trial, "seconds"));
    if (strcmp(outcome, "killed") == 0)
        item->message = texts_add(texts, "killed by %s in %" JSON_INTEGER_FORMAT " steps", property,
                                  json_integer_value(json_object_get(trial, "steps")));
    else
        item->message = texts_add(texts, "%s%s%s", item->type, *note ? ": " : "", note);
    if (strcmp(outcome, expected) == 0)
        return;
    const bool no_answer = strcmp(outcome, "REFUSED") == 0 || strcmp(outcome, "internal error") == 0;
    item->outcome = no_answer ? CASE_ERROR : CASE_FAILED;
    if (strcmp(outcome, "SURVIVED") == 0)
        item->message = texts_add(texts, "survived: %s does not catch it%s%s", property, *note ? ": " : "", note);
}

void suite_add_mutants(struct case_group *group, const json_t *answer)
{
    size_t i;
    json_t *trial;
    const json_t *trials = json_object_get(answer, "trials");
    const char *first = text_of(json_array_get(trials, 0), "protocol");
    bool is_of_all = false;
    json_array_foreach(trials, i, trial) is_of_all |= strcmp(text_of(trial, "protocol"), first) != 0;
    group->protocol = is_of_all ? NULL : cases_text(group, first);
    json_array_foreach(trials, i, trial) add_mutant(group, trial, is_of_all);
}

/* ---- Traces ---- */

const char *suite_trace_word(const json_t *trace)
{
    const char *outcome = text_of(trace, "outcome");
    if (strcmp(outcome, "reproduces") == 0)
        return "reproduced";
    if (strcmp(outcome, "diverges") == 0)
        return "diverged";
    if (strcmp(outcome, "no longer violates") != 0)
        return "bad input";
    return strcmp(text_of(trace, "kind"), "reachable") == 0 ? "no longer met" : "fixed";
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

static void add_trace(struct case_group *group, const json_t *trace, bool is_fixed)
{
    const char *word = suite_trace_word(trace), *reason = text_of(trace, "reason");
    const char *property = text_of(trace, "property");
    struct texts *texts = &group->texts;
    struct test_case *item = cases_add(group, text_of(trace, "file"));
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

void suite_add_traces(struct case_group *group, const json_t *answer, bool is_fixed)
{
    size_t i;
    json_t *trace;
    json_array_foreach(json_object_get(answer, "traces"), i, trace) add_trace(group, trace, is_fixed);
}

/* ---- Counts ---- */

static const char *word_of(const json_t *item, const char *member)
{
    return member ? text_of(item, member) : suite_trace_word(item);
}

void suite_count_outcomes(const json_t *items, const char *member, char *text, size_t size)
{
    size_t i, j, used = 0;
    json_t *item, *other;
    text[0] = '\0';
    json_array_foreach(items, i, item)
    {
        const char *name = word_of(item, member);
        size_t count = 0;
        bool is_new = true;
        json_array_foreach(items, j, other)
        {
            const bool same = strcmp(word_of(other, member), name) == 0;
            is_new &= !same || j >= i;
            count += same;
        }
        if (is_new && used < size)
            used += (size_t)snprintf(text + used, size - used, "%s%zu %s", used ? ", " : "", count, name);
    }
}
