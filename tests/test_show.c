/* gainsay show: formats, options, files. */
#include "tests/run_program.h"

static char *directory, *path;

static void make_bug(void)
{
    directory = make_test_directory();
    path = text_of("%s/bug.trace", directory);
    struct ran ran =
        GAINSAY("check", "two-phase-commit", "--preset", "small", "--mutant", "commit-on-one-vote", "--trace", path);
    EXPECT_STATUS(ran, 1);
    forget(&ran);
}

static void remove_bug(void)
{
    free(path);
    remove_test_directory(directory);
}

TestSuite(show, .init = make_bug, .fini = remove_bug);

static const struct {
    const char *format, *begin;
} formats[] = {
    {"text", "two-phase-commit: consistent is violated in 5 steps\n"},
    {"sequence", "two-phase-commit: consistent is violated in 5 steps\n"},
    {"mermaid", "sequenceDiagram\n"},
    {"dot", "digraph trace {\n"},
    {"json", "[\n"},
    {"c", "/* A regression test"},
};
enum { FORMATS = sizeof(formats) / sizeof(*formats) };

Test(show, writes_every_format)
{
    for (size_t i = 0; i < FORMATS; i++) {
        struct ran ran = GAINSAY("show", path, "--format", formats[i].format);
        EXPECT_STATUS(ran, 0);
        cr_expect(strncmp(ran.out, formats[i].begin, strlen(formats[i].begin)) == 0, "%s", ran.out);
        cr_expect(eq(str, ran.err, ""));
        forget(&ran);
    }
}

Test(show, writes_the_same_to_a_file)
{
    char *file = text_of("%s/out", directory);
    for (size_t i = 0; i < FORMATS; i++) {
        struct ran ran = GAINSAY("show", path, "--format", formats[i].format, "--output", file);
        struct ran direct = GAINSAY("show", path, "--format", formats[i].format);
        EXPECT_STATUS(ran, 0);
        cr_expect(eq(str, ran.out, ""));
        char *text = read_file(file);
        if (strcmp(formats[i].format, "c") != 0) /* which names its own file */
            cr_expect(eq(str, text, direct.out));
        else
            EXPECT_IN(text, "cc ");
        free(text);
        forget(&ran);
        forget(&direct);
    }
    free(file);
}

Test(show, draws_unicode_only_where_the_locale_has_it)
{
    setenv("LC_ALL", "C.UTF-8", 1);
    struct ran ran = GAINSAY("show", path, "--format", "sequence");
    EXPECT_IN(ran.out, "\u2502");
    forget(&ran);
    ran = GAINSAY("show", path, "--format", "sequence", "--ascii");
    EXPECT_NOT_IN(ran.out, "\u2502");
    EXPECT_IN(ran.out, "<------+");
    forget(&ran);
    setenv("LC_ALL", "C", 1);
    ran = GAINSAY("show", path, "--format", "sequence");
    EXPECT_NOT_IN(ran.out, "\u2502");
    forget(&ran);
    unsetenv("LC_ALL");
}

Test(show, is_as_wide_as_asked_for)
{
    struct ran ran = GAINSAY("show", path, "--format", "sequence", "--columns", "150");
    EXPECT_IN(ran.out, "transaction-manager   resource-manager0");
    forget(&ran);
}

static void expect_refusal(const char *const *more, const char *message)
{
    const char *arguments[12] = {program_path(), "show", path};
    for (size_t i = 0; more[i]; i++)
        arguments[3 + i] = more[i];
    struct ran ran = run_in(project_root(), arguments);
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.err, message);
    cr_expect(strchr(ran.err, '\n') && !strchr(ran.err, '\n')[1], "one line: %s", ran.err);
    cr_expect(eq(str, ran.out, ""));
    forget(&ran);
}

#define REFUSES(message, ...) expect_refusal((const char *const[]){__VA_ARGS__, NULL}, message)

Test(show, refuses_options_that_do_not_apply)
{
    REFUSES("--ascii: only for --format sequence, not for text", "--ascii");
    REFUSES("--columns: only for --format sequence, not for dot", "--columns", "90", "--format", "dot");
    REFUSES("--columns 20: the chart of these nodes takes ", "--columns", "20", "--format", "sequence");
    REFUSES("--columns wide: not a number from 20 to 10000", "--columns", "wide");
    REFUSES("--columns 3: not a number", "--columns", "3");
    REFUSES("did you mean 'sequence'?", "--format", "sequense");
    REFUSES("--output: its value is empty", "--output", "");
}

Test(show, loses_nothing_when_a_file_cannot_be_written)
{
    char *before = read_file(path), *missing = text_of("%s/no/such/file", directory);
    REFUSES("that is the trace itself", "--output", path);
    REFUSES("--output /dev/full: cannot write: ", "--output", "/dev/full", "--format", "dot");
    REFUSES("no/such/file: cannot write: ", "--output", missing);
    REFUSES("cannot write: ", "--output", directory, "--format", "c");
    char *after = read_file(path);
    cr_expect(eq(str, after, before));
    free(before);
    free(after);
    free(missing);
}
