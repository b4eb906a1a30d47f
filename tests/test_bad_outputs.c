/* Places that cannot be written to: what was there before stays, and nothing is left. */
#include "tests/bad_input.h"

#define CHECK "check", "two-phase-commit", "--preset", "small"
#define VIOLATES CHECK, "--mutant", "commit-on-one-vote"

/* A directory with files that must not change. */
static char *make_full_place(void)
{
    static const char *const names[] = {"old.trace", "old.json"};
    char *place = make_place();
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        char *path = path_in(place, names[i]);
        write_file(path, "precious\n");
        free(path);
    }
    setenv("GAINSAY", program_path(), 1);
    return place;
}

/* ---- Before the search ---- */

Test(bad_outputs, a_place_that_cannot_be_written_is_refused_before_the_search)
{
    char *place = make_full_place(), *directory = path_in(place, "directory");
    cr_assert(mkdir(directory, 0777) == 0);
    EXPECT_REFUSED(place, "--trace no/x: cannot write: No such file", VIOLATES, "--trace", "no/x");
    EXPECT_REFUSED(place, "--trace directory: cannot write: Is a directory", VIOLATES, "--trace", "directory");
    EXPECT_REFUSED(place, "--trace old.trace/x: cannot write: Not a directory", VIOLATES, "--trace", "old.trace/x");
    EXPECT_REFUSED(place, "--json no/x: cannot write: No such file", CHECK, "--json", "no/x");
    EXPECT_REFUSED(place, "--json directory: cannot write: Is a directory", CHECK, "--json", "directory");
    EXPECT_REFUSED(place, "--json no/x: cannot write: No such file", "mutants", "two-phase-commit", "--json", "no/x");
    EXPECT_REFUSED(place, "--witness DIR no/w: No such file", CHECK, "--witness", "all", "no/w");
    EXPECT_REFUSED(place, "--witness DIR old.json: Not a directory", CHECK, "--witness", "all", "old.json");
    EXPECT_REFUSED(place, "--witness DIR old.json/w: Not a directory", CHECK, "--witness", "all", "old.json/w");
    free(directory);
    remove_test_directory(place);
}

/* Nothing is touched until all is known to be right, in whatever order it is said. */
Test(bad_outputs, one_bad_option_keeps_the_others_from_being_acted_on)
{
    char *place = make_full_place();
    EXPECT_REFUSED(place, "--trace no/x: ", CHECK, "--witness", "all", "w", "--json", "old.json", "--trace", "no/x");
    EXPECT_REFUSED(place, "--json no/x: ", CHECK, "--witness", "all", "w", "--trace", "old.trace", "--json", "no/x");
    EXPECT_REFUSED(place, "resource-managers", CHECK, "--witness", "all", "w", "--trace", "old.trace", "--set",
                   "resource-managers=99");
    EXPECT_REFUSED(place, "--allow x: no such property", CHECK, "--witness", "all", "w", "--json", "old.json",
                   "--allow", "x");
    EXPECT_REFUSED(place, "--property x.so: No such file", CHECK, "--witness", "all", "w", "--property", "x.so");
    char *source = text_of("%s/tests/data/plugins/ends_early.c", project_root());
    EXPECT_REFUSED(place, "property in-range", "check", source, "--set", "where=predicate", "--witness", "all", "w");
    free(source);
    remove_test_directory(place);
}

Test(bad_outputs, one_file_for_two_outputs_is_refused_by_whatever_name)
{
    char *place = make_full_place(), *link_path = path_in(place, "link");
    cr_assert(symlink("old.json", link_path) == 0);
    EXPECT_REFUSED(place, "--json ./new: --trace names the same file", VIOLATES, "--trace", "new", "--json", "./new");
    EXPECT_REFUSED(place, "--trace names the same file", VIOLATES, "--trace", "tmp/../old.json", "--json", "old.json");
    EXPECT_REFUSED(place, "--trace names the same file", VIOLATES, "--trace", "link", "--json", "old.json");
    free(link_path);
    remove_test_directory(place);
}

/* What is read is not written over: the protocol's source, a trace, a suite. */
Test(bad_outputs, a_file_that_is_read_is_no_place_for_an_output)
{
    static const char *const flags[] = {"--json", "--junit", "--sarif"};
    char *place = make_full_place(), *source = text_of("%s/tests/data/plugins/deferring.c", project_root()),
         *text = read_file(source), *copy = path_in(place, "mine.c"), *suite = path_in(place, "suite.ini"),
         *link_path = path_in(place, "link.c");
    write_file(copy, text);
    write_file(suite, "[tpc]\ncheck = two-phase-commit\n");
    cr_assert(symlink("mine.c", link_path) == 0);
    struct ran ran = GAINSAY_IN(place, "check", "mine.c", "--witness", "has-both", ".", "--samples", "1", ".");
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    for (size_t i = 0; i < 3; i++) {
        EXPECT_REFUSED(place, "link.c: that is the protocol; name another file", "check", "mine.c", flags[i], "link.c");
        EXPECT_REFUSED(place, "mine.c: that is the protocol;", "mutants", "mine.c", flags[i], "mine.c");
        EXPECT_REFUSED(place, "has-both.trace: that is the trace to start from;", "check", "mine.c", "--from",
                       "./has-both.trace", flags[i], "has-both.trace");
    }
    EXPECT_REFUSED(place, "mine.c: that is the protocol;", "fuzz", "./mine.c", "--trace", "mine.c");
    EXPECT_REFUSED(place, "--witness ./has-both.trace: that is the trace to start from;", "check", "mine.c", "--from",
                   "has-both.trace", "--witness", "all", ".");
    EXPECT_REFUSED(place, "--samples .: sample-01.trace is the trace to start from; name another directory", "check",
                   "mine.c", "--from", "sample-01.trace", "--samples", "2", ".");
    EXPECT_REFUSED(place, "--json ./sample-01.trace: that is a trace to replay;", "replay", "sample-01.trace", "--json",
                   "./sample-01.trace");
    EXPECT_REFUSED(place, "--junit ./suite.ini: that is the suite;", "suite", "suite.ini", "--junit", "./suite.ini");
    char *left = read_file(copy);
    cr_expect(eq(str, left, text));
    free(left);
    free(text);
    free(source);
    free(copy);
    free(suite);
    free(link_path);
    remove_test_directory(place);
}

Test(bad_outputs, a_directory_or_file_that_may_not_be_written_is_refused)
{
    skip_unless_root_can_be_dropped();
    char *place = make_full_place();
    char *source = text_of("%s/examples/token_ring.c", project_root());
    cr_assert(chmod(place, 0755) == 0);
    EXPECT_REFUSED_WITHOUT_ROOT(place, "--trace x: cannot write: Permission denied", VIOLATES, "--trace", "x");
    EXPECT_REFUSED_WITHOUT_ROOT(place, "--trace old.trace: cannot write: Permission denied", VIOLATES, "--trace",
                                "old.trace");
    EXPECT_REFUSED_WITHOUT_ROOT(place, "--json x: cannot write: Permission denied", CHECK, "--json", "x");
    EXPECT_REFUSED_WITHOUT_ROOT(place, "--witness DIR w: Permission denied", CHECK, "--witness", "all", "w");
    EXPECT_REFUSED_WITHOUT_ROOT(place, "--witness DIR .: Permission denied", CHECK, "--witness", "all", ".");
    EXPECT_REFUSED_WITHOUT_ROOT(place, "cannot make a directory to compile in: Permission denied", "check", source);
    cr_assert(chmod(place, 0777) == 0); /* now the directory may be written, but not the file */
    EXPECT_REFUSED_WITHOUT_ROOT(place, "--json old.json: cannot write: Permission denied", CHECK, "--json", "old.json");
    free(source);
    remove_test_directory(place);
}

/* ---- After it ---- */

/* Of what fails only when it is written: exit code and line, and all files as they were. */
static void expect_failure(const char *place, int status, const char *said, const char *script)
{
    char *before = list_place(place);
    struct ran ran = run_in(place, (const char *const[]){"bash", "-c", script, NULL});
    char *after = list_place(place);
    EXPECT_STATUS(ran, status);
    EXPECT_IN(ran.err, said);
    cr_expect(is_one_line(ran.err), "%s: %s", script, ran.err);
    cr_expect(eq(str, after, before), "files have changed: %s", script);
    forget(&ran);
    free(before);
    free(after);
}

Test(bad_outputs, a_full_disk_loses_nothing)
{
    char *place = make_full_place(), *directory = path_in(place, "w"), *path = path_in(place, "w/committed.trace");
    cr_assert(mkdir(directory, 0777) == 0);
    write_file(path, "precious too\n");
    expect_failure(place, 2, "--json /dev/full: cannot write: No space left on device",
                   "\"$GAINSAY\" check two-phase-commit --json /dev/full --quiet");
    expect_failure(place, 2, "--json /dev/full: cannot write: No space left on device",
                   "\"$GAINSAY\" mutants two-phase-commit --json /dev/full --quiet");
    expect_failure(place, 1, "/dev/full: cannot write: No space left on device", /* the violation counts more */
                   "\"$GAINSAY\" check two-phase-commit --mutant commit-on-one-vote --trace /dev/full --quiet");
    /* Files that may not grow, where only the streams are pipes. */
    expect_failure(place, 2, "--json old.json: cannot write: File too large",
                   "set -o pipefail; (ulimit -f 0; \"$GAINSAY\" check two-phase-commit --json old.json --quiet 2>&1 "
                   ">/dev/null) | cat >&2");
    expect_failure(place, 1, "old.trace: cannot write: File too large",
                   "set -o pipefail; (ulimit -f 0; \"$GAINSAY\" check two-phase-commit --mutant commit-on-one-vote "
                   "--trace old.trace --quiet 2>&1 >/dev/null) | cat >&2");
    expect_failure(place, 2, "w/committed.trace: cannot write: File too large",
                   "set -o pipefail; (ulimit -f 0; \"$GAINSAY\" check two-phase-commit --preset small --witness "
                   "committed w --quiet 2>&1 >/dev/null) | cat >&2");
    free(path);
    free(directory);
    remove_test_directory(place);
}

static const char *const commands[] = {"list",
                                       "describe raft",
                                       "check two-phase-commit --preset small",
                                       "check two-phase-commit --preset small --quiet",
                                       "check two-phase-commit --preset small --json -",
                                       "mutants two-phase-commit",
                                       "mutants two-phase-commit --json -",
                                       "replay a.trace",
                                       "show a.trace",
                                       "show a.trace --format json",
                                       "--help",
                                       "check --help",
                                       "--version"};

Test(bad_outputs, a_standard_output_that_cannot_be_written_is_one_line, .timeout = 60)
{
    char *place = make_full_place(), *trace = path_in(place, "a.trace");
    struct ran ran = GAINSAY(VIOLATES, "--trace", trace);
    EXPECT_STATUS(ran, 1);
    forget(&ran);
    for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
        char *full = text_of("\"$GAINSAY\" %s >/dev/full", commands[i]);
        char *closed = text_of("\"$GAINSAY\" %s >&-", commands[i]);
        char *broken = text_of("set -o pipefail; { sleep 0.05; \"$GAINSAY\" %s; } | true", commands[i]);
        expect_failure(place, 2, "gainsay: standard output: ", full);
        expect_failure(place, 2, "gainsay: standard output: it is closed\n", closed);
        expect_failure(place, 2, "gainsay: standard output: ", broken);
        free(broken);
        free(closed);
        free(full);
    }
    free(trace);
    remove_test_directory(place);
}

/* A file that is opened gets the first free number: it must not be that of a closed stream. */
Test(bad_outputs, closed_streams_do_not_write_into_files)
{
    char *place = make_full_place();
    expect_failure(place, 2, "gainsay: check: x: no such protocol", "\"$GAINSAY\" check x <&-");
    struct ran ran = run_in(place, (const char *const[]){"sh", "-c",
                                                         "\"$GAINSAY\" check two-phase-commit --mutant "
                                                         "commit-on-one-vote --trace a.trace --json a.json --progress "
                                                         "<&- 2>&- && exit 9; \"$GAINSAY\" replay a.trace",
                                                         NULL});
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    char *path = path_in(place, "a.json"), *text = read_file(path);
    json_decref(parse_json(text));
    free(text);
    free(path);
    remove_test_directory(place);
}

Test(bad_outputs, a_file_that_is_replaced_keeps_its_mode)
{
    char *place = make_full_place(), *path = path_in(place, "old.json");
    struct stat status;
    cr_assert(chmod(path, 0640) == 0);
    struct ran ran = GAINSAY(CHECK, "--json", path);
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    cr_assert(stat(path, &status) == 0);
    cr_expect(eq(int, (int)(status.st_mode & 0777), 0640));
    free(path);
    remove_test_directory(place);
}
