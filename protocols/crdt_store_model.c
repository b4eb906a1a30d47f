/* The store of CRDTs as a model: what is claimed, tables, options, presets, mutants. What each type means is claimed by
 * the type's own protocol. */
#include "protocols/crdt_store.h"

#include <string.h>

static const char *const kind_names[] = {"push", "push-pull", "delta"};

static const struct gs_field seen_fields[] = GS_SEEN_FIELDS(STORE);
static const struct gs_field counter_fields[] = {
    GS_STRUCT(struct store_counter, seen, seen_fields),
    GS_STRUCT(struct store_counter, counter, grow_counter_fields),
    GS_FIELD(struct store_counter, entry),
    GS_FIELDS_END,
};
static const struct gs_field balance_fields[] = {
    GS_STRUCT(struct store_balance, seen, seen_fields),
    GS_STRUCT(struct store_balance, counter, updown_counter_fields),
    GS_FIELDS_END,
};
static const struct gs_field register_fields[] = {
    GS_STRUCT(struct store_register, seen, seen_fields),
    GS_STRUCT(struct store_register, value, stamped_fields),
    GS_FIELDS_END,
};
static const struct gs_field set_fields[] = {
    GS_STRUCT(struct store_set, seen, seen_fields),
    GS_STRUCT(struct store_set, set, versioned_set_fields),
    GS_FIELDS_END,
};
static const struct gs_field contents_fields[] = {
    GS_STRUCT(struct store_contents, counter, counter_fields),
    GS_STRUCT(struct store_contents, balance, balance_fields),
    GS_STRUCT(struct store_contents, shared, register_fields),
    GS_STRUCT(struct store_contents, set, set_fields),
    GS_FIELDS_END,
};
static const struct gs_field store_fields[] = {
    GS_STRUCT(struct store, contents, contents_fields, GS_DURABLE),
    GS_FIELD(struct store, clock, GS_DURABLE),
    GS_FIELD(struct store, changed, GS_DURABLE),
    GS_BY_NODE(struct store, told, STORE, GS_DURABLE),
    GS_FIELDS_END,
};
static const struct gs_field message_fields[] = {
    GS_FIELD(struct store_message, clock),
    GS_FIELD(struct store_message, keys),
    GS_STRUCT(struct store_message, contents, contents_fields),
    GS_FIELDS_END,
};

static struct gs_duration gossip_takes(const struct gs_run *run, unsigned index)
{
    (void)run, (void)index;
    return (struct gs_duration){GS_MILLISECONDS(1000), GS_MILLISECONDS(1000)};
}

/* ---- Claims ------------------------------------------------------------------------------------------------------ */

static const char *const key_names[STORE_KEYS] = {"counter", "balance", "register", "set"};

static struct gs_seen seen_under(const struct store *store, int key)
{
    return crdt_seen(store_under(&store->contents, key));
}

static bool is_same_value(const struct store *one, const struct store *other, int key)
{
    return memcmp(crdt_payload(store_under(&one->contents, key)), crdt_payload(store_under(&other->contents, key)),
                  store_type(key)->payload_size) == 0;
}

static bool same_seen_same_value(struct gs_view *v)
{
    const struct store *one = gs_this(v), *other = gs_that(v);
    for (int key = 0; key < STORE_KEYS; key++)
        if (gs_premise(v, gs_seen_equal(seen_under(one, key), seen_under(other, key))) &&
            !is_same_value(one, other, key))
            return gs_explain(v, "%s and %s have seen the same updates of key %s, which is not the same there",
                              gs_name(v, gs_this_node(v)), gs_name(v, gs_that_node(v)), key_names[key]);
    return true;
}

static bool has_seen_all(struct gs_view *v, const struct store *store)
{
    for (int k = 0; k < gs_count(v, STORE); k++) {
        int seen = 0;
        for (int key = 0; key < STORE_KEYS; key++)
            seen += seen_under(store, key).of[k];
        if (seen < crdt_allowance(gs_view_run(v), k))
            return false;
    }
    return true;
}

static bool caught_up(struct gs_view *v)
{
    for (GS_EACH(store, gs_nodes(v, STORE)))
        if (!has_seen_all(v, gs_state(v, store)))
            return false;
    return true;
}

/* A store that is down has perhaps not made all its updates. */
static bool converged(struct gs_view *v)
{
    gs_node first = GS_NOBODY;
    bool all_are_up = true;
    for (GS_EACH(node, gs_nodes(v, STORE))) {
        if (!gs_is_up(v, node)) {
            all_are_up = false;
            continue;
        }
        if (gs_is_nobody(first))
            first = node;
        const struct store *one = gs_state(v, first), *other = gs_state(v, node);
        for (int key = 0; key < STORE_KEYS; key++)
            if (!gs_seen_equal(seen_under(one, key), seen_under(other, key)) || !is_same_value(one, other, key))
                return gs_explain(v, "nothing is left to do, and key %s is not the same in %s and %s", key_names[key],
                                  gs_name(v, first), gs_name(v, node));
    }
    return !all_are_up || caught_up(v) || gs_explain(v, "nothing is left to do, and not every update has been seen");
}

/* Merging what the one has into what the other has changes nothing there. */
static bool includes(struct gs_view *v, const struct store *store, const struct store *other, int key)
{
    uint8_t merged[CRDT_PAYLOAD_MAX];
    const void *mine = crdt_payload(store_under(&store->contents, key));
    memcpy(merged, mine, store_type(key)->payload_size);
    store_type(key)->merge(gs_view_run(v), merged, crdt_payload(store_under(&other->contents, key)));
    return memcmp(merged, mine, store_type(key)->payload_size) == 0;
}

static bool told_is_known(struct gs_view *v)
{
    const struct store *teller = gs_this(v), *told = gs_that(v);
    const uint8_t clock = teller->told[gs_index(v, gs_that_node(v))];
    for (int key = 0; key < STORE_KEYS; key++)
        if (gs_premise(v, teller->changed[key] > 0 && teller->changed[key] <= clock) && !includes(v, told, teller, key))
            return gs_explain(v, "%s takes %s for told of key %s, which does not have it", gs_name(v, gs_this_node(v)),
                              gs_name(v, gs_that_node(v)), key_names[key]);
    return true;
}

static int sum_of(const uint8_t numbers[CRDT_REPLICAS_MAX])
{
    int sum = 0;
    for (int k = 0; k < CRDT_REPLICAS_MAX; k++)
        sum += numbers[k];
    return sum;
}

/* A balance goes up or down by 1 in each update. */
static bool counters_count_what_was_seen(struct gs_view *v)
{
    const struct store *store = gs_this(v);
    const int count = sum_of(store->contents.counter.counter.entries), seen = sum_of(store->contents.counter.seen.of);
    const struct updown_counter *balance = &store->contents.balance.counter;
    const int moves = sum_of(balance->up) + sum_of(balance->down), moved = sum_of(store->contents.balance.seen.of);
    gs_premise(v, seen > 0 || moved > 0);
    if (count != seen)
        return gs_explain(v, "the counter of %s is at %d, after %d increments that it has seen",
                          gs_name(v, gs_this_node(v)), count, seen);
    return moves == moved || gs_explain(v, "the balance of %s has moved by 1 %d times, in %d updates that it has seen",
                                        gs_name(v, gs_this_node(v)), moves, moved);
}

static bool write_is_visible(struct gs_view *v)
{
    const struct store *before = gs_before(v), *after = gs_this(v);
    const int self = gs_index(v, gs_this_node(v));
    const struct store_register *shared = &after->contents.shared;
    if (!gs_premise(v, shared->seen.of[self] > before->contents.shared.seen.of[self]))
        return true;
    return (gs_same(shared->value.writer, gs_this_node(v)) && shared->value.write == shared->seen.of[self]) ||
           gs_explain(v, "%s does not have what it has just written", gs_name(v, gs_this_node(v)));
}

/* ---- Goals ------------------------------------------------------------------------------------------------------- */

static bool covers(const struct store *one, const struct store *other)
{
    for (int key = 0; key < STORE_KEYS; key++)
        if (!gs_seen_covers(seen_under(one, key), seen_under(other, key)))
            return false;
    return true;
}

static bool diverged(struct gs_view *v)
{
    const struct store *one = gs_this(v), *other = gs_that(v);
    return !covers(one, other) && !covers(other, one);
}

/* Who has made no update of the key counts in it under its own name. */
static bool adopted(struct gs_view *v)
{
    const struct store_counter *counter = &((const struct store *)gs_this(v))->contents.counter;
    return gs_same(counter->entry, gs_this_node(v)) && counter->seen.of[gs_index(v, gs_this_node(v))] == 0;
}

static bool delta_is_part(struct gs_view *v)
{
    const struct store_message *message = gs_message(v);
    const struct store *receiver = gs_this(v);
    for (int key = 0; key < STORE_KEYS; key++)
        if (message->type == STORE_PUSH && receiver->changed[key] > 0 && !(message->keys >> key & 1))
            return true;
    return false;
}

/* ---- What a run has to grant ------------------------------------------------------------------------------------- */

static bool has_counter(const struct gs_run *run)
{
    return gs_option(run, STORE_COUNTER) > 0;
}

static bool has_a_counter(const struct gs_run *run)
{
    return has_counter(run) || gs_option(run, STORE_BALANCE) > 0;
}

static bool has_register(const struct gs_run *run)
{
    return gs_option(run, STORE_REGISTER) > 0;
}

static int64_t keys_of(const struct gs_run *run)
{
    int64_t keys = 0;
    for (int key = 0; key < STORE_KEYS; key++)
        keys += gs_option(run, STORE_COUNTER + key);
    return keys;
}

static const char *refuses(const struct gs_run *run)
{
    if (keys_of(run) == 0)
        return "there is no key: set one of counter, balance, register and set to 1";
    if (gs_option(run, STORE_CLOCK) && !has_register(run))
        return "clock has a meaning with register=1 only, the type that has timestamps: leave it out, or set that";
    return NULL;
}

static bool can_gossip(const struct gs_run *run)
{
    return gs_budget(run, GS_TIMEOUT) != 0;
}

static bool can_adopt(const struct gs_run *run)
{
    return has_counter(run) && can_gossip(run);
}

static bool can_leave_out(const struct gs_run *run)
{
    return gs_option(run, STORE_KIND) == STORE_BY_DELTA && keys_of(run) >= 2 && crdt_has_two_updates(run) &&
           can_gossip(run);
}

/* ---- The model --------------------------------------------------------------------------------------------------- */

#define STORE_WRITES(event_name)                              \
    {                                                         \
        .name = (event_name), .kind = GS_LOCAL, .role = STORE \
    }

const struct gs_model crdt_store =
    {
        .name = "crdt-store",
        .title = "a store of CRDTs under keys that spread by gossip, which comes to rest",
        .source = "Demers et al., Epidemic Algorithms for Replicated Database Maintenance (1987)",
        .message_size = sizeof(struct store_message),
        .message_fields = message_fields,
        .network = GS_SET,
        .refuses = refuses,
        .roles = {[STORE] = {.name = "store",
                             .size = sizeof(struct store),
                             .fields = store_fields,
                             .step = store_step,
                             .within = store_within,
                             .within_text = "clock <= 100",
                             .count_option = CRDT_REPLICAS,
                             .starts = true}},
        .events =
            {
                [STORE_PUSH] = {.name = "push", .fields = {"clock", "keys", "contents"}},
                [STORE_RESPONSE] = {.name = "response", .fields = {"clock", "keys", "contents"}},
                [STORE_ACK] = {.name = "ack", .fields = {"clock"}},
                [STORE_GOSSIP] = {.name = "gossip", .kind = GS_TIMER, .role = STORE, .takes = gossip_takes},
                [STORE_INCREMENT] = STORE_WRITES("increment"),
                [STORE_DEPOSIT] = STORE_WRITES("deposit"),
                [STORE_WITHDRAW] = STORE_WRITES("withdraw"),
                [STORE_WRITE] = {.name = "write",
                                 .kind = GS_LOCAL,
                                 .role = STORE,
                                 .arguments = {{.name = "now", .kind = GS_RANGE, .max_option = STORE_CLOCK + 1}}},
                [STORE_ADD] = STORE_WRITES("add"),
                [STORE_REMOVE] = STORE_WRITES("remove"),
            },
        .options =
            {
                [CRDT_REPLICAS] = {"stores", "how many there are", 2, 2, CRDT_REPLICAS_MAX, NULL},
                [CRDT_UPDATES] = {"updates", "how many are made, dealt out to the stores in turn", 3, 1,
                                  CRDT_UPDATES_MAX, NULL},
                [STORE_KIND] = {"gossip",
                                "push: all keys, and an ack; push-pull: all keys both ways; delta: what has changed",
                                STORE_BY_DELTA, STORE_BY_PUSH, STORE_BY_DELTA, kind_names},
                [STORE_COUNTER] = {"counter", "there is a key with a g-counter", 1, 0, 1, NULL},
                [STORE_BALANCE] = {"balance", "there is a key with a pn-counter", 0, 0, 1, NULL},
                [STORE_REGISTER] = {"register", "there is a key with an lww-register", 0, 0, 1, NULL},
                [STORE_SET] = {"set", "there is a key with an or-set", 0, 0, 1, NULL},
                [STORE_CLOCK] = {"clock", "the most that a physical clock shows", 0, 0, 3, NULL},
            },
        .presets =
            {
                {.name = "quick",
                 .meaning = "2 stores, deltas: 3 updates of a counter and a register",
                 .settings = {"register=1"}},
                {.name = "full",
                 .meaning = "3 stores, deltas: 2 updates of a counter, a partition that heals",
                 .settings = {"stores=3", "updates=2"},
                 .budgets = {.partitions = 1}},
                {.name = "push", .meaning = "as quick, by push", .settings = {"register=1", "gossip=push"}},
                {.name = "push-pull",
                 .meaning = "2 stores: 3 updates of a counter, by push-pull",
                 .settings = {"gossip=push-pull"}},
                {.name = "all-keys",
                 .meaning = "2 stores, deltas: 2 updates of four keys, each of another type",
                 .settings = {"updates=2", "balance=1", "register=1", "set=1"}},
                {.name = "lossy",
                 .meaning = "2 updates; each message arrives once or is lost, two are",
                 .settings = {"register=1", "updates=2"},
                 .network = GS_BAG,
                 .budgets = {.drops = 2}},
                {.name = "one-update",
                 .meaning = "2 stores, one update, one message is lost; small, to be read",
                 .settings = {"updates=1"},
                 .network = GS_BAG,
                 .budgets = {.drops = 1}},
                {.name = "crash",
                 .meaning = "3 stores, deltas: 2 updates of a counter, a store stops for good",
                 .settings = {"stores=3", "updates=2"},
                 .budgets = {.crashes = 1}},
            },
        .mutants =
            {
                [STORE_SHARED_ID] = {"shared-id",
                                     "a counter that comes from another store is counted in by that one's entry",
                                     "counters-count-what-was-seen", "push", false},
                [STORE_TYPE_CONFUSION] = {"type-confusion", "a counter that comes is merged into the balance",
                                          "counters-count-what-was-seen", "all-keys", false},
                [STORE_DEFAULT_LWW_SET] = {"default-lww-set", "the register is written without a timestamp",
                                           "write-is-visible", "quick", false},
                [STORE_DELTA_ACK_ON_SEND] = {"delta-ack-on-send", "who was sent a delta is taken for told", "converged",
                                             "one-update", false},
                [STORE_ACK_ANY_VERSION] = {"ack-any-version", "an ack counts for all that is there by now",
                                           "told-is-known", "quick", false},
                [STORE_NO_REARM] = {"no-rearm", "the timer is not armed again after a tick", "converged", "one-update",
                                    false},
                [STORE_NO_FORWARD] = {"no-forward", "what came from another store is not told on", "converged",
                                      "crash", false},
            },
        .properties =
            {
                {.name = "same-seen-same-value",
                 .claim = "stores that have seen the same updates of a key have the same under it",
                 .kind = GS_ALWAYS,
                 .scope = GS_SCOPE_PAIR,
                 .holds = same_seen_same_value},
                {.name = "converged",
                 .claim = "at rest all stores that are up have the same, of all updates if none is down",
                 .kind = GS_QUIESCENT,
                 .scope = GS_SCOPE_ROLE,
                 .holds = converged,
                 .needs = can_gossip,
                 .needs_text = "timeouts >= 1"},
                {.name = "told-is-known",
                 .claim = "a store has what another one takes it to be told of",
                 .kind = GS_ALWAYS,
                 .scope = GS_SCOPE_PAIR,
                 .holds = told_is_known,
                 .needs = can_gossip,
                 .needs_text = "timeouts >= 1"},
                {.name = "counters-count-what-was-seen",
                 .claim = "a store's counters are those of the updates that it has seen",
                 .kind = GS_ALWAYS,
                 .scope = GS_SCOPE_NODE,
                 .holds = counters_count_what_was_seen,
                 .needs = has_a_counter,
                 .needs_text = "counter or balance"},
                {.name = "write-is-visible",
                 .claim = "a store has what it has just written to the register",
                 .kind = GS_ALWAYS,
                 .scope = GS_SCOPE_STEP,
                 .holds = write_is_visible,
                 .needs = has_register,
                 .needs_text = "register"},
                {.name = "diverged",
                 .claim = "two stores have each seen an update that the other has not",
                 .kind = GS_REACHABLE,
                 .scope = GS_SCOPE_PAIR,
                 .holds = diverged,
                 .needs = crdt_has_two_updates,
                 .needs_text = "updates >= 2"},
                {.name = "caught-up",
                 .claim = "all updates are made, and every store has seen them",
                 .kind = GS_REACHABLE,
                 .scope = GS_SCOPE_ROLE,
                 .holds = caught_up,
                 .needs = can_gossip,
                 .needs_text = "timeouts >= 1"},
                {.name = "adopted",
                 .claim = "a store counts in a counter that another one has made",
                 .kind = GS_REACHABLE,
                 .scope = GS_SCOPE_NODE,
                 .holds = adopted,
                 .needs = can_adopt,
                 .needs_text = "counter, timeouts >= 1"},
                {.name = "delta-is-part",
                 .claim = "a push leaves out a key that its receiver has",
                 .kind = GS_REACHABLE,
                 .scope = GS_SCOPE_MESSAGE_RECEIVER,
                 .holds = delta_is_part,
                 .needs = can_leave_out,
                 .needs_text = "gossip=delta, two keys, updates >= 2, timeouts >= 1"},
            },
};
