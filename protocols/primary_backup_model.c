/* Primary-backup replication as a model: tables, options, presets, mutants, properties. */
#include "properties/convergence.h"
#include "protocols/primary_backup.h"

enum { SERVER = PB_SERVER, CONFIG = PB_CONFIG, CLIENT = PB_CLIENT };

static const char *const function_names[] = {"read", "write"};
static const char *const mode_names[] = {"async", "semi-sync", "sync"};
static const char *const failover_names[] = {"safe", "forced"};
static const char *const ask_names[] = {"any", "in-turn"};

static const struct gs_field entry_fields[] = {
    GS_FIELD(struct pb_entry, epoch),
    GS_FIELD(struct pb_entry, key),
    GS_FIELD(struct pb_entry, value),
    GS_FIELDS_END,
};
static const struct gs_field buffered_fields[] = {
    GS_FIELD(struct pb_buffered, seq),
    GS_STRUCT(struct pb_buffered, entry, entry_fields),
    GS_FIELDS_END,
};
static const struct gs_field waiting_fields[] = {
    GS_FIELD(struct pb_waiting, seq),
    GS_FIELD(struct pb_waiting, client),
    GS_FIELDS_END,
};
static const struct gs_field read_fields[] = {
    GS_FIELD(struct pb_read, request), GS_FIELD(struct pb_read, key),       GS_FIELD(struct pb_read, client),
    GS_FIELD(struct pb_read, seq),     GS_FIELD(struct pb_read, confirmed), GS_FIELDS_END,
};
static const struct gs_field server_fields[] = {
    GS_FIELD(struct pb_server, epoch, GS_DURABLE),
    GS_FIELD(struct pb_server, leads, GS_DURABLE),
    GS_FIELD(struct pb_server, log_epoch, GS_DURABLE),
    GS_FIELD(struct pb_server, log_length, GS_DURABLE),
    GS_STRUCT_LIST(struct pb_server, log, log_length, entry_fields, GS_DURABLE),
    GS_FIELD(struct pb_server, in_sync, GS_DURABLE),
    GS_FIELD(struct pb_server, unwritten),
    GS_FIELD(struct pb_server, written_for),
    GS_FIELD(struct pb_server, leaving),
    GS_FIELD(struct pb_server, buffer_count),
    GS_STRUCT_LIST(struct pb_server, buffer, buffer_count, buffered_fields),
    GS_BY_NODE(struct pb_server, held, SERVER),
    GS_FIELD(struct pb_server, committed),
    GS_FIELD(struct pb_server, waiting_count),
    GS_STRUCT_LIST(struct pb_server, waiting, waiting_count, waiting_fields),
    GS_STRUCT(struct pb_server, read, read_fields),
    GS_FIELDS_END,
};
static const struct gs_field config_fields[] = {
    GS_FIELD(struct pb_config, epoch, GS_DURABLE),    GS_FIELD(struct pb_config, primary, GS_DURABLE),
    GS_FIELD(struct pb_config, in_sync, GS_DURABLE),  GS_FIELD(struct pb_config, answered, GS_DURABLE),
    GS_FIELD(struct pb_config, best, GS_DURABLE),     GS_FIELD(struct pb_config, best_epoch, GS_DURABLE),
    GS_FIELD(struct pb_config, best_seq, GS_DURABLE), GS_FIELDS_END,
};
static const struct gs_field message_fields[] = {
    GS_FIELD(struct pb_message, request),
    GS_FIELD(struct pb_message, key),
    GS_FIELD(struct pb_message, value),
    GS_FIELD(struct pb_message, epoch),
    GS_FIELD(struct pb_message, seq),
    GS_FIELD(struct pb_message, log_epoch),
    GS_STRUCT(struct pb_message, entry, entry_fields),
    GS_FIELD(struct pb_message, log_length),
    GS_STRUCT_LIST(struct pb_message, log, log_length, entry_fields),
    GS_FIELD(struct pb_message, in_sync),
    GS_FIELD(struct pb_message, server),
    GS_FIELDS_END,
};
static const struct gs_field accepted_fields[] = {
    GS_FIELD(struct pb_accepted, epoch),
    GS_FIELD(struct pb_accepted, primary),
    GS_FIELDS_END,
};
static const struct gs_field acknowledged_fields[] = {
    GS_FIELD(struct pb_acknowledged, epoch),
    GS_FIELD(struct pb_acknowledged, seq),
    GS_FIELD(struct pb_acknowledged, value),
    GS_FIELDS_END,
};
static const struct gs_field accepts_fields[] = {
    GS_FIELD(struct pb_accepts, count),
    GS_STRUCT_LIST(struct pb_accepts, list, count, accepted_fields),
    GS_FIELDS_END,
};
static const struct gs_field acknowledges_fields[] = {
    GS_FIELD(struct pb_acknowledges, count),
    GS_STRUCT_LIST(struct pb_acknowledges, list, count, acknowledged_fields),
    GS_FIELDS_END,
};
static const struct gs_field invocation_fields[] = GS_INVOCATION_FIELDS(function_names);
static const struct gs_field client_fields[] = GS_CLIENT_FIELDS(invocation_fields);

/* ---- Timers, in runs with a clock -------------------------------------------------------------------------------- */

static struct gs_duration fail_over_takes(const struct gs_run *run, unsigned index)
{
    (void)run, (void)index;
    return (struct gs_duration){GS_MILLISECONDS(1000), GS_MILLISECONDS(2000)};
}

static struct gs_duration asking_again_takes(const struct gs_run *run, unsigned index)
{
    (void)run, (void)index;
    return (struct gs_duration){GS_MILLISECONDS(100), GS_MILLISECONDS(200)};
}

static struct gs_duration write_takes(const struct gs_run *run, unsigned index)
{
    const int64_t takes = GS_MILLISECONDS(gs_option(run, PB_WRITE_TIME));
    (void)index;
    return (struct gs_duration){takes, takes};
}

/* ---- What a run has to grant ------------------------------------------------------------------------------------- */

/* How many clients do it; option: PB_WRITERS or PB_READERS. */
static int64_t clients_who(const struct gs_run *run, int option)
{
    const int64_t all = gs_count(run, CLIENT), some = gs_option(run, option);
    return some < all ? some : all;
}

static bool has_a_put(const struct gs_run *run)
{
    return clients_who(run, PB_WRITERS) * gs_option(run, PB_PUTS) > 0;
}

static bool has_a_backup(const struct gs_run *run)
{
    return gs_count(run, SERVER) > 1;
}

/* Does a write wait for every backup? */
static bool waits_for_all(const struct gs_run *run)
{
    return pb_acks_awaited(run) == gs_count(run, SERVER) - 1;
}

static bool can_fail_over(const struct gs_run *run)
{
    return has_a_backup(run) && gs_option(run, PB_EPOCHS) > 1 && gs_budget(run, GS_TIMEOUT) != 0;
}

/* No timer is left that only its budget holds back, and what is lost is sent again. */
static bool is_told_by_rest(const struct gs_run *run)
{
    const int64_t timeouts = gs_budget(run, GS_TIMEOUT);
    return (timeouts < 0 || timeouts >= gs_option(run, PB_EPOCHS) - 1) &&
           (gs_option(run, PB_RESENDS) || gs_all_mail_arrives(run));
}

static bool is_forced(const struct gs_run *run)
{
    return gs_option(run, PB_FAILOVER) == PB_FORCED && !waits_for_all(run);
}

static bool can_depose(const struct gs_run *run)
{
    return can_fail_over(run) && (is_forced(run) || pb_acks_awaited(run) > 0);
}

static bool is_safe(const struct gs_run *run)
{
    return !is_forced(run);
}

static bool is_safe_with_a_put(const struct gs_run *run)
{
    return is_safe(run) && has_a_put(run);
}

static bool can_lose(const struct gs_run *run)
{
    return is_forced(run) && has_a_put(run) && can_fail_over(run);
}

static bool can_overtake(const struct gs_run *run)
{
    const int64_t puts = gs_option(run, PB_PUTS);
    return has_a_backup(run) && gs_network(run) != GS_FIFO &&
           ((puts > 0 && clients_who(run, PB_WRITERS) > 1) || (puts > 1 && has_a_put(run) && !waits_for_all(run)));
}

static bool can_block(const struct gs_run *run)
{
    return has_a_backup(run) && has_a_put(run) && waits_for_all(run) && gs_budget(run, GS_CRASH) > 0;
}

static bool can_go_on(const struct gs_run *run)
{
    return has_a_backup(run) && has_a_put(run) && !waits_for_all(run) && gs_budget(run, GS_CRASH) > 0;
}

static bool can_read_behind(const struct gs_run *run)
{
    const bool can_lack = !waits_for_all(run) || gs_option(run, PB_REMOVALS) > 0;
    return has_a_backup(run) && has_a_put(run) && can_lack && gs_option(run, PB_GETS) > 0 &&
           clients_who(run, PB_WRITERS) + clients_who(run, PB_READERS) > gs_count(run, CLIENT);
}

static bool can_remove(const struct gs_run *run)
{
    return has_a_backup(run) && has_a_put(run) && gs_option(run, PB_MODE) == PB_SYNC_ALL &&
           gs_option(run, PB_REMOVALS) > 0;
}

static const char *refuses(const struct gs_run *run)
{
    const int64_t mode = gs_option(run, PB_MODE), acks = gs_option(run, PB_ACKS);
    if (acks > 1 && mode != PB_SEMI_SYNC)
        return "acks has a meaning with mode=semi-sync only: leave it out, or set that";
    if (acks > 1 && acks >= gs_count(run, SERVER))
        return "acks are those of backups, and there are fewer: set servers to more than acks";
    if (gs_option(run, PB_REMOVALS) && mode != PB_SYNC_ALL)
        return "removals have a meaning with mode=sync only, where writes wait for all: leave them out, or set that";
    return NULL;
}

/* ---- The model --------------------------------------------------------------------------------------------------- */

#define CLAIM(property_kind, property_scope, property_name, predicate, text, grants, grants_text)                  \
    {                                                                                                              \
        .name = (property_name), .claim = (text), .kind = GS_##property_kind, .scope = GS_SCOPE_##property_scope,  \
        .role = SERVER, .other_role = SERVER, .holds = (predicate), .needs = (grants), .needs_text = (grants_text) \
    }
#define WATCHED_CLAIM(property_kind, property_scope, watcher, property_name, predicate, text, grants, grants_text) \
    {                                                                                                              \
        .name = (property_name), .claim = (text), .kind = GS_##property_kind, .scope = GS_SCOPE_##property_scope,  \
        .role = SERVER, .monitor = (watcher), .holds = (predicate), .needs = (grants), .needs_text = (grants_text) \
    }

const struct gs_model primary_backup =
    {
        .name = "primary-backup",
        .title = "a primary that replicates to backups, asynchronously or not, and fails over",
        .source = "Alsberg and Day, A Principle for Resilient Sharing of Distributed Resources (1976)",
        .message_size = sizeof(struct pb_message),
        .message_fields = message_fields,
        .network = GS_BAG,
        .refuses = refuses,
        .roles =
            {
                [SERVER] = {.name = "server",
                            .size = sizeof(struct pb_server),
                            .fields = server_fields,
                            .step = pb_server_step,
                            .init = pb_server_init,
                            .within = pb_server_within,
                            .within_text = "log, buffer and waiting clients <= 7",
                            .count_option = PB_SERVERS},
                [CONFIG] = {.name = "config",
                            .size = sizeof(struct pb_config),
                            .fields = config_fields,
                            .step = pb_config_step,
                            .init = pb_config_init,
                            .count = 1,
                            .starts = true},
                [CLIENT] = GS_CLIENT_NAMING("client", client_fields, pb_clients, PB_CLIENTS),
            },
        .events =
            {
                [PB_PUT] = {.name = "put", .fields = {"request", "key"}},
                [PB_GET] = {.name = "get", .fields = {"request", "key"}},
                [PB_PUT_OK] = {.name = "put-ok", .fields = {"request"}},
                [PB_GET_OK] = {.name = "get-ok", .fields = {"request", "value"}},
                [PB_GET_MARKED] = {.name = "get-marked", .fields = {"request", "value", "seq"}},
                [PB_REPLICATE] = {.name = "replicate", .fields = {"epoch", "seq", "entry"}},
                [PB_SYNC] = {.name = "sync", .fields = {"epoch", "log_length", "log"}},
                [PB_CHECK] = {.name = "check", .fields = {"epoch", "request"}},
                [PB_ACK] = {.name = "ack", .fields = {"epoch", "seq"}},
                [PB_CHECKED] = {.name = "checked", .fields = {"epoch", "request"}},
                [PB_STALE] = {.name = "stale", .fields = {"epoch"}},
                [PB_FETCH] = {.name = "fetch", .fields = {"epoch"}},
                [PB_QUERY] = {.name = "query", .fields = {"epoch"}},
                [PB_PROMOTE] = {.name = "promote", .fields = {"epoch", "in_sync"}},
                [PB_IN_SYNC] = {.name = "in-sync", .fields = {"epoch", "in_sync"}},
                [PB_LAST] = {.name = "last", .fields = {"epoch", "log_epoch", "seq"}},
                [PB_REMOVE] = {.name = "remove", .fields = {"epoch", "server"}},
                [PB_FAIL_OVER] = {.name = "fail-over", .kind = GS_TIMER, .role = CONFIG, .takes = fail_over_takes},
                [PB_RESEND] = {.name = "resend", .kind = GS_TIMER, .role = SERVER, .takes = asking_again_takes},
                [PB_RETRY] = {.name = "retry", .kind = GS_TIMER, .role = CLIENT, .takes = asking_again_takes},
                [PB_WRITTEN] = {.name = "written", .kind = GS_TIMER, .role = SERVER, .takes = write_takes},
                [PB_GIVE_UP] = {.name = "give-up",
                                .kind = GS_LOCAL,
                                .role = SERVER,
                                .arguments = {{.name = "backup", .kind = GS_NODE, .role = SERVER}}},
                [PB_APPLY] = {.name = "apply", .kind = GS_LOCAL, .role = SERVER},
            },
        .options =
            {
                [PB_SERVERS] = {"servers", "how many there are; the first is the primary of epoch 1", 3, 1,
                                PB_SERVERS_MAX, NULL},
                [PB_MODE] = {"mode", "who has to hold a write before it is acknowledged", PB_SEMI_SYNC, PB_ASYNC,
                             PB_SYNC_ALL, mode_names},
                [PB_ACKS] = {"acks", "mode semi-sync: how many backups", 1, 1, PB_SERVERS_MAX - 1, NULL},
                [PB_FAILOVER] = {"failover",
                                 "safe: enough servers are asked that one has each write; forced: one server is enough",
                                 PB_SAFE, PB_SAFE, PB_FORCED, failover_names},
                [PB_EPOCHS] = {"epochs", "how many there are; all but the first begin with a promotion", 2, 1,
                               PB_EPOCHS_MAX, NULL},
                [PB_REMOVALS] = {"removals", "mode sync: how many servers may be left out", 0, 0, PB_SERVERS_MAX - 1,
                                 NULL},
                [PB_RESENDS] =
                    {"resends",
                     "the primary and, in the last epoch, the configuration service send again what may be lost", 0, 0,
                     1, NULL},
                [PB_WRITE_TIME] = {"write-time", "milliseconds until an entry is on a disk; 0: at once", 0, 0, 1000,
                                   NULL},
                [PB_CLIENTS] = {"clients", "how many there are", 2, 1, 6, NULL},
                [PB_WRITERS] = {"writers", "how many of the clients put, the first ones", 6, 0, 6, NULL},
                [PB_READERS] = {"readers", "how many of the clients get, the last ones", 6, 0, 6, NULL},
                [PB_PUTS] = {"puts", "how many each of those invokes first", 1, 0, 3, NULL},
                [PB_GETS] = {"gets", "how many each of those then invokes", 1, 0, 3, NULL},
                [PB_KEYS] = {"keys", "how many there are", 1, 1, 3, NULL},
                [PB_ASK] = {"ask",
                            "which server a client asks: any; or in turn, client c for its operation k the (c + k)-th",
                            PB_ASK_ANY, PB_ASK_ANY, PB_ASK_IN_TURN, ask_names},
                [PB_RETRIES] = {"retries", "how often a client asks again for one operation", 0, 0, 100, NULL},
                [PB_MONITOR] = GS_MONITOR_OPTION,
            },
        .presets =
            {
                {.name = "quick",
                 .meaning = "semi-sync: one client puts, another gets; one promotion",
                 .settings = {"writers=1", "readers=1"},
                 .copies = 2},
                {.name = "full",
                 .meaning = "semi-sync: a client puts twice and gets; two crashes",
                 .settings = {"clients=1", "puts=2"},
                 .copies = 2,
                 .budgets = {.crashes = 2}},
                {.name = "full-sync",
                 .meaning = "as full, in mode sync",
                 .settings = {"mode=sync", "clients=1", "puts=2"},
                 .copies = 2,
                 .budgets = {.crashes = 2}},
                {.name = "full-async",
                 .meaning = "async with forced promotions: a client puts twice; two crashes",
                 .settings = {"mode=async", "failover=forced", "clients=1", "puts=2", "gets=0"},
                 .copies = 2,
                 .budgets = {.crashes = 2}},
                {.name = "one-client",
                 .meaning = "semi-sync: a client puts and gets",
                 .settings = {"clients=1"},
                 .copies = 2},
                {.name = "two-writers",
                 .meaning = "semi-sync: two clients put",
                 .settings = {"readers=0"},
                 .copies = 2},
                {.name = "two-reads",
                 .meaning = "semi-sync, 2 servers: a client puts, another gets twice",
                 .settings = {"servers=2", "writers=1", "readers=1", "gets=2"},
                 .copies = 2},
                {.name = "two-acks",
                 .meaning = "semi-sync: two backups have to hold a write; a message comes twice",
                 .settings = {"acks=2", "clients=1"},
                 .copies = 2,
                 .budgets = {.duplicates = 1}},
                {.name = "sync",
                 .meaning = "sync: two clients put",
                 .settings = {"mode=sync", "readers=0"},
                 .copies = 2},
                {.name = "removal",
                 .meaning = "sync: a backup crashes and is left out",
                 .settings = {"mode=sync", "removals=1", "clients=1", "gets=0"},
                 .copies = 2,
                 .budgets = {.crashes = 1}},
                {.name = "async",
                 .meaning = "async: any server may be promoted, and an acknowledged write is lost",
                 .settings = {"mode=async", "failover=forced", "clients=1"}},
                {.name = "async-safe",
                 .meaning = "async: a promotion waits for the answers of all servers",
                 .settings = {"mode=async", "clients=1"}},
                {.name = "reboot",
                 .meaning = "semi-sync: a client puts; a node reboots",
                 .settings = {"clients=1", "gets=0"},
                 .copies = 2,
                 .budgets = {.reboots = 1}},
                {.name = "three-epochs",
                 .meaning = "semi-sync: two clients put; two promotions",
                 .settings = {"readers=0", "epochs=3", "ask=in-turn"},
                 .network = GS_FIFO},
                {.name = "lossy",
                 .meaning = "semi-sync: a client puts and gets; two messages are lost, no promotion",
                 .settings = {"clients=1", "epochs=1", "resends=1", "retries=1"},
                 .budgets = {.drops = 2}},
            },
        .mutants =
            {
                [PB_ASYNC_FAILOVER] = {"async-failover", "mode async: one server's answer is enough for a promotion",
                                       "acked-is-durable", "async-safe", false},
                [PB_SEMI_ANY_PROMOTE] = {"semi-any-promote", "the first server to answer is promoted",
                                         "acked-is-durable", "one-client", false},
                [PB_LAST_TO_ANSWER] = {"last-to-answer", "of those that answered the last is promoted, not the newest",
                                       "acked-is-durable", "one-client", false},
                [PB_LENGTH_ONLY] = {"length-only", "the longest log is promoted, whatever its epoch",
                                    "acked-is-durable", "three-epochs", false},
                [PB_ACK_DUP] = {"ack-dup", "acknowledgements are counted, not the backups that sent them",
                                "acked-is-durable", "two-acks", false},
                [PB_NO_SEQ] = {"no-seq", "a backup appends writes in the order in which they arrive",
                               "backup-is-a-prefix", "two-writers", false},
                [PB_NO_EPOCH] = {"no-epoch", "a promotion does not begin a new epoch", "at-most-one-accepts", "sync",
                                 false},
                [PB_NO_FENCE] = {"no-fence", "a server that was asked for a new epoch goes on in the old one",
                                 "acked-is-durable", "one-client", false},
                [PB_ACK_BEFORE_APPLY] = {"ack-before-apply", "a backup acknowledges what is not on its disk yet",
                                         "acked-is-durable", "reboot", false},
                [PB_STALE_PRIMARY_READS] = {"stale-primary-reads", "a primary reads without asking whether it still is",
                                            "linearizable", "one-client", false},
                [PB_DIRTY_READS] = {"dirty-reads", "a primary reads what is not acknowledged yet", "linearizable",
                                    "two-reads", false},
                [PB_KEEP_TAIL] = {"keep-tail", "a server keeps its log where it is longer than the new primary's",
                                  "backup-is-a-prefix", "one-client", false},
                [PB_REMOVE_ALONE] = {"remove-alone", "a primary leaves a backup out without the configuration service",
                                     "acked-is-durable", "removal", false},
            },
        .announcements =
            {
                [PB_INVOKED] = GS_INVOCATION("invoked", invocation_fields),
                [PB_RETURNED] = GS_RETURN("returned"),
                [PB_ACCEPTED] = {"accepted", sizeof(struct pb_accepted), accepted_fields},
                [PB_ACKNOWLEDGED] = {"acknowledged", sizeof(struct pb_acknowledged), acknowledged_fields},
            },
        .monitors =
            {
                [PB_LINEARIZATIONS] = GS_LINEARIZATIONS("linearizations", pb_operations),
                [PB_HISTORY] = GS_HISTORY("history", pb_operations),
                [PB_ACCEPTS] = {.name = "accepts",
                                .size = sizeof(struct pb_accepts),
                                .fields = accepts_fields,
                                .announced = pb_accepts_announced},
                [PB_ACKNOWLEDGES] = {.name = "acknowledges",
                                     .size = sizeof(struct pb_acknowledges),
                                     .fields = acknowledges_fields,
                                     .announced = pb_acknowledges_announced},
            },
        .properties =
            {
                WATCHED_CLAIM(ALWAYS, MONITOR_NODE, PB_ACKNOWLEDGES, "acked-is-durable", pb_acked_is_durable,
                              "a primary has every write that was acknowledged in its epoch or before",
                              is_safe_with_a_put, "a put, and failover=safe or a write that waits for all"),
                CLAIM(ALWAYS, ROLE, "acked-is-held", pb_acked_is_held,
                      "what a primary takes for acknowledged is in as many logs as the mode says", is_safe_with_a_put,
                      "a put, and failover=safe or a write that waits for all"),
                CLAIM(ALWAYS, PAIR, "backup-is-a-prefix", pb_backup_is_a_prefix,
                      "of two logs of one epoch one is a beginning of the other, and none is longer than its primary's",
                      has_a_backup, "servers >= 2"),
                WATCHED_CLAIM(ALWAYS, MONITOR, PB_ACCEPTS, "at-most-one-accepts", pb_at_most_one_accepts,
                              "in no epoch two servers take writes", has_a_put, "a put"),
                CLAIM(ALWAYS, STEP, "epoch-never-falls", pb_epoch_never_falls,
                      "no server goes back to an earlier epoch, also when it crashes", NULL, NULL),
                {.name = "linearizable",
                 .claim = "the clients' puts, and gets that are not marked, are those of one register a key",
                 .kind = GS_LINEARIZABLE,
                 .scope = GS_SCOPE_MONITOR,
                 .monitor = PB_LINEARIZATIONS,
                 .monitor_option = PB_MONITOR + 1,
                 .needs = is_safe,
                 .needs_text = "failover=safe or a write that waits for all"},
                CLAIM(QUIESCENT, ROLE, "stores-equal-at-rest", pb_stores_equal_at_rest,
                      "at rest all servers that are up have what the latest primary has", is_told_by_rest,
                      "timeouts >= epochs - 1; and resends or " GS_ALL_MAIL_ARRIVES_TEXT),
                {.name = "all-returned",
                 .claim = "every operation of every client returns",
                 .kind = GS_REACHABLE,
                 .scope = GS_SCOPE_ROLE,
                 .role = CLIENT,
                 .holds = pb_all_returned},
                CLAIM(REACHABLE, NODE, "promoted", pb_promoted, "a backup has become the primary", can_fail_over,
                      "servers, epochs >= 2 and timeouts >= 1"),
                CLAIM(REACHABLE, PAIR, "two-primaries", pb_two_primaries,
                      "two servers take themselves for the primary, one of an epoch that is over", can_depose,
                      "servers, epochs >= 2, timeouts >= 1, and a promotion without the primary"),
                CLAIM(REACHABLE, STEP, "steps-down", pb_steps_down, "a primary hears of a later epoch and is none",
                      can_fail_over, "servers, epochs >= 2 and timeouts >= 1"),
                CLAIM(REACHABLE, MESSAGE_RECEIVER, "told-that-it-is-over", pb_told_that_it_is_over,
                      "a primary is told by a server of a later epoch that its own is over", can_depose,
                      "servers, epochs >= 2, timeouts >= 1, and a promotion without the primary"),
                CLAIM(REACHABLE, NODE, "buffers", pb_buffers, "a write arrives before the one that it follows upon",
                      can_overtake, "two puts that overtake each other"),
                CLAIM(REACHABLE, ROLE, "write-blocks", pb_write_blocks,
                      "a write waits for a backup that is down, and for no other", can_block,
                      "a put that waits for all, crashes >= 1"),
                CLAIM(REACHABLE, ROLE, "write-goes-on", pb_write_goes_on,
                      "a write is acknowledged while a backup is down that does not hold it", can_go_on,
                      "a put that does not wait for all, crashes >= 1"),
                WATCHED_CLAIM(REACHABLE, MONITOR_NODE, PB_ACKNOWLEDGES, "acked-is-lost", pb_acked_is_lost,
                              "a primary does not have a write that was acknowledged", can_lose,
                              "a put, a promotion, failover=forced"),
                {.name = "marked-read-is-behind",
                 .claim = "a client's marked read does not see its own write",
                 .kind = GS_REACHABLE,
                 .scope = GS_SCOPE_MESSAGE_RECEIVER,
                 .role = CLIENT,
                 .holds = pb_marked_read_is_behind,
                 .needs = can_read_behind,
                 .needs_text = "servers >= 2, a client that puts without waiting for all, and gets"},
                CLAIM(REACHABLE, NODE, "goes-on-without-removed", pb_goes_on_without_removed,
                      "a server was left out, and writes are acknowledged without it", can_remove,
                      "mode=sync, removals >= 1, a put"),
            },
};
