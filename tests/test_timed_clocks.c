/* Clocks of nodes in timed runs: what they show, that handlers may ask, and that what was found by asking replays. The
 * protocol is tests/data/plugins/lease.c, whose claim holds if clocks agree. */
#include "checker/timed_clocks.h"

#include "checker/plan.h"
#include "checker/random_run.h"
#include "core/run_setup.h"
#include "protocols/raft.h"
#include "tests/run_program.h"

/* The same protocol in this program, where nothing is to be exported. */
#undef GS_EXPORT_MODEL
#define GS_EXPORT_MODEL(model) extern const int gainsay_plugin_is_not_exported
#include "tests/data/plugins/lease.c"

#define LEASE "tests/data/plugins/lease.c"
#define MS(n) INT64_C(n##000000)

/* ---- What a clock shows ---- */

/* A timer fires as soon as its node's clock shows so much more, not a nanosecond before or after. */
Test(timed_clocks, a_timer_is_due_when_its_node_s_clock_says_so)
{
    static struct random_timed timed;
    struct random_stream stream = random_stream_of(7, 7);
    for (int i = 0; i < 20000; i++) {
        const int64_t duration = 1 + (int64_t)random_of(&stream, i % 2 ? 1000 : MS(100000));
        timed.now = (int64_t)random_of(&stream, i % 3 ? MS(1000) : TIMED_LONGEST);
        timed.drift_ppm[0] = (int64_t)random_of(&stream, 1000001) - 500000;
        timed.skew[0] = (int64_t)random_of(&stream, MS(1000));
        const int64_t shown = timed_clock_shows(&timed, 0), delay = timed_clock_delay(&timed, 0, duration);
        cr_assert(ge(i64, delay, 1));
        timed.now += delay;
        cr_assert(ge(i64, timed_clock_shows(&timed, 0), shown + duration), "drift %lld", (long long)timed.drift_ppm[0]);
        timed.now--;
        cr_assert(lt(i64, timed_clock_shows(&timed, 0), shown + duration), "drift %lld", (long long)timed.drift_ppm[0]);
    }
}

Test(timed_clocks, without_drift_and_skew_a_clock_shows_the_run_s_time)
{
    static struct random_timed timed;
    timed.now = 12345;
    cr_expect(eq(i64, timed_clock_shows(&timed, 3), 12345));
    cr_expect(eq(i64, timed_clock_delay(&timed, 3, 77), 77));
}

/* ---- Runs ---- */

/* All that a run did, as text. */
struct recording {
    const struct gs_run *run;
    FILE *out;
    size_t clocks;
    int64_t last[GS_NODES_MAX];
};

static void record(void *context, const struct random_world *world, const struct event *event,
                   enum random_result result)
{
    struct recording *recording = context;
    (void)world, (void)result;
    event_print(recording->run, event, recording->out);
    fprintf(recording->out, " %lld %lld\n", (long long)event->at, (long long)event->clock);
    if (!event->has_clock)
        return;
    cr_assert(ge(i64, event->clock, recording->last[node_number(event->node)]), "a clock goes back");
    recording->last[node_number(event->node)] = event->clock;
    recording->clocks++;
}

/* Ten runs of the lease; memory_limit: 0 forgets all that can be forgotten, again and again. */
static char *run_lease(size_t memory_limit, bool *forgets)
{
    struct gs_result result = {.status = GS_HOLDS};
    struct plan plan = {.on = 0};
    struct gs_timing timing = gs_profiles[0].timing;
    pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
    const struct gs_config config = {.settings = (const char *const[]){"leases=50", NULL}};
    cr_assert(plan_make(&lease, &config, &plan, &result), "%s", result.error);
    timing.skew = MS(20);
    timing.drift_ppm = 2000;
    struct gs_run timed_run = *result.run;
    timed_run.timed = true;
    struct random_runner runner = {.scope = {.run = &timed_run,
                                             .on = plan.on,
                                             .monitors_on = plan.monitors_on,
                                             .lock = &lock,
                                             .notes_timers = true},
                                   .parameters = {.seed = 1, .steps = 400},
                                   .timing = &timing,
                                   .memory_limit = memory_limit,
                                   .look_every = 8};
    struct recording recording = {.run = &timed_run};
    const struct random_observer observer = {record, &recording};
    char *text;
    size_t size;
    recording.out = open_memstream(&text, &size);
    runner.observer = &observer;
    random_runner_begin(&runner);
    for (uint64_t run = 0; run < 10; run++) {
        struct random_outcome outcome;
        memset(recording.last, 0, sizeof(recording.last));
        random_runner_run(&runner, run, GS_STRATEGY_UNIFORM, &outcome);
    }
    *forgets = runner.forgotten > 0;
    fclose(recording.out);
    cr_expect(gt(sz, recording.clocks, 1000));
    random_runner_end(&runner);
    plan_free(&plan);
    gs_result_free(&result);
    return text;
}

Test(timed_clocks, forgetting_changes_nothing_where_handlers_ask_for_the_time)
{
    bool forgets;
    char *kept = run_lease(SIZE_MAX, &forgets);
    cr_expect(not(forgets));
    char *forgotten = run_lease(0, &forgets);
    cr_expect(forgets);
    cr_expect(eq(str, kept, forgotten));
    free(kept);
    free(forgotten);
}

/* ---- The command ---- */

#define SKEWED "fuzz", LEASE, "--skew", "20ms", "--until", "3s"

Test(timed_clocks, a_skewed_clock_breaks_a_lease_and_the_trace_says_what_it_showed)
{
    char *place = make_test_directory(), *path = text_of("%s/bug.trace", place), *whole = text_of("%s/long", place);
    struct ran ran = GAINSAY(SKEWED, "--runs", "10000", "--trace", path, "--long-trace", whole);
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out, "no-stale-write       violated in run ");
    EXPECT_IN(ran.out, " to 8 steps: 1-minimal (no single event can go)\n");
    EXPECT_IN(ran.out, " s  worker1: write\n       its clock shows 0.");
    forget(&ran);
    ran = GAINSAY("replay", path, whole);
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    char *text = read_file(path);
    EXPECT_IN(text, "\"budgets\":{},\"timed\":true,");
    EXPECT_IN(text, "\n{\"step\":1,\"at\":");
    EXPECT_IN(text, ",\"clock\":");
    free(text);
    ran = GAINSAY("shrink", whole, "--output", path);
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "1-minimal (no single event can go)");
    forget(&ran);
    ran = GAINSAY("replay", path);
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    free(path);
    free(whole);
    remove_test_directory(place);
}

Test(timed_clocks, clocks_that_agree_break_no_lease)
{
    struct ran ran = GAINSAY("fuzz", LEASE, "--timed", "--until", "2s", "--runs", "60", "--audit");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "lease-changes-hands  sampled: met in 60 of 60 runs\n");
    forget(&ran);
    ran = GAINSAY("fuzz", LEASE, "--timed", "--until", "2s", "--mutant", "write-at-any-time", "--runs", "60");
    EXPECT_STATUS(ran, 1);
    forget(&ran);
}

Test(timed_clocks, what_is_found_is_the_same_on_any_number_of_threads)
{
    char *place = make_test_directory(), *one = text_of("%s/1", place), *eight = text_of("%s/8", place);
    struct ran ran = GAINSAY(SKEWED, "--threads", "1", "--trace", one);
    EXPECT_STATUS(ran, 1);
    forget(&ran);
    ran = GAINSAY(SKEWED, "--threads", "8", "--trace", eight);
    EXPECT_STATUS(ran, 1);
    forget(&ran);
    char *text = read_file(one), *other = read_file(eight);
    cr_expect(eq(str, text, other));
    free(text);
    free(other);
    free(one);
    free(eight);
    remove_test_directory(place);
}

/* A run whose handlers never asked is one of the protocol without a clock. */
Test(timed_clocks, a_trace_has_a_clock_only_if_somebody_asked)
{
    char *place = make_test_directory(), *path = text_of("%s/bug.trace", place);
    struct ran ran = GAINSAY("fuzz", "raft", "--preset", "reboot", "--mutant", "vote-not-durable", "--profile", "wan",
                             "--shrink-seconds", "0", "--trace", path);
    EXPECT_STATUS(ran, 1);
    forget(&ran);
    char *text = read_file(path);
    EXPECT_IN(text, "\n{\"step\":1,\"at\":");
    EXPECT_NOT_IN(text, "\"clock\"");
    EXPECT_NOT_IN(text, "\"timed\"");
    free(text);
    ran = GAINSAY("replay", path);
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    ran = GAINSAY("show", path, "--format", "mermaid");
    EXPECT_IN(ran.out, ": 1 0.");
    forget(&ran);
    ran = GAINSAY("check", "raft", "--from", path);
    cr_expect(ran.status != 2, "%s", ran.err);
    forget(&ran);
    free(path);
    remove_test_directory(place);
}

/* ---- What is refused ---- */

static void expect_edit_says(const char *place, const char *edit, const char *command, const char *said)
{
    char *shell = text_of("cd %s && sed '%s; s/,\"digest\":\"[0-9a-f]*\"//' bug.trace > edited.trace", place, edit);
    char *path = text_of("%s/edited.trace", place);
    cr_assert(eq(int, system(shell), 0));
    struct ran ran = GAINSAY(command, path);
    cr_expect(ran.status != 0, "%s", edit);
    cr_expect(strstr(ran.err, said) || strstr(ran.out, said), "%s: %s%s", edit, ran.err, ran.out);
    forget(&ran);
    free(shell);
    free(path);
}

Test(timed_clocks, what_a_trace_says_of_clocks_has_to_fit)
{
    char *place = make_test_directory(), *path = text_of("%s/bug.trace", place);
    struct ran ran = GAINSAY(SKEWED, "--trace", path);
    forget(&ran);
    expect_edit_says(place, "1s/\"timed\":true,//", "replay",
                     "edited.trace:2: clock: the first line does not say that");
    expect_edit_says(place, "1s/\"timed\":true/\"timed\":1/", "replay", "1: timed: expected true or false");
    expect_edit_says(place, "9s/\"clock\":[0-9]*/\"clock\":5/", "replay", "9: clock: 5 is not from ");
    expect_edit_says(place, "9s/\"clock\":[0-9]*/\"clock\":null/", "replay", "9: clock: expected an integer");
    expect_edit_says(place, "9s/\"at\":[0-9]*/\"at\":5/", "show", "9: at: 5 is not from ");
    expect_edit_says(place, "9s/\"at\":[0-9]*,//", "show", "9: at: is missing: the steps before have it");
    expect_edit_says(place, "s/\"clock\":[0-9]*,//", "replay", "gs_now: this event does not say what the clock showed");
    ran = GAINSAY("check", LEASE, "--from", path);
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.err, "its handlers ask for the time, and a search from there has no clock");
    forget(&ran);
    ran = GAINSAY("show", "--format", "c", path);
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.err, "its handlers ask for the time, which a C test cannot give them");
    forget(&ran);
    free(path);
    remove_test_directory(place);
}

Test(timed_clocks, another_version_of_the_protocol_is_told_the_same_times)
{
    char *place = make_test_directory(), *path = text_of("%s/bug.trace", place);
    struct ran ran = GAINSAY(SKEWED, "--trace", path);
    forget(&ran);
    char *shell = text_of("sed -i '1s/\"model\":\"[0-9a-f]*\"/\"model\":\"0123456789abcdef\"/; "
                          "s/,\"digest\":\"[0-9a-f]*\"//' %s",
                          path);
    cr_assert(eq(int, system(shell), 0));
    ran = GAINSAY("replay", path);
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "reproduces: no-stale-write is violated in 8 steps");
    forget(&ran);
    free(shell);
    free(path);
    remove_test_directory(place);
}

/* ---- Times that cannot be ---- */

static bool are_sound(struct gs_duration (*takes)(const struct gs_run *run, unsigned index), char *error, size_t size)
{
    struct gs_model model = raft;
    char why[512];
    for (unsigned i = 0; model.events[i].name; i++)
        if (model.events[i].kind == GS_TIMER)
            model.events[i].takes = takes;
    struct gs_run *run = run_new(&model, &(struct run_config){0}, why, sizeof(why));
    cr_assert(run != NULL, "%s", why);
    const bool sound = timed_timers_are_sound(run, error, size);
    run_free(run);
    return sound;
}

static struct gs_duration negative(const struct gs_run *run, unsigned index)
{
    (void)run, (void)index;
    return (struct gs_duration){-1, 5};
}

static struct gs_duration endless(const struct gs_run *run, unsigned index)
{
    (void)run, (void)index;
    return (struct gs_duration){1, INT64_MAX};
}

static struct gs_duration whole_range(const struct gs_run *run, unsigned index)
{
    (void)run, (void)index;
    return (struct gs_duration){0, TIMED_LONGEST};
}

Test(timed_clocks, timers_that_take_what_cannot_be_are_bad_input)
{
    char error[EXPLANATION_SIZE];
    cr_expect(are_sound(NULL, error, sizeof(error)));
    cr_expect(are_sound(whole_range, error, sizeof(error)));
    cr_expect(not(are_sound(negative, error, sizeof(error))));
    cr_expect(eq(str, error, "timer election-timeout: it takes -1 to 5 ns: from 0 to 1000 hours, the least first"));
    cr_expect(not(are_sound(endless, error, sizeof(error))));
}

/* Nothing that comes due is a step, and there is no end of it: --max-seconds is heard all the same. */
Test(timed_clocks, a_run_of_which_nothing_comes_is_given_up_in_time, .timeout = 60)
{
    struct ran ran = GAINSAY("fuzz", LEASE, "--local-after", "1ns", "--until", "3600000s", "--max-seconds", "0.3");
    EXPECT_STATUS(ran, 3);
    EXPECT_IN(ran.out, "stopped before all runs: --max-seconds 0.3\n");
    forget(&ran);
    ran = GAINSAY("fuzz", LEASE, "--local-after", "1ms", "--pause-every", "1ns", "--one-way-every", "1ns",
                  "--max-seconds", "0.3");
    EXPECT_STATUS(ran, 3);
    forget(&ran);
}
