/* "Did it explore anything?": what `gainsay check` says and writes of samples, witnesses and growth. */
#include "tests/run_program.h"

/* ---- Samples ---- */

Test(exploration, samples_are_files_that_replay_and_can_be_shown)
{
    char *directory = make_test_directory(), *samples = text_of("%s/samples", directory);
    struct ran ran = GAINSAY("check", "two-phase-commit", "--preset", "small", "--samples", "3", samples);
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "\nsamples\n");
    EXPECT_IN(ran.out, "/sample-03.trace: 10 steps\n");
    forget(&ran);
    for (int i = 1; i <= 3; i++) {
        char *path = text_of("%s/sample-%02d.trace", samples, i);
        ran = GAINSAY("replay", path);
        EXPECT_STATUS(ran, 0);
        forget(&ran);
        ran = GAINSAY("show", path);
        EXPECT_STATUS(ran, 0);
        EXPECT_IN(ran.out, "two-phase-commit: sample in ");
        forget(&ran);
        free(path);
    }
    free(samples);
    remove_test_directory(directory);
}

Test(exploration, samples_of_a_plugin_name_its_file)
{
    char *directory = make_test_directory(), *path = text_of("%s/sample-01.trace", directory);
    struct ran ran = GAINSAY("check", "examples/token_ring.c", "--quiet", "--samples", "1", directory);
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    ran = GAINSAY("replay", path);
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "36 steps");
    forget(&ran);
    free(path);
    remove_test_directory(directory);
}

Test(exploration, fewer_samples_are_said_to_be_so)
{
    char *directory = make_test_directory();
    struct ran ran =
        GAINSAY("check", "two-phase-commit", "--preset", "small", "--max-depth", "2", "--samples", "9", directory);
    EXPECT_STATUS(ran, 3);
    EXPECT_IN(ran.out, "  2 instead of 9: the search went only 2 steps deep\n");
    forget(&ran);
    remove_test_directory(directory);
}

Test(exploration, samples_and_growth_are_in_the_json)
{
    char *directory = make_test_directory();
    struct ran ran = GAINSAY("check", "raft", "--max-states", "1000", "--samples", "2", directory, "--json", "-");
    EXPECT_STATUS(ran, 3);
    json_t *report = parse_json(ran.out), *samples = json_object_get(report, "samples");
    const json_t *growth = json_object_get(report, "growth"),
                 *part = json_array_get(json_object_get(growth, "parts"), 0);
    cr_assert(eq(sz, json_array_size(samples), 2));
    cr_expect(eq(i64, json_number(json_array_get(samples, 1), "steps"), json_number(report, "depth")));
    EXPECT_IN(json_string_of(json_array_get(samples, 0), "trace"), "/sample-01.trace");
    cr_expect(eq(str, (char *)json_string_of(part, "kind"), "inbox"));
    cr_expect(
        eq(sz, json_array_size(json_object_get(part, "by_depth")), json_array_size(json_object_get(growth, "depths"))));
    cr_expect(gt(i64, json_number(growth, "in_flight"), 3));
    json_decref(report);
    forget(&ran);
    remove_test_directory(directory);
}

/* ---- Witnesses ---- */

Test(exploration, witnesses_may_go_to_different_places)
{
    char *directory = make_test_directory(), *one = text_of("%s/one", directory), *two = text_of("%s/two", directory);
    char *committed = text_of("%s/committed.trace", one), *aborted = text_of("%s/aborted.trace", two);
    struct ran ran = GAINSAY("check", "two-phase-commit", "--preset", "small", "--witness", "committed", one,
                             "--witness", "aborted", two);
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "\nwitnesses\n");
    cr_expect(file_exists(committed));
    cr_expect(file_exists(aborted));
    forget(&ran);
    free(one);
    free(two);
    free(committed);
    free(aborted);
    remove_test_directory(directory);
}

Test(exploration, a_goal_that_is_not_met_leaves_no_file)
{
    char *directory = make_test_directory(), *path = text_of("%s/committed.trace", directory);
    struct ran ran = GAINSAY("check", "two-phase-commit", "--preset", "small", "--max-depth", "2", "--witness",
                             "committed", directory);
    EXPECT_STATUS(ran, 3);
    EXPECT_IN(ran.out, "  none of committed: the goal was not met\n");
    cr_expect(not(file_exists(path)));
    cr_expect(eq(str, ran.err, ""));
    forget(&ran);
    write_file(path, "of before");
    ran = GAINSAY("check", "two-phase-commit", "--preset", "small", "--max-depth", "2", "--witness", "all", directory,
                  "--quiet");
    EXPECT_IN(ran.err, "committed.trace: no trace leads to the goal in this run, so what was there before is left");
    char *text = read_file(path);
    cr_expect(eq(str, text, "of before"));
    free(text);
    forget(&ran);
    free(path);
    remove_test_directory(directory);
}

/* ---- Growth ---- */

Test(exploration, growth_is_shown_when_a_limit_was_met)
{
    struct ran ran = GAINSAY("check", "raft", "--max-states", "50000");
    EXPECT_STATUS(ran, 3);
    EXPECT_IN(ran.out, "\ngrowth: ");
    EXPECT_IN(ran.out, "  inbox of a server ");
    EXPECT_IN(ran.out, "  server.term ");
    EXPECT_IN(ran.out, "0 to 2\n");
    EXPECT_IN(ran.out, "  rough estimate, ");
    EXPECT_IN(ran.out,
              "  options here: servers=3 terms=2 heartbeats=0 proposals=0 commands=1 hb-empty=0 candidates=7\n");
    forget(&ran);
    ran = GAINSAY("check", "raft", "--preset", "one-term");
    EXPECT_NOT_IN(ran.out, "growth: ");
    forget(&ran);
    ran = GAINSAY("check", "raft", "--preset", "one-term", "--growth");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "growth: ");
    EXPECT_NOT_IN(ran.out, "hint: ");
    forget(&ran);
}

/* ---- The report ---- */

static size_t longest_line(const char *text)
{
    size_t longest = 0;
    for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
        const size_t length = strcspn(line, "\n");
        const char *needs = strstr(line, "not checked: needs "); /* in a protocol's own words */
        const char *judged = strstr(line, " with node judged");  /* by a name of 29 letters */
        const bool may_be_longer = strncmp(line, "gainsay: ", 9) == 0 /* for grep */ ||
                                   (needs && needs < line + length) || (judged && judged < line + length);
        longest = length > longest && !may_be_longer ? length : longest;
    }
    return longest;
}

Test(exploration, reports_fit_100_columns)
{
    static const char *const presets[] = {"quick", "crash", "one-term", "repeated-messages"};
    for (size_t i = 0; i < sizeof(presets) / sizeof(*presets); i++) {
        struct ran ran = GAINSAY("check", "raft", "--preset", presets[i], "--growth", "--max-states", "100000");
        cr_expect(le(sz, longest_line(ran.out), 100), "%s", ran.out);
        forget(&ran);
    }
    struct ran ran = GAINSAY("check", "raft", "--mutant", "vote-twice", "--preset", "one-term");
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out, "stopped by a violation; --keep-going goes on\n");
    forget(&ran);
}

Test(exploration, the_scope_of_what_was_judged_is_named)
{
    struct ran ran = GAINSAY("check", "raft", "--preset", "one-term");
    EXPECT_IN(ran.out, "proved within bounds: term, log; 48 monitor values with node judged\n");
    EXPECT_IN(ran.out, "; 45 steps judged\n");
    EXPECT_IN(ran.out, "met in 3 steps; 24 node states judged\n");
    EXPECT_IN(ran.out, " combinations judged\n");
    EXPECT_IN(ran.out, "  events that never fired: heartbeat, propose\n");
    forget(&ran);
    ran = GAINSAY("check", "raft", "--preset", "one-term", "--json", "-");
    json_t *report = parse_json(ran.out);
    cr_expect(eq(str, (char *)json_string_of(json_property(report, "leader-elected"), "scope"), "node"));
    cr_expect(eq(i64, json_number(json_property(report, "leader-elected"), "judged"), 24));
    const json_t *never = json_object_get(report, "never_fired"), *ignored = json_object_get(report, "only_ignored");
    cr_assert(eq(sz, json_array_size(never), 2));
    cr_expect(eq(str, (char *)json_string_value(json_array_get(never, 0)), "heartbeat"));
    cr_expect(eq(str, (char *)json_string_value(json_array_get(ignored, 0)), "append-entries-reply"));
    json_decref(report);
    forget(&ran);
}

Test(exploration, unreached_goals_say_how_to_accept_them)
{
    struct ran ran = GAINSAY("check", "raft", "--timeouts", "0");
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out, "vacuous: its scope never occurred\n");
    EXPECT_IN(ran.out, "--allow terms-never-go-back accepts it");
    forget(&ran);
}
