/* A store of CRDTs under keys: states and messages, and what its parts share: crdt_store.c, the stores, and
 * crdt_store_model.c, tables and claims. */
#ifndef PROTOCOLS_CRDT_STORE_H
#define PROTOCOLS_CRDT_STORE_H

#include "protocols/crdt.h"

enum { STORE = CRDT_REPLICA }; /* the only role */
enum {
    STORE_PUSH,
    STORE_RESPONSE,
    STORE_ACK,
    STORE_GOSSIP, /* timer */
    STORE_INCREMENT,
    STORE_DEPOSIT,
    STORE_WITHDRAW,
    STORE_WRITE,
    STORE_ADD,
    STORE_REMOVE
};
enum { STORE_KIND = CRDT_FORWARD, STORE_COUNTER = CRDT_OPTIONS, STORE_BALANCE, STORE_REGISTER, STORE_SET, STORE_CLOCK };
enum { STORE_BY_PUSH = CRDT_IN_A_STORE, STORE_BY_PUSH_PULL, STORE_BY_DELTA }; /* option STORE_KIND */
enum {                                                                        /* mutants */
       STORE_SHARED_ID,
       STORE_TYPE_CONFUSION,
       STORE_DEFAULT_LWW_SET,
       STORE_DELTA_ACK_ON_SEND,
       STORE_ACK_ANY_VERSION,
       STORE_NO_REARM,
       STORE_NO_FORWARD
};
/* Keys: the option STORE_COUNTER + key says whether a run has it. */
enum { STORE_KEY_COUNTER, STORE_KEY_BALANCE, STORE_KEY_REGISTER, STORE_KEY_SET, STORE_KEYS };

/* What is under the keys: each laid out as a replica of its type. */
struct store_counter {
    struct gs_seen seen;
    struct grow_counter counter;
    gs_node entry; /* that it counts in; nobody while the key is unknown; does not travel */
};
struct store_balance {
    struct gs_seen seen;
    struct updown_counter counter;
};
struct store_register {
    struct gs_seen seen;
    struct stamped value;
};
struct store_set {
    struct gs_seen seen;
    struct versioned_set set;
};
struct store_contents {
    struct store_counter counter;
    struct store_balance balance;
    struct store_register shared; /* "register" is a word of C */
    struct store_set set;
};

/* All durable. */
struct store {
    struct store_contents contents;
    uint8_t clock;                   /* grows with each change */
    uint8_t changed[STORE_KEYS];     /* the clock after a key's last change; 0: the key is unknown */
    uint8_t told[CRDT_REPLICAS_MAX]; /* each other store is known to have all of that clock */
};

struct store_message {
    uint8_t type;
    uint8_t clock; /* push: of the sender; response, ack: of the push that is answered */
    uint8_t keys;  /* push, response: a bit for each key that is in it */
    struct store_contents contents;
};

extern const struct gs_model crdt_store;

bool store_step(struct gs_step *s, void *self, const struct gs_event *e);
bool store_within(const struct gs_run *run, gs_node self, const void *state);

/* What is under a key, as a replica of its type; and the type. */
const void *store_under(const struct store_contents *contents, int key);
const struct crdt *store_type(int key);

#endif
