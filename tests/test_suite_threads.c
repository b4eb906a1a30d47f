/* Runs of a suite that go on at a time share the cores. */
#include <sched.h>

#include "checker/cores.h"
#include "cli/suite_plan.h"
#include "tests/run_program.h"

static unsigned threads_of(const struct suite_kind *kind, const char *option, size_t parallel)
{
    struct suite_run run = {.kind = kind};
    name_list_add(&run.arguments, kind->command);
    name_list_add(&run.arguments, "two-phase-commit");
    if (option) {
        name_list_add(&run.arguments, option);
        name_list_add(&run.arguments, "3");
    }
    const unsigned threads = suite_run_threads(&run, parallel);
    name_list_free(&run.arguments);
    return threads;
}

Test(suite_threads, are_a_share_of_the_cores_and_at_least_one)
{
    const unsigned cores = cores_available();
    const struct suite_kind *const kinds[] = {&suite_check, &suite_mutants};
    for (size_t k = 0; k < 2; k++) {
        cr_expect(eq(uint, threads_of(kinds[k], NULL, 1), cores));
        cr_expect(eq(uint, threads_of(kinds[k], NULL, 2), cores > 1 ? cores / 2 : 1));
        cr_expect(eq(uint, threads_of(kinds[k], NULL, cores), 1));
        cr_expect(eq(uint, threads_of(kinds[k], NULL, 10 * cores), 1));
        cr_expect(eq(uint, threads_of(kinds[k], NULL, SIZE_MAX), 1));
        cr_expect(eq(uint, threads_of(kinds[k], "--max-states", 1), cores));
    }
}

Test(suite_threads, are_what_the_section_says)
{
    cr_expect(eq(uint, threads_of(&suite_check, "--threads", 1), 0), "nothing is added");
    cr_expect(eq(uint, threads_of(&suite_check, "--threads", 64), 0));
    cr_expect(eq(uint, threads_of(&suite_mutants, "--threads", 2), 0));
    cr_expect(eq(uint, threads_of(&suite_traces, NULL, 1), 0), "replaying takes no threads");
}

Test(suite_threads, are_of_the_cores_that_the_process_may_use)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    cpu_set_t all;
    cr_assert(sched_getaffinity(0, sizeof(all), &all) == 0);
    for (int core = 0; core < CPU_SETSIZE && !CPU_COUNT(&one); core++)
        if (CPU_ISSET(core, &all))
            CPU_SET(core, &one);
    cr_assert(sched_setaffinity(0, sizeof(one), &one) == 0);
    cr_expect(eq(uint, cores_available(), 1));
    cr_expect(eq(uint, threads_of(&suite_check, NULL, 1), 1));
}

Test(suite_threads, are_taken_by_sections_of_checks_and_of_mutants)
{
    char *directory = make_test_directory();
    char *path = text_of("%s/suite.ini", directory);
    write_file(path, "[suite]\njobs = 2\n[a]\ncheck = two-phase-commit\npreset = small\nthreads = 3\n"
                     "[b]\nmutants = two-phase-commit\nthreads = 2\n[c]\nmutants = two-phase-commit\n");
    struct ran ran = GAINSAY_IN(directory, "suite", "suite.ini");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "gainsay: suite holds runs=3 failed=0");
    forget(&ran);
    write_file(path, "[a]\ncheck = two-phase-commit\nthreads = 0\n");
    ran = GAINSAY_IN(directory, "suite", "suite.ini");
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.err, ":3: [a]: threads 0: a number from 1 to 1024");
    forget(&ran);
    free(path);
    remove_test_directory(directory);
}
