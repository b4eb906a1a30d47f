/* How many messages an operation takes when nothing goes wrong (protocols.md 8.3): counted in a whole run, in which
 * everything that is sent arrives once. */
#include "tests/run_program.h"

/* How often that event took place in the run whose report in JSON this is. */
static long times(const char *report, const char *event)
{
    char *name = text_of("\n    \"%s\": ", event);
    const char *found = strstr(report, name);
    cr_assert(found != NULL, "no event %s in\n%s", event, report);
    const long number = strtol(found + strlen(name), NULL, 10);
    free(name);
    return number;
}

struct count {
    const char *event;
    int per_peer; /* times (n - 1) */
};

/* The report of a run at random of so many servers, the first one drawn that has this event. Every message arrives, and
 * those of one server to another in order. */
static char *run_with(const char *protocol, int servers, const char *event, const char *const *settings)
{
    char *size = text_of("servers=%d", servers);
    for (int seed = 1; seed <= 60; seed++) {
        char *number = text_of("%d", seed), *report;
        const char *words[40] = {program_path(), "fuzz",    protocol, "--network", "fifo",
                                 "--strategy",   "uniform", "--runs", "1",         "--seed",
                                 number,         "--json",  "-",      "--set",     size};
        for (size_t i = 0, end = 15; settings[i]; i++)
            words[end++] = settings[i];
        struct ran ran = run_in(project_root(), words);
        EXPECT_STATUS(ran, 0);
        report = text_of("%s", ran.out);
        forget(&ran);
        free(number);
        if (times(report, event) > 0) {
            free(size);
            return report;
        }
        free(report);
    }
    cr_fatal("%s: none of 60 runs has %s", protocol, event);
}

static void expect_counts(const char *protocol, const char *event, const char *const *settings,
                          const struct count *counts)
{
    for (int servers = 3; servers <= 5; servers += 2) {
        char *report = run_with(protocol, servers, event, settings);
        for (const struct count *count = counts; count->event; count++)
            cr_expect(eq(long, times(report, count->event), (long)count->per_peer *(servers - 1)), "%s, %d servers: %s",
                      protocol, servers, count->event);
        free(report);
    }
}

#define SETTINGS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define COUNTS(...) ((const struct count[]){__VA_ARGS__, {NULL, 0}})

Test(message_counts, of_an_election_and_of_a_command_of_raft)
{
    expect_counts(
        "raft", "append-entries", SETTINGS("--set", "candidates=1", "--set", "terms=1", "--timeouts", "1"),
        COUNTS({"request-vote", 1}, {"request-vote-reply", 1}, {"append-entries", 1}, {"append-entries-reply", 1}));
    expect_counts("raft", "propose",
                  SETTINGS("--set", "candidates=1", "--set", "terms=1", "--set", "proposals=1", "--set",
                           "silent-leaders=1", "--timeouts", "1"),
                  COUNTS({"append-entries", 1}, {"append-entries-reply", 1}));
}

/* Whether it sets or gets. */
Test(message_counts, of_a_command_of_the_store)
{
    for (int gets = 0; gets <= 1; gets++) {
        char *sets = text_of("sets=%d", 1 - gets);
        expect_counts("raft-kv", "answer",
                      SETTINGS("--set", "candidates=1", "--set", "operations=1", "--set", sets, "--timeouts", "1"),
                      COUNTS({"append-entries", 1}, {"append-entries-reply", 1}, {"confirm", 0}, {"confirmed", 0}));
        expect_counts("multi-paxos-kv", "answer",
                      SETTINGS("--set", "leaders=1", "--set", "heartbeats=0", "--set", "operations=1", "--set", sets,
                               "--timeouts", "1"),
                      COUNTS({"prepare", 1}, {"promise", 1}, {"accept", 1}, {"accepted", 1}, {"confirm", 0}));
        free(sets);
    }
}

/* The entry is the leader's no-op. */
Test(message_counts, of_a_read_by_index)
{
    expect_counts("raft-kv", "answer",
                  SETTINGS("--preset", "read-index", "--set", "candidates=1", "--set", "operations=1", "--set",
                           "sets=0", "--timeouts", "1"),
                  COUNTS({"confirm", 1}, {"confirmed", 1}, {"append-entries", 1}, {"append-entries-reply", 1}));
    expect_counts("multi-paxos-kv", "answer",
                  SETTINGS("--set", "reads=read-index", "--set", "leaders=1", "--set", "heartbeats=0", "--set",
                           "operations=1", "--set", "sets=0", "--timeouts", "1"),
                  COUNTS({"confirm", 1}, {"confirmed", 1}, {"accept", 0}, {"accepted", 0}));
}

Test(message_counts, of_a_decision_of_paxos)
{
    expect_counts("paxos", "decision",
                  SETTINGS("--set", "proposers=1", "--set", "rounds=1", "--set", "nacks=0", "--set", "learning=1",
                           "--timeouts", "1"),
                  COUNTS({"prepare", 1}, {"promise", 1}, {"accept", 1}, {"accepted", 1}, {"decision", 1}));
}

Test(message_counts, of_a_request_to_a_stable_leader_of_multi_paxos)
{
    expect_counts("multi-paxos", "accept",
                  SETTINGS("--set", "leaders=1", "--set", "clients=1", "--set", "slots=1", "--timeouts", "1"),
                  COUNTS({"prepare", 1}, {"promise", 1}, {"accept", 1}, {"accepted", 1}));
}

/* Sent to all, whatever the quorum: fewer are waited for. */
Test(message_counts, of_a_decision_of_flexible_paxos)
{
    expect_counts("flexible-paxos", "accept",
                  SETTINGS("--set", "proposers=1", "--set", "rounds=1", "--set", "phase1-size=3", "--set",
                           "phase2-size=3", "--timeouts", "1"),
                  COUNTS({"prepare", 1}, {"promise", 1}, {"accept", 1}, {"accepted", 1}));
}
