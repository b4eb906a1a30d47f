/* Single-decree Paxos: the synod of Lamport, "The Part-Time Parliament" (1998), section 2.3, as told in his "Paxos Made
 * Simple" (2001), cited as PMS at each rule. Every server is acceptor and learner; the first `proposers` of them also
 * propose, each a value of its own. What a server sends to itself takes effect at once. When a proposer tries (again)
 * is not timed: its timer may fire at any moment until it has decided. Ballots are bounded by `round <= rounds`.
 * flexible_paxos.c has the same rules with other quorums. */
#include "protocols/paxos.h"

enum { SERVER = PAXOS_SERVER, ANNOUNCED = 0 };

static const char *const phase_names[] = {"idle", "preparing", "accepting", "decided"};

const struct gs_field paxos_accepted_fields[] = {
    GS_FIELD(struct paxos_accepted, ballot),
    GS_FIELD(struct paxos_accepted, value),
    GS_FIELDS_END,
};
const struct gs_field paxos_server_fields[] = {
    GS_FIELD(struct paxos_server, promised, GS_DURABLE),
    GS_STRUCT(struct paxos_server, accepted, paxos_accepted_fields, GS_DURABLE),
    GS_FIELD(struct paxos_server, decided, GS_DURABLE),
    GS_ENUM(struct paxos_server, phase, phase_names),
    GS_FIELD(struct paxos_server, ballot),
    GS_STRUCT(struct paxos_server, promises, gs_poll_fields),
    GS_STRUCT(struct paxos_server, highest, paxos_accepted_fields),
    GS_FIELD(struct paxos_server, value),
    GS_STRUCT(struct paxos_server, accepts, gs_poll_fields),
    GS_FIELDS_END,
};
const struct gs_field paxos_message_fields[] = {
    GS_FIELD(struct paxos_message, ballot),
    GS_FIELD(struct paxos_message, value),
    GS_FIELD(struct paxos_message, promised),
    GS_STRUCT(struct paxos_message, accepted, paxos_accepted_fields),
    GS_FIELDS_END,
};

static const struct gs_loss losses[] = {
    GS_LOSS(PAXOS_PROMISED_NOT_DURABLE, struct paxos_server, promised),
    GS_LOSS(PAXOS_ACCEPTED_NOT_DURABLE, struct paxos_server, accepted),
    GS_LOSS(PAXOS_DECIDED_NOT_DURABLE, struct paxos_server, decided),
    GS_LOSSES_END,
};

/* ---- Ballots ----------------------------------------------------------------------------------------------------- */

static uint8_t own_value(struct gs_step *s)
{
    return (uint8_t)(gs_node_rank(s, gs_self(s)) + 1);
}

int paxos_round_of(const struct gs_run *run, uint8_t ballot)
{
    return ballot / gs_count(run, SERVER);
}

uint8_t paxos_ballot_above(const struct gs_run *run, uint8_t ballot, int place)
{
    return (uint8_t)((paxos_round_of(run, ballot) + 1) * gs_count(run, SERVER) + place);
}

void paxos_keep_highest(struct paxos_accepted *highest, struct paxos_accepted reported)
{
    if (reported.ballot > highest->ballot)
        *highest = reported;
}

/* PMS 2.5: each ballot is above all that the proposer has seen. It has promised its own ballots to itself, so that what
 * it has to remember of them in stable storage is there. */
static uint8_t next_ballot(struct gs_step *s, const struct paxos_server *server)
{
    const uint8_t seen = server->promised > server->ballot ? server->promised : server->ballot;
    const int place = gs_mutant(s, PAXOS_BALLOT_NOID) ? 0 : gs_node_rank(s, gs_self(s));
    return paxos_ballot_above(gs_step_run(s), seen, place);
}

/* ---- Acceptors --------------------------------------------------------------------------------------------------- */

/* PMS 2.2, phase 1(b), P1a: an acceptor answers a ballot greater than any that it has answered, and promises to accept
 * nothing below. (Without the proposer in it, an equal ballot is taken for the same proposer's.) */
static bool promise(struct gs_step *s, struct paxos_server *server, uint8_t ballot)
{
    const bool repeats = ballot == server->promised && gs_mutant(s, PAXOS_BALLOT_NOID);
    if (ballot <= server->promised && !repeats)
        return false;
    server->promised = ballot;
    return gs_announce(s, ANNOUNCED + GS_PROMISED, &(struct gs_promised){ballot});
}

/* PMS 2.2, phase 2(b), P1a: it accepts unless it has promised a greater ballot. That is a promise of this ballot, too:
 * it may not have seen phase 1 of it, and must answer no smaller one any more. PMS does not say so; its specification
 * in TLA+ does (Phase2b raises maxBal). */
static bool accept(struct gs_step *s, struct paxos_server *server, uint8_t ballot, uint8_t value)
{
    if (ballot < server->promised && !gs_mutant(s, PAXOS_ACCEPT_NOCHECK))
        return false;
    if (ballot > server->promised && !gs_mutant(s, PAXOS_ACCEPT_NOPROMISE))
        server->promised = ballot;
    server->accepted = (struct paxos_accepted){ballot, value};
    return gs_announce(s, ANNOUNCED + GS_VOTED, &(struct gs_voted){.ballot = ballot, .value = value});
}

/* PMS 2.2, its last paragraph: an acceptor that ignores a request because of a greater ballot should probably say so;
 * an optimization that does not affect correctness. */
static bool refuse(struct gs_step *s, const struct paxos_server *server, gs_node proposer, uint8_t ballot)
{
    return gs_option(s, PAXOS_NACKS) &&
           gs_send(s, proposer,
                   &(struct paxos_message){.type = PAXOS_NACK, .ballot = ballot, .promised = server->promised});
}

static bool on_prepare(struct gs_step *s, struct paxos_server *server, const struct gs_event *e, uint8_t ballot)
{
    if (!promise(s, server, ballot))
        return refuse(s, server, e->from, ballot);
    return gs_send(s, e->from,
                   &(struct paxos_message){.type = PAXOS_PROMISE, .ballot = ballot, .accepted = server->accepted});
}

static bool on_accept(struct gs_step *s, struct paxos_server *server, const struct gs_event *e)
{
    const struct paxos_message *m = e->message;
    if (!accept(s, server, m->ballot, m->value))
        return refuse(s, server, e->from, m->ballot);
    return gs_send(s, e->from, &(struct paxos_message){.type = PAXOS_ACCEPTED, .ballot = m->ballot});
}

/* ---- Learners ---------------------------------------------------------------------------------------------------- */

/* Once: what is chosen does not change. */
static bool decide(struct gs_step *s, struct paxos_server *server, uint8_t value)
{
    if (server->decided)
        return false;
    server->decided = value;
    gs_cancel_timer(s, PAXOS_PROPOSE, 0);
    return gs_announce(s, ANNOUNCED + GS_DECIDED, &(struct gs_decided){.value = value});
}

/* ---- Proposers --------------------------------------------------------------------------------------------------- */

/* PMS 2.3: a value is chosen when a quorum has accepted it in one ballot. A distinguished learner (here the proposer)
 * may tell the others. */
static void count_accept(struct gs_step *s, struct paxos_server *server, gs_node acceptor,
                         const struct paxos_quorums *quorums)
{
    gs_poll_add(s, PAXOS_QUORUM_MUTANTS, &server->accepts, acceptor);
    if (!gs_poll_reaches(s, PAXOS_QUORUM_MUTANTS, &server->accepts, &quorums->phase2))
        return;
    server->phase = PAXOS_DECIDED;
    if (decide(s, server, server->value) && gs_option(s, PAXOS_LEARNING))
        gs_broadcast(s, SERVER, &(struct paxos_message){.type = PAXOS_DECISION, .value = server->value});
}

/* PMS 2.2, P2c: the value of the highest-numbered proposal among those reported, or any value if there was none. */
static uint8_t value_to_propose(struct gs_step *s, const struct paxos_server *server)
{
    const bool is_free = server->highest.ballot == 0 || gs_mutant(s, PAXOS_IGNORE_ACCEPTED);
    const uint8_t reported = gs_mutant(s, PAXOS_VALUE_IS_BALLOT) ? server->highest.ballot : server->highest.value;
    return is_free ? own_value(s) : reported;
}

/* PMS 2.2, phase 2(a). */
static void begin_phase2(struct gs_step *s, struct paxos_server *server, const struct paxos_quorums *quorums)
{
    server->phase = PAXOS_ACCEPTING;
    server->value = value_to_propose(s, server);
    gs_broadcast(s, SERVER,
                 &(struct paxos_message){.type = PAXOS_ACCEPT, .ballot = server->ballot, .value = server->value});
    if (accept(s, server, server->ballot, server->value))
        count_accept(s, server, gs_self(s), quorums);
}

static void count_promise(struct gs_step *s, struct paxos_server *server, gs_node acceptor,
                          struct paxos_accepted reported)
{
    const bool keeps_first = gs_mutant(s, PAXOS_ANY_ACCEPTED) && server->highest.ballot > 0;
    if (!keeps_first)
        paxos_keep_highest(&server->highest, reported);
    gs_poll_add(s, PAXOS_QUORUM_MUTANTS, &server->promises, acceptor);
}

static void look_for_quorum(struct gs_step *s, struct paxos_server *server, const struct paxos_quorums *quorums)
{
    if (gs_poll_reaches(s, PAXOS_QUORUM_MUTANTS, &server->promises, &quorums->phase1))
        begin_phase2(s, server, quorums);
}

/* PMS 2.2, phase 1(a): a proposer begins a ballot, at any time. What it has done in smaller ones it may forget. */
static bool on_propose(struct gs_step *s, struct paxos_server *server, const struct paxos_quorums *quorums)
{
    server->ballot = next_ballot(s, server);
    server->phase = PAXOS_PREPARING;
    server->promises = server->accepts = (struct gs_poll){0};
    server->highest = (struct paxos_accepted){0};
    server->value = 0;
    gs_set_timer(s, PAXOS_PROPOSE, 0);
    gs_announce(s, ANNOUNCED + GS_PROPOSED, &(struct gs_proposed){own_value(s)});
    gs_broadcast(s, SERVER, &(struct paxos_message){.type = PAXOS_PREPARE, .ballot = server->ballot});
    if (promise(s, server, server->ballot))
        count_promise(s, server, gs_self(s), server->accepted);
    if (gs_option(s, PAXOS_OWN_PROMISE))
        look_for_quorum(s, server, quorums);
    return true;
}

/* A promise that comes when a quorum has answered is too late: phase 2 has begun, with one value, once. */
static bool on_promise(struct gs_step *s, struct paxos_server *server, const struct gs_event *e,
                       const struct paxos_quorums *quorums)
{
    const struct paxos_message *m = e->message;
    const bool is_late = server->phase == PAXOS_ACCEPTING;
    if (m->ballot != server->ballot)
        return false;
    if (server->phase == PAXOS_PREPARING || (is_late && gs_mutant(s, PAXOS_PHASE2_RERUN))) {
        count_promise(s, server, e->from, m->accepted);
        look_for_quorum(s, server, quorums);
        return true;
    }
    if (is_late && gs_mutant(s, PAXOS_DECIDE_WRONG_VALUE)) {
        count_promise(s, server, e->from, m->accepted);
        server->value = value_to_propose(s, server);
        return true;
    }
    return false;
}

static bool on_accepted(struct gs_step *s, struct paxos_server *server, const struct gs_event *e,
                        const struct paxos_quorums *quorums)
{
    const struct paxos_message *m = e->message;
    if (m->ballot != server->ballot || server->phase != PAXOS_ACCEPTING)
        return false;
    count_accept(s, server, e->from, quorums);
    return true;
}

/* PMS 2.2: abandon the proposal. The next one's number is to be above the ballot heard of, so that one is remembered in
 * place of its own. */
static bool on_nack(struct paxos_server *server, const struct paxos_message *m)
{
    if (m->ballot != server->ballot || server->phase == PAXOS_IDLE || server->phase == PAXOS_DECIDED)
        return false;
    server->phase = PAXOS_IDLE;
    server->ballot = m->promised > server->ballot ? m->promised : server->ballot;
    server->promises = server->accepts = (struct gs_poll){0};
    server->highest = (struct paxos_accepted){0};
    server->value = 0;
    return true;
}

/* ---- The role ---------------------------------------------------------------------------------------------------- */

/* PMS 2.2, 2.5: an acceptor remembers its promise and what it has accepted in stable storage; a proposer that restarts
 * has forgotten what it was doing. */
static bool on_start(struct gs_step *s, struct paxos_server *server, const struct gs_event *e)
{
    gs_lose(s, server, losses, e);
    if (gs_node_rank(s, gs_self(s)) >= gs_option(s, PAXOS_PROPOSERS) || server->decided)
        return true;
    return gs_set_timer(s, PAXOS_PROPOSE, 0);
}

bool paxos_server_step(struct gs_step *s, struct paxos_server *server, const struct gs_event *e,
                       const struct paxos_quorums *quorums)
{
    const struct paxos_message *m = e->message;

    switch (e->type) {
    case GS_START:
        return on_start(s, server, e);
    case PAXOS_PROPOSE:
        return on_propose(s, server, quorums);
    case PAXOS_PREPARE:
        return on_prepare(s, server, e, m->ballot);
    case PAXOS_PROMISE:
        return on_promise(s, server, e, quorums);
    case PAXOS_ACCEPT:
        return on_accept(s, server, e);
    case PAXOS_ACCEPTED:
        return on_accepted(s, server, e, quorums);
    case PAXOS_NACK:
        return on_nack(server, m);
    case PAXOS_DECISION:
        return decide(s, server, m->value);
    }
    return gs_unhandled(s, e);
}

bool paxos_server_within(const struct gs_run *run, gs_node self, const void *state)
{
    (void)self;
    return paxos_round_of(run, ((const struct paxos_server *)state)->ballot) <= gs_option(run, PAXOS_ROUNDS);
}

/* ---- Properties -------------------------------------------------------------------------------------------------- */

bool paxos_is_stable(struct gs_view *v)
{
    const struct paxos_server *before = gs_before(v), *after = gs_this(v);
    if (before->decided == 0 || before->decided == after->decided)
        return true;
    return gs_explain(v, "%s had decided %u, and now has %u", gs_name(v, gs_this_node(v)), before->decided,
                      after->decided);
}

bool paxos_keeps_promises(struct gs_view *v)
{
    const struct paxos_server *before = gs_before(v), *after = gs_this(v);
    if (after->promised >= before->promised && after->accepted.ballot >= before->accepted.ballot)
        return true;
    return gs_explain(v, "%s had promised ballot %u and accepted in %u, and now has %u and %u",
                      gs_name(v, gs_this_node(v)), before->promised, before->accepted.ballot, after->promised,
                      after->accepted.ballot);
}

bool paxos_accepted_is_promised(struct gs_view *v)
{
    const struct paxos_server *server = gs_this(v);
    if (!gs_premise(v, server->accepted.ballot > 0) || server->accepted.ballot <= server->promised)
        return true;
    return gs_explain(v, "%s has accepted in ballot %u and promised only %u", gs_name(v, gs_this_node(v)),
                      server->accepted.ballot, server->promised);
}

bool paxos_has_decided(struct gs_view *v)
{
    return ((const struct paxos_server *)gs_this(v))->decided != 0;
}

static bool is_proposing(const struct paxos_server *server)
{
    return server->phase == PAXOS_PREPARING || server->phase == PAXOS_ACCEPTING;
}

bool paxos_two_ballots(struct gs_view *v)
{
    int proposing = 0;
    for (GS_EACH(node, gs_nodes(v, SERVER)))
        proposing += is_proposing(gs_state(v, node));
    return proposing >= 2;
}

bool paxos_promise_reports(struct gs_view *v)
{
    const struct paxos_message *m = gs_message(v);
    return m->type == PAXOS_PROMISE && m->accepted.ballot > 0;
}

bool paxos_adopts(struct gs_view *v)
{
    const struct paxos_server *after = gs_this(v);
    return after->phase >= PAXOS_ACCEPTING && after->value != gs_node_rank(v, gs_this_node(v)) + 1;
}

bool paxos_refuses(struct gs_view *v)
{
    return ((const struct paxos_message *)gs_message(v))->type == PAXOS_NACK;
}

bool paxos_overwrites(struct gs_view *v)
{
    const struct paxos_server *before = gs_before(v), *after = gs_this(v);
    return before->accepted.value != 0 && after->accepted.value != 0 && before->accepted.value != after->accepted.value;
}

/* PMS 2.4: two proposers can go on so for ever, each with a ballot above the other's, and nothing is ever chosen. */
bool paxos_duels(struct gs_view *v)
{
    int again = 0;
    for (GS_EACH(node, gs_nodes(v, SERVER))) {
        const struct paxos_server *server = gs_state(v, node);
        if (server->accepted.ballot > 0)
            return false;
        again += paxos_round_of(GS_RUN(v), server->ballot) >= 2;
    }
    return again >= 2;
}

static int proposers(const struct gs_run *run)
{
    const int servers = gs_count(run, SERVER), wanted = (int)gs_option(run, PAXOS_PROPOSERS);
    return wanted < servers ? wanted : servers;
}

const char *paxos_refuses_options(const struct gs_run *run)
{
    _Static_assert(GS_CONSENSUS_VOTES_MAX == 96, "the line below says how many there are");
    if (proposers(run) * gs_option(run, PAXOS_ROUNDS) > GS_CONSENSUS_VOTES_MAX)
        return "there are more than 96 ballots, proposers * rounds: choose fewer of one";
    if (gs_option(run, PAXOS_OWN_PROMISE) == 0 && gs_count(run, SERVER) == 1)
        return "with own-promise=0 a single server waits for others' promises for ever: choose more servers";
    return NULL;
}

static bool has_timeouts(const struct gs_run *run, int64_t wanted)
{
    const int64_t timeouts = gs_budget(run, GS_TIMEOUT);
    return timeouts < 0 || timeouts >= wanted;
}

bool paxos_grants_ballot(const struct gs_run *run)
{
    return has_timeouts(run, 1);
}

bool paxos_grants_two_ballots(const struct gs_run *run)
{
    return proposers(run) >= 2 && has_timeouts(run, 2);
}

bool paxos_grants_nacks(const struct gs_run *run)
{
    return paxos_grants_two_ballots(run) && gs_option(run, PAXOS_NACKS);
}

bool paxos_grants_duels(const struct gs_run *run)
{
    return paxos_grants_two_ballots(run) && gs_option(run, PAXOS_ROUNDS) >= 2 && has_timeouts(run, 3);
}

static bool can_do_without(const struct gs_run *run, const struct gs_quorums *quorums, int place)
{
    const gs_node_set all = gs_nodes(run, SERVER);
    return gs_is_quorum(run, quorums, gs_set_without(all, gs_node_at(run, SERVER, place)));
}

/* The first proposer's ballots are the smallest of their round: a later one's meets its votes. */
bool paxos_grants_second_ballot(const struct gs_run *run, const struct gs_quorums *phase1)
{
    bool grants = gs_option(run, PAXOS_ROUNDS) >= 2;
    for (int place = 1; place < proposers(run); place++)
        grants = grants || can_do_without(run, phase1, place);
    return grants && paxos_grants_two_ballots(run);
}

bool paxos_grants_overwriting(const struct gs_run *run, const struct gs_quorums *phase1)
{
    bool grants = false;
    for (int place = 0; place < gs_count(run, SERVER); place++)
        grants = grants || can_do_without(run, phase1, place);
    return grants && paxos_grants_second_ballot(run, phase1);
}

/* ---- The model --------------------------------------------------------------------------------------------------- */

GS_CONSENSUS_HISTORY(history, ANNOUNCED)

static bool server_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    const struct paxos_quorums majorities = {gs_majorities(SERVER), gs_majorities(SERVER)};
    return paxos_server_step(s, self, e, &majorities);
}

static bool one_chosen(struct gs_view *v)
{
    const struct gs_quorums majorities = gs_majorities(SERVER);
    return gs_one_chosen(v, &majorities);
}

static bool decisions_are_chosen(struct gs_view *v)
{
    const struct gs_quorums majorities = gs_majorities(SERVER);
    return gs_decisions_are_chosen(v, &majorities);
}

static bool votes_are_safe(struct gs_view *v)
{
    const struct gs_quorums majorities = gs_majorities(SERVER);
    return gs_votes_are_safe(v, &majorities);
}

static bool grants_second_ballot(const struct gs_run *run)
{
    const struct gs_quorums majorities = gs_majorities(SERVER);
    return paxos_grants_second_ballot(run, &majorities);
}

static bool grants_overwriting(const struct gs_run *run)
{
    const struct gs_quorums majorities = gs_majorities(SERVER);
    return paxos_grants_overwriting(run, &majorities);
}

const struct gs_model paxos = {
    .name = "paxos",
    .title = "single-decree Paxos: servers agree on one value",
    .source = "Lamport, The Part-Time Parliament (1998), section 2.3, and Paxos Made Simple (2001)",
    .message_size = sizeof(struct paxos_message),
    .message_fields = paxos_message_fields,
    .network = GS_BAG,
    .roles = {PAXOS_ROLE_TABLE(server_step)},
    .events = {PAXOS_EVENT_TABLE},
    .options = {PAXOS_OPTION_TABLE(3)},
    .presets =
        {
            {.name = "quick",
             .meaning = "3 servers, 2 of them propose, 1 round, with refusals and learning",
             .settings = {"nacks=1", "learning=1"}},
            {.name = "full",
             .meaning = "3 servers, 2 of them propose, 2 rounds, one server reboots",
             .settings = {"rounds=2"},
             .budgets = {.reboots = 1}},
            {.name = "one-round", .meaning = "3 servers, 2 of them propose, 1 round", .settings = {"rounds=1"}},
            {.name = "two-rounds",
             .meaning = "3 servers, 2 of them propose, 2 rounds; 3 timeouts in all",
             .settings = {"rounds=2"},
             .budgets = {.timeouts = 3}},
            {.name = "four-servers", .meaning = "4 servers, 2 of them propose, 1 round", .settings = {"servers=4"}},
            {.name = "reboot",
             .meaning = "3 servers, 2 of them propose, 1 round, one server reboots",
             .settings = {"rounds=1"},
             .budgets = {.reboots = 1}},
            {.name = "duplicate",
             .meaning = "3 servers, 2 of them propose, 1 round, one message comes twice",
             .settings = {"rounds=1"},
             .budgets = {.duplicates = 1}},
            {.name = "five-servers",
             .meaning = "for random runs: 5 servers, 3 of them propose, 4 rounds, refusals, learning, 2 reboots",
             .settings = {"servers=5", "proposers=3", "rounds=4", "nacks=1", "learning=1"},
             .budgets = {.reboots = 2}},
        },
    .mutants = {PAXOS_MUTANT_TABLE},
    .announcements = {GS_CONSENSUS_ANNOUNCEMENTS(ANNOUNCED)},
    .monitors = {[PAXOS_HISTORY] = GS_CONSENSUS_MONITOR(history)},
    .properties = {GS_ONE_CHOSEN(PAXOS_HISTORY, one_chosen),
                   GS_DECISIONS_ARE_CHOSEN(PAXOS_HISTORY, decisions_are_chosen),
                   GS_VOTES_ARE_SAFE(PAXOS_HISTORY, votes_are_safe),
                   PAXOS_PROPERTY_TABLE(grants_second_ballot, grants_overwriting)},
    .refuses = paxos_refuses_options,
};
