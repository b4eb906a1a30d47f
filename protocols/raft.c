/* Raft: the rules of a server, as in Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm
 * (Extended Version)" (2014), sections 5.1 to 5.5 and figure 2, cited at each rule. Election timeouts are not timed: an
 * armed timer may fire at any moment. What is to be done "again and again" (5.2, 5.3) is bounded by `terms` and
 * `proposals`. A vote for oneself does not travel, who leads is not kept (clients are what needs it), and an entry is
 * applied when it is known to be committed. raft_model.c has the bounds, the properties and the mutants;
 * docs/protocols/raft.md says what is left out. */
#include "properties/durable.h"
#include "properties/log_machine.h"
#include "protocols/raft_model.h"

enum { SERVER = RAFT_SERVER };
enum { FOLLOWER = RAFT_FOLLOWER, CANDIDATE = RAFT_CANDIDATE, LEADER = RAFT_LEADER };
enum {
    REQUEST_VOTE = RAFT_REQUEST_VOTE,
    REQUEST_VOTE_REPLY = RAFT_REQUEST_VOTE_REPLY,
    APPEND_ENTRIES = RAFT_APPEND_ENTRIES,
    APPEND_ENTRIES_REPLY = RAFT_APPEND_ENTRIES_REPLY,
    ELECTION_TIMEOUT = RAFT_ELECTION_TIMEOUT,
    HEARTBEAT = RAFT_HEARTBEAT,
    PROPOSE = RAFT_PROPOSE
};

#define MUTANT(s, name) gs_log_mutant(s, RAFT_##name)

static int quorum_mutants(struct gs_step *s)
{
    return gs_log_machine_of(s) ? GS_NO_QUORUM_MUTANTS : (int)RAFT_QUORUM_TOO_SMALL;
}

/* Figure 2: term, vote and log are on stable storage. With the term goes the vote, which is a vote in that term. */
static const struct gs_loss losses[] = {
    GS_LOSS(RAFT_TERM_NOT_DURABLE, struct raft_server, term),
    GS_LOSS(RAFT_TERM_NOT_DURABLE, struct raft_server, voted_for),
    GS_LOSS(RAFT_VOTE_NOT_DURABLE, struct raft_server, voted_for),
    GS_LOSS(RAFT_NP_LOG, struct raft_server, log_length),
    GS_LOSS(RAFT_NP_LOG, struct raft_server, log),
    GS_LOSSES_END,
};

static bool send(struct gs_step *s, gs_node to, const struct raft_message *message)
{
    return gs_log_send(s, to, message, sizeof(*message));
}

/* ---- Logs -------------------------------------------------------------------------------------------------------- */

/* Of an entry in the log; 0 for the index before the first. */
static uint8_t term_at(const struct raft_server *server, unsigned index)
{
    return index ? server->log[index - 1].term : 0;
}

static uint8_t last_term(const struct raft_server *server)
{
    return term_at(server, server->log_length);
}

/* Section 5.4.1: of two logs, the one whose last entry has the later term is more up to date, else the longer one. */
static bool is_up_to_date(struct gs_step *s, const struct raft_server *server, const struct raft_message *candidate)
{
    if (MUTANT(s, NO_LOGCHECK))
        return true;
    if (candidate->last_term != last_term(server) && !MUTANT(s, LEN_ONLY))
        return candidate->last_term > last_term(server);
    return candidate->last_index >= server->log_length;
}

/* Figure 2, rules for all servers: what is committed is applied, in order. */
static void commit_up_to(struct gs_step *s, struct raft_server *server, unsigned index)
{
    while (server->commit < index) {
        const struct raft_entry *entry = &server->log[server->commit++];
        const struct raft_committed committed = {server->commit, entry->term, entry->command, server->term};
        gs_announce(s, RAFT_COMMITTED, &committed);
    }
    gs_log_committed(s, server);
}

/* ---- Roles ------------------------------------------------------------------------------------------------------- */

/* Section 5.2: votes from a majority of the servers in the full cluster make a leader; 5.3: replicas on as many commit
 * an entry. */
static bool reaches(struct gs_step *s, const struct gs_poll *poll)
{
    const struct gs_quorums majorities = gs_majorities(SERVER);
    return gs_poll_reaches(s, quorum_mutants(s), poll, &majorities);
}

/* Of the servers that may stand for election at all (a bound: others are never the first to time out). */
static bool set_election_timer(struct gs_step *s)
{
    if (gs_index(s, gs_self(s)) < gs_option(s, RAFT_CANDIDATES))
        gs_set_timer(s, ELECTION_TIMEOUT, 0); /* anew, should it be set */
    return true;
}

/* All but term, vote, log and commit is that of a server that has just started; the caller has to set a timer. */
static void become(struct raft_server *server, uint8_t state)
{
    server->state = state;
    server->votes = (struct gs_poll){0};
    for (unsigned i = 0; i < RAFT_SERVERS_MAX; i++)
        server->next[i] = server->match[i] = 0;
}

static void follow(struct gs_step *s, struct raft_server *server)
{
    if (server->state == LEADER)
        gs_log_deposed(s, server);
    become(server, FOLLOWER);
    gs_cancel_timer(s, HEARTBEAT, 0);
    set_election_timer(s);
}

bool raft_enter_larger_term(struct gs_step *s, struct raft_server *server, uint8_t type, uint8_t term)
{
    const bool is_reply = type == REQUEST_VOTE_REPLY || type == APPEND_ENTRIES_REPLY;
    if (term <= server->term || (MUTANT(s, NO_STEPDOWN) && server->state == LEADER && is_reply))
        return false;
    server->term = term;
    server->voted_for = GS_NOBODY;
    follow(s, server);
    return true;
}

/* ---- Leaders: replication (5.3) and commitment (5.3, 5.4.2) --------------------------------------------------------
 */

/* Section 5.3: what precedes the entry that is next for the follower; with it, all entries from there on. */
static bool send_entries(struct gs_step *s, const struct raft_server *server, gs_node to, bool is_empty)
{
    const uint8_t prev = (uint8_t)(server->next[gs_index(s, to)] - 1);
    struct raft_message message = {.type = APPEND_ENTRIES,
                                   .term = server->term,
                                   .prev_index = prev,
                                   .prev_term = term_at(server, prev),
                                   .commit = server->commit};
    for (unsigned i = prev; i < server->log_length && !is_empty; i++)
        gs_push(message.entries, &message.entry_count, &server->log[i]);
    return send(s, to, &message);
}

static bool send_entries_to_all(struct gs_step *s, const struct raft_server *server, bool is_empty)
{
    for (GS_EACH(peer, gs_peers(s)))
        send_entries(s, server, peer, is_empty);
    return true;
}

/* Section 5.2: leaders send heartbeats periodically, to maintain their authority. They carry what followers lack, too,
 * as figure 2 has it ("if last log index >= nextIndex"), or nothing: then entries travel when a command comes. */
static bool send_heartbeats(struct gs_step *s, const struct raft_server *server, bool is_silent)
{
    if (gs_option(s, RAFT_HEARTBEATS))
        gs_set_timer(s, HEARTBEAT, 0);
    return is_silent || send_entries_to_all(s, server, gs_option(s, RAFT_HB_EMPTY));
}

/* Who has the entry, as far as the leader knows. */
static struct gs_poll replicas(struct gs_step *s, const struct raft_server *server, unsigned index)
{
    struct gs_poll poll = {.voters = gs_set_of(gs_self(s))};
    for (GS_EACH(peer, gs_peers(s)))
        if (server->match[gs_index(s, peer)] >= index)
            gs_poll_add(s, quorum_mutants(s), &poll, peer);
    return poll;
}

/* Section 5.3: what is on a majority of the servers is committed, and so is all before it; 5.4.2: only entries of the
 * current term are committed by counting. */
static void advance_commit(struct gs_step *s, struct raft_server *server)
{
    for (unsigned index = server->log_length; index > server->commit; index--) {
        const struct gs_poll poll = replicas(s, server, index);
        if (reaches(s, &poll) && (term_at(server, index) == server->term || MUTANT(s, COMMIT_OLD))) {
            commit_up_to(s, server, index);
            return;
        }
    }
}

static void append(struct gs_step *s, struct raft_server *server, uint8_t command)
{
    gs_push(server->log, &server->log_length, &(struct raft_entry){.term = server->term, .command = command});
    advance_commit(s, server); /* a server that is alone is a majority */
}

/* Section 5.2: a new leader tells all others at once, which prevents new elections. It keeps its votes. Figure 2: it
 * takes all logs to be like its own until it hears otherwise. (A bound may leave that first message out.) */
static bool lead(struct gs_step *s, struct raft_server *server)
{
    server->state = LEADER;
    for (GS_EACH(peer, gs_peers(s)))
        server->next[gs_index(s, peer)] = (uint8_t)(server->log_length + 1);
    gs_cancel_timer(s, ELECTION_TIMEOUT, 0);
    gs_announce(s, RAFT_ELECTED, &(struct raft_elected){.term = server->term, .leader = gs_self(s)});
    if (gs_log_begins_with_no_op(s)) /* section 8 */
        append(s, server, GS_LOG_NO_OP);
    return send_heartbeats(s, server, gs_option(s, RAFT_SILENT_LEADERS));
}

/* Section 5.3: a leader appends a client's command to its log as a new entry, and replicates it. A bound cuts what
 * would be longer than `proposals`; without any, clients do not exist. */
bool raft_propose(struct gs_step *s, struct raft_server *server, uint8_t command)
{
    if (server->state != LEADER || !gs_option(s, RAFT_PROPOSALS))
        return false;
    append(s, server, command);
    return send_entries_to_all(s, server, false);
}

/* Section 5.3: the follower's log differs before the entry that is next for it, so that the leader goes back and sends
 * again. A refusal that tells nothing new was overtaken, or was one of an earlier term. */
static bool on_refusal(struct gs_step *s, struct raft_server *server, gs_node follower, unsigned conflict)
{
    const int i = gs_index(s, follower);
    const unsigned before = server->next[i], known = server->match[i] + 1u;
    const unsigned lowered = conflict > known ? conflict : known;
    if (!conflict || lowered >= before)
        return false;
    server->next[i] = (uint8_t)lowered;
    return send_entries(s, server, follower, false);
}

/* Section 5.3 and figure 2: an acknowledgement may be late, so that what is known to match only grows. */
static bool on_acknowledgement(struct gs_step *s, struct raft_server *server, gs_node follower, uint8_t index)
{
    const int i = gs_index(s, follower);
    const uint8_t match = index > server->match[i] ? index : server->match[i], next = (uint8_t)(match + 1);
    if (match == server->match[i] && next == server->next[i])
        return false;
    server->match[i] = match;
    server->next[i] = next;
    advance_commit(s, server);
    return true;
}

static bool on_append_entries_reply(struct gs_step *s, struct raft_server *server, gs_node follower,
                                    const struct raft_message *reply)
{
    if (server->state != LEADER || reply->term != server->term)
        return false;
    return reply->success ? on_acknowledgement(s, server, follower, reply->match_index)
                          : on_refusal(s, server, follower, reply->conflict_index);
}

/* ---- Followers: entries (5.3) -------------------------------------------------------------------------------------
 */

/* Section 5.3: where the entry before the new ones is missing or of another term, nothing can be appended. Returns from
 * where on the leader should try again: behind the end of this log, or at the first entry of the term that conflicts,
 * by which "the leader can decrement nextIndex to bypass all of the conflicting entries in that term". 0: it matches.
 */
static unsigned find_conflict(struct gs_step *s, const struct raft_server *server, const struct raft_message *message)
{
    unsigned index = message->prev_index;
    if (index > server->log_length)
        return server->log_length + 1u;
    if (term_at(server, index) == message->prev_term || MUTANT(s, NO_PREVCHECK))
        return 0;
    while (index > 1 && term_at(server, index - 1) == term_at(server, index))
        index--;
    return index;
}

/* Figure 2, AppendEntries, 3 and 4: an entry that conflicts goes, with all that follow it; what is there already stays,
 * since the message may be late, and entries behind it acknowledged since. */
static void store_entries(struct gs_step *s, struct raft_server *server, const struct raft_message *message)
{
    if (MUTANT(s, ALWAYS_TRUNC) && server->log_length > message->prev_index)
        gs_truncate(server->log, &server->log_length, message->prev_index);
    for (unsigned i = 0; i < message->entry_count; i++) {
        const unsigned index = message->prev_index + i + 1;
        const bool is_stored = index <= server->log_length;
        if (is_stored && term_at(server, index) != message->entries[i].term && !MUTANT(s, NO_TRUNC))
            gs_truncate(server->log, &server->log_length, index - 1);
        if (index > server->log_length)
            gs_push(server->log, &server->log_length, &message->entries[i]);
    }
}

/* Figure 2, AppendEntries, 5: no further than the last entry that the message vouches for. */
static void commit_with_leader(struct gs_step *s, struct raft_server *server, const struct raft_message *message,
                               unsigned vouched_for)
{
    const unsigned known = MUTANT(s, COMMIT_LASTIDX) ? server->log_length : vouched_for;
    commit_up_to(s, server, message->commit < known ? message->commit : known);
}

/* Section 5.2: a leader whose term is at least one's own is legitimate, others are told of the larger term (5.1). The
 * vote stays: it is the term's, whoever leads. */
static bool on_append_entries(struct gs_step *s, struct raft_server *server, gs_node leader,
                              const struct raft_message *message)
{
    struct raft_message reply = {.type = APPEND_ENTRIES_REPLY, .term = server->term};
    if (message->term < server->term && !MUTANT(s, ACCEPT_STALE_AE))
        return send(s, leader, &reply);
    gs_assert(s, server->state != LEADER || message->term < server->term); /* else it is a second leader in the term */
    follow(s, server);
    if (MUTANT(s, FORGET_VOTE))
        server->voted_for = GS_NOBODY;
    reply.conflict_index = (uint8_t)find_conflict(s, server, message);
    reply.success = !reply.conflict_index;
    if (reply.success) {
        const uint8_t vouched_for = (uint8_t)(message->prev_index + message->entry_count);
        store_entries(s, server, message);
        commit_with_leader(s, server, message, vouched_for);
        reply.match_index = MUTANT(s, MATCH_LASTIDX) ? server->log_length : vouched_for;
    }
    return send(s, leader, &reply);
}

/* ---- Elections (5.2) -----------------------------------------------------------------------------------------------
 */

/* Section 5.2: to begin an election, a server enters the next term, votes for itself and asks the others. It tries
 * again when the election times out (a split vote). */
static bool on_election_timeout(struct gs_step *s, struct raft_server *server)
{
    server->term++;
    server->voted_for = gs_self(s);
    become(server, CANDIDATE);
    gs_poll_add(s, quorum_mutants(s), &server->votes, gs_self(s));
    if (reaches(s, &server->votes))
        return lead(s, server);
    set_election_timer(s);
    const struct raft_message request = {
        .type = REQUEST_VOTE, .term = server->term, .last_index = server->log_length, .last_term = last_term(server)};
    return gs_log_broadcast(s, SERVER, &request, sizeof(request));
}

/* Section 5.2: at most one vote in a term, first come first served, and a reply in any case; 5.4.1: and only for those
 * whose log is at least as up to date. */
static bool on_request_vote(struct gs_step *s, struct raft_server *server, gs_node candidate,
                            const struct raft_message *message)
{
    const bool free_to_vote = gs_is_nobody(server->voted_for) || gs_same(server->voted_for, candidate);
    const bool granted = message->term == server->term && (free_to_vote || MUTANT(s, VOTE_TWICE)) &&
                         is_up_to_date(s, server, message) && !MUTANT(s, FIXED_TIMEOUTS);
    if (granted)
        server->voted_for = candidate;
    if (granted && server->state == FOLLOWER)
        set_election_timer(s);
    return send(s, candidate,
                &(struct raft_message){.type = REQUEST_VOTE_REPLY, .term = server->term, .success = granted});
}

/* Section 5.2: a candidate counts the servers that voted for it in its term, each once. */
static bool on_request_vote_reply(struct gs_step *s, struct raft_server *server, gs_node voter,
                                  const struct raft_message *reply)
{
    const bool stale = reply->term != server->term && !MUTANT(s, STALE_VOTES_COUNTED);
    if (server->state != CANDIDATE || stale || !reply->success)
        return false;
    gs_poll_add(s, quorum_mutants(s), &server->votes, voter);
    return reaches(s, &server->votes) ? lead(s, server) : true;
}

/* ---- Servers -------------------------------------------------------------------------------------------------------
 */

static bool on_message(struct gs_step *s, struct raft_server *server, const struct gs_event *e)
{
    const struct raft_message *message = e->message;
    const bool entered = raft_enter_larger_term(s, server, message->type, message->term);

    switch (e->type) {
    case REQUEST_VOTE:
        return on_request_vote(s, server, e->from, message);
    case REQUEST_VOTE_REPLY:
        return on_request_vote_reply(s, server, e->from, message) || entered;
    case APPEND_ENTRIES:
        return on_append_entries(s, server, e->from, message);
    case APPEND_ENTRIES_REPLY:
        return on_append_entries_reply(s, server, e->from, message) || entered;
    }
    return gs_unhandled(s, e);
}

/* Section 5.1 and figure 2: all that is not on stable storage starts anew (5.5: servers restart with their state
 * intact). */
static bool on_start(struct gs_step *s, struct raft_server *server, const struct gs_event *e)
{
    if (!gs_log_machine_of(s))
        gs_lose(s, server, losses, e);
    return set_election_timer(s);
}

bool raft_server_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct raft_server *server = self;

    switch (e->type) {
    case GS_START:
        return on_start(s, server, e);
    case ELECTION_TIMEOUT:
        return on_election_timeout(s, server);
    case HEARTBEAT:
        return send_heartbeats(s, server, false);
    case PROPOSE:
        return raft_propose(s, server, (uint8_t)e->arguments[0]);
    }
    return on_message(s, server, e);
}

bool raft_server_within(const struct gs_run *run, gs_node self, const void *state)
{
    const struct raft_server *server = state;
    (void)self;
    return server->term <= gs_option(run, RAFT_TERMS) && server->log_length <= gs_option(run, RAFT_PROPOSALS);
}
