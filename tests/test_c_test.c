/* Traces as tests in C: compiled, and run against a protocol with its bug and without it. */
#include "tests/golden_traces.h"
#include "tests/run_program.h"
#include "traces/formats.h"

static void write_c(const struct trace *trace, FILE *out)
{
    trace_print_c_test(trace, &(struct c_test_sources){0}, out);
}

Test(c_test, is_written_for_every_kind_of_trace)
{
    expect_golden_traces("c.txt", write_c);
}

/* ---- Compiled and run ---- */

/* Where a test of a trace is built: against the library that this program was built with. */
struct workshop {
    char *directory, *build, *archive, *trace, *source, *program;
};

static struct workshop open_workshop(void)
{
    struct workshop w = {.directory = make_test_directory(), .build = text_of("%s", program_path())};
    *strrchr(w.build, '/') = '\0';
    w.archive = text_of("%s/libgainsay.a", w.build);
    w.trace = text_of("%s/bug.trace", w.directory);
    w.source = text_of("%s/test_bug.c", w.directory);
    w.program = text_of("%s/test_bug", w.directory);
    return w;
}

static void close_workshop(struct workshop *w)
{
    remove_test_directory(w->directory);
    free(w->build);
    free(w->archive);
    free(w->trace);
    free(w->source);
    free(w->program);
}

static void show_as_c(const struct workshop *w)
{
    struct ran ran = GAINSAY("show", w->trace, "--format", "c", "--output", w->source);
    EXPECT_STATUS(ran, 0);
    cr_expect(eq(str, ran.out, ""));
    forget(&ran);
}

/* Compiles the test with what else it needs ("" for nothing), and runs it. */
static struct ran build_and_run(const struct workshop *w, const char *compiler, const char *more)
{
    char *command = text_of("cd '%s' && timeout 100 %s -std=c11 -Wall -Wextra -Wpedantic -Werror %s -I. '%s' %s '%s' "
                            "$(pkg-config --cflags --libs criterion) -lxxhash -ldl -pthread -o '%s'",
                            project_root(), compiler, sanitizers_of(w->build), w->source, more, w->archive, w->program);
    struct ran ran = run_in(NULL, (const char *const[]){"sh", "-c", command, NULL});
    free(command);
    EXPECT_STATUS(ran, 0);
    cr_assert(eq(str, ran.err, ""));
    forget(&ran);
    /* Without the environment of this test, which Criterion would take for its own. */
    return run_in(w->directory, (const char *const[]){"timeout", "60", "env", "-i", w->program, "--verbose", NULL});
}

static void expect_failure(const struct workshop *w, const char *compiler, const char *more, const char *message)
{
    struct ran ran = build_and_run(w, compiler, more);
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.err, message);
    forget(&ran);
}

static void expect_pass(const struct workshop *w, const char *compiler, const char *more, const char *message)
{
    struct ran ran = build_and_run(w, compiler, more);
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.err, message);
    forget(&ran);
}

static char *replaced(const char *text, const char *old, const char *new)
{
    const char *at = strstr(text, old);
    cr_assert(at != NULL, "no %s in %s", old, text);
    return text_of("%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
}

static void edit(const char *path, const char *old, const char *new)
{
    char *text = read_file(path), *edited = replaced(text, old, new);
    write_file(path, edited);
    free(text);
    free(edited);
}

Test(c_test, fails_while_a_bug_is_there_and_passes_without_it)
{
    struct workshop w = open_workshop();
    struct ran ran = GAINSAY("check", "raft", "--preset", "one-term", "--mutant", "vote-twice", "--property",
                             "at-most-one-leader", "--trace", w.trace);
    EXPECT_STATUS(ran, 1);
    forget(&ran);
    show_as_c(&w);
    expect_failure(&w, "cc", "", "step 6: at-most-one-leader is violated: ");
    if (!strstr(w.build, "/asan") && program_exists("clang"))
        expect_failure(&w, "clang", "", "step 6: at-most-one-leader is violated: ");
    edit(w.source, ".mutants = mutants,", "");
    edit(w.source, "static const char *const mutants[] = {\"vote-twice\", NULL};", "");
    expect_pass(&w, "cc", "", "not this run any more: step ");
    edit(w.source, "timer election-timeout", "timer election-time");
    expect_failure(&w, "cc", "", "there is no timer 'election-time'");
    close_workshop(&w);
}

/* A protocol of one's own: the bug is in its source, and there it is mended. */
Test(c_test, tests_a_protocol_of_ones_own)
{
    struct workshop w = open_workshop();
    char *protocol = text_of("%s/ring.c", w.directory), *example = text_of("%s/examples/token_ring.c", project_root());
    copy_file(example, protocol);
    struct ran ran = GAINSAY("check", protocol, "--mutant", "accept-old-token", "--trace", w.trace);
    EXPECT_STATUS(ran, 1);
    forget(&ran);
    show_as_c(&w);
    expect_failure(&w, "cc", protocol, "one-holder is violated: ");
    edit(protocol, "gs_mutant(s, ACCEPT_OLD_TOKEN)", "false");
    expect_pass(&w, "cc", protocol, "Passing: 1");
    free(example);
    free(protocol);
    close_workshop(&w);
}

Test(c_test, tests_a_property_of_ones_own)
{
    struct workshop w = open_workshop();
    struct ran ran = GAINSAY("check", "two-phase-commit", "--property", "examples/no_early_commit.c", "--property",
                             "no-early-commit", "--mutant", "commit-on-one-vote", "--trace", w.trace);
    EXPECT_STATUS(ran, 1);
    forget(&ran);
    show_as_c(&w);
    char *object = text_of("%s/properties_1.o", w.directory);
    char *command = text_of("cd '%s' && cc -c %s -I. -Dgainsay_plugin=properties_1 examples/no_early_commit.c -o '%s'",
                            project_root(), sanitizers_of(w.build), object);
    ran = run_in(NULL, (const char *const[]){"sh", "-c", command, NULL});
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    expect_failure(&w, "cc", object, "no-early-commit is violated: ");
    free(command);
    free(object);
    close_workshop(&w);
}

/* What may stand in a file's name may not break the comment that names it. */
Test(c_test, names_any_file)
{
    const char *const extensions[] = {"a dir*/it's.c", "b.so", NULL};
    const struct c_test_sources sources = {
        .file = "*/ x.c", .trace = "/tmp/*/a\\\nb/*.trace", .plugin = "a/b c.c", .extensions = extensions};
    struct gs_run *run;
    struct trace *trace = make_commit_trace(&run);
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    trace_print_c_test(trace, &sources, out);
    fclose(out);
    char *end = strstr(text, "*/");
    cr_assert(end != NULL);
    cr_expect(eq(int, strncmp(end - 2, "\n */\n#include", 13), 0), "%s", text);
    cr_expect(strstr(text, "/*") == text && strstr(text + 2, "/*") > end, "%s", text);
    EXPECT_IN(text, " 'a/b c.c' ");
    EXPECT_IN(text, "it'\\''s.c'");
    free(text);
    trace_free(trace);
    run_free(run);
}

/* A witness tests the other way round: that the goal can still be met like this. */
Test(c_test, tests_that_a_goal_is_met)
{
    struct workshop w = open_workshop();
    struct ran ran = GAINSAY("check", "two-phase-commit", "--preset", "small", "--witness", "committed", w.directory);
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    free(w.trace);
    w.trace = text_of("%s/committed.trace", w.directory);
    show_as_c(&w);
    expect_pass(&w, "cc", "", "Passing: 1");
    edit(w.source, "resource-manager0: prepare", "resource-manager0: refuse");
    expect_failure(&w, "cc", "", "it is not enabled; enabled: ");
    close_workshop(&w);
}
