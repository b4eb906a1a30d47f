/* The exhaustive search's judging, told of a state without its mail: each node's configuration is that of its local
 * state with no mail, of which there are few. Messages in flight are judged when they are sent, and with their receiver
 * when it changes, each alone in a configuration of its own. */
#include "checker/random_judge.h"

#include <string.h>

#include "checker/configurations.h"
#include "core/die.h"

void random_judge_begin(struct random_world *world)
{
    struct judging *judging = &world->tables->judging;
    for (unsigned i = 0; i < judging->count; i++) {
        judging->properties[i].first.found = false;
        judging->properties[i].first_depth = UINT64_MAX;
    }
}

uint64_t random_judge_decided(const struct random_world *world, uint64_t known)
{
    const struct judging *judging = &world->tables->judging;
    uint64_t decided = 0;
    for (unsigned i = 0; i < judging->count; i++)
        decided |= (uint64_t)judging->properties[i].first.found << i;
    return decided & ~known;
}

/* ---- Messages in flight ---- */

/* Judges a state of which only the messages are to be looked at. True: some property is decided by it, be it for the
 * first time in this run or again. */
static bool judge_mail_state(struct random_world *world, const uint32_t *values)
{
    struct judging *judging = &world->tables->judging;
    const uint64_t known = random_judge_decided(world, 0);
    random_judge_begin(world);
    judge_new_state(judging, values, world->depth, (struct look){.mover = world->run->node_count});
    const uint64_t decided = random_judge_decided(world, 0);
    for (unsigned i = 0; i < judging->count; i++)
        judging->properties[i].first.found |= known >> i & 1;
    return decided;
}

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
    if (!judge_mail_state(world, values))
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
    if (!world->tables->judging.has_mail)
        return;
    for (size_t i = 0; i < world->change_count; i++)
        if (world->changes[i].added)
            judge_message(world, world->changes[i].node, world->changes[i].message);
    for (size_t i = 0; i < world->moved_count; i++)
        if (world->moved[i].before != world->moved[i].after)
            judge_mail_of(world, world->moved[i].node);
}

/* ---- Pairs ---- */

/* Of two nodes in their local states, in both orders and by all properties: one look-up instead of one for each. */
static uint64_t pair_key(const struct random_world *world, unsigned node, unsigned other)
{
    const uint64_t local = world->locals[node], other_local = world->locals[other];
    return local << 32 | other_local << 6 | other;
}

static bool is_pair_settled(const struct random_world *world, unsigned one, unsigned other)
{
    const unsigned low = one < other ? one : other, high = one < other ? other : one;
    return pair_map_get(&world->tables->settled_pairs[low], pair_key(world, low, high)) != PAIR_ABSENT;
}

/* Have all of the node's pairs been judged before, without deciding anything? */
static bool are_pairs_settled(const struct random_world *world, unsigned node)
{
    for (unsigned other = 0; other < world->run->node_count; other++)
        if (other != node && !is_pair_settled(world, node, other))
            return false;
    return true;
}

/* Remembers that the node's pairs have just been judged, unless this run has something that a pair decides. */
static void settle_pairs(struct random_world *world, unsigned node)
{
    if (random_judge_decided(world, 0) & world->tables->judging.pairs)
        return;
    for (unsigned other = 0; other < world->run->node_count; other++) {
        const unsigned low = node < other ? node : other, high = node < other ? other : node;
        if (other != node && !is_pair_settled(world, node, other))
            pair_map_set(&world->tables->settled_pairs[low], pair_key(world, low, high), 1);
    }
}

static void judge_state(struct random_world *world, struct look look)
{
    struct judging *judging = &world->tables->judging;
    const bool has_pairs = judging->pairs && look.local && !look.all;
    look.pairs_settled = has_pairs && are_pairs_settled(world, look.mover);
    judge_new_state(judging, world->values, world->depth, look);
    if (has_pairs && !look.pairs_settled)
        settle_pairs(world, look.mover);
}

/* ---- States and steps ---- */

void random_judge_initial(struct random_world *world)
{
    judge_new_state(&world->tables->judging, world->values, world->depth,
                    (struct look){.mover = world->run->node_count, .all = true});
    if (world->tables->judging.has_mail)
        for (unsigned n = 0; n < world->run->node_count; n++)
            judge_mail_of(world, n);
}

/* Tells judging of the step in the words of the exhaustive search. True: it decides some property. */
static bool judge_taken_step(struct random_world *world, const struct random_move *move)
{
    struct explorer *explorer = &world->explorer;
    struct successor *successor = &explorer->successor;
    struct transition transition = {.action = move->action, .origin = move->own, .branch = UINT32_MAX};
    const bool is_strike =
        move->action == ACTION_CRASH || move->action == ACTION_RESTART || move->action == ACTION_REBOOT;
    if (move->action == ACTION_DELIVER || move->action == ACTION_DUPLICATE)
        transition.origin = move->message;
    memcpy(explorer->values, world->before, engine_slot_count(explorer->engine) * sizeof(*explorer->values));
    successor_begin(explorer, move->action);
    successor->mover = move->node;
    successor->transition = is_strike ? NULL : &transition;
    successor->event = (struct event){.action = move->action, .node = node_of(move->node)};
    for (size_t i = 0; i < world->moved_count; i++)
        successor_set(explorer, world->moved[i].node, world->values[world->moved[i].node]);
    const bool decides = judge_step(&world->tables->judging, explorer, world->depth - 1);
    successor->transition = NULL;
    return decides;
}

/* What the step of one mover alone decides is remembered with its branch. */
static void judge_once(struct random_world *world, const struct random_move *move)
{
    const struct judging *judging = &world->tables->judging;
    if (!world->moved_count)
        return;
    struct branch_card *card = random_branch_card(world->tables, world->branch);
    if (world->moved_count > 1 || judging->has_step_role || !card->step_is_open) {
        const bool decides = judge_taken_step(world, move);
        card->step_is_open = !decides && world->moved_count == 1;
    }
}

void random_judge_step(struct random_world *world, const struct random_move *move)
{
    struct judging *judging = &world->tables->judging;
    bool moves_local = false;
    for (size_t i = 0; i < world->moved_count; i++)
        moves_local |= world->moved[i].before != world->moved[i].after;
    if (judging->has_step || judging->has_step_role)
        judge_once(world, move);
    if (judging->has_state && (moves_local || world->moves_monitor))
        judge_state(world, (struct look){.mover = world->moved_count ? world->moved[0].node : world->run->node_count,
                                         .local = moves_local,
                                         .monitor = world->moves_monitor,
                                         .all = world->moved_count > 1});
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
    judge_quiescent(&world->tables->judging, values, world->depth);
}
