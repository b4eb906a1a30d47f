/* gs_fuzz: from a configuration to random runs, from these to verdicts. */
#include "checker/fuzz.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "checker/hunt.h"
#include "checker/plan.h"
#include "checker/shrink.h"
#include "checker/timed_clocks.h"
#include "checker/verdict.h"
#include "core/die.h"
#include "traces/trace.h"

uint64_t gs_fuzz_steps(const struct gs_fuzz_config *config)
{
    return config->steps ? config->steps : config->timing.on ? 1000000 : 1000;
}

/* What the search found, on its way into the result. */
struct reporting {
    const struct hunt *hunt;
    const struct random_search *search; /* the hunt's last part */
    const struct plan *plan;
    const struct gs_fuzz_config *config;
    struct gs_fuzz_result *fuzz;
    struct gs_result *result;
};

/* ---- Failures ---- */

/* A difference that the audit found, unless a lower run failed: a failure without a trace, for it need not show again.
 */
static void add_difference(struct reporting *r)
{
    const struct random_search *search = r->search;
    struct gs_fuzz_failure *failure;
    r->fuzz->failures = failure = die_calloc(1, sizeof(*failure));
    r->fuzz->failure_count = 1;
    failure->run = search->last;
    failure->property = run_property_count(search->run);
    failure->strategy = random_strategy_of(r->config, search->last);
    failure->is_nondeterministic = true;
    memcpy(failure->explanation, search->difference, sizeof(failure->explanation));
}

/* ---- Properties ---- */

static const struct gs_fuzz_failure *failure_of(const struct reporting *r, unsigned property)
{
    for (size_t i = 0; i < r->fuzz->failure_count; i++)
        if (r->fuzz->failures[i].property == property)
            return &r->fuzz->failures[i];
    return NULL;
}

/* In how many runs it was met, where some were not judged. */
static void say_recovered(struct gs_property_result *property, const struct reporting *r)
{
    const struct timed_sums *recovery = &r->search->total.timed.recovery;
    const uint64_t judged = recovery->sent, held_back = recovery->lost,
                   too_short = r->search->total.runs - judged - held_back;
    const size_t size = sizeof(property->reason);
    size_t used = 0;
    if (held_back || too_short)
        used = (size_t)snprintf(property->reason, size, "met in %" PRIu64 " of %" PRIu64 " runs that were judged",
                                recovery->delivered, judged);
    if (held_back)
        used += (size_t)snprintf(property->reason + used, size - used,
                                 "; not judged in %" PRIu64 ", in which a bound held something back", held_back);
    if (too_short)
        snprintf(property->reason + used, size - used, "; not judged in %" PRIu64 ", which ended before the deadline",
                 too_short);
}

static void say_not_met(struct gs_property_result *property, const struct reporting *r, unsigned index)
{
    const struct random_runner *total = &r->search->total;
    const bool premise_missed = (total->premise_used & ~total->premise_met) >> index & 1;
    if (property->property && property->property->kind == GS_REACHABLE && !property->steps)
        snprintf(property->reason, sizeof(property->reason), "not met");
    else if (property->property && !property->judged)
        snprintf(property->reason, sizeof(property->reason), "its scope never occurred");
    else if (premise_missed)
        snprintf(property->reason, sizeof(property->reason), "its premise never occurred");
}

/* By the events that lead to where every run starts. */
static bool was_met_before(const struct reporting *r, unsigned index)
{
    return r->plan->stage && index < 64 && (r->plan->stage->met >> index & 1);
}

static void judge_property(const struct reporting *r, unsigned index)
{
    const struct gs_run *run = r->result->run;
    const bool is_built_in = index >= run_property_count(run);
    struct gs_property_result *property = &r->result->properties[index];
    const struct gs_fuzz_failure *failure = failure_of(r, index);
    property->property = is_built_in ? NULL : run_property(run, index);
    property->name = index == random_recovers_bit(run) ? GS_RECOVERS
                     : is_built_in                     ? JUDGE_BEHAVIOUR
                                                       : property->property->name;
    property->allowed = plan_names(r->config->base.allow, property->name);
    property->verdict = GS_VERDICT_SAMPLED;
    if (!is_built_in && r->plan->reasons[index]) {
        property->verdict = GS_VERDICT_NOT_CHECKED;
        snprintf(property->reason, sizeof(property->reason), "%s", r->plan->reasons[index]);
    } else if (failure) {
        property->verdict = GS_VERDICT_VIOLATED;
        property->trace = failure->trace;
        property->steps = failure->trace ? failure->trace->step_count : 0;
        memcpy(property->reason, failure->explanation, sizeof(property->reason));
    } else if (!r->fuzz->failure_count) {
        property->judged = r->search->total.judged[index];
        property->steps = was_met_before(r, index) ? r->fuzz->runs : r->search->total.met[index];
        if (property->allowed && property->steps && (is_built_in || property->property->kind != GS_REACHABLE))
            property->verdict = GS_VERDICT_VIOLATED;
        if (index == random_recovers_bit(run))
            say_recovered(property, r);
        else
            say_not_met(property, r, index);
    }
}

static void judge_properties(const struct reporting *r)
{
    r->result->property_count = run_property_count(r->result->run) + 1 + (r->search->recovers != 0);
    r->result->properties = die_calloc(r->result->property_count, sizeof(*r->result->properties));
    for (unsigned i = 0; i < r->result->property_count; i++)
        judge_property(r, i);
}

/* ---- Numbers ---- */

/* Of the runs up to the last one that counts, so that the numbers are the same for any number of threads. */
static void count_strategies(const struct reporting *r)
{
    struct gs_fuzz_result *fuzz = r->fuzz;
    for (uint64_t i = 0; i < 3; i++) {
        const enum gs_strategy strategy = random_strategy_of(r->config, r->config->first_run + i);
        fuzz->strategies[strategy].runs += (fuzz->runs + 2 - i) / 3;
    }
    for (size_t i = 0; i < fuzz->failure_count; i++)
        fuzz->strategies[fuzz->failures[i].strategy].failures +=
            !i || fuzz->failures[i].run != fuzz->failures[i - 1].run;
}

/* The run with which it ended: that of the last failure wanted, or of the audit's difference. UINT64_MAX: none. */
static uint64_t last_run(const struct reporting *r)
{
    if (r->hunt->last != UINT64_MAX)
        return r->hunt->last;
    return r->search->difference[0] ? r->search->last : UINT64_MAX;
}

static void fill_numbers(const struct reporting *r)
{
    const struct random_search *search = r->search;
    const uint64_t last = last_run(r), run_limit = r->hunt->runs_before + search->run_limit;
    struct gs_fuzz_result *fuzz = r->fuzz;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    r->result->seconds = r->hunt->seconds;
    r->result->threads = search->thread_count;
    r->result->peak_rss_bytes = (uint64_t)usage.ru_maxrss * 1024;
    memcpy(r->result->stopped, search->stopped, sizeof(r->result->stopped));
    fuzz->horizon = search->parameters.horizon;
    fuzz->pct_threads = random_thread_count(search->run);
    if (last != UINT64_MAX) {
        fuzz->runs = last - r->config->first_run + 1;
        snprintf(r->result->stopped, sizeof(r->result->stopped), "a violation");
    } else {
        fuzz->runs = r->hunt->runs_before + search->total.runs;
    }
    const bool had_its_time =
        !r->config->runs && r->config->base.max_seconds > 0 && strncmp(search->stopped, "--max-seconds", 13) == 0;
    fuzz->all_runs = fuzz->runs == run_limit || (had_its_time && fuzz->runs); /* no run at all is no sample */
    for (size_t i = 0; i < r->hunt->kind_count; i++)
        fuzz->kinds_passed_over += r->hunt->kinds[i].in_vain >= HUNT_IN_VAIN;
    count_strategies(r);
}

/* Of all runs that took place, where those are known to be the same for any number of threads. */
static void fill_sums(const struct reporting *r)
{
    const struct random_runner *total = &r->search->total;
    if (r->fuzz->failure_count)
        return;
    if (r->config->timing.on) {
        r->fuzz->timed = die_calloc(1, sizeof(*r->fuzz->timed));
        random_timed_init(r->fuzz->timed, r->result->run, &r->config->timing);
        random_timed_add(r->fuzz->timed, &total->timed);
    }
    r->fuzz->steps = r->result->transitions = total->steps;
    r->fuzz->longest = total->longest;
    r->result->local_states = total->local_states.count;
    r->fuzz->local_states_are_more = total->local_states.is_full;
    r->result->handler_calls = total->handler_calls;
    r->result->absorbed = total->absorbed;
    tally_events(r->result->run, total->events, NULL, r->result);
    tally_cuts(r->result->run, total->cuts, r->result);
}

static enum gs_status status_of_fuzz(const struct reporting *r)
{
    if (r->fuzz->failure_count)
        return GS_VIOLATION;
    const bool is_cut = r->config->base.strict && (r->result->cut_count || r->result->absorbed);
    return r->fuzz->all_runs && !is_cut ? GS_HOLDS : GS_INCOMPLETE;
}

static void report(struct reporting *r)
{
    if (r->search->difference[0] && !r->fuzz->failure_count)
        add_difference(r);
    fill_numbers(r);
    fill_sums(r);
    judge_properties(r);
    if (r->result->status == GS_HOLDS)
        r->result->status = status_of_fuzz(r);
}

/* The goals that must be met once all is healed. False: one is no goal that is judged. */
static bool find_recovered(const struct gs_fuzz_config *config, const struct plan *plan, uint64_t *recovers,
                           struct gs_result *result)
{
    *recovers = 0;
    for (size_t i = 0; config->timing.on && config->timing.recovers && config->timing.recovers[i]; i++) {
        const char *name = config->timing.recovers[i];
        bool found = false;
        for (unsigned p = 0; p < run_property_count(result->run); p++)
            if (strcmp(run_property(result->run, p)->name, name) == 0 && (plan->on >> p & 1) &&
                run_property(result->run, p)->kind == GS_REACHABLE) {
                *recovers |= UINT64_C(1) << p;
                found = true;
            }
        if (!found) {
            plan_fail(result, GS_BAD_INPUT, "--recovers %s: %s has no such goal, or it is not judged in this run", name,
                      result->run->model->name);
            return false;
        }
    }
    if (*recovers && random_recovers_bit(result->run) >= 64) {
        plan_fail(result, GS_BAD_INPUT, "--recovers: %s has too many properties", result->run->model->name);
        return false;
    }
    return true;
}

/* False: the model's timers take what cannot be. */
static bool make_timed_run(const struct gs_fuzz_config *config, struct gs_fuzz_result *fuzz)
{
    const struct gs_run *run = fuzz->result.run;
    char error[EXPLANATION_SIZE];
    if (!config->timing.on)
        return true;
    if (!timed_timers_are_sound(run, error, sizeof(error))) {
        plan_fail(&fuzz->result, GS_BAD_INPUT, "%s: %s", run->model->name, error);
        return false;
    }
    fuzz->timed_run = die_alloc(sizeof(*fuzz->timed_run));
    *fuzz->timed_run = *run;
    fuzz->timed_run->timed = true;
    return true;
}

static void search_and_report(const struct gs_fuzz_config *config, const struct plan *plan, struct gs_fuzz_result *fuzz)
{
    struct hunt hunt;
    uint64_t recovers;
    if (!find_recovered(config, plan, &recovers, &fuzz->result))
        return;
    if (!make_timed_run(config, fuzz))
        return;
    fuzz->result.status = GS_HOLDS;
    hunt_run(&hunt, config, plan, recovers, fuzz);
    if (hunt.search.error[0])
        plan_fail(&fuzz->result, GS_BAD_INPUT, "%s: %s", fuzz->result.run->model->name, hunt.search.error);
    else
        report(&(struct reporting){&hunt, &hunt.search, plan, config, fuzz, &fuzz->result});
    hunt_free(&hunt);
}

/* What is allowed to fail but for goals in time, which are no property of the model; NULL-terminated, owned by the
 * caller. */
static const char **allowed_of_model(const struct gs_fuzz_config *config)
{
    size_t count = 0, taken = 0;
    while (config->base.allow && config->base.allow[count])
        count++;
    const char **names = die_calloc(count + 1, sizeof(*names));
    for (size_t i = 0; i < count; i++)
        if (!config->timing.on || strcmp(config->base.allow[i], GS_RECOVERS) != 0)
            names[taken++] = config->base.allow[i];
    return names;
}

static bool make_plan(const struct gs_model *model, const struct gs_fuzz_config *config, struct plan *plan,
                      struct gs_result *result)
{
    struct gs_config base = config->base;
    const char **allowed = allowed_of_model(config);
    base.allow = allowed;
    const bool is_made = plan_make(model, &base, plan, result);
    free(allowed);
    return is_made;
}

enum gs_status gs_fuzz(const struct gs_model *model, const struct gs_fuzz_config *config, struct gs_fuzz_result *fuzz)
{
    struct plan plan = {.on = 0};
    memset(fuzz, 0, sizeof(*fuzz));
    plan_catch_signals(&config->base);
    if (config->base.from && config->timing.on)
        plan_fail(&fuzz->result, GS_BAD_INPUT,
                  "--from %s: runs with a clock start at its beginning: leave the clock out",
                  stage_name(&config->base));
    else if (make_plan(model, config, &plan, &fuzz->result))
        search_and_report(config, &plan, fuzz);
    plan_free(&plan);
    plan_release_signals(&config->base);
    return fuzz->result.status;
}

void fuzz_failure_free(struct gs_fuzz_failure *failure)
{
    trace_free((struct trace *)(uintptr_t)failure->found);
    if (failure->shrunk)
        shrunk_free(failure->shrunk);
    free(failure->shrunk);
}

void gs_fuzz_result_free(struct gs_fuzz_result *fuzz)
{
    /* A property's trace is its first failure's. */
    for (size_t i = 0; i < fuzz->result.property_count; i++)
        fuzz->result.properties[i].trace = NULL;
    for (size_t i = 0; i < fuzz->failure_count; i++)
        fuzz_failure_free(&fuzz->failures[i]);
    free(fuzz->failures);
    if (fuzz->timed)
        random_timed_free(fuzz->timed);
    free(fuzz->timed);
    free(fuzz->timed_run);
    gs_result_free(&fuzz->result);
}
