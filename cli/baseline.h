/* What a suite came to when all was well, as a committed file, and what has become worse since. It holds outcomes,
 * events that fired, bounds that cut, and counts, but no times: equal runs give equal bytes. */
#ifndef GAINSAY_BASELINE_H
#define GAINSAY_BASELINE_H

#include "cli/suite_result.h"

struct baseline {
    const char *path, *suite; /* suite: its name */
    json_t *old;              /* the file's object; NULL: there is no file yet */
    json_t *fresh;            /* of this suite's runs so far, by name */
    struct texts notes;       /* what is different, and no failure */
    bool is_different;
};

/* Reads the file, which may be missing if it is to be written. False after a complaint; baseline_free is due in any
 * case. path and suite have to outlive it. */
bool baseline_read(struct baseline *baseline, const char *path, const char *suite, bool is_update);
void baseline_free(struct baseline *baseline);

/* Takes a run that has an answer, and compares: what is worse becomes a failed case of the run, or with is_update a
 * note like the rest. */
void baseline_take(struct baseline *baseline, struct suite_result *result, bool is_update);

/* Adds a case for each run of the file that the plan has no more (with is_update: notes). */
void baseline_find_missing(struct baseline *baseline, const struct suite_plan *plan, struct case_group *group,
                           bool is_update);

/* Writes the file: the runs that were taken, and those of the file that the plan still has but were left out this time.
 * Returns 0, or GS_BAD_INPUT after a complaint. */
int baseline_write(const struct baseline *baseline, const struct suite_plan *plan);

#endif
