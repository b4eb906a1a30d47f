/* Paxos' states and messages, for properties from outside; and below, what flexible_paxos.c and multi_paxos.c share
 * with paxos.c, whose sources it names: PMS is "Paxos Made Simple". */
#ifndef GAINSAY_PAXOS_H
#define GAINSAY_PAXOS_H

#include "core/gainsay.h"
#include "properties/agreement.h"
#include "properties/durable.h"
#include "properties/quorum.h"
#include "properties/validity.h"

enum { PAXOS_SERVER };                                                /* roles */
enum { PAXOS_IDLE, PAXOS_PREPARING, PAXOS_ACCEPTING, PAXOS_DECIDED }; /* paxos_server.phase */
enum { PAXOS_SERVERS, PAXOS_PROPOSERS, PAXOS_ROUNDS, PAXOS_NACKS, PAXOS_LEARNING, PAXOS_OWN_PROMISE, PAXOS_OPTIONS };
enum { PAXOS_SERVERS_MAX = 7, PAXOS_ROUNDS_MAX = 20 }; /* of those options */
enum { PAXOS_HISTORY };                                /* monitors: struct gs_consensus */
enum {
    PAXOS_PREPARE,  /* ballot */
    PAXOS_PROMISE,  /* ballot, accepted */
    PAXOS_ACCEPT,   /* ballot, value */
    PAXOS_ACCEPTED, /* ballot */
    PAXOS_NACK,     /* ballot, promised */
    PAXOS_DECISION, /* value */
    PAXOS_PROPOSE   /* timer */
};

/* A proposal that an acceptor has accepted; all zero: none. */
struct paxos_accepted {
    uint8_t ballot, value;
};

/* Proposer, acceptor and learner in one. Ballots: round * servers + place of the proposer, 0 for none. Values: place of
 * the server that proposes it + 1, 0 for none. */
struct paxos_server {
    uint8_t promised;               /* durable: the largest ballot it has promised or accepted in */
    struct paxos_accepted accepted; /* durable: what it has accepted last */
    uint8_t decided;                /* durable: the value it knows to be chosen */
    uint8_t phase;                  /* of the proposer; all below too */
    uint8_t ballot;                 /* that it has begun last, or that a larger one was refused for */
    struct gs_poll promises;        /* in `ballot` */
    struct paxos_accepted highest;  /* the largest ballot's among those reported with the promises */
    uint8_t value;                  /* from PAXOS_ACCEPTING on: what it proposes in `ballot` */
    struct gs_poll accepts;         /* in `ballot` */
};

struct paxos_message {
    uint8_t type;
    uint8_t ballot, value, promised;
    struct paxos_accepted accepted;
};

extern const struct gs_model paxos, flexible_paxos;

/* ---- The family ---------------------------------------------------------------------------------------------------
 */

/* PMS 2.5: "different proposers choose their numbers from disjoint sets of numbers": the smallest of the proposer at
 * this place of a later round than the ballot's. */
uint8_t paxos_ballot_above(const struct gs_run *run, uint8_t ballot, int place);
int paxos_round_of(const struct gs_run *run, uint8_t ballot); /* from 1; 0: of no ballot */
/* PMS 2.2, P2c: of what promises report, the proposal of the largest ballot counts. */
void paxos_keep_highest(struct paxos_accepted *highest, struct paxos_accepted reported);
extern const struct gs_field paxos_accepted_fields[];

/* The quorums of phase 1 (promises) and of phase 2 (votes). */
struct paxos_quorums {
    struct gs_quorums phase1, phase2;
};

/* Mutants: those of the quorum helper, then these, with a protocol's own behind them. */
enum {
    PAXOS_QUORUM_MUTANTS,
    PAXOS_IGNORE_ACCEPTED = PAXOS_QUORUM_MUTANTS + GS_QUORUM_MUTANT_COUNT,
    PAXOS_ANY_ACCEPTED,
    PAXOS_ACCEPT_NOCHECK,
    PAXOS_ACCEPT_NOPROMISE,
    PAXOS_BALLOT_NOID,
    PAXOS_PHASE2_RERUN,
    PAXOS_DECIDE_WRONG_VALUE,
    PAXOS_VALUE_IS_BALLOT,
    PAXOS_PROMISED_NOT_DURABLE,
    PAXOS_ACCEPTED_NOT_DURABLE,
    PAXOS_DECIDED_NOT_DURABLE,
    PAXOS_MUTANTS
};
#define PAXOS_MUTANT(number, mutant_name, where, killed_by, breaks) \
    [number] = {.name = mutant_name, .meaning = breaks, .property = killed_by, .preset = where}
#define PAXOS_MUTANT_TABLE                                                                                      \
    GS_QUORUM_MUTANTS(PAXOS_QUORUM_MUTANTS, "agreement", "one-round", "agreement", "four-servers", "agreement", \
                      "duplicate"),                                                                             \
        PAXOS_MUTANT(PAXOS_IGNORE_ACCEPTED, "ignore-accepted", "one-round", "one-chosen",                       \
                     "a proposer proposes its own value whatever the promises report"),                         \
        PAXOS_MUTANT(PAXOS_ANY_ACCEPTED, "any-accepted", "two-rounds", "one-chosen",                            \
                     "a proposer takes the first reported value, not the highest ballot's"),                    \
        PAXOS_MUTANT(PAXOS_ACCEPT_NOCHECK, "accept-nocheck", "one-round", "one-chosen",                         \
                     "an acceptor accepts below its promise"),                                                  \
        PAXOS_MUTANT(PAXOS_ACCEPT_NOPROMISE, "accept-nopromise", "two-rounds", "one-chosen",                    \
                     "accepting does not raise the acceptor's promise"),                                        \
        PAXOS_MUTANT(PAXOS_BALLOT_NOID, "ballot-noid", "one-round", "one-chosen",                               \
                     "a ballot does not contain its proposer: two use the same"),                               \
        PAXOS_MUTANT(PAXOS_PHASE2_RERUN, "phase2-rerun", "one-round", "one-value-per-ballot",                   \
                     "a promise that comes after the quorum makes the proposer choose its value again"),        \
        PAXOS_MUTANT(PAXOS_DECIDE_WRONG_VALUE, "decide-wrong-value", "one-round", "decisions-are-chosen",       \
                     "a promise that comes after the quorum changes the value that the proposer decides"),      \
        PAXOS_MUTANT(PAXOS_VALUE_IS_BALLOT, "value-is-ballot", "one-round", "validity",                         \
                     "a proposer takes the reported ballot for the reported value"),                            \
        GS_NOT_DURABLE(PAXOS_PROMISED_NOT_DURABLE, "promised", "one-chosen", "reboot"),                         \
        GS_NOT_DURABLE(PAXOS_ACCEPTED_NOT_DURABLE, "accepted", "one-chosen", "reboot"),                         \
        GS_NOT_DURABLE(PAXOS_DECIDED_NOT_DURABLE, "decided", "decisions-are-stable", "reboot")

#define PAXOS_OPTION_TABLE(servers)                                                                              \
    [PAXOS_SERVERS] = {"servers", "how many there are", servers, 1, PAXOS_SERVERS_MAX, NULL},                    \
    [PAXOS_PROPOSERS] = {"proposers", "how many of the servers propose a value", 2, 1, PAXOS_SERVERS_MAX, NULL}, \
    [PAXOS_ROUNDS] = {"rounds", "no proposer begins a ballot of a later round", 1, 1, PAXOS_ROUNDS_MAX, NULL},   \
    [PAXOS_NACKS] = {"nacks", "1: an acceptor that refuses says so, 0: it is silent", 0, 0, 1, NULL},            \
    [PAXOS_LEARNING] = {"learning", "1: who decides tells the others, 0: it does not", 0, 0, 1, NULL},           \
    [PAXOS_OWN_PROMISE] = {                                                                                      \
        "own-promise", "1: a proposer looks for a quorum after its own promise, 0: after others'", 1, 0, 1, NULL}

extern const struct gs_field paxos_server_fields[], paxos_message_fields[];

/* The role and its events: everything but which sets are quorums. */
bool paxos_server_step(struct gs_step *s, struct paxos_server *server, const struct gs_event *e,
                       const struct paxos_quorums *quorums);
bool paxos_server_within(const struct gs_run *run, gs_node self, const void *state);
/* A model's `refuses`: more ballots than the history has room for; a server alone that waits for others. */
const char *paxos_refuses_options(const struct gs_run *run);

#define PAXOS_ROLE_TABLE(server_step)                      \
    [PAXOS_SERVER] = {.name = "server",                    \
                      .size = sizeof(struct paxos_server), \
                      .fields = paxos_server_fields,       \
                      .step = (server_step),               \
                      .count_option = PAXOS_SERVERS,       \
                      .starts = true,                      \
                      .within = paxos_server_within,       \
                      .within_text = "round <= rounds"}
#define PAXOS_EVENT_TABLE                                                    \
    [PAXOS_PREPARE] = {.name = "prepare", .fields = {"ballot"}},             \
    [PAXOS_PROMISE] = {.name = "promise", .fields = {"ballot", "accepted"}}, \
    [PAXOS_ACCEPT] = {.name = "accept", .fields = {"ballot", "value"}},      \
    [PAXOS_ACCEPTED] = {.name = "accepted", .fields = {"ballot"}},           \
    [PAXOS_NACK] = {.name = "nack", .fields = {"ballot", "promised"}},       \
    [PAXOS_DECISION] = {.name = "decision", .fields = {"value"}},            \
    [PAXOS_PROPOSE] = {.name = "propose", .kind = GS_TIMER, .role = PAXOS_SERVER}

/* Properties, without those that ask for quorums: safety, then goals. */
bool paxos_is_stable(struct gs_view *v);
bool paxos_keeps_promises(struct gs_view *v);
bool paxos_accepted_is_promised(struct gs_view *v);
bool paxos_has_decided(struct gs_view *v);
bool paxos_two_ballots(struct gs_view *v);
bool paxos_promise_reports(struct gs_view *v);
bool paxos_adopts(struct gs_view *v);
bool paxos_refuses(struct gs_view *v);
bool paxos_overwrites(struct gs_view *v);
bool paxos_duels(struct gs_view *v);

/* What goals need. Two ballots are those of two proposers. A second ballot is one that meets the votes of a first: in
 * the same round, where a quorum of phase 1 can do without its proposer, or in a later one. That it overwrites them
 * needs a quorum of phase 1 that is not everyone. */
bool paxos_grants_ballot(const struct gs_run *run);
bool paxos_grants_two_ballots(const struct gs_run *run);
bool paxos_grants_nacks(const struct gs_run *run);
bool paxos_grants_duels(const struct gs_run *run);
bool paxos_grants_second_ballot(const struct gs_run *run, const struct gs_quorums *phase1);
bool paxos_grants_overwriting(const struct gs_run *run, const struct gs_quorums *phase1);

#define PAXOS_SCOPED(property_kind, property_name, property_claim, property_scope, predicate)           \
    {                                                                                                   \
        .name = property_name, .claim = property_claim, .kind = property_kind, .scope = property_scope, \
        .role = PAXOS_SERVER, .holds = predicate                                                        \
    }
#define PAXOS_GOAL(goal_name, goal_claim, goal_scope, predicate, granted, granted_text)                          \
    {                                                                                                            \
        .name = goal_name, .claim = goal_claim, .kind = GS_REACHABLE, .scope = goal_scope, .role = PAXOS_SERVER, \
        .holds = predicate, .needs = granted, .needs_text = granted_text                                         \
    }
/* second_ballot, overwriting: predicates on a run that end with a call of the two functions. */
#define PAXOS_PROPERTY_TABLE(second_ballot, overwriting)                                                           \
    GS_AGREEMENT(PAXOS_HISTORY), GS_VALIDITY(PAXOS_HISTORY), GS_ONE_VALUE_PER_BALLOT(PAXOS_HISTORY),               \
        PAXOS_SCOPED(GS_ALWAYS, "decisions-are-stable", "a server that has decided keeps to that value",           \
                     GS_SCOPE_STEP, paxos_is_stable),                                                              \
        PAXOS_SCOPED(GS_ALWAYS, "promises-are-kept", "no server's promise or last accepted ballot ever decreases", \
                     GS_SCOPE_STEP, paxos_keeps_promises),                                                         \
        PAXOS_SCOPED(GS_ALWAYS, "accepted-is-promised", "no server has accepted in a ballot above its promise",    \
                     GS_SCOPE_STEP, paxos_accepted_is_promised),                                                   \
        PAXOS_GOAL("decided", "a server decides", GS_SCOPE_NODE, paxos_has_decided, paxos_grants_ballot,           \
                   "timeouts >= 1"),                                                                               \
        PAXOS_GOAL("two-ballots", "two servers are preparing or proposing in different ballots", GS_SCOPE_ROLE,    \
                   paxos_two_ballots, paxos_grants_two_ballots, "servers, proposers and timeouts >= 2"),           \
        PAXOS_GOAL("promise-reports", "a promise reports an accepted value", GS_SCOPE_MESSAGE_RECEIVER,            \
                   paxos_promise_reports, second_ballot,                                                           \
                   "two ballots, and rounds >= 2 or a quorum of phase 1 without a later proposer"),                \
        PAXOS_GOAL("adopts", "a server proposes a value that is not its own", GS_SCOPE_STEP, paxos_adopts,         \
                   second_ballot, "two ballots, and rounds >= 2 or a quorum of phase 1 without a later proposer"), \
        PAXOS_GOAL("refuses", "an acceptor says that it refuses", GS_SCOPE_MESSAGE_RECEIVER, paxos_refuses,        \
                   paxos_grants_nacks, "nacks = 1 and two ballots"),                                               \
        PAXOS_GOAL("overwrites", "an acceptor that has accepted a value accepts another", GS_SCOPE_STEP,           \
                   paxos_overwrites, overwriting, "two ballots, and a quorum of phase 1 that is not all servers"), \
        PAXOS_GOAL("duels", "two proposers have each begun a ballot of a second round, and no vote was cast",      \
                   GS_SCOPE_ROLE, paxos_duels, paxos_grants_duels, "two ballots, rounds >= 2 and timeouts >= 3")

#endif
