/* Baselines: what was reached may not be lost silently. */
#include "tests/run_program.h"

#define SUITE(preset_and_more, more) \
    "[suite]\nname = mine\n[ring]\ncheck = token_ring.c\n" preset_and_more "[m]\nmutants = two-phase-commit\n" more

static char *make_suite(void)
{
    char *directory = make_test_directory(), *ring = text_of("%s/token_ring.c", directory);
    char *source = text_of("%s/examples/token_ring.c", project_root());
    copy_file(source, ring);
    free(source);
    free(ring);
    return directory;
}

static void write_in(const char *directory, const char *name, const char *text)
{
    char *path = text_of("%s/%s", directory, name);
    write_file(path, text);
    free(path);
}

static char *read_in(const char *directory, const char *name)
{
    char *path = text_of("%s/%s", directory, name), *text = read_file(path);
    free(path);
    return text;
}

static struct ran run_suite(const char *directory, const char *text, const char *more)
{
    write_in(directory, "s.ini", text);
    return GAINSAY_IN(directory, "suite", "s.ini", "--baseline", "b.json", more);
}

/* A directory with a baseline of this suite. */
static char *make_baseline(const char *text)
{
    char *directory = make_suite();
    struct ran ran = run_suite(directory, text, "--update-baseline");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "baseline written to b.json");
    forget(&ran);
    return directory;
}

Test(baseline, holds_no_times_and_is_the_same_each_time)
{
    char *directory = make_baseline(SUITE("", "")), *before = read_in(directory, "b.json");
    struct ran ran = run_suite(directory, SUITE("", ""), "--update-baseline");
    EXPECT_STATUS(ran, 0);
    char *after = read_in(directory, "b.json");
    cr_expect(eq(str, before, after));
    EXPECT_NOT_IN(after, "seconds");
    EXPECT_NOT_IN(after, "bytes");
    EXPECT_IN(after, "\"one-holder\": \"proved\"");
    EXPECT_IN(after, "\"steps of commit-on-one-vote\": 5");
    forget(&ran);
    ran = run_suite(directory, SUITE("", ""), NULL);
    EXPECT_STATUS(ran, 0);
    EXPECT_NOT_IN(ran.out, "note");
    forget(&ran);
    free(before);
    free(after);
    remove_test_directory(directory);
}

static void expect_failure(const char *before, const char *after, const char *complaint)
{
    char *directory = make_baseline(before), *baseline = read_in(directory, "b.json");
    struct ran ran = run_suite(directory, after, NULL);
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out, complaint);
    EXPECT_IN(ran.out, "--update-baseline makes it the baseline");
    forget(&ran);
    char *same = read_in(directory, "b.json");
    cr_expect(eq(str, baseline, same));
    free(same);
    ran = run_suite(directory, after, "--update-baseline");
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    ran = run_suite(directory, after, NULL);
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    free(baseline);
    remove_test_directory(directory);
}

Test(baseline, fails_when_a_property_falls_from_proved)
{
    expect_failure(SUITE("", ""), SUITE("max-states = 50\nexpect = incomplete\n", ""),
                   "  baseline: one-holder: was proved, is bounded (baseline b.json)\n");
}

Test(baseline, fails_when_a_goal_is_no_longer_met)
{
    expect_failure(SUITE("", ""), SUITE("set = hops=2\nallow = round-made\n", ""),
                   "  baseline: round-made: was proved, is unreached (baseline b.json)\n");
}

Test(baseline, fails_when_an_event_no_longer_fires)
{
    expect_failure(SUITE("drops = 1\nnetwork = fifo\n", ""), SUITE("network = fifo\n", ""),
                   "  baseline: event drop: fired before, and does no longer (baseline b.json)\n");
}

Test(baseline, fails_when_a_bound_starts_to_cut)
{
    expect_failure(SUITE("network = fifo\n", ""), SUITE("network = fifo\ncapacity = 1\n", ""), "  baseline: bound ");
}

Test(baseline, fails_when_a_run_a_property_or_a_mutant_disappears)
{
    expect_failure(SUITE("", "[more]\ncheck = two-phase-commit\npreset = small\n"), SUITE("", ""),
                   "baseline: more: this run is in the suite no more (baseline b.json)\n");
    expect_failure(SUITE("", ""), SUITE("", "mutant = commit-on-one-vote\n"),
                   "  baseline: refuse-after-vote: was killed, is there no more (baseline b.json)\n");
}

Test(baseline, notes_what_is_better_new_or_counted_otherwise)
{
    char *directory = make_baseline(SUITE("max-states = 50\nexpect = incomplete\n", ""));
    struct ran ran = run_suite(directory, SUITE("", "[more]\ncheck = two-phase-commit\npreset = small\n"), NULL);
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "note: baseline: ring: one-holder: was bounded, is proved\n");
    EXPECT_IN(ran.out, "note: baseline: ring: states: was 50, is 12286\n");
    EXPECT_IN(ran.out, "note: baseline: more: is new\n");
    EXPECT_IN(ran.out, "note: if that is as it should be, --update-baseline makes it the baseline\n");
    forget(&ran);
    remove_test_directory(directory);
}

Test(baseline, is_not_written_when_the_suite_fails)
{
    char *directory = make_baseline(SUITE("", "")), *before = read_in(directory, "b.json");
    struct ran ran = run_suite(directory, SUITE("mutant = keep-token\n", ""), "--update-baseline");
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.err, "gainsay: suite: --update-baseline: b.json is left as it is, because the suite fails\n");
    char *after = read_in(directory, "b.json");
    cr_expect(eq(str, before, after));
    forget(&ran);
    free(before);
    free(after);
    remove_test_directory(directory);
}

Test(baseline, keeps_runs_that_were_left_out_this_time)
{
    char *directory = make_baseline(SUITE("", "")), *before = read_in(directory, "b.json");
    struct ran ran =
        GAINSAY_IN(directory, "suite", "s.ini", "--baseline", "b.json", "--update-baseline", "--only", "m");
    EXPECT_STATUS(ran, 0);
    char *after = read_in(directory, "b.json");
    cr_expect(eq(str, before, after));
    forget(&ran);
    ran = GAINSAY_IN(directory, "suite", "s.ini", "--baseline", "b.json", "--only", "m");
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    free(before);
    free(after);
    remove_test_directory(directory);
}

Test(baseline, that_is_damaged_or_anothers_is_bad_input_and_stays)
{
    static const struct {
        const char *text, *complaint;
    } bad[] = {
        {"", "b.json:1: "},
        {"[]", "b.json: not a baseline of a suite"},
        {"{\"gainsay_baseline\": 1, \"suite\": \"mine\"}", "b.json: not a baseline of a suite"},
        {"{\"gainsay_baseline\": 2, \"suite\": \"mine\", \"runs\": {}}",
         "b.json: its format is 2, this gainsay reads 1"},
        {"{\"gainsay_baseline\": 1, \"suite\": \"other\", \"runs\": {}}",
         "b.json: it is of the suite 'other', this one is 'mine'"},
        {"{\"gainsay_baseline\": 1, \"suite\": \"mine\", \"runs\": {\"ring\": {}}}",
         "b.json: its run 'ring' is damaged"},
        {"{\"gainsay_baseline\": 1, \"suite\": \"mine\", \"runs\": {\"ring\": {\"what\": \"x\", \"outcomes\": {\"a\": 1}, "
         "\"counts\": {}, \"fired\": [], \"cut\": []}}}",
         "b.json: its run 'ring' is damaged"},
        {"{\"gainsay_baseline\": 1, \"suite\": \"mine\", \"runs\": {\"ring\": {\"what\": \"x\", \"outcomes\": {}, "
         "\"counts\": {}, \"fired\": [1], \"cut\": []}}}",
         "b.json: its run 'ring' is damaged"},
        {"{\"gainsay_baseline\": 1, \"gainsay_baseline\": 1}", "b.json:1: duplicate object key"},
    };
    char *directory = make_suite();
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        for (int update = 0; update < 2; update++) {
            write_in(directory, "b.json", bad[i].text);
            struct ran ran = run_suite(directory, SUITE("", ""), update ? "--update-baseline" : NULL);
            EXPECT_STATUS(ran, 2);
            EXPECT_IN(ran.err, "gainsay: suite: --baseline ");
            EXPECT_IN(ran.err, bad[i].complaint);
            cr_expect(eq(str, ran.out, ""));
            char *after = read_in(directory, "b.json");
            cr_expect(eq(str, after, (char *)bad[i].text));
            free(after);
            forget(&ran);
        }
    remove_test_directory(directory);
}

Test(baseline, that_is_missing_says_how_to_write_it)
{
    char *directory = make_suite();
    struct ran ran = run_suite(directory, SUITE("", ""), NULL);
    EXPECT_STATUS(ran, 2);
    cr_expect(eq(str, ran.err,
                 "gainsay: suite: --baseline b.json: No such file or directory; --update-baseline writes "
                 "it\n"));
    forget(&ran);
    remove_test_directory(directory);
}
