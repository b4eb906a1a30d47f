/* What is claimed of the store, on whichever log. */
#include <string.h>

#include "properties/at_most_one.h"
#include "protocols/kv_model.h"

const char *const kv_function_names[KV_FUNCTIONS] = {"get", "set", "delete", "cas"};
const char *const kv_outcome_names[3] = {"unknown", "done", "failed"};
const char *const kv_read_names[2] = {"log", "read-index"};
const char *const kv_ask_names[2] = {"next", "any"};
const char *const kv_mix_names[2] = {"in-order", "any"};
static const char *const register_functions[] = {"read", "write", "cas"}; /* of gs_cas_register */

const struct gs_field kv_invocation_fields[] = GS_INVOCATION_FIELDS(register_functions);
const struct gs_field kv_client_fields[] = GS_CLIENT_FIELDS(kv_invocation_fields);
const struct gs_field kv_applied_fields[] = {
    GS_FIELD(struct kv_applied, request),
    GS_FIELD(struct kv_applied, index),
    GS_FIELDS_END,
};
const struct gs_field kv_acknowledged_fields[] = {
    GS_FIELD(struct kv_acknowledged, request),
    GS_FIELD(struct kv_acknowledged, epoch),
    GS_FIELDS_END,
};
const struct gs_field kv_effects_fields[] = {
    GS_FIELD(struct kv_effects, count),
    GS_STRUCT_LIST(struct kv_effects, list, count, kv_applied_fields),
    GS_FIELD(struct kv_effects, told_count),
    GS_STRUCT_LIST(struct kv_effects, told, told_count, kv_acknowledged_fields),
    GS_FIELDS_END,
};

/* ---- What ever took effect --------------------------------------------------------------------------------------- */

static bool took_effect(const struct kv_effects *effects, uint8_t request)
{
    for (unsigned i = 0; i < effects->count; i++)
        if (effects->list[i].request == request)
            return true;
    return false;
}

/* A client that asks again may be told again. */
static void tell(struct kv_effects *effects, const struct kv_acknowledged *told)
{
    for (unsigned i = 0; i < effects->told_count; i++)
        if (effects->told[i].request == told->request) {
            if (told->epoch < effects->told[i].epoch)
                effects->told[i].epoch = told->epoch;
            return;
        }
    gs_insert(effects->told, &effects->told_count, told);
}

void kv_effects_announced(const struct gs_run *run, void *value, gs_node by, int announcement, const void *announced)
{
    const int first = kv_log_of(run)->announced;
    struct kv_effects *effects = value;
    (void)by;
    if (announcement == first + KV_APPLIED && !gs_insert(effects->list, &effects->count, announced))
        gs_assert(run, gs_contains(effects->list, effects->count, announced)); /* else there is no room */
    if (announcement == first + KV_ACKNOWLEDGED)
        tell(effects, announced);
}

/* ---- Properties -------------------------------------------------------------------------------------------------- */

static const char *client_name(struct gs_view *v, uint8_t request)
{
    return gs_name(v, gs_node_at(v, KV_CLIENT, kv_client_of(gs_view_run(v), request)));
}

/* 6.3: at most once, although clients ask again. (At least once is for the client to see to.) A server that starts anew
 * applies its log again: at the same indices. */
bool kv_exactly_once(struct gs_view *v)
{
    const struct kv_effects *effects = gs_monitor_value(v);
    const struct kv_server *kv = kv_state_of(kv_log_of(gs_view_run(v)), gs_this(v));
    const size_t second = gs_find_second_claim(effects->list, effects->count, request);
    gs_premise(v, effects->count > 0);
    if (second)
        return gs_explain(v, "request %u of %s took effect at index %u and again at index %u",
                          effects->list[second].request, client_name(v, effects->list[second].request),
                          effects->list[second - 1].index, effects->list[second].index);
    for (int i = 0; i < KV_CLIENTS_MAX; i++)
        if (kv->store.sessions[i].request && !took_effect(effects, kv->store.sessions[i].request))
            return gs_explain(v, "%s remembers request %u of %s, which never took effect", gs_name(v, gs_this_node(v)),
                              kv->store.sessions[i].request, client_name(v, kv->store.sessions[i].request));
    return true;
}

static bool has_request(const struct gs_run *run, const void *leader, uint8_t request)
{
    const struct kv_log *log = kv_log_of(run);
    for (uint8_t index = 1; index <= log->length(leader); index++)
        if (kv_command_numbered(run, log->command_at(leader, index)).request == request)
            return true;
    return false;
}

/* What is answered is committed, so in the logs of the leaders of this term or ballot and of all later ones. */
bool kv_acknowledged_is_kept(struct gs_view *v)
{
    const struct kv_effects *effects = gs_monitor_value(v);
    const struct kv_log *log = kv_log_of(gs_view_run(v));
    for (unsigned i = 0; i < effects->told_count && log->leads(gs_this(v)); i++) {
        const struct kv_acknowledged *told = &effects->told[i];
        if (gs_premise(v, told->epoch <= log->epoch(gs_this(v))) &&
            !has_request(gs_view_run(v), gs_this(v), told->request))
            return gs_explain(v, "%s was told that request %u is done, and %s leads without it",
                              client_name(v, told->request), told->request, gs_name(v, gs_this_node(v)));
    }
    return true;
}

/* The store is a function of the log, sessions included: a replica that has the log has the store. */
bool kv_state_is_the_fold(struct gs_view *v)
{
    const struct gs_run *run = gs_view_run(v);
    const struct kv_log *log = kv_log_of(run);
    const void *server = gs_this(v);
    const struct kv_server *kv = kv_state_of(log, server);
    struct kv_store fold = {0};
    for (uint8_t index = 1; index <= kv->applied; index++) {
        const struct kv_command command = kv_command_numbered(run, log->command_at(server, index));
        kv_apply(run, &fold, &command);
    }
    if (!gs_premise(v, kv->applied > 0) || memcmp(&fold, &kv->store, sizeof(fold)) == 0)
        return true;
    return gs_explain(v, "%s has applied %u entries, and its store is not what they make of an empty one",
                      gs_name(v, gs_this_node(v)), kv->applied);
}

bool kv_replicas_agree(struct gs_view *v)
{
    const struct kv_log *log = kv_log_of(gs_view_run(v));
    const void *one = gs_this(v), *other = gs_that(v);
    const uint8_t a = kv_state_of(log, one)->applied, b = kv_state_of(log, other)->applied;
    gs_premise(v, a > 0 && b > 0);
    for (uint8_t index = 1; index <= a && index <= b; index++)
        if (log->command_at(one, index) != log->command_at(other, index))
            return gs_explain(v, "%s and %s have applied different commands at index %u", gs_name(v, gs_this_node(v)),
                              gs_name(v, gs_that_node(v)), index);
    return true;
}

/* ---- Goals ------------------------------------------------------------------------------------------------------- */

static int64_t operations(const struct gs_run *run)
{
    return gs_option(run, kv_log_of(run)->operations_option);
}

bool kv_all_returned(struct gs_view *v)
{
    return gs_all_returned(v, KV_CLIENT);
}

/* Calls `visit` for each command that the step has applied, with the store before it, until it returns true. */
static bool visit_applied(struct gs_view *v,
                          bool (*visit)(const struct kv_store *store, const struct kv_session *session,
                                        const struct kv_command *command))
{
    const struct gs_run *run = gs_view_run(v);
    const struct kv_log *log = kv_log_of(run);
    const struct kv_server *before = kv_state_of(log, gs_before(v)), *after = kv_state_of(log, gs_this(v));
    struct kv_store store = before->store;
    for (unsigned index = before->applied + 1u; index <= after->applied; index++) {
        const struct kv_command command = kv_command_numbered(run, log->command_at(gs_this(v), (uint8_t)index));
        if (command.request && visit(&store, &store.sessions[kv_client_of(run, command.request)], &command))
            return true;
        kv_apply(run, &store, &command);
    }
    return false;
}

static bool is_repeated(const struct kv_store *store, const struct kv_session *session,
                        const struct kv_command *command)
{
    (void)store;
    return command->request <= session->request;
}

bool kv_repetition_suppressed(struct gs_view *v)
{
    return visit_applied(v, is_repeated);
}

static bool is_swap(const struct kv_store *store, const struct kv_session *session, const struct kv_command *command)
{
    return command->function == KV_CAS && command->request > session->request &&
           store->values[command->key - 1] == command->from;
}

bool kv_swaps(struct gs_view *v)
{
    return visit_applied(v, is_swap);
}

static bool has_waiters(const struct kv_server *kv)
{
    for (int i = 0; i < KV_CLIENTS_MAX; i++)
        if (kv->waiters[i].request)
            return true;
    return false;
}

/* Not by a crash. */
bool kv_leaves_clients_waiting(struct gs_view *v)
{
    const struct kv_log *log = kv_log_of(gs_view_run(v));
    return log->leads(gs_before(v)) && !log->leads(gs_this(v)) && has_waiters(kv_state_of(log, gs_before(v))) &&
           gs_is_up(v, gs_this_node(v)) && log->epoch(gs_this(v)) > log->epoch(gs_before(v));
}

/* Of a client whose first operation was left open. */
bool kv_unknown_takes_effect(struct gs_view *v)
{
    const struct gs_client *client = gs_this(v);
    const uint8_t first = (uint8_t)(1 + gs_index(v, gs_this_node(v)));
    return client->abandoned > 0 && gs_client_returns(client) == 0 && took_effect(gs_monitor_value(v), first);
}

bool kv_reads_by_index(struct gs_view *v)
{
    const struct kv_log *log = kv_log_of(gs_view_run(v));
    const struct kv_server *before = kv_state_of(log, gs_before(v)), *after = kv_state_of(log, gs_this(v));
    for (int i = 0; i < KV_CLIENTS_MAX; i++)
        if (before->reads[i].asked && !after->reads[i].request && log->leads(gs_this(v)))
            return true;
    return false;
}

/* 6.4, steps 1 and 4. */
bool kv_read_waits(struct gs_view *v)
{
    const struct kv_server *kv = kv_state_of(kv_log_of(gs_view_run(v)), gs_this(v));
    for (int i = 0; i < KV_CLIENTS_MAX; i++)
        if (kv->reads[i].request && (!kv->reads[i].asked || kv->applied < kv->reads[i].index))
            return true;
    return false;
}

/* ---- What a run has to grant ------------------------------------------------------------------------------------- */

static bool has_timeouts(const struct gs_run *run, int64_t wanted)
{
    const int64_t timeouts = gs_budget(run, GS_TIMEOUT);
    return timeouts < 0 || timeouts >= wanted;
}

static bool reads_by_index(const struct gs_run *run)
{
    return kv_option(run, KV_READS) == KV_READ_BY_INDEX;
}

/* Of what a client does in one round, all but the gets. */
static int64_t changes(const struct gs_run *run)
{
    return kv_option(run, KV_SETS) + kv_option(run, KV_SWAPS) + kv_option(run, KV_DELETES);
}

/* How many operations of one client are done before its first get. */
static int64_t before_gets(const struct gs_run *run)
{
    return kv_option(run, KV_MIX) == 0 ? changes(run) : 0;
}

/* How many of one client's operations are commands in the log, at most. */
static int64_t commands(const struct gs_run *run)
{
    const int64_t round = changes(run) + kv_option(run, KV_GETS), all = operations(run);
    if (!round || (reads_by_index(run) && !changes(run)))
        return 0;
    if (!reads_by_index(run) || kv_option(run, KV_MIX) == 1)
        return all;
    return all / round * changes(run) + (all % round < changes(run) ? all % round : changes(run));
}

/* How many leaders it takes to answer all clients, if each is asked in its turn. */
static int leaders_asked(const struct gs_run *run)
{
    const int64_t asked = gs_count(run, KV_CLIENT) + operations(run) - 1 + kv_option(run, KV_RETRIES);
    return kv_option(run, KV_ASK) == 1 ? 1 : (int)asked;
}

static bool asks_leaders(const struct gs_run *run)
{
    return leaders_asked(run) <= (kv_log_of(run)->grants_a_new_leader(run) ? 2 : 1);
}

static int64_t room(const struct gs_run *run)
{
    return kv_log_of(run)->room(run, leaders_asked(run));
}

bool kv_grants_commands(const struct gs_run *run)
{
    return has_timeouts(run, 1) && commands(run) > 0 && kv_log_of(run)->room(run, 1) > 0;
}

bool kv_grants_returns(const struct gs_run *run)
{
    const int64_t all = gs_count(run, KV_CLIENT) * commands(run);
    return has_timeouts(run, 1) && asks_leaders(run) && room(run) >= all && (all > 0 || kv_grants_index_reads(run));
}

/* An election or two, and the client's timer. */
bool kv_grants_repetition(const struct gs_run *run)
{
    return kv_grants_commands(run) && asks_leaders(run) && kv_option(run, KV_RETRIES) > 0 &&
           has_timeouts(run, 1 + leaders_asked(run)) && room(run) >= 2;
}

/* A follower hears in a heartbeat that an entry is committed, or with the next entry. */
bool kv_grants_news(const struct gs_run *run)
{
    const struct kv_log *log = kv_log_of(run);
    const int64_t all = gs_count(run, KV_CLIENT) * commands(run) + kv_grants_repetition(run);
    const int64_t reached = asks_leaders(run) ? all : 1;
    const int64_t entries = (reached < room(run) ? reached : room(run)) + log->commits_a_no_op(run);
    return kv_grants_commands(run) && gs_count(run, KV_SERVER) >= 2 &&
           (log->grants_heartbeats(run) || (log->next_entry_tells && entries >= 2));
}

bool kv_grants_a_new_leader(const struct gs_run *run)
{
    return kv_grants_commands(run) && kv_log_of(run)->grants_a_new_leader(run);
}

/* The heir commits it with an entry of its own. */
bool kv_grants_unknown(const struct gs_run *run)
{
    const struct kv_log *log = kv_log_of(run);
    return kv_grants_commands(run) && asks_leaders(run) && log->grants_an_heir(run) &&
           kv_option(run, KV_RETRIES) == 0 && log->room(run, 2) >= 2 &&
           (log->commits_a_no_op(run) || gs_count(run, KV_CLIENT) * commands(run) >= 2);
}

/* Followed by what has to be committed first. */
bool kv_grants_index_reads(const struct gs_run *run)
{
    const struct kv_log *log = kv_log_of(run);
    return reads_by_index(run) && asks_leaders(run) && has_timeouts(run, 1) && kv_option(run, KV_GETS) > 0 &&
           operations(run) > before_gets(run) && room(run) >= before_gets(run) && gs_count(run, KV_SERVER) >= 2 &&
           (before_gets(run) > 0 || log->commits_a_no_op(run) || log->reads_without_entries);
}

/* For what was there before; of Multi-Paxos a command. */
bool kv_grants_waiting_reads(const struct gs_run *run)
{
    const bool has_both = commands(run) > 0 && gs_count(run, KV_CLIENT) * operations(run) >= 2;
    return kv_grants_index_reads(run) && kv_log_of(run)->grants_an_heir(run) &&
           (has_both || !kv_log_of(run)->reads_without_entries);
}

/* One operation sets, another one swaps. */
bool kv_grants_swaps(const struct gs_run *run)
{
    const bool in_order = kv_option(run, KV_MIX) == 0;
    const int64_t sets = kv_option(run, KV_SETS), all = gs_count(run, KV_CLIENT) * operations(run);
    const bool has_both = in_order ? operations(run) > sets : all >= 2;
    return kv_grants_commands(run) && asks_leaders(run) && sets > 0 && kv_option(run, KV_SWAPS) > 0 &&
           kv_option(run, KV_VALUES) > 0 && has_both && room(run) > (in_order ? sets : 1);
}
