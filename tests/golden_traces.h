/* The traces that every format is tested with: of 0, 1, 2 and 20 steps, with all faults, and with names that no format
 * may trip over. */
#ifndef GAINSAY_TEST_GOLDEN_TRACES_H
#define GAINSAY_TEST_GOLDEN_TRACES_H

#include "tests/test_trace_model.h"

struct golden_trace {
    const char *name; /* its files are tests/data/trace-NAME.SUFFIX */
    struct trace *(*make)(struct gs_run **run);
};

enum { GOLDEN_TRACES = 9 };
extern const struct golden_trace golden_traces[GOLDEN_TRACES];

/* The trace of that name; *run: free after it. */
struct trace *make_golden_trace(const char *name, struct gs_run **run);

/* Compares what is written of each trace with its golden file (make golden writes them). */
typedef void trace_writer(const struct trace *trace, FILE *out);
void expect_golden_traces(const char *suffix, trace_writer *write);

/* What is written of the trace; kept to the end of the test. */
char *text_of_trace(const struct trace *trace, trace_writer *write);

/* Names that mean something to mermaid, Graphviz, C or JSON, and enumerators that hold quotes, ends of lines and ends
 * of comments. */
extern const struct gs_model hostile;

#endif
