/* The hunt for different failures: the random search, part by part, each failing run recorded and shrunk, until as many
 * different ones are found as are wanted. Failing runs are looked at one after the other, in ascending order, so that
 * what is kept does not depend on the threads. */
#ifndef GAINSAY_HUNT_H
#define GAINSAY_HUNT_H

#include "checker/random_search.h"

/* Failures whose property and class of explanation are the same. */
struct failure_kind {
    char signature[EXPLANATION_SIZE];
    unsigned in_vain; /* runs shrunk since the last one that was new */
};

struct hunt {
    const struct gs_fuzz_config *config;
    struct gs_fuzz_config part; /* the runs that are left */
    struct gs_fuzz_result *fuzz;
    struct random_search search; /* the last part's */
    uint64_t runs_before;        /* of the parts before it */
    uint64_t last;               /* the run with which it ended; UINT64_MAX: none did */
    double seconds;
    struct failure_kind *kinds;
    size_t kind_count, kind_capacity, failure_capacity;
    struct bytes *signatures; /* by failure: what led to it */
    size_t signature_capacity;
};

/* Failing runs of one kind that are shrunk without finding a new one, before no more of the kind are looked at. */
enum { HUNT_IN_VAIN = 20 };

/* fuzz->result.run is set, and timed_run. Fills fuzz->failures; what else there is to know is in the hunt. recovers is
 * as in random_search_init. The hunt must be freed; the failures are the result's. */
void hunt_run(struct hunt *hunt, const struct gs_fuzz_config *config, const struct plan *plan, uint64_t recovers,
              struct gs_fuzz_result *fuzz);
void hunt_free(struct hunt *hunt);

#endif
