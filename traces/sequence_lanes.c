/* Lifelines, arrows and marks. An arrow's head stands on the receiver's lifeline, so that there is one even where
 * lifelines are neighbours. */
#include "traces/sequence_lanes.h"

#include <stdlib.h>
#include <string.h>

#include "core/die.h"

enum glyph {
    BLANK,
    UP, /* lifelines */
    DOWN,
    CUT,       /* between nodes that a partition separates */
    FROM_LEFT, /* an arrow's end at its sender, which is left of the receiver; and so on */
    FROM_RIGHT,
    LINE,
    CROSSING,
    TO_RIGHT,
    TO_LEFT,
    TWICE_FROM_LEFT, /* of a duplicate */
    TWICE_FROM_RIGHT,
    TWICE_LINE,
    TWICE_CROSSING,
    LOST,
    ITSELF,
    POINT, /* an event of the node's own */
    CRASH,
    RESTART,
    REBOOT,
    BROKEN, /* it misbehaves */
    GLYPHS
};

/* In UTF-8, in ASCII. */
static const char *const glyphs[GLYPHS][2] = {
    [BLANK] = {" ", " "},
    [UP] = {"│", "|"},
    [DOWN] = {"┊", ":"},
    [CUT] = {"╱", "/"},
    [FROM_LEFT] = {"├", "+"},
    [FROM_RIGHT] = {"┤", "+"},
    [LINE] = {"─", "-"},
    [CROSSING] = {"┼", "|"},
    [TO_RIGHT] = {"▶", ">"},
    [TO_LEFT] = {"◀", "<"},
    [TWICE_FROM_LEFT] = {"╞", "+"},
    [TWICE_FROM_RIGHT] = {"╡", "+"},
    [TWICE_LINE] = {"═", "="},
    [TWICE_CROSSING] = {"╪", "|"},
    [LOST] = {"✗", "x"},
    [ITSELF] = {"↺", "@"},
    [POINT] = {"●", "*"},
    [CRASH] = {"✗", "X"},
    [RESTART] = {"▲", "^"},
    [REBOOT] = {"↻", "%"},
    [BROKEN] = {"!", "!"},
};

static void put(struct lanes *lanes, size_t column, enum glyph glyph)
{
    strcpy(lanes->cells[column], glyphs[glyph][lanes->ascii]);
}

struct lanes lanes_new(size_t count, size_t pitch, size_t left, bool ascii)
{
    struct lanes lanes = {.count = count, .pitch = pitch, .left = left, .ascii = ascii};

    lanes.cells = die_calloc(lanes_width(&lanes) + 1, sizeof(*lanes.cells));
    return lanes;
}

void lanes_free(struct lanes *lanes)
{
    free(lanes->cells);
    *lanes = (struct lanes){0};
}

size_t lanes_width(const struct lanes *lanes)
{
    return lanes->count * lanes->pitch;
}

static size_t column_of(const struct lanes *lanes, gs_node node)
{
    return node_number(node) * lanes->pitch + (lanes->pitch - 1) / 2;
}

/* ---- Lifelines ---- */

static void clear(struct lanes *lanes)
{
    for (size_t i = 0; i < lanes_width(lanes); i++)
        put(lanes, i, BLANK);
}

void lanes_draw_lifelines(struct lanes *lanes, const struct world *world)
{
    const struct gs_run *run = world->run;

    clear(lanes);
    for (unsigned n = 0; n < lanes->count; n++) {
        const size_t column = column_of(lanes, node_of(n));
        const bool is_up = !world->locals[n].data || local_is_up(run, n, world->locals[n].data);
        put(lanes, column, is_up ? UP : DOWN);
        if (n + 1 < lanes->count && lanes->pitch > 1 && world_link_is_cut(world->side, n, n + 1))
            put(lanes, column + (lanes->pitch + 1) / 2, CUT);
    }
}

/* ---- Arrows ---- */

static bool is_lifeline(const struct lanes *lanes, size_t column)
{
    return column % lanes->pitch == (lanes->pitch - 1) / 2;
}

static void draw_arrow(struct lanes *lanes, const struct event *event)
{
    const size_t from = column_of(lanes, event->from), to = column_of(lanes, event->node);
    const bool is_twice = event->action == ACTION_DUPLICATE, is_lost = event->action == ACTION_DROP;
    const bool goes_right = from < to;
    const size_t low = goes_right ? from : to, high = goes_right ? to : from;

    for (size_t i = low + 1; i < high; i++)
        put(lanes, i, is_lifeline(lanes, i) ? (is_twice ? TWICE_CROSSING : CROSSING) : (is_twice ? TWICE_LINE : LINE));
    put(lanes, from,
        is_twice ? (goes_right ? TWICE_FROM_LEFT : TWICE_FROM_RIGHT) : (goes_right ? FROM_LEFT : FROM_RIGHT));
    /* A lost one ends before its receiver, where there is room. */
    if (is_lost)
        put(lanes, high - low > 1 ? (goes_right ? to - 1 : to + 1) : to, LOST);
    else
        put(lanes, to, goes_right ? TO_RIGHT : TO_LEFT);
}

/* ---- Events ---- */

static enum glyph mark_of(const struct chart_row *row)
{
    if (row->result == WORLD_MISBEHAVED)
        return BROKEN;
    switch ((enum action)row->event.action) {
    case ACTION_CRASH:
        return CRASH;
    case ACTION_RESTART:
        return RESTART;
    case ACTION_REBOOT:
        return REBOOT;
    default:
        return row->event.message ? ITSELF : POINT;
    }
}

void lanes_draw_event(struct lanes *lanes, const struct chart *chart, size_t row)
{
    const struct chart_row *r = &chart->rows[row];
    const struct world *before = chart_before(chart, row);
    const enum action action = r->event.action;
    unsigned movers[GS_NODES_MAX];

    lanes_draw_lifelines(lanes, action == ACTION_PARTITION ? &r->after : before);
    if (action == ACTION_PARTITION || action == ACTION_HEAL)
        return;
    if (r->event.message && !gs_same(r->event.from, r->event.node)) {
        draw_arrow(lanes, &r->event);
        if (r->result != WORLD_MISBEHAVED)
            return;
    }
    const size_t count = world_movers(before, &r->event, movers);
    for (size_t i = 0; i < count; i++)
        put(lanes, column_of(lanes, node_of(movers[i])), mark_of(r));
    if (!count) /* what moves nobody: a START, and the drop of a message to oneself */
        put(lanes, column_of(lanes, r->event.node), action == ACTION_DROP ? LOST : mark_of(r));
}

/* ---- Head ---- */

static size_t longest_name(const struct gs_run *names)
{
    size_t longest = 0;

    for (unsigned n = 0; n < names->node_count; n++)
        longest = strlen(names->nodes[n].name) > longest ? strlen(names->nodes[n].name) : longest;
    return longest;
}

size_t lanes_head_lines(const struct lanes *lanes, const struct gs_run *names)
{
    return longest_name(names) < lanes->pitch || lanes->count == 1 ? 1 : longest_name(names);
}

void lanes_draw_head(struct lanes *lanes, const struct gs_run *names, size_t line)
{
    const bool is_flat = lanes_head_lines(lanes, names) == 1;

    clear(lanes);
    for (unsigned n = 0; n < lanes->count; n++) {
        const char *name = names->nodes[n].name;
        const size_t length = strlen(name), column = column_of(lanes, node_of(n));
        if (!is_flat && line < length)
            lanes->cells[column][0] = name[line];
        const size_t begin = column - (length < lanes->pitch ? (length - 1) / 2 : 0);
        for (size_t i = 0; is_flat && i < length && begin + i < lanes_width(lanes); i++)
            lanes->cells[begin + i][0] = name[i];
    }
}

void lanes_print(const struct lanes *lanes, FILE *out)
{
    for (size_t i = 0; i < lanes_width(lanes); i++)
        fputs(lanes->cells[i], out);
}
