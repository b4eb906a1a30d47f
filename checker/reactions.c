/* Reactions: each (local state, event) runs its handler once per branch of its choices and is remembered. */
#include <string.h>

#include "checker/engine.h"
#include "core/die.h"

static void remember_sends(struct engine *engine, unsigned node, struct branch *branch)
{
    const struct outcome *outcome = &engine->outcome;
    const size_t stride = inbox_stride(engine->run), count = outcome_send_count(engine->run, outcome);
    branch->sends = engine->send_count;
    branch->send_count = (uint16_t)count;
    engine->sends = die_grow(engine->sends, &engine->send_capacity, engine->send_count + count, sizeof(*engine->sends));
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
    branch->choices = engine->choice_count;
    branch->choice_count = (uint8_t)outcome->choice_count;
    engine->choices = die_grow(engine->choices, &engine->choice_capacity, engine->choice_count + outcome->choice_count,
                               sizeof(*engine->choices));
    for (unsigned i = 0; i < outcome->choice_count; i++)
        engine->choices[engine->choice_count++] = outcome->choices[i];
}

/* Asks the role's bound about a changed local state; START before the first step is not asked about. */
static void ask_within(struct engine *engine, unsigned node, const struct event *event, uint32_t before,
                       struct branch *branch)
{
    char explanation[STEP_EXPLANATION_SIZE];
    if (event->action == ACTION_START || before == branch->local)
        return;
    switch (step_within(engine->run, node, local_bytes(engine, node, branch->local), explanation)) {
    case WITHIN:
        return;
    case WITHIN_NOT:
        branch->flags |= BRANCH_OUTSIDE;
        return;
    case WITHIN_FAILED:
        branch->flags = BRANCH_MISBEHAVED;
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
        branch.flags = BRANCH_MISBEHAVED;
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
    engine->branches =
        die_grow(engine->branches, &engine->branch_capacity, engine->branch_count + 1u, sizeof(*engine->branches));
    engine->branches[engine->branch_count++] = branch;
}

static uint32_t add_reaction(struct engine *engine, uint32_t first)
{
    engine->reactions = die_grow(engine->reactions, &engine->reaction_capacity, engine->reaction_count + 1u,
                                 sizeof(*engine->reactions));
    engine->reactions[engine->reaction_count] = (struct reaction){first, engine->branch_count - first};
    return engine->reaction_count++;
}

/* Runs every branch. The event's message, if any, is the interned one. */
static uint32_t react(struct engine *engine, unsigned node, uint32_t local, struct event event)
{
    const uint32_t first = engine->branch_count;
    do {
        step_run(engine->run, node, local_bytes(engine, node, local), &event, &engine->outcome);
        engine->handler_calls += 2;
        remember_branch(engine, node, local, &event);
    } while (step_next_branch(&engine->outcome, &event));
    return add_reaction(engine, first);
}

uint32_t reaction_to_start(struct engine *engine, unsigned node, uint32_t local)
{
    return react(engine, node, local, (struct event){.action = ACTION_START, .node = node_of(node)});
}

static struct event delivery_of(const struct engine *engine, unsigned node, uint32_t message)
{
    const uint8_t *entry = engine->nodes[node].messages.values[message].data;
    return (struct event){.action = ACTION_DELIVER,
                          .type = entry[1],
                          .node = node_of(node),
                          .from = (gs_node){entry[0]},
                          .message = entry + 1};
}

uint32_t reaction_to_message(struct engine *engine, unsigned node, uint32_t local, uint32_t message)
{
    struct pair_map *known = &engine->nodes[node].reactions;
    uint32_t reaction = pair_map_get(known, pair_of(local, message));
    if (reaction == PAIR_ABSENT) {
        reaction = react(engine, node, local, delivery_of(engine, node, message));
        pair_map_set(known, pair_of(local, message), reaction);
    }
    return reaction;
}

/* The facts of a local state; those of new ones are blank. */
static struct local_facts *facts_of(struct engine *engine, unsigned node, uint32_t local)
{
    struct node_tables *tables = &engine->nodes[node];
    tables->facts = die_grow(tables->facts, &tables->fact_capacity, local + 1u, sizeof(*tables->facts));
    for (; tables->fact_count <= local; tables->fact_count++)
        tables->facts[tables->fact_count] = (struct local_facts){UINT32_MAX, 0, UINT32_MAX, UINT32_MAX, UINT32_MAX};
    return &tables->facts[local];
}

static uint32_t crash(struct engine *engine, unsigned node, uint32_t local)
{
    const uint32_t first = engine->branch_count;
    engine->outcome.local.size = engine->outcome.sends.size = engine->outcome.announcements.size = 0;
    engine->outcome.handled = true;
    engine->outcome.deferred = engine->outcome.misbehaved = false;
    engine->outcome.choice_count = 0;
    step_crash(engine->run, node, local_bytes(engine, node, local), &engine->outcome.local);
    remember_branch(engine, node, local, &(struct event){.action = ACTION_CRASH, .node = node_of(node)});
    return add_reaction(engine, first);
}

uint32_t reaction_to_fault(struct engine *engine, unsigned node, uint32_t local, enum action action)
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

struct own_visit {
    struct engine *engine;
};

static void add_own_event(void *context, const struct event *event)
{
    struct engine *engine = ((struct own_visit *)context)->engine;
    engine->own_events =
        die_grow(engine->own_events, &engine->own_capacity, engine->own_count + 1u, sizeof(*engine->own_events));
    engine->own_events[engine->own_count++] = (struct own_event){.event = *event};
}

const struct local_facts *own_reactions(struct engine *engine, unsigned node, uint32_t local)
{
    if (facts_of(engine, node, local)->own_first != UINT32_MAX)
        return facts_of(engine, node, local);
    const uint32_t first = engine->own_count;
    struct own_visit visit = {engine};
    step_visit_own(engine->run, node, local_bytes(engine, node, local), add_own_event, &visit);
    for (uint32_t i = first; i < engine->own_count; i++)
        engine->own_events[i].reaction = react(engine, node, local, engine->own_events[i].event);
    struct local_facts *facts = facts_of(engine, node, local);
    facts->own_first = first;
    facts->own_count = engine->own_count - first;
    return facts;
}

/* ---- Audit ---- */

static bool bytes_are(const struct bytes *bytes, struct interned value)
{
    return bytes->size == value.size && (!value.size || memcmp(bytes->data, value.data, value.size) == 0);
}

/* Does the outcome now equal the remembered branch? */
static bool branch_is(struct engine *engine, unsigned node, const struct branch *branch)
{
    const struct outcome *outcome = &engine->outcome;
    if (branch->flags & BRANCH_MISBEHAVED)
        return outcome->misbehaved;
    if (!(branch->flags & BRANCH_HANDLED))
        return !outcome->misbehaved && !outcome->handled;
    if (outcome->misbehaved || !outcome->handled || outcome_send_count(engine->run, outcome) != branch->send_count ||
        !bytes_are(&outcome->local, engine->nodes[node].locals.values[branch->local]) ||
        !bytes_are(&outcome->announcements, engine->announcements.values[branch->announcements]))
        return false;
    for (uint32_t i = 0; i < branch->send_count; i++) {
        const struct sent *sent = &engine->sends[branch->sends + i];
        const uint8_t *send = outcome->sends.data + i * inbox_stride(engine->run);
        const uint8_t *entry = engine->nodes[sent->to].messages.values[sent->message].data;
        if (send[0] - 1 != sent->to || memcmp(send + 1, entry + 1, engine->run->model->message_size) != 0)
            return false;
    }
    return true;
}

static bool audit(struct engine *engine, unsigned node, uint32_t local, uint32_t reaction, struct event event,
                  char *explanation, size_t size)
{
    const struct reaction r = engine->reactions[reaction];
    for (uint32_t i = r.count; i-- > 0;) {
        const struct branch *branch = &engine->branches[r.first + i];
        event.choice_count = branch->choice_count;
        memcpy(event.choices, engine->choices + branch->choices, branch->choice_count * sizeof(event.choices[0]));
        step_run(engine->run, node, local_bytes(engine, node, local), &event, &engine->outcome);
        engine->handler_calls += 2;
        if (branch_is(engine, node, branch))
            continue;
        snprintf(explanation, size,
                 "nondeterministic handler: %s, on %s: run again at the end (--audit), it does something else",
                 engine->run->nodes[node].name, event_name(engine->run, &event));
        return false;
    }
    return true;
}

static bool audit_node(struct engine *engine, unsigned node, char *explanation, size_t size)
{
    const struct node_tables *tables = &engine->nodes[node];
    for (uint64_t i = tables->reactions.size; i-- > 0;) {
        const struct pair_entry *entry = &tables->reactions.entries[i];
        if (entry->value != PAIR_ABSENT && !audit(engine, node, (uint32_t)(entry->key >> 32), entry->value,
                                                  delivery_of(engine, node, (uint32_t)entry->key), explanation, size))
            return false;
    }
    for (uint32_t local = tables->fact_count; local-- > 0;) {
        const struct local_facts facts = tables->facts[local];
        for (uint32_t i = facts.own_first == UINT32_MAX ? 0 : facts.own_count; i-- > 0;) {
            const struct own_event own = engine->own_events[facts.own_first + i];
            if (!audit(engine, node, local, own.reaction, own.event, explanation, size))
                return false;
        }
    }
    return true;
}

bool reactions_audit(struct engine *engine, char *explanation, size_t size)
{
    for (unsigned node = engine->run->node_count; node-- > 0;)
        if (!audit_node(engine, node, explanation, size))
            return false;
    return true;
}
