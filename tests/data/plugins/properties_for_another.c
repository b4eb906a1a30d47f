/* Properties for a protocol that is not the one they are given to. */
#include "core/gainsay.h"

static bool holds(struct gs_view *v)
{
    (void)v;
    return true;
}

static const struct gs_extension properties = {
    .protocol = "token-ring",
    .properties = {{.name = "holds", .claim = "true", .kind = GS_ALWAYS, .scope = GS_SCOPE_ALL_NODES, .holds = holds}},
};

GS_EXPORT_PROPERTIES(properties);
