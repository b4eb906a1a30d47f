/* gs_check: from a configuration to a search, from a search to verdicts. */
#include "checker/check.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "checker/counterexample.h"
#include "checker/growth.h"
#include "checker/plan.h"
#include "checker/reactions.h"
#include "checker/samples.h"
#include "checker/verdict.h"
#include "core/clock.h"
#include "core/die.h"
#include "core/run_setup.h"
#include "traces/formats.h"

/* ---- Results ---- */

static void add_trace(struct search *search, unsigned index, struct gs_property_result *property,
                      struct gs_result *result)
{
    const struct judged *judged = &search->judging.properties[index];
    const bool wanted = property->verdict == GS_VERDICT_VIOLATED ||
                        (search->config->witnesses && verdict_is_decided(search, judged) && judged->property);
    if (!wanted || result->status != GS_HOLDS)
        return;
    search_begin_phase(search, "making the trace of %s", property->name);
    struct trace *trace = counterexample(search, index, result);
    search_end_phase(search);
    property->trace = trace;
    if (!trace && strstr(judged->first.explanation, "nondeterministic")) {
        result->error[0] = '\0'; /* that is the finding: it need not happen again */
        result->status = GS_HOLDS;
    } else if (trace && property->verdict == GS_VERDICT_VIOLATED)
        snprintf(property->reason, sizeof(property->reason), "%s", trace->explanation);
}

static void judge_properties(struct search *search, const struct plan *plan, struct gs_result *result)
{
    result->property_count = search->judging.count;
    result->properties = die_calloc(result->property_count, sizeof(*result->properties));
    for (unsigned i = 0; i < search->judging.count; i++) {
        struct gs_property_result *property = &result->properties[i];
        const struct judged *judged = &search->judging.properties[i];
        property->property = judged->property;
        property->name = judged->property ? judged->property->name : JUDGE_BEHAVIOUR;
        property->allowed = plan_names(search->config->allow, property->name);
        property->judged = judged->property ? judged->judged : search->engine.branch_count;
        property->steps = verdict_steps(search, judged);
        property->verdict = verdict_of(search, judged, judged->property ? plan->reasons[i] : NULL, property->reason,
                                       sizeof(property->reason));
    }
    for (unsigned i = 0; i < search->judging.count; i++)
        add_trace(search, i, &result->properties[i], result);
}

static void sum_tables(struct search *search, struct gs_result *result)
{
    for (unsigned n = 0; n < search->run->node_count; n++) {
        result->local_states += search->engine.nodes[n].locals.count;
        result->inboxes += search->engine.nodes[n].inboxes.count;
        result->local_configurations += search->engine.nodes[n].count;
    }
    result->reactions = search->engine.reaction_count;
    result->handler_calls = search->engine.handler_calls;
    uint32_t counts[SLOTS_MAX];
    engine_slot_counts(&search->engine, counts);
    result->key_bits = layout_bits_needed(counts, engine_slot_count(&search->engine));
    for (unsigned side = 0; side < 2; side++)
        result->halves += search->halves.tables[side].count;
    search_measure_memory(search, &result->memory);
    result->memory_bytes = result->memory.total;
    result->bytes_per_state = result->states ? result->memory_bytes / result->states : 0;
}

static void fill_numbers(struct search *search, struct gs_result *result)
{
    result->states = search->states;
    result->transitions = search->tally.transitions;
    result->absorbed = search->tally.absorbed;
    result->threads = search->thread_count;
    result->depth = search->levels.count - 1;
    while (result->depth && !search->levels.levels[result->depth].count)
        result->depth--;
    result->seconds = search->seconds;
    result->complete = search->complete;
    memcpy(result->stopped, search->stopped, sizeof(result->stopped));
    sum_tables(search, result);
}

static uint64_t peak_rss(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (uint64_t)usage.ru_maxrss * 1024;
}

/* Reruns all handlers, before anything is claimed: what a nondeterministic one has shown proves nothing. finding: the
 * difference, or "". */
static void audit(struct search *search, char *finding, size_t size)
{
    const struct judged *behaviour = &search->judging.properties[search->judging.count - 1];
    finding[0] = '\0';
    if (!search->config->audit || behaviour->first.found)
        return;
    search_begin_phase(search, "running remembered reactions again");
    const bool same = reactions_audit(&search->engine, finding, size);
    search_end_phase(search);
    if (same)
        return;
    search->complete = false;
    snprintf(search->stopped, sizeof(search->stopped), "a nondeterministic handler");
}

/* A finding of the audit has no trace: it need not happen again. */
static void report_audit(const char *finding, struct gs_result *result)
{
    struct gs_property_result *behaviour = &result->properties[result->property_count - 1];
    if (!finding[0])
        return;
    behaviour->verdict = GS_VERDICT_VIOLATED;
    snprintf(behaviour->reason, sizeof(behaviour->reason), "%s", finding);
}

/* Was it a limit, or the user, that stopped the search? Then it is of use to know what grows. */
static bool met_a_limit(const struct search *search)
{
    return !search->complete &&
           (strncmp(search->stopped, "--max-", 6) == 0 || strcmp(search->stopped, "interrupted") == 0);
}

static void show_exploration(struct search *search, const struct gs_config *config, struct gs_result *result)
{
    if (config->growth || met_a_limit(search)) {
        search_begin_phase(search, "measuring what grows");
        growth_measure(search, &result->growth);
        search_end_phase(search);
    }
    search_begin_phase(search, "taking samples");
    if (config->samples && result->status == GS_HOLDS && !samples_take(search, config->samples, result))
        result->status = GS_INTERNAL_ERROR;
    search_end_phase(search);
}

/* Is what the search with the reduction says of a step property not sure to be so without? */
static const struct gs_property *unsure_of(const struct search *search)
{
    if (search->judging.stutter_decides)
        return search->judging.stutter_decides;
    for (unsigned i = 0; search->engine.drop_ignored && search->complete && i + 1 < search->judging.count; i++) {
        const struct judged *judged = &search->judging.properties[i];
        const bool is_vacuous = !judged->judged || (judged->premise_used && !judged->premise_met);
        if (judged->on && judged->property->scope == GS_SCOPE_STEP && is_vacuous)
            return judged->property;
    }
    return NULL;
}

/* Searches with the reduction; if it turns out not to be exact for what is judged, once more without. */
static void run_search(struct search *search, const struct gs_run *run, const struct gs_config *config,
                       const struct plan *plan, char *against, size_t size)
{
    const double began = clock_seconds();
    search_init(search, run, config, plan->stage, plan->on, plan->monitors_on, plan->stops_on, NULL);
    search_run(search, began);
    const struct gs_property *unsure = unsure_of(search);
    if (!unsure)
        return;
    snprintf(against, size, "steps that change nothing matter to %s", unsure->name);
    search_free(search);
    search_init(search, run, config, plan->stage, plan->on, plan->monitors_on, plan->stops_on, against);
    search_run(search, began);
}

static void search_and_report(const struct gs_run *run, const struct gs_config *config, const struct plan *plan,
                              struct gs_result *result)
{
    struct search search;
    char against[120], finding[EXPLANATION_SIZE];
    run_search(&search, run, config, plan, against, sizeof(against));
    audit(&search, finding, sizeof(finding));
    result->status = GS_HOLDS;
    fill_numbers(&search, result);
    search_forget_store(&search);
    if (search.judging.failed) {
        plan_fail(result, GS_BAD_INPUT, "%s: %s", run->model->name, search.judging.error);
    } else {
        judge_properties(&search, plan, result);
        report_audit(finding, result);
        tally_events(run, search.tally.events, search.engine.left_out, result);
        tally_cuts(run, search.tally.cuts, result);
        name_reductions(&search, result);
        show_exploration(&search, config, result);
        if (result->status == GS_HOLDS)
            result->status = status_of(config, result);
    }
    result->peak_rss_bytes = peak_rss();
    search_free(&search);
}

enum gs_status gs_check(const struct gs_model *model, const struct gs_config *config, struct gs_result *result)
{
    struct plan plan;
    *result = (struct gs_result){0};
    plan_catch_signals(config);
    if (plan_make(model, config, &plan, result))
        search_and_report(result->run, config, &plan, result);
    plan_free(&plan);
    plan_release_signals(config);
    return result->status;
}

void gs_result_free(struct gs_result *result)
{
    for (size_t i = 0; i < result->property_count; i++)
        trace_free((struct trace *)(uintptr_t)result->properties[i].trace);
    for (size_t i = 0; i < result->sample_count; i++)
        trace_free((struct trace *)(uintptr_t)result->samples[i]);
    free(result->samples);
    free(result->properties);
    free(result->events);
    free(result->cuts);
    growth_free(&result->growth);
    run_free((struct gs_run *)(uintptr_t)result->run);
    *result = (struct gs_result){0};
}

static void print_sequence(const struct trace *trace, FILE *out)
{
    const size_t least = trace_sequence_columns(trace);
    const struct sequence_style style = {.columns = least > 80 ? least : 80};
    trace_print_sequence(trace, &style, out);
}

void gs_trace_print_as(const struct trace *trace, enum gs_format format, FILE *out)
{
    static void (*const printers[])(const struct trace *, FILE *) = {[GS_FORMAT_TEXT] = trace_print_text,
                                                                     [GS_FORMAT_SEQUENCE] = print_sequence,
                                                                     [GS_FORMAT_MERMAID] = trace_print_mermaid,
                                                                     [GS_FORMAT_DOT] = trace_print_dot};
    must(format < sizeof(printers) / sizeof(*printers));
    printers[format](trace, out);
}

void gs_trace_print(const struct trace *trace, FILE *out)
{
    gs_trace_print_as(trace, GS_FORMAT_TEXT, out);
}

uint64_t gs_trace_steps(const struct trace *trace)
{
    return trace->step_count;
}
