/* Forgetting: what the state is made of is carried over by its bytes, all else is found out again when it is met. */
#include <stdlib.h>
#include <string.h>

#include "checker/configurations.h"
#include "checker/effects.h"
#include "checker/random_world.h"
#include "core/die.h"

/* One node's mail as bytes, in an order from which it can be made again; heads keep theirs. */
struct packed_mail {
    const struct engine *engine;
    unsigned node;
    struct bytes entries, heads;
};

static void pack_message(void *context, uint32_t message)
{
    struct packed_mail *packed = context;
    const struct interned entry = interned_value(&packed->engine->nodes[packed->node].messages, message);
    bytes_append(&packed->entries, entry.data, entry.size);
}

struct packed_state {
    struct bytes locals[GS_NODES_MAX], monitors[ENGINE_MONITORS_MAX];
    struct packed_mail mail[GS_NODES_MAX];
    struct environment environment;
};

static void pack_value(struct bytes *bytes, struct interned value)
{
    bytes_append(bytes, value.data, value.size);
}

static void pack(const struct random_world *world, struct packed_state *packed)
{
    const struct engine *engine = &world->tables->engine;
    for (unsigned n = 0; n < world->run->node_count; n++) {
        pack_value(&packed->locals[n], interned_value(&engine->nodes[n].locals, world->locals[n]));
        packed->mail[n] = (struct packed_mail){.engine = engine, .node = n};
        random_mail_visit(&world->mail[n], pack_message, &packed->mail[n]);
        for (uint32_t i = 0; i < world->mail[n].count; i++)
            pack_value(&packed->mail[n].heads, interned_value(&engine->nodes[n].messages, world->mail[n].heads[i]));
    }
    for (unsigned m = 0; m < engine->monitor_count; m++)
        pack_value(&packed->monitors[m],
                   interned_value(&engine->monitors[m].values, world->values[engine_monitor_slot(engine, m)]));
    packed->environment = *random_environment(world);
}

static void unpack_mail(struct random_world *world, unsigned node, const struct packed_mail *packed)
{
    struct engine *engine = &world->tables->engine;
    struct random_mail *mail = &world->mail[node];
    const size_t stride = inbox_stride(world->run);
    for (size_t at = 0; at < packed->entries.size; at += stride) {
        const uint8_t *entry = packed->entries.data + at;
        must(random_mail_add(mail, message_number(engine, node, entry), entry[0] - 1u, true) == INBOX_ADDED);
    }
    must(mail->count == packed->heads.size / stride);
    for (uint32_t i = 0; i < mail->count; i++) {
        const uint8_t *entry = packed->heads.data + i * stride;
        mail->heads[i] = message_number(engine, node, entry);
        mail->places[world->run->network == GS_FIFO ? entry[0] - 1u : mail->heads[i]] = i + 1;
    }
}

static void unpack(struct random_world *world, const struct packed_state *packed)
{
    struct engine *engine = &world->tables->engine;
    for (unsigned n = 0; n < world->run->node_count; n++) {
        const struct bytes *local = &packed->locals[n];
        random_world_set_local(world, n, engine_intern(engine, &engine->nodes[n].locals, local->data, local->size));
        unpack_mail(world, n, &packed->mail[n]);
    }
    for (unsigned m = 0; m < engine->monitor_count; m++)
        world->values[engine_monitor_slot(engine, m)] =
            engine_intern(engine, &engine->monitors[m].values, packed->monitors[m].data, packed->monitors[m].size);
    world->values[engine_environment_slot(engine)] = environment_number(engine, &packed->environment);
}

static void packed_free(struct packed_state *packed)
{
    for (unsigned n = 0; n < GS_NODES_MAX; n++) {
        bytes_free(&packed->locals[n]);
        bytes_free(&packed->mail[n].entries);
        bytes_free(&packed->mail[n].heads);
    }
    for (unsigned m = 0; m < ENGINE_MONITORS_MAX; m++)
        bytes_free(&packed->monitors[m]);
    free(packed);
}

void random_world_forget(struct random_world *world, const struct random_scope *scope)
{
    struct packed_state *packed = die_calloc(1, sizeof(*packed));
    pack(world, packed);
    random_tables_free(world->tables);
    random_tables_init(world->tables, scope);
    for (unsigned n = 0; n < world->run->node_count; n++) {
        random_mail_free(&world->mail[n]); /* numbers may be smaller now: so may it */
        random_mail_init(&world->mail[n], world->run);
    }
    unpack(world, packed);
    packed_free(packed);
}
