/* A part of the search yields the failing runs with the lowest numbers. What makes two failures the same is known only
 * once they are shrunk, which takes much longer than a run: so a kind of failure of which the last ones were all known
 * is not looked at any more. */
#include "checker/hunt.h"

#include <stdlib.h>
#include <string.h>

#include "checker/plan.h"
#include "checker/shrink.h"
#include "core/clock.h"
#include "core/die.h"
#include "traces/causality.h"
#include "traces/time_order.h"

enum { FAILING_RUNS = 16 }; /* of one part */

static uint64_t failures_wanted(const struct hunt *hunt)
{
    return hunt->config->max_failures ? hunt->config->max_failures : 1;
}

/* ---- Kinds ---- */

static struct failure_kind *find_kind(struct hunt *hunt, const char *signature)
{
    for (size_t i = 0; i < hunt->kind_count; i++)
        if (strcmp(hunt->kinds[i].signature, signature) == 0)
            return &hunt->kinds[i];
    hunt->kinds = die_grow(hunt->kinds, &hunt->kind_capacity, hunt->kind_count + 1, sizeof(*hunt->kinds));
    struct failure_kind *kind = &hunt->kinds[hunt->kind_count++];
    *kind = (struct failure_kind){0};
    memcpy(kind->signature, signature, sizeof(kind->signature));
    return kind;
}

/* Asked by all threads of a part, in which kinds do not change. */
static bool is_known(const void *context, const char *signature)
{
    const struct hunt *hunt = context;
    for (size_t i = 0; i < hunt->kind_count; i++)
        if (strcmp(hunt->kinds[i].signature, signature) == 0)
            return hunt->kinds[i].in_vain >= HUNT_IN_VAIN;
    return false;
}

/* ---- One failure ---- */

static void forget_shrunk(struct shrunk *shrunk)
{
    if (shrunk)
        shrunk_free(shrunk);
    free(shrunk);
}

static void order_by_time(struct shrunk *shrunk)
{
    if (trace_is_late(shrunk->trace))
        return;
    struct trace *ordered = time_order(shrunk->trace);
    trace_free(shrunk->trace);
    shrunk->trace = ordered;
}

/* The first failure is surely one that is kept. */
static void tell(const struct hunt *hunt, const struct trace *trace, bool is_whole)
{
    if (hunt->config->better && !hunt->fuzz->failure_count)
        hunt->config->better(hunt->config->better_context, trace, is_whole);
}

static void tell_better(void *context, const struct trace *trace)
{
    tell(context, trace, false);
}

/* NULL: it cannot be shrunk, or is not to be; why, in `why`. Without exhaustive search where handlers ask for the time,
 * which a search has not. */
static struct shrunk *shrink(struct hunt *hunt, const struct gs_fuzz_failure *failure, bool without_exhaustive,
                             char why[static EXPLANATION_SIZE])
{
    const struct shrink_limits limits = {.seconds = hunt->config->shrink_seconds,
                                         .without_exhaustive = without_exhaustive || failure->found->run->timed,
                                         .threads = hunt->config->base.threads,
                                         .better = tell_better,
                                         .context = hunt};
    why[0] = '\0';
    if (limits.seconds <= 0)
        return NULL;
    struct shrunk *shrunk = die_calloc(1, sizeof(*shrunk));
    if (shrink_trace(failure->found, &limits, shrunk, why, EXPLANATION_SIZE)) {
        order_by_time(shrunk);
        return shrunk;
    }
    forget_shrunk(shrunk);
    return NULL;
}

static void take(const struct hunt *hunt, struct gs_fuzz_failure *failure, struct shrunk *shrunk)
{
    FILE *out = fmemopen(failure->guarantee, sizeof(failure->guarantee), "w");
    must(out != NULL);
    shrunk_print_guarantee(shrunk, hunt->config->shrink_seconds, out);
    must(fclose(out) == 0);
    forget_shrunk(failure->shrunk);
    failure->shrunk = shrunk;
    failure->trace = shrunk->trace;
    snprintf(failure->explanation, sizeof(failure->explanation), "%s", shrunk->trace->explanation);
}

/* Where several failures are looked for, without exhaustive search first: that would end at the shortest one of the
 * same words, whatever led to it. */
static void shrink_first(struct hunt *hunt, struct gs_fuzz_failure *failure)
{
    char why[EXPLANATION_SIZE];
    struct shrunk *shrunk = shrink(hunt, failure, failures_wanted(hunt) > 1, why);
    if (shrunk)
        take(hunt, failure, shrunk);
    else
        snprintf(failure->guarantee, sizeof(failure->guarantee), "not shrunk%s%.150s", why[0] ? ": " : "", why);
}

/* The run, recorded, does not show what it has shown: then it is for the protocol's code to explain, if that is not
 * deterministic. That the run has seen that itself is the finding: it need not happen again. */
static void explain_without_trace(struct hunt *hunt, const struct random_failure *failing,
                                  const struct random_record *record, struct gs_fuzz_failure *failure)
{
    struct gs_result *result = &hunt->fuzz->result;
    const struct trace *trace = record->trace;
    struct replay replay, other;
    if (failing->is_nondeterministic)
        snprintf(failure->explanation, sizeof(failure->explanation), "%s", failing->explanation);
    if (failure->is_nondeterministic)
        return;
    trace_replay(trace, NULL, NULL, &replay);
    if (trace_replays_otherwise(trace, &replay, &other))
        plan_fail(result, GS_BAD_INPUT,
                  "%s: nondeterministic: run %llu violates %s; replayed twice, it ends in two ways: %.120s; and %.120s",
                  trace->run->model->name, (unsigned long long)failing->run, trace_property_name(trace), replay.reason,
                  other.reason);
    else
        plan_fail(result, GS_INTERNAL_ERROR, "run %llu violates %s, but its trace does not replay: %.300s",
                  (unsigned long long)failing->run, trace_property_name(trace), failure->explanation);
}

/* Is it the same, however often it is replayed? */
static bool is_steady(const struct trace *trace)
{
    struct replay replay, other;
    trace_replay(trace, NULL, NULL, &replay);
    return !trace_replays_otherwise(trace, &replay, &other);
}

/* The run's trace, shrunk. Without a trace: nondeterministic code of the protocol. */
static void record(struct hunt *hunt, const struct random_failure *failing, unsigned property,
                   struct gs_fuzz_failure *failure)
{
    const uint64_t run = failing->run;
    struct random_record record;
    *failure =
        (struct gs_fuzz_failure){.run = run, .property = property, .strategy = random_strategy_of(hunt->config, run)};
    random_search_record(&hunt->search, run, property, &record);
    failure->is_nondeterministic = failing->is_nondeterministic || record.is_nondeterministic;
    snprintf(failure->explanation, sizeof(failure->explanation), "%s", record.explanation);
    if (record.is_shown && (!failure->is_nondeterministic || is_steady(record.trace))) {
        failure->trace = failure->found = record.trace;
        tell(hunt, record.trace, true);
        shrink_first(hunt, failure);
        return;
    }
    explain_without_trace(hunt, failing, &record, failure);
    trace_free(record.trace);
}

/* The property, its explanation's class, and what led to it, if that was found out by shrinking. */
static struct bytes sign(const struct hunt *hunt, unsigned property, const char *kind, const struct shrunk *shrunk)
{
    struct bytes signature = {0};
    bytes_append(&signature, &property, sizeof(property));
    bytes_append(&signature, kind, strlen(kind));
    if (shrunk && failures_wanted(hunt) > 1 && !trace_is_late(shrunk->trace))
        causality_sign(shrunk->trace, &signature);
    return signature;
}

static bool is_new(const struct hunt *hunt, const struct bytes *signature)
{
    for (size_t i = 0; i < hunt->fuzz->failure_count; i++)
        if (bytes_equal(&hunt->signatures[i], signature))
            return false;
    return true;
}

static void keep(struct hunt *hunt, const struct gs_fuzz_failure *failure, const struct bytes *signature)
{
    struct gs_fuzz_result *fuzz = hunt->fuzz;
    fuzz->failures =
        die_grow(fuzz->failures, &hunt->failure_capacity, fuzz->failure_count + 1, sizeof(*fuzz->failures));
    hunt->signatures =
        die_grow(hunt->signatures, &hunt->signature_capacity, fuzz->failure_count + 1, sizeof(*hunt->signatures));
    hunt->signatures[fuzz->failure_count] = *signature;
    fuzz->failures[fuzz->failure_count++] = *failure;
}

/* A failure that is kept is shrunk as far as that goes while it stays the same failure. */
static void shrink_further(struct hunt *hunt, struct gs_fuzz_failure *failure, const char *kind,
                           const struct bytes *signature)
{
    char why[EXPLANATION_SIZE];
    if (!failure->shrunk || failures_wanted(hunt) <= 1)
        return;
    struct shrunk *shrunk = shrink(hunt, failure, false, why);
    struct bytes other = sign(hunt, failure->property, kind, shrunk);
    if (shrunk && bytes_equal(&other, signature))
        take(hunt, failure, shrunk);
    else
        forget_shrunk(shrunk);
    bytes_free(&other);
}

static bool look_at_property(struct hunt *hunt, const struct random_failure *failing, unsigned property,
                             const char *kind)
{
    struct gs_fuzz_failure failure;
    record(hunt, failing, property, &failure);
    struct bytes signature = sign(hunt, property, kind, failure.shrunk);
    if (!is_new(hunt, &signature)) {
        bytes_free(&signature);
        fuzz_failure_free(&failure);
        return false;
    }
    shrink_further(hunt, &failure, kind, &signature);
    keep(hunt, &failure, &signature);
    return true;
}

/* A run may violate several properties in one step: each is a failure with a trace. True: one of them is new. */
static bool look_at(struct hunt *hunt, const struct random_failure *failing, const char *kind)
{
    bool found = false;
    for (unsigned property = 0; property < 64; property++)
        if (failing->properties >> property & 1)
            found |= look_at_property(hunt, failing, property, kind);
    return found;
}

/* ---- Parts ---- */

/* Looks at the failing runs of a part. True: there may be more to find in the runs behind them. */
static bool look_at_all(struct hunt *hunt)
{
    const struct random_search *search = &hunt->search;
    for (size_t i = 0; i < search->failure_count && search->failures[i].run <= search->last; i++) {
        const struct random_failure *failing = &search->failures[i];
        struct failure_kind *kind = find_kind(hunt, failing->signature);
        if (kind->in_vain >= HUNT_IN_VAIN)
            continue;
        kind->in_vain = look_at(hunt, failing, kind->signature) ? 0 : kind->in_vain + 1;
        if (hunt->fuzz->failure_count >= failures_wanted(hunt)) {
            hunt->last = failing->run;
            return false;
        }
    }
    return search->failure_count == search->wanted && !search->difference[0] && !search_is_interrupted() &&
           hunt->fuzz->result.status == GS_HOLDS;
}

/* The runs behind the last failing one. False: there are none, or the time is over. */
static bool next_part(struct hunt *hunt, double began)
{
    const struct random_search *search = &hunt->search;
    const uint64_t done = search->last + 1 - hunt->part.first_run;
    const double spent = clock_seconds() - began;
    if (search->run_limit <= done)
        return false;
    if (hunt->config->base.max_seconds > 0) {
        hunt->part.base.max_seconds = hunt->config->base.max_seconds - spent;
        if (hunt->part.base.max_seconds < 0.001)
            hunt->part.base.max_seconds = 0.001;
    }
    if (hunt->part.runs || hunt->config->base.max_seconds <= 0)
        hunt->part.runs = search->run_limit - done;
    hunt->runs_before += done;
    hunt->part.first_run = search->last + 1;
    return true;
}

void hunt_run(struct hunt *hunt, const struct gs_fuzz_config *config, const struct plan *plan, uint64_t recovers,
              struct gs_fuzz_result *fuzz)
{
    const double began = clock_seconds();
    bool goes_on = true;
    *hunt = (struct hunt){.config = config, .part = *config, .fuzz = fuzz, .last = UINT64_MAX};
    while (goes_on) {
        random_search_init(&hunt->search, fuzz->timed_run ? fuzz->timed_run : fuzz->result.run, fuzz->result.run,
                           &hunt->part, plan, recovers);
        hunt->search.wanted = failures_wanted(hunt) > 1 ? FAILING_RUNS : 1;
        hunt->search.is_known = is_known;
        hunt->search.known = hunt;
        random_search_run(&hunt->search);
        hunt->seconds += hunt->search.seconds;
        goes_on = !hunt->search.error[0] && look_at_all(hunt) && next_part(hunt, began);
        if (goes_on)
            random_search_free(&hunt->search);
    }
}

void hunt_free(struct hunt *hunt)
{
    for (size_t i = 0; i < hunt->signature_capacity && i < hunt->fuzz->failure_count; i++)
        bytes_free(&hunt->signatures[i]);
    free(hunt->signatures);
    free(hunt->kinds);
    random_search_free(&hunt->search);
}
