/* What can still be done when something is broken: goals that are met while the network is cut the whole time
 * (protocols.md 8.2), or after the loss of some nodes (8.1). */
#ifndef GAINSAY_BROKEN_SAMPLE_H
#define GAINSAY_BROKEN_SAMPLE_H

#include "tests/checker_sample.h"

/* Checks the configuration, with one partition and witnesses, and expects it to hold, in cut states and healed ones. */
void check_with_cuts(const struct gs_model *model, struct gs_config config, struct gs_result *result);

/* Puts the partition in front of the steps of the goal's witness, and expects the whole to replay: all of it happens
 * while the side's nodes (a bit each, in the order of the model's nodes; node 0 is one of them) and the others do not
 * hear of each other. */
void expect_met_behind_a_cut(const struct gs_result *result, const char *goal, uint64_t side);

/* The same must not replay: the goal's witness needs messages across the cut. */
void expect_unmet_behind_a_cut(const struct gs_result *result, const char *goal, uint64_t side);

/* The same, but the links are healed before one of the witness's later steps: what the cut held back comes then. */
void expect_met_after_a_heal(const struct gs_result *result, const char *goal, uint64_t side);

/* The same with nodes (a bit each) that crash before all else; the run must allow so many. */
void expect_met_without(const struct gs_result *result, const char *goal, uint64_t nodes);
void expect_unmet_without(const struct gs_result *result, const char *goal, uint64_t nodes);

/* Searches all that can happen after these nodes (a bit each) have crashed, before anything else has: is the goal met
 * there? Beyond what the protocol tolerates it must not be. */
void expect_reachable_without(const struct gs_model *model, struct gs_config config, const char *goal, uint64_t nodes,
                              bool is_met);

#endif
