/* What the tests of the Paxos family share. */
#ifndef GAINSAY_PAXOS_SAMPLE_H
#define GAINSAY_PAXOS_SAMPLE_H

#include "protocols/paxos.h"
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

/* Every preset holds, completely, but for `full` and the one for random runs. */
void expect_presets_hold(const struct gs_model *model);

#endif
