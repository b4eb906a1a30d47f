/* gs_check, on a model in which nothing else is violated, no deeper than what is known already. What it finds is tried
 * on the run itself before it is believed. */
#include "checker/shortest.h"

#include <stdlib.h>
#include <string.h>

#include "checker/check.h"
#include "checker/class_model.h"
#include "core/clock.h"
#include "core/die.h"
#include "core/judge.h"
#include "traces/run_recipe.h"

/* Memory bounds as a last resort only: states are what bounds a search the same way every time. */
static const uint64_t memory_max = UINT64_C(2) << 30;

/* Whether a state is quiescent is known once what follows from it was looked at: one level deeper. */
static uint64_t depth_to_search(const struct gs_run *run, const struct wanted *wanted, size_t steps_max)
{
    const bool is_of_behaviour = wanted->property == run_property_count(run);

    return steps_max + (!is_of_behaviour && run_property(run, wanted->property)->kind == GS_QUIESCENT);
}

static struct gs_config config_of(const struct run_config *run, const struct shortest_limits *limits)
{
    return (struct gs_config){.settings = run->settings,
                              .mutants = run->mutants,
                              .extensions = run->extensions,
                              .network = run->network,
                              .copies = run->copies,
                              .capacity = run->capacity,
                              .budgets = run->budgets,
                              .max_states = limits->states_max,
                              .max_depth_set = true,
                              .max_memory_bytes = memory_max,
                              .threads = limits->threads,
                              .from = limits->from,
                              .from_at = limits->at,
                              .from_at_set = limits->from != NULL};
}

static const struct gs_property_result *find_result(const struct gs_result *result, const char *name)
{
    for (size_t i = 0; i < result->property_count; i++)
        if (strcmp(result->properties[i].name, name) == 0)
            return &result->properties[i];
    return NULL;
}

/* The trace of another model's run, on this one. NULL: it does not show there what is wanted. */
static struct trace *take_over(const struct trace *trace, const struct gs_run *run, const struct wanted *wanted)
{
    struct trace *same = trace_new(run, wanted->property, "", wanted->monitors_on);
    struct attempts attempts = {.wanted = wanted};
    const struct attempt attempt = {.trace = same, .steps_max = trace->step_count, .mode = ATTEMPT_EXACT};

    for (size_t i = 0; i < trace->start_count; i++)
        trace_append(same, &trace->starts[i]);
    for (size_t i = 0; i < trace->step_count; i++)
        trace_append(same, &trace->steps[i]);
    struct trace *shown = attempt_make(&attempts, &attempt);
    trace_free(same);
    attempts_free(&attempts);
    return shown;
}

static enum shortest_verdict read_result(const struct gs_result *result, const char *property, const struct gs_run *run,
                                         const struct wanted *wanted, struct trace **found)
{
    const struct gs_property_result *own = find_result(result, property);
    const bool is_whole = result->complete || strncmp(result->stopped, "--max-depth", strlen("--max-depth")) == 0;

    if (!own || result->status == GS_BAD_INPUT || result->status == GS_INTERNAL_ERROR ||
        own->verdict == GS_VERDICT_NOT_CHECKED)
        return SHORTEST_UNKNOWN;
    if (own->verdict != GS_VERDICT_VIOLATED)
        return is_whole ? SHORTEST_NONE : SHORTEST_UNKNOWN;
    *found = own->trace ? take_over(own->trace, run, wanted) : NULL;
    return *found ? SHORTEST_FOUND : SHORTEST_UNKNOWN;
}

/* Of misbehaviours the first counts, whatever its class. */
static bool choose_model(struct class_model *class_model, const struct gs_run *run, const struct wanted *wanted)
{
    if (wanted->property < run_property_count(run))
        return class_model_make(class_model, run, wanted);
    struct wanted any = {.property = 0};
    const bool is_made = class_model_make(class_model, run, &any);
    class_model->name = JUDGE_BEHAVIOUR;
    return is_made && !wanted->monitors_on;
}

static void search(struct class_model *class_model, struct run_recipe *recipe, const struct gs_run *run,
                   const struct wanted *wanted, const struct shortest_limits *limits, struct shortest *shortest)
{
    const char *properties[] = {class_model->name, NULL}, *allow[] = {JUDGE_BEHAVIOUR, NULL};
    const struct run_config run_config = run_recipe_config(recipe);
    struct gs_config config = config_of(&run_config, limits);
    struct gs_result result;

    must(limits->at <= limits->steps_max);
    config.max_depth = depth_to_search(run, wanted, limits->steps_max - limits->at);
    config.extensions = class_model->extensions;
    config.properties = properties;
    config.allow = strcmp(class_model->name, JUDGE_BEHAVIOUR) != 0 ? allow : NULL;
    if (limits->until > 0) {
        config.max_seconds = limits->until - clock_seconds();
        if (config.max_seconds <= 0)
            return;
    }
    gs_check(&class_model->model, &config, &result);
    shortest->states = result.states;
    shortest->steps = result.depth;
    shortest->verdict = read_result(&result, class_model->name, run, wanted, &shortest->found);
    shortest->has_too_many =
        shortest->verdict == SHORTEST_UNKNOWN && strncmp(result.stopped, "--max-states", strlen("--max-states")) == 0;
    gs_result_free(&result);
}

void shortest_search(const struct gs_run *run, const struct wanted *wanted, const struct shortest_limits *limits,
                     struct shortest *shortest)
{
    struct class_model *class_model = die_calloc(1, sizeof(*class_model));
    struct run_recipe *recipe = die_calloc(1, sizeof(*recipe));

    *shortest = (struct shortest){.verdict = SHORTEST_UNKNOWN};
    run_recipe_of(recipe, run);
    if (!run->timed && choose_model(class_model, run, wanted))
        search(class_model, recipe, run, wanted, limits, shortest);
    free(recipe);
    free(class_model);
}
