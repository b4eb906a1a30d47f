/* Liveness mutants are killed by a deadline for recovery: each by nearly every seed, and by none without the mutant.
 * The commands are those of docs/random-search.md. */
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
    const char *all[ARGUMENTS_MAX] = {program_path(), "fuzz", "--quiet", "--seed"};
    char *text = text_of("%u", seed);
    size_t count = 4;
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
