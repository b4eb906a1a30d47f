/* A model in which a property is violated only where its explanation is of one class: what makes an exhaustive search
 * look for one failure rather than for the first one. */
#ifndef GAINSAY_CLASS_MODEL_H
#define GAINSAY_CLASS_MODEL_H

#include "checker/config.h"
#include "traces/attempt.h"
#include "traces/run_recipe.h"

enum { CLASS_MODEL_EXTENSIONS = 64 };

struct class_model {
    struct gs_model model; /* first: predicates find the rest by it */
    const struct gs_extension *extensions[CLASS_MODEL_EXTENSIONS + 1];
    struct gs_extension changed;        /* the extension that has the property, if one has */
    gs_predicate *holds;                /* the property's own; NULL: its monitor decides */
    const struct gs_property *property; /* in model or changed */
    const char *name;                   /* the property's */
    bool is_goal;                       /* "violated" where it is met */
    char class[EXPLANATION_SIZE];
    struct run_recipe recipe; /* of the run */
    const char *properties[2], *allow[2];
};

/* Makes the model for searches of a run for what is wanted, be it a misbehaviour: of these the first counts, whatever
 * its class. Goals are "violated" where they are met. Its preset quick says nothing. False: the run cannot be searched
 * for that, or there is no room for what it needs. */
bool class_model_make(struct class_model *class_model, const struct gs_run *run, const struct wanted *wanted);

/* What is to be searched, and judged: the run's configuration, without limits. Borrows from the class model. */
struct gs_config class_model_config(struct class_model *class_model);

/* The trace of a class model's run, on the run that it was made of; owned by the caller. NULL: it does not show there
 * what is wanted. */
struct trace *class_model_take_over(const struct trace *trace, const struct gs_run *run, const struct wanted *wanted);

#endif
