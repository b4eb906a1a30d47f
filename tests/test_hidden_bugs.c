/* Bounds that hide bugs (protocols.md 3.3), as a user meets them: the mutant is invisible in one configuration, the
 * report of that run names what cut it off, and in another configuration it is found. */
#include "tests/run_program.h"

struct hidden_bug {
    const char *protocol, *mutant, *property;
    const char *hidden_in, *set; /* a preset and, after it, one more option or NULL */
    const char *named;           /* in the report of that run */
    const char *visible_in;      /* a preset */
};

static const struct hidden_bug hidden_bugs[] = {
    {"paxos", "accept-nopromise", "one-chosen", "one-round", "rounds=1", "round <= rounds cut", "two-rounds"},
    {"paxos", "accept-nopromise", "one-chosen", "one-round", "proposers=3", "round <= rounds cut", "two-rounds"},
    {"paxos", "any-accepted", "one-chosen", "one-round", "rounds=1", "round <= rounds cut", "two-rounds"},
    {"paxos", "duplicates-counted", "agreement", "one-round", "rounds=1", "budget 0: drops, duplicates", "duplicate"},
    {"paxos", "promised-not-durable", "one-chosen", "one-round", "rounds=1", "restarts, reboots", "reboot"},
    {"paxos", "accepted-not-durable", "one-chosen", "one-round", "rounds=1", "restarts, reboots", "reboot"},
    {"paxos", "quorum-over-peers", "agreement", "four-servers", "servers=3", "servers=3", "four-servers"},
    {"flexible-paxos", "q1q2-le-n", "one-chosen", "one-round", "own-promise=0", "own-promise=0", "one-round"},
    {"multi-paxos", "ack-any-ballot", "decisions-are-chosen", "fast-elections", "phase2-size=2", "phase2-size=2",
     "fast-elections"},
    {"multi-paxos", "take-twice", "exactly-once", "quick", "leaders=1", "budget 0: drops, duplicates",
     "repeated-request"},
    {"craq", "clean-by-key", "versions-never-go-back", "versions", "unasked=1", "unasked=1", "versions"},
    {"raft-kv", "no-dedup", "exactly-once", "retry", "retries=0", "retries=0", "retry"},
    {"raft-kv", "session-outside-sm", "exactly-once", "retry", "terms=1", "term, log cut", "retry"},
    {"raft-kv", "waiter-by-index", "acknowledged-is-kept", "two-clients", "heartbeats=0", "heartbeats=0",
     "two-clients"},
    {"raft-kv", "stale-read", "linearizable", "quick", "terms=1", "term, log cut", "quick"},
    {"raft-kv", "stale-read", "linearizable", "quick", "operations=1", "operations=1", "quick"},
    {"raft-kv", "readindex-no-noop", "linearizable", "read-index", "terms=1", "term, log cut", "read-index"},
    {"multi-paxos-kv", "session-outside-sm", "exactly-once", "retry", "leaders=1", "leaders=1", "retry"},
    {"multi-paxos-kv", "stale-read", "linearizable", "quick", "leaders=1", "leaders=1", "quick"},
    {"multi-paxos-kv", "readindex-no-noop", "linearizable", "read-index", "leaders=1", "leaders=1", "read-index"},
};

static void expect_hidden(const struct hidden_bug *bug)
{
    struct ran ran = GAINSAY("check", bug->protocol, "--mutant", bug->mutant, "--property", bug->property, "--preset",
                             bug->hidden_in, "--set", bug->set);
    EXPECT_STATUS(ran, 0);
    cr_expect(strstr(ran.out, bug->named) != NULL, "%s: no \"%s\" in\n%s", bug->mutant, bug->named, ran.out);
    forget(&ran);
}

static void expect_visible(const struct hidden_bug *bug)
{
    struct ran ran = GAINSAY("check", bug->protocol, "--mutant", bug->mutant, "--property", bug->property, "--preset",
                             bug->visible_in);
    EXPECT_STATUS(ran, 1);
    forget(&ran);
}

Test(hidden_bugs, hide_behind_a_bound_that_the_report_names)
{
    for (size_t i = 0; i < sizeof(hidden_bugs) / sizeof(hidden_bugs[0]); i++) {
        expect_hidden(&hidden_bugs[i]);
        expect_visible(&hidden_bugs[i]);
    }
}
