/* Memory of random runs: it is bounded by what may be remembered, however many events are taken. */
#include <sys/resource.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "checker/plan.h"
#include "checker/random_run.h"
#include "protocols/raft.h"
#include "tests/scale.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { IS_SANITIZED = true }; /* whose memory is not the search's */
#else
enum { IS_SANITIZED = false };
#endif

enum { MIB = 1 << 20, REMEMBERED = 3 * MIB, GROWTH_MOST = MIB, LOOK_EVERY = 64 };
#define EVENTS ((uint64_t)(IS_SLOW ? 4000 : 20000))

static long peak_bytes(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss * 1024;
}

/* Takes runs, from one number on, until there were so many events. Returns the next number. */
static uint64_t run_until(struct random_runner *runner, uint64_t run, uint64_t events)
{
    for (; runner->steps < events; run++) {
        struct random_outcome outcome;
        random_runner_run(runner, run, (enum gs_strategy)(GS_STRATEGY_UNIFORM + run % 3), &outcome);
        cr_assert(le(sz, random_tables_memory(runner->tables), 2 * REMEMBERED));
    }
    return run;
}

static void expect_flat(const struct gs_timing *timing)
{
    const struct gs_config config = {.settings = (const char *const[]){"servers=5", "terms=4", NULL}};
    struct gs_result result = {.status = GS_HOLDS};
    struct plan plan = {.on = 0};
    pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
    cr_assert(plan_make(&raft, &config, &plan, &result), "%s", result.error);
    struct random_runner runner = {.scope = {.run = result.run,
                                             .on = plan.on,
                                             .monitors_on = plan.monitors_on,
                                             .lock = &lock,
                                             .notes_timers = timing},
                                   .parameters = {.seed = 1, .horizon = 80, .steps = 1000, .pct_depth = 3},
                                   .timing = timing,
                                   .memory_limit = REMEMBERED,
                                   .look_every = LOOK_EVERY};
    random_runner_begin(&runner);
    const uint64_t run = run_until(&runner, 0, EVENTS);
    const uint64_t forgotten = runner.forgotten;
    const long peak = peak_bytes();
    run_until(&runner, run, 10 * EVENTS);
    cr_expect(gt(u64, runner.forgotten, forgotten), "the limit is never met");
    if (!IS_SANITIZED)
        cr_expect(le(long, peak_bytes() - peak, GROWTH_MOST));
    random_runner_end(&runner);
    plan_free(&plan);
    gs_result_free(&result);
}

Test(random_memory, does_not_grow_with_the_number_of_events)
{
    expect_flat(NULL);
}

Test(random_memory, does_not_grow_with_the_number_of_events_by_the_clock)
{
    const struct gs_timing timing = {.on = true,
                                     .latency = {GS_EXPONENTIAL, 20000000, 0},
                                     .local = {GS_CONSTANT, 20000000, 0},
                                     .until = INT64_C(2000000000)};
    expect_flat(&timing);
}
