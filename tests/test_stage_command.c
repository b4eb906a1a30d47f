/* check --from and fuzz --from, as their users run them. */
#include "tests/bad_input.h"

/* A counterexample of six events, in bug.trace. */
static char *make_place_with_trace(void)
{
    char *place = make_place();
    struct ran ran = GAINSAY_IN(place, "check", "raft", "--preset", "one-term", "--mutant", "vote-twice", "--property",
                                "at-most-one-leader", "--trace", "bug.trace", "--quiet");
    EXPECT_STATUS(ran, 1);
    forget(&ran);
    return place;
}

Test(stage_command, checks_what_follows_a_trace_and_writes_a_whole_one)
{
    char *place = make_place_with_trace();
    struct ran ran = GAINSAY_IN(place, "check", "raft", "--from", "bug.trace", "--at", "3", "--property",
                                "at-most-one-leader", "--trace", "again.trace");
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out, "  from        event 3 of bug.trace, whose configuration it is\n");
    EXPECT_IN(ran.out, "  mutants     vote-twice");
    EXPECT_IN(ran.out, "violated in 6 steps, 3 of them behind event 3 of bug.trace (no fewer lead there): server");
    EXPECT_IN(ran.out, "  runs that begin otherwise: all that was searched is what can follow event 3 of bug.trace\n");
    EXPECT_IN(ran.out, "gainsay: violated protocol=raft property=at-most-one-leader from=bug.trace at=3 states=");
    forget(&ran);
    ran = GAINSAY_IN(place, "replay", "again.trace");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "again.trace: reproduces: at-most-one-leader is violated in 6 steps");
    forget(&ran);
    remove_test_directory(place);
}

Test(stage_command, says_what_it_proved_and_of_what)
{
    char *place = make_place();
    struct ran ran =
        GAINSAY_IN(place, "check", "raft", "--preset", "one-term", "--witness", "leader-elected", ".", "--quiet");
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    ran = GAINSAY_IN(place, "check", "raft", "--from", "leader-elected.trace", "--json", "-");
    EXPECT_STATUS(ran, 0);
    json_t *report = parse_json(ran.out), *from = json_object_get(report, "from");
    cr_expect(eq(str, (char *)json_string_of(from, "trace"), "leader-elected.trace"));
    cr_expect(eq(int, (int)json_number(from, "at"), 3));
    const bool has_no_preset = json_is_null(json_object_get(report, "preset"));
    cr_expect(has_no_preset);
    cr_expect(eq(str, (char *)json_string_of(json_property(report, "terms-never-go-back"), "verdict"),
                 "proved from there on"));
    json_decref(report);
    forget(&ran);
    ran = GAINSAY_IN(place, "check", "raft", "--from", "leader-elected.trace", "--at", "0");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "  from        the start of leader-elected.trace, whose configuration it is\n");
    EXPECT_IN(ran.out, "terms-never-go-back            proved from the start of leader-elected.trace on");
    forget(&ran);
    remove_test_directory(place);
}

Test(stage_command, draws_runs_that_begin_with_a_trace_and_says_how_to_run_one_again)
{
    char *place = make_place_with_trace();
    struct ran ran =
        GAINSAY_IN(place, "fuzz", "raft", "--from", "bug.trace", "--at", "2", "--runs", "5000", "--property",
                   "at-most-one-leader", "--long-trace", "long.trace", "--trace", "short.trace");
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out, "  from        event 2 of bug.trace, whose configuration it is\n");
    EXPECT_IN(ran.out,
              "to run it again: gainsay fuzz raft --from bug.trace --at 2 --property at-most-one-leader --seed");
    EXPECT_IN(ran.out, "gainsay: violated protocol=raft property=at-most-one-leader from=bug.trace at=2 runs=");
    forget(&ran);
    ran = GAINSAY_IN(place, "replay", "long.trace", "short.trace");
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    ran = GAINSAY_IN(place, "fuzz", "raft", "--from", "bug.trace", "--property", "terms-never-go-back", "--runs", "30",
                     "--steps", "50");
    EXPECT_IN(ran.out, "terms-never-go-back");
    EXPECT_NOT_IN(ran.out, "proved");
    forget(&ran);
    remove_test_directory(place);
}

static void expect_refusal(const char *place, const char *said, const char *const *arguments)
{
    char *before = list_place(place);
    struct ran ran = run_in(place, arguments);
    char *after = list_place(place);
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.err, said);
    cr_expect(is_one_line(ran.err), "%s", ran.err);
    cr_expect(eq(str, ran.out, ""));
    cr_expect(eq(str, before, after));
    free(before);
    free(after);
    forget(&ran);
}

/* Writes what a sed script makes of bug.trace. */
static void edit(const char *place, const char *script, const char *name)
{
    char *command = text_of("sed -e '%s' bug.trace >%s", script, name);
    struct ran ran = run_in(place, (const char *const[]){"/bin/sh", "-c", command, NULL});
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    free(command);
}

#define REFUSED(said, ...) \
    expect_refusal(place, said, (const char *const[]){program_path(), __VA_ARGS__, "--trace", "new.trace", NULL})

Test(stage_command, refuses_traces_from_which_nothing_can_start)
{
    char *place = make_place_with_trace();
    edit(place, "$d", "without-end.trace");
    edit(place, "3,$d", "short.trace");
    edit(place, "$s/,\"digest\":\"[0-9a-f]*\"//; s/\"model\":\"[0-9a-f]*\"/\"model\":\"0123456789abcdef\"/",
         "other-model.trace");
    edit(place, "$s/,\"digest\":\"[0-9a-f]*\"//; s/\"fingerprint\":\"[0-9a-f]*\"/\"fingerprint\":\"0123456789abcdef\"/",
         "other-state.trace");
    edit(place, "1s/\"raft\"/\"paxos\"/", "other-protocol.trace");
    REFUSED("--at 7: bug.trace has 6 events: a number from 0 to 6", "check", "raft", "--from", "bug.trace", "--at",
            "7");
    REFUSED("--at -1: a number of events from 0 on", "check", "raft", "--from", "bug.trace", "--at=-1");
    REFUSED("--at 2: there is no trace to count events of: add --from TRACE", "fuzz", "raft", "--at", "2");
    REFUSED("bug.trace:1: the trace is of protocol 'raft', two-phase-commit holds", "check", "two-phase-commit",
            "--from", "bug.trace");
    REFUSED("other-protocol.trace", "check", "raft", "--from", "other-protocol.trace");
    REFUSED("no.trace: cannot read: No such file", "fuzz", "raft", "--from", "no.trace");
    REFUSED("short.trace", "check", "raft", "--from", "short.trace");
    REFUSED("--from other-model.trace: it was written for another version of the protocol", "check", "raft", "--from",
            "other-model.trace");
    REFUSED("--from other-state.trace:", "fuzz", "raft", "--from", "other-state.trace");
    REFUSED("--set servers=5: the run of bug.trace has servers=3: leave it out", "check", "raft", "--from", "bug.trace",
            "--set", "servers=5");
    REFUSED("--timeouts 1: the first 5 events of bug.trace spend 2 already", "check", "raft", "--from", "bug.trace",
            "--timeouts", "1");
    REFUSED("--from bug.trace: runs with a clock start at its beginning", "fuzz", "raft", "--from", "bug.trace",
            "--profile", "wan");
    remove_test_directory(place);
}

Test(stage_command, is_a_key_of_suites_too)
{
    char *place = make_place_with_trace();
    char *path = path_in(place, "suite.ini");
    write_file(path, "[what-follows]\ncheck = raft\nfrom = bug.trace\nat = 4\nproperty = at-most-one-leader\n"
                     "expect = violated\nsteps = 6\n");
    struct ran ran = GAINSAY_IN(place, "suite", "suite.ini");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "what-follows");
    forget(&ran);
    write_file(path, "[too-far]\ncheck = raft\nfrom = bug.trace\nat = 40\n");
    ran = GAINSAY_IN("/", "suite", path);
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.err, "suite.ini:4: [too-far]: at 40: bug.trace has 6 events: a number from 0 to 6\n");
    forget(&ran);
    free(path);
    remove_test_directory(place);
}

Test(stage_command, behind_a_handler_that_misbehaves_there_is_nothing)
{
    char *place = make_place(), *plugin = text_of("%s/tests/data/plugins/false_that_changed.c", project_root());
    struct ran ran = GAINSAY_IN(place, "check", plugin, "--trace", "bug.trace");
    EXPECT_STATUS(ran, 1);
    forget(&ran);
    REFUSED("--at 3: in event 3 of bug.trace a handler misbehaves, and nothing comes behind it: a number from 0 to 2",
            "check", plugin, "--from", "bug.trace", "--at", "3");
    REFUSED("--at 3: in event 3 of bug.trace a handler misbehaves", "fuzz", plugin, "--from", "bug.trace", "--at", "3");
    ran = GAINSAY_IN(place, "check", plugin, "--from", "bug.trace");
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out, "from=bug.trace at=2 ");
    forget(&ran);
    free(plugin);
    remove_test_directory(place);
}

Test(stage_command, a_suite_says_where_at_lacks_its_trace)
{
    char *place = make_place(), *path = path_in(place, "s.ini");
    char *text = text_of("[plugin]\nfuzz = %s/tests/data/plugins/lease.c\nat = 6\n", project_root());
    write_file(path, "[one]\ncheck = raft\nat = 5\n");
    EXPECT_REFUSED(place, "s.ini:3: [one]: at 5: there is no trace to count events of: add 'from = TRACE'\n", "suite",
                   "s.ini");
    write_file(path, text);
    EXPECT_REFUSED(place, "s.ini:3: [plugin]: at 6: there is no trace to count events of: add 'from = TRACE'\n",
                   "suite", "s.ini");
    write_file(path, "[one]\nmutants = raft\nat = 5\n");
    EXPECT_REFUSED(place, "s.ini:3: ", "suite", "s.ini");
    free(text);
    free(path);
    remove_test_directory(place);
}
