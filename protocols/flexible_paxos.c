/* Flexible Paxos: Howard, Malkhi and Spiegelman, "Flexible Paxos: Quorum intersection revisited" (2016), cited as FP.
 * The rules are those of paxos.c, line for line; only the quorums differ: those of phase 1 have to meet those of phase
 * 2, and no others (FP 3). They are counted (FP 5: any q1 and any q2 servers, q1 + q2 > servers), a grid (FP 5: rows
 * and columns) or listed. Quorums that do not meet are not refused but found: quorums-intersect is violated at the
 * start. (One that nobody can gather is refused.) */
#include "protocols/paxos.h"

enum { SERVER = PAXOS_SERVER, ANNOUNCED = 0 };
enum { COUNTED, GRID, LISTED }; /* option quorums */
enum {
    QUORUMS = PAXOS_OPTIONS,
    PHASE1_SIZE,
    PHASE2_SIZE,
    COLUMNS,
    PHASE1_SETS, /* three of them */
    PHASE2_SETS = PHASE1_SETS + 3
};
enum { SETS = 3, SETS_SUM_MAX = (1 << PAXOS_SERVERS_MAX) - 1 };
enum { Q1Q2_LE_N = PAXOS_MUTANTS, Q1Q2_LE_N_PHASE2, Q1Q2_LE_N_FOUR, Q1_Q1_ONLY, SWAP };

static const char *const quorums_names[] = {"counted", "grid", "listed"};

/* ---- Quorums ----------------------------------------------------------------------------------------------------- */

/* The servers whose place, divided by the columns or modulo them, is `line`: a row or a column of the grid. */
static gs_node_set line_of(const struct gs_run *run, bool is_row, int line)
{
    const int columns = (int)gs_option(run, COLUMNS);
    gs_node_set set = GS_EMPTY_SET;
    for (int k = 0; k < gs_count(run, SERVER); k++)
        if ((is_row ? k / columns : k % columns) == line)
            set = gs_set_with(set, gs_node_at(run, SERVER, k));
    return set;
}

static struct gs_quorums lines(const struct gs_run *run, bool are_rows)
{
    const int servers = gs_count(run, SERVER), columns = (int)gs_option(run, COLUMNS);
    const int count = are_rows ? (servers + columns - 1) / columns : columns;
    struct gs_quorums quorums = {.role = SERVER};
    for (int line = 0; line < count && line < servers; line++)
        quorums.sets[quorums.set_count++] = line_of(run, are_rows, line);
    return quorums;
}

/* The sum 1 for server0 + 2 for server1 + 4 for server2 ... as a set; empty if a server is not there. */
static gs_node_set set_of_sum(const struct gs_run *run, int64_t sum)
{
    gs_node_set set = GS_EMPTY_SET;
    if (sum >> gs_count(run, SERVER))
        return set;
    for (int k = 0; k < gs_count(run, SERVER); k++)
        if (sum >> k & 1)
            set = gs_set_with(set, gs_node_at(run, SERVER, k));
    return set;
}

/* A list without any set has one that nobody can gather: all servers and one more. */
static struct gs_quorums listed(const struct gs_run *run, int first_option)
{
    struct gs_quorums quorums = gs_quorums_of_size(SERVER, gs_count(run, SERVER) + 1);
    for (int i = 0; i < SETS; i++) {
        const gs_node_set set = set_of_sum(run, gs_option(run, first_option + i));
        if (!gs_set_is_empty(set))
            quorums.sets[quorums.set_count++] = set;
    }
    return quorums;
}

static struct paxos_quorums quorums_asked_for(const struct gs_run *run)
{
    switch (gs_option(run, QUORUMS)) {
    case GRID:
        return (struct paxos_quorums){lines(run, true), lines(run, false)};
    case LISTED:
        return (struct paxos_quorums){listed(run, PHASE1_SETS), listed(run, PHASE2_SETS)};
    }
    return (struct paxos_quorums){gs_quorums_of_size(SERVER, (int)gs_option(run, PHASE1_SIZE)),
                                  gs_quorums_of_size(SERVER, (int)gs_option(run, PHASE2_SIZE))};
}

/* So many that quorums of that size and of the other phase's just fail to meet (FP 5: q1 + q2 > servers). */
static struct gs_quorums too_small(const struct gs_run *run, const struct gs_quorums *other)
{
    const int size = gs_count(run, SERVER) - other->size;
    return gs_quorums_of_size(SERVER, size > 0 ? size : 1);
}

static struct paxos_quorums quorums_used(const struct gs_run *run)
{
    struct paxos_quorums quorums = quorums_asked_for(run);
    if (gs_mutant(run, Q1Q2_LE_N) || gs_mutant(run, Q1Q2_LE_N_FOUR))
        quorums.phase1 = too_small(run, &quorums.phase2);
    if (gs_mutant(run, Q1Q2_LE_N_PHASE2) || gs_mutant(run, Q1_Q1_ONLY))
        quorums.phase2 = too_small(run, &quorums.phase1);
    if (gs_mutant(run, SWAP))
        quorums.phase1 = quorums.phase2;
    return quorums;
}

static bool server_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    const struct paxos_quorums quorums = quorums_used(gs_step_run(s));
    return paxos_server_step(s, self, e, &quorums);
}

static bool is_listed_beyond(const struct gs_run *run)
{
    bool is_beyond = false;
    for (int i = 0; i < 2 * SETS; i++)
        is_beyond = is_beyond || gs_option(run, PHASE1_SETS + i) >> gs_count(run, SERVER);
    return is_beyond && gs_option(run, QUORUMS) == LISTED;
}

/* Quorums that nobody can gather would make each claim hold. */
static const char *refuses(const struct gs_run *run)
{
    const struct paxos_quorums quorums = quorums_asked_for(run);
    const gs_node_set all = gs_nodes(run, SERVER);
    if (is_listed_beyond(run))
        return "a listed set names a server that is not there: its sum has to be less than 2 to the number of servers";
    if (!gs_is_quorum(run, &quorums.phase1, all) || !gs_is_quorum(run, &quorums.phase2, all))
        return "all servers are no quorum of a phase: make phase1-size and phase2-size at most servers, or list a set";
    return paxos_refuses_options(run);
}

/* ---- Properties -------------------------------------------------------------------------------------------------- */

/* FP 3: the only quorums that have to meet. */
static bool quorums_intersect(struct gs_view *v)
{
    const struct paxos_quorums quorums = quorums_used(GS_RUN(v));
    return gs_explain_quorums(v, &quorums.phase1, &quorums.phase2);
}

static bool one_chosen(struct gs_view *v)
{
    const struct paxos_quorums quorums = quorums_asked_for(GS_RUN(v));
    return gs_one_chosen(v, &quorums.phase2);
}

static bool decisions_are_chosen(struct gs_view *v)
{
    const struct paxos_quorums quorums = quorums_asked_for(GS_RUN(v));
    return gs_decisions_are_chosen(v, &quorums.phase2);
}

static bool votes_are_safe(struct gs_view *v)
{
    const struct paxos_quorums quorums = quorums_asked_for(GS_RUN(v));
    return gs_votes_are_safe(v, &quorums.phase2);
}

/* FP 1: quorums of phase 2 may be smaller than a majority, at the price of larger ones in phase 1. */
static bool decides_with_few(struct gs_view *v)
{
    const struct paxos_server *server = gs_this(v);
    return server->phase == PAXOS_DECIDED && gs_set_size(server->accepts.voters) < gs_majority(v, SERVER);
}

static bool majority_is_not_enough(struct gs_view *v)
{
    const struct paxos_server *server = gs_this(v);
    return server->phase == PAXOS_PREPARING && gs_set_size(server->promises.voters) >= gs_majority(v, SERVER);
}

/* Is every set of so many servers a quorum of phase 2? */
static bool grants_few(const struct gs_run *run)
{
    const int64_t size = gs_option(run, PHASE2_SIZE);
    return gs_option(run, QUORUMS) == COUNTED && size > 0 && size < gs_majority(run, SERVER);
}

static bool grants_more_than_majority(const struct gs_run *run)
{
    const int64_t size = gs_option(run, PHASE1_SIZE);
    return gs_option(run, QUORUMS) == COUNTED && size > gs_majority(run, SERVER);
}

static bool grants_second_ballot(const struct gs_run *run)
{
    const struct paxos_quorums quorums = quorums_asked_for(run);
    return paxos_grants_second_ballot(run, &quorums.phase1);
}

static bool grants_overwriting(const struct gs_run *run)
{
    const struct paxos_quorums quorums = quorums_asked_for(run);
    return paxos_grants_overwriting(run, &quorums.phase1);
}

/* ---- The model --------------------------------------------------------------------------------------------------- */

GS_CONSENSUS_HISTORY(history, ANNOUNCED)

#define SET_OPTION(option, option_name, phase, preset_sum)                                                           \
    [option] = {option_name,  "listed: a quorum of phase " phase ", 1 for server0 + 2 for server1 + 4 ...; 0: none", \
                preset_sum,   0,                                                                                     \
                SETS_SUM_MAX, NULL}

const struct gs_model flexible_paxos =
    {
        .name = "flexible-paxos",
        .title = "single-decree Paxos whose two phases have quorums of their own",
        .source = "Howard, Malkhi and Spiegelman, Flexible Paxos: Quorum intersection revisited (2016)",
        .message_size = sizeof(struct paxos_message),
        .message_fields = paxos_message_fields,
        .network = GS_BAG,
        .roles = {PAXOS_ROLE_TABLE(server_step)},
        .events = {PAXOS_EVENT_TABLE},
        .options =
            {
                PAXOS_OPTION_TABLE(4),
                [QUORUMS] = {"quorums",
                             "which sets are quorums: any of a size; rows for phase 1, columns for phase 2; listed",
                             COUNTED, COUNTED, LISTED, quorums_names},
                [PHASE1_SIZE] = {"phase1-size", "counted: servers in a quorum of phase 1, 0: a majority", 3, 0,
                                 PAXOS_SERVERS_MAX, NULL},
                [PHASE2_SIZE] = {"phase2-size", "counted: servers in a quorum of phase 2, 0: a majority", 2, 0,
                                 PAXOS_SERVERS_MAX, NULL},
                [COLUMNS] = {"columns", "grid: servers in a row", 2, 1, PAXOS_SERVERS_MAX, NULL},
                SET_OPTION(PHASE1_SETS, "phase1-set-a", "1", 1),
                SET_OPTION(PHASE1_SETS + 1, "phase1-set-b", "1", 6),
                SET_OPTION(PHASE1_SETS + 2, "phase1-set-c", "1", 0),
                SET_OPTION(PHASE2_SETS, "phase2-set-a", "2", 3),
                SET_OPTION(PHASE2_SETS + 1, "phase2-set-b", "2", 5),
                SET_OPTION(PHASE2_SETS + 2, "phase2-set-c", "2", 0),
            },
        .presets =
            {
                {.name = "quick", .meaning = "4 servers, quorums of 3 and 2, 1 round", .settings = {"servers=4"}},
                {.name = "full",
                 .meaning = "4 servers, quorums of 3 and 2, 3 of them propose, 1 round, with learning",
                 .settings = {"servers=4", "proposers=3", "learning=1"}},
                {.name = "fast-writes",
                 .meaning = "3 servers, quorums of 3 and 1, 2 rounds, with refusals",
                 .settings = {"servers=3", "phase1-size=3", "phase2-size=1", "rounds=2", "nacks=1"}},
                {.name = "grid",
                 .meaning = "4 servers in 2 rows, quorums are a row and a column, 1 round",
                 .settings = {"servers=4", "quorums=grid"}},
                {.name = "listed",
                 .meaning = "3 servers; phase 1 needs server0 or both others, phase 2 server0 and one other",
                 .settings = {"servers=3", "quorums=listed"}},
                {.name = "one-round",
                 .meaning = "3 servers, quorums of 2, 1 round",
                 .settings = {"servers=3", "phase1-size=2", "phase2-size=2"}},
                {.name = "two-rounds",
                 .meaning = "3 servers, quorums of 2, 2 rounds; 3 timeouts in all",
                 .settings = {"servers=3", "phase1-size=2", "phase2-size=2", "rounds=2"},
                 .budgets = {.timeouts = 3}},
                {.name = "four-servers",
                 .meaning = "4 servers, quorums are majorities, 1 round",
                 .settings = {"servers=4", "phase1-size=0", "phase2-size=0"}},
                {.name = "reboot",
                 .meaning = "3 servers, quorums of 2, 1 round, one server reboots",
                 .settings = {"servers=3", "phase1-size=2", "phase2-size=2"},
                 .budgets = {.reboots = 1}},
                {.name = "duplicate",
                 .meaning = "3 servers, quorums of 2, 1 round, one message comes twice",
                 .settings = {"servers=3", "phase1-size=2", "phase2-size=2"},
                 .budgets = {.duplicates = 1}},
                {.name = "five-servers",
                 .meaning =
                     "for random runs: 5 servers, quorums of 4 and 2, 3 of them propose, 4 rounds, refusals, learning, "
                     "2 reboots",
                 .settings = {"servers=5", "phase1-size=4", "phase2-size=2", "proposers=3", "rounds=4", "nacks=1",
                              "learning=1"},
                 .budgets = {.reboots = 2}},
            },
        .mutants =
            {
                PAXOS_MUTANT_TABLE,
                PAXOS_MUTANT(Q1Q2_LE_N, "q1q2-le-n", "one-round", "one-chosen",
                             "phase 1 asks so few that its quorums need not meet those of phase 2"),
                PAXOS_MUTANT(Q1Q2_LE_N_PHASE2, "q1q2-le-n-phase2", "one-round", "agreement",
                             "phase 2 asks so few that its quorums need not meet those of phase 1"),
                PAXOS_MUTANT(Q1Q2_LE_N_FOUR, "q1q2-le-n-four", "quick", "one-chosen",
                             "as q1q2-le-n, with four servers: two halves are taken to meet"),
                PAXOS_MUTANT(Q1_Q1_ONLY, "q1-q1-only", "quick", "agreement",
                             "only the quorums of phase 1 meet each other: phase 2 asks for all but those of phase 1"),
                PAXOS_MUTANT(SWAP, "swap", "quick", "one-chosen", "phase 1 asks for a quorum of phase 2"),
            },
        .announcements = {GS_CONSENSUS_ANNOUNCEMENTS(ANNOUNCED)},
        .monitors = {[PAXOS_HISTORY] = GS_CONSENSUS_MONITOR(history)},
        .properties =
            {
                GS_QUORUM_INTERSECTION(SERVER, quorums_intersect),
                GS_ONE_CHOSEN(PAXOS_HISTORY, one_chosen),
                GS_DECISIONS_ARE_CHOSEN(PAXOS_HISTORY, decisions_are_chosen),
                GS_VOTES_ARE_SAFE(PAXOS_HISTORY, votes_are_safe),
                PAXOS_PROPERTY_TABLE(grants_second_ballot, grants_overwriting),
                PAXOS_GOAL("decides-with-few", "a server decides with the votes of less than a majority",
                           GS_SCOPE_NODE, decides_with_few, grants_few,
                           "quorums = counted and 0 < phase2-size < majority"),
                PAXOS_GOAL("majority-is-not-enough", "a server has promises of a majority and waits for more",
                           GS_SCOPE_NODE, majority_is_not_enough, grants_more_than_majority,
                           "quorums = counted and majority < phase1-size"),
            },
        .refuses = refuses,
};
