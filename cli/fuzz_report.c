/* The text report of random runs. A property that was not violated is `sampled`: it says in how many runs, never that
 * it holds. */
#include "cli/fuzz_report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "checker/hunt.h"
#include "cli/metrics_report.h"
#include "cli/numbers.h"
#include "core/die.h"
#include "core/run.h"
#include "traces/smaller_run.h"
#include "traces/trace.h"

static bool is_goal(const struct gs_property_result *property)
{
    return property->property && property->property->kind == GS_REACHABLE;
}

static bool is_recovery(const struct gs_property_result *property)
{
    return !property->property && strcmp(property->name, GS_RECOVERS) == 0;
}

static void print_number(uint64_t number, const char *noun, FILE *out)
{
    char text[NUMBER_TEXT_SIZE];
    fprintf(out, "%s %s%s", number_text(number, text), noun, number == 1 ? "" : "s");
}

/* ---- How it was drawn ---- */

static void print_draw(const struct fuzz_report *report, FILE *out)
{
    const struct gs_fuzz_config *config = &report->options->config;
    char text[NUMBER_TEXT_SIZE];
    fprintf(out, "  seed        %s\n", config->seed ? config->seed : "1");
    if (config->timing.on)
        fprintf(out, "  clock       profile %s\n",
                report->options->clock.profile ? report->options->clock.profile : gs_profiles[0].name);
    else
        fprintf(out, "  strategy    %s\n", gs_strategy_names[config->strategy]);
    fprintf(out, "  runs        of at most %s steps\n", number_text(gs_fuzz_steps(config), text));
}

/* ---- Properties ---- */

static const struct gs_fuzz_failure *failure_of(const struct gs_fuzz_result *fuzz, size_t property)
{
    for (size_t i = 0; i < fuzz->failure_count; i++)
        if (fuzz->failures[i].property == property)
            return &fuzz->failures[i];
    return NULL;
}

static void print_sampled(const struct gs_fuzz_result *fuzz, const struct gs_property_result *property, FILE *out)
{
    char text[NUMBER_TEXT_SIZE];
    fprintf(out, "sampled");
    if (fuzz->failure_count)
        return;
    if (is_goal(property) && property->steps)
        fprintf(out, ": met in %s of ", number_text(property->steps, text));
    else if (is_recovery(property) && property->reason[0]) {
        fprintf(out, ": %s", property->reason); /* it counts the runs itself */
        return;
    } else
        fprintf(out, ": %s%sin ", property->reason, property->reason[0] ? " " : "");
    print_number(fuzz->runs, "run", out);
}

static void print_property(const struct gs_fuzz_result *fuzz, size_t index, int width, FILE *out)
{
    const struct gs_property_result *property = &fuzz->result.properties[index];
    const struct gs_fuzz_failure *failure = failure_of(fuzz, index);
    fprintf(out, "  %-*s  ", width, property->name);
    if (property->verdict == GS_VERDICT_SAMPLED)
        print_sampled(fuzz, property, out);
    else if (failure && failure->trace)
        fprintf(out, "violated in run %" PRIu64 ", step %" PRIu64 ": %s", failure->run, property->steps,
                property->reason);
    else if (failure)
        fprintf(out, "violated in run %" PRIu64 ": %s", failure->run, property->reason);
    else
        fprintf(out, "%s%s%s", gs_verdict_names[property->verdict], property->reason[0] ? ": " : "", property->reason);
    if (property->allowed)
        fprintf(out, " (allowed)");
    fprintf(out, "\n");
}

static void print_properties(const struct gs_fuzz_result *fuzz, FILE *out)
{
    int width = 8;
    for (size_t i = 0; i < fuzz->result.property_count; i++) {
        const int length = (int)strlen(fuzz->result.properties[i].name);
        width = length > width ? length : width;
    }
    fprintf(out, "\nproperties\n");
    for (size_t i = 0; i < fuzz->result.property_count; i++)
        print_property(fuzz, i, width, out);
}

/* ---- Failures ---- */

static void print_configuration_change(const struct gs_fuzz_failure *failure, FILE *out)
{
    char *text;
    size_t size;
    FILE *change = open_memstream(&text, &size);
    must(change != NULL);
    smaller_print_traces(failure->found, failure->trace, change);
    must(fclose(change) == 0);
    if (text[0])
        fprintf(out, "in a smaller configuration: %s\n", text);
    free(text);
}

/* How short it is, and how long it was. */
static void print_length(const struct gs_fuzz_failure *failure, FILE *out)
{
    if (!failure->trace) {
        fprintf(out, "no trace: its code is not deterministic, and replayed it would be another run\n");
        return;
    }
    if (failure->shrunk)
        fprintf(out, "shrunk from %" PRIu64 " to %" PRIu64 " steps: %s\n", gs_trace_steps(failure->found),
                gs_trace_steps(failure->trace), failure->guarantee);
    else
        fprintf(out, "%s\n", failure->guarantee);
    if (failure->shrunk)
        print_configuration_change(failure, out);
}

static void print_failure(const struct fuzz_report *report, size_t index, FILE *out)
{
    const struct gs_fuzz_failure *failure = &report->fuzz->failures[index];
    const char *path = report->trace_paths[index];
    fprintf(out, "\nfailure in run %" PRIu64 " (%s)\n", failure->run,
            report->options->config.timing.on ? "timed" : gs_strategy_names[failure->strategy]);
    if (failure->trace && gs_trace_steps(failure->trace) <= FUZZ_STEPS_SHOWN)
        gs_trace_print(failure->trace, out);
    else
        fprintf(out, "%s: %s\n", report->fuzz->result.properties[failure->property].name, failure->explanation);
    if (failure->trace && gs_trace_steps(failure->trace) > FUZZ_STEPS_SHOWN)
        fprintf(out, "a run of %" PRIu64 " steps; with --trace FILE, gainsay show FILE prints them all\n",
                gs_trace_steps(failure->trace));
    print_length(failure, out);
    if (path)
        fprintf(out, "written to %s; to replay it: gainsay replay %s\n", path, path);
    if (report->long_paths[index])
        fprintf(out, "the whole run is written to %s\n", report->long_paths[index]);
    fprintf(out, "to run it again%s: ", failure->trace ? "" : " (it need not fail again)");
    fuzz_options_print_rerun(report->options, failure->run, out);
    fprintf(out, "\n");
}

/* ---- Strategies ---- */

/* "a bug of depth 3: at least 1 run in 21,000" (Burckhardt et al.) */
static void print_bound(const struct fuzz_report *report, FILE *out)
{
    const struct gs_fuzz_result *fuzz = report->fuzz;
    const unsigned depth = report->options->config.pct_depth ? report->options->config.pct_depth : GS_PCT_DEPTH;
    double runs = (double)fuzz->pct_threads;
    for (unsigned i = 1; i < depth; i++)
        runs *= (double)fuzz->horizon;
    fprintf(out, "  finds a bug of depth %u in at least 1 run of %.3g (1 / (n k^%u), n = %" PRIu64 ", k = %" PRIu64 ")",
            depth, runs, depth - 1, fuzz->pct_threads, fuzz->horizon);
}

static void print_strategies(const struct fuzz_report *report, FILE *out)
{
    const struct gs_fuzz_result *fuzz = report->fuzz;
    fprintf(out, "\nstrategies\n");
    for (int strategy = GS_STRATEGY_UNIFORM; strategy < GS_STRATEGIES; strategy++) {
        if (!fuzz->strategies[strategy].runs)
            continue;
        fprintf(out, "  %-8s ", gs_strategy_names[strategy]);
        print_number(fuzz->strategies[strategy].runs, "run", out);
        fprintf(out, ", ");
        print_number(fuzz->strategies[strategy].failures, "failure", out);
        if (strategy == GS_STRATEGY_PCT)
            print_bound(report, out);
        fprintf(out, "\n");
    }
}

/* ---- The rest ---- */

static void print_gaps(const struct fuzz_report *report, FILE *out)
{
    const struct gs_fuzz_result *fuzz = report->fuzz;
    const struct report stage = {.options = &report->options->run, .result = &fuzz->result};
    if (fuzz->failure_count)
        return;
    fprintf(out, "\nnot checked\n  what these runs did not meet: random runs prove nothing\n");
    if (report->options->config.base.from) {
        fprintf(out, "  runs that begin otherwise: each run began with what leads to ");
        report_stage(&stage, out);
        fprintf(out, "\n");
    }
    report_gaps(&fuzz->result, out);
}

static void print_effort(const struct gs_fuzz_result *fuzz, FILE *out)
{
    char text[NUMBER_TEXT_SIZE];
    fprintf(out, "\n");
    print_number(fuzz->runs, "run", out);
    if (!fuzz->failure_count) {
        fprintf(out, ", ");
        print_number(fuzz->steps, "step", out);
        fprintf(out, " (at most %s in one), ", number_text(fuzz->longest, text));
        fprintf(out, "%s%s distinct local states met", fuzz->local_states_are_more ? "more than " : "",
                number_text(fuzz->result.local_states, text));
    }
    fprintf(out, ", %.3f s\n", fuzz->result.seconds);
    if (fuzz->kinds_passed_over) {
        print_number(fuzz->kinds_passed_over, "kind", out);
        fprintf(out, " of failure passed over in the end: the last %d of each were the same as those above\n",
                HUNT_IN_VAIN);
    }
    if (!fuzz->all_runs && !fuzz->failure_count)
        fprintf(out, "stopped before all runs: %s\n", fuzz->result.stopped);
}

void fuzz_report_last_line(const struct fuzz_report *report, FILE *out)
{
    const struct gs_fuzz_result *fuzz = report->fuzz;
    const struct gs_result *result = &fuzz->result;
    bool first = true;
    fprintf(out, "gainsay: %s protocol=%s", report_verdict(result), result->run->model->name);
    for (size_t i = 0; i < result->property_count; i++)
        if (report_is_failure(&result->properties[i])) {
            fprintf(out, "%s%s", first ? " property=" : ",", result->properties[i].name);
            first = false;
        }
    report_stage_words(&(struct report){.options = &report->options->run, .result = result}, out);
    fprintf(out, " runs=%" PRIu64, fuzz->runs);
    if (fuzz->failure_count)
        fprintf(out, " run=%" PRIu64, fuzz->failures[0].run);
    else
        fprintf(out, " steps=%" PRIu64, fuzz->steps);
    fprintf(out, " seconds=%.3f\n", result->seconds);
}

void fuzz_report_text(const struct fuzz_report *report, FILE *out)
{
    const struct report subject = {.options = &report->options->run, .result = &report->fuzz->result};
    report_subject(&subject, out);
    print_draw(report, out);
    print_properties(report->fuzz, out);
    for (size_t i = 0; i < report->fuzz->failure_count; i++)
        print_failure(report, i, out);
    if (!report->options->config.timing.on)
        print_strategies(report, out);
    else if (report->fuzz->timed)
        metrics_print(report->fuzz, out);
    print_gaps(report, out);
    print_effort(report->fuzz, out);
    fuzz_report_last_line(report, out);
}
