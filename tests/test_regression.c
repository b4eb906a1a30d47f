/* gs_replay: runs that are written down in C. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "checker/check.h"
#include "tests/golden_traces.h"

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})

static struct gs_replay_result result;

static void expect_result(const struct gs_model *model, const struct gs_config *config, const char *property,
                          const char *const *events, enum gs_status status, uint64_t step, const char *text)
{
    cr_expect(eq(int, gs_replay(model, config, property, events, &result), status), "%s", result.text);
    cr_expect(eq(int, result.status, status));
    cr_expect(eq(u64, result.step, step), "%s", result.text);
    cr_expect(strstr(result.text, text) != NULL, "no \"%s\" in: %s", text, result.text);
}

/* ---- Two-phase commit ---- */

static const char *const commit_events[] = {
    "resource-manager2: refuse",
    "resource-manager0: prepare",
    "resource-manager0 -> transaction-manager: vote",
    "transaction-manager: decide",
    "transaction-manager -> resource-manager1: commit",
    NULL,
};
static const struct gs_config broken = {.preset = "small",
                                        .mutants = (const char *const[]){"commit-on-one-vote", NULL}};
static const struct gs_config fixed = {.preset = "small"};

Test(regression, a_violation_is_found_again)
{
    expect_result(&two_phase_commit, &broken, "consistent", commit_events, GS_VIOLATION, 5,
                  "step 5: consistent is violated: resource-manager2 has aborted and resource-manager1 has committed");
}

Test(regression, a_run_that_is_not_possible_any_more_is_incomplete)
{
    expect_result(&two_phase_commit, &fixed, "consistent", commit_events, GS_INCOMPLETE, 4,
                  "step 4: transaction-manager: decide: it is not enabled: ");
    expect_result(&two_phase_commit, &fixed, "consistent", LIST("transaction-manager -> resource-manager0: commit"),
                  GS_INCOMPLETE, 1, "; enabled: ");
}

Test(regression, holds_where_the_property_does)
{
    expect_result(&two_phase_commit, &fixed, "consistent", LIST("resource-manager0: prepare"), GS_HOLDS, 1,
                  "consistent is not violated");
    expect_result(&two_phase_commit, &fixed, "consistent", LIST(NULL), GS_HOLDS, 0, "");
    expect_result(&two_phase_commit, &fixed, NULL, LIST("resource-manager0: prepare"), GS_HOLDS, 1, "");
}

/* The property is judged on the way, not only where the events end. */
Test(regression, a_violation_on_the_way_counts)
{
    const char *const longer[] = {commit_events[0],
                                  commit_events[1],
                                  commit_events[2],
                                  commit_events[3],
                                  commit_events[4],
                                  "resource-manager0: refuse",
                                  NULL};
    expect_result(&two_phase_commit, &broken, "consistent", longer, GS_VIOLATION, 5, "step 5: consistent is violated");
}

Test(regression, a_goal_has_to_be_met_at_the_end)
{
    expect_result(&two_phase_commit, &fixed, "aborted", LIST("resource-manager2: refuse"), GS_HOLDS, 1, "is met");
    expect_result(&two_phase_commit, &fixed, "aborted", LIST("resource-manager2: prepare"), GS_VIOLATION, 1,
                  "aborted is not met");
}

Test(regression, names_that_do_not_exist_are_bad_input)
{
    static const struct {
        const char *event, *reason;
    } cases[] = {
        {"resource-manager9: prepare", "there is no node 'resource-manager9'"},
        {"resource-manager0: prepares", "there is no local event 'prepares'"},
        {"resource-manager0: timer prepare", "there is no timer 'prepare'"},
        {"resource-manager0 -> tm: vote", "there is no node 'tm'"},
        {"rm0 -> transaction-manager: vote", "there is no node 'rm0'"},
        {"resource-manager0 -> transaction-manager: decide {x 1}", "there is no message 'decide'"},
        {"drop resource-manager0 -> transaction-manager: veto", "there is no message 'veto'"},
        {"crash resource-manager7", "there is no node 'resource-manager7'"},
        {"partition {transaction-manager} | {nobody}", "there is no node 'nobody'"},
        {"start transaction-manager", "transaction-manager gets no start"},
        {"start x", "there is no node 'x'"},
        {"", "this is not the text of an event"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        expect_result(&two_phase_commit, &fixed, "consistent", LIST(cases[i].event), GS_BAD_INPUT,
                      strncmp(cases[i].event, "start", 5) != 0, cases[i].reason);
}

Test(regression, a_bad_configuration_is_bad_input)
{
    const struct gs_config unknown = {.mutants = LIST("none")};
    const struct gs_model empty = {0};
    expect_result(&two_phase_commit, &fixed, "consistency", LIST(NULL), GS_BAD_INPUT, 0, "no property 'consistency'");
    expect_result(&two_phase_commit, &unknown, "consistent", LIST(NULL), GS_BAD_INPUT, 0, "none");
    expect_result(&empty, &fixed, "consistent", LIST(NULL), GS_BAD_INPUT, 0, "model");
}

/* ---- Starts, choices, misbehaviours ---- */

Test(regression, starts_draw_what_is_written)
{
    const struct gs_config bold = {.settings = LIST("mode=bold"), .catch_signals = true};
    expect_result(&rig, &bold, NULL, LIST("start server1 choosing 1", "server1: break choosing 0"), GS_HOLDS, 1, "");
    expect_result(&rig, &bold, NULL, LIST("start server1 choosing 7"), GS_INCOMPLETE, 0, "choice 0 is 7");
    expect_result(&rig, &bold, NULL, LIST("start server1 choosing 1", "start server0"), GS_BAD_INPUT, 0, "node order");
    expect_result(&rig, &bold, "well-behaved", LIST("server1: break choosing 1"), GS_VIOLATION, 1,
                  "step 1: well-behaved is violated: ");
    expect_result(&rig, &bold, "term-stays", LIST("server1: break choosing 1"), GS_VIOLATION, 1,
                  "step 1: well-behaved is violated: ");
}

/* ---- Other versions of a protocol ---- */

/* rig_later's requests have a member more: the text of before still means them. */
Test(regression, messages_are_matched_by_the_members_that_both_know)
{
    const struct gs_config config = {0};
    const char *const events[] = {"server0: timer election", "server0 -> server1: request {term 1}", NULL};
    const char *const later[] = {"server0: timer election", "server0 -> server1: request {urgency 7, term 1}", NULL};
    const char *const other[] = {"server0: timer election", "server0 -> server1: request {term 2}", NULL};
    expect_result(rig_later(), &config, NULL, events, GS_HOLDS, 2, "");
    expect_result(rig_later(), &config, NULL, later, GS_HOLDS, 2, "");
    expect_result(&rig, &config, NULL, later, GS_HOLDS, 2, "");
    expect_result(&rig, &config, NULL, other, GS_INCOMPLETE, 2, "; enabled: ");
    expect_result(&rig, &config, NULL, LIST("server0: timer election", "server0 -> server1: request"), GS_HOLDS, 2, "");
}

/* ---- All traces ---- */

static char *text_of_event(const struct gs_run *run, const struct event *event)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    event_print(run, event, out);
    fclose(out);
    return keep(text);
}

/* The configuration that makes such a run. */
static struct gs_config config_of(const struct gs_run *run)
{
    static char settings[GS_OPTIONS_MAX][64];
    static const char *setting_list[GS_OPTIONS_MAX + 1], *mutants[GS_MUTANTS_MAX + 1];
    size_t count = 0;
    for (unsigned i = 0; i < run->option_count; i++) {
        snprintf(settings[i], sizeof(settings[i]), "%s=%d", run->model->options[i].name, (int)run->options[i]);
        setting_list[i] = settings[i];
    }
    setting_list[run->option_count] = NULL;
    for (unsigned i = 0; i < GS_MUTANTS_MAX; i++)
        if (run->mutants >> i & 1)
            mutants[count++] = run->model->mutants[i].name;
    mutants[count] = NULL;
    const int64_t *b = run->budgets;
    return (struct gs_config){.settings = setting_list,
                              .mutants = mutants,
                              .network = run->network,
                              .copies = (int)run->copies,
                              .capacity = (int)run->capacity,
                              .budgets = {.drops = b[GS_DROP] ? (int)b[GS_DROP] : GS_NONE,
                                          .duplicates = b[GS_DUPLICATE] ? (int)b[GS_DUPLICATE] : GS_NONE,
                                          .crashes = b[GS_CRASH] ? (int)b[GS_CRASH] : GS_NONE,
                                          .restarts = b[GS_RESTART] ? (int)b[GS_RESTART] : GS_NONE,
                                          .reboots = b[GS_REBOOT] ? (int)b[GS_REBOOT] : GS_NONE,
                                          .partitions = b[GS_PARTITION] ? (int)b[GS_PARTITION] : GS_NONE}};
}

/* What event_print writes of any event is found again, whatever the names hold. */
Test(regression, every_kind_of_trace_replays_from_its_texts)
{
    for (size_t i = 0; i < GOLDEN_TRACES; i++) {
        struct gs_run *run;
        struct trace *trace = golden_traces[i].make(&run);
        const char *events[64] = {NULL};
        size_t count = 0;
        for (size_t e = 0; e < trace->start_count; e++)
            events[count++] = text_of_event(run, &trace->starts[e]);
        for (size_t e = 0; e < trace->step_count; e++)
            events[count++] = text_of_event(run, &trace->steps[e]);
        const enum trace_kind kind = trace_kind(trace);
        const struct gs_config config = config_of(run);
        gs_replay(run->model, &config, kind == TRACE_SAMPLE ? NULL : trace_property_name(trace), events, &result);
        const bool holds = kind == TRACE_OF_GOAL || kind == TRACE_SAMPLE;
        cr_expect(eq(int, result.status, holds ? GS_HOLDS : GS_VIOLATION), "%s: %s", golden_traces[i].name,
                  result.text);
        cr_expect(eq(u64, result.step, trace->step_count), "%s: %s", golden_traces[i].name, result.text);
    }
}

/* ---- The library's other formats ---- */

static enum gs_format format;

static void print_as(const struct trace *trace, FILE *out)
{
    gs_trace_print_as(trace, format, out);
}

Test(library_formats, are_those_of_gainsay_show)
{
    static const char *const suffixes[] = {[GS_FORMAT_TEXT] = "txt",
                                           [GS_FORMAT_SEQUENCE] = "sequence",
                                           [GS_FORMAT_MERMAID] = "mmd",
                                           [GS_FORMAT_DOT] = "dot"};
    for (format = GS_FORMAT_TEXT; format <= GS_FORMAT_DOT; format++)
        expect_golden_traces(suffixes[format], print_as);
}
