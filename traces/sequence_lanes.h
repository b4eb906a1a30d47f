/* The lifelines of a chart in text: one line of cells at a time, each cell a character. */
#ifndef GAINSAY_SEQUENCE_LANES_H
#define GAINSAY_SEQUENCE_LANES_H

#include "traces/chart.h"
#include "traces/short_names.h"

/* From this many columns between lifelines on, an arrow can be followed by eye. */
enum { LANES_EASY_PITCH = 3 };

enum { LANES_CELL = 4 }; /* bytes of a character's text */

struct lanes {
    size_t count, pitch;
    size_t left; /* columns of what stands left of them */
    bool ascii;
    char (*cells)[LANES_CELL]; /* lanes_width, each the text of one character; owned */
};

struct lanes lanes_new(size_t count, size_t pitch, size_t left, bool ascii);
void lanes_free(struct lanes *lanes);
/* In columns. */
size_t lanes_width(const struct lanes *lanes);

/* Each draws a new line, in place of the former. */
void lanes_draw_lifelines(struct lanes *lanes, const struct world *world);
void lanes_draw_event(struct lanes *lanes, const struct chart *chart, size_t row);
/* The names above the lifelines: one line, or, where lanes are narrower than names, a line per letter. */
size_t lanes_head_lines(const struct lanes *lanes, const struct gs_run *names);
void lanes_draw_head(struct lanes *lanes, const struct gs_run *names, size_t line);

/* Writes the line without an end. */
void lanes_print(const struct lanes *lanes, FILE *out);

#endif
