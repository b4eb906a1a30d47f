/* An event log with clocks: processes with events of their own, messages, and a log of both, in which each event has a
 * Lamport, a vector and a hybrid timestamp (properties/lamport_clock.h, vector_clock.h and hybrid_clock.h cite whose).
 * With `causal` a message goes to all others, who hold it back until they have delivered all that its sender had: the
 * protocol of Birman, Schiper and Stephenson, "Lightweight Causal and Atomic Group Multicast" (1991), section 5.1. Its
 * vector counts messages, not events, so it is another one than that of the log.
 *
 * A physical clock shows a number from 0 to `skew` and ticks by an event of its own: no two ever differ by more than
 * that, and nothing else is known of them. Logs, clocks and buffers are durable. */
#include "protocols/causal_log.h"

#include "properties/durable.h"
#include "properties/lamport_clock.h"

static const struct gs_loss losses[] = {
    GS_LOSS(CAUSAL_LOG_CLOCK_NOT_DURABLE, struct causal_log_process, clock),
    GS_LOSSES_END,
};

/* How many events of its own, sendings too, the k-th process has: those of the run are dealt out in turn. */
static int allowance(const struct gs_run *run, int k)
{
    const int processes = gs_count(run, CAUSAL_LOG_PROCESS);
    return ((int)gs_option(run, CAUSAL_LOG_EVENTS) + processes - 1 - k) / processes;
}

/* ---- Clocks ------------------------------------------------------------------------------------------------------ */

static struct gs_hybrid_time hybrid_of(struct gs_step *s, const struct causal_log_process *process,
                                       const struct causal_log_stamp *received)
{
    const struct gs_hybrid_time last = process->clock.hybrid;
    if (gs_mutant(s, CAUSAL_LOG_NO_LOGICAL)) {
        const uint16_t heard = received && received->hybrid.l > last.l ? received->hybrid.l : last.l;
        return (struct gs_hybrid_time){.l = heard > process->physical ? heard : process->physical};
    }
    return received && !gs_mutant(s, CAUSAL_LOG_HYBRID_NO_MAX)
               ? gs_hybrid_receive(last, process->physical, received->hybrid)
               : gs_hybrid_tick(last, process->physical);
}

/* The clocks go on to the next event. received: what came with a message, or NULL. */
static void advance(struct gs_step *s, struct causal_log_process *process, const struct causal_log_stamp *received)
{
    struct causal_log_stamp *clock = &process->clock;
    clock->hybrid = hybrid_of(s, process, received);
    clock->lamport = received && !gs_mutant(s, CAUSAL_LOG_LAMPORT_NO_MAX)
                         ? gs_lamport_receive(clock->lamport, received->lamport)
                         : gs_lamport_tick(clock->lamport);
    if (received && !gs_mutant(s, CAUSAL_LOG_NO_MERGE))
        gs_vector_clock_join(&clock->vector, &received->vector);
    if (!received || !gs_mutant(s, CAUSAL_LOG_NO_TICK_ON_RECEIVE))
        gs_vector_clock_tick(&clock->vector, gs_index(s, gs_self(s)));
}

static void append(struct gs_step *s, struct causal_log_process *process, const struct causal_log_entry *entry)
{
    gs_assert(s, gs_push(process->log, &process->length, entry));
    gs_announce(s, CAUSAL_LOG_STAMPED,
                &(struct causal_log_stamped){.at = gs_self(s), .physical = entry->physical, .stamp = entry->stamp});
}

/* ---- Events ------------------------------------------------------------------------------------------------------ */

static int own_events(struct gs_step *s, const struct causal_log_process *process)
{
    int own = 0;
    for (int i = 0; i < process->length; i++)
        own += gs_same(process->log[i].at, gs_self(s)) && process->log[i].kind != GS_DELIVERED;
    return own;
}

static bool may_act(struct gs_step *s, const struct causal_log_process *process)
{
    return own_events(s, process) < allowance(gs_step_run(s), gs_index(s, gs_self(s)));
}

static bool occur(struct gs_step *s, struct causal_log_process *process)
{
    if (!may_act(s, process))
        return false;
    advance(s, process, NULL);
    gs_announce(s, CAUSAL_LOG_CAUSED + GS_OCCURRED, &(struct gs_occurred){.what = 0});
    append(s, process,
           &(struct causal_log_entry){
               .at = gs_self(s), .kind = GS_OCCURRED, .physical = process->physical, .stamp = process->clock});
    return true;
}

static bool send(struct gs_step *s, struct causal_log_process *process, gs_node_set to)
{
    struct causal_log_message message = {.type = CAUSAL_LOG_MESSAGE};
    if (!may_act(s, process))
        return false;
    advance(s, process, NULL);
    message.number = (uint8_t)++process->sent;
    if (gs_option(s, CAUSAL_LOG_DELIVERY) == CAUSAL_LOG_CAUSAL)
        gs_vector_clock_tick(&process->delivered, gs_index(s, gs_self(s)));
    message.context = process->delivered;
    message.stamp = process->clock;
    gs_announce(s, CAUSAL_LOG_CAUSED + GS_SENT, &(struct gs_sent){.message = message.number, .to = to});
    append(s, process,
           &(struct causal_log_entry){.at = gs_self(s),
                                      .kind = GS_SENT,
                                      .message = message.number,
                                      .physical = process->physical,
                                      .stamp = process->clock});
    return gs_multicast(s, to, &message);
}

static void deliver(struct gs_step *s, struct causal_log_process *process, const struct causal_log_held *message)
{
    struct causal_log_entry entry = {
        .at = gs_self(s), .kind = GS_DELIVERED, .from = message->from, .message = message->number};
    advance(s, process, &message->stamp);
    entry.physical = process->physical;
    entry.stamp = process->clock;
    if (gs_mutant(s, CAUSAL_LOG_STORE_SENDERS_EVENT)) {
        entry.at = message->from;
        entry.stamp = message->stamp;
    }
    gs_announce(s, CAUSAL_LOG_CAUSED + GS_DELIVERED,
                &(struct gs_delivered){.from = message->from, .message = message->number});
    append(s, process, &entry);
}

/* ---- Causal delivery --------------------------------------------------------------------------------------------- */

/* The next message of its sender, who had delivered nothing that this process has not. */
static bool is_due(struct gs_step *s, const struct causal_log_process *process, const struct causal_log_held *message)
{
    const int from = gs_index(s, message->from);
    struct gs_vector_clock before = message->context;
    if (!gs_mutant(s, CAUSAL_LOG_GAPS_ALLOWED) && before.of[from] != process->delivered.of[from] + 1)
        return false;
    before.of[from] = 0;
    return gs_mutant(s, CAUSAL_LOG_FIFO_ONLY) || gs_vector_clock_includes(&process->delivered, &before);
}

static void deliver_in_order(struct gs_step *s, struct causal_log_process *process,
                             const struct causal_log_held *message)
{
    struct gs_vector_clock *delivered = &process->delivered;
    const int from = gs_index(s, message->from);
    if (delivered->of[from] < message->number)
        delivered->of[from] = message->number;
    deliver(s, process, message);
}

/* Delivers what is due, as long as there is something. */
static void drain(struct gs_step *s, struct causal_log_process *process)
{
    for (int i = 0; i < process->held_length; i++) {
        const struct causal_log_held message = process->held[i];
        if (!is_due(s, process, &message))
            continue;
        for (int k = i; k + 1 < process->held_length; k++)
            process->held[k] = process->held[k + 1];
        process->held_length--;
        deliver_in_order(s, process, &message);
        i = -1;
    }
}

static bool hold_or_deliver(struct gs_step *s, struct causal_log_process *process,
                            const struct causal_log_held *message)
{
    if (!is_due(s, process, message)) {
        gs_assert(s, gs_insert(process->held, &process->held_length, message));
        return true;
    }
    deliver_in_order(s, process, message);
    if (!gs_mutant(s, CAUSAL_LOG_NEVER_DRAINED))
        drain(s, process);
    return true;
}

static bool is_known(const struct causal_log_process *process, const struct causal_log_held *message)
{
    for (int i = 0; i < process->length; i++)
        if (process->log[i].kind == GS_DELIVERED && gs_same(process->log[i].from, message->from) &&
            process->log[i].message == message->number)
            return true;
    return gs_contains(process->held, process->held_length, message);
}

static bool receive(struct gs_step *s, struct causal_log_process *process, const struct gs_event *e)
{
    const struct causal_log_message *message = e->message;
    const struct causal_log_held arrived = {
        .from = e->from, .number = message->number, .context = message->context, .stamp = message->stamp};
    if (is_known(process, &arrived))
        return false;
    if (gs_option(s, CAUSAL_LOG_DELIVERY) == CAUSAL_LOG_CAUSAL)
        return hold_or_deliver(s, process, &arrived);
    deliver(s, process, &arrived);
    return true;
}

bool causal_log_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct causal_log_process *process = self;
    const bool to_one = gs_option(s, CAUSAL_LOG_DELIVERY) == CAUSAL_LOG_TO_ONE;
    switch (e->type) {
    case GS_START: /* after a crash */
        return gs_lose(s, self, losses, e);
    case CAUSAL_LOG_OCCUR:
        return occur(s, process);
    case CAUSAL_LOG_SEND:
        return to_one && !gs_same(e->nodes[0], gs_self(s)) && send(s, process, gs_set_of(e->nodes[0]));
    case CAUSAL_LOG_BROADCAST:
        return !to_one && send(s, process, gs_peers(s));
    case CAUSAL_LOG_TICK:
        if (process->physical == gs_option(s, CAUSAL_LOG_SKEW))
            return false;
        process->physical++;
        return true;
    case CAUSAL_LOG_MESSAGE:
        return receive(s, process, e);
    }
    return gs_unhandled(s, e);
}
