/* Multi-Paxos with a stable leader: the multi-decree parliament of Lamport, "The Part-Time Parliament" (1998), section
 * 3, and "Paxos Made Simple" (2001), section 3, cited as PMS; what those leave open as in Kirsch and Amir, "Paxos for
 * System Builders" (2008), Chandra, Griesemer and Redstone, "Paxos Made Live" (2007), cited as PML, and van Renesse and
 * Altinbuken, "Paxos Made Moderately Complex" (2015), cited as PMMC. Phase 1 is run once for all slots; while the
 * leader is stable, a request takes one round trip. Ballots, quorums and the choice of a value are those of paxos.h.
 * Leases and failure detection are not timed: a server's timer may fire at any moment, up to `round <= rounds`. There
 * is no snapshot, no change of the members, and a client does not ask again. */
#include "protocols/multi_paxos.h"
#include "properties/log_machine.h"

enum { SERVER = MULTI_PAXOS_SERVER, ANNOUNCED = MULTI_PAXOS_ANNOUNCED };
enum { FOLLOWER = MULTI_PAXOS_FOLLOWER, PREPARING = MULTI_PAXOS_PREPARING, LEADING = MULTI_PAXOS_LEADING };
enum { LOG = MULTI_PAXOS_LOG, NO_OP = 0 };
enum {
    PREPARE = MULTI_PAXOS_PREPARE,
    PROMISE = MULTI_PAXOS_PROMISE,
    ACCEPT = MULTI_PAXOS_ACCEPT,
    ACCEPTED = MULTI_PAXOS_ACCEPTED,
    HEARTBEAT = MULTI_PAXOS_HEARTBEAT,
    CATCH_UP = MULTI_PAXOS_CATCH_UP,
    COMMIT = MULTI_PAXOS_COMMIT,
    FORWARD = MULTI_PAXOS_FORWARD,
    LEAD = MULTI_PAXOS_LEAD,
    BEAT = MULTI_PAXOS_BEAT,
    REQUEST = MULTI_PAXOS_REQUEST
};
enum {
    LEADERS = MULTI_PAXOS_LEADERS,
    CLIENTS = MULTI_PAXOS_CLIENTS,
    REQUESTS = MULTI_PAXOS_REQUESTS,
    WINDOW = MULTI_PAXOS_WINDOW,
    HEARTBEATS = MULTI_PAXOS_HEARTBEATS,
    PHASE1_SIZE = MULTI_PAXOS_PHASE1_SIZE,
    PHASE2_SIZE = MULTI_PAXOS_PHASE2_SIZE
};
enum {
    QUORUM_MUTANTS = MULTI_PAXOS_QUORUM_MUTANTS,
    NO_ADOPT = MULTI_PAXOS_NO_ADOPT,
    GAP_COMMIT = MULTI_PAXOS_GAP_COMMIT,
    COMMIT_BY_INDEX = MULTI_PAXOS_COMMIT_BY_INDEX,
    ACK_ANY_BALLOT = MULTI_PAXOS_ACK_ANY_BALLOT,
    SLOT_APPEND = MULTI_PAXOS_SLOT_APPEND,
    TRUNCATE_ON_ACCEPT = MULTI_PAXOS_TRUNCATE_ON_ACCEPT,
    PROMISED_NOT_DURABLE = MULTI_PAXOS_PROMISED_NOT_DURABLE,
    ACCEPTED_NOT_DURABLE = MULTI_PAXOS_ACCEPTED_NOT_DURABLE,
    CHOSEN_NOT_DURABLE = MULTI_PAXOS_CHOSEN_NOT_DURABLE,
    TAKE_TWICE = MULTI_PAXOS_TAKE_TWICE,
    KEEP_LEADING = MULTI_PAXOS_KEEP_LEADING,
    SELF_HEARTBEAT = MULTI_PAXOS_SELF_HEARTBEAT,
    NO_GAP_FILL = MULTI_PAXOS_NO_GAP_FILL
};

const char *const multi_paxos_phase_names[3] = {"follower", "preparing", "leading"};

const struct gs_field multi_paxos_chosen_fields[] = {
    GS_FIELD(struct multi_paxos_chosen, is_known),
    GS_FIELD(struct multi_paxos_chosen, value),
    GS_FIELDS_END,
};

static const struct gs_loss losses[] = {
    GS_LOSS(PROMISED_NOT_DURABLE, struct multi_paxos_server, promised),
    GS_LOSS(ACCEPTED_NOT_DURABLE, struct multi_paxos_server, accepted),
    GS_LOSS(ACCEPTED_NOT_DURABLE, struct multi_paxos_server, accepted_length),
    GS_LOSS(CHOSEN_NOT_DURABLE, struct multi_paxos_server, chosen),
    GS_LOSS(CHOSEN_NOT_DURABLE, struct multi_paxos_server, chosen_length),
    GS_LOSSES_END,
};

/* Of Paxos, or flexible ones: Howard, Malkhi and Spiegelman (2016), section 5. */
struct gs_quorums multi_paxos_quorums(const struct gs_run *run, int option)
{
    return gs_quorums_of_size(SERVER, (int)gs_option(run, option));
}

const char *multi_paxos_refuses_options(const struct gs_run *run)
{
    const int servers = gs_count(run, SERVER);
    return gs_option(run, PHASE1_SIZE) > servers || gs_option(run, PHASE2_SIZE) > servers
               ? "a quorum cannot have more servers than there are: make phase1-size and phase2-size at most servers"
               : NULL;
}

static int quorum_mutants(struct gs_step *s)
{
    return gs_log_machine_of(s) ? GS_NO_QUORUM_MUTANTS : (int)QUORUM_MUTANTS;
}

static bool reaches(struct gs_step *s, const struct gs_poll *poll, int option)
{
    const struct gs_quorums quorums = multi_paxos_quorums(gs_step_run(s), option);
    return gs_poll_reaches(s, quorum_mutants(s), poll, &quorums);
}

static bool send(struct gs_step *s, gs_node to, const struct multi_paxos_message *message)
{
    return gs_log_send(s, to, message, sizeof(*message));
}

static bool broadcast(struct gs_step *s, const struct multi_paxos_message *message)
{
    return gs_log_broadcast(s, SERVER, message, sizeof(*message));
}

/* A log as a list becomes as long as the slot. */
static void reach(uint8_t *length, uint8_t slot)
{
    *length = slot > *length ? slot : *length;
}

/* ---- The log: what is known to be chosen ------------------------------------------------------------------------- */

/* PMS 3: commands are executed in order, so up to the first slot whose value is not known. */
uint8_t multi_paxos_commit(const struct multi_paxos_server *server)
{
    uint8_t slot = 0;
    while (slot < LOG && server->chosen[slot].is_known)
        slot++;
    return slot;
}

static bool learn(struct gs_step *s, struct multi_paxos_server *server, uint8_t slot, uint8_t value)
{
    struct multi_paxos_chosen *chosen = &server->chosen[slot - 1];
    if (chosen->is_known)
        return false;
    *chosen = (struct multi_paxos_chosen){true, value};
    reach(&server->chosen_length, slot);
    gs_announce(s, ANNOUNCED + GS_DECIDED, &(struct gs_decided){slot, value});
    gs_log_committed(s, server);
    return true;
}

/* ---- Acceptors --------------------------------------------------------------------------------------------------- */

/* A server that promises a ballot which is not its own leads no more: PML 3.1, old coordinators are rejected. */
static void step_down(struct gs_step *s, struct multi_paxos_server *server)
{
    if (server->phase == LEADING)
        gs_log_deposed(s, server);
    server->phase = FOLLOWER;
    server->promises = (struct gs_poll){0};
    gs_truncate(server->highest, &server->highest_length, 0);
    gs_truncate(server->accepts, &server->last, 0);
    gs_cancel_timer(s, BEAT, 0);
    if (gs_node_rank(s, gs_self(s)) < gs_option(s, LEADERS))
        gs_set_timer(s, LEAD, 0);
}

/* PMS 2.2, phase 1(b) and 2(b), P1a, for all slots at once: nothing below is accepted any more. Is the ballot promised?
 */
bool multi_paxos_promise(struct gs_step *s, struct multi_paxos_server *server, uint8_t ballot)
{
    if (ballot <= server->promised)
        return ballot == server->promised;
    server->promised = ballot;
    if (ballot != server->ballot && server->phase != FOLLOWER && !gs_log_mutant(s, KEEP_LEADING))
        step_down(s, server);
    return gs_announce(s, ANNOUNCED + GS_PROMISED, &(struct gs_promised){ballot});
}

static void vote(struct gs_step *s, struct multi_paxos_server *server, uint8_t slot, struct paxos_accepted proposal)
{
    if (gs_log_mutant(s, SLOT_APPEND) && slot > server->accepted_length)
        slot = (uint8_t)(server->accepted_length + 1);
    if (gs_log_mutant(s, TRUNCATE_ON_ACCEPT) && slot < server->accepted_length)
        gs_truncate(server->accepted, &server->accepted_length, slot);
    server->accepted[slot - 1] = proposal;
    reach(&server->accepted_length, slot);
    gs_announce(s, ANNOUNCED + GS_VOTED, &(struct gs_voted){slot, proposal.ballot, proposal.value});
}

/* PMS 3: the answer reports what is accepted in all slots that the leader does not know to be chosen. */
static bool on_prepare(struct gs_step *s, struct multi_paxos_server *server, const struct gs_event *e)
{
    const struct multi_paxos_message *m = e->message;
    struct multi_paxos_message answer = {.type = PROMISE, .ballot = m->ballot};
    if (m->ballot <= server->promised)
        return false;
    multi_paxos_promise(s, server, m->ballot);
    for (uint8_t slot = m->slot; slot <= server->accepted_length; slot++)
        answer.log[slot - 1] = server->accepted[slot - 1];
    answer.log_length = server->accepted_length < m->slot ? 0 : server->accepted_length;
    return send(s, e->from, &answer);
}

/* PMS 2.2, phase 2(b). Other slots are as they were. */
static bool on_accept(struct gs_step *s, struct multi_paxos_server *server, const struct gs_event *e)
{
    const struct multi_paxos_message *m = e->message;
    if (!multi_paxos_promise(s, server, m->ballot))
        return false;
    vote(s, server, m->slot, (struct paxos_accepted){m->ballot, m->value});
    return send(s, e->from, &(struct multi_paxos_message){.type = ACCEPTED, .ballot = m->ballot, .slot = m->slot});
}

/* ---- The leader: phase 2 ----------------------------------------------------------------------------------------- */

/* PMS 2.3: chosen when a quorum has accepted it, in one ballot: the leader's. */
static void count_accept(struct gs_step *s, struct multi_paxos_server *server, uint8_t slot, gs_node acceptor)
{
    struct gs_poll *accepts = &server->accepts[slot - 1];
    gs_poll_add(s, quorum_mutants(s), accepts, acceptor);
    if (!reaches(s, accepts, PHASE2_SIZE))
        return;
    for (uint8_t below = 1; below < slot && gs_log_mutant(s, GAP_COMMIT); below++)
        learn(s, server, below, server->accepted[below - 1].value);
    learn(s, server, slot, server->accepted[slot - 1].value);
}

/* PMS 2.2, phase 2(a). A leader accepts its own proposals: it has promised its ballot, and leads for no longer. */
void multi_paxos_propose(struct gs_step *s, struct multi_paxos_server *server, uint8_t slot, uint8_t value)
{
    reach(&server->last, slot);
    broadcast(s, &(struct multi_paxos_message){.type = ACCEPT, .ballot = server->ballot, .slot = slot, .value = value});
    vote(s, server, slot, (struct paxos_accepted){server->ballot, value});
    count_accept(s, server, slot, gs_self(s));
}

static bool on_accepted(struct gs_step *s, struct multi_paxos_server *server, const struct gs_event *e)
{
    const struct multi_paxos_message *m = e->message;
    const bool is_own = m->ballot == server->ballot || gs_log_mutant(s, ACK_ANY_BALLOT);
    if (server->phase != LEADING || !is_own || m->slot > server->last)
        return false;
    count_accept(s, server, m->slot, e->from);
    return true;
}

/* ---- Candidates: phase 1 ----------------------------------------------------------------------------------------- */

/* PMS 3, and pmax in PMMC: what may be chosen already is proposed again, and no-ops fill the gaps between, so that the
 * slots behind them can be executed. New requests come behind all of these. */
static void lead(struct gs_step *s, struct multi_paxos_server *server)
{
    const uint8_t commit = multi_paxos_commit(server),
                  reported = gs_log_mutant(s, NO_ADOPT) ? 0 : server->highest_length;
    struct paxos_accepted highest[LOG];
    for (int i = 0; i < LOG; i++)
        highest[i] = server->highest[i];
    server->phase = LEADING;
    server->promises = (struct gs_poll){0};
    gs_truncate(server->highest, &server->highest_length, 0);
    reach(&server->last, commit);
    gs_cancel_timer(s, LEAD, 0);
    if (gs_option(s, HEARTBEATS))
        gs_set_timer(s, BEAT, 0);
    for (uint8_t slot = (uint8_t)(commit + 1); slot <= reported; slot++)
        if (highest[slot - 1].ballot > 0)
            multi_paxos_propose(s, server, slot, highest[slot - 1].value);
        else if (!gs_log_mutant(s, NO_GAP_FILL))
            multi_paxos_propose(s, server, slot, NO_OP);
}

static void count_promise(struct gs_step *s, struct multi_paxos_server *server, gs_node acceptor,
                          const struct paxos_accepted *reported, uint8_t length)
{
    for (int i = 0; i < length; i++)
        paxos_keep_highest(&server->highest[i], reported[i]);
    reach(&server->highest_length, length);
    gs_poll_add(s, quorum_mutants(s), &server->promises, acceptor);
    if (reaches(s, &server->promises, PHASE1_SIZE))
        lead(s, server);
}

/* PMS 3: phase 1 of all slots that are not known to be chosen, in one message. */
static bool on_lead(struct gs_step *s, struct multi_paxos_server *server)
{
    const uint8_t seen = server->promised > server->ballot ? server->promised : server->ballot;
    const uint8_t commit = multi_paxos_commit(server);
    struct paxos_accepted own[LOG] = {{0}};
    step_down(s, server); /* from an earlier ballot; sets the timer to try again */
    server->ballot = paxos_ballot_above(gs_step_run(s), seen, gs_node_rank(s, gs_self(s)));
    server->phase = PREPARING;
    multi_paxos_promise(s, server, server->ballot);
    broadcast(s,
              &(struct multi_paxos_message){.type = PREPARE, .ballot = server->ballot, .slot = (uint8_t)(commit + 1)});
    for (int i = commit; i < server->accepted_length; i++)
        own[i] = server->accepted[i];
    count_promise(s, server, gs_self(s), own, server->accepted_length > commit ? server->accepted_length : 0);
    return true;
}

/* Once a quorum has answered, phase 2 has begun: a later promise is of no use. */
static bool on_promise(struct gs_step *s, struct multi_paxos_server *server, const struct gs_event *e)
{
    const struct multi_paxos_message *m = e->message;
    if (server->phase != PREPARING || m->ballot != server->ballot)
        return false;
    count_promise(s, server, e->from, m->log, m->log_length);
    return true;
}

/* ---- Requests ---------------------------------------------------------------------------------------------------- */

/* PMS 3: up to `window` slots may be under way. */
bool multi_paxos_has_room(struct gs_step *s, const struct multi_paxos_server *server)
{
    return server->last < LOG && server->last - multi_paxos_commit(server) < gs_option(s, WINDOW);
}

static bool is_in_log(const struct multi_paxos_server *server, uint8_t value)
{
    for (int i = 0; i < LOG; i++)
        if ((server->accepted[i].ballot > 0 && server->accepted[i].value == value) ||
            (server->chosen[i].is_known && server->chosen[i].value == value))
            return true;
    return false;
}

/* A client asks its server. Who does not lead passes it on to whoever it takes for the leader: the owner of the largest
 * ballot it knows, since PMS 3 has clients send to the leader. Without one, or while it is to lead itself, the request
 * waits. */
static bool on_request(struct gs_step *s, struct multi_paxos_server *server)
{
    const int servers = gs_count(s, SERVER), place = gs_node_rank(s, gs_self(s));
    const uint8_t value = (uint8_t)(place * gs_option(s, REQUESTS) + server->requested + 1);
    const gs_node leader = gs_node_at(s, SERVER, server->promised % servers);
    const bool leads = server->phase == LEADING;
    if (server->requested >= gs_option(s, REQUESTS) || place >= gs_option(s, CLIENTS) || server->promised == 0)
        return false;
    if (leads ? !multi_paxos_has_room(s, server) : gs_same(leader, gs_self(s)))
        return false;
    server->requested++;
    gs_announce(s, ANNOUNCED + GS_PROPOSED, &(struct gs_proposed){value});
    if (!leads)
        return send(s, leader, &(struct multi_paxos_message){.type = FORWARD, .value = value});
    multi_paxos_propose(s, server, (uint8_t)(server->last + 1), value);
    return true;
}

/* A request that finds no leader, or no room, is lost; one that is in the log already is not taken again. */
static bool on_forward(struct gs_step *s, struct multi_paxos_server *server, const struct multi_paxos_message *m)
{
    const bool is_again = is_in_log(server, m->value) && !gs_log_mutant(s, TAKE_TWICE);
    if (server->phase != LEADING || is_again || !multi_paxos_has_room(s, server))
        return false;
    multi_paxos_propose(s, server, (uint8_t)(server->last + 1), m->value);
    return true;
}

/* ---- Learners ---------------------------------------------------------------------------------------------------- */

/* PMS 2.3: the leader tells how far the log is chosen. It ignores its own heartbeat: it does not send it one.
 */
static bool on_beat(struct gs_step *s, struct multi_paxos_server *server)
{
    gs_set_timer(s, BEAT, 0);
    broadcast(s, &(struct multi_paxos_message){
                     .type = HEARTBEAT, .ballot = server->ballot, .slot = multi_paxos_commit(server)});
    if (gs_log_mutant(s, SELF_HEARTBEAT))
        step_down(s, server);
    return true;
}

/* What a follower has accepted in the leader's ballot is what the leader proposed there, so if the slot is chosen, then
 * it. What it has accepted in another ballot need not be: it asks. */
static bool on_heartbeat(struct gs_step *s, struct multi_paxos_server *server, const struct gs_event *e)
{
    const struct multi_paxos_message *m = e->message;
    const bool was_promised = server->promised >= m->ballot;
    bool learnt = !was_promised;
    if (!multi_paxos_promise(s, server, m->ballot))
        return false;
    for (uint8_t slot = 1; slot <= m->slot; slot++) {
        const struct paxos_accepted *accepted = &server->accepted[slot - 1];
        if (accepted->ballot == m->ballot || (accepted->ballot > 0 && gs_log_mutant(s, COMMIT_BY_INDEX)))
            learnt = learn(s, server, slot, accepted->value) || learnt;
    }
    if (multi_paxos_commit(server) >= m->slot)
        return learnt;
    return send(s, e->from,
                &(struct multi_paxos_message){.type = CATCH_UP, .slot = (uint8_t)(multi_paxos_commit(server) + 1)});
}

/* Kirsch and Amir, reconciliation: whoever knows what is chosen can tell, leader or not. */
static bool on_catch_up(struct gs_step *s, const struct multi_paxos_server *server, const struct gs_event *e)
{
    const struct multi_paxos_message *m = e->message;
    const uint8_t commit = multi_paxos_commit(server);
    for (uint8_t slot = m->slot; slot <= commit; slot++)
        send(s, e->from,
             &(struct multi_paxos_message){.type = COMMIT, .slot = slot, .value = server->chosen[slot - 1].value});
    return m->slot <= commit;
}

/* ---- The role ---------------------------------------------------------------------------------------------------- */

/* PMS 2.5: promises and what is accepted are in stable storage; so is, here, what is known to be chosen. */
static bool on_start(struct gs_step *s, struct multi_paxos_server *server, const struct gs_event *e)
{
    if (!gs_log_machine_of(s))
        gs_lose(s, server, losses, e);
    return gs_node_rank(s, gs_self(s)) >= gs_option(s, LEADERS) || gs_set_timer(s, LEAD, 0);
}

bool multi_paxos_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct multi_paxos_server *server = self;
    const struct multi_paxos_message *m = e->message;

    switch (e->type) {
    case GS_START:
        return on_start(s, server, e);
    case PREPARE:
        return on_prepare(s, server, e);
    case PROMISE:
        return on_promise(s, server, e);
    case ACCEPT:
        return on_accept(s, server, e);
    case ACCEPTED:
        return on_accepted(s, server, e);
    case HEARTBEAT:
        return on_heartbeat(s, server, e);
    case CATCH_UP:
        return on_catch_up(s, server, e);
    case COMMIT:
        return learn(s, server, m->slot, m->value);
    case FORWARD:
        return on_forward(s, server, m);
    case LEAD:
        return on_lead(s, server);
    case BEAT:
        return on_beat(s, server);
    case REQUEST:
        return on_request(s, server);
    }
    return gs_unhandled(s, e);
}

bool multi_paxos_within(const struct gs_run *run, gs_node self, const void *state)
{
    const struct multi_paxos_server *server = state;
    (void)self;
    return paxos_round_of(run, server->ballot) <= gs_option(run, MULTI_PAXOS_ROUNDS) &&
           server->last <= gs_option(run, MULTI_PAXOS_SLOTS);
}
