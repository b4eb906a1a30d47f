/* Progress lines. Called from the search, by some thread of it, a few times a second. */
#include "cli/progress.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/numbers.h"

static const double seconds_between_lines = 5;
static const double seconds_of_rates = 1;    /* that rates are taken over */
static const double seconds_of_patience = 1; /* a phase shorter than that is not worth words */

enum { COLUMNS_USUAL = 80 };

/* ---- Rates ---- */

/* Of the last second or so; at first, of all the time there was. */
static void measure_rates(struct progress *progress, const struct gs_progress *now)
{
    const double seconds = now->seconds - progress->since;
    if (now->phase || now->states < progress->states || now->transitions < progress->transitions)
        return;
    if (seconds < seconds_of_rates && progress->has_rates)
        return;
    if (seconds > 0) {
        progress->states_rate = (double)(now->states - progress->states) / seconds;
        progress->transitions_rate = (double)(now->transitions - progress->transitions) / seconds;
    }
    if (seconds < seconds_of_rates)
        return;
    progress->has_rates = true;
    progress->since = now->seconds;
    progress->states = now->states;
    progress->transitions = now->transitions;
}

/* ---- The line ---- */

/* "growing", "shrinking", or "steady" within a hundredth; "" where there is nothing to compare with. */
static const char *trend_of(const struct gs_progress *now)
{
    const uint64_t frontier = now->frontier, before = now->frontier_before, little = before / 100;
    if (!before)
        return "";
    return frontier > before + little ? " growing" : frontier + little < before ? " shrinking" : " steady";
}

/* Appends a part, with a comma before it, if it fits; the last column stays free. False: it does not. */
__attribute__((format(printf, 3, 4))) static bool append(char *line, size_t columns, const char *format, ...)
{
    char part[256];
    va_list arguments;
    const size_t used = strlen(line);
    va_start(arguments, format);
    const int length = vsnprintf(part, sizeof(part), format, arguments);
    va_end(arguments);
    if (length < 0 || used + (size_t)length + 2 >= columns)
        return false;
    snprintf(line + used, columns - used, "%s%s", used ? ", " : "", part);
    return true;
}

/* What is being done: rates and the frontier, or a phase. */
static bool append_action(const struct progress *progress, const struct gs_progress *now, bool is_short, size_t columns,
                          char *line)
{
    char text[NUMBER_TEXT_SIZE];
    if (now->phase && now->phase_seconds >= seconds_of_patience)
        return append(line, columns, "%s for %.0f s", now->phase, now->phase_seconds);
    bool fits = append(line, columns, "%s/s", number_short_text(progress->states_rate, 1000, text));
    fits &= append(line, columns, "%s transitions/s", number_short_text(progress->transitions_rate, 1000, text));
    return append(line, columns, "%s%s%s", is_short ? "" : "frontier ",
                  number_short_text((double)now->frontier, 1000, text), trend_of(now)) &&
           fits;
}

/* False: some part did not fit, and is left out. */
static bool make_line(const struct progress *progress, const struct gs_progress *now, bool is_short, size_t columns,
                      char *line)
{
    char text[NUMBER_TEXT_SIZE];
    line[0] = '\0';
    bool fits = append(line, columns, "%.0f s", now->seconds);
    if (progress->counts_runs) {
        fits &= append(line, columns, "%s runs", number_text(now->states, text));
        return append(line, columns, "%s steps", number_text(now->transitions, text)) && fits;
    }
    fits &= append(line, columns, "depth %" PRIu64, now->depth);
    fits &= append(line, columns, "%s states", number_short_text((double)now->states, 1000, text));
    fits &= append_action(progress, now, is_short, columns, line);
    return append(line, columns, "%s%s", is_short ? "" : "memory ",
                  number_short_text((double)now->memory_bytes, 1024, text)) &&
           fits;
}

void progress_line(const struct progress *progress, const struct gs_progress *now, size_t columns, char *line)
{
    if (columns > PROGRESS_LINE_SIZE)
        columns = PROGRESS_LINE_SIZE;
    if (!make_line(progress, now, false, columns, line))
        make_line(progress, now, true, columns, line);
}

/* ---- Where it goes ---- */

static size_t terminal_columns(void)
{
    struct winsize size;
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : COLUMNS_USUAL;
}

static void show(void *context, const struct gs_progress *now)
{
    struct progress *progress = context;
    char line[PROGRESS_LINE_SIZE];
    measure_rates(progress, now);
    if (progress->is_terminal) {
        progress_line(progress, now, terminal_columns(), line);
        fprintf(stderr, "\r%s\033[K", line);
        progress->line_is_open = true;
        fflush(stderr);
    } else if (now->seconds >= progress->next_seconds) {
        progress_line(progress, now, sizeof(line), line);
        fprintf(stderr, "gainsay: %s\n", line);
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
