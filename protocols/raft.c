/* Raft's leader election, as in Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm (Extended
 * Version)" (2014), sections 5.1, 5.2 and 5.5 and figure 2, cited at each rule. There is no log: all logs are empty, so
 * every one is up to date (5.4.1) and AppendEntries always matches (5.3). Election timeouts are not timed: an armed
 * timer may fire at any moment. What 5.2 asks to be done "again and again" ends at the bound `term <= terms`. A vote
 * for oneself does not travel, and who leads is not kept: clients are what needs it. */
#include "protocols/raft.h"

enum { SERVER = RAFT_SERVER };
enum { FOLLOWER = RAFT_FOLLOWER, CANDIDATE = RAFT_CANDIDATE, LEADER = RAFT_LEADER };
enum { SERVERS = RAFT_SERVERS, TERMS = RAFT_TERMS, HEARTBEATS = RAFT_HEARTBEATS };
enum {
    REQUEST_VOTE = RAFT_REQUEST_VOTE,
    REQUEST_VOTE_REPLY = RAFT_REQUEST_VOTE_REPLY,
    APPEND_ENTRIES = RAFT_APPEND_ENTRIES,
    APPEND_ENTRIES_REPLY = RAFT_APPEND_ENTRIES_REPLY,
    ELECTION_TIMEOUT = RAFT_ELECTION_TIMEOUT,
    HEARTBEAT = RAFT_HEARTBEAT
};
enum { ELECTED_MONITOR }; /* monitors */

/* Mutants: name, the preset in which it is killed, the rule it breaks. All break at-most-one-leader. */
#define MUTANTS(MUTANT)                                                                                                \
    MUTANT(QUORUM_TOO_SMALL, "quorum-too-small", "one-term", "half of the servers, rounded down, elect a leader")      \
    MUTANT(QUORUM_OVER_PEERS, "quorum-over-peers", "four-servers",                                                     \
           "more votes than half of the other servers elect a leader")                                                 \
    MUTANT(VOTE_TWICE, "vote-twice", "one-term", "a server votes for all who ask, also when it has voted in the term") \
    MUTANT(FORGET_VOTE, "forget-vote", "one-term", "a server that accepts a leader forgets its vote in that term")     \
    MUTANT(VOTE_NOT_DURABLE, "vote-not-durable", "reboot", "the vote is not on stable storage")                        \
    MUTANT(TERM_NOT_DURABLE, "term-not-durable", "reboot",                                                             \
           "the term, and so the vote in it, is not on stable storage")                                                \
    MUTANT(STALE_VOTES_COUNTED, "stale-votes-counted", "quick", "votes of earlier terms count in the current one")     \
    MUTANT(DUPLICATES_COUNTED, "duplicates-counted", "repeated-messages",                                              \
           "votes are counted, not the servers that sent them")
#define MUTANT_NUMBER(number, ...) number,
#define MUTANT_ENTRY(number, mutant_name, where, breaks) \
    [number] = {.name = mutant_name, .meaning = breaks, .property = "at-most-one-leader", .preset = where},
enum { MUTANTS(MUTANT_NUMBER) };

static const char *const state_names[] = {"follower", "candidate", "leader"};

static const struct gs_field server_fields[] = {
    GS_ENUM(struct raft_server, state, state_names),
    GS_FIELD(struct raft_server, term, GS_DURABLE),
    GS_FIELD(struct raft_server, voted_for, GS_DURABLE),
    GS_FIELD(struct raft_server, votes),
    GS_FIELD(struct raft_server, duplicates),
    GS_FIELDS_END,
};
static const struct gs_field message_fields[] = {
    GS_FIELD(struct raft_message, term),
    GS_FIELD(struct raft_message, success),
    GS_FIELDS_END,
};
static const struct gs_field elected_fields[] = {
    GS_FIELD(struct raft_elected, term),
    GS_FIELD(struct raft_elected, leader),
    GS_FIELDS_END,
};

/* ---- Servers ----------------------------------------------------------------------------------------------------- */

/* Section 5.2: votes from a majority of the servers in the full cluster make a leader. */
static int quorum(struct gs_step *s)
{
    const int servers = gs_count(s, SERVER), peers = servers - 1;
    if (gs_mutant(s, QUORUM_TOO_SMALL))
        return servers / 2;
    if (gs_mutant(s, QUORUM_OVER_PEERS))
        return peers / 2 + 1;
    return gs_majority(s, SERVER);
}

/* All but the term and the vote is that of a server that has just started; the caller has to set one of its timers. */
static void become(struct raft_server *server, uint8_t state)
{
    server->state = state;
    server->votes = GS_EMPTY_SET;
    server->duplicates = 0;
}

static void follow(struct gs_step *s, struct raft_server *server)
{
    become(server, FOLLOWER);
    gs_cancel_timer(s, HEARTBEAT, 0);
    gs_set_timer(s, ELECTION_TIMEOUT, 0);
}

/* Section 5.1, before any other rule: a server that sees a larger term enters it, and follows. */
static bool enter_larger_term(struct gs_step *s, struct raft_server *server, uint8_t term)
{
    if (term <= server->term)
        return false;
    server->term = term;
    server->voted_for = GS_NOBODY;
    follow(s, server);
    return true;
}

static bool send_heartbeats(struct gs_step *s, const struct raft_server *server)
{
    if (gs_option(s, HEARTBEATS))
        gs_set_timer(s, HEARTBEAT, 0);
    return gs_broadcast(s, SERVER, &(struct raft_message){.type = APPEND_ENTRIES, .term = server->term});
}

/* Section 5.2: a new leader tells all others at once, which prevents new elections. It keeps its votes. */
static bool lead(struct gs_step *s, struct raft_server *server)
{
    server->state = LEADER;
    gs_cancel_timer(s, ELECTION_TIMEOUT, 0);
    gs_announce(s, RAFT_ELECTED, &(struct raft_elected){.term = server->term, .leader = gs_self(s)});
    return send_heartbeats(s, server);
}

static bool has_quorum(struct gs_step *s, const struct raft_server *server)
{
    return gs_set_size(server->votes) + server->duplicates >= quorum(s);
}

/* Section 5.2: to begin an election, a server enters the next term, votes for itself and asks the others. It tries
 * again when the election times out (a split vote). */
static bool on_election_timeout(struct gs_step *s, struct raft_server *server)
{
    server->term++;
    server->voted_for = gs_self(s);
    become(server, CANDIDATE);
    server->votes = gs_set_of(gs_self(s));
    if (has_quorum(s, server))
        return lead(s, server);
    gs_set_timer(s, ELECTION_TIMEOUT, 0);
    return gs_broadcast(s, SERVER, &(struct raft_message){.type = REQUEST_VOTE, .term = server->term});
}

/* Section 5.2: at most one vote in a term, first come first served, and a reply in any case. */
static bool on_request_vote(struct gs_step *s, struct raft_server *server, gs_node candidate, uint8_t term)
{
    const bool free_to_vote = gs_is_nobody(server->voted_for) || gs_same(server->voted_for, candidate);
    const bool granted = term == server->term && (free_to_vote || gs_mutant(s, VOTE_TWICE));
    if (granted)
        server->voted_for = candidate;
    if (granted && server->state == FOLLOWER)
        gs_set_timer(s, ELECTION_TIMEOUT, 0); /* anew */
    return gs_send(s, candidate,
                   &(struct raft_message){.type = REQUEST_VOTE_REPLY, .term = server->term, .success = granted});
}

/* Section 5.2: a candidate counts the servers that voted for it in its term, each once. */
static bool on_request_vote_reply(struct gs_step *s, struct raft_server *server, gs_node voter,
                                  const struct raft_message *reply)
{
    const bool stale = reply->term != server->term && !gs_mutant(s, STALE_VOTES_COUNTED);
    if (server->state != CANDIDATE || stale || !reply->success)
        return false;
    if (gs_mutant(s, DUPLICATES_COUNTED) && gs_set_has(server->votes, voter))
        server->duplicates++;
    server->votes = gs_set_with(server->votes, voter);
    return has_quorum(s, server) ? lead(s, server) : true;
}

/* Section 5.2: a leader whose term is at least one's own is legitimate, others are told of the larger term (5.1). The
 * vote stays: it is the term's, whoever leads. */
static bool on_append_entries(struct gs_step *s, struct raft_server *server, gs_node leader, uint8_t term)
{
    const bool accepted = term == server->term;
    if (accepted) {
        gs_assert(s, server->state != LEADER); /* that would be a second leader in the term */
        follow(s, server);
        if (gs_mutant(s, FORGET_VOTE))
            server->voted_for = GS_NOBODY;
    }
    return gs_send(s, leader,
                   &(struct raft_message){.type = APPEND_ENTRIES_REPLY, .term = server->term, .success = accepted});
}

static bool on_message(struct gs_step *s, struct raft_server *server, const struct gs_event *e)
{
    const struct raft_message *message = e->message;
    const bool entered = enter_larger_term(s, server, message->term);

    switch (e->type) {
    case REQUEST_VOTE:
        return on_request_vote(s, server, e->from, message->term);
    case REQUEST_VOTE_REPLY:
        return on_request_vote_reply(s, server, e->from, message) || entered;
    case APPEND_ENTRIES:
        return on_append_entries(s, server, e->from, message->term);
    case APPEND_ENTRIES_REPLY:
        return entered; /* with empty logs there is nothing else to learn from it (5.3) */
    }
    return gs_unhandled(s, e);
}

/* Section 5.1 and figure 2: term and vote are on stable storage, all else starts anew (5.5: servers restart with their
 * state intact). A mutant loses one of the two; with the term goes the vote, which is a vote in that term. */
static bool on_start(struct gs_step *s, struct raft_server *server, bool restarted)
{
    if (restarted && gs_mutant(s, TERM_NOT_DURABLE))
        server->term = 0;
    if (restarted && (gs_mutant(s, TERM_NOT_DURABLE) || gs_mutant(s, VOTE_NOT_DURABLE)))
        server->voted_for = GS_NOBODY;
    return gs_set_timer(s, ELECTION_TIMEOUT, 0);
}

static bool server_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct raft_server *server = self;

    switch (e->type) {
    case GS_START:
        return on_start(s, server, e->restarted);
    case ELECTION_TIMEOUT:
        return on_election_timeout(s, server);
    case HEARTBEAT: /* section 5.2: leaders send heartbeats periodically, to maintain their authority */
        return send_heartbeats(s, server);
    }
    return on_message(s, server, e);
}

static bool server_within(const struct gs_run *run, gs_node self, const void *state)
{
    (void)self;
    return ((const struct raft_server *)state)->term <= gs_option(run, TERMS);
}

/* ---- Who was ever elected ---------------------------------------------------------------------------------------- */

struct elections {
    uint8_t count;
    struct raft_elected list[RAFT_TERMS_MAX * RAFT_SERVERS_MAX]; /* sorted, each (term, leader) once */
};

static const struct gs_field elections_fields[] = {
    GS_FIELD(struct elections, count),
    GS_STRUCT_LIST(struct elections, list, count, elected_fields),
    GS_FIELDS_END,
};

static void elections_announced(const struct gs_run *run, void *value, gs_node by, int announcement,
                                const void *announced)
{
    struct elections *elections = value;
    (void)run, (void)by, (void)announcement;
    gs_insert(elections->list, &elections->count, announced);
}

/* ---- Properties -------------------------------------------------------------------------------------------------- */

/* Election Safety, figure 3. */
static bool at_most_one_leader(struct gs_view *v)
{
    const struct elections *elections = gs_monitor_value(v);
    gs_premise(v, elections->count > 0);
    for (unsigned i = 1; i < elections->count; i++) {
        const struct raft_elected *one = &elections->list[i - 1], *other = &elections->list[i];
        if (one->term == other->term)
            return gs_explain(v, "%s and %s were both elected in term %u", gs_name(v, one->leader),
                              gs_name(v, other->leader), one->term);
    }
    return true;
}

/* Section 5.1: current terms increase monotonically; that they are kept on stable storage makes it so in a crash. */
static bool terms_never_go_back(struct gs_view *v)
{
    const struct raft_server *before = gs_before(v), *after = gs_this(v);
    return after->term >= before->term || gs_explain(v, "%s went back from term %u to term %u",
                                                     gs_name(v, gs_this_node(v)), before->term, after->term);
}

/* Section 5.2: each server votes for at most one candidate in a given term. */
static bool one_vote_per_term(struct gs_view *v)
{
    const struct raft_server *before = gs_before(v), *after = gs_this(v);
    if (gs_is_nobody(before->voted_for) || before->term != after->term || gs_same(before->voted_for, after->voted_for))
        return true;
    return gs_explain(v, "in term %u, %s had voted for %s, and now has for %s", after->term,
                      gs_name(v, gs_this_node(v)), gs_name(v, before->voted_for), gs_name(v, after->voted_for));
}

static bool leader_elected(struct gs_view *v)
{
    return ((const struct raft_server *)gs_this(v))->state == LEADER;
}

/* Has every server voted in the term? */
static bool all_voted(struct gs_view *v, uint8_t term)
{
    for (GS_EACH(node, gs_nodes(v, SERVER))) {
        const struct raft_server *server = gs_state(v, node);
        if (server->term != term || gs_is_nobody(server->voted_for))
            return false;
    }
    return true;
}

static int votes_for(struct gs_view *v, gs_node candidate)
{
    int votes = 0;
    for (GS_EACH(node, gs_nodes(v, SERVER)))
        votes += gs_same(((const struct raft_server *)gs_state(v, node))->voted_for, candidate);
    return votes;
}

/* Section 5.2: all have voted, and no candidate has a majority, so that the term ends without a leader. */
static bool split_vote(struct gs_view *v)
{
    const struct raft_server *first = gs_state(v, gs_node_at(v, SERVER, 0));
    if (!all_voted(v, first->term))
        return false;
    for (GS_EACH(node, gs_nodes(v, SERVER)))
        if (votes_for(v, node) >= gs_majority(v, SERVER))
            return false;
    return true;
}

static bool second_leader_in_a_later_term(struct gs_view *v)
{
    const struct elections *elections = gs_monitor_value(v);
    for (unsigned i = 1; i < elections->count; i++)
        if (elections->list[i].term != elections->list[0].term &&
            !gs_same(elections->list[i].leader, elections->list[0].leader))
            return true;
    return false;
}

/* Section 5.1: not by a crash, but for a larger term. */
static bool leader_steps_down(struct gs_view *v)
{
    const struct raft_server *before = gs_before(v), *after = gs_this(v);
    return before->state == LEADER && after->state == FOLLOWER && after->term > before->term;
}

static bool has_timeouts(const struct gs_run *run, int64_t wanted)
{
    const int64_t timeouts = gs_budget(run, GS_TIMEOUT);
    return timeouts < 0 || timeouts >= wanted;
}

static bool grants_a_timeout(const struct gs_run *run)
{
    return has_timeouts(run, 1);
}

/* An even number of servers is split by two candidates, an odd one by three. */
static bool grants_a_split_vote(const struct gs_run *run)
{
    const int servers = gs_count(run, SERVER);
    return servers >= 2 && has_timeouts(run, 2 + servers % 2);
}

static bool grants_a_second_term(const struct gs_run *run)
{
    return gs_count(run, SERVER) >= 2 && gs_option(run, TERMS) >= 2 && has_timeouts(run, 2);
}

/* ---- The model --------------------------------------------------------------------------------------------------- */

/* Section 9.3: 150 to 300 ms; a heartbeat comes several times in the shortest. */
static struct gs_duration election_timeout(const struct gs_run *run, unsigned index)
{
    (void)run;
    (void)index;
    return (struct gs_duration){GS_MILLISECONDS(150), GS_MILLISECONDS(300)};
}

static struct gs_duration heartbeat_interval(const struct gs_run *run, unsigned index)
{
    (void)run;
    (void)index;
    return (struct gs_duration){GS_MILLISECONDS(50), GS_MILLISECONDS(50)};
}

const struct gs_model raft =
    {
        .name = "raft",
        .title = "leader election of Raft, without its log",
        .source = "Ongaro and Ousterhout, In Search of an Understandable Consensus Algorithm (2014), section 5",
        .message_size = sizeof(struct raft_message),
        .message_fields = message_fields,
        .network = GS_BAG,
        .roles =
            {
                [SERVER] = {.name = "server",
                            .size = sizeof(struct raft_server),
                            .fields = server_fields,
                            .step = server_step,
                            .count_option = SERVERS,
                            .starts = true,
                            .within = server_within,
                            .within_text = "term <= terms"},
            },
        .events =
            {
                [REQUEST_VOTE] = {.name = "request-vote", .fields = {"term"}},
                [REQUEST_VOTE_REPLY] = {.name = "request-vote-reply", .fields = {"term", "success"}},
                [APPEND_ENTRIES] = {.name = "append-entries", .fields = {"term"}},
                [APPEND_ENTRIES_REPLY] = {.name = "append-entries-reply", .fields = {"term", "success"}},
                [ELECTION_TIMEOUT] =
                    {.name = "election-timeout", .kind = GS_TIMER, .role = SERVER, .takes = election_timeout},
                [HEARTBEAT] = {.name = "heartbeat", .kind = GS_TIMER, .role = SERVER, .takes = heartbeat_interval},
            },
        .options =
            {
                [SERVERS] = {"servers", "how many there are", 3, 1, RAFT_SERVERS_MAX, NULL},
                [TERMS] = {"terms", "no election timeout leads beyond this term", 2, 1, RAFT_TERMS_MAX, NULL},
                [HEARTBEATS] = {"heartbeats", "1: leaders repeat their heartbeats, 0: the first is the only one", 0, 0,
                                1, NULL},
            },
        .presets =
            {
                {.name = "quick", .meaning = "3 servers, 2 terms", .settings = {"servers=3", "terms=2"}},
                {.name = "full",
                 .meaning = "3 servers, 2 terms, heartbeats, one server crashes and restarts",
                 .settings = {"servers=3", "terms=2", "heartbeats=1"},
                 .budgets = {.crashes = 1, .restarts = 1}},
                {.name = "one-term", .meaning = "3 servers, 1 term", .settings = {"servers=3", "terms=1"}},
                {.name = "four-servers", .meaning = "4 servers, 1 term", .settings = {"servers=4", "terms=1"}},
                {.name = "crash",
                 .meaning = "3 servers, 1 term, heartbeats, one server crashes and restarts",
                 .settings = {"servers=3", "terms=1", "heartbeats=1"},
                 .budgets = {.crashes = 1, .restarts = 1}},
                {.name = "reboot",
                 .meaning = "3 servers, 1 term, one server reboots",
                 .settings = {"servers=3", "terms=1"},
                 .budgets = {.reboots = 1}},
                {.name = "repeated-messages",
                 .meaning = "4 servers, 1 term, every message may come again",
                 .settings = {"servers=4", "terms=1"},
                 .network = GS_SET},
            },
        .mutants = {MUTANTS(MUTANT_ENTRY)},
        .announcements =
            {
                [RAFT_ELECTED] = {.name = "elected", .size = sizeof(struct raft_elected), .fields = elected_fields},
            },
        .monitors =
            {
                [ELECTED_MONITOR] = {.name = "elected",
                                     .size = sizeof(struct elections),
                                     .fields = elections_fields,
                                     .announced = elections_announced},
            },
        .properties =
            {
                {.name = "at-most-one-leader",
                 .claim = "in no term two servers are ever elected",
                 .kind = GS_ALWAYS,
                 .scope = GS_SCOPE_MONITOR,
                 .monitor = ELECTED_MONITOR,
                 .holds = at_most_one_leader,
                 .needs = grants_a_timeout,
                 .needs_text = "timeouts >= 1"},
                {.name = "terms-never-go-back",
                 .claim = "no server's term ever decreases, also when it crashes",
                 .kind = GS_ALWAYS,
                 .scope = GS_SCOPE_STEP,
                 .role = SERVER,
                 .holds = terms_never_go_back},
                {.name = "one-vote-per-term",
                 .claim = "a server that has voted in a term keeps to that vote, also when it crashes",
                 .kind = GS_ALWAYS,
                 .scope = GS_SCOPE_STEP,
                 .role = SERVER,
                 .holds = one_vote_per_term},
                {.name = "leader-elected",
                 .claim = "a server is elected",
                 .kind = GS_REACHABLE,
                 .scope = GS_SCOPE_NODE,
                 .role = SERVER,
                 .holds = leader_elected,
                 .needs = grants_a_timeout,
                 .needs_text = "timeouts >= 1"},
                {.name = "split-vote",
                 .claim = "all servers have voted in a term, and none can be elected in it",
                 .kind = GS_REACHABLE,
                 .scope = GS_SCOPE_ROLE,
                 .role = SERVER,
                 .holds = split_vote,
                 .needs = grants_a_split_vote,
                 .needs_text = "servers >= 2 and timeouts >= 3 (2 for an even number of servers)"},
                {.name = "second-leader-in-a-later-term",
                 .claim = "two servers are elected, in different terms",
                 .kind = GS_REACHABLE,
                 .scope = GS_SCOPE_MONITOR,
                 .monitor = ELECTED_MONITOR,
                 .holds = second_leader_in_a_later_term,
                 .needs = grants_a_second_term,
                 .needs_text = "servers >= 2, terms >= 2 and timeouts >= 2"},
                {.name = "leader-steps-down",
                 .claim = "a leader hears of a larger term and follows",
                 .kind = GS_REACHABLE,
                 .scope = GS_SCOPE_STEP,
                 .role = SERVER,
                 .holds = leader_steps_down,
                 .needs = grants_a_second_term,
                 .needs_text = "servers >= 2, terms >= 2 and timeouts >= 2"},
            },
};
