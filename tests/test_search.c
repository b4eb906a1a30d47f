/* The search: closed-form counts with keys of one word and of many, limits, interrupts, and that nothing is lost when
 * slots widen, the table grows or lists are forgotten. */
#include "checker/search.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "checker/configurations.h"
#include "checker/counterexample.h"
#include "checker/transitions.h"
#include "core/clock.h"
#include "core/run_setup.h"
#include "tests/checker_sample.h"

/* ---- Closed forms ---- */

static struct gs_run *run_of(const struct gs_model *model, const struct run_config *config)
{
    char error[200] = "";
    struct gs_run *run = run_new(model, config, error, sizeof(error));
    cr_assert(run != NULL, "%s", error);
    return run;
}

static void expect_counters(unsigned count, unsigned top)
{
    char settings[2][40];
    struct gs_result result;
    snprintf(settings[0], sizeof(settings[0]), "counters=%u", count);
    snprintf(settings[1], sizeof(settings[1]), "top=%u", top);
    check(&counters, &(struct gs_config){.settings = LIST(settings[0], settings[1])}, GS_HOLDS, &result);
    expect_space(&result, power(top + 1, count), (uint64_t)count * top * power(top + 1, count - 1),
                 (uint64_t)count * top);
    cr_expect(result.complete);
    cr_expect(eq(u64, taken(&result, "increment"), result.transitions));
    cr_expect(eq(u64, result.local_configurations, (uint64_t)count * (top + 1)));
    gs_result_free(&result);
}

Test(search, finds_as_many_states_as_the_product_of_the_ranges)
{
    expect_counters(1, 0);
    expect_counters(1, 1);
    expect_counters(2, 3);
    expect_counters(3, 9);
    expect_counters(5, 4);
    expect_counters(7, 3);
    expect_counters(16, 1);
}

/* Slots begin without a bit and grow to nine; the table grows from 4,096 places to over a hundred thousand. */
Test(search, loses_nothing_when_slots_widen_and_the_table_grows)
{
    expect_counters(2, 299);
    expect_counters(1, 5000);
    expect_counters(3, 40);
}

/* Levels are left to one thread and shared by three in turn, while slots widen: a thread that slept has to take over
 * the layout that was made meanwhile. The search asks for the limit before each level, so it may be changed. */
static struct search *alternating;
static struct gs_config alternating_config;

static void alternate(void *context, const struct gs_progress *progress)
{
    (void)context;
    alternating_config.threads_from = progress->depth % 3 == 0 ? 1 : UINT64_MAX;
    alternating->reported = -1; /* asks again at the next look */
}

Test(search, loses_nothing_when_levels_are_large_and_small_in_turn)
{
    struct gs_run *run = run_of(&tokens, &(struct run_config){.settings = LIST("holders=31", "numbers=40")});
    alternating = malloc(sizeof(*alternating));
    for (int round = 0; round < 10; round++) {
        alternating_config = (struct gs_config){.threads = 3, .threads_from = 1, .progress = alternate};
        search_init(alternating, run, &alternating_config, NULL, 1, 0, 0, NULL);
        alternating->reported = -1;
        search_run(alternating, clock_seconds());
        cr_expect(alternating->complete);
        cr_expect(eq(u64, alternating->states, 31 * 42));
        cr_expect(eq(u64, alternating->tally.transitions, 31 * 81));
        cr_expect(gt(sz, alternating->layout_count, 20));
        search_free(alternating);
    }
    free(alternating);
    run_free(run);
}

static void expect_tokens(unsigned holders, unsigned numbers, uint64_t key_bits)
{
    char settings[2][40];
    struct gs_result result;
    snprintf(settings[0], sizeof(settings[0]), "holders=%u", holders);
    snprintf(settings[1], sizeof(settings[1]), "numbers=%u", numbers);
    check(&tokens, &(struct gs_config){.settings = LIST(settings[0], settings[1])}, GS_HOLDS, &result);
    expect_space(&result, (uint64_t)holders * (numbers + 2), (uint64_t)holders * (2 * numbers + 1), 3 * holders - 1);
    cr_expect(eq(u64, result.key_bits, key_bits), "%u holders, %u numbers", holders, numbers);
    cr_expect(eq(u64, taken(&result, "token"), holders));
    gs_result_free(&result);
}

/* A slot of a node is met late, so each is a new layout in mid-search, and at last a key has that many bits. */
Test(search, packs_states_of_more_and_more_words)
{
    expect_tokens(3, 2, 9);
    expect_tokens(15, 13, 60);
    expect_tokens(16, 13, 64);
    expect_tokens(31, 13, 124);
    expect_tokens(32, 13, 128);
    expect_tokens(47, 13, 188);
    expect_tokens(48, 13, 192);
    expect_tokens(64, 13, 256);
    expect_tokens(64, 61, 384);
    expect_tokens(64, 62, 448);
}

/* Nodes that pick independently, as far as a depth: sums over how many have picked. */
static void expect_picks(unsigned count, unsigned largest, uint64_t max_depth, uint64_t key_bits)
{
    char settings[2][40];
    struct gs_result result;
    uint64_t states = 0, transitions = 0, ways = 1;
    snprintf(settings[0], sizeof(settings[0]), "counters=%u", count);
    snprintf(settings[1], sizeof(settings[1]), "largest=%u", largest);
    for (unsigned d = 0; d <= max_depth; d++) {
        states += ways * power(largest, d);
        if (d < max_depth)
            transitions += ways * power(largest, d) * (count - d) * largest;
        ways = ways * (count - d) / (d + 1);
    }
    check(&counters,
          &(struct gs_config){
              .settings = LIST(settings[0], settings[1], "top=100000"), .max_depth = max_depth, .ignore_goals = true},
          GS_INCOMPLETE, &result);
    expect_space(&result, states, transitions, max_depth);
    cr_expect(eq(u64, result.key_bits, key_bits), "%u counters up to %u", count, largest);
    gs_result_free(&result);
}

Test(search, counts_states_of_many_independent_wide_slots)
{
    expect_picks(16, 15, 2, 64);
    expect_picks(32, 15, 2, 128);
    expect_picks(48, 15, 2, 192);
    expect_picks(64, 7, 2, 192);
    expect_picks(64, 3, 3, 128);
    expect_picks(64, 1, 3, 64);
    expect_picks(63, 1, 3, 63);
    expect_picks(12, 60, 2, 72);
    expect_picks(2, 300, 1, 18);
}

static bool step_from_many(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct counter *counter = self;
    if (e->type != GS_START)
        return false;
    counter->value = gs_choose(s, (unsigned)gs_option(s, TOP) + 1);
    return true;
}

/* Slots widen while initial states are added. */
static void expect_initial_states(const char *count, const char *top, uint64_t states, uint64_t key_bits)
{
    struct gs_result result;
    struct gs_model *model = copy_model(&counters);
    model->roles[0].starts = true;
    model->roles[0].step = step_from_many;
    check(model, &(struct gs_config){.settings = LIST(count, top)}, GS_HOLDS, &result);
    expect_space(&result, states, 0, 0);
    cr_expect(eq(u64, result.key_bits, key_bits), "%s %s", count, top);
    gs_result_free(&result);
}

Test(search, counts_every_initial_state)
{
    expect_initial_states("counters=1", "top=0", 1, 0);
    expect_initial_states("counters=1", "top=50000", 50001, 16);
    expect_initial_states("counters=2", "top=255", 65536, 16);
    expect_initial_states("counters=17", "top=1", 131072, 17);
}

/* Counts that a search of days would come to: they go on where 32 bits end. */
Test(search, counts_beyond_32_bits)
{
    const uint64_t many = UINT32_MAX - 10;
    struct gs_run *run = run_of(&counters, &(struct run_config){.settings = LIST("counters=3", "top=9")});
    for (unsigned threads = 1; threads <= 2; threads++) {
        const struct gs_config config = {.threads = threads, .threads_from = 1};
        struct search *search = malloc(sizeof(*search));
        search_init(search, run, &config, NULL, 1, 0, 0, NULL);
        search->states = search->tally.transitions = search->tally.events[INCREMENT] = many;
        search_run(search, clock_seconds());
        cr_expect(search->complete);
        cr_expect(eq(u64, search->states, many + 1000));
        cr_expect(eq(u64, search->tally.transitions, many + 2700));
        cr_expect(eq(u64, search->tally.events[INCREMENT], many + 2700));
        search_free(search);
        free(search);
    }
    run_free(run);
}

/* ---- Limits ---- */

static void expect_stopped(const struct gs_config *config, const char *by, struct gs_result *result)
{
    char reason[100];
    check(&counters, config, GS_INCOMPLETE, result);
    expect_text(result->stopped, by);
    cr_expect(not(result->complete));
    snprintf(reason, sizeof(reason), "stopped by %s", by);
    expect_verdict(result, "in-range", GS_VERDICT_BOUNDED);
    expect_reason(result, "in-range", reason);
    expect_verdict(result, "well-behaved", GS_VERDICT_BOUNDED);
}

Test(search, stops_at_exactly_as_many_states_as_allowed)
{
    struct gs_result result;
    for (uint64_t limit = 1; limit < 16; limit++) {
        char by[40];
        snprintf(by, sizeof(by), "--max-states %llu", (unsigned long long)limit);
        expect_stopped(&(struct gs_config){.max_states = limit}, by, &result);
        cr_expect(eq(u64, result.states, limit));
        gs_result_free(&result);
    }
    expect_stopped(&(struct gs_config){.settings = LIST("counters=3", "top=99"), .max_states = 123457},
                   "--max-states 123457", &result);
    cr_expect(eq(u64, result.states, 123457));
    gs_result_free(&result);
}

Test(search, is_complete_when_the_limit_is_what_there_is)
{
    struct gs_result result;
    check(&counters, &(struct gs_config){.max_states = 16, .max_depth = 7}, GS_HOLDS, &result);
    expect_space(&result, 16, 24, 6);
    gs_result_free(&result);
}

Test(search, stops_at_the_depth_allowed)
{
    struct gs_result result;
    for (uint64_t depth = 0; depth <= 3; depth++) {
        char by[40];
        snprintf(by, sizeof(by), "--max-depth %llu", (unsigned long long)depth);
        expect_stopped(&(struct gs_config){.max_depth = depth, .max_depth_set = true}, by, &result);
        expect_space(&result, (depth + 1) * (depth + 2) / 2, depth * (depth + 1), depth);
        gs_result_free(&result);
    }
}

static void sleep_a_little(void)
{
    usleep(2000);
}

static bool slow_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    sleep_a_little();
    return counters.roles[0].step(s, self, e);
}

/* A search of a second or so: one new state at a time. */
static struct gs_model *slow_counters(void)
{
    struct gs_model *model = copy_model(&counters);
    model->roles[0].step = slow_step;
    return model;
}

Test(search, stops_after_the_time_allowed)
{
    struct gs_result result;
    check(slow_counters(), &(struct gs_config){.settings = LIST("counters=1", "top=300"), .max_seconds = 0.05},
          GS_INCOMPLETE, &result);
    expect_text(result.stopped, "--max-seconds 0.05");
    expect_verdict(&result, "in-range", GS_VERDICT_BOUNDED);
    expect_verdict(&result, "topped", GS_VERDICT_BOUNDED);
    cr_expect(ge(dbl, result.seconds, 0.05));
    cr_expect(lt(dbl, result.seconds, 1.0));
    cr_expect(gt(u64, result.states, 1));
    gs_result_free(&result);
}

Test(search, stops_at_the_memory_allowed)
{
    static const char *const settings[] = {"counters=3", "top=60", NULL};
    struct gs_result result;
    for (uint64_t limit = 1; limit <= 4000000; limit *= 5) {
        char by[60];
        snprintf(by, sizeof(by), "--max-memory %llu", (unsigned long long)limit);
        expect_stopped(&(struct gs_config){.settings = settings, .max_memory_bytes = limit}, by, &result);
        cr_expect(lt(u64, result.states, power(61, 3)));
        cr_expect(limit < 1000000 || result.memory_bytes <= limit, "%llu bytes",
                  (unsigned long long)result.memory_bytes);
        gs_result_free(&result);
    }
    check(&counters, &(struct gs_config){.settings = settings, .max_memory_bytes = 1 << 27}, GS_HOLDS, &result);
    expect_space(&result, power(61, 3), 3 * 60 * power(61, 2), 180);
    cr_expect(le(u64, result.memory_bytes, 1 << 27));
    gs_result_free(&result);
}

/* A table of several words per key that may not grow while initial states are added. */
Test(search, stops_at_the_memory_allowed_with_wide_keys)
{
    struct gs_result result;
    for (uint64_t limit = 1; limit < 12000000; limit = limit * 3 / 2 + 1) {
        check(&counters,
              &(struct gs_config){.settings = LIST("counters=64", "largest=7", "top=7"), .max_memory_bytes = limit},
              GS_INCOMPLETE, &result);
        expect_verdict(&result, "in-range", GS_VERDICT_BOUNDED);
        gs_result_free(&result);
    }
}

Test(search, still_reports_a_violation_found_before_a_limit)
{
    struct gs_result result;
    check(&counters,
          &(struct gs_config){
              .settings = LIST("counters=3"), .mutants = LIST("one-too-far"), .max_states = 80, .keep_going = true},
          GS_VIOLATION, &result);
    cr_expect(eq(u64, result.states, 80));
    expect_text(result.stopped, "--max-states 80");
    expect_verdict(&result, "in-range", GS_VERDICT_VIOLATED);
    expect_verdict(&result, "well-behaved", GS_VERDICT_BOUNDED);
    cr_expect(eq(u64, gs_trace_steps(result_of(&result, "in-range")->trace), 4));
    gs_result_free(&result);
}

/* ---- Interrupts and progress ---- */

static void interrupt(void *context, const struct gs_progress *progress)
{
    *(struct gs_progress *)context = *progress;
    search_interrupt();
}

static void expect_interrupted(const struct gs_config *config, const struct gs_progress *seen)
{
    struct gs_result result;
    check(slow_counters(), config, GS_INCOMPLETE, &result);
    expect_text(result.stopped, "interrupted");
    expect_verdict(&result, "in-range", GS_VERDICT_BOUNDED);
    cr_expect(lt(u64, result.states, 301));
    cr_expect(eq(u64, seen->transitions + 1, seen->states), "a chain");
    cr_expect(ge(dbl, seen->seconds, 0.1));
    cr_expect(le(u64, seen->states, result.states));
    gs_result_free(&result);
}

Test(search, ends_cleanly_when_it_is_interrupted)
{
    struct gs_progress seen = {0};
    expect_interrupted(&(struct gs_config){.settings = LIST("counters=1", "top=300"),
                                           .progress = interrupt,
                                           .progress_context = &seen},
                       &seen);
}

static void raise_signal(void *context, const struct gs_progress *progress)
{
    *(struct gs_progress *)context = *progress;
    raise(SIGTERM);
    raise(SIGINT);
    raise(SIGINT); /* as `timeout` does: to the process, and to its group */
}

static volatile sig_atomic_t own_signals;

static void count_own_signal(int number)
{
    (void)number;
    own_signals++;
}

Test(search, catches_signals_when_asked_and_gives_the_handlers_back)
{
    struct gs_progress seen = {0};
    signal(SIGINT, count_own_signal);
    signal(SIGTERM, count_own_signal);
    expect_interrupted(&(struct gs_config){.settings = LIST("counters=1", "top=300"),
                                           .catch_signals = true,
                                           .progress = raise_signal,
                                           .progress_context = &seen},
                       &seen);
    cr_expect(eq(int, own_signals, 0));
    raise(SIGINT);
    raise(SIGTERM);
    cr_expect(eq(int, own_signals, 2));
}

static void raise_signals_a_while_apart(void *context, const struct gs_progress *progress)
{
    (void)context;
    (void)progress;
    raise(SIGINT);
    struct timespec left = {.tv_nsec = 600 * 1000 * 1000};
    while (nanosleep(&left, &left) != 0) /* the guard's own ticks wake it */
        ;
    raise(SIGINT);
}

Test(search, ends_at_once_when_it_is_interrupted_again, .signal = SIGINT)
{
    struct gs_result result;
    gs_check(slow_counters(),
             &(struct gs_config){.settings = LIST("counters=1", "top=300"),
                                 .catch_signals = true,
                                 .progress = raise_signals_a_while_apart},
             &result);
}

Test(search, forgets_an_interrupt_of_an_earlier_search)
{
    struct gs_result result;
    search_interrupt();
    check(&counters, &(struct gs_config){0}, GS_HOLDS, &result);
    expect_space(&result, 16, 24, 6);
    gs_result_free(&result);
}

/* ---- Transition lists forgotten and assembled again ---- */

/* Half a gigabyte of lists, which a search forgets by itself between levels, is beyond a test: here a search keeps so
 * few that most are assembled each time and those that are kept are forgotten after each level. */
enum { FEW_LIST_BYTES = 2000 };

static char *trace_text(struct search *search, unsigned property)
{
    struct gs_result result = {0};
    struct trace *trace = counterexample(search, property, &result);
    cr_assert(trace != NULL, "%s", result.error);
    char *text = text_of(trace);
    trace_free(trace);
    return text;
}

static char *search_with(struct gs_run *run, bool forget)
{
    struct search *search = malloc(sizeof(*search));
    const struct gs_config config = {.keep_going = true};
    search_init(search, run, &config, NULL, 7, 0, 0, NULL);
    if (forget)
        search->engine.list_limit = FEW_LIST_BYTES;
    search_run(search, clock_seconds());
    cr_expect(eq(int, search->engine.list_memory > 2 * FEW_LIST_BYTES, !forget));
    cr_expect(search->complete);
    cr_expect(eq(u64, search->states, 3328));
    cr_expect(eq(u64, search->tally.transitions, 11251));
    char *text = trace_text(search, 0);
    search_free(search);
    free(search);
    return text;
}

Test(search, loses_nothing_when_transition_lists_are_forgotten)
{
    extern const struct gs_model two_phase_commit;
    struct gs_run *run = run_of(&two_phase_commit, &(struct run_config){.settings = LIST("resource-managers=4"),
                                                                        .mutants = LIST("commit-on-one-vote")});
    char *kept = search_with(run, false), *forgotten = search_with(run, true);
    expect_text(forgotten, kept);
    free(kept);
    free(forgotten);
    run_free(run);
}

Test(search, assembles_the_same_lists_again)
{
    struct engine *engine = malloc(sizeof(*engine));
    struct gs_run *run = run_of(&tokens, &(struct run_config){.settings = LIST("numbers=9")});
    engine_init(engine, run, 0, NULL);
    const struct transition_list *first = transitions_assemble(engine, 0, 0);
    const uint32_t count = first->count;
    struct transition *list = malloc(count * sizeof(*list));
    memcpy(list, first->items, count * sizeof(*list));
    cr_expect(eq(uint, count, 9));
    const uint64_t calls = engine->handler_calls;
    transitions_forget(engine);
    cr_expect(engine_configuration(engine, 0, 0)->transitions == NULL);
    const struct transition_list *again = transitions_of(engine, 0, 0);
    cr_expect(eq(uint, again->count, count));
    for (uint32_t i = 0; i < again->count; i++)
        cr_expect(again->items[i].configuration == list[i].configuration && again->items[i].origin == list[i].origin &&
                      again->items[i].branch == list[i].branch,
                  "transition %u", i);
    cr_expect(eq(u64, engine->handler_calls, calls), "no handler runs again");
    free(list);
    engine_free(engine);
    free(engine);
    run_free(run);
}
