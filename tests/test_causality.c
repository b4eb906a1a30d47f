/* What happened before what, from events and messages; causal delivery, stated by a protocol in one line, and judged
 * again by all that happened. */
#include "properties/causal_delivery.h"
#include "tests/checker_sample.h"

/* ---- A protocol of somebody's own: gossip that is told on, without a buffer ---- */

enum { MEMBER };
enum { NEWS, TELL };
enum { MEMBERS, ORDERED, NEWS_EACH };
enum { CAUSED };
enum { ORDER, BOTH, HISTORY };

struct member {
    uint8_t told;
    uint8_t heard[3]; /* by sender: how many messages of each, delivered in order */
};
struct news {
    uint8_t type, number;
    uint8_t before[3]; /* what its sender had heard */
};
static const struct gs_field member_fields[] = {
    GS_FIELD(struct member, told),
    GS_BY_NODE(struct member, heard, MEMBER),
    GS_FIELDS_END,
};
static const struct gs_field news_fields[] = {
    GS_FIELD(struct news, number),
    GS_BY_NODE(struct news, before, MEMBER),
    GS_FIELDS_END,
};

static bool is_early(struct gs_step *s, const struct member *member, const struct news *news, gs_node from)
{
    for (int k = 0; k < gs_count(s, MEMBER); k++)
        if (member->heard[k] < news->before[k] - (k == gs_index(s, from)))
            return true;
    return false;
}

static bool hear(struct gs_step *s, struct member *member, const struct gs_event *e)
{
    const struct news *news = e->message;
    if (gs_option(s, ORDERED) && is_early(s, member, news, e->from))
        return gs_defer(s);
    member->heard[gs_index(s, e->from)]++;
    gs_announce(s, CAUSED + GS_DELIVERED, &(struct gs_delivered){.from = e->from, .message = news->number});
    return true;
}

static bool tell(struct gs_step *s, struct member *member)
{
    struct news news = {.type = NEWS};
    if (member->told == gs_option(s, NEWS_EACH))
        return false;
    news.number = ++member->told;
    member->heard[gs_index(s, gs_self(s))]++;
    memcpy(news.before, member->heard, sizeof(news.before));
    gs_announce(s, CAUSED + GS_SENT, &(struct gs_sent){.message = news.number, .to = gs_peers(s)});
    return gs_broadcast(s, MEMBER, &news);
}

static bool member_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    return e->type == NEWS ? hear(s, self, e) : e->type == TELL ? tell(s, self) : gs_unhandled(s, e);
}

static bool has_heard_all(struct gs_view *v)
{
    const struct member *member = gs_this(v);
    return member->heard[0] && member->heard[1] && member->heard[2];
}

GS_CAUSAL_ORDER(order, CAUSED)
GS_CAUSALITY_HISTORY(causality, CAUSED)

/* ---- The same by definition, over all that happened ---- */

struct both {
    struct gs_causality history;
    struct gs_causal_order order;
    bool is_violated; /* by definition */
};
static const struct gs_field both_fields[] = {
    GS_STRUCT(struct both, history, gs_causality_fields),
    GS_STRUCT(struct both, order, gs_causal_order_fields),
    GS_FIELD(struct both, is_violated),
    GS_FIELDS_END,
};

static int place_of_delivery(const struct gs_causality *history, gs_node at, const struct gs_caused *sending)
{
    for (int i = 0; i < history->count; i++)
        if (history->events[i].kind == GS_DELIVERED && gs_same(history->events[i].at, at) &&
            gs_same(history->events[i].from, sending->at) && history->events[i].message == sending->message)
            return i;
    return -1;
}

/* Was the late one delivered to the node, and the early one not, or later? */
static bool is_overtaken(const struct gs_causality *history, gs_node at, const struct gs_caused *early,
                         const struct gs_caused *late)
{
    const int first = place_of_delivery(history, at, early), then = place_of_delivery(history, at, late);
    return then >= 0 && (first < 0 || history->events[first].number > history->events[then].number);
}

static bool delivers_by_definition(const struct gs_causality *history)
{
    struct gs_past past[GS_CAUSALITY_EVENTS_MAX];
    gs_happened_before(history, past);
    for (int late = 0; late < history->count; late++)
        for (int early = 0; early < history->count; early++) {
            const struct gs_caused *one = &history->events[early], *other = &history->events[late];
            if (one->kind != GS_SENT || other->kind != GS_SENT || !gs_is_in_past(&past[late], early))
                continue;
            for (GS_EACH(at, one->to))
                if (is_overtaken(history, at, one, other))
                    return false;
        }
    return true;
}

static void both(const struct gs_run *run, void *value, gs_node by, int announcement, const void *what)
{
    struct both *both = value;
    causality(run, &both->history, by, announcement, what);
    order(run, &both->order, by, announcement, what);
    both->is_violated = !delivers_by_definition(&both->history);
}

static bool is_as_defined(struct gs_view *v)
{
    const struct both *both = gs_monitor_value(v);
    return both->order.is_violated == both->is_violated;
}

/* Of member0's first event. */
static bool is_heard_by_two(struct gs_view *v)
{
    const struct gs_causality *history = gs_monitor_value(v);
    struct gs_past past[GS_CAUSALITY_EVENTS_MAX];
    const int first = gs_causality_find(history, gs_node_at(v, MEMBER, 0), 0);
    gs_node_set heard = GS_EMPTY_SET;
    gs_happened_before(history, past);
    for (int i = 0; i < history->count && first >= 0; i++)
        if (gs_is_in_past(&past[i], first))
            heard = gs_set_with(heard, history->events[i].at);
    return gs_set_size(gs_set_without(heard, gs_node_at(v, MEMBER, 0))) == 2;
}

static const struct gs_model gossip = {
    .name = "gossip",
    .title = "news that are told on",
    .message_size = sizeof(struct news),
    .message_fields = news_fields,
    .network = GS_BAG,
    .roles = {[MEMBER] = {.name = "member",
                          .size = sizeof(struct member),
                          .fields = member_fields,
                          .step = member_step,
                          .count_option = MEMBERS}},
    .events = {[NEWS] = {.name = "news", .fields = {"number", "before"}},
               [TELL] = {.name = "tell", .kind = GS_LOCAL, .role = MEMBER}},
    .options = {[MEMBERS] = {"members", "how many", 3, 2, 3, NULL},
                [ORDERED] = {"ordered", "a message waits for those that its sender had heard", 1, 0, 1, NULL},
                [NEWS_EACH] = {"news", "how many each tells", 1, 1, 3, NULL}},
    .presets = {{.name = "quick"}},
    .announcements = {GS_CAUSALITY_ANNOUNCEMENTS(CAUSED)},
    .monitors = {[ORDER] = GS_CAUSAL_ORDER_MONITOR(order),
                 [BOTH] = {.name = "both", .size = sizeof(struct both), .fields = both_fields, .announced = both},
                 [HISTORY] = GS_CAUSALITY_MONITOR(causality)},
    .properties = {GS_CAUSAL_DELIVERY(ORDER),
                   {.name = "is-as-defined",
                    .claim = "the ready-made claim says what its definition says of all that happened",
                    .kind = GS_ALWAYS,
                    .scope = GS_SCOPE_MONITOR,
                    .monitor = BOTH,
                    .holds = is_as_defined},
                   {.name = "is-heard-by-two",
                    .claim = "two members have heard of member0's first event",
                    .kind = GS_REACHABLE,
                    .scope = GS_SCOPE_MONITOR,
                    .monitor = HISTORY,
                    .holds = is_heard_by_two},
                   {.name = "has-heard-all",
                    .claim = "a member has heard of all",
                    .kind = GS_REACHABLE,
                    .scope = GS_SCOPE_NODE,
                    .holds = has_heard_all}},
};

Test(causality, one_line_states_causal_delivery)
{
    struct gs_result result;
    check(&gossip, NULL, GS_HOLDS, &result);
    expect_verdict(&result, "causal-delivery", GS_VERDICT_PROVED);
    expect_verdict(&result, "is-heard-by-two", GS_VERDICT_PROVED);
    cr_expect(eq(u64, result_of(&result, "is-heard-by-two")->steps, 3)); /* told, and delivered twice */
    gs_result_free(&result);
}

/* Through violating states too: both say so, or neither. */
Test(causality, the_line_says_what_the_definition_says)
{
    const char *const *const all[] = {LIST("ordered=0"), LIST("ordered=1", "news=2", "members=2"),
                                      LIST("ordered=0", "news=2", "members=2")};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        struct gs_result result;
        check(&gossip,
              &(struct gs_config){.settings = all[i], .ignore_goals = true, .properties = LIST("is-as-defined")},
              GS_HOLDS, &result);
        cr_expect(result.complete && result_of(&result, "is-as-defined")->judged > 50);
        gs_result_free(&result);
    }
}

static void expect_overtaken(uint8_t network)
{
    struct gs_result result;
    check(&gossip, &(struct gs_config){.settings = LIST("ordered=0"), .network = network}, GS_VIOLATION, &result);
    cr_expect(eq(u64, result_of(&result, "causal-delivery")->steps, 4));
    expect_reason(&result, "causal-delivery",
                  "message 1 of member2 is delivered to member0 before message 1 of member1, which was sent before it");
    gs_result_free(&result);
}

/* In channels that keep their order, too. */
Test(causality, a_message_that_overtakes_its_cause_is_found)
{
    expect_overtaken(GS_BAG);
    expect_overtaken(GS_FIFO);
    expect_overtaken(GS_SET);
}

/* Two members, a message each: none is before the other. */
Test(causality, without_two_messages_in_a_row_the_claim_is_vacuous)
{
    struct gs_result result;
    check(&gossip, &(struct gs_config){.settings = LIST("members=2"), .ignore_goals = true}, GS_VIOLATION, &result);
    expect_verdict(&result, "causal-delivery", GS_VERDICT_VACUOUS);
    gs_result_free(&result);
}

/* ---- Announcements that cannot be ---- */

static void announce_wrongly(gs_step_function *step, const char *property, const char *reason)
{
    struct gs_model model = gossip;
    struct gs_result result;
    model.roles[MEMBER].step = step;
    check(&model, &(struct gs_config){.ignore_goals = true, .properties = LIST(property)}, GS_VIOLATION, &result);
    const char *found = result_of(&result, "well-behaved")->reason;
    cr_expect(strstr(found, reason) != NULL, "%s", found);
    gs_result_free(&result);
}

static bool tell_twice(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct member *member = self;
    if (e->type == NEWS || member->told == 2)
        return false;
    member->told++;
    return gs_announce(s, CAUSED + GS_SENT, &(struct gs_sent){.message = 1, .to = gs_peers(s)});
}

static bool hear_of_nobody(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct member *member = self;
    if (e->type == NEWS || member->told)
        return false;
    member->told = 1;
    return gs_announce(s, CAUSED + GS_DELIVERED,
                       &(struct gs_delivered){.from = gs_set_first(gs_peers(s)), .message = 7});
}

static bool hear_what_is_for_others(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct member *member = self;
    if (e->type == NEWS || member->told)
        return false;
    member->told = 1;
    gs_announce(s, CAUSED + GS_SENT, &(struct gs_sent){.message = 1, .to = gs_peers(s)});
    return gs_announce(s, CAUSED + GS_DELIVERED, &(struct gs_delivered){.from = gs_self(s), .message = 1});
}

Test(causality, announcements_that_cannot_be_are_findings)
{
    announce_wrongly(tell_twice, "is-as-defined", "has announced message 1 as sent before");
    announce_wrongly(tell_twice, "causal-delivery", "announces message 1 as sent while it is still on its way");
    announce_wrongly(hear_of_nobody, "is-as-defined", "which was not sent");
    announce_wrongly(hear_what_is_for_others, "is-as-defined", "which was not sent to it");
}

/* A member that goes on for ever, and bounds that no run may be cut at in silence. */
static bool occur_for_ever(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct member *member = self;
    if (e->type == NEWS || member->told == UINT8_MAX || gs_index(s, gs_self(s)) != 0)
        return false;
    member->told++;
    gs_announce(s, CAUSED + GS_OCCURRED, &(struct gs_occurred){.what = 0});
    return gs_announce(s, CAUSED + GS_OCCURRED, &(struct gs_occurred){.what = 1});
}

static bool tell_for_ever(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct member *member = self;
    if (e->type == NEWS || member->told == UINT8_MAX || gs_index(s, gs_self(s)) != 0)
        return false;
    return gs_announce(s, CAUSED + GS_SENT, &(struct gs_sent){.message = member->told++, .to = gs_peers(s)});
}

Test(causality, a_history_that_is_full_is_a_finding)
{
    announce_wrongly(occur_for_ever, "is-as-defined", "has room for 256 events");
    announce_wrongly(tell_for_ever, "causal-delivery", "more than 64 messages are on their way at once");
}
