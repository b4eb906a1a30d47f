/* Making a run of what a user asks for. Apart from run.h, which all of core stands on: a run is checked with what
 * stands on it, fields and splits of the world. */
#ifndef GAINSAY_RUN_SETUP_H
#define GAINSAY_RUN_SETUP_H

#include "core/run.h"

/* Everything a user may say of a run; zero means the preset's (or the model's) own. All strings are borrowed. */
struct run_config {
    const char *preset;                           /* NULL: "quick" */
    const char *const *settings;                  /* NULL-terminated "name=value"; may be NULL */
    const char *const *mutants;                   /* NULL-terminated; may be NULL */
    uint8_t network;                              /* enum gs_network */
    int copies, capacity;                         /* 0: not said */
    struct gs_budgets budgets;                    /* 0: not said; GS_NONE: none */
    const struct gs_extension *const *extensions; /* NULL-terminated; may be NULL */
};

/* Makes the run a configuration asks for. The model must have passed model_check. On a bad configuration returns NULL
 * and writes one line (what is wrong, where, how to mend it) to error. Free with run_free. */
struct gs_run *run_new(const struct gs_model *model, const struct run_config *config, char *error, size_t error_size);
void run_free(struct gs_run *run);

#endif
