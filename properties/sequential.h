/* Sequential models: what one client alone would see of an object. A history is linearizable if its operations can be
 * put in one order, each between its invocation and its return, that such a model allows (Herlihy and Wing,
 * "Linearizability: A Correctness Condition for Concurrent Objects", 1990).
 *
 * A model's state is bytes, canonical: what behaves the same is the same bytes. So states can be hashed, compared and
 * kept inside a checker's state. A model of your own is one struct of functions; docs/histories.md writes one. */
#ifndef GAINSAY_SEQUENTIAL_H
#define GAINSAY_SEQUENTIAL_H

#include "properties/value.h"

/* One operation as a client saw it. */
struct gs_operation {
    int function;      /* index into the model's functions */
    gs_value key;      /* the object, GS_NIL where the operation spans objects */
    gs_value argument; /* GS_NIL: none */
    gs_value result;   /* GS_UNKNOWN: it has not answered, and any result the model can give is right */
};

/* Which element a container gives back. */
enum gs_gives { GS_GIVES_ANY, GS_GIVES_FIRST, GS_GIVES_LAST };

struct gs_sequential {
    const char *name;             /* "fifo-queue" */
    const char *meaning;          /* one line */
    const char *const *functions; /* names of the operations, NULL-terminated */
    bool by_key;                  /* each key is an object of its own, with a state of its own */

    /* Writes the state before any operation. initial: what the user gave (GS_UNKNOWN: nothing). False: not a value this
     * model can begin with. */
    bool (*init)(gs_value initial, struct gs_buffer *state);

    /* Can the operation take effect in this state, with the result it has (an unknown one: with the only result the
     * model would give)? Then writes the state after it. A function of its arguments alone; given the same state, the
     * state after is the same. An operation with unknown result that cannot take effect here: false. */
    bool (*apply)(gs_span state, const struct gs_operation *operation, struct gs_buffer *next);

    /* Are two states the same? NULL: when their bytes are. One that takes different bytes for the same must do so only
     * where no operation can tell them apart. */
    bool (*equal)(gs_span a, gs_span b);

    /* The state as text for people. NULL: its bytes are values, printed one after the other. */
    void (*print)(gs_span state, struct gs_buffer *text);

    /* Does this operation, with the result it has, leave every state in which it can take effect as it was? NULL: of
     * none is it known. Only makes the decision faster; true where it does change a state is a wrong verdict. */
    bool (*is_read)(const struct gs_operation *operation);

    /* Can `later` owe it that it may take effect to `earlier` having done so before? False only if: take any legal
     * order, and out of it an operation to which none of those behind it owes anything; the rest is a legal order.
     * NULL: nothing is known. Only makes the decision faster: operations that never returned and are owed nothing by
     * those that matter are left out (from the last in the order to the first: then none behind it owes it anything).
     */
    bool (*owes)(const struct gs_operation *later, const struct gs_operation *earlier);

    /* What is wrong with the shape of an operation, as "cas takes [FROM, TO]"; NULL: nothing. May be NULL. Operations
     * that it refuses are never applied. */
    const char *(*check)(const struct gs_operation *operation);

    /* Is every answer right in every state in which this operation can take effect, as of a write? NULL: of none. Only
     * keeps the monitor `linearizations` smaller; true where an answer can be wrong is a wrong verdict.
     * That monitor also relies on this: where an operation with an unknown result cannot take effect, it can at most
     * with the result false or null. */
    bool (*is_blind)(const struct gs_operation *operation);

    /* A queue or a stack: `put` puts its argument in, `take` takes an element out and answers it, or null if there is
     * none; nothing else puts in or takes out; the initial state has the items of the initial value. Zero: it is none.
     * Only makes the decision faster; said of what is none it is a wrong verdict. */
    struct {
        uint8_t gives;     /* enum gs_gives */
        uint8_t put, take; /* functions */
    } container;
};

extern const struct gs_sequential gs_register, gs_cas_register, gs_kv, gs_set, gs_hashset, gs_hashset_empty,
    gs_fifo_queue, gs_stack, gs_priority_queue, gs_mutex, gs_trylock, gs_semaphore, gs_multi_register, gs_list_append;

/* All of the above, NULL-terminated. */
extern const struct gs_sequential *const gs_sequential_models[];

/* The ready-made model of that name; NULL if there is none. */
const struct gs_sequential *gs_sequential_named(const char *name);

/* Index of a function by its name, -1 if the model has none. */
int gs_sequential_function(const struct gs_sequential *model, const char *name);

bool gs_sequential_equal(const struct gs_sequential *model, gs_span a, gs_span b);
void gs_sequential_print(const struct gs_sequential *model, gs_span state, struct gs_buffer *text);
/* "cas x [1,2] -> true"; "read x -> ?" with an unknown result. */
void gs_operation_print(const struct gs_sequential *model, const struct gs_operation *operation,
                        struct gs_buffer *text);

/* What a plugin exports for `gainsay lin --model FILE.c`, as `gainsay_sequential`. */
#define GS_SEQUENTIAL_INTERFACE 2 /* grows when struct gs_sequential changes */
struct gs_sequential_plugin {
    uint32_t interface_version;
    uint32_t model_size; /* sizeof(struct gs_sequential) as the plugin was compiled */
    const struct gs_sequential *model;
};

#define GS_EXPORT_SEQUENTIAL(exported)                                                                             \
    extern const struct gs_sequential_plugin gainsay_sequential;                                                   \
    const struct gs_sequential_plugin gainsay_sequential = {GS_SEQUENTIAL_INTERFACE, sizeof(struct gs_sequential), \
                                                            &(exported)}

#endif
