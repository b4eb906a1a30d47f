/* What a search's memory is used for, and how much of it is left. Tables are added up; since an allocator keeps more
 * than it gives, a limit is also held against what the system says of the process. */
#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <unistd.h>

#include "checker/search.h"
#include "checker/worker.h"

const char *const gs_table_names[] = {"keys",           "levels", "halves",     "interners", "reactions",
                                      "configurations", "lists",  "properties", "threads",   "outgrown"};

/* ---- Tables ---- */

static void measure_node(const struct node_tables *node, uint64_t *bytes)
{
    bytes[GS_TABLE_INTERNERS] += node->locals.memory + node->inboxes.memory + node->messages.memory;
    bytes[GS_TABLE_REACTIONS] += pair_map_memory(&node->reactions) + node->fact_capacity * sizeof(struct local_facts);
    bytes[GS_TABLE_CONFIGURATIONS] +=
        number_index_memory(&node->configurations) + node->table_capacity * sizeof(struct configuration);
}

static void measure_monitors(const struct engine *engine, uint64_t *bytes)
{
    for (unsigned m = 0; m < engine->monitor_count; m++) {
        bytes[GS_TABLE_INTERNERS] += engine->monitors[m].values.memory;
        bytes[GS_TABLE_REACTIONS] += pair_map_memory(&engine->monitors[m].next);
    }
}

static void measure_engine(const struct engine *engine, uint64_t *bytes)
{
    for (unsigned n = 0; n < engine->run->node_count; n++)
        measure_node(&engine->nodes[n], bytes);
    measure_monitors(engine, bytes);
    bytes[GS_TABLE_INTERNERS] += engine->announcements.memory + engine->effects.memory + engine->explanations.memory +
                                 engine->profiles.memory + engine->environments.memory;
    bytes[GS_TABLE_REACTIONS] +=
        engine->reaction_capacity * sizeof(struct reaction) + engine->branch_capacity * sizeof(struct branch) +
        engine->send_capacity * sizeof(struct sent) + engine->choice_capacity * sizeof(uint16_t) +
        engine->own_capacity * sizeof(struct own_event) + pair_map_memory(&engine->spendings) +
        engine->split_capacity * sizeof(*engine->splits);
    bytes[GS_TABLE_LISTS] += engine->list_memory + engine->addition_memory;
    bytes[GS_TABLE_OUTGROWN] += engine->retired.memory;
}

size_t engine_memory(const struct engine *engine)
{
    uint64_t bytes[GS_TABLES] = {0};
    size_t memory = 0;
    measure_engine(engine, bytes);
    for (int table = 0; table < GS_TABLES; table++)
        memory += bytes[table];
    return memory;
}

void search_measure_memory(struct search *search, struct gs_memory *memory)
{
    uint64_t *bytes = memory->bytes;
    *memory = (struct gs_memory){.total = 0};
    bytes[GS_TABLE_KEYS] = state_store_memory(&search->store);
    bytes[GS_TABLE_LEVELS] = search->levels.memory;
    bytes[GS_TABLE_HALVES] = halves_memory(&search->halves);
    for (unsigned i = 0; i < search->thread_count; i++)
        worker_measure_memory(search->workers[i], bytes);
    engine_lock(&search->engine);
    measure_engine(&search->engine, bytes);
    bytes[GS_TABLE_PROPERTIES] = judging_memory(&search->judging);
    engine_unlock(&search->engine);
    for (int table = 0; table < GS_TABLES; table++)
        memory->total += bytes[table];
}

/* ---- What is about to be doubled ---- */

/* A table doubles at once, and what it has outgrown stays until the level ends: what that takes has to be left. */
static bool is_nearly(uint64_t count, uint64_t most)
{
    return count >= most - most / 16;
}

static size_t growth_of_array(uint64_t count, size_t capacity, size_t item_size)
{
    return is_nearly(count, capacity) ? 2 * capacity * item_size : 0;
}

static size_t growth_of_map(const struct pair_map *map)
{
    const struct pair_table *table = map->table;
    return table && is_nearly(map->count, table->size / 2) ? 2 * pair_map_memory(map) : 0;
}

static size_t growth_of_index(const struct number_index *index, uint32_t count)
{
    return is_nearly(count, number_index_capacity(index)) ? 2 * number_index_memory(index) : 0;
}

static size_t growth_of_interner(const struct interner *interner)
{
    size_t growth = growth_of_index(&interner->index, interner->count);
    return growth + growth_of_array(interner->count, interner->value_capacity, sizeof(struct interned));
}

static size_t growth_of_node(const struct node_tables *node)
{
    size_t growth = growth_of_interner(&node->locals) + growth_of_interner(&node->inboxes) +
                    growth_of_interner(&node->messages) + growth_of_map(&node->reactions) +
                    growth_of_index(&node->configurations, node->count);
    return growth + growth_of_array(node->count, node->table_capacity, sizeof(struct configuration));
}

static size_t growth_of_judged(const struct judged *judged)
{
    return growth_of_map(&judged->stutters) + growth_of_map(&judged->results) + growth_of_interner(&judged->tuples);
}

static size_t growth_of_halves(const struct halves *halves)
{
    size_t growth = 0;
    for (unsigned side = 0; halves->layout && side < 2; side++)
        if (is_nearly(halves->tables[side].count, halves->tables[side].capacity))
            growth += half_places_bytes(&halves->tables[side]);
    return growth;
}

static size_t growth_of_reactions(const struct engine *engine)
{
    return growth_of_array(engine->reaction_count, engine->reaction_capacity, sizeof(struct reaction)) +
           growth_of_array(engine->branch_count, engine->branch_capacity, sizeof(struct branch)) +
           growth_of_array(engine->send_count, engine->send_capacity, sizeof(struct sent)) +
           growth_of_array(engine->choice_count, engine->choice_capacity, sizeof(uint16_t)) +
           growth_of_array(engine->own_count, engine->own_capacity, sizeof(struct own_event));
}

/* Bytes that all tables which get large will soon take at once. */
static size_t imminent_growth(struct search *search)
{
    struct engine *engine = &search->engine;
    size_t growth = growth_of_halves(&search->halves);
    engine_lock(engine);
    growth += growth_of_reactions(engine);
    for (unsigned n = 0; n < engine->run->node_count; n++)
        growth += growth_of_node(&engine->nodes[n]);
    for (unsigned i = 0; i < search->judging.count; i++)
        growth += growth_of_judged(&search->judging.properties[i]);
    engine_unlock(engine);
    return growth;
}

/* ---- The process ---- */

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { IS_SANITIZED = true };
#elif defined(__has_feature)
enum { IS_SANITIZED = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) };
#else
enum { IS_SANITIZED = false };
#endif

/* Bytes of the process in memory; 0: the system does not say. A sanitizer's own memory is not the search's. */
static size_t resident_memory(void)
{
    char text[128];
    size_t all, resident;
    const int file = IS_SANITIZED ? -1 : open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return 0;
    const ssize_t size = read(file, text, sizeof(text) - 1);
    close(file);
    if (size <= 0)
        return 0;
    text[size] = '\0';
    return sscanf(text, "%zu %zu", &all, &resident) == 2 ? resident * (size_t)sysconf(_SC_PAGESIZE) : 0;
}

void search_begin_memory(struct search *search)
{
    if (!search->config->max_memory_bytes)
        return;
    malloc_trim(0); /* what an earlier search has freed would be taken for the program's own */
    search->resident_before = resident_memory();
}

size_t search_spare_memory(struct search *search)
{
    const uint64_t limit = search->config->max_memory_bytes;
    struct gs_memory tables;
    if (!limit)
        return SIZE_MAX;
    search_measure_memory(search, &tables);
    const size_t resident = resident_memory(), before = search->resident_before;
    const size_t process = resident > before ? resident - before : 0;
    const uint64_t used = (process > tables.total ? process : tables.total) + imminent_growth(search);
    return used < limit ? limit - used : 0;
}
