/* Multi-leader replication's model: tables, options, presets, mutants. */
#include "protocols/multi_leader_model.h"

#include "properties/convergence.h"

enum { HISTORY }; /* monitor */
enum { LEADER = MULTI_LEADER_LEADER };

static const char *const resolver_names[] = {"lww", "siblings", "merge"};

static const struct gs_field clock_fields[] = GS_VECTOR_CLOCK_FIELDS(LEADER);
static const struct gs_field version_fields[] = {
    GS_FIELD(struct multi_leader_version, value),
    GS_FIELD(struct multi_leader_version, writer),
    GS_STRUCT(struct multi_leader_version, time, gs_hybrid_time_fields),
    GS_STRUCT(struct multi_leader_version, vector, clock_fields),
    GS_FIELD(struct multi_leader_version, covers),
    GS_FIELDS_END,
};
static const struct gs_field item_fields[] = {
    GS_FIELD(struct multi_leader_item, count),
    GS_STRUCT_LIST(struct multi_leader_item, versions, count, version_fields),
    GS_STRUCT(struct multi_leader_item, seen, clock_fields),
    GS_FIELD(struct multi_leader_item, known),
    GS_FIELDS_END,
};
static const struct gs_field leader_fields[] = {
    GS_FIELD(struct multi_leader_leader, made, GS_DURABLE),
    GS_FIELD(struct multi_leader_leader, keys, GS_DURABLE),
    GS_FIELD(struct multi_leader_leader, unsynced, GS_DURABLE),
    GS_STRUCT_LIST(struct multi_leader_leader, items, keys, item_fields, GS_DURABLE),
    GS_FIELDS_END,
};
static const struct gs_field message_fields[] = {
    GS_FIELD(struct multi_leader_message, key),
    GS_STRUCT(struct multi_leader_message, version, version_fields),
    GS_FIELD(struct multi_leader_message, asks),
    GS_FIELD(struct multi_leader_message, keys),
    GS_STRUCT_LIST(struct multi_leader_message, items, keys, item_fields),
    GS_FIELDS_END,
};
static const struct gs_field wrote_fields[] = {
    GS_FIELD(struct multi_leader_wrote, number),
    GS_FIELD(struct multi_leader_wrote, key),
    GS_FIELD(struct multi_leader_wrote, value),
    GS_FIELD(struct multi_leader_wrote, by),
    GS_STRUCT(struct multi_leader_wrote, time, gs_hybrid_time_fields),
    GS_FIELD(struct multi_leader_wrote, before),
    GS_FIELDS_END,
};
static const struct gs_field met_fields[] = {
    GS_FIELD(struct multi_leader_met, here),
    GS_FIELD(struct multi_leader_met, there),
    GS_FIELD(struct multi_leader_met, key),
    GS_FIELD(struct multi_leader_met, is_conflict),
    GS_FIELDS_END,
};
static const struct gs_field history_fields[] = {
    GS_FIELD(struct multi_leader_history, made),
    GS_FIELD(struct multi_leader_history, conflicts),
    GS_FIELD(struct multi_leader_history, is_miscounted),
    GS_STRUCT(struct multi_leader_history, miscounted, met_fields),
    GS_STRUCT_ARRAY(struct multi_leader_history, writes, wrote_fields),
    GS_FIELDS_END,
};

static void init(const struct gs_run *run, gs_node self, void *state)
{
    (void)self;
    ((struct multi_leader_leader *)state)->keys = (uint8_t)gs_option(run, MULTI_LEADER_KEYS);
}

static struct gs_duration anti_entropy_interval(const struct gs_run *run, unsigned index)
{
    (void)run;
    (void)index;
    return (struct gs_duration){GS_MILLISECONDS(1000), GS_MILLISECONDS(2000)};
}

/* ---- What a run can judge ---------------------------------------------------------------------------------------- */

static bool is_lww(const struct gs_run *run)
{
    return gs_option(run, MULTI_LEADER_RESOLVER) == MULTI_LEADER_LWW;
}

static bool is_siblings(const struct gs_run *run)
{
    return gs_option(run, MULTI_LEADER_RESOLVER) == MULTI_LEADER_SIBLINGS;
}

static bool is_merge(const struct gs_run *run)
{
    return gs_option(run, MULTI_LEADER_RESOLVER) == MULTI_LEADER_MERGE;
}

static bool has_two_writes(const struct gs_run *run)
{
    return gs_option(run, MULTI_LEADER_WRITES) >= 2;
}

static bool tells_others(const struct gs_run *run)
{
    return gs_option(run, MULTI_LEADER_SYNCS) || gs_option(run, MULTI_LEADER_REPLICATES);
}

/* Anti-entropy makes up for what is lost; a write is replicated once. */
static bool all_are_told(const struct gs_run *run)
{
    return gs_option(run, MULTI_LEADER_SYNCS) || (gs_option(run, MULTI_LEADER_REPLICATES) && gs_all_mail_arrives(run));
}

static bool loses_writes(const struct gs_run *run)
{
    return is_lww(run) && has_two_writes(run) && tells_others(run);
}

static bool can_have_siblings(const struct gs_run *run)
{
    return is_siblings(run) && has_two_writes(run) && tells_others(run);
}

static bool can_merge(const struct gs_run *run)
{
    return is_merge(run) && has_two_writes(run) && gs_option(run, MULTI_LEADER_VALUES) >= 2;
}

static bool everyone_writes(const struct gs_run *run)
{
    return gs_option(run, MULTI_LEADER_WRITES) >= gs_count(run, LEADER) && tells_others(run);
}

static bool only_repairs(const struct gs_run *run)
{
    return gs_option(run, MULTI_LEADER_SYNCS) && !gs_option(run, MULTI_LEADER_REPLICATES);
}

static const char *refuses(const struct gs_run *run)
{
    return is_merge(run) && gs_option(run, MULTI_LEADER_DELETES)
               ? "deletes=1 and resolver=merge contradict each other, for merged values only grow: leave one out"
               : NULL;
}

#define CLAIM(title, says, in_scope, predicate) \
    .name = (title), .claim = (says), .kind = GS_ALWAYS, .scope = (in_scope), .role = LEADER, .holds = (predicate)
#define GOAL(title, says, in_scope, predicate) \
    .name = (title), .claim = (says), .kind = GS_REACHABLE, .scope = (in_scope), .role = LEADER, .holds = (predicate)
#define MUTANT(title, breaks, killed_by, in_preset)                                          \
    {                                                                                        \
        .name = (title), .meaning = (breaks), .property = (killed_by), .preset = (in_preset) \
    }

const struct gs_model multi_leader = {
    .name = "multi-leader",
    .title = "replication with several leaders: version vectors, conflicts, anti-entropy",
    .source = "DeCandia et al., Dynamo: Amazon's Highly Available Key-value Store (SOSP 2007)",
    .message_size = sizeof(struct multi_leader_message),
    .message_fields = message_fields,
    .network = GS_BAG,
    .refuses = refuses,
    .roles = {[LEADER] = {.name = "leader",
                          .size = sizeof(struct multi_leader_leader),
                          .fields = leader_fields,
                          .step = multi_leader_step,
                          .init = init,
                          .count_option = MULTI_LEADER_LEADERS}},
    .events = {[MULTI_LEADER_REPLICATE] = {.name = "replicate", .fields = {"key", "version"}},
               [MULTI_LEADER_COMPARE] = {.name = "compare", .fields = {"keys", "items"}},
               [MULTI_LEADER_SAME] = {.name = "same", .fields = {"keys", "items"}},
               [MULTI_LEADER_REPAIR] = {.name = "repair", .fields = {"asks", "keys", "items"}},
               [MULTI_LEADER_WRITE] =
                   {.name = "write",
                    .kind = GS_LOCAL,
                    .role = LEADER,
                    .arguments = {{.name = "key", .kind = GS_RANGE, .min = 1, .max_option = MULTI_LEADER_KEYS + 1},
                                  {.name = "value", .kind = GS_RANGE, .min = 1, .max_option = MULTI_LEADER_VALUES + 1},
                                  {.name = "now", .kind = GS_RANGE, .max_option = MULTI_LEADER_CLOCK + 1}}},
               [MULTI_LEADER_DELETE] =
                   {.name = "delete",
                    .kind = GS_LOCAL,
                    .role = LEADER,
                    .arguments = {{.name = "key", .kind = GS_RANGE, .min = 1, .max_option = MULTI_LEADER_KEYS + 1},
                                  {.name = "now", .kind = GS_RANGE, .max_option = MULTI_LEADER_CLOCK + 1}}},
               [MULTI_LEADER_ANTI_ENTROPY] =
                   {.name = "anti-entropy", .kind = GS_TIMER, .role = LEADER, .takes = anti_entropy_interval}},
    .options = {[MULTI_LEADER_LEADERS] = {"leaders", "how many there are", 3, 2, MULTI_LEADER_LEADERS_MAX, NULL},
                [MULTI_LEADER_WRITES] = {"writes", "how many are made, dealt out to the leaders in turn", 3, 1,
                                         MULTI_LEADER_WRITES_MAX, NULL},
                [MULTI_LEADER_RESOLVER] = {"resolver",
                                           "of concurrent writes the last wins, all are kept, or they are merged",
                                           MULTI_LEADER_LWW, MULTI_LEADER_LWW, MULTI_LEADER_MERGE, resolver_names},
                [MULTI_LEADER_KEYS] = {"keys", "how many there are", 1, 1, MULTI_LEADER_KEYS_MAX, NULL},
                [MULTI_LEADER_VALUES] = {"values", "how many there are to write", 1, 1, 7, NULL},
                [MULTI_LEADER_CLOCK] = {"clock", "the most that a physical clock shows", 1, 0, 3, NULL},
                [MULTI_LEADER_DELETES] = {"deletes", "a write may be a delete; not with merge", 0, 0, 1, NULL},
                [MULTI_LEADER_REPLICATES] = {"replicate", "a write is sent to the other leaders at once", 1, 0, 1,
                                             NULL},
                [MULTI_LEADER_SYNCS] = {"anti-entropy", "leaders compare what they have, and send what differs", 0, 0,
                                        1, NULL}},
    .presets = {{.name = "quick", .meaning = "3 leaders, 4 writes, the last wins", .settings = {"writes=4"}},
                {.name = "skew", .meaning = "3 leaders, 3 writes, clocks of three values", .settings = {"clock=2"}},
                {.name = "siblings",
                 .meaning = "3 leaders, 4 writes, all kept",
                 .settings = {"resolver=siblings", "writes=4"}},
                {.name = "merge",
                 .meaning = "3 leaders, 4 writes, merged",
                 .settings = {"resolver=merge", "writes=4", "values=2", "clock=0"}},
                {.name = "two", .meaning = "2 leaders, 2 writes", .settings = {"leaders=2", "writes=2"}},
                {.name = "two-merge",
                 .meaning = "2 leaders, 2 writes, merged",
                 .settings = {"leaders=2", "writes=2", "resolver=merge", "values=2", "clock=0"}},
                {.name = "keys",
                 .meaning = "2 leaders, 3 writes of 2 keys, all kept",
                 .settings = {"leaders=2", "keys=2", "resolver=siblings", "clock=0"}},
                {.name = "deletes",
                 .meaning = "2 leaders, 4 writes or deletes, one arrives twice",
                 .settings = {"leaders=2", "writes=4", "deletes=1", "clock=0"},
                 .budgets = {.duplicates = 1}},
                {.name = "anti-entropy",
                 .meaning = "2 leaders, 2 writes that only anti-entropy brings to the other, a lost message",
                 .settings = {"leaders=2", "writes=2", "clock=0", "replicate=0", "anti-entropy=1"},
                 .budgets = {.drops = 1}},
                {.name = "told-on",
                 .meaning = "3 leaders, a write that only anti-entropy brings to the others, a lost message",
                 .settings = {"writes=1", "clock=0", "replicate=0", "anti-entropy=1"},
                 .budgets = {.drops = 1}},
                {.name = "lossy",
                 .meaning = "2 leaders, 2 writes, two lost messages that anti-entropy makes up for",
                 .settings = {"leaders=2", "writes=2", "clock=0", "anti-entropy=1"},
                 .budgets = {.drops = 2}},
                {.name = "partition",
                 .meaning = "3 leaders, 3 writes, a partition that heals",
                 .budgets = {.partitions = 1}},
                {.name = "full",
                 .meaning = "3 leaders, 4 writes, clocks of three values, a partition that heals",
                 .settings = {"writes=4", "clock=2"},
                 .budgets = {.partitions = 1}}},
    .mutants =
        {[MULTI_LEADER_WALL_CLOCK] =
             MUTANT("lww-skew", "a time is the physical clock alone", "nothing-overwritten", "skew"),
         [MULTI_LEADER_NO_TIEBREAK] =
             MUTANT("no-tiebreak", "of two equal times a leader keeps what it holds", "converged", "two"),
         [MULTI_LEADER_COMMON_KEYS] = MUTANT(
             "vc-compare-common-keys", "version vectors are compared where neither has 0 only", "converged", "two"),
         [MULTI_LEADER_NONCOMMUTATIVE] =
             MUTANT("custom-noncommutative", "a merge keeps the value that was there", "converged", "two-merge"),
         [MULTI_LEADER_MERGE_KEEPS_VECTOR] = MUTANT(
             "merge-keeps-vc", "a merged version has the vector of the one that was there", "converged", "two-merge"),
         [MULTI_LEADER_MERGE_OVERWRITES] = MUTANT("merge-overwrites",
                                                  "a write drops the value that it overwrites, and merges do not",
                                                  "same-seen-same-state", "merge"),
         [MULTI_LEADER_DROP_SIBLINGS] = MUTANT("drop-siblings", "of concurrent writes the one that was there is kept",
                                               "siblings-are-maximal", "siblings"),
         [MULTI_LEADER_NODE_WIDE_CLOCK] =
             MUTANT("node-wide-clock", "a write's vector has what its leader knows of all keys, not of this one",
                    "conflict-iff-concurrent", "keys"),
         [MULTI_LEADER_NO_TOMBSTONE] =
             MUTANT("delete-no-tombstone", "a delete leaves nothing behind", "nothing-overwritten", "deletes"),
         [MULTI_LEADER_ROOT_OF_VALUES] =
             MUTANT("merkle-value-only", "a root covers values, not versions", "converged", "anti-entropy"),
         [MULTI_LEADER_SYNCED_ON_SEND] = MUTANT(
             "synced-on-send", "who was asked to compare is taken to have what is here", "converged", "anti-entropy")},
    .announcements = {[MULTI_LEADER_WROTE] = {"wrote", sizeof(struct multi_leader_wrote), wrote_fields},
                      [MULTI_LEADER_MET] = {"met", sizeof(struct multi_leader_met), met_fields}},
    .monitors = {[HISTORY] = {.name = "history",
                              .size = sizeof(struct multi_leader_history),
                              .fields = history_fields,
                              .announced = multi_leader_announced}},
    .properties =
        {{CLAIM("nothing-overwritten", "a leader holds no version that a write it knows of has overwritten",
                GS_SCOPE_MONITOR_NODE, multi_leader_nothing_overwritten),
          .monitor = HISTORY},
         {CLAIM("latest-write-wins", "a leader holds the latest of the writes that it knows", GS_SCOPE_MONITOR_NODE,
                multi_leader_latest_write_wins),
          .monitor = HISTORY, .needs = is_lww, .needs_text = "resolver = lww"},
         {CLAIM("siblings-are-maximal",
                "a leader holds exactly the writes that it knows and that none it knows has overwritten",
                GS_SCOPE_MONITOR_NODE, multi_leader_siblings_are_maximal),
          .monitor = HISTORY, .needs = is_siblings, .needs_text = "resolver = siblings"},
         {CLAIM("merge-has-all", "a leader's value is made of all writes that it knows", GS_SCOPE_MONITOR_NODE,
                multi_leader_merge_has_all),
          .monitor = HISTORY, .needs = is_merge, .needs_text = "resolver = merge"},
         {CLAIM("conflict-iff-concurrent",
                "two versions are counted as a conflict if neither takes the other into account, and only then",
                GS_SCOPE_MONITOR, multi_leader_conflicts_are_concurrent),
          .monitor = HISTORY},
         {CLAIM("times-follow-causes", "a write's time is later than that of each that its leader knew of",
                GS_SCOPE_MONITOR, multi_leader_times_follow_causes),
          .monitor = HISTORY},
         {CLAIM("same-seen-same-state", "leaders that know the same writes of a key hold the same", GS_SCOPE_PAIR,
                multi_leader_same_seen_same_state),
          .needs = tells_others, .needs_text = "replicate or anti-entropy"},
         {CLAIM("resolution-is-a-join", "taking what another holds is commutative and idempotent, and includes both",
                GS_SCOPE_PAIR, multi_leader_is_a_join)},
         {CLAIM("states-grow", "what a leader holds after a step includes what it held before", GS_SCOPE_STEP,
                multi_leader_grows)},
         {.name = "converged",
          .claim = "at rest all leaders that are up hold the same, of all writes if none is down",
          .kind = GS_QUIESCENT,
          .scope = GS_SCOPE_ROLE,
          .role = LEADER,
          .holds = multi_leader_converged,
          .needs = all_are_told,
          .needs_text = "anti-entropy; or replicate, " GS_ALL_MAIL_ARRIVES_TEXT},
         {GOAL("diverged", "two leaders each know a write that the other does not", GS_SCOPE_PAIR,
               multi_leader_diverged),
          .needs = has_two_writes, .needs_text = "writes >= 2"},
         {GOAL("caught-up", "all writes are made, and every leader knows them", GS_SCOPE_ROLE, multi_leader_caught_up),
          .needs = tells_others, .needs_text = "replicate or anti-entropy"},
         {GOAL("conflict-everywhere", "every leader has met a conflict", GS_SCOPE_MONITOR,
               multi_leader_conflict_everywhere),
          .monitor = HISTORY, .needs = everyone_writes,
          .needs_text = "writes >= leaders, and replicate or anti-entropy"},
         {GOAL("write-is-lost", "a leader knows a write that none has overwritten, and does not hold it",
               GS_SCOPE_MONITOR_NODE, multi_leader_write_is_lost),
          .monitor = HISTORY, .needs = loses_writes,
          .needs_text = "resolver = lww, writes >= 2, and replicate or anti-entropy"},
         {GOAL("has-siblings", "a leader holds two versions", GS_SCOPE_NODE, multi_leader_has_siblings),
          .needs = can_have_siblings, .needs_text = "resolver = siblings, writes >= 2, and replicate or anti-entropy"},
         {GOAL("has-merged", "a leader holds two values merged", GS_SCOPE_NODE, multi_leader_has_merged),
          .needs = can_merge, .needs_text = "resolver = merge, writes and values >= 2"},
         {GOAL("is-repaired", "anti-entropy brings a leader another's write", GS_SCOPE_NODE, multi_leader_is_repaired),
          .needs = only_repairs, .needs_text = "anti-entropy, and not replicate"}},
};
