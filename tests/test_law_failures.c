/* Past failures of laws: kept, tried first, and never lost. */
#include "tests/run_program.h"

#include <dirent.h>

#include "properties/law.h"

static int64_t bound = 1000;
static uint64_t calls;

static void is_below(struct gs_law *l)
{
    calls++;
    gs_law_expect(l, gs_law_integer(l, "x", 0, INT64_MAX - 1) < bound);
}

struct told {
    struct gs_law_result result;
    char *text;
};

static struct told try_in(const char *directory, uint64_t cases)
{
    struct told told;
    size_t size;
    FILE *report = open_memstream(&told.text, &size);
    gs_law(is_below, .failures = directory, .cases = cases, .report = report, .result = &told.result);
    fclose(report);
    return told;
}

/* The only file there. */
static char *file_in(const char *directory)
{
    char *path = NULL;
    DIR *files = opendir(directory);
    cr_assert(files != NULL);
    for (struct dirent *entry = readdir(files); entry; entry = readdir(files)) {
        if (entry->d_name[0] == '.')
            continue;
        cr_expect(path == NULL, "more than one: %s", entry->d_name);
        path = text_of("%s/%s", directory, entry->d_name);
    }
    closedir(files);
    cr_assert(path != NULL);
    return path;
}

Test(law_failures, are_kept_and_tried_first)
{
    char *root = make_test_directory(), *directory = text_of("%s/new", root);
    struct told told = try_in(directory, 100);
    EXPECT_IN(told.text, "    x: 1000\n");
    EXPECT_IN(told.text, "  kept, to be tried first: ");
    free(told.text);

    char *path = file_in(directory), *text = read_file(path);
    EXPECT_IN(text, "gainsay law 1\nlaw is_below\nfailure ");
    EXPECT_IN(text, "\nchoices 1\n1000\n");
    calls = 0;
    told = try_in(directory, 100);
    cr_expect(eq(u64, told.result.kept, 1));
    cr_expect(eq(u64, told.result.cases, 0));
    EXPECT_IN(told.text, "found by the past failure ");
    free(told.text);

    bound = INT64_MAX; /* mended, but for what chance will not find */
    told = try_in(directory, 100);
    cr_expect(eq(int, (int)told.result.verdict, GS_LAW_HELD));
    cr_expect(eq(u64, told.result.kept, 1));
    cr_expect(eq(str, told.text, ""));
    free(told.text);
    char *after = read_file(path);
    cr_expect(eq(str, after, text));
    free(after);
    free(text);
    free(path);
    free(directory);
    remove_test_directory(root);
}

/* A failure that chance never finds is found because it is kept. */
Test(law_failures, find_what_chance_does_not)
{
    char *directory = make_test_directory();
    char *path = text_of("%s/is_below-0000000000000000.law", directory);
    write_file(path, "gainsay law 1\nlaw is_below\nfailure x\nchoices 1\n9223372036854775806\n");
    bound = INT64_MAX - 1;
    struct told told = try_in(directory, 1);
    cr_expect(eq(int, (int)told.result.verdict, GS_LAW_VIOLATED));
    EXPECT_IN(told.text, "    x: 9223372036854775806\n");
    EXPECT_IN(told.text, "found by the past failure ");
    free(told.text);
    free(path);
    remove_test_directory(directory);
}

static const char *const damaged[][2] = {
    {"", "it is empty"},
    {"gainsay law 2\n", "line 1 is not"},
    {"gainsay law 1\nlaw is_below", "line 2 is not"},
    {"gainsay law 1\nlaw other\nfailure x\nchoices 1\n5\n", "line 2 names another law"},
    {"gainsay law 1\nlaw is_below\nfailur x\nchoices 1\n5\n", "line 3 is not"},
    {"gainsay law 1\nlaw is_below\nfailure x\nchoices -1\n5\n", "line 4 is not"},
    {"gainsay law 1\nlaw is_below\nfailure x\nchoices 5000\n5\n", "more choices than a case may draw"},
    {"gainsay law 1\nlaw is_below\nfailure x\nchoices 2\n5\n", "fewer choices than line 4"},
    {"gainsay law 1\nlaw is_below\nfailure x\nchoices 1\n5", "does not end after"},
    {"gainsay law 1\nlaw is_below\nfailure x\nchoices 1\n5 6\n", "does not end after"},
    {"gainsay law 1\nlaw is_below\nfailure x\nchoices 1\n99999999999999999999\n", "is no choice"},
    {"gainsay law 1\nlaw is_below\nfailure x\nchoices 1\nx\n", "is no choice"},
};

Test(law_failures, a_damaged_one_is_named_and_left_alone)
{
    char *directory = make_test_directory();
    char *path = text_of("%s/is_below-00000000000000ff.law", directory);
    bound = INT64_MAX;
    for (size_t i = 0; i < sizeof(damaged) / sizeof(damaged[0]); i++) {
        write_file(path, damaged[i][0]);
        struct told told = try_in(directory, 3);
        cr_expect(eq(int, (int)told.result.verdict, GS_LAW_HELD), "%zu", i);
        cr_expect(eq(u64, told.result.cases, 3), "%zu", i);
        EXPECT_IN(told.text, path);
        EXPECT_IN(told.text, damaged[i][1]);
        cr_expect(strchr(told.text, '\n') == strrchr(told.text, '\n'), "more than a line: %s", told.text);
        char *after = read_file(path);
        cr_expect(strcmp(after, damaged[i][0]) == 0);
        free(after);
        free(told.text);
    }
    free(path);
    remove_test_directory(directory);
}

Test(law_failures, that_cannot_be_kept_are_reported_all_the_same)
{
    struct told told = try_in("/dev/null/no", 100);
    EXPECT_IN(told.text, "    x: 1000\n");
    EXPECT_IN(told.text, "cannot keep its failure in /dev/null/no: ");
    cr_expect(eq(int, (int)told.result.verdict, GS_LAW_VIOLATED));
    free(told.text);
}

Test(law_failures, of_a_law_whose_name_goes_on_are_another_law_s)
{
    char *directory = make_test_directory();
    char *path = text_of("%s/is_below-more-00000000000000ff.law", directory);
    write_file(path, "");
    bound = INT64_MAX;
    struct told told = try_in(directory, 3);
    cr_expect(eq(str, told.text, ""));
    free(told.text);
    free(path);
    remove_test_directory(directory);
}
