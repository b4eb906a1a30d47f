/* Exhaustive search for a shortest failure of one kind: also of histories, whose monitor decides, and behind a trace's
 * first events; and what is remembered of it. */
#include "checker/shortest.h"

#include "checker/searched.h"
#include "core/run_setup.h"
#include "protocols/abd.h"
#include "protocols/raft.h"
#include "tests/checker_sample.h"
#include "traces/explanation_class.h"

static struct gs_run *make_run(const struct gs_model *model, const struct run_config *config)
{
    char error[400];
    struct gs_run *run = run_new(model, config, error, sizeof(error));
    cr_assert(run != NULL, "%s", error);
    return run;
}

static unsigned number_of(const struct gs_run *run, const char *property)
{
    unsigned p = 0;
    while (strcmp(run_property(run, p)->name, property) != 0)
        p++;
    return p;
}

static struct wanted wanted_of(const struct gs_run *run, const char *property, const char *explanation)
{
    struct wanted wanted = {.property = number_of(run, property)};
    wanted.monitors_on = trace_own_monitor(run, wanted.property);
    explanation_class(run, explanation, wanted.class);
    return wanted;
}

/* ---- Histories ---- */

static void expect_history(const char *explanation, size_t steps)
{
    struct gs_run *run = make_run(&abd, &(struct run_config){.preset = "small", .mutants = LIST("quorum-too-small")});
    const struct wanted wanted = wanted_of(run, "linearizable", explanation);
    struct shortest shortest;
    shortest_search(run, &wanted, &(struct shortest_limits){.steps_max = 20, .threads = 1}, &shortest);
    cr_assert(eq(int, (int)shortest.verdict, SHORTEST_FOUND), "%s", explanation);
    cr_expect(eq(sz, shortest.found->step_count, steps), "%s", explanation);
    trace_free(shortest.found);
    shortest_search(run, &wanted, &(struct shortest_limits){.steps_max = steps - 1, .threads = 1}, &shortest);
    cr_expect(eq(int, (int)shortest.verdict, SHORTEST_NONE), "%s", explanation);
    run_free(run);
}

Test(shortest, is_found_where_a_monitor_decides)
{
    expect_history("process 1: read -> null has no place between its invocation and its return: it can only find 1", 4);
}

Test(shortest, is_that_of_its_class)
{
    struct gs_run *run = make_run(&abd, &(struct run_config){.preset = "small", .mutants = LIST("quorum-too-small")});
    const struct wanted wanted = wanted_of(run, "linearizable", "process 1: write failed, but others saw its effect");
    struct shortest shortest;
    shortest_search(run, &wanted, &(struct shortest_limits){.steps_max = 20, .threads = 1}, &shortest);
    cr_expect(eq(int, (int)shortest.verdict, SHORTEST_NONE), "no write fails here");
    run_free(run);
}

/* ---- Behind a trace's first events ---- */

static struct shortest search_behind(const struct trace *trace, size_t at, size_t steps_max)
{
    const struct wanted wanted = wanted_of(trace->run, "at-most-one-leader", trace->explanation);
    const struct shortest_limits limits = {.steps_max = steps_max, .threads = 1, .from = trace, .at = at};
    struct shortest shortest;
    shortest_search(trace->run, &wanted, &limits, &shortest);
    return shortest;
}

static bool begin_alike(const struct trace *a, const struct trace *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (event_compare(a->run, &a->steps[i], &b->steps[i]) != 0)
            return false;
    return true;
}

/* The shortest trace there is: behind any of its events none is shorter, and it is found again. */
Test(shortest, begins_as_it_is_told_to)
{
    struct gs_result result;
    check(&raft,
          &(struct gs_config){
              .preset = "one-term", .mutants = LIST("vote-twice"), .properties = LIST("at-most-one-leader")},
          GS_VIOLATION, &result);
    const struct trace *trace = result_of(&result, "at-most-one-leader")->trace;
    const size_t steps = trace->step_count;
    for (size_t at = 0; at < steps; at++) {
        struct shortest none = search_behind(trace, at, steps - 1), some = search_behind(trace, at, steps + 3);
        cr_expect(eq(int, (int)none.verdict, SHORTEST_NONE), "behind %zu", at);
        cr_assert(eq(int, (int)some.verdict, SHORTEST_FOUND), "behind %zu", at);
        cr_expect(eq(sz, some.found->step_count, steps), "behind %zu", at);
        cr_expect(begin_alike(trace, some.found, at), "behind %zu", at);
        trace_free(some.found);
    }
    gs_result_free(&result);
}

/* ---- What is remembered ---- */

static bool is_told(const struct searched *searched, const struct gs_run *run, size_t steps, uint64_t states,
                    enum shortest_verdict expected)
{
    const struct shortest_limits limits = {.steps_max = steps, .states_max = states};
    enum shortest_verdict verdict = SHORTEST_FOUND;
    return searched_tells(searched, run, &limits, &verdict) && verdict == expected;
}

Test(searched, tells_only_what_is_known)
{
    struct gs_run *three = make_run(&raft, &(struct run_config){0});
    struct gs_run *four = make_run(&raft, &(struct run_config){.settings = LIST("servers=4")});
    const struct shortest_limits limits = {.steps_max = 9, .states_max = 1000};
    struct searched searched = {0};

    cr_expect(not(is_told(&searched, three, 9, 1000, SHORTEST_NONE)));
    searched_note(&searched, three, &limits, &(struct shortest){.verdict = SHORTEST_NONE});
    cr_expect(is_told(&searched, three, 9, 10, SHORTEST_NONE) && is_told(&searched, three, 3, 0, SHORTEST_NONE));
    cr_expect(not(is_told(&searched, three, 10, 1000, SHORTEST_NONE)), "of longer runs nothing is known");
    cr_expect(not(is_told(&searched, four, 9, 1000, SHORTEST_NONE)), "nor of another configuration");

    searched_note(&searched, four, &limits,
                  &(struct shortest){.verdict = SHORTEST_UNKNOWN, .has_too_many = true, .steps = 5});
    cr_expect(is_told(&searched, four, 5, 1000, SHORTEST_UNKNOWN) && is_told(&searched, four, 8, 7, SHORTEST_UNKNOWN));
    cr_expect(not(is_told(&searched, four, 4, 1000, SHORTEST_UNKNOWN)), "fewer steps may be searched through");
    cr_expect(not(is_told(&searched, four, 5, 1001, SHORTEST_UNKNOWN)), "and with more states");
    cr_expect(not(is_told(&searched, four, 5, 0, SHORTEST_UNKNOWN)), "and without a limit");

    searched_note(&searched, three, &(struct shortest_limits){.steps_max = 20},
                  &(struct shortest){.verdict = SHORTEST_UNKNOWN});
    cr_expect(not(is_told(&searched, three, 20, 0, SHORTEST_UNKNOWN)), "time ran out, say");
    searched_free(&searched);
    run_free(three);
    run_free(four);
}
