/* Mermaid's sequence diagrams, and what mermaid says of them. */
#include "tests/golden_traces.h"
#include "tests/run_program.h"
#include "traces/formats.h"

Test(mermaid, draws_every_kind_of_trace)
{
    expect_golden_traces("mmd", trace_print_mermaid);
}

static struct ran parse(const char *const *files)
{
    const char *arguments[GOLDEN_TRACES + 6] = {"timeout", "100", "node", "tests/consumers/mermaid.mjs",
                                                "build/consumers"};
    for (size_t i = 0; files[i]; i++)
        arguments[5 + i] = files[i];
    return run_in(project_root(), arguments);
}

/* `make check-formats` installs it. */
static void need_mermaid(void)
{
    char *package = text_of("%s/build/consumers/node_modules/mermaid", project_root());
    const bool is_there = file_exists(package) && program_exists("node");
    free(package);
    if (!is_there)
        cr_skip_test("mermaid is not installed: make check-formats does so");
}

Test(mermaid, is_parsed_by_mermaid_itself)
{
    const char *files[GOLDEN_TRACES + 1] = {NULL};
    need_mermaid();
    for (size_t i = 0; i < GOLDEN_TRACES; i++)
        files[i] = text_of("tests/data/trace-%s.mmd", golden_traces[i].name);
    struct ran ran = parse(files);
    EXPECT_STATUS(ran, 0);
    cr_expect(eq(str, ran.err, ""));
    forget(&ran);
    for (size_t i = 0; i < GOLDEN_TRACES; i++)
        free((char *)(uintptr_t)files[i]);
}

/* The check has to be able to fail: text that is not escaped, a line that is swallowed. */
Test(mermaid, is_refused_by_mermaid_where_it_is_broken)
{
    static const char *const broken[] = {
        "sequenceDiagram\n    title x\n    participant n0 as a\n    Note over n0: a;b\n",
        "sequenceDiagram\n    title x\n    participant n0 as a\n    Note over n0: a\n    %% gone\n",
        "sequenceDiagram\n    title x\n    participant n0 as a\n    n0-)n1: an n1 from nowhere\n",
        "graph TD\n",
    };
    need_mermaid();
    char *directory = make_test_directory(), *path = text_of("%s/a.mmd", directory);
    for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++) {
        write_file(path, broken[i]);
        struct ran ran = parse((const char *const[]){path, NULL});
        cr_expect(eq(int, ran.status, 1), "%s", broken[i]);
        EXPECT_IN(ran.err, path);
        forget(&ran);
    }
    free(path);
    remove_test_directory(directory);
}
