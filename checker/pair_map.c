/* Linear probing, at most half full. */
#include "checker/pair_map.h"

#include <stdlib.h>

#include "core/die.h"

enum { SIZE_FIRST = 64, SHIFT_FIRST = 64 - 6 };

static struct pair_entry *find(const struct pair_map *map, uint64_t key)
{
    uint64_t place = pair_hash(key) >> map->shift;
    while (map->entries[place].value != PAIR_ABSENT && map->entries[place].key != key)
        place = (place + 1) & (map->size - 1);
    return &map->entries[place];
}

static void grow(struct pair_map *map)
{
    const struct pair_map old = *map;
    map->size = old.size ? 2 * old.size : SIZE_FIRST;
    map->shift = old.size ? old.shift - 1 : SHIFT_FIRST;
    map->entries = die_alloc(map->size * sizeof(*map->entries));
    for (uint64_t i = 0; i < map->size; i++)
        map->entries[i] = (struct pair_entry){.value = PAIR_ABSENT};
    for (uint64_t i = 0; i < old.size; i++)
        if (old.entries[i].value != PAIR_ABSENT)
            *find(map, old.entries[i].key) = old.entries[i];
    free(old.entries);
}

void pair_map_set(struct pair_map *map, uint64_t key, uint32_t value)
{
    must(value != PAIR_ABSENT);
    if (map->count >= map->size / 2)
        grow(map);
    struct pair_entry *entry = find(map, key);
    map->count += entry->value == PAIR_ABSENT;
    *entry = (struct pair_entry){.key = key, .value = value};
}

size_t pair_map_memory(const struct pair_map *map)
{
    return map->size * sizeof(*map->entries);
}

void pair_map_free(struct pair_map *map)
{
    free(map->entries);
    *map = (struct pair_map){0};
}
