/* Traces: keeping events, replaying them, showing them as text. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/model.h"
#include "tests/golden_traces.h"

static void expect_replay(const struct trace *trace, enum replay_end end, size_t number, const char *reason)
{
    struct replay replay;
    trace_replay(trace, NULL, NULL, &replay);
    cr_expect(eq(int, replay.end, end), "%s", replay.reason);
    cr_expect(eq(sz, replay.number, number));
    cr_expect(eq(str, replay.reason, (char *)(uintptr_t)reason));
}

Test(trace, test_protocol_is_well_formed)
{
    char error[500] = "";
    cr_expect(model_check(&rig, error, sizeof(error)), "%s", error);
    cr_expect(model_check(rig_later(), error, sizeof(error)), "%s", error);
}

/* ---- Keeping ---- */

Test(trace, owns_its_messages)
{
    struct gs_run *run;
    struct trace *commit = make_commit_trace(&run);
    struct trace *trace = trace_new(run, 0, "because", 0);
    uint8_t message[] = {0};
    struct event event = commit->steps[1];
    event.message = message;
    trace_append(trace, &event);
    message[0] = 9;
    cr_expect(eq(int, trace->steps[0].message[0], 0));
    cr_expect(eq(str, trace->explanation, "because"));
    trace_free(trace);
    trace_free(commit);
    trace_free(NULL);
    run_free(run);
}

Test(trace, names_its_property)
{
    struct gs_run *run = make_run(&rig, &(struct run_config){0});
    struct trace *one = trace_new(run, RIG_TERM_STAYS, "", 0), *two = trace_new(run, RIG_PROPERTIES, NULL, 0);
    cr_expect(eq(str, (char *)(uintptr_t)trace_property_name(one), "term-stays"));
    cr_expect(eq(str, (char *)(uintptr_t)trace_property_name(two), JUDGE_BEHAVIOUR));
    trace_free(one);
    trace_free(two);
    run_free(run);
}

/* ---- Replaying ---- */

Test(trace, replays_a_violation_of_a_state)
{
    struct gs_run *run;
    struct trace *trace = make_commit_trace(&run);
    expect_replay(trace, REPLAY_VIOLATED, 5, "resource-manager1 has aborted and resource-manager0 has committed");
    trace->step_count--;
    expect_replay(trace, REPLAY_HELD, 4, "consistent is not violated");
    trace->step_count++;
    trace_free(trace);
    run_free(run);
}

Test(trace, replays_a_violation_seen_by_a_monitor)
{
    struct gs_run *run;
    struct trace *trace = make_bag_trace(&run);
    expect_replay(trace, REPLAY_VIOLATED, trace->step_count, "2 leaders were elected");
    trace_free(trace);
    run_free(run);
}

Test(trace, replays_a_violation_of_a_step)
{
    struct gs_run *run = make_run(&rig, &(struct run_config){0});
    const char *const events[] = {"server1: timer election", NULL};
    struct trace *trace = make_trace(run, RIG_TERM_STAYS, events);
    expect_replay(trace, REPLAY_VIOLATED, 1, "server1 went from term 0 to 1");
    trace->step_count = 0;
    expect_replay(trace, REPLAY_HELD, 0, "term-stays is not violated");
    trace->step_count = 1;
    trace_free(trace);
    run_free(run);
}

Test(trace, replays_a_violation_where_nothing_can_happen)
{
    struct gs_run *run = make_run(&rig, &(struct run_config){.settings = (const char *const[]){"servers=1", NULL}});
    const char *const events[] = {"server0: timer election", NULL};
    struct trace *trace = make_trace(run, RIG_TERMS_AGREE, events);
    expect_replay(trace, REPLAY_HELD, 1, "terms-agree is not violated");
    trace_free(trace);
    run_free(run);
}

Test(trace, replays_to_a_goal)
{
    struct gs_run *run;
    struct trace *trace = make_fifo_trace(&run);
    expect_replay(trace, REPLAY_VIOLATED, 14, "");
    trace->step_count--;
    expect_replay(trace, REPLAY_HELD, 13, "leader-elected is not met");
    trace->step_count++;
    trace_free(trace);
    run_free(run);
}

Test(trace, replays_a_misbehaviour)
{
    struct gs_run *run;
    struct trace *trace = make_break_trace(&run);
    struct replay replay;
    trace_replay(trace, NULL, NULL, &replay);
    cr_expect(eq(int, replay.end, REPLAY_VIOLATED));
    cr_expect(strstr(replay.reason, "gs_assert(how != 1) failed") != NULL, "%s", replay.reason);
    trace->step_count = 1;
    expect_replay(trace, REPLAY_HELD, 1, "the handler does not misbehave");
    trace->step_count = 2;
    trace->property = RIG_TERM_STAYS;
    trace_replay(trace, NULL, NULL, &replay);
    cr_expect(eq(int, replay.end, REPLAY_DIVERGED));
    cr_expect(strstr(replay.reason, "server0: break choosing 1: the handler misbehaves: ") == replay.reason, "%s",
              replay.reason);
    trace_free(trace);
    run_free(run);
}

static bool count_events(void *context, const struct replayed *replayed)
{
    size_t *count = context;
    ++*count;
    return replayed->number < 2;
}

Test(trace, stops_when_its_visitor_says_so)
{
    struct gs_run *run;
    struct trace *trace = make_commit_trace(&run);
    struct replay replay;
    size_t count = 0;
    trace_replay(trace, count_events, &count, &replay);
    cr_expect(eq(int, replay.end, REPLAY_STOPPED));
    cr_expect(eq(sz, replay.number, 2));
    cr_expect(eq(sz, count, 2));
    trace_free(trace);
    run_free(run);
}

Test(trace, says_what_was_enabled_where_it_diverges)
{
    struct gs_run *run;
    struct trace *trace = make_commit_trace(&run);
    keep((void *)(uintptr_t)trace->steps[1].message);
    keep((void *)(uintptr_t)trace->steps[3].message);
    trace->steps[1] = trace->steps[2];
    trace->step_count = 2;
    expect_replay(trace, REPLAY_DIVERGED, 2,
                  "transaction-manager: decide: it is not enabled: the handler returns false; enabled: "
                  "transaction-manager: give-up; resource-manager1: prepare; resource-manager1: refuse; "
                  "resource-manager2: prepare; resource-manager2: refuse; "
                  "resource-manager0 -> transaction-manager: vote");
    trace_free(trace);
    run_free(run);
}

Test(trace, says_why_an_event_is_no_step)
{
    struct gs_run *run = make_run(&rig, &(struct run_config){.budgets = {.crashes = GS_NONE}});
    const char *const events[] = {"server1: timer election", NULL};
    uint8_t message[32] = {0};
    const struct {
        struct event event;
        const char *reason;
    } cases[] = {
        {{.action = ACTION_TIMER, .type = 3, .node = node_of(1)}, "the timer is not armed"},
        {{.action = ACTION_TIMER, .type = 4, .index = 0, .node = node_of(1)}, "the timer is not armed"},
        {{.action = ACTION_CRASH, .node = node_of(1)}, "the budget of crashes (0) is spent"},
        {{.action = ACTION_RESTART, .node = node_of(1)}, "the host is up"},
        {{.action = ACTION_HEAL}, "there is no partition to heal"},
        {{.action = ACTION_DELIVER, .node = node_of(1), .from = node_of(0), .message = message},
         "no such message is in flight"},
        {{.action = ACTION_LOCAL, .type = 6, .node = node_of(1), .choice_count = 1, .choices = {5}},
         "choice 0 is 5, but the handler chooses out of 3"},
        {{.action = ACTION_LOCAL, .type = 5, .node = node_of(1), .arguments = {-3}, .nodes = {[1] = node_of(0)}},
         "value is not from -2 to "},
        {{.action = ACTION_LOCAL, .type = 5, .node = node_of(1), .arguments = {1000}, .nodes = {[1] = node_of(0)}},
         "value is not from -2 to "},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct trace *trace = make_trace(run, RIG_TERM_STAYS, events);
        struct replay replay;
        trace_append(trace, &cases[i].event);
        trace_replay(trace, NULL, NULL, &replay);
        cr_expect(eq(int, replay.end, REPLAY_DIVERGED), "%s", cases[i].reason);
        cr_expect(strstr(replay.reason, cases[i].reason) != NULL, "%s: %s", cases[i].reason, replay.reason);
        trace_free(trace);
    }
    run_free(run);
}

Test(trace, diverges_where_a_bound_cuts)
{
    struct gs_run *run = make_run(&rig, &(struct run_config){0});
    const char *const events[] = {"server1: propose {value -2, to server0}", "server1: propose {value -1, to server0}",
                                  NULL};
    struct trace *trace = make_trace(run, RIG_TERM_STAYS, events);
    struct replay replay;
    trace_append(trace, &trace->steps[0]);
    trace_replay(trace, NULL, NULL, &replay);
    cr_expect(eq(int, replay.end, REPLAY_DIVERGED));
    cr_expect(strstr(replay.reason, "a bound cuts it: log <= 2; enabled: ") != NULL, "%s", replay.reason);
    cr_expect(strstr(replay.reason, "; ...") != NULL, "%s", replay.reason);
    trace_free(trace);
    run_free(run);
}

Test(trace, needs_every_start_in_node_order)
{
    struct gs_run *run = make_run(&rig, &(struct run_config){0});
    const char *const events[] = {"server1: timer election", NULL};
    struct trace *trace = make_trace(run, RIG_TERM_STAYS, events);
    trace->start_count--;
    expect_replay(trace, REPLAY_DIVERGED, 0, "witness has no start");
    trace->start_count++;
    trace_append(trace, &trace->starts[1]);
    expect_replay(trace, REPLAY_DIVERGED, 0, "start server1: it does not start, or has done so");
    trace->start_count--;
    trace->starts[0] = trace->starts[1];
    expect_replay(trace, REPLAY_DIVERGED, 0, "start server1 where it is the turn of server0");
    trace_free(trace);
    run_free(run);
}

/* ---- Text ---- */

Test(trace, shows_what_happened_and_only_what_changed)
{
    expect_golden_traces("txt", trace_print_text);
}

Test(trace, shows_where_it_does_not_go_on)
{
    struct gs_run *run;
    struct trace *trace = make_commit_trace(&run);
    trace_append(trace, &trace->steps[4]);
    char *text = text_of_trace(trace, trace_print_text);
    cr_expect(strstr(text, "the trace does not go on: step 6: resource-manager1: refuse: ") != NULL, "%s", text);
    free(text);
    trace_free(trace);
    run_free(run);
}
