/* The simulator judges, as it did when the trace was found. */
#include "cli/replay_deadline.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "checker/deadline.h"

static const struct trace *trace_of(const struct loaded_trace *loaded)
{
    return trace_file_trace(loaded->file);
}

bool replay_is_late(const struct loaded_trace *loaded)
{
    return trace_is_late(trace_of(loaded));
}

struct trace *replay_late_meant(const struct loaded_trace *loaded)
{
    struct trace *again;
    deadline_replay(trace_of(loaded), &again);
    return again;
}

__attribute__((format(printf, 2, 3))) static void note(struct trace_report *report, const char *format, ...)
{
    const size_t length = strlen(report->notes);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(report->notes + length, sizeof(report->notes) - length, format, arguments);
    va_end(arguments);
}

/* "FILE:1: ..." behind what is said already. */
static void conclude(struct trace_report *report, const char *path, enum trace_outcome outcome, const char *reason)
{
    const size_t length = strlen(report->reason);
    report->outcome = outcome;
    if (length) {
        snprintf(report->reason + length, sizeof(report->reason) - length, "; %s", reason);
        return;
    }
    report->line = 1;
    snprintf(report->field, sizeof(report->field), "timing");
    snprintf(report->reason, sizeof(report->reason), "%.1000s:1: timing: %.2000s", path, reason);
}

/* All goals missed, but is it the run that the file has? Another version of the protocol may take other draws. */
static void compare(const struct loaded_trace *loaded, const struct trace *again, struct trace_report *report)
{
    char difference[2000];
    if (report->outcome == TRACE_DIVERGED)
        note(report,
             "by its clock and draws %s is still violated, in %zu steps (gainsay replay --rewrite writes that run)\n",
             TRACE_RECOVERS, again->step_count);
    else if (deadline_is_same(trace_of(loaded), again, difference, sizeof(difference)))
        return;
    else if (trace_file_is_of_today(loaded->file))
        conclude(report, loaded->path, TRACE_DIVERGED, difference);
    else
        note(report, "by its clock and draws it is another run today, which violates %s too: %s\n", TRACE_RECOVERS,
             difference);
}

void replay_deadline(const struct loaded_trace *loaded, struct trace_report *report)
{
    char error[TRACE_ERROR_SIZE];
    struct trace *again;
    if (!replay_is_late(loaded) || !trace_file_is_known(loaded->file, error, sizeof(error)))
        return;
    switch (deadline_replay(trace_of(loaded), &again)) {
    case DEADLINE_MISSED:
        compare(loaded, again, report);
        break;
    case DEADLINE_MET:
        conclude(report, loaded->path, TRACE_NO_LONGER, "by its clock and draws the goals are met in time");
        break;
    case DEADLINE_UNDECIDED:
        conclude(
            report, loaded->path, TRACE_DIVERGED,
            "whether the goals are met in time by its clock and draws is not known: a bound holds something back, a "
            "handler misbehaves, or it takes too many steps");
        break;
    }
    trace_free(again);
}
