/* Mutants and presets of a protocol, as its tests pin them. */
#ifndef GAINSAY_MUTANT_SAMPLE_H
#define GAINSAY_MUTANT_SAMPLE_H

#include "tests/checker_sample.h"

/* A mutant and the length of the counterexample that kills it. */
struct pinned_mutant {
    const char *name;
    uint64_t steps;
};

/* Judges the mutant's declared property alone, in its preset, and expects it violated in that many steps; liveness
 * mutants are left out. Fails if the model has a mutant that is not pinned. */
void expect_mutants(const struct gs_model *model, const struct pinned_mutant *pinned, size_t count);

/* The mutant's property, or another, in another configuration: does the bound hide the bug? */
void expect_mutant(const struct gs_model *model, const char *mutant, const char *property, struct gs_config config,
                   enum gs_status status, struct gs_result *result);

/* A claim that a mutant breaks beside its own, and in how many steps. */
struct lost_claim {
    const char *mutant, *property, *preset;
    uint64_t steps;
};
void expect_lost(const struct gs_model *model, const struct lost_claim *claims, size_t count);

/* Every preset holds, completely, but for `full` and the one for random runs. */
void expect_presets_hold(const struct gs_model *model);

#endif
