/* Exactly once over a log's history. */
#include "properties/exactly_once.h"

bool gs_exactly_once(struct gs_view *v)
{
    const struct gs_consensus *history = gs_monitor_value(v);
    gs_premise(v, history->decision_count > 0);
    for (unsigned i = 0; i < history->decision_count; i++)
        for (unsigned j = i + 1; j < history->decision_count; j++) {
            const struct gs_decided *one = &history->decisions[i], *other = &history->decisions[j];
            if (one->value != 0 && one->value == other->value && one->slot != other->slot)
                return gs_explain(v, "value %u was decided in slot %u and in slot %u", one->value, one->slot,
                                  other->slot);
        }
    return true;
}
