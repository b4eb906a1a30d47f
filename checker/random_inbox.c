/* A node's mail as core keeps it. */
#include <stdlib.h>

#include "checker/random_world.h"
#include "core/die.h"

struct mail_list {
    const struct engine *engine;
    unsigned node;
    struct bytes *entries;
    size_t count, capacity;
};

static void list_message(void *context, uint32_t message)
{
    struct mail_list *list = context;
    const struct interned entry = interned_value(&list->engine->nodes[list->node].messages, message);
    list->entries = die_grow(list->entries, &list->capacity, list->count + 1, sizeof(*list->entries));
    list->entries[list->count++] = (struct bytes){(uint8_t *)(uintptr_t)entry.data, entry.size, entry.size};
}

static int compare_entries(const void *a, const void *b)
{
    return bytes_compare(a, b);
}

void random_world_inbox(const struct random_world *world, unsigned node, struct bytes *inbox)
{
    struct mail_list list = {.engine = &world->tables->engine, .node = node};
    random_mail_visit(&world->mail[node], list_message, &list);
    if (world->run->network != GS_FIFO && list.count)
        qsort(list.entries, list.count, sizeof(*list.entries), compare_entries);
    inbox->size = 0;
    for (size_t i = 0; i < list.count; i++)
        bytes_append(inbox, list.entries[i].data, list.entries[i].size);
    free(list.entries);
}
