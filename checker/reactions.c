/* Reactions: each (local state, event) runs its handler once per branch of its choices and is remembered. */
#include <string.h>

#include "checker/configurations.h"
#include "checker/numbers.h"
#include "checker/reactions.h"
#include "core/die.h"

static void remember_sends(struct engine *engine, unsigned node, struct branch *branch)
{
    const struct outcome *outcome = &engine->outcome;
    const size_t stride = inbox_stride(engine->run), count = outcome_send_count(engine->run, outcome);
    numbers_must_suffice(engine->send_count, count, "messages sent by handlers");
    must(count <= UINT16_MAX);
    branch->sends = engine->send_count;
    branch->send_count = (uint16_t)count;
    engine->sends = retired_grow(&engine->retired, engine->sends, &engine->send_capacity, engine->send_count + count,
                                 sizeof(struct sent));
    for (size_t i = 0; i < count; i++) {
        uint8_t *entry = outcome->sends.data + i * stride;
        const uint8_t to = (uint8_t)(entry[0] - 1);
        entry[0] = node_of(node).tag; /* an inbox names the sender where the outcome names the receiver */
        engine->sends[engine->send_count++] = (struct sent){message_number(engine, to, entry), to};
    }
}

static void remember_choices(struct engine *engine, struct branch *branch)
{
    const struct outcome *outcome = &engine->outcome;
    numbers_must_suffice(engine->choice_count, outcome->choice_count, "choices of handlers");
    branch->choices = engine->choice_count;
    branch->choice_count = (uint8_t)outcome->choice_count;
    engine->choices = retired_grow(&engine->retired, engine->choices, &engine->choice_capacity,
                                   engine->choice_count + outcome->choice_count, sizeof(uint16_t));
    for (unsigned i = 0; i < outcome->choice_count; i++)
        engine->choices[engine->choice_count++] = outcome->choices[i];
}

/* Asks the role's bound about a changed local state; START before the first step is not asked about. */
static void ask_within(struct engine *engine, unsigned node, const struct event *event, uint32_t before,
                       struct branch *branch)
{
    char explanation[EXPLANATION_SIZE];
    if (event->action == ACTION_START || before == branch->local)
        return;
    switch (local_within(engine->run, node, local_bytes(engine, node, branch->local), explanation)) {
    case WITHIN:
        return;
    case WITHIN_NOT:
        branch->flags |= BRANCH_OUTSIDE;
        return;
    case WITHIN_FAILED:
        branch->flags |= BRANCH_MISBEHAVED;
        branch->explanation = intern(&engine->explanations, explanation, strlen(explanation) + 1);
        return;
    }
}

static void remember_branch(struct engine *engine, unsigned node, uint32_t local, const struct event *event)
{
    const struct outcome *outcome = &engine->outcome;
    struct branch branch = {.local = local};
    remember_choices(engine, &branch);
    if (outcome->misbehaved) {
        branch.flags = outcome->nondeterministic ? BRANCH_MISBEHAVED | BRANCH_NONDETERMINISTIC : BRANCH_MISBEHAVED;
        branch.explanation = intern(&engine->explanations, outcome->explanation, strlen(outcome->explanation) + 1);
    } else if (outcome->handled) {
        branch.flags = BRANCH_HANDLED;
        branch.local = intern(&engine->nodes[node].locals, outcome->local.data, outcome->local.size);
        branch.announcements = intern(&engine->announcements, outcome->announcements.data, outcome->announcements.size);
        remember_sends(engine, node, &branch);
        ask_within(engine, node, event, local, &branch);
    } else if (outcome->deferred) {
        branch.flags = BRANCH_DEFERRED;
    }
    numbers_must_suffice(engine->branch_count, 1, "branches of handlers");
    engine->branches = retired_grow(&engine->retired, engine->branches, &engine->branch_capacity,
                                    engine->branch_count + 1u, sizeof(struct branch));
    if (engine->notes_timers) {
        engine->timers_set = die_grow(engine->timers_set, &engine->timer_capacity, engine->branch_count + 1u,
                                      sizeof(*engine->timers_set));
        engine->timers_set[engine->branch_count] = branch.flags & BRANCH_HANDLED ? outcome->timers_set : 0;
    }
    *engine_branch(engine, engine->branch_count++) = branch;
}

static uint32_t add_reaction(struct engine *engine, const struct reaction *reaction)
{
    numbers_must_suffice(engine->reaction_count, 1, "reactions");
    engine->reactions = retired_grow(&engine->retired, engine->reactions, &engine->reaction_capacity,
                                     engine->reaction_count + 1u, sizeof(struct reaction));
    *engine_reaction(engine, engine->reaction_count) = *reaction;
    engine_reaction(engine, engine->reaction_count)->count = engine->branch_count - reaction->first;
    return engine->reaction_count++;
}

static void show_clock(const struct engine *engine, unsigned node, struct event *event)
{
    if (!engine->clock)
        return;
    event->has_clock = true;
    event->clock = engine->clock->show(engine->clock->context, node);
}

/* Runs every branch. The event's message, if any, is the interned one. */
static uint32_t react(struct engine *engine, unsigned node, uint32_t local, struct event event)
{
    struct reaction reaction = {.first = engine->branch_count, .local = local, .node = (uint8_t)node, .event = event};
    show_clock(engine, node, &event);
    do {
        step_run(engine->run, node, local_bytes(engine, node, local), &event, &engine->outcome);
        engine->handler_calls += 2;
        reaction.reads_clock |= engine->outcome.read_clock;
        if (engine->clock)
            engine->clock->was_asked |= engine->outcome.asked_time;
        remember_branch(engine, node, local, &event);
    } while (step_next_branch(&engine->outcome, &event));
    return add_reaction(engine, &reaction);
}

uint32_t reaction_now(struct engine *engine, uint32_t number)
{
    const struct reaction reaction = *engine_reaction(engine, number);
    if (!reaction.reads_clock || !engine->clock)
        return number;
    engine_lock(engine);
    const uint32_t now = react(engine, reaction.node, reaction.local, reaction.event);
    engine_unlock(engine);
    return now;
}

uint32_t reaction_to_start(struct engine *engine, unsigned node, uint32_t local)
{
    engine_lock(engine);
    const uint32_t reaction = react(engine, node, local, (struct event){.action = ACTION_START, .node = node_of(node)});
    engine_unlock(engine);
    return reaction;
}

static struct event delivery_of(const struct engine *engine, unsigned node, uint32_t message)
{
    const uint8_t *entry = interned_value(&engine->nodes[node].messages, message).data;
    return (struct event){.action = ACTION_DELIVER,
                          .type = entry[1],
                          .node = node_of(node),
                          .from = (gs_node){entry[0]},
                          .message = entry + 1};
}

uint32_t reaction_to_message(struct engine *engine, unsigned node, uint32_t local, uint32_t message)
{
    struct pair_map *known = &engine->nodes[node].reactions;
    engine_lock(engine);
    uint32_t reaction = pair_map_get(known, pair_of(local, message));
    if (reaction == PAIR_ABSENT) {
        reaction = react(engine, node, local, delivery_of(engine, node, message));
        pair_map_set(known, pair_of(local, message), reaction);
    }
    engine_unlock(engine);
    return reaction;
}

/* The facts of a local state; those of new ones are blank. */
static struct local_facts *facts_of(struct engine *engine, unsigned node, uint32_t local)
{
    struct node_tables *tables = &engine->nodes[node];
    tables->facts =
        retired_grow(&engine->retired, tables->facts, &tables->fact_capacity, local + 1u, sizeof(struct local_facts));
    for (; tables->fact_count <= local; tables->fact_count++)
        tables->facts[tables->fact_count] = (struct local_facts){UINT32_MAX, 0, UINT32_MAX, UINT32_MAX, UINT32_MAX};
    return &tables->facts[local];
}

static uint32_t crash(struct engine *engine, unsigned node, uint32_t local)
{
    const struct reaction reaction = {.first = engine->branch_count,
                                      .local = local,
                                      .node = (uint8_t)node,
                                      .event = {.action = ACTION_CRASH, .node = node_of(node)}};
    engine->outcome.local.size = engine->outcome.sends.size = engine->outcome.announcements.size = 0;
    engine->outcome.handled = true;
    engine->outcome.deferred = engine->outcome.misbehaved = false;
    engine->outcome.choice_count = 0;
    engine->outcome.timers_set = 0;
    local_crash(engine->run, node, local_bytes(engine, node, local), &engine->outcome.local);
    remember_branch(engine, node, local, &reaction.event);
    return add_reaction(engine, &reaction);
}

static uint32_t fault_reaction(struct engine *engine, unsigned node, uint32_t local, enum action action)
{
    const struct local_facts *facts = facts_of(engine, node, local);
    uint32_t reaction = action == ACTION_CRASH     ? facts->crash
                        : action == ACTION_RESTART ? facts->restart
                                                   : facts->reboot;
    if (reaction != UINT32_MAX)
        return reaction;
    reaction = action == ACTION_CRASH
                   ? crash(engine, node, local)
                   : react(engine, node, local, (struct event){.action = (uint8_t)action, .node = node_of(node)});
    struct local_facts *fresh = facts_of(engine, node, local);
    *(action == ACTION_CRASH ? &fresh->crash : action == ACTION_RESTART ? &fresh->restart : &fresh->reboot) = reaction;
    return reaction;
}

uint32_t reaction_to_fault(struct engine *engine, unsigned node, uint32_t local, enum action action)
{
    engine_lock(engine);
    const uint32_t reaction = fault_reaction(engine, node, local, action);
    engine_unlock(engine);
    return reaction;
}

static void add_own_event(void *context, const struct event *event)
{
    struct engine *engine = context;
    numbers_must_suffice(engine->own_count, 1, "timers and local events in local states");
    engine->own_events = retired_grow(&engine->retired, engine->own_events, &engine->own_capacity,
                                      engine->own_count + 1u, sizeof(struct own_event));
    *engine_own_event(engine, engine->own_count++) = (struct own_event){.event = *event};
}

struct local_facts own_reactions(struct engine *engine, unsigned node, uint32_t local)
{
    if (facts_of(engine, node, local)->own_first != UINT32_MAX)
        return *facts_of(engine, node, local);
    const uint32_t first = engine->own_count;
    local_visit_own(engine->run, node, local_bytes(engine, node, local), add_own_event, engine);
    for (uint32_t i = first; i < engine->own_count; i++)
        engine_own_event(engine, i)->reaction = react(engine, node, local, engine_own_event(engine, i)->event);
    struct local_facts *facts = facts_of(engine, node, local);
    facts->own_first = first;
    facts->own_count = engine->own_count - first;
    return *facts;
}

/* ---- Audit ---- */

static bool bytes_are(const struct bytes *bytes, struct interned value)
{
    return bytes->size == value.size && (!value.size || memcmp(bytes->data, value.data, value.size) == 0);
}

static bool sends_are(const struct engine *engine, const struct branch *branch)
{
    const size_t stride = inbox_stride(engine->run);
    for (uint32_t i = 0; i < branch->send_count; i++) {
        const struct sent *sent = &branch_sends(engine, branch)[i];
        const uint8_t *send = engine->outcome.sends.data + i * stride;
        const uint8_t *entry = interned_value(&engine->nodes[sent->to].messages, sent->message).data;
        if (send[0] - 1 != sent->to || memcmp(send + 1, entry + 1, engine->run->model->message_size) != 0)
            return false;
    }
    return outcome_send_count(engine->run, &engine->outcome) == branch->send_count;
}

/* Does the outcome now equal the remembered branch? One whose `within` failed was handled all the same. */
static bool branch_is(const struct engine *engine, unsigned node, const struct branch *branch)
{
    const struct outcome *outcome = &engine->outcome;
    if (!(branch->flags & BRANCH_HANDLED))
        return outcome->misbehaved == !!(branch->flags & BRANCH_MISBEHAVED) &&
               (outcome->misbehaved || (!outcome->handled && outcome->deferred == !!(branch->flags & BRANCH_DEFERRED)));
    return !outcome->misbehaved && outcome->handled && outcome->choice_count == branch->choice_count &&
           bytes_are(&outcome->local, interned_value(&engine->nodes[node].locals, branch->local)) &&
           bytes_are(&outcome->announcements, interned_value(&engine->announcements, branch->announcements)) &&
           sends_are(engine, branch);
}

/* Runs one branch of a reaction again. */
static bool audit_branch(struct engine *engine, const struct reaction *reaction, uint32_t number)
{
    const struct branch *branch = engine_branch(engine, number);
    struct event event = reaction->event;
    event.choice_count = branch->choice_count;
    for (unsigned i = 0; i < branch->choice_count; i++)
        event.choices[i] = branch_choices(engine, branch)[i];
    step_run(engine->run, reaction->node, local_bytes(engine, reaction->node, reaction->local), &event,
             &engine->outcome);
    engine->handler_calls += 2;
    return branch_is(engine, reaction->node, branch);
}

bool reactions_audit(struct engine *engine, char *explanation, size_t size)
{
    for (uint32_t r = engine->reaction_count; r-- > 0;) {
        const struct reaction *reaction = engine_reaction(engine, r);
        if (reaction->event.action == ACTION_CRASH)
            continue; /* no handler runs */
        for (uint32_t b = reaction->count; b-- > 0;) {
            if (audit_branch(engine, reaction, reaction->first + b))
                continue;
            snprintf(explanation, size,
                     "nondeterministic handler: %s, on %s: run again at the end (--audit), it does something else",
                     engine->run->nodes[reaction->node].name, event_name(engine->run, &reaction->event));
            return false;
        }
    }
    return true;
}
