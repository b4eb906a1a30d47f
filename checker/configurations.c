/* Local configurations: (local state, inbox) pairs by number, and what adding a message makes of them. */
#include <string.h>

#include "checker/configurations.h"
#include "checker/numbers.h"
#include "core/die.h"

static uint32_t hash_pair(uint32_t local, uint32_t inbox)
{
    return (uint32_t)(pair_hash(pair_of(local, inbox)) >> 32);
}

/* NUMBER_ABSENT if there is none yet. */
static uint32_t find_configuration(const struct node_tables *tables, uint32_t local, uint32_t inbox, uint32_t hash)
{
    struct number_walk walk = number_index_walk(&tables->configurations, hash);
    for (;;) {
        const uint32_t number = number_walk_next(&walk);
        if (number == NUMBER_ABSENT)
            return NUMBER_ABSENT;
        const struct configuration *configuration = atomic_load_explicit(&tables->table, memory_order_acquire) + number;
        if (configuration->local == local && configuration->inbox == inbox)
            return number;
    }
}

static uint32_t hash_of_number(const void *context, uint32_t number)
{
    const struct node_tables *tables = context;
    return hash_pair(tables->table[number].local, tables->table[number].inbox);
}

static uint32_t add_configuration(struct engine *engine, unsigned node, uint32_t local, uint32_t inbox, uint32_t hash)
{
    struct node_tables *tables = &engine->nodes[node];
    numbers_must_suffice(tables->count, 1, "configurations of one node");
    tables->table = retired_grow(&engine->retired, tables->table, &tables->table_capacity, tables->count + 1u,
                                 sizeof(struct configuration));
    tables->table[tables->count] = (struct configuration){.local = local, .inbox = inbox};
    number_index_add(&tables->configurations, hash, tables->count, hash_of_number, tables);
    return tables->count++;
}

uint32_t configuration_number(struct engine *engine, unsigned node, uint32_t local, uint32_t inbox)
{
    const uint32_t hash = hash_pair(local, inbox);
    uint32_t number = find_configuration(&engine->nodes[node], local, inbox, hash);
    if (number != NUMBER_ABSENT)
        return number;
    engine_lock(engine);
    number = find_configuration(&engine->nodes[node], local, inbox, hash); /* another thread may have been first */
    if (number == NUMBER_ABSENT)
        number = add_configuration(engine, node, local, inbox, hash);
    engine_unlock(engine);
    return number;
}

uint32_t message_number(struct engine *engine, unsigned node, const uint8_t *entry)
{
    return engine_intern(engine, &engine->nodes[node].messages, entry, inbox_stride(engine->run));
}

uint32_t empty_inbox(struct engine *engine, unsigned node)
{
    return engine_intern(engine, &engine->nodes[node].inboxes, NULL, 0);
}

struct bytes inbox_bytes(const struct engine *engine, unsigned node, uint32_t inbox)
{
    const struct interned value = interned_value(&engine->nodes[node].inboxes, inbox);
    return (struct bytes){(uint8_t *)(uintptr_t)value.data, value.size, value.size};
}

/* A copy to change, in engine.scratch. */
static struct bytes *inbox_copy(struct engine *engine, unsigned node, uint32_t inbox)
{
    const struct interned value = interned_value(&engine->nodes[node].inboxes, inbox);
    engine->scratch.size = 0;
    bytes_append(&engine->scratch, value.data, value.size);
    return &engine->scratch;
}

static uint32_t intern_inbox(struct engine *engine, unsigned node, const struct bytes *inbox)
{
    return intern(&engine->nodes[node].inboxes, inbox->data, inbox->size);
}

uint32_t inbox_without(struct engine *engine, unsigned node, uint32_t inbox, uint32_t message)
{
    struct bytes *copy = inbox_copy(engine, node, inbox);
    const size_t position = inbox_find(engine->run, copy, interned_value(&engine->nodes[node].messages, message).data);
    must(position != SIZE_MAX);
    inbox_remove(engine->run, copy, position);
    return intern_inbox(engine, node, copy);
}

static uint32_t add_message(struct engine *engine, unsigned node, uint32_t configuration, uint32_t message)
{
    const struct configuration to = *engine_configuration(engine, node, configuration);
    struct bytes *copy = inbox_copy(engine, node, to.inbox);
    const bool is_up = GS_PLANT == 4 || local_is_up(engine->run, node, local_bytes(engine, node, to.local));
    switch (inbox_add(engine->run, copy, interned_value(&engine->nodes[node].messages, message).data, is_up)) {
    case INBOX_ADDED:
        return configuration_number(engine, node, to.local, intern_inbox(engine, node, copy));
    case INBOX_ABSORBED:
        return MARK_ABSORBED;
    case INBOX_LOST:
        return MARK_LOST;
    case INBOX_OVERFLOW:
        break;
    }
    return MARK_OVERFLOW;
}

static uint32_t known_addition(const struct engine *engine, unsigned node, uint32_t configuration, uint32_t message)
{
    const struct configuration *from = engine_configuration(engine, node, configuration);
    return additions_get(atomic_load_explicit(&from->additions, memory_order_acquire), message);
}

static void remember(struct engine *engine, unsigned node, uint32_t configuration, uint32_t message, uint32_t with)
{
    struct configuration *from = engine_configuration(engine, node, configuration);
    struct additions *additions =
        additions_set(from->additions, message, with, &engine->retired, &engine->addition_memory);
    atomic_store_explicit(&from->additions, additions, memory_order_release);
    atomic_store_explicit(&from->addition_mask, (uint16_t)additions->mask, memory_order_release); /* after the map */
}

uint32_t configuration_add_message(struct engine *engine, unsigned node, uint32_t configuration, uint32_t message)
{
    uint32_t with = known_addition(engine, node, configuration, message);
    if (with != ADDITION_ABSENT)
        return with;
    engine_lock(engine);
    with = known_addition(engine, node, configuration, message); /* another thread may have been first */
    if (with == ADDITION_ABSENT) {
        with = add_message(engine, node, configuration, message);
        remember(engine, node, configuration, message, with);
    }
    engine_unlock(engine);
    return with;
}
