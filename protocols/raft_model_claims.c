/* Raft: what is claimed of it, i.e. the properties of Ongaro and Ousterhout (2014), figure 3, those of figure 2 that
 * every step must keep, and goals: what a run should be able to show. raft_model.c says when each is judged. */
#include "properties/at_most_one.h"
#include "properties/monotone.h"
#include "properties/replicated_log.h"
#include "properties/stability.h"
#include "protocols/raft_model.h"

enum { SERVER = RAFT_SERVER };
enum { FOLLOWER = RAFT_FOLLOWER, CANDIDATE = RAFT_CANDIDATE, LEADER = RAFT_LEADER };

static const struct gs_log server_log = GS_LOG(struct raft_server, log, log_length, term, commit);

/* ---- Properties of elections (5.1, 5.2) -------------------------------------------------------------------------- */

/* Election Safety, figure 3: of all that were ever elected. */
bool raft_at_most_one_leader(struct gs_view *v)
{
    const struct raft_history *history = gs_monitor_value(v);
    const size_t second = gs_find_second_claim(history->elections, history->election_count, term);
    if (!gs_premise(v, ((const struct raft_server *)gs_this(v))->state == LEADER) || !second)
        return true;
    const struct raft_elected *one = &history->elections[second - 1], *other = &history->elections[second];
    return gs_explain(v, "%s and %s were both elected in term %u", gs_name(v, one->leader), gs_name(v, other->leader),
                      one->term);
}

/* Section 5.1: current terms increase monotonically; that they are kept on stable storage makes it so in a crash. */
bool raft_terms_never_go_back(struct gs_view *v)
{
    return gs_never_decreases(v, &(const struct gs_field)GS_FIELD(struct raft_server, term));
}

/* Section 5.2: each server votes for at most one candidate in a given term. */
bool raft_one_vote_per_term(struct gs_view *v)
{
    return gs_stays_once_set_in(v, &(const struct gs_field)GS_FIELD(struct raft_server, term),
                                &(const struct gs_field)GS_FIELD(struct raft_server, voted_for));
}

/* ---- Properties of logs (5.3, 5.4) ------------------------------------------------------------------------------- */

/* Leader Append-Only, figure 3: while it leads. (A leader that reboots follows, in the same term.) */
bool raft_leader_append_only(struct gs_view *v)
{
    const struct raft_server *before = gs_before(v), *after = gs_this(v);
    return before->state != LEADER || after->state != LEADER || before->term != after->term ||
           gs_only_appends(v, &server_log);
}

/* Log Matching, figure 3. */
bool raft_log_matching(struct gs_view *v)
{
    return gs_logs_match(v, &server_log);
}

static struct raft_entry entry_of(const struct raft_commitment *committed)
{
    return (struct raft_entry){.term = committed->term, .command = committed->command};
}

/* Leader Completeness, figure 3: what was committed in a term is in the logs of the leaders of all later ones. A stale
 * leader, of an earlier term, may lack it. */
bool raft_leader_completeness(struct gs_view *v)
{
    const struct raft_history *history = gs_monitor_value(v);
    const struct raft_server *leader = gs_this(v);
    for (unsigned i = 0; i < history->commitment_count && leader->state == LEADER; i++) {
        const struct raft_commitment *committed = &history->commitments[i];
        const struct raft_entry entry = entry_of(committed);
        if (gs_premise(v, committed->in < leader->term) && !gs_log_holds(&server_log, leader, committed->index, &entry))
            return gs_explain(v, "%s leads term %u without entry %u, which %s committed in term %u",
                              gs_name(v, gs_this_node(v)), leader->term, committed->index, gs_name(v, committed->by),
                              committed->in);
    }
    return true;
}

/* State Machine Safety, figure 3: no server ever applies another entry at an index than the one that was first. */
bool raft_state_machine_safety(struct gs_view *v)
{
    const struct raft_history *history = gs_monitor_value(v);
    const struct raft_server *server = gs_this(v);
    gs_premise(v, server->commit > 0);
    for (unsigned i = 0; i < history->commitment_count && i < server->commit; i++) {
        const struct raft_entry entry = entry_of(&history->commitments[i]);
        if (!gs_log_holds(&server_log, server, i + 1, &entry))
            return gs_explain(v, "%s applied another entry %u than the one of term %u that was committed first",
                              gs_name(v, gs_this_node(v)), i + 1, entry.term);
    }
    return true;
}

/* The same of two servers as they are, without a memory of those that crashed. */
bool raft_applied_logs_agree(struct gs_view *v)
{
    return gs_committed_prefixes_agree(v, &server_log);
}

/* Section 5.3: committed is what a majority has stored; 5.4.3: that stays so. */
bool raft_committed_on_quorum(struct gs_view *v)
{
    return gs_committed_is_stored(v, &server_log, SERVER, gs_majority(v, SERVER));
}

/* Figure 2, volatile state: commitIndex increases monotonically. */
bool raft_commit_never_goes_back(struct gs_view *v)
{
    return gs_never_decreases_but_to_zero(v, &(const struct gs_field)GS_FIELD(struct raft_server, commit));
}

bool raft_commit_within_log(struct gs_view *v)
{
    return gs_commit_is_within_log(v, &server_log);
}

/* Section 5.3: committed entries are durable, so that no conflict ever removes one. */
bool raft_committed_entries_stay(struct gs_view *v)
{
    return gs_keeps_committed(v, &server_log);
}

/* Figure 2, matchIndex: known to be replicated, on a server that has not entered a larger term. */
bool raft_match_is_replicated(struct gs_view *v)
{
    const struct raft_server *leader = gs_this(v), *follower = gs_that(v);
    const unsigned match = leader->match[gs_index(v, gs_that_node(v))];
    if (!gs_premise(v, leader->state == LEADER && follower->term <= leader->term && match > 0))
        return true;
    const size_t common = gs_log_common(&server_log, leader, follower);
    return match <= common || gs_explain(v, "%s takes entries up to %u to be on %s, but only %zu are",
                                         gs_name(v, gs_this_node(v)), match, gs_name(v, gs_that_node(v)), common);
}

/* ---- Goals of elections ------------------------------------------------------------------------------------------ */

bool raft_leader_elected(struct gs_view *v)
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
bool raft_split_vote(struct gs_view *v)
{
    const struct raft_server *first = gs_state(v, gs_node_at(v, SERVER, 0));
    if (!all_voted(v, first->term))
        return false;
    for (GS_EACH(node, gs_nodes(v, SERVER)))
        if (votes_for(v, node) >= gs_majority(v, SERVER))
            return false;
    return true;
}

bool raft_two_candidates(struct gs_view *v)
{
    const struct raft_server *one = gs_this(v), *other = gs_that(v);
    return one->state == CANDIDATE && other->state == CANDIDATE && one->term == other->term;
}

bool raft_second_leader_in_a_later_term(struct gs_view *v)
{
    const struct raft_history *history = gs_monitor_value(v);
    const struct raft_server *leader = gs_this(v);
    for (unsigned i = 0; i < history->election_count && leader->state == LEADER; i++)
        if (history->elections[i].term < leader->term && !gs_same(history->elections[i].leader, gs_this_node(v)))
            return true;
    return false;
}

/* Section 5.2: the older one has not heard yet. */
bool raft_two_leaders_at_once(struct gs_view *v)
{
    const struct raft_server *one = gs_this(v), *other = gs_that(v);
    return one->state == LEADER && other->state == LEADER && gs_is_up(v, gs_this_node(v)) &&
           gs_is_up(v, gs_that_node(v));
}

/* Section 5.1: not by a crash, but for a larger term. */
bool raft_leader_steps_down(struct gs_view *v)
{
    const struct raft_server *before = gs_before(v), *after = gs_this(v);
    return before->state == LEADER && after->state == FOLLOWER && after->term > before->term;
}

/* ---- Goals of logs ----------------------------------------------------------------------------------------------- */

bool raft_entry_commits(struct gs_view *v)
{
    return ((const struct raft_server *)gs_this(v))->commit > 0;
}

/* Section 5.4.2: with one of the leader's own term that follows it. */
bool raft_older_entry_commits(struct gs_view *v)
{
    const struct raft_history *history = gs_monitor_value(v);
    for (unsigned i = 0; i < history->commitment_count; i++)
        if (history->commitments[i].term < history->commitments[i].in &&
            gs_same(history->commitments[i].by, gs_this_node(v)))
            return true;
    return false;
}

/* Section 5.3: a follower's entries conflict with its leader's, and go. */
bool raft_follower_truncates(struct gs_view *v)
{
    const struct raft_server *before = gs_before(v), *after = gs_this(v);
    return gs_log_common(&server_log, before, after) < before->log_length;
}

/* Section 5.3: one refusal bypasses several entries. */
bool raft_leader_goes_back_by_two(struct gs_view *v)
{
    const struct raft_server *before = gs_before(v), *after = gs_this(v);
    for (unsigned i = 0; i < RAFT_SERVERS_MAX; i++)
        if (before->state == LEADER && after->state == LEADER && after->next[i] + 2 <= before->next[i])
            return true;
    return false;
}

/* In a reboot, which begins and ends up, it shows in a leader that follows in its own term. */
bool raft_restart_with_a_log(struct gs_view *v)
{
    const struct raft_server *before = gs_before(v), *after = gs_this(v);
    const bool restarts = !gs_was_up(v) && gs_is_up(v, gs_this_node(v));
    const bool reboots = before->state == LEADER && after->state == FOLLOWER && before->term == after->term;
    return (restarts || reboots) && after->log_length > 0;
}

/* Section 5.1: it will be refused. */
bool raft_stale_entries_arrive(struct gs_view *v)
{
    const struct raft_message *message = gs_message(v);
    return message->type == RAFT_APPEND_ENTRIES && message->entry_count > 0 &&
           message->term < ((const struct raft_server *)gs_this(v))->term && gs_is_up(v, gs_receiver(v));
}
