/* The session: prompt, line, command, until there are no more. */
#include "cli/replay_interactive.h"

#include <stdio.h>
#include <stdlib.h>

#include "checker/check.h"
#include "cli/command_line.h"
#include "cli/complain.h"
#include "cli/plugin.h"
#include "cli/walk_commands.h"
#include "core/guard.h"
#include "traces/chart_text.h"

enum { PROMPT_SIZE = 80 };

static void print_prompt(const struct walk *walk, char prompt[PROMPT_SIZE])
{
    const size_t position = walk_position(walk);
    const char *where = walk_finding(walk)              ? " misbehaved"
                        : position == walk_length(walk) ? " end"
                        : position == 0                 ? " initially"
                                                        : "";

    snprintf(prompt, PROMPT_SIZE, "%zu/%zu%s> ", position, walk_length(walk), where);
}

/* What it is of, and how the file's own claims fare today. */
static void introduce(const struct loaded_trace *loaded)
{
    const struct trace_claim claim = trace_file_claim(loaded->file);
    struct trace_report report;

    printf("%s: %s: %s in %zu step%s%s\n", loaded->path, trace_file_run(loaded->file)->model->name,
           claim.property ? claim.property : "sample", claim.steps, claim.steps == 1 ? "" : "s",
           command_line_is_terminal() ? " (? lists the commands)" : "");
    trace_file_replay(loaded->file, &report);
    if (report.outcome == TRACE_DIVERGED)
        printf("note: it diverges: %s\n", report.reason);
    if (report.outcome == TRACE_NO_LONGER)
        printf("note: it is no longer violated: %s\n", report.reason);
}

/* Reading is not guarded: a person may think for as long as they want. */
static int hold_session(struct walk_session *session)
{
    char prompt[PROMPT_SIZE];
    int worst = 0;
    char *line;

    while (!session->is_over) {
        print_prompt(session->walk, prompt);
        fflush(stdout);
        line = command_line_read(prompt);
        if (!line)
            break;
        guard_catch();
        const int status = walk_command_run(session, line);
        guard_release();
        worst = status > worst ? status : worst;
        free(line);
    }
    if (command_line_is_terminal() && !session->is_over)
        putchar('\n');
    return command_line_is_terminal() ? 0 : worst;
}

int replay_interactive(const struct loaded_trace *loaded)
{
    struct trace_file_info info = *trace_file_origin(loaded->file);
    char error[TRACE_ERROR_SIZE], unknown[TRACE_ERROR_SIZE];
    struct walk_session session = {.command = "replay", .info = &info};

    if (loaded->protocol)
        info.plugin = plugin_is_file(loaded->protocol) ? loaded->protocol : NULL;
    guard_catch();
    introduce(loaded);
    if (!trace_file_is_known(loaded->file, unknown, sizeof(unknown)))
        session.end = unknown;
    session.walk = walk_new(trace_file_trace(loaded->file), error, sizeof(error));
    guard_release();
    if (!session.walk) {
        printf("%s: diverges: %s\n", loaded->path, error);
        return GS_VIOLATION;
    }
    const int status = hold_session(&session);
    walk_free(session.walk);
    return status;
}
