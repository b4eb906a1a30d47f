/* The program's own threads, in levels large enough for all of them: the trace file is the same to the byte. */
#include "tests/run_program.h"

/* The trace that a search on so many threads writes; on_one_core: by taskset. */
static char *trace_of(const char *directory, const char *mutant, const char *threads, bool on_one_core)
{
    char *path = text_of("%s/%s.trace", directory, mutant);
    const char *const arguments[] = {
        "taskset", "-c",       "0",    program_path(), "check", "two-phase-commit", "--preset", "full",
        "--quiet", "--mutant", mutant, "--trace",      path,    "--threads",        threads,    NULL};
    struct ran ran = run_in(NULL, arguments + (on_one_core ? 0 : 3));
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out, "gainsay: violated protocol=two-phase-commit property=consistent states=");
    forget(&ran);
    char *trace = read_file(path);
    free(path);
    return trace;
}

static bool can_stay_on_one_core(void)
{
    struct ran ran = run_in(NULL, (const char *const[]){"sh", "-c", "taskset -c 0 true", NULL});
    const bool can = ran.status == 0;
    forget(&ran);
    return can;
}

Test(threads_program, writes_the_same_bytes_on_any_number_of_threads_and_on_one_core)
{
    static const char *const mutants[] = {"commit-on-one-vote", "commit-without-votes"};
    static const char *const threads[] = {"1", "2", "4", "8"};
    const bool has_taskset = can_stay_on_one_core();
    char *directory = make_test_directory();
    for (size_t m = 0; m < 2; m++) {
        char *first = trace_of(directory, mutants[m], "1", false);
        EXPECT_IN(first, "\"end\":\"violation\"");
        for (size_t t = 0; t < 4; t++)
            for (int on_one_core = 0; on_one_core <= has_taskset; on_one_core++) {
                char *trace = trace_of(directory, mutants[m], threads[t], on_one_core);
                cr_expect(eq(str, trace, first), "%s, %s threads%s", mutants[m], threads[t],
                          on_one_core ? ", one core" : "");
                free(trace);
            }
        free(first);
    }
    remove_test_directory(directory);
}
