/* JUnit XML, read back by libxml2's parser, which takes nothing that is not well formed. */
#include <libxml/parser.h>
#include <libxml/xpath.h>

#include "cli/case_outputs.h"
#include "tests/run_program.h"

static xmlDocPtr parse_xml(const char *text, size_t size)
{
    xmlDocPtr document = xmlReadMemory(text, (int)size, "report.xml", NULL, XML_PARSE_NONET);
    cr_assert(document != NULL, "not well formed: %s", text);
    return document;
}

/* What an XPath expression gives, as text. Owned by the caller. */
static char *ask(xmlDocPtr document, const char *expression)
{
    xmlXPathContextPtr context = xmlXPathNewContext(document);
    xmlXPathObjectPtr object = xmlXPathEvalExpression((const xmlChar *)expression, context);
    cr_assert(object != NULL, "%s", expression);
    xmlChar *text = xmlXPathCastToString(object);
    char *copy = text_of("%s", (const char *)text);
    xmlFree(text);
    xmlXPathFreeObject(object);
    xmlXPathFreeContext(context);
    return copy;
}

#define EXPECT_XPATH(document, expression, expected)                     \
    do {                                                                 \
        char *found = ask(document, expression);                         \
        cr_expect(eq(str, found, (char *)(expected)), "%s", expression); \
        free(found);                                                     \
    } while (0)

/* A report of one failed case with this text in all places, read back. */
static xmlDocPtr write_and_read(const char *text)
{
    struct case_group group = {.name = text};
    const struct case_group *const groups[] = {&group};
    const struct case_report report = {.name = "suite", .groups = groups, .count = 1};
    struct test_case *item = cases_add(&group, text);
    item->outcome = CASE_FAILED;
    item->type = "violated";
    item->message = text;
    item->detail = text;
    size_t size;
    char *xml = junit_text(&report, &size);
    xmlDocPtr document = parse_xml(xml, size);
    free(xml);
    cases_free(&group);
    return document;
}

Test(junit, gives_back_any_text_of_xml)
{
    static const char *const texts[] = {"a < b && c > \"d\" 'e' ]]> <!-- & -->", "one\ntwo\n\n\tthree",
                                        "gr\xc3\xbc\xc3\x9f \xe2\x86\x92 \xf0\x9f\x98\x80", "&amp; &#10; %s %n"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        xmlDocPtr document = write_and_read(texts[i]);
        char *body = text_of("%s\n\n%s", texts[i], texts[i]);
        EXPECT_XPATH(document, "//testsuite/@name", texts[i]);
        EXPECT_XPATH(document, "//testcase/@name", texts[i]);
        EXPECT_XPATH(document, "//failure/@message", texts[i]);
        EXPECT_XPATH(document, "//failure", body);
        free(body);
        xmlFreeDoc(document);
    }
}

Test(junit, makes_question_marks_of_what_no_xml_may_hold)
{
    static const char *const texts[][2] = {
        {"\001\x1b[31mred\x7f", "??[31mred?"},
        {"\xef\xbf\xbe \xef\xbf\xbf", "??? ???"},
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        xmlDocPtr document = write_and_read(texts[i][0]);
        EXPECT_XPATH(document, "//testcase/@name", texts[i][1]);
        xmlFreeDoc(document);
    }
    static const char *const broken[] = {"\xff\xfe", "\xc3", "\xed\xa0\x80", "\xf8\x88\x80\x80\x80", "a\xe2\x86"};
    for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++) {
        xmlDocPtr document = write_and_read(broken[i]);
        EXPECT_XPATH(document, "contains(//testcase/@name, '?')", "true");
        xmlFreeDoc(document);
    }
}

static xmlDocPtr read_xml_file(const char *directory, const char *name)
{
    char *path = text_of("%s/%s", directory, name), *text = read_file(path);
    xmlDocPtr document = parse_xml(text, strlen(text));
    free(text);
    free(path);
    return document;
}

Test(junit, has_a_case_for_each_property_of_a_check)
{
    char *directory = make_test_directory();
    struct ran ran = GAINSAY_IN(directory, "check", "two-phase-commit", "--preset", "small", "--mutant",
                                "commit-on-one-vote", "--junit", "j.xml", "--trace", "bug.trace");
    EXPECT_STATUS(ran, 1);
    forget(&ran);
    xmlDocPtr document = read_xml_file(directory, "j.xml");
    EXPECT_XPATH(document, "/testsuites/@tests", "4");
    EXPECT_XPATH(document, "/testsuites/@failures", "1");
    EXPECT_XPATH(document, "/testsuites/@errors", "0");
    EXPECT_XPATH(document, "/testsuites/@skipped", "1");
    EXPECT_XPATH(document, "/testsuites/testsuite/@name", "two-phase-commit");
    EXPECT_XPATH(document, "count(//testcase)", "4");
    EXPECT_XPATH(document, "//testcase[failure]/@name", "consistent");
    EXPECT_XPATH(document, "//failure/@type", "violated");
    EXPECT_XPATH(document, "contains(//failure, 'claim: no resource manager has aborted')", "true");
    EXPECT_XPATH(document, "contains(//failure, 'trace: bug.trace')", "true");
    EXPECT_XPATH(document, "contains(//failure, '  5  transaction-manager -> resource-manager1: commit')", "true");
    EXPECT_XPATH(document, "//testcase[skipped]/@name", "well-behaved");
    EXPECT_XPATH(document, "number(//testsuite/@time) >= 0", "true");
    xmlFreeDoc(document);
    remove_test_directory(directory);
}

Test(junit, fails_for_an_incomplete_check_and_skips_what_is_not_checked)
{
    char *directory = make_test_directory();
    struct ran ran = GAINSAY_IN(directory, "check", "two-phase-commit", "--max-states", "20", "--property",
                                "consistent", "--junit", "j.xml");
    EXPECT_STATUS(ran, 3);
    forget(&ran);
    xmlDocPtr document = read_xml_file(directory, "j.xml");
    EXPECT_XPATH(document, "//testcase[@name = 'consistent']/failure/@type", "incomplete");
    EXPECT_XPATH(document, "count(//testcase[@name = 'committed']/skipped)", "1");
    xmlFreeDoc(document);
    remove_test_directory(directory);
}

Test(junit, says_when_only_strictness_makes_a_check_incomplete)
{
    char *directory = make_test_directory(), *path = text_of("%s/j.xml", directory);
    struct ran ran = GAINSAY("check", "examples/token_ring.c", "--set", "nodes=3", "--network", "fifo", "--capacity",
                             "1", "--strict", "--junit", path);
    EXPECT_STATUS(ran, 3);
    xmlDocPtr document = read_xml_file(directory, "j.xml");
    EXPECT_XPATH(document, "/testsuites/@failures", "1");
    EXPECT_XPATH(document, "//testcase[failure]/@name", "(run)");
    EXPECT_XPATH(document, "contains(//failure/@message, 'strict')", "true");
    EXPECT_XPATH(document, "//testcase[1]/@file", "examples/token_ring.c");
    xmlFreeDoc(document);
    forget(&ran);
    free(path);
    remove_test_directory(directory);
}

Test(junit, has_a_case_for_each_run_mutant_and_trace_of_a_suite)
{
    char *directory = make_test_directory(), *path = text_of("%s/s.ini", directory);
    char *trace = text_of("%s/a.trace", directory);
    write_file(path, "[m]\nmutants = two-phase-commit\n[t]\ntraces = .\n[bad]\ncheck = a.c\n");
    write_file(trace, "nonsense\n");
    char *plugin = text_of("%s/a.c", directory);
    write_file(plugin, "int x = ;\n");
    struct ran ran = GAINSAY_IN(directory, "suite", "s.ini", "--junit", "j.xml");
    EXPECT_STATUS(ran, 1);
    forget(&ran);
    xmlDocPtr document = read_xml_file(directory, "j.xml");
    EXPECT_XPATH(document, "/testsuites/@name", "s");
    EXPECT_XPATH(document, "count(//testsuite)", "3");
    EXPECT_XPATH(document, "/testsuites/@tests", "7");
    EXPECT_XPATH(document, "/testsuites/@errors", "2");
    EXPECT_XPATH(document, "count(//testcase[@classname = 's.m'])", "5");
    EXPECT_XPATH(document, "//testcase[@name = 'commit-on-one-vote']/@line", "1");
    EXPECT_XPATH(document, "//testcase[@classname = 's.t']/error/@type", "bad input");
    EXPECT_XPATH(document, "//testcase[@classname = 's.bad']/@name", "(run)");
    EXPECT_XPATH(document, "contains(//testcase[@classname = 's.bad']/error, 'does not compile')", "true");
    EXPECT_XPATH(document, "//testcase[@classname = 's.bad']/@file", "s.ini");
    EXPECT_XPATH(document, "//testcase[@classname = 's.bad']/@line", "5");
    xmlFreeDoc(document);
    free(plugin);
    free(trace);
    free(path);
    remove_test_directory(directory);
}

Test(junit, passes_xmllint_where_there_is_one)
{
    char *directory = make_test_directory();
    struct ran ran = GAINSAY_IN(directory, "check", "two-phase-commit", "--preset", "small", "--junit", "j.xml");
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    ran = run_in(directory, (const char *const[]){"sh", "-c", "! command -v xmllint || xmllint --noout j.xml", NULL});
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    remove_test_directory(directory);
}

Test(junit, and_sarif_are_refused_before_the_search_where_they_cannot_be_written)
{
    static const struct {
        const char *flag, *path, *complaint;
    } refused[] = {
        {"--junit", "/nonexistent/j.xml", "--junit /nonexistent/j.xml: cannot write"},
        {"--sarif", "/nonexistent/s.sarif", "--sarif /nonexistent/s.sarif: cannot write"},
        {"--junit", "-", "--junit -: it goes to a file; name one"},
        {"--sarif", "t.trace", "--sarif t.trace: --trace names the same file"},
    };
    char *directory = make_test_directory();
    for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
        struct ran ran = GAINSAY_IN(directory, "check", "raft", "--trace", "t.trace", refused[i].flag, refused[i].path);
        EXPECT_STATUS(ran, 2);
        EXPECT_IN(ran.err, refused[i].complaint);
        cr_expect(eq(str, ran.out, ""));
        forget(&ran);
    }
    remove_test_directory(directory);
}

Test(junit, leaves_what_is_there_when_the_disk_is_full)
{
    struct ran ran = GAINSAY("check", "two-phase-commit", "--preset", "small", "--junit", "/dev/full");
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.err, "--junit /dev/full: cannot write: No space left on device");
    EXPECT_IN(ran.out, "gainsay: holds");
    forget(&ran);
}
