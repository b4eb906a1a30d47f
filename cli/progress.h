/* How far a search is, on standard error: one live line on a terminal, lines now and then elsewhere if asked. */
#ifndef GAINSAY_PROGRESS_H
#define GAINSAY_PROGRESS_H

#include <stdbool.h>

#include "checker/check.h"

struct progress {
    bool is_terminal, line_is_open;
    bool counts_runs;    /* set before the search: its states are runs, its transitions steps */
    double next_seconds; /* when the next line is due, elsewhere than on a terminal */
    bool has_rates;
    double since;                         /* when the picture was taken that rates are reckoned from */
    uint64_t states, transitions;         /* as they were then */
    double states_rate, transitions_rate; /* a second */
};

/* Writes the line: "12 s, depth 14, 12.3M states, 1.2M/s, 4.5M transitions/s, frontier 235k growing, memory 512M", or,
 * in a phase that takes longer than a second, what is being done and for how long. Words are left out where it would
 * have `columns` or more, then parts. `line` has room for PROGRESS_LINE_SIZE bytes. */
enum { PROGRESS_LINE_SIZE = 400 };
void progress_line(const struct progress *progress, const struct gs_progress *now, size_t columns, char *line);

/* Sets config's callback, unless nothing is to be said. The progress must outlive the search. */
void progress_start(struct progress *progress, struct gs_config *config, bool asked, bool quiet);
/* Wipes the live line. */
void progress_end(struct progress *progress);

#endif
