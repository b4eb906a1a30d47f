/* What is to be judged in a run, and why the rest is not; the run itself, checked before anything is searched. All
 * kinds of search begin with it. */
#ifndef GAINSAY_PLAN_H
#define GAINSAY_PLAN_H

#include "checker/result.h"
#include "checker/stage.h"
#include "core/step.h"

struct plan {
    uint64_t on, monitors_on, stops_on; /* bits per property (the built-in last) and monitor, in the run's numbering */
    const char *reasons[64];            /* by property: why it is not checked */
    char needs[64][120];
    char error[EXPLANATION_SIZE];
    struct stage *stage; /* where a staged search starts; NULL: at the beginning */
};

/* Makes and checks the run and plans what is judged. False: result->status and error say why. result->run owns the run
 * in either case. The plan must be freed, either way. */
bool plan_make(const struct gs_model *model, const struct gs_config *config, struct plan *plan,
               struct gs_result *result);
void plan_free(struct plan *plan);

/* Sets the status and the error; returns the status. */
enum gs_status plan_fail(struct gs_result *result, enum gs_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Is the name in a NULL-terminated list, which may be NULL? */
bool plan_names(const char *const *names, const char *name);

/* Signals, while a search runs: handlers' become findings, SIGINT and SIGTERM end it. Nothing unless config says so. */
void plan_catch_signals(const struct gs_config *config);
void plan_release_signals(const struct gs_config *config);

#endif
