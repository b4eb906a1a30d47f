/* What Raft's parts share beside raft.h: raft.c, the rules of a server, raft_model_claims.c, what is claimed of them,
 * and raft_model.c. */
#ifndef GAINSAY_RAFT_MODEL_H
#define GAINSAY_RAFT_MODEL_H

#include "protocols/raft.h"

/* Mutants: name, the property that kills it, the preset in which it does, the rule it breaks. Those of the last list
 * break no safety property. The first three are those of the quorum helper, in its order. */
#define RAFT_MUTANTS(MUTANT)                                                                                          \
    MUTANT(QUORUM_TOO_SMALL, "quorum-too-small", "at-most-one-leader", "one-term",                                    \
           "half of the servers, rounded down, elect a leader")                                                       \
    MUTANT(QUORUM_OVER_PEERS, "quorum-over-peers", "at-most-one-leader", "four-servers",                              \
           "more votes than half of the other servers elect a leader")                                                \
    MUTANT(DUPLICATES_COUNTED, "duplicates-counted", "at-most-one-leader", "repeated-messages",                       \
           "votes are counted, not the servers that sent them")                                                       \
    MUTANT(VOTE_TWICE, "vote-twice", "at-most-one-leader", "one-term",                                                \
           "a server votes for all who ask, also when it has voted in the term")                                      \
    MUTANT(FORGET_VOTE, "forget-vote", "at-most-one-leader", "one-term",                                              \
           "a server that accepts a leader forgets its vote in that term")                                            \
    MUTANT(VOTE_NOT_DURABLE, "vote-not-durable", "at-most-one-leader", "reboot", "the vote is not on stable storage") \
    MUTANT(TERM_NOT_DURABLE, "term-not-durable", "at-most-one-leader", "reboot",                                      \
           "the term, and so the vote in it, is not on stable storage")                                               \
    MUTANT(STALE_VOTES_COUNTED, "stale-votes-counted", "at-most-one-leader", "quick",                                 \
           "votes of earlier terms count in the current one")                                                         \
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

/* ---- Entries of the model's tables, also for models whose servers' and message structs begin with Raft's ----------
 */

extern const char *const raft_state_names[3];
extern const struct gs_field raft_entry_fields[], raft_elected_fields[], raft_committed_fields[];
struct gs_duration raft_election_timeout(const struct gs_run *run, unsigned index);
struct gs_duration raft_heartbeat_interval(const struct gs_run *run, unsigned index);

/* Members of the poll, as members of the server. */
#define RAFT_VOTES(member)                                                                                             \
    .offset = offsetof(struct raft_server, votes.member), .size = sizeof(GS_MEMBER(struct raft_server, votes.member)), \
    GS_PLAIN(struct raft_server, votes.member)
#define RAFT_SERVER_FIELDS                                                                                    \
    GS_ENUM(struct raft_server, state, raft_state_names), GS_FIELD(struct raft_server, term, GS_DURABLE),     \
        GS_FIELD(struct raft_server, voted_for, GS_DURABLE), {RAFT_VOTES(voters), .name = "votes"},           \
        {RAFT_VOTES(duplicates), .name = "duplicates"}, GS_FIELD(struct raft_server, log_length, GS_DURABLE), \
        GS_STRUCT_LIST(struct raft_server, log, log_length, raft_entry_fields, GS_DURABLE),                   \
        GS_FIELD(struct raft_server, commit), GS_BY_NODE(struct raft_server, next, RAFT_SERVER),              \
        GS_BY_NODE(struct raft_server, match, RAFT_SERVER)
#define RAFT_MESSAGE_FIELDS                                                                  \
    GS_FIELD(struct raft_message, term), GS_FIELD(struct raft_message, success),             \
        GS_FIELD(struct raft_message, last_index), GS_FIELD(struct raft_message, last_term), \
        GS_FIELD(struct raft_message, prev_index), GS_FIELD(struct raft_message, prev_term), \
        GS_FIELD(struct raft_message, commit), GS_FIELD(struct raft_message, entry_count),   \
        GS_STRUCT_LIST(struct raft_message, entries, entry_count, raft_entry_fields),        \
        GS_FIELD(struct raft_message, match_index), GS_FIELD(struct raft_message, conflict_index)
#define RAFT_EVENTS                                                                                              \
    [RAFT_REQUEST_VOTE] = {.name = "request-vote", .fields = {"term", "last_index", "last_term"}},               \
    [RAFT_REQUEST_VOTE_REPLY] = {.name = "request-vote-reply", .fields = {"term", "success"}},                   \
    [RAFT_APPEND_ENTRIES] = {.name = "append-entries",                                                           \
                             .fields = {"term", "prev_index", "prev_term", "commit", "entry_count", "entries"}}, \
    [RAFT_APPEND_ENTRIES_REPLY] = {.name = "append-entries-reply",                                               \
                                   .fields = {"term", "success", "match_index", "conflict_index"}},              \
    [RAFT_ELECTION_TIMEOUT] = {.name = "election-timeout",                                                       \
                               .kind = GS_TIMER,                                                                 \
                               .role = RAFT_SERVER,                                                              \
                               .takes = raft_election_timeout},                                                  \
    [RAFT_HEARTBEAT] = {.name = "heartbeat", .kind = GS_TIMER, .role = RAFT_SERVER, .takes = raft_heartbeat_interval}
/* All but RAFT_PROPOSALS and RAFT_COMMANDS, whose meaning depends on where commands come from. */
#define RAFT_OPTIONS                                                                                                 \
    [RAFT_SERVERS] = {"servers", "how many there are", 3, 1, RAFT_SERVERS_MAX, NULL},                                \
    [RAFT_TERMS] = {"terms", "no election timeout leads beyond this term", 2, 1, RAFT_TERMS_MAX, NULL},              \
    [RAFT_HEARTBEATS] = {"heartbeats", "1: leaders repeat their heartbeats, 0: the first is the only one", 0, 0, 1,  \
                         NULL},                                                                                      \
    [RAFT_HB_EMPTY] = {"hb-empty", "1: heartbeats carry no entries, only proposals and refusals send them", 0, 0, 1, \
                       NULL},                                                                                        \
    [RAFT_SILENT_LEADERS] = {"silent-leaders", "1: a leader sends nothing before a client proposes", 0, 0, 1, NULL}, \
    [RAFT_CANDIDATES] = {"candidates",     "only the first so many servers may time out and stand",                  \
                         RAFT_SERVERS_MAX, 1,                                                                        \
                         RAFT_SERVERS_MAX, NULL}
#define RAFT_ANNOUNCEMENTS                                                                                    \
    [RAFT_ELECTED] = {.name = "elected", .size = sizeof(struct raft_elected), .fields = raft_elected_fields}, \
    [RAFT_COMMITTED] = {.name = "committed", .size = sizeof(struct raft_committed), .fields = raft_committed_fields}

/* ---- Monitors ---------------------------------------------------------------------------------------------------- */

/* An entry that was the first to be committed at its index, in that term, and by whom. */
struct raft_commitment {
    uint8_t index, term, command, in;
    gs_node by;
};

/* Who was ever elected, and what was ever committed. */
struct raft_history {
    uint8_t election_count, commitment_count;
    struct raft_elected elections[RAFT_TERMS_MAX * RAFT_SERVERS_MAX]; /* sorted, each (term, leader) once */
    struct raft_commitment commitments[RAFT_LOG_MAX];                 /* by index */
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
