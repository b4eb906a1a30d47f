/* gainsay replay --interactive, led by a script. */
#include "tests/run_program.h"

static char *directory;

static void set_up(void)
{
    directory = make_test_directory();
    struct ran ran = GAINSAY_IN(directory, "check", "two-phase-commit", "--preset", "small", "--mutant",
                                "commit-on-one-vote", "--quiet", "--trace", "bug.trace");
    EXPECT_STATUS(ran, 1);
    forget(&ran);
}

static void tear_down(void)
{
    remove_test_directory(directory);
}

TestSuite(interactive, .init = set_up, .fini = tear_down);

/* What a session on a trace in the directory says to these lines. */
static struct ran lead(const char *trace, const char *lines)
{
    char *path = text_of("%s/lines", directory);
    write_file(path, lines);
    const struct ran ran =
        run_in(directory, (const char *const[]){"sh", "-c", "exec \"$0\" replay --interactive \"$1\" < lines",
                                                program_path(), trace, NULL});
    free(path);
    return ran;
}

static void expect_session(const char *lines, int status, const char *out, const char *err)
{
    struct ran ran = lead("bug.trace", lines);
    EXPECT_STATUS(ran, status);
    EXPECT_IN(ran.out, out);
    EXPECT_IN(ran.err, err);
    EXPECT_NOT_IN(ran.out, "/5"); /* a prompt */
    forget(&ran);
}

Test(interactive, goes_forth_and_back)
{
    struct ran ran = lead("bug.trace", "next\nn 2\nb\ngoto 0\nrun\n");
    EXPECT_STATUS(ran, 0);
    cr_expect(eq(str, ran.err, ""));
    cr_expect(eq(str, ran.out,
                 "bug.trace: two-phase-commit: consistent in 5 steps\n"
                 "  1  resource-manager2: refuse\n"
                 "       resource-manager2: phase working -> aborted\n"
                 "  2  resource-manager0: prepare\n"
                 "       resource-manager0: phase working -> prepared\n"
                 "       sends vote to transaction-manager\n"
                 "  3  resource-manager0 -> transaction-manager: vote\n"
                 "       transaction-manager: votes {} -> {resource-manager0}\n"
                 "  2  resource-manager0: prepare\n"
                 "       resource-manager0: phase working -> prepared\n"
                 "       sends vote to transaction-manager\n"
                 "initially\n"
                 "  1  resource-manager2: refuse\n"
                 "       resource-manager2: phase working -> aborted\n"
                 "  2  resource-manager0: prepare\n"
                 "       resource-manager0: phase working -> prepared\n"
                 "       sends vote to transaction-manager\n"
                 "  3  resource-manager0 -> transaction-manager: vote\n"
                 "       transaction-manager: votes {} -> {resource-manager0}\n"
                 "  4  transaction-manager: decide\n"
                 "       transaction-manager: phase working -> committed\n"
                 "       sends commit to resource-manager0, resource-manager1, resource-manager2\n"
                 "  5  transaction-manager -> resource-manager1: commit\n"
                 "       resource-manager1: phase working -> committed\n"));
    forget(&ran);
}

Test(interactive, shows_the_state_and_what_can_happen)
{
    expect_session(
        "goto 3\nstate\n", 0,
        "  transaction-manager: phase working, votes {resource-manager0}\n  resource-manager0: phase prepared\n", "");
    expect_session("goto 3\ns transaction-manager.votes resource-manager2.phase\n", 0,
                   "transaction-manager.votes = {resource-manager0}\nresource-manager2.phase = aborted\n", "");
    expect_session("flight\n", 0, "  nothing is in flight\n", "");
    expect_session("goto 2\nf\n", 0, "  resource-manager0 -> transaction-manager: vote\n", "");
    expect_session("goto 3\nenabled\n", 0,
                   "*  1  transaction-manager: decide\n"
                   "   2  transaction-manager: give-up\n"
                   "   3  resource-manager1: prepare\n"
                   "   4  resource-manager1: refuse\n",
                   "");
    expect_session("?\n", 0, "  t  take    N|EVENT    take that event", "");
}

Test(interactive, leaves_the_path_and_comes_back)
{
    expect_session("goto 3\ntake 2\nundo\nnext\n", 0,
                   "  4  transaction-manager: give-up\n"
                   "       transaction-manager: phase working -> aborted\n"
                   "       sends abort to resource-manager0, resource-manager1, resource-manager2\n"
                   "  3  resource-manager0 -> transaction-manager: vote\n"
                   "       transaction-manager: votes {} -> {resource-manager0}\n"
                   "  4  transaction-manager: decide\n",
                   "");
    expect_session("take resource-manager1: prepare\n", 0, "  1  resource-manager1: prepare\n", "");
}

Test(interactive, judges_where_it_stands)
{
    expect_session("goto 4\njudge\n", 0, "  consistent    holds\n", "");
    expect_session("run\njudge\n", 0,
                   "  consistent    violated: resource-manager2 has aborted and resource-manager1 has committed\n"
                   "  committed     met\n"
                   "  aborted       met\n"
                   "  well-behaved  holds\n",
                   "");
}

Test(interactive, saves_what_the_path_is_a_trace_of)
{
    expect_session("run\nsave again.trace\n", 0, "again.trace: consistent is violated in 5 steps\n", "");
    expect_session("n 2\nw part.trace\n", 0, "part.trace: sample in 2 steps\n", "");
    struct ran ran = GAINSAY_IN(directory, "replay", "again.trace", "part.trace");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "again.trace: reproduces: consistent is violated in 5 steps: ");
    EXPECT_IN(ran.out, "part.trace: reproduces: sample in 2 steps");
    forget(&ran);
    char *one = text_of("%s/bug.trace", directory), *other = text_of("%s/again.trace", directory);
    char *before = read_file(one), *after = read_file(other);
    cr_expect(eq(str, before, after));
    free(before);
    free(after);
    free(one);
    free(other);
}

Test(interactive, a_session_of_another_path_finds_the_same_violation)
{
    expect_session("take resource-manager1: refuse\ntake resource-manager0: prepare\n"
                   "take resource-manager0 -> transaction-manager: vote\ntake transaction-manager: decide\n"
                   "take transaction-manager -> resource-manager2: commit\nsave other.trace\n",
                   0, "other.trace: consistent is violated in 5 steps\n", "");
    struct ran ran = GAINSAY_IN(directory, "replay", "other.trace");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "resource-manager1 has aborted and resource-manager2 has committed");
    forget(&ran);
}

Test(interactive, what_cannot_be_done_is_said_and_does_not_end_the_session)
{
    expect_session("nxt\nnext\n", 2, "  1  resource-manager2: refuse\n",
                   "replay: nxt: no such command; did you mean 'next'?");
    expect_session("next 9\nenabled\n", 2, "resource-manager0: prepare", "step 6: this is the end of the path");
    expect_session("back\n", 2, "", "back: this is where it begins");
    expect_session("goto 9\n", 2, "", "goto 9: the path has 5 steps");
    expect_session("goto\n", 2, "", "goto: to which step?");
    expect_session("next two\n", 2, "", "next two: that is no number");
    expect_session("take 99\n", 2, "", "take 99: 'enabled' numbers what there is");
    expect_session("take\n", 2, "", "take: which event?");
    expect_session("take resource-manager7: prepare\n", 2, "", "take resource-manager7: prepare: ");
    expect_session("take transaction-manager: decide\n", 2, "",
                   "take: transaction-manager: decide: it is not enabled: the handler returns false");
    expect_session("undo\n", 2, "", "undo: the path was not left");
    expect_session("judge now\n", 2, "", "judge now: judge takes nothing");
    expect_session("state resource-manager9\n", 2, "", "no such node; did you mean 'resource-manager0'?");
    expect_session("save bug.trace\n", 2, "", "save bug.trace: there is such a file");
    expect_session("save nowhere/a.trace\n", 2, "", "save nowhere/a.trace: cannot write: No such file");
    expect_session("\n   \nquit\nnonsense\n", 0, "", "");
}

Test(interactive, a_handler_that_crashes_or_loops_is_a_finding)
{
    static const struct {
        const char *plugin, *finding;
    } cases[] = {{"segfault", "SIGSEGV"}, {"endless_loop", "it did not return"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *plugin = text_of("%s/tests/data/plugins/%s.c", project_root(), cases[i].plugin);
        struct ran ran = GAINSAY_IN(directory, "check", plugin, "--quiet", "--trace", "crash.trace");
        EXPECT_STATUS(ran, 1);
        forget(&ran);
        ran = lead("crash.trace", "run\nenabled\njudge\nback\nenabled\nstate\n");
        EXPECT_STATUS(ran, 0);
        EXPECT_IN(ran.out, "misbehaves: ");
        EXPECT_IN(ran.out, cases[i].finding);
        EXPECT_IN(ran.out, "  nothing: the last handler misbehaved\n");
        EXPECT_IN(ran.out, "well-behaved  violated: ");
        EXPECT_IN(ran.out, ", which misbehaves\n");
        forget(&ran);
        free(plugin);
    }
}

Test(interactive, a_trace_that_diverges_is_walked_as_far_as_it_goes)
{
    char *path = text_of("%s/bug.trace", directory), *text = read_file(path), *edited = strdup(text);
    char *digest = strstr(edited, ",\"digest\""), *mutant = strstr(edited, "\"commit-on-one-vote\"");
    const size_t length = strlen("\"commit-on-one-vote\"");
    strcpy(digest, "}\n");
    memmove(mutant, mutant + length, strlen(mutant + length) + 1);
    write_file(path, edited);
    expect_session("run\nenabled\n", 2, "note: it is no longer violated: bug.trace:5: no run of its events ",
                   "step 4: transaction-manager: decide: it is not enabled");
    char *name = strstr(strcpy(edited, text), "\"prepare\"");
    strcpy(strstr(edited, ",\"digest\""), "}\n");
    memcpy(name, "\"PREPARE\"", 9);
    write_file(path, edited);
    expect_session("run\nenabled\n", 2, "   1  transaction-manager: give-up\n",
                   "step 2: bug.trace:3: name: resource-manager0 has no local event \"PREPARE\"");
    free(edited);
    free(text);
    free(path);
}

Test(interactive, takes_one_trace_and_nothing_else)
{
    struct ran ran = GAINSAY_IN(directory, "replay", "--interactive", "bug.trace", "bug.trace");
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.err, "--interactive: one trace at a time, not 2");
    forget(&ran);
    ran = GAINSAY_IN(directory, "replay", "--interactive", "--at", "3", "bug.trace");
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.err, "--interactive and --at: one of them at a time");
    forget(&ran);
}
