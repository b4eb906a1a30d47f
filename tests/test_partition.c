/* What consensus does on both sides of a clean partition, and after it (protocols.md 8.2), on random runs: server0
 * alone on one side, two servers on the other. What must never happen is expected after each step, what should be
 * possible has to happen in some run. */
#include "core/random_stream.h"
#include "core/run_setup.h"
#include "core/world.h"
#include "protocols/multi_paxos.h"
#include "protocols/raft.h"
#include "tests/checker_sample.h"

extern const struct gs_model paxos;

enum { RUNS = 100, EVENTS_MAX = 400, MESSAGE_MAX = 128, STEPS_CUT = 60, STEPS_HEALED = 200 };

/* How to see in a server's state what is claimed of leaders. */
struct protocol {
    const struct gs_model *model;
    const char *const *settings;
    bool (*leads)(const void *server);
    unsigned (*epoch)(const void *server);  /* the term or ballot it is in */
    unsigned (*commit)(const void *server); /* up to where it knows its log to be committed */
    unsigned (*taken)(const void *server);  /* commands in a leader's log */
    unsigned (*message_epoch)(const void *message);
    /* Is the log the same, as far as both know it to be committed, and is nothing left in the first's behind that? */
    bool (*has_only)(const void *server, const void *other);
};

/* ---- Random runs ---------------------------------------------------------------------------------------------------
 */

struct offer {
    struct event events[EVENTS_MAX];
    uint8_t messages[EVENTS_MAX][MESSAGE_MAX];
    size_t count;
    const struct gs_run *run;
};

static void collect(void *context, const struct event *event)
{
    struct offer *offer = context;
    if (event->action == ACTION_PARTITION || event->action == ACTION_HEAL)
        return;
    cr_assert(lt(sz, offer->count, EVENTS_MAX));
    struct event *kept = &offer->events[offer->count];
    *kept = *event;
    if (event->message)
        kept->message = memcpy(offer->messages[offer->count], event->message, offer->run->model->message_size);
    offer->count++;
}

/* May this event take place now? NULL: any. */
typedef bool may_take(const struct event *event);

/* One step, drawn from those that are possible; false: none is. *taken: its message is valid until the next step. */
static bool take_step(struct world *world, struct random_stream *random, may_take *may, struct event *taken)
{
    static struct offer offer;
    offer.count = 0;
    offer.run = world->run;
    world_visit(world, collect, &offer);
    while (offer.count) {
        const size_t drawn = random_below(random, (unsigned)offer.count);
        *taken = offer.events[drawn];
        if ((!may || may(taken)) && world_apply(world, taken, NULL) == WORLD_STEP)
            return true;
        offer.events[drawn] = offer.events[--offer.count];
    }
    return false;
}

static void begin(struct world *world, const struct gs_run *run)
{
    char explanation[EXPLANATION_SIZE];
    *world = (struct world){0};
    cr_assert(world_init(world, run, 0, explanation));
    for (unsigned n = 0; n < run->node_count; n++)
        world_start(world, &(const struct event){.action = ACTION_START, .node = node_of(n)}, NULL);
}

static const void *server(const struct world *world, unsigned n)
{
    return world->locals[n].data;
}

static void cut_off_server0(struct world *world)
{
    cr_assert(
        eq(int, world_apply(world, &(const struct event){.action = ACTION_PARTITION, .side = 1}, NULL), WORLD_STEP));
}

static void heal(struct world *world)
{
    cr_assert(eq(int, world_apply(world, &(const struct event){.action = ACTION_HEAL}, NULL), WORLD_STEP));
}

/* mutant: NULL for none. */
static struct gs_run *run_of(const struct gs_model *model, const char *const *settings, const char *mutant)
{
    char error[256];
    struct gs_run *run = run_new(
        model, &(struct run_config){.settings = settings, .mutants = LIST(mutant), .budgets = {.partitions = 1}}, error,
        sizeof(error));
    cr_assert(run != NULL, "%s", error);
    return run;
}

/* ---- Leaders -------------------------------------------------------------------------------------------------------
 */

/* In how many steps, the first two, and runs each of these happened. */
struct seen {
    int minority_commits; /* never */
    int keeps_leading;    /* the old leader, though it has heard of the later term or ballot: never */
    int minority_takes;   /* the old leader takes commands that it cannot commit */
    int majority_elects;  /* a new leader, of a later term or ballot */
    int majority_commits; /* something that the old leader does not know */
    int steps_down;       /* the old leader, when it hears of the later term or ballot */
    int catches_up;       /* its log is then the others' */
};

static bool elects_server0(const struct event *event)
{
    return event->action == ACTION_DELIVER || (event->action == ACTION_TIMER && event->node.tag == node_of(0).tag);
}

static bool elect_server0(struct world *world, const struct protocol *protocol, struct random_stream *random)
{
    struct event taken;
    while (!protocol->leads(server(world, 0)))
        if (!take_step(world, random, elects_server0, &taken))
            return false;
    return true;
}

/* Whatever happens, it goes on leading, and commits nothing. */
static void run_cut_off(struct world *world, const struct protocol *protocol, struct random_stream *random,
                        struct seen *seen)
{
    const unsigned epoch = protocol->epoch(server(world, 0)), commit = protocol->commit(server(world, 0));
    const unsigned taken = protocol->taken(server(world, 0));
    bool elects = false, commits = false;
    struct event event;
    for (int i = 0; i < STEPS_CUT && take_step(world, random, NULL, &event); i++) {
        cr_expect(protocol->leads(server(world, 0)));
        cr_expect(eq(uint, protocol->epoch(server(world, 0)), epoch));
        seen->minority_commits += protocol->commit(server(world, 0)) != commit;
        for (unsigned n = 1; n < 3; n++) {
            elects |= protocol->leads(server(world, n)) && protocol->epoch(server(world, n)) > epoch;
            commits |= protocol->commit(server(world, n)) > commit;
        }
    }
    seen->minority_takes += protocol->taken(server(world, 0)) > taken;
    seen->majority_elects += elects;
    seen->majority_commits += commits;
}

/* First contact: a message of a later term or ballot. Until then it may still believe to lead. */
static void run_healed(struct world *world, const struct protocol *protocol, struct random_stream *random,
                       struct seen *seen)
{
    const unsigned epoch = protocol->epoch(server(world, 0));
    const bool has_uncommitted = protocol->taken(server(world, 0)) > protocol->commit(server(world, 0));
    bool steps_down = false;
    struct event event;
    for (int i = 0; i < STEPS_HEALED && take_step(world, random, NULL, &event); i++) {
        const bool is_contact = event.action == ACTION_DELIVER && event.node.tag == node_of(0).tag &&
                                protocol->message_epoch(event.message) > epoch;
        if (is_contact && !steps_down) {
            seen->keeps_leading += protocol->leads(server(world, 0)) || protocol->epoch(server(world, 0)) == epoch;
            steps_down = protocol->epoch(server(world, 0)) > epoch;
        }
    }
    seen->steps_down += steps_down;
    for (unsigned n = 1; n < 3; n++)
        if (steps_down && has_uncommitted && protocol->commit(server(world, n)) > 0 &&
            protocol->has_only(server(world, 0), server(world, n))) {
            seen->catches_up++;
            return;
        }
}

static struct seen see(const struct protocol *protocol, const char *mutant)
{
    struct gs_run *run = run_of(protocol->model, protocol->settings, mutant);
    struct seen seen = {0};
    for (uint64_t seed = 0; seed < RUNS; seed++) {
        struct random_stream random = random_stream_of(1, seed);
        struct world world;
        begin(&world, run);
        if (elect_server0(&world, protocol, &random)) {
            cut_off_server0(&world);
            run_cut_off(&world, protocol, &random, &seen);
            heal(&world);
            run_healed(&world, protocol, &random, &seen);
        }
        world_free(&world);
    }
    run_free(run);
    return seen;
}

static void expect_clean_partition(const struct protocol *protocol)
{
    const struct seen seen = see(protocol, NULL);
    cr_expect(eq(int, seen.minority_commits, 0));
    cr_expect(eq(int, seen.keeps_leading, 0));
    cr_expect(gt(int, seen.minority_takes, 0));
    cr_expect(gt(int, seen.majority_elects, 0));
    cr_expect(gt(int, seen.majority_commits, 0));
    cr_expect(gt(int, seen.steps_down, 0));
    cr_expect(gt(int, seen.catches_up, 0));
}

/* ---- Raft ----------------------------------------------------------------------------------------------------------
 */

static bool raft_leads(const void *server)
{
    return ((const struct raft_server *)server)->state == RAFT_LEADER;
}

static unsigned raft_epoch(const void *server)
{
    return ((const struct raft_server *)server)->term;
}

static unsigned raft_commit(const void *server)
{
    return ((const struct raft_server *)server)->commit;
}

static unsigned raft_taken(const void *server)
{
    return ((const struct raft_server *)server)->log_length;
}

static unsigned raft_message_epoch(const void *message)
{
    return ((const struct raft_message *)message)->term;
}

/* The uncommitted suffix is truncated. */
static bool raft_has_only(const void *server, const void *other)
{
    const struct raft_server *one = server, *leader = other;
    return one->log_length == leader->log_length &&
           memcmp(one->log, leader->log, one->log_length * sizeof(one->log[0])) == 0;
}

static const char *const raft_settings[] = {"terms=3", "proposals=2", "heartbeats=1", "commands=2", NULL};
static const struct protocol raft_servers = {
    .model = &raft,
    .settings = raft_settings,
    .leads = raft_leads,
    .epoch = raft_epoch,
    .commit = raft_commit,
    .taken = raft_taken,
    .message_epoch = raft_message_epoch,
    .has_only = raft_has_only,
};

Test(partition, leaves_raft_s_minority_a_leader_that_commits_nothing)
{
    expect_clean_partition(&raft_servers);
}

/* Canaries. */
Test(partition, shows_a_minority_that_commits_and_a_leader_that_does_not_step_down)
{
    cr_expect(gt(int, see(&raft_servers, "quorum-too-small").minority_commits, 0));
    cr_expect(gt(int, see(&raft_servers, "no-stepdown").keeps_leading, 0));
}

/* ---- Multi-Paxos ---------------------------------------------------------------------------------------------------
 */

static bool multi_paxos_leads(const void *server)
{
    return ((const struct multi_paxos_server *)server)->phase == MULTI_PAXOS_LEADING;
}

static unsigned multi_paxos_epoch(const void *server)
{
    return ((const struct multi_paxos_server *)server)->promised;
}

static unsigned multi_paxos_known(const void *server)
{
    return multi_paxos_commit(server);
}

static unsigned multi_paxos_taken(const void *server)
{
    return ((const struct multi_paxos_server *)server)->last;
}

static unsigned multi_paxos_message_epoch(const void *message)
{
    return ((const struct multi_paxos_message *)message)->ballot;
}

/* What it had proposed in a slot is superseded by what is chosen there. */
static bool multi_paxos_has_only(const void *server, const void *other)
{
    const struct multi_paxos_server *one = server, *leader = other;
    for (int i = 0; i < multi_paxos_commit(leader); i++)
        if (!one->chosen[i].is_known || one->chosen[i].value != leader->chosen[i].value)
            return false;
    return true;
}

Test(partition, leaves_multi_paxos_minority_a_leader_that_commits_nothing)
{
    expect_clean_partition(&(struct protocol){
        .model = &multi_paxos,
        .settings = LIST("rounds=3", "slots=3", "leaders=3", "clients=3", "heartbeats=1"),
        .leads = multi_paxos_leads,
        .epoch = multi_paxos_epoch,
        .commit = multi_paxos_known,
        .taken = multi_paxos_taken,
        .message_epoch = multi_paxos_message_epoch,
        .has_only = multi_paxos_has_only,
    });
}

/* ---- Paxos: the majority decides, the minority cannot, and learns --------------------------------------------------
 */

static unsigned decision(const struct world *world, unsigned n)
{
    return ((const struct paxos_server *)server(world, n))->decided;
}

Test(partition, lets_only_the_majority_decide_in_paxos)
{
    struct gs_run *run = run_of(&paxos, LIST("rounds=3", "proposers=2", "learning=1", "nacks=1"), NULL);
    int decides = 0, learns = 0;
    for (uint64_t seed = 0; seed < RUNS; seed++) {
        struct random_stream random = random_stream_of(1, seed);
        struct world world;
        struct event event;
        begin(&world, run);
        cut_off_server0(&world);
        for (int i = 0; i < STEPS_CUT && take_step(&world, &random, NULL, &event); i++)
            cr_expect(eq(uint, decision(&world, 0), 0));
        const unsigned decided = decision(&world, 1) ? decision(&world, 1) : decision(&world, 2);
        decides += decided > 0;
        heal(&world);
        for (int i = 0; i < STEPS_HEALED && take_step(&world, &random, NULL, &event); i++)
            cr_expect(decided == 0 || decision(&world, 0) == 0 || decision(&world, 0) == decided);
        learns += decided > 0 && decision(&world, 0) == decided;
        world_free(&world);
    }
    cr_expect(gt(int, decides, 0));
    cr_expect(gt(int, learns, 0));
    run_free(run);
}
