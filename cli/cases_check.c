/* A search's report against what it was to come to. */
#include "cli/cases.h"

#include <inttypes.h>
#include <string.h>

#include "checker/check.h"
#include "core/die.h"

/* One property of a report. */
struct judged {
    const char *name, *verdict, *explanation;
    bool allowed, is_failure; /* the property leaves something to be mended */
    json_int_t steps;         /* below 0: no trace */
};

static bool is_verdict(const struct judged *judged, enum gs_verdict verdict)
{
    return strcmp(judged->verdict, gs_verdict_names[verdict]) == 0;
}

static struct judged read_property(const json_t *property)
{
    struct judged judged = {
        .name = json_text_of(property, "name"),
        .verdict = json_text_of(property, "verdict"),
        .explanation = json_text_of(property, "explanation"),
        .allowed = json_is_true(json_object_get(property, "allowed")),
        .steps = -1,
    };
    const json_t *steps = json_object_get(property, "steps");
    if (json_is_integer(steps))
        judged.steps = json_integer_value(steps);
    const bool is_wrong = is_verdict(&judged, GS_VERDICT_VIOLATED) || is_verdict(&judged, GS_VERDICT_UNREACHED) ||
                          is_verdict(&judged, GS_VERDICT_VACUOUS);
    judged.is_failure = is_wrong && !judged.allowed;
    return judged;
}

/* "violated in 7 steps: server 0 and server 2 both lead term 2" */
static const char *describe(struct case_group *group, const struct judged *judged)
{
    const char *colon = *judged->explanation ? ": " : "";
    if (is_verdict(judged, GS_VERDICT_VIOLATED) && judged->steps >= 0)
        return texts_add(&group->texts, "violated in %" JSON_INTEGER_FORMAT " step%s%s%s", judged->steps,
                         judged->steps == 1 ? "" : "s", colon, judged->explanation);
    if (is_verdict(judged, GS_VERDICT_UNREACHED) && !*judged->explanation)
        return "unreached: a complete search never met it";
    return texts_add(&group->texts, "%s%s%s", judged->verdict, colon, judged->explanation);
}

static bool is_named(const struct check_expectation *expected, const char *name)
{
    return expected->violates && name_list_has(expected->violates, name);
}

static bool is_expected_failure(const struct check_expectation *expected, const char *name)
{
    return expected->outcome == CHECK_VIOLATED &&
           (!expected->violates || !expected->violates->count || is_named(expected, name));
}

static void judge(struct case_group *group, const struct judged *judged, const struct check_expectation *expected,
                  bool is_incomplete)
{
    struct test_case *item = &group->items[group->count - 1];
    item->message = describe(group, judged);
    item->type = cases_text(group, judged->verdict);
    if (judged->is_failure) {
        item->outcome = is_expected_failure(expected, judged->name) ? CASE_PASSED : CASE_FAILED;
    } else if (expected->outcome == CHECK_VIOLATED && is_named(expected, judged->name)) {
        item->outcome = CASE_FAILED;
        item->type = "not violated";
        item->message = texts_add(&group->texts, "expected to be violated, but %s", item->message);
    } else if (judged->allowed && !is_verdict(judged, GS_VERDICT_PROVED) && !is_verdict(judged, GS_VERDICT_SAMPLED)) {
        item->outcome = CASE_SKIPPED;
        item->message = texts_add(&group->texts, "allowed: %s", item->message);
    } else if (is_verdict(judged, GS_VERDICT_NOT_CHECKED)) {
        item->outcome = CASE_SKIPPED;
    } else if (is_verdict(judged, GS_VERDICT_BOUNDED)) {
        item->outcome = is_incomplete && expected->outcome == CHECK_HOLDS ? CASE_FAILED : CASE_SKIPPED;
        item->type = "incomplete";
    }
}

static void fail_run(struct case_group *group, const char *type, const char *message)
{
    struct test_case *item = cases_add(group, CASE_OF_RUN);
    item->outcome = CASE_FAILED;
    item->type = type;
    item->message = message;
}

/* The shortest counterexample has the length that it is to have. */
static void check_steps(struct case_group *group, const json_t *properties, const struct check_expectation *expected)
{
    size_t i;
    json_t *property;
    struct judged shortest = {0};
    json_array_foreach(properties, i, property)
    {
        const struct judged judged = read_property(property);
        if (is_verdict(&judged, GS_VERDICT_VIOLATED) && judged.is_failure &&
            (!shortest.name || judged.steps < shortest.steps))
            shortest = judged;
    }
    if (!expected->has_steps || !shortest.name || (uint64_t)shortest.steps == expected->steps)
        return;
    fail_run(group, "steps",
             texts_add(&group->texts, "%s is violated in %" JSON_INTEGER_FORMAT " steps, expected are %" PRIu64,
                       shortest.name, shortest.steps, expected->steps));
}

/* Names that no property of the run has. */
static void check_names(struct case_group *group, const struct check_expectation *expected)
{
    const size_t count = group->count;
    for (size_t v = 0; expected->violates && v < expected->violates->count; v++) {
        bool found = false;
        for (size_t i = 0; i < count; i++)
            found |= strcmp(group->items[i].name, expected->violates->items[v]) == 0;
        if (!found)
            fail_run(group, "no such property",
                     texts_add(&group->texts, "%s: expected to be violated, but there is no such property",
                               expected->violates->items[v]));
    }
}

static void check_whole(struct case_group *group, const json_t *report, const struct check_expectation *expected)
{
    static const char *const outcomes[] = {"holds", "violated", "incomplete"};
    const char *verdict = json_text_of(report, "verdict"), *stopped = json_text_of(report, "stopped");
    if (cases_failed(group) || strcmp(verdict, outcomes[expected->outcome]) == 0)
        return;
    const char *why = *stopped ? texts_add(&group->texts, "incomplete: stopped by %s", stopped)
                               : "incomplete: a bound cut the search, and the run is strict";
    if (strcmp(verdict, "incomplete") == 0 && expected->outcome == CHECK_HOLDS)
        fail_run(group, "incomplete", why);
    else
        fail_run(group, cases_text(group, verdict),
                 texts_add(&group->texts, "expected: %s, got: %s", outcomes[expected->outcome], verdict));
}

void cases_add_check(struct case_group *group, const json_t *report, const struct check_expectation *expected)
{
    size_t i;
    json_t *property;
    const json_t *properties = json_object_get(report, "properties");
    const bool is_incomplete = strcmp(json_text_of(report, "verdict"), "incomplete") == 0;
    group->protocol = cases_text(group, json_text_of(report, "protocol"));
    group->seconds = json_number_value(json_object_get(report, "seconds"));
    json_array_foreach(properties, i, property)
    {
        const struct judged judged = read_property(property);
        struct test_case *item = cases_add(group, judged.name);
        item->property = item->name;
        item->claim = cases_text(group, json_string_value(json_object_get(property, "claim")));
        item->trace = cases_text(group, json_string_value(json_object_get(property, "trace")));
        item->detail = cases_text(group, json_string_value(json_object_get(property, "counterexample")));
        judge(group, &judged, expected, is_incomplete);
    }
    check_names(group, expected);
    check_steps(group, properties, expected);
    check_whole(group, report, expected);
}
