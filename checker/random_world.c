/* A move is made on the mail, where every change can be taken back, and beside it; it is kept only if it turns out to
 * be a step. */
#include "checker/random_world.h"

#include <stdlib.h>
#include <string.h>

#include "checker/configurations.h"
#include "checker/effects.h"
#include "checker/transitions.h"
#include "core/die.h"

void random_world_init(struct random_world *world, const struct gs_run *run, struct random_tables *tables)
{
    memset(world, 0, sizeof(*world));
    world->run = run;
    world->tables = tables;
    for (unsigned n = 0; n < run->node_count; n++)
        random_mail_init(&world->mail[n], run);
    random_world_reset(world);
}

void random_world_free(struct random_world *world)
{
    for (unsigned n = 0; n < world->run->node_count; n++)
        random_mail_free(&world->mail[n]);
    free(world->changes);
}

void random_world_set_local(struct random_world *world, unsigned node, uint32_t local)
{
    const struct local_card *card = random_card(world->tables, node, local);
    world->touched |= UINT64_C(1) << node;
    world->locals[node] = local;
    world->values[node] = card->plain;
    world->own_first[node] = card->first;
    world->local_count[node] = card->local_count;
    world->own_count[node] = card->count;
    world->up = (world->up & ~(UINT64_C(1) << node)) | (uint64_t)card->is_up << node;
}

/* Number 0 is each slot's first value: what the node has where all runs start. */
static void reset_node(struct random_world *world, unsigned node)
{
    struct engine *engine = &world->tables->engine;
    struct random_mail *mail = &world->mail[node];
    const struct interned inbox =
        interned_value(&engine->nodes[node].inboxes, engine_configuration(engine, node, 0)->inbox);
    random_mail_clear(mail);
    random_world_set_local(world, node, 0);
    for (size_t at = 0; at < inbox.size; at += inbox_stride(world->run)) {
        const uint8_t *entry = inbox.data + at;
        must(random_mail_add(mail, message_number(engine, node, entry), entry[0] - 1u, true) == INBOX_ADDED);
    }
}

void random_world_reset(struct random_world *world)
{
    memset(world->values, 0, engine_slot_count(&world->tables->engine) * sizeof(*world->values));
    for (unsigned n = 0; n < world->run->node_count; n++)
        reset_node(world, n);
    world->side = random_environment(world)->side;
    world->depth = 0;
}

/* ---- Mail ---- */

static void note_change(struct random_world *world, struct mail_change change)
{
    if (world->change_count == world->change_capacity)
        world->changes =
            die_grow(world->changes, &world->change_capacity, world->change_count + 1, sizeof(*world->changes));
    world->changes[world->change_count++] = change;
    world->touched |= UINT64_C(1) << change.node;
}

static void remove_mail(struct random_world *world, unsigned node, uint32_t message, unsigned from)
{
    const uint32_t place = random_mail_remove(&world->mail[node], message, from);
    note_change(world, (struct mail_change){message, place, (uint8_t)node, (uint8_t)from, false});
}

static void take_back(struct random_world *world)
{
    while (world->change_count) {
        const struct mail_change *change = &world->changes[--world->change_count];
        struct random_mail *mail = &world->mail[change->node];
        if (change->added)
            random_mail_unadd(mail, change->message, change->from);
        else
            random_mail_unremove(mail, change->message, change->from, change->place);
    }
}

/* Is the mail what it was: nothing changed, or one message out and the same in again? */
static bool mail_is_same(const struct random_world *world)
{
    const struct mail_change *changes = world->changes;
    if (world->change_count != 2)
        return world->change_count == 0;
    if (changes[0].added || !changes[1].added || changes[0].node != changes[1].node ||
        changes[0].message != changes[1].message)
        return false;
    return world->run->network != GS_FIFO ||
           random_mail_is_uniform(&world->mail[changes[0].node], changes[0].message, changes[0].from);
}

/* ---- A move in progress ---- */

struct moving {
    struct random_world *world;
    enum random_result result;
    uint32_t effect;
    uint64_t down; /* nodes that are down, of those that a strike moves */
};

static void cut(struct moving *moving, unsigned bound)
{
    if (moving->result != RANDOM_STEP)
        return;
    moving->result = RANDOM_CUT;
    moving->world->bound = bound;
}

static bool is_up(const struct moving *moving, unsigned node)
{
    return !(moving->down >> node & 1) && (moving->world->run->network != GS_FIFO || (moving->world->up >> node & 1));
}

static void send_all(struct moving *moving, unsigned from, const struct branch *branch, uint64_t came_up)
{
    struct random_world *world = moving->world;
    const struct engine *engine = &world->tables->engine;
    const struct sent *sends = branch_sends(engine, branch);
    for (uint32_t i = 0; i < branch->send_count; i++) {
        const unsigned to = sends[i].to;
        const bool reaches = (came_up >> to & 1) || is_up(moving, to);
        switch (random_mail_add(&world->mail[to], sends[i].message, from, reaches)) {
        case INBOX_ADDED:
            note_change(world, (struct mail_change){sends[i].message, 0, (uint8_t)to, (uint8_t)from, true});
            break;
        case INBOX_ABSORBED:
            if (engine->cut_copies)
                cut(moving, BOUND_COPIES);
            world->absorbed += world->run->network == GS_BAG;
            break;
        case INBOX_OVERFLOW:
            cut(moving, BOUND_CAPACITY);
            break;
        case INBOX_LOST:
            break;
        }
    }
}

static void misbehave(struct moving *moving, const struct branch *branch)
{
    const struct interned text = interned_value(&moving->world->tables->engine.explanations, branch->explanation);
    moving->result = RANDOM_MISBEHAVES;
    moving->world->is_nondeterministic = branch->flags & BRANCH_NONDETERMINISTIC;
    memcpy(moving->world->explanation, text.data, text.size);
}

/* One handler's branch. came_up: nodes that the same move has brought up. */
static void run_branch(struct moving *moving, unsigned node, uint32_t number, uint64_t came_up)
{
    struct random_world *world = moving->world;
    struct engine *engine = &world->tables->engine;
    const struct branch branch = *engine_branch(engine, number);
    if (branch.flags & BRANCH_MISBEHAVED) {
        misbehave(moving, &branch);
        return;
    }
    world->branch = number;
    world->moved[world->moved_count++] = (struct moved){node, world->locals[node], branch.local};
    if (branch.flags & BRANCH_OUTSIDE)
        cut(moving, engine->run->nodes[node].role);
    const uint32_t effect = random_effect(world->tables, node, world->locals[node], number);
    moving->effect = world->moved_count == 1 ? effect : effect_joined(engine, moving->effect, effect);
    send_all(moving, node, &branch, came_up);
}

/* An ignored delivery takes its message out, a deferred one does not happen. */
static void deliver(struct moving *moving, const struct random_move *move)
{
    struct random_world *world = moving->world;
    const unsigned node = move->node;
    const uint8_t flags = engine_branch(&world->tables->engine, move->branches[node])->flags;
    if (flags & BRANCH_DEFERRED) {
        moving->result = RANDOM_SAME;
        return;
    }
    const unsigned from = random_message(world->tables, node, move->message).from;
    if (world_link_is_cut(world->side, from, node)) {
        moving->result = RANDOM_SAME;
        return;
    }
    if (move->action == ACTION_DELIVER && world->run->network != GS_SET)
        remove_mail(world, node, move->message, from);
    run_branch(moving, node, move->branches[node], 0);
}

static void fire(struct moving *moving, const struct random_move *move)
{
    const uint32_t branch = move->branches[move->node];
    if (engine_branch(&moving->world->tables->engine, branch)->flags & (BRANCH_HANDLED | BRANCH_MISBEHAVED))
        run_branch(moving, move->node, branch, 0);
    else
        moving->result = RANDOM_SAME;
}

/* The nodes of a host that a crash, restart or reboot moves. */
static uint64_t struck_by(const struct random_world *world, const struct random_move *move)
{
    const uint64_t host = world->run->hosts[world->run->nodes[move->node].host];
    uint64_t struck = 0;
    for (unsigned n = 0; n < world->run->node_count; n++)
        if ((host >> n & 1) && (world->up >> n & 1) == (move->action != ACTION_RESTART))
            struck |= UINT64_C(1) << n;
    return struck;
}

static void empty_mail(struct random_world *world, unsigned node)
{
    struct random_mail *mail = &world->mail[node];
    while (mail->count)
        remove_mail(world, node, mail->heads[0], random_message(world->tables, node, mail->heads[0]).from);
}

static void strike(struct moving *moving, const struct random_move *move)
{
    struct random_world *world = moving->world;
    const uint64_t struck = struck_by(world, move);
    uint64_t came_up = 0;
    if (!struck)
        moving->result = RANDOM_SAME;
    for (unsigned n = 0; n < world->run->node_count; n++)
        if ((struck >> n & 1) && world->run->network == GS_FIFO && move->action != ACTION_RESTART)
            empty_mail(world, n);
    moving->down = struck;
    for (unsigned n = 0; n < world->run->node_count && moving->result != RANDOM_MISBEHAVES; n++)
        if (struck >> n & 1) {
            if (move->action != ACTION_CRASH)
                came_up |= UINT64_C(1) << n;
            run_branch(moving, n, move->branches[n], came_up);
        }
}

/* ---- Beside nodes: budgets, the partition, monitors ---- */

static void spend(struct moving *moving, const struct random_move *move)
{
    struct random_world *world = moving->world;
    struct engine *engine = &world->tables->engine;
    const unsigned slot = engine_environment_slot(engine);
    const int fault = action_fault(move->action);
    uint32_t next = environment_spend(engine, world->values[slot], fault);
    if (next == MARK_FAILED) {
        cut(moving, BOUND_BUDGETS + (unsigned)fault);
        return;
    }
    if (move->action == ACTION_PARTITION || move->action == ACTION_HEAL) {
        struct environment environment = *environment_of(engine, next);
        if ((move->action == ACTION_HEAL) == !environment.side) {
            moving->result = RANDOM_SAME;
            return;
        }
        environment.side = move->side;
        next = environment_number(engine, &environment);
    }
    world->next[slot] = next;
}

static void feed_monitors(struct moving *moving)
{
    struct random_world *world = moving->world;
    struct engine *engine = &world->tables->engine;
    world->moves_monitor = false;
    for (unsigned m = 0; m < engine->monitor_count; m++) {
        const unsigned slot = engine_monitor_slot(engine, m);
        const uint32_t value = world->values[slot];
        uint32_t next = moving->effect ? monitor_next(engine, m, value, moving->effect) : value;
        if (next == MARK_FAILED) {
            moving->result = RANDOM_MISBEHAVES;
            monitor_explain(engine, m, value, moving->effect, world->explanation);
            return;
        }
        world->moves_monitor |= next != value;
        world->next[slot] = next;
    }
}

static bool changes_nothing(const struct random_world *world)
{
    const struct engine *engine = &world->tables->engine;
    const unsigned slot = engine_environment_slot(engine);
    bool same = !world->moves_monitor && world->next[slot] == world->values[slot];
    for (size_t i = 0; i < world->moved_count; i++)
        same &= world->moved[i].before == world->moved[i].after;
    return same && mail_is_same(world);
}

static void act(struct moving *moving, const struct random_move *move)
{
    struct random_world *world = moving->world;
    switch ((enum action)move->action) {
    case ACTION_DELIVER:
    case ACTION_DUPLICATE:
        deliver(moving, move);
        return;
    case ACTION_TIMER:
    case ACTION_LOCAL:
        fire(moving, move);
        return;
    case ACTION_DROP:
        remove_mail(world, move->node, move->message, random_message(world->tables, move->node, move->message).from);
        return;
    case ACTION_CRASH:
    case ACTION_RESTART:
    case ACTION_REBOOT:
        strike(moving, move);
        return;
    case ACTION_PARTITION:
    case ACTION_HEAL:
        return;
    case ACTION_START:
    case ACTION_COUNT:
        break;
    }
    die("no move %d", move->action);
}

static void begin(struct random_world *world)
{
    world->change_count = world->moved_count = 0;
    world->absorbed = 0;
    world->is_nondeterministic = false;
    world->moves_monitor = false;
}

/* All but keeping it. */
static enum random_result make(struct random_world *world, const struct random_move *move)
{
    struct moving moving = {.world = world, .result = RANDOM_STEP};
    begin(world);
    spend(&moving, move);
    if (moving.result == RANDOM_STEP)
        act(&moving, move);
    if (moving.result == RANDOM_STEP)
        feed_monitors(&moving);
    if (moving.result == RANDOM_STEP && changes_nothing(world))
        moving.result = RANDOM_SAME;
    return moving.result;
}

static void keep(struct random_world *world)
{
    const struct engine *engine = &world->tables->engine;
    const unsigned slots = engine_slot_count(engine);
    for (size_t i = 0; i < world->moved_count; i++)
        if (world->moved[i].after != world->moved[i].before)
            random_world_set_local(world, world->moved[i].node, world->moved[i].after);
    for (unsigned slot = world->run->node_count; slot < slots; slot++)
        world->values[slot] = world->next[slot];
}

enum random_result random_world_take(struct random_world *world, const struct random_move *move)
{
    const enum random_result result = make(world, move);
    if (result != RANDOM_STEP) {
        take_back(world);
        return result;
    }
    keep(world);
    if (move->action == ACTION_PARTITION || move->action == ACTION_HEAL)
        world->side = move->action == ACTION_HEAL ? 0 : move->side;
    world->depth++;
    return result;
}

enum random_result random_world_try(struct random_world *world, const struct random_move *move)
{
    const enum random_result result = make(world, move);
    take_back(world);
    return result;
}

enum random_result random_world_start(struct random_world *world, unsigned node, uint32_t branch)
{
    struct moving moving = {.world = world, .result = RANDOM_STEP};
    struct engine *engine = &world->tables->engine;
    const unsigned slot = engine_environment_slot(engine);
    begin(world);
    if (engine_branch(engine, branch)->flags & BRANCH_MISBEHAVED) {
        misbehave(&moving, engine_branch(engine, branch));
        return moving.result;
    }
    const struct branch taken = *engine_branch(engine, branch);
    world->moved[world->moved_count++] = (struct moved){node, world->locals[node], taken.local};
    moving.effect = random_new_effect(world->tables, node, world->locals[node], branch, false);
    send_all(&moving, node, &taken, 0);
    if (moving.result == RANDOM_STEP)
        feed_monitors(&moving);
    if (moving.result != RANDOM_STEP) {
        take_back(world);
        return moving.result;
    }
    world->next[slot] = world->values[slot];
    keep(world);
    return RANDOM_STEP;
}

/* ---- As an event ---- */

static void append_choices(const struct random_world *world, uint32_t number, struct event *event)
{
    const struct engine *engine = &world->tables->engine;
    successor_append_choices(engine, engine_branch(engine, number), event);
}

void random_world_event(const struct random_world *world, const struct random_move *move, struct event *event)
{
    const struct engine *engine = &world->tables->engine;
    const struct transition transition = {
        .action = move->action,
        .origin = move->action == ACTION_TIMER || move->action == ACTION_LOCAL ? move->own : move->message,
        .branch = UINT32_MAX};
    if (move->action == ACTION_PARTITION || move->action == ACTION_HEAL) {
        *event = (struct event){.action = move->action, .side = move->side};
        return;
    }
    transition_event(engine, move->node, &transition, event);
    if (move->action == ACTION_CRASH || move->action == ACTION_DROP)
        return;
    const bool is_strike = move->action == ACTION_RESTART || move->action == ACTION_REBOOT;
    const uint64_t moved = is_strike ? struck_by(world, move) : UINT64_C(1) << move->node;
    for (unsigned n = 0; n < world->run->node_count; n++)
        if (moved >> n & 1)
            append_choices(world, move->branches[n], event);
}
