/* What clients announce: flat structs for invocations and returns, from which the monitors of linearizations.h and
 * history_monitor.h know what happened. The ready client of client.h announces them; a protocol with clients of its own
 * may do so itself: one operation in flight per process, and a process whose operation is left open for good never
 * invokes another one. */
#ifndef GAINSAY_ANNOUNCED_H
#define GAINSAY_ANNOUNCED_H

#include "core/gainsay.h"
#include "properties/history.h"

enum { GS_FLAT_ITEMS = 30, GS_PROCESSES_MAX = 16 };

enum gs_flat_kind {
    GS_FLAT_NIL, /* all zero is nil */
    GS_FLAT_FALSE,
    GS_FLAT_TRUE,
    GS_FLAT_INTEGER, /* 0 to 255: items[0] */
    GS_FLAT_LIST,    /* of such integers */
    GS_FLAT_ENCODED, /* any other value: its bytes */
    GS_FLAT_UNKNOWN
};

/* A value of an operation (properties/value.h) as a plain struct, canonical: equal values are equal bytes. */
struct gs_flat {
    uint8_t kind; /* enum gs_flat_kind */
    uint8_t length;
    uint8_t items[GS_FLAT_ITEMS];
};
extern const struct gs_field gs_flat_fields[];

/* The value as text for people: 3, null, [1,2], ?. */
void gs_flat_text(const void *flat, char *text, size_t size);

/* A member that is one, in a field table. */
#define GS_FLAT(type, member) \
    GS_FIELD_OF(type, member, .kind = GS_KIND_STRUCT, .fields = gs_flat_fields, .text = gs_flat_text)

#define GS_FLAT_NUMBER(number) ((struct gs_flat){.kind = GS_FLAT_INTEGER, .length = 1, .items = {(uint8_t)(number)}})
#define GS_FLAT_BOOL(condition) ((struct gs_flat){.kind = (condition) ? GS_FLAT_TRUE : GS_FLAT_FALSE})

/* False: it takes more than GS_FLAT_ITEMS bytes; flat is then unknown. */
bool gs_flat_from(gs_value value, struct gs_flat *flat);

/* The value in the caller's storage. */
enum { GS_FLAT_STORAGE = 3 * GS_FLAT_ITEMS + 4 };
gs_value gs_flat_value(const struct gs_flat *flat, uint8_t storage[GS_FLAT_STORAGE]);

/* A process invokes an operation. */
struct gs_invocation {
    uint8_t process;         /* less than GS_PROCESSES_MAX */
    uint8_t function;        /* index into the model's functions */
    uint8_t key;             /* 0: none (GS_NIL), else that integer */
    struct gs_flat argument; /* nil: none */
};
extern const struct gs_field gs_invocation_fields[]; /* the function as a number */

/* Field table with the functions by name: static const struct gs_field fields[] = GS_INVOCATION_FIELDS(functions);
 * functions: a static array of the model's function names. */
#define GS_INVOCATION_FIELDS(functions)                                                                  \
    {                                                                                                    \
        GS_FIELD(struct gs_invocation, process), GS_ENUM(struct gs_invocation, function, functions),     \
            GS_FIELD(struct gs_invocation, key), GS_FLAT(struct gs_invocation, argument), GS_FIELDS_END, \
    }

/* A process's operation returns. */
struct gs_return {
    uint8_t process;
    uint8_t outcome;       /* enum gs_outcome; GS_OPEN: nobody will know, for good, and the process invokes no other */
    struct gs_flat result; /* of GS_OK, else nil */
};
extern const struct gs_field gs_return_fields[];

/* The announcements' entries in a model's table; name: "invoked", "returned". */
#define GS_INVOCATION(announcement_name, field_table)                                              \
    {                                                                                              \
        .name = (announcement_name), .size = sizeof(struct gs_invocation), .fields = (field_table) \
    }
#define GS_RETURN(announcement_name)                                                              \
    {                                                                                             \
        .name = (announcement_name), .size = sizeof(struct gs_return), .fields = gs_return_fields \
    }

/* What a monitor over clients' operations is made with. */
struct gs_operations {
    const struct gs_sequential *model;
    uint8_t invoked, returned; /* the model's announcements: struct gs_invocation, struct gs_return */
};

/* An operation as a sequential model takes it, with storage of its own. */
struct gs_full_operation {
    struct gs_operation operation;
    uint8_t key[GS_INTEGER_BYTES];
    uint8_t argument[GS_FLAT_STORAGE];
    uint8_t result[GS_FLAT_STORAGE];
};
/* result: NULL for one that is still open. The result points into `full`. */
const struct gs_operation *gs_full_operation(struct gs_full_operation *full, uint8_t function, uint8_t key,
                                             const struct gs_flat *argument, const struct gs_flat *result);

/* Ends the monitor with a finding unless it is an operation that the model has. result: NULL for one that is open. */
void gs_expect_operation(const struct gs_run *run, const struct gs_sequential *model, uint8_t function, uint8_t key,
                         const struct gs_flat *argument, const struct gs_flat *result);

/* Ends the monitor with a finding: its value has no room for what (as "more than 8 open operations"). It says what to
 * do: give the run's option that chooses the other monitor, if there is one; else list the other one, by its macro. */
_Noreturn void gs_history_too_large(const struct gs_run *run, const char *what, const struct gs_ready_monitor *other,
                                    const char *other_macro);

/* The call as text for people, as gs_operation_print has it: "write 2", "read -> null". */
enum { GS_CALL_TEXT = 120 };
void gs_call_text(const struct gs_sequential *model, uint8_t function, uint8_t key, const struct gs_flat *argument,
                  const struct gs_flat *result, char text[GS_CALL_TEXT]);

#endif
