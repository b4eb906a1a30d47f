/* What holds of each protocol of the consensus family: every row of the catalogue (protocols.md C01, C03 to C06) is a
 * mutant, five servers hold in random runs, and the preset `full` judges each claim on many values. */
#include "tests/run_program.h"
#include "tests/scale.h"

#include "checker/check.h"

extern const struct gs_model raft, raft_kv, multi_paxos, multi_paxos_kv, paxos, flexible_paxos;

static const struct gs_model *const family[] = {&raft,           &raft_kv, &multi_paxos,
                                                &multi_paxos_kv, &paxos,   &flexible_paxos};
enum { FAMILY = sizeof(family) / sizeof(*family) };

/* ---- No row is left out ------------------------------------------------------------------------------------------ */

/* A row of the catalogue as this family has it. Rows of Paxos are rows of Flexible Paxos too. */
struct row {
    const struct gs_model *model;
    const char *row, *mutant;
};

static const struct row rows[] = {
    {&raft, "quorum1", "quorum-too-small"},
    {&raft, "seed3quorum", "quorum-over-peers"},
    {&raft, "q.dupcount", "duplicates-counted"},
    {&raft, "double_vote", "vote-twice"},
    {&raft, "forget_vote", "forget-vote"},
    {&raft, "np.votedFor", "vote-not-durable"},
    {&raft, "np.term", "term-not-durable"},
    {&raft, "np.log", "np-log"},
    {&raft, "stale_votes", "stale-votes-counted"},
    {&raft, "no_logcheck", "no-logcheck"},
    {&raft, "len_only", "len-only"},
    {&raft, "commit_old", "commit-old"},
    {&raft, "match_lastidx", "match-lastidx"},
    {&raft, "commit_lastidx", "commit-lastidx"},
    {&raft, "always_trunc", "always-trunc"},
    {&raft, "no_trunc", "no-trunc"},
    {&raft, "accept_stale_ae", "accept-stale-ae"},
    {&raft, "no_prevcheck", "no-prevcheck"},
    {&raft, "no_stepdown", "no-stepdown"},
    {&raft, "fixed_timeouts", "fixed-timeouts"},
    {&raft_kv, "stale_read", "stale-read"},
    {&raft_kv, "no_dedup", "no-dedup"},
    {&raft_kv, "waiter_by_index", "waiter-by-index"},
    {&raft_kv, "readindex_no_noop", "readindex-no-noop"},
    {&raft_kv, "reply_before_commit", "reply-before-commit"},
    {&raft_kv, "session_outside_sm", "session-outside-sm"},
    {&multi_paxos_kv, "stale_read", "stale-read"},
    {&multi_paxos_kv, "no_dedup", "no-dedup"},
    {&multi_paxos_kv, "waiter_by_index", "waiter-by-index"},
    {&multi_paxos_kv, "readindex_no_noop", "readindex-no-noop"},
    {&multi_paxos_kv, "reply_before_commit", "reply-before-commit"},
    {&multi_paxos_kv, "session_outside_sm", "session-outside-sm"},
    {&paxos, "minority", "minority-quorum"},
    {&paxos, "q.seed3", "quorum-over-peers"},
    {&paxos, "ignore_accepted", "ignore-accepted"},
    {&paxos, "accept_nocheck", "accept-nocheck"},
    {&paxos, "accept_nopromise", "accept-nopromise"},
    {&paxos, "any_accepted", "any-accepted"},
    {&paxos, "ballot_noid", "ballot-noid"},
    {&paxos, "np, of the promise", "promised-not-durable"},
    {&paxos, "np, of the vote", "accepted-not-durable"},
    {&paxos, "np, of what is decided", "decided-not-durable"},
    {&paxos, "phase2_rerun", "phase2-rerun"},
    {&paxos, "count_dup", "duplicates-counted"},
    {&paxos, "decide_wrong_value", "decide-wrong-value"},
    {&multi_paxos, "q.minority", "minority-quorum"},
    {&multi_paxos, "q.seed3", "quorum-over-peers"},
    {&multi_paxos, "q.dupcount", "duplicates-counted"},
    {&multi_paxos, "np, of the promise", "promised-not-durable"},
    {&multi_paxos, "np, of the votes", "accepted-not-durable"},
    {&multi_paxos, "np, of what is chosen", "chosen-not-durable"},
    {&multi_paxos, "no_adopt", "no-adopt"},
    {&multi_paxos, "gap_commit", "gap-commit"},
    {&multi_paxos, "commit_by_index", "commit-by-index"},
    {&multi_paxos, "ack_any_ballot", "ack-any-ballot"},
    {&multi_paxos, "slot_append", "slot-append"},
    {&multi_paxos, "truncate_on_accept", "truncate-on-accept"},
    {&multi_paxos, "self_heartbeat", "self-heartbeat"},
    {&multi_paxos, "no_gap_fill", "no-gap-fill"},
    {&flexible_paxos, "q1q2_le_n (1,2)", "q1q2-le-n"},
    {&flexible_paxos, "q1q2_le_n (2,1)", "q1q2-le-n-phase2"},
    {&flexible_paxos, "q1q2_le_n (2,2), four servers", "q1q2-le-n-four"},
    {&flexible_paxos, "q1_q1_only", "q1-q1-only"},
    {&flexible_paxos, "swap", "swap"},
    {&flexible_paxos, "no_adopt", "ignore-accepted"},
};

static bool has_mutant(const struct gs_model *model, const char *name)
{
    for (int i = 0; i < GS_MUTANTS_MAX && model->mutants[i].name; i++)
        if (strcmp(model->mutants[i].name, name) == 0)
            return true;
    return false;
}

Test(consensus, has_a_mutant_for_each_row_of_the_catalogue)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        cr_expect(has_mutant(rows[i].model, rows[i].mutant), "%s of %s: no mutant %s", rows[i].row, rows[i].model->name,
                  rows[i].mutant);
    for (int i = 0; i < GS_MUTANTS_MAX && paxos.mutants[i].name; i++)
        cr_expect(has_mutant(&flexible_paxos, paxos.mutants[i].name), "flexible-paxos: no %s", paxos.mutants[i].name);
}

/* ---- Five servers, at random ------------------------------------------------------------------------------------- */

static json_t *property_named(const json_t *report, const char *name)
{
    json_t *properties = json_object_get(report, "properties"), *property;
    size_t i;
    json_array_foreach(properties, i,
                       property) if (strcmp(json_string_of(property, "name"), name) == 0) return property;
    cr_fatal("no property %s in the report", name);
}

/* All of them are judged, after each step; goals as far as they are met. */
static void expect_all_judged(const struct gs_model *model, const json_t *report)
{
    for (int i = 0; i < GS_PROPERTIES_MAX && model->properties[i].name; i++) {
        const struct gs_property *property = &model->properties[i];
        const char *verdict = json_string_of(property_named(report, property->name), "verdict");
        if (property->kind != GS_REACHABLE)
            cr_expect(eq(str, (char *)(uintptr_t)verdict, "sampled"), "%s: %s", model->name, property->name);
    }
}

Test(consensus, holds_with_five_servers_in_random_runs_with_all_properties_at_each_step, .timeout = 120)
{
    for (size_t i = 0; i < FAMILY; i++) {
        struct ran ran = GAINSAY("fuzz", family[i]->name, "--preset", "five-servers", "--runs", IS_SLOW ? "20" : "200",
                                 "--json", "-");
        EXPECT_STATUS(ran, 0);
        json_t *report = parse_json(ran.out);
        cr_expect(eq(i64, json_number(json_object_get(report, "options"), "servers"), 5), "%s", family[i]->name);
        expect_all_judged(family[i], report);
        json_decref(report);
        forget(&ran);
    }
}

/* ---- Many values ------------------------------------------------------------------------------------------------- */

/* The beginning of the search: what it has judged, the whole of it judges too. */
static void expect_many_values(const struct gs_model *model, uint64_t max_states)
{
    struct gs_result result;
    const struct gs_config config = {.preset = "full", .max_states = max_states};
    cr_expect(eq(int, gs_check(model, &config, &result), GS_INCOMPLETE), "%s: %s", model->name, result.error);
    for (size_t i = 0; i < result.property_count; i++) {
        const struct gs_property_result *property = &result.properties[i];
        const bool is_claim =
            i < GS_PROPERTIES_MAX && model->properties[i].name && model->properties[i].kind != GS_REACHABLE;
        if (is_claim && property->verdict != GS_VERDICT_NOT_CHECKED)
            cr_expect(ge(u64, property->judged, 1000), "%s: %s", model->name, property->name);
    }
    gs_result_free(&result);
}

Test(consensus, judges_each_claim_of_full_on_a_thousand_values, .timeout = 300)
{
    if (IS_SLOW)
        return;
    expect_many_values(&raft, 1300000);
    expect_many_values(&raft_kv, 500000);
    expect_many_values(&multi_paxos, 300000);
    expect_many_values(&multi_paxos_kv, 700000);
    expect_many_values(&paxos, 1500000);
    expect_many_values(&flexible_paxos, 1000000);
}
