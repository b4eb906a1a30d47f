/* The exhaustive search's judging, told of a state without its mail: each node's configuration is that of its local
 * state with no mail, of which there are few. Messages in flight are judged when they are sent, and with their receiver
 * when it changes, each alone in a configuration of its own. */
#include "checker/random_judge.h"

#include <string.h>

#include "checker/configurations.h"
#include "core/die.h"

/* ---- Messages in flight ---- */

static void judge_message(struct random_world *world, unsigned node, uint32_t message)
{
    struct engine *engine = &world->tables->engine;
    struct pair_map *open = &world->tables->single_mail[node];
    const uint64_t key = pair_of(world->locals[node], message);
    uint32_t values[SLOTS_MAX];
    if (pair_map_get(open, key) != PAIR_ABSENT)
        return;
    const struct interned entry = interned_value(&engine->nodes[node].messages, message);
    const uint32_t inbox = engine_intern(engine, &engine->nodes[node].inboxes, entry.data, entry.size);
    memcpy(values, world->values, engine_slot_count(engine) * sizeof(*values));
    values[node] = configuration_number(engine, node, world->locals[node], inbox);
    const uint64_t decided = decided_by_state(&world->tables->judging, world->tables->judging.mail, values,
                                              world->locals, (struct look){.mover = world->run->node_count});
    world->decided |= decided;
    if (!decided)
        pair_map_set(open, key, 1);
}

struct mail_look {
    struct random_world *world;
    unsigned node;
};

static void judge_each(void *context, uint32_t message)
{
    const struct mail_look *look = context;
    judge_message(look->world, look->node, message);
}

static void judge_mail_of(struct random_world *world, unsigned node)
{
    struct mail_look look = {world, node};
    random_mail_visit(&world->mail[node], judge_each, &look);
}

/* What was sent, and all mail of those that changed. */
static void judge_new_mail(struct random_world *world)
{
    for (size_t i = 0; i < world->change_count; i++)
        if (world->changes[i].added)
            judge_message(world, world->changes[i].node, world->changes[i].message);
    for (size_t i = 0; i < world->moved_count; i++)
        if (world->moved[i].before != world->moved[i].after)
            judge_mail_of(world, world->moved[i].node);
}

/* ---- Local states and monitors ---- */

/* What two nodes decide together, by all properties of pairs: one look-up instead of several for each. */
static uint64_t decided_by_two(struct random_world *world, unsigned one, unsigned other)
{
    const unsigned low = one < other ? one : other, high = one < other ? other : one;
    const uint64_t key = (uint64_t)world->locals[low] << 32 | (uint64_t)world->locals[high] << 6 | high;
    struct random_tables *tables = world->tables;
    const uint32_t known = pair_map_get(&tables->pairs[low], key);
    if (known != PAIR_ABSENT)
        return tables->decisions[known];
    const uint64_t decided = decided_by_pair(&tables->judging, world->locals, low, high);
    pair_map_set(&tables->pairs[low], key, random_decision(tables, decided));
    return decided;
}

static void judge_pairs_of(struct random_world *world, unsigned node)
{
    for (unsigned other = 0; other < world->run->node_count; other++)
        if (other != node)
            world->decided |= decided_by_two(world, node, other);
}

static void judge_state(struct random_world *world, struct look look)
{
    struct judging *judging = &world->tables->judging;
    const uint64_t among = (look.local || look.all ? judging->locals : 0) | judging->monitors;
    world->decided |= decided_by_state(judging, among, world->values, world->locals, look);
    if (!judging->pairs || !(look.local || look.all))
        return;
    for (unsigned n = 0; n < world->run->node_count; n++)
        if (look.all || n == look.mover)
            judge_pairs_of(world, n);
}

/* ---- States and steps ---- */

void random_judge_initial(struct random_world *world)
{
    judge_state(world, (struct look){.mover = world->run->node_count, .all = true});
    if (world->tables->judging.mail)
        for (unsigned n = 0; n < world->run->node_count; n++)
            judge_mail_of(world, n);
}

/* What the step of one mover alone decides is remembered with its branch. */
static void judge_moved(struct random_world *world)
{
    struct random_tables *tables = world->tables;
    struct branch_card *card = random_branch_card(tables, world->branch);
    if (world->moved_count == 1 && card->step_is_known) {
        world->decided |= card->step;
        return;
    }
    const uint64_t decided = decided_by_step(&tables->judging, world->moved, world->moved_count, world->locals);
    world->decided |= decided;
    if (world->moved_count > 1 || tables->judging.has_step_role)
        return;
    card->step = decided;
    card->step_is_known = true;
}

void random_judge_step(struct random_world *world)
{
    struct judging *judging = &world->tables->judging;
    bool moves_local = false;
    for (size_t i = 0; i < world->moved_count; i++)
        moves_local |= world->moved[i].before != world->moved[i].after;
    if (judging->steps && world->moved_count)
        judge_moved(world);
    if (judging_has_state(judging) && (moves_local || world->moves_monitor))
        judge_state(world, (struct look){.mover = world->moved_count ? world->moved[0].node : world->run->node_count,
                                         .local = moves_local,
                                         .monitor = world->moves_monitor,
                                         .all = world->moved_count > 1});
    if (judging->mail)
        judge_new_mail(world);
}

/* ---- Quiescence: the only time that the whole state is told ---- */

/* The configuration with all its mail. */
static uint32_t whole_configuration(struct random_world *world, unsigned node)
{
    struct engine *engine = &world->tables->engine;
    struct bytes inbox = {0};
    random_world_inbox(world, node, &inbox);
    const uint32_t number = engine_intern(engine, &engine->nodes[node].inboxes, inbox.data, inbox.size);
    bytes_free(&inbox);
    return configuration_number(engine, node, world->locals[node], number);
}

void random_judge_quiescent(struct random_world *world)
{
    uint32_t values[SLOTS_MAX];
    memcpy(values, world->values, engine_slot_count(&world->tables->engine) * sizeof(*values));
    for (unsigned n = 0; n < world->run->node_count; n++)
        values[n] = whole_configuration(world, n);
    world->decided |= decided_by_quiescence(&world->tables->judging, values, world->locals);
}
