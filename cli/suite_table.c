/* Text for people. Columns are as wide as their contents need, so that a row can be printed as soon as its run ends. */
#include "cli/suite_table.h"

#include <stdio.h>
#include <string.h>

#include "cli/numbers.h"

/* The properties come last: how much there is to say of them is not known when the first row is printed. */
static void print_row(const struct suite_table *table, const char *mark, const char *name, const char *subject,
                      const char *expected, const char *got, const char *states, const char *seconds,
                      const char *properties)
{
    printf("%-6s  %-*s  %-*s  %-10s  %-10s  %13s  %8s%s%s\n", mark, table->name, name, table->subject, subject,
           expected, got, states, seconds, *properties ? "  " : "", properties);
    fflush(stdout);
}

static int wider(int width, const char *text)
{
    const int length = (int)strlen(text);
    return length > width ? length : width;
}

static const char *subject_text(const struct suite_run *run, char *text, size_t size)
{
    snprintf(text, size, "%s %s", run->kind->key, run->subject);
    return text;
}

void suite_table_header(struct suite_table *table, const struct suite_run *const *runs, size_t count)
{
    char text[256];
    *table = (struct suite_table){.name = 3, .subject = 4};
    for (size_t i = 0; i < count; i++) {
        table->name = wider(table->name, runs[i]->name);
        table->subject = wider(table->subject, subject_text(runs[i], text, sizeof(text)));
    }
    print_row(table, "", "run", "what", "expected", "got", "states", "seconds", "properties");
}

void suite_table_row(const struct suite_table *table, const struct suite_result *result)
{
    char subject[256], states[NUMBER_TEXT_SIZE] = "-", seconds[32];
    if (result->has_states)
        number_text(result->states, states);
    snprintf(seconds, sizeof(seconds), "%.2f", result->seconds);
    print_row(table, result->failed ? "FAILED" : "ok", result->run->name,
              subject_text(result->run, subject, sizeof(subject)), suite_expected_word(result->run), result->got,
              states, seconds, result->properties);
}

static void print_indented(const char *text, int indent)
{
    while (*text) {
        const int length = (int)strcspn(text, "\n");
        printf("%*s%.*s\n", length ? indent : 0, "", length, text);
        text += length + (text[length] == '\n');
    }
}

void suite_table_explain(const struct suite_result *result, const char *path)
{
    struct texts texts = {0};
    printf("\n%s (%s:%u): expected %s, got %s\n", result->run->name, path, result->run->line,
           suite_expected_word(result->run), result->got);
    for (size_t i = 0; i < result->group.count; i++) {
        const struct test_case *item = &result->group.items[i];
        if (item->outcome < CASE_FAILED)
            continue;
        const bool is_run = strcmp(item->name, CASE_OF_RUN) == 0;
        printf("  %s%s%s\n", is_run ? "" : item->name, is_run ? "" : ": ", item->message);
        if (item->trace)
            printf("  trace: %s\n", item->trace);
        if (item->detail)
            print_indented(item->detail, 4);
    }
    printf("  again: %s\n", suite_result_command(result->run, &texts));
    texts_free(&texts);
}
