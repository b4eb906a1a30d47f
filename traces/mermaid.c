/* A trace as a mermaid sequenceDiagram. A delivery is an arrow, everything else a note over the node's lifeline. */
#include <stdlib.h>
#include <string.h>

#include "traces/chart_text.h"
#include "traces/formats.h"
#include "traces/line.h"

enum { NOTE_COLUMNS = 60 };

struct mermaid {
    const struct chart *chart;
    const struct gs_run *run;
    FILE *out;
};

/* ---- Text ---- */

/* Mermaid takes '#' and ';' for its own, markup for markup, and '%%' for a comment; "#59;" is what it takes for a
 * character. */
static void print_character(char c, FILE *out)
{
    if (strchr("#;<&\"'`%\\$", c))
        fprintf(out, "#%d;", c);
    else
        fputc(c, out);
}

/* Takes the line, escaped, broken to so many columns. */
static void print_line(struct line *line, size_t columns, FILE *out)
{
    char *text = line_take(line);

    line_clean(text, false);
    for (const char *rest = text; *rest;) {
        const size_t length = line_break(rest, columns, true);
        fputs(rest == text ? "" : "<br/>", out);
        for (size_t i = 0; i < length; i++)
            print_character(rest[i], out);
        rest += length;
        rest += strspn(rest, " ");
    }
    free(text);
}

/* ---- Notes ---- */

/* "Note over n0: " or, over all nodes, "Note over n0,n3: ". */
static void begin_note(const struct mermaid *m, gs_node node)
{
    const unsigned last = m->run->node_count - 1;

    if (!gs_is_nobody(node))
        fprintf(m->out, "    Note over n%u: ", node_number(node));
    else if (last)
        fprintf(m->out, "    Note over n0,n%u: ", last);
    else
        fputs("    Note over n0: ", m->out);
}

static void print_event(const struct mermaid *m, size_t row)
{
    const size_t number = m->chart->rows[row].number;
    struct line line;

    line_begin(&line);
    if (number)
        fprintf(line.stream, "%zu ", number);
    row_time_print(m->chart, row, " ", line.stream);
    row_event_print(m->chart, m->run, row, line.stream);
    print_line(&line, NOTE_COLUMNS, m->out);
}

static void print_notes(const struct mermaid *m, size_t row, const char *separator)
{
    struct row_notes notes = row_notes_of(m->chart, m->run, row);

    for (size_t i = 0; i < notes.count; i++) {
        struct line line;
        line_begin(&line);
        row_note_print(&notes.notes[i], m->run, row_mover(m->chart, row), line.stream);
        fputs(separator, m->out);
        print_line(&line, NOTE_COLUMNS, m->out);
        separator = "<br/>";
    }
    row_notes_free(&notes);
}

/* ---- Rows ---- */

static bool has_notes(const struct mermaid *m, size_t row)
{
    struct row_notes notes = row_notes_of(m->chart, m->run, row);
    const bool has = notes.count > 0;

    row_notes_free(&notes);
    return has;
}

/* An open arrow for a message that is delivered, one that ends in a cross for one that is dropped; then, in a note,
 * what that did. */
static void print_message(const struct mermaid *m, size_t row)
{
    const struct event *event = &m->chart->rows[row].event;

    fprintf(m->out, "    n%u%sn%u: ", node_number(event->from), event->action == ACTION_DROP ? "-x" : "-)",
            node_number(event->node));
    print_event(m, row);
    fputc('\n', m->out);
    if (!has_notes(m, row))
        return;
    begin_note(m, event->node);
    print_notes(m, row, "");
    fputc('\n', m->out);
}

static void print_row(const struct mermaid *m, size_t row)
{
    if (m->chart->rows[row].event.message) {
        print_message(m, row);
        return;
    }
    begin_note(m, row_mover(m->chart, row));
    print_event(m, row);
    print_notes(m, row, "<br/>");
    fputc('\n', m->out);
}

static void print_in_flight(const struct mermaid *m)
{
    size_t i = chart_next_in_flight(m->chart, 0);

    if (i == CHART_NONE)
        return;
    begin_note(m, GS_NOBODY);
    fprintf(m->out, "%s:", chart_in_flight_title(m->chart));
    while (i != CHART_NONE) {
        struct line line;
        line_begin(&line);
        chart_print_in_flight(m->chart, m->run, i, line.stream);
        fputs("<br/>", m->out);
        print_line(&line, NOTE_COLUMNS, m->out);
        i = chart_next_in_flight(m->chart, i + 1);
    }
    fputc('\n', m->out);
}

/* ---- All of it ---- */

static void print_head(const struct mermaid *m)
{
    struct line line;

    line_begin(&line);
    chart_print_title(m->chart, line.stream);
    fputs("sequenceDiagram\n    title ", m->out);
    print_line(&line, SIZE_MAX / 2, m->out);
    fputc('\n', m->out);
    for (unsigned n = 0; n < m->run->node_count; n++)
        fprintf(m->out, "    participant n%u as %s\n", n, m->run->nodes[n].name);
}

static void print_end(const struct mermaid *m)
{
    struct line line;

    line_begin(&line);
    chart_print_end(m->chart, line.stream);
    begin_note(m, GS_NOBODY);
    print_line(&line, NOTE_COLUMNS, m->out);
    fputc('\n', m->out);
}

void trace_print_mermaid(const struct trace *trace, FILE *out)
{
    struct chart *chart = chart_new(trace);
    const struct mermaid m = {chart, trace->run, out};

    print_head(&m);
    for (size_t i = 0; i < chart->row_count; i++)
        if (row_is_drawn(chart, i))
            print_row(&m, i);
    print_in_flight(&m);
    print_end(&m);
    chart_free(chart);
}
