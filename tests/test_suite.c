/* gainsay suite as its users run it: whole files, in directories of their own. */
#include <signal.h>

#include "tests/run_program.h"

/* A directory with a suite file of this text. */
static char *make_suite(const char *text)
{
    char *directory = make_test_directory(), *path = text_of("%s/suite.ini", directory);
    write_file(path, text);
    free(path);
    return directory;
}

static void add_file(const char *directory, const char *name, const char *text)
{
    char *path = text_of("%s/%s", directory, name);
    write_file(path, text);
    free(path);
}

static void copy_into(const char *directory, const char *from, const char *name)
{
    char *source = text_of("%s/%s", project_root(), from), *path = text_of("%s/%s", directory, name);
    copy_file(source, path);
    free(source);
    free(path);
}

static void make_subdirectory(const char *directory, const char *name)
{
    char *path = text_of("%s/%s", directory, name);
    cr_assert(mkdir(path, 0777) == 0);
    free(path);
}

static bool has_file(const char *directory, const char *name)
{
    char *path = text_of("%s/%s", directory, name);
    const bool exists = file_exists(path);
    free(path);
    return exists;
}

/* The suite of tests/data/suites/all.ini, with all that it names. */
static char *make_whole_suite(void)
{
    char *directory = make_test_directory();
    copy_into(directory, "tests/data/suites/all.ini", "suite.ini");
    copy_into(directory, "examples/token_ring.c", "token_ring.c");
    make_subdirectory(directory, "traces");
    copy_into(directory, "tests/data/trace-commit.trace", "traces/commit.trace");
    return directory;
}

/* The row of a run in the table. */
static char *row_of(const char *out, const char *run)
{
    for (const char *line = out; *line; line += strcspn(line, "\n") + 1) {
        char mark[16], name[64];
        const size_t length = strcspn(line, "\n");
        if (sscanf(line, "%15s %63s", mark, name) == 2 && strcmp(name, run) == 0)
            return text_of("%.*s", (int)length, line);
        if (!line[length])
            break;
    }
    cr_fatal("no row of %s in: %s", run, out);
    return NULL;
}

#define EXPECT_ROW(out, run, ...)                                            \
    do {                                                                     \
        char *row = row_of(out, run);                                        \
        const char *const parts[] = {__VA_ARGS__};                           \
        for (size_t part = 0; part < sizeof(parts) / sizeof(*parts); part++) \
            EXPECT_IN(row, parts[part]);                                     \
        free(row);                                                           \
    } while (0)

/* ---- All is well ---- */

Test(suite, runs_every_kind_and_holds)
{
    char *directory = make_whole_suite();
    struct ran ran = GAINSAY_IN(directory, "suite", "suite.ini");
    EXPECT_STATUS(ran, 0);
    EXPECT_ROW(ran.out, "tpc/small", "ok", "check two-phase-commit", "holds", "288", "4 proved");
    EXPECT_ROW(ran.out, "tpc.bug", "ok", "violated", "1 violated, 2 proved, 1 bounded");
    EXPECT_ROW(ran.out, "tpc.cut", "ok", "incomplete");
    EXPECT_ROW(ran.out, "ring", "ok", "check token_ring.c", "3 proved");
    EXPECT_ROW(ran.out, "tpc-mutants", "ok", "killed", "1 holds, 2 killed");
    EXPECT_ROW(ran.out, "regressions", "ok", "violated", "1 reproduced");
    EXPECT_IN(ran.out, "gainsay: suite holds runs=6 failed=0 seconds=");
    cr_expect(eq(str, ran.err, ""));
    forget(&ran);
    remove_test_directory(directory);
}

/* So that a new protocol is not forgotten; that all of it holds is for `gainsay suite suite.ini`. */
Test(suite, of_the_project_has_every_protocol)
{
    char *path = text_of("%s/suite.ini", project_root()), *suite = read_file(path);
    struct ran ran = GAINSAY("list");
    char *rest = NULL;
    for (char *line = strtok_r(ran.out, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        const int length = (int)strcspn(line, " ");
        char *check = text_of("\ncheck = %.*s\n", length, line), *mutants = text_of("\nmutants = %.*s\n", length, line);
        EXPECT_IN(suite, check);
        EXPECT_IN(suite, mutants);
        free(check);
        free(mutants);
    }
    forget(&ran);
    ran = GAINSAY("suite", "suite.ini", "--only", "two-phase-commit.small", "--only", "regressions*");
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    free(suite);
    free(path);
}

Test(suite, takes_paths_from_the_directory_of_its_file)
{
    char *directory = make_whole_suite(), *path = text_of("%s/suite.ini", directory);
    struct ran ran = GAINSAY_IN("/", "suite", path, "--quiet");
    EXPECT_STATUS(ran, 0);
    cr_expect(ran.out == strstr(ran.out, "gainsay: suite holds runs=6 failed=0"), "%s", ran.out);
    forget(&ran);
    free(path);
    remove_test_directory(directory);
}

Test(suite, reports_in_the_order_of_the_file_however_many_run_at_a_time)
{
    char *directory = make_suite("[slow]\ncheck = raft\n[quick]\ncheck = two-phase-commit\npreset = small\n");
    const char *const jobs[] = {"1", "2", "9"};
    for (size_t i = 0; i < 3; i++) {
        struct ran ran = GAINSAY_IN(directory, "suite", "suite.ini", "--jobs", jobs[i]);
        EXPECT_STATUS(ran, 0);
        const char *slow = strstr(ran.out, "slow"), *quick = strstr(ran.out, "quick");
        cr_expect(slow && quick && slow < quick, "%s jobs: %s", jobs[i], ran.out);
        forget(&ran);
    }
    remove_test_directory(directory);
}

Test(suite, runs_only_what_is_asked_for)
{
    char *directory = make_whole_suite();
    struct ran ran = GAINSAY_IN(directory, "suite", "suite.ini", "--only", "tpc*", "--only", "ring");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "runs=5 failed=0");
    EXPECT_NOT_IN(ran.out, "regressions");
    forget(&ran);
    ran = GAINSAY_IN(directory, "suite", "suite.ini", "--only", "regresions");
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.err, "gainsay: suite: --only regresions: no such run; did you mean 'regressions'?");
    forget(&ran);
    remove_test_directory(directory);
}

Test(suite, leaves_no_temporary_file)
{
    char *directory = make_whole_suite(), *temporary = text_of("%s/tmp", directory);
    cr_assert(mkdir(temporary, 0777) == 0 && setenv("TMPDIR", temporary, 1) == 0);
    struct ran ran = GAINSAY_IN(directory, "suite", "suite.ini");
    EXPECT_STATUS(ran, 0);
    cr_expect(rmdir(temporary) == 0, "something is left in %s", temporary);
    forget(&ran);
    free(temporary);
    remove_test_directory(directory);
}

Test(suite, is_not_disturbed_by_a_standard_output_that_is_full)
{
    char *directory = make_whole_suite();
    char *command = text_of("'%s' suite suite.ini --junit j.xml > /dev/full", program_path());
    struct ran ran = run_in(directory, (const char *const[]){"sh", "-c", command, NULL});
    EXPECT_STATUS(ran, 2);
    cr_expect(eq(str, ran.err, "gainsay: standard output: No space left on device\n"));
    char *path = text_of("%s/j.xml", directory), *junit = read_file(path);
    EXPECT_IN(junit, "failures=\"0\" errors=\"0\"");
    free(junit);
    free(path);
    forget(&ran);
    free(command);
    remove_test_directory(directory);
}

/* ---- Something is not as expected ---- */

Test(suite, explains_an_unexpected_violation_with_a_command_that_shows_it_again)
{
    char *directory = make_suite("[bug]\n\ncheck = two-phase-commit\npreset = small\nmutant = commit-on-one-vote\n");
    struct ran ran = GAINSAY_IN(directory, "suite", "suite.ini");
    EXPECT_STATUS(ran, 1);
    EXPECT_ROW(ran.out, "bug", "FAILED", "holds", "violated");
    EXPECT_IN(ran.out, "bug (suite.ini:1): expected holds, got violated\n"
                       "  consistent: violated in 5 steps: resource-manager2 has aborted and resource-manager1 has "
                       "committed\n");
    EXPECT_IN(ran.out, "      5  transaction-manager -> resource-manager1: commit\n");
    EXPECT_IN(ran.out, "gainsay: suite fails runs=1 failed=1 seconds=");
    const char *command = strstr(ran.out, "  again: gainsay ");
    cr_assert(command != NULL, "%s", ran.out);
    command += strlen("  again: gainsay ");
    char *line = text_of("'%s' %.*s", program_path(), (int)strcspn(command, "\n"), command);
    struct ran again = run_in(directory, (const char *const[]){"sh", "-c", line, NULL});
    EXPECT_STATUS(again, 1);
    EXPECT_IN(again.out, "consistent    violated in 5 steps");
    forget(&again);
    free(line);
    forget(&ran);
    remove_test_directory(directory);
}

Test(suite, quotes_what_a_shell_would_misread)
{
    char *directory = make_suite("[a]\ncheck = it's a ring.c\nexpect = violated\n");
    copy_into(directory, "examples/token_ring.c", "it's a ring.c");
    struct ran ran = GAINSAY_IN(directory, "suite", "suite.ini");
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out, "again: gainsay check 'it'\\''s a ring.c'\n");
    forget(&ran);
    remove_test_directory(directory);
}

Test(suite, compares_which_properties_are_violated_and_in_how_many_steps)
{
    char *directory = make_suite("[others]\ncheck = two-phase-commit\npreset = small\nmutant = commit-on-one-vote\n"
                                 "expect = violated\nviolates = committed\n"
                                 "[more]\ncheck = two-phase-commit\npreset = small\nmutant = commit-on-one-vote\n"
                                 "expect = violated\nviolates = consistent, committed\n"
                                 "[longer]\ncheck = two-phase-commit\npreset = small\nmutant = commit-on-one-vote\n"
                                 "expect = violated\nsteps = 7\n"
                                 "[none]\ncheck = two-phase-commit\npreset = small\nexpect = violated\n"
                                 "[complete]\ncheck = two-phase-commit\npreset = small\nexpect = incomplete\n");
    struct ran ran = GAINSAY_IN(directory, "suite", "suite.ini");
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out, "  consistent: violated in 5 steps:");
    EXPECT_IN(ran.out, "  committed: expected to be violated, but proved\n");
    EXPECT_IN(ran.out, "  consistent is violated in 5 steps, expected are 7\n");
    EXPECT_IN(ran.out, "  expected: violated, got: holds\n");
    EXPECT_IN(ran.out, "  expected: incomplete, got: holds\n");
    EXPECT_IN(ran.out, "runs=5 failed=5");
    forget(&ran);
    remove_test_directory(directory);
}

Test(suite, fails_when_a_run_is_incomplete_or_a_goal_is_not_met)
{
    char *directory = make_suite("[cut]\ncheck = two-phase-commit\nmax-states = 20\n"
                                 "[unmet]\ncheck = two-phase-commit\npreset = small\nmutant = commit-without-votes\n"
                                 "property = committed, aborted\n"
                                 "[allowed]\ncheck = token_ring.c\nset = nodes=3, hops=2\nallow = round-made\n"
                                 "[unreached]\ncheck = token_ring.c\nset = nodes=3, hops=2\n");
    copy_into(directory, "examples/token_ring.c", "token_ring.c");
    struct ran ran = GAINSAY_IN(directory, "suite", "suite.ini");
    EXPECT_STATUS(ran, 1);
    EXPECT_ROW(ran.out, "cut", "FAILED", "incomplete");
    EXPECT_IN(ran.out, "  consistent: bounded: stopped by --max-states 20\n");
    EXPECT_ROW(ran.out, "unmet", "ok", "1 not checked");
    EXPECT_ROW(ran.out, "allowed", "ok", "1 unreached");
    EXPECT_ROW(ran.out, "unreached", "FAILED", "1 unreached");
    EXPECT_IN(ran.out, "  round-made: unreached: the complete search never met it\n");
    forget(&ran);
    remove_test_directory(directory);
}

Test(suite, fails_when_a_mutant_survives_or_is_undecided)
{
    char *directory = make_suite("[cut]\nmutants = two-phase-commit\nmax-states = 20\n"
                                 "[survives]\nmutants = ring.c\n");
    char *source = text_of("%s/examples/token_ring.c", project_root()), *text = read_file(source);
    char *call = strstr(text, "gs_mutant(s, KEEP_TOKEN)");
    cr_assert(call != NULL);
    memcpy(call, "false /* no mutant */   ", strlen("gs_mutant(s, KEEP_TOKEN)"));
    add_file(directory, "ring.c", text);
    struct ran ran = GAINSAY_IN(directory, "suite", "suite.ini");
    EXPECT_STATUS(ran, 1);
    EXPECT_ROW(ran.out, "cut", "FAILED", "killed", "undecided");
    EXPECT_ROW(ran.out, "survives", "FAILED", "survived", "1 SURVIVED");
    EXPECT_IN(ran.out, "  keep-token: survived: one-holder does not catch it: one-holder proved\n");
    forget(&ran);
    free(text);
    free(source);
    remove_test_directory(directory);
}

/* ---- Committed traces ---- */

/* A ring whose property is wrong (it wants the token never to be passed on), the trace that shows it, and the ring put
 * right. */
static char *make_fixed_trace(const char *expected)
{
    char *suite = text_of("[regressions]\ntraces = traces\nexpect = %s\n", expected);
    char *directory = make_suite(suite), *path = text_of("%s/examples/token_ring.c", project_root());
    char *text = read_file(path);
    char *fault = strstr(text, "|| !other->holding");
    cr_assert(fault != NULL);
    memcpy(fault, "|| one->hop == 0  ", strlen("|| !other->holding"));
    add_file(directory, "ring.c", text);
    make_subdirectory(directory, "traces");
    struct ran ran = GAINSAY_IN(directory, "check", "ring.c", "--trace", "traces/bug.trace");
    EXPECT_STATUS(ran, 1);
    forget(&ran);
    copy_into(directory, "examples/token_ring.c", "ring.c");
    free(text);
    free(path);
    free(suite);
    return directory;
}

Test(suite, calls_a_trace_that_no_longer_violates_fixed)
{
    char *directory = make_fixed_trace("violated");
    struct ran ran = GAINSAY_IN(directory, "suite", "suite.ini");
    EXPECT_STATUS(ran, 1);
    EXPECT_ROW(ran.out, "regressions", "FAILED", "violated", "fixed", "1 fixed");
    EXPECT_IN(ran.out, "  traces/bug.trace: fixed: ");
    EXPECT_IN(ran.out, "expect = fixed");
    forget(&ran);
    remove_test_directory(directory);
}

Test(suite, expects_fixed_traces_to_stay_fixed)
{
    char *directory = make_fixed_trace("fixed");
    struct ran ran = GAINSAY_IN(directory, "suite", "suite.ini");
    EXPECT_STATUS(ran, 0);
    EXPECT_ROW(ran.out, "regressions", "ok", "fixed", "1 fixed");
    forget(&ran);
    copy_into(directory, "tests/data/trace-commit.trace", "traces/another.trace");
    ran = GAINSAY_IN(directory, "suite", "suite.ini");
    EXPECT_STATUS(ran, 1);
    EXPECT_ROW(ran.out, "regressions", "FAILED", "reproduced", "1 reproduced, 1 fixed");
    EXPECT_IN(ran.out, "  traces/another.trace: reproduced: consistent is still violated");
    forget(&ran);
    remove_test_directory(directory);
}

/* tests/data/orders.c with what its user makes of it. */
static void add_orders(const char *directory, const char *old, const char *new)
{
    char *path = text_of("%s/tests/data/orders.c", project_root()), *text = read_file(path);
    const char *at = strstr(text, old);
    cr_assert(at != NULL, "%s", old);
    char *changed = text_of("%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
    add_file(directory, "orders.c", changed);
    free(changed);
    free(text);
    free(path);
}

/* The protocol is broken and its counterexample committed. */
static char *make_order_trace(const char *expected)
{
    char *suite = text_of("[regressions]\ntraces = traces\nexpect = %s\n", expected);
    char *directory = make_suite(suite);
    add_orders(directory, "", "");
    make_subdirectory(directory, "traces");
    struct ran ran =
        GAINSAY_IN(directory, "check", "orders.c", "--property", "none-shipped-in-vain", "--trace", "traces/bug.trace");
    EXPECT_STATUS(ran, 1);
    forget(&ran);
    free(suite);
    return directory;
}

Test(suite, calls_a_trace_fixed_once_the_handler_refuses_its_event)
{
    char *directory = make_order_trace("fixed");
    struct ran ran = GAINSAY_IN(directory, "suite", "suite.ini");
    EXPECT_STATUS(ran, 1);
    EXPECT_ROW(ran.out, "regressions", "FAILED", "fixed", "reproduced", "1 reproduced");
    EXPECT_IN(ran.out, "none-shipped-in-vain is still violated");
    forget(&ran);
    /* Refused now, but possible before. */
    add_orders(directory, "!buyer->placed || buyer->taken_back", "buyer->placed || buyer->taken_back");
    ran = GAINSAY_IN(directory, "suite", "suite.ini");
    EXPECT_STATUS(ran, 1);
    EXPECT_ROW(ran.out, "regressions", "FAILED", "fixed", "diverged", "1 diverged");
    EXPECT_IN(ran.out, "still violated by a run of its events, in 3 steps: buyer: take-back; buyer: place; ");
    forget(&ran);
    add_orders(directory, "!buyer->placed || buyer->taken_back", "buyer->placed || buyer->willing");
    ran = GAINSAY_IN(directory, "suite", "suite.ini");
    EXPECT_STATUS(ran, 0);
    EXPECT_ROW(ran.out, "regressions", "ok", "fixed", "1 fixed");
    forget(&ran);
    ran = GAINSAY_IN(directory, "replay", "traces/bug.trace");
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out,
              "traces/bug.trace: no longer violated: traces/bug.trace:5: no run of its events violates "
              "none-shipped-in-vain (6 states); in its own order: step 3: buyer: take-back: it is not enabled");
    forget(&ran);
    remove_test_directory(directory);
}

Test(suite, never_lets_a_trace_diverge)
{
    const char *const expected[] = {"violated", "fixed"};
    for (size_t i = 0; i < 2; i++) {
        char *directory = make_order_trace(expected[i]);
        /* One step later, with the bug still there. */
        add_orders(directory, "static bool buyer_step(",
                   "#undef gs_mutant\n#define gs_mutant(s, m) ((m) == SENT_LATE)\n"
                   "static bool buyer_step(");
        struct ran ran = GAINSAY_IN(directory, "suite", "suite.ini");
        EXPECT_STATUS(ran, 1);
        EXPECT_ROW(ran.out, "regressions", "FAILED", "diverged", "1 diverged");
        EXPECT_IN(ran.out, "  traces/bug.trace: diverged: line 3: step 1: ");
        EXPECT_IN(ran.out, "none-shipped-in-vain is still violated by a run of its events, in 3 steps: buyer: place; "
                           "buyer: take-back; buyer -> shop: order");
        forget(&ran);
        remove_test_directory(directory);
    }
}

Test(suite, fails_on_a_damaged_trace_and_judges_the_others)
{
    char *directory = make_suite("[regressions]\ntraces = .\n");
    copy_into(directory, "tests/data/trace-commit.trace", "good.trace");
    add_file(directory, "bad.trace", "nonsense\n");
    struct ran ran = GAINSAY_IN(directory, "suite", "suite.ini");
    EXPECT_STATUS(ran, 1);
    EXPECT_ROW(ran.out, "regressions", "FAILED", "bad input", "1 bad input, 1 reproduced");
    EXPECT_IN(ran.out, "  ./bad.trace: bad input: line 1: ");
    forget(&ran);
    remove_test_directory(directory);
}

/* ---- Children that fail ---- */

Test(suite, goes_on_when_a_plugin_kills_its_process)
{
    char *directory = make_suite("[killed]\ncheck = suites/killed.c\n[broken]\ncheck = plugins/compile_error.c\n"
                                 "[missing-preset]\ncheck = plugins/segfault.c\npreset = none\n"
                                 "[well]\ncheck = two-phase-commit\npreset = small\n");
    make_subdirectory(directory, "plugins");
    make_subdirectory(directory, "suites");
    copy_into(directory, "tests/data/suites/killed.c", "suites/killed.c");
    const char *const plugins[] = {"misbehaving.h", "compile_error.c", "segfault.c"};
    for (size_t i = 0; i < 3; i++) {
        char *name = text_of("plugins/%s", plugins[i]), *from = text_of("tests/data/plugins/%s", plugins[i]);
        copy_into(directory, from, name);
        free(name);
        free(from);
    }
    struct ran ran = GAINSAY_IN(directory, "suite", "suite.ini");
    EXPECT_STATUS(ran, 1);
    EXPECT_ROW(ran.out, "killed", "FAILED", "crashed");
    EXPECT_IN(ran.out, "  crashed: signal 9, Killed\n");
    EXPECT_ROW(ran.out, "broken", "FAILED", "bad input");
    EXPECT_IN(ran.out, "does not compile");
    EXPECT_ROW(ran.out, "missing-preset", "FAILED", "bad input");
    EXPECT_IN(ran.out, "--preset none: no such preset");
    EXPECT_ROW(ran.out, "well", "ok", "4 proved");
    EXPECT_IN(ran.out, "runs=4 failed=3");
    forget(&ran);
    remove_test_directory(directory);
}

Test(suite, stops_when_its_time_is_over)
{
    char *directory = make_suite("[suite]\nmax-seconds = 0.6\njobs = 1\n"
                                 "[long]\ncheck = raft\npreset = full\n[cut]\ncheck = raft\npreset = full\n"
                                 "expect = incomplete\n[late]\ncheck = raft\n");
    struct ran ran = GAINSAY_IN(directory, "suite", "suite.ini");
    EXPECT_STATUS(ran, 1);
    EXPECT_ROW(ran.out, "long", "FAILED", "incomplete");
    EXPECT_IN(ran.out, "  incomplete: the time of the suite was over\n");
    EXPECT_ROW(ran.out, "cut", "FAILED", "not run");
    EXPECT_ROW(ran.out, "late", "FAILED", "not run");
    EXPECT_IN(ran.out, "  not run: the time of the suite was over\n");
    forget(&ran);
    ran = GAINSAY_IN(directory, "suite", "suite.ini", "--jobs", "2", "--max-seconds", "0.4");
    EXPECT_STATUS(ran, 1);
    EXPECT_ROW(ran.out, "cut", "FAILED", "incomplete"); /* expected, but not for this reason */
    forget(&ran);
    remove_test_directory(directory);
}

Test(suite, kills_a_child_that_does_not_end)
{
    char *directory = make_suite("[deaf]\ncheck = suites/unstoppable.c\n");
    make_subdirectory(directory, "plugins");
    make_subdirectory(directory, "suites");
    copy_into(directory, "tests/data/suites/unstoppable.c", "suites/unstoppable.c");
    copy_into(directory, "tests/data/plugins/misbehaving.h", "plugins/misbehaving.h");
    struct ran ran = GAINSAY_IN(directory, "suite", "suite.ini", "--max-seconds", "0.5");
    EXPECT_STATUS(ran, 1);
    EXPECT_ROW(ran.out, "deaf", "FAILED", "stopped");
    EXPECT_IN(ran.out, "  stopped: the time of the suite was over");
    forget(&ran);
    remove_test_directory(directory);
}

static bool is_running(pid_t process)
{
    char *path = text_of("/proc/%ld/stat", (long)process), line[256] = "";
    FILE *file = fopen(path, "re");
    free(path);
    if (!file)
        return false;
    const bool is_there = fgets(line, sizeof(line), file) && !strstr(line, ") Z ");
    fclose(file);
    return is_there;
}

Test(suite, leaves_no_process_of_a_child_behind)
{
    char *directory = make_suite("[slow]\ncheck = token_ring.c\n"), *path = text_of("%s/slow-cc", directory);
    copy_into(directory, "examples/token_ring.c", "token_ring.c");
    add_file(directory, "slow-cc", "#!/bin/sh\ntrap '' TERM\necho $$ > pid\nwhile :; do sleep 1; done\n");
    cr_assert(chmod(path, 0755) == 0 && setenv("CC", path, 1) == 0);
    struct ran ran = GAINSAY_IN(directory, "suite", "suite.ini", "--max-seconds", "0.5");
    EXPECT_STATUS(ran, 1);
    EXPECT_ROW(ran.out, "slow", "FAILED", "stopped");
    char *file = text_of("%s/pid", directory), *text = read_file(file);
    const pid_t compiler = (pid_t)atol(text);
    cr_assert(compiler > 1);
    for (int i = 0; i < 50 && is_running(compiler); i++)
        usleep(20000);
    const bool is_gone = !is_running(compiler);
    cr_expect(is_gone, "process %ld is still there", (long)compiler);
    forget(&ran);
    free(text);
    free(file);
    free(path);
    remove_test_directory(directory);
}

static pid_t start_in(const char *directory, const char *const *arguments, FILE *out)
{
    const pid_t child = fork();
    if (child == 0) {
        dup2(fileno(out), 1);
        if (chdir(directory) != 0)
            _exit(127);
        execv(arguments[0], (char *const *)arguments);
        _exit(127);
    }
    return child;
}

Test(suite, ends_its_children_when_it_is_interrupted)
{
    char *directory = make_suite("[long]\ncheck = raft\npreset = full\n[next]\ncheck = raft\npreset = full\n");
    FILE *out = tmpfile();
    int status;
    const pid_t child =
        start_in(directory, (const char *const[]){program_path(), "suite", "suite.ini", "--jobs", "1", NULL}, out);
    usleep(500000);
    cr_assert(child > 0 && kill(child, SIGINT) == 0);
    cr_assert(waitpid(child, &status, 0) == child);
    char *text = read_stream(out);
    const bool ended = WIFEXITED(status) && WEXITSTATUS(status) == 1;
    cr_expect(ended, "status %d: %s", status, text);
    EXPECT_ROW(text, "long", "FAILED", "incomplete");
    EXPECT_ROW(text, "next", "FAILED", "not run");
    EXPECT_IN(text, "the suite was interrupted");
    EXPECT_IN(text, "gainsay: suite fails runs=2 failed=2");
    fclose(out);
    free(text);
    remove_test_directory(directory);
}

/* ---- Kept counterexamples ---- */

Test(suite, keeps_the_counterexamples_of_runs_that_fail)
{
    char *directory = make_suite("[a/bad]\ncheck = ring.c\nset = nodes=3\nmutant = keep-token\n"
                                 "[good]\ncheck = ring.c\nset = nodes=3\nmutant = keep-token\nexpect = violated\n");
    copy_into(directory, "examples/token_ring.c", "ring.c");
    struct ran ran = GAINSAY_IN(directory, "suite", "suite.ini", "--traces", "kept");
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out, "  trace: kept/a_bad.one-holder.trace\n");
    forget(&ran);
    ran = run_in(directory, (const char *const[]){"ls", "-A", "kept", NULL});
    cr_expect(eq(str, ran.out, "a_bad.one-holder.trace\n"));
    forget(&ran);
    ran = GAINSAY_IN(directory, "replay", "kept/a_bad.one-holder.trace");
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    remove_test_directory(directory);
}

Test(suite, refuses_a_directory_for_traces_that_is_a_file)
{
    char *directory = make_suite("[a]\ncheck = raft\n");
    struct ran ran = GAINSAY_IN(directory, "suite", "suite.ini", "--traces", "suite.ini");
    EXPECT_STATUS(ran, 2);
    cr_expect(eq(str, ran.err, "gainsay: suite: --traces suite.ini: not a directory\n"));
    cr_expect(eq(str, ran.out, ""));
    forget(&ran);
    const bool is_there = has_file(directory, "suite.ini");
    cr_expect(is_there, "suite.ini is gone");
    remove_test_directory(directory);
}
