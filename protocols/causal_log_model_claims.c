/* The causal event log's claims: its clocks against what happened before what (properties/causality.h), which knows no
 * clock. */
#include "protocols/causal_log_model.h"

/* What a claim over the stamps looks at. */
struct stamped_history {
    const struct causal_log_stamps *all;
    struct gs_past past[GS_CAUSALITY_EVENTS_MAX];
};

static struct stamped_history history_of(struct gs_view *v)
{
    struct stamped_history h = {.all = gs_monitor_value(v)};
    gs_happened_before(&h.all->happened, h.past);
    return h;
}

static const struct causal_log_stamp *stamp_of(const struct stamped_history *h, int i)
{
    return &h->all->claimed[i].stamp;
}

/* "event 2 of process1": as people count. */
#define EVENT_FORMAT "event %d of %s"
#define EVENT_OF(v, h, i) (h)->all->claimed[i].number + 1, gs_name(v, (h)->all->claimed[i].at)

/* ---- Clocks against causality ------------------------------------------------------------------------------------ */

/* A predicate over all ordered pairs of different events. */
typedef bool pair_predicate(struct gs_view *v, const struct stamped_history *h, int a, int b);

static bool for_all_pairs(struct gs_view *v, pair_predicate *holds)
{
    const struct stamped_history h = history_of(v);
    for (int a = 0; a < h.all->count; a++)
        for (int b = 0; b < h.all->count; b++)
            if (a != b && !holds(v, &h, a, b))
                return false;
    return true;
}

static bool order_is_that_of_vectors(struct gs_view *v, const struct stamped_history *h, int a, int b)
{
    static const char *const names[] = {"equal", "before", "after", "concurrent"};
    const enum gs_order expected = gs_is_in_past(&h->past[b], a)   ? GS_BEFORE
                                   : gs_is_in_past(&h->past[a], b) ? GS_AFTER
                                                                   : GS_CONCURRENT;
    const enum gs_order order = causal_log_compare(gs_view_run(v), &stamp_of(h, a)->vector, &stamp_of(h, b)->vector);
    return order == expected || gs_explain(v,
                                           "the vector clocks of " EVENT_FORMAT " and " EVENT_FORMAT
                                           " do not say how they are related" GS_PARTICULARS "%s, by vector clocks %s",
                                           EVENT_OF(v, h, a), EVENT_OF(v, h, b), names[expected], names[order]);
}

bool causal_log_vectors_are_causality(struct gs_view *v)
{
    return for_all_pairs(v, order_is_that_of_vectors);
}

static bool lamport_grows(struct gs_view *v, const struct stamped_history *h, int a, int b)
{
    return !gs_premise(v, gs_is_in_past(&h->past[b], a)) || stamp_of(h, a)->lamport < stamp_of(h, b)->lamport ||
           gs_explain(v, EVENT_FORMAT " happened before " EVENT_FORMAT ", and their Lamport times are %d and %d",
                      EVENT_OF(v, h, a), EVENT_OF(v, h, b), stamp_of(h, a)->lamport, stamp_of(h, b)->lamport);
}

bool causal_log_lamport_follows(struct gs_view *v)
{
    return for_all_pairs(v, lamport_grows);
}

static bool hybrid_grows(struct gs_view *v, const struct stamped_history *h, int a, int b)
{
    const struct gs_hybrid_time one = stamp_of(h, a)->hybrid, other = stamp_of(h, b)->hybrid;
    return !gs_premise(v, gs_is_in_past(&h->past[b], a)) || gs_hybrid_compare(one, other) < 0 ||
           gs_explain(v, EVENT_FORMAT " happened before " EVENT_FORMAT ", and their times are (%d, %d) and (%d, %d)",
                      EVENT_OF(v, h, a), EVENT_OF(v, h, b), one.l, one.c, other.l, other.c);
}

bool causal_log_hybrid_follows(struct gs_view *v)
{
    return for_all_pairs(v, hybrid_grows);
}

/* l is the greatest physical time that can have been heard of (Kulkarni et al., theorem 2), c no more than the events
 * heard of with the same l (corollary 1). */
static bool hybrid_time_is_bounded(struct gs_view *v, const struct stamped_history *h, int i)
{
    const struct gs_hybrid_time time = stamp_of(h, i)->hybrid;
    const int physical = h->all->claimed[i].physical;
    int greatest = physical, of_this_l = 0;
    for (int k = 0; k < h->all->count; k++)
        if (gs_is_in_past(&h->past[i], k)) {
            greatest = h->all->claimed[k].physical > greatest ? h->all->claimed[k].physical : greatest;
            of_this_l += stamp_of(h, k)->hybrid.l == time.l;
        }
    if (time.l != greatest || time.l - physical > gs_option(v, CAUSAL_LOG_SKEW))
        return gs_explain(v, EVENT_FORMAT " has l = %d: its own clock shows %d, the greatest it can know of is %d",
                          EVENT_OF(v, h, i), time.l, physical, greatest);
    /* Before the first event the time is (0, 0), so one of physical time 0 counts from 1. */
    return time.c <= of_this_l + (time.l == 0) ||
           gs_explain(v, EVENT_FORMAT " has c = %d, after %d events of its l", EVENT_OF(v, h, i), time.c, of_this_l);
}

bool causal_log_hybrid_is_bounded(struct gs_view *v)
{
    const struct stamped_history h = history_of(v);
    for (int i = 0; i < h.all->count; i++)
        if (!hybrid_time_is_bounded(v, &h, i))
            return false;
    return true;
}

/* ---- The log ----------------------------------------------------------------------------------------------------- */

static bool history_is_sorted(struct gs_view *v, const struct stamped_history *h, const int *places, int length, int of)
{
    for (int i = 0; i < length; i++)
        for (int k = i + 1; k < length; k++)
            if (gs_is_in_past(&h->past[places[i]], places[k]))
                return gs_explain(v,
                                  "in the causal history of " EVENT_FORMAT ", " EVENT_FORMAT
                                  " stands behind " EVENT_FORMAT ", which it happened before",
                                  EVENT_OF(v, h, of), EVENT_OF(v, h, places[k]), EVENT_OF(v, h, places[i]));
    return true;
}

static bool causal_history_is_right(struct gs_view *v, const struct stamped_history *h, int of)
{
    int places[CAUSAL_LOG_ALL_MAX];
    const int length = causal_log_history(gs_view_run(v), h->all->claimed, h->all->count, of, places);
    bool is_found[CAUSAL_LOG_ALL_MAX] = {false};
    for (int i = 0; i < length; i++)
        is_found[places[i]] = true;
    for (int i = 0; i < h->all->count; i++)
        if (is_found[i] != gs_is_in_past(&h->past[of], i))
            return gs_explain(v, EVENT_FORMAT " %s in the causal history of " EVENT_FORMAT ", and %s before it",
                              EVENT_OF(v, h, i), is_found[i] ? "is" : "is not", EVENT_OF(v, h, of),
                              is_found[i] ? "did not happen" : "happened");
    return history_is_sorted(v, h, places, length, of);
}

bool causal_log_histories_are_right(struct gs_view *v)
{
    const struct stamped_history h = history_of(v);
    for (int i = 0; i < h.all->count; i++)
        if (!causal_history_is_right(v, &h, i))
            return false;
    return true;
}

bool causal_log_log_is_own(struct gs_view *v)
{
    const struct causal_log_process *process = gs_this(v);
    const gs_node self = gs_this_node(v);
    for (int i = 0; i < process->length; i++)
        if (!gs_same(process->log[i].at, self))
            return gs_explain(v, "entry %d in the log of %s is an event of %s", i + 1, gs_name(v, self),
                              gs_name(v, process->log[i].at));
        else if (process->log[i].stamp.vector.of[gs_index(v, self)] != i + 1)
            return gs_explain(v, "entry %d in the log of %s is its event %d by its vector clock", i + 1,
                              gs_name(v, self), process->log[i].stamp.vector.of[gs_index(v, self)]);
    return true;
}

bool causal_log_vector_clocks_grow(struct gs_view *v)
{
    const struct causal_log_process *before = gs_before(v), *after = gs_this(v);
    return gs_vector_clock_includes(&after->clock.vector, &before->clock.vector) ||
           gs_explain(v, "the vector clock of %s goes back", gs_name(v, gs_this_node(v)));
}

static bool is_delivered(const struct gs_causality *happened, const struct gs_caused *sending, gs_node at)
{
    for (int i = 0; i < happened->count; i++)
        if (happened->events[i].kind == GS_DELIVERED && gs_same(happened->events[i].at, at) &&
            gs_same(happened->events[i].from, sending->at) && happened->events[i].message == sending->message)
            return true;
    return false;
}

bool causal_log_all_is_delivered(struct gs_view *v)
{
    const struct gs_causality *happened = &((const struct causal_log_stamps *)gs_monitor_value(v))->happened;
    for (int i = 0; i < happened->count; i++) {
        const struct gs_caused *sending = &happened->events[i];
        if (sending->kind != GS_SENT)
            continue;
        for (GS_EACH(to, sending->to))
            if (!is_delivered(happened, sending, to))
                return gs_explain(v, "nothing is left to do, and message %d of %s is not delivered to %s",
                                  sending->message, gs_name(v, sending->at), gs_name(v, to));
    }
    return true;
}

/* ---- Goals ------------------------------------------------------------------------------------------------------- */

/* Is there a pair like that? */
static bool for_some_pair(struct gs_view *v, bool (*is_like_that)(const struct stamped_history *h, int a, int b))
{
    const struct stamped_history h = history_of(v);
    for (int a = 0; a < h.all->count; a++)
        for (int b = 0; b < h.all->count; b++)
            if (a != b && is_like_that(&h, a, b))
                return true;
    return false;
}

static bool are_ordered_by_lamport_alone(const struct stamped_history *h, int a, int b)
{
    return !gs_is_in_past(&h->past[a], b) && !gs_is_in_past(&h->past[b], a) &&
           stamp_of(h, a)->lamport < stamp_of(h, b)->lamport;
}

bool causal_log_lamport_orders_concurrent(struct gs_view *v)
{
    return for_some_pair(v, are_ordered_by_lamport_alone);
}

/* Something sent by one, then something sent by another who knew of it, delivered to a third. */
static bool is_told_on(const struct stamped_history *h, int a, int b)
{
    const struct gs_caused *one = &h->all->happened.events[a], *delivery = &h->all->happened.events[b];
    return one->kind == GS_SENT && delivery->kind == GS_DELIVERED && gs_is_in_past(&h->past[b], a) &&
           !gs_same(one->at, delivery->from) && !gs_same(one->at, delivery->at);
}

bool causal_log_cause_is_told_on(struct gs_view *v)
{
    return for_some_pair(v, is_told_on);
}

bool causal_log_hybrid_clock_is_ahead(struct gs_view *v)
{
    const struct causal_log_process *process = gs_this(v);
    return process->clock.hybrid.l > process->physical;
}

bool causal_log_message_overtakes_its_cause(struct gs_view *v)
{
    return !gs_causal_delivery(v);
}

bool causal_log_message_is_held_back(struct gs_view *v)
{
    return ((const struct causal_log_process *)gs_this(v))->held_length > 0;
}
