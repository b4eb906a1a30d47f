/* SARIF 2.1.0 (OASIS): a rule per property, with its claim, and a result per case that failed. */
#include <stdlib.h>
#include <string.h>

#include "cli/case_outputs.h"
#include "core/die.h"
#include "traces/json_fields.h"

#define RULE_OF_RUN "gainsay/run"

struct sarif {
    json_t *rules, *results;
    struct texts texts;
};

static void add(json_t *object, const char *name, json_t *value)
{
    must(json_object_set_new(object, name, value) == 0);
}

static void append(json_t *array, json_t *value)
{
    must(json_array_append_new(array, value) == 0);
}

static json_t *message_json(const char *text)
{
    json_t *message = json_object();
    add(message, "text", json_text(text));
    return message;
}

/* ---- Rules ---- */

static const char *rule_of(struct sarif *sarif, const struct case_group *group, const struct test_case *item)
{
    if (!item->property)
        return RULE_OF_RUN;
    return texts_add(&sarif->texts, "%s/%s", group->protocol ? group->protocol : group->name, item->property);
}

static bool has_rule(const struct sarif *sarif, const char *id)
{
    size_t i;
    json_t *rule;
    json_array_foreach(sarif->rules, i, rule) if (strcmp(json_text_of(rule, "id"), id) == 0) return true;
    return false;
}

static void add_rule(struct sarif *sarif, const char *id, const char *name, const char *claim)
{
    if (has_rule(sarif, id))
        return;
    json_t *rule = json_object();
    add(rule, "id", json_text(id));
    add(rule, "name", json_text(name));
    add(rule, "shortDescription", message_json(claim && *claim ? claim : name));
    append(sarif->rules, rule);
}

/* ---- Results ---- */

/* A path as a relative reference of a URI; an absolute one as a file's URI. */
static json_t *uri_json(struct sarif *sarif, const char *path)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
    const char *known = repository_path(path, &sarif->texts);
    const char *uri = *known == '/' ? "file://" : "";
    for (; *known; known++)
        uri = strchr(plain, *known) ? texts_add(&sarif->texts, "%s%c", uri, *known)
                                    : texts_add(&sarif->texts, "%s%%%02X", uri, (unsigned)(unsigned char)*known);
    return json_text(uri);
}

static json_t *location_json(struct sarif *sarif, const struct case_group *group, const struct test_case *item)
{
    json_t *location = json_object(), *logical = json_object(), *list = json_array();
    if (group->path) {
        json_t *physical = json_object(), *artifact = json_object(), *region = json_object();
        add(artifact, "uri", uri_json(sarif, group->path));
        add(physical, "artifactLocation", artifact);
        add(region, "startLine", json_integer(group->line ? (json_int_t)group->line : 1));
        add(physical, "region", region);
        add(location, "physicalLocation", physical);
    }
    add(logical, "name", json_text(item->property ? item->property : group->name));
    add(logical, "fullyQualifiedName", json_text(item->property ? rule_of(sarif, group, item) : group->name));
    add(logical, "kind", json_text(item->property ? "property" : "module"));
    append(list, logical);
    add(location, "logicalLocations", list);
    return location;
}

static void add_result(struct sarif *sarif, const struct case_group *group, const struct test_case *item)
{
    const bool is_run = strcmp(item->name, CASE_OF_RUN) == 0;
    const char *rule = rule_of(sarif, group, item);
    const char *text = is_run ? texts_add(&sarif->texts, "%s: %s", group->name, item->message)
                              : texts_add(&sarif->texts, "%s: %s: %s", group->name, item->name, item->message);
    if (item->detail)
        text = texts_add(&sarif->texts, "%s\n\n%s", text, item->detail);
    json_t *result = json_object(), *locations = json_array(), *fingerprints = json_object();
    add(result, "ruleId", json_text(rule));
    add(result, "level", json_text("error"));
    add(result, "message", message_json(text));
    append(locations, location_json(sarif, group, item));
    add(result, "locations", locations);
    add(fingerprints, "gainsay/v1", json_text(texts_add(&sarif->texts, "%s:%s:%s", group->name, item->name, rule)));
    add(result, "partialFingerprints", fingerprints);
    append(sarif->results, result);
}

static void add_group(struct sarif *sarif, const struct case_group *group)
{
    for (size_t i = 0; i < group->count; i++) {
        const struct test_case *item = &group->items[i];
        const bool is_failure = item->outcome >= CASE_FAILED;
        if (item->property)
            add_rule(sarif, rule_of(sarif, group, item), item->property, item->claim);
        else if (is_failure)
            add_rule(sarif, RULE_OF_RUN, "run", "a run comes to what is expected of it");
        if (is_failure)
            add_result(sarif, group, item);
    }
}

json_t *sarif_object(const struct case_report *report)
{
    struct sarif sarif = {json_array(), json_array(), {0}};
    json_t *object = json_object(), *runs = json_array(), *run = json_object(), *tool = json_object();
    json_t *driver = json_object();
    for (size_t g = 0; g < report->count; g++)
        add_group(&sarif, report->groups[g]);
    add(driver, "name", json_text("gainsay"));
    add(driver, "version", json_text(GAINSAY_VERSION));
    add(driver, "rules", sarif.rules);
    add(tool, "driver", driver);
    add(run, "tool", tool);
    add(run, "results", sarif.results);
    append(runs, run);
    add(object, "$schema", json_text("https://json.schemastore.org/sarif-2.1.0.json"));
    add(object, "version", json_text("2.1.0"));
    add(object, "runs", runs);
    texts_free(&sarif.texts);
    return object;
}
