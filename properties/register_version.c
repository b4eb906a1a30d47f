#include "properties/register_version.h"

const struct gs_field gs_register_version_fields[] = {
    GS_FIELD(struct gs_register_version, clock),
    GS_FIELD(struct gs_register_version, writer),
    GS_FIELD(struct gs_register_version, value),
    GS_FIELDS_END,
};

bool gs_register_is_newer(const struct gs_run *run, const struct gs_register_version *a,
                          const struct gs_register_version *b)
{
    if (a->clock != b->clock)
        return a->clock > b->clock;
    return a->clock && gs_node_rank(run, a->writer) > gs_node_rank(run, b->writer);
}
