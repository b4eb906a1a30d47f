/* Suite files that are none, through the program. Nothing is run. */
#include "tests/bad_input.h"

static void expect_text_refused(const char *place, const char *text, const char *said)
{
    char *path = path_in(place, "bad.ini");
    write_file(path, text);
    EXPECT_REFUSED(place, said, "suite", "bad.ini");
    free(path);
}

Test(bad_suites, what_cannot_be_opened_is_named, .timeout = 60)
{
    char *place = make_place(), *pipe = path_in(place, "pipe");
    cr_assert(mkfifo(pipe, 0600) == 0);
    EXPECT_REFUSED(place, "suite: missing.ini: No such file", "suite", "missing.ini");
    EXPECT_REFUSED(place, "suite: tmp: Is a directory", "suite", "tmp");
    EXPECT_REFUSED(place, "suite: pipe: no runs", "suite", "pipe");
    EXPECT_REFUSED(place, "suite: /dev/null: no runs", "suite", "/dev/null");
    EXPECT_REFUSED(place, "suite: /dev/zero:1: byte 0x00: a suite file is text", "suite", "/dev/zero");
    EXPECT_REFUSED(place, "an argument is empty", "suite", "");
    free(pipe);
    remove_test_directory(place);
}

Test(bad_suites, what_may_not_be_read_is_named)
{
    skip_unless_root_can_be_dropped();
    char *place = make_place(), *path = path_in(place, "secret.ini");
    write_file(path, "[a]\ncheck = raft\n");
    cr_assert(chmod(place, 0755) == 0 && chmod(path, 0) == 0);
    EXPECT_REFUSED_WITHOUT_ROOT(place, "suite: secret.ini: Permission denied", "suite", "secret.ini");
    free(path);
    remove_test_directory(place);
}

Test(bad_suites, huge_and_binary_ones_are_refused_at_their_line, .timeout = 60)
{
    enum { SIZE = 100 << 20, DEPTH = 100000 };
    char *place = make_place(), *text = malloc(SIZE + 1), *path = path_in(place, "bad.ini");
    cr_assert(text != NULL);
    memset(text, 'a', SIZE);
    text[SIZE] = '\0';
    expect_text_refused(place, text, "bad.ini:1: the line is longer than");
    memset(text, '[', DEPTH);
    text[DEPTH] = '\0';
    expect_text_refused(place, text, "bad.ini:1: the line is longer than");
    memset(text, '\n', SIZE);
    expect_text_refused(place, text, "bad.ini:100001: more than 100000 lines");
    expect_text_refused(place, "[a]\n\x1b[31m = 1\n", "bad.ini:2: byte 0x1b: a suite file is text");
    cr_assert(truncate(path, (off_t)1 << 36) == 0); /* sparse */
    EXPECT_REFUSED(place, "bad.ini:", "suite", "bad.ini");
    copy_file(program_path(), path);
    EXPECT_REFUSED(place, "bad.ini:1: ", "suite", "bad.ini");
    free(path);
    free(text);
    remove_test_directory(place);
}

static const char *const wrong[][2] = {
    {"check = raft\n", "bad.ini:1: check: no [section] has begun"},
    {"[a]\n", "bad.ini:1: [a]: what is to run?"},
    {"[a]\ncheck\n", "bad.ini:2: expected [section], KEY = VALUE"},
    {"[a\ncheck = raft\n", "bad.ini:1: expected [section], KEY = VALUE"},
    {"[a]\ncheck =\n", "bad.ini:2: check: no value behind the '='"},
    {"[a]\ncheck = rafd\n", "bad.ini:2: [a]: check rafd: no such protocol; did you mean 'raft'?"},
    {"[a]\ncheck = raft\ncolour = red\n", "bad.ini:3: colour: no such key of 'check' sections"},
    {"[a]\ncheck = raft\npreset = quik\n", "bad.ini:3: [a]: preset quik: no such preset; did you mean 'quick'?"},
    {"[a]\ncheck = raft\nthreads = 2\npreset = x\n", "bad.ini:4: [a]: preset x: no such preset"},
    {"[a]\ncheck = raft\nexpect = maybe\n", "bad.ini:3: expect maybe: no such outcome"},
    {"[a]\ncheck = raft\n[a]\ncheck = raft\n", "bad.ini:3: [a]: line 1 begins a section of this name already"},
    {"[a]\ncheck = raft\ncheck = raft\n", "bad.ini:3: "},
    {"[a]\ncheck = missing.c\n", "bad.ini:2: check missing.c: No such file"},
    {"[a]\ntraces = missing\n", "bad.ini:2: traces missing: No such file"},
    {"[suite]\njobs = 0\n[a]\ncheck = raft\n", "bad.ini:2: jobs 0: a number from 1 to"},
    {"[suite]\nmax-seconds = soon\n[a]\ncheck = raft\n", "bad.ini:2: max-seconds soon: a number of seconds"},
};

Test(bad_suites, a_wrong_line_is_named)
{
    char *place = make_place();
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
        expect_text_refused(place, wrong[i][0], wrong[i][1]);
    remove_test_directory(place);
}
