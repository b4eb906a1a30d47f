/* What both OR-Sets share: their updates, and what an observed-remove set means (CS 3.3.5): an element is in it if some
 * add of it was not observed by a remove. */
#ifndef PROTOCOLS_CRDT_OR_SET_H
#define PROTOCOLS_CRDT_OR_SET_H

#include "protocols/crdt.h"

enum { OR_SET_ADD = CRDT_OWN, OR_SET_REMOVE };
enum { OR_SET_ELEMENTS = CRDT_OPTIONS };
enum { OR_SET_ADDED, OR_SET_REMOVED }; /* kinds of updates; the argument is the element */
#define OR_SET_TAG_FIELDS                                                           \
    {                                                                               \
        GS_FIELD(struct or_set_tag, element), GS_FIELD(struct or_set_tag, replica), \
            GS_FIELD(struct or_set_tag, number), GS_FIELDS_END,                     \
    }

#define OR_SET_TAGS_FIELDS(tag_fields)                                                                   \
    {                                                                                                    \
        GS_FIELD(struct or_set_tags, count), GS_STRUCT_LIST(struct or_set_tags, all, count, tag_fields), \
            GS_FIELDS_END,                                                                               \
    }

void or_set_insert(struct or_set_tags *tags, const struct or_set_tag *tag);
bool or_set_contains(const struct or_set_tags *tags, const struct or_set_tag *tag);
bool or_set_has_element(const struct or_set_tags *tags, int element);

/* Is the element in the set, as the replica would answer? */
typedef bool or_set_member(struct gs_view *v, const void *replica, int element);

bool or_set_add_wins(struct gs_view *v, or_set_member *has);         /* GS_SCOPE_MONITOR_NODE */
bool or_set_add_beats_remove(struct gs_view *v, or_set_member *has); /* GS_SCOPE_MONITOR_NODE, goals */
bool or_set_is_added_again(struct gs_view *v, or_set_member *has);
bool or_set_remove_of_unseen(struct gs_view *v, or_set_member *has);

/* The predicates of a type, and its entries in a model. */
#define OR_SET_CLAIM(name, function, has) \
    static bool name(struct gs_view *v)   \
    {                                     \
        return function(v, has);          \
    }
#define OR_SET_CLAIMS(has)                                       \
    OR_SET_CLAIM(add_wins, or_set_add_wins, has)                 \
    OR_SET_CLAIM(add_beats_remove, or_set_add_beats_remove, has) \
    OR_SET_CLAIM(is_added_again, or_set_is_added_again, has)     \
    OR_SET_CLAIM(remove_of_unseen, or_set_remove_of_unseen, has)
#define OR_SET_EVENT(event_name)                                                                          \
    {                                                                                                     \
        .name = (event_name), .kind = GS_LOCAL, .role = CRDT_REPLICA,                                     \
        .arguments = {                                                                                    \
            {.name = "element", .kind = GS_RANGE, .min = 1, .max = 1, .max_option = OR_SET_ELEMENTS + 1}, \
        },                                                                                                \
    }
#define OR_SET_OPTIONS_LIST \
    CRDT_COMMON_OPTIONS, [OR_SET_ELEMENTS] = {"elements", "how many there are to add", 1, 1, 3, NULL}
#define OR_SET_PRESETS                                                                    \
    CRDT_COMMON_PRESETS,                                                                  \
        {.name = "elements",                                                              \
         .meaning = "2 replicas, 3 updates, 2 elements",                                  \
         .settings = {"replicas=2", "updates=3", "elements=2"}},                          \
    {                                                                                     \
        .name = "reboot", .meaning = "as elements with 4 updates, and a replica reboots", \
        .settings = {"replicas=2", "updates=4", "elements=2"}, .budgets = {               \
            .reboots = 1                                                                  \
        }                                                                                 \
    }
#define OR_SET_GOAL(goal_name, text, predicate, least, least_text)                                  \
    {                                                                                               \
        .name = (goal_name), .claim = (text), .kind = GS_REACHABLE, .scope = GS_SCOPE_MONITOR_NODE, \
        .monitor = CRDT_MONITOR, .holds = (predicate), .needs = (least), .needs_text = (least_text) \
    }
#define OR_SET_PROPERTIES                                                                                        \
    {.name = "add-wins",                                                                                         \
     .claim = "an element is in the set if an add of it was seen that no remove seen has observed",              \
     .kind = GS_ALWAYS,                                                                                          \
     .scope = GS_SCOPE_MONITOR_NODE,                                                                             \
     .monitor = CRDT_MONITOR,                                                                                    \
     .holds = add_wins},                                                                                         \
        CRDT_PROPERTIES,                                                                                         \
        OR_SET_GOAL("add-beats-remove", "an element is in the set after a concurrent add and remove of it",      \
                    add_beats_remove, crdt_has_two_updates, "updates >= 2"),                                     \
        OR_SET_GOAL("is-added-again", "an element is in the set by an add after a remove of it", is_added_again, \
                    crdt_has_two_updates, "updates >= 2"),                                                       \
        OR_SET_GOAL("remove-of-unseen", "a remove has no effect on an add that its replica had not seen",        \
                    remove_of_unseen, crdt_has_two_updates, "updates >= 2")

#endif
