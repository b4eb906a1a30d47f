/* The replicated key-value store (kv.h) on Raft's log (raft.c): a leader appends what a client asks for, a no-op when
 * it is elected (Ongaro and Ousterhout, 2014, section 8), and may read when an entry of its own term is committed. */
#include "protocols/kv_model.h"
#include "protocols/multi_paxos.h"

/* Events and options in place of those by which values come in without clients, and behind Multi-Paxos'. */
enum { REQUEST = MULTI_PAXOS_FORWARD, ANSWER = MULTI_PAXOS_REQUEST, CONFIRM, CONFIRMED, RETRY };
enum { CLIENTS = MULTI_PAXOS_CLIENTS, OPERATIONS = MULTI_PAXOS_REQUESTS, KV = MULTI_PAXOS_PHASE2_SIZE + 1 };
enum { ANNOUNCED = MULTI_PAXOS_ANNOUNCED + GS_DECIDED + 1 };

struct multi_paxos_kv_server {
    struct multi_paxos_server multi_paxos;
    struct kv_server kv;
};
struct multi_paxos_kv_message {
    struct multi_paxos_message multi_paxos;
    struct kv_message kv;
};

static const struct gs_field server_fields[] = {
    MULTI_PAXOS_SERVER_FIELDS,
    GS_STRUCT(struct multi_paxos_kv_server, kv, kv_server_fields),
    GS_FIELDS_END,
};
static const struct gs_field message_fields[] = {
    MULTI_PAXOS_MESSAGE_FIELDS,
    KV_MESSAGE_FIELDS(struct multi_paxos_kv_message),
    GS_FIELDS_END,
};

/* ---- The log ----------------------------------------------------------------------------------------------------- */

static bool leads(const void *server)
{
    return ((const struct multi_paxos_server *)server)->phase == MULTI_PAXOS_LEADING;
}

/* Of a leader its own ballot. */
static uint8_t epoch(const void *server)
{
    return ((const struct multi_paxos_server *)server)->promised;
}

static uint8_t commit(const void *server)
{
    return multi_paxos_commit(server);
}

static uint8_t length(const void *server)
{
    return ((const struct multi_paxos_server *)server)->last;
}

/* What a leader proposes, it accepts. */
static uint8_t command_at(const void *server, uint8_t index)
{
    const struct multi_paxos_server *s = server;
    return s->chosen[index - 1].is_known ? s->chosen[index - 1].value : s->accepted[index - 1].value;
}

static uint8_t next(struct gs_step *s, const void *server)
{
    const struct multi_paxos_server *leader = server;
    return multi_paxos_has_room(s, leader) ? (uint8_t)(leader->last + 1) : 0;
}

static void append(struct gs_step *s, void *server, uint8_t command)
{
    multi_paxos_propose(s, server, next(s, server), command);
}

/* What was chosen in an earlier ballot was reported by the promises, so it is in the slots up to the last. */
static bool read_index(const void *server, uint8_t *index)
{
    *index = ((const struct multi_paxos_server *)server)->last;
    return true;
}

static bool hear(struct gs_step *s, void *server, uint8_t ballot)
{
    return multi_paxos_promise(s, server, ballot);
}

/* A later leader needs a quorum of promises, which meets every quorum of votes. */
static bool is_quorum(struct gs_step *s, gs_node_set servers)
{
    const struct gs_quorums quorums = multi_paxos_quorums(gs_step_run(s), MULTI_PAXOS_PHASE2_SIZE);
    return gs_is_quorum(s, &quorums, servers);
}

/* ---- What a run grants ------------------------------------------------------------------------------------------- */

static bool has_timeouts(const struct gs_run *run, int64_t wanted)
{
    const int64_t timeouts = gs_budget(run, GS_TIMEOUT);
    return timeouts < 0 || timeouts >= wanted;
}

static int room(const struct gs_run *run, int leaders)
{
    (void)leaders;
    return (int)gs_option(run, MULTI_PAXOS_SLOTS);
}

/* Who has heard of a ballot begins one of a later round. */
static bool grants_a_new_leader(const struct gs_run *run)
{
    return gs_option(run, MULTI_PAXOS_LEADERS) >= 2 && has_timeouts(run, 2) &&
           (gs_count(run, KV_SERVER) >= 3 ||
            (gs_count(run, KV_SERVER) == 2 && gs_option(run, MULTI_PAXOS_ROUNDS) >= 2));
}

/* Its quorum has to know what it does not, or it may have heard itself. */
static bool grants_an_heir(const struct gs_run *run)
{
    return grants_a_new_leader(run) &&
           (gs_option(run, MULTI_PAXOS_ROUNDS) >= 2 || gs_option(run, MULTI_PAXOS_PHASE1_SIZE) != 1);
}

static bool grants_heartbeats(const struct gs_run *run)
{
    return gs_option(run, MULTI_PAXOS_HEARTBEATS) && has_timeouts(run, 2);
}

/* It proposes again what may be chosen: that is as good. */
static bool commits_a_no_op(const struct gs_run *run)
{
    (void)run;
    return true;
}

/* ---- The model --------------------------------------------------------------------------------------------------- */

static const struct kv_log multi_paxos_log = {
    .machine = {.committed = kv_committed, .deposed = kv_deposed},
    .state = offsetof(struct multi_paxos_kv_server, kv),
    .message = offsetof(struct multi_paxos_kv_message, kv),
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
    .grants_an_heir = grants_an_heir,
    .grants_heartbeats = grants_heartbeats,
    .commits_a_no_op = commits_a_no_op,
    .reads_without_entries = true,
};
static const struct gs_clients clients = KV_CLIENTS(ANNOUNCED, OPERATIONS, KV, RETRY);
static const struct gs_operations operations = {&gs_cas_register, ANNOUNCED + KV_INVOKED, ANNOUNCED + KV_RETURNED};

static const char *refuses(const struct gs_run *run)
{
    const char *why = multi_paxos_refuses_options(run);
    return why ? why : kv_refuses_options(run);
}

/* What is chosen is durable, the store is not. */
static bool server_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    bool handled;
    if (!kv_handles(s, self, e, &handled))
        handled = multi_paxos_step(s, self, e);
    if (e->type == GS_START)
        kv_committed(s, self);
    return handled;
}

const struct gs_model multi_paxos_kv = {
    .name = "multi-paxos-kv",
    .title = "a replicated key-value store on Multi-Paxos' log: sessions, and reads that ask a quorum",
    .source = "Lamport, Paxos Made Simple (2001), section 3; Ongaro (2014), chapter 6",
    .message_size = sizeof(struct multi_paxos_kv_message),
    .message_fields = message_fields,
    .network = GS_BAG,
    .roles =
        {
            [KV_SERVER] = {.name = "server",
                           .size = sizeof(struct multi_paxos_kv_server),
                           .fields = server_fields,
                           .step = server_step,
                           .count_option = MULTI_PAXOS_SERVERS,
                           .starts = true,
                           .within = multi_paxos_within,
                           .within_text = "round <= rounds, log <= slots",
                           .context = &multi_paxos_log},
            [KV_CLIENT] = GS_CLIENT_NAMING("client", kv_client_fields, clients, CLIENTS),
        },
    .events =
        {
            MULTI_PAXOS_EVENTS,
            [REQUEST] = KV_REQUEST_EVENT,
            [ANSWER] = KV_ANSWER_EVENT,
            [CONFIRM] = KV_CONFIRM_EVENT,
            [CONFIRMED] = KV_CONFIRMED_EVENT,
            [RETRY] = KV_RETRY_EVENT,
        },
    .options =
        {
            MULTI_PAXOS_OPTIONS,
            [MULTI_PAXOS_SLOTS] = {"slots", "how long the log may become", 2, 1, MULTI_PAXOS_LOG - 1, NULL},
            [CLIENTS] = KV_CLIENTS_OPTION,
            [OPERATIONS] = KV_OPERATIONS_OPTION,
            KV_OPTIONS(KV),
        },
    .presets =
        {
            {.name = "quick",
             .meaning = "3 servers of which 2 lead, a heartbeat; a client sets and gets",
             .settings = {"heartbeats=1"},
             .budgets = {.timeouts = 3}},
            {.name = "full",
             .meaning = "as quick, with two clients that do one operation each, any of them with any of 4 values",
             .settings = {"heartbeats=1", "clients=2", "operations=1", "swaps=1", "deletes=1", "values=4", "mix=any",
                          "ask=next"},
             .budgets = {.timeouts = 3}},
            {.name = "retry",
             .meaning = "3 servers of which 2 lead; a client sets and asks again once",
             .settings = {"operations=1", "retries=1"},
             .budgets = {.timeouts = 3}},
            {.name = "reboot",
             .meaning = "as retry, and a server or the client reboots",
             .settings = {"operations=1", "retries=1"},
             .budgets = {.timeouts = 3, .reboots = 1}},
            {.name = "two-clients",
             .meaning = "as quick with 1 slot; two clients set",
             .settings = {"slots=1", "clients=2", "operations=1", "heartbeats=1"},
             .budgets = {.timeouts = 3}},
            {.name = "read-index",
             .meaning = "as quick, and gets ask a quorum",
             .settings = {"heartbeats=1", "reads=read-index"},
             .budgets = {.timeouts = 3}},
            {.name = "swap",
             .meaning = "3 servers of which 2 lead; a client sets, swaps and gets 2 values",
             .settings = {"slots=3", "operations=3", "swaps=1", "values=2"},
             .budgets = {.timeouts = 2}},
            {.name = "five-servers",
             .meaning = "for random runs: 5 servers of which 3 lead in 6 rounds, 3 clients with 3 operations each of "
                        "any kind that ask again, heartbeats, 2 reboots",
             .settings = {"servers=5", "leaders=3", "rounds=6", "slots=23", "window=3", "heartbeats=1", "clients=3",
                          "operations=3", "swaps=1", "values=2", "mix=any", "retries=60"},
             .budgets = {.reboots = 2}},
        },
    .mutants =
        {
            KV_MUTANTS,
            KV_MUTANT(KV_READINDEX_NO_NOOP, "readindex-no-noop", "read-index", "linearizable",
                      "a leader reads at its commit before it knows that what promises reported is chosen"),
        },
    .announcements = {GS_CONSENSUS_ANNOUNCEMENTS(MULTI_PAXOS_ANNOUNCED), KV_ANNOUNCEMENTS(ANNOUNCED)},
    .monitors = {KV_MONITORS(operations)},
    .properties = {KV_PROPERTIES(KV)},
    .refuses = refuses,
};
