/* A trace as a space-time diagram for Graphviz: time runs down, a node is a column, an event a box in its column, a
 * message an edge from the box that sent it to the box that took it. We place the boxes ourselves and leave their
 * drawing and the edges to Graphviz (layout nop): its own layouts push columns apart by the edges between them. */
#include <stdlib.h>
#include <string.h>

#include "core/die.h"
#include "traces/chart_text.h"
#include "traces/formats.h"
#include "traces/line.h"

enum {
    BOX_COLUMNS = 34, /* letters in a line of a box */
    /* In points. */
    LETTER = 6, /* a letter's width, rather more */
    LINE = 12,  /* a line's height */
    MARGIN = 14,
    COLUMN_GAP = 70,
    ROW_GAP = 16
};

/* One event at one node; or, beside the columns, a step's number and what concerns the network. */
struct box {
    size_t row;
    unsigned node; /* BESIDE: none */
    char *label;   /* as it stands in the file; owned */
    size_t lines, columns;
};

#define BESIDE (GS_NODES_MAX + 0u)

struct dot {
    const struct chart *chart;
    const struct gs_run *run;
    FILE *out;
    struct box *boxes; /* by row */
    size_t box_count, box_capacity;
    size_t x[GS_NODES_MAX + 1]; /* middle of each column, of BESIDE too */
    size_t *y;                  /* middle of each row of the chart, downwards */
    size_t end_y;
};

/* ---- Text ---- */

/* Inside of a string: quotes and backslashes are Graphviz's own, and "&lt;" would be a "<". */
static void print_escaped(const char *text, size_t length, FILE *out)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '"' || text[i] == '\\')
            fputc('\\', out);
        fputs(text[i] == '&' ? "&amp;" : (char[]){text[i], '\0'}, out);
    }
}

/* Takes the line and prints it, broken to `room`; counts lines and columns. */
static void print_lines(struct line *line, size_t room, struct box *box, FILE *out)
{
    char *text = line_take(line);

    line_clean(text, false);
    for (const char *rest = text; *rest;) {
        const size_t indent = rest == text ? 0 : 2, length = line_break(rest, room - indent, true);
        const size_t columns = indent + (length < room ? length : room);
        fprintf(out, "%*s", (int)indent, "");
        print_escaped(rest, length, out);
        fputs("\\l", out);
        box->lines++;
        box->columns = columns > box->columns ? columns : box->columns;
        rest += length;
        rest += strspn(rest, " ");
    }
    free(text);
}

/* ---- Boxes ---- */

/* Of all that moved: several nodes of a host crash in one row. */
static bool is_mover(const struct dot *dot, size_t row, unsigned node)
{
    const struct chart_row *r = &dot->chart->rows[row];
    unsigned movers[GS_NODES_MAX];

    if (r->event.message || r->event.action == ACTION_START)
        return node_number(r->event.node) == node;
    const size_t count = world_movers(chart_before(dot->chart, row), &r->event, movers);
    for (size_t i = 0; i < count; i++)
        if (movers[i] == node)
            return true;
    return false;
}

static void print_event(const struct dot *dot, struct box *box, FILE *out)
{
    const size_t number = dot->chart->rows[box->row].number;
    struct line line;

    line_begin(&line);
    const bool is_here = box->node != BESIDE || gs_is_nobody(row_mover(dot->chart, box->row));
    if (box->node == BESIDE && number) {
        fprintf(line.stream, "%zu%s", number, is_here || dot->chart->rows[box->row].event.has_at ? "  " : "");
        row_time_print(dot->chart, box->row, is_here ? "  " : "", line.stream);
    }
    if (is_here)
        row_event_print(dot->chart, dot->run, box->row, line.stream);
    print_lines(&line, BOX_COLUMNS, box, out);
}

/* Of a row that moves several nodes each shows its own changes, and the first all else. */
static void print_notes(const struct dot *dot, struct box *box, FILE *out)
{
    const gs_node self = node_of(box->node);
    const bool is_first = gs_same(row_mover(dot->chart, box->row), self);
    struct row_notes notes = row_notes_of(dot->chart, dot->run, box->row);

    for (size_t i = 0; i < notes.count; i++) {
        struct line line;
        if (notes.notes[i].kind == ROW_CHANGE ? !gs_same(notes.notes[i].node, self) : !is_first)
            continue;
        line_begin(&line);
        row_note_print(&notes.notes[i], dot->run, self, line.stream);
        print_lines(&line, BOX_COLUMNS, box, out);
    }
    row_notes_free(&notes);
}

static void add_box(struct dot *dot, size_t row, unsigned node)
{
    struct box box = {.row = row, .node = node};
    struct line line;

    line_begin(&line);
    print_event(dot, &box, line.stream);
    if (node != BESIDE)
        print_notes(dot, &box, line.stream);
    box.label = line_take(&line);
    dot->boxes = die_grow(dot->boxes, &dot->box_capacity, dot->box_count + 1, sizeof(*dot->boxes));
    dot->boxes[dot->box_count++] = box;
}

static void add_boxes(struct dot *dot)
{
    for (size_t row = 0; row < dot->chart->row_count; row++) {
        if (!row_is_drawn(dot->chart, row))
            continue;
        add_box(dot, row, BESIDE);
        for (unsigned n = 0; n < dot->run->node_count; n++)
            if (is_mover(dot, row, n))
                add_box(dot, row, n);
    }
}

/* ---- Layout ---- */

static size_t greater(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t box_width(size_t columns)
{
    return columns * LETTER + 2 * MARGIN;
}

static void place_columns(struct dot *dot)
{
    size_t widths[GS_NODES_MAX + 1] = {0}, left = 0;

    for (unsigned n = 0; n < dot->run->node_count; n++)
        widths[n] = box_width(strlen(dot->run->nodes[n].name));
    for (size_t i = 0; i < dot->box_count; i++)
        widths[dot->boxes[i].node] = greater(widths[dot->boxes[i].node], box_width(dot->boxes[i].columns));
    dot->x[BESIDE] = widths[BESIDE] / 2;
    left = widths[BESIDE];
    for (unsigned n = 0; n < dot->run->node_count; n++) {
        dot->x[n] = left + widths[n] / 2;
        left += widths[n] + COLUMN_GAP;
    }
}

/* Each row as high as the highest of its boxes. */
static void place_rows(struct dot *dot)
{
    size_t *heights = die_calloc(dot->chart->row_count + 1, sizeof(*heights));
    size_t top = 2 * LINE + 2 * ROW_GAP;

    dot->y = die_calloc(dot->chart->row_count + 1, sizeof(*dot->y));
    for (size_t i = 0; i < dot->box_count; i++)
        heights[dot->boxes[i].row] = greater(heights[dot->boxes[i].row], dot->boxes[i].lines * LINE + MARGIN);
    for (size_t row = 0; row < dot->chart->row_count; row++) {
        dot->y[row] = top + heights[row] / 2;
        top += heights[row] ? heights[row] + ROW_GAP : 0;
    }
    dot->end_y = top + ROW_GAP;
    free(heights);
}

/* ---- Points ---- */

/* The rows above the first and below the last. */
#define HEAD (SIZE_MAX - 2)
#define END (SIZE_MAX - 3)

/* "step3_n0": where step 3 meets the first column. A START's row has no number of a step. */
static void print_point(const struct dot *dot, size_t row, unsigned node)
{
    if (row == HEAD)
        fputs("head", dot->out);
    else if (row == END)
        fputs("end", dot->out);
    else if (dot->chart->rows[row].number)
        fprintf(dot->out, "step%zu", dot->chart->rows[row].number);
    else
        fprintf(dot->out, "start%zu", row);
    if (node == BESIDE)
        fputs("_number", dot->out);
    else
        fprintf(dot->out, "_n%u", node);
}

/* Graphviz counts upwards. */
static void print_place(const struct dot *dot, size_t row, unsigned node)
{
    const size_t y = row == HEAD ? LINE : row == END ? dot->end_y : dot->y[row];

    fputs("    ", dot->out);
    print_point(dot, row, node);
    fprintf(dot->out, " [pos=\"%zu,%zu\"", dot->x[node], dot->end_y - y);
}

static const char *style_of(const struct dot *dot, const struct box *box)
{
    const struct chart_row *r = &dot->chart->rows[box->row];

    if (box->node == BESIDE)
        return "shape=plaintext";
    if (r->result == WORLD_MISBEHAVED)
        return "color=\"#b00020\", fillcolor=\"#fde7ea\"";
    if (r->event.action == ACTION_DROP || r->event.action == ACTION_CRASH || r->event.action == ACTION_REBOOT)
        return "color=\"#b00020\", fillcolor=\"#fff5f5\"";
    if (box->row + 1 == dot->chart->row_count && dot->chart->replay.end == REPLAY_VIOLATED &&
        trace_kind(dot->chart->trace) == TRACE_OF_VIOLATION)
        return "color=\"#b00020\", penwidth=2";
    return "color=\"#555555\"";
}

static void print_boxes(const struct dot *dot)
{
    for (unsigned n = 0; n < dot->run->node_count; n++) {
        print_place(dot, HEAD, n);
        fprintf(dot->out, ", style=\"filled,rounded\", fillcolor=\"#eeeeee\", label=\"%s\"]\n",
                dot->run->nodes[n].name);
        print_place(dot, END, n);
        fputs(", shape=point, width=0.02]\n", dot->out);
    }
    for (size_t i = 0; i < dot->box_count; i++) {
        const struct box *box = &dot->boxes[i];
        print_place(dot, box->row, box->node);
        fprintf(dot->out, ", %s, label=\"%s\"]\n", style_of(dot, box), box->label);
    }
}

/* ---- Lifelines ---- */

static bool is_up_after(const struct dot *dot, size_t row, unsigned node)
{
    const struct world *world = row == HEAD ? chart_before(dot->chart, 0) : &dot->chart->rows[row].after;

    return !world->locals[node].data || local_is_up(dot->run, node, world->locals[node].data);
}

static void print_lifeline(const struct dot *dot, size_t from, size_t to, unsigned node)
{
    fputs("    ", dot->out);
    print_point(dot, from, node);
    fputs(" -> ", dot->out);
    print_point(dot, to, node);
    fputs(is_up_after(dot, from, node) ? "\n" : " [style=dashed]\n", dot->out);
}

/* From box to box, dashed while the node is down. */
static void print_lifelines(const struct dot *dot)
{
    fputs("    edge [arrowhead=none, color=\"#aaaaaa\"]\n", dot->out);
    for (unsigned n = 0; n < dot->run->node_count; n++) {
        size_t from = HEAD;
        for (size_t i = 0; i < dot->box_count; i++)
            if (dot->boxes[i].node == n) {
                print_lifeline(dot, from, dot->boxes[i].row, n);
                from = dot->boxes[i].row;
            }
        print_lifeline(dot, from, END, n);
    }
}

/* ---- Messages ---- */

/* It leaves the box at the side where the receiver is, so that it does not run behind boxes of its own column. */
static void print_edge(const struct dot *dot, const struct chart_message *message, size_t row, const char *style)
{
    const unsigned from = node_number(message->from), to = node_number(message->to);
    struct line line;

    fputs("    ", dot->out);
    print_point(dot, message->sent, from);
    fputs(to < from ? ":w -> " : ":e -> ", dot->out);
    print_point(dot, row, to);
    fprintf(dot->out, "%s [%s%stooltip=\"", to > from ? ":w" : ":e", style, style[0] ? ", " : "");
    line_begin(&line);
    message_print(dot->run, message->message, line.stream);
    char *text = line_take(&line);
    line_clean(text, false);
    print_escaped(text, strlen(text), dot->out);
    fputs("\"]\n", dot->out);
    free(text);
}

/* One edge for each delivery: in `set`, and where it is duplicated, there may be several. */
static void print_deliveries(const struct dot *dot)
{
    fputs("    edge [arrowhead=normal, color=\"#1a5fb4\"]\n", dot->out);
    for (size_t i = 0; i < dot->chart->row_count; i++) {
        const struct chart_row *row = &dot->chart->rows[i];
        if (row->received == CHART_NONE || !row_is_drawn(dot->chart, i) || row->event.action == ACTION_DROP)
            continue;
        print_edge(dot, &dot->chart->messages[row->received], i,
                   row->event.action == ACTION_DUPLICATE ? "color=\"#1a5fb4:#1a5fb4\"" : "");
    }
}

/* To an x: in the box of the drop or the crash; where the receiver was down already there is none. */
static void print_losses(const struct dot *dot)
{
    fputs("    edge [arrowhead=none, style=dashed, color=\"#b00020\", fontcolor=\"#b00020\", headlabel=\"✗\"]\n",
          dot->out);
    for (size_t i = 0; i < dot->chart->message_count; i++) {
        const struct chart_message *message = &dot->chart->messages[i];
        if (message->fate != CHART_DROPPED && message->fate != CHART_LOST)
            continue;
        if (message->end == message->sent && !is_mover(dot, message->end, node_number(message->to))) {
            print_place(dot, message->end, node_number(message->to));
            fputs(", shape=point, width=0.02]\n", dot->out);
        }
        print_edge(dot, message, message->end, "");
    }
}

static void print_in_flight(const struct dot *dot)
{
    fputs("    edge [arrowhead=empty, style=dotted, color=\"#888888\", headlabel=\"\"]\n", dot->out);
    for (size_t i = 0; i < dot->chart->message_count; i++)
        if (dot->chart->messages[i].fate == CHART_IN_FLIGHT)
            print_edge(dot, &dot->chart->messages[i], END, "");
}

/* ---- All of it ---- */

static void print_head(const struct dot *dot)
{
    struct box unused = {0};
    struct line line;

    fputs("digraph trace {\n    label=\"", dot->out);
    line_begin(&line);
    chart_print_title(dot->chart, line.stream);
    print_lines(&line, 100, &unused, dot->out);
    line_begin(&line);
    chart_print_end(dot->chart, line.stream);
    print_lines(&line, 100, &unused, dot->out);
    fputs("\"\n"
          "    layout=nop; splines=line; outputorder=edgesfirst\n"
          "    labelloc=t; labeljust=l; fontname=Helvetica; fontsize=14\n"
          "    node [fontname=Helvetica, fontsize=10, shape=box, style=filled, fillcolor=white, margin=\"0.08,0.04\", "
          "height=0.2]\n"
          "    edge [fontname=Helvetica, fontsize=12, arrowsize=0.7]\n",
          dot->out);
}

static void dot_free(struct dot *dot)
{
    for (size_t i = 0; i < dot->box_count; i++)
        free(dot->boxes[i].label);
    free(dot->boxes);
    free(dot->y);
}

void trace_print_dot(const struct trace *trace, FILE *out)
{
    struct chart *chart = chart_new(trace);
    struct dot dot = {.chart = chart, .run = trace->run, .out = out};

    add_boxes(&dot);
    place_columns(&dot);
    place_rows(&dot);
    print_head(&dot);
    print_boxes(&dot);
    print_lifelines(&dot);
    print_deliveries(&dot);
    print_losses(&dot);
    print_in_flight(&dot);
    fputs("}\n", out);
    dot_free(&dot);
    chart_free(chart);
}
