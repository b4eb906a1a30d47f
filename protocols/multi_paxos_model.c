/* Multi-Paxos: what is claimed of its rules (multi_paxos.c), and the model. */
#include "properties/exactly_once.h"
#include "protocols/multi_paxos.h"

enum { SERVER = MULTI_PAXOS_SERVER, HISTORY = MULTI_PAXOS_HISTORY, LOG = MULTI_PAXOS_LOG, NO_OP = 0 };
enum { FOLLOWER = MULTI_PAXOS_FOLLOWER, PREPARING = MULTI_PAXOS_PREPARING, LEADING = MULTI_PAXOS_LEADING };

/* ---- Properties -------------------------------------------------------------------------------------------------- */

static bool quorums_intersect(struct gs_view *v)
{
    const struct gs_quorums phase1 = multi_paxos_quorums(GS_RUN(v), MULTI_PAXOS_PHASE1_SIZE),
                            phase2 = multi_paxos_quorums(GS_RUN(v), MULTI_PAXOS_PHASE2_SIZE);
    return gs_explain_quorums(v, &phase1, &phase2);
}

static bool one_chosen(struct gs_view *v)
{
    const struct gs_quorums quorums = multi_paxos_quorums(GS_RUN(v), MULTI_PAXOS_PHASE2_SIZE);
    return gs_one_chosen(v, &quorums);
}

static bool decisions_are_chosen(struct gs_view *v)
{
    const struct gs_quorums quorums = multi_paxos_quorums(GS_RUN(v), MULTI_PAXOS_PHASE2_SIZE);
    return gs_decisions_are_chosen(v, &quorums);
}

static bool votes_are_safe(struct gs_view *v)
{
    const struct gs_quorums quorums = multi_paxos_quorums(GS_RUN(v), MULTI_PAXOS_PHASE2_SIZE);
    return gs_votes_are_safe(v, &quorums);
}

static bool decisions_are_stable(struct gs_view *v)
{
    const struct multi_paxos_server *before = gs_before(v), *after = gs_this(v);
    for (int i = 0; i < LOG; i++) {
        const struct multi_paxos_chosen *old = &before->chosen[i], *new = &after->chosen[i];
        if (old->is_known && (!new->is_known || new->value != old->value))
            return gs_explain(v, "in slot %d %s had decided %u, and now has %u", i + 1, gs_name(v, gs_this_node(v)),
                              old->value, new->value);
    }
    return true;
}

static bool promises_are_kept(struct gs_view *v)
{
    const struct multi_paxos_server *before = gs_before(v), *after = gs_this(v);
    bool kept = after->promised >= before->promised;
    for (int i = 0; i < LOG; i++)
        kept = kept && after->accepted[i].ballot >= before->accepted[i].ballot;
    return kept || gs_explain(v, "%s has broken its promise of ballot %u, or lost what it had accepted",
                              gs_name(v, gs_this_node(v)), before->promised);
}

/* On this rests that a leader's own vote is in its poll, and that its accepted value is the one it proposed. */
static bool leaders_vote_for_themselves(struct gs_view *v)
{
    const struct multi_paxos_server *server = gs_this(v);
    if (server->phase == LEADING && server->promised != server->ballot)
        return gs_explain(v, "%s leads ballot %u and has promised %u", gs_name(v, gs_this_node(v)), server->ballot,
                          server->promised);
    return true;
}

/* ---- Goals ------------------------------------------------------------------------------------------------------- */

static bool leads(struct gs_view *v)
{
    return ((const struct multi_paxos_server *)gs_this(v))->phase == LEADING;
}

/* PMS 3: that two servers believe to lead endangers only progress. */
static bool two_leaders(struct gs_view *v)
{
    int leading = 0;
    for (GS_EACH(node, gs_nodes(v, SERVER)))
        leading += ((const struct multi_paxos_server *)gs_state(v, node))->phase == LEADING;
    return leading >= 2;
}

static bool decided(struct gs_view *v)
{
    return multi_paxos_commit(gs_this(v)) > 0;
}

static bool log_is_full(struct gs_view *v)
{
    return multi_paxos_commit(gs_this(v)) >= gs_option(v, MULTI_PAXOS_SLOTS);
}

static bool adopts(struct gs_view *v)
{
    const struct multi_paxos_server *before = gs_before(v), *after = gs_this(v);
    return before->phase != LEADING && after->phase == LEADING && after->last > multi_paxos_commit(before);
}

static bool fills_a_gap(struct gs_view *v)
{
    const struct multi_paxos_server *server = gs_this(v);
    for (int i = 0; i < LOG; i++)
        if (server->accepted[i].ballot > 0 && server->accepted[i].value == NO_OP)
            return true;
    return false;
}

static bool forwards(struct gs_view *v)
{
    return ((const struct multi_paxos_message *)gs_message(v))->type == MULTI_PAXOS_FORWARD;
}

static bool catches_up(struct gs_view *v)
{
    return ((const struct multi_paxos_message *)gs_message(v))->type == MULTI_PAXOS_CATCH_UP;
}

static bool follower_decides(struct gs_view *v)
{
    const struct multi_paxos_server *before = gs_before(v), *after = gs_this(v);
    return after->phase == FOLLOWER && multi_paxos_commit(after) > multi_paxos_commit(before);
}

/* ---- What goals need --------------------------------------------------------------------------------------------- */

static int64_t min_of(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static bool has_timeouts(const struct gs_run *run, int64_t wanted)
{
    const int64_t timeouts = gs_budget(run, GS_TIMEOUT);
    return timeouts < 0 || timeouts >= wanted;
}

static bool grants_a_leader(const struct gs_run *run)
{
    return has_timeouts(run, 1);
}

static bool grants_two_leaders(const struct gs_run *run)
{
    return has_timeouts(run, 2) && gs_count(run, SERVER) >= 3 && gs_option(run, MULTI_PAXOS_LEADERS) >= 2;
}

static bool grants_full_log(const struct gs_run *run)
{
    const int64_t clients = min_of(gs_option(run, MULTI_PAXOS_CLIENTS), gs_count(run, SERVER));
    return has_timeouts(run, 1) && clients * gs_option(run, MULTI_PAXOS_REQUESTS) >= gs_option(run, MULTI_PAXOS_SLOTS);
}

static bool grants_a_gap(const struct gs_run *run)
{
    return grants_two_leaders(run) && gs_option(run, MULTI_PAXOS_SLOTS) >= 2 &&
           gs_option(run, MULTI_PAXOS_WINDOW) >= 2 && gs_option(run, MULTI_PAXOS_REQUESTS) >= 2;
}

static bool grants_forwarding(const struct gs_run *run)
{
    const bool another = gs_option(run, MULTI_PAXOS_CLIENTS) >= 2 || gs_option(run, MULTI_PAXOS_LEADERS) >= 2;
    return has_timeouts(run, 1) && gs_count(run, SERVER) >= 2 && another;
}

static bool grants_heartbeats(const struct gs_run *run)
{
    return has_timeouts(run, 2) && gs_count(run, SERVER) >= 2 && gs_option(run, MULTI_PAXOS_HEARTBEATS);
}

static const char *refuses(const struct gs_run *run)
{
    const int64_t leaders = min_of(gs_option(run, MULTI_PAXOS_LEADERS), gs_count(run, SERVER));
    const int64_t votes = leaders * gs_option(run, MULTI_PAXOS_ROUNDS) * gs_option(run, MULTI_PAXOS_SLOTS);
    _Static_assert(GS_CONSENSUS_VOTES_MAX == 96, "the line below says how many there are");
    return votes > GS_CONSENSUS_VOTES_MAX
               ? "there are more than 96 proposals, leaders * rounds * slots: choose fewer of one"
               : multi_paxos_refuses_options(run);
}

static const struct gs_field server_fields[] = {MULTI_PAXOS_SERVER_FIELDS, GS_FIELDS_END};
static const struct gs_field message_fields[] = {MULTI_PAXOS_MESSAGE_FIELDS, GS_FIELDS_END};

/* ---- The model --------------------------------------------------------------------------------------------------- */

GS_CONSENSUS_HISTORY(history, MULTI_PAXOS_ANNOUNCED)

#define MUTANT(number, mutant_name, where, killed_by, breaks) \
    [MULTI_PAXOS_##number] = {.name = mutant_name, .meaning = breaks, .property = killed_by, .preset = where}
#define CLAIM(property_name, property_claim, predicate)                                                            \
    {                                                                                                              \
        .name = property_name, .claim = property_claim, .kind = GS_ALWAYS, .scope = GS_SCOPE_STEP, .role = SERVER, \
        .holds = predicate                                                                                         \
    }
#define GOAL(goal_name, goal_claim, goal_scope, predicate, granted, granted_text)                          \
    {                                                                                                      \
        .name = goal_name, .claim = goal_claim, .kind = GS_REACHABLE, .scope = goal_scope, .role = SERVER, \
        .holds = predicate, .needs = granted, .needs_text = granted_text                                   \
    }

const struct gs_model multi_paxos = {
    .name = "multi-paxos",
    .title = "Multi-Paxos: the replicated log of a stable leader",
    .source = "Lamport, Paxos Made Simple (2001), section 3; Chandra et al. (2007), Kirsch and Amir (2008)",
    .message_size = sizeof(struct multi_paxos_message),
    .message_fields = message_fields,
    .network = GS_BAG,
    .roles =
        {
            [SERVER] = {.name = "server",
                        .size = sizeof(struct multi_paxos_server),
                        .fields = server_fields,
                        .step = multi_paxos_step,
                        .count_option = MULTI_PAXOS_SERVERS,
                        .starts = true,
                        .within = multi_paxos_within,
                        .within_text = "round <= rounds, log <= slots"},
        },
    .events =
        {
            MULTI_PAXOS_EVENTS,
            [MULTI_PAXOS_FORWARD] = {.name = "forward", .fields = {"value"}},
            [MULTI_PAXOS_REQUEST] = {.name = "request", .kind = GS_LOCAL, .role = SERVER},
        },
    .options =
        {
            MULTI_PAXOS_OPTIONS,
            [MULTI_PAXOS_SLOTS] = {"slots", "how long the log may become", 2, 1, MULTI_PAXOS_SLOTS_MAX, NULL},
            [MULTI_PAXOS_CLIENTS] = {"clients", "how many of the servers have a client", 2, 1, PAXOS_SERVERS_MAX, NULL},
            [MULTI_PAXOS_REQUESTS] = {"requests", "how many requests each client makes", 1, 1, MULTI_PAXOS_REQUESTS_MAX,
                                      NULL},
        },
    .presets =
        {
            {.name = "quick",
             .meaning = "3 servers, 2 of them lead and have a client with 1 request, 2 slots, 1 round",
             .settings = {"servers=3"}},
            {.name = "full",
             .meaning = "as pipeline, and leaders send heartbeats; 3 timeouts in all",
             .settings = {"requests=2", "heartbeats=1"},
             .budgets = {.timeouts = 3}},
            {.name = "pipeline",
             .meaning = "3 servers, 2 of them lead and have a client with 2 requests, 2 slots, 1 round",
             .settings = {"requests=2"}},
            {.name = "heartbeats",
             .meaning = "as quick, and leaders send heartbeats; 3 timeouts in all",
             .settings = {"heartbeats=1"},
             .budgets = {.timeouts = 3}},
            {.name = "reboot",
             .meaning = "as quick with 1 slot; one server reboots",
             .settings = {"slots=1"},
             .budgets = {.reboots = 1}},
            {.name = "four-servers",
             .meaning = "as quick with 4 servers and 1 slot",
             .settings = {"servers=4", "slots=1"}},
            {.name = "duplicate",
             .meaning = "4 servers, 1 of them leads and has a client with 1 request, 1 slot; one message comes twice",
             .settings = {"servers=4", "leaders=1", "clients=1", "slots=1"},
             .budgets = {.duplicates = 1}},
            {.name = "repeated-request",
             .meaning = "as quick, 1 of them leads; one message comes twice",
             .settings = {"leaders=1"},
             .budgets = {.duplicates = 1}},
            {.name = "fast-elections",
             .meaning = "3 servers, quorums of 1 and 3, 2 of them lead in 2 rounds, 1 client with 1 request, 1 slot",
             .settings = {"phase1-size=1", "phase2-size=3", "rounds=2", "clients=1", "slots=1"},
             .budgets = {.timeouts = 3}},
            {.name = "five-servers",
             .meaning = "for random runs: 5 servers, 3 of them lead in 4 rounds, 5 clients with 2 requests, 3 slots, "
                        "heartbeats, 2 reboots",
             .settings = {"servers=5", "leaders=3", "rounds=4", "clients=5", "requests=2", "slots=3", "window=3",
                          "heartbeats=1"},
             .budgets = {.reboots = 2}},
        },
    .mutants =
        {
            GS_QUORUM_MUTANTS(MULTI_PAXOS_QUORUM_MUTANTS, "agreement", "quick", "agreement", "four-servers",
                              "decisions-are-chosen", "duplicate"),
            MUTANT(NO_ADOPT, "no-adopt", "quick", "one-chosen", "a new leader ignores what the promises report"),
            MUTANT(GAP_COMMIT, "gap-commit", "pipeline", "decisions-are-chosen",
                   "a slot that is chosen makes all below it chosen"),
            MUTANT(COMMIT_BY_INDEX, "commit-by-index", "heartbeats", "decisions-are-chosen",
                   "a follower takes what it has accepted up to the leader's commit for chosen, in whatever ballot"),
            MUTANT(ACK_ANY_BALLOT, "ack-any-ballot", "fast-elections", "decisions-are-chosen",
                   "votes are counted per slot, in whatever ballot"),
            MUTANT(SLOT_APPEND, "slot-append", "pipeline", "one-value-per-ballot",
                   "an acceptor appends a value for a slot behind its log's end"),
            MUTANT(TRUNCATE_ON_ACCEPT, "truncate-on-accept", "pipeline", "one-chosen",
                   "accepting in a slot forgets what was accepted in later ones"),
            MUTANT(TAKE_TWICE, "take-twice", "repeated-request", "exactly-once",
                   "a leader takes a request that is in its log already"),
            MUTANT(KEEP_LEADING, "keep-leading", "quick", "one-chosen",
                   "a leader that promises a larger ballot goes on leading"),
            GS_NOT_DURABLE(MULTI_PAXOS_PROMISED_NOT_DURABLE, "promised", "one-chosen", "reboot"),
            GS_NOT_DURABLE(MULTI_PAXOS_ACCEPTED_NOT_DURABLE, "accepted", "one-chosen", "reboot"),
            GS_NOT_DURABLE(MULTI_PAXOS_CHOSEN_NOT_DURABLE, "chosen", "decisions-are-stable", "reboot"),
            [MULTI_PAXOS_SELF_HEARTBEAT] = {.name = "self-heartbeat",
                                            .meaning = "a leader steps down at its own heartbeat",
                                            .property = "log-is-full",
                                            .preset = "heartbeats",
                                            .liveness = true},
            [MULTI_PAXOS_NO_GAP_FILL] = {.name = "no-gap-fill",
                                         .meaning = "a new leader leaves gaps in the log",
                                         .property = "log-is-full",
                                         .preset = "pipeline",
                                         .liveness = true},
        },
    .announcements = {GS_CONSENSUS_ANNOUNCEMENTS(MULTI_PAXOS_ANNOUNCED)},
    .monitors = {[HISTORY] = GS_CONSENSUS_MONITOR(history)},
    .properties =
        {
            GS_AGREEMENT(HISTORY),
            GS_EXACTLY_ONCE(HISTORY),
            GS_VALIDITY(HISTORY),
            GS_ONE_CHOSEN(HISTORY, one_chosen),
            GS_DECISIONS_ARE_CHOSEN(HISTORY, decisions_are_chosen),
            GS_VOTES_ARE_SAFE(HISTORY, votes_are_safe),
            GS_ONE_VALUE_PER_BALLOT(HISTORY),
            GS_QUORUM_INTERSECTION(SERVER, quorums_intersect),
            CLAIM("decisions-are-stable", "a server that has decided a slot keeps to that value", decisions_are_stable),
            CLAIM("promises-are-kept", "no promise and no accepted ballot of a server ever decreases",
                  promises_are_kept),
            CLAIM("leaders-vote-for-themselves", "a leader has promised no ballot above its own",
                  leaders_vote_for_themselves),
            GOAL("leads", "a server leads", GS_SCOPE_NODE, leads, grants_a_leader, "timeouts >= 1"),
            GOAL("two-leaders", "two servers believe to lead", GS_SCOPE_ROLE, two_leaders, grants_two_leaders,
                 "servers >= 3, leaders and timeouts >= 2"),
            GOAL("decided", "a server decides the first slot", GS_SCOPE_NODE, decided, grants_a_leader,
                 "timeouts >= 1"),
            GOAL("log-is-full", "a server has decided all slots", GS_SCOPE_NODE, log_is_full, grants_full_log,
                 "as many requests as slots, timeouts >= 1"),
            GOAL("adopts", "a new leader proposes again what promises report", GS_SCOPE_STEP, adopts,
                 grants_two_leaders, "servers >= 3, leaders and timeouts >= 2"),
            GOAL("fills-a-gap", "a no-op fills a gap in the log", GS_SCOPE_NODE, fills_a_gap, grants_a_gap,
                 "servers >= 3; leaders, slots, window, requests and timeouts >= 2"),
            GOAL("forwards", "a server passes a request on to the leader", GS_SCOPE_MESSAGE_RECEIVER, forwards,
                 grants_forwarding, "servers >= 2, clients or leaders >= 2, timeouts >= 1"),
            GOAL("catches-up", "a follower asks for what it has missed", GS_SCOPE_MESSAGE_RECEIVER, catches_up,
                 grants_heartbeats, "servers >= 2, heartbeats = 1, timeouts >= 2"),
            GOAL("follower-decides", "a follower learns what is chosen", GS_SCOPE_STEP, follower_decides,
                 grants_heartbeats, "servers >= 2, heartbeats = 1, timeouts >= 2"),
        },
    .refuses = refuses,
};
