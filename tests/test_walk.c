/* A place on a path: forth, back, off it, back on it, kept. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "tests/test_trace_model.h"
#include "traces/walk.h"

TestSuite(walk, .fini = remove_temporary_files);

static char error[1024];

static struct walk *walk_of(struct trace *trace)
{
    struct walk *walk = walk_new(trace, error, sizeof(error));
    cr_assert(walk != NULL, "%s", error);
    return walk;
}

static bool go(struct walk *walk, size_t position)
{
    error[0] = '\0';
    return walk_go(walk, position, error, sizeof(error));
}

static char *text_of_event(const struct walk *walk, const struct event *event)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    event_print(walk_run(walk), event, out);
    fclose(out);
    return keep(text);
}

/* Takes the event of that text. False: it is not enabled. */
struct search {
    const struct walk *walk;
    const char *wanted;
    struct trace *found; /* a copy of the event, as its only step */
};

static bool look(void *context, const struct enabled *enabled)
{
    struct search *search = context;
    if (strcmp(text_of_event(search->walk, enabled->event), search->wanted) == 0)
        trace_append(search->found, enabled->event);
    return true;
}

static bool take(struct walk *walk, const char *text)
{
    struct search search = {walk, text, trace_new(walk_run(walk), TRACE_NO_PROPERTY, "", 0)};
    walk_visit_enabled(walk, look, &search);
    const bool is_taken = search.found->step_count && walk_take(walk, &search.found->steps[0], error, sizeof(error));
    trace_free(search.found);
    return is_taken;
}

static uint64_t fingerprint(const struct walk *walk)
{
    return world_fingerprint(walk_world(walk));
}

Test(walk, goes_forth_and_back_to_the_same_states)
{
    struct gs_run *run;
    struct trace *trace = make_bag_trace(&run);
    struct walk *walk = walk_of(trace);
    uint64_t seen[20];
    cr_expect(walk_last(walk) == NULL);
    for (size_t k = 0; k <= trace->step_count; k++) {
        cr_assert(go(walk, k), "%s", error);
        cr_expect(eq(sz, walk_position(walk), k));
        seen[k] = fingerprint(walk);
    }
    for (size_t k = trace->step_count + 1; k-- > 0;) {
        cr_assert(go(walk, k), "%s", error);
        cr_expect(seen[k] == fingerprint(walk), "step %zu", k);
        cr_expect(k == 0 ? walk_last(walk) == NULL : walk_last(walk)->number == k);
        if (k)
            cr_expect(seen[k - 1] == world_fingerprint(walk_last(walk)->before));
    }
    cr_expect(not(go(walk, 100)));
    cr_expect(eq(str, error, "this is the end of the path"));
    cr_expect(eq(sz, walk_position(walk), trace->step_count));
    walk_free(walk);
    walk_free(NULL);
}

Test(walk, goes_back_over_many_steps)
{
    struct gs_run *run = make_run(&two_phase_commit, &(struct run_config){.preset = "small"});
    struct trace *trace =
        make_trace(run, TRACE_NO_PROPERTY,
                   (const char *const[]){"resource-manager0: prepare", "resource-manager1: prepare", NULL});
    struct walk *walk = walk_of(trace);
    uint64_t seen[300] = {0};
    const char *const round[] = {"resource-manager0 -> transaction-manager: vote",
                                 "resource-manager1 -> transaction-manager: vote", "resource-manager2: prepare",
                                 "resource-manager2 -> transaction-manager: vote", "transaction-manager: decide"};
    cr_assert(go(walk, 2));
    for (size_t i = 0; i < 5; i++)
        cr_assert(take(walk, round[i]), "%s", round[i]);
    for (size_t k = 0; k <= walk_length(walk); k++) {
        cr_assert(go(walk, k));
        seen[k] = fingerprint(walk);
    }
    for (size_t k = walk_length(walk) + 1; k-- > 0;)
        cr_expect(go(walk, k) && seen[k] == fingerprint(walk), "step %zu", k);
    walk_free(walk);
}

/* A ring of events that come back to where they were would be no steps; timers of rig go on for ever. */
Test(walk, keeps_a_world_now_and_then_only)
{
    struct gs_run *run = make_run(&rig, &(struct run_config){.budgets = {.timeouts = 500}});
    struct trace *trace = make_trace(run, TRACE_NO_PROPERTY, (const char *const[]){NULL});
    struct walk *walk = walk_of(trace);
    uint64_t seen[201];
    seen[0] = fingerprint(walk);
    for (size_t k = 1; k <= 200; k++) {
        cr_assert(take(walk, k % 2 ? "server0: break choosing 0" : "server1: break choosing 0"), "%zu: %s", k, error);
        seen[k] = fingerprint(walk);
    }
    for (size_t k = 0; k <= 200; k += 7) {
        cr_assert(go(walk, k), "%s", error);
        cr_expect(seen[k] == fingerprint(walk), "step %zu", k);
        cr_assert(go(walk, 200 - k), "%s", error);
        cr_expect(seen[200 - k] == fingerprint(walk), "step %zu", 200 - k);
    }
    walk_free(walk);
}

Test(walk, leaves_the_path_and_comes_back_to_it)
{
    struct gs_run *run;
    struct trace *trace = make_commit_trace(&run);
    struct walk *walk = walk_of(trace);
    cr_assert(go(walk, 2));
    const uint64_t left = fingerprint(walk);
    cr_assert(take(walk, "transaction-manager: give-up"), "%s", error);
    cr_expect(eq(sz, walk_position(walk), 3));
    cr_expect(eq(sz, walk_length(walk), 3));
    cr_assert(take(walk, "transaction-manager -> resource-manager2: abort"), "%s", error);
    cr_expect(eq(sz, walk_length(walk), 4));
    cr_assert(go(walk, 0));
    cr_assert(walk_undo(walk));
    cr_expect(eq(sz, walk_position(walk), 3));
    cr_assert(walk_undo(walk));
    cr_expect(eq(sz, walk_position(walk), 2));
    cr_expect(eq(sz, walk_length(walk), 5));
    cr_expect(left == fingerprint(walk));
    cr_expect(not(walk_undo(walk)));
    cr_assert(go(walk, 5), "%s", error);
    walk_free(walk);
}

Test(walk, taking_the_next_event_stays_on_the_path)
{
    struct gs_run *run;
    struct trace *trace = make_commit_trace(&run);
    struct walk *walk = walk_of(trace);
    cr_expect(walk_is_next(walk, &trace->steps[0]));
    cr_expect(not(walk_is_next(walk, &trace->steps[1])));
    cr_assert(take(walk, "resource-manager0: prepare"));
    cr_expect(eq(sz, walk_length(walk), 5));
    cr_expect(not(walk_undo(walk)));
    walk_free(walk);
}

Test(walk, an_event_that_is_not_enabled_changes_nothing)
{
    struct gs_run *run;
    struct trace *trace = make_commit_trace(&run);
    struct walk *walk = walk_of(trace);
    cr_assert(go(walk, 1));
    cr_expect(not(walk_take(walk, &trace->steps[2], error, sizeof(error))));
    cr_expect(strstr(error, "transaction-manager: decide: it is not enabled: ") == error, "%s", error);
    cr_expect(eq(sz, walk_position(walk), 1));
    cr_expect(eq(sz, walk_length(walk), 5));
    walk_free(walk);
}

Test(walk, stops_before_what_is_no_step)
{
    struct gs_run *run;
    struct trace *trace = make_commit_trace(&run);
    run->mutants = 0;
    struct walk *walk = walk_of(trace);
    cr_expect(not(go(walk, 5)));
    cr_expect(eq(sz, walk_position(walk), 2));
    cr_expect(strstr(error, "transaction-manager: decide: it is not enabled: ") == error, "%s", error);
    walk_free(walk);
}

Test(walk, a_handler_that_misbehaves_is_a_finding_and_the_end)
{
    struct gs_run *run;
    struct trace *trace = make_bag_trace(&run);
    struct walk *walk = walk_of(trace);
    cr_assert(go(walk, 1));
    const uint64_t before = fingerprint(walk);
    cr_assert(take(walk, "server1: break choosing 1"), "%s", error);
    cr_assert(walk_finding(walk) != NULL);
    cr_expect(eq(str, (char *)walk_finding(walk), "server1, on break: gs_assert(how != 1) failed at rig.c:7"));
    cr_expect(before == fingerprint(walk));
    cr_expect(not(go(walk, 3)));
    cr_expect(not(take(walk, "server1: break choosing 0")));
    struct trace *kept = walk_trace(walk);
    cr_expect(eq(int, trace_kind(kept), TRACE_OF_MISBEHAVIOUR));
    struct replay replay;
    trace_replay(kept, NULL, NULL, &replay);
    cr_expect(eq(int, replay.end, REPLAY_VIOLATED), "%s", replay.reason);
    trace_free(kept);
    cr_assert(walk_undo(walk));
    cr_expect(walk_finding(walk) == NULL);
    walk_free(walk);
}

Test(walk, judges_properties_whose_monitors_are_not_in_the_trace)
{
    struct gs_run *run;
    struct trace *trace = make_bag_trace(&run);
    struct replay replay;
    trace->property = TRACE_NO_PROPERTY;
    trace->monitors_on = 0;
    struct walk *walk = walk_of(trace);
    walk_judge(walk, RIG_AT_MOST_ONE_LEADER, &replay);
    cr_expect(eq(int, replay.end, REPLAY_HELD), "%s", replay.reason);
    cr_assert(go(walk, trace->step_count));
    walk_judge(walk, RIG_AT_MOST_ONE_LEADER, &replay);
    cr_expect(eq(int, replay.end, REPLAY_VIOLATED), "%s", replay.reason);
    cr_expect(eq(str, replay.reason, "2 leaders were elected"));
    struct trace *kept = walk_trace(walk);
    cr_expect(eq(uint, kept->property, RIG_AT_MOST_ONE_LEADER));
    trace_free(kept);
    walk_free(walk);
}

Test(walk, is_kept_as_a_trace_file_that_reproduces)
{
    struct gs_run *run;
    struct trace *trace = make_commit_trace(&run);
    struct walk *walk = walk_of(trace);
    static struct trace_report report;
    for (size_t k = 0; k <= 5; k++) {
        char *path = temporary_path("walk.trace");
        cr_assert(go(walk, k));
        struct trace *kept = walk_trace(walk);
        cr_expect(eq(int, trace_kind(kept), k == 5 ? TRACE_OF_VIOLATION : TRACE_SAMPLE), "%zu", k);
        cr_assert(trace_file_write(kept, path, NULL, error, sizeof(error)), "%s", error);
        struct trace_file *file = trace_file_read(path, resolve_model, NULL, error, sizeof(error));
        cr_assert(file != NULL, "%s", error);
        cr_expect(eq(int, trace_file_replay(file, &report), TRACE_REPRODUCES), "%s", report.reason);
        trace_file_free(file);
        trace_free(kept);
    }
    walk_free(walk);
}

Test(walk, has_nowhere_to_begin_when_a_start_diverges)
{
    struct gs_run *run;
    struct trace *trace = make_bag_trace(&run);
    trace->starts[1].choices[0] = 7;
    cr_expect(walk_new(trace, error, sizeof(error)) == NULL);
    cr_expect(strstr(error, "there is no state to begin in: start server1 choosing 7: ") == error, "%s", error);
}
