/* JUnit XML as CI systems read it: a testsuite per run, a testcase per property, mutant or trace. Escapes are
 * libxml2's; what no XML 1.0 file may hold, even escaped, is taken out before. */
#include <libxml/xmlwriter.h>
#include <stdlib.h>
#include <string.h>

#include "cli/case_outputs.h"
#include "core/die.h"
#include "traces/json_fields.h"

struct writer {
    xmlTextWriterPtr xml;
    struct texts texts;
};

/* ---- Text ---- */

static bool is_noncharacter(const char *at)
{
    return strncmp(at, "\xef\xbf\xbe", 3) == 0 || strncmp(at, "\xef\xbf\xbf", 3) == 0;
}

/* Valid UTF-8 of characters that XML may hold. */
static const xmlChar *clean(struct writer *writer, const char *text)
{
    json_t *valid = json_text(text);
    char *copy = texts_add(&writer->texts, "%s", json_string_value(valid));
    json_decref(valid);
    for (char *c = copy; *c; c++) {
        const unsigned char byte = (unsigned char)*c;
        if ((byte < ' ' && byte != '\t' && byte != '\n') || byte == 0x7f)
            *c = '?';
        else if (is_noncharacter(c))
            memcpy(c, "???", 3);
    }
    return (const xmlChar *)copy;
}

static void begin(struct writer *writer, const char *element)
{
    must(xmlTextWriterStartElement(writer->xml, (const xmlChar *)element) >= 0);
}

static void end(struct writer *writer)
{
    must(xmlTextWriterEndElement(writer->xml) >= 0);
}

static void attribute(struct writer *writer, const char *name, const char *value)
{
    must(xmlTextWriterWriteAttribute(writer->xml, (const xmlChar *)name, clean(writer, value)) >= 0);
}

static void attribute_count(struct writer *writer, const char *name, size_t count)
{
    attribute(writer, name, texts_add(&writer->texts, "%zu", count));
}

static void attribute_seconds(struct writer *writer, double seconds)
{
    attribute(writer, "time", texts_add(&writer->texts, "%.3f", seconds));
}

/* ---- Cases ---- */

struct counts {
    size_t tests, outcomes[CASE_ERROR + 1];
};

static void count_cases(struct counts *counts, const struct case_group *group)
{
    counts->tests += group->count;
    for (size_t i = 0; i < group->count; i++)
        counts->outcomes[group->items[i].outcome]++;
}

static void attribute_counts(struct writer *writer, const struct counts *counts)
{
    attribute_count(writer, "tests", counts->tests);
    attribute_count(writer, "failures", counts->outcomes[CASE_FAILED]);
    attribute_count(writer, "errors", counts->outcomes[CASE_ERROR]);
    attribute_count(writer, "skipped", counts->outcomes[CASE_SKIPPED]);
}

static void write_outcome(struct writer *writer, const struct test_case *item)
{
    static const char *const elements[] = {NULL, "skipped", "failure", "error"};
    if (item->outcome == CASE_PASSED)
        return;
    begin(writer, elements[item->outcome]);
    attribute(writer, "message", item->message);
    if (item->outcome != CASE_SKIPPED) {
        attribute(writer, "type", item->type);
        const char *text = item->message;
        if (item->claim)
            text = texts_add(&writer->texts, "%s\nclaim: %s", text, item->claim);
        if (item->trace)
            text = texts_add(&writer->texts, "%s\ntrace: %s", text, item->trace);
        if (item->detail)
            text = texts_add(&writer->texts, "%s\n\n%s", text, item->detail);
        must(xmlTextWriterWriteString(writer->xml, clean(writer, text)) >= 0);
    }
    end(writer);
}

static void write_case(struct writer *writer, const struct case_report *report, const struct case_group *group,
                       const struct test_case *item)
{
    begin(writer, "testcase");
    attribute(writer, "name", item->name);
    attribute(writer, "classname",
              strcmp(report->name, group->name) == 0 ? group->name
                                                     : texts_add(&writer->texts, "%s.%s", report->name, group->name));
    if (item->seconds >= 0)
        attribute_seconds(writer, item->seconds);
    if (group->path)
        attribute(writer, "file", repository_path(group->path, &writer->texts));
    if (group->path && group->line)
        attribute_count(writer, "line", group->line);
    write_outcome(writer, item);
    end(writer);
}

static void write_group(struct writer *writer, const struct case_report *report, const struct case_group *group)
{
    struct counts counts = {0};
    count_cases(&counts, group);
    begin(writer, "testsuite");
    attribute(writer, "name", group->name);
    attribute_counts(writer, &counts);
    attribute_seconds(writer, group->seconds);
    for (size_t i = 0; i < group->count; i++)
        write_case(writer, report, group, &group->items[i]);
    end(writer);
}

static void write_report(struct writer *writer, const struct case_report *report)
{
    struct counts counts = {0};
    for (size_t g = 0; g < report->count; g++)
        count_cases(&counts, report->groups[g]);
    must(xmlTextWriterSetIndent(writer->xml, 1) >= 0);
    must(xmlTextWriterStartDocument(writer->xml, NULL, "UTF-8", NULL) >= 0);
    begin(writer, "testsuites");
    attribute(writer, "name", report->name);
    attribute_counts(writer, &counts);
    attribute_seconds(writer, report->seconds);
    for (size_t g = 0; g < report->count; g++)
        write_group(writer, report, report->groups[g]);
    end(writer);
    must(xmlTextWriterEndDocument(writer->xml) >= 0);
}

char *junit_text(const struct case_report *report, size_t *size)
{
    xmlBufferPtr buffer = xmlBufferCreate();
    must(buffer != NULL);
    struct writer writer = {.xml = xmlNewTextWriterMemory(buffer, 0)};
    must(writer.xml != NULL);
    write_report(&writer, report);
    xmlFreeTextWriter(writer.xml);
    *size = (size_t)xmlBufferLength(buffer);
    char *text = die_alloc(*size + 1);
    memcpy(text, xmlBufferContent(buffer), *size);
    text[*size] = '\0';
    xmlBufferFree(buffer);
    texts_free(&writer.texts);
    return text;
}
