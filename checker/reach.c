/* One pass over the kept keys. */
#include "checker/reach.h"

#include <stdlib.h>

#include "checker/configurations.h"
#include "core/die.h"
#include "core/inbox.h"

static struct reach_values no_values(uint32_t count)
{
    return (struct reach_values){die_calloc(count, sizeof(uint32_t)), count};
}

/* By configuration: how many messages are in its inbox. */
static uint16_t *count_mail(const struct engine *engine, unsigned node)
{
    const struct node_tables *tables = &engine->nodes[node];
    uint16_t *counts = die_calloc(tables->count, sizeof(*counts));
    for (uint32_t c = 0; c < tables->count; c++) {
        const struct bytes inbox = inbox_bytes(engine, node, tables->table[c].inbox);
        const size_t count = inbox_count(engine->run, &inbox);
        counts[c] = count < UINT16_MAX ? (uint16_t)count : UINT16_MAX;
    }
    return counts;
}

static inline void note(struct reach_values *values, uint32_t number, uint32_t mark)
{
    if (!values->first[number])
        values->first[number] = mark;
}

static void look_at_state(struct reach *reach, uint16_t *const *mail, const struct layout *layout, const uint64_t *key,
                          uint32_t mark)
{
    const unsigned nodes = reach->search->run->node_count;
    uint32_t values[SLOTS_MAX];
    uint64_t in_flight = 0;
    state_unpack(layout, key, values);
    for (unsigned slot = 0; slot < engine_slot_count(&reach->search->engine); slot++) {
        note(&reach->slots[slot], values[slot], mark);
        if (slot < nodes)
            in_flight += mail[slot][values[slot]];
    }
    if (in_flight > reach->in_flight)
        reach->in_flight = in_flight;
}

static void look_at_levels(struct reach *reach, uint16_t *const *mail)
{
    const struct levels *levels = &reach->search->levels;
    for (size_t depth = 0; depth < levels->count; depth++) {
        const struct level *level = &levels->levels[depth];
        const uint32_t mark = depth < UINT32_MAX ? (uint32_t)depth + 1 : UINT32_MAX;
        for (size_t b = 0; b < level->block_count; b++) {
            const struct level_block *block = &level->blocks[b];
            for (uint64_t i = 0; i < block->count; i += reach->every)
                look_at_state(reach, mail, block->layout, &block->keys[i * block->layout->words], mark);
        }
    }
}

/* From configurations to the local states and inboxes in them. */
static void split_configurations(struct reach *reach, unsigned node)
{
    const struct node_tables *tables = &reach->search->engine.nodes[node];
    reach->locals[node] = no_values(tables->locals.count);
    reach->inboxes[node] = no_values(tables->inboxes.count);
    for (uint32_t c = 0; c < tables->count; c++) {
        const uint32_t mark = reach->slots[node].first[c];
        uint32_t *local = &reach->locals[node].first[tables->table[c].local];
        uint32_t *inbox = &reach->inboxes[node].first[tables->table[c].inbox];
        if (mark && (!*local || mark < *local))
            *local = mark;
        if (mark && (!*inbox || mark < *inbox))
            *inbox = mark;
    }
}

void reach_measure(struct reach *reach, const struct search *search, uint64_t most_states)
{
    const unsigned nodes = search->run->node_count;
    uint32_t counts[SLOTS_MAX];
    uint16_t *mail[GS_NODES_MAX];
    *reach = (struct reach){.search = search,
                            .every = search->states > most_states ? (search->states - 1) / most_states + 1 : 1};
    engine_slot_counts(&search->engine, counts);
    for (unsigned slot = 0; slot < engine_slot_count(&search->engine); slot++)
        reach->slots[slot] = no_values(counts[slot]);
    for (unsigned n = 0; n < nodes; n++)
        mail[n] = count_mail(&search->engine, n);
    look_at_levels(reach, mail);
    for (unsigned n = 0; n < nodes; n++) {
        split_configurations(reach, n);
        free(mail[n]);
    }
}

void reach_free(struct reach *reach)
{
    for (unsigned slot = 0; slot < SLOTS_MAX; slot++)
        free(reach->slots[slot].first);
    for (unsigned n = 0; n < GS_NODES_MAX; n++) {
        free(reach->locals[n].first);
        free(reach->inboxes[n].first);
    }
    *reach = (struct reach){0};
}
