/* Validity, over a consensus' history (properties/consensus.h): nothing is decided, or voted for, that no client
 * proposed. A no-op, value 0, may be. */
#ifndef GAINSAY_VALIDITY_H
#define GAINSAY_VALIDITY_H

#include "properties/consensus.h"

bool gs_validity(struct gs_view *v);
#define GS_VALIDITY(history)                                                                         \
    {                                                                                                \
        .name = "validity", .claim = "what is voted for or decided was proposed", .kind = GS_ALWAYS, \
        .scope = GS_SCOPE_MONITOR, .monitor = (history), .holds = gs_validity                        \
    }

#endif
