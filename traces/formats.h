/* The writers of traces, beside trace_print_text. Each draws the trace's chart, so that all of them tell the same. Text
 * of the protocol's own (names of enumerators may hold anything) is made fit for the format. */
#ifndef GAINSAY_FORMATS_H
#define GAINSAY_FORMATS_H

#include "traces/trace.h"

/* ---- sequence: a message-sequence chart for the terminal, one row an event ---- */

struct sequence_style {
    size_t columns; /* of the widest line; at least trace_sequence_columns */
    bool ascii;     /* else box drawing characters in UTF-8 */
};

/* The fewest columns in which the trace can be drawn. */
size_t trace_sequence_columns(const struct trace *trace);
void trace_print_sequence(const struct trace *trace, const struct sequence_style *style, FILE *out);

/* ---- mermaid: a sequenceDiagram, as GitHub and others render it in Markdown ---- */

void trace_print_mermaid(const struct trace *trace, FILE *out);

/* ---- dot: a space-time diagram for Graphviz ---- */

void trace_print_dot(const struct trace *trace, FILE *out);

/* ---- c: a Criterion test that replays the trace against the library ---- */

/* Where the protocol comes from, all as it is to be named in comments and command lines. */
struct c_test_sources {
    const char *file;              /* the test's own file; NULL: unknown */
    const char *trace;             /* the trace's file; NULL: unknown */
    const char *plugin;            /* the protocol's .c or .so; NULL: it comes with Gainsay */
    const char *const *extensions; /* files of properties; NULL-terminated; may be NULL */
};
void trace_print_c_test(const struct trace *trace, const struct c_test_sources *sources, FILE *out);

#endif
