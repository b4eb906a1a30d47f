/* Named environments of timed random runs. */
#ifndef GAINSAY_TIMING_H
#define GAINSAY_TIMING_H

#include "core/timing.h"

struct gs_profile {
    const char *name, *meaning;
    struct gs_timing timing;
};
extern const struct gs_profile gs_profiles[]; /* ends with one without a name; the first is the default */

#endif
