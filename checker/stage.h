/* Where a staged search starts: the state after the first events of a trace, on the search's own run. What these events
 * did stays: local states, mail, monitors, spent budgets, and the goals that they met. */
#ifndef GAINSAY_STAGE_H
#define GAINSAY_STAGE_H

#include "checker/config.h"
#include "traces/trace.h"

struct stage {
    uint64_t at;          /* so many of the trace's events lead there */
    struct trace *prefix; /* those of them that are steps here, a sample; owned. An event that only changed a monitor
                             which is not judged here is none */
    struct world world;   /* after them */
    uint64_t met;         /* goals that they met, in the run's numbering */
    size_t met_at[64];    /* after how many steps of the prefix each was met first */
};

/* How many events of the trace lead to where config says: config.from_at, or all of them, but not the last one of a
 * trace that shows its violation. */
uint64_t stage_at(const struct gs_config *config);

/* Follows config.from as far as config says. on, monitors_on: what is judged. False: one line in error. The stage must
 * be freed, either way. */
bool stage_make(struct stage *stage, const struct gs_run *run, const struct gs_config *config, uint64_t on,
                uint64_t monitors_on, char *error, size_t error_size);
void stage_free(struct stage *stage);

/* Appends the STARTs and the first `steps` of the prefix to a trace of the same run, which is empty. */
void stage_append_to(const struct stage *stage, struct trace *trace, size_t steps);

/* The run that a configuration asks for. A staged search's is the trace's, with the budgets that config says; what else
 * config says of it must be so there. NULL: one line in error. Free with run_free. */
struct gs_run *stage_run_new(const struct gs_model *model, const struct gs_config *config, char *error,
                             size_t error_size);

/* "bug.trace", or "the trace". */
const char *stage_name(const struct gs_config *config);

/* "event 12 of bug.trace", or "the start of bug.trace". */
enum { STAGE_TEXT_SIZE = 200 };
const char *stage_text(const struct gs_config *config, uint64_t at, char text[static STAGE_TEXT_SIZE]);

#endif
