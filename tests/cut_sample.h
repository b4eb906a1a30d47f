/* What a side of a partition can do (protocols.md 8.2): goals that are met while the network is cut, the whole time. */
#ifndef GAINSAY_CUT_SAMPLE_H
#define GAINSAY_CUT_SAMPLE_H

#include "tests/checker_sample.h"

/* Checks the preset with one partition allowed, takes the goal's witness, puts the partition in front of its steps, and
 * expects the whole to replay: all of it happens while the side's nodes (a bit each, in the order of the model's nodes)
 * and the others do not hear of each other. The run has to hold, in all its states, cut ones and healed ones. */
void expect_met_behind_a_cut(const struct gs_model *model, const char *preset, const char *goal, uint64_t side);

/* The same must not replay: the goal's witness needs messages across the cut. */
void expect_unmet_behind_a_cut(const struct gs_model *model, const char *preset, const char *goal, uint64_t side);

#endif
