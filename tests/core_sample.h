/* What the tests of core share: a small protocol that a test may change, a run and a world of it, events in short and
 * text of what is in them. Servers keep the numbers they are sent, in order, and do as local events tell them. */
#ifndef GAINSAY_TEST_CORE_SAMPLE_H
#define GAINSAY_TEST_CORE_SAMPLE_H

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#include "core/judge.h"
#include "core/model.h"
#include "core/run_setup.h"

enum { SERVER, CLIENT };
enum { PING, NOTE, TICK, TOCK, SEND, ARM, DRAW };
enum { SERVERS, TOP, FLAVOUR };
enum { SAID };
enum { COUNTER };
enum { IDLE, BUSY };
enum { IGNORED = 1, DEFERRED, FIRST_KEPT }; /* numbers of pings: what a server does with them */

struct server {
    uint16_t term; /* durable */
    uint8_t phase;
    bool leads;
    gs_node friend;
    uint8_t log[3], log_length; /* durable */
    uint8_t seen[6], seen_length;
};

struct message {
    uint8_t type, number, phase;
    bool flag;
    uint8_t items[3], item_count;
    gs_node who;
};

struct said {
    uint8_t what, phase;
};

struct counter {
    uint8_t said, last, steps, phase;
};

/* `model` is a fresh copy for each test. */
struct sample {
    struct gs_model model;
    struct gs_run *run;
    struct world world;
    struct effect effect;
    struct outcome outcome;
    char error[400];
};
extern struct sample sample;

void sample_setup(void); /* for TestSuite's .init and .fini; a test may begin anew with it */
void sample_teardown(void);

/* Makes the run and its world before START; fails the test when it cannot. Again: what was made before is freed. */
void sample_make(const struct run_config *config);
/* Also starts the servers, in node order. */
void sample_start(const struct run_config *config);
/* The error line that run_new gives for the sample's model, "" for none. */
char *sample_refusal(const struct run_config *config);

const struct server *sample_server(unsigned node);
/* Runs the handler of server0 in its present state on this event; the explanation of its misbehaviour, "" for none. */
char *sample_misbehaviour(const struct event *event);
enum world_result sample_apply(struct event event);

#define EXPECT_RESULT(result, ...) \
    cr_expect(eq(int, sample_apply(__VA_ARGS__), result), "%s", sample.effect.explanation)
#define EXPECT_REFUSED(why, ...)                            \
    do {                                                    \
        EXPECT_RESULT(WORLD_NOT_ENABLED, __VA_ARGS__);      \
        cr_expect(eq(str, sample.effect.explanation, why)); \
    } while (0)

/* Events, of nodes by number. */
struct event ping(unsigned from, unsigned to, unsigned number);
struct event with_action(struct event event, enum action action);
struct event with_choices(struct event event, unsigned count, unsigned first, unsigned second);
struct event tick(unsigned node, unsigned index);
struct event send_event(unsigned node, unsigned to, unsigned number); /* server: send a ping */
struct event arm(unsigned node, unsigned index);                      /* server: arm timer tick */
struct event draw(unsigned node);                                     /* server: term = 10 * choice + choice */
struct event host_event(enum action action, unsigned node);
struct event split(uint64_t side);

/* Text, valid until the next call: a node's mail in the inbox's order ("server0 ping {number 3}; ..."), all that
 * world_visit tries, one a line, and what the last effect sent ("server0 -> server1 ping {number 3} added; ..."). */
char *mail_text(unsigned node);
char *visited_text(void);
char *sends_text(void);
char *seen_text(unsigned node); /* "3 4" */
char *event_text(const struct event *event);

#endif
