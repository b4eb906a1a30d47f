/* What the tests of the checker share: two small protocols whose state spaces have closed forms, and short ways to
 * check them and to read the result. */
#ifndef GAINSAY_CHECKER_SAMPLE_H
#define GAINSAY_CHECKER_SAMPLE_H

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "checker/check.h"

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Counters: n of them count from 0 to top by themselves: (top + 1)^n states, n top (top + 1)^(n - 1) transitions, depth
 * n top. With `largest` L > 0 they pick a number up to L once instead: (L + 1)^n states, depth n. The mutant counts one
 * too far. Their other events are for the step functions of tests. */
enum { COUNTER };
enum { POKE, INCREMENT, PICK, JUMP, ALARM };
enum { COUNTERS, TOP, LARGEST };
enum { COUNTED };
enum { LAST };
enum { ONE_TOO_FAR };
enum { IN_RANGE, TOPPED, COUNTERS_PROPERTIES };

struct counter {
    uint32_t value;
};
struct counter_message {
    uint8_t type, number;
};
struct counted {
    gs_node by;
};
extern const struct gs_model counters;

/* A token goes round a ring; who holds it picks a number from 1 to R before passing it on: n (R + 2) states,
 * n (2 R + 1) transitions, depth 3 n - 1, R + 3 configurations of each node. */
extern const struct gs_model tokens;

/* A copy that a test may change; only one at a time. */
struct gs_model *copy_model(const struct gs_model *model);
/* Copies counters, adds a property, which it returns, for the test to fill in. */
struct gs_property *add_property(struct gs_model *model, const char *name);

/* gs_check; fails the test if the status differs. config: NULL for none. */
void check(const struct gs_model *model, const struct gs_config *config, enum gs_status status,
           struct gs_result *result);
/* Expects bad input with that one line; frees the result. */
void expect_refused(const struct gs_model *model, const struct gs_config *config, const char *error);

const struct gs_property_result *result_of(const struct gs_result *result, const char *property);
void expect_verdict(const struct gs_result *result, const char *property, enum gs_verdict verdict);
void expect_reason(const struct gs_result *result, const char *property, const char *reason);
void expect_space(const struct gs_result *result, uint64_t states, uint64_t transitions, uint64_t depth);
void expect_text(const char *got, const char *expected);
uint64_t cut_by(const struct gs_result *result, const char *bound);
uint64_t taken(const struct gs_result *result, const char *event);

/* The lines of a trace's steps, without what they changed: "counter0: increment\n...". Free it. */
char *events_of(const struct trace *trace);
/* The whole text. Free it. */
char *text_of(const struct trace *trace);
void expect_events(const struct gs_result *result, const char *property, const char *events);

uint64_t power(uint64_t base, unsigned exponent);

#endif
