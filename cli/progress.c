/* Progress lines. Called from the search about ten times a second. */
#include "cli/progress.h"

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/numbers.h"

static const double seconds_between_lines = 5;

static void print_progress(const struct progress *progress, const struct gs_progress *now)
{
    char text[NUMBER_TEXT_SIZE];
    if (progress->counts_runs) {
        fprintf(stderr, "%.0f s, %s runs", now->seconds, number_text(now->states, text));
        fprintf(stderr, ", %s steps", number_text(now->transitions, text));
        return;
    }
    fprintf(stderr, "%.0f s, depth %" PRIu64, now->seconds, now->depth);
    fprintf(stderr, ", %s states", number_text(now->states, text));
    fprintf(stderr, ", %s transitions", number_text(now->transitions, text));
    fprintf(stderr, ", %s to explore", number_text(now->frontier, text));
}

static void show(void *context, const struct gs_progress *now)
{
    struct progress *progress = context;
    if (progress->is_terminal) {
        fprintf(stderr, "\r");
        print_progress(progress, now);
        fprintf(stderr, "\033[K");
        progress->line_is_open = true;
        fflush(stderr);
    } else if (now->seconds >= progress->next_seconds) {
        fprintf(stderr, "gainsay: ");
        print_progress(progress, now);
        fprintf(stderr, "\n");
        progress->next_seconds = now->seconds + seconds_between_lines;
    }
}

void progress_start(struct progress *progress, struct gs_config *config, bool asked, bool quiet)
{
    *progress = (struct progress){.is_terminal = isatty(STDERR_FILENO)};
    if (!asked && (quiet || !progress->is_terminal))
        return;
    config->progress = show;
    config->progress_context = progress;
}

void progress_end(struct progress *progress)
{
    if (progress->line_is_open)
        fprintf(stderr, "\r\033[K");
    progress->line_is_open = false;
}
