/* Predicates of random properties: true or not by a hash of everything that their scope shows, so that whatever a
 * search shows wrongly, or not at all, changes the result sooner or later. */
#include <assert.h>

#include "tests/reference/random_spec.h"

static uint64_t hash_node(uint64_t hash, struct gs_view *v, gs_node node)
{
    const struct gs_role *role = &random_selected()->model.roles[gs_role(v, node)];
    const bool is_up = gs_is_up(v, node);
    hash = random_hash(hash, &node, sizeof(node));
    hash = random_hash(hash, &is_up, sizeof(is_up));
    return random_hash(hash, gs_state(v, node), role->size);
}

static uint64_t hash_role(uint64_t hash, struct gs_view *v, int role)
{
    for (GS_EACH(node, gs_nodes(v, role)))
        hash = hash_node(hash, v, node);
    return hash;
}

static uint64_t hash_this(uint64_t hash, struct gs_view *v)
{
    assert(gs_this(v) == gs_state(v, gs_this_node(v)));
    return hash_node(hash, v, gs_this_node(v));
}

static uint64_t hash_message(uint64_t hash, struct gs_view *v)
{
    const gs_node ends[] = {gs_sender(v), gs_receiver(v)};
    hash = random_hash(hash, ends, sizeof(ends));
    return random_hash(hash, gs_message(v), random_selected()->model.message_size);
}

static uint64_t hash_monitor(uint64_t hash, struct gs_view *v, unsigned monitor)
{
    return random_hash(hash, gs_monitor_value(v), random_selected()->monitor[monitor].shape.size);
}

static uint64_t hash_step(uint64_t hash, struct gs_view *v)
{
    const struct gs_role *role = &random_selected()->model.roles[gs_role(v, gs_this_node(v))];
    const bool was_up = gs_was_up(v);
    hash = random_hash(hash, &was_up, sizeof(was_up));
    return random_hash(hash_this(hash, v), gs_before(v), role->size);
}

static uint64_t hash_view(const struct property_spec *spec, struct gs_view *v)
{
    const struct gs_property *property = spec->property;
    uint64_t hash = spec->salt;
    switch ((enum gs_scope)property->scope) {
    case GS_SCOPE_ALL_NODES:
        for (unsigned r = 0; r < random_selected()->roles; r++)
            hash = hash_role(hash, v, (int)r);
        return hash;
    case GS_SCOPE_NODE:
        return hash_this(hash, v);
    case GS_SCOPE_PAIR:
        assert(gs_that(v) == gs_state(v, gs_that_node(v)));
        return hash_node(hash_this(hash, v), v, gs_that_node(v));
    case GS_SCOPE_ROLE:
        return hash_role(hash, v, property->role);
    case GS_SCOPE_MESSAGE:
        return hash_message(hash, v);
    case GS_SCOPE_MESSAGE_RECEIVER:
        return hash_message(hash_this(hash, v), v);
    case GS_SCOPE_MONITOR:
        return hash_monitor(hash, v, spec->monitor);
    case GS_SCOPE_MONITOR_NODE:
        return hash_monitor(hash_this(hash, v), v, spec->monitor);
    case GS_SCOPE_STEP:
        return hash_step(hash, v);
    case GS_SCOPE_STEP_ROLE:
        return hash_step(hash_role(hash, v, property->other_role), v);
    }
    return hash;
}

static bool evaluate(struct gs_view *v, unsigned number)
{
    const struct property_spec *spec = &random_selected()->property[number];
    const uint64_t hash = hash_view(spec, v);
    const bool hit = spec->modulus && hash % spec->modulus == 0;
    if (spec->property->kind == GS_REACHABLE)
        return hit;
    if (spec->premise && !gs_premise(v, random_mix(hash) % spec->premise == 0))
        return true;
    return !hit || gs_explain(v, "the hash %llu is a multiple of %u", (unsigned long long)hash, spec->modulus);
}

#define PREDICATE(number)                             \
    static bool predicate_##number(struct gs_view *v) \
    {                                                 \
        return evaluate(v, number);                   \
    }
PREDICATE(0)
PREDICATE(1)
PREDICATE(2)
PREDICATE(3)
PREDICATE(4)
PREDICATE(5)
PREDICATE(6)
PREDICATE(7)
PREDICATE(8)
PREDICATE(9)
PREDICATE(10)
PREDICATE(11)

gs_predicate *const random_predicates[SPEC_PROPERTIES] = {
    predicate_0, predicate_1, predicate_2, predicate_3, predicate_4,  predicate_5,
    predicate_6, predicate_7, predicate_8, predicate_9, predicate_10, predicate_11,
};
