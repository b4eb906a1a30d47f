/* gainsay shrink, as its users run it. */
#include <signal.h>
#include <time.h>

#include "core/run_setup.h"
#include "protocols/raft.h"
#include "tests/random_walk.h"
#include "tests/run_program.h"
#include "traces/trace_file.h"

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Writes a walk of hundreds of steps, at five servers, to bug.trace in the directory. */
static size_t write_long_trace(const char *directory, const char *mutant)
{
    char error[TRACE_ERROR_SIZE], *path = text_of("%s/bug.trace", directory);
    struct gs_run *run =
        run_new(&raft, &(struct run_config){.settings = LIST("servers=5", "terms=30"), .mutants = LIST(mutant)}, error,
                sizeof(error));
    struct trace *walk = NULL;
    for (uint64_t seed = 0; !walk && seed < 100; seed++)
        walk = random_walk(run, 0, seed, 300, 5000);
    cr_assert(walk != NULL);
    cr_assert(
        trace_file_write(walk, path, &(struct trace_file_info){.has_seed = true, .seed = 7}, error, sizeof(error)),
        "%s", error);
    const size_t steps = walk->step_count;
    trace_free(walk);
    run_free(run);
    free(path);
    return steps;
}

Test(shrink_command, writes_a_short_trace_beside_the_long_one)
{
    char *directory = make_test_directory();
    const size_t steps = write_long_trace(directory, "vote-twice");
    struct ran ran = GAINSAY_IN(directory, "shrink", "bug.trace");
    char *before = text_of("bug.trace: at-most-one-leader is violated in 6 steps (before: %zu): server", steps);
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, before);
    EXPECT_IN(ran.out, "  guarantee      globally shortest (exhaustive search: no run of this configuration");
    EXPECT_IN(ran.out, "  configuration  servers 5 -> 2, terms 30 -> 1, candidates 7 -> 2\n");
    EXPECT_IN(ran.out, "  trace          bug.min.trace\n");
    cr_expect(eq(str, ran.err, ""));
    forget(&ran);
    ran = GAINSAY_IN(directory, "replay", "bug.min.trace", "bug.trace");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "bug.min.trace: reproduces: at-most-one-leader is violated in 6 steps");
    forget(&ran);
    char *path = text_of("%s/bug.min.trace", directory), *text = read_file(path);
    EXPECT_IN(text, "\"seed\":7");
    free(path);
    free(text);
    free(before);
    remove_test_directory(directory);
}

Test(shrink_command, takes_the_trace_itself_as_output_and_says_one_line_if_asked)
{
    char *directory = make_test_directory();
    write_long_trace(directory, "quorum-too-small");
    struct ran ran = GAINSAY_IN(directory, "shrink", "bug.trace", "--output", "bug.trace", "--quiet",
                                "--keep-configuration", "--threads", "1", "--max-states", "1000");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "bug.trace: at-most-one-leader is violated in 6 steps (before: ");
    cr_expect(strchr(ran.out, '\n') == ran.out + strlen(ran.out) - 1, "one line: %s", ran.out);
    forget(&ran);
    ran = GAINSAY_IN(directory, "replay", "bug.trace");
    EXPECT_IN(ran.out, "is violated in 6 steps");
    forget(&ran);
    ran = GAINSAY_IN(directory, "show", "bug.trace");
    EXPECT_IN(ran.out, "servers=5, terms=30");
    forget(&ran);
    remove_test_directory(directory);
}

Test(shrink_command, says_when_time_ran_out)
{
    char *directory = make_test_directory();
    write_long_trace(directory, "forget-vote");
    struct ran ran = GAINSAY_IN(directory, "shrink", "bug.trace", "--max-seconds", "0.02");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "  guarantee      best effort, stopped at 0.02 seconds\n");
    forget(&ran);
    ran = GAINSAY_IN(directory, "replay", "bug.min.trace");
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    remove_test_directory(directory);
}

/* Interrupted in the midst of it, it says what it has come to. */
Test(shrink_command, ends_with_the_best_trace_so_far_when_it_is_interrupted)
{
    char *directory = make_test_directory();
    write_long_trace(directory, "forget-vote");
    char *command = text_of("cd '%s' || exit; '%s' shrink bug.trace & child=$!; while [ ! -e bug.min.trace ]; do "
                            "sleep 0.01; done; kill -TERM $child; wait $child",
                            directory, program_path());
    struct ran ran = run_in(NULL, LIST("sh", "-c", command));
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "bug.trace: at-most-one-leader is violated in ");
    EXPECT_IN(ran.out, "  guarantee      best effort, interrupted\n");
    EXPECT_IN(ran.out, "  trace          bug.min.trace\n");
    forget(&ran);
    ran = GAINSAY_IN(directory, "replay", "bug.min.trace");
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    free(command);
    remove_test_directory(directory);
}

/* Killed in the midst of it, it leaves a whole trace. */
Test(shrink_command, leaves_the_best_trace_so_far_when_it_is_killed)
{
    char *directory = make_test_directory();
    write_long_trace(directory, "forget-vote");
    char *command = text_of("cd '%s' || exit; '%s' shrink bug.trace & child=$!; while [ ! -e bug.min.trace ]; do "
                            "sleep 0.01; done; kill -9 $child; wait $child",
                            directory, program_path());
    struct ran ran = run_in(NULL, LIST("sh", "-c", command));
    forget(&ran);
    ran = GAINSAY_IN(directory, "replay", "bug.min.trace");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "reproduces: at-most-one-leader is violated in ");
    forget(&ran);
    free(command);
    remove_test_directory(directory);
}

Test(shrink_command, refuses_what_it_cannot_shrink_and_leaves_what_exists)
{
    char *directory = make_test_directory(), *output = text_of("%s/out.trace", directory);
    write_long_trace(directory, "quorum-too-small");
    write_file(output, "mine");
    static const struct {
        const char *edit, *trace, *message;
        int status;
    } cases[] = {
        {"head -c 2000 bug.trace >cut.trace", "cut.trace", "shrink: cut.trace:", 2},
        {"sed 's/\"quorum-too-small\"//; s/,\"digest\":\"[0-9a-f]*\"//' bug.trace >fixed.trace", "fixed.trace",
         "shrink: fixed.trace: it does not show what it claims any more ('gainsay replay' says why)", 1},
        {"sed 's/at-most-one-leader/no-such/; s/,\"digest\":\"[0-9a-f]*\"//' bug.trace >other.trace", "other.trace",
         "no-such", 2},
        {"true", "missing.trace", "missing.trace: cannot read: No such file or directory", 2},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct ran made = run_in(directory, LIST("sh", "-c", cases[i].edit));
        struct ran ran = GAINSAY_IN(directory, "shrink", cases[i].trace, "--output", "out.trace");
        EXPECT_STATUS(ran, cases[i].status);
        EXPECT_IN(ran.err, cases[i].message);
        cr_expect(eq(str, ran.out, ""));
        char *text = read_file(output);
        cr_expect(eq(str, text, "mine"), "%s", cases[i].trace);
        free(text);
        forget(&made);
        forget(&ran);
    }
    struct ran ran = GAINSAY_IN(directory, "shrink", "bug.trace", "--output", "none/out.trace");
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.err, "gainsay: shrink: --output none/out.trace: cannot write: No such file or directory");
    forget(&ran);
    free(output);
    remove_test_directory(directory);
}

Test(shrink_command, refuses_a_sample)
{
    char *directory = make_test_directory();
    struct ran ran = GAINSAY_IN(directory, "check", "two-phase-commit", "--preset", "small", "--samples", "1", "d");
    forget(&ran);
    ran = GAINSAY_IN(directory, "shrink", "d/sample-01.trace");
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.err, "it is a sample, of which nothing is claimed");
    forget(&ran);
    remove_test_directory(directory);
}
