/* The answer of `gainsay mutants`: the command has judged, here it is only said which outcome passes. */
#include "cli/cases.h"

#include <ctype.h>
#include <string.h>

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
    const char *mutant = json_text_of(trial, "mutant"), *property = json_text_of(trial, "property");
    const char *outcome = json_text_of(trial, "outcome"), *note = json_text_of(trial, "note");
    const char *expected = *mutant ? "killed" : "holds";
    struct texts *texts = &group->texts;
    const char *name = *mutant ? mutant : texts_add(texts, "(none, preset %s)", json_text_of(trial, "preset"));
    if (is_of_all)
        name = texts_add(texts, "%s/%s", json_text_of(trial, "protocol"), name);
    struct test_case *item = cases_add(group, name);
    item->type = lower(group, outcome);
    item->property = *property ? cases_text(group, property) : NULL;
    item->claim = cases_text(group, json_string_value(json_object_get(trial, "claim")));
    group->seconds += json_number_value(json_object_get(trial, "seconds"));
    item->seconds = json_number_value(json_object_get(trial, "seconds"));
    if (strcmp(outcome, "killed") == 0)
        item->message = texts_add(texts, "killed by %s in %" JSON_INTEGER_FORMAT " steps", property,
                                  json_integer_value(json_object_get(trial, "steps")));
    else
        item->message = texts_add(texts, "%s%s%s", item->type, *note ? ": " : "", note);
    if (strcmp(outcome, "not checked") == 0)
        item->outcome = CASE_SKIPPED;
    if (strcmp(outcome, expected) == 0 || item->outcome == CASE_SKIPPED)
        return;
    const bool no_answer = strcmp(outcome, "REFUSED") == 0 || strcmp(outcome, "internal error") == 0;
    item->outcome = no_answer ? CASE_ERROR : CASE_FAILED;
    if (strcmp(outcome, "SURVIVED") == 0)
        item->message = texts_add(texts, "survived: %s does not catch it%s%s", property, *note ? ": " : "", note);
}

void cases_add_mutants(struct case_group *group, const json_t *answer)
{
    size_t i;
    json_t *trial;
    const json_t *trials = json_object_get(answer, "trials");
    const char *first = json_text_of(json_array_get(trials, 0), "protocol");
    bool is_of_all = false;
    json_array_foreach(trials, i, trial) is_of_all |= strcmp(json_text_of(trial, "protocol"), first) != 0;
    group->protocol = is_of_all ? NULL : cases_text(group, first);
    json_array_foreach(trials, i, trial) add_mutant(group, trial, is_of_all);
}
