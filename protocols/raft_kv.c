/* The replicated key-value store (kv.h) on Raft's log (raft.c): a leader appends what a client asks for, a no-op when
 * it is elected (Ongaro and Ousterhout, 2014, section 8), and may read when an entry of its own term is committed. */
#include "protocols/kv_model.h"
#include "protocols/raft_model.h"

enum { REQUEST = RAFT_PROPOSE, ANSWER, CONFIRM, CONFIRMED, RETRY };                /* events behind Raft's */
enum { CLIENTS = RAFT_COMMANDS, OPERATIONS = RAFT_SILENT_LEADERS + 1, NO_OP, KV }; /* options behind Raft's */
enum { ANNOUNCED = RAFT_COMMITTED + 1 };

struct raft_kv_server {
    struct raft_server raft;
    struct kv_server kv;
};
struct raft_kv_message {
    struct raft_message raft;
    struct kv_message kv;
};

static const struct gs_field server_fields[] = {
    RAFT_SERVER_FIELDS,
    GS_STRUCT(struct raft_kv_server, kv, kv_server_fields),
    GS_FIELDS_END,
};
static const struct gs_field message_fields[] = {
    RAFT_MESSAGE_FIELDS,
    KV_MESSAGE_FIELDS(struct raft_kv_message),
    GS_FIELDS_END,
};

/* ---- The log ----------------------------------------------------------------------------------------------------- */

static bool leads(const void *server)
{
    return ((const struct raft_server *)server)->state == RAFT_LEADER;
}

static uint8_t epoch(const void *server)
{
    return ((const struct raft_server *)server)->term;
}

static uint8_t commit(const void *server)
{
    return ((const struct raft_server *)server)->commit;
}

static uint8_t length(const void *server)
{
    return ((const struct raft_server *)server)->log_length;
}

static uint8_t command_at(const void *server, uint8_t index)
{
    return ((const struct raft_server *)server)->log[index - 1].command;
}

static uint8_t next(struct gs_step *s, const void *server)
{
    (void)s;
    return (uint8_t)(((const struct raft_server *)server)->log_length + 1);
}

static void append(struct gs_step *s, void *server, uint8_t command)
{
    raft_propose(s, server, command);
}

/* Section 8, and 6.4, step 1: a leader knows which entries are committed once one of its own term is. */
static bool read_index(const void *server, uint8_t *index)
{
    const struct raft_server *raft_server = server;
    *index = raft_server->commit;
    return raft_server->commit > 0 && raft_server->log[raft_server->commit - 1].term == raft_server->term;
}

static bool hear(struct gs_step *s, void *server, uint8_t term)
{
    raft_enter_larger_term(s, server, CONFIRM, term);
    return ((const struct raft_server *)server)->term == term;
}

static bool is_quorum(struct gs_step *s, gs_node_set servers)
{
    return gs_set_size(servers) >= gs_majority(s, KV_SERVER);
}

/* ---- What a run grants ------------------------------------------------------------------------------------------- */

static int room(const struct gs_run *run, int leaders)
{
    return (int)(gs_option(run, RAFT_PROPOSALS) - leaders * gs_option(run, NO_OP));
}

static bool grants_a_new_leader(const struct gs_run *run)
{
    const int64_t timeouts = gs_budget(run, GS_TIMEOUT);
    return gs_count(run, KV_SERVER) >= 3 && gs_option(run, RAFT_CANDIDATES) >= 2 && gs_option(run, RAFT_TERMS) >= 2 &&
           (timeouts < 0 || timeouts >= 2);
}

static bool grants_heartbeats(const struct gs_run *run)
{
    const int64_t timeouts = gs_budget(run, GS_TIMEOUT);
    return gs_option(run, RAFT_HEARTBEATS) && (timeouts < 0 || timeouts >= 2);
}

static bool begins_with_no_op(struct gs_step *s)
{
    return gs_option(s, NO_OP);
}

/* The first message of a leader takes it to the others. */
static bool commits_a_no_op(const struct gs_run *run)
{
    return gs_option(run, NO_OP) && !gs_option(run, RAFT_SILENT_LEADERS) && !gs_option(run, RAFT_HB_EMPTY);
}

/* ---- The model --------------------------------------------------------------------------------------------------- */

static const struct kv_log raft_log = {
    .machine = {.committed = kv_committed, .deposed = kv_deposed, .begins_with_no_op = begins_with_no_op},
    .state = offsetof(struct raft_kv_server, kv),
    .message = offsetof(struct raft_kv_message, kv),
    .request = REQUEST,
    .answer = ANSWER,
    .confirm = CONFIRM,
    .confirmed = CONFIRMED,
    .announced = ANNOUNCED,
    .options = KV,
    .operations_option = OPERATIONS,
    .leads = leads,
    .epoch = epoch,
    .commit = commit,
    .length = length,
    .command_at = command_at,
    .next = next,
    .append = append,
    .read_index = read_index,
    .hear = hear,
    .is_quorum = is_quorum,
    .room = room,
    .grants_a_new_leader = grants_a_new_leader,
    .grants_an_heir = grants_a_new_leader,
    .grants_heartbeats = grants_heartbeats,
    .commits_a_no_op = commits_a_no_op,
    .next_entry_tells = true,
};
static const struct gs_clients clients = KV_CLIENTS(ANNOUNCED, OPERATIONS, KV, RETRY);
static const struct gs_operations operations = {&gs_cas_register, ANNOUNCED + KV_INVOKED, ANNOUNCED + KV_RETURNED};

static bool server_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    bool handled;
    return kv_handles(s, self, e, &handled) ? handled : raft_server_step(s, self, e);
}

const struct gs_model raft_kv =
    {
        .name = "raft-kv",
        .title = "a replicated key-value store on Raft's log: sessions, and reads by ReadIndex",
        .source = "Ongaro, Consensus: Bridging Theory and Practice (2014), chapter 6",
        .message_size = sizeof(struct raft_kv_message),
        .message_fields = message_fields,
        .network = GS_BAG,
        .roles =
            {
                [KV_SERVER] = {.name = "server",
                               .size = sizeof(struct raft_kv_server),
                               .fields = server_fields,
                               .step = server_step,
                               .count_option = RAFT_SERVERS,
                               .starts = true,
                               .within = raft_server_within,
                               .within_text = "term, log",
                               .context = &raft_log},
                [KV_CLIENT] = GS_CLIENT_NAMING("client", kv_client_fields, clients, CLIENTS),
            },
        .events =
            {
                RAFT_EVENTS,
                [REQUEST] = KV_REQUEST_EVENT,
                [ANSWER] = KV_ANSWER_EVENT,
                [CONFIRM] = KV_CONFIRM_EVENT,
                [CONFIRMED] = KV_CONFIRMED_EVENT,
                [RETRY] = KV_RETRY_EVENT,
            },
        .options =
            {
                RAFT_OPTIONS,
                [RAFT_PROPOSALS] = {"entries", "how many entries a log may hold", 3, 1, RAFT_LOG_MAX - 1, NULL},
                [CLIENTS] = KV_CLIENTS_OPTION,
                [OPERATIONS] = KV_OPERATIONS_OPTION,
                [NO_OP] = {"no-op", "1: a new leader appends a command that does nothing", 0, 0, 1, NULL},
                KV_OPTIONS(KV),
            },
        .presets =
            {
                {.name = "quick",
                 .meaning = "3 servers of which 2 stand, 2 terms; a client sets and gets",
                 .settings = {"candidates=2", "silent-leaders=1", "entries=2"},
                 .budgets = {.timeouts = 2}},
                {.name = "full",
                 .meaning = "as quick, with two clients that do one operation each, any of them with any of 4 values",
                 .settings = {"candidates=2", "silent-leaders=1", "entries=2", "clients=2", "operations=1", "swaps=1",
                              "deletes=1", "values=4", "mix=any", "ask=next"},
                 .budgets = {.timeouts = 2}},
                {.name = "retry",
                 .meaning = "as quick, the client sets only and asks again once",
                 .settings = {"candidates=2", "silent-leaders=1", "entries=2", "operations=1", "retries=1"},
                 .budgets = {.timeouts = 3}},
                {.name = "reboot",
                 .meaning = "as retry, and a server or the client reboots",
                 .settings = {"candidates=2", "silent-leaders=1", "entries=2", "operations=1", "retries=1", "ask=next"},
                 .budgets = {.timeouts = 3, .reboots = 1}},
                {.name = "two-clients",
                 .meaning = "3 servers of which 2 stand, 2 terms, a heartbeat; two clients set",
                 .settings = {"candidates=2", "silent-leaders=1", "entries=1", "clients=2", "operations=1",
                              "heartbeats=1", "ask=next"},
                 .budgets = {.timeouts = 3}},
                {.name = "read-index",
                 .meaning =
                     "3 servers of which 2 stand, 2 terms, a no-op of each leader; a client sets, and its gets ask "
                     "a quorum",
                 .settings = {"candidates=2", "entries=3", "no-op=1", "reads=read-index", "ask=next"},
                 .budgets = {.timeouts = 2}},
                {.name = "swap",
                 .meaning = "as quick, the client sets and swaps 2 values",
                 .settings = {"candidates=2", "silent-leaders=1", "entries=2", "swaps=1", "values=2"},
                 .budgets = {.timeouts = 2}},
                {.name = "five-servers",
                 .meaning = "for random runs: 5 servers, 3 clients with 3 operations each of any kind that ask again, "
                            "reads by index, heartbeats, 2 reboots",
                 .settings = {"servers=5", "terms=12", "entries=23", "no-op=1",
                              "heartbeats=1", "clients=3", "operations=3", "swaps=1", "values=2", "mix=any",
                              "retries=60", "reads=read-index"},
                 .budgets = {.reboots = 2}},
            },
        .mutants =
            {
                KV_MUTANTS,
                KV_MUTANT(KV_READINDEX_NO_NOOP, "readindex-no-noop", "read-index", "linearizable",
                          "a leader reads at its commit index before it has committed an entry of its own term"),
            },
        .announcements = {RAFT_ANNOUNCEMENTS, KV_ANNOUNCEMENTS(ANNOUNCED)},
        .monitors = {KV_MONITORS(operations)},
        .properties = {KV_PROPERTIES(KV)},
        .refuses = kv_refuses_options,
};
