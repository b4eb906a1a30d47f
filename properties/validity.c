/* Validity over a consensus' history. */
#include "properties/validity.h"

static bool was_proposed(const struct gs_consensus *history, unsigned value)
{
    return value == 0 || (history->proposed >> value & 1u);
}

bool gs_validity(struct gs_view *v)
{
    const struct gs_consensus *history = gs_monitor_value(v);
    gs_premise(v, history->vote_count + history->decision_count > 0);
    for (unsigned i = 0; i < history->vote_count; i++)
        if (!was_proposed(history, history->votes[i].value))
            return gs_explain(v, "there is a vote for value %u, which nobody proposed", history->votes[i].value);
    for (unsigned i = 0; i < history->decision_count; i++)
        if (!was_proposed(history, history->decisions[i].value))
            return gs_explain(v, "value %u was decided, which nobody proposed", history->decisions[i].value);
    return true;
}
