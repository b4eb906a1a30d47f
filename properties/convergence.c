#include "properties/convergence.h"

#include "properties/vector_clock.h"

void gs_updates_announced(const struct gs_run *run, void *value, gs_node by, int announcement, const void *announced)
{
    struct gs_updates *updates = value;
    const int updater = gs_index(run, by);
    (void)announcement;
    gs_assert(run, updater < GS_UPDATERS_MAX);
    const int number = updates->count.of[updater]++;
    gs_assert(run, number < GS_UPDATES_EACH_MAX);
    updates->made[updater * GS_UPDATES_EACH_MAX + number] = *(const struct gs_update *)announced;
}

bool gs_all_mail_arrives(const struct gs_run *run)
{
    const bool is_emptied = gs_network(run) == GS_FIFO && (gs_budget(run, GS_CRASH) || gs_budget(run, GS_REBOOT));
    return !gs_budget(run, GS_DROP) && !is_emptied;
}

bool gs_seen_covers(struct gs_seen a, struct gs_seen b)
{
    const enum gs_order order = gs_counts_compare(a.of, b.of);
    return order == GS_EQUAL || order == GS_AFTER;
}

bool gs_seen_equal(struct gs_seen a, struct gs_seen b)
{
    return gs_counts_compare(a.of, b.of) == GS_EQUAL;
}

struct gs_seen gs_seen_join(struct gs_seen a, struct gs_seen b)
{
    gs_counts_join(a.of, b.of);
    return a;
}

int gs_update_updater(int place)
{
    return place / GS_UPDATES_EACH_MAX;
}

int gs_update_number(int place)
{
    return place % GS_UPDATES_EACH_MAX;
}

bool gs_seen_has(struct gs_seen seen, int place)
{
    return gs_update_number(place) < seen.of[gs_update_updater(place)];
}

bool gs_update_precedes(const struct gs_updates *updates, int a, int b)
{
    return gs_seen_has(updates->made[b].seen, a);
}

int gs_seen_next(struct gs_seen seen, int from)
{
    for (int place = from; place < GS_UPDATES_MAX; place++)
        if (gs_seen_has(seen, place))
            return place;
    return -1;
}
