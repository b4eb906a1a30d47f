/* Linear probing, at most half full. */
#include "checker/pair_map.h"

#include <stdlib.h>

#include "core/die.h"

enum { SIZE_FIRST = 64, SHIFT_FIRST = 64 - 6 };

static size_t table_bytes(uint64_t size)
{
    return sizeof(struct pair_table) + size * sizeof(struct pair_entry);
}

/* The place of the key, or the free one where it goes. */
static struct pair_entry *find(struct pair_table *table, uint64_t key)
{
    uint64_t place = pair_hash(key) >> table->shift;
    while (table->entries[place].value != PAIR_ABSENT && table->entries[place].key != key)
        place = (place + 1) & (table->size - 1);
    return &table->entries[place];
}

static void put(struct pair_entry *entry, uint64_t key, uint32_t value)
{
    entry->key = key;
    atomic_store_explicit(&entry->value, value, memory_order_release);
}

static struct pair_table *make_table(uint64_t size, unsigned shift)
{
    struct pair_table *table = die_alloc(table_bytes(size));
    table->size = size;
    table->shift = shift;
    for (uint64_t i = 0; i < size; i++)
        atomic_init(&table->entries[i].value, PAIR_ABSENT);
    return table;
}

static void grow(struct pair_map *map)
{
    struct pair_table *old = map->table;
    struct pair_table *table = make_table(old ? 2 * old->size : SIZE_FIRST, old ? old->shift - 1 : SHIFT_FIRST);
    for (uint64_t i = 0; old && i < old->size; i++)
        if (old->entries[i].value != PAIR_ABSENT)
            put(find(table, old->entries[i].key), old->entries[i].key, old->entries[i].value);
    map->table = table;
    retire(map->retired, old, old ? table_bytes(old->size) : 0);
}

void pair_map_set(struct pair_map *map, uint64_t key, uint32_t value)
{
    must(value != PAIR_ABSENT);
    if (!map->table || map->count >= map->table->size / 2)
        grow(map);
    struct pair_entry *entry = find(map->table, key);
    if (entry->value == PAIR_ABSENT) {
        map->count++;
        put(entry, key, value);
    } else {
        entry->value = value;
    }
}

size_t pair_map_memory(const struct pair_map *map)
{
    return map->table ? table_bytes(map->table->size) : 0;
}

void pair_map_free(struct pair_map *map)
{
    free(map->table);
    *map = (struct pair_map){.count = 0};
}
