/* A run as the configuration that makes it again, all of it said, so that a part can be said otherwise. */
#ifndef GAINSAY_RUN_RECIPE_H
#define GAINSAY_RUN_RECIPE_H

#include "core/run_setup.h"

struct run_recipe {
    const struct gs_model *model;
    bool timed;
    /* What may be changed before run_recipe_make. */
    int64_t options[GS_OPTIONS_MAX];
    uint64_t mutants; /* bit per mutant */
    uint8_t network;
    uint32_t copies, capacity;
    int64_t budgets[GS_FAULTS]; /* timeouts: -1 unlimited */
    const struct gs_extension *const *extensions;
    /* What run_recipe_config filled. */
    char texts[GS_OPTIONS_MAX][160];
    const char *settings[GS_OPTIONS_MAX + 1], *mutant_names[GS_MUTANTS_MAX + 1];
};

void run_recipe_of(struct run_recipe *recipe, const struct gs_run *run);

/* The recipe as a configuration, which borrows from it. Unlimited timeouts cannot be said in one: the preset's are
 * taken. */
struct run_config run_recipe_config(struct run_recipe *recipe);

/* NULL: the model does not allow it. Free with run_free. */
struct gs_run *run_recipe_make(struct run_recipe *recipe);

#endif
