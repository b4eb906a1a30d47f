/* Staged searches: what follows the first events of a trace, compared with the reference search from there, with core's
 * world, and with what is known of shipped protocols. */
#include "checker/stage.h"

#include <stdlib.h>

#include "checker/fuzz.h"
#include "core/guard.h"
#include "core/run_setup.h"
#include "protocols/raft.h"
#include "protocols/two_phase_commit.h"
#include "tests/checker_sample.h"
#include "tests/random_walk.h"
#include "tests/reference/compare.h"
#include "tests/scale.h"

/* ---- Random protocols ---- */

enum { SEEDS = IS_SLOW ? 20 : 60 };
enum { SAMPLES = 4, STATES = 4000 };

struct coverage {
    uint64_t stages, deep, violated, proved, met_before, spent;
};

/* Events of a run of the protocol; NULL: there is none. Owned by result. */
static const struct trace *sample_of(const struct random_protocol *protocol, size_t which, struct gs_result *result)
{
    struct gs_config config = protocol->config;
    config.samples = SAMPLES;
    config.keep_going = true;
    gs_check(protocol->model, &config, result);
    return result->sample_count ? result->samples[which % result->sample_count] : NULL;
}

static void cover(struct coverage *coverage, const struct reference_result *result, const struct gs_config *config)
{
    coverage->stages++;
    coverage->deep += config->from_at > 2;
    for (size_t i = 0; i < config->from_at; i++)
        coverage->spent += action_fault(config->from->steps[i].action) < GS_FAULTS;
    for (unsigned p = 0; p < result->property_count; p++) {
        const struct reference_property *property = &result->properties[p];
        coverage->violated += property->verdict == GS_VERDICT_VIOLATED;
        coverage->proved += property->verdict == GS_VERDICT_PROVED_FROM;
        coverage->met_before += property->verdict == GS_VERDICT_PROVED && property->steps < config->from_at;
    }
}

static void compare_from(const struct random_protocol *protocol, struct coverage *coverage)
{
    static struct reference_result result;
    char difference[COMPARE_TEXT];
    reference_search(protocol->model, &protocol->config, STATES, &result);
    if (result.gave_up)
        return;
    if (!compare_protocol(protocol, &result, difference) ||
        !compare_threads(protocol->model, &protocol->config, difference)) {
        random_protocol_print(protocol, stderr);
        cr_expect(false, "random protocol %llu from event %llu: %s", (unsigned long long)protocol->seed,
                  (unsigned long long)protocol->config.from_at, difference);
    }
    cover(coverage, &result, &protocol->config);
}

/* At several places of one run each. */
static void search_seed(uint64_t seed, struct coverage *coverage)
{
    static struct reference_result whole;
    struct gs_result sampled;
    struct random_protocol protocol = compare_fit(seed, &whole);
    const struct trace *from = sample_of(&protocol, seed, &sampled);
    protocol.config.from = from;
    protocol.config.from_at_set = true;
    for (uint64_t at = 0; from && at <= from->step_count; at += 1 + from->step_count / 3) {
        protocol.config.from_at = at;
        compare_from(&protocol, coverage);
    }
    gs_result_free(&sampled);
    random_protocol_free(&protocol);
}

Test(stage, is_where_the_reference_search_finds_the_same)
{
    struct coverage coverage = {0};
    guard_catch();
    for (uint64_t seed = 0; seed < SEEDS; seed++)
        search_seed(seed, &coverage);
    guard_release();
    cr_expect(ge(u64, coverage.stages, 2 * SEEDS));
    cr_expect(ge(u64, coverage.deep, SEEDS));
    cr_expect(ge(u64, coverage.violated, SEEDS / 8));
    cr_expect(ge(u64, coverage.proved, SEEDS / 3));
    cr_expect(ge(u64, coverage.met_before, SEEDS / 6));
    cr_expect(ge(u64, coverage.spent, SEEDS / 3));
}

/* The audit compares each state of each run with core's world, which begins at the stage too. */
Test(stage, is_where_random_runs_do_what_the_world_does)
{
    uint64_t failures = 0;
    guard_catch();
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        static struct reference_result whole;
        struct gs_result sampled;
        struct gs_fuzz_result fuzz;
        struct random_protocol protocol = compare_fit(seed, &whole);
        const struct trace *from = sample_of(&protocol, seed, &sampled);
        struct gs_fuzz_config config = {.base = protocol.config, .runs = 100, .steps = 100};
        config.base.from = from;
        config.base.from_at = from ? from->step_count / 2 : 0;
        config.base.from_at_set = true;
        config.base.audit = true;
        config.base.threads = 1 + seed % 2;
        if (from && gs_fuzz(protocol.model, &config, &fuzz) != GS_HOLDS) {
            cr_expect(eq(int, (int)fuzz.result.status, GS_VIOLATION), "seed %d: %s", (int)seed, fuzz.result.error);
            cr_expect(fuzz.failures[0].found != NULL, "seed %d: %s", (int)seed, fuzz.failures[0].explanation);
            cr_expect(ge(sz, fuzz.failures[0].found->step_count, fuzz.result.from_steps));
            failures++;
        }
        if (from)
            gs_fuzz_result_free(&fuzz);
        gs_result_free(&sampled);
        random_protocol_free(&protocol);
    }
    guard_release();
    cr_expect(ge(u64, failures, SEEDS / 12));
}

/* ---- Shipped protocols ---- */

/* The shortest trace to a violation or a goal; owned by result. */
static const struct trace *trace_to(const struct gs_model *model, const struct gs_config *config, const char *property,
                                    struct gs_result *result)
{
    struct gs_config with = *config;
    with.witnesses = true;
    gs_check(model, &with, result);
    const struct trace *trace = result_of(result, property)->trace;
    cr_assert(trace != NULL, "%s", property);
    return trace;
}

static void expect_to_begin_as(const struct trace *trace, const struct trace *with, size_t steps)
{
    cr_assert(ge(sz, trace->step_count, steps));
    for (size_t i = 0; i < with->start_count; i++)
        cr_expect(eq(int, event_compare(trace->run, &trace->starts[i], &with->starts[i]), 0));
    for (size_t i = 0; i < steps; i++)
        cr_expect(eq(int, event_compare(trace->run, &trace->steps[i], &with->steps[i]), 0), "step %zu", i + 1);
}

static const struct gs_config one_vote = {.preset = "small", .mutants = LIST("commit-on-one-vote")};

/* From each place of the shortest trace on, what is left of it is the shortest; its last event is left out unless it is
 * asked for. */
Test(stage, is_in_a_whole_trace_whose_end_is_a_shortest_one)
{
    struct gs_result found;
    const struct trace *from = trace_to(&two_phase_commit, &one_vote, "consistent", &found);
    cr_assert(eq(sz, from->step_count, 5));
    for (uint64_t at = 0; at <= 6; at++) {
        struct gs_result result;
        check(&two_phase_commit, &(struct gs_config){.from = from, .from_at = at, .from_at_set = at <= 5}, GS_VIOLATION,
              &result);
        const struct gs_property_result *consistent = result_of(&result, "consistent");
        cr_expect(eq(u64, result.from_at, at <= 5 ? at : 4));
        cr_expect(eq(u64, consistent->steps, 5));
        cr_expect(eq(sz, consistent->trace->step_count, 5));
        expect_to_begin_as(consistent->trace, from, result.from_at);
        struct replay replay;
        trace_replay(consistent->trace, NULL, NULL, &replay);
        cr_expect(eq(int, (int)replay.end, REPLAY_VIOLATED));
        gs_result_free(&result);
    }
    gs_result_free(&found);
}

/* Without the mutant nothing is violated; but that is said of what follows, not of the protocol. Goals that the events
 * before met stay met, others need not be met. */
Test(stage, proves_nothing_of_what_does_not_follow)
{
    struct gs_result found, result;
    const struct gs_config small = {.preset = "small"};
    const struct trace *from = trace_to(&two_phase_commit, &small, "aborted", &found);
    check(&two_phase_commit, &(struct gs_config){.from = from, .witnesses = true, .from_name = "a.trace"}, GS_HOLDS,
          &result);
    cr_expect(result.complete && result.states < found.states);
    expect_verdict(&result, "consistent", GS_VERDICT_PROVED_FROM);
    expect_verdict(&result, "well-behaved", GS_VERDICT_PROVED_FROM);
    expect_verdict(&result, "aborted", GS_VERDICT_PROVED);
    expect_verdict(&result, "committed", GS_VERDICT_NOT_CHECKED);
    cr_expect(eq(u64, result_of(&result, "aborted")->steps, from->step_count));
    cr_expect(eq(sz, result_of(&result, "aborted")->trace->step_count, from->step_count));
    cr_expect(
        eq(str, (char *)(uintptr_t)result_of(&result, "committed")->reason, "not met from event 1 of a.trace on"));
    cr_expect(eq(str, (char *)(uintptr_t)result_of(&result, "consistent")->reason, "from event 1 of a.trace on"));
    gs_result_free(&result);
    gs_result_free(&found);
}

/* What monitors and nodes remember is there: a second leader of the term is one, though the first was elected before;
 * and so is what was spent. */
Test(stage, keeps_what_monitors_saw_and_what_was_spent)
{
    struct gs_result found, result;
    const struct gs_config reboot = {
        .preset = "reboot", .mutants = LIST("vote-not-durable"), .properties = LIST("at-most-one-leader")};
    const struct trace *from = trace_to(&raft, &reboot, "at-most-one-leader", &found);
    struct gs_config config = {.from = from, .properties = LIST("at-most-one-leader")};
    check(&raft, &config, GS_VIOLATION, &result);
    cr_expect(eq(u64, result_of(&result, "at-most-one-leader")->steps, from->step_count));
    gs_result_free(&result);
    config.budgets.reboots = GS_NONE;
    config.from_name = "bug.trace";
    expect_refused(&raft, &config,
                   "--reboots 0: the first 6 events of bug.trace spend 1 already: give as many or more, or a smaller "
                   "--at");
    config.from_at_set = true; /* from the start on none is spent, but the violation needs one */
    gs_check(&raft, &config, &result);
    cr_expect(ne(int, (int)result_of(&result, "at-most-one-leader")->verdict, GS_VERDICT_VIOLATED));
    gs_result_free(&result);
    gs_result_free(&found);
}

Test(stage, is_of_the_configuration_of_the_trace)
{
    struct gs_result found;
    const struct trace *from = trace_to(&raft, &(struct gs_config){.preset = "one-term"}, "leader-elected", &found);
    const char *const name = "a.trace";
#define REFUSED(message, ...) \
    expect_refused(&raft, &(struct gs_config){.from = from, .from_name = name, __VA_ARGS__}, message)
    REFUSED("--set terms=2: the run of a.trace has terms=1: leave it out, or start from a trace of another run",
            .settings = LIST("servers=3", "terms=2"));
    REFUSED("--preset quick: the run of a.trace has terms=1: leave it out, or start from a trace of another run",
            .preset = "quick");
    REFUSED("--mutant vote-twice: the run of a.trace is without it: leave it out, or start from a trace with it",
            .mutants = LIST("vote-twice"));
    REFUSED("--network set: the run of a.trace has network=bag: leave it out, or start from a trace of another run",
            .network = GS_SET);
    REFUSED("--copies 2: the run of a.trace has copies=1: leave it out, or start from a trace of another run",
            .copies = 2);
    REFUSED("--at 5: a.trace has 3 events: a number from 0 to 3", .from_at = 5, .from_at_set = true);
    expect_refused(&two_phase_commit, &(struct gs_config){.from = from},
                   "--from the trace: it is a trace of raft, not of two-phase-commit");
    struct gs_result result;
    check(&raft,
          &(struct gs_config){.from = from, .preset = "one-term", .settings = LIST("servers=3"), .network = GS_BAG},
          GS_HOLDS, &result);
    gs_result_free(&result);
    gs_result_free(&found);
}

/* Found from there, by any number of threads the same. */
Test(stage, is_how_random_runs_begin)
{
    struct gs_result found;
    const struct gs_config three = {.settings = LIST("servers=3", "terms=3"),
                                    .mutants = LIST("vote-twice"),
                                    .properties = LIST("leader-elected", "at-most-one-leader"),
                                    .max_depth = 8};
    const struct trace *from = trace_to(&raft, &three, "leader-elected", &found);
    struct gs_fuzz_result one, two;
    struct gs_fuzz_config config = {.base = {.from = from, .threads = 1, .properties = LIST("at-most-one-leader")},
                                    .runs = 20000};
    cr_assert(eq(int, (int)gs_fuzz(&raft, &config, &one), GS_VIOLATION));
    config.base.threads = 2;
    config.shrink_seconds = 10;
    cr_assert(eq(int, (int)gs_fuzz(&raft, &config, &two), GS_VIOLATION));
    expect_to_begin_as(one.failures[0].found, from, from->step_count);
    cr_expect(eq(u64, one.failures[0].run, two.failures[0].run));
    cr_expect(eq(sz, one.failures[0].found->step_count, two.failures[0].found->step_count));
    expect_to_begin_as(two.failures[0].found, one.failures[0].found, one.failures[0].found->step_count);
    cr_expect(lt(sz, two.failures[0].trace->step_count, two.failures[0].found->step_count));
    gs_fuzz_result_free(&one);
    gs_fuzz_result_free(&two);
    config.timing.on = true;
    cr_expect(eq(int, (int)gs_fuzz(&raft, &config, &one), GS_BAD_INPUT));
    cr_expect(
        eq(str, one.result.error, "--from the trace: runs with a clock start at its beginning: leave the clock out"));
    gs_fuzz_result_free(&one);
    gs_result_free(&found);
}
