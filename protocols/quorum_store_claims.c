/* The quorum store's claims and goals, and the monitor of which values a read must not answer any more. */
#include <string.h>

#include "protocols/quorum_store_model.h"

enum { SERVER = QUORUM_STORE_SERVER, CLIENT = QUORUM_STORE_CLIENT, KEYS_MAX = QUORUM_STORE_KEYS_MAX };

/* ---- Strong operations are those of one register ----------------------------------------------------------------- */

static const char *const functions[] = {"read",       "write", "eventual-read", "eventual-write", "weak-read",
                                        "weak-write", NULL};

static bool is_strong(const struct gs_operation *operation)
{
    return quorum_store_level_of((unsigned)operation->function) == QUORUM_STORE_STRONG;
}

static bool register_init(gs_value initial, struct gs_buffer *state)
{
    return gs_register.init(initial, state);
}

static bool register_apply(gs_span state, const struct gs_operation *operation, struct gs_buffer *next)
{
    if (is_strong(operation))
        return gs_register.apply(state, operation, next);
    gs_put(next, state);
    return true;
}

static bool register_is_read(const struct gs_operation *operation)
{
    return !is_strong(operation) || gs_register.is_read(operation);
}

static bool register_owes(const struct gs_operation *later, const struct gs_operation *earlier)
{
    return is_strong(later) && is_strong(earlier) && gs_register.owes(later, earlier);
}

static bool register_is_blind(const struct gs_operation *operation)
{
    return !is_strong(operation) || gs_register.is_blind(operation);
}

const struct gs_sequential quorum_store_register = {
    .name = "strong-register",
    .meaning = "read and write one value; weak and eventual operations neither change it nor are judged",
    .functions = functions,
    .by_key = true,
    .init = register_init,
    .apply = register_apply,
    .is_read = register_is_read,
    .owes = register_owes,
    .is_blind = register_is_blind,
};

/* ---- The monitor ------------------------------------------------------------------------------------------------- */

static void add(struct quorum_store_values *values, uint8_t value)
{
    values->bits[value / 8] |= (uint8_t)(1 << value % 8);
}

static bool has(const struct quorum_store_values *values, uint8_t value)
{
    return (values->bits[value / 8] >> value % 8 & 1) != 0;
}

static void add_all(struct quorum_store_values *values, const struct quorum_store_values *more)
{
    for (size_t i = 0; i < sizeof(values->bits); i++)
        values->bits[i] |= more->bits[i];
}

static void invoked(struct quorum_store_freshness *freshness, const struct gs_invocation *invocation)
{
    const int k = invocation->key - 1;
    struct quorum_store_in_flight *flight = &freshness->processes[invocation->process];
    const bool is_write = quorum_store_is_write(invocation->function);
    *flight = (struct quorum_store_in_flight){
        .function = invocation->function,
        .key = invocation->key,
        .value = is_write ? invocation->argument.items[0] : 0,
        .past = is_write ? freshness->written[k] : freshness->overwritten[k],
    };
}

static void returned(struct quorum_store_freshness *freshness, const struct quorum_store_in_flight *flight,
                     const struct gs_flat *result)
{
    const int k = flight->key - 1;
    if (quorum_store_is_write(flight->function)) {
        add(&freshness->written[k], flight->value);
        add(&freshness->overwritten[k], 0);
        add_all(&freshness->overwritten[k], &flight->past);
    } else if (has(&flight->past, result->kind == GS_FLAT_INTEGER ? result->items[0] : 0)) {
        freshness->stale |= (uint8_t)(1 << quorum_store_level_of(flight->function));
    }
}

void quorum_store_freshness_announced(const struct gs_run *run, void *value, gs_node by, int announcement,
                                      const void *announced)
{
    struct quorum_store_freshness *freshness = value;
    const struct gs_return *end = announced;
    (void)by;
    if (announcement == QUORUM_STORE_INVOKED) {
        invoked(freshness, announced);
        return;
    }
    const struct quorum_store_in_flight flight = freshness->processes[end->process];
    gs_assert(run, flight.key > 0);
    freshness->processes[end->process] = (struct quorum_store_in_flight){0};
    if (end->outcome == GS_OK)
        returned(freshness, &flight, &end->result);
}

static bool is_stale(struct gs_view *v, enum quorum_store_level level)
{
    return ((const struct quorum_store_freshness *)gs_monitor_value(v))->stale >> level & 1;
}

/* ---- Claims ------------------------------------------------------------------------------------------------------ */

bool quorum_store_strong_is_fresh(struct gs_view *v)
{
    return !is_stale(v, QUORUM_STORE_STRONG) ||
           gs_explain(v, "a strong read answered a value that had been overwritten before it was invoked");
}

static int holders(struct gs_view *v, int k, const struct gs_register_version *version)
{
    int count = 0;
    for (GS_EACH(server, gs_nodes(v, SERVER))) {
        const struct quorum_store_server *holder = gs_state(v, server);
        count += !gs_register_is_newer(GS_RUN(v), version, &holder->versions[k]);
    }
    return count;
}

bool quorum_store_acked_is_held(struct gs_view *v)
{
    for (GS_EACH(server, gs_nodes(v, SERVER))) {
        const struct quorum_store_server *coordinator = gs_state(v, server);
        for (int k = 0; k < KEYS_MAX; k++) {
            const struct gs_register_version *acked = &coordinator->acked[k];
            if (!gs_premise(v, acked->clock > 0))
                continue;
            const int held = holders(v, k, acked);
            if (held < quorum_store_write_quorum(GS_RUN(v)))
                return gs_explain(v,
                                  "%s answered a strong operation with value %d of key %d, which %d of %d servers hold",
                                  gs_name(v, server), acked->value, k + 1, held, gs_count(v, SERVER));
        }
    }
    return true;
}

bool quorum_store_keeps_newest(struct gs_view *v)
{
    const struct quorum_store_server *before = gs_before(v), *after = gs_this(v);
    for (int k = 0; k < KEYS_MAX; k++)
        if (gs_register_is_newer(GS_RUN(v), &before->versions[k], &after->versions[k]))
            return gs_explain(v, "%s gave up value %d of key %d, and has none that is newer",
                              gs_name(v, gs_this_node(v)), before->versions[k].value, k + 1);
    return true;
}

bool quorum_store_one_value_a_version(struct gs_view *v)
{
    const struct quorum_store_server *one = gs_this(v), *other = gs_that(v);
    for (int k = 0; k < KEYS_MAX; k++) {
        const struct gs_register_version *a = &one->versions[k], *b = &other->versions[k];
        if (a->clock == b->clock && gs_same(a->writer, b->writer) && a->value != b->value)
            return gs_explain(v, "%s and %s hold values %d and %d of key %d, of one version",
                              gs_name(v, gs_this_node(v)), gs_name(v, gs_that_node(v)), a->value, b->value, k + 1);
    }
    return true;
}

bool quorum_store_answers_all(struct gs_view *v)
{
    for (GS_EACH(client, gs_nodes(v, CLIENT))) {
        const struct gs_client *waiting = gs_state(v, client);
        if (waiting->waiting)
            return gs_explain(v, "nothing is left to do, and %s still waits for an answer", gs_name(v, client));
    }
    return true;
}

bool quorum_store_converged(struct gs_view *v)
{
    gs_node first = GS_NOBODY;
    for (GS_EACH(server, gs_nodes(v, SERVER))) {
        if (!gs_is_up(v, server))
            continue;
        if (gs_is_nobody(first))
            first = server;
        const struct quorum_store_server *one = gs_state(v, first), *other = gs_state(v, server);
        for (int k = 0; k < KEYS_MAX; k++)
            if (memcmp(&one->versions[k], &other->versions[k], sizeof(one->versions[k])) != 0)
                return gs_explain(v, "nothing is left to do, and what %s and %s hold of key %d differs",
                                  gs_name(v, first), gs_name(v, server), k + 1);
    }
    return true;
}

/* ---- Goals ------------------------------------------------------------------------------------------------------- */

static bool is_answer(struct gs_view *v, enum quorum_store_level level)
{
    const struct quorum_store_message *message = gs_message(v);
    return (message->type == QUORUM_STORE_PUT_OK || message->type == QUORUM_STORE_GET_OK) && message->level == level;
}

bool quorum_store_strong_answers(struct gs_view *v)
{
    return is_answer(v, QUORUM_STORE_STRONG);
}

bool quorum_store_eventual_answers(struct gs_view *v)
{
    return is_answer(v, QUORUM_STORE_EVENTUAL);
}

bool quorum_store_weak_answers(struct gs_view *v)
{
    return is_answer(v, QUORUM_STORE_WEAK);
}

bool quorum_store_is_refused(struct gs_view *v)
{
    return ((const struct quorum_store_message *)gs_message(v))->type == QUORUM_STORE_REFUSED;
}

bool quorum_store_is_unknown(struct gs_view *v)
{
    return ((const struct quorum_store_message *)gs_message(v))->type == QUORUM_STORE_UNKNOWN;
}

bool quorum_store_strong_is_stale(struct gs_view *v)
{
    return is_stale(v, QUORUM_STORE_STRONG);
}

bool quorum_store_eventual_is_stale(struct gs_view *v)
{
    return is_stale(v, QUORUM_STORE_EVENTUAL);
}

bool quorum_store_weak_is_stale(struct gs_view *v)
{
    return is_stale(v, QUORUM_STORE_WEAK);
}

bool quorum_store_all_returned(struct gs_view *v)
{
    return gs_all_returned(v, CLIENT);
}

/* A comparison that finds something to bring. */
bool quorum_store_is_repaired(struct gs_view *v)
{
    const struct quorum_store_message *message = gs_message(v);
    const struct quorum_store_server *receiver = gs_this(v);
    for (int k = 0; k < KEYS_MAX; k++)
        if (message->type == QUORUM_STORE_COMPARE &&
            gs_register_is_newer(GS_RUN(v), &message->versions[k], &receiver->versions[k]))
            return true;
    return false;
}
