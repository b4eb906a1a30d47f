/* Chain replication and CRAQ at random: with a clock they recover from crashes, with more servers they are safe. */
#include "tests/run_program.h"

static int fuzz(const char *protocol, const char *seed, const char *mutant)
{
    struct ran ran =
        GAINSAY("fuzz", protocol, "--seed", seed, "--set", "heartbeats=1", "--set", "epochs=2", "--set", "retries=9",
                "--set", "writes=1", "--set", "reads=1", "--profile", "wan", "--crashes", "1", "--restarts", "1",
                "--crash-every", "100ms", "--down-for", "1s", "--heal-after", "2s", "--recover-within", "5s",
                "--recovers", "all-returned", "--runs", "300", mutant ? "--mutant" : NULL, mutant);
    const int status = ran.status;
    forget(&ran);
    return status;
}

/* The tail crashes, and nobody tells the client of what it had not answered. */
Test(chain_fuzz, recovers_from_a_crash_but_not_if_a_new_tail_keeps_silent)
{
    static const char *const seeds[] = {"1", "2", "3"};
    for (size_t i = 0; i < 3; i++) {
        cr_expect(eq(int, fuzz("chain-replication", seeds[i], NULL), 0));
        cr_expect(eq(int, fuzz("chain-replication", seeds[i], "tail-promote-no-ack"), 1));
        cr_expect(eq(int, fuzz("craq", seeds[i], NULL), 0));
        cr_expect(eq(int, fuzz("craq", seeds[i], "tail-promote-no-ack"), 1));
    }
}

Test(chain_fuzz, is_safe_at_random_with_five_servers)
{
    static const char *const protocols[] = {"chain-replication", "craq"};
    for (size_t i = 0; i < 2; i++) {
        struct ran ran = GAINSAY("fuzz", protocols[i], "--set", "servers=5", "--set", "clients=3", "--set", "writers=3",
                                 "--set", "readers=3", "--set", "epochs=7", "--set", "retries=2", "--capacity", "30",
                                 "--crashes", "3", "--restarts", "3", "--partitions", "2", "--runs", "600");
        EXPECT_STATUS(ran, 0);
        forget(&ran);
    }
}
