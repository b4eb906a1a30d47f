/* How many losses each protocol goes on with (protocols.md 8.1), by complete searches of what follows them: within the
 * bound the goal is met, one beyond it is not, and the search says so. Clients lose nothing: they are not crashed. That
 * nothing unsafe happens in any of these runs, the presets with crashes prove. */
#include "tests/broken_sample.h"

extern const struct gs_model raft, paxos, abd, quorum_store, primary_backup, chain_replication, craq;

enum { SERVER0 = 1 << 0, SERVER1 = 1 << 1, SERVER2 = 1 << 2, SERVER3 = 1 << 3 };

struct row {
    const struct gs_model *model;
    const char *settings[8];
    const char *goal;
    uint64_t within, beyond; /* nodes that are lost: a bit each; beyond 0: there is no such bound */
};

static void expect_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct gs_config config = {.settings = rows[i].settings};
        expect_reachable_without(rows[i].model, config, rows[i].goal, rows[i].within, true);
        if (rows[i].beyond)
            expect_reachable_without(rows[i].model, config, rows[i].goal, rows[i].beyond, false);
    }
}
#define EXPECT_ROWS(...) \
    expect_rows((const struct row[]){__VA_ARGS__}, sizeof((const struct row[]){__VA_ARGS__}) / sizeof(struct row))

Test(tolerance, of_a_majority_is_the_loss_of_fewer_than_half)
{
    EXPECT_ROWS({&quorum_store, {"clients=1", "gets=0"}, "strong-answers", SERVER2, SERVER1 | SERVER2},
                {&quorum_store, {"clients=1", "puts=0"}, "strong-answers", SERVER1, SERVER1 | SERVER2},
                {&quorum_store, {"clients=1", "gets=0", "servers=4"}, "strong-answers", SERVER3, SERVER2 | SERVER3},
                {&abd, {"servers=3", "clients=1", "gets=0"}, "all-returned", SERVER2, SERVER1 | SERVER2},
                {&raft, {"terms=1", "proposals=0"}, "leader-elected", SERVER0, SERVER0 | SERVER1},
                {&paxos, {"rounds=1"}, "decided", SERVER2, SERVER1 | SERVER2});
}

/* Who is up answers. */
Test(tolerance, of_weak_operations_is_the_loss_of_all_others)
{
    EXPECT_ROWS(
        {&quorum_store, {"clients=1", "puts=0", "gets=0", "eventual-puts=1"}, "eventual-answers", SERVER1 | SERVER2, 0},
        {&quorum_store, {"clients=1", "puts=0", "gets=0", "weak-gets=1"}, "weak-answers", SERVER1 | SERVER2, 0});
}

/* b, b - acks and none of b backups. */
Test(tolerance, of_primary_backup_is_what_its_mode_does_not_wait_for)
{
    EXPECT_ROWS(
        {&primary_backup,
         {"clients=1", "gets=0", "ask=in-turn", "epochs=1", "mode=async"},
         "all-returned",
         SERVER1 | SERVER2,
         SERVER0},
        {&primary_backup,
         {"clients=1", "gets=0", "ask=in-turn", "epochs=1"},
         "all-returned",
         SERVER2,
         SERVER1 | SERVER2},
        {&primary_backup, {"clients=1", "gets=0", "ask=in-turn", "epochs=1", "mode=sync"}, "all-returned", 0, SERVER2},
        {&primary_backup,
         {"clients=1", "gets=0", "ask=in-turn", "mode=sync", "removals=1", "epochs=1"},
         "all-returned",
         SERVER2,
         SERVER1 | SERVER2});
}

/* t of t + 1 servers, while the master lives. */
Test(tolerance, of_a_chain_is_the_loss_of_all_servers_but_one)
{
    EXPECT_ROWS(
        {&chain_replication, {"servers=2", "epochs=2", "retries=1"}, "all-returned", SERVER0, SERVER0 | SERVER1},
        {&chain_replication,
         {"epochs=3", "retries=2", "readers=0", "clients=1"},
         "all-returned",
         SERVER0 | SERVER1,
         SERVER0 | SERVER1 | SERVER2},
        {&craq,
         {"epochs=3", "retries=2", "readers=0", "clients=1"},
         "all-returned",
         SERVER0 | SERVER2,
         SERVER0 | SERVER1 | SERVER2});
}
