/* Fixed members first, then each node's local state and inbox and each monitor that is on, with their lengths. */
#include "traces/packed_world.h"

#include <string.h>

static void pack_bytes(const struct bytes *bytes, struct bytes *out)
{
    bytes_append(out, &bytes->size, sizeof(bytes->size));
    bytes_append(out, bytes->data, bytes->size);
}

static const uint8_t *unpack_bytes(struct bytes *bytes, const uint8_t *at)
{
    size_t size;

    memcpy(&size, at, sizeof(size));
    bytes->size = 0;
    bytes_append(bytes, at + sizeof(size), size);
    return at + sizeof(size) + size;
}

static bool is_on(const struct world *world, unsigned monitor)
{
    return world->monitors_on >> monitor & 1;
}

void world_pack(const struct world *world, struct bytes *out)
{
    bytes_append(out, world->spent, sizeof(world->spent));
    bytes_append(out, &world->side, sizeof(world->side));
    for (unsigned n = 0; n < world->run->node_count; n++) {
        pack_bytes(&world->locals[n], out);
        pack_bytes(&world->inboxes[n], out);
    }
    for (unsigned m = 0; m < WORLD_MONITORS_MAX; m++)
        if (is_on(world, m))
            pack_bytes(&world->monitors[m], out);
}

size_t world_unpack(struct world *world, const uint8_t *packed)
{
    const uint8_t *at = packed;

    memcpy(world->spent, at, sizeof(world->spent));
    at += sizeof(world->spent);
    memcpy(&world->side, at, sizeof(world->side));
    at += sizeof(world->side);
    for (unsigned n = 0; n < world->run->node_count; n++) {
        at = unpack_bytes(&world->locals[n], at);
        at = unpack_bytes(&world->inboxes[n], at);
    }
    for (unsigned m = 0; m < WORLD_MONITORS_MAX; m++)
        if (is_on(world, m))
            at = unpack_bytes(&world->monitors[m], at);
    return (size_t)(at - packed);
}
