/* Candidates are counted node by node, so that one can be drawn without listing them. */
#include "checker/random_moves.h"

#include "checker/reactions.h"
#include "core/die.h"

static const struct reaction *reaction_at_present(struct engine *engine, uint32_t number)
{
    const struct reaction *reaction = engine_reaction(engine, number);
    return reaction->reads_clock ? engine_reaction(engine, reaction_now(engine, number)) : reaction;
}

/* ---- Candidates ---- */

uint32_t random_candidate_count(const struct random_world *world)
{
    uint32_t count = 0;
    for (unsigned n = 0; n < world->run->node_count; n++)
        count += random_node_candidates(world, n);
    return count;
}

static struct random_candidate mail_candidate(const struct random_world *world, unsigned node, uint32_t message)
{
    const struct message_card card = random_message(world->tables, node, message);
    return (struct random_candidate){.node = (uint8_t)node,
                                     .action = ACTION_DELIVER,
                                     .type = card.type,
                                     .from = card.from,
                                     .message = message,
                                     .reaction = UINT32_MAX};
}

static struct random_candidate own_candidate(unsigned node, struct own_choice own)
{
    return (struct random_candidate){
        .node = (uint8_t)node, .action = own.action, .type = own.type, .own = own.own, .reaction = own.reaction};
}

struct random_candidate random_candidate_of(const struct random_world *world, unsigned node, uint32_t place)
{
    const struct random_mail *mail = &world->mail[node];
    return place < mail->count ? mail_candidate(world, node, mail->heads[place])
                               : own_candidate(node, random_own_at(world, node, place - mail->count));
}

struct random_candidate random_candidate_at(const struct random_world *world, uint32_t number)
{
    for (unsigned n = 0; n < world->run->node_count; n++) {
        const uint32_t count = random_node_candidates(world, n);
        if (number < count)
            return random_candidate_of(world, n, number);
        number -= count;
    }
    die("no candidate %u", (unsigned)number);
}

/* Its branches, of which one is drawn. */
struct branches {
    uint32_t first, count;
};

/* Its reaction and DELIVERY_BRANCHES, or without that bit its only branch. */
static uint32_t reaction_of(const struct random_world *world, const struct random_candidate *candidate)
{
    const unsigned node = candidate->node;
    return candidate->reaction == UINT32_MAX
               ? random_delivery(world->tables, node, world->locals[node], candidate->message)
               : candidate->reaction | DELIVERY_BRANCHES;
}

static struct branches branches_of(const struct random_world *world, const struct random_candidate *candidate)
{
    const uint32_t number = reaction_of(world, candidate);
    if (!(number & DELIVERY_BRANCHES))
        return (struct branches){number, 1};
    const struct reaction *reaction = reaction_at_present(&world->tables->engine, number & ~DELIVERY_BRANCHES);
    return (struct branches){reaction->first, reaction->count};
}

static void fill(const struct random_candidate *candidate, uint32_t branch, struct random_move *move)
{
    move->action = candidate->action;
    move->node = candidate->node;
    move->message = candidate->message;
    move->own = candidate->own;
    move->side = 0;
    move->branches[candidate->node] = branch;
}

void random_candidate_move(const struct random_world *world, const struct random_candidate *candidate,
                           struct random_stream *stream, struct random_move *move)
{
    const struct branches branches = branches_of(world, candidate);
    fill(candidate, branches.first + (branches.count > 1 ? random_below(stream, branches.count) : 0), move);
}

/* ---- All of them ---- */

/* Tries every branch of every candidate until visit says false. */
typedef bool try_visitor(void *context, const struct random_move *move, enum random_result result);

static bool try_candidate(struct random_world *world, const struct random_candidate *candidate, try_visitor *visit,
                          void *context)
{
    const struct branches branches = branches_of(world, candidate);
    for (uint32_t b = branches.first; b < branches.first + branches.count; b++) {
        struct random_move move;
        fill(candidate, b, &move);
        if (!visit(context, &move, random_world_try(world, &move)))
            return false;
    }
    return true;
}

static bool try_all(struct random_world *world, try_visitor *visit, void *context)
{
    const uint32_t count = random_candidate_count(world);
    for (uint32_t i = 0; i < count; i++) {
        const struct random_candidate candidate = random_candidate_at(world, i);
        if (!try_candidate(world, &candidate, visit, context))
            return false;
    }
    return true;
}

static bool keep_move(void *context, const struct random_move *move, enum random_result result)
{
    struct random_move_list *list = context;
    if (result != RANDOM_STEP && result != RANDOM_MISBEHAVES)
        return true;
    list->items = die_grow(list->items, &list->capacity, list->count + 1, sizeof(*list->items));
    list->items[list->count++] = *move;
    return true;
}

void random_moves_list(struct random_world *world, struct random_move_list *list)
{
    list->count = 0;
    try_all(world, keep_move, list);
}

static bool disturbs_nothing(void *context, const struct random_move *move, enum random_result result)
{
    (void)context;
    (void)move;
    return result == RANDOM_SAME;
}

/* Does a bound cut what is not among the candidates: a timer that only its budget holds back, or what only `within`
 * forbids? */
static bool is_cut(const struct random_world *world)
{
    bool cut = false;
    for (unsigned n = 0; n < world->run->node_count; n++) {
        const bool holds_timers = !random_has_budget(world, GS_TIMEOUT) && world->own_count[n] > world->local_count[n];
        cut |= random_is_up(world, n) && (holds_timers || random_card_of(world, n)->outside);
    }
    return cut;
}

/* Does a handler read the clock, which may do something later? */
static bool waits_for_time(struct random_world *world)
{
    const struct engine *engine = &world->tables->engine;
    const uint32_t count = engine->clock ? random_candidate_count(world) : 0;
    bool waits = false;
    for (uint32_t i = 0; i < count && !waits; i++) {
        const struct random_candidate candidate = random_candidate_at(world, i);
        const uint32_t number = reaction_of(world, &candidate);
        waits = (number & DELIVERY_BRANCHES) && engine_reaction(engine, number & ~DELIVERY_BRANCHES)->reads_clock;
    }
    return waits;
}

bool random_is_quiescent(struct random_world *world)
{
    return !world->side && !is_cut(world) && !waits_for_time(world) && try_all(world, disturbs_nothing, NULL);
}

/* ---- Faults ---- */

static bool draw_mail(const struct random_world *world, enum action action, struct random_stream *stream,
                      struct random_move *move)
{
    uint32_t count = 0;
    for (unsigned n = 0; n < world->run->node_count; n++)
        if (action == ACTION_DROP || random_is_up(world, n))
            count += world->mail[n].count;
    if (!count)
        return false;
    uint32_t number = random_below(stream, count);
    for (unsigned n = 0;; n++) {
        if (action != ACTION_DROP && !random_is_up(world, n))
            continue;
        if (number < world->mail[n].count) {
            const struct random_candidate candidate = mail_candidate(world, n, world->mail[n].heads[number]);
            if (action == ACTION_DROP)
                fill(&candidate, UINT32_MAX, move); /* no handler runs, and the receiver may be down */
            else
                random_candidate_move(world, &candidate, stream, move);
            move->action = (uint8_t)action;
            return true;
        }
        number -= world->mail[n].count;
    }
}

static void draw_branches(const struct random_world *world, struct random_stream *stream, struct random_move *move)
{
    struct engine *engine = &world->tables->engine;
    const unsigned host = world->run->nodes[move->node].host;
    for (unsigned n = 0; n < world->run->node_count; n++) {
        if (world->run->nodes[n].host != host || random_is_up(world, n) != (move->action != ACTION_RESTART))
            continue;
        const uint32_t number = reaction_to_fault(engine, n, world->locals[n], (enum action)move->action);
        const struct reaction *reaction = reaction_at_present(engine, number);
        move->branches[n] = reaction->first + random_below(stream, reaction->count);
    }
}

/* A host of which some node is up (to be restarted: down). */
static bool draw_host(const struct random_world *world, enum action action, struct random_stream *stream,
                      struct random_move *move)
{
    const struct gs_run *run = world->run;
    uint64_t hosts = 0;
    unsigned count = 0;
    for (unsigned n = 0; n < run->node_count; n++)
        if (random_is_up(world, n) == (action != ACTION_RESTART))
            hosts |= UINT64_C(1) << run->nodes[n].host;
    for (unsigned host = 0; host < run->host_count; host++)
        count += (unsigned)(hosts >> host & 1);
    if (!count)
        return false;
    unsigned host = 0;
    for (uint32_t left = random_below(stream, count);; host++)
        if ((hosts >> host & 1) && !left--)
            break;
    unsigned node = 0;
    while (run->nodes[node].host != host)
        node++;
    move->node = (uint8_t)node;
    draw_branches(world, stream, move);
    return true;
}

static bool draw_split(const struct random_world *world, struct random_stream *stream, struct random_move *move)
{
    const struct engine *engine = &world->tables->engine;
    if (world->side || !engine->split_count)
        return false;
    move->side = engine->splits[random_below(stream, (uint32_t)engine->split_count)];
    return true;
}

bool random_draw_fault(const struct random_world *world, enum action action, struct random_stream *stream,
                       struct random_move *move)
{
    const int fault = action_fault(action);
    move->action = (uint8_t)action;
    move->node = 0;
    move->message = move->own = 0;
    move->side = 0;
    if (fault != GS_FAULTS && !random_has_budget(world, fault))
        return false;
    switch (action) {
    case ACTION_DROP:
    case ACTION_DUPLICATE:
        return draw_mail(world, action, stream, move);
    case ACTION_CRASH:
    case ACTION_RESTART:
    case ACTION_REBOOT:
        return draw_host(world, action, stream, move);
    case ACTION_PARTITION:
        return draw_split(world, stream, move);
    case ACTION_HEAL:
        return world->side != 0;
    default:
        die("%d is no fault", action);
    }
}
