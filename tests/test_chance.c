/* What shrinking leaves to chance: random runs of a configuration, and whether mutants are to blame for what they
 * show. */
#include "checker/chance.h"

#include "checker/blame.h"
#include "checker/shrink.h"
#include "core/run_setup.h"
#include "protocols/paxos.h"
#include "protocols/raft.h"
#include "tests/checker_sample.h"
#include "tests/random_walk.h"
#include "traces/explanation_class.h"

static struct gs_run *make_run(const struct gs_model *model, const struct run_config *config)
{
    char error[400];
    struct gs_run *run = run_new(model, config, error, sizeof(error));
    cr_assert(run != NULL, "%s", error);
    return run;
}

static struct wanted wanted_of(const struct gs_run *run, const char *property, const char *explanation)
{
    struct wanted wanted = {0};
    while (strcmp(run_property(run, wanted.property)->name, property) != 0)
        wanted.property++;
    wanted.monitors_on = trace_own_monitor(run, wanted.property);
    explanation_class(run, explanation, wanted.class);
    return wanted;
}

/* ---- Random runs ---- */

static const char two_leaders[] = "server0 and server1 were both elected in term 1";

static struct chance draw(const struct gs_run *run, const char *explanation, uint64_t first_run, unsigned threads)
{
    const struct wanted wanted = wanted_of(run, "at-most-one-leader", explanation);
    const struct chance_limits limits = {
        .first_run = first_run, .runs = 1000, .steps = 100, .steps_all = 20000, .threads = threads};
    struct chance chance;
    chance_search(run, &wanted, &limits, &chance);
    return chance;
}

Test(chance, finds_a_failing_run_of_the_class_the_same_on_any_number_of_threads)
{
    struct gs_run *run = make_run(&raft, &(struct run_config){.preset = "one-term", .mutants = LIST("vote-twice")});
    struct chance one = draw(run, two_leaders, 0, 1), four = draw(run, two_leaders, 0, 4);
    struct replay replay;
    cr_assert(one.found != NULL && four.found != NULL);
    cr_expect(eq(u64, one.next_run, four.next_run));
    cr_expect(eq(sz, one.found->step_count, four.found->step_count));
    trace_replay(one.found, NULL, NULL, &replay);
    cr_expect(eq(int, (int)replay.end, REPLAY_VIOLATED));
    struct chance next = draw(run, two_leaders, one.next_run, 1);
    cr_expect(next.found != NULL && next.next_run > one.next_run, "the runs behind it are others");
    trace_free(one.found);
    trace_free(four.found);
    trace_free(next.found);
    run_free(run);
}

Test(chance, finds_nothing_of_another_class_nor_where_nothing_is_planted_and_comes_to_an_end)
{
    struct gs_run *run = make_run(&raft, &(struct run_config){.preset = "one-term", .mutants = LIST("vote-twice")});
    struct chance other = draw(run, "no server was ever elected", 0, 1);
    cr_expect(other.found == NULL);
    run_free(run);
    run = make_run(&raft, &(struct run_config){.preset = "one-term"});
    struct chance none = draw(run, two_leaders, 0, 1);
    cr_expect(none.found == NULL);
    cr_expect(ge(u64, none.next_run, 1000), "all runs took place");
    run_free(run);
}

/* ---- Blame ---- */

static bool is_blameless(const char *const *settings, const char *mutant)
{
    struct gs_run *run = make_run(
        &flexible_paxos, &(struct run_config){.preset = "one-round", .settings = settings, .mutants = LIST(mutant)});
    const struct wanted wanted = wanted_of(run, "agreement", "both value 1 and value 2 were decided");
    const bool is = blame_is_without_mutants(run, &wanted, &(struct blame_limits){.steps_max = 20, .threads = 1});
    run_free(run);
    return is;
}

Test(chance, blames_mutants_unless_the_configuration_fails_without_them)
{
    cr_expect(not(is_blameless((const char *const[]){NULL}, "minority-quorum")));
    cr_expect(is_blameless((const char *const[]){"phase1-size=1", "phase2-size=1", NULL}, "minority-quorum"));
}

/* Two quorums of one server each fail without any mutant, in fewer steps. */
Test(chance, leaves_the_mutant_to_blame_when_it_shrinks)
{
    struct gs_run *run = make_run(&flexible_paxos, &(struct run_config){.preset = "quick", .mutants = LIST("swap")});
    const struct wanted wanted = wanted_of(run, "one-chosen", "");
    struct trace *walk = NULL;
    char error[400];
    struct shrunk shrunk;
    for (uint64_t seed = 1; seed < 10000 && !walk; seed++)
        walk = random_walk(run, wanted.property, seed, 0, 200);
    cr_assert(walk != NULL);
    cr_assert(shrink_trace(walk, &(struct shrink_limits){.threads = 1}, &shrunk, error, sizeof(error)), "%s", error);
    cr_expect(eq(u64, shrunk.trace->run->mutants, run->mutants));
    cr_expect(eq(int, (int)shrunk.guarantee, SHRINK_GLOBALLY_SHORTEST));
    shrunk_free(&shrunk);
    trace_free(walk);
    run_free(run);
}
