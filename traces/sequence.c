/* A message-sequence chart in plain text: lifelines on the left, a row an event, and beside each row in words what
 * happened and what that changed. Words beside rather than on the arrows: a message's text is then never cut, however
 * near its lifelines are, and all texts begin in one column. */
#include <stdlib.h>
#include <string.h>

#include "core/die.h"
#include "traces/chart_text.h"
#include "traces/formats.h"
#include "traces/line.h"
#include "traces/sequence_lanes.h"

enum {
    WORDS_MIN = 28,       /* columns for the words */
    WORDS_WANTED = 44,    /* rather names are shortened and lanes narrowed than that these have less */
    PITCH_MAX = 12,       /* columns from a lifeline to the next, more only for a long name */
    PITCH_SHORT = 8,      /* the same with short names */
    NOTE_INDENT = 2,      /* of what an event did, behind the event */
    CONTINUED_INDENT = 2, /* of a line that goes on */
    LINES_A_HEAD = 40     /* names stand above the lifelines anew after so many lines */
};

struct sequence {
    const struct chart *chart;
    struct gs_run names; /* as they are printed */
    struct lanes lanes;
    size_t columns, lines; /* lines: since the last head */
    int number_width;
    bool is_short, ascii;
    FILE *out;
};

/* ---- Layout ---- */

static size_t gutter_width(const struct trace *trace)
{
    return (size_t)snprintf(NULL, 0, "  %zu  ", trace->step_count);
}

static size_t longest_name(const struct gs_run *names)
{
    size_t longest = 0;

    for (unsigned n = 0; n < names->node_count; n++)
        longest = strlen(names->nodes[n].name) > longest ? strlen(names->nodes[n].name) : longest;
    return longest;
}

size_t trace_sequence_columns(const struct trace *trace)
{
    return gutter_width(trace) + trace->run->node_count + 2 + WORDS_MIN;
}

/* Columns for lifelines that leave `words` for the words; 0 if that is not possible. */
static size_t room_for_lanes(const struct sequence *s, size_t words)
{
    const size_t others = gutter_width(s->chart->trace) + 2 + words;

    return s->columns > others ? s->columns - others : 0;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Full names where there is room for them and the words; else short ones; in the end lanes of a column each. */
static size_t choose_pitch(struct sequence *s)
{
    const size_t nodes = s->names.node_count;
    const size_t wanted = room_for_lanes(s, WORDS_WANTED) / nodes, most = room_for_lanes(s, WORDS_MIN) / nodes;
    const size_t full = longest_name(&s->names) + 2;

    if (full <= wanted)
        return full < PITCH_MAX ? least(wanted, PITCH_MAX) : full;
    s->names = short_names(s->chart->run);
    s->is_short = true;
    const size_t narrowest = longest_name(&s->names) + 1;
    return wanted >= narrowest ? least(wanted, PITCH_SHORT) : least(most, narrowest);
}

static size_t words_room(const struct sequence *s)
{
    return s->columns - s->lanes.left - lanes_width(&s->lanes) - 2;
}

/* ---- Lines ---- */

/* number: NULL or the step's. cells: NULL, or those of the lanes. */
static void print_line(struct sequence *s, const char *number, const char *words)
{
    struct line line;
    char *text;

    line_begin(&line);
    fprintf(line.stream, "  %*s  ", s->number_width, number);
    lanes_print(&s->lanes, line.stream);
    fprintf(line.stream, "  %s", words);
    text = line_take(&line);
    for (size_t end = strlen(text); end && text[end - 1] == ' '; end--)
        text[end - 1] = '\0';
    fprintf(s->out, "%s\n", text);
    free(text);
    s->lines++;
}

/* Words across the whole width. */
static void print_paragraph(const struct sequence *s, size_t indent, char *text)
{
    line_clean(text, s->ascii);
    for (const char *rest = text; *rest;) {
        const size_t deeper = indent + (rest == text ? 0 : 2 * CONTINUED_INDENT);
        const size_t length = line_break(rest, s->columns - deeper, true);
        fprintf(s->out, "%*s%.*s\n", (int)deeper, "", (int)length, rest);
        rest += length;
        rest += strspn(rest, " ");
    }
    free(text);
}

/* Words beside the lanes, which after the first line show lifelines only. Frees the text. */
static void print_words(struct sequence *s, const char *number, size_t indent, char *text, const struct world *after)
{
    line_clean(text, s->ascii);
    const char *rest = text;
    do {
        const size_t deeper = indent + (rest == text ? 0 : CONTINUED_INDENT);
        const size_t length = line_break(rest, words_room(s) - deeper, true);
        char *words;
        must(asprintf(&words, "%*s%.*s", (int)deeper, "", (int)length, rest) >= 0);
        print_line(s, rest == text ? number : "", words);
        free(words);
        lanes_draw_lifelines(&s->lanes, after);
        rest += length;
        rest += strspn(rest, " ");
    } while (*rest);
    free(text);
}

/* ---- Head ---- */

static char *compose_title(const struct chart *chart)
{
    struct line line;

    line_begin(&line);
    chart_print_title(chart, line.stream);
    return line_take(&line);
}

static char *compose_claim(const struct trace *trace)
{
    const enum trace_kind kind = trace_kind(trace);
    struct line line;

    line_begin(&line);
    if (kind == TRACE_OF_GOAL || kind == TRACE_OF_VIOLATION)
        fprintf(line.stream, "%s %s",
                kind == TRACE_OF_GOAL ? "goal: " : "claim:", run_property(trace->run, trace->property)->claim);
    return line_take(&line);
}

/* "s0 = server0, s1 = server1": of a role with several nodes "s0 to s4 = server0 to server4". */
static char *compose_legend(const struct sequence *s)
{
    const struct gs_run *run = s->chart->run;
    struct line line;

    line_begin(&line);
    fputs("nodes: ", line.stream);
    for (unsigned r = 0, shown = 0; r < run->role_count; r++) {
        const unsigned first = run->first[r], last = first + run->count[r] - 1;
        if (!run->count[r])
            continue;
        fprintf(line.stream, "%s%s", shown++ ? ", " : "", s->names.nodes[first].name);
        if (last > first)
            fprintf(line.stream, "..%s",
                    s->names.nodes[last].name + strspn(s->names.nodes[last].name, "abcdefghijklmnopqrstuvwxyz"));
        fprintf(line.stream, " = %s", run->nodes[first].name);
        if (last > first)
            fprintf(line.stream, "..%u", run->nodes[last].index);
    }
    return line_take(&line);
}

static void print_head(struct sequence *s)
{
    for (size_t i = 0; i < lanes_head_lines(&s->lanes, &s->names); i++) {
        lanes_draw_head(&s->lanes, &s->names, i);
        print_line(s, "", "");
    }
    s->lines = 0;
}

/* ---- Rows ---- */

/* With lanes too narrow to follow, the words name the nodes. */
static char *compose_event(const struct sequence *s, size_t row)
{
    const struct event *event = &s->chart->rows[row].event;
    struct line line;

    line_begin(&line);
    row_time_print(s->chart, row, "  ", line.stream);
    if (s->lanes.pitch < LANES_EASY_PITCH && event->message)
        fprintf(line.stream, "%s -> %s: ", gs_run_name(&s->names, event->from), gs_run_name(&s->names, event->node));
    else if (s->lanes.pitch < LANES_EASY_PITCH && (event->action == ACTION_TIMER || event->action == ACTION_LOCAL))
        fprintf(line.stream, "%s: ", gs_run_name(&s->names, event->node));
    row_event_print(s->chart, &s->names, row, line.stream);
    return line_take(&line);
}

static char *compose_note(const struct sequence *s, const struct row_note *note, gs_node mover)
{
    struct line line;

    line_begin(&line);
    row_note_print(note, &s->names, mover, line.stream);
    return line_take(&line);
}

static void print_row(struct sequence *s, size_t row)
{
    const struct chart_row *r = &s->chart->rows[row];
    struct row_notes notes = row_notes_of(s->chart, &s->names, row);
    char number[32] = "";

    if (s->lines >= LINES_A_HEAD)
        print_head(s);
    if (r->number)
        snprintf(number, sizeof(number), "%zu", r->number);
    lanes_draw_event(&s->lanes, s->chart, row);
    print_words(s, number, 0, compose_event(s, row), &r->after);
    for (size_t i = 0; i < notes.count; i++)
        print_words(s, "", NOTE_INDENT, compose_note(s, &notes.notes[i], r->event.node), &r->after);
    row_notes_free(&notes);
}

/* ---- What is left ---- */

static void print_in_flight(struct sequence *s)
{
    const struct chart *chart = s->chart;
    size_t i = chart_next_in_flight(chart, 0);

    if (i == CHART_NONE)
        return;
    fprintf(s->out, "  %s:\n", chart_in_flight_title(chart));
    while (i != CHART_NONE) {
        struct line line;
        line_begin(&line);
        chart_print_in_flight(chart, &s->names, i, line.stream);
        print_paragraph(s, 4, line_take(&line));
        i = chart_next_in_flight(chart, i + 1);
    }
    fputc('\n', s->out);
}

static char *compose_end(const struct chart *chart)
{
    struct line line;

    line_begin(&line);
    chart_print_end(chart, line.stream);
    return line_take(&line);
}

/* ---- All of it ---- */

static void print_chart(struct sequence *s)
{
    const struct chart *chart = s->chart;

    print_paragraph(s, 0, compose_title(chart));
    print_paragraph(s, 2, compose_claim(chart->trace));
    if (s->is_short)
        print_paragraph(s, 2, compose_legend(s));
    fputc('\n', s->out);
    print_head(s);
    lanes_draw_lifelines(&s->lanes, chart_before(chart, chart->start_count));
    print_line(s, "", "");
    for (size_t i = 0; i < chart->row_count; i++)
        if (row_is_drawn(chart, i))
            print_row(s, i);
    lanes_draw_lifelines(&s->lanes, chart_before(chart, chart->row_count));
    print_line(s, "", "");
    fputc('\n', s->out);
    print_in_flight(s);
    print_paragraph(s, 0, compose_end(chart));
}

void trace_print_sequence(const struct trace *trace, const struct sequence_style *style, FILE *out)
{
    struct chart *chart = chart_new(trace);
    struct sequence s = {.chart = chart,
                         .names = *trace->run,
                         .columns = style->columns,
                         .ascii = style->ascii,
                         .number_width = snprintf(NULL, 0, "%zu", trace->step_count),
                         .out = out};

    must(style->columns >= trace_sequence_columns(trace));
    s.lanes = lanes_new(trace->run->node_count, choose_pitch(&s), gutter_width(trace), style->ascii);
    print_chart(&s);
    lanes_free(&s.lanes);
    chart_free(chart);
}
