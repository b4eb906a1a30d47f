/* A trace as a Criterion test. The events stand in it as text, by name, so that it can be read and reviewed, and
 * outlives changes of the protocol as far as names stay; gs_replay finds them again. */
#include <stdlib.h>
#include <string.h>

#include "traces/chart_text.h"
#include "traces/formats.h"
#include "traces/line.h"

enum { COLUMNS = 110 };

struct c_test {
    const struct chart *chart;
    const struct trace *trace;
    const struct gs_run *run;
    const struct c_test_sources *sources;
    FILE *out;
};

/* ---- Text in C ---- */

/* Inside of quotes. '?' too, so that no two of them are a trigraph. */
static void print_escaped(const char *text, size_t length, FILE *out)
{
    for (size_t i = 0; i < length; i++) {
        const unsigned char c = (unsigned char)text[i];
        if (c < 0x20 || c >= 0x7f)
            fprintf(out, "\\%03o", c);
        else
            fprintf(out, "%s%c", strchr("\"\\?", c) ? "\\" : "", c);
    }
}

/* A string literal; a long one in several lines. */
static void print_string(const char *text, size_t indent, FILE *out)
{
    const char *rest = text;

    do {
        const size_t room = COLUMNS - indent;
        size_t length = line_break(rest, room, true);
        length += strspn(rest + length, " ");
        fprintf(out, "%s%*s\"", rest == text ? "" : "\n", rest == text ? 0 : (int)indent, "");
        print_escaped(rest, length, out);
        fputc('"', out);
        rest += length;
    } while (*rest);
}

/* "two-phase-commit" as two_phase_commit. */
static void print_identifier(const char *name, FILE *out)
{
    for (const char *c = name; *c; c++)
        fputc(*c == '-' ? '_' : *c, out);
}

/* Lines of a comment: nothing in them may end it, begin another or join the next line. */
static void print_comment(char *text, const char *prefix, size_t room, FILE *out)
{
    line_clean(text, false);
    for (const char *rest = text; *rest;) {
        const size_t length = line_break(rest, room, true);
        fputs(prefix, out);
        for (size_t i = 0; i < length; i++) {
            fputc(rest[i] == '\\' && i + 1 == length ? '/' : rest[i], out);
            if ((rest[i] == '*' && rest[i + 1] == '/') || (rest[i] == '/' && rest[i + 1] == '*'))
                fputc(' ', out);
        }
        fputc('\n', out);
        rest += length;
        rest += strspn(rest, " ");
    }
    free(text);
}

/* ---- Head ---- */

static const char *file_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static bool is_source(const char *path)
{
    const size_t length = strlen(path);

    return length > 2 && strcmp(path + length - 2, ".c") == 0;
}

/* A word of a command line. */
static void print_word(const char *word, FILE *out)
{
    const bool is_plain =
        word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+-")] == '\0';

    fputs(is_plain ? " " : " '", out);
    for (const char *c = word; *c; c++)
        fprintf(out, *c == '\'' ? "'\\''" : "%c", *c);
    fputs(is_plain ? "" : "'", out);
}

/* Takes the command. It stays on one line, to be copied. */
static void print_command(struct line *line, FILE *out)
{
    char *command = line_take(line);

    print_comment(command, " *     ", SIZE_MAX / 2, out);
}

/* The commands that build it: property files export the same symbol as the protocol's, which is renamed. */
static void print_commands(const struct c_test *t)
{
    const char *const none[] = {NULL}, *const *extensions = t->sources->extensions ? t->sources->extensions : none;
    struct line line;

    for (size_t i = 0; extensions[i]; i++) {
        if (!is_source(extensions[i]))
            continue;
        line_begin(&line);
        fprintf(line.stream, "cc -c -Dgainsay_plugin=properties_%zu", i + 1);
        print_word(extensions[i], line.stream);
        fprintf(line.stream, " $(pkg-config --cflags gainsay) -o properties_%zu.o", i + 1);
        print_command(&line, t->out);
    }
    line_begin(&line);
    fputs("cc", line.stream);
    print_word(t->sources->file ? t->sources->file : "THIS_FILE.c", line.stream);
    if (t->sources->plugin)
        print_word(t->sources->plugin, line.stream);
    for (size_t i = 0; extensions[i]; i++)
        if (is_source(extensions[i]))
            fprintf(line.stream, " properties_%zu.o", i + 1);
        else
            print_word(extensions[i], line.stream);
    fputs(" $(pkg-config --cflags --libs gainsay criterion) -o regression", line.stream);
    print_command(&line, t->out);
    fputs(" *     ./regression\n", t->out);
}

static void print_meaning(const struct c_test *t)
{
    switch (trace_kind(t->trace)) {
    case TRACE_OF_GOAL:
        fputs(" * It fails when these events do not lead to the goal any more.\n", t->out);
        break;
    case TRACE_SAMPLE:
        fputs(" * It fails when one of these events is not possible any more, or a handler misbehaves.\n", t->out);
        break;
    default:
        fputs(" * It fails while these events violate the property. It passes once they do not, also when one of them\n"
              " * is not possible any more (./regression --verbose says which). An event that names what the protocol\n"
              " * does not have is a failure, so that a renaming is not taken for a repair.\n",
              t->out);
    }
}

static void print_head(const struct c_test *t)
{
    struct line line;

    line_begin(&line);
    chart_print_title(t->chart, line.stream);
    struct line title;

    line_begin(&title);
    fputs("A regression test, written by gainsay show --format c", title.stream);
    if (t->sources->trace)
        fprintf(title.stream, " %s", file_of(t->sources->trace));
    fputs(":", title.stream);
    print_comment(line_take(&title), "/* ", SIZE_MAX / 2, t->out);
    fputs(" *\n", t->out);
    print_comment(line_take(&line), " *     ", COLUMNS - 7, t->out);
    line_begin(&line);
    fputs(t->chart->replay.end == REPLAY_VIOLATED ? t->chart->replay.reason : "", line.stream);
    print_comment(line_take(&line), " *     ", COLUMNS - 7, t->out);
    fputs(" *\n", t->out);
    print_meaning(t);
    fputs(" *\n", t->out);
    print_commands(t);
    fputs(" */\n", t->out);
}

static void print_declarations(const struct c_test *t)
{
    fputs("#include <criterion/criterion.h>\n\n#include <checker/check.h>\n\n", t->out);
    if (t->sources->plugin) {
        fprintf(t->out, "extern const struct gs_plugin gainsay_plugin; /* of %s */\n", file_of(t->sources->plugin));
    } else {
        fputs("extern const struct gs_model ", t->out);
        print_identifier(t->run->model->name, t->out);
        fputs("; /* of libgainsay */\n", t->out);
    }
    for (size_t i = 0; t->sources->extensions && t->sources->extensions[i]; i++)
        fprintf(t->out, "extern const struct gs_plugin properties_%zu; /* of %s */\n", i + 1,
                file_of(t->sources->extensions[i]));
    fputc('\n', t->out);
}

/* ---- Events ---- */

/* Row `row` as far as the trace replays, which knows what was drawn. */
static const struct event *event_at(const struct c_test *t, size_t row)
{
    const size_t starts = t->trace->start_count;

    if (row < t->chart->row_count)
        return &t->chart->rows[row].event;
    return row < starts ? &t->trace->starts[row] : &t->trace->steps[row - starts];
}

static bool draws(const struct event *event)
{
    for (unsigned i = 0; i < event->choice_count; i++)
        if (event->choices[i])
            return true;
    return false;
}

/* "3", and when the step was taken, in a comment. Returns how wide it is. */
static size_t print_number(const struct c_test *t, size_t number, int width)
{
    const struct event *event = &t->trace->steps[number - 1];
    char time[TRACE_TIME_SIZE] = "";

    if (event->has_at)
        trace_time_text(event->at, time);
    return (size_t)fprintf(t->out, "/* %*zu%s%s */ ", width, number, event->has_at ? "  " : "", time);
}

static void print_event(const struct c_test *t, size_t row)
{
    const size_t starts = t->trace->start_count;
    const int width = snprintf(NULL, 0, "%zu", t->trace->step_count);
    struct line line;
    size_t indent = 4;

    fputs("    ", t->out);
    if (row >= starts)
        indent += print_number(t, row - starts + 1, width);
    line_begin(&line);
    event_print(t->run, event_at(t, row), line.stream);
    char *text = line_take(&line);
    print_string(text, indent, t->out);
    fputs(",\n", t->out);
    free(text);
}

static void print_events(const struct c_test *t)
{
    const size_t starts = t->trace->start_count;

    fputs("static const char *const events[] = {\n", t->out);
    for (size_t i = 0; i < starts + t->trace->step_count; i++)
        if (i >= starts || draws(event_at(t, i)))
            print_event(t, i);
    fputs("    NULL,\n};\n\n", t->out);
}

/* ---- Configuration ---- */

static void print_settings(const struct c_test *t)
{
    fputs("    static const char *const settings[] = {", t->out);
    for (unsigned i = 0; i < t->run->option_count; i++) {
        const struct gs_option *option = &t->run->model->options[i];
        char *value;
        struct line line;
        line_begin(&line);
        if (option->names)
            fprintf(line.stream, "%s=%s", option->name, option->names[t->run->options[i] - option->min]);
        else
            fprintf(line.stream, "%s=%lld", option->name, (long long)t->run->options[i]);
        value = line_take(&line);
        print_string(value, 8, t->out);
        fputs(", ", t->out);
        free(value);
    }
    fputs("NULL};\n", t->out);
}

/* Without them the protocol is as it should be: said, because a test of a planted bug never passes. */
static void print_mutants(const struct c_test *t)
{
    if (!t->run->mutants)
        return;
    fputs("    /* Planted bugs: while they stand here, the test fails. */\n"
          "    static const char *const mutants[] = {",
          t->out);
    for (unsigned i = 0; i < GS_MUTANTS_MAX && t->run->model->mutants[i].name; i++)
        if (t->run->mutants >> i & 1) {
            print_string(t->run->model->mutants[i].name, 8, t->out);
            fputs(", ", t->out);
        }
    fputs("NULL};\n", t->out);
}

static void print_extensions(const struct c_test *t)
{
    if (!t->sources->extensions || !t->sources->extensions[0])
        return;
    fputs("    const struct gs_extension *const extensions[] = {", t->out);
    for (size_t i = 0; t->sources->extensions[i]; i++)
        fprintf(t->out, "properties_%zu.extension, ", i + 1);
    fputs("NULL};\n", t->out);
}

/* What the preset gives, which a test that says nothing of a budget gets. */
static int preset_budget(const struct c_test *t, int fault)
{
    const struct gs_budgets *b = &run_preset(t->run->model, "quick")->budgets;
    const int budgets[GS_FAULTS] = {
        [GS_DROP] = b->drops,     [GS_DUPLICATE] = b->duplicates, [GS_CRASH] = b->crashes,   [GS_RESTART] = b->restarts,
        [GS_REBOOT] = b->reboots, [GS_PARTITION] = b->partitions, [GS_TIMEOUT] = b->timeouts};
    return budgets[fault];
}

/* A budget as struct gs_budgets has it; 0: nothing needs to be said. */
static long long budget_of(const struct c_test *t, int fault)
{
    enum { UNLIMITED = 1000000 }; /* as good as */
    const long long budget = t->run->budgets[fault];

    if (fault == GS_TIMEOUT && budget < 0)
        return preset_budget(t, fault) ? UNLIMITED : 0;
    if (budget == 0 && (fault == GS_TIMEOUT || preset_budget(t, fault) > 0))
        return GS_NONE;
    return budget;
}

static void print_budgets(const struct c_test *t)
{
    for (int fault = 0; fault < GS_FAULTS; fault++) {
        const long long budget = budget_of(t, fault);
        if (budget == GS_NONE)
            fprintf(t->out, "        .budgets.%s = GS_NONE,\n", budget_names[fault]);
        else if (budget)
            fprintf(t->out, "        .budgets.%s = %lld,\n", budget_names[fault], budget);
    }
}

static void print_config(const struct c_test *t)
{
    static const char *const networks[] = {[GS_SET] = "GS_SET", [GS_BAG] = "GS_BAG", [GS_FIFO] = "GS_FIFO"};

    print_settings(t);
    print_mutants(t);
    print_extensions(t);
    fputs("    const struct gs_config config = {\n        .settings = settings,\n", t->out);
    if (t->run->mutants)
        fputs("        .mutants = mutants,\n", t->out);
    if (t->sources->extensions && t->sources->extensions[0])
        fputs("        .extensions = extensions,\n", t->out);
    fprintf(t->out, "        .network = %s,\n", networks[t->run->network]);
    if (t->run->network == GS_BAG)
        fprintf(t->out, "        .copies = %u,\n", t->run->copies);
    if (t->run->network == GS_FIFO)
        fprintf(t->out, "        .capacity = %u,\n", t->run->capacity);
    print_budgets(t);
    if (trace_kind(t->trace) == TRACE_OF_MISBEHAVIOUR)
        fputs("        .catch_signals = true, /* a crash is a finding, with the step that crashes */\n", t->out);
    fputs("    };\n", t->out);
}

/* ---- The test ---- */

static void print_model(const struct c_test *t)
{
    if (t->sources->plugin) {
        fputs("gainsay_plugin.model", t->out);
    } else {
        fputc('&', t->out);
        print_identifier(t->run->model->name, t->out);
    }
}

static void print_call(const struct c_test *t)
{
    const bool has_property = trace_kind(t->trace) != TRACE_SAMPLE;

    fputs("    struct gs_replay_result result;\n\n    gs_replay(", t->out);
    print_model(t);
    fputs(", &config, ", t->out);
    if (has_property)
        fprintf(t->out, "\"%s\"", trace_property_name(t->trace));
    else
        fputs("NULL", t->out);
    fputs(", events, &result);\n", t->out);
}

static void print_assertion(const struct c_test *t)
{
    const enum trace_kind kind = trace_kind(t->trace);

    if (kind == TRACE_OF_VIOLATION || kind == TRACE_OF_MISBEHAVIOUR)
        fputs("    if (result.status == GS_INCOMPLETE)\n"
              "        cr_log_info(\"not this run any more: %s\", result.text);\n"
              "    else\n    ",
              t->out);
    fputs("    cr_assert(result.status == GS_HOLDS, \"%s\", result.text);\n", t->out);
}

void trace_print_c_test(const struct trace *trace, const struct c_test_sources *sources, FILE *out)
{
    struct chart *chart = chart_new(trace);
    const struct c_test t = {chart, trace, trace->run, sources, out};

    print_head(&t);
    print_declarations(&t);
    print_events(&t);
    fputs("Test(", out);
    print_identifier(trace->run->model->name, out);
    fputs(", ", out);
    print_identifier(trace_property_name(trace), out);
    fputs(")\n{\n", out);
    print_config(&t);
    print_call(&t);
    print_assertion(&t);
    fputs("}\n", out);
    chart_free(chart);
}
