/* Sections of a suite that take random runs, and what CI systems are told of a random failure. */
#include "tests/run_program.h"

static char *make_suite(const char *text)
{
    char *directory = make_test_directory(), *path = text_of("%s/s.ini", directory);
    write_file(path, text);
    free(path);
    return directory;
}

static char *read_in(const char *directory, const char *name)
{
    char *path = text_of("%s/%s", directory, name), *text = read_file(path);
    free(path);
    return text;
}

#define STUCK                                                                                      \
    "fuzz = raft\nset = terms=30\nmutant = fixed-timeouts\nheal-after = 1s\nrecover-within = 2s\n" \
    "recovers = leader-elected\nruns = 20\n"
#define FORGETFUL "fuzz = raft\npreset = reboot\nmutant = vote-not-durable\nruns = 300\nshrink-seconds = 5\n"

Test(suite_fuzz, compares_what_random_runs_find_with_what_is_expected)
{
    char *directory = make_suite("[holds]\nfuzz = two-phase-commit\nstrategy = pct\npct-depth = 2\nruns = 200\n"
                                 "[stuck]\n" STUCK "expect = violated\nviolates = recovers\n"
                                 "[allowed]\n" STUCK "allow = recovers\n"
                                 "[cut]\nfuzz = raft\nruns = 1000000000\nmax-seconds = 0.1\nexpect = incomplete\n");
    struct ran ran = GAINSAY_IN(directory, "suite", "s.ini");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "ok      holds    fuzz two-phase-commit  holds       holds ");
    EXPECT_IN(ran.out, "ok      stuck    fuzz raft              violated    violated ");
    EXPECT_IN(ran.out, "ok      allowed  fuzz raft              holds       holds ");
    EXPECT_IN(ran.out, "ok      cut      fuzz raft              incomplete  incomplete ");
    forget(&ran);
    remove_test_directory(directory);
}

Test(suite_fuzz, fails_where_something_else_is_found)
{
    char *directory = make_suite("[bug]\n" FORGETFUL "[none]\nfuzz = two-phase-commit\nruns = 50\nexpect = violated\n"
                                 "[other]\n" FORGETFUL "expect = violated\nviolates = at-most-one-leader\n");
    struct ran ran = GAINSAY_IN(directory, "suite", "s.ini");
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out, "bug (s.ini:1): expected holds, got violated\n"
                       "  one-vote-per-term: violated in 2 steps: in term 1, server0 changed voted_for");
    EXPECT_IN(ran.out, "\n    to run it again: gainsay fuzz raft --preset reboot --mutant vote-not-durable "
                       "--shrink-seconds 5 --seed 1 --run 0\n");
    EXPECT_IN(ran.out, "  again: gainsay fuzz raft --preset reboot --mutant vote-not-durable --runs 300 "
                       "--shrink-seconds 5\n");
    EXPECT_IN(ran.out, "none (s.ini:7): expected violated, got holds\n  expected: violated, got: holds\n");
    EXPECT_IN(ran.out, "at-most-one-leader: expected to be violated, but sampled\n");
    EXPECT_IN(ran.out, "gainsay: suite fails runs=3 failed=3");
    forget(&ran);
    remove_test_directory(directory);
}

/* With a limit of time `gainsay fuzz` goes on until it is met; that of the suite is not a section's. */
Test(suite_fuzz, takes_ten_thousand_runs_also_where_the_suite_has_a_limit_of_time)
{
    char *directory = make_suite("[suite]\nmax-seconds = 100\n[a]\nfuzz = two-phase-commit\npreset = small\n"
                                 "[b]\nfuzz = two-phase-commit\nrun = 7\n");
    struct ran ran = GAINSAY_IN(directory, "suite", "s.ini", "--baseline", "b.json", "--update-baseline");
    EXPECT_STATUS(ran, 0);
    char *baseline = read_in(directory, "b.json");
    EXPECT_IN(baseline, "\"runs\": 10000,");
    EXPECT_IN(baseline, "\"runs\": 1,");
    EXPECT_IN(baseline, "\"committed\": \"met\"");
    EXPECT_IN(baseline, "\"consistent\": \"sampled\"");
    free(baseline);
    forget(&ran);
    ran = GAINSAY_IN(directory, "suite", "s.ini", "--baseline", "b.json");
    EXPECT_STATUS(ran, 0);
    EXPECT_NOT_IN(ran.out, "note");
    forget(&ran);
    remove_test_directory(directory);
}

Test(suite_fuzz, notices_a_goal_that_is_met_no_more)
{
    char *directory = make_suite("[a]\nfuzz = two-phase-commit\nruns = 100\n");
    struct ran ran = GAINSAY_IN(directory, "suite", "s.ini", "--baseline", "b.json", "--update-baseline");
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    char *path = text_of("%s/s.ini", directory);
    write_file(path, "[a]\nfuzz = two-phase-commit\nruns = 100\nsteps = 2\n");
    ran = GAINSAY_IN(directory, "suite", "s.ini", "--baseline", "b.json");
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out, "baseline: committed: was met, is not met (baseline b.json)");
    forget(&ran);
    free(path);
    remove_test_directory(directory);
}

/* Two different failures of one property are kept under two names, and both replay. */
Test(suite_fuzz, keeps_each_failure)
{
    char *directory = make_suite("[x/y]\nfuzz = token_ring.c\nset = nodes=3, hops=4\nmutant = keep-token\n"
                                 "network = fifo\nduplicates = 1\nmax-failures = 2\nruns = 300\n"
                                 "[as-expected]\n" FORGETFUL "expect = violated\n");
    char *source = text_of("%s/examples/token_ring.c", project_root()), *ring = text_of("%s/token_ring.c", directory);
    copy_file(source, ring);
    struct ran ran = GAINSAY_IN(directory, "suite", "s.ini", "--traces", "kept", "--junit", "j.xml");
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out, "  trace: kept/x_y.one-holder.trace\n");
    EXPECT_IN(ran.out, "  one-holder.2: violated in ");
    EXPECT_IN(ran.out, "  trace: kept/x_y.one-holder.2.trace\n");
    forget(&ran);
    ran = run_in(directory, (const char *const[]){"ls", "-A", "kept", NULL});
    cr_expect(eq(str, ran.out, "x_y.one-holder.2.trace\nx_y.one-holder.trace\n"));
    forget(&ran);
    ran = GAINSAY_IN(directory, "replay", "kept/x_y.one-holder.trace", "kept/x_y.one-holder.2.trace");
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    char *junit = read_in(directory, "j.xml");
    EXPECT_IN(junit, "<testcase name=\"one-holder.2\" classname=\"s.x/y\"");
    EXPECT_IN(junit, "trace: kept/x_y.one-holder.2.trace");
    free(junit);
    free(ring);
    free(source);
    remove_test_directory(directory);
}

Test(suite_fuzz, of_one_command_is_reported_to_ci_systems_too)
{
    char *directory = make_test_directory();
    struct ran ran = GAINSAY_IN(directory, "fuzz", "raft", "--preset", "reboot", "--mutant", "vote-not-durable",
                                "--runs", "10", "--junit", "j.xml", "--sarif", "s.sarif", "--trace", "bug.trace");
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out,
              "to run it again: gainsay fuzz raft --preset reboot --mutant vote-not-durable --seed 1 --run 0\n");
    forget(&ran);
    char *junit = read_in(directory, "j.xml"), *sarif = read_in(directory, "s.sarif");
    EXPECT_IN(junit, "<testsuites name=\"raft\" tests=\"26\" failures=\"1\" errors=\"0\"");
    EXPECT_IN(junit, "<failure message=\"violated in 2 steps: in term 1");
    EXPECT_IN(junit, "trace: bug.trace");
    EXPECT_IN(sarif, "\"ruleId\": \"raft/one-vote-per-term\"");
    EXPECT_IN(sarif, "to run it again: gainsay fuzz raft");
    free(junit);
    free(sarif);
    ran = GAINSAY_IN(directory, "fuzz", "raft", "--runs", "10", "--junit", "j.xml", "--sarif", "s.sarif");
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    junit = read_in(directory, "j.xml");
    EXPECT_IN(junit, "failures=\"0\" errors=\"0\"");
    free(junit);
    ran = GAINSAY_IN(directory, "fuzz", "raft", "--junit", "nowhere/j.xml");
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.err, "gainsay: fuzz: --junit nowhere/j.xml: ");
    forget(&ran);
    remove_test_directory(directory);
}
