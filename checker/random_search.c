/* Handing out runs, collecting failures, recording traces. */
#include "checker/random_search.h"

#include <sched.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "checker/deadline.h"
#include "checker/fuzz.h"
#include "checker/random_audit.h"
#include "core/clock.h"
#include "core/die.h"
#include "traces/explanation_class.h"
#include "traces/trace.h"

const char *const gs_strategy_names[GS_STRATEGIES] = {"portfolio", "uniform", "pct", "swarm"};

enum { PILOT_RUNS = 8 };
#define MEMORY_LIMIT ((size_t)32 << 20) /* of a thread's tables: what is made again costs less than it seems */

static void halt(struct random_search *search, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void halt(struct random_search *search, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    pthread_mutex_lock(&search->lock);
    if (!search->halted)
        vsnprintf(search->stopped, sizeof(search->stopped), format, arguments);
    search->halted = true;
    pthread_mutex_unlock(&search->lock);
    va_end(arguments);
}

enum gs_strategy random_strategy_of(const struct gs_fuzz_config *config, uint64_t run)
{
    if (config->timing.on)
        return GS_STRATEGY_UNIFORM;
    return config->strategy == GS_STRATEGY_PORTFOLIO ? (enum gs_strategy)(GS_STRATEGY_UNIFORM + run % 3)
                                                     : config->strategy;
}

/* ---- Setting up ---- */

static unsigned count_threads(const struct gs_fuzz_config *config, uint64_t runs)
{
    cpu_set_t cores;
    uint64_t threads = config->base.threads;
    if (!threads)
        threads = sched_getaffinity(0, sizeof(cores), &cores) == 0 ? (unsigned)CPU_COUNT(&cores) : 1;
    return (unsigned)(threads < runs ? threads : runs);
}

void random_search_init(struct random_search *search, const struct gs_run *run, const struct gs_run *plain,
                        const struct gs_fuzz_config *config, const struct plan *plan, uint64_t recovers)
{
    *search = (struct random_search){
        .run = run, .plain = plain, .config = config, .stops_on = plan->stops_on, .wanted = 1, .last = UINT64_MAX};
    engine_lock_init(&search->protocol_lock);
    pthread_mutex_init(&search->lock, NULL);
    search->scope = (struct random_scope){.run = run,
                                          .on = plan->on,
                                          .monitors_on = plan->monitors_on,
                                          .stage = plan->stage,
                                          .lock = &search->protocol_lock,
                                          .notes_timers = config->timing.on};
    search->recovers = recovers;
    if (recovers && !plan_names(config->base.allow, GS_RECOVERS))
        search->stops_on |= UINT64_C(1) << random_recovers_bit(run);
    if (config->timing.on)
        random_timed_init(&search->total.timed, run, &config->timing);
    search->run_limit = config->runs                   ? config->runs
                        : config->base.max_seconds > 0 ? UINT64_MAX - config->first_run
                                                       : GS_FUZZ_RUNS;
    search->next = config->first_run;
    search->thread_count = count_threads(config, search->run_limit);
    search->parameters = (struct random_parameters){.seed = random_seed(config->seed ? config->seed : "1"),
                                                    .steps = gs_fuzz_steps(config),
                                                    .pct_depth = config->pct_depth ? config->pct_depth : GS_PCT_DEPTH};
}

void random_search_free(struct random_search *search)
{
    pthread_mutex_destroy(&search->protocol_lock);
    pthread_mutex_destroy(&search->lock);
    hash_set_free(&search->total.local_states);
    if (search->config->timing.on)
        random_timed_free(&search->total.timed);
    free(search->failures);
}

static struct random_runner runner_of(struct random_search *search)
{
    return (struct random_runner){.scope = search->scope,
                                  .parameters = search->parameters,
                                  .stops_on = search->stops_on,
                                  .recovers = search->recovers,
                                  .timing = search->config->timing.on ? &search->config->timing : NULL,
                                  .memory_limit = MEMORY_LIMIT};
}

/* How many steps a run takes: the most that some runs without faults do, of numbers that are never asked for. */
static void fly_pilots(struct random_search *search)
{
    struct random_runner runner = runner_of(search);
    struct random_outcome outcome;
    if (search->config->timing.on)
        return;
    random_runner_begin(&runner);
    for (uint64_t i = 0; i < PILOT_RUNS; i++) {
        runner.parameters.horizon = 0;
        random_runner_run(&runner, UINT64_MAX - i, GS_STRATEGY_UNIFORM, &outcome);
    }
    search->parameters.horizon = runner.longest ? runner.longest : 1;
    random_runner_end(&runner);
}

/* ---- Failures ---- */

/* Of a run that fails in several ways: the first property's. */
static void sign(struct random_search *search, const struct random_outcome *outcome, uint64_t run, char *signature)
{
    char class[EXPLANATION_SIZE];
    struct random_record record;
    unsigned property = 0;
    signature[0] = '\0';
    if (search->wanted <= 1)
        return;
    while (!(outcome->failed >> property & 1))
        property++;
    random_search_record(search, run, property, &record);
    trace_free(record.trace);
    explanation_class(search->run, record.explanation, class);
    snprintf(signature, EXPLANATION_SIZE, "%u %.*s", property, EXPLANATION_SIZE - 20, class);
}

/* Keeps as many as are wanted, those of the lowest runs; the last one's run is where it ends. */
static void add_failure(struct random_search *search, const struct random_failure *failure)
{
    pthread_mutex_lock(&search->lock);
    size_t place = search->failure_count;
    search->failures = die_grow(search->failures, &search->failure_capacity, place + 1, sizeof(*search->failures));
    for (; place && search->failures[place - 1].run > failure->run; place--)
        search->failures[place] = search->failures[place - 1];
    search->failures[place] = *failure;
    if (search->failure_count < search->wanted)
        search->failure_count++;
    if (search->failure_count == search->wanted)
        search->last = search->failures[search->wanted - 1].run;
    pthread_mutex_unlock(&search->lock);
}

static void note_failure(struct random_search *search, const struct random_outcome *outcome, uint64_t run)
{
    struct random_failure failure = {
        .run = run, .properties = outcome->failed, .is_nondeterministic = outcome->is_nondeterministic};
    memcpy(failure.explanation, outcome->explanation, sizeof(failure.explanation));
    sign(search, outcome, run, failure.signature);
    if (!search->is_known || !search->is_known(search->known, failure.signature))
        add_failure(search, &failure);
}

/* ---- Threads ---- */

static void report_progress(struct random_search *search, double seconds)
{
    const struct gs_config *config = &search->config->base;
    if (!config->progress || pthread_mutex_trylock(&search->lock) != 0)
        return;
    if (seconds - search->reported >= 0.1) {
        search->reported = seconds;
        const struct gs_progress progress = {
            .states = search->next - search->config->first_run, .transitions = search->steps, .seconds = seconds};
        config->progress(config->progress_context, &progress);
    }
    pthread_mutex_unlock(&search->lock);
}

static bool gives_up(void *context, uint64_t run)
{
    struct random_search *search = context;
    const double seconds = clock_seconds() - search->began;
    if (search_is_interrupted())
        halt(search, "interrupted");
    if (search->config->base.max_seconds > 0 && seconds >= search->config->base.max_seconds)
        halt(search, "--max-seconds %g", search->config->base.max_seconds);
    report_progress(search, seconds);
    return search->halted || run > search->last;
}

static void note_failed_predicate(struct random_search *search, const struct random_runner *runner)
{
    if (!runner->tables->judging.failed)
        return;
    halt(search, "a property failed");
    pthread_mutex_lock(&search->lock);
    memcpy(search->error, runner->tables->judging.error, sizeof(search->error));
    pthread_mutex_unlock(&search->lock);
}

static void add_sums(struct random_search *search, const struct random_runner *runner)
{
    struct random_runner *total = &search->total;
    pthread_mutex_lock(&search->lock);
    for (unsigned i = 0; i < BOUND_COUNT; i++)
        total->cuts[i] += runner->cuts[i];
    for (unsigned i = 0; i < EVENT_COUNTERS; i++)
        total->events[i] += runner->events[i];
    for (unsigned i = 0; i < 64; i++) {
        total->judged[i] += runner->judged[i];
        total->met[i] += runner->met[i];
    }
    total->absorbed += runner->absorbed;
    total->handler_calls += runner->handler_calls;
    total->forgotten += runner->forgotten;
    total->premise_used |= runner->premise_used;
    total->premise_met |= runner->premise_met;
    total->runs += runner->runs;
    total->steps += runner->steps;
    total->longest = runner->longest > total->longest ? runner->longest : total->longest;
    hash_set_add_all(&total->local_states, &runner->local_states);
    if (runner->timing)
        random_timed_add(&total->timed, &runner->timed);
    pthread_mutex_unlock(&search->lock);
}

/* The difference of the lowest run counts. */
static void note_difference(struct random_search *search, const struct random_audit *audit)
{
    pthread_mutex_lock(&search->lock);
    if (audit->run <= search->last) {
        search->last = audit->run;
        memcpy(search->difference, audit->difference, sizeof(search->difference));
    }
    pthread_mutex_unlock(&search->lock);
}

static void *run_thread(void *context)
{
    struct random_search *search = context;
    struct random_runner runner = runner_of(search);
    struct random_audit audit;
    const struct random_observer observer = random_audit_observer(&audit);
    const uint64_t end = search->config->first_run + search->run_limit;
    uint64_t run;
    runner.gives_up = gives_up;
    runner.context = search;
    random_runner_begin(&runner);
    random_audit_init(&audit, &search->scope, runner.tables->engine.cut_copies);
    runner.observer = search->config->base.audit ? &observer : NULL;
    while (!search->halted && (run = atomic_fetch_add(&search->next, 1)) < end && run <= search->last) {
        struct random_outcome outcome;
        if (runner.observer)
            random_audit_begin(&audit, run);
        random_runner_run(&runner, run, random_strategy_of(search->config, run), &outcome);
        atomic_fetch_add_explicit(&search->steps, outcome.steps, memory_order_relaxed);
        note_failed_predicate(search, &runner);
        if (audit.difference[0]) {
            note_difference(search, &audit);
            break;
        }
        if (outcome.failed)
            note_failure(search, &outcome, run);
    }
    random_runner_collect(&runner);
    add_sums(search, &runner);
    random_runner_end(&runner);
    random_audit_free(&audit);
    return NULL;
}

void random_search_run(struct random_search *search)
{
    search->began = clock_seconds();
    fly_pilots(search);
    pthread_t *threads = die_calloc(search->thread_count, sizeof(*threads));
    unsigned started = 1;
    while (started < search->thread_count && pthread_create(&threads[started], NULL, run_thread, search) == 0)
        started++;
    search->thread_count = started;
    run_thread(search);
    for (unsigned i = 1; i < started; i++)
        pthread_join(threads[i], NULL);
    free(threads);
    search->seconds = clock_seconds() - search->began;
}

/* ---- Recording ---- */

/* A run that missed its deadline, by its draws: where only the goals are judged it has to be the same. */
static void record_late(struct random_search *search, uint64_t run, struct random_record *record)
{
    const struct trace_clock clock = {.timing = search->config->timing, .recovers = search->recovers};
    struct deadline *deadline = die_alloc(sizeof(*deadline));
    deadline_open(deadline, search->run, &clock, search->scope.monitors_on);
    record->is_shown =
        deadline_draw(deadline, search->parameters.seed, run, search->parameters.steps) == DEADLINE_MISSED;
    record->trace = deadline_take_trace(deadline);
    if (!deadline->runner.timed.clock.was_asked)
        trace_forget_clocks(record->trace, search->plain);
    snprintf(record->explanation, EXPLANATION_SIZE, "%s",
             record->is_shown ? record->trace->explanation
                              : "where nothing but the goals is judged, it is met in time");
    deadline_close(deadline);
    free(deadline);
}

static void append(void *context, const struct random_world *world, const struct event *event,
                   enum random_result result)
{
    (void)world;
    (void)result;
    trace_append(context, event);
}

/* The events of the run; with clocks, if its handlers asked for the time. */
static struct trace *run_again(struct random_search *search, uint64_t run, unsigned property,
                               struct random_outcome *outcome)
{
    struct trace *trace = trace_new(search->run, property, "", search->scope.monitors_on);
    const struct random_observer observer = {append, trace};
    struct random_runner runner = runner_of(search);
    runner.observer = &observer;
    if (search->scope.stage)
        stage_append_to(search->scope.stage, trace, search->scope.stage->prefix->step_count);
    random_runner_begin(&runner);
    random_runner_run(&runner, run, random_strategy_of(search->config, run), outcome);
    if (!search->config->timing.on || !runner.timed.clock.was_asked)
        trace_forget_clocks(trace, search->plain);
    random_runner_end(&runner);
    return trace;
}

void random_search_record(struct random_search *search, uint64_t run, unsigned property, struct random_record *record)
{
    struct random_outcome outcome;
    struct replay replay;
    *record = (struct random_record){.trace = NULL};
    if (property == random_recovers_bit(search->run)) {
        record_late(search, run, record);
        return;
    }
    record->trace = run_again(search, run, property, &outcome);
    pthread_mutex_lock(&search->protocol_lock);
    trace_replay(record->trace, NULL, NULL, &replay);
    pthread_mutex_unlock(&search->protocol_lock);
    record->is_shown = (outcome.failed >> property & 1) && replay.end == REPLAY_VIOLATED;
    record->is_nondeterministic = outcome.is_nondeterministic || replay.is_nondeterministic;
    snprintf(record->explanation, EXPLANATION_SIZE, "%.*s", EXPLANATION_SIZE - 1,
             outcome.explanation[0] ? outcome.explanation : replay.reason);
    trace_explain(record->trace, record->explanation);
}
