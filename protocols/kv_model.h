/* What the two models of the store have in common: the claims (kv_claims.c), and entries of their tables. */
#ifndef GAINSAY_KV_MODEL_H
#define GAINSAY_KV_MODEL_H

#include "protocols/kv.h"

/* ---- Monitor `effects` ------------------------------------------------------------------------------------------- */

enum { KV_REQUESTS_MAX = KV_CLIENTS_MAX * KV_OPERATIONS_MAX, KV_EFFECTS_MAX = 2 * KV_REQUESTS_MAX };

/* Which command ever changed a store, and at which index; and who was told. */
struct kv_effects {
    uint8_t count;
    struct kv_applied list[KV_EFFECTS_MAX]; /* sorted, each once */
    uint8_t told_count;
    struct kv_acknowledged told[KV_REQUESTS_MAX]; /* sorted, each request once, in the first term or ballot */
};
extern const struct gs_field kv_effects_fields[], kv_applied_fields[], kv_acknowledged_fields[], kv_invocation_fields[],
    kv_client_fields[];
void kv_effects_announced(const struct gs_run *run, void *value, gs_node by, int announcement, const void *announced);

/* ---- Claims ------------------------------------------------------------------------------------------------------ */

gs_predicate kv_exactly_once, kv_acknowledged_is_kept, kv_state_is_the_fold, kv_replicas_agree;
/* Goals. */
gs_predicate kv_all_returned, kv_repetition_suppressed, kv_unknown_takes_effect, kv_leaves_clients_waiting,
    kv_reads_by_index, kv_read_waits, kv_swaps;

/* What a run has to grant. */
bool kv_grants_commands(const struct gs_run *run), kv_grants_news(const struct gs_run *run),
    kv_grants_returns(const struct gs_run *run), kv_grants_repetition(const struct gs_run *run),
    kv_grants_unknown(const struct gs_run *run), kv_grants_a_new_leader(const struct gs_run *run),
    kv_grants_index_reads(const struct gs_run *run), kv_grants_waiting_reads(const struct gs_run *run),
    kv_grants_swaps(const struct gs_run *run);

/* ---- Entries of the models' tables ------------------------------------------------------------------------------- */

extern const char *const kv_function_names[KV_FUNCTIONS],
    *const kv_outcome_names[3], *const kv_read_names[2], *const kv_ask_names[2], *const kv_mix_names[2];

/* Members of a message struct whose member `kv` is a struct kv_message. */
#define KV_MEMBER(type, member)                                                                       \
    .name = #member, .offset = offsetof(type, kv.member), .size = sizeof(GS_MEMBER(type, kv.member)), \
    GS_PLAIN(type, kv.member)
#define KV_MESSAGE_FIELDS(type)                                                                                   \
    {KV_MEMBER(type, request)}, {KV_MEMBER(type, function), GS_NAMES(kv_function_names)}, {KV_MEMBER(type, key)}, \
        {KV_MEMBER(type, from)}, {KV_MEMBER(type, to)}, {KV_MEMBER(type, outcome), GS_NAMES(kv_outcome_names)},   \
        {KV_MEMBER(type, is_swap)}, {KV_MEMBER(type, result)},                                                    \
    {                                                                                                             \
        KV_MEMBER(type, epoch)                                                                                    \
    }

#define KV_REQUEST_EVENT                                                            \
    {                                                                               \
        .name = "request", .fields = { "request", "function", "key", "from", "to" } \
    }
#define KV_ANSWER_EVENT                                                           \
    {                                                                             \
        .name = "answer", .fields = { "request", "outcome", "is_swap", "result" } \
    }
#define KV_CONFIRM_EVENT                                    \
    {                                                       \
        .name = "confirm", .fields = { "request", "epoch" } \
    }
#define KV_CONFIRMED_EVENT                                    \
    {                                                         \
        .name = "confirmed", .fields = { "request", "epoch" } \
    }
#define KV_RETRY_EVENT                                                             \
    {                                                                              \
        .name = "retry", .kind = GS_TIMER, .role = KV_CLIENT, .takes = kv_patience \
    }

#define KV_CLIENTS_OPTION                                           \
    {                                                               \
        "clients", "how many there are", 1, 1, KV_CLIENTS_MAX, NULL \
    }
#define KV_OPERATIONS_OPTION                                                        \
    {                                                                               \
        "operations", "how many each client invokes", 2, 1, KV_OPERATIONS_MAX, NULL \
    }
#define KV_OPTIONS(first)                                                                                              \
    [(first) +                                                                                                         \
        KV_SETS] = {"sets", "how many a client invokes first", 1, 0, KV_OPERATIONS_MAX, NULL},                         \
        [(first) + KV_GETS] =                                                                                          \
            {"gets", "how many it invokes last, before it begins anew with its sets", 1, 0, KV_OPERATIONS_MAX, NULL},  \
        [(first) + KV_SWAPS] = {"swaps", "how many compare-and-swaps it invokes then", 0, 0, KV_OPERATIONS_MAX, NULL}, \
        [(first) + KV_DELETES] = {"deletes", "how many it invokes then", 0, 0, KV_OPERATIONS_MAX, NULL},               \
        [(first) + KV_KEYS] = {"keys", "how many there are", 1, 1, KV_KEYS_MAX, NULL},                                 \
        [(first) +                                                                                                     \
            KV_VALUES] = {"values", "how many values there are; 0: no two sets set the same", 0, 0, KV_VALUES_MAX,     \
                          NULL},                                                                                       \
        [(first) + KV_MIX] = {"mix", "a client's operations: in that order, or any of them", 0, 0, 1, kv_mix_names},   \
        [(first) + KV_RETRIES] = {"retries", "how often a client asks again", 0, 0, KV_RETRIES_MAX, NULL},             \
        [(first) + KV_ASK] = {"ask", "whom clients ask: one server after the other, or any", 1, 0, 1, kv_ask_names},   \
        [(first) + KV_READS] = {"reads", "gets are commands in the log, or ask a quorum", 0, 0, 1, kv_read_names},     \
        [(first) + KV_MONITOR] = GS_MONITOR_OPTION

/* A struct gs_clients; retry_event: the timer. */
#define KV_CLIENTS(first_announcement, operations_index, first_option, retry_event)                                   \
    {                                                                                                                 \
        .servers = KV_SERVER, .invoked = (first_announcement) + KV_INVOKED,                                           \
        .returned = (first_announcement) + KV_RETURNED, .operations_option = (operations_index) + 1,                  \
        .values_option = (first_option) + KV_VALUES + 1, .keys_option = (first_option) + KV_KEYS + 1,                 \
        .mix_option = (first_option) + KV_MIX + 1, .retry = (retry_event) + 1,                                        \
        .retries_option = (first_option) + KV_RETRIES + 1, .any_server_option = (first_option) + KV_ASK + 1,          \
        .kinds = {{.function = 1, .argument = GS_ARGUMENT_VALUE, .times_option = (first_option) + KV_SETS + 1},       \
                  {.function = 2, .argument = GS_ARGUMENT_TWO_VALUES, .times_option = (first_option) + KV_SWAPS + 1}, \
                  {.function = 1, .times_option = (first_option) + KV_DELETES + 1},                                   \
                  {.function = 0, .times_option = (first_option) + KV_GETS + 1}},                                     \
        .kind_count = 4, .request = kv_request, .answer = kv_answer                                                   \
    }

#define KV_ANNOUNCEMENTS(first)                                                                                       \
    [(first) + KV_INVOKED] = GS_INVOCATION("invoked", kv_invocation_fields),                                          \
               [(first) + KV_RETURNED] = GS_RETURN("returned"),                                                       \
               [(first) +                                                                                             \
                   KV_APPLIED] = {.name = "applied", .size = sizeof(struct kv_applied), .fields = kv_applied_fields}, \
               [(first) + KV_ACKNOWLEDGED] = {                                                                        \
                   .name = "acknowledged", .size = sizeof(struct kv_acknowledged), .fields = kv_acknowledged_fields}

/* operations: a static const struct gs_operations over gs_cas_register. */
#define KV_MONITORS(operations)                                            \
    [KV_LINEARIZATIONS] = GS_LINEARIZATIONS("linearizations", operations), \
    [KV_HISTORY] = GS_HISTORY("history", operations),                      \
    [KV_EFFECTS] = {.name = "effects",                                     \
                    .size = sizeof(struct kv_effects),                     \
                    .fields = kv_effects_fields,                           \
                    .announced = kv_effects_announced}

#define KV_MUTANT(number, mutant_name, where, killed_by, breaks) \
    [number] = {.name = mutant_name, .meaning = breaks, .property = killed_by, .preset = where}
/* Presets of these names are in both models. */
#define KV_MUTANTS                                                                                                     \
    KV_MUTANT(KV_NO_DEDUP, "no-dedup", "retry", "exactly-once", "a command that comes again is done again"),           \
        KV_MUTANT(KV_SESSION_OUTSIDE_SM, "session-outside-sm", "retry", "exactly-once",                                \
                  "only the server that answers a command remembers that it was done"),                                \
        KV_MUTANT(KV_WAITER_BY_INDEX, "waiter-by-index", "two-clients", "acknowledged-is-kept",                        \
                  "who waits at an index is answered by whatever is applied there, also when the server was deposed"), \
        KV_MUTANT(KV_REPLY_BEFORE_COMMIT, "reply-before-commit", "quick", "linearizable",                              \
                  "a leader answers when it has appended the command"),                                                \
        KV_MUTANT(KV_STALE_READ, "stale-read", "quick", "linearizable", "a leader answers gets from its own store"),   \
        KV_MUTANT(KV_READINDEX_UNCONFIRMED, "readindex-unconfirmed", "read-index", "linearizable",                     \
                  "a leader does not ask whether it still leads before it answers a get")

#define KV_CLAIM(kind_of, scope_of, of_role, predicate, claim_name, text, grants, grants_text, watch)           \
    {                                                                                                           \
        .name = claim_name, .claim = text, .kind = GS_##kind_of, .scope = GS_SCOPE_##scope_of, .role = of_role, \
        .other_role = of_role, .monitor = watch, .holds = predicate, .needs = grants, .needs_text = grants_text \
    }
#define KV_PROPERTIES(options)                                                                                         \
    {.name = "linearizable",                                                                                           \
     .claim = "each key is a register with compare-and-swap",                                                          \
     .kind = GS_LINEARIZABLE,                                                                                          \
     .scope = GS_SCOPE_MONITOR,                                                                                        \
     .monitor = KV_LINEARIZATIONS,                                                                                     \
     .monitor_option = (options) + KV_MONITOR + 1},                                                                    \
        KV_CLAIM(ALWAYS, MONITOR_NODE, KV_SERVER, kv_exactly_once, "exactly-once",                                     \
                 "no command changes the stores at two indices, and each that a session remembers does at one",        \
                 kv_grants_commands, "timeouts >= 1, and commands that fit into the log", KV_EFFECTS),                 \
        KV_CLAIM(ALWAYS, MONITOR_NODE, KV_SERVER, kv_acknowledged_is_kept, "acknowledged-is-kept",                     \
                 "what a client was told to be done is in the log of whoever leads then or later", kv_grants_commands, \
                 "timeouts >= 1, and commands that fit into the log", KV_EFFECTS),                                     \
        KV_CLAIM(ALWAYS, NODE, KV_SERVER, kv_state_is_the_fold, "state-is-the-fold",                                   \
                 "a store is what the commands that its server has applied make of an empty one", kv_grants_commands,  \
                 "timeouts >= 1, and commands that fit into the log", 0),                                              \
        KV_CLAIM(ALWAYS, PAIR, KV_SERVER, kv_replicas_agree, "replicas-agree",                                         \
                 "two servers apply the same commands in the same order", kv_grants_news,                              \
                 "servers >= 2, and heartbeats or (Raft) a second entry", 0),                                          \
        KV_CLAIM(REACHABLE, ROLE, KV_CLIENT, kv_all_returned, "all-returned",                                          \
                 "every operation of every client is answered", kv_grants_returns,                                     \
                 "timeouts >= 1, a log that holds all commands, and clients that ask who may lead", 0),                \
        KV_CLAIM(REACHABLE, STEP, KV_SERVER, kv_repetition_suppressed, "repetition-suppressed",                        \
                 "a command that is in the log again is not done again", kv_grants_repetition,                         \
                 "retries >= 1, timeouts >= 2, and a log that holds two commands", 0),                                 \
        KV_CLAIM(REACHABLE, STEP, KV_SERVER, kv_leaves_clients_waiting, "leaves-clients-waiting",                      \
                 "a leader is deposed while clients wait", kv_grants_a_new_leader,                                     \
                 "two that may lead, one after the other", 0),                                                         \
        KV_CLAIM(REACHABLE, MONITOR_NODE, KV_CLIENT, kv_unknown_takes_effect, "unknown-takes-effect",                  \
                 "a client is told that nobody knows, and its command is done", kv_grants_unknown,                     \
                 "retries = 0, two that may lead, one after the other, and room for a second command", KV_EFFECTS),    \
        KV_CLAIM(REACHABLE, STEP, KV_SERVER, kv_reads_by_index, "reads-by-index",                                      \
                 "a get is answered that is not in the log", kv_grants_index_reads,                                    \
                 "reads = read-index, gets after what comes before them, and timeouts >= 1", 0),                       \
        KV_CLAIM(REACHABLE, NODE, KV_SERVER, kv_read_waits, "read-waits",                                              \
                 "a get has to wait until the leader has committed, or applied, what was there when it led",           \
                 kv_grants_waiting_reads, "as reads-by-index, and two that may lead, one after the other", 0),         \
        KV_CLAIM(REACHABLE, STEP, KV_SERVER, kv_swaps, "swaps", "a cas finds what it expects", kv_grants_swaps,        \
                 "sets, swaps and values >= 1, and operations >= 2", 0)

#endif
