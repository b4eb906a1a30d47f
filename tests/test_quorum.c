/* The quorum helper: what a quorum is, which systems meet, and that its mutants break just that. */
#include "properties/quorum.h"

#include "core/run.h"
#include "core/run_setup.h"
#include "protocols/paxos.h"
#include "tests/checker_sample.h"

/* A run of so many servers. */
static struct gs_run *run_of(const char *servers)
{
    char error[200] = "";
    struct gs_run *run = run_new(&paxos, &(struct run_config){.settings = LIST(servers)}, error, sizeof(error));
    cr_assert(run != NULL, "%s", error);
    return run;
}

static gs_node_set set_of(const struct gs_run *run, unsigned sum)
{
    gs_node_set set = GS_EMPTY_SET;
    for (int k = 0; k < gs_count(run, PAXOS_SERVER); k++)
        if (sum >> k & 1)
            set = gs_set_with(set, gs_node_at(run, PAXOS_SERVER, k));
    return set;
}

/* By definition: every two sets, one of each system, have a node in common. */
static bool meet_by_definition(const struct gs_run *run, const struct gs_quorums *one, const struct gs_quorums *other)
{
    const unsigned sets = 1u << gs_count(run, PAXOS_SERVER);
    for (unsigned a = 0; a < sets; a++)
        for (unsigned b = 0; b < sets; b++)
            if ((a & b) == 0 && gs_is_quorum(run, one, set_of(run, a)) && gs_is_quorum(run, other, set_of(run, b)))
                return false;
    return true;
}

static void expect_meeting(const struct gs_run *run, const struct gs_quorums *one, const struct gs_quorums *other)
{
    gs_node_set a = GS_EMPTY_SET, b = GS_EMPTY_SET;
    const bool meet = gs_quorums_meet(run, one, other, &a, &b);
    cr_expect(meet == meet_by_definition(run, one, other));
    if (!meet) {
        cr_expect(gs_is_quorum(run, one, a) && gs_is_quorum(run, other, b));
        cr_expect(gs_set_is_empty(gs_set_intersection(a, b)));
    }
}

Test(quorum, is_more_than_half_or_so_many_or_one_that_is_listed)
{
    struct gs_run *run = run_of("servers=4");
    const struct gs_quorums majorities = gs_majorities(PAXOS_SERVER), pairs = gs_quorums_of_size(PAXOS_SERVER, 2);
    const struct gs_quorums listed = {.role = PAXOS_SERVER, .set_count = 2, .sets = {set_of(run, 3), set_of(run, 12)}};
    cr_expect(gs_is_quorum(run, &majorities, set_of(run, 7)) && !gs_is_quorum(run, &majorities, set_of(run, 3)));
    cr_expect(gs_is_quorum(run, &pairs, set_of(run, 9)) && !gs_is_quorum(run, &pairs, set_of(run, 8)));
    cr_expect(gs_is_quorum(run, &listed, set_of(run, 7)) && !gs_is_quorum(run, &listed, set_of(run, 5)));
    run_free(run);
}

Test(quorum, meets_as_defined_whether_counted_or_listed)
{
    struct gs_run *run = run_of("servers=4");
    struct gs_quorums systems[8] = {gs_majorities(PAXOS_SERVER)};
    for (int size = 1; size <= 5; size++) /* of 5 there is none */
        systems[size] = gs_quorums_of_size(PAXOS_SERVER, size);
    systems[6] = (struct gs_quorums){.role = PAXOS_SERVER, .set_count = 2, .sets = {set_of(run, 3), set_of(run, 12)}};
    systems[7] = (struct gs_quorums){.role = PAXOS_SERVER, .set_count = 2, .sets = {set_of(run, 5), set_of(run, 10)}};
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 8; j++)
            expect_meeting(run, &systems[i], &systems[j]);
    run_free(run);
}
