/* Suite files that are refused, each with one line that names file, line and remedy; and nothing runs. */
#include "tests/run_program.h"

static const struct bad_suite {
    const char *text, *complaint; /* behind "gainsay: suite: suite.ini" */
} bad_suites[] = {
    /* lines */
    {"", ": no runs: a section '[NAME]' with 'check = PROTOCOL' is one"},
    {"; nothing\n[suite]\nname = x\n", ": no runs: a section '[NAME]' with 'check = PROTOCOL' is one"},
    {"check = raft\n", ":1: check: no [section] has begun"},
    {"[a\ncheck = raft\n", ":1: expected [section], KEY = VALUE, or a comment after ';'"},
    {"[a]\n\ncheck\n", ":3: expected [section], KEY = VALUE, or a comment after ';'"},
    {"[a]\ncheck =\n", ":2: check: no value behind the '='"},
    {"[a]\n= raft\n", ":2: no key before the '='"},
    {"[a]\ncheck = ra\001ft\n", ":2: byte 0x01: a suite file is text"},
    /* sections */
    {"[]\n", ":1: []: a section's name is made of lower-case words and digits, joined by single hyphens, dots or "
             "slashes"},
    {"[Raft]\ncheck = raft\n", ":1: [Raft]: a section's name"},
    {"[a/../b]\ncheck = raft\n", ":1: [a/../b]: a section's name"},
    {"[/a]\ncheck = raft\n", ":1: [/a]: a section's name"},
    {"[a.]\ncheck = raft\n", ":1: [a.]: a section's name"},
    {"[abcdefghijabcdefghijabcdefghijabcdefghijabcdefghij]\ncheck = raft\n",
     ":1: [abcdefghijabcdefghijabcdefghijabcdefghijabcdefghi...]: a section's name has at most 48 bytes"},
    {"[a]\ncheck = raft\n[b]\ncheck = raft\n[a]\ncheck = raft\n",
     ":5: [a]: line 1 begins a section of this name already"},
    {"[a]\n", ":1: [a]: what is to run? 'check = PROTOCOL', 'fuzz = PROTOCOL', 'mutants = PROTOCOL' or "
              "'traces = DIRECTORY'"},
    {"[a]\ncheck = raft\nmutants = raft\n", ":3: [a]: both 'check' and 'mutants': make it two sections"},
    {"[suite]\nnam = x\n", ":2: nam: no such key of [suite]; did you mean 'name'?"},
    {"[suite]\njobs = 0\n", ":2: jobs 0: a number from 1 to 1024"},
    {"[suite]\nmax-seconds = soon\n", ":2: max-seconds soon: a number of seconds above 0, as 90 or 0.5"},
    {"[suite]\nname = x\nname = y\n", ":3: name: line 2 has it already, and only one may"},
    /* keys */
    {"[a]\ncheck = raft\npresset = quick\n", ":3: presset: no such key of 'check' sections; did you mean 'preset'?"},
    {"[a]\ncheck = raft\njson = x\n", ":3: json: no such key of 'check' sections"},
    {"[a]\nmutants = raft\npreset = quick\n", ":3: preset: no such key of 'mutants' sections"},
    {"[a]\ncheck = raft\npreset = quick\npreset = full\n", ":4: preset: line 3 has it already, and only one may"},
    {"[a]\ncheck = raft\nexpect = hold\n", ":3: expect hold: no such outcome; did you mean 'holds'?"},
    {"[a]\ncheck = raft\nexpect = fixed\n", ":3: expect fixed: no such outcome; there are holds, violated, incomplete"},
    {"[a]\ncheck = raft\nsteps = 7\n", ":3: steps: goes with 'expect = violated' only"},
    {"[a]\ncheck = raft\nviolates = at-most-one-leader\n", ":3: violates: goes with 'expect = violated' only"},
    {"[a]\ncheck = raft\nexpect = violated\nsteps = many\n", ":4: steps many: a number from 0 on"},
    {"[a]\ncheck = raft\nstrict = maybe\n", ":3: strict maybe: yes or no"},
    {"[a]\ncheck = raft\nset = , ,\n", ":3: set: no value between the commas"},
    /* what the subcommand would refuse */
    {"[a]\ncheck = rafft\n", ":2: [a]: check rafft: no such protocol; did you mean 'raft'?"},
    {"[a]\ncheck = --json\n", ":2: check --json: begins with a hyphen"},
    {"[a]\ncheck = raft\npreset = quik\n", ":3: [a]: preset quik: no such preset; did you mean 'quick'?"},
    {"[a]\ncheck = raft\nset = servers=3\nset = trms=2\n", ":4: [a]: set trms: no such option; did you mean 'terms'?"},
    {"[a]\ncheck = raft\nset = servers=3, terms=99\n", ":3: [a]: set terms=99: terms is a number from 1 to 30"},
    {"[a]\ncheck = raft\ncrashes = -1\n", ":3: [a]: crashes -1: a number from 0 to 1000000"},
    {"[a]\ncheck = raft\nnetwork = bagg\n", ":3: [a]: network bagg: no such network; did you mean 'bag'?"},
    {"[a]\ncheck = raft\nexpect = violated\nviolates = at-most-one-leder\n",
     ":4: [a]: violates at-most-one-leder: no such property; did you mean 'at-most-one-leader'?"},
    {"[a]\nmutants = raft\nmutant = vote-twise\n", ":3: [a]: mutant vote-twise: no such mutant; did you mean "
                                                   "'vote-twice'?"},
    {"[a]\nmutants = chubby\n", ":2: [a]: mutants chubby: no such protocol"},
    /* random runs */
    {"[a]\nfuzz = rafft\n", ":2: [a]: fuzz rafft: no such protocol; did you mean 'raft'?"},
    {"[a]\ncheck = raft\nfuzz = raft\n", ":3: [a]: both 'check' and 'fuzz': make it two sections"},
    {"[a]\nfuzz = raft\nsteps = few\n", ":3: [a]: steps few: a number from 1 to 9223372036854775807"},
    {"[a]\nfuzz = raft\nmax-states = 7\n", ":3: max-states: no such key of 'fuzz' sections; there are preset, set,"},
    {"[a]\nfuzz = raft\nheal-afer = 1s\n", ":3: heal-afer: no such key of 'fuzz' sections; did you mean 'heal-after'?"},
    {"[a]\nfuzz = raft\ntrace = x\n", ":3: trace: no such key of 'fuzz' sections"},
    {"[a]\nfuzz = raft\nstrategy = pcd\n", ":3: [a]: strategy pcd: no such strategy; did you mean 'pct'?"},
    {"[a]\nfuzz = raft\nlatency = soon\n", ":3: [a]: latency soon: a time (10ms), a range"},
    {"[a]\nfuzz = raft\nprofile = wam\n", ":3: [a]: profile wam: no such profile; did you mean 'wan'?"},
    {"[a]\nfuzz = raft\nheal-after = 1s\nrecover-within = 1s\nrecovers = leader-electd\n",
     ":5: [a]: recovers leader-electd: no such goal; did you mean 'leader-elected'?"},
    {"[a]\nfuzz = raft\nrecovers = leader-elected\n", ":3: [a]: recovers leader-elected: by when?"},
    {"[a]\nfuzz = raft\ntimed = maybe\n", ":3: timed maybe: yes or no"},
    {"[a]\nfuzz = raft\nseed = 1\nseed = 2\n", ":4: seed: line 3 has it already, and only one may"},
    {"[a]\nfuzz = raft\nviolates = at-most-one-leader\n", ":3: violates: goes with 'expect = violated' only"},
    {"[a]\nfuzz = raft\nexpect = fixed\n", ":3: expect fixed: no such outcome; there are holds, violated, incomplete"},
    {"[a]\nfuzz = raft\nexpect = violated\nviolates = recovers\n", ":4: [a]: violates recovers: no such property"},
    {"[a]\nfuzz = raft\nruns = 3\nrun = 3\n", ":4: [a]: run 3: it is one run; leave --runs out"},
    /* files */
    {"[a]\ncheck = nowhere.c\n", ":2: check nowhere.c: No such file or directory"},
    {"[a]\ncheck = raft\nproperty = terms-never-go-back, nowhere.c\n",
     ":3: property nowhere.c: No such file or directory"},
    {"[a]\ntraces = nowhere\n", ":2: traces nowhere: No such file or directory"},
    {"[a]\ntraces = empty\n", ":2: traces empty: there is no *.trace in it"},
};

Test(suite_file, is_refused_with_its_line_and_a_remedy_before_anything_runs)
{
    for (size_t i = 0; i < sizeof(bad_suites) / sizeof(*bad_suites); i++) {
        char *directory = make_test_directory(), *path = text_of("%s/suite.ini", directory);
        char *empty = text_of("%s/empty", directory);
        cr_assert(mkdir(empty, 0777) == 0);
        write_file(path, bad_suites[i].text);
        struct ran ran = GAINSAY_IN(directory, "suite", "suite.ini");
        char *expected = text_of("gainsay: suite: suite.ini%s", bad_suites[i].complaint);
        EXPECT_STATUS(ran, 2);
        cr_expect(ran.err == strstr(ran.err, expected), "expected %s\nbut got %s", expected, ran.err);
        cr_expect(strchr(ran.err, '\n') == ran.err + strlen(ran.err) - 1, "one line: %s", ran.err);
        cr_expect(eq(str, ran.out, ""));
        forget(&ran);
        free(expected);
        free(empty);
        free(path);
        remove_test_directory(directory);
    }
}

/* A line of `length` bytes. */
static struct ran run_with_line(size_t length)
{
    char *directory = make_test_directory(), *path = text_of("%s/suite.ini", directory);
    char *comment = text_of("%*s", (int)length - 1, "");
    char *text = text_of(";%s\n[a]\ncheck = two-phase-commit\npreset = small\n", comment);
    write_file(path, text);
    struct ran ran = GAINSAY_IN(directory, "suite", "suite.ini");
    free(text);
    free(comment);
    free(path);
    remove_test_directory(directory);
    return ran;
}

Test(suite_file, may_have_lines_as_long_as_inih_takes)
{
    struct ran ran = run_with_line(197);
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    ran = run_with_line(198);
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.err, "gainsay: suite: suite.ini:1: the line is longer than the 197 bytes that inih takes");
    forget(&ran);
}

Test(suite_file, may_be_of_dos)
{
    char *directory = make_test_directory(), *path = text_of("%s/suite.ini", directory);
    write_file(path, "\xef\xbb\xbf[a]\r\ncheck = two-phase-commit\r\n\r\npreset = small\r\n");
    struct ran ran = GAINSAY_IN(directory, "suite", "suite.ini");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "288");
    forget(&ran);
    free(path);
    remove_test_directory(directory);
}

Test(suite_file, must_be_a_file_of_text)
{
    static const char *const refused[][2] = {
        {"/nonexistent.ini", "gainsay: suite: /nonexistent.ini: No such file or directory\n"},
        {"/tmp", "gainsay: suite: /tmp: Is a directory\n"},
        {"/dev/zero", "gainsay: suite: /dev/zero:1: byte 0x00: a suite file is text\n"},
        {"/dev/null", "gainsay: suite: /dev/null: no runs: a section '[NAME]' with 'check = PROTOCOL' is one\n"},
    };
    for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
        struct ran ran = GAINSAY("suite", refused[i][0]);
        EXPECT_STATUS(ran, 2);
        cr_expect(eq(str, ran.err, (char *)refused[i][1]));
        forget(&ran);
    }
}

Test(suite_file, is_one_and_its_options_make_sense)
{
    static const struct {
        const char *arguments[6], *complaint;
    } refused[] = {
        {{"suite"}, "gainsay: suite: which file? gainsay suite FILE\n"},
        {{"suite", "a.ini", "b.ini"},
         "gainsay: suite: b.ini: one suite file at a time, and there is 'a.ini' already\n"},
        {{"suite", "a.ini", "--jobs", "0"}, "gainsay: suite: --jobs 0: a number from 1 to 1024\n"},
        {{"suite", "a.ini", "--max-seconds", "0"},
         "gainsay: suite: --max-seconds 0: a number of seconds above 0, as 90 or 0.5\n"},
        {{"suite", "a.ini", "--update-baseline"},
         "gainsay: suite: --update-baseline: of which file? --baseline FILE --update-baseline\n"},
        {{"suite", "a.ini", "--junit", "-"}, "gainsay: suite: --junit -: it goes to a file; name one\n"},
        {{"suite", "a.ini", "--juni", "x"}, "gainsay: suite: --juni: no such option; did you mean '--junit'?\n"},
    };
    for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
        const char *arguments[8] = {program_path()};
        for (size_t a = 0; a < 6 && refused[i].arguments[a]; a++)
            arguments[a + 1] = refused[i].arguments[a];
        struct ran ran = run_in(project_root(), arguments);
        EXPECT_STATUS(ran, 2);
        cr_expect(eq(str, ran.err, (char *)refused[i].complaint));
        forget(&ran);
    }
}
