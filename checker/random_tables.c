/* Filling the tables. Whatever may run protocol code holds the lock, which the engines of all threads have in common.
 */
#include "checker/random_tables.h"

#include <stdlib.h>
#include <string.h>

#include "checker/configurations.h"
#include "checker/effects.h"
#include "checker/reactions.h"
#include "checker/search.h"
#include "core/die.h"

void random_tables_init(struct random_tables *tables, const struct random_scope *scope)
{
    *tables = (struct random_tables){.own_count = 0};
    pthread_mutex_lock(scope->lock);
    engine_init(&tables->engine, scope->run, scope->monitors_on, scope->stage ? &scope->stage->world : NULL);
    tables->engine.lock = scope->lock;
    tables->engine.is_shared = true;
    tables->engine.notes_timers = scope->notes_timers;
    tables->engine.clock = scope->clock;
    judging_init(&tables->judging, &tables->engine, scope->on);
    pthread_mutex_unlock(scope->lock);
    tables->engine.cut_copies = scope->run->network == GS_BAG && tables->judging.quiescent;
    for (unsigned n = 0; n < scope->run->node_count; n++)
        tables->starts[n] = UINT32_MAX;
}

void random_tables_free(struct random_tables *tables)
{
    judging_free(&tables->judging);
    engine_free(&tables->engine);
    for (unsigned n = 0; n < GS_NODES_MAX; n++) {
        for (size_t i = 0; i < tables->nodes[n].count; i++)
            free(tables->nodes[n].cards[i].deliveries);
        free(tables->nodes[n].cards);
        free(tables->messages[n].cards);
        pair_map_free(&tables->single_mail[n]);
        pair_map_free(&tables->pairs[n]);
    }
    free(tables->own);
    free(tables->branches);
    free(tables->decisions);
}

size_t random_tables_memory(const struct random_tables *tables)
{
    size_t memory = engine_memory(&tables->engine) + judging_memory(&tables->judging) +
                    tables->own_capacity * sizeof(*tables->own) + tables->branch_capacity * sizeof(*tables->branches) +
                    tables->delivery_memory;
    for (unsigned n = 0; n < tables->engine.run->node_count; n++)
        memory += tables->nodes[n].capacity * sizeof(struct local_card) + pair_map_memory(&tables->single_mail[n]) +
                  pair_map_memory(&tables->pairs[n]);
    return memory;
}

/* ---- Cards ---- */

enum own_kind { OWN_DISABLED, OWN_OUTSIDE, OWN_ENABLED };

/* May some branch of it be a step, or is each that is handled cut by `within`? Of what depends on the time, it may. */
static enum own_kind kind_of(const struct engine *engine, uint32_t number)
{
    const struct reaction *reaction = engine_reaction(engine, number);
    enum own_kind kind = OWN_DISABLED;
    if (reaction->reads_clock)
        return OWN_ENABLED;
    for (uint32_t b = reaction->first; b < reaction->first + reaction->count; b++) {
        const uint8_t flags = engine_branch(engine, b)->flags;
        if ((flags & BRANCH_MISBEHAVED) || (flags & (BRANCH_HANDLED | BRANCH_OUTSIDE)) == BRANCH_HANDLED)
            return OWN_ENABLED;
        if (flags & BRANCH_HANDLED)
            kind = OWN_OUTSIDE;
    }
    return kind;
}

static unsigned add_own(struct random_tables *tables, struct local_facts facts, uint8_t action, struct local_card *card)
{
    const struct engine *engine = &tables->engine;
    unsigned added = 0;
    for (uint32_t i = facts.own_first; i < facts.own_first + facts.own_count; i++) {
        const struct own_event *own = engine_own_event(engine, i);
        if (own->event.action != action)
            continue;
        const enum own_kind kind = kind_of(engine, own->reaction);
        card->outside = (uint16_t)(card->outside + (kind == OWN_OUTSIDE));
        if (kind != OWN_ENABLED)
            continue;
        tables->own = die_grow(tables->own, &tables->own_capacity, tables->own_count + 1, sizeof(*tables->own));
        tables->own[tables->own_count++] = (struct own_choice){i, own->reaction, action, own->event.type};
        added++;
    }
    return added;
}

static struct local_card *reserve_card(struct card_table *table, uint32_t local)
{
    table->cards = die_grow(table->cards, &table->capacity, local + 1u, sizeof(*table->cards));
    if (table->count < table->capacity)
        memset(&table->cards[table->count], 0, (table->capacity - table->count) * sizeof(*table->cards));
    table->count = table->capacity;
    return &table->cards[local];
}

struct local_card *random_make_card(struct random_tables *tables, unsigned node, uint32_t local)
{
    struct engine *engine = &tables->engine;
    struct local_card *card = reserve_card(&tables->nodes[node], local);
    engine_lock(engine);
    card->is_up = local_is_up(engine->run, node, local_bytes(engine, node, local));
    card->plain = configuration_number(engine, node, local, empty_inbox(engine, node));
    card->first = (uint32_t)tables->own_count;
    const struct local_facts facts = own_reactions(engine, node, local);
    card->local_count = (uint16_t)add_own(tables, facts, ACTION_LOCAL, card);
    card->count = (uint16_t)(card->local_count + add_own(tables, facts, ACTION_TIMER, card));
    card->is_ready = true;
    engine_unlock(engine);
    return card;
}

/* ---- Reactions and effects ---- */

static uint32_t *deliveries_of(struct random_tables *tables, struct local_card *card)
{
    if (!card->deliveries) {
        card->deliveries = die_alloc(DELIVERIES_NEAR * sizeof(*card->deliveries));
        memset(card->deliveries, UINT8_MAX, DELIVERIES_NEAR * sizeof(*card->deliveries));
        tables->delivery_memory += DELIVERIES_NEAR * sizeof(*card->deliveries);
    }
    return card->deliveries;
}

uint32_t random_new_delivery(struct random_tables *tables, unsigned node, uint32_t local, uint32_t message)
{
    const struct engine *engine = &tables->engine;
    uint32_t number = pair_map_get(&engine->nodes[node].reactions, pair_of(local, message));
    if (number == PAIR_ABSENT)
        number = reaction_to_message(&tables->engine, node, local, message);
    const struct reaction *reaction = engine_reaction(engine, number);
    const bool is_one = reaction->count == 1 && !reaction->reads_clock;
    const uint32_t delivery = is_one ? reaction->first : number | DELIVERY_BRANCHES;
    if (message < DELIVERIES_NEAR)
        deliveries_of(tables, random_card(tables, node, local))[message] = delivery;
    return delivery;
}

uint32_t random_start_reaction(struct random_tables *tables, unsigned node, uint32_t local)
{
    if (tables->starts[node] == UINT32_MAX)
        tables->starts[node] = reaction_to_start(&tables->engine, node, local);
    return tables->starts[node];
}

uint32_t random_new_effect(struct random_tables *tables, unsigned node, uint32_t before, uint32_t branch, bool is_step)
{
    struct engine *engine = &tables->engine;
    const struct branch taken = *engine_branch(engine, branch);
    const uint32_t effect = effect_number(engine, node, taken.announcements, before, taken.local, is_step);
    if (!is_step)
        return effect;
    random_branch_card(tables, branch)->effect = effect + 1;
    return effect;
}

struct branch_card *random_new_branch_card(struct random_tables *tables, uint32_t branch)
{
    const size_t former = tables->branch_count;
    tables->branches = die_grow(tables->branches, &tables->branch_capacity, branch + 1u, sizeof(*tables->branches));
    memset(&tables->branches[former], 0, (tables->branch_capacity - former) * sizeof(*tables->branches));
    tables->branch_count = tables->branch_capacity;
    return &tables->branches[branch];
}

struct message_card random_new_message_card(struct random_tables *tables, unsigned node, uint32_t message)
{
    struct message_table *table = &tables->messages[node];
    table->cards = die_grow(table->cards, &table->capacity, message + 1u, sizeof(*table->cards));
    for (; table->count <= message; table->count++) {
        const uint8_t *entry = interned_value(&tables->engine.nodes[node].messages, (uint32_t)table->count).data;
        table->cards[table->count] = (struct message_card){(uint8_t)(entry[0] - 1), entry[1]};
    }
    return table->cards[message];
}

/* Few are different. */
uint32_t random_decision(struct random_tables *tables, uint64_t decided)
{
    uint32_t place = 0;
    while (place < tables->decision_count && tables->decisions[place] != decided)
        place++;
    if (place == tables->decision_count) {
        tables->decisions = die_grow(tables->decisions, &tables->decision_capacity, tables->decision_count + 1,
                                     sizeof(*tables->decisions));
        tables->decisions[tables->decision_count++] = decided;
    }
    return place;
}
