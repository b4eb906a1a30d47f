/* What a running handler's `s` is: shared by those who run handlers (step.c) and by what handlers call (handler.c). */
#ifndef GAINSAY_HANDLER_H
#define GAINSAY_HANDLER_H

#include "core/step.h"

struct gs_step {
    const struct gs_run *run;
    unsigned node;
    const struct event *event;
    uint64_t armed;
    uint64_t branches; /* product of the choice limits so far */
    struct outcome *outcome;
};

#endif
