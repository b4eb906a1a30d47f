/* Files appear whole or not at all (traces/trace_file.c), so whoever ends the program at any time has the last one. */
#include "cli/best_trace.h"

#include <sys/stat.h>

#include "core/clock.h"
#include "traces/time_order.h"

/* A better trace is written at once, unless writing has taken more than this, and more than that share of the time. */
static const double writing_seconds = 0.5, writing_share = 0.2;

void best_trace_begin(struct best_trace *best, const char *path, const struct trace_file_info *info)
{
    struct stat status;
    *best = (struct best_trace){
        .path = path,
        .info = *info,
        .is_written_once = !path || (stat(path, &status) == 0 && !S_ISREG(status.st_mode)),
        .began = clock_seconds(),
    };
}

void best_trace_write(struct best_trace *best, const struct trace *trace)
{
    if (!best->path)
        return;
    const double began = clock_seconds();
    struct trace *ordered = trace_is_late(trace) ? NULL : time_order(trace);
    if (trace_file_write(ordered ? ordered : trace, best->path, &best->info, best->error, sizeof(best->error)))
        best->error[0] = '\0';
    trace_free(ordered);
    best->writing += clock_seconds() - began;
}

void best_trace_offer(struct best_trace *best, const struct trace *trace)
{
    const double passed = clock_seconds() - best->began;
    if (!best->is_written_once && best->writing <= writing_seconds + writing_share * passed)
        best_trace_write(best, trace);
}
