/* SARIF and the annotations of GitHub workflows. */
#include "cli/case_outputs.h"
#include "tests/run_program.h"

static json_t *at(json_t *json, const char *name)
{
    json_t *member = json_object_get(json, name);
    if (!member)
        cr_fatal("no %s", name);
    return member;
}

static json_t *first(json_t *json, const char *name)
{
    json_t *item = json_array_get(at(json, name), 0);
    if (!item)
        cr_fatal("%s is empty", name);
    return item;
}

static json_t *read_json(const char *directory, const char *name)
{
    char *path = text_of("%s/%s", directory, name), *text = read_file(path);
    json_t *json = parse_json(text);
    free(text);
    free(path);
    return json;
}

#define EXPECT_TEXT(json, name, expected) cr_expect(eq(str, (char *)json_string_of(json, name), (char *)(expected)))

Test(sarif, has_a_rule_per_property_and_a_result_per_failure)
{
    char *directory = make_test_directory();
    struct ran ran = GAINSAY_IN(directory, "check", "two-phase-commit", "--preset", "small", "--mutant",
                                "commit-on-one-vote", "--sarif", "s.sarif");
    EXPECT_STATUS(ran, 1);
    forget(&ran);
    json_t *sarif = read_json(directory, "s.sarif");
    EXPECT_TEXT(sarif, "version", "2.1.0");
    json_t *run = first(sarif, "runs"), *driver = at(at(run, "tool"), "driver"), *rule = first(driver, "rules");
    EXPECT_TEXT(driver, "name", "gainsay");
    cr_expect(eq(sz, json_array_size(at(driver, "rules")), 4));
    EXPECT_TEXT(rule, "id", "two-phase-commit/consistent");
    EXPECT_TEXT(at(rule, "shortDescription"), "text", "no resource manager has aborted while another has committed");
    cr_expect(eq(sz, json_array_size(at(run, "results")), 1));
    json_t *result = first(run, "results"), *location = first(result, "locations");
    EXPECT_TEXT(result, "ruleId", "two-phase-commit/consistent");
    EXPECT_TEXT(result, "level", "error");
    EXPECT_IN(json_string_of(at(result, "message"), "text"), "consistent: violated in 5 steps");
    EXPECT_TEXT(first(location, "logicalLocations"), "fullyQualifiedName", "two-phase-commit/consistent");
    const bool has_no_file = !json_object_get(location, "physicalLocation");
    cr_expect(has_no_file, "a shipped protocol has no file");
    json_decref(sarif);
    remove_test_directory(directory);
}

Test(sarif, has_no_result_when_all_holds)
{
    char *directory = make_test_directory();
    struct ran ran = GAINSAY_IN(directory, "check", "two-phase-commit", "--preset", "small", "--sarif", "s.sarif");
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    json_t *sarif = read_json(directory, "s.sarif");
    cr_expect(eq(sz, json_array_size(at(first(sarif, "runs"), "results")), 0));
    json_decref(sarif);
    remove_test_directory(directory);
}

Test(sarif, names_the_file_of_a_protocol_or_the_line_of_a_suite)
{
    char *directory = make_test_directory(), *ring = text_of("%s/my ring.c", directory);
    char *source = text_of("%s/examples/token_ring.c", project_root()), *suite = text_of("%s/s.ini", directory);
    copy_file(source, ring);
    write_file(suite, "[suite]\nname = x\n[bug]\ncheck = my ring.c\nmutant = keep-token\n");
    struct ran ran = GAINSAY_IN(directory, "check", "my ring.c", "--mutant", "keep-token", "--sarif", "check.sarif");
    EXPECT_STATUS(ran, 1);
    forget(&ran);
    ran = GAINSAY_IN(directory, "suite", "s.ini", "--sarif", "suite.sarif");
    EXPECT_STATUS(ran, 1);
    forget(&ran);
    json_t *sarif = read_json(directory, "check.sarif");
    json_t *place = at(first(first(first(sarif, "runs"), "results"), "locations"), "physicalLocation");
    EXPECT_TEXT(at(place, "artifactLocation"), "uri", "my%20ring.c");
    json_decref(sarif);
    sarif = read_json(directory, "suite.sarif");
    place = at(first(first(first(sarif, "runs"), "results"), "locations"), "physicalLocation");
    EXPECT_TEXT(at(place, "artifactLocation"), "uri", "s.ini");
    cr_expect(eq(i64, json_number(at(place, "region"), "startLine"), 3));
    json_decref(sarif);
    free(suite);
    free(source);
    free(ring);
    remove_test_directory(directory);
}

/* ---- Annotations ---- */

static char *annotate(const char *path, unsigned line, const char *title, const char *message)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    annotation_print(out, "error", path, line, title, message);
    fclose(out);
    return text;
}

#define EXPECT_ANNOTATION(expected, ...)              \
    do {                                              \
        char *text = annotate(__VA_ARGS__);           \
        cr_expect(eq(str, text, (char *)(expected))); \
        free(text);                                   \
    } while (0)

Test(annotations, escape_what_a_workflow_would_misread)
{
    unsetenv("GITHUB_WORKSPACE");
    EXPECT_ANNOTATION("::error file=a.ini,line=3,title=t::m\n", "a.ini", 3, "t", "m");
    EXPECT_ANNOTATION("::error file=a%2Cb%3Ac%25.ini,title=x%3A y%2C z::50%25%0Aof: a, b%0D\n", "./a,b:c%.ini", 0,
                      "x: y, z", "50%\nof: a, b\r");
    EXPECT_ANNOTATION("::error title=t::::warning::m\n", NULL, 7, "t", "::warning::m");
}

Test(annotations, name_files_from_the_root_of_the_repository)
{
    char *root = make_test_directory(), *below = text_of("%s/ci", root), *file = text_of("%s/ci/s.ini", root);
    cr_assert(mkdir(below, 0777) == 0);
    write_file(file, "");
    setenv("GITHUB_WORKSPACE", root, 1);
    EXPECT_ANNOTATION("::error file=ci/s.ini,line=1,title=t::m\n", file, 1, "t", "m");
    cr_assert(chdir(below) == 0);
    EXPECT_ANNOTATION("::error file=ci/s.ini,line=1,title=t::m\n", "s.ini", 1, "t", "m");
    EXPECT_ANNOTATION("::error file=/etc/hostname,line=1,title=t::m\n", "/etc/hostname", 1, "t", "m");
    cr_assert(chdir("/") == 0);
    free(file);
    free(below);
    remove_test_directory(root);
}

Test(annotations, appear_in_github_workflows_only)
{
    char *directory = make_test_directory(), *suite = text_of("%s/s.ini", directory);
    write_file(suite, "[good]\ncheck = two-phase-commit\n\n[bug]\ncheck = two-phase-commit\npreset = small\n"
                      "mutant = commit-on-one-vote\n");
    static const char *const expected =
        "::error file=s.ini,line=4,title=gainsay%3A bug::consistent: violated in 5 steps: resource-manager2";
    unsetenv("GITHUB_ACTIONS");
    struct ran ran = GAINSAY_IN(directory, "suite", "s.ini");
    EXPECT_NOT_IN(ran.out, "::");
    forget(&ran);
    setenv("GITHUB_ACTIONS", "true", 1);
    ran = GAINSAY_IN(directory, "suite", "s.ini");
    EXPECT_IN(ran.out, expected);
    EXPECT_NOT_IN(ran.out, "line=1");
    forget(&ran);
    ran = GAINSAY_IN(directory, "check", "two-phase-commit", "--mutant", "commit-on-one-vote", "--preset", "small");
    EXPECT_IN(ran.out, "\n::error title=gainsay%3A two-phase-commit::consistent: violated in 5 steps");
    forget(&ran);
    ran = GAINSAY_IN(directory, "check", "two-phase-commit", "--mutant", "commit-on-one-vote", "--preset", "small",
                     "--json", "-");
    json_decref(parse_json(ran.out)); /* nothing in between */
    forget(&ran);
    free(suite);
    remove_test_directory(directory);
}
