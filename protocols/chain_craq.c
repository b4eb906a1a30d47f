/* CRAQ, chain replication in which every server answers reads: Terrace and Freedman, "Object Storage on CRAQ" (2009).
 * The servers and the master are those of protocols/chain.c, reads are in protocols/chain_reads.c. */
#include "protocols/chain.h"

enum { STALENESS = 1 }; /* unless it is set */

static const char *const consistency_names[] = {"strong", "eventual", "bounded"};
static const struct chain_kind kind = {.is_craq = true};

static bool is_strong(const struct gs_run *run)
{
    return gs_option(run, CHAIN_CONSISTENCY) == CHAIN_STRONG;
}

static bool is_linearizable(const struct gs_run *run)
{
    return is_strong(run) && chain_has_history(run);
}

static bool is_steady(const struct gs_run *run)
{
    return is_strong(run) && chain_is_steady(run);
}

static bool is_not_eventual(const struct gs_run *run)
{
    return gs_option(run, CHAIN_CONSISTENCY) != CHAIN_EVENTUAL;
}

static bool may_ask(const struct gs_run *run)
{
    return is_strong(run) && chain_has_row(run) && chain_writes(run) && chain_reads(run);
}

static bool may_be_late(const struct gs_run *run)
{
    return may_ask(run) && gs_count(run, CHAIN_SERVER) >= 3 && chain_writes(run) >= 2;
}

/* A client waits for its write before it writes again. */
static bool may_be_twice_dirty(const struct gs_run *run)
{
    return chain_has_row(run) && chain_reads(run) && chain_writes(run) > gs_option(run, CHAIN_WRITES);
}

static bool may_be_ahead(const struct gs_run *run)
{
    return !is_strong(run) && chain_has_row(run) && chain_writes(run) && chain_reads(run) &&
           (gs_option(run, CHAIN_CONSISTENCY) == CHAIN_EVENTUAL || gs_option(run, CHAIN_STALENESS) > 0);
}

static const char *refuses(const struct gs_run *run)
{
    return gs_option(run, CHAIN_STALENESS) != STALENESS && gs_option(run, CHAIN_CONSISTENCY) != CHAIN_BOUNDED
               ? "staleness has a meaning with consistency=bounded only: leave it out, or set that"
               : NULL;
}

const struct gs_model craq = {
    .name = "craq",
    .title = "chain replication in which every server answers reads",
    .source = "Terrace and Freedman, Object Storage on CRAQ: High-throughput chain replication for read-mostly "
              "workloads (2009)",
    .message_size = sizeof(struct chain_message),
    .message_fields = chain_message_fields,
    .network = GS_FIFO,
    .roles = CHAIN_ROLES(kind, craq_clients),
    .events = CHAIN_EVENTS,
    .options =
        {
            CHAIN_OPTIONS,
            [CHAIN_CONSISTENCY] = {"consistency", "of reads: bounded may be ahead of what is final by staleness",
                                   CHAIN_STRONG, CHAIN_STRONG, CHAIN_BOUNDED, consistency_names},
            [CHAIN_STALENESS] = {"staleness", "versions that a bounded read may be ahead", STALENESS, 0, 4, NULL},
        },
    .presets =
        {
            {.name = "quick",
             .meaning = "3 servers of which the master takes one out, dead or alive; a client writes, one reads "
                        "twice, anywhere",
             .settings = {"reads=2", "epochs=2"}},
            {.name = "full", .meaning = "as quick, with two writes", .settings = {"writes=2", "reads=2", "epochs=2"}},
            {.name = "steady",
             .meaning = "3 servers that are never suspected; 2 clients write, then read twice",
             .settings = {"writers=2", "readers=2", "reads=2", "confirmed-reads=0"}},
            {.name = "three-clients",
             .meaning = "3 servers that are never suspected; 2 clients write, another reads twice",
             .settings = {"clients=3", "writers=2", "reads=2", "confirmed-reads=0"}},
            {.name = "eventual",
             .meaning = "as steady; reads may return what is not final",
             .settings = {"writers=2", "readers=2", "reads=2", "consistency=eventual"}},
            {.name = "bounded",
             .meaning = "as steady; reads may be one version ahead of what is final",
             .settings = {"writers=2", "readers=2", "reads=2", "consistency=bounded"}},
            CHAIN_CHANGE_PRESETS,
            {.name = "unchecked",
             .meaning = "3 servers that rely on the order of the links, one is taken out; 2 clients write, one reads",
             .settings = {"writers=2", "epochs=2", "seq-check=0"}},
            {.name = "versions",
             .meaning = "3 servers, no clients: the head writes twice by itself, the servers read twice",
             .settings = {"clients=1", "writers=0", "readers=0", "unasked=2", "answers=head"},
             .budgets = {.timeouts = 2}},
            {.name = "versions-unordered",
             .meaning = "as versions, over links that keep no order",
             .settings = {"clients=1", "writers=0", "readers=0", "unasked=2", "answers=head"},
             .network = GS_BAG,
             .budgets = {.timeouts = 2}},
        },
    .mutants =
        {
            CHAIN_MUTANT(READ_ANYWHERE, "read-dirty", "versions-never-go-back", "versions",
                         "a server answers with the newest that it has, clean or not"),
            CHAIN_MUTANTS,
            CHAIN_MUTANT(CLEAN_BY_KEY, "clean-by-key", "versions-never-go-back", "versions",
                         "an acknowledgement makes all versions of the key clean"),
            CHAIN_MUTANT(QUERY_VALUE_RACE, "query-value-race", "linearizable", "three-clients",
                         "a server answers with its newest version, not with the one that the tail named"),
            CHAIN_MUTANT(DROP_OLD_VERSIONS_EARLY, "drop-old-versions-early", "named-version-is-held", "steady",
                         "a server drops older versions when a newer one comes, not when that is clean"),
        },
    .announcements = CHAIN_ANNOUNCEMENTS,
    .monitors = {CHAIN_MONITORS, [CHAIN_AHEAD] = {.name = "ahead",
                                                  .size = sizeof(struct chain_ahead),
                                                  .fields = chain_ahead_fields,
                                                  .announced = chain_note_ahead}},
    .properties =
        {
            CHAIN_LINEARIZABLE(is_linearizable, "consistency = strong, unasked = 0, writers or readers"),
            CHAIN_PROPERTIES(is_steady, "unasked >= 1, no writes of clients, epochs = 1, consistency = strong"),
            CHAIN_PAIR_CLAIM("clean-follows-the-tail",
                             "what a server takes for clean, all servers behind it in the chain do",
                             chain_clean_follows_tail, chain_has_row, "servers >= 2"),
            CHAIN_CLAIM(ALWAYS, MESSAGE_RECEIVER, CHAIN_SERVER, 0, 0, "named-version-is-held",
                        "a server keeps the version that the tail names, or a newer one is final by then",
                        chain_named_is_held, may_ask, "consistency = strong, servers >= 2, writers and readers"),
            CHAIN_CLAIM(ALWAYS, MONITOR, 0, 0, CHAIN_AHEAD, "ahead-at-most",
                        "a read is ahead of what is final by no more than its consistency allows", chain_ahead_at_most,
                        is_not_eventual, "consistency = strong or bounded"),
            CHAIN_CLAIM(REACHABLE, MESSAGE, 0, 0, 0, "dirty-read-asks-the-tail",
                        "a server asks the tail which version is final", chain_asks_tail, may_ask,
                        "consistency = strong, servers >= 2, writers and readers"),
            CHAIN_CLAIM(REACHABLE, MESSAGE_RECEIVER, CHAIN_SERVER, 0, 0, "write-during-query",
                        "a newer version is clean before it is known which one the tail named",
                        chain_write_during_query, may_be_late,
                        "consistency = strong, servers >= 3, 2 writes and a read"),
            CHAIN_CLAIM(REACHABLE, MESSAGE_RECEIVER, CHAIN_SERVER, 0, 0, "read-with-two-dirty",
                        "the head is asked for a value of which two versions are dirty", chain_two_dirty,
                        may_be_twice_dirty, "servers >= 2, 2 writers and a reader"),
            CHAIN_CLAIM(REACHABLE, MONITOR, 0, 0, CHAIN_AHEAD, "reads-uncommitted", "a read returns what is not final",
                        chain_reads_uncommitted, may_be_ahead,
                        "consistency = eventual or bounded, servers >= 2, writers and readers"),
        },
    .splits = chain_splits,
    .refuses = refuses,
};
