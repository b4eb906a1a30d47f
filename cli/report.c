/* The text report. It says first what was checked, then the verdict of each property, the counterexamples, what was NOT
 * checked, and ends with the line for grep. */
#include "cli/report.h"

#include <inttypes.h>
#include <string.h>

#include "checker/stage.h"
#include "cli/numbers.h"
#include "cli/report_growth.h"
#include "cli/wrapped.h"
#include "core/run.h"

enum { STATES_THAT_TELL = 10000, SUBJECT_INDENT = 14, LIST_INDENT = 4 };

const char *report_verdict(const struct gs_result *result)
{
    switch (result->status) {
    case GS_HOLDS:
        return "holds";
    case GS_VIOLATION:
        return "violated";
    case GS_INCOMPLETE:
        return "incomplete";
    case GS_BAD_INPUT:
    case GS_INTERNAL_ERROR:
        break;
    }
    return "error";
}

const char *report_kind(const struct gs_property *property)
{
    static const char *const kinds[] = {"always", "reachable", "quiescent", "linearizable"};
    return property ? kinds[property->kind] : kinds[GS_ALWAYS];
}

const char *report_claim(const struct gs_property *property)
{
    return property && property->claim ? property->claim : property ? "" : "no handler misbehaves";
}

bool report_is_failure(const struct gs_property_result *property)
{
    return !property->allowed && (property->verdict == GS_VERDICT_VIOLATED ||
                                  property->verdict == GS_VERDICT_UNREACHED || property->verdict == GS_VERDICT_VACUOUS);
}

static bool is_goal(const struct gs_property_result *property)
{
    return property->property && property->property->kind == GS_REACHABLE;
}

/* "5 steps", "1 step". */
static void print_count(uint64_t count, const char *noun, FILE *out)
{
    char text[NUMBER_TEXT_SIZE];
    fprintf(out, "%s %s%s", number_text(count, text), noun, count == 1 ? "" : "s");
}

/* ---- What is checked ---- */

static void print_options(const struct gs_run *run, FILE *out)
{
    struct wrapped list = wrapped_begin(out, SUBJECT_INDENT, "  options     ");
    for (unsigned i = 0; i < run->option_count; i++) {
        const struct gs_option *option = &run->model->options[i];
        const char *name = option->names ? option->names[run->options[i] - option->min] : NULL;
        if (name)
            wrapped_add(&list, "", "%s=%s", option->name, name);
        else
            wrapped_add(&list, "", "%s=%" PRId64, option->name, run->options[i]);
    }
    if (!run->option_count)
        wrapped_add(&list, "", "none");
    wrapped_end(&list);
}

static void print_mutants(const struct gs_run *run, FILE *out)
{
    if (!run->mutants)
        return;
    struct wrapped list = wrapped_begin(out, SUBJECT_INDENT, "  mutants     ");
    for (unsigned m = 0; m < GS_MUTANTS_MAX; m++)
        if (run->mutants >> m & 1)
            wrapped_add(&list, ",", "%s (%s)", run->model->mutants[m].name, run->model->mutants[m].meaning);
    wrapped_end(&list);
}

static void print_network(const struct gs_run *run, FILE *out)
{
    fprintf(out, "  network     %s: ", network_names[run->network]);
    switch (run->network) {
    case GS_SET:
        fprintf(out, "a sent message stays deliverable for ever (reordered, lost, duplicated)\n");
        return;
    case GS_BAG:
        fprintf(out, "each message is delivered at most once, in any order; %u equal at a time\n", run->copies);
        return;
    case GS_FIFO:
        fprintf(out, "messages arrive in order between two nodes; %u to a channel\n", run->capacity);
        return;
    }
}

static void print_faults(const struct gs_run *run, FILE *out)
{
    bool any = false;
    fprintf(out, "  faults      ");
    for (int fault = 0; fault < GS_FAULTS; fault++) {
        if (run->budgets[fault] <= 0)
            continue;
        fprintf(out, "%s%s %" PRId64, any ? ", " : "", budget_names[fault], run->budgets[fault]);
        any = true;
    }
    fprintf(out, "%s\n", any ? "" : "none");
}

static void print_limits(const struct gs_config *config, FILE *out)
{
    char text[NUMBER_TEXT_SIZE];
    if (!config->max_states && !config->max_depth_set && !(config->max_seconds > 0) && !config->max_memory_bytes)
        return;
    fprintf(out, "  limits     ");
    if (config->max_states)
        fprintf(out, " %s states", number_text(config->max_states, text));
    if (config->max_depth_set)
        fprintf(out, " depth %s", number_text(config->max_depth, text));
    if (config->max_seconds > 0)
        fprintf(out, " %g seconds", config->max_seconds);
    if (config->max_memory_bytes)
        fprintf(out, " %s bytes", number_text(config->max_memory_bytes, text));
    fprintf(out, "\n");
}

void report_stage(const struct report *report, FILE *out)
{
    char text[STAGE_TEXT_SIZE];
    fputs(stage_text(&report->options->config, report->result->from_at, text), out);
}

void report_subject(const struct report *report, FILE *out)
{
    const struct gs_run *run = report->result->run;
    const struct gs_config *config = &report->options->config;
    fprintf(out, "%s: %s\n", run->model->name, run->model->title ? run->model->title : "");
    if (config->from) {
        fprintf(out, "  from        ");
        report_stage(report, out);
        fprintf(out, ", whose configuration it is\n");
    } else {
        fprintf(out, "  preset      %s\n", config->preset ? config->preset : "quick");
    }
    print_options(run, out);
    print_mutants(run, out);
    print_network(run, out);
    print_faults(run, out);
    print_limits(config, out);
    if (report->result->reductions[0])
        fprintf(out, "  reductions  %s\n", report->result->reductions);
}

/* ---- Properties ---- */

enum { BOUNDS_SIZE = 64, BOUNDS_MOST = 28 }; /* characters of bounds' names: so that a property's line fits */

/* " within bounds: log <= 2, copies <= 1", or without names if they are many. How often each cut is said where what was
 * not checked is. */
static void print_bounds(const struct gs_result *result, FILE *out)
{
    char names[BOUNDS_SIZE] = "";
    size_t used = 0;
    for (size_t i = 0; i < result->cut_count && used < sizeof(names); i++)
        used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s", i ? ", " : "", result->cuts[i].name);
    if (result->absorbed && used < sizeof(names))
        used += (size_t)snprintf(names + used, sizeof(names) - used, "%scopies <= %u", used ? ", " : "",
                                 result->run->copies);
    if (result->cut_count || result->absorbed)
        fprintf(out, " within bounds%s%s", used < BOUNDS_MOST ? ": " : "", used < BOUNDS_MOST ? names : "");
}

/* Of a staged search: what is claimed of a counterexample's length. */
static void print_steps_behind(const struct report *report, const struct gs_property_result *property, FILE *out)
{
    char text[NUMBER_TEXT_SIZE];
    if (!report->options->config.from)
        return;
    fprintf(out, ", %s of them behind ", number_text(property->steps - report->result->from_steps, text));
    report_stage(report, out);
    fprintf(out, " (no fewer lead there)");
}

static void print_verdict(const struct report *report, const struct gs_property_result *property, FILE *out)
{
    const struct gs_result *result = report->result;
    const char *colon = property->reason[0] ? ": " : "";
    if (property->verdict == GS_VERDICT_PROVED_FROM) {
        fprintf(out, "proved %s", property->reason);
        print_bounds(result, out);
        return;
    }
    fprintf(out, "%s", gs_verdict_names[property->verdict]);
    switch (property->verdict) {
    case GS_VERDICT_PROVED:
        if (!is_goal(property)) {
            print_bounds(result, out);
            break;
        }
        fprintf(out, ": met in ");
        print_count(property->steps, "step", out);
        break;
    case GS_VERDICT_VIOLATED:
        fprintf(out, " in ");
        print_count(property->steps, "step", out);
        print_steps_behind(report, property, out);
        fprintf(out, "%s%s", colon, property->reason);
        break;
    case GS_VERDICT_UNREACHED:
        fprintf(out, ": %s", property->reason[0] ? property->reason : "a complete search never met it");
        break;
    default:
        fprintf(out, "%s%s", colon, property->reason);
        break;
    }
}

/* What a predicate is called once for each distinct one of. */
static void print_judged(const struct gs_property_result *property, FILE *out)
{
    static const char *const nouns[] = {"combination", "node state",    "pair",          "combination", "message",
                                        "message",     "monitor value", "monitor value", "step",        "step"};
    static const char *const details[GS_SCOPE_STEP_ROLE + 1] = {[GS_SCOPE_MESSAGE_RECEIVER] = " with receiver",
                                                                [GS_SCOPE_MONITOR_NODE] = " with node",
                                                                [GS_SCOPE_STEP_ROLE] = " with nodes"};
    const uint8_t scope = property->property->scope;
    fprintf(out, "; ");
    print_count(property->judged, nouns[scope], out);
    fprintf(out, "%s judged", details[scope] ? details[scope] : "");
}

static void print_property(const struct report *report, const struct gs_property_result *property, int width, FILE *out)
{
    fprintf(out, "  %-*s  ", width, property->name);
    print_verdict(report, property, out);
    if (property->property && property->verdict != GS_VERDICT_NOT_CHECKED && property->judged)
        print_judged(property, out);
    fprintf(out, "%s\n", property->allowed ? " (allowed)" : "");
}

static void print_properties(const struct report *report, FILE *out)
{
    const struct gs_result *result = report->result;
    int width = 8;
    for (size_t i = 0; i < result->property_count; i++) {
        const int length = (int)strlen(result->properties[i].name);
        width = length > width ? length : width;
    }
    fprintf(out, "\nproperties\n");
    for (size_t i = 0; i < result->property_count; i++)
        print_property(report, &result->properties[i], width, out);
    for (size_t i = 0; i < result->property_count; i++)
        if (report_is_failure(&result->properties[i]) && result->properties[i].verdict != GS_VERDICT_VIOLATED) {
            fprintf(out, "  (what is unreached or vacuous fails the run; --allow %s accepts it)\n",
                    result->properties[i].name);
            break;
        }
}

static void print_counterexample(const struct report *report, size_t index, FILE *out)
{
    const struct gs_property_result *property = &report->result->properties[index];
    const char *path = report->trace_paths[index];
    if (property->verdict != GS_VERDICT_VIOLATED || !property->trace)
        return;
    fprintf(out, "\ncounterexample\n");
    gs_trace_print(property->trace, out);
    if (path)
        fprintf(out, "written to %s; to replay it: gainsay replay %s\n", path, path);
    else
        fprintf(out, "to keep it as a file that replays, add --trace FILE\n");
}

/* ---- Traces that were asked for ---- */

static void print_witness(const struct report *report, size_t index, FILE *out)
{
    const struct gs_property_result *property = &report->result->properties[index];
    if (report->trace_paths[index])
        fprintf(out, "  %s: %" PRIu64 " step%s\n", report->trace_paths[index], property->steps,
                property->steps == 1 ? "" : "s");
    else if (!property->trace)
        fprintf(out, "  none of %s: the goal was not %s\n", property->name,
                property->verdict == GS_VERDICT_NOT_CHECKED ? "checked" : "met");
}

static void print_witnesses(const struct report *report, FILE *out)
{
    if (report->options->witnesses.count)
        fprintf(out, "\nwitnesses\n");
    for (size_t i = 0; i < report->result->property_count; i++) {
        const struct gs_property_result *property = &report->result->properties[i];
        if (is_goal(property) && run_options_want_witness(report->options, property->name))
            print_witness(report, i, out);
    }
}

static void print_samples(const struct report *report, FILE *out)
{
    const struct gs_result *result = report->result;
    const uint64_t wanted = report->options->config.samples;
    if (!wanted)
        return;
    fprintf(out, "\nsamples\n");
    for (size_t i = 0; i < result->sample_count; i++) {
        const uint64_t steps = gs_trace_steps(result->samples[i]);
        if (report->sample_paths[i])
            fprintf(out, "  %s: %" PRIu64 " step%s\n", report->sample_paths[i], steps, steps == 1 ? "" : "s");
    }
    if (result->sample_count < wanted)
        fprintf(out, "  %zu instead of %" PRIu64 ": %s\n", result->sample_count, wanted, result->samples_note);
}

/* ---- What was not checked ---- */

static bool is_fault(const char *event, int *fault)
{
    for (*fault = 0; *fault < GS_FAULTS; (*fault)++)
        if (strcmp(fault_names[*fault], event) == 0)
            return true;
    *fault = GS_PARTITION;
    return strcmp(event, "heal") == 0;
}

/* Faults with a budget of zero; on network `set` loss and duplication are there without. */
static void print_missing_faults(const struct gs_run *run, FILE *out)
{
    struct wrapped list = {0};
    for (int fault = 0; fault < GS_FAULTS; fault++) {
        if (run->budgets[fault] != 0 || (run->network == GS_SET && (fault == GS_DROP || fault == GS_DUPLICATE)))
            continue;
        if (!list.any)
            list = wrapped_begin(out, LIST_INDENT, "  faults with budget 0: ");
        wrapped_add(&list, ",", "%s", budget_names[fault]);
    }
    if (list.any)
        wrapped_end(&list);
}

bool report_never_fired(const struct gs_result *result, const struct gs_tally *event)
{
    int fault;
    return !event->times && !event->only_ignored &&
           !(is_fault(event->name, &fault) && result->run->budgets[fault] == 0);
}

static void print_events(const struct gs_result *result, bool only_ignored, const char *heading, FILE *out)
{
    struct wrapped list = {0};
    for (size_t i = 0; i < result->event_count; i++) {
        const struct gs_tally *event = &result->events[i];
        if (only_ignored ? !event->only_ignored : !report_never_fired(result, event))
            continue;
        if (!list.any)
            list = wrapped_begin(out, LIST_INDENT, heading);
        wrapped_add(&list, ",", "%s", event->name);
    }
    if (list.any)
        wrapped_end(&list);
}

/* "log <= 2 cut 41,203 steps, copies <= 1 absorbed 7 sends" */
static void print_beyond_bounds(const struct gs_result *result, FILE *out)
{
    char text[NUMBER_TEXT_SIZE];
    struct wrapped list = {0};
    if (!result->cut_count && !result->absorbed)
        return;
    list = wrapped_begin(out, LIST_INDENT, "  what lies beyond bounds: ");
    for (size_t i = 0; i < result->cut_count; i++)
        wrapped_add(&list, ",", "%s cut %s step%s", result->cuts[i].name, number_text(result->cuts[i].times, text),
                    result->cuts[i].times == 1 ? "" : "s");
    if (result->absorbed)
        wrapped_add(&list, ",", "copies <= %u absorbed %s send%s", result->run->copies,
                    number_text(result->absorbed, text), result->absorbed == 1 ? "" : "s");
    wrapped_end(&list);
}

static void print_the_rest(const struct gs_result *result, FILE *out)
{
    const char *stopped = result->stopped[0] ? result->stopped : "a limit";
    const bool is_interrupt = strcmp(stopped, "interrupted") == 0, is_violation = strcmp(stopped, "a violation") == 0;
    if (!result->complete)
        fprintf(out, "  the rest of the states: the search was %s%s%s\n", is_interrupt ? "" : "stopped by ", stopped,
                is_violation ? "; --keep-going goes on" : "");
}

/* Why is said where all properties are. */
static void print_properties_not_checked(const struct gs_result *result, FILE *out)
{
    struct wrapped list = {0};
    for (size_t i = 0; i < result->property_count; i++) {
        if (result->properties[i].verdict != GS_VERDICT_NOT_CHECKED)
            continue;
        if (!list.any)
            list = wrapped_begin(out, LIST_INDENT, "  properties: ");
        wrapped_add(&list, ",", "%s", result->properties[i].name);
    }
    if (list.any)
        wrapped_end(&list);
}

void report_gaps(const struct gs_result *result, FILE *out)
{
    print_beyond_bounds(result, out);
    print_missing_faults(result->run, out);
    print_events(result, false, "  events that never fired: ", out);
    print_events(result, true, "  messages that were only ever ignored: ", out);
    print_properties_not_checked(result, out);
}

static void print_not_checked(const struct report *report, FILE *out)
{
    const struct gs_result *result = report->result;
    fprintf(out, "\nnot checked\n");
    if (report->options->config.from) {
        fprintf(out, "  runs that begin otherwise: all that was searched is what can follow ");
        report_stage(report, out);
        fprintf(out, "\n");
    }
    if (!result->states)
        fprintf(out, "  anything: no initial state is left, every START misbehaved or was cut by a bound\n");
    print_the_rest(result, out);
    report_gaps(result, out);
}

/* ---- Numbers ---- */

/* Tables that hold nothing are left out. */
static void print_memory(const struct gs_memory *memory, FILE *out)
{
    char heading[40], text[NUMBER_TEXT_SIZE];
    snprintf(heading, sizeof(heading), "memory %s: ", number_bytes_text(memory->total, text));
    struct wrapped list = wrapped_begin(out, 0, heading);
    for (int table = 0; table < GS_TABLES; table++)
        if (memory->bytes[table])
            wrapped_add(&list, ",", "%s %s", gs_table_names[table], number_bytes_text(memory->bytes[table], text));
    wrapped_end(&list);
}

static void print_effort(const struct gs_result *result, FILE *out)
{
    char text[NUMBER_TEXT_SIZE];
    fprintf(out, "\n");
    print_count(result->states, "state", out);
    fprintf(out, ", ");
    print_count(result->transitions, "transition", out);
    fprintf(out, ", depth %" PRIu64 ", %.3f s\n", result->depth, result->seconds);
    struct wrapped list = wrapped_begin(out, 0, "");
    wrapped_add(&list, ",", "%s local states", number_text(result->local_states, text));
    wrapped_add(&list, ",", "%s inboxes", number_text(result->inboxes, text));
    wrapped_add(&list, ",", "%s local configurations", number_text(result->local_configurations, text));
    wrapped_add(&list, ",", "%s reactions", number_text(result->reactions, text));
    wrapped_add(&list, ",", "%s handler calls", number_text(result->handler_calls, text));
    wrapped_add(&list, ",", "%" PRIu64 "-bit keys%s", result->key_bits, result->halves ? " as pairs of halves" : "");
    if (result->halves)
        wrapped_add(&list, ",", "%s halves", number_text(result->halves, text));
    if (result->states >= STATES_THAT_TELL) /* before that the tables' first sizes are all one would see */
        wrapped_add(&list, ",", "%" PRIu64 " bytes a state", result->bytes_per_state);
    wrapped_end(&list);
    print_memory(&result->memory, out);
}

void report_stage_words(const struct report *report, FILE *out)
{
    if (report->options->config.from)
        fprintf(out, " from=%s at=%" PRIu64, report->options->config.from_name, report->result->from_at);
}

void report_last_line(const struct report *report, FILE *out)
{
    const struct gs_result *result = report->result;
    bool first = true;
    fprintf(out, "gainsay: %s protocol=%s", report_verdict(result), result->run->model->name);
    for (size_t i = 0; i < result->property_count; i++)
        if (report_is_failure(&result->properties[i])) {
            fprintf(out, "%s%s", first ? " property=" : ",", result->properties[i].name);
            first = false;
        }
    report_stage_words(report, out);
    fprintf(out, " states=%" PRIu64 " transitions=%" PRIu64 " depth=%" PRIu64 " seconds=%.3f\n", result->states,
            result->transitions, result->depth, result->seconds);
}

void report_text(const struct report *report, FILE *out)
{
    report_subject(report, out);
    print_properties(report, out);
    for (size_t i = 0; i < report->result->property_count; i++)
        print_counterexample(report, i, out);
    print_witnesses(report, out);
    print_samples(report, out);
    print_not_checked(report, out);
    report_growth(report->result, out);
    print_effort(report->result, out);
    report_last_line(report, out);
}
