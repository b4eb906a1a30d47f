/* The reference search against counts that others found, and the engine against the reference on random protocols. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "protocols/raft.h"
#include "protocols/two_phase_commit.h"
#include "tests/reference/compare.h"
#include "tests/scale.h"

/* ---- Two-phase commit: shared/style.md has these counts from five other programs ---- */

static struct reference_result search_two_phase_commit(const char *setting, const char *mutant)
{
    const char *settings[] = {setting, NULL}, *mutants[] = {mutant, NULL};
    const struct gs_config config = {.settings = settings, .mutants = mutants};
    struct reference_result result;
    reference_search(&two_phase_commit, &config, 100000, &result);
    cr_assert(result.ran, "%s", result.error);
    return result;
}

Test(reference, counts_two_phase_commit_as_other_checkers_do)
{
    static const struct {
        const char *setting;
        uint64_t states, transitions, depth;
    } cases[] = {{"resource-managers=3", 288, 761, 10},
                 {"resource-managers=4", 1568, 5377, 13},
                 {"resource-managers=5", 8832, 37345, 16}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct reference_result result = search_two_phase_commit(cases[i].setting, NULL);
        cr_expect(eq(u64, result.states, cases[i].states), "%s", cases[i].setting);
        cr_expect(eq(u64, result.transitions, cases[i].transitions), "%s", cases[i].setting);
        cr_expect(eq(u64, result.depth, cases[i].depth), "%s", cases[i].setting);
        cr_expect(result.complete && result.properties[0].verdict == GS_VERDICT_PROVED, "%s", cases[i].setting);
    }
}

Test(reference, finds_the_bugs_of_two_phase_commit)
{
    const struct reference_result one = search_two_phase_commit("resource-managers=3", "commit-on-one-vote");
    cr_expect(eq(int, (int)one.properties[0].verdict, GS_VERDICT_VIOLATED));
    cr_expect(eq(u64, one.properties[0].steps, 5));
    const struct reference_result other = search_two_phase_commit("resource-managers=3", "commit-without-votes");
    cr_expect(eq(int, (int)other.properties[0].verdict, GS_VERDICT_VIOLATED));
    cr_expect(eq(u64, other.properties[0].steps, 3));
}

/* ---- Raft's leader election: shared/protocols.md 3.1 has these counts ---- */

Test(reference, counts_raft_elections_as_other_checkers_do)
{
    static const struct {
        const char *servers, *terms;
        uint64_t states, transitions, depth;
    } cases[] = {{"servers=2", "terms=1", 20, 24, 6},
                 {"servers=2", "terms=2", 364, 874, 10},
                 {"servers=3", "terms=1", 2551, 8760, 15}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *settings[] = {cases[i].servers, cases[i].terms, "heartbeats=0", NULL};
        const struct gs_config config = {.settings = settings, .network = GS_BAG, .no_reductions = true};
        struct reference_result result;
        reference_search(&raft, &config, 100000, &result);
        cr_assert(result.ran, "%s", result.error);
        cr_expect(eq(u64, result.states, cases[i].states), "%s %s", cases[i].servers, cases[i].terms);
        cr_expect(eq(u64, result.transitions, cases[i].transitions), "%s %s", cases[i].servers, cases[i].terms);
        cr_expect(eq(u64, result.depth, cases[i].depth), "%s %s", cases[i].servers, cases[i].terms);
    }
}

/* ---- Random protocols ---- */

/* How many: fewer where each takes long. GAINSAY_RANDOM_PROTOCOLS=n says another number. */
enum { PROTOCOLS_DEFAULT = IS_SLOW ? 150 : 1000 };
enum { PROTOCOLS_FULL = 1000, WORKERS = 2, FAILURES_SHOWN = 3 };

/* What the protocols had in them; shared by the processes that search. */
struct coverage {
    uint64_t protocols, failures, large, held, violated, all_well, reduced, misbehaved;
    uint64_t networks[GS_FIFO + 1], actions[ACTION_COUNT], cuts[REFERENCE_CUTS], verdicts[GS_VERDICT_VACUOUS + 1];
    uint64_t kinds[GS_QUIESCENT + 1][GS_SCOPE_STEP_ROLE + 1]; /* violated, or goals met */
    uint64_t ignored, lost, absorbed;
};

/* Only this process adds to its own. */
static void cover_properties(struct coverage *coverage, const struct reference_result *result)
{
    bool violated = false, well = true;
    for (unsigned p = 0; p < result->property_count; p++) {
        const struct reference_property *property = &result->properties[p];
        const bool found =
            property->verdict == GS_VERDICT_VIOLATED ||
            (property->verdict == GS_VERDICT_PROVED && property->property && property->property->kind == GS_REACHABLE);
        coverage->verdicts[property->verdict]++;
        violated |= property->verdict == GS_VERDICT_VIOLATED;
        well &= property->verdict == GS_VERDICT_PROVED || property->verdict == GS_VERDICT_NOT_CHECKED;
        if (found && property->property)
            coverage->kinds[property->property->kind][property->property->scope]++;
    }
    coverage->violated += violated;
    coverage->held += !violated && result->complete;
    coverage->all_well += well;
}

static void cover(struct coverage *coverage, const struct reference_result *result)
{
    coverage->protocols++;
    coverage->large += result->states > 200;
    coverage->reduced += result->reduced;
    coverage->misbehaved += result->misbehaved > 0;
    coverage->ignored += result->ignored > 0;
    coverage->lost += result->lost > 0;
    coverage->absorbed += result->absorbed > 0;
    coverage->networks[result->network]++;
    for (unsigned a = 0; a < ACTION_COUNT; a++)
        coverage->actions[a] += result->actions[a] > 0;
    for (unsigned c = 0; c < REFERENCE_CUTS; c++)
        coverage->cuts[c] += result->cuts[c] > 0;
    cover_properties(coverage, result);
}

static void report_failure(const struct random_protocol *protocol, const char *difference)
{
    random_protocol_print(protocol, stderr);
    fprintf(stderr, "random protocol %" PRIu64 ": %s\nGAINSAY_RANDOM_SEED=%" PRIu64 " runs it alone.\n", protocol->seed,
            difference, protocol->seed);
}

static void search_seed(uint64_t seed, struct coverage *coverage)
{
    static struct reference_result result;
    char difference[COMPARE_TEXT];
    struct random_protocol protocol = compare_fit(seed, &result);
    if (!compare_protocol(&protocol, &result, difference) ||
        !compare_threads(protocol.model, &protocol.config, difference)) {
        coverage->failures++;
        report_failure(&protocol, difference);
    }
    cover(coverage, &result);
    random_protocol_free(&protocol);
}

static void search_share(unsigned worker, uint64_t protocols, struct coverage *coverage)
{
    for (uint64_t seed = worker; seed < protocols && coverage->failures < FAILURES_SHOWN; seed += WORKERS)
        search_seed(seed, coverage);
}

static void add_up(uint64_t *total, const uint64_t *part)
{
    for (size_t i = 0; i < sizeof(struct coverage) / sizeof(uint64_t); i++)
        total[i] += part[i];
}

/* Two processes search, each its share; a fork of a fork that Criterion made. */
static struct coverage search_all(uint64_t protocols)
{
    struct coverage *shared =
        mmap(NULL, WORKERS * sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct coverage total = {0};
    int status = 0;
    cr_assert(shared != MAP_FAILED);
    const pid_t child = fork();
    cr_assert(child >= 0);
    if (child == 0) {
        search_share(1, protocols, &shared[1]);
        _exit(0);
    }
    search_share(0, protocols, &shared[0]);
    waitpid(child, &status, 0);
    cr_expect(eq(int, status, 0), "wait status of the second process");
    for (unsigned w = 0; w < WORKERS; w++)
        add_up((uint64_t *)&total, (const uint64_t *)&shared[w]);
    munmap(shared, WORKERS * sizeof(*shared));
    return total;
}

static void expect_events(const struct coverage *coverage)
{
    for (unsigned a = ACTION_DELIVER; a < ACTION_COUNT; a++)
        cr_expect(ge(u64, coverage->actions[a], 50), "protocols with event %s", action_names[a]);
    for (unsigned n = GS_SET; n <= GS_FIFO; n++)
        cr_expect(ge(u64, coverage->networks[n], 200), "protocols with network %s", network_names[n]);
    for (unsigned c = 0; c < REFERENCE_CUTS; c++)
        cr_expect(ge(u64, coverage->cuts[c], 10), "protocols in which %s cuts", reference_cut_names[c]);
    cr_expect(ge(u64, coverage->ignored, 100));
    cr_expect(ge(u64, coverage->lost, 5));
    cr_expect(ge(u64, coverage->absorbed, 20));
    cr_expect(ge(u64, coverage->reduced, 50));
    cr_expect(ge(u64, coverage->misbehaved, 10));
}

static void expect_verdicts(const struct coverage *coverage)
{
    uint64_t at_rest = 0;
    cr_expect(gt(u64, 2 * coverage->large, coverage->protocols), "over half are to have more than 200 states");
    cr_expect(ge(u64, coverage->violated, 50));
    cr_expect(ge(u64, coverage->held, 50));
    for (unsigned v = 0; v <= GS_VERDICT_VACUOUS; v++)
        if (v != GS_VERDICT_SAMPLED)
            cr_expect(ge(u64, coverage->verdicts[v], 50), "properties %s", gs_verdict_names[v]);
    for (unsigned s = 0; s <= GS_SCOPE_STEP_ROLE; s++) {
        cr_expect(ge(u64, coverage->kinds[GS_ALWAYS][s], 3), "violated properties of scope %u", s);
        cr_expect(ge(u64, coverage->kinds[GS_REACHABLE][s], 3), "goals met of scope %u", s);
        at_rest += coverage->kinds[GS_QUIESCENT][s];
    }
    cr_expect(ge(u64, at_rest, 15), "violated properties of states at rest");
}

Test(reference, agrees_with_the_engine_on_random_protocols)
{
    const char *seed = getenv("GAINSAY_RANDOM_SEED"), *count = getenv("GAINSAY_RANDOM_PROTOCOLS");
    const uint64_t protocols = count ? strtoull(count, NULL, 10) : PROTOCOLS_DEFAULT;
    struct coverage coverage = {0};
    if (seed)
        search_seed(strtoull(seed, NULL, 10), &coverage);
    else
        coverage = search_all(protocols);
    cr_expect(eq(u64, coverage.failures, 0));
    if (seed || protocols < PROTOCOLS_FULL || coverage.failures)
        return;
    expect_events(&coverage);
    expect_verdicts(&coverage);
}
