/* A row of a chart in words: what happened, and notes of what that did. All formats for people say it in these words.
 */
#ifndef GAINSAY_ROW_TEXT_H
#define GAINSAY_ROW_TEXT_H

#include <stdio.h>

#include "traces/chart.h"

enum row_note_kind {
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

/* In node order the changes, then what was sent and announced, in the order of the calls. names: the chart's run, or a
 * copy of it in which nodes are called otherwise. Free with row_notes_free. */
struct row_notes row_notes_of(const struct chart *chart, const struct gs_run *names, size_t row);
void row_notes_free(struct row_notes *notes);

/* The event without the nodes that a drawing shows: "vote {term 1}", "timer election", "prepare", "crash", "drop vote
 * {term 1}", "partition {server0} | {server1, server2}", all with the choices that were drawn. */
void row_event_print(const struct chart *chart, const struct gs_run *names, size_t row, FILE *out);

/* "raft: at-most-one-leader is violated in 7 steps"; and, as the last line, "at-most-one-leader is violated: ...". */
void chart_print_title(const struct chart *chart, FILE *out);
void chart_print_end(const struct chart *chart, FILE *out);

#endif
