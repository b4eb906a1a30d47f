/* A user's own sequential model, its functions called so that what they do wrong is one line and the end. */
#ifndef GAINSAY_GUARDED_MODEL_H
#define GAINSAY_GUARDED_MODEL_H

#include "properties/sequential.h"

/* The model behind the guard (core/guard.h). A function of it that crashes, does not return, leaves the process,
 * answers the same question in two ways or writes a state without end is complained of with `path`, and the process
 * exits with GS_BAD_INPUT. One model at a time, and only on one thread: guarded calls do not run beside each other.
 * From here on signals are caught, until guarded_model_release. Static memory. */
const struct gs_sequential *guarded_model(const char *command, const char *path, const struct gs_sequential *model);

/* Is this a model that guarded_model gave? */
bool is_guarded_model(const struct gs_sequential *model);

/* Does nothing without a guarded model. */
void guarded_model_release(void);

#endif
