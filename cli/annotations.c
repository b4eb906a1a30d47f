/* Workflow commands of GitHub Actions: lines on standard output that become marks on a pull request's files. In their
 * text % and line ends are escaped, in their properties also : and , which separate them. */
#include <stdlib.h>
#include <string.h>

#include "cli/case_outputs.h"

bool annotations_are_read(void)
{
    const char *value = getenv("GITHUB_ACTIONS");
    return value && strcmp(value, "true") == 0;
}

static void print_escaped(FILE *out, const char *text, const char *special)
{
    for (; *text; text++)
        if (*text == '%' || *text == '\r' || *text == '\n' || strchr(special, *text))
            fprintf(out, "%%%02X", (unsigned)(unsigned char)*text);
        else
            fputc(*text, out);
}

static void print_property(FILE *out, const char **separator, const char *name, const char *value)
{
    fprintf(out, "%s%s=", *separator, name);
    print_escaped(out, value, ":,");
    *separator = ",";
}

void annotation_print(FILE *out, const char *level, const char *path, unsigned line, const char *title,
                      const char *message)
{
    struct texts texts = {0};
    const char *separator = " ";
    fprintf(out, "::%s", level);
    if (path)
        print_property(out, &separator, "file", repository_path(path, &texts));
    if (path && line)
        print_property(out, &separator, "line", texts_add(&texts, "%u", line));
    print_property(out, &separator, "title", title);
    fprintf(out, "::");
    print_escaped(out, message, "");
    fprintf(out, "\n");
    texts_free(&texts);
}

void annotations_print(const struct case_report *report, FILE *out)
{
    struct texts texts = {0};
    for (size_t g = 0; g < report->count; g++) {
        const struct case_group *group = report->groups[g];
        for (size_t i = 0; i < group->count; i++) {
            const struct test_case *item = &group->items[i];
            if (item->outcome < CASE_FAILED)
                continue;
            const bool is_run = strcmp(item->name, CASE_OF_RUN) == 0;
            const char *message = is_run ? item->message : texts_add(&texts, "%s: %s", item->name, item->message);
            if (item->trace)
                message = texts_add(&texts, "%s (trace: %s)", message, item->trace);
            annotation_print(out, "error", group->path, group->line, texts_add(&texts, "gainsay: %s", group->name),
                             message);
        }
    }
    texts_free(&texts);
}
