/* What the documentation shows is what happens: its C files compile, its commands print what stands there, and no
 * option is missing from the reference. */
#include "tests/run_program.h"

static char *read_document(const char *name)
{
    char *path = text_of("%s/%s", project_root(), name), *text = read_file(path);
    free(path);
    return text;
}

/* From `start` up to `end`, both found in text from *place on, which moves behind it. NULL: there is no start any more.
 */
static char *cut_out(char **place, const char *start, const char *end)
{
    char *from = strstr(*place, start);
    if (!from)
        return NULL;
    from += strlen(start);
    char *until = strstr(from, end);
    cr_assert(until != NULL, "no \"%s\" behind \"%s\"", end, start);
    *place = until + strlen(end);
    return strndup(from, (size_t)(until - from));
}

/* The document's blocks of C, one after the other, as a file. An indented block is a fragment of what stands elsewhere.
 */
static char *write_code_of(const char *document, const char *directory, const char *name)
{
    char *text = read_document(document), *place = text, *code = text_of("%s", ""), *block;
    while ((block = cut_out(&place, "```c\n", "```"))) {
        char *longer = block[0] == ' ' ? text_of("%s", code) : text_of("%s%s\n", code, block);
        free(code);
        free(block);
        code = longer;
    }
    char *path = text_of("%s/%s", directory, name);
    write_file(path, code);
    free(code);
    free(text);
    return path;
}

static bool is_of_the_moment(const char *line)
{
    return line[0] == '$' || strstr(line, "local states") || strstr(line, "-bit keys") || strstr(line, "...");
}

/* The document's block behind `start` is printed, line by line, in this order: but for times, sizes of memory, commands
 * and what is left out. */
static void expect_shown(const char *document, const char *start, const char *printed)
{
    static const char *const times[] = {", depth ", " seconds=", "  0.0"};
    char *text = read_document(document), *place = text, *block = cut_out(&place, start, "```"), *state = NULL;
    size_t lines = 0;
    cr_assert(block != NULL, "%s: no block \"%s\"", document, start);
    for (char *line = strtok_r(block, "\n", &state); line; line = strtok_r(NULL, "\n", &state)) {
        if (is_of_the_moment(line))
            continue;
        for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
            if (strstr(line, times[i]))
                *strstr(line, times[i]) = '\0';
        const char *found = strstr(printed, line);
        cr_expect(found != NULL, "%s shows \"%s\", not printed here: %s", document, line, printed);
        if (found)
            printed = found + strlen(line);
        lines++;
    }
    cr_expect(gt(sz, lines, 0));
    free(block);
    free(text);
}

Test(docs, the_readme_shows_a_counterexample_as_it_is_printed)
{
    struct ran ran = GAINSAY("check", "two-phase-commit", "--mutant", "commit-on-one-vote", "--preset", "small");
    EXPECT_STATUS(ran, 1);
    expect_shown("README.md", "```\ninitially\n", ran.out);
    forget(&ran);
}

Test(docs, the_report_in_the_reference_is_printed)
{
    struct ran ran = GAINSAY("check", "raft", "--preset", "reboot");
    EXPECT_STATUS(ran, 0);
    expect_shown("docs/command-line.md", "$ gainsay check raft --preset reboot\n", ran.out);
    forget(&ran);
}

Test(docs, every_option_is_in_the_reference)
{
    static const char *const commands[] = {"list", "describe",   "check", "mutants", "replay", "show", "suite",
                                           "new",  "completion", "help",  "fuzz",    "shrink", "lin"};
    char *reference = read_document("docs/command-line.md");
    size_t options = 0;
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        EXPECT_IN(reference, commands[i]);
        struct ran ran = GAINSAY("complete", "--", commands[i], "--"); /* asks the tables that parse */
        char *state = NULL;
        for (char *line = strtok_r(ran.out, "\n", &state); line; line = strtok_r(NULL, "\n", &state)) {
            line[strcspn(line, "\t=")] = '\0';
            cr_expect(strstr(reference, line) != NULL, "docs/command-line.md has no %s of %s", line, commands[i]);
            options++;
        }
        forget(&ran);
    }
    cr_expect(gt(sz, options, 40));
    free(reference);
}

Test(docs, the_protocol_that_is_written_step_by_step_does_what_stands_there)
{
    static const char document[] = "docs/writing-a-protocol.md";
    char *directory = make_test_directory(), *protocol = write_code_of(document, directory, "commit.c");
    struct ran ran = GAINSAY_IN(directory, "check", "commit.c");
    EXPECT_STATUS(ran, 0);
    expect_shown(document, "$ gainsay check commit.c\n", ran.out);
    forget(&ran);
    ran = GAINSAY_IN(directory, "check", "commit.c", "--mutant", "commit-on-one-vote", "--preset", "small", "--trace",
                     "bug.trace");
    EXPECT_STATUS(ran, 1);
    expect_shown(document, "```\ninitially\n", ran.out);
    forget(&ran);
    ran = GAINSAY_IN(directory, "replay", "bug.trace");
    EXPECT_STATUS(ran, 0);
    struct ran mutants = GAINSAY_IN(directory, "mutants", "commit.c");
    EXPECT_STATUS(mutants, 0);
    char *both = text_of("%s%s", ran.out, mutants.out);
    expect_shown(document, "```\n$ gainsay replay bug.trace\n", both);
    free(both);
    forget(&mutants);
    forget(&ran);
    ran = GAINSAY_IN(directory, "check", "commit.c", "--preset", "small", "--reboots", "1");
    EXPECT_STATUS(ran, 1);
    expect_shown(document, "--preset small --reboots 1\n", ran.out);
    forget(&ran);
    remove_test_directory(directory);
    free(protocol);
}

Test(docs, the_sequential_model_that_is_shown_decides)
{
    char *directory = make_test_directory(), *model = write_code_of("docs/histories.md", directory, "counter.c");
    char *history = text_of("%s/h.jsonl", directory);
    write_file(history, "{\"client\":0,\"type\":\"invoke\",\"op\":\"increment\",\"key\":\"x\"}\n"
                        "{\"client\":0,\"type\":\"ok\",\"op\":\"increment\",\"key\":\"x\"}\n"
                        "{\"client\":1,\"type\":\"invoke\",\"op\":\"get\",\"key\":\"x\"}\n"
                        "{\"client\":1,\"type\":\"ok\",\"op\":\"get\",\"key\":\"x\",\"value\":1}\n");
    struct ran ran = GAINSAY_IN(directory, "lin", "--model", "counter.c", "h.jsonl");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "gainsay: linearizable model=counter");
    forget(&ran);
    ran = GAINSAY_IN(directory, "lin", "--model", "counter.c", "h.jsonl", "--init", "1");
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out, "initially: 1");
    forget(&ran);
    ran = GAINSAY("lin", "--model", "examples/token_ring.c", history);
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.err, "exports no gainsay_sequential; end it with GS_EXPORT_SEQUENTIAL(model)");
    forget(&ran);
    remove_test_directory(directory);
    free(history);
    free(model);
}

Test(docs, the_property_file_that_is_shown_does_what_stands_there)
{
    static const char document[] = "docs/properties.md";
    char *directory = make_test_directory(), *properties = write_code_of(document, directory, "votes.c");
    struct ran ran = GAINSAY_IN(directory, "check", "two-phase-commit", "--property", "votes.c", "--preset", "small");
    EXPECT_STATUS(ran, 0);
    struct ran mutated = GAINSAY_IN(directory, "check", "two-phase-commit", "--property", "votes.c", "--preset",
                                    "small", "--mutant", "commit-on-one-vote", "--keep-going");
    EXPECT_STATUS(mutated, 1);
    char *both = text_of("%s%s", ran.out, mutated.out);
    expect_shown(document, "$ gainsay check two-phase-commit --property votes.c --preset small\n", both);
    free(both);
    forget(&ran);
    forget(&mutated);
    remove_test_directory(directory);
    free(properties);
}
