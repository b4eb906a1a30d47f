/* A model in which a property is violated only where its explanation is of one class: what makes an exhaustive search
 * look for one failure rather than for the first one. */
#ifndef GAINSAY_CLASS_MODEL_H
#define GAINSAY_CLASS_MODEL_H

#include "traces/attempt.h"

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
};

/* Makes the model of a run's, with the property's number there (not run_property_count). Goals are "violated" where
 * they are met. Its preset quick says nothing. False: there is no room for what it needs. */
bool class_model_make(struct class_model *class_model, const struct gs_run *run, const struct wanted *wanted);

#endif
