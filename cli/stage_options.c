/* A file is believed no more than replay believes it: it has to come out as it says, up to where the search starts. */
#include "cli/stage_options.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/numbers.h"
#include "cli/protocols.h"
#include "cli/trace_source.h"
#include "core/die.h"

enum { KEY_FROM = 512, KEY_AT };

static const struct argp_option stage_options[] = {
    {.name = "from",
     .key = KEY_FROM,
     .arg = "TRACE",
     .doc =
         "Start behind the events of this trace, in its configuration; what they spent of budgets counts, and budgets "
         "may be given anew"},
    {.name = "at",
     .key = KEY_AT,
     .arg = "N",
     .doc = "Start behind its first N events (default: all, but the last one of a trace that shows its violation)"},
    {0},
};

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct run_options *options = state->input;
    switch (key) {
    case KEY_FROM:
        options->config.from_name = text;
        return 0;
    case KEY_AT:
        options->config.from_at_set = number_parse(text, 0, UINT64_MAX, &options->config.from_at);
        if (options->config.from_at_set)
            return 0;
        complain(options->command, "--at %s: a number of events from 0 on", text);
        return EINVAL;
    case ARGP_KEY_END:
        if (!options->config.from_at_set || options->config.from_name)
            return 0;
        complain(options->command, "--at %" PRIu64 ": there is no trace to count events of: add --from TRACE",
                 options->config.from_at);
        return EINVAL;
    }
    return ARGP_ERR_UNKNOWN;
}

const struct argp stage_argp = {.options = stage_options, .parser = parse};

/* The file says what each event did: does it still, up to there? What comes later may have changed. */
static int check_lines(const struct run_options *options, const struct trace_file *file)
{
    const uint64_t count = trace_file_trace(file)->step_count;
    const uint64_t at = options->config.from_at_set ? options->config.from_at : count;
    if (at > count)
        return complain(options->command, "--at %" PRIu64 ": %s has %" PRIu64 " event%s: a number from 0 to %" PRIu64,
                        at, options->config.from_name, count, count == 1 ? "" : "s", count);
    struct trace_report *report = die_calloc(1, sizeof(*report));
    int status = 0;
    if (trace_file_replay(file, report) == TRACE_DIVERGED && report->step <= at)
        status = complain(options->command, "--from %s%s", report->reason,
                          report->step > 1 ? "; --at takes the events before it" : "");
    free(report);
    return status;
}

static int check_file(const struct run_options *options, const struct trace_file *file)
{
    if (!trace_file_is_of_today(file))
        return complain(
            options->command,
            "--from %s: it was written for another version of the protocol, where a state is another thing: "
            "'gainsay replay --rewrite' writes what it means today",
            options->config.from_name);
    return check_lines(options, file);
}

/* The trace's files of properties, unless others are given. */
static void take_property_files(struct run_options *options, const struct trace_file *file)
{
    const char *const *paths = trace_file_origin(file)->extensions;
    const bool others_are_given = options->property_files.count > 0;
    for (size_t i = 0; !others_are_given && paths && paths[i]; i++)
        name_list_add(&options->property_files, paths[i]);
}

static int load(struct run_options *options, const struct gs_model **model)
{
    options->from = die_calloc(1, sizeof(*options->from));
    *options->from = (struct loaded_trace){.command = options->command, .protocol = options->protocol};
    if (trace_source_load(options->from, options->config.from_name))
        return GS_BAD_INPUT;
    const struct trace_file *file = options->from->file;
    if (check_file(options, file))
        return GS_BAD_INPUT;
    take_property_files(options, file);
    options->config.from = trace_file_trace(file);
    *model = options->config.from->run->model;
    return 0;
}

int stage_options_load(struct run_options *options, const struct gs_model **model)
{
    if (options->config.from_name)
        return load(options, model);
    *model = protocol_find(options->command, "", options->protocol);
    return *model ? 0 : GS_BAD_INPUT;
}

void stage_options_free(struct run_options *options)
{
    if (options->from)
        trace_source_free(options->from);
    free(options->from);
    options->from = NULL;
}
