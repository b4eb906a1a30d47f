/* How far a search is, on standard error: one live line on a terminal, lines now and then elsewhere if asked. */
#ifndef GAINSAY_PROGRESS_H
#define GAINSAY_PROGRESS_H

#include <stdbool.h>

#include "checker/check.h"

struct progress {
    bool is_terminal, line_is_open;
    bool counts_runs;    /* set before the search: its states are runs, its transitions steps */
    double next_seconds; /* when the next line is due, elsewhere than on a terminal */
};

/* Sets config's callback, unless nothing is to be said. The progress must outlive the search. */
void progress_start(struct progress *progress, struct gs_config *config, bool asked, bool quiet);
/* Wipes the live line. */
void progress_end(struct progress *progress);

#endif
