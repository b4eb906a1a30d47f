/* The report as one JSON object, for programs. Members come in the order of docs; json_object_set_new takes ownership,
 * and NULL from out-of-memory makes the whole write fail. */
#include "cli/report.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>

#include "cli/report_growth.h"
#include "core/die.h"
#include "core/run.h"
#include "traces/json_fields.h"

static void add(json_t *object, const char *name, json_t *value)
{
    must(json_object_set_new(object, name, value) == 0);
}

static void add_count(json_t *object, const char *name, uint64_t count)
{
    add(object, name, json_integer((json_int_t)count));
}

static json_t *options_json(const struct gs_run *run)
{
    json_t *options = json_object();
    for (unsigned i = 0; i < run->option_count; i++) {
        const struct gs_option *option = &run->model->options[i];
        const char *name = option->names ? option->names[run->options[i] - option->min] : NULL;
        add(options, option->name, name ? json_text(name) : json_integer(run->options[i]));
    }
    return options;
}

static json_t *mutants_json(const struct gs_run *run)
{
    json_t *mutants = json_array();
    for (unsigned m = 0; m < GS_MUTANTS_MAX; m++)
        if (run->mutants >> m & 1)
            must(json_array_append_new(mutants, json_text(run->model->mutants[m].name)) == 0);
    return mutants;
}

/* Unlimited is null. */
static json_t *budgets_json(const struct gs_run *run)
{
    json_t *budgets = json_object();
    for (int fault = 0; fault < GS_FAULTS; fault++)
        add(budgets, budget_names[fault], run->budgets[fault] < 0 ? json_null() : json_integer(run->budgets[fault]));
    return budgets;
}

json_t *report_tallies(const struct gs_tally *tallies, size_t count)
{
    json_t *object = json_object();
    for (size_t i = 0; i < count; i++)
        add_count(object, tallies[i].name, tallies[i].times);
    return object;
}

/* By enum gs_scope. */
static const char *const scope_names[] = {"all-nodes",        "node",    "pair",         "role", "message",
                                          "message-receiver", "monitor", "monitor-node", "step", "step-role"};

/* A violated property's trace as text. */
static json_t *counterexample_json(const struct gs_property_result *property)
{
    char *text = NULL;
    size_t size = 0;
    if (property->verdict != GS_VERDICT_VIOLATED || !property->trace)
        return json_null();
    FILE *out = open_memstream(&text, &size);
    must(out != NULL);
    gs_trace_print(property->trace, out);
    must(fclose(out) == 0);
    json_t *json = json_text(text);
    free(text);
    return json;
}

static json_t *property_json(const struct gs_property_result *property, const char *trace_path)
{
    json_t *object = json_object();
    add(object, "name", json_text(property->name));
    add(object, "kind", json_text(report_kind(property->property)));
    add(object, "scope", property->property ? json_text(scope_names[property->property->scope]) : json_null());
    add(object, "claim", json_text(report_claim(property->property)));
    add(object, "verdict", json_text(gs_verdict_names[property->verdict]));
    add(object, "explanation", json_text(property->reason));
    add(object, "trace", trace_path ? json_text(trace_path) : json_null());
    const bool has_steps =
        property->verdict == GS_VERDICT_VIOLATED || property->trace ||
        (property->verdict == GS_VERDICT_PROVED && property->property && property->property->kind == GS_REACHABLE);
    add(object, "steps", has_steps ? json_integer((json_int_t)property->steps) : json_null());
    add_count(object, "judged", property->judged);
    add(object, "allowed", json_boolean(property->allowed));
    add(object, "counterexample", counterexample_json(property));
    return object;
}

static json_t *properties_json(const struct report *report)
{
    json_t *properties = json_array();
    for (size_t i = 0; i < report->result->property_count; i++)
        must(json_array_append_new(properties, property_json(&report->result->properties[i], report->trace_paths[i])) ==
             0);
    return properties;
}

/* Events that could have fired and did not, or that were only ever ignored. */
static json_t *missing_events_json(const struct gs_result *result, bool only_ignored)
{
    json_t *names = json_array();
    for (size_t i = 0; i < result->event_count; i++) {
        const struct gs_tally *event = &result->events[i];
        if (only_ignored ? event->only_ignored : report_never_fired(result, event))
            must(json_array_append_new(names, json_text(event->name)) == 0);
    }
    return names;
}

static json_t *samples_json(const struct report *report)
{
    json_t *samples = json_array();
    for (size_t i = 0; i < report->result->sample_count; i++) {
        const char *path = report->sample_paths[i];
        json_t *sample = json_object();
        add(sample, "trace", path ? json_text(path) : json_null());
        add_count(sample, "steps", gs_trace_steps(report->result->samples[i]));
        must(json_array_append_new(samples, sample) == 0);
    }
    return samples;
}

/* Where a staged search starts. */
static json_t *from_json(const struct report *report)
{
    if (!report->options->config.from)
        return json_null();
    json_t *from = json_object();
    add(from, "trace", json_text(report->options->config.from_name));
    add_count(from, "at", report->result->from_at);
    return from;
}

void report_add_subject(json_t *object, const struct report *report)
{
    const struct gs_run *run = report->result->run;
    const char *preset = report->options->config.preset;
    add(object, "gainsay", json_text(GAINSAY_VERSION));
    add(object, "protocol", json_text(run->model->name));
    add(object, "preset", preset || !report->options->config.from ? json_text(preset ? preset : "quick") : json_null());
    add(object, "from", from_json(report));
    add(object, "options", options_json(run));
    add(object, "mutants", mutants_json(run));
    add(object, "network", json_text(network_names[run->network]));
    add_count(object, "copies", run->copies);
    add_count(object, "capacity", run->capacity);
    add(object, "budgets", budgets_json(run));
}

/* Bytes by table. */
static json_t *memory_json(const struct gs_memory *memory)
{
    json_t *object = json_object();
    for (int table = 0; table < GS_TABLES; table++)
        add_count(object, gs_table_names[table], memory->bytes[table]);
    return object;
}

static void add_counts(json_t *object, const struct gs_result *result)
{
    add_count(object, "states", result->states);
    add_count(object, "transitions", result->transitions);
    add_count(object, "depth", result->depth);
    add_count(object, "local_states", result->local_states);
    add_count(object, "inboxes", result->inboxes);
    add_count(object, "local_configurations", result->local_configurations);
    add_count(object, "reactions", result->reactions);
    add_count(object, "handler_calls", result->handler_calls);
    add_count(object, "absorbed", result->absorbed);
    add(object, "seconds", json_real(result->seconds));
    add_count(object, "memory_bytes", result->memory_bytes);
    add(object, "memory", memory_json(&result->memory));
    add_count(object, "peak_rss_bytes", result->peak_rss_bytes);
    add_count(object, "threads", result->threads);
}

json_t *report_object(const struct report *report)
{
    const struct gs_result *result = report->result;
    json_t *object = json_object();
    report_add_subject(object, report);
    add(object, "reductions", json_text(report->result->reductions));
    add(object, "verdict", json_text(report_verdict(result)));
    add(object, "complete", json_boolean(result->complete));
    add(object, "stopped", result->stopped[0] ? json_text(result->stopped) : json_null());
    add_counts(object, result);
    add(object, "properties", properties_json(report));
    add(object, "events", report_tallies(result->events, result->event_count));
    add(object, "never_fired", missing_events_json(result, false));
    add(object, "only_ignored", missing_events_json(result, true));
    add(object, "cut", report_tallies(result->cuts, result->cut_count));
    add(object, "growth", report_growth_json(&result->growth));
    add(object, "samples", samples_json(report));
    return object;
}

bool report_json(const struct report *report, FILE *out)
{
    json_t *object = report_object(report);
    errno = 0;
    const bool written = json_dumpf(object, out, JSON_INDENT(2)) == 0 && fputc('\n', out) != EOF && fflush(out) == 0;
    json_decref(object);
    return written;
}
