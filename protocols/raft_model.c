/* Raft: its model, i.e. the tables, bounds, presets and mutants. The rules are in raft.c, what is claimed of them in
 * raft_model_claims.c. */
#include "protocols/raft_model.h"

enum { SERVER = RAFT_SERVER };
enum { HISTORY }; /* monitors */

const char *const raft_state_names[3] = {"follower", "candidate", "leader"};

const struct gs_field raft_entry_fields[] = {
    GS_FIELD(struct raft_entry, term),
    GS_FIELD(struct raft_entry, command),
    GS_FIELDS_END,
};
static const struct gs_field server_fields[] = {RAFT_SERVER_FIELDS, GS_FIELDS_END};
static const struct gs_field message_fields[] = {RAFT_MESSAGE_FIELDS, GS_FIELDS_END};
const struct gs_field raft_elected_fields[] = {
    GS_FIELD(struct raft_elected, term),
    GS_FIELD(struct raft_elected, leader),
    GS_FIELDS_END,
};
const struct gs_field raft_committed_fields[] = {
    GS_FIELD(struct raft_committed, index),
    GS_FIELD(struct raft_committed, term),
    GS_FIELD(struct raft_committed, command),
    GS_FIELD(struct raft_committed, in),
    GS_FIELDS_END,
};

/* ---- Who was ever elected, and what was ever committed ------------------------------------------------------------
 */

static const struct gs_field commitment_fields[] = {
    GS_FIELD(struct raft_commitment, index),   GS_FIELD(struct raft_commitment, term),
    GS_FIELD(struct raft_commitment, command), GS_FIELD(struct raft_commitment, in),
    GS_FIELD(struct raft_commitment, by),      GS_FIELDS_END,
};
static const struct gs_field history_fields[] = {
    GS_FIELD(struct raft_history, election_count),
    GS_STRUCT_LIST(struct raft_history, elections, election_count, raft_elected_fields),
    GS_FIELD(struct raft_history, commitment_count),
    GS_STRUCT_LIST(struct raft_history, commitments, commitment_count, commitment_fields),
    GS_FIELDS_END,
};

/* Of each index the entry that was the first. */
static void keep_commitment(struct raft_history *history, gs_node by, const struct raft_committed *entry)
{
    if (entry->index > history->commitment_count)
        gs_push(history->commitments, &history->commitment_count,
                &(struct raft_commitment){entry->index, entry->term, entry->command, entry->in, by});
}

static void history_announced(const struct gs_run *run, void *value, gs_node by, int announcement,
                              const void *announced)
{
    struct raft_history *history = value;
    (void)run;
    if (announcement == RAFT_ELECTED)
        gs_insert(history->elections, &history->election_count, announced);
    else
        keep_commitment(history, by, announced);
}

/* ---- What a run has to grant ---------------------------------------------------------------------------------------
 */

static bool has_timeouts(const struct gs_run *run, int64_t wanted)
{
    const int64_t timeouts = gs_budget(run, GS_TIMEOUT);
    return timeouts < 0 || timeouts >= wanted;
}

static bool has_candidates(const struct gs_run *run, int64_t wanted)
{
    return gs_count(run, SERVER) >= wanted && gs_option(run, RAFT_CANDIDATES) >= wanted;
}

static bool grants_a_timeout(const struct gs_run *run)
{
    return has_timeouts(run, 1);
}

/* An even number of servers is split by two candidates, an odd one by three. */
static bool grants_a_split_vote(const struct gs_run *run)
{
    const int candidates = 2 + gs_count(run, SERVER) % 2;
    return has_candidates(run, candidates) && has_timeouts(run, candidates);
}

static bool grants_two_candidates(const struct gs_run *run)
{
    return has_candidates(run, 2) && gs_count(run, SERVER) >= 3 && has_timeouts(run, 2);
}

static bool grants_a_second_term(const struct gs_run *run)
{
    return has_candidates(run, 2) && gs_option(run, RAFT_TERMS) >= 2 && has_timeouts(run, 2);
}

static bool grants_two_leaders(const struct gs_run *run)
{
    return grants_a_second_term(run) && gs_count(run, SERVER) >= 3;
}

static bool grants_a_proposal(const struct gs_run *run)
{
    return gs_option(run, RAFT_PROPOSALS) >= 1 && has_timeouts(run, 1);
}

static bool grants_replication(const struct gs_run *run)
{
    return grants_a_proposal(run) && gs_count(run, SERVER) >= 2;
}

/* A follower hears of it in a later message of the same leader. */
static bool grants_news_of_commits(const struct gs_run *run)
{
    const bool beats = gs_option(run, RAFT_HEARTBEATS) && has_timeouts(run, 2);
    return grants_replication(run) && (gs_option(run, RAFT_PROPOSALS) >= 2 || beats);
}

static bool grants_a_later_leader(const struct gs_run *run)
{
    return grants_a_proposal(run) && grants_a_second_term(run);
}

/* The leader of term 1 keeps an entry to itself, that of term 2 has another and reaches it. */
static bool grants_a_conflict(const struct gs_run *run)
{
    return grants_a_proposal(run) && grants_two_leaders(run);
}

static bool grants_two_entries_and_terms(const struct gs_run *run)
{
    return gs_option(run, RAFT_PROPOSALS) >= 2 && grants_two_leaders(run);
}

/* A leader whose log is full speaks in heartbeats only. */
static bool grants_a_back_off(const struct gs_run *run)
{
    return grants_two_entries_and_terms(run) &&
           (!gs_option(run, RAFT_SILENT_LEADERS) || gs_option(run, RAFT_HEARTBEATS));
}

static bool grants_a_restart(const struct gs_run *run)
{
    return grants_a_proposal(run) &&
           (gs_budget(run, GS_REBOOT) > 0 || (gs_budget(run, GS_CRASH) > 0 && gs_budget(run, GS_RESTART) > 0));
}

/* A property over messages costs a reduction, so that it is judged only where messages are meant to be late. */
static bool grants_stale_entries(const struct gs_run *run)
{
    return grants_a_later_leader(run) && gs_budget(run, GS_DUPLICATE) > 0;
}

/* ---- The model --------------------------------------------------------------------------------------------------- */

/* Kind and scope, the predicate, the name of the claim and what it says, what a run has to grant, the monitor it reads
 * (if any). */
#define CLAIM(kind_of, scope_of, predicate, claim_name, text, grants, grants_text, watch)                             \
    {                                                                                                                 \
        .name = claim_name, .claim = text, .kind = GS_##kind_of, .scope = GS_SCOPE_##scope_of, .role = SERVER,        \
        .other_role = SERVER, .monitor = watch, .holds = raft_##predicate, .needs = grants, .needs_text = grants_text \
    }

#define MUTANT_ENTRY(number, mutant_name, claim, where, breaks) \
    [RAFT_##number] = {.name = mutant_name, .meaning = breaks, .property = claim, .preset = where},
#define LIVENESS_MUTANT_ENTRY(number, mutant_name, claim, where, breaks) \
    [RAFT_##number] = {.name = mutant_name, .meaning = breaks, .property = claim, .preset = where, .liveness = true},

/* Section 9.3: 150 to 300 ms; a heartbeat comes several times in the shortest. */
struct gs_duration raft_election_timeout(const struct gs_run *run, unsigned index)
{
    (void)run;
    (void)index;
    return (struct gs_duration){GS_MILLISECONDS(150), GS_MILLISECONDS(300)};
}

struct gs_duration raft_heartbeat_interval(const struct gs_run *run, unsigned index)
{
    (void)run;
    (void)index;
    return (struct gs_duration){GS_MILLISECONDS(50), GS_MILLISECONDS(50)};
}

const struct gs_model raft =
    {
        .name = "raft",
        .title = "leader election and log replication of Raft",
        .source = "Ongaro and Ousterhout, In Search of an Understandable Consensus Algorithm (2014), section 5",
        .message_size = sizeof(struct raft_message),
        .message_fields = message_fields,
        .network = GS_BAG,
        .roles =
            {
                [SERVER] = {.name = "server",
                            .size = sizeof(struct raft_server),
                            .fields = server_fields,
                            .step = raft_server_step,
                            .count_option = RAFT_SERVERS,
                            .starts = true,
                            .within = raft_server_within,
                            .within_text = "term, log"},
            },
        .events =
            {
                RAFT_EVENTS,
                [RAFT_PROPOSE] =
                    {.name = "propose",
                     .kind = GS_LOCAL,
                     .role = SERVER,
                     .arguments =
                         {{.name = "command", .kind = GS_RANGE, .min = 1, .max = 1, .max_option = RAFT_COMMANDS + 1}}},
            },
        .options =
            {
                RAFT_OPTIONS,
                [RAFT_PROPOSALS] = {"proposals", "how many entries a log may hold; 0: no clients", 0, 0,
                                    RAFT_PROPOSALS_MAX, NULL},
                [RAFT_COMMANDS] = {"commands", "how many different commands clients propose", 1, 1, 3, NULL},
            },
        .presets =
            {
                {.name = "quick", .meaning = "3 servers, 2 terms, no log", .settings = {"servers=3", "terms=2"}},
                {.name = "full",
                 .meaning = "3 servers, 2 terms, 1 proposal, of any of 2 commands",
                 .settings = {"servers=3", "terms=2", "proposals=1", "commands=2"}},
                {.name = "full-crash",
                 .meaning = "3 servers, 1 term, 2 proposals, one server reboots",
                 .settings = {"servers=3", "terms=1", "proposals=2"},
                 .budgets = {.reboots = 1}},
                {.name = "full-reboot",
                 .meaning = "3 servers, 2 terms, 1 proposal, one server reboots",
                 .settings = {"servers=3", "terms=2", "proposals=1"},
                 .budgets = {.reboots = 1}},
                {.name = "large",
                 .meaning = "3 servers, 2 terms, 2 proposals, silent leaders, one server reboots",
                 .settings = {"servers=3", "terms=2", "proposals=2", "silent-leaders=1"},
                 .budgets = {.reboots = 1}},
                {.name = "elections",
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
                {.name = "log",
                 .meaning = "3 servers, 1 term, 2 proposals",
                 .settings = {"servers=3", "terms=1", "proposals=2"}},
                {.name = "log-two-terms",
                 .meaning = "3 servers of which 2 stand, 2 terms, 1 proposal, 2 timeouts",
                 .settings = {"servers=3", "terms=2", "proposals=1", "candidates=2"},
                 .budgets = {.timeouts = 2}},
                {.name = "log-three-terms",
                 .meaning = "3 servers of which 2 stand, 3 terms, 1 proposal, 3 timeouts, silent leaders",
                 .settings = {"servers=3", "terms=3", "proposals=1", "candidates=2", "silent-leaders=1"},
                 .budgets = {.timeouts = 3}},
                {.name = "two-entries",
                 .meaning = "as log-three-terms in fifo, with 2 proposals",
                 .settings = {"servers=3", "terms=3", "proposals=2", "candidates=2", "silent-leaders=1"},
                 .network = GS_FIFO,
                 .budgets = {.timeouts = 3}},
                {.name = "back-off",
                 .meaning = "3 servers of which 2 stand, fifo, 2 terms, 2 proposals, 2 timeouts",
                 .settings = {"servers=3", "terms=2", "proposals=2", "candidates=2"},
                 .network = GS_FIFO,
                 .budgets = {.timeouts = 2}},
                {.name = "four-terms",
                 .meaning = "as log-three-terms, 4 terms and a heartbeat, fifo with 4 in a channel: for figure 8",
                 .settings = {"servers=3", "terms=4", "proposals=1", "candidates=2", "silent-leaders=1",
                              "heartbeats=1"},
                 .network = GS_FIFO,
                 .capacity = 4,
                 .budgets = {.timeouts = 5}},
                {.name = "late-entries",
                 .meaning = "as log-two-terms, silent leaders, and one message comes twice",
                 .settings = {"servers=3", "terms=2", "proposals=1", "candidates=2", "silent-leaders=1"},
                 .budgets = {.duplicates = 1, .timeouts = 2}},
                {.name = "log-reboot",
                 .meaning = "as log-two-terms, and one server reboots",
                 .settings = {"servers=3", "terms=2", "proposals=1", "candidates=2"},
                 .budgets = {.reboots = 1, .timeouts = 2}},
                {.name = "heartbeats",
                 .meaning = "as log-two-terms, with heartbeats and 3 timeouts",
                 .settings = {"servers=3", "terms=2", "proposals=1", "candidates=2", "heartbeats=1"},
                 .budgets = {.timeouts = 3}},
                {.name = "empty-heartbeats",
                 .meaning = "as heartbeats, without entries in them",
                 .settings = {"servers=3", "terms=2", "proposals=1", "candidates=2", "heartbeats=1", "hb-empty=1"},
                 .budgets = {.timeouts = 3}},
                {.name = "five-servers",
                 .meaning = "for random runs: 5 servers, 12 terms, 5 proposals of any of 3 commands, heartbeats, 2 "
                            "reboots",
                 .settings = {"servers=5", "terms=12", "proposals=5", "commands=3", "heartbeats=1"},
                 .budgets = {.reboots = 2}},
            },
        .mutants = {RAFT_MUTANTS(MUTANT_ENTRY) RAFT_LIVENESS_MUTANTS(LIVENESS_MUTANT_ENTRY)},
        .announcements =
            {
                RAFT_ANNOUNCEMENTS,
            },
        .monitors =
            {
                [HISTORY] = {.name = "history",
                             .size = sizeof(struct raft_history),
                             .fields = history_fields,
                             .announced = history_announced},
            },
        .properties =
            {
                CLAIM(ALWAYS, MONITOR_NODE, at_most_one_leader, "at-most-one-leader",
                      "in no term two servers are ever elected", grants_a_timeout, "timeouts >= 1", HISTORY),
                CLAIM(ALWAYS, STEP, terms_never_go_back, "terms-never-go-back",
                      "no server's term ever decreases, also when it crashes", NULL, NULL, 0),
                CLAIM(ALWAYS, STEP, one_vote_per_term, "one-vote-per-term",
                      "a server that has voted in a term keeps to that vote, also when it crashes", grants_a_timeout,
                      "timeouts >= 1", 0),
                CLAIM(ALWAYS, STEP, leader_append_only, "leader-append-only",
                      "a leader never overwrites or deletes entries of its log", grants_replication,
                      "servers >= 2, proposals >= 1 and timeouts >= 1", 0),
                CLAIM(ALWAYS, PAIR, log_matching, "log-matching",
                      "two logs with an entry of one term at one index are equal up to it", grants_replication,
                      "servers >= 2, proposals >= 1 and timeouts >= 1", 0),
                CLAIM(ALWAYS, MONITOR_NODE, leader_completeness, "leader-completeness",
                      "what was committed in a term is in the logs of the leaders of later terms",
                      grants_a_later_leader, "servers, candidates, terms and timeouts >= 2, proposals >= 1", HISTORY),
                CLAIM(ALWAYS, MONITOR_NODE, state_machine_safety, "state-machine-safety",
                      "no server applies another entry at an index than the first that was committed there",
                      grants_a_proposal, "proposals >= 1 and timeouts >= 1", HISTORY),
                CLAIM(ALWAYS, PAIR, applied_logs_agree, "applied-logs-agree",
                      "what two servers have applied is equal as far as both have", grants_news_of_commits,
                      "servers and proposals >= 2, or servers and timeouts >= 2 and heartbeats", 0),
                CLAIM(ALWAYS, ROLE, committed_on_quorum, "committed-on-quorum",
                      "what a server takes for committed is in the logs of a majority", grants_a_proposal,
                      "proposals >= 1 and timeouts >= 1", 0),
                CLAIM(ALWAYS, STEP, commit_never_goes_back, "commit-never-goes-back",
                      "a server's commit index decreases only in a restart, to 0", grants_a_proposal,
                      "proposals >= 1 and timeouts >= 1", 0),
                CLAIM(ALWAYS, STEP, commit_within_log, "commit-within-log",
                      "a server has all entries that it takes for committed", grants_a_proposal,
                      "proposals >= 1 and timeouts >= 1", 0),
                CLAIM(ALWAYS, STEP, committed_entries_stay, "committed-entries-stay",
                      "a server never overwrites or deletes an entry that it knows to be committed", grants_replication,
                      "servers >= 2, proposals >= 1 and timeouts >= 1", 0),
                CLAIM(ALWAYS, PAIR, match_is_replicated, "match-is-replicated",
                      "what a leader takes to be in a server's log is there, until a larger term", grants_replication,
                      "servers >= 2, proposals >= 1 and timeouts >= 1", 0),
                CLAIM(REACHABLE, NODE, leader_elected, "leader-elected", "a server is elected", grants_a_timeout,
                      "timeouts >= 1", 0),
                CLAIM(REACHABLE, ROLE, split_vote, "split-vote",
                      "all servers have voted in a term, and none can be elected in it", grants_a_split_vote,
                      "servers, candidates and timeouts >= 3 (2 for an even number of servers)", 0),
                CLAIM(REACHABLE, MONITOR_NODE, second_leader_in_a_later_term, "second-leader-in-a-later-term",
                      "a server leads a later term than another that was elected", grants_a_second_term,
                      "servers, candidates, terms and timeouts >= 2", HISTORY),
                CLAIM(REACHABLE, STEP, leader_steps_down, "leader-steps-down",
                      "a leader hears of a larger term and follows", grants_a_second_term,
                      "servers, candidates, terms and timeouts >= 2", 0),
                CLAIM(REACHABLE, PAIR, two_candidates, "two-candidates", "two servers stand in one term",
                      grants_two_candidates, "servers >= 3, candidates and timeouts >= 2", 0),
                CLAIM(REACHABLE, PAIR, two_leaders_at_once, "two-leaders-at-once",
                      "two servers lead, one of them a term that is over", grants_two_leaders,
                      "servers >= 3, candidates, terms and timeouts >= 2", 0),
                CLAIM(REACHABLE, NODE, entry_commits, "entry-commits", "a client's command is committed",
                      grants_a_proposal, "proposals >= 1 and timeouts >= 1", 0),
                CLAIM(REACHABLE, MONITOR_NODE, older_entry_commits, "older-entry-commits",
                      "an entry of an earlier term is committed, with one of the leader's own",
                      grants_two_entries_and_terms, "servers >= 3, candidates, terms, timeouts and proposals >= 2",
                      HISTORY),
                CLAIM(REACHABLE, STEP, follower_truncates, "follower-truncates",
                      "a follower's entries give way to its leader's", grants_a_conflict,
                      "servers >= 3, candidates, terms and timeouts >= 2, proposals >= 1", 0),
                CLAIM(REACHABLE, STEP, leader_goes_back_by_two, "leader-goes-back-by-two",
                      "one refusal takes a leader back by two entries or more", grants_a_back_off,
                      "servers >= 3, candidates, terms, timeouts and proposals >= 2, no silent leaders", 0),
                CLAIM(REACHABLE, STEP, restart_with_a_log, "restart-with-a-log",
                      "a server restarts, or a leader reboots, with entries in its log", grants_a_restart,
                      "proposals >= 1, and a reboot, or a crash and a restart", 0),
                CLAIM(REACHABLE, MESSAGE_RECEIVER, stale_entries_arrive, "stale-entries-arrive",
                      "entries of an earlier term's leader arrive, to be refused", grants_stale_entries,
                      "servers, candidates, terms and timeouts >= 2, proposals and duplicates >= 1", 0),
            },
};
