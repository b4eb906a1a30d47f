/* The report of random runs: that of a search, whose counterexamples are failures of their own. */
#include "cli/cases.h"

#include <string.h>

const char *cases_failure_name(const json_t *report, size_t index, struct texts *texts)
{
    const json_t *failures = json_object_get(report, "failures");
    const char *property = json_text_of(json_array_get(failures, index), "property");
    size_t number = 1;
    for (size_t i = 0; i < index; i++)
        number += strcmp(json_text_of(json_array_get(failures, i), "property"), property) == 0;
    return number == 1 ? texts_add(texts, "%s", property) : texts_add(texts, "%s.%zu", property, number);
}

static struct test_case *find_case(const struct case_group *group, const char *name)
{
    for (size_t i = 0; i < group->count; i++)
        if (strcmp(group->items[i].name, name) == 0)
            return &group->items[i];
    return NULL;
}

/* The case of a failure that is not its property's first: as that one, with a message of its own. */
static struct test_case *add_further(struct case_group *group, const char *name, const json_t *failure)
{
    struct test_case *item = cases_add(group, name);
    const struct test_case *first = find_case(group, json_text_of(failure, "property"));
    if (first) {
        item->outcome = first->outcome;
        item->type = first->type;
        item->property = first->property;
        item->claim = first->claim;
    }
    item->message =
        texts_add(&group->texts, "violated in %" JSON_INTEGER_FORMAT " steps: %s",
                  json_integer_value(json_object_get(failure, "steps")), json_text_of(failure, "explanation"));
    return item;
}

/* The trace where it is short, how short that is, and the line that reruns it. */
static const char *describe(struct case_group *group, const json_t *failure)
{
    const char *guarantee = json_text_of(failure, "guarantee");
    return texts_add(&group->texts, "%s%s%sto run it again: %s", json_text_of(failure, "counterexample"), guarantee,
                     *guarantee ? "\n" : "", json_text_of(failure, "rerun"));
}

void cases_add_fuzz(struct case_group *group, const json_t *report, const struct check_expectation *expected)
{
    size_t i;
    json_t *failure;
    cases_add_check(group, report, expected);
    json_array_foreach(json_object_get(report, "failures"), i, failure)
    {
        const char *name = cases_failure_name(report, i, &group->texts);
        struct test_case *item = find_case(group, name);
        if (!item)
            item = add_further(group, name, failure);
        item->trace = cases_text(group, json_string_value(json_object_get(failure, "trace")));
        item->detail = describe(group, failure);
    }
}
