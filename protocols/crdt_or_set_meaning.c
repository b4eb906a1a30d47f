/* What an observed-remove set means, over the updates that a replica has seen. */
#include "protocols/crdt_or_set.h"

void or_set_insert(struct or_set_tags *tags, const struct or_set_tag *tag)
{
    gs_insert(tags->all, &tags->count, tag);
}

bool or_set_contains(const struct or_set_tags *tags, const struct or_set_tag *tag)
{
    return gs_contains(tags->all, tags->count, tag);
}

bool or_set_has_element(const struct or_set_tags *tags, int element)
{
    for (int i = 0; i < tags->count; i++)
        if (tags->all[i].element == element)
            return true;
    return false;
}

static bool is_update(const struct gs_updates *updates, int place, int kind, int element)
{
    return updates->made[place].kind == kind && updates->made[place].arguments[0] == element;
}

/* Has a remove that was seen observed the add? */
static bool is_removed(const struct gs_updates *updates, struct gs_seen seen, int add)
{
    for (GS_EACH_SEEN(place, seen))
        if (is_update(updates, place, OR_SET_REMOVED, updates->made[add].arguments[0]) &&
            gs_update_precedes(updates, add, place))
            return true;
    return false;
}

static bool is_member(const struct gs_updates *updates, struct gs_seen seen, int element)
{
    for (GS_EACH_SEEN(place, seen))
        if (is_update(updates, place, OR_SET_ADDED, element) && !is_removed(updates, seen, place))
            return true;
    return false;
}

bool or_set_add_wins(struct gs_view *v, or_set_member *has)
{
    const struct gs_updates *updates = gs_monitor_value(v);
    const void *replica = gs_this(v);
    const char *name = gs_name(v, gs_this_node(v));
    for (int element = 1; element <= gs_option(v, OR_SET_ELEMENTS); element++) {
        const bool expected = is_member(updates, crdt_seen(replica), element);
        if (has(v, replica, element) == expected)
            continue;
        return expected
                   ? gs_explain(v, "%s lacks element %d, whose add no remove that it has seen observed", name, element)
                   : gs_explain(v, "%s has element %d, all whose adds were removed, as it has seen", name, element);
    }
    return true;
}

/* Is there an add that was seen, of an element that is in the set, and a remove of it that was seen, with
 * remove_is_first saying whether the remove happened before the add or is concurrent to it? */
static bool has_pair(struct gs_view *v, or_set_member *has, bool remove_is_first)
{
    const struct gs_updates *updates = gs_monitor_value(v);
    const struct gs_seen seen = crdt_seen(gs_this(v));
    for (GS_EACH_SEEN(add, seen))
        for (GS_EACH_SEEN(remove, seen)) {
            const int element = updates->made[add].arguments[0];
            if (is_update(updates, add, OR_SET_ADDED, element) && is_update(updates, remove, OR_SET_REMOVED, element) &&
                gs_update_precedes(updates, remove, add) == remove_is_first &&
                !gs_update_precedes(updates, add, remove) && has(v, gs_this(v), element))
                return true;
        }
    return false;
}

bool or_set_add_beats_remove(struct gs_view *v, or_set_member *has)
{
    return has_pair(v, has, false);
}

bool or_set_is_added_again(struct gs_view *v, or_set_member *has)
{
    return has_pair(v, has, true);
}

/* A remove before which no add of its element had been seen, and the element is in the set. */
bool or_set_remove_of_unseen(struct gs_view *v, or_set_member *has)
{
    const struct gs_updates *updates = gs_monitor_value(v);
    for (GS_EACH_SEEN(remove, crdt_seen(gs_this(v)))) {
        const int element = updates->made[remove].arguments[0];
        bool has_add = false;
        for (GS_EACH_SEEN(place, updates->made[remove].seen))
            has_add = has_add || is_update(updates, place, OR_SET_ADDED, element);
        if (updates->made[remove].kind == OR_SET_REMOVED && !has_add && has(v, gs_this(v), element))
            return true;
    }
    return false;
}
