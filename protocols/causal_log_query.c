/* What is asked of a causal event log: which events happened before one, by their vector clocks, in an order in which
 * each stands behind its causes: that of Lamport's clocks, processes breaking ties (Lamport 1978, the order "=>"). */
#include "protocols/causal_log.h"

enum gs_order causal_log_compare(const struct gs_run *run, const struct gs_vector_clock *a,
                                 const struct gs_vector_clock *b)
{
    return gs_mutant(run, CAUSAL_LOG_COMMON_KEYS_ONLY) ? gs_vector_clock_compare_common(a, b)
                                                       : gs_vector_clock_compare(a, b);
}

static bool is_asked_for(const struct gs_run *run, const struct causal_log_stamped *event,
                         const struct causal_log_stamped *of)
{
    const enum gs_order wanted = gs_mutant(run, CAUSAL_LOG_REVERSED_HISTORY) ? GS_AFTER : GS_BEFORE;
    return causal_log_compare(run, &event->stamp.vector, &of->stamp.vector) == wanted;
}

static bool comes_first(const struct gs_run *run, const struct causal_log_stamped *a,
                        const struct causal_log_stamped *b)
{
    if (gs_mutant(run, CAUSAL_LOG_SORTED_BY_WALL_CLOCK) && a->physical != b->physical)
        return a->physical < b->physical;
    if (a->stamp.lamport != b->stamp.lamport)
        return a->stamp.lamport < b->stamp.lamport;
    return gs_same(a->at, b->at) ? a->number < b->number : gs_node_rank(run, a->at) < gs_node_rank(run, b->at);
}

int causal_log_history(const struct gs_run *run, const struct causal_log_stamped *events, int count, int of,
                       int places[CAUSAL_LOG_ALL_MAX])
{
    int length = 0;
    for (int i = 0; i < count; i++) {
        if (i == of || !is_asked_for(run, &events[i], &events[of]))
            continue;
        int to = length++;
        for (; to > 0 && comes_first(run, &events[i], &events[places[to - 1]]); to--)
            places[to] = places[to - 1];
        places[to] = i;
    }
    return length;
}
