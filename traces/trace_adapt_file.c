/* Fitting a trace that was written for another version of its model to this one. */
#include <stdlib.h>

#include "core/die.h"
#include "traces/trace_loaded_file.h"

/* What no event is meant by is read as it stands, so that replaying it says why it is none. */
static void read_rest(struct trace_file *file, struct trace *trace)
{
    const size_t first_step = trace_line_of(file, trace->step_count + 1, GS_NOBODY);
    char error[200];
    bool is_read = true;

    for (size_t line = first_step; is_read && line < file->line_count; line++) {
        json_t *json = trace_line_parse(file, line, error, sizeof(error));
        must(json != NULL); /* it was read before */
        is_read = trace_file_read_event(file, trace, line, json);
        json_decref(json);
    }
}

static void forget_foreign_event(struct trace_file *file)
{
    free(file->foreign_event.reason);
    file->foreign_event = (struct trace_foreign){.line = 0};
}

static size_t count_starts(const struct gs_run *run)
{
    size_t count = 0;

    for (unsigned node = 0; node < run->node_count; node++)
        count += run_role_of(run, node)->starts;
    return count;
}

void trace_file_adapt(struct trace_file *file)
{
    struct trace_match match;
    char *all = NULL;

    trace_file_match(file, &match);
    if (match.trace->start_count < count_starts(file->run)) {
        trace_match_free(&match); /* replaying the starts as they stand says why */
        return;
    }
    forget_foreign_event(file);
    if (!match.is_whole)
        read_rest(file, match.trace);
    if (match.notes) {
        must(asprintf(&all, "%s%s", file->notes ? file->notes : "", match.notes) >= 0);
        free(file->notes);
        file->notes = all;
    }
    match.trace->clock = file->trace->clock; /* of the file's lines */
    file->trace->clock = NULL;
    trace_free(file->trace);
    file->trace = match.trace;
    match.trace = NULL;
    trace_match_free(&match);
}
