/* A key-value store without a leader, whose values are CRDTs, each key of a type: writes are local, gossip spreads them
 * (Demers et al., "Epidemic Algorithms for Replicated Database Maintenance", 1987; deltas that are acknowledged as in
 * Almeida, Shoker and Baquero, "Delta State Replicated Data Types", 2018). A store gossips while another one is not
 * known to have all that it has: then the timer is armed, and at each tick one of those is told. So a lost message is
 * made up for, and with nothing new all comes to rest. The types are those of the other CRDT protocols. */
#include "protocols/crdt_store.h"

#include <string.h>

extern const struct gs_model g_counter, pn_counter, lww_register, or_set;

static const struct {
    const struct gs_model *protocol;
    size_t offset;
} keys[STORE_KEYS] = {
    [STORE_KEY_COUNTER] = {&g_counter, offsetof(struct store_contents, counter)},
    [STORE_KEY_BALANCE] = {&pn_counter, offsetof(struct store_contents, balance)},
    [STORE_KEY_REGISTER] = {&lww_register, offsetof(struct store_contents, shared)},
    [STORE_KEY_SET] = {&or_set, offsetof(struct store_contents, set)},
};

const void *store_under(const struct store_contents *contents, int key)
{
    return (const uint8_t *)contents + keys[key].offset;
}

const struct crdt *store_type(int key)
{
    return keys[key].protocol->roles[CRDT_REPLICA].context;
}

static void *under(struct store_contents *contents, int key)
{
    return (uint8_t *)contents + keys[key].offset;
}

static void *payload_under(struct store_contents *contents, int key)
{
    return (uint8_t *)under(contents, key) + sizeof(struct gs_seen);
}

bool store_within(const struct gs_run *run, gs_node self, const void *state)
{
    (void)run, (void)self;
    return ((const struct store *)state)->clock <= 100;
}

/* ---- Gossip ------------------------------------------------------------------------------------------------------ */

static gs_node_set untold(struct gs_step *s, const struct store *store)
{
    gs_node_set peers = GS_EMPTY_SET;
    for (GS_EACH(peer, gs_peers(s)))
        if (store->told[gs_index(s, peer)] < store->clock)
            peers = gs_set_with(peers, peer);
    return peers;
}

/* One tick is due while there is somebody to tell, and none otherwise. */
static bool arm(struct gs_step *s, const struct store *store)
{
    if (gs_set_is_empty(untold(s, store)))
        return gs_cancel_timer(s, STORE_GOSSIP, 0);
    return gs_timer_is_set(s, STORE_GOSSIP, 0) || gs_set_timer(s, STORE_GOSSIP, 0);
}

/* The keys that changed after that clock, in a message. */
static struct store_message pack(const struct store *store, uint8_t type, uint8_t clock, int since)
{
    struct store_message message = {.type = type, .clock = clock};
    for (int key = 0; key < STORE_KEYS; key++) {
        if (store->changed[key] <= since)
            continue;
        message.keys = (uint8_t)(message.keys | 1 << key);
        memcpy(under(&message.contents, key), store_under(&store->contents, key), store_type(key)->replica_size);
    }
    message.contents.counter.entry = GS_NOBODY;
    return message;
}

static bool gossip(struct gs_step *s, struct store *store)
{
    const gs_node peer = gs_choose_node(s, untold(s, store));
    uint8_t *told = &store->told[gs_index(s, peer)];
    const struct store_message push =
        pack(store, STORE_PUSH, store->clock, gs_option(s, STORE_KIND) == STORE_BY_DELTA ? *told : 0);
    gs_send(s, peer, &push);
    if (gs_mutant(s, STORE_DELTA_ACK_ON_SEND))
        *told = store->clock;
    return gs_mutant(s, STORE_NO_REARM) || arm(s, store);
}

/* ---- What is told ------------------------------------------------------------------------------------------------ */

static void note_change(struct store *store, uint8_t before, int key)
{
    store->clock = (uint8_t)(before + 1);
    store->changed[key] = store->clock;
}

/* A key that comes from another store is one's own from then on: it counts in one's own entry. */
static void adopt(struct gs_step *s, struct store_counter *counter, gs_node from)
{
    if (gs_is_nobody(counter->entry) && gs_mutant(s, STORE_SHARED_ID))
        counter->entry = from;
    store_type(STORE_KEY_COUNTER)->merged(s, counter, from);
}

/* Mutant: the factory takes a counter for a balance. */
static void confuse(struct gs_step *s, struct store *store, const struct store_message *message)
{
    struct updown_counter other = {0};
    memcpy(other.up, message->contents.counter.counter.entries, sizeof(other.up));
    store_type(STORE_KEY_BALANCE)->merge(gs_step_run(s), &store->contents.balance.counter, &other);
}

/* Did it change anything? */
static bool merge_key(struct gs_step *s, struct store *store, const struct store_message *message, int key,
                      gs_node from)
{
    uint8_t before[CRDT_LOCAL_MAX];
    void *mine = under(&store->contents, key);
    const void *theirs = store_under(&message->contents, key);
    const size_t size = sizeof(struct gs_seen) + store_type(key)->payload_size;
    memcpy(before, mine, size);
    const struct gs_seen seen = gs_seen_join(crdt_seen(mine), crdt_seen(theirs));
    memcpy(mine, &seen, sizeof(seen));
    store_type(key)->merge(gs_step_run(s), payload_under(&store->contents, key), crdt_payload(theirs));
    if (key == STORE_KEY_COUNTER)
        adopt(s, &store->contents.counter, from);
    if (key == STORE_KEY_COUNTER && gs_mutant(s, STORE_TYPE_CONFUSION))
        confuse(s, store, message);
    return memcmp(before, mine, size) != 0;
}

/* Is all that the sender may not have just what the message says it has? */
static bool has_all(const struct store *store, const struct store_message *message, uint8_t told)
{
    for (int key = 0; key < STORE_KEYS; key++) {
        const void *mine = store_under(&store->contents, key), *theirs = store_under(&message->contents, key);
        const bool is_there = message->keys >> key & 1;
        if (store->changed[key] > told &&
            !(is_there && memcmp(mine, theirs, sizeof(struct gs_seen) + store_type(key)->payload_size) == 0))
            return false;
    }
    return true;
}

static void merge_all(struct gs_step *s, struct store *store, const struct store_message *message, gs_node from)
{
    const uint8_t before = store->clock;
    uint8_t *told = &store->told[gs_index(s, from)];
    for (int key = 0; key < STORE_KEYS; key++)
        if (message->keys >> key & 1 && merge_key(s, store, message, key, from) && !gs_mutant(s, STORE_NO_FORWARD))
            note_change(store, before, key);
    if (has_all(store, message, *told))
        *told = store->clock;
}

static void take_ack(struct gs_step *s, struct store *store, uint8_t clock, gs_node from)
{
    uint8_t *told = &store->told[gs_index(s, from)];
    if (gs_mutant(s, STORE_ACK_ANY_VERSION))
        clock = store->clock;
    if (*told < clock)
        *told = clock;
}

static bool on_push(struct gs_step *s, struct store *store, const struct gs_event *e)
{
    const struct store_message *push = e->message;
    merge_all(s, store, push, e->from);
    arm(s, store);
    if (gs_option(s, STORE_KIND) != STORE_BY_PUSH_PULL)
        return gs_send(s, e->from, &(struct store_message){.type = STORE_ACK, .clock = push->clock});
    const struct store_message response = pack(store, STORE_RESPONSE, push->clock, 0);
    return gs_send(s, e->from, &response);
}

static bool on_answer(struct gs_step *s, struct store *store, const struct gs_event *e)
{
    const struct store_message *answer = e->message;
    const struct store before = *store;
    take_ack(s, store, answer->clock, e->from);
    merge_all(s, store, answer, e->from);
    return memcmp(&before, store, sizeof(before)) != 0 && arm(s, store);
}

/* ---- Writes ------------------------------------------------------------------------------------------------------ */

static int key_of(const struct gs_event *e)
{
    static const uint8_t written[] = {[STORE_INCREMENT] = STORE_KEY_COUNTER, [STORE_DEPOSIT] = STORE_KEY_BALANCE,
                                      [STORE_WITHDRAW] = STORE_KEY_BALANCE,  [STORE_WRITE] = STORE_KEY_REGISTER,
                                      [STORE_ADD] = STORE_KEY_SET,           [STORE_REMOVE] = STORE_KEY_SET};
    return written[e->type];
}

static int updates_made(const struct store *store, int k)
{
    int made = 0;
    for (int key = 0; key < STORE_KEYS; key++)
        made += crdt_seen(store_under(&store->contents, key)).of[k];
    return made;
}

/* Mutant: the default register is written without a timestamp, that is with the earliest there is. */
static void write_without_time(struct gs_step *s, struct store_register *shared)
{
    const struct stamped value = {.writer = gs_self(s),
                                  .write = (uint8_t)(shared->seen.of[gs_index(s, gs_self(s))] + 1)};
    store_type(STORE_KEY_REGISTER)->merge(gs_step_run(s), &shared->value, &value);
}

/* The type's own rule, by the number that the update has in the type's protocol: its first, or its second. */
static bool write_key(struct gs_step *s, struct store *store, const struct gs_event *e)
{
    const int key = key_of(e), self = gs_index(s, gs_self(s));
    const bool is_second = e->type == STORE_WITHDRAW || e->type == STORE_REMOVE;
    struct gs_event update = *e;
    struct gs_update made = {0};
    void *mine = under(&store->contents, key);
    if (!gs_option(s, STORE_COUNTER + key) || updates_made(store, self) >= crdt_allowance(gs_step_run(s), self))
        return false;
    update.type = (uint8_t)(CRDT_OWN + is_second);
    if (key != STORE_KEY_REGISTER)
        update.arguments[0] = 1; /* the amount of an increment; the element, of which there is one */
    if (key == STORE_KEY_REGISTER && gs_mutant(s, STORE_DEFAULT_LWW_SET))
        write_without_time(s, &store->contents.shared);
    else
        store_type(key)->update(s, mine, &update, &made);
    struct gs_seen seen = crdt_seen(mine);
    seen.of[self]++;
    memcpy(mine, &seen, sizeof(seen));
    note_change(store, store->clock, key);
    return arm(s, store);
}

bool store_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct store *store = self;

    switch (e->type) {
    case GS_START: /* a crash has cleared the timer */
        return !gs_set_is_empty(untold(s, store)) && arm(s, store);
    case STORE_PUSH:
        return on_push(s, store, e);
    case STORE_RESPONSE:
    case STORE_ACK:
        return on_answer(s, store, e);
    case STORE_GOSSIP:
        return gossip(s, store);
    case STORE_INCREMENT:
    case STORE_DEPOSIT:
    case STORE_WITHDRAW:
    case STORE_WRITE:
    case STORE_ADD:
    case STORE_REMOVE:
        return write_key(s, store, e);
    }
    return gs_unhandled(s, e);
}
