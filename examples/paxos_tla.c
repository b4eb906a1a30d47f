/* Paxos as specified in TLA+ by Lamport for "How to Win a Turing Award" (the TLA+ examples' PaxosHowToWinATuringAward),
 * action by action: one node is the whole system, its local events are the specification's actions, and its state is
 * the specification's variables. Nothing is sent. So its states can be counted against TLC's: 3,921 with ballots 0..1
 * (MCPaxosTiny: 3 acceptors, 2 values, quorums of 2). */
#include "core/gainsay.h"

enum { SYSTEM };                                     /* roles */
enum { PHASE1A, PHASE1B, PHASE2A, PHASE2B, FORGET }; /* local events */
enum { BALLOTS };                                    /* options */
enum { ACCEPTORS = 3, BALLOTS_MAX = 3, VALUES = 2, NONE = 0 };
enum { FORGETS_ALL, FORGETS_PROMISE, ACCEPTS_ABOVE_VOTE, HIDES_VOTE, ANY_VALUE };

/* Ballots and values are kept plus one; 0 stands for the specification's -1 and None. Sets of messages are bits. */
struct system {
    uint8_t max_bal[ACCEPTORS], max_vbal[ACCEPTORS], max_val[ACCEPTORS];
    uint8_t sent_1a;                          /* bit b: ballot b */
    uint8_t sent_2a[BALLOTS_MAX];             /* by ballot, bit v: value v */
    uint8_t sent_1b[ACCEPTORS * BALLOTS_MAX]; /* by acceptor and ballot, bit r: report r, see report() */
    uint8_t sent_2b[ACCEPTORS * BALLOTS_MAX]; /* by acceptor and ballot, bit v: value v */
    uint8_t forgotten;                        /* 1: a mutant has forgotten what it may forget once */
};

static const struct gs_field system_fields[] = {
    GS_FIELD(struct system, max_bal), GS_FIELD(struct system, max_vbal),  GS_FIELD(struct system, max_val),
    GS_FIELD(struct system, sent_1a), GS_FIELD(struct system, sent_2a),   GS_FIELD(struct system, sent_1b),
    GS_FIELD(struct system, sent_2b), GS_FIELD(struct system, forgotten), GS_FIELDS_END,
};

/* A 1b message's mbal and mval in one number: 0 for none, so greater is a greater mbal. */
static int report(int max_vbal, int max_val)
{
    return max_vbal == NONE ? 0 : 1 + (max_vbal - 1) * VALUES + (max_val - 1);
}

static int value_of(int r)
{
    return (r - 1) % VALUES;
}

static int ballot_of(int r)
{
    return (r - 1) / VALUES;
}

static bool add(uint8_t *set, int member)
{
    const bool is_new = !(*set >> member & 1);
    *set = (uint8_t)(*set | 1u << member);
    return is_new;
}

/* Phase1b(a): a 1a message with a ballot above maxBal[a]. */
static bool phase1b(struct gs_step *s, struct system *y, int a, int b)
{
    if (!(y->sent_1a >> b & 1) || b + 1 <= y->max_bal[a])
        return false;
    y->max_bal[a] = (uint8_t)(b + 1);
    add(&y->sent_1b[a * BALLOTS_MAX + b], gs_mutant(s, HIDES_VOTE) ? 0 : report(y->max_vbal[a], y->max_val[a]));
    return true;
}

/* Whether a 2a message for value v is allowed by these reports, a set of bits: those of Q1bv. */
static bool allows(struct gs_step *s, unsigned reports, int v)
{
    int highest = 0;
    bool reported = false;
    for (int r = 1; r <= BALLOTS_MAX * VALUES; r++)
        if (reports >> r & 1u) {
            highest = ballot_of(r);
            reported = reported || value_of(r) == v;
        }
    const bool is_free = reports >> 1 == 0;
    const bool is_highest = reports >> report(highest + 1, v + 1) & 1u;
    return is_free || (gs_mutant(s, ANY_VALUE) ? reported : is_highest);
}

/* Phase2a(b, v): no 2a message of the ballot yet, and a quorum (any two acceptors) whose 1b messages allow v. */
static bool phase2a(struct gs_step *s, struct system *y, int b, int v)
{
    bool allowed = false;
    for (int without = 0; without < ACCEPTORS; without++) {
        unsigned reports = 0;
        bool answered = true;
        for (int a = 0; a < ACCEPTORS; a++) {
            reports |= a == without ? 0u : y->sent_1b[a * BALLOTS_MAX + b];
            answered = answered && (a == without || y->sent_1b[a * BALLOTS_MAX + b]);
        }
        allowed = allowed || (answered && allows(s, reports, v));
    }
    return y->sent_2a[b] == 0 && allowed && add(&y->sent_2a[b], v);
}

/* Phase2b(a): a 2a message with a ballot of at least maxBal[a]. */
static bool phase2b(struct gs_step *s, struct system *y, int a, int b)
{
    const int least = gs_mutant(s, ACCEPTS_ABOVE_VOTE) ? y->max_vbal[a] : y->max_bal[a];
    const int v = y->sent_2a[b] >> 1; /* the only one of values 0 and 1 */
    if (y->sent_2a[b] == 0 || b + 1 < least)
        return false;
    y->max_bal[a] = y->max_vbal[a] = (uint8_t)(b + 1);
    y->max_val[a] = (uint8_t)(v + 1);
    add(&y->sent_2b[a * BALLOTS_MAX + b], v);
    return true;
}

static bool forget(struct gs_step *s, struct system *y, int a)
{
    if (y->forgotten || y->max_bal[a] == NONE || !(gs_mutant(s, FORGETS_ALL) || gs_mutant(s, FORGETS_PROMISE)))
        return false;
    y->forgotten = 1;
    y->max_bal[a] = NONE;
    if (gs_mutant(s, FORGETS_ALL))
        y->max_vbal[a] = y->max_val[a] = NONE;
    return true;
}

static bool system_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    const int first = (int)e->arguments[0], second = (int)e->arguments[1];

    switch (e->type) {
    case PHASE1A:
        return add(&((struct system *)self)->sent_1a, first);
    case PHASE1B:
        return phase1b(s, self, first, second);
    case PHASE2A:
        return phase2a(s, self, first, second);
    case PHASE2B:
        return phase2b(s, self, first, second);
    case FORGET:
        return forget(s, self, first);
    }
    return gs_unhandled(s, e);
}

static int votes(const struct system *y, int b, int v)
{
    int count = 0;
    for (int a = 0; a < ACCEPTORS; a++)
        count += y->sent_2b[a * BALLOTS_MAX + b] >> v & 1;
    return count;
}

static bool is_chosen(const struct system *y, int v)
{
    for (int b = 0; b < BALLOTS_MAX; b++)
        if (votes(y, b, v) >= 2)
            return true;
    return false;
}

static bool consistent(struct gs_view *v)
{
    const struct system *y = gs_this(v);
    gs_premise(v, is_chosen(y, 0));
    return !(is_chosen(y, 0) && is_chosen(y, 1)) || gs_explain(v, "both values are chosen");
}

static bool chosen(struct gs_view *v)
{
    return is_chosen(gs_this(v), 1);
}

#define ACCEPTOR                                                   \
    {                                                              \
        .name = "acceptor", .kind = GS_RANGE, .max = ACCEPTORS - 1 \
    }
#define BALLOT                                                        \
    {                                                                 \
        .name = "ballot", .kind = GS_RANGE, .max_option = BALLOTS + 1 \
    }
#define ACTION(action, ...)                                                            \
    {                                                                                  \
        .name = action, .kind = GS_LOCAL, .role = SYSTEM, .arguments = { __VA_ARGS__ } \
    }
#define MUTANT(mutant_name, in_preset, breaks)                                                \
    {                                                                                         \
        .name = mutant_name, .meaning = breaks, .property = "consistent", .preset = in_preset \
    }

static const struct gs_model paxos_tla = {
    .name = "paxos-tla",
    .title = "Lamport's TLA+ specification of Paxos, as one node",
    .source = "the TLA+ examples' PaxosHowToWinATuringAward: Paxos.tla",
    .roles =
        {{.name = "system", .size = sizeof(struct system), .fields = system_fields, .step = system_step, .count = 1}},
    .events =
        {
            [PHASE1A] = ACTION("phase1a", BALLOT),
            [PHASE1B] = ACTION("phase1b", ACCEPTOR, BALLOT),
            [PHASE2A] = ACTION("phase2a", BALLOT, {.name = "value", .kind = GS_RANGE, .max = VALUES - 1}),
            [PHASE2B] = ACTION("phase2b", ACCEPTOR, BALLOT),
            [FORGET] = ACTION("forget", ACCEPTOR),
        },
    .options = {[BALLOTS] = {"ballots", "the largest ballot; the smallest is 0", 1, 0, BALLOTS_MAX - 1, NULL}},
    .presets = {{.name = "quick", .meaning = "ballots 0 and 1", .settings = {"ballots=1"}},
                {.name = "three-ballots", .meaning = "ballots 0 to 2", .settings = {"ballots=2"}}},
    .mutants =
        {
            [FORGETS_ALL] = MUTANT("forgets-all", "quick", "an acceptor forgets all that it has done, once"),
            [FORGETS_PROMISE] = MUTANT("forgets-promise", "quick", "an acceptor forgets what it has promised, once"),
            [ACCEPTS_ABOVE_VOTE] =
                MUTANT("accepts-above-vote", "quick", "an acceptor accepts what is not below its last vote"),
            [HIDES_VOTE] = MUTANT("hides-vote", "quick", "an acceptor does not report its vote"),
            [ANY_VALUE] = MUTANT("any-value", "three-ballots", "any reported value is taken, not the highest ballot's"),
        },
    .properties =
        {
            {.name = "consistent",
             .claim = "no two values are chosen",
             .kind = GS_ALWAYS,
             .scope = GS_SCOPE_NODE,
             .role = SYSTEM,
             .holds = consistent},
            {.name = "chosen",
             .claim = "a value is chosen",
             .kind = GS_REACHABLE,
             .scope = GS_SCOPE_NODE,
             .role = SYSTEM,
             .holds = chosen},
        },
};

GS_EXPORT_MODEL(paxos_tla);
