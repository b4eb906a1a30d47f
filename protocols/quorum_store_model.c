/* The quorum store's model: tables, clients, options, presets, mutants. */
#include "protocols/quorum_store_model.h"

#include "properties/convergence.h"

enum { SERVER = QUORUM_STORE_SERVER, CLIENT = QUORUM_STORE_CLIENT };
enum { LINEARIZATIONS, FRESHNESS }; /* monitors */

static const char *const phase_names[] = {"idle", "querying", "recording"};
static const char *const level_names[] = {"strong", "eventual", "weak"};
static const char *const function_names[] = {"read",           "write",     "eventual-read",
                                             "eventual-write", "weak-read", "weak-write"};

static const struct gs_field operation_fields[] = {
    GS_ENUM(struct quorum_store_operation, phase, phase_names),
    GS_FIELD(struct quorum_store_operation, is_put),
    GS_FIELD(struct quorum_store_operation, request),
    GS_FIELD(struct quorum_store_operation, client),
    GS_FIELD(struct quorum_store_operation, key),
    GS_FIELD(struct quorum_store_operation, value),
    GS_STRUCT(struct quorum_store_operation, version, gs_register_version_fields),
    GS_FIELD(struct quorum_store_operation, answered),
    GS_FIELDS_END,
};
static const struct gs_field server_fields[] = {
    GS_STRUCT_ARRAY(struct quorum_store_server, versions, gs_register_version_fields, GS_DURABLE),
    GS_STRUCT_ARRAY(struct quorum_store_server, acked, gs_register_version_fields, GS_DURABLE),
    GS_STRUCT(struct quorum_store_server, operation, operation_fields),
    GS_FIELD(struct quorum_store_server, untold, GS_DURABLE),
    GS_FIELDS_END,
};
static const struct gs_field message_fields[] = {
    GS_FIELD(struct quorum_store_message, request),
    GS_ENUM(struct quorum_store_message, level, level_names),
    GS_FIELD(struct quorum_store_message, key),
    GS_FIELD(struct quorum_store_message, value),
    GS_STRUCT(struct quorum_store_message, version, gs_register_version_fields),
    GS_STRUCT_ARRAY(struct quorum_store_message, versions, gs_register_version_fields),
    GS_FIELDS_END,
};
static const struct gs_field invocation_fields[] = GS_INVOCATION_FIELDS(function_names);
static const struct gs_field client_fields[] = GS_CLIENT_FIELDS(invocation_fields);
static const struct gs_field values_fields[] = {
    GS_FIELD(struct quorum_store_values, bits),
    GS_FIELDS_END,
};
static const struct gs_field in_flight_fields[] = {
    GS_ENUM(struct quorum_store_in_flight, function, function_names),
    GS_FIELD(struct quorum_store_in_flight, key),
    GS_FIELD(struct quorum_store_in_flight, value),
    GS_STRUCT(struct quorum_store_in_flight, past, values_fields),
    GS_FIELDS_END,
};
static const struct gs_field freshness_fields[] = {
    GS_FIELD(struct quorum_store_freshness, stale),
    GS_STRUCT_ARRAY(struct quorum_store_freshness, written, values_fields),
    GS_STRUCT_ARRAY(struct quorum_store_freshness, overwritten, values_fields),
    GS_STRUCT_ARRAY(struct quorum_store_freshness, processes, in_flight_fields),
    GS_FIELDS_END,
};

static struct gs_duration give_up_takes(const struct gs_run *run, unsigned index)
{
    (void)run;
    (void)index;
    return (struct gs_duration){GS_MILLISECONDS(5000), GS_MILLISECONDS(5000)};
}

static struct gs_duration anti_entropy_takes(const struct gs_run *run, unsigned index)
{
    (void)run;
    (void)index;
    return (struct gs_duration){GS_MILLISECONDS(1000), GS_MILLISECONDS(2000)};
}

/* ---- Clients ----------------------------------------------------------------------------------------------------- */

static void request(struct gs_step *s, const struct gs_request *request)
{
    const struct gs_invocation *operation = request->operation;
    const bool is_write = quorum_store_is_write(operation->function);
    gs_send(s, request->server,
            &(struct quorum_store_message){.type = is_write ? QUORUM_STORE_PUT : QUORUM_STORE_GET,
                                           .request = request->id,
                                           .level = quorum_store_level_of(operation->function),
                                           .key = operation->key,
                                           .value = is_write ? operation->argument.items[0] : 0});
}

static bool answer(struct gs_step *s, const struct gs_event *e, struct gs_answer *answer)
{
    const struct quorum_store_message *message = e->message;
    (void)s;
    answer->id = message->request;
    switch (e->type) {
    case QUORUM_STORE_PUT_OK:
        return true;
    case QUORUM_STORE_GET_OK:
        if (message->value)
            answer->result = GS_FLAT_NUMBER(message->value);
        return true;
    case QUORUM_STORE_REFUSED:
        answer->outcome = GS_FAILED;
        return true;
    case QUORUM_STORE_UNKNOWN:
        answer->outcome = GS_OPEN;
        return true;
    }
    return false;
}

#define PUTS_OF(level_function, option)                                                            \
    {                                                                                              \
        .function = (level_function), .argument = GS_ARGUMENT_VALUE, .times_option = (option) + 1, \
        .clients_option = QUORUM_STORE_WRITERS + 1                                                 \
    }
#define GETS_OF(level_function, option)                                                                         \
    {                                                                                                           \
        .function = (level_function), .times_option = (option) + 1, .clients_option = QUORUM_STORE_READERS + 1, \
        .by_the_last = true                                                                                     \
    }
static const struct gs_clients clients = {
    .servers = SERVER,
    .invoked = QUORUM_STORE_INVOKED,
    .returned = QUORUM_STORE_RETURNED,
    .keys_option = QUORUM_STORE_KEYS + 1,
    .any_server_option = QUORUM_STORE_ANY_SERVER + 1,
    .stops = true,
    .kinds = {PUTS_OF(QUORUM_STORE_WRITE, QUORUM_STORE_PUTS),
              PUTS_OF(QUORUM_STORE_EVENTUAL_WRITE, QUORUM_STORE_EVENTUAL_PUTS),
              PUTS_OF(QUORUM_STORE_WEAK_WRITE, QUORUM_STORE_WEAK_PUTS), GETS_OF(QUORUM_STORE_READ, QUORUM_STORE_GETS),
              GETS_OF(QUORUM_STORE_EVENTUAL_READ, QUORUM_STORE_EVENTUAL_GETS),
              GETS_OF(QUORUM_STORE_WEAK_READ, QUORUM_STORE_WEAK_GETS)},
    .kind_count = 6,
    .request = request,
    .answer = answer,
};
static const struct gs_operations operations = {&quorum_store_register, QUORUM_STORE_INVOKED, QUORUM_STORE_RETURNED};

/* ---- What a run can judge ---------------------------------------------------------------------------------------- */

static bool quorums_meet(const struct gs_run *run)
{
    return quorum_store_read_quorum(run) + quorum_store_write_quorum(run) > gs_count(run, SERVER);
}

static bool has_writers(const struct gs_run *run)
{
    return gs_option(run, QUORUM_STORE_WRITERS) > 0;
}

static bool has_readers(const struct gs_run *run)
{
    return gs_option(run, QUORUM_STORE_READERS) > 0;
}

static bool has_strong_puts(const struct gs_run *run)
{
    return has_writers(run) && gs_option(run, QUORUM_STORE_PUTS) > 0;
}

static bool has_strong_gets(const struct gs_run *run)
{
    return has_readers(run) && gs_option(run, QUORUM_STORE_GETS) > 0;
}

static bool has_strong(const struct gs_run *run)
{
    return has_strong_puts(run) || has_strong_gets(run);
}

static bool has_eventual(const struct gs_run *run)
{
    return (has_writers(run) && gs_option(run, QUORUM_STORE_EVENTUAL_PUTS)) ||
           (has_readers(run) && gs_option(run, QUORUM_STORE_EVENTUAL_GETS));
}

static bool has_weak(const struct gs_run *run)
{
    return (has_writers(run) && gs_option(run, QUORUM_STORE_WEAK_PUTS)) ||
           (has_readers(run) && gs_option(run, QUORUM_STORE_WEAK_GETS));
}

static bool has_others(const struct gs_run *run)
{
    return gs_count(run, SERVER) > 1;
}

static const char *refuses(const struct gs_run *run)
{
    const int servers = gs_count(run, SERVER);
    return gs_option(run, QUORUM_STORE_READ_QUORUM) > servers || gs_option(run, QUORUM_STORE_WRITE_QUORUM) > servers
               ? "a quorum of more servers than there are would never answer: set read-quorum and write-quorum to at "
                 "most servers"
               : NULL;
}

static bool is_strongly_consistent(const struct gs_run *run)
{
    return has_strong(run) && quorums_meet(run) && !gs_option(run, QUORUM_STORE_EVENTUAL_PUTS) &&
           !gs_option(run, QUORUM_STORE_WEAK_PUTS);
}

static bool writes_are_told(const struct gs_run *run)
{
    return has_writers(run) && !gs_option(run, QUORUM_STORE_WEAK_PUTS) &&
           (gs_option(run, QUORUM_STORE_PUTS) || gs_option(run, QUORUM_STORE_EVENTUAL_PUTS)) &&
           (gs_option(run, QUORUM_STORE_SYNCS) || gs_all_mail_arrives(run));
}

static bool loses_nothing(const struct gs_run *run)
{
    return gs_all_mail_arrives(run) && !gs_budget(run, GS_CRASH) && !gs_budget(run, GS_REBOOT);
}

static bool can_be_stale(const struct gs_run *run)
{
    return has_writers(run) && gs_count(run, SERVER) > 1 &&
           gs_option(run, QUORUM_STORE_PUTS) + gs_option(run, QUORUM_STORE_EVENTUAL_PUTS) +
                   gs_option(run, QUORUM_STORE_WEAK_PUTS) >
               0;
}

static bool can_strong_be_stale(const struct gs_run *run)
{
    return has_strong_puts(run) && has_strong_gets(run) && !quorums_meet(run) && gs_count(run, SERVER) > 1;
}

static bool can_eventual_be_stale(const struct gs_run *run)
{
    return can_be_stale(run) && has_readers(run) && gs_option(run, QUORUM_STORE_EVENTUAL_GETS);
}

static bool can_weak_be_stale(const struct gs_run *run)
{
    return can_be_stale(run) && has_readers(run) && gs_option(run, QUORUM_STORE_WEAK_GETS);
}

static bool can_be_refused(const struct gs_run *run)
{
    return has_strong(run) && gs_option(run, QUORUM_STORE_GIVES_UP) && gs_count(run, SERVER) > 1;
}

static bool can_be_unknown(const struct gs_run *run)
{
    return has_strong_puts(run) && gs_option(run, QUORUM_STORE_GIVES_UP) && quorum_store_write_quorum(run) > 1;
}

static bool can_be_repaired(const struct gs_run *run)
{
    return has_writers(run) && gs_option(run, QUORUM_STORE_SYNCS) && gs_count(run, SERVER) > 1 &&
           gs_option(run, QUORUM_STORE_PUTS) + gs_option(run, QUORUM_STORE_EVENTUAL_PUTS) > 0;
}

static bool has_operations(const struct gs_run *run)
{
    return has_strong(run) || has_eventual(run) || has_weak(run);
}

#define CLAIM(title, says, of_kind, in_scope, of_role, predicate) \
    .name = (title), .claim = (says), .kind = (of_kind), .scope = (in_scope), .role = (of_role), .holds = (predicate)
#define STALE_GOAL(title, says, predicate, can, text)                                                           \
    {                                                                                                           \
        CLAIM(title, says, GS_REACHABLE, GS_SCOPE_MONITOR, 0, predicate), .monitor = FRESHNESS, .needs = (can), \
                                                                          .needs_text = (text)                  \
    }
#define MESSAGE_GOAL(title, says, predicate, can, text)                                                        \
    {                                                                                                          \
        CLAIM(title, says, GS_REACHABLE, GS_SCOPE_MESSAGE, 0, predicate), .needs = (can), .needs_text = (text) \
    }
#define MUTANT(title, breaks, killed_by, in_preset)                                          \
    {                                                                                        \
        .name = (title), .meaning = (breaks), .property = (killed_by), .preset = (in_preset) \
    }

const struct gs_model quorum_store = {
    .name = "quorum-store",
    .title = "a replicated store with weak, eventual and strong operations",
    .source = "Attiya, Bar-Noy and Dolev, Sharing Memory Robustly in Message-Passing Systems (1995); DeCandia et al., "
              "Dynamo (2007)",
    .message_size = sizeof(struct quorum_store_message),
    .message_fields = message_fields,
    .network = GS_BAG,
    .refuses = refuses,
    .roles = {[SERVER] = {.name = "server",
                          .size = sizeof(struct quorum_store_server),
                          .fields = server_fields,
                          .step = quorum_store_server_step,
                          .count_option = QUORUM_STORE_SERVERS},
              [CLIENT] = GS_CLIENT_NAMING("client", client_fields, clients, QUORUM_STORE_CLIENTS)},
    .events = {[QUORUM_STORE_PUT] = {.name = "put", .fields = {"request", "level", "key", "value"}},
               [QUORUM_STORE_GET] = {.name = "get", .fields = {"request", "level", "key"}},
               [QUORUM_STORE_PUT_OK] = {.name = "put-ok", .fields = {"request", "level"}},
               [QUORUM_STORE_GET_OK] = {.name = "get-ok", .fields = {"request", "level", "value"}},
               [QUORUM_STORE_REFUSED] = {.name = "refused", .fields = {"request"}},
               [QUORUM_STORE_UNKNOWN] = {.name = "unknown", .fields = {"request"}},
               [QUORUM_STORE_QUERY] = {.name = "query", .fields = {"request", "key"}},
               [QUORUM_STORE_ACK_QUERY] = {.name = "ack-query", .fields = {"request", "version"}},
               [QUORUM_STORE_RECORD] = {.name = "record", .fields = {"request", "key", "version"}},
               [QUORUM_STORE_ACK_RECORD] = {.name = "ack-record", .fields = {"request"}},
               [QUORUM_STORE_REPLICATE] = {.name = "replicate", .fields = {"key", "version"}},
               [QUORUM_STORE_COMPARE] = {.name = "compare", .fields = {"versions"}},
               [QUORUM_STORE_ACK_COMPARE] = {.name = "ack-compare", .fields = {"versions"}},
               [QUORUM_STORE_GIVE_UP] = {.name = "give-up", .kind = GS_TIMER, .role = SERVER, .takes = give_up_takes},
               [QUORUM_STORE_ANTI_ENTROPY] =
                   {.name = "anti-entropy", .kind = GS_TIMER, .role = SERVER, .takes = anti_entropy_takes}},
    .options =
        {[QUORUM_STORE_SERVERS] = {"servers", "how many there are", 3, 1, QUORUM_STORE_SERVERS_MAX, NULL},
         [QUORUM_STORE_CLIENTS] = {"clients", "how many there are", 2, 1, 3, NULL},
         [QUORUM_STORE_WRITERS] = {"writers", "how many of the clients put, the first ones", 3, 0, 3, NULL},
         [QUORUM_STORE_READERS] = {"readers", "how many of the clients get, the last ones", 3, 0, 3, NULL},
         [QUORUM_STORE_PUTS] = {"puts", "strong puts that each writer invokes first", 1, 0, 10, NULL},
         [QUORUM_STORE_GETS] = {"gets", "strong gets that each reader then invokes", 1, 0, 10, NULL},
         [QUORUM_STORE_EVENTUAL_PUTS] = {"eventual-puts", "eventual puts, after the strong ones", 0, 0, 10, NULL},
         [QUORUM_STORE_EVENTUAL_GETS] = {"eventual-gets", "eventual gets, after the strong ones", 0, 0, 10, NULL},
         [QUORUM_STORE_WEAK_PUTS] = {"weak-puts", "weak puts, after the eventual ones", 0, 0, 10, NULL},
         [QUORUM_STORE_WEAK_GETS] = {"weak-gets", "weak gets, after the eventual ones", 0, 0, 10, NULL},
         [QUORUM_STORE_KEYS] = {"keys", "how many there are", 1, 1, QUORUM_STORE_KEYS_MAX, NULL},
         [QUORUM_STORE_READ_QUORUM] = {"read-quorum", "R, at most all servers; 0: a majority", 0, 0,
                                       QUORUM_STORE_SERVERS_MAX, NULL},
         [QUORUM_STORE_WRITE_QUORUM] = {"write-quorum", "W, at most all servers; 0: a majority", 0, 0,
                                        QUORUM_STORE_SERVERS_MAX, NULL},
         [QUORUM_STORE_GIVES_UP] = {"give-up", "a strong operation ends when an answer takes too long", 0, 0, 1, NULL},
         [QUORUM_STORE_SYNCS] = {"anti-entropy", "servers compare what they hold, and take what is newer", 0, 0, 1,
                                 NULL},
         [QUORUM_STORE_ANY_SERVER] = {"any-server", "clients ask any server, not one after the other", 0, 0, 1, NULL}},
    .presets = {{.name = "quick",
                 .meaning = "3 servers; a client puts and gets, another gets, all strong",
                 .settings = {"writers=1"}},
                {.name = "full",
                 .meaning = "3 servers; a client puts, another gets twice, all strong, each may give up",
                 .settings = {"writers=1", "readers=1", "gets=2", "give-up=1"}},
                {.name = "small",
                 .meaning = "2 servers, 2 clients that put and get, all strong; small, to be read",
                 .settings = {"servers=2"}},
                {.name = "two-gets",
                 .meaning = "3 servers; a client puts, another gets twice",
                 .settings = {"writers=1", "readers=1", "gets=2"}},
                {.name = "any-server",
                 .meaning = "3 servers; a client puts twice and gets, each at any server",
                 .settings = {"clients=1", "puts=2", "any-server=1"}},
                {.name = "one-server",
                 .meaning = "1 server; a client puts twice and gets; small, to be read",
                 .settings = {"servers=1", "clients=1", "puts=2"}},
                {.name = "levels",
                 .meaning = "3 servers; a client puts, another gets at each level",
                 .settings = {"writers=1", "readers=1", "eventual-gets=1", "weak-gets=1", "any-server=1"}},
                {.name = "eventual",
                 .meaning = "3 servers, 2 clients; eventual puts and gets",
                 .settings = {"puts=0", "gets=0", "eventual-puts=2", "eventual-gets=1"}},
                {.name = "weak",
                 .meaning = "3 servers, 2 clients; weak puts and gets",
                 .settings = {"puts=0", "gets=0", "weak-puts=2", "weak-gets=2"}},
                {.name = "anti-entropy",
                 .meaning = "2 servers; eventual puts, and two lost messages that anti-entropy makes up for",
                 .settings = {"servers=2", "puts=0", "gets=0", "eventual-puts=1", "eventual-gets=1", "anti-entropy=1"},
                 .budgets = {.drops = 2}},
                {.name = "mixed",
                 .meaning = "2 servers, 2 clients that put strongly, then eventually",
                 .settings = {"servers=2", "gets=0", "eventual-puts=1"}},
                {.name = "give-up",
                 .meaning = "2 servers; strong operations that may give up",
                 .settings = {"servers=2", "give-up=1"}},
                {.name = "partition",
                 .meaning = "3 servers; a client puts and gets, strong operations may give up; a partition that heals",
                 .settings = {"clients=1", "weak-gets=1", "give-up=1"},
                 .budgets = {.partitions = 1}},
                {.name = "stale",
                 .meaning = "3 servers; strong puts and gets with R = W = 1",
                 .settings = {"writers=1", "read-quorum=1", "write-quorum=1"}},
                {.name = "reboot",
                 .meaning = "3 servers; a client puts and gets, and a node reboots",
                 .settings = {"clients=1"},
                 .budgets = {.reboots = 1}}},
    .mutants =
        {[QUORUM_STORE_R1W1] = MUTANT("r1w1", "one server is a quorum, to read and to write", "linearizable", "quick"),
         [QUORUM_STORE_R1] = MUTANT("r1w2", "one server is a quorum to read", "linearizable", "quick"),
         [QUORUM_STORE_NO_WRITE_BACK] = MUTANT("no-writeback",
                                               "a get answers what it saw, without having a quorum record it",
                                               "linearizable", "two-gets"),
         [QUORUM_STORE_LOCAL_CLOCK] = MUTANT("local-ts",
                                             "a put takes the next clock of the server's own, without asking a quorum",
                                             "linearizable", "any-server"),
         [QUORUM_STORE_WALL_CLOCK] = MUTANT("wallclock-order", "a version's clock is a wall clock, which may be behind",
                                            "linearizable", "one-server"),
         [QUORUM_STORE_QUORUM_OF_VISIBLE] = MUTANT(
             "dyn-quorum",
             "when it takes too long, those that answered are taken for all there are", "linearizable", "partition"),
         [QUORUM_STORE_ROLLBACK_DELETES] =
             MUTANT("rollback-delete", "a put that gives up deletes what its server holds", "keeps-newest", "give-up"),
         [QUORUM_STORE_ABSENT_FAILS] =
             MUTANT("absent-fails", "a server that holds no version does not answer a query", "all-answered", "quick"),
         [QUORUM_STORE_UNKNOWN_IS_FAILED] =
             MUTANT("failed-write-leaks", "a put that gives up says that it failed, and what it recorded stays",
                    "linearizable", "give-up"),
         [QUORUM_STORE_REPLICATE_OLDER] =
             MUTANT("replicate-older", "a server takes what it is sent, also if it has a newer version", "keeps-newest",
                    "eventual"),
         [QUORUM_STORE_TOLD_ON_SEND] = MUTANT("told-on-send", "who was asked to compare is taken to have what is here",
                                              "converged", "anti-entropy"),
         [QUORUM_STORE_NOT_DURABLE] =
             MUTANT("version-not-durable", "the versions are not on stable storage", "acked-is-held", "reboot"),
         [QUORUM_STORE_SAME_VERSION] =
             MUTANT("same-version", "a strong put does not look at what came to its own server while it asked others",
                    "one-value-a-version", "mixed")},
    .announcements = {[QUORUM_STORE_INVOKED] = GS_INVOCATION("invoked", invocation_fields),
                      [QUORUM_STORE_RETURNED] = GS_RETURN("returned")},
    .monitors = {[LINEARIZATIONS] = GS_LINEARIZATIONS("linearizations", operations),
                 [FRESHNESS] = {.name = "freshness",
                                .size = sizeof(struct quorum_store_freshness),
                                .fields = freshness_fields,
                                .announced = quorum_store_freshness_announced}},
    .properties = {{.name = "linearizable",
                    .claim = "the strong puts and gets of each key are those of one register",
                    .kind = GS_LINEARIZABLE,
                    .scope = GS_SCOPE_MONITOR,
                    .monitor = LINEARIZATIONS,
                    .needs = is_strongly_consistent,
                    .needs_text = "R + W > servers, strong operations, and no other puts"},
                   {CLAIM("strong-is-fresh", "no strong get answers what was overwritten before it was invoked",
                          GS_ALWAYS, GS_SCOPE_MONITOR, 0, quorum_store_strong_is_fresh),
                    .monitor = FRESHNESS, .needs = is_strongly_consistent,
                    .needs_text = "R + W > servers, strong operations, and no other puts"},
                   {CLAIM("acked-is-held",
                          "a quorum holds what a strong operation was answered with, or something newer",
                          GS_ALWAYS, GS_SCOPE_ROLE, SERVER, quorum_store_acked_is_held),
                    .needs = has_strong_puts, .needs_text = "strong puts"},
                   {CLAIM("keeps-newest", "a server never replaces a version by an older one", GS_ALWAYS, GS_SCOPE_STEP,
                          SERVER, quorum_store_keeps_newest)},
                   {CLAIM("one-value-a-version", "what two servers hold of one version is the same value",
                          GS_ALWAYS, GS_SCOPE_PAIR, SERVER, quorum_store_one_value_a_version),
                    .other_role = SERVER, .needs = has_others, .needs_text = "servers >= 2"},
                   {CLAIM("all-answered", "in the end every operation is answered", GS_QUIESCENT, GS_SCOPE_ROLE, CLIENT,
                          quorum_store_answers_all),
                    .needs = loses_nothing, .needs_text = "no drops, crashes, reboots"},
                   {CLAIM("converged", "in the end all servers that are up hold the same", GS_QUIESCENT, GS_SCOPE_ROLE,
                          SERVER, quorum_store_converged),
                    .needs = writes_are_told,
                    .needs_text = "puts, none of them weak; and anti-entropy or " GS_ALL_MAIL_ARRIVES_TEXT},
                   MESSAGE_GOAL("strong-answers", "a strong operation is answered", quorum_store_strong_answers,
                                has_strong, "strong operations"),
                   MESSAGE_GOAL("eventual-answers", "an eventual operation is answered", quorum_store_eventual_answers,
                                has_eventual, "eventual operations"),
                   MESSAGE_GOAL("weak-answers", "a weak operation is answered", quorum_store_weak_answers, has_weak,
                                "weak operations"),
                   MESSAGE_GOAL("is-refused", "a strong operation is refused, without any effect",
                                quorum_store_is_refused, can_be_refused, "give-up, strong operations, servers >= 2"),
                   MESSAGE_GOAL("is-unknown", "of a strong put it remains unknown whether it took effect",
                                quorum_store_is_unknown, can_be_unknown, "give-up, strong puts, W >= 2"),
                   STALE_GOAL("strong-is-stale", "a strong get answers what was overwritten before it was invoked",
                              quorum_store_strong_is_stale, can_strong_be_stale,
                              "strong puts and gets, and R + W <= servers"),
                   STALE_GOAL("eventual-is-stale", "an eventual get answers what was overwritten before it was invoked",
                              quorum_store_eventual_is_stale, can_eventual_be_stale,
                              "puts, eventual gets, servers >= 2"),
                   STALE_GOAL("weak-is-stale", "a weak get answers what was overwritten before it was invoked",
                              quorum_store_weak_is_stale, can_weak_be_stale, "puts, weak gets, servers >= 2"),
                   {CLAIM("is-repaired", "anti-entropy finds something to bring", GS_REACHABLE,
                          GS_SCOPE_MESSAGE_RECEIVER, SERVER, quorum_store_is_repaired),
                    .needs = can_be_repaired, .needs_text = "anti-entropy, strong or eventual puts, servers >= 2"},
                   {CLAIM("all-returned", "every operation of every client returns", GS_REACHABLE, GS_SCOPE_ROLE,
                          CLIENT, quorum_store_all_returned),
                    .needs = has_operations, .needs_text = "operations"}},
};
