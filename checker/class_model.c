/* The model is copied and one predicate in it replaced. A predicate knows its run, the run its model, and that is the
 * first member here. */
#include "checker/class_model.h"

#include <stdio.h>
#include <string.h>

#include "core/judge.h"
#include "traces/explanation_class.h"

/* A GS_LINEARIZABLE property has no predicate of its own: its monitor decides. */
static bool holds_itself(const struct class_model *class_model, struct gs_view *v)
{
    if (class_model->holds)
        return class_model->holds(v);
    const struct gs_monitor *monitor = judge_monitor_of(gs_view_run(v), class_model->property);
    return monitor->ready->linearizable(v, monitor);
}

static bool holds_but_for_class(struct gs_view *v)
{
    const struct class_model *class_model = (const void *)gs_view_run(v)->model;
    const bool holds = holds_itself(class_model, v);

    if (class_model->is_goal) {
        v->explanation[0] = '\0';
        return !holds;
    }
    if (holds || explanation_is_like(v->run, v->explanation, class_model->class))
        return holds;
    v->explanation[0] = '\0';
    return true;
}

static bool never(struct gs_view *v)
{
    (void)v;
    return false;
}

/* Every model has a goal; the only one may have been taken. False: there is no room. */
static bool add_goal(struct gs_model *model)
{
    size_t count = 0;

    while (count < GS_PROPERTIES_MAX && model->properties[count].name)
        count++;
    if (count + 1 >= GS_PROPERTIES_MAX)
        return false;
    model->properties[count] = (struct gs_property){.name = "gainsay-no-goal",
                                                    .claim = "what no run achieves",
                                                    .kind = GS_REACHABLE,
                                                    .scope = GS_SCOPE_ALL_NODES,
                                                    .holds = never};
    return true;
}

static void forget_presets(struct gs_model *model)
{
    memset(model->presets, 0, sizeof(model->presets));
    model->presets[0] = (struct gs_preset){.name = "quick", .meaning = "what is said explicitly"};
    for (size_t m = 0; m < GS_MUTANTS_MAX; m++)
        model->mutants[m].preset = NULL;
}

/* The copied tables' property of that number; NULL: there are too many extensions. */
static struct gs_property *find_property(struct class_model *class_model, const struct gs_run *run, unsigned number)
{
    unsigned before = 0, count = 0;

    while (count < GS_PROPERTIES_MAX && run->model->properties[count].name)
        count++;
    if (number < count)
        return &class_model->model.properties[number];
    for (size_t e = 0; class_model->extensions[e]; e++) {
        before += count;
        for (count = 0; count < GS_PROPERTIES_MAX && class_model->extensions[e]->properties[count].name;)
            count++;
        if (number - before >= count)
            continue;
        class_model->changed = *class_model->extensions[e];
        class_model->extensions[e] = &class_model->changed;
        return &class_model->changed.properties[number - before];
    }
    return NULL;
}

static bool copy_extensions(struct class_model *class_model, const struct gs_run *run)
{
    size_t count = 0;

    for (; run->extensions && run->extensions[count]; count++) {
        if (count == CLASS_MODEL_EXTENSIONS)
            return false;
        class_model->extensions[count] = run->extensions[count];
    }
    class_model->extensions[count] = NULL;
    return true;
}

static bool replace_property(struct class_model *class_model, const struct gs_run *run, unsigned number,
                             const char *class)
{
    struct gs_property *property = find_property(class_model, run, number);

    if (!property)
        return false;
    class_model->property = property;
    class_model->holds = property->holds;
    class_model->name = property->name;
    class_model->is_goal = property->kind == GS_REACHABLE;
    snprintf(class_model->class, sizeof(class_model->class), "%s", class);
    property->holds = holds_but_for_class;
    if (property->kind != GS_QUIESCENT)
        property->kind = GS_ALWAYS;
    return !class_model->is_goal || add_goal(&class_model->model);
}

bool class_model_make(struct class_model *class_model, const struct gs_run *run, const struct wanted *wanted)
{
    class_model->model = *run->model;
    forget_presets(&class_model->model);
    run_recipe_of(&class_model->recipe, run);
    if (run->timed || !copy_extensions(class_model, run))
        return false;
    if (wanted->property < run_property_count(run))
        return replace_property(class_model, run, wanted->property, wanted->class);
    class_model->name = JUDGE_BEHAVIOUR;
    return !wanted->monitors_on;
}

struct gs_config class_model_config(struct class_model *class_model)
{
    const struct run_config run = run_recipe_config(&class_model->recipe);
    const bool is_of_behaviour = strcmp(class_model->name, JUDGE_BEHAVIOUR) == 0;

    class_model->properties[0] = class_model->name;
    class_model->allow[0] = JUDGE_BEHAVIOUR;
    return (struct gs_config){.settings = run.settings,
                              .mutants = run.mutants,
                              .extensions = class_model->extensions,
                              .properties = class_model->properties,
                              .allow = is_of_behaviour ? NULL : class_model->allow,
                              .network = run.network,
                              .copies = run.copies,
                              .capacity = run.capacity,
                              .budgets = run.budgets};
}

struct trace *class_model_take_over(const struct trace *trace, const struct gs_run *run, const struct wanted *wanted)
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
