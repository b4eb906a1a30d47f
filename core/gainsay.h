/* Gainsay's public interface: all that the author of a protocol, a property or a monitor reads.
 *
 * A protocol is one `const struct gs_model`: roles (a plain state struct and one step function each), one message
 * struct, events, options, presets, mutants, monitors and properties. The step function is a pure function of (local
 * state, event, choices, options); every effect goes through `struct gs_step *`. docs/writing-a-protocol.md walks
 * through one. Names start with gs_; indices into the model's tables are the author's own enums. */
#ifndef GAINSAY_H
#define GAINSAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Grows when a struct below changes, or one of properties/ that protocols fill in; a plugin built for another one is
 * refused. */
#define GS_INTERFACE 4

enum {
    GS_NODES_MAX = 64,
    GS_ROLES_MAX = 8,
    GS_EVENTS_MAX = 64, /* messages, timers and local events together */
    GS_MESSAGE_FIELDS_MAX = 16,
    GS_ARGUMENTS_MAX = 3, /* of one local event */
    GS_TIMERS_MAX = 64,   /* (timer, index) pairs of one role */
    GS_OPTIONS_MAX = 32,
    GS_PRESETS_MAX = 32,
    GS_SETTINGS_MAX = 12, /* of one preset */
    GS_MUTANTS_MAX = 64,
    GS_ANNOUNCEMENTS_MAX = 16, /* types */
    GS_MONITORS_MAX = 16,
    GS_PROPERTIES_MAX = 48,
    GS_SENDS_MAX = 1024,    /* messages sent in one step */
    GS_CHOICES_MAX = 16,    /* gs_choose calls in one step */
    GS_BRANCHES_MAX = 65536 /* outcomes of one event, over all its choices */
};

/* ---- Nodes and sets of nodes: no order and no arithmetic, so that ids can be renamed ----------------------------- */

/* A node's name tag. All zero is nobody. One byte, no alignment. */
typedef struct {
    uint8_t tag;
} gs_node;

/* A set of nodes. Eight bytes, no alignment: it leaves no padding in a state struct. */
typedef struct {
    uint8_t bytes[8];
} gs_node_set;

#define GS_NOBODY ((gs_node){0})
#define GS_EMPTY_SET ((gs_node_set){{0}})

bool gs_is_nobody(gs_node node);
bool gs_same(gs_node a, gs_node b);

gs_node_set gs_set_of(gs_node node); /* the empty set for nobody */
gs_node_set gs_set_with(gs_node_set set, gs_node node);
gs_node_set gs_set_without(gs_node_set set, gs_node node);
gs_node_set gs_set_union(gs_node_set a, gs_node_set b);
gs_node_set gs_set_intersection(gs_node_set a, gs_node_set b);
gs_node_set gs_set_difference(gs_node_set a, gs_node_set b);
bool gs_set_has(gs_node_set set, gs_node node);
bool gs_set_equal(gs_node_set a, gs_node_set b);
bool gs_set_is_empty(gs_node_set set);
int gs_set_size(gs_node_set set);
gs_node gs_set_first(gs_node_set set);                  /* nobody if empty */
gs_node gs_set_next(gs_node_set set, gs_node previous); /* nobody at the end */

/* for (GS_EACH(node, set)) ...: visits every node of the set. */
#define GS_EACH(node, set)            \
    gs_node node = gs_set_first(set); \
    !gs_is_nobody(node);              \
    node = gs_set_next(set, node)

/* ---- Field tables: every byte of a struct, described once -------------------------------------------------------- */

enum gs_field_kind {
    GS_KIND_UNSUPPORTED,
    GS_KIND_BOOL,
    GS_KIND_U8,
    GS_KIND_U16,
    GS_KIND_U32,
    GS_KIND_U64,
    GS_KIND_I8,
    GS_KIND_I16,
    GS_KIND_I32,
    GS_KIND_I64,
    GS_KIND_NODE,
    GS_KIND_NODE_SET,
    GS_KIND_STRUCT
};

enum { GS_DURABLE = 1 }; /* field flag: the member survives a crash (roles only, top level) */

/* One member of a struct. Use the macros below. A member may be a scalar, an array, an array indexed by the nodes of a
 * role (element k belongs to the role's k-th node, gs_index), or a list: an array of which the first `length` elements
 * count and the others are zeroed after each step. */
struct gs_field {
    const char *name;
    const struct gs_field *fields; /* GS_KIND_STRUCT: the element's own table */
    const char *const *names;      /* enum: names by value, else NULL */
    const char *length;            /* list: name of the member of the same struct (unsigned, 8 to 32 bits) */
    uint32_t offset, size;         /* bytes; of the whole member */
    uint32_t element_size;         /* bytes; 0 for the kind's own */
    uint32_t name_count;
    uint8_t kind;     /* enum gs_field_kind */
    uint8_t is_array; /* also lists and arrays by node */
    uint8_t by_role;  /* array indexed by node: role + 1, else 0 */
    uint8_t flags;    /* GS_DURABLE */
    /* GS_KIND_STRUCT, or NULL: writes an element as text for people, as snprintf does, in the place of its members one
     * by one. Must take any bytes. */
    void (*text)(const void *element, char *text, size_t size);
};

#define GS_MEMBER(type, member) (((type *)0)->member)
/* A pointer is neither an array nor a scalar, though it reads like one of them. */
#define GS_IS_POINTER(lvalue)                                                                                         \
    _Generic(&(lvalue), bool ** : 1, uint8_t ** : 1, uint16_t ** : 1, uint32_t ** : 1, unsigned long ** : 1,          \
             unsigned long long ** : 1, int8_t ** : 1, int16_t ** : 1, int32_t ** : 1, long ** : 1, long long ** : 1, \
             gs_node ** : 1, gs_node_set ** : 1, default : 0)
#define GS_KIND_OF(lvalue) (GS_IS_POINTER(lvalue) ? GS_KIND_UNSUPPORTED : GS_ELEMENT_KIND_OF(lvalue))
#define GS_ELEMENT_KIND_OF(lvalue) \
    _Generic((lvalue),                                                                                                 \
        bool: GS_KIND_BOOL, bool *: GS_KIND_BOOL,                                                                      \
        uint8_t: GS_KIND_U8, uint8_t *: GS_KIND_U8, uint16_t: GS_KIND_U16, uint16_t *: GS_KIND_U16,                    \
        uint32_t: GS_KIND_U32, uint32_t *: GS_KIND_U32, unsigned long: GS_KIND_U64, unsigned long *: GS_KIND_U64,      \
        unsigned long long: GS_KIND_U64, unsigned long long *: GS_KIND_U64,                                            \
        int8_t: GS_KIND_I8, int8_t *: GS_KIND_I8, int16_t: GS_KIND_I16, int16_t *: GS_KIND_I16,                        \
        int32_t: GS_KIND_I32, int32_t *: GS_KIND_I32, long: GS_KIND_I64, long *: GS_KIND_I64,                          \
        long long: GS_KIND_I64, long long *: GS_KIND_I64,                                                              \
        gs_node: GS_KIND_NODE, gs_node *: GS_KIND_NODE, gs_node_set: GS_KIND_NODE_SET,                                 \
        gs_node_set *: GS_KIND_NODE_SET, default: GS_KIND_UNSUPPORTED)
#define GS_IS_ARRAY(lvalue)                                                                                     \
    _Generic((lvalue), bool * : 1, uint8_t * : 1, uint16_t * : 1, uint32_t * : 1, unsigned long * : 1,          \
             unsigned long long * : 1, int8_t * : 1, int16_t * : 1, int32_t * : 1, long * : 1, long long * : 1, \
             gs_node * : 1, gs_node_set * : 1, default : 0)

/* What the field macros share; their variable part begins with the member and may end with flags. */
#define GS_FIRST_(a, ...) a
#define GS_SECOND_(a, b, ...) b
#define GS_FIELD_OF_(type, member, ...)                                                                         \
    {                                                                                                           \
        .name = #member, .offset = offsetof(type, member), .size = sizeof(GS_MEMBER(type, member)), __VA_ARGS__ \
    }
#define GS_FIELD_OF(type, member, ...) GS_FIELD_OF_(type, member, __VA_ARGS__)
#define GS_PLAIN(type, member) \
    .kind = GS_KIND_OF(GS_MEMBER(type, member)), .is_array = GS_IS_ARRAY(GS_MEMBER(type, member))
#define GS_ARRAY_OF(type, member) .kind = GS_KIND_OF(GS_MEMBER(type, member)), .is_array = 1
#define GS_STRUCTS(type, member, table) \
    .kind = GS_KIND_STRUCT, .is_array = 1, .fields = (table), .element_size = sizeof(GS_MEMBER(type, member)[0])
#define GS_NAMES(list) .names = (list), .name_count = sizeof(list) / sizeof((list)[0])

/* Each takes GS_DURABLE as an optional last argument. `member` may be a scalar or a one-dimensional array. */
#define GS_FIELD(type, ...)                                                                 \
    GS_FIELD_OF(type, GS_FIRST_(__VA_ARGS__, 0), GS_PLAIN(type, GS_FIRST_(__VA_ARGS__, 0)), \
                .flags = GS_SECOND_(__VA_ARGS__, 0, 0))
/* An enum kept in an unsigned integer; names: a static array of strings, one per value from 0. */
#define GS_ENUM(type, member, ...)                                                         \
    GS_FIELD_OF(type, member, GS_PLAIN(type, member), GS_NAMES(GS_FIRST_(__VA_ARGS__, 0)), \
                .flags = GS_SECOND_(__VA_ARGS__, 0, 0))
/* A list of scalars; length_member: the member that holds how many count. */
#define GS_LIST(type, member, ...)                                                                       \
    GS_FIELD_OF(type, member, GS_ARRAY_OF(type, member), .length = GS_STRING(GS_FIRST_(__VA_ARGS__, 0)), \
                .flags = GS_SECOND_(__VA_ARGS__, 0, 0))
/* An array with one element per node of a role. */
#define GS_BY_NODE(type, member, ...)                                                              \
    GS_FIELD_OF(type, member, GS_ARRAY_OF(type, member), .by_role = GS_FIRST_(__VA_ARGS__, 0) + 1, \
                .flags = GS_SECOND_(__VA_ARGS__, 0, 0))
/* A nested struct, an array, a list and an array by node of them; table: the nested struct's fields. */
#define GS_STRUCT(type, member, ...)                                                       \
    GS_FIELD_OF(type, member, .kind = GS_KIND_STRUCT, .fields = GS_FIRST_(__VA_ARGS__, 0), \
                .flags = GS_SECOND_(__VA_ARGS__, 0, 0))
#define GS_STRUCT_ARRAY(type, member, ...)                                         \
    GS_FIELD_OF(type, member, GS_STRUCTS(type, member, GS_FIRST_(__VA_ARGS__, 0)), \
                .flags = GS_SECOND_(__VA_ARGS__, 0, 0))
#define GS_STRUCT_LIST(type, member, length_member, ...)                                                     \
    GS_FIELD_OF(type, member, GS_STRUCTS(type, member, GS_FIRST_(__VA_ARGS__, 0)), .length = #length_member, \
                .flags = GS_SECOND_(__VA_ARGS__, 0, 0))
#define GS_STRUCT_BY_NODE(type, member, role, ...)                                                        \
    GS_FIELD_OF(type, member, GS_STRUCTS(type, member, GS_FIRST_(__VA_ARGS__, 0)), .by_role = (role) + 1, \
                .flags = GS_SECOND_(__VA_ARGS__, 0, 0))
#define GS_FIELDS_END \
    {                 \
        .name = NULL  \
    }
#define GS_STRING_(text) #text
#define GS_STRING(text) GS_STRING_(text)

/* ---- Events ------------------------------------------------------------------------------------------------------ */

/* A run: a model with its options, mutants, network and node counts fixed. Opaque. */
struct gs_run;

enum gs_event_kind { GS_MESSAGE, GS_TIMER, GS_LOCAL };

enum gs_argument_kind { GS_NO_ARGUMENT, GS_RANGE, GS_NODE };

/* One argument of a local event; the checker tries every value. */
struct gs_argument {
    const char *name;
    uint8_t kind;       /* GS_RANGE or GS_NODE */
    int64_t min, max;   /* GS_RANGE: both included */
    uint8_t max_option; /* GS_RANGE: option + 1 whose value replaces max, 0 for none */
    uint8_t role;       /* GS_NODE: a node of this role (also oneself) */
};

/* In nanoseconds, both included. */
struct gs_duration {
    int64_t least, most;
};
#define GS_MILLISECONDS(n) ((int64_t)(n)*1000000)

/* Messages, timers and local events stand in one table, `events`, under the author's one enum. */
struct gs_event_type {
    const char *name;
    uint8_t kind;                                   /* enum gs_event_kind */
    uint8_t role;                                   /* timers and local events: whose */
    uint8_t indices;                                /* timers: how many indices, 0 means 1 */
    const char *fields[GS_MESSAGE_FIELDS_MAX];      /* messages: members this type uses; all others are zeroed */
    struct gs_argument arguments[GS_ARGUMENTS_MAX]; /* local events */
    /* Timers, in random runs that have a clock: how long it takes from gs_set_timer until it fires, drawn uniformly.
     * NULL: as the run says. */
    struct gs_duration (*takes)(const struct gs_run *run, unsigned index);
};

enum { GS_START = 255 }; /* the event type that a role with .starts, or one restarted, gets first */

/* What a step function is given. */
struct gs_event {
    uint8_t type;                        /* index into events, or GS_START */
    gs_node from;                        /* messages: the sender */
    const void *message;                 /* messages: the model's message struct; else NULL */
    unsigned index;                      /* timers */
    int64_t arguments[GS_ARGUMENTS_MAX]; /* local events: values of ranges */
    gs_node nodes[GS_ARGUMENTS_MAX];     /* local events: nodes, at the same positions */
    bool restarted;                      /* GS_START after a crash */
};

/* ---- Inside a step function -------------------------------------------------------------------------------------- */

struct gs_step;

/* true: handled. false: not enabled (timer, local event) or ignored (message), and nothing may have changed. */
typedef bool gs_step_function(struct gs_step *s, void *self, const struct gs_event *e);

/* Effects; those that return bool return true, so that a handler can end with `return gs_send(...)`. */
bool gs_send(struct gs_step *s, gs_node to, const void *message);
bool gs_broadcast(struct gs_step *s, int role, const void *message);       /* to every other node of the role */
bool gs_multicast(struct gs_step *s, gs_node_set to, const void *message); /* to every node of the set */
bool gs_set_timer(struct gs_step *s, int timer, unsigned index);           /* of the own role */
bool gs_cancel_timer(struct gs_step *s, int timer, unsigned index);
bool gs_timer_is_set(struct gs_step *s, int timer, unsigned index);
bool gs_announce(struct gs_step *s, int announcement, const void *value); /* to the monitors */
unsigned gs_choose(struct gs_step *s, unsigned n);                        /* 0..n-1, n >= 1; each is explored */
gs_node gs_choose_node(struct gs_step *s, gs_node_set set);               /* nobody if the set is empty */
bool gs_defer(struct gs_step *s);                                         /* false; the message stays in flight */
bool gs_unhandled(struct gs_step *s, const struct gs_event *e);           /* ends the run: a gap in the model */
/* Has the run a clock (`gainsay fuzz --timed`)? And what the node's own clock shows, in nanoseconds: never negative,
 * never less than before, the same for nodes of one host; ahead of others by --skew, faster or slower by --drift. It
 * goes on while the node is down. In a run without a clock gs_now ends the handler with a finding. */
bool gs_timed(struct gs_step *s);
int64_t gs_now(struct gs_step *s);

gs_node gs_self(struct gs_step *s);
const void *gs_role_context(struct gs_step *s); /* of the own role's descriptor */
gs_node_set gs_peers(struct gs_step *s);        /* the other nodes of the own role */

/* Ends the handler with a finding if the condition is false. Also in monitors. */
#define gs_assert(s, condition) ((condition) ? (void)0 : gs_failed(GS_RUN(s), #condition, __FILE__, __LINE__))
_Noreturn void gs_failed(const struct gs_run *run, const char *condition, const char *file, int line);

/* ---- What step functions, properties, monitors and predicates may all ask ---------------------------------------- */

struct gs_view;
const struct gs_run *gs_step_run(const struct gs_step *s);
const struct gs_run *gs_view_run(const struct gs_view *v);
const struct gs_run *gs_run_itself(const struct gs_run *run);
#define GS_RUN(c) \
    _Generic((c), struct gs_step *: gs_step_run, const struct gs_step *: gs_step_run, struct gs_view *: gs_view_run,   \
        const struct gs_view *: gs_view_run, struct gs_run *: gs_run_itself, const struct gs_run *: gs_run_itself)(c)

/* c: a struct gs_step *, struct gs_view * or const struct gs_run *. */
#define gs_option(c, option) gs_run_option(GS_RUN(c), option)     /* int64_t: its value */
#define gs_mutant(c, mutant) gs_run_mutant(GS_RUN(c), mutant)     /* bool: is it on */
#define gs_count(c, role) gs_run_count(GS_RUN(c), role)           /* int: nodes of the role */
#define gs_nodes(c, role) gs_run_nodes(GS_RUN(c), role)           /* gs_node_set: the nodes of the role */
#define gs_node_at(c, role, k) gs_run_node_at(GS_RUN(c), role, k) /* gs_node: the role's k-th node, k from 0 */
#define gs_index(c, node) gs_run_index(GS_RUN(c), node)           /* int: its place in its role (GS_BY_NODE arrays) */
#define gs_role(c, node) gs_run_role(GS_RUN(c), node)             /* int */
#define gs_node_rank(c, node) gs_run_index(GS_RUN(c), node)       /* int: an order; rules out symmetry of the role */
#define gs_majority(c, role) (gs_run_count(GS_RUN(c), role) / 2 + 1)
#define gs_name(c, node) gs_run_name(GS_RUN(c), node)       /* const char *: "server0"; "nobody" */
#define gs_budget(c, fault) gs_run_budget(GS_RUN(c), fault) /* int64_t, enum gs_fault; -1 unlimited */
#define gs_network(c) gs_run_network(GS_RUN(c))             /* enum gs_network */
#define gs_context(c, role) gs_run_context(GS_RUN(c), role) /* const void *: of the role's descriptor */

int64_t gs_run_option(const struct gs_run *run, int option);
bool gs_run_mutant(const struct gs_run *run, int mutant);
int gs_run_count(const struct gs_run *run, int role);
gs_node_set gs_run_nodes(const struct gs_run *run, int role);
gs_node gs_run_node_at(const struct gs_run *run, int role, int k);
int gs_run_index(const struct gs_run *run, gs_node node);
int gs_run_role(const struct gs_run *run, gs_node node);
const char *gs_run_name(const struct gs_run *run, gs_node node);
int64_t gs_run_budget(const struct gs_run *run, int fault);
int gs_run_network(const struct gs_run *run);
const void *gs_run_context(const struct gs_run *run, int role);

/* ---- Lists in structs (also for monitors); items: the member array, length: its length member -------------------- */

/* Each works on any GS_LIST or GS_STRUCT_LIST: gs_push(self->log, &self->log_length, &(struct entry){...}). push and
 * insert return false, changing nothing, when the list is full. insert keeps the list sorted by bytes and without
 * duplicates: a canonical small set (false also when the item is there already; see gs_contains). The item comes last
 * and may hold commas. */
#define gs_push(items, length, ...) \
    gs_list_push(items, sizeof(items), sizeof((items)[0]), length, sizeof(*(length)), __VA_ARGS__)
#define gs_insert(items, length, ...) \
    gs_list_insert(items, sizeof(items), sizeof((items)[0]), length, sizeof(*(length)), __VA_ARGS__)
#define gs_contains(items, length, ...) gs_list_contains(items, sizeof((items)[0]), (size_t)(length), __VA_ARGS__)
#define gs_truncate(items, length, kept) \
    gs_list_truncate(items, sizeof(items), sizeof((items)[0]), length, sizeof(*(length)), (size_t)(kept))

bool gs_list_push(void *items, size_t size, size_t item_size, void *length, size_t length_size, const void *item);
bool gs_list_insert(void *items, size_t size, size_t item_size, void *length, size_t length_size, const void *item);
bool gs_list_contains(const void *items, size_t item_size, size_t length, const void *item);
void gs_list_truncate(void *items, size_t size, size_t item_size, void *length, size_t length_size, size_t kept);

/* ---- Properties -------------------------------------------------------------------------------------------------- */

enum gs_property_kind { GS_ALWAYS, GS_REACHABLE, GS_QUIESCENT, GS_LINEARIZABLE };

/* What a predicate sees, and what its result is remembered by. It must read nothing else. */
enum gs_scope {
    GS_SCOPE_ALL_NODES,        /* gs_state of every node */
    GS_SCOPE_NODE,             /* gs_this: a node of .role */
    GS_SCOPE_PAIR,             /* gs_this, gs_that: two different nodes, ordered, of .role and .other_role */
    GS_SCOPE_ROLE,             /* gs_state of every node of .role */
    GS_SCOPE_MESSAGE,          /* gs_message in flight, its gs_sender and gs_receiver */
    GS_SCOPE_MESSAGE_RECEIVER, /* also gs_this: the receiver's state */
    GS_SCOPE_MONITOR,          /* gs_monitor_value */
    GS_SCOPE_MONITOR_NODE,     /* also gs_this: a node of .role */
    GS_SCOPE_STEP,             /* gs_before, gs_this: a mover of .role before and after one step of its own */
    GS_SCOPE_STEP_ROLE         /* also gs_state, after the step, of every node of .other_role */
};

/* true: holds (GS_REACHABLE: met). A GS_LINEARIZABLE property has none: its monitor, a ready-made one, decides. */
typedef bool gs_predicate(struct gs_view *v);

struct gs_property {
    const char *name;  /* kebab-case */
    const char *claim; /* one line for people */
    uint8_t kind;      /* enum gs_property_kind */
    uint8_t scope;     /* enum gs_scope */
    uint8_t role;      /* scopes of one role; of a pair the first; of a step the mover's */
    uint8_t other_role;
    uint8_t monitor; /* scopes with a monitor */
    gs_predicate *holds;
    bool (*needs)(const struct gs_run *run); /* NULL: can always be judged */
    const char *needs_text;                  /* "terms >= 2" */
    uint8_t monitor_option; /* option + 1 whose value is added to monitor, 0 for none: so a run can choose one */
};

const void *gs_this(struct gs_view *v);                /* the (first) node's local state; of a step: after it */
const void *gs_that(struct gs_view *v);                /* the pair's second */
const void *gs_before(struct gs_view *v);              /* a step's old local state */
const void *gs_state(struct gs_view *v, gs_node node); /* any node within the scope */
gs_node gs_this_node(struct gs_view *v);
gs_node gs_that_node(struct gs_view *v);
bool gs_is_up(struct gs_view *v, gs_node node); /* a node within the scope */
bool gs_was_up(struct gs_view *v);              /* a step's mover, before it */
const void *gs_message(struct gs_view *v);
gs_node gs_sender(struct gs_view *v);
gs_node gs_receiver(struct gs_view *v);
const void *gs_monitor_value(struct gs_view *v);
bool gs_premise(struct gs_view *v, bool condition); /* the condition; marks that the "if" of the claim occurred */
/* One line on why it does not hold; printf's format; returns false: `return gs_explain(v, ...)`. */
bool gs_explain(struct gs_view *v, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What an explanation says behind this is particulars: violations that differ in nothing else are taken for the same,
 * where random runs are looked through and traces shrunk. */
#define GS_PARTICULARS "; here: "

/* ---- Monitors ---------------------------------------------------------------------------------------------------- */

/* The type of a thing that handlers announce: a flat struct. */
struct gs_announcement {
    const char *name;
    size_t size;
    const struct gs_field *fields;
};

enum gs_fault { GS_DROP, GS_DUPLICATE, GS_CRASH, GS_RESTART, GS_REBOOT, GS_PARTITION, GS_TIMEOUT, GS_FAULTS };

/* A ghost automaton, part of the state while a judged property uses it. Its value starts all zero, or as init says.
 * `announced` is called for each announcement of a step in call order, then `stepped` (if any) for the step: v gives
 * gs_this_node, gs_before, gs_this, gs_was_up and gs_is_up of the mover; drops, partitions and heals have no mover and
 * do not call it. Both may use gs_assert (with run) but must read nothing else. */
struct gs_monitor {
    const char *name;
    size_t size;
    const struct gs_field *fields;
    void (*init)(const struct gs_run *run, void *value);
    void (*announced)(const struct gs_run *run, void *value, gs_node by, int announcement, const void *announced);
    void (*stepped)(const struct gs_run *run, void *value, struct gs_view *v);
    const struct gs_ready_monitor *ready; /* a ready-made one, from properties/: then the three above are NULL */
    const void *context;                  /* what a ready-made one was made with: its own */
};

/* The functions of a ready-made monitor: as above, and told which of a model's monitors it is. `linearizable`, if any,
 * decides the GS_LINEARIZABLE properties over the monitor. */
struct gs_ready_monitor {
    void (*init)(const struct gs_run *run, const struct gs_monitor *self, void *value);
    void (*announced)(const struct gs_run *run, const struct gs_monitor *self, void *value, int announcement,
                      const void *announced);
    bool (*linearizable)(struct gs_view *v, const struct gs_monitor *self);
};

/* ---- The model --------------------------------------------------------------------------------------------------- */

/* Networks: see docs/semantics.md. GS_NETWORK_DEFAULT is the model's own in a configuration, GS_SET in a model. */
enum gs_network { GS_NETWORK_DEFAULT, GS_SET, GS_BAG, GS_FIFO };

struct gs_role {
    const char *name; /* kebab-case, singular */
    size_t size;      /* of the state struct; 0 for a role without state */
    const struct gs_field *fields;
    gs_step_function *step;
    void (*init)(const struct gs_run *run, gs_node self, void *state); /* NULL: all zero; same rules as a handler */
    int count;            /* number of nodes; 0: the option count_option says */
    uint8_t count_option; /* named after the role, plural */
    bool starts;          /* gets GS_START before the first step */
    bool (*within)(const struct gs_run *run, gs_node self, const void *state); /* a bound; NULL: none */
    const char *within_text;                                                   /* "log <= 2" */
    const void *context; /* what a ready-made step function was made with; gs_role_context(s) */
};

struct gs_option {
    const char *name;
    const char *meaning;      /* one line */
    int64_t preset;           /* default value */
    int64_t min, max;         /* both included */
    const char *const *names; /* enum: names of min..max, else NULL */
};

/* Fault budgets; GS_TIMEOUT's field is timeouts. Zero: none (of timeouts: unlimited). GS_NONE: none, said explicitly,
 * which is what forbids timeouts. */
enum { GS_NONE = -1 };
struct gs_budgets {
    int drops, duplicates, crashes, restarts, reboots, partitions, timeouts;
};

struct gs_preset {
    const char *name;                      /* "quick" must exist */
    const char *meaning;                   /* one line */
    const char *settings[GS_SETTINGS_MAX]; /* "servers=3" */
    uint8_t network;                       /* enum gs_network */
    int copies, capacity;                  /* 0: 1 and 8 */
    struct gs_budgets budgets;
};

struct gs_mutant {
    const char *name;
    const char *meaning;  /* the rule it breaks, one line */
    const char *property; /* that must be violated */
    const char *preset;   /* in which it is; NULL: quick */
    bool liveness;        /* no safety property kills it: `gainsay mutants` lists it, not checked */
};

/* Tables end at their first entry without a name (events: may have gaps nowhere). */
struct gs_model {
    const char *name;                      /* kebab-case */
    const char *title;                     /* one line */
    const char *source;                    /* the paper */
    size_t message_size;                   /* of the message struct, whose first member is `uint8_t type`; 0: none */
    const struct gs_field *message_fields; /* all members but type */
    uint8_t network;                       /* default */
    struct gs_role roles[GS_ROLES_MAX];
    struct gs_event_type events[GS_EVENTS_MAX];
    struct gs_option options[GS_OPTIONS_MAX];
    struct gs_preset presets[GS_PRESETS_MAX];
    struct gs_mutant mutants[GS_MUTANTS_MAX];
    struct gs_announcement announcements[GS_ANNOUNCEMENTS_MAX];
    struct gs_monitor monitors[GS_MONITORS_MAX];
    struct gs_property properties[GS_PROPERTIES_MAX];
    /* Nodes with the same host crash, restart and reboot together; NULL: each has its own. Any number from 0. */
    unsigned (*host)(const struct gs_run *run, gs_node node);
    /* May the network split into `side` and the rest? Asked with either side; NULL: every split. */
    bool (*splits)(const struct gs_run *run, gs_node_set side);
    /* Do the run's options, budgets and network contradict each other? One line that says which, and how to mend it:
     * the run is bad input, and nothing is searched. NULL, and without the function: every value of every option goes
     * with every other. (What a single property cannot do without is its .needs.) */
    const char *(*refuses)(const struct gs_run *run);
};

/* Properties (and monitors for them) added to a protocol from outside. `monitor` of a property here counts from 0 in
 * this struct's own table. */
struct gs_extension {
    const char *protocol; /* the name of the model */
    struct gs_monitor monitors[GS_MONITORS_MAX];
    struct gs_property properties[GS_PROPERTIES_MAX];
};

/* What a plugin exports, as `gainsay_plugin`. */
struct gs_plugin {
    uint32_t interface_version;
    uint32_t model_size; /* sizeof(struct gs_model) as the plugin was compiled */
    const struct gs_model *model;
    const struct gs_extension *extension;
};

#define GS_EXPORT_MODEL(exported)                 \
    extern const struct gs_plugin gainsay_plugin; \
    const struct gs_plugin gainsay_plugin = {GS_INTERFACE, sizeof(struct gs_model), &(exported), NULL}
#define GS_EXPORT_PROPERTIES(exported)            \
    extern const struct gs_plugin gainsay_plugin; \
    const struct gs_plugin gainsay_plugin = {GS_INTERFACE, sizeof(struct gs_model), NULL, &(exported)}

#endif
