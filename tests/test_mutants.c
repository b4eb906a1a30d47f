/* gainsay mutants: what it prints, and its exit codes. */
#include "tests/run_program.h"

Test(mutants, are_all_killed)
{
    struct ran ran = GAINSAY("mutants", "two-phase-commit");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "commit-on-one-vote");
    EXPECT_IN(ran.out, "killed=3 survived=0");
    EXPECT_NOT_IN(ran.out, "SURVIVED");
    forget(&ran);
}

/* In each line of the table the preset stands where the heading says. */
Test(mutants, stand_in_columns_however_long_the_names)
{
    struct ran ran = GAINSAY("mutants", "mv-register", "--max-states", "100");
    const char *heading = strstr(ran.out, "mutant "), *preset = heading ? strstr(heading, "preset") : NULL;
    cr_assert(ne(ptr, (void *)preset, NULL), "%s", ran.out);
    const size_t column = (size_t)(preset - heading);
    unsigned lines = 0;
    EXPECT_IN(ran.out, "keeps-what-is-not-overwritten ");
    for (const char *line = strchr(heading, '\n') + 1; strncmp(line, "gainsay:", 8) != 0; lines++) {
        const char *end = strchr(line, '\n');
        cr_assert(ne(ptr, (void *)end, NULL), "%s", ran.out);
        cr_assert(gt(sz, (size_t)(end - line), column));
        const bool stands_there = line[column - 1] == ' ' && line[column] != ' ';
        cr_expect(stands_there, "%.*s", (int)(end - line), line);
        line = end + 1;
    }
    cr_expect(gt(uint, lines, 3));
    forget(&ran);
}

Test(mutants, undecided_by_a_limit_are_exit_3)
{
    struct ran ran = GAINSAY("mutants", "two-phase-commit", "commit-on-one-vote", "--max-depth", "2");
    EXPECT_STATUS(ran, 3);
    EXPECT_IN(ran.out, "undecided");
    forget(&ran);
}

Test(mutants, are_reported_as_json)
{
    struct ran ran = GAINSAY("mutants", "two-phase-commit", "commit-without-votes", "--json", "-");
    EXPECT_STATUS(ran, 0);
    json_t *report = parse_json(ran.out), *trials = json_object_get(report, "trials");
    cr_assert(eq(sz, json_array_size(trials), 2));
    cr_expect(eq(i64, json_number(json_array_get(trials, 1), "steps"), 3));
    cr_expect(eq(str, (char *)json_string_of(json_array_get(trials, 1), "outcome"), "killed"));
    json_decref(report);
    forget(&ran);
}
