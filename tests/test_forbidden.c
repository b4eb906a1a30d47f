/* Protocol code that ends or changes the process, or crashes outside of a search, seen from outside: one line and exit
 * 2, or a finding with exit 1; never a status that reads as another verdict. */
#include "tests/run_program.h"

#define ENDS_EARLY "tests/data/plugins/ends_early.c"

/* The program with code that ends it there: exit code 2 and one line. */
static void expect_one_line(const char *where, const char *how, const char *line)
{
    struct ran ran = GAINSAY("check", ENDS_EARLY, "--partitions", "1", "--set", where, "--set", how);
    EXPECT_STATUS(ran, 2);
    cr_expect(eq(str, ran.err, (char *)(uintptr_t)line));
    cr_expect(eq(str, ran.out, ""));
    forget(&ran);
}

static const struct {
    const char *how, *name;
} forbidden[] = {{"exit", "exit"},
                 {"quick-exit", "quick_exit"},
                 {"underscore-exit", "_exit"},
                 {"thread-exit", "pthread_exit"},
                 {"exec", "execvp"},
                 {"execl", "execl"},
                 {"fork", "fork"},
                 {"vfork", "vfork"},
                 {"system", "system"},
                 {"popen", "popen"},
                 {"block", "sigprocmask"},
                 {"alarm", "alarm"},
                 {"kill", "kill"},
                 {"raise", "raise"},
                 {"signal", "signal"}};
enum { FORBIDDEN = sizeof(forbidden) / sizeof(*forbidden) };

#define MUST_RETURN ": a handler or predicate must return, and leave the process alone"

/* Its status would pass for a verdict, or nothing could stop it. */
Test(forbidden, code_that_ends_or_changes_the_process_is_found, .timeout = 60)
{
    static const char *const places[] = {"where=handler", "where=monitor"};
    for (size_t i = 0; i < sizeof(places) / sizeof(*places) * FORBIDDEN; i++) {
        char *how = text_of("how=%s", forbidden[i % FORBIDDEN].how);
        char *said = text_of("it called %s" MUST_RETURN, forbidden[i % FORBIDDEN].name);
        struct ran ran = GAINSAY("check", ENDS_EARLY, "--set", places[i / FORBIDDEN], "--set", how);
        EXPECT_STATUS(ran, 1);
        EXPECT_IN(ran.out, said);
        EXPECT_IN(ran.out, "gainsay: violated protocol=ends-early property=well-behaved");
        cr_expect(eq(str, ran.err, ""));
        forget(&ran);
        free(how);
        free(said);
    }
}

Test(forbidden, code_that_ends_the_process_elsewhere_is_refused, .timeout = 60)
{
    static const char *const places[][2] = {{"where=predicate", "property in-range:"},
                                            {"where=init", "node0, in init:"},
                                            {"where=host", "its function host fails:"},
                                            {"where=splits", "its function splits fails:"},
                                            {"where=refuses", "its function refuses fails:"}};
    for (size_t i = 0; i < sizeof(places) / sizeof(*places) * FORBIDDEN; i++) {
        char *how = text_of("how=%s", forbidden[i % FORBIDDEN].how);
        char *line = text_of("gainsay: check: ends-early: %s it called %s" MUST_RETURN "\n", places[i / FORBIDDEN][1],
                             forbidden[i % FORBIDDEN].name);
        expect_one_line(places[i / FORBIDDEN][0], how, line);
        free(how);
        free(line);
    }
}

#define FAILS_BY_SIGSEGV " fails: SIGSEGV: it used memory that is not its own\n"

Test(forbidden, functions_of_a_model_that_crash_end_the_program_with_2)
{
    expect_one_line("where=refuses", "how=crash", "gainsay: check: ends-early: its function refuses" FAILS_BY_SIGSEGV);
    expect_one_line("where=host", "how=crash", "gainsay: check: ends-early: its function host" FAILS_BY_SIGSEGV);
    expect_one_line("where=splits", "how=crash", "gainsay: check: ends-early: its function splits" FAILS_BY_SIGSEGV);
}

Test(forbidden, a_mutant_that_misbehaves_first_is_killed_all_the_same)
{
    struct ran ran = GAINSAY("mutants", ENDS_EARLY);
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "mutants=1 killed=1 survived=0 unmutated=1 held=1");
    forget(&ran);
}
