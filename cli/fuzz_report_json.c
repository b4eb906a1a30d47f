/* The same as one JSON object. Numbers that depend on the threads are left out where there was a failure. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/fuzz_report.h"
#include "cli/metrics_report.h"
#include "core/die.h"
#include "traces/json_fields.h"

static void add(json_t *object, const char *name, json_t *value)
{
    must(json_object_set_new(object, name, value) == 0);
}

static void add_count(json_t *object, const char *name, uint64_t count)
{
    add(object, name, json_integer((json_int_t)count));
}

/* The first failure of a property; NULL: none. */
static const struct gs_fuzz_failure *failure_of(const struct gs_fuzz_result *fuzz, const char *property)
{
    for (size_t i = 0; i < fuzz->failure_count; i++)
        if (strcmp(fuzz->result.properties[fuzz->failures[i].property].name, property) == 0)
            return &fuzz->failures[i];
    return NULL;
}

static json_t *steps_json(const struct trace *trace)
{
    return trace ? json_integer((json_int_t)gs_trace_steps(trace)) : json_null();
}

static json_t *property_json(const struct gs_fuzz_result *fuzz, const struct gs_property_result *property)
{
    const bool is_goal = property->property && property->property->kind == GS_REACHABLE;
    const struct gs_fuzz_failure *failure = failure_of(fuzz, property->name);
    json_t *object = json_object();
    add(object, "name", json_text(property->name));
    add(object, "kind", json_text(report_kind(property->property)));
    add(object, "claim",
        json_text(strcmp(property->name, GS_RECOVERS) == 0 ? "the goals named are met in time after all is healed"
                                                           : report_claim(property->property)));
    add(object, "verdict", json_text(gs_verdict_names[property->verdict]));
    add(object, "explanation", json_text(property->reason));
    add(object, "steps", steps_json(failure ? failure->trace : NULL));
    add(object, "runs_met",
        is_goal && !fuzz->failure_count && property->verdict == GS_VERDICT_SAMPLED
            ? json_integer((json_int_t)property->steps)
            : json_null());
    add(object, "allowed", json_boolean(property->allowed));
    return object;
}

static json_t *rerun_json(const struct fuzz_report *report, const struct gs_fuzz_failure *failure)
{
    char *command = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&command, &size);
    must(out != NULL);
    fuzz_options_print_rerun(report->options, failure->run, out);
    must(fclose(out) == 0);
    json_t *json = json_text(command);
    free(command);
    return json;
}

/* The trace as text, unless it is too long to be read there. */
static json_t *counterexample_json(const struct gs_fuzz_failure *failure)
{
    char *text = NULL;
    size_t size = 0;
    if (!failure->trace || gs_trace_steps(failure->trace) > FUZZ_STEPS_SHOWN)
        return json_null();
    FILE *out = open_memstream(&text, &size);
    must(out != NULL);
    gs_trace_print(failure->trace, out);
    must(fclose(out) == 0);
    json_t *json = json_text(text);
    free(text);
    return json;
}

static json_t *failure_json(const struct fuzz_report *report, size_t index)
{
    const struct gs_fuzz_failure *failure = &report->fuzz->failures[index];
    const char *path = report->trace_paths[index];
    json_t *object = json_object();
    add_count(object, "run", failure->run);
    add(object, "strategy",
        json_text(report->options->config.timing.on ? "timed" : gs_strategy_names[failure->strategy]));
    add(object, "property", json_text(report->fuzz->result.properties[failure->property].name));
    add(object, "explanation", json_text(failure->explanation));
    add(object, "steps", steps_json(failure->trace));
    add(object, "steps_before", steps_json(failure->found));
    add(object, "guarantee", failure->found ? json_text(failure->guarantee) : json_null());
    add(object, "trace", path ? json_text(path) : json_null());
    add(object, "long_trace", report->long_paths[index] ? json_text(report->long_paths[index]) : json_null());
    add(object, "rerun", rerun_json(report, failure));
    add(object, "counterexample", counterexample_json(failure));
    return object;
}

static json_t *strategies_json(const struct gs_fuzz_result *fuzz)
{
    json_t *strategies = json_object();
    for (int strategy = GS_STRATEGY_UNIFORM; strategy < GS_STRATEGIES; strategy++) {
        json_t *object = json_object();
        add_count(object, "runs", fuzz->strategies[strategy].runs);
        add_count(object, "failures", fuzz->strategies[strategy].failures);
        add(strategies, gs_strategy_names[strategy], object);
    }
    return strategies;
}

static void add_draw(json_t *object, const struct gs_fuzz_config *config)
{
    add(object, "seed", json_text(config->seed ? config->seed : "1"));
    add(object, "strategy", json_text(config->timing.on ? "timed" : gs_strategy_names[config->strategy]));
    add_count(object, "first_run", config->first_run);
    add_count(object, "max_steps", gs_fuzz_steps(config));
    add_count(object, "pct_depth", config->pct_depth ? config->pct_depth : GS_PCT_DEPTH);
}

static void add_sums(json_t *object, const struct gs_fuzz_result *fuzz)
{
    const struct gs_result *result = &fuzz->result;
    const bool known = !fuzz->failure_count;
    add(object, "steps", known ? json_integer((json_int_t)fuzz->steps) : json_null());
    add(object, "longest", known ? json_integer((json_int_t)fuzz->longest) : json_null());
    add(object, "local_states", known ? json_integer((json_int_t)result->local_states) : json_null());
    add(object, "events", known ? report_tallies(result->events, result->event_count) : json_null());
    add(object, "cut", known ? report_tallies(result->cuts, result->cut_count) : json_null());
}

json_t *fuzz_report_object(const void *context)
{
    const struct fuzz_report *report = context;
    const struct gs_fuzz_result *fuzz = report->fuzz;
    const struct report subject = {.options = &report->options->run, .result = &fuzz->result};
    json_t *object = json_object(), *properties = json_array(), *failures = json_array();
    report_add_subject(object, &subject);
    add_draw(object, &report->options->config);
    add(object, "verdict", json_text(report_verdict(&fuzz->result)));
    add(object, "stopped", fuzz->result.stopped[0] ? json_text(fuzz->result.stopped) : json_null());
    add_count(object, "runs", fuzz->runs);
    add_sums(object, fuzz);
    add(object, "seconds", json_real(fuzz->result.seconds));
    add_count(object, "peak_rss_bytes", fuzz->result.peak_rss_bytes);
    add_count(object, "threads", fuzz->result.threads);
    add(object, "strategies", report->options->config.timing.on ? json_null() : strategies_json(fuzz));
    for (size_t i = 0; i < fuzz->result.property_count; i++)
        must(json_array_append_new(properties, property_json(fuzz, &fuzz->result.properties[i])) == 0);
    add(object, "properties", properties);
    for (size_t i = 0; i < fuzz->failure_count; i++)
        must(json_array_append_new(failures, failure_json(report, i)) == 0);
    add(object, "failures", failures);
    add_count(object, "kinds_passed_over", fuzz->kinds_passed_over);
    add(object, "metrics", metrics_json(fuzz));
    return object;
}

bool fuzz_report_json(const void *report, FILE *out)
{
    json_t *object = fuzz_report_object(report);
    errno = 0;
    const bool written = json_dumpf(object, out, JSON_INDENT(2)) == 0 && fputc('\n', out) != EOF && fflush(out) == 0;
    json_decref(object);
    return written;
}
