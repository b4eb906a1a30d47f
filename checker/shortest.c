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

/* Memory bounds as a last resort only: states are what bounds a search the same way every time. */
static const uint64_t memory_max = UINT64_C(2) << 30;

/* Whether a state is quiescent is known once what follows from it was looked at: one level deeper. */
static uint64_t depth_to_search(const struct gs_run *run, const struct wanted *wanted, size_t steps_max)
{
    const bool is_of_behaviour = wanted->property == run_property_count(run);

    return steps_max + (!is_of_behaviour && run_property(run, wanted->property)->kind == GS_QUIESCENT);
}

static const struct gs_property_result *find_result(const struct gs_result *result, const char *name)
{
    for (size_t i = 0; i < result->property_count; i++)
        if (strcmp(result->properties[i].name, name) == 0)
            return &result->properties[i];
    return NULL;
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
    *found = own->trace ? class_model_take_over(own->trace, run, wanted) : NULL;
    return *found ? SHORTEST_FOUND : SHORTEST_UNKNOWN;
}

static void search(struct class_model *class_model, const struct gs_run *run, const struct wanted *wanted,
                   const struct shortest_limits *limits, struct shortest *shortest)
{
    struct gs_config config = class_model_config(class_model);
    struct gs_result result;

    must(limits->at <= limits->steps_max);
    config.max_states = limits->states_max;
    config.max_depth_set = true;
    config.max_depth = depth_to_search(run, wanted, limits->steps_max - limits->at);
    config.max_memory_bytes = memory_max;
    config.threads = limits->threads;
    config.from = limits->from;
    config.from_at = limits->at;
    config.from_at_set = limits->from != NULL;
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

    *shortest = (struct shortest){.verdict = SHORTEST_UNKNOWN};
    if (class_model_make(class_model, run, wanted))
        search(class_model, run, wanted, limits, shortest);
    free(class_model);
}
