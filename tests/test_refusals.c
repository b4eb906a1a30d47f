/* Options of the shipped protocols that mean nothing together are refused, with a line that says so. */
#include "tests/checker_sample.h"

extern const struct gs_model multi_leader, primary_backup, quorum_store, crdt_store, craq;

Test(refusals, say_which_options_have_no_meaning_together)
{
    static const struct {
        const struct gs_model *model;
        const char *settings[4];
        const char *error;
    } cases[] = {
        {&multi_leader,
         {"deletes=1", "resolver=merge"},
         "multi-leader: deletes=1 and resolver=merge contradict each other, for merged values only grow: leave one out"},
        {&primary_backup,
         {"acks=2", "mode=sync"},
         "primary-backup: acks has a meaning with mode=semi-sync only: leave it out, or set that"},
        {&primary_backup,
         {"acks=2", "servers=2"},
         "primary-backup: acks are those of backups, and there are fewer: set servers to more than acks"},
        {&primary_backup,
         {"removals=1", "mode=async"},
         "primary-backup: removals have a meaning with mode=sync only, where writes wait for all: leave them out, or "
         "set that"},
        {&quorum_store,
         {"write-quorum=4"},
         "quorum-store: a quorum of more servers than there are would never answer: set read-quorum and write-quorum "
         "to at most servers"},
        {&crdt_store,
         {"counter=0", "register=0"},
         "crdt-store: there is no key: set one of counter, balance, register and set to 1"},
        {&crdt_store,
         {"clock=1", "register=0"},
         "crdt-store: clock has a meaning with register=1 only, the type that has timestamps: leave it out, or set "
         "that"},
        {&craq,
         {"staleness=0"},
         "craq: staleness has a meaning with consistency=bounded only: leave it out, or set that"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        expect_refused(cases[i].model, &(struct gs_config){.settings = cases[i].settings}, cases[i].error);
}

Test(refusals, leave_the_options_alone_that_go_together)
{
    static const struct {
        const struct gs_model *model;
        const char *settings[6];
    } cases[] = {
        {&multi_leader, {"deletes=1", "resolver=siblings", "writes=2", "leaders=2"}},
        {&primary_backup, {"acks=2", "clients=1", "gets=0", "epochs=1"}},
        {&primary_backup, {"servers=1", "clients=1"}},
        {&primary_backup, {"removals=1", "mode=sync", "clients=1", "gets=0", "epochs=1"}},
        {&quorum_store, {"write-quorum=3", "read-quorum=1", "clients=1"}},
        {&crdt_store, {"counter=0", "clock=1", "updates=2"}},
        {&craq, {"staleness=0", "consistency=bounded", "epochs=1"}},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct gs_result result;
        check(cases[i].model, &(struct gs_config){.settings = cases[i].settings}, GS_HOLDS, &result);
        gs_result_free(&result);
    }
}
