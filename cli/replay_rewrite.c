/* What is written has been replayed: it violates the property, on the protocol of today. */
#include "cli/replay_rewrite.h"

#include <stdio.h>
#include <string.h>

#include "cli/complain.h"
#include "cli/replay_deadline.h"
#include "traces/reruns.h"

/* What the replay said before, as a first note. */
static void turn_into_reproduces(struct trace_report *report)
{
    char notes[TRACE_NOTES_SIZE];

    snprintf(notes, sizeof(notes), "%.*s%s%.*s", TRACE_ERROR_SIZE, report->reason, report->reason[0] ? "\n" : "",
             TRACE_NOTES_SIZE - TRACE_ERROR_SIZE - 2, report->notes);
    *report = (struct trace_report){.outcome = TRACE_REPRODUCES};
    memcpy(report->notes, notes, sizeof(notes));
}

/* The events that the file means today; else a run of its events that shows the same. NULL: there is neither. */
static struct trace *find_meant(const struct loaded_trace *loaded, const struct trace_report *report)
{
    if (replay_is_late(loaded))
        return replay_late_meant(loaded);
    struct trace *meant = trace_file_meant(loaded->file);
    struct reruns reruns;
    bool others;

    if (meant || !report->has_rerun)
        return meant;
    trace_file_rerun(loaded->file, &reruns, &others);
    return reruns.found;
}

int replay_rewrite(const struct loaded_trace *loaded, struct trace_report *report, bool *is_rewritten)
{
    const bool is_as_written = report->outcome == TRACE_REPRODUCES && !report->notes[0];
    const struct trace_file_info info = trace_source_origin(loaded);
    struct trace *meant = is_as_written ? NULL : find_meant(loaded, report);
    char error[TRACE_ERROR_SIZE];

    *is_rewritten = meant && trace_file_write(meant, loaded->path, &info, error, sizeof(error));
    const bool has_failed = meant && !*is_rewritten;
    trace_free(meant);
    if (has_failed)
        return complain(loaded->command, "--rewrite %s", error);
    if (*is_rewritten)
        turn_into_reproduces(report);
    return 0;
}
