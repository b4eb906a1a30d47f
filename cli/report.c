/* The text report. It says first what was checked, then the verdict of each property, the counterexamples, what was NOT
 * checked, and ends with the line for grep. */
#include "cli/report.h"

#include <inttypes.h>
#include <string.h>

#include "cli/numbers.h"
#include "core/run.h"

enum { STATES_THAT_TELL = 10000 };

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
    fprintf(out, "  options     ");
    for (unsigned i = 0; i < run->option_count; i++) {
        const struct gs_option *option = &run->model->options[i];
        const char *name = option->names ? option->names[run->options[i] - option->min] : NULL;
        fprintf(out, "%s%s=", i ? " " : "", option->name);
        if (name)
            fprintf(out, "%s", name);
        else
            fprintf(out, "%" PRId64, run->options[i]);
    }
    fprintf(out, "%s\n", run->option_count ? "" : "none");
}

static void print_mutants(const struct gs_run *run, FILE *out)
{
    if (!run->mutants)
        return;
    fprintf(out, "  mutants    ");
    for (unsigned m = 0; m < GS_MUTANTS_MAX; m++)
        if (run->mutants >> m & 1)
            fprintf(out, " %s (%s)", run->model->mutants[m].name, run->model->mutants[m].meaning);
    fprintf(out, "\n");
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

static void print_subject(const struct report *report, FILE *out)
{
    const struct gs_run *run = report->result->run;
    const struct gs_config *config = &report->options->config;
    fprintf(out, "%s: %s\n", run->model->name, run->model->title ? run->model->title : "");
    fprintf(out, "  preset      %s\n", config->preset ? config->preset : "quick");
    print_options(run, out);
    print_mutants(run, out);
    print_network(run, out);
    print_faults(run, out);
    print_limits(config, out);
    if (report->result->reductions[0])
        fprintf(out, "  reductions  %s\n", report->result->reductions);
}

/* ---- Properties ---- */

/* "within bounds: log <= 2 cut 41,203 steps, copies <= 1 absorbed 7 sends" */
static void print_bounds(const struct gs_result *result, FILE *out)
{
    const char *separator = " within bounds: ";
    for (size_t i = 0; i < result->cut_count; i++, separator = ", ") {
        fprintf(out, "%s%s cut ", separator, result->cuts[i].name);
        print_count(result->cuts[i].times, "step", out);
    }
    if (result->absorbed) {
        fprintf(out, "%scopies <= %u absorbed ", separator, result->run->copies);
        print_count(result->absorbed, "send", out);
    }
}

static void print_verdict(const struct gs_result *result, const struct gs_property_result *property, FILE *out)
{
    const char *colon = property->reason[0] ? ": " : "";
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

static void print_property(const struct gs_result *result, const struct gs_property_result *property, int width,
                           FILE *out)
{
    char judged[NUMBER_TEXT_SIZE];
    fprintf(out, "  %-*s  ", width, property->name);
    print_verdict(result, property, out);
    if (property->property && property->verdict != GS_VERDICT_NOT_CHECKED)
        fprintf(out, "; %s judged", number_text(property->judged, judged));
    fprintf(out, "%s\n", property->allowed ? " (allowed)" : "");
}

static void print_properties(const struct gs_result *result, FILE *out)
{
    int width = 8;
    for (size_t i = 0; i < result->property_count; i++) {
        const int length = (int)strlen(result->properties[i].name);
        width = length > width ? length : width;
    }
    fprintf(out, "\nproperties\n");
    for (size_t i = 0; i < result->property_count; i++)
        print_property(result, &result->properties[i], width, out);
}

static void print_trace(const struct report *report, size_t index, FILE *out)
{
    const struct gs_property_result *property = &report->result->properties[index];
    const char *path = report->trace_paths[index];
    const bool violated = property->verdict == GS_VERDICT_VIOLATED;
    if (!violated && path) {
        fprintf(out, "\nwitness of %s: written to %s\n", property->name, path);
        return;
    }
    if (!violated || !property->trace)
        return;
    fprintf(out, "\ncounterexample\n");
    gs_trace_print(property->trace, out);
    if (path)
        fprintf(out, "written to %s; to replay it: gainsay replay %s\n", path, path);
    else
        fprintf(out, "to keep it as a file that replays, add --trace FILE\n");
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
    bool any = false;
    for (int fault = 0; fault < GS_FAULTS; fault++) {
        if (run->budgets[fault] != 0 || (run->network == GS_SET && (fault == GS_DROP || fault == GS_DUPLICATE)))
            continue;
        fprintf(out, "%s%s", any ? ", " : "  faults with budget 0: ", budget_names[fault]);
        any = true;
    }
    fputs(any ? "\n" : "", out);
}

/* One line of the events that were never taken: for being ignored, or at all. */
static void print_events(const struct gs_result *result, bool only_ignored, const char *heading, FILE *out)
{
    bool any = false;
    for (size_t i = 0; i < result->event_count; i++) {
        int fault;
        const struct gs_tally *event = &result->events[i];
        if (event->times || event->only_ignored != only_ignored ||
            (is_fault(event->name, &fault) && result->run->budgets[fault] == 0))
            continue;
        fprintf(out, "%s%s", any ? ", " : heading, event->name);
        any = true;
    }
    fputs(any ? "\n" : "", out);
}

static void print_not_checked(const struct gs_result *result, FILE *out)
{
    fprintf(out, "\nnot checked\n");
    if (!result->states)
        fprintf(out, "  anything: no initial state is left, every START misbehaved or was cut by a bound\n");
    print_missing_faults(result->run, out);
    print_events(result, false, "  events that never fired: ", out);
    print_events(result, true, "  messages that were only ever ignored: ", out);
    if (result->cut_count) {
        fprintf(out, "  what lies beyond bounds:");
        for (size_t i = 0; i < result->cut_count; i++) {
            fprintf(out, "%s%s (", i ? ", " : " ", result->cuts[i].name);
            print_count(result->cuts[i].times, "step", out);
            fprintf(out, ")");
        }
        fprintf(out, "\n");
    }
    if (result->absorbed) {
        fprintf(out, "  copies beyond --copies %u: ", result->run->copies);
        print_count(result->absorbed, "send", out);
        fprintf(out, " absorbed\n");
    }
    if (!result->complete)
        fprintf(out, "  the rest of the states (stopped: %s)\n", result->stopped[0] ? result->stopped : "a limit");
    for (size_t i = 0; i < result->property_count; i++)
        if (result->properties[i].verdict == GS_VERDICT_NOT_CHECKED)
            fprintf(out, "  property %s: %s\n", result->properties[i].name, result->properties[i].reason);
}

/* ---- Numbers ---- */

static void print_effort(const struct gs_result *result, FILE *out)
{
    char text[NUMBER_TEXT_SIZE];
    fprintf(out, "\n");
    print_count(result->states, "state", out);
    fprintf(out, ", ");
    print_count(result->transitions, "transition", out);
    fprintf(out, ", depth %" PRIu64 ", %.3f s\n", result->depth, result->seconds);
    fprintf(out, "%s local states, ", number_text(result->local_states, text));
    fprintf(out, "%s inboxes, ", number_text(result->inboxes, text));
    fprintf(out, "%s local configurations, ", number_text(result->local_configurations, text));
    fprintf(out, "%s reactions, ", number_text(result->reactions, text));
    print_count(result->handler_calls, "handler call", out);
    fprintf(out, ", %" PRIu64 "-bit keys, ", result->key_bits);
    if (result->states >= STATES_THAT_TELL) /* before that the tables' first sizes are all one would see */
        fprintf(out, "%" PRIu64 " bytes a state\n", result->bytes_per_state);
    else
        fprintf(out, "%.1f MB\n", (double)result->memory_bytes * 1e-6);
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
    fprintf(out, " states=%" PRIu64 " transitions=%" PRIu64 " depth=%" PRIu64 " seconds=%.3f\n", result->states,
            result->transitions, result->depth, result->seconds);
}

void report_text(const struct report *report, FILE *out)
{
    print_subject(report, out);
    print_properties(report->result, out);
    for (size_t i = 0; i < report->result->property_count; i++)
        print_trace(report, i, out);
    print_not_checked(report->result, out);
    print_effort(report->result, out);
    report_last_line(report, out);
}
