/* What Raft's parts share beside raft.h: raft.c, the rules of a server, raft_model_claims.c, what is claimed of them,
 * and raft_model.c. */
#ifndef GAINSAY_RAFT_MODEL_H
#define GAINSAY_RAFT_MODEL_H

#include "protocols/raft.h"

/* Mutants: name, the property that kills it, the preset in which it does, the rule it breaks. Those of the last list
 * break no safety property. */
#define RAFT_MUTANTS(MUTANT)                                                                                          \
    MUTANT(QUORUM_TOO_SMALL, "quorum-too-small", "at-most-one-leader", "one-term",                                    \
           "half of the servers, rounded down, elect a leader")                                                       \
    MUTANT(QUORUM_OVER_PEERS, "quorum-over-peers", "at-most-one-leader", "four-servers",                              \
           "more votes than half of the other servers elect a leader")                                                \
    MUTANT(VOTE_TWICE, "vote-twice", "at-most-one-leader", "one-term",                                                \
           "a server votes for all who ask, also when it has voted in the term")                                      \
    MUTANT(FORGET_VOTE, "forget-vote", "at-most-one-leader", "one-term",                                              \
           "a server that accepts a leader forgets its vote in that term")                                            \
    MUTANT(VOTE_NOT_DURABLE, "vote-not-durable", "at-most-one-leader", "reboot", "the vote is not on stable storage") \
    MUTANT(TERM_NOT_DURABLE, "term-not-durable", "at-most-one-leader", "reboot",                                      \
           "the term, and so the vote in it, is not on stable storage")                                               \
    MUTANT(STALE_VOTES_COUNTED, "stale-votes-counted", "at-most-one-leader", "quick",                                 \
           "votes of earlier terms count in the current one")                                                         \
    MUTANT(DUPLICATES_COUNTED, "duplicates-counted", "at-most-one-leader", "repeated-messages",                       \
           "votes are counted, not the servers that sent them")                                                       \
    MUTANT(NO_LOGCHECK, "no-logcheck", "leader-completeness", "log-two-terms",                                        \
           "a vote is granted whatever the candidate's log")                                                          \
    MUTANT(LEN_ONLY, "len-only", "leader-completeness", "log-three-terms",                                            \
           "the longer log is the more up to date one, whatever its last term")                                       \
    MUTANT(COMMIT_OLD, "commit-old", "leader-completeness", "four-terms",                                             \
           "a leader counts replicas of entries of earlier terms (figure 8)")                                         \
    MUTANT(MATCH_LASTIDX, "match-lastidx", "committed-on-quorum", "log-two-terms",                                    \
           "a server acknowledges its whole log, not what the message vouches for")                                   \
    MUTANT(COMMIT_LASTIDX, "commit-lastidx", "state-machine-safety", "empty-heartbeats",                              \
           "a follower commits up to the end of its log, not of what the message vouches for")                        \
    MUTANT(ALWAYS_TRUNC, "always-trunc", "leader-completeness", "log-two-terms",                                      \
           "a follower cuts its log to what the message holds, also without a conflict")                              \
    MUTANT(NO_TRUNC, "no-trunc", "state-machine-safety", "heartbeats",                                                \
           "a follower keeps entries that conflict with the leader's")                                                \
    MUTANT(ACCEPT_STALE_AE, "accept-stale-ae", "leader-completeness", "log-three-terms",                              \
           "entries of a leader of an earlier term are taken")                                                        \
    MUTANT(NO_PREVCHECK, "no-prevcheck", "log-matching", "two-entries",                                               \
           "the term of the entry before the new ones is not compared")                                               \
    MUTANT(NP_LOG, "np-log", "leader-completeness", "log-reboot", "the log is not on stable storage")
#define RAFT_LIVENESS_MUTANTS(MUTANT)                                                                            \
    MUTANT(NO_STEPDOWN, "no-stepdown", "leader-steps-down", "quick", "a leader ignores larger terms in replies") \
    MUTANT(FIXED_TIMEOUTS, "fixed-timeouts", "leader-elected", "quick",                                          \
           "all election timeouts are equal: whoever is asked for a vote is about to stand in that term too")
#define RAFT_MUTANT_NUMBER(number, ...) RAFT_##number,
enum { RAFT_MUTANTS(RAFT_MUTANT_NUMBER) RAFT_LIVENESS_MUTANTS(RAFT_MUTANT_NUMBER) };

bool raft_server_step(struct gs_step *s, void *self, const struct gs_event *e);
/* A leader takes a command; false: it does not lead. */
bool raft_propose(struct gs_step *s, struct raft_server *server, uint8_t command);
/* Section 5.1, before any other rule: a server that sees a larger term enters it, and follows. type: of the message. */
bool raft_enter_larger_term(struct gs_step *s, struct raft_server *server, uint8_t type, uint8_t term);
bool raft_server_within(const struct gs_run *run, gs_node self, const void *state);

/* ---- Monitors ---------------------------------------------------------------------------------------------------- */

/* Who was ever elected. */
struct raft_elections {
    uint8_t count;
    struct raft_elected list[RAFT_TERMS_MAX * RAFT_SERVERS_MAX]; /* sorted, each (term, leader) once */
};

/* What was ever committed: at each index the entry that was the first. */
struct raft_history {
    uint8_t count;
    struct raft_committed list[RAFT_LOG_MAX];
};

/* ---- Claims ------------------------------------------------------------------------------------------------------ */

/* Properties of elections. */
gs_predicate raft_at_most_one_leader, raft_terms_never_go_back, raft_one_vote_per_term;
/* Properties of logs. */
gs_predicate raft_leader_append_only, raft_log_matching, raft_leader_completeness, raft_state_machine_safety,
    raft_applied_logs_agree, raft_committed_on_quorum, raft_commit_never_goes_back, raft_commit_within_log,
    raft_committed_entries_stay, raft_match_is_replicated;
/* Goals of elections. */
gs_predicate raft_leader_elected, raft_split_vote, raft_second_leader_in_a_later_term, raft_leader_steps_down,
    raft_two_candidates, raft_two_leaders_at_once;
/* Goals of logs. */
gs_predicate raft_entry_commits, raft_older_entry_commits, raft_follower_truncates, raft_leader_goes_back_by_two,
    raft_restart_with_a_log, raft_stale_entries_arrive;

#endif
