/* The example of docs/laws.md and examples/version_vector.c, built against the library and run, with and without their
 * bugs; what the page shows is what is printed. */
#include "tests/run_program.h"

static struct ran build_and_run(const char *directory, const char *source, const char *bug)
{
    char *build = text_of("%s", program_path());
    *strrchr(build, '/') = '\0';
    char *command = text_of("cd '%s' && cc -std=c11 -Wall -Wextra -Wpedantic -Werror %s %s -I. '%s' '%s/libgainsay.a' "
                            "-lxxhash -ldl -pthread -o '%s/counter' && cd '%s' && ./counter",
                            project_root(), sanitizers_of(build), bug, source, build, directory, directory);
    struct ran ran = run_in(NULL, (const char *const[]){"timeout", "100", "sh", "-c", command, NULL});
    free(command);
    free(build);
    return ran;
}

/* The first block of that language. */
static char *block_of(const char *page, const char *fence)
{
    const char *start = strstr(page, fence);
    cr_assert(start != NULL);
    start += strlen(fence);
    return text_of("%.*s", (int)(strstr(start, "```") - start), start);
}

Test(law_example, of_the_page_prints_what_it_shows, .timeout = 200)
{
    char *directory = make_test_directory(), *source = text_of("%s/counter.c", directory);
    char *path = text_of("%s/docs/laws.md", project_root()), *page = read_file(path);
    char *code = block_of(page, "```c\n"), *shown = block_of(page, "```text\n");
    write_file(source, code);
    struct ran ran = build_and_run(directory, source, "");
    EXPECT_STATUS(ran, 0);
    cr_expect(eq(str, ran.err, ""));
    forget(&ran);
    ran = build_and_run(directory, source, "-DBUG");
    EXPECT_STATUS(ran, 1);
    cr_expect(strncmp(ran.err, shown, strlen(shown)) == 0, "shown:\n%s\nprinted:\n%s", shown, ran.err);
    forget(&ran);
    free(shown);
    free(code);
    free(page);
    free(path);
    free(source);
    remove_test_directory(directory);
}

Test(law_example, of_a_version_vector_holds_and_its_bug_is_found, .timeout = 200)
{
    char *directory = make_test_directory();
    struct ran ran = build_and_run(directory, "examples/version_vector.c", "");
    EXPECT_STATUS(ran, 0);
    cr_expect(eq(str, ran.err, ""));
    forget(&ran);
    ran = build_and_run(directory, "examples/version_vector.c", "-DBUG");
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.err, "law version-is-commutative is violated");
    forget(&ran);
    remove_test_directory(directory);
}
