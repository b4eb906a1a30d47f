/* gainsay replay, as its users run it. */
#include "tests/run_program.h"

static char *directory;

static void make_directory(void)
{
    directory = make_test_directory();
}

static void remove_directory(void)
{
    remove_test_directory(directory);
}

TestSuite(replay, .init = make_directory, .fini = remove_directory);

/* The path of a file in the test's directory. */
static char *in_directory(const char *name)
{
    return text_of("%s/%s", directory, name);
}

/* A trace of two-phase commit's planted bug: 5 steps. */
static void check_commit(const char *name)
{
    struct ran ran = GAINSAY_IN(directory, "check", "two-phase-commit", "--preset", "small", "--mutant",
                                "commit-on-one-vote", "--quiet", "--trace", name);
    EXPECT_STATUS(ran, 1);
    forget(&ran);
}

static void write_in_directory(const char *name, const char *text)
{
    char *path = in_directory(name);
    write_file(path, text);
    free(path);
}

/* ---- JSON ---- */

Test(replay, json_tells_every_outcome_and_bad_input_does_not_stop_the_others)
{
    check_commit("bug.trace");
    write_in_directory("bad.trace", "{\"gainsay_trace\":1}\n");
    struct ran ran = GAINSAY_IN(directory, "replay", "--json", "-", "bad.trace", "bug.trace", "nowhere.trace");
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.err, "gainsay: replay: bad.trace:1: protocol: is missing");
    json_t *report = parse_json(ran.out), *traces = json_object_get(report, "traces");
    cr_assert(eq(sz, json_array_size(traces), 3));
    const json_t *bad = json_array_get(traces, 0), *bug = json_array_get(traces, 1);
    cr_expect(eq(str, (char *)json_string_of(bad, "file"), "bad.trace"));
    cr_expect(eq(str, (char *)json_string_of(bad, "outcome"), "bad input"));
    cr_expect(eq(str, (char *)json_string_of(bad, "reason"), "bad.trace:1: protocol: is missing"));
    cr_expect(json_object_get(bad, "property") == json_null());
    cr_expect(eq(str, (char *)json_string_of(bug, "outcome"), "reproduces"));
    cr_expect(eq(str, (char *)json_string_of(bug, "property"), "consistent"));
    cr_expect(eq(str, (char *)json_string_of(bug, "kind"), "always"));
    cr_expect(eq(int, (int)json_number(bug, "steps"), 5));
    cr_expect(json_object_get(bug, "step") == json_null());
    cr_expect(eq(str, (char *)json_string_of(json_array_get(traces, 2), "outcome"), "bad input"));
    json_decref(report);
    forget(&ran);
}

/* bug.trace without its digest and with one text in it replaced; what replaying it says as JSON. */
static json_t *replay_edited(const char *old, const char *new, const char *said)
{
    char *path = in_directory("bug.trace"), *text = read_file(path);
    char *digest = strstr(text, ",\"digest\""), *at = strstr(text, old);
    cr_assert(digest && at);
    strcpy(digest, "}\n");
    char *edited = text_of("%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
    write_file(path, edited);
    struct ran ran = GAINSAY_IN(directory, "replay", "--json", "out.json", "bug.trace");
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out, said);
    char *json_path = in_directory("out.json"), *json = read_file(json_path);
    json_t *report = parse_json(json);
    free(json);
    free(json_path);
    free(edited);
    free(text);
    free(path);
    forget(&ran);
    return report;
}

Test(replay, json_tells_where_a_trace_diverges)
{
    check_commit("bug.trace");
    json_t *report = replay_edited("{\"phase\":\"committed\"}", "{\"phase\":\"aborted\"}", "bug.trace: diverges: ");
    const json_t *trace = json_array_get(json_object_get(report, "traces"), 0),
                 *notes = json_object_get(trace, "notes");
    cr_expect(eq(str, (char *)json_string_of(trace, "outcome"), "diverges"));
    cr_expect(eq(int, (int)json_number(trace, "step"), 4));
    cr_expect(eq(int, (int)json_number(trace, "line"), 5));
    EXPECT_IN(json_string_of(trace, "reason"), "changes.transaction-manager.phase: the file says \"aborted\"");
    EXPECT_IN(json_string_value(json_array_get(notes, 0)), "digest: there is none");
    EXPECT_IN(json_string_value(json_array_get(notes, 1)), "consistent is still violated in 5 steps");
    json_decref(report);
}

Test(replay, a_trace_is_no_longer_violated_when_no_run_of_its_events_does)
{
    check_commit("bug.trace");
    json_t *report = replay_edited("\"commit-on-one-vote\"", "", "bug.trace: no longer violated: bug.trace:5: no run ");
    const json_t *trace = json_array_get(json_object_get(report, "traces"), 0);
    cr_expect(eq(str, (char *)json_string_of(trace, "outcome"), "no longer violates"));
    cr_expect(eq(int, (int)json_number(trace, "step"), 4));
    cr_expect(eq(int, (int)json_number(trace, "line"), 5));
    EXPECT_IN(json_string_of(trace, "reason"), "no run of its events violates consistent (");
    EXPECT_IN(json_string_of(trace, "reason"),
              "in its own order: step 4: transaction-manager: decide: it is not enabled");
    json_decref(report);
}

Test(replay, json_is_refused_before_anything_where_it_cannot_be_written)
{
    static const struct {
        const char *path, *reason;
    } cases[] = {{"nowhere/out.json", "--json nowhere/out.json: cannot write: No such file"},
                 {"", "--json: its value is empty: --json FILE"},
                 {"bug.trace", "--json bug.trace: that is a trace to replay"}};
    check_commit("bug.trace");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct ran ran = GAINSAY_IN(directory, "replay", "--json", cases[i].path, "bug.trace");
        EXPECT_STATUS(ran, 2);
        EXPECT_IN(ran.err, cases[i].reason);
        cr_expect(eq(str, ran.out, ""));
        forget(&ran);
    }
    struct ran ran = GAINSAY_IN(directory, "replay", "bug.trace");
    EXPECT_STATUS(ran, 0);
    forget(&ran);
}

/* ---- Rewriting ---- */

/* A trace of the planted bug of a copy of the token ring, which the test changes then. */
static void check_ring(void)
{
    char *from = text_of("%s/examples/token_ring.c", project_root()), *to = in_directory("ring.c");
    copy_file(from, to);
    struct ran ran =
        GAINSAY_IN(directory, "check", "ring.c", "--mutant", "accept-old-token", "--quiet", "--trace", "bug.trace");
    EXPECT_STATUS(ran, 1);
    forget(&ran);
    free(from);
    free(to);
}

/* Replaces every `old` in a file of the test's directory. */
static void change(const char *name, const char *old, const char *new)
{
    char *path = in_directory(name), *text = read_file(path), *changed, *rest = text;
    size_t size;
    FILE *out = open_memstream(&changed, &size);
    cr_assert(strstr(text, old) != NULL, "%s", old);
    for (char *at; (at = strstr(rest, old)); rest = at + strlen(old))
        fprintf(out, "%.*s%s", (int)(at - rest), rest, new);
    fputs(rest, out);
    fclose(out);
    write_file(path, changed);
    free(changed);
    free(text);
    free(path);
}

static char *read_in_directory(const char *name)
{
    char *path = in_directory(name), *text = read_file(path);
    free(path);
    return text;
}

Test(replay, rewrites_a_trace_of_another_version_that_is_still_violated)
{
    check_ring();
    change("ring.c", ".fields = {\"hop\"}", ".fields = {\"bounce\"}");
    change("ring.c", "uint8_t hop;\n}", "uint8_t bounce;\n}");
    change("ring.c", "GS_FIELD(struct message, hop)", "GS_FIELD(struct message, bounce)");
    change("ring.c", ".hop = ", ".bounce = ");
    change("ring.c", "message->hop", "message->bounce");
    struct ran ran = GAINSAY_IN(directory, "replay", "bug.trace");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "note: bug.trace:3: token: the file does not know bounce; 1 is taken");
    forget(&ran);
    ran = GAINSAY_IN(directory, "replay", "--rewrite", "--json", "out.json", "bug.trace");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "bug.trace: rewritten: one-holder is violated in 6 steps: ");
    char *json = read_in_directory("out.json"), *text = read_in_directory("bug.trace");
    json_t *report = parse_json(json), *trace = json_array_get(json_object_get(report, "traces"), 0);
    cr_expect(json_object_get(trace, "rewritten") == json_true());
    EXPECT_IN(text, "\"bounce\":1");
    EXPECT_NOT_IN(text, "\"message\":{\"type\":\"token\",\"hop\"");
    forget(&ran);
    ran = GAINSAY_IN(directory, "replay", "bug.trace");
    EXPECT_STATUS(ran, 0);
    EXPECT_NOT_IN(ran.out, "note");
    forget(&ran);
    json_decref(report);
    free(json);
    free(text);
}

Test(replay, leaves_alone_what_is_no_longer_violated_or_as_it_would_be_written)
{
    check_ring();
    char *before = read_in_directory("bug.trace");
    struct ran ran = GAINSAY_IN(directory, "replay", "--rewrite", "bug.trace");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "bug.trace: reproduces: ");
    forget(&ran);
    change("ring.c", "&& !gs_mutant(s, ACCEPT_OLD_TOKEN)", "");
    ran = GAINSAY_IN(directory, "replay", "--rewrite", "bug.trace");
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out, "bug.trace: no longer violated: bug.trace:7: no run of its events violates one-holder (");
    forget(&ran);
    char *after = read_in_directory("bug.trace");
    cr_expect(eq(str, before, after));
    free(before);
    free(after);
}

Test(replay, a_property_with_a_new_name_is_given_by_hand)
{
    check_ring();
    change("ring.c", "\"one-holder\"", "\"single-holder\"");
    struct ran ran = GAINSAY_IN(directory, "replay", "bug.trace");
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out, "bug.trace:1: property: token-ring has no property one-holder; these events violate "
                       "single-holder (node1 and node2 both hold a token): if it has a new name, replay with "
                       "--property");
    forget(&ran);
    ran = GAINSAY_IN(directory, "replay", "--property", "single-hodler", "bug.trace");
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.err, "--property single-hodler: no such property; did you mean 'single-holder'?");
    forget(&ran);
    ran = GAINSAY_IN(directory, "replay", "--property", "single-holder", "--rewrite", "bug.trace");
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    ran = GAINSAY_IN(directory, "replay", "bug.trace");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "bug.trace: reproduces: single-holder is violated in 6 steps");
    forget(&ran);
}

Test(replay, show_refuses_what_it_cannot_show_whole)
{
    check_ring();
    change("ring.c", "\"pass\"", "\"hand-on\"");
    struct ran ran = GAINSAY_IN(directory, "show", "bug.trace");
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.err, "gainsay: show: bug.trace:2: name: node0 has no local event \"pass\"");
    forget(&ran);
    ran = GAINSAY_IN(directory, "replay", "bug.trace");
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out, "bug.trace:2: step 1: name: node0 has no local event \"pass\"; enabled: node0: hand-on");
    forget(&ran);
}

/* ---- States ---- */

/* Runs replay on bug.trace and expects exit code, standard output and a part of standard error. */
static void expect_replay(const char *const *flags, int status, const char *out, const char *err)
{
    const char *arguments[16] = {program_path(), "replay", "bug.trace"};
    for (size_t i = 0; flags[i]; i++)
        arguments[3 + i] = flags[i];
    struct ran ran = run_in(directory, arguments);
    EXPECT_STATUS(ran, status);
    if (out)
        cr_expect(eq(str, ran.out, (char *)(uintptr_t)out));
    EXPECT_IN(ran.err, err);
    forget(&ran);
}

#define FLAGS(...) ((const char *const[]){__VA_ARGS__, NULL})

Test(replay, prints_the_state_at_a_step)
{
    static const char at_4[] = "after step 4: transaction-manager: decide\n"
                               "  transaction-manager: phase committed, votes {resource-manager0}\n"
                               "  resource-manager0: phase prepared\n"
                               "  resource-manager1: phase working\n"
                               "  resource-manager2: phase aborted\n"
                               "  in flight\n"
                               "    resource-manager0 -> transaction-manager: vote\n"
                               "    transaction-manager -> resource-manager0: commit\n"
                               "    transaction-manager -> resource-manager1: commit\n"
                               "    transaction-manager -> resource-manager2: commit\n";
    check_commit("bug.trace");
    expect_replay(FLAGS("--at", "4"), 0, at_4, "");
    expect_replay(FLAGS("--at", "-2"), 0, at_4, "");
    expect_replay(FLAGS("--at=0"), 0,
                  "initially\n"
                  "  transaction-manager: phase working, votes {}\n"
                  "  resource-manager0: phase working\n"
                  "  resource-manager1: phase working\n"
                  "  resource-manager2: phase working\n",
                  "");
}

Test(replay, prints_parts_of_the_state_as_lines_for_scripts)
{
    check_commit("bug.trace");
    expect_replay(FLAGS("--print", "transaction-manager.votes", "--print", "resource-manager2"), 0,
                  "transaction-manager.votes = {resource-manager0}\nresource-manager2 = phase aborted\n", "");
    expect_replay(FLAGS("--at", "all", "--print", "transaction-manager.phase", "--print", "resource-manager1.phase"), 0,
                  "step 0: transaction-manager.phase = working\n"
                  "step 0: resource-manager1.phase = working\n"
                  "step 4: transaction-manager.phase = committed\n"
                  "step 5: resource-manager1.phase = committed\n",
                  "");
}

Test(replay, refuses_states_that_there_are_not)
{
    check_commit("bug.trace");
    expect_replay(FLAGS("--at", "6"), 2, "", "--at 6: the trace has 5 steps: a number from 0 (initially) to 5");
    expect_replay(FLAGS("--at", "-7"), 2, "", "--at -7: the trace has 5 steps: ");
    expect_replay(FLAGS("--at", "two"), 2, "", "--at two: not a number of steps, nor 'all'");
    expect_replay(FLAGS("--print", "resource-manager4"), 2, "",
                  "--print resource-manager4: no such node; did you mean 'resource-manager0'?");
    expect_replay(
        FLAGS("--print", "transaction-manager.vote"), 2, "",
        "--print transaction-manager.vote: vote: no such member of transaction-manager; did you mean 'votes'?");
    expect_replay(FLAGS("--at", "1", "--json", "-"), 2, "", "--at and --json: one of them at a time");
    expect_replay(FLAGS("--at", "1", "other.trace"), 2, "", "--at: one trace at a time, not 2");
}

Test(replay, says_where_a_state_cannot_be_reached)
{
    check_ring();
    change("ring.c", "case PASS:", "case PASS:\n        if (node->hop >= 1)\n            return false;");
    expect_replay(FLAGS("--at", "1", "--print", "node1.inbox"), 0, "node1.inbox = [node0: token {hop 1}]\n",
                  "note: bug.trace is no longer violated: bug.trace:4: no run of its events violates one-holder");
    struct ran ran = GAINSAY_IN(directory, "replay", "bug.trace", "--at", "5");
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out, "bug.trace: diverges: step 3: node1: pass: it is not enabled: the handler returns false");
    forget(&ran);
}
