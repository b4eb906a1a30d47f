/* Each run twice: once by what is remembered, once by core's world, whose handlers and monitors run anew at every step.
 * It finds handlers that are not a function of their input, and it is how the tests compare the two. */
#ifndef GAINSAY_RANDOM_AUDIT_H
#define GAINSAY_RANDOM_AUDIT_H

#include "checker/random_run.h"

struct random_audit {
    const struct random_scope *scope;
    bool cut_copies;
    struct world world;
    bool is_begun;
    uint64_t run, step;
    struct effect effect;
    char difference[EXPLANATION_SIZE]; /* the first: "run 3, step 17, server0: voted_for differs ..."; "": none */
};

void random_audit_init(struct random_audit *audit, const struct random_scope *scope, bool cut_copies);
void random_audit_free(struct random_audit *audit);
/* To be called before each run. */
void random_audit_begin(struct random_audit *audit, uint64_t run);
struct random_observer random_audit_observer(struct random_audit *audit);

#endif
