/* Recovery by a deadline. Liveness mutants are killed by it: each by nearly every seed, and by none without the mutant,
 * with the commands of docs/random-search.md. Where nothing is wrong it is had, and it is told how often it was judged.
 */
#include "tests/run_program.h"

enum { SEEDS = 20, KILLED_LEAST = 19, ARGUMENTS_MAX = 40 };

/* Arguments of fuzz; NULL-terminated. */
static const char *const raft_recovers[] = {"raft",
                                            "--set",
                                            "terms=30",
                                            "--profile",
                                            "datacenter",
                                            "--heal-after",
                                            "1s",
                                            "--recover-within",
                                            "2s",
                                            "--recovers",
                                            "leader-elected",
                                            "--runs",
                                            "100",
                                            NULL};
static const char *const multi_paxos_recovers[] = {"multi-paxos",  "--set",
                                                   "leaders=1",    "--set",
                                                   "clients=2",    "--set",
                                                   "requests=2",   "--set",
                                                   "slots=3",      "--set",
                                                   "window=3",     "--set",
                                                   "rounds=20",    "--set",
                                                   "heartbeats=1", "--local-after",
                                                   "700ms..1s",    "--heal-after",
                                                   "10ms",         "--recover-within",
                                                   "4s",           "--recovers",
                                                   "log-is-full",  "--runs",
                                                   "200",          NULL};

/* mutant: NULL for none. */
static struct ran fuzz(const char *const *arguments, unsigned seed, const char *mutant)
{
    const char *all[ARGUMENTS_MAX] = {program_path(), "fuzz", "--quiet", "--shrink-seconds", "0", "--seed"};
    char *text = text_of("%u", seed);
    size_t count = 6;
    all[count++] = text;
    for (; *arguments; arguments++)
        all[count++] = *arguments;
    if (mutant) {
        all[count++] = "--mutant";
        all[count++] = mutant;
    }
    cr_assert(lt(sz, count, ARGUMENTS_MAX));
    struct ran ran = run_in(NULL, all);
    free(text);
    return ran;
}

static void expect_killed(const char *const *arguments, const char *mutant)
{
    unsigned killed = 0;
    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        struct ran with = fuzz(arguments, seed, mutant), without = fuzz(arguments, seed, NULL);
        killed += with.status == 1 && strstr(with.out, " property=recovers ") != NULL;
        cr_expect(eq(int, without.status, 0), "seed %u without %s: %s", seed, mutant, without.out);
        forget(&with);
        forget(&without);
    }
    cr_expect(ge(int, (int)killed, KILLED_LEAST), "%s", mutant);
}

Test(recovery, is_not_had_where_all_election_timeouts_are_equal)
{
    expect_killed(raft_recovers, "fixed-timeouts");
}

Test(recovery, is_not_had_where_a_leader_steps_down_at_its_own_heartbeat)
{
    expect_killed(multi_paxos_recovers, "self-heartbeat");
}

/* ---- Where nothing is wrong ---- */

/* A message that is put off may come due after its successor has: neither is forgotten. */
static void expect_both_received(const char *heal_after, const char *partitions)
{
    char *plugin = text_of("%s/tests/data/plugins/deferring.c", project_root());
    struct ran ran = GAINSAY("fuzz", plugin, "--profile", "wan", "--partition-every", "20ms", "--partition-for", "50ms",
                             "--partitions", partitions, "--heal-after", heal_after, "--recover-within", "2s",
                             "--recovers", "has-both", "--runs", "1000");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "sampled: met in 1,000 of 1,000 runs");
    EXPECT_IN(ran.out, "recovers      sampled: in 1,000 runs");
    forget(&ran);
    free(plugin);
}

Test(recovery, is_had_where_messages_in_order_are_deferred)
{
    expect_both_received("1s", "0");
}

Test(recovery, is_had_where_messages_in_order_wait_for_a_link)
{
    expect_both_received("100ms", "8");
}

/* Runs of a Raft with few terms, of which some use them up, or with few steps. */
static struct ran fuzz_briefly(const char *terms, const char *steps)
{
    return GAINSAY("fuzz", "raft", "--set", terms, "--steps", steps, "--profile", "wan", "--heal-after", "1s",
                   "--recover-within", "2s", "--recovers", "second-leader-in-a-later-term", "--runs", "300");
}

Test(recovery, is_counted_in_the_runs_in_which_it_was_judged)
{
    struct ran held_back = fuzz_briefly("terms=3", "1000"), too_short = fuzz_briefly("terms=30", "20");
    EXPECT_STATUS(held_back, 0);
    EXPECT_IN(held_back.out,
              "sampled: met in 288 of 288 runs that were judged; not judged in 12, in which a bound held "
              "something back\n");
    EXPECT_STATUS(too_short, 0);
    EXPECT_IN(too_short.out, "sampled: met in 0 of 0 runs that were judged; not judged in 300, which ended before the "
                             "deadline\n");
    forget(&held_back);
    forget(&too_short);
}

/* ---- In each run ---- */

static struct ran fuzz_hostile(const char *runs)
{
    return GAINSAY("fuzz", "raft", "--set", "terms=6", "--profile", "hostile", "--heal-after", "5s", "--recover-within",
                   "5s", "--recovers", "leader-elected", "--threads", "1", runs);
}

/* What was met before the healing, or in the run before, is not met after it: a run is judged alone as among others. */
Test(recovery, is_judged_from_the_healing_on_in_every_run)
{
    unsigned judged = 0;
    for (unsigned run = 0; run < 30; run++) {
        char *number = text_of("--run=%u", run);
        struct ran alone = fuzz_hostile(number);
        judged += strstr(alone.out, "recovers                       sampled: in 1 run\n") != NULL;
        forget(&alone);
        free(number);
    }
    struct ran together = fuzz_hostile("--runs=30");
    char *met =
        text_of("recovers                       sampled: met in %u of %u runs that were judged", judged, judged);
    cr_expect(lt(u32, judged, 30), "a bound held something back in none of them");
    EXPECT_IN(together.out, met);
    forget(&together);
    free(met);
}
