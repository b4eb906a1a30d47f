/* The tables a random protocol is made of, and the stream of random numbers that fills them. */
#ifndef GAINSAY_TESTS_RANDOM_SPEC_H
#define GAINSAY_TESTS_RANDOM_SPEC_H

#include "core/event.h"
#include "tests/reference/random_protocol.h"

/* ---- Random numbers ---- */

struct random_stream {
    uint64_t state;
};
uint64_t random_mix(uint64_t number);
unsigned random_below(struct random_stream *random, unsigned bound);                /* 0..bound-1 */
unsigned random_between(struct random_stream *random, unsigned low, unsigned high); /* both included */
bool random_chance(struct random_stream *random, unsigned percent);
uint64_t random_hash(uint64_t hash, const void *bytes, size_t size);

/* ---- Structs: a field table, and the cells by which the interpreter reads and writes it ---- */

enum {
    SPEC_ROLES = 2,
    SPEC_ROLE_NODES = 3,
    SPEC_FIELDS = 12,
    SPEC_CELLS = 24,
    SPEC_NESTED = 4,
    SPEC_ITEM_CELLS = 2,
    SPEC_NAME = 16
};

enum cell_kind { CELL_NUMBER, CELL_NODE, CELL_SET, CELL_LIST };

/* A scalar somewhere in a struct, or a list as a whole. The k-th of a number's `range` values is first + k * scale;
 * zero is one of them. */
struct cell {
    uint8_t what;  /* enum cell_kind */
    uint8_t width; /* bytes of a number; of a list's length */
    uint8_t range;
    uint8_t capacity, item_cells; /* lists */
    bool is_signed;
    uint32_t offset; /* of a list: of its length */
    uint32_t items, item_size;
    int64_t first, scale;
    uint8_t field; /* of the shape, for its name */
};

struct shape {
    struct gs_field fields[SPEC_FIELDS + 1];
    struct gs_field nested[SPEC_NESTED][SPEC_ITEM_CELLS + 1];
    struct cell cells[SPEC_CELLS];
    struct cell items[SPEC_CELLS][SPEC_ITEM_CELLS]; /* of a list's items, by cell; offsets within the item */
    char names[SPEC_FIELDS][SPEC_NAME];
    unsigned field_count, nested_count, cell_count;
    uint32_t size;
};

/* What a struct may hold: roles' own may be durable, a message begins with its type. */
struct shape_wish {
    unsigned fields;              /* about how many */
    bool durable, message, phase; /* phase: the first cell is a number of 3 to 5 values */
    unsigned role_count;
    const unsigned *nodes_of_role; /* nodes there will be */
};
void random_shape_make(struct shape *shape, const struct shape_wish *wish, struct random_stream *random);

int random_shape_pick(const struct shape *shape, enum cell_kind what,
                      struct random_stream *random);                                /* a cell; -1: none */
unsigned random_cell_read_number(const struct cell *cell, const uint8_t *value);    /* k of the k-th value */
void random_cell_write_number(const struct cell *cell, uint8_t *value, uint64_t k); /* modulo the range */
unsigned random_cell_read_length(const struct cell *cell, const uint8_t *value);

/* ---- Behaviour ---- */

enum source {
    NUMBER_CONSTANT,
    NUMBER_OWN,      /* a cell */
    NUMBER_GIVEN,    /* a cell of the message, the announcement, the state after a step */
    NUMBER_BEFORE,   /* a cell of the state before a step */
    NUMBER_ARGUMENT, /* of a local event */
    NUMBER_INDEX,    /* of a timer */
    NUMBER_CHOICE,   /* gs_choose */
    NUMBER_SIZE,     /* of an own set */
    NUMBER_LENGTH,   /* of an own list */
    NUMBER_OPTION,   /* "limit" */
    NUMBER_RANK,     /* of the sender; of oneself without one */
    NUMBER_FLAG,     /* restarted; of a step: whether it was up, and whether it is */
    NODE_NOBODY,
    NODE_SELF,
    NODE_FROM,
    NODE_OWN,
    NODE_GIVEN,
    NODE_ARGUMENT,
    NODE_CHOICE,     /* gs_choose_node, of a role */
    NODE_CHOICE_SET, /* gs_choose_node, of an own set */
    NODE_AT          /* the k-th of a role, modulo its count */
};

struct expression {
    uint8_t source;
    uint8_t cell; /* or argument, or role */
    uint8_t amount;
};

enum condition_kind {
    IF_EQUAL,
    IF_LESS,
    IF_NODE, /* two node expressions are the same */
    IF_HAS,  /* an own set has a node */
    IF_TIMER,
    IF_MUTANT,
    IF_CHANGED /* a cell, by a step */
};

struct condition {
    uint8_t kind;
    bool negated;
    uint8_t cell;  /* or timer, or mutant */
    uint8_t index; /* of a timer */
    struct expression left, right;
};

enum statement_kind {
    DO_NUMBER,
    DO_RAISE, /* a number, by one, up to its last value */
    DO_NODE,
    DO_SET_WITH,
    DO_SET_WITHOUT,
    DO_SET_CLEAR,
    DO_LIST_PUSH,
    DO_LIST_INSERT,
    DO_LIST_TRUNCATE,
    DO_SEND,
    DO_BROADCAST,
    DO_MULTICAST,
    DO_ARM,
    DO_CANCEL,
    DO_ANNOUNCE,
    DO_FAIL /* misbehaves, see enum failure */
};

enum failure { FAIL_ASSERT, FAIL_UNHANDLED, FAIL_SEND_NOBODY, FAIL_ENUM, FAIL_DEFER_TRUE, FAILURES };

enum { SPEC_VALUES = 6, SPEC_CONDITIONS = 3, SPEC_STATEMENTS = 6, SPEC_CLAUSES = 3 };

struct statement {
    uint8_t kind;
    uint8_t cell;  /* own cell; enum failure */
    uint8_t type;  /* event or announcement */
    uint8_t index; /* of a timer; role of a broadcast */
    struct expression to;
    struct expression values[SPEC_VALUES]; /* by cell of what is sent or announced, modulo */
};

enum ending { END_TRUE, END_FALSE, END_DEFER, END_UNHANDLED };

struct clause {
    struct condition conditions[SPEC_CONDITIONS];
    struct statement statements[SPEC_STATEMENTS];
    uint8_t condition_count, statement_count, ending;
};

/* The first clause whose conditions hold is run; else there is only the ending. */
struct behaviour {
    struct clause clauses[SPEC_CLAUSES];
    uint8_t clause_count, ending;
};

/* ---- The whole ---- */

enum {
    SPEC_EVENTS = 8,
    SPEC_ANNOUNCEMENTS = 2,
    SPEC_MONITORS = 3, /* the last is an extension's */
    SPEC_PROPERTIES = 12,
    SPEC_NODES = 5,
    SPEC_MUTANTS = 2,
    SPEC_LIMIT = 0, /* option */
    SPEC_TEXTS = 8
};

struct role_spec {
    struct shape shape;
    struct behaviour start, events[SPEC_EVENTS];
    struct clause init;
    bool has_init;
    uint32_t within_modulus; /* a hash of the state is no multiple of it; 0: no bound */
    uint64_t within_salt;
};

struct monitor_spec {
    struct shape shape;
    struct clause init;
    bool has_init, is_fed_announcements, is_fed_steps;
    struct behaviour announced[SPEC_ANNOUNCEMENTS], stepped[SPEC_ROLES];
};

struct property_spec {
    const struct gs_property *property;
    unsigned monitor; /* of the spec's monitors */
    uint32_t modulus; /* a hash of all it sees is no multiple of it (a goal: is one); 0: none is */
    uint32_t premise; /* likewise, only where the premise's hash is a multiple of this; 0: no premise */
    uint64_t salt;
};

struct random_spec {
    struct random_stream random;
    struct gs_model model;
    struct gs_extension extension;
    const struct gs_extension *extensions[2];
    unsigned roles, nodes_of_role[SPEC_ROLES], nodes, events, messages, announcements, monitors, properties, mutants;
    struct role_spec role[SPEC_ROLES];
    struct shape message, announcement[SPEC_ANNOUNCEMENTS];
    struct monitor_spec monitor[SPEC_MONITORS];
    struct property_spec property[SPEC_PROPERTIES];
    uint8_t hosts[SPEC_NODES];
    uint64_t split_salt;
    bool may_choose, may_fail, calm;
    char texts[SPEC_TEXTS][24];
    unsigned text_count;
    const char *settings[4], *mutant_names[SPEC_MUTANTS + 1], *judged[SPEC_PROPERTIES + 1], *allowed[2];
};

/* random_behaviour.c: fills the behaviours of roles and monitors, once shapes and events are there. */
void random_behaviour_fill_roles(struct random_spec *spec);
void random_behaviour_fill_monitor(struct random_spec *spec, struct monitor_spec *monitor);
/* Up to `count` conditions "this number of the state is that". */
void random_behaviour_fill_init(struct random_spec *spec, const struct shape *shape, struct clause *init);

/* random_interpreter.c and random_predicates.c: what the model's pointers point to. */
const struct random_spec *random_selected(void);
extern gs_predicate *const random_predicates[SPEC_PROPERTIES];
void random_install_role(struct random_spec *spec, unsigned role, struct gs_role *installed);
void random_install_monitor(const struct random_spec *spec, unsigned monitor, struct gs_monitor *installed);
unsigned random_host(const struct gs_run *run, gs_node node);
bool random_splits(const struct gs_run *run, gs_node_set side);
bool random_needs(const struct gs_run *run); /* limit >= 2 */

/* random_config.c: presets, mutants, options and how the model is run. */
void random_config_make(struct random_spec *spec, struct gs_config *config);

#endif
