/* Random protocols: a model built from a seed, of tables that one interpreter runs as handlers, monitors, bounds and
 * predicates. Together they use everything that a model may have. */
#ifndef GAINSAY_TESTS_RANDOM_PROTOCOL_H
#define GAINSAY_TESTS_RANDOM_PROTOCOL_H

#include <stdio.h>

#include "checker/check.h"

struct random_spec; /* random_spec.h */

struct random_protocol {
    uint64_t seed;
    unsigned attempt;
    const struct gs_model *model;
    struct gs_config config;  /* no_reductions is left off */
    struct random_spec *spec; /* owns all that model and config point to */
};

/* The same numbers give the same protocol. Attempts of one seed are as different as seeds are. */
struct random_protocol random_protocol_make(uint64_t seed, unsigned attempt);
void random_protocol_free(struct random_protocol *protocol);

/* Handlers have no pointer to their tables: those of the selected protocol are run. */
void random_protocol_select(const struct random_protocol *protocol);

/* The model as pseudo-code and how it is run. */
void random_protocol_print(const struct random_protocol *protocol, FILE *out);

#endif
