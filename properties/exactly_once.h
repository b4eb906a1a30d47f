/* Exactly once, over the history of a log (properties/consensus.h): no value, which stands for one client's operation,
 * is decided in two slots, so that it would be applied twice. No-ops, value 0, may be. */
#ifndef GAINSAY_EXACTLY_ONCE_H
#define GAINSAY_EXACTLY_ONCE_H

#include "properties/consensus.h"

bool gs_exactly_once(struct gs_view *v);
#define GS_EXACTLY_ONCE(history)                                                                         \
    {                                                                                                    \
        .name = "exactly-once", .claim = "no client's value is decided in two slots", .kind = GS_ALWAYS, \
        .scope = GS_SCOPE_MONITOR, .monitor = (history), .holds = gs_exactly_once                        \
    }

#endif
