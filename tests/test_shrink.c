/* Shrinking, judged from outside: of random failing traces, and of long walks of what is shipped, each result still
 * violates, no single event of it can go, and exhaustive search finds hardly shorter ones. */
#include "checker/shrink.h"

#include <stdlib.h>
#include <time.h>

#include "checker/run_config.h"
#include "core/guard.h"
#include "core/run_setup.h"
#include "protocols/raft.h"
#include "protocols/two_phase_commit.h"
#include "tests/checker_sample.h"
#include "tests/random_walk.h"
#include "tests/reference/random_protocol.h"
#include "tests/scale.h"
#include "traces/explanation_class.h"

/* ---- The judge, which shares only replaying with what it judges ---- */

static bool violates(const struct trace *trace, const char *class)
{
    struct replay replay;
    trace_replay(trace, NULL, NULL, &replay);
    return replay.end == REPLAY_VIOLATED && explanation_is_like(trace->run, replay.reason, class);
}

static struct trace *copy_starts(const struct trace *trace)
{
    struct trace *copy = trace_new(trace->run, trace->property, "", trace->monitors_on);
    for (size_t i = 0; i < trace->start_count; i++)
        trace_append(copy, &trace->starts[i]);
    return copy;
}

/* Does the trace show the class without one of its steps: after one of those that remain, those that are no steps any
 * more left out? Each prefix is replayed as a trace of its own. */
static bool violates_without(const struct trace *trace, size_t without, const char *class)
{
    struct trace *rest = copy_starts(trace);
    bool shown = violates(rest, class);
    for (size_t i = 0; i < trace->step_count && !shown; i++) {
        struct replay replay;
        if (i == without)
            continue;
        trace_append(rest, &trace->steps[i]);
        trace_replay(rest, NULL, NULL, &replay);
        shown = replay.end == REPLAY_VIOLATED && explanation_is_like(trace->run, replay.reason, class);
        if (replay.end == REPLAY_DIVERGED)
            trace_truncate(rest, rest->start_count, rest->step_count - 1);
    }
    trace_free(rest);
    return shown;
}

enum { TOO_LONG_BY = 3 };

/* "": all is well. optimum: of an exhaustive search; SIZE_MAX: not known. */
static const char *find_fault(const struct trace *trace, const char *class, size_t optimum)
{
    if (!violates(trace, class))
        return "does not violate, or something else";
    for (size_t i = 0; i < trace->step_count; i++)
        if (violates_without(trace, i, class))
            return "an event can go";
    return optimum != SIZE_MAX && trace->step_count > optimum + TOO_LONG_BY ? "too long" : "";
}

/* ---- Random protocols ---- */

enum { TRACES = IS_SLOW ? 40 : 200, TIMES_SHORTER = IS_SLOW ? 2 : 3 };

/* Others are tried by hand: GAINSAY_SHRINK_TRACES=1000 GAINSAY_SHRINK_SEED=5000. */
static uint64_t asked_for(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : otherwise;
}

enum { OPTIMUM_LEAST = 3, WALKS = 20, STEPS_MOST = 400, STATES = 20000, STATES_TO_SHRINK = 100000 };

struct sample {
    size_t wanted, traces, compared, events_before, events_after, faults_before;
};

/* A shortest trace's length, and that it is of the class; SIZE_MAX: not found among STATES states. */
static size_t find_optimum(const struct random_protocol *protocol, const char *property, char *class)
{
    struct gs_config config = protocol->config;
    struct gs_result result;
    size_t optimum = SIZE_MAX;
    config.properties = LIST(property);
    config.allow = strcmp(property, "well-behaved") != 0 ? LIST("well-behaved") : NULL;
    config.max_states = STATES;
    config.max_depth = 0;
    config.max_depth_set = false;
    config.threads = 1;
    gs_check(protocol->model, &config, &result);
    for (size_t i = 0; i < result.property_count; i++)
        if (strcmp(result.properties[i].name, property) == 0 && result.properties[i].verdict == GS_VERDICT_VIOLATED &&
            result.properties[i].trace) {
            optimum = result.properties[i].steps;
            explanation_class(result.run, result.properties[i].trace->explanation, class);
        }
    gs_result_free(&result);
    return optimum;
}

static void shrink_walk(const struct trace *walk, size_t optimum, const char *optimum_class, uint64_t seed,
                        struct sample *sample)
{
    const struct shrink_limits limits = {.threads = 1, .states_max = STATES_TO_SHRINK};
    char class[EXPLANATION_SIZE], error[400];
    struct shrunk shrunk;
    explanation_class(walk->run, walk->explanation, class);
    const bool is_same = strcmp(class, optimum_class) == 0;
    cr_assert(shrink_trace(walk, &limits, &shrunk, error, sizeof(error)), "seed %llu: %s", (unsigned long long)seed,
              error);
    const char *fault = find_fault(shrunk.trace, class, is_same ? optimum : SIZE_MAX);
    cr_expect(eq(str, (char *)(uintptr_t)fault, ""), "seed %llu: %s: %zu steps, %zu before, optimum %zu",
              (unsigned long long)seed, trace_property_name(walk), shrunk.trace->step_count, walk->step_count, optimum);
    cr_expect(not(is_same && shrunk.is_shortest_before && shrunk.trace->step_count > optimum), "seed %llu: no proof",
              (unsigned long long)seed);
    sample->faults_before += find_fault(walk, class, is_same ? optimum : SIZE_MAX)[0] != '\0';
    sample->traces++;
    sample->compared += is_same;
    sample->events_before += walk->step_count;
    sample->events_after += shrunk.trace->step_count;
    shrunk_free(&shrunk);
}

/* Properties that are violated after some steps, by walks that go on for a while. */
static void shrink_walks_of(const struct random_protocol *protocol, const struct gs_run *run, struct sample *sample)
{
    const unsigned count = run_property_count(run);
    for (unsigned p = 0; p <= count && sample->traces < sample->wanted; p++) {
        const char *name = p == count ? "well-behaved" : run_property(run, p)->name;
        char class[EXPLANATION_SIZE];
        const size_t optimum = find_optimum(protocol, name, class);
        struct trace *walk = NULL;
        if (optimum == SIZE_MAX || optimum < OPTIMUM_LEAST)
            continue;
        for (unsigned k = 0; k < WALKS && !walk; k++)
            walk = random_walk(run, p, protocol->seed * 1000 + k, k * 37 % 200, STEPS_MOST);
        if (walk)
            shrink_walk(walk, optimum, class, protocol->seed, sample);
        trace_free(walk);
    }
}

Test(shrink, leaves_of_random_failing_traces_what_no_event_can_go_from_and_hardly_more_than_the_optimum, .timeout = 600)
{
    struct sample sample = {.wanted = asked_for("GAINSAY_SHRINK_TRACES", TRACES)};
    guard_catch();
    for (uint64_t seed = asked_for("GAINSAY_SHRINK_SEED", 1); sample.traces < sample.wanted; seed++) {
        struct random_protocol protocol = random_protocol_make(seed, 0);
        char error[400];
        random_protocol_select(&protocol);
        const struct run_config config = run_config_of(&protocol.config);
        struct gs_run *run = run_new(protocol.model, &config, error, sizeof(error));
        if (run)
            shrink_walks_of(&protocol, run, &sample);
        run_free(run);
        random_protocol_free(&protocol);
    }
    guard_release();
    cr_expect(ge(sz, sample.compared, sample.wanted * 9 / 10));
    cr_expect(ge(sz, sample.events_before, TIMES_SHORTER * sample.events_after), "%zu before, %zu after",
              sample.events_before, sample.events_after);
    /* The judge can fail: it finds fault with most traces as they were. */
    cr_expect(ge(sz, sample.faults_before, sample.wanted / 2));
}

/* ---- What is shipped ---- */

struct long_walk {
    const struct gs_model *model;
    const char *mutant;
    const char *settings[3]; /* of a configuration in which walks are long */
    struct gs_budgets budgets;
    uint64_t seed;
    size_t steps_least; /* of the walk */
    size_t optimum;     /* in the preset of the mutant; fewer in a smaller one */
};

static unsigned property_of(const struct gs_run *run, const char *mutant)
{
    const struct gs_mutant *found = run->model->mutants;
    unsigned p = 0;
    while (strcmp(found->name, mutant) != 0)
        found++;
    while (strcmp(run_property(run, p)->name, found->property) != 0)
        p++;
    return p;
}

static struct gs_run *make_long_run(const struct long_walk *walk)
{
    const struct gs_mutant *mutant = walk->model->mutants;
    char error[400];
    while (strcmp(mutant->name, walk->mutant) != 0)
        mutant++;
    struct gs_run *run = run_new(walk->model,
                                 &(struct run_config){.preset = mutant->preset,
                                                      .settings = walk->settings,
                                                      .mutants = LIST(walk->mutant),
                                                      .budgets = walk->budgets},
                                 error, sizeof(error));
    cr_assert(run != NULL, "%s: %s", walk->mutant, error);
    return run;
}

static struct trace *find_long_walk(const struct long_walk *walk, const struct gs_run *run)
{
    struct trace *trace = NULL;
    for (uint64_t seed = walk->seed; !trace && seed < walk->seed + 200; seed++)
        trace = random_walk(run, property_of(run, walk->mutant), seed, walk->steps_least, 5000);
    cr_assert(trace != NULL, "%s: no walk violates", walk->mutant);
    return trace;
}

#define RAFT_OF(servers, terms)                  \
    {                                            \
        "servers=" servers, "terms=" terms, NULL \
    }

static const struct long_walk long_walks[] = {
    {&two_phase_commit, "commit-on-one-vote", {"resource-managers=12", NULL}, {0}, 235, 20, 5},
    {&two_phase_commit, "commit-without-votes", {"resource-managers=12", NULL}, {0}, 235, 20, 3},
    {&two_phase_commit, "refuse-after-vote", {"resource-managers=4", NULL}, {0}, 396, 12, 9},
    {&raft, "quorum-too-small", RAFT_OF("5", "30"), {0}, 0, 200, 2},
    {&raft, "quorum-over-peers", RAFT_OF("4", "30"), {0}, 17, 400, 6},
    {&raft, "vote-twice", RAFT_OF("5", "30"), {0}, 0, 400, 6},
    {&raft, "forget-vote", RAFT_OF("5", "30"), {0}, 4, 400, 7},
    {&raft,
     "vote-not-durable",
     RAFT_OF("5", "30"),
     {.reboots = 50, .partitions = 20, .crashes = 20, .restarts = 20},
     1662,
     400,
     7},
    {&raft,
     "term-not-durable",
     RAFT_OF("5", "6"),
     {.reboots = 50, .partitions = 20, .crashes = 20, .restarts = 20},
     9,
     400,
     7},
    {&raft, "stale-votes-counted", RAFT_OF("5", "30"), {0}, 2, 400, 7},
    {&raft, "duplicates-counted", RAFT_OF("5", "30"), {0}, 1, 400, 8},
};

/* Where each takes long, some are enough. */
enum { LONG_WALKS = IS_SLOW ? 5 : sizeof(long_walks) / sizeof(*long_walks) };
enum { OF_THE_OPTIMUM = 2 };

static bool is_in_the_table(const struct gs_model *model, const struct gs_mutant *mutant)
{
    for (size_t i = 0; i < sizeof(long_walks) / sizeof(*long_walks); i++)
        if (long_walks[i].model == model && strcmp(long_walks[i].mutant, mutant->name) == 0)
            return true;
    return false;
}

/* property: of those mutants that count; NULL: all that are about safety. How many there are. */
static size_t expect_all_in_the_table(const struct gs_model *model, const char *property)
{
    size_t count = 0;
    for (const struct gs_mutant *mutant = model->mutants; mutant->name; mutant++)
        if (!mutant->liveness && (!property || strcmp(mutant->property, property) == 0)) {
            cr_expect(is_in_the_table(model, mutant), "%s of %s is not in the table", mutant->name, model->name);
            count++;
        }
    return count;
}

/* Of Raft those of its elections: mutants of its log violate other properties. */
Test(shrink, is_tried_on_long_walks_of_every_mutant_of_commits_and_elections)
{
    const size_t mutants = expect_all_in_the_table(&two_phase_commit, NULL);
    cr_expect(eq(sz, mutants + expect_all_in_the_table(&raft, "at-most-one-leader"),
                 sizeof(long_walks) / sizeof(*long_walks)));
}

enum { SECONDS = 10 };

/* Stopped after 10 seconds it would be best effort. Where others had the processor meanwhile, it gets as much of it. */
static void shrink_in_time(const struct trace *walk, struct shrunk *shrunk)
{
    struct shrink_limits limits = {.threads = 1, .seconds = SECONDS};
    char error[400];
    const clock_t began = clock();
    cr_assert(shrink_trace(walk, &limits, shrunk, error, sizeof(error)), "%s", error);
    const double used = (double)(clock() - began) / CLOCKS_PER_SEC;
    if (shrunk->guarantee != SHRINK_BEST_EFFORT || used > 0.9 * SECONDS)
        return;
    shrunk_free(shrunk);
    limits.seconds = SECONDS * SECONDS / (used > 0.1 ? used : 0.1);
    cr_assert(shrink_trace(walk, &limits, shrunk, error, sizeof(error)), "%s", error);
}

Test(shrink, brings_long_walks_of_every_mutant_near_the_optimum_in_10_seconds, .timeout = 600)
{
    for (size_t i = 0; i < LONG_WALKS; i++) {
        struct gs_run *run = make_long_run(&long_walks[i]);
        struct trace *walk = find_long_walk(&long_walks[i], run);
        char class[EXPLANATION_SIZE];
        struct shrunk shrunk;
        explanation_class(run, walk->explanation, class);
        shrink_in_time(walk, &shrunk);
        cr_expect(eq(int, (int)shrunk.guarantee, SHRINK_GLOBALLY_SHORTEST), "%s", long_walks[i].mutant);
        cr_expect(le(sz, shrunk.trace->step_count, long_walks[i].optimum + OF_THE_OPTIMUM), "%s", long_walks[i].mutant);
        cr_expect(eq(str, (char *)(uintptr_t)find_fault(shrunk.trace, class, SIZE_MAX), ""), "%s",
                  long_walks[i].mutant);
        shrunk_free(&shrunk);
        trace_free(walk);
        run_free(run);
    }
}

/* ---- Limits, configurations, kinds of traces ---- */

static struct trace *walk_of(size_t which, struct gs_run **run)
{
    *run = make_long_run(&long_walks[which]);
    return find_long_walk(&long_walks[which], *run);
}

struct watching {
    size_t told, steps;
    bool grew, all_violate;
};

static void watch(void *context, const struct trace *best)
{
    struct watching *watching = context;
    struct replay replay;
    trace_replay(best, NULL, NULL, &replay);
    watching->all_violate &= replay.end == REPLAY_VIOLATED;
    watching->grew |= watching->told && best->step_count > watching->steps;
    watching->steps = best->step_count;
    watching->told++;
}

Test(shrink, tells_of_each_better_trace)
{
    struct watching watching = {.all_violate = true};
    struct gs_run *run;
    struct trace *walk = walk_of(0, &run);
    char error[400];
    struct shrunk shrunk;
    cr_assert(shrink_trace(walk, &(struct shrink_limits){.better = watch, .context = &watching}, &shrunk, error,
                           sizeof(error)));
    cr_expect(watching.told > 2 && watching.all_violate && !watching.grew);
    cr_expect(eq(sz, watching.steps, shrunk.trace->step_count));
    shrunk_free(&shrunk);
    trace_free(walk);
    run_free(run);
}

Test(shrink, that_runs_out_of_time_has_a_trace_all_the_same)
{
    struct gs_run *run;
    struct trace *walk = walk_of(6, &run);
    const struct shrink_limits limits = {.seconds = 0.01};
    char error[400], text[200] = "";
    struct shrunk shrunk;
    cr_assert(shrink_trace(walk, &limits, &shrunk, error, sizeof(error)));
    cr_expect(eq(int, (int)shrunk.guarantee, SHRINK_BEST_EFFORT));
    cr_expect(shrunk.trace->step_count <= walk->step_count);
    struct replay replay;
    trace_replay(shrunk.trace, NULL, NULL, &replay);
    cr_expect(eq(int, (int)replay.end, REPLAY_VIOLATED));
    FILE *out = fmemopen(text, sizeof(text), "w");
    shrunk_print_guarantee(&shrunk, limits.seconds, out);
    fclose(out);
    cr_expect(eq(str, text, "best effort, stopped at 0.01 seconds"));
    shrunk_free(&shrunk);
    trace_free(walk);
    run_free(run);
}

Test(shrink, keeps_the_configuration_if_asked)
{
    struct gs_run *run;
    struct trace *walk = walk_of(0, &run);
    char error[400];
    struct shrunk shrunk;
    cr_assert(shrink_trace(walk, &(struct shrink_limits){.keep_configuration = true}, &shrunk, error, sizeof(error)));
    cr_expect(shrunk.trace->run == run);
    cr_expect(eq(sz, shrunk.trace->step_count, 5));
    shrunk_free(&shrunk);
    trace_free(walk);
    run_free(run);
}

Test(shrink, makes_the_configuration_as_small_as_it_can_be)
{
    struct gs_run *run;
    struct trace *walk = walk_of(0, &run);
    char error[400];
    struct shrunk shrunk;
    cr_assert(shrink_trace(walk, &(struct shrink_limits){0}, &shrunk, error, sizeof(error)));
    cr_expect(eq(u64, (uint64_t)shrunk.trace->run->options[0], 2), "two resource managers, of twelve");
    cr_expect(shrunk.is_shortest_before || shrunk.guarantee == SHRINK_GLOBALLY_SHORTEST);
    shrunk_free(&shrunk);
    trace_free(walk);
    run_free(run);
}

Test(shrink, comes_to_the_same_every_time)
{
    struct gs_run *run;
    struct trace *walk = walk_of(LONG_WALKS - 1, &run);
    char error[400];
    struct shrunk one, other;
    cr_assert(shrink_trace(walk, &(struct shrink_limits){.threads = 1}, &one, error, sizeof(error)));
    cr_assert(shrink_trace(walk, &(struct shrink_limits){.threads = 2}, &other, error, sizeof(error)));
    char *text = text_of(one.trace), *again = text_of(other.trace);
    cr_expect(eq(str, text, again));
    free(text);
    free(again);
    shrunk_free(&one);
    shrunk_free(&other);
    trace_free(walk);
    run_free(run);
}

Test(shrink, refuses_a_trace_that_does_not_show_what_it_claims)
{
    char error[400];
    struct gs_run *run = run_new(&raft, &(struct run_config){0}, error, sizeof(error));
    struct trace *trace = trace_new(run, 0, "", trace_own_monitor(run, 0));
    struct shrunk shrunk;
    for (unsigned n = 0; n < run->node_count; n++)
        trace_append(trace, &(struct event){.action = ACTION_START, .node = node_of(n)});
    cr_expect(not(shrink_trace(trace, &(struct shrink_limits){0}, &shrunk, error, sizeof(error))));
    cr_expect(eq(str, error, "it does not show what it claims: at-most-one-leader is not violated"));
    shrunk_free(&shrunk);
    trace_free(trace);
    run_free(run);
}

/* A goal's trace is shrunk to a shortest one. */
Test(shrink, brings_a_walk_to_a_goal_to_a_shortest_one)
{
    char error[400];
    struct gs_run *run = run_new(&raft, &(struct run_config){.settings = LIST("servers=4")}, error, sizeof(error));
    unsigned goal = 0;
    while (strcmp(run_property(run, goal)->name, "second-leader-in-a-later-term") != 0)
        goal++;
    struct trace *walk = NULL;
    for (uint64_t seed = 0; !walk; seed++)
        walk = random_walk(run, goal, seed, 30, 1000);
    const struct shrink_limits limits = {.keep_configuration = true, .states_max = 1500000};
    struct shrunk shrunk;
    cr_assert(shrink_trace(walk, &limits, &shrunk, error, sizeof(error)));
    cr_expect(eq(int, (int)shrunk.guarantee, SHRINK_GLOBALLY_SHORTEST));
    struct gs_result result;
    const uint64_t less = shrunk.trace->step_count - 1;
    check(&raft, &(struct gs_config){.settings = LIST("servers=4"), .max_depth = less, .max_depth_set = true},
          GS_INCOMPLETE, &result);
    expect_verdict(&result, "second-leader-in-a-later-term", GS_VERDICT_BOUNDED);
    cr_expect(eq(u64, result.depth, less), "all runs of one step less are known");
    gs_result_free(&result);
    shrunk_free(&shrunk);
    trace_free(walk);
    run_free(run);
}
