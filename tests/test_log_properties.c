/* Ready-made properties of steps and logs, over values written down: each holds where it should, and fails with a line
 * that says why where it should not. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "core/judge.h"
#include "core/run_setup.h"
#include "properties/at_most_one.h"
#include "properties/monotone.h"
#include "properties/replicated_log.h"
#include "properties/stability.h"
#include "protocols/raft.h"

static struct gs_run *run;
static struct gs_view view;
static const struct gs_log server_log = GS_LOG(struct raft_server, log, log_length, term, commit);

static void setup(void)
{
    char error[200];
    run = run_new(&raft, &(struct run_config){0}, error, sizeof(error));
    cr_assert(run != NULL, "%s", error);
}

static void teardown(void)
{
    run_free(run);
}

TestSuite(log_properties, .init = setup, .fini = teardown);

/* A server with these terms as its log: "112". */
static struct raft_server with_log(const char *terms, uint8_t commit)
{
    struct raft_server server = {.commit = commit, .log_length = (uint8_t)strlen(terms)};
    for (size_t i = 0; terms[i]; i++)
        server.log[i] = (struct raft_entry){.term = (uint8_t)(terms[i] - '0'), .command = 1};
    return server;
}

static struct gs_view *view_of(const struct raft_server *one, const struct raft_server *other)
{
    view = (struct gs_view){.run = run, .this_node = gs_run_node_at(run, RAFT_SERVER, 0)};
    view.that_node = gs_run_node_at(run, RAFT_SERVER, 1);
    view.locals[0] = (const uint8_t *)one;
    view.locals[1] = (const uint8_t *)other;
    return &view;
}

static struct gs_view *step(const struct raft_server *before, const struct raft_server *after)
{
    view_of(after, NULL)->before = (const uint8_t *)before;
    return &view;
}

static void expect(bool holds, const char *why)
{
    cr_expect(eq(int, holds, !*why), "%s", view.explanation);
    cr_expect(eq(str, view.explanation, (char *)why));
}

static void expect_match(const char *one, const char *other, const char *why)
{
    const struct raft_server a = with_log(one, 0), b = with_log(other, 0);
    expect(gs_logs_match(view_of(&a, &b), &server_log), why);
}

Test(log_properties, logs_match_up_to_where_they_share_a_term)
{
    expect_match("", "", "");
    expect_match("11", "112", "");
    expect_match("12", "13", "");
    expect_match("12", "22", "entry 2 of server0 and server1 is of one term, but their logs differ at entry 1");
    expect_match("122", "133", "");
    expect_match("1224", "1234", "entry 4 of server0 and server1 is of one term, but their logs differ at entry 3");
}

static void expect_agreement(const char *one, uint8_t commit, const char *other, uint8_t other_commit, const char *why)
{
    const struct raft_server a = with_log(one, commit), b = with_log(other, other_commit);
    expect(gs_committed_prefixes_agree(view_of(&a, &b), &server_log), why);
    cr_expect(eq(int, view.premise_met, commit > 0 && other_commit > 0));
}

Test(log_properties, only_what_both_have_committed_must_agree)
{
    expect_agreement("12", 2, "13", 1, "");
    expect_agreement("12", 2, "22", 0, "");
    expect_agreement("12", 2, "13", 2, "server0 and server1 have both committed entry 2, and theirs differ");
    expect_agreement("12", 1, "22", 2, "server0 and server1 have both committed entry 1, and theirs differ");
}

Test(log_properties, appending_keeps_all_that_was_there)
{
    const struct raft_server before = with_log("12", 1), appended = with_log("123", 1), cut = with_log("1", 1),
                             overwritten = with_log("13", 1), lost = with_log("", 1);
    expect(gs_only_appends(step(&before, &before), &server_log), "");
    expect(gs_only_appends(step(&before, &appended), &server_log), "");
    expect(gs_only_appends(step(&before, &cut), &server_log), "server0 overwrote or deleted entry 2 of its log");
    expect(gs_only_appends(step(&before, &overwritten), &server_log),
           "server0 overwrote or deleted entry 2 of its log");
    expect(gs_keeps_committed(step(&before, &overwritten), &server_log), "");
    expect(gs_keeps_committed(step(&before, &lost), &server_log),
           "server0 overwrote or deleted entry 1, which it knew to be committed");
}

Test(log_properties, what_is_committed_is_in_the_log_and_on_a_quorum)
{
    const struct raft_server far = with_log("1", 2), leader = with_log("12", 2), other = with_log("12", 0),
                             behind = with_log("1", 1);
    expect(gs_commit_is_within_log(view_of(&leader, NULL), &server_log), "");
    expect(gs_commit_is_within_log(view_of(&far, NULL), &server_log),
           "server0 takes entry 2 for committed and has only 1");
    view_of(&leader, &other)->locals[2] = (const uint8_t *)&behind;
    expect(gs_committed_is_stored(&view, &server_log, RAFT_SERVER, 2), "");
    view_of(&leader, &behind)->locals[2] = (const uint8_t *)&behind;
    expect(gs_committed_is_stored(&view, &server_log, RAFT_SERVER, 2),
           "server0 takes entry 2 for committed, which only 1 of 3 logs hold");
}

Test(log_properties, an_entry_is_held_at_its_index_only)
{
    const struct raft_server server = with_log("12", 0);
    const struct raft_entry first = {.term = 1, .command = 1}, another = {.term = 1, .command = 2};
    cr_expect(gs_log_holds(&server_log, &server, 1, &first));
    cr_expect(not(gs_log_holds(&server_log, &server, 1, &another)));
    cr_expect(not(gs_log_holds(&server_log, &server, 0, &first)));
    cr_expect(not(gs_log_holds(&server_log, &server, 2, &first)));
    cr_expect(not(gs_log_holds(&server_log, &server, 3, &first)));
}

Test(log_properties, a_number_never_decreases_but_to_zero_where_that_is_allowed)
{
    static const struct gs_field term = GS_FIELD(struct raft_server, term);
    const struct raft_server none = {.term = 0}, two = {.term = 2}, three = {.term = 3};
    expect(gs_never_decreases(step(&two, &three), &term), "");
    expect(gs_never_decreases(step(&two, &two), &term), "");
    expect(gs_never_decreases(step(&three, &two), &term), "server0 went back from term 3 to term 2");
    expect(gs_never_decreases(step(&two, &none), &term), "server0 went back from term 2 to term 0");
    expect(gs_never_decreases_but_to_zero(step(&two, &none), &term), "");
    expect(gs_never_decreases_but_to_zero(step(&three, &two), &term), "server0 went back from term 3 to term 2");
}

Test(log_properties, what_is_set_stays_within_its_period)
{
    static const struct gs_field term = GS_FIELD(struct raft_server, term),
                                 vote = GS_FIELD(struct raft_server, voted_for);
    const gs_node one = gs_run_node_at(run, RAFT_SERVER, 1), two = gs_run_node_at(run, RAFT_SERVER, 2);
    const struct raft_server none = {.term = 1}, first = {.term = 1, .voted_for = one},
                             second = {.term = 1, .voted_for = two}, later = {.term = 2, .voted_for = two};
    expect(gs_stays_once_set_in(step(&none, &first), &term, &vote), "");
    expect(gs_stays_once_set_in(step(&first, &first), &term, &vote), "");
    expect(gs_stays_once_set_in(step(&first, &later), &term, &vote), "");
    expect(gs_stays_once_set_in(step(&first, &second), &term, &vote),
           "in term 1, server0 changed voted_for server1 to server2");
    expect(gs_stays_once_set_in(step(&first, &none), &term, &vote),
           "in term 1, server0 changed voted_for server1 to nobody");
    expect(gs_stays_once_set(step(&first, &later), &vote), "server0 changed voted_for server1 to server2");
    expect(gs_stays_once_set(step(&none, &later), &vote), "");
}

Test(log_properties, a_second_claimant_of_one_thing_is_found)
{
    const gs_node one = gs_run_node_at(run, RAFT_SERVER, 1), two = gs_run_node_at(run, RAFT_SERVER, 2);
    const struct raft_elected list[] = {{1, one}, {2, one}, {3, one}, {3, two}};
    cr_expect(eq(sz, gs_find_second_claim(list, 0, term), 0));
    cr_expect(eq(sz, gs_find_second_claim(list, 3, term), 0));
    cr_expect(eq(sz, gs_find_second_claim(list, 4, term), 3));
}
