/* Space-time diagrams for Graphviz, and what Graphviz makes of them. */
#include "tests/golden_traces.h"
#include "tests/run_program.h"
#include "traces/formats.h"

Test(dot, draws_every_kind_of_trace)
{
    expect_golden_traces("dot", trace_print_dot);
}

static void need_graphviz(void)
{
    if (!program_exists("dot"))
        cr_skip_test("Graphviz is not installed: make deps-formats does so");
}

static struct ran render(const char *name)
{
    char *path = text_of("tests/data/trace-%s.dot", name);
    struct ran ran = run_in(project_root(), (const char *const[]){"timeout", "100", "dot", "-Tsvg", path, NULL});
    free(path);
    return ran;
}

Test(dot, is_drawn_by_graphviz_without_a_word)
{
    need_graphviz();
    for (size_t i = 0; i < GOLDEN_TRACES; i++) {
        struct ran ran = render(golden_traces[i].name);
        EXPECT_STATUS(ran, 0);
        cr_expect(eq(str, ran.err, ""), "%s", golden_traces[i].name);
        EXPECT_IN(ran.out, "</svg>");
        forget(&ran);
    }
}

/* What the protocol calls things arrives on the page as it is. */
Test(dot, keeps_hostile_names_in_the_drawing)
{
    need_graphviz();
    struct ran ran = render("hostile");
    EXPECT_IN(ran.out, "&quot;quoted&quot; &amp;");
    EXPECT_IN(ran.out, "&lt;b&gt;bold&lt;/b&gt;");
    EXPECT_IN(ran.out, "a;b#c%%d");
    EXPECT_IN(ran.out, "\xe6\x97\xa5\xe6\x9c\xac");
    forget(&ran);
}

static size_t count(const char *text, const char *part)
{
    size_t found = 0;
    for (const char *at = strstr(text, part); at; at = strstr(at + 1, part))
        found++;
    return found;
}

/* Lost at once, lost by a crash, dropped, left in flight: each has its line in the drawing. */
Test(dot, draws_a_line_for_every_message)
{
    need_graphviz();
    struct ran ran = render("fifo");
    cr_expect(eq(sz, count(ran.out, "stroke=\"#b00020\" stroke-dasharray"), 4), "lost");
    cr_expect(eq(sz, count(ran.out, "stroke=\"#1a5fb4\""), 2 * 7), "delivered: a line and its head each");
    forget(&ran);
}
