/* A trace for people: what fired, and under it only what that changed, in the protocol's own names. Lines break at
 * commas before column 120. */
#include <stdlib.h>
#include <string.h>

#include "traces/chart_text.h"
#include "traces/line.h"
#include "traces/local_text.h"

enum { INDENT = 2 };

struct text {
    const struct chart *chart;
    const struct trace *trace;
    const struct gs_run *run;
    FILE *out;
    int number_width; /* of the last step's number */
};

/* ---- Lines ---- */

static void line_end(struct line *line, const struct text *text, int indent)
{
    line_print(line, (size_t)indent, text->out);
}

/* ---- Header ---- */

static void print_title(const struct text *text)
{
    const struct trace *trace = text->trace;
    const struct replay *replay = &text->chart->replay;
    const enum trace_kind kind = trace_kind(trace);
    const bool is_goal = kind == TRACE_OF_GOAL, has_property = is_goal || kind == TRACE_OF_VIOLATION;
    const char *claim = has_property ? run_property(trace->run, trace->property)->claim : NULL;

    chart_print_title(text->chart, text->out);
    fputc('\n', text->out);
    if (claim)
        fprintf(text->out, "%*s%s     %s\n", INDENT, "", is_goal ? "goal " : "claim", claim);
    if (replay->end == REPLAY_VIOLATED && replay->reason[0])
        fprintf(text->out, "%*sbut       %s\n", INDENT, "", replay->reason);
    if (trace_is_late(trace))
        fprintf(text->out, "%*sbut       %s\n", INDENT, "", trace->explanation);
}

static void print_clock(const struct text *text)
{
    char healed[TRACE_TIME_SIZE], due[TRACE_TIME_SIZE];

    if (!trace_is_late(text->trace))
        return;
    const struct gs_timing *timing = &text->trace->clock->timing;
    fprintf(text->out, "%*sclock     all is healed at %s, the goals are due by %s\n", INDENT, "",
            trace_time_text(timing->heal_after, healed),
            trace_time_text(timing->heal_after + timing->recover_within, due));
}

static void print_options(const struct text *text)
{
    struct line line;

    line_begin(&line);
    fputs("options ", line.stream);
    for (unsigned i = 0; i < text->run->option_count; i++) {
        const struct gs_option *option = &text->run->model->options[i];
        const int64_t value = text->run->options[i];
        const char *name = option->names ? option->names[value - option->min] : NULL;
        fprintf(line.stream, "%s%s=", i ? ", " : "  ", option->name);
        if (name)
            fputs(name, line.stream);
        else
            fprintf(line.stream, "%lld", (long long)value);
    }
    if (!text->run->option_count)
        fputs("  none", line.stream);
    line_end(&line, text, INDENT);
}

static void print_mutants(const struct text *text)
{
    const char *separator = "  ";
    struct line line;

    line_begin(&line);
    fputs("mutants ", line.stream);
    for (unsigned i = 0; i < GS_MUTANTS_MAX && text->run->model->mutants[i].name; i++)
        if (text->run->mutants >> i & 1) {
            fprintf(line.stream, "%s%s", separator, text->run->model->mutants[i].name);
            separator = ", ";
        }
    if (!text->run->mutants)
        fputs("  none", line.stream);
    line_end(&line, text, INDENT);
}

static void print_network(const struct text *text)
{
    const struct gs_run *run = text->run;

    fprintf(text->out, "%*snetwork   %s", INDENT, "", network_names[run->network]);
    if (run->network == GS_BAG)
        fprintf(text->out, ", %u cop%s of a message in flight", run->copies, run->copies == 1 ? "y" : "ies");
    if (run->network == GS_FIFO)
        fprintf(text->out, ", %u message%s in a channel", run->capacity, run->capacity == 1 ? "" : "s");
    fputc('\n', text->out);
}

static void print_budgets(const struct text *text)
{
    const char *separator = "  ";
    struct line line;

    line_begin(&line);
    fputs("budgets ", line.stream);
    for (int fault = 0; fault < GS_FAULTS; fault++)
        if (text->run->budgets[fault] > 0 || (fault == GS_TIMEOUT && text->run->budgets[fault] == 0)) {
            fprintf(line.stream, "%s%s %lld", separator, budget_names[fault], (long long)text->run->budgets[fault]);
            separator = ", ";
        }
    if (separator[0] == ' ')
        fputs("  none", line.stream);
    line_end(&line, text, INDENT);
}

static void print_header(const struct text *text)
{
    print_title(text);
    print_options(text);
    print_mutants(text);
    print_network(text);
    print_budgets(text);
    print_clock(text);
}

/* ---- Local states ---- */

static char *describe_local(const struct text *text, const struct world *world, unsigned node)
{
    struct line line;

    line_begin(&line);
    local_print(text->run, node, world->locals[node].data, line.stream);
    return line_take(&line);
}

/* Nodes in a row that are alike share a line. */
static void print_locals(const struct text *text, const struct world *world)
{
    for (unsigned n = 0; n < text->run->node_count;) {
        struct line line;
        char *description = describe_local(text, world, n);
        bool is_alike = true;
        line_begin(&line);
        fputs(text->run->nodes[n].name, line.stream);
        while (++n < text->run->node_count && is_alike) {
            char *other = describe_local(text, world, n);
            is_alike = strcmp(other, description) == 0;
            free(other);
            if (!is_alike)
                break;
            fprintf(line.stream, ", %s", text->run->nodes[n].name);
        }
        fprintf(line.stream, ": %s", description);
        line_end(&line, text, 2 * INDENT);
        free(description);
    }
}

/* ---- Rows ---- */

/* Whose change it is is always said. */
static void print_notes(const struct text *text, size_t row, gs_node mover, int indent)
{
    struct row_notes notes = row_notes_of(text->chart, text->run, row);

    for (size_t i = 0; i < notes.count; i++) {
        struct line line;
        line_begin(&line);
        row_note_print(&notes.notes[i], text->run, notes.notes[i].kind == ROW_CHANGE ? GS_NOBODY : mover, line.stream);
        line_end(&line, text, indent);
    }
    row_notes_free(&notes);
}

static void print_event(const struct text *text, size_t row, int indent)
{
    const struct chart_row *r = &text->chart->rows[row];
    struct line line;

    line_begin(&line);
    if (r->number)
        fprintf(line.stream, "%*zu  ", text->number_width, r->number);
    row_time_print(text->chart, row, "  ", line.stream);
    event_print(text->run, &r->event, line.stream);
    line_end(&line, text, indent);
}

/* The state after the STARTs, then what these chose, sent and announced. */
static void print_initial(const struct text *text)
{
    const struct chart *chart = text->chart;

    fputs("\ninitially\n", text->out);
    if (!chart->is_initialised)
        return;
    print_locals(text, chart_before(chart, chart->start_count));
    for (size_t i = 0; i < chart->start_count; i++) {
        if (chart->rows[i].result != WORLD_STEP)
            continue;
        if (chart->rows[i].event.choice_count)
            print_event(text, i, 2 * INDENT);
        print_notes(text, i, GS_NOBODY, 2 * INDENT);
    }
}

static void print_row(const struct text *text, size_t row)
{
    const struct chart_row *r = &text->chart->rows[row];
    const int indent = INDENT + text->number_width + 2;

    print_event(text, row, r->number ? INDENT : indent);
    print_notes(text, row, r->event.node, indent + INDENT);
}

static bool is_shown(const struct chart_row *row)
{
    const bool is_start = row->number == 0;

    return row->result == WORLD_MISBEHAVED || (row->result == WORLD_STEP && !is_start);
}

void trace_print_step(const struct chart *chart, size_t number, FILE *out)
{
    const struct text text = {.chart = chart,
                              .trace = chart->trace,
                              .run = chart->run,
                              .out = out,
                              .number_width = snprintf(NULL, 0, "%zu", chart->trace->step_count)};

    if (chart->start_count + number <= chart->row_count)
        print_row(&text, chart->start_count + number - 1);
}

void trace_print_text(const struct trace *trace, FILE *out)
{
    struct chart *chart = chart_new(trace);
    const struct text text = {.chart = chart,
                              .trace = trace,
                              .run = trace->run,
                              .out = out,
                              .number_width = snprintf(NULL, 0, "%zu", trace->step_count)};

    print_header(&text);
    print_initial(&text);
    for (size_t i = 0; i < chart->row_count; i++) {
        if (!is_shown(&chart->rows[i]))
            continue;
        fputs(chart->rows[i].number <= 1 ? "\n" : "", out);
        print_row(&text, i);
    }
    fputc('\n', out);
    chart_print_end(chart, out);
    fputc('\n', out);
    chart_free(chart);
}
