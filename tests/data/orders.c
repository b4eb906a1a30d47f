/* A buyer may take back an order that it has placed, and the shop ships it all the same: the bug. The mutants are what
 * may become of it: the order is sent one step later (the bug is still there), the shop refuses (it is gone), ... Tests
 * make them part of the source, as a user's change would be. */
#include "core/gainsay.h"

enum { BUYER, SHOP };
enum { ORDER, /* local events: */ PLACE, TAKE_BACK };
enum { SENT_LATE, REFUSED, ASSERTED, OTHER_WAY_ROUND };
enum { NONE_SHIPPED_IN_VAIN, NONE_TAKEN_BACK_LATE, SHIPPED, ALL_SHIPPED };

struct buyer {
    bool willing, placed, taken_back;
};
struct shop {
    bool shipped;
};
struct message {
    uint8_t type;
};

static const struct gs_field buyer_fields[] = {
    GS_FIELD(struct buyer, willing),
    GS_FIELD(struct buyer, placed),
    GS_FIELD(struct buyer, taken_back),
    GS_FIELDS_END,
};
static const struct gs_field shop_fields[] = {
    GS_FIELD(struct shop, shipped),
    GS_FIELDS_END,
};
static const struct gs_field message_fields[] = {GS_FIELDS_END};

static bool send_order(struct gs_step *s)
{
    return gs_broadcast(s, SHOP, &(struct message){.type = ORDER});
}

static bool buyer_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct buyer *buyer = self;

    switch (e->type) {
    case GS_START:
        buyer->willing = (gs_choose(s, 2) == 1) != gs_mutant(s, OTHER_WAY_ROUND);
        return true;
    case PLACE:
        if (!buyer->willing || buyer->placed)
            return false;
        buyer->placed = true;
        return gs_mutant(s, SENT_LATE) ? true : send_order(s);
    case TAKE_BACK:
        if (!buyer->placed || buyer->taken_back)
            return false;
        buyer->taken_back = true;
        return gs_mutant(s, SENT_LATE) ? send_order(s) : true;
    }
    return gs_unhandled(s, e);
}

static bool shop_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct shop *shop = self;

    if (e->type != ORDER)
        return gs_unhandled(s, e);
    if (gs_mutant(s, REFUSED))
        return false;
    gs_assert(s, !gs_mutant(s, ASSERTED));
    shop->shipped = true;
    return true;
}

static const struct buyer *buyer_of(struct gs_view *v)
{
    return gs_state(v, gs_set_first(gs_nodes(v, BUYER)));
}

static bool has_shipped(struct gs_view *v)
{
    return ((const struct shop *)gs_state(v, gs_set_first(gs_nodes(v, SHOP))))->shipped;
}

static bool none_shipped_in_vain(struct gs_view *v)
{
    if (!gs_premise(v, buyer_of(v)->taken_back) || !has_shipped(v))
        return true;
    return gs_explain(v, "shipped, and taken back");
}

/* Over a step: the buyer takes back what the shop has shipped. */
static bool none_taken_back_late(struct gs_view *v)
{
    const struct buyer *old = gs_before(v), *new = gs_this(v);
    return old->taken_back || !gs_premise(v, new->taken_back) || !has_shipped(v);
}

static bool all_shipped(struct gs_view *v)
{
    return !buyer_of(v)->taken_back || has_shipped(v);
}

static const struct gs_model orders = {
    .name = "orders",
    .title = "an order that may be taken back",
    .message_size = sizeof(struct message),
    .message_fields = message_fields,
    .network = GS_BAG,
    .roles =
        {[BUYER] = {.name = "buyer",
                    .size = sizeof(struct buyer),
                    .fields = buyer_fields,
                    .step = buyer_step,
                    .starts = true,
                    .count = 1},
         [SHOP] = {.name = "shop", .size = sizeof(struct shop), .fields = shop_fields, .step = shop_step, .count = 1}},
    .events = {[ORDER] = {.name = "order", .kind = GS_MESSAGE},
               [PLACE] = {.name = "place", .kind = GS_LOCAL, .role = BUYER},
               [TAKE_BACK] = {.name = "take-back", .kind = GS_LOCAL, .role = BUYER}},
    .presets = {{.name = "quick", .meaning = "one order"}},
    .mutants = {[SENT_LATE] = {"sent-late", "the order is sent when it is taken back", "none-shipped-in-vain", 0,
                               false},
                [REFUSED] = {"refused", "the shop refuses", "all-shipped", 0, false},
                [ASSERTED] = {"asserted", "the shop expects no order", "well-behaved", 0, false},
                [OTHER_WAY_ROUND] = {"other-way-round", "the first choice is willing", "none-shipped-in-vain", 0,
                                     false}},
    .properties = {[NONE_SHIPPED_IN_VAIN] = {.name = "none-shipped-in-vain",
                                             .claim = "what is taken back is not shipped",
                                             .kind = GS_ALWAYS,
                                             .scope = GS_SCOPE_ALL_NODES,
                                             .holds = none_shipped_in_vain},
                   [NONE_TAKEN_BACK_LATE] = {.name = "none-taken-back-late",
                                             .claim = "nothing is taken back that was shipped",
                                             .kind = GS_ALWAYS,
                                             .scope = GS_SCOPE_STEP_ROLE,
                                             .role = BUYER,
                                             .other_role = SHOP,
                                             .holds = none_taken_back_late},
                   [SHIPPED] = {.name = "shipped",
                                .claim = "something is shipped",
                                .kind = GS_REACHABLE,
                                .scope = GS_SCOPE_ALL_NODES,
                                .holds = has_shipped},
                   [ALL_SHIPPED] = {.name = "all-shipped",
                                    .claim = "when all is done, what was ordered and taken back is shipped",
                                    .kind = GS_QUIESCENT,
                                    .scope = GS_SCOPE_ALL_NODES,
                                    .holds = all_shipped}},
};

GS_EXPORT_MODEL(orders);
