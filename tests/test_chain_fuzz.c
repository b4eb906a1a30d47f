/* Chain replication and CRAQ at random: with a clock they recover from crashes, with more servers they are safe. */
#include "tests/run_program.h"
#include "tests/scale.h"

static int fuzz(const char *protocol, const char *seed, const char *mutant)
{
    struct ran ran = GAINSAY("fuzz", protocol, "--seed", seed, "--set", "heartbeats=1", "--set", "epochs=2", "--set",
                             "retries=9", "--set", "writes=1", "--set", "reads=1", "--profile", "wan", "--crashes", "1",
                             "--restarts", "1", "--crash-every", "100ms", "--down-for", "1s", "--heal-after", "2s",
                             "--recover-within", "5s", "--recovers", "all-returned", "--runs", "300",
                             "--shrink-seconds", "0", mutant ? "--mutant" : NULL, mutant);
    const int status = ran.status;
    forget(&ran);
    return status;
}

/* The tail crashes, and nobody tells the client of what it had not answered. */
Test(chain_fuzz, recovers_from_a_crash_but_not_if_a_new_tail_keeps_silent)
{
    static const char *const seeds[] = {"1", "2", "3"};
    for (size_t i = 0; i < (IS_SLOW ? 1 : 3); i++) {
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

static json_int_t sent(json_t *messages, const char *type)
{
    return json_integer_value(json_object_get(json_object_get(messages, type), "sent"));
}

/* protocols.md 8.3: of each write an update and an acknowledgement to each server but one; of each dirty read a
 * question and its answer, of each clean one none. */
Test(chain_fuzz, sends_as_many_messages_as_are_known)
{
    struct ran ran = GAINSAY("fuzz", "craq", "--preset", "steady", "--set", "writes=2", "--set", "servers=4",
                             "--profile", "datacenter", "--runs", "200", "--json", "-");
    EXPECT_STATUS(ran, 0);
    json_t *report = parse_json(ran.out);
    json_t *messages = json_object_get(json_object_get(report, "metrics"), "messages");
    cr_expect(eq(i64, sent(messages, "write-ok"), 200 * 2 * 2));
    cr_expect(eq(i64, sent(messages, "update"), 3 * sent(messages, "write-ok")));
    cr_expect(eq(i64, sent(messages, "ack"), 3 * sent(messages, "write-ok")));
    cr_expect(eq(i64, sent(messages, "read-ok"), 200 * 2 * 2));
    cr_expect(gt(i64, sent(messages, "ask-version"), 0));
    cr_expect(lt(i64, sent(messages, "ask-version"), sent(messages, "read-ok")));
    cr_expect(eq(i64, sent(messages, "version"), sent(messages, "ask-version")));
    json_decref(report);
    forget(&ran);
}
