/* The best trace so far, on disk while it is still made shorter. */
#ifndef GAINSAY_BEST_TRACE_H
#define GAINSAY_BEST_TRACE_H

#include "traces/trace_file.h"

struct best_trace {
    const char *path; /* borrowed */
    struct trace_file_info info;
    bool is_written_once;         /* a device or pipe takes the last trace only */
    double began, writing;        /* clock_seconds(); how long writing took, in all */
    char error[TRACE_ERROR_SIZE]; /* "": the last time it could be written */
};

/* path: NULL, and nothing is ever written. */
void best_trace_begin(struct best_trace *best, const char *path, const struct trace_file_info *info);
/* Writes it in the order of times, if it has any, in place of what was there. */
void best_trace_write(struct best_trace *best, const struct trace *trace);
/* The same, unless writing takes too much of the time: the last one has to be written by best_trace_write. */
void best_trace_offer(struct best_trace *best, const struct trace *trace);

#endif
