/* Property testing of data types: a law is a function over arguments that it draws, and has to hold for all of them.
 *
 *     static void join_commutes(struct gs_law *l)
 *     {
 *         struct counter a, b;
 *         gs_law_struct(l, "a", counter_fields, &a);
 *         ...
 *         gs_law_expect(l, counter_equal(&ab, &ba));
 *     }
 *     Test(counter, join_commutes) { cr_expect(gs_law(join_commutes)); }
 *
 * All that is drawn comes from one stream of choices. A failure is shrunk by making the stream shorter and its choices
 * lower, and drawing again (as Hypothesis does: MacIver and Donaldson, "Test-Case Reduction via Test-Case Generation",
 * ECOOP 2020): so an argument never loses what its generator guarantees. docs/laws.md tells more. */
#ifndef GAINSAY_LAW_H
#define GAINSAY_LAW_H

#include <stdio.h>

#include "core/gainsay.h"

enum { GS_LAW_CHOICES_MAX = 4096 }; /* that one case may draw; a case that wants more is discarded */

/* One case of a law: where its arguments are drawn from. Opaque. */
struct gs_law;
typedef void gs_law_function(struct gs_law *l);

enum gs_law_verdict {
    GS_LAW_HELD,     /* in all cases that were tried */
    GS_LAW_VIOLATED, /* in one of them */
    GS_LAW_GAVE_UP,  /* too few cases met gs_law_assume: nothing is known */
    GS_LAW_REFUSED   /* the configuration or the environment asks for what does not exist */
};

/* What became of it; for programs that want more than yes or no. */
struct gs_law_result {
    enum gs_law_verdict verdict;
    uint64_t kept;     /* past failures that were tried first */
    uint64_t cases;    /* drawn at random that met what the law assumes, with the one that failed */
    uint64_t discards; /* that did not */
    uint64_t trials;   /* shrinking: how many simpler cases were tried */
    size_t choices;    /* of the smallest failing case */
    bool is_minimal;   /* no simplification that was tried makes it smaller */
};

/* Zero means the default throughout. All strings are borrowed. */
struct gs_law_config {
    const char *function; /* filled in by gs_law: the law's name, unless `name` gives another */
    gs_law_function *law;
    const char *name;      /* letters, digits, - and _, at most 100 */
    const void *context;   /* gs_law_context's answer */
    const char *seed;      /* any string; default "1". Environment GAINSAY_SEED goes before */
    uint64_t cases;        /* default 1,000. Environment GAINSAY_CASES goes before */
    const char *failures;  /* directory of past failures; default none. Environment GAINSAY_FAILURES goes before */
    int nodes;             /* how many nodes there are (role 0, "node0", "node1", ...), 1 to 64; default 3 */
    uint64_t integers_max; /* gs_law_struct: no integer is further from 0; default: as far as its type goes */
    const char *rerun;     /* the command that runs this law again; default: this program, with the test's filter */
    FILE *report;          /* default: standard error */
    const struct gs_model *model; /* its roles and nodes take the place of `nodes`, so its state structs can be drawn */
    const char *const *settings;  /* of the model's options, "name=value", NULL-terminated */
    struct gs_law_result *result; /* filled in, if given */
};

/* gs_law(function, .seed = "abc", ...): tries the law: its past failures first, then cases drawn at random. True if it
 * held in all of them. False, and a report, if it failed, also by a crash (SIGSEGV, abort, ...) or an endless loop; or
 * if it could not be tried (bad configuration; too many discards). Not from inside of a law or of a handler. */
#define gs_law(...) \
    gs_law_holds(&(struct gs_law_config){.function = GS_STRING(GS_FIRST_(__VA_ARGS__, 0)), .law = __VA_ARGS__})
bool gs_law_holds(const struct gs_law_config *config);

/* ---- Drawing arguments. The name is the report's; NULL: not shown, a part of something else. --------------------- */

/* min .. max, both included. The simplest is 0, or what is nearest to it. */
int64_t gs_law_integer(struct gs_law *l, const char *name, int64_t min, int64_t max);
uint64_t gs_law_unsigned(struct gs_law *l, const char *name, uint64_t min, uint64_t max);
bool gs_law_bool(struct gs_law *l, const char *name); /* simplest: false */
/* An index into `names`; the first is the simplest. */
unsigned gs_law_one_of(struct gs_law *l, const char *name, const char *const *names, unsigned count);
gs_node gs_law_node(struct gs_law *l, const char *name);      /* any node, never nobody */
gs_node_set gs_law_nodes(struct gs_law *l, const char *name); /* any set of them; simplest: the empty one */

/* Is there one element more? A list is `for (n = 0; gs_law_more(l, n, max); n++) items[n] = gs_law_...;`: so written,
 * shrinking can take any element out. At most `max`. */
bool gs_law_more(struct gs_law *l, size_t count, size_t max);

/* Any value that the field table allows: enums by their names, lists up to their capacity with the rest zero, nodes or
 * nobody, arrays by node for the nodes there are. `value` points to the struct itself. */
#define gs_law_struct(l, name, fields, value) gs_law_draw_struct(l, name, fields, value, sizeof(*(value)))
void gs_law_draw_struct(struct gs_law *l, const char *name, const struct gs_field *fields, void *value, size_t size);

/* Up to `max` of them in an array, and how many; for structs and for numbers. */
#define gs_law_structs(l, name, fields, items, max) gs_law_draw_structs(l, name, fields, items, sizeof((items)[0]), max)
size_t gs_law_draw_structs(struct gs_law *l, const char *name, const struct gs_field *fields, void *items, size_t size,
                           size_t max);
size_t gs_law_integers(struct gs_law *l, const char *name, int64_t min, int64_t max, int64_t *items, size_t items_max);

/* ---- Saying what has to be, and what happened -------------------------------------------------------------------- */

/* Ends the case: the law is violated if the condition is false. (gs_law_failed: file NULL for no place.) */
#define gs_law_expect(l, condition) ((condition) ? (void)0 : gs_law_failed(l, #condition, __FILE__, __LINE__))
_Noreturn void gs_law_failed(struct gs_law *l, const char *condition, const char *file, int line);

/* Ends the case, which then does not count, if the condition is false. Better draw only what meets it. */
#define gs_law_assume(l, condition) ((condition) ? (void)0 : gs_law_discard(l))
_Noreturn void gs_law_discard(struct gs_law *l);

/* A line of the report, if this case is the one reported; a value in it, by its field table. */
void gs_law_note(struct gs_law *l, const char *format, ...) __attribute__((format(printf, 2, 3)));
void gs_law_show(struct gs_law *l, const char *name, const struct gs_field *fields, const void *value);

const void *gs_law_context(const struct gs_law *l);
const struct gs_run *gs_law_run(const struct gs_law *l); /* for gs_nodes, gs_index, gs_name, ... */

#endif
