/* From a configuration to a run, and to what is judged in it. */
#include "checker/plan.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checker/search.h"
#include "core/clock.h"
#include "core/die.h"
#include "core/guard.h"
#include "core/model.h"

enum gs_status plan_fail(struct gs_result *result, enum gs_status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(result->error, sizeof(result->error), format, arguments);
    va_end(arguments);
    result->status = status;
    return status;
}

bool plan_names(const char *const *names, const char *name)
{
    for (size_t i = 0; names && names[i]; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static bool names_exist(const struct gs_run *run, const char *const *names, const char *option,
                        struct gs_result *result)
{
    for (size_t i = 0; names && names[i]; i++) {
        bool exists = strcmp(names[i], JUDGE_BEHAVIOUR) == 0;
        for (unsigned p = 0; p < run_property_count(run); p++)
            exists |= strcmp(names[i], run_property(run, p)->name) == 0;
        if (!exists) {
            plan_fail(result, GS_BAD_INPUT, "--%s %s: %s has no such property (see: gainsay describe %s)", option,
                      names[i], run->model->name, run->model->name);
            return false;
        }
    }
    return true;
}

/* Why a property is not judged, or NULL. A needs that misbehaves is bad input: *fine becomes false. */
static const char *reason_not_to_check(const struct gs_run *run, const struct gs_config *config, struct plan *plan,
                                       unsigned index, bool *fine)
{
    const struct gs_property *property = run_property(run, index);
    bool granted;
    if (config->properties && !plan_names(config->properties, property->name))
        return "not asked for";
    if (config->ignore_goals && property->kind == GS_REACHABLE)
        return "goals are not judged in this run";
    *fine = judge_needs(run, property, &granted, plan->error);
    if (granted)
        return NULL;
    snprintf(plan->needs[index], sizeof(plan->needs[index]), "needs %s",
             property->needs_text ? property->needs_text : "other options");
    return plan->needs[index];
}

static bool uses_monitor(const struct gs_property *property)
{
    return property->scope == GS_SCOPE_MONITOR || property->scope == GS_SCOPE_MONITOR_NODE;
}

/* False: a predicate misbehaved, see plan->error. */
static bool judge_what(const struct gs_run *run, const struct gs_config *config, struct plan *plan)
{
    bool fine = true;
    for (unsigned p = 0; fine && p < run_property_count(run); p++) {
        const struct gs_property *property = run_property(run, p);
        plan->reasons[p] = reason_not_to_check(run, config, plan, p, &fine);
        if (plan->reasons[p])
            continue;
        plan->on |= UINT64_C(1) << p;
        if (uses_monitor(property))
            plan->monitors_on |= UINT64_C(1) << run_property_monitor(run, p);
        if (property->kind != GS_REACHABLE && !plan_names(config->allow, property->name))
            plan->stops_on |= UINT64_C(1) << p;
    }
    if (!plan_names(config->allow, JUDGE_BEHAVIOUR))
        plan->stops_on |= UINT64_C(1) << run_property_count(run);
    return fine;
}

/* ---- The run, checked before anything is searched ---- */

static struct gs_run *make_run(const struct gs_model *model, const struct gs_config *config, struct gs_result *result)
{
    result->status = GS_BAD_INPUT;
    if (!model_check(model, result->error, sizeof(result->error)))
        return NULL;
    for (size_t e = 0; config->extensions && config->extensions[e]; e++)
        if (!extension_check(model, config->extensions[e], result->error, sizeof(result->error)))
            return NULL;
    if (config->samples > GS_SAMPLES_MAX) {
        plan_fail(result, GS_BAD_INPUT, "--samples %llu: at most %d", (unsigned long long)config->samples,
                  GS_SAMPLES_MAX);
        return NULL;
    }
    struct gs_run *run = stage_run_new(model, config, result->error, sizeof(result->error));
    result->run = run; /* owned from here on */
    if (!run || !names_exist(run, config->properties, "property", result) ||
        !names_exist(run, config->allow, "allow", result))
        return NULL;
    return run;
}

static bool is_small_enough(const struct gs_run *run, struct gs_result *result)
{
    if (run_property_count(run) < 64 && run_monitor_count(run) < WORLD_MONITORS_MAX)
        return true;
    plan_fail(result, GS_BAD_INPUT, "%s with its property files has %u properties and %u monitors: at most 63 of each",
              run->model->name, run_property_count(run), run_monitor_count(run));
    return false;
}

/* Do all init functions behave? */
static bool inits_behave(const struct gs_run *run, uint64_t monitors_on, struct gs_result *result)
{
    struct world world;
    char explanation[EXPLANATION_SIZE];
    const bool fine = world_init(&world, run, monitors_on, explanation);
    world_free(&world);
    if (!fine)
        plan_fail(result, GS_BAD_INPUT, "%s: %s", run->model->name, explanation);
    return fine;
}

static bool make_stage(const struct gs_run *run, const struct gs_config *config, struct plan *plan,
                       struct gs_result *result)
{
    if (!config->from)
        return true;
    plan->stage = die_calloc(1, sizeof(*plan->stage));
    if (!stage_make(plan->stage, run, config, plan->on, plan->monitors_on, result->error, sizeof(result->error))) {
        result->status = GS_BAD_INPUT;
        return false;
    }
    result->from_at = plan->stage->at;
    result->from_steps = plan->stage->prefix->step_count;
    return true;
}

bool plan_make(const struct gs_model *model, const struct gs_config *config, struct plan *plan,
               struct gs_result *result)
{
    *plan = (struct plan){.on = 0};
    const struct gs_run *run = make_run(model, config, result);
    if (!run || !is_small_enough(run, result))
        return false;
    if (!judge_what(run, config, plan)) {
        plan_fail(result, GS_BAD_INPUT, "%s: %s", run->model->name, plan->error);
        return false;
    }
    return inits_behave(run, plan->monitors_on, result) && make_stage(run, config, plan, result);
}

void plan_free(struct plan *plan)
{
    if (plan->stage)
        stage_free(plan->stage);
    free(plan->stage);
    plan->stage = NULL;
}

/* ---- Interrupts ---- */

static struct sigaction former_int, former_term;
static _Atomic unsigned running; /* searches: those inside of others too, which an interrupt ends with them */

/* One wish to stop may come as two signals: `timeout` sends its own to the process and then to its group. */
static const double same_wish_seconds = 0.5;
static _Atomic double interrupted_at;

static void on_interrupt(int number)
{
    const double now = clock_seconds();
    if (!search_is_interrupted()) {
        interrupted_at = now;
        search_interrupt();
    } else if (now - interrupted_at > same_wish_seconds) { /* asked again: end at once, as if uncaught */
        signal(number, SIG_DFL);
        raise(number);
    }
}

void plan_catch_signals(const struct gs_config *config)
{
    if (running++ == 0)
        search_clear_interrupt();
    if (!config->catch_signals)
        return;
    guard_catch();
    struct sigaction action = {.sa_handler = on_interrupt, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, &former_int);
    sigaction(SIGTERM, &action, &former_term);
}

void plan_release_signals(const struct gs_config *config)
{
    running--;
    if (!config->catch_signals)
        return;
    sigaction(SIGINT, &former_int, NULL);
    sigaction(SIGTERM, &former_term, NULL);
    guard_release();
}
