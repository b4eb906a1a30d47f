/* The causal event log's model: tables, monitors, options, presets, mutants. */
#include "protocols/causal_log_model.h"

#include "properties/convergence.h"

enum { ORDER, STAMPS }; /* monitors */
enum { PROCESS = CAUSAL_LOG_PROCESS };

static const char *const delivery_names[] = {"to-one", "to-all", "causal"};
static const char *const kind_names[] = {"sent", "delivered", "occurred"};

static const struct gs_field clock_fields[] = GS_VECTOR_CLOCK_FIELDS(PROCESS);
static const struct gs_field stamp_fields[] = {
    GS_FIELD(struct causal_log_stamp, lamport),
    GS_STRUCT(struct causal_log_stamp, hybrid, gs_hybrid_time_fields),
    GS_STRUCT(struct causal_log_stamp, vector, clock_fields),
    GS_FIELDS_END,
};
static const struct gs_field entry_fields[] = {
    GS_FIELD(struct causal_log_entry, at),
    GS_ENUM(struct causal_log_entry, kind, kind_names),
    GS_FIELD(struct causal_log_entry, from),
    GS_FIELD(struct causal_log_entry, message),
    GS_FIELD(struct causal_log_entry, physical),
    GS_STRUCT(struct causal_log_entry, stamp, stamp_fields),
    GS_FIELDS_END,
};
static const struct gs_field held_fields[] = {
    GS_FIELD(struct causal_log_held, from),
    GS_FIELD(struct causal_log_held, number),
    GS_STRUCT(struct causal_log_held, context, clock_fields),
    GS_STRUCT(struct causal_log_held, stamp, stamp_fields),
    GS_FIELDS_END,
};
static const struct gs_field process_fields[] = {
    GS_FIELD(struct causal_log_process, physical, GS_DURABLE),
    GS_FIELD(struct causal_log_process, sent, GS_DURABLE),
    GS_STRUCT(struct causal_log_process, clock, stamp_fields, GS_DURABLE),
    GS_STRUCT(struct causal_log_process, delivered, clock_fields, GS_DURABLE),
    GS_FIELD(struct causal_log_process, length, GS_DURABLE),
    GS_FIELD(struct causal_log_process, held_length, GS_DURABLE),
    GS_STRUCT_LIST(struct causal_log_process, log, length, entry_fields, GS_DURABLE),
    GS_STRUCT_LIST(struct causal_log_process, held, held_length, held_fields, GS_DURABLE),
    GS_FIELDS_END,
};
static const struct gs_field message_fields[] = {
    GS_FIELD(struct causal_log_message, number),
    GS_STRUCT(struct causal_log_message, context, clock_fields),
    GS_STRUCT(struct causal_log_message, stamp, stamp_fields),
    GS_FIELDS_END,
};
static const struct gs_field stamped_fields[] = {
    GS_FIELD(struct causal_log_stamped, at),
    GS_FIELD(struct causal_log_stamped, number),
    GS_FIELD(struct causal_log_stamped, physical),
    GS_STRUCT(struct causal_log_stamped, stamp, stamp_fields),
    GS_FIELDS_END,
};

/* ---- Monitors ---------------------------------------------------------------------------------------------------- */

static const struct gs_field stamps_fields[] = {
    GS_STRUCT(struct causal_log_stamps, happened, gs_causality_fields),
    GS_FIELD(struct causal_log_stamps, count),
    GS_STRUCT_LIST(struct causal_log_stamps, claimed, count, stamped_fields),
    GS_FIELDS_END,
};

GS_CAUSAL_ORDER(order, CAUSAL_LOG_CAUSED)
GS_CAUSALITY_HISTORY(causality, CAUSAL_LOG_CAUSED)

static void stamps(const struct gs_run *run, void *value, gs_node by, int announcement, const void *what)
{
    struct causal_log_stamps *all = value;
    causality(run, &all->happened, by, announcement, what);
    if (announcement != CAUSAL_LOG_STAMPED)
        return;
    struct causal_log_stamped stamped = *(const struct causal_log_stamped *)what;
    for (int i = 0; i < all->count; i++)
        stamped.number += gs_same(all->claimed[i].at, by);
    gs_assert(run, gs_insert(all->claimed, &all->count, &stamped));
}

/* ---- The model --------------------------------------------------------------------------------------------------- */

static bool is_causal(const struct gs_run *run)
{
    return gs_option(run, CAUSAL_LOG_DELIVERY) == CAUSAL_LOG_CAUSAL;
}

/* Events enough for a message that another one was the cause of, to one process. */
static bool has_causes(const struct gs_run *run)
{
    return gs_option(run, CAUSAL_LOG_EVENTS) >= (gs_count(run, PROCESS) >= 3 ? 2 : 3);
}

static bool delivers_causally(const struct gs_run *run)
{
    return is_causal(run) && has_causes(run);
}

/* One process sends twice, and the channel does not keep the order; or one sends twice (to all: once), and who has got
 * the one tells on before the other one comes. */
static bool can_overtake(const struct gs_run *run)
{
    const int processes = gs_count(run, PROCESS), events = (int)gs_option(run, CAUSAL_LOG_EVENTS);
    const bool to_all = gs_option(run, CAUSAL_LOG_DELIVERY) == CAUSAL_LOG_TO_ALL;
    if (is_causal(run) || !has_causes(run))
        return false;
    return processes >= 3 ? to_all || events > processes : gs_network(run) != GS_FIFO;
}

static bool can_be_held_back(const struct gs_run *run)
{
    return delivers_causally(run) && (gs_count(run, PROCESS) >= 3 || gs_network(run) != GS_FIFO);
}

static bool can_tell_on(const struct gs_run *run)
{
    return gs_count(run, PROCESS) >= 3 && gs_option(run, CAUSAL_LOG_EVENTS) >= 2;
}

static bool clocks_differ(const struct gs_run *run)
{
    return gs_option(run, CAUSAL_LOG_SKEW) >= 1;
}

static bool nothing_is_lost(const struct gs_run *run)
{
    return gs_all_mail_arrives(run) && gs_budget(run, GS_CRASH) == 0;
}

#define OVER_STAMPS .kind = GS_ALWAYS, .scope = GS_SCOPE_MONITOR, .monitor = STAMPS
#define MUTANT(title, breaks, killed_by, in_preset)                                          \
    {                                                                                        \
        .name = (title), .meaning = (breaks), .property = (killed_by), .preset = (in_preset) \
    }

const struct gs_model causal_log = {
    .name = "causal-log",
    .title = "an event log with Lamport, vector and hybrid logical clocks, and causal delivery",
    .source = "Fidge, Timestamps in Message-Passing Systems That Preserve the Partial Ordering (1988)",
    .message_size = sizeof(struct causal_log_message),
    .message_fields = message_fields,
    .network = GS_BAG,
    .roles = {[PROCESS] = {.name = "process",
                           .size = sizeof(struct causal_log_process),
                           .fields = process_fields,
                           .step = causal_log_step,
                           .count_option = CAUSAL_LOG_PROCESSES}},
    .events = {[CAUSAL_LOG_MESSAGE] = {.name = "message", .fields = {"number", "context", "stamp"}},
               [CAUSAL_LOG_OCCUR] = {.name = "occur", .kind = GS_LOCAL, .role = PROCESS},
               [CAUSAL_LOG_SEND] = {.name = "send",
                                    .kind = GS_LOCAL,
                                    .role = PROCESS,
                                    .arguments = {{.name = "to", .kind = GS_NODE, .role = PROCESS}}},
               [CAUSAL_LOG_BROADCAST] = {.name = "broadcast", .kind = GS_LOCAL, .role = PROCESS},
               [CAUSAL_LOG_TICK] = {.name = "tick", .kind = GS_LOCAL, .role = PROCESS}},
    .options = {[CAUSAL_LOG_PROCESSES] = {"processes", "how many there are", 3, 2, CAUSAL_LOG_PROCESSES_MAX, NULL},
                [CAUSAL_LOG_EVENTS] = {"events", "how many there are besides deliveries, dealt out to the processes", 3,
                                       1, CAUSAL_LOG_EVENTS_MAX, NULL},
                [CAUSAL_LOG_SKEW] = {"skew", "the most that two physical clocks differ", 1, 0, 8, NULL},
                [CAUSAL_LOG_DELIVERY] =
                    {"delivery", "a message goes to one or to all, when it arrives; or to all, after its causes",
                     CAUSAL_LOG_TO_ONE, CAUSAL_LOG_TO_ONE, CAUSAL_LOG_CAUSAL, delivery_names}},
    .presets = {{.name = "quick", .meaning = "3 processes, 3 events and their deliveries"},
                {.name = "overtaking",
                 .meaning = "2 processes, 4 events: messages may overtake each other",
                 .settings = {"processes=2", "events=4"}},
                {.name = "to-all",
                 .meaning = "4 events, messages go to all",
                 .settings = {"delivery=to-all", "events=4", "skew=0"}},
                {.name = "causal",
                 .meaning = "4 events, messages go to all, and are held back until their causes are delivered",
                 .settings = {"delivery=causal", "events=4", "skew=0"}},
                {.name = "fifo",
                 .meaning = "4 events, messages go to all, and keep the order of each channel: that is not enough",
                 .settings = {"delivery=to-all", "events=4", "skew=0"},
                 .network = GS_FIFO},
                {.name = "reboot",
                 .meaning = "2 processes, a reboot",
                 .settings = {"processes=2", "delivery=causal"},
                 .budgets = {.reboots = 1}},
                {.name = "full", .meaning = "3 processes, 4 events and their deliveries", .settings = {"events=4"}},
                {.name = "full-causal",
                 .meaning = "as causal, with clocks that differ",
                 .settings = {"delivery=causal", "events=4"}}},
    .mutants =
        {[CAUSAL_LOG_NO_MERGE] =
             MUTANT("no-merge", "a delivery does not join the message's vector clock", "vectors-are-causality", NULL),
         [CAUSAL_LOG_NO_TICK_ON_RECEIVE] =
             MUTANT("no-tick-on-receive", "a delivery is no event of the vector clock", "vectors-are-causality", NULL),
         [CAUSAL_LOG_LAMPORT_NO_MAX] = MUTANT("lamport-no-max", "a delivery leaves the message's Lamport time aside",
                                              "lamport-follows-causes", NULL),
         [CAUSAL_LOG_NO_LOGICAL] =
             MUTANT("no-logical", "the hybrid clock has no counter", "hybrid-follows-causes", NULL),
         [CAUSAL_LOG_HYBRID_NO_MAX] = MUTANT("hybrid-no-max", "a delivery leaves the message's hybrid time aside",
                                             "hybrid-follows-causes", NULL),
         [CAUSAL_LOG_STORE_SENDERS_EVENT] =
             MUTANT("store-senders-event", "a delivery logs the sending, not an event of its own", "log-is-own", NULL),
         [CAUSAL_LOG_CLOCK_NOT_DURABLE] = MUTANT("clock-not-durable", "a restarted process begins its clocks anew",
                                                 "vectors-are-causality", "reboot"),
         [CAUSAL_LOG_FIFO_ONLY] =
             MUTANT("fifo-only", "a message waits for its sender's earlier ones only", "causal-delivery", "causal"),
         [CAUSAL_LOG_GAPS_ALLOWED] = MUTANT("gaps-allowed", "a message does not wait for its sender's earlier ones",
                                            "causal-delivery", "reboot"),
         [CAUSAL_LOG_NEVER_DRAINED] =
             MUTANT("never-drained", "what is held back is not looked at again", "all-is-delivered", "causal"),
         [CAUSAL_LOG_COMMON_KEYS_ONLY] = MUTANT(
             "common-keys-only", "vector clocks are compared where neither has 0 only", "vectors-are-causality", NULL),
         [CAUSAL_LOG_REVERSED_HISTORY] =
             MUTANT("reversed-history", "a causal history has the events after it, not those before",
                    "histories-are-right", NULL),
         [CAUSAL_LOG_SORTED_BY_WALL_CLOCK] = MUTANT(
             "sorted-by-wall-clock", "a causal history is sorted by physical time", "histories-are-right", NULL)},
    .announcements = {GS_CAUSALITY_ANNOUNCEMENTS(CAUSAL_LOG_CAUSED), [CAUSAL_LOG_STAMPED] =
                                                                         {"stamped", sizeof(struct causal_log_stamped),
                                                                          stamped_fields}},
    .monitors = {[ORDER] = GS_CAUSAL_ORDER_MONITOR(order),
                 [STAMPS] = {.name = "stamps",
                             .size = sizeof(struct causal_log_stamps),
                             .fields = stamps_fields,
                             .announced = stamps}},
    .properties =
        {{.name = "vectors-are-causality",
          .claim = "an event's vector clock is before another's exactly if it happened before it",
          OVER_STAMPS,
          .holds = causal_log_vectors_are_causality},
         {.name = "lamport-follows-causes",
          .claim = "what happened before has the smaller Lamport time",
          OVER_STAMPS,
          .holds = causal_log_lamport_follows},
         {.name = "hybrid-follows-causes",
          .claim = "what happened before has the smaller hybrid time",
          OVER_STAMPS,
          .holds = causal_log_hybrid_follows},
         {.name = "hybrid-is-bounded",
          .claim = "l is the greatest physical time an event can know of, c at most the events it knows of with that l",
          OVER_STAMPS,
          .holds = causal_log_hybrid_is_bounded},
         {.name = "histories-are-right",
          .claim = "a causal history has exactly the events that happened before, each behind its causes",
          OVER_STAMPS,
          .holds = causal_log_histories_are_right},
         {.name = "log-is-own",
          .claim = "a process logs its own events, the n-th with n as its own entry in the vector clock",
          .kind = GS_ALWAYS,
          .scope = GS_SCOPE_NODE,
          .role = PROCESS,
          .holds = causal_log_log_is_own},
         {.name = "vector-clocks-grow",
          .claim = "no entry of a process's vector clock goes back",
          .kind = GS_ALWAYS,
          .scope = GS_SCOPE_STEP,
          .role = PROCESS,
          .holds = causal_log_vector_clocks_grow},
         GS_CAUSAL_DELIVERY(ORDER, .needs = delivers_causally, .needs_text = "delivery = causal, and events enough"),
         {.name = "all-is-delivered",
          .claim = "at rest every message has been delivered to all that it was sent to",
          .kind = GS_QUIESCENT,
          .scope = GS_SCOPE_MONITOR,
          .monitor = STAMPS,
          .holds = causal_log_all_is_delivered,
          .needs = nothing_is_lost,
          .needs_text = "drops and crashes = 0, and in fifo reboots = 0"},
         {.name = "lamport-orders-concurrent",
          .claim = "of two concurrent events one has the smaller Lamport time",
          .kind = GS_REACHABLE,
          .scope = GS_SCOPE_MONITOR,
          .monitor = STAMPS,
          .holds = causal_log_lamport_orders_concurrent,
          .needs = has_causes,
          .needs_text = "events enough for a cause"},
         {.name = "cause-is-told-on",
          .claim = "a process gets a message whose sender knew of one of a third",
          .kind = GS_REACHABLE,
          .scope = GS_SCOPE_MONITOR,
          .monitor = STAMPS,
          .holds = causal_log_cause_is_told_on,
          .needs = can_tell_on,
          .needs_text = "3 processes or more, and events >= 2"},
         {.name = "hybrid-clock-is-ahead",
          .claim = "a process's hybrid clock is ahead of its physical one",
          .kind = GS_REACHABLE,
          .scope = GS_SCOPE_NODE,
          .role = PROCESS,
          .holds = causal_log_hybrid_clock_is_ahead,
          .needs = clocks_differ,
          .needs_text = "skew >= 1"},
         {.name = "message-overtakes-its-cause",
          .claim = "a message is delivered before one that its sender may have known of",
          .kind = GS_REACHABLE,
          .scope = GS_SCOPE_MONITOR,
          .monitor = ORDER,
          .holds = causal_log_message_overtakes_its_cause,
          .needs = can_overtake,
          .needs_text = "another delivery than causal, and events enough"},
         {.name = "message-is-held-back",
          .claim = "a process holds a message back",
          .kind = GS_REACHABLE,
          .scope = GS_SCOPE_NODE,
          .role = PROCESS,
          .holds = causal_log_message_is_held_back,
          .needs = can_be_held_back,
          .needs_text = "delivery = causal, and events enough"}},
};
