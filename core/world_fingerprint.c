/* A world as canonical bytes. */
#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "core/die.h"
#include "core/world.h"

static int compare_mail(const void *a, const void *b)
{
    return bytes_compare(a, b);
}

/* Each message's canonical bytes, one after the other in `all`, which they borrow. */
static void serialize_mail(const struct gs_run *run, const struct bytes *inbox, struct bytes *all, struct bytes *mail,
                           uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *entry = inbox_entry(run, inbox, i);
        const size_t begin = all->size;
        bytes_append(all, entry, 2);
        fields_serialize(run, run->model->message_fields, entry + 1, all);
        mail[i].size = all->size - begin;
    }
    for (size_t i = 0, at = 0; i < count; at += mail[i++].size)
        mail[i].data = all->data + at; /* only now: it moves while it grows */
}

/* One node's mail: sorted by canonical bytes, or by channel. */
static void serialize_inbox(const struct gs_run *run, const struct bytes *inbox, struct bytes *out)
{
    const uint32_t count = (uint32_t)inbox_count(run, inbox);
    struct bytes all = {0}, *mail = die_calloc(count, sizeof(*mail));
    serialize_mail(run, inbox, &all, mail, count);
    if (run->network != GS_FIFO)
        qsort(mail, count, sizeof(*mail), compare_mail);
    bytes_append(out, &count, sizeof(count));
    for (uint32_t i = 0; i < count; i++)
        bytes_append(out, mail[i].data, mail[i].size);
    bytes_free(&all);
    free(mail);
}

void world_serialize_node(const struct gs_run *run, unsigned node, const uint8_t *local, const struct bytes *inbox,
                          struct bytes *out)
{
    local_serialize(run, node, local, out);
    serialize_inbox(run, inbox, out);
}

uint64_t world_fingerprint(const struct world *world)
{
    struct bytes canonical = {0};
    for (unsigned n = 0; n < world->run->node_count; n++)
        world_serialize_node(world->run, n, world->locals[n].data, &world->inboxes[n], &canonical);
    bytes_append(&canonical, &world->side, sizeof(world->side));
    const uint64_t fingerprint = XXH3_64bits(canonical.data, canonical.size);
    bytes_free(&canonical);
    return fingerprint;
}
