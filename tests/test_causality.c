/* What happened before what, from events and messages; causal delivery, stated by a protocol in one line. */
#include "properties/causality.h"
#include "tests/checker_sample.h"

/* ---- A protocol of somebody's own: gossip that is told on, without a buffer ---- */

enum { MEMBER };
enum { NEWS, TELL };
enum { MEMBERS, ORDERED };
enum { CAUSED };
enum { CAUSALITY };

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
    if (member->told == 1)
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

GS_CAUSALITY_HISTORY(causality, CAUSED)

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
                [ORDERED] = {"ordered", "a message waits for those that its sender had heard", 1, 0, 1, NULL}},
    .presets = {{.name = "quick"}},
    .announcements = {GS_CAUSALITY_ANNOUNCEMENTS(CAUSED)},
    .monitors = {[CAUSALITY] = GS_CAUSALITY_MONITOR(causality)},
    .properties = {GS_CAUSAL_DELIVERY(CAUSALITY),
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
    cr_expect(result_of(&result, "causal-delivery")->judged > 100);
    gs_result_free(&result);
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

static void announce_wrongly(struct gs_model *model, gs_step_function *step, const char *reason)
{
    struct gs_result result;
    *model = gossip;
    model->roles[MEMBER].step = step;
    check(model, &(struct gs_config){.ignore_goals = true}, GS_VIOLATION, &result);
    const char *found = result_of(&result, "well-behaved")->reason;
    cr_expect(found && strstr(found, reason), "%s", found);
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

static bool hear_what_is_for_another(struct gs_step *s, void *self, const struct gs_event *e)
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
    struct gs_model model;
    announce_wrongly(&model, tell_twice, "has announced message 1 as sent before");
    announce_wrongly(&model, hear_of_nobody, "which was not sent");
    announce_wrongly(&model, hear_what_is_for_another, "which was not sent to it");
}

static bool occur_for_ever(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct member *member = self;
    if (e->type == NEWS || member->told == UINT8_MAX || gs_index(s, gs_self(s)) == 2)
        return false;
    member->told++;
    return gs_announce(s, CAUSED + GS_OCCURRED, &(struct gs_occurred){.what = 1});
}

/* Two members' 255 events each are more than there is room for: a run that is cut would be a wrong verdict. */
Test(causality, a_history_that_is_full_is_a_finding, .timeout = 60)
{
    struct gs_model model = gossip;
    struct gs_result result;
    model.roles[MEMBER].step = occur_for_ever;
    check(&model, &(struct gs_config){.ignore_goals = true, .properties = LIST("causal-delivery")}, GS_VIOLATION,
          &result);
    const char *found = result_of(&result, "well-behaved")->reason;
    cr_expect(found && strstr(found, "has room for 256 events"), "%s", found);
    gs_result_free(&result);
}
