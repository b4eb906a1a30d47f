/* Asking a sequential model. One of a user's own may answer the same question in two ways, or do otherwise than it
 * promises: inside of a guarded call, as in a monitor, it is asked twice, and what it breaks ends the call with a line
 * that says so. Part of the decision procedure and of the monitors, not an interface to write against. */
#ifndef GAINSAY_ASKING_H
#define GAINSAY_ASKING_H

#include "properties/sequential.h"

/* How a model is asked. */
struct asking {
    const struct gs_sequential *model;
    bool twice; /* and the answers compared */
};

/* Twice, if it is none of the ready-made ones and a guarded call is running. */
struct asking asking_of(const struct gs_sequential *model);

/* As the model's own functions (sequential.h). What the model breaks is the end: model_breaks. */
bool ask_init(const struct asking *asking, gs_value initial, struct gs_buffer *state);
bool ask_apply(const struct asking *asking, gs_span state, const struct gs_operation *operation,
               struct gs_buffer *next);
bool ask_equal(const struct asking *asking, gs_span a, gs_span b);

/* The same, but it is said what the model breaks: NULL, nothing, and then the answer is in *answer. */
const char *try_init(const struct asking *asking, gs_value initial, struct gs_buffer *state, bool *answer);
const char *try_apply(const struct asking *asking, gs_span state, const struct gs_operation *operation,
                      struct gs_buffer *next, bool *answer);
const char *try_equal(const struct asking *asking, gs_span a, gs_span b, bool *answer);

/* Ends the guarded call that is running with a line that names the model, its function ("apply"), the operation (NULL:
 * none) and what is wrong; outside of one, the program with that line, and 2: with a model that breaks its promises no
 * verdict means anything. Of a ready-made model it is an internal error. */
_Noreturn void model_breaks(const struct gs_sequential *model, const char *function,
                            const struct gs_operation *operation, const char *what);

#define MODEL_READ_CHANGES "it says that this changes no state, but apply changes one"

/* The same unless what was worked out anew came out as before. */
void expect_as_before(const struct gs_sequential *model, bool is_as_before);

#endif
