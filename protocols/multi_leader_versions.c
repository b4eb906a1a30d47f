/* What becomes of two versions of a key. The version vector decides first (Parker et al., "Detection of Mutual
 * Inconsistency in Distributed Systems", 1983): one that includes the other replaces it. Neither: a conflict, and what
 * the resolver says. */
#include "protocols/multi_leader.h"

#include <string.h>

static enum gs_order order_of(const struct gs_run *run, const struct multi_leader_version *a,
                              const struct multi_leader_version *b)
{
    return gs_mutant(run, MULTI_LEADER_COMMON_KEYS) ? gs_vector_clock_compare_common(&a->vector, &b->vector)
                                                    : gs_vector_clock_compare(&a->vector, &b->vector);
}

/* By time, then by writer. */
static bool is_later(const struct gs_run *run, const struct multi_leader_version *a,
                     const struct multi_leader_version *b)
{
    const int order = gs_hybrid_compare(a->time, b->time);
    return order > 0 || (order == 0 && !gs_mutant(run, MULTI_LEADER_NO_TIEBREAK) &&
                         gs_node_rank(run, a->writer) > gs_node_rank(run, b->writer));
}

/* The application's own merge of two values: here sets, and their union. The new version takes both into account, and
 * is the same whoever makes it: no tick, and of both times and writers the later. */
static struct multi_leader_version merge(const struct gs_run *run, const struct multi_leader_version *here,
                                         const struct multi_leader_version *there)
{
    struct multi_leader_version merged = is_later(run, there, here) ? *there : *here;
    merged.value = gs_mutant(run, MULTI_LEADER_NONCOMMUTATIVE) ? here->value : (uint8_t)(here->value | there->value);
    merged.vector = here->vector;
    if (!gs_mutant(run, MULTI_LEADER_MERGE_KEEPS_VECTOR))
        gs_vector_clock_join(&merged.vector, &there->vector);
    merged.covers = here->covers | there->covers;
    return merged;
}

/* A conflict. False: the version that is there goes; `came` is what is to be kept besides it or instead of it. */
static bool stays_beside(const struct gs_run *run, const struct multi_leader_version *here,
                         struct multi_leader_version *came, bool *is_kept)
{
    switch (gs_run_option(run, MULTI_LEADER_RESOLVER)) {
    case MULTI_LEADER_SIBLINGS:
        *is_kept = *is_kept && !gs_mutant(run, MULTI_LEADER_DROP_SIBLINGS);
        return true;
    case MULTI_LEADER_MERGE:
        *came = merge(run, here, came);
        return false;
    default:
        *is_kept = is_later(run, came, here);
        return !*is_kept;
    }
}

static void note(struct multi_leader_meetings *meetings, const struct multi_leader_version *here,
                 const struct multi_leader_version *there, bool is_conflict)
{
    if (meetings)
        meetings->met[meetings->count++] =
            (struct multi_leader_met){.here = here->covers, .there = there->covers, .is_conflict = is_conflict};
}

void multi_leader_take(const struct gs_run *run, struct multi_leader_item *item,
                       const struct multi_leader_version *version, struct multi_leader_meetings *meetings)
{
    struct multi_leader_version came = *version;
    struct multi_leader_item old = *item;
    bool is_kept = true;
    item->count = 0;
    memset(item->versions, 0, sizeof(item->versions));
    for (int i = 0; i < old.count; i++) {
        const struct multi_leader_version *here = &old.versions[i];
        const enum gs_order order = order_of(run, here, version);
        bool stays = order != GS_BEFORE;
        note(meetings, here, version, order == GS_CONCURRENT);
        if (order == GS_CONCURRENT)
            stays = stays_beside(run, here, &came, &is_kept);
        else if (stays)
            is_kept = false;
        if (stays)
            gs_insert(item->versions, &item->count, here);
    }
    if (is_kept)
        gs_assert(run, gs_insert(item->versions, &item->count, &came));
    gs_vector_clock_join(&item->seen, &version->vector);
    item->known |= version->covers;
}

void multi_leader_join(const struct gs_run *run, struct multi_leader_item *item, const struct multi_leader_item *other,
                       struct multi_leader_meetings *meetings)
{
    for (int i = 0; i < other->count; i++)
        multi_leader_take(run, item, &other->versions[i], meetings);
    gs_vector_clock_join(&item->seen, &other->seen);
    item->known |= other->known;
}

/* ---- Roots ------------------------------------------------------------------------------------------------------- */

static struct multi_leader_item without_ghosts(struct multi_leader_item item)
{
    item.known = 0;
    for (int i = 0; i < item.count; i++)
        item.versions[i].covers = 0;
    return item;
}

bool multi_leader_is_equal(const struct multi_leader_item *a, const struct multi_leader_item *b, int keys)
{
    for (int k = 0; k < keys; k++) {
        const struct multi_leader_item one = without_ghosts(a[k]), other = without_ghosts(b[k]);
        if (memcmp(&one, &other, sizeof(one)) != 0)
            return false;
    }
    return true;
}

static bool has_equal_values(const struct multi_leader_item *a, const struct multi_leader_item *b, int keys)
{
    for (int k = 0; k < keys; k++)
        for (int i = 0; i < a[k].count || i < b[k].count; i++)
            if (a[k].count != b[k].count || a[k].versions[i].value != b[k].versions[i].value)
                return false;
    return true;
}

/* A leaf covers all of a version that a rule reads. */
bool multi_leader_is_same(const struct gs_run *run, const struct multi_leader_item *a,
                          const struct multi_leader_item *b, int keys)
{
    return gs_mutant(run, MULTI_LEADER_ROOT_OF_VALUES) ? has_equal_values(a, b, keys)
                                                       : multi_leader_is_equal(a, b, keys);
}
