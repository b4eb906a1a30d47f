/* Assembling what a configuration can do next from its reactions and from inbox operations, without protocol code. */
#include <stdlib.h>
#include <string.h>

#include "checker/configurations.h"
#include "checker/effects.h"
#include "checker/reactions.h"
#include "checker/transitions.h"
#include "core/die.h"

enum { LIST_FIRST = 8 };

/* A list under construction. */
struct assembly {
    struct engine *engine;
    unsigned node;
    uint32_t local, inbox;
    struct transition_list *list;
    uint32_t capacity;
};

static size_t list_bytes(uint32_t count)
{
    return sizeof(struct transition_list) + count * sizeof(struct transition);
}

static void add(struct assembly *a, const struct transition *transition)
{
    if (a->list->count == a->capacity) {
        a->capacity *= 2;
        a->list = die_realloc(a->list, list_bytes(a->capacity));
    }
    a->list->items[a->list->count] = *transition;
    a->list->items[a->list->count++].counter = event_counter(transition->action, transition->type);
}

/* The mover's configuration with the mail that a branch sends to the mover itself. */
static uint32_t with_own_mail(struct assembly *a, const struct branch *branch, uint32_t configuration,
                              struct transition *transition)
{
    for (uint32_t i = 0; i < branch->send_count; i++) {
        const struct sent sent = branch_sends(a->engine, branch)[i];
        if (sent.to != a->node)
            continue;
        const uint32_t with = configuration_with_message(a->engine, a->node, configuration, sent.message);
        if (with < MARK_FIRST)
            configuration = with;
        else if (with == MARK_OVERFLOW)
            transition->flags |= TRANSITION_OVERFLOWS;
        else if (with == MARK_ABSORBED && a->engine->run->network == GS_BAG)
            transition->absorbed++;
    }
    if (transition->absorbed && a->engine->cut_copies)
        transition->flags |= TRANSITION_CUT_COPIES;
    return configuration;
}

/* Is all that it does to other nodes what it sends, with nothing to be counted beside the step? */
static bool commutes(const struct assembly *a, const struct transition *transition)
{
    const int fault = action_fault(transition->action);
    return !(transition->flags & ~TRANSITION_NEW_LOCAL) && (!transition->effect || GS_PLANT == 14) &&
           !transition->absorbed && (fault == GS_FAULTS || a->engine->run->budgets[fault] < 0);
}

/* Does taking one that commutes change nothing but the mover's configuration? */
static bool is_simple(const struct assembly *a, const struct branch *branch)
{
    for (uint32_t i = 0; i < branch->send_count; i++)
        if (branch_sends(a->engine, branch)[i].to != a->node)
            return false;
    return true;
}

/* Can it never be a step, nothing else being changed? */
static bool changes_nothing(const struct assembly *a, const struct transition *transition)
{
    const struct configuration *now = &a->engine->nodes[a->node].table[transition->configuration];
    return now->local == a->local && now->inbox == a->inbox;
}

/* One branch of a reaction, leaving `inbox` behind. */
static void add_branch(struct assembly *a, uint32_t number, uint32_t inbox, struct transition transition)
{
    const struct branch branch = *engine_branch(a->engine, number);
    transition.branch = number;
    if (branch.flags & BRANCH_MISBEHAVED) {
        transition.flags = TRANSITION_MISBEHAVES;
        add(a, &transition);
        return;
    }
    if (branch.flags & BRANCH_OUTSIDE)
        transition.flags |= TRANSITION_OUTSIDE;
    if (branch.local != a->local)
        transition.flags |= TRANSITION_NEW_LOCAL;
    transition.configuration = configuration_number(a->engine, a->node, branch.local, inbox);
    transition.configuration = with_own_mail(a, &branch, transition.configuration, &transition);
    transition.effect = effect_number(a->engine, a->node, branch.announcements, a->local, branch.local, true);
    if (!commutes(a, &transition)) {
        add(a, &transition);
    } else if (!is_simple(a, &branch)) {
        transition.flags |= TRANSITION_COMMUTES;
        add(a, &transition);
    } else if (!changes_nothing(a, &transition)) {
        transition.flags |= TRANSITION_COMMUTES | TRANSITION_SIMPLE;
        add(a, &transition);
    }
}

/* A reaction's branches that are possible; an ignored delivery leaves `inbox` behind too. */
static void add_reaction(struct assembly *a, uint32_t reaction, uint32_t inbox, const struct transition *transition)
{
    const struct reaction r = *engine_reaction(a->engine, reaction);
    const bool is_delivery = transition->action == ACTION_DELIVER || transition->action == ACTION_DUPLICATE;
    for (uint32_t number = r.first; number < r.first + r.count; number++) {
        const uint8_t flags = engine_branch(a->engine, number)->flags;
        if (flags & (BRANCH_HANDLED | BRANCH_MISBEHAVED))
            add_branch(a, number, inbox, *transition);
        else if (is_delivery && !(flags & BRANCH_DEFERRED) && !a->engine->drop_ignored)
            add_branch(a, number, inbox, *transition);
        else if (is_delivery && !(flags & BRANCH_DEFERRED))
            a->engine->left_out[transition->type] = true;
    }
}

static void add_message_events(struct assembly *a, const uint8_t *entry, bool is_up)
{
    struct engine *engine = a->engine;
    const uint32_t message = message_number(engine, a->node, entry);
    const struct transition transition = {
        .action = ACTION_DELIVER, .type = entry[1], .from = (uint8_t)(entry[0] - 1), .origin = message};
    const uint32_t without =
        engine->run->network == GS_SET ? a->inbox : inbox_without(engine, a->node, a->inbox, message);
    if (is_up) {
        const uint32_t reaction = reaction_to_message(engine, a->node, a->local, message);
        add_reaction(a, reaction, without, &transition);
        struct transition duplicate = transition;
        duplicate.action = ACTION_DUPLICATE;
        if (engine->run->budgets[GS_DUPLICATE])
            add_reaction(a, reaction, GS_PLANT == 7 ? without : a->inbox, &duplicate);
    }
    struct transition drop = transition;
    drop.action = ACTION_DROP;
    drop.branch = UINT32_MAX;
    drop.configuration = configuration_number(engine, a->node, a->local, without);
    if (engine->run->budgets[GS_DROP])
        add(a, &drop);
}

static void add_mail(struct assembly *a, bool is_up)
{
    const struct gs_run *run = a->engine->run;
    const struct bytes inbox = inbox_bytes(a->engine, a->node, a->inbox);
    for (size_t i = 0; i < inbox_count(run, &inbox); i++)
        if (inbox_is_deliverable(run, &inbox, i))
            add_message_events(a, inbox_entry(run, &inbox, i), is_up);
}

static void add_own(struct assembly *a)
{
    const struct local_facts facts = own_reactions(a->engine, a->node, a->local);
    for (uint32_t i = facts.own_first; i < facts.own_first + facts.own_count; i++) {
        const struct own_event own = *engine_own_event(a->engine, i);
        const struct transition transition = {.action = own.event.action, .type = own.event.type, .origin = i};
        add_reaction(a, own.reaction, a->inbox, &transition);
    }
}

/* Crash, restart and reboot of a node that is alone on its host; shared hosts are the explorer's (hosts.c). */
static void add_fault(struct assembly *a, enum action action, int fault)
{
    const struct gs_run *run = a->engine->run;
    if (!run->budgets[fault])
        return;
    const struct transition transition = {.action = (uint8_t)action};
    const bool empties =
        run->network == GS_FIFO && action != ACTION_RESTART && !(GS_PLANT == 6 && action == ACTION_REBOOT);
    add_reaction(a, reaction_to_fault(a->engine, a->node, a->local, action),
                 empties ? empty_inbox(a->engine, a->node) : a->inbox, &transition);
}

static void add_faults(struct assembly *a, bool is_up)
{
    const uint64_t host = a->engine->run->hosts[a->engine->run->nodes[a->node].host];
    if (host & (host - 1))
        return;
    if (!is_up) {
        add_fault(a, ACTION_RESTART, GS_RESTART);
        return;
    }
    add_fault(a, ACTION_CRASH, GS_CRASH);
    add_fault(a, ACTION_REBOOT, GS_REBOOT);
}

/* Puts simple transitions first. */
static void put_simple_first(struct transition_list *list)
{
    list->simple_count = 0;
    for (uint32_t i = 0; i < list->count; i++) {
        if (!(list->items[i].flags & TRANSITION_SIMPLE))
            continue;
        const struct transition simple = list->items[i];
        list->items[i] = list->items[list->simple_count];
        list->items[list->simple_count++] = simple;
    }
}

static int compare_bytes(const void *a, const void *b)
{
    return *(const uint8_t *)a - *(const uint8_t *)b;
}

/* The profile of a list, or 0. */
static uint16_t profile_of(struct engine *engine, const struct transition_list *list)
{
    if (list->simple_count < list->count)
        return 0;
    engine->scratch.size = 0;
    for (uint32_t i = 0; i < list->count; i++)
        bytes_append(&engine->scratch, &list->items[i].counter, 1);
    const struct bytes *counters = &engine->scratch;
    if (counters->size)
        qsort(counters->data, counters->size, 1, compare_bytes);
    const uint32_t known = intern_find(&engine->profiles, counters->data, counters->size);
    if (known != INTERN_ABSENT)
        return (uint16_t)(known + 1);
    if (engine->profiles.count == PROFILES_MAX)
        return 0;
    return (uint16_t)(intern(&engine->profiles, counters->data, counters->size) + 1);
}

/* The list is the configuration's own as long as there is room for lists. */
static struct transition_list *assemble(struct engine *engine, unsigned node, uint32_t number)
{
    const struct configuration *configuration = engine_configuration(engine, node, number);
    struct assembly a = {.engine = engine, .node = node, .local = configuration->local, .inbox = configuration->inbox};
    const bool is_up = local_is_up(engine->run, node, local_bytes(engine, node, a.local));
    a.capacity = LIST_FIRST;
    a.list = die_alloc(list_bytes(a.capacity));
    a.list->count = 0;
    add_mail(&a, is_up);
    add_own(&a);
    add_faults(&a, is_up);
    put_simple_first(a.list);
    a.list = die_realloc(a.list, list_bytes(a.list->count));
    atomic_store_explicit(&engine_configuration(engine, node, number)->profile, profile_of(engine, a.list),
                          memory_order_release);
    a.list->is_kept = engine->list_memory < engine->list_limit;
    if (!a.list->is_kept)
        return a.list;
    engine->list_memory += list_bytes(a.list->count);
    engine_configuration(engine, node, number)->transitions = a.list; /* only now: the table may have moved */
    return a.list;
}

struct transition_list *transitions_assemble(struct engine *engine, unsigned node, uint32_t number)
{
    engine_lock(engine);
    struct transition_list *list = engine_configuration(engine, node, number)->transitions;
    if (!list) /* no other thread was first */
        list = assemble(engine, node, number);
    engine_unlock(engine);
    return list;
}

void transitions_forget(struct engine *engine)
{
    for (unsigned n = 0; n < engine->run->node_count; n++)
        for (uint32_t c = 0; c < engine->nodes[n].count; c++) {
            free(engine_configuration(engine, n, c)->transitions);
            engine_configuration(engine, n, c)->transitions = NULL;
        }
    engine->list_memory = 0;
}

void transition_event(const struct engine *engine, unsigned node, const struct transition *transition,
                      struct event *event)
{
    *event = (struct event){.action = transition->action, .node = node_of(node)};
    switch ((enum action)transition->action) {
    case ACTION_TIMER:
    case ACTION_LOCAL:
        *event = engine_own_event(engine, transition->origin)->event;
        break;
    case ACTION_DELIVER:
    case ACTION_DUPLICATE:
    case ACTION_DROP: {
        const uint8_t *entry = interned_value(&engine->nodes[node].messages, transition->origin).data;
        event->from = (gs_node){entry[0]};
        event->type = entry[1];
        event->message = entry + 1;
        break;
    }
    default:
        break;
    }
    if (transition->branch == UINT32_MAX)
        return;
    const struct branch *branch = engine_branch(engine, transition->branch);
    event->choice_count = branch->choice_count;
    memcpy(event->choices, branch_choices(engine, branch), branch->choice_count * sizeof(event->choices[0]));
}
