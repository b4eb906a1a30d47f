/* A row of a chart in words: what happened, and notes of what that did. All formats for people say it in these words.
 */
#ifndef GAINSAY_ROW_TEXT_H
#define GAINSAY_ROW_TEXT_H

#include <stdio.h>

#include "traces/chart.h"

enum row_note_kind {
    ROW_CLOCK,    /* "its clock shows 1.204016 s", if it was looked at */
    ROW_CHANGE,   /* of a node's local state: "phase working -> prepared" */
    ROW_SEND,     /* "sends vote {term 1} to server1, server2" */
    ROW_ANNOUNCE, /* "announces elected {term 1}" */
    ROW_IGNORED,  /* a message without any effect: "(ignored)" */
    ROW_MISBEHAVIOUR
};

struct row_note {
    enum row_note_kind kind;
    gs_node node; /* whose change, sending or announcement; else nobody */
    char *text;
};

struct row_notes {
    struct row_note *notes;
    size_t count;
};

/* Is the row worth drawing: a step or a misbehaviour, no silent START? */
bool row_is_drawn(const struct chart *chart, size_t row);

/* "vote {term 1} (sent at 3)", "timer election", "prepare", "crash server0", "drop vote {term 1}", "partition {server0}
 * | {server1}": without the nodes that a drawing shows, with the choices that were drawn. Where a message was sent is
 * left out if the step just before did it; ", again" if it was delivered before. */
void row_event_print(const struct chart *chart, const struct gs_run *names, size_t row, FILE *out);

/* Writes when the step was taken, as "1.204016 s", and `behind` it; nothing if the trace does not say. */
void row_time_print(const struct chart *chart, size_t row, const char *behind, FILE *out);

/* What its clock showed, if a handler asked; in node order the changes (of a START none: it made the initial state),
 * then what was sent and announced, in the order of the calls. Free with row_notes_free. */
struct row_notes row_notes_of(const struct chart *chart, const struct gs_run *names, size_t row);
void row_notes_free(struct row_notes *notes);
/* The note; before it whose it is, unless that is the node `mover`. */
void row_note_print(const struct row_note *note, const struct gs_run *names, gs_node mover, FILE *out);
/* The node in which the row is drawn: its receiver or mover; nobody for partitions and heals. */
gs_node row_mover(const struct chart *chart, size_t row);

/* "raft: at-most-one-leader is violated in 7 steps"; and, as the last line, "at-most-one-leader is violated: ...". */
void chart_print_title(const struct chart *chart, FILE *out);
void chart_print_end(const struct chart *chart, FILE *out);

/* The next message from number `first` on that is in flight at the end, or CHART_NONE; of equal ones that one step sent
 * to several nodes only the first. */
size_t chart_next_in_flight(const struct chart *chart, size_t first);
/* "commit from server0 to server1, server2 (sent at 4)": that message and those it stands for. */
void chart_print_in_flight(const struct chart *chart, const struct gs_run *names, size_t message, FILE *out);
/* Writes a step (from 1), and under it what changed, as trace_print_text does. */
void trace_print_step(const struct chart *chart, size_t number, FILE *out);

/* What these are called: "still in flight"; in `set`, where all are, those "never delivered". */
const char *chart_in_flight_title(const struct chart *chart);

#endif
