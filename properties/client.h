/* A ready role: clients that invoke operations one after the other, each at a server, and announce invocations and
 * returns (announced.h). A protocol lists the role with GS_CLIENT, says in a struct gs_clients what they ask for, and
 * gives two functions: one that sends a request as a message of the protocol's own, one that reads an answer.
 *
 * The first operation is invoked at START, each other one in the step in which the one before returned. Client c's
 * operation k (both from 0) goes to server (c + k) mod servers, or to any (`any_server`). */
#ifndef GAINSAY_CLIENT_H
#define GAINSAY_CLIENT_H

#include "properties/history_monitor.h"
#include "properties/linearizations.h"

enum { GS_CLIENT_KINDS_MAX = 8 };

/* Where an operation's argument comes from. */
enum gs_argument_source {
    GS_ARGUMENT_NONE,
    GS_ARGUMENT_VALUE,     /* one value */
    GS_ARGUMENT_TWO_VALUES /* a list of two: cas [from, to] */
};

/* A kind of operation. Options are given as their index + 1, here and below; 0: none. */
struct gs_client_kind {
    uint8_t function;       /* index into the sequential model's functions */
    uint8_t argument;       /* enum gs_argument_source */
    uint8_t times_option;   /* how often before the next kind; none: once */
    uint8_t clients_option; /* how many of the clients do it, the first ones; none: all */
    bool by_the_last;       /* not the first ones, the last ones */
};

/* A request as the protocol sends it. */
struct gs_request {
    uint8_t id;      /* 1 or more; no other operation of any client has it; retries have the same */
    gs_node server;  /* to whom */
    uint8_t attempt; /* 0: the first; then how often it was sent before */
    const struct gs_invocation *operation; /* a value is argument.items[0] */
};

/* An answer as the protocol read it. */
struct gs_answer {
    uint8_t id;            /* of the request */
    uint8_t outcome;       /* enum gs_outcome; GS_OK unless set */
    bool again;            /* if the client may send the request again, it does, now, and takes this for no answer */
    struct gs_flat result; /* nil unless set */
};

/* What a protocol's clients do. Events too are given as their index + 1. */
struct gs_clients {
    uint8_t servers;           /* role */
    uint8_t invoked, returned; /* announcements: struct gs_invocation, struct gs_return */
    uint8_t operations_option; /* how many each client invokes; none: each kind as often as it says, and then no more */
    /* none, 0: each value is the request's id, so no two are alike. N: the checker chooses from 1..N. */
    uint8_t values_option;
    uint8_t keys_option;    /* the checker chooses a key from 1..N; none: no key */
    uint8_t mix_option;     /* not 0: the checker chooses the kind; none, 0: the kinds in their order, over and over */
    uint8_t retry;          /* a timer: when it fires, the request is sent again, to the next server */
    uint8_t retries_option; /* how often at most for one operation; none: once */
    uint8_t timeout; /* a timer: when it fires, the operation is left open for good, and the client goes on as a new
                        process */
    bool stops;      /* a client that left an operation open does not go on */
    bool any_server; /* the checker chooses the server */
    uint8_t any_server_option; /* not 0: it does; none: as any_server says */
    struct gs_client_kind kinds[GS_CLIENT_KINDS_MAX];
    uint8_t kind_count;
    void (*request)(struct gs_step *s, const struct gs_request *request);
    bool (*answer)(struct gs_step *s, const struct gs_event *e, struct gs_answer *answer); /* false: e is no answer */
};

/* A client's state. All of it survives a crash: the operation in flight is then left open. */
struct gs_client {
    uint8_t invoked;   /* operations so far, the one in flight included */
    uint8_t abandoned; /* how many of them were left open: its process is its index + abandoned * clients */
    uint8_t retries;   /* of the operation in flight */
    uint8_t waiting;   /* for how many operations to return: one that is in flight, or none */
    struct gs_invocation operation[1];
};
extern const struct gs_field gs_client_fields[]; /* the function as a number */

/* Field table with the functions by name: static const struct gs_field client_fields[] = GS_CLIENT_FIELDS(table);
 * table: one that GS_INVOCATION_FIELDS made. */
#define GS_CLIENT_FIELDS(table)                                                                               \
    {                                                                                                         \
        GS_FIELD(struct gs_client, invoked, GS_DURABLE), GS_FIELD(struct gs_client, abandoned, GS_DURABLE),   \
            GS_FIELD(struct gs_client, retries, GS_DURABLE), GS_FIELD(struct gs_client, waiting, GS_DURABLE), \
            GS_STRUCT_LIST(struct gs_client, operation, waiting, table, GS_DURABLE), GS_FIELDS_END,           \
    }

gs_step_function gs_client_step;

/* An entry of a model's roles: GS_CLIENT("client", clients, CLIENTS_OPTION); clients: a static const struct gs_clients.
 * With a field table of its own, GS_CLIENT_NAMING("client", client_fields, clients, CLIENTS_OPTION), traces tell what
 * the clients do by the functions' names. */
#define GS_CLIENT(role_name, clients, node_count_option) \
    GS_CLIENT_NAMING(role_name, gs_client_fields, clients, node_count_option)
#define GS_CLIENT_NAMING(role_name, field_table, clients, node_count_option)                                    \
    {                                                                                                           \
        .name = (role_name), .size = sizeof(struct gs_client), .fields = (field_table), .step = gs_client_step, \
        .count_option = (node_count_option), .starts = true, .context = &(clients)                              \
    }

/* How many of the client's operations have returned, and how many it invokes in a run that goes on for long enough;
 * client: a node of a role that was listed with GS_CLIENT. For goals. */
int gs_client_returns(const struct gs_client *client);
int gs_client_operations(const struct gs_run *run, gs_node client);
/* Has every operation of every client of that role returned? None was left open, then. */
bool gs_all_returned(struct gs_view *v, int role);

/* An entry of a model's options, for a property's .monitor_option: which of GS_LINEARIZATIONS and GS_HISTORY, which
 * stand in this order in its monitors, is kept. */
extern const char *const gs_monitor_names[2];
#define GS_MONITOR_OPTION                                                               \
    {                                                                                   \
        "monitor", "what is kept of the clients' operations", 0, 0, 1, gs_monitor_names \
    }

#endif
