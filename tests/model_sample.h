/* A small sound model that the tests of registration spoil in one way after the other. */
#ifndef GAINSAY_MODEL_SAMPLE_H
#define GAINSAY_MODEL_SAMPLE_H

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#include "core/model.h"

enum { SERVER, CLIENT };
enum { VOTE, APPEND, ELECTION, PROPOSE };
enum { SERVERS, TERMS, FLAVOUR };
enum { ELECTED };
enum { LEADERS };
enum { FOLLOWER, LEADER };

static const char *const phase_names[] = {"follower", "leader"};
static const char *const flavour_names[] = {"plain", "spicy"};

struct server {
    uint16_t term;
    uint8_t phase;
    gs_node leader;
    uint16_t next[4];
};

struct message {
    uint8_t type, granted;
    uint16_t term;
    uint8_t entries[3], entries_length;
};

struct elected {
    uint16_t term;
};

static const struct gs_field server_fields[] = {
    GS_FIELD(struct server, term, GS_DURABLE),
    GS_ENUM(struct server, phase, phase_names),
    GS_FIELD(struct server, leader),
    GS_BY_NODE(struct server, next, SERVER),
    GS_FIELDS_END,
};

static const struct gs_field message_fields[] = {
    GS_FIELD(struct message, granted),
    GS_FIELD(struct message, term),
    GS_LIST(struct message, entries, entries_length),
    GS_FIELD(struct message, entries_length),
    GS_FIELDS_END,
};

static const struct gs_field elected_fields[] = {GS_FIELD(struct elected, term), GS_FIELDS_END};

static inline bool step(struct gs_step *s, void *self, const struct gs_event *e)
{
    (void)self;
    return gs_unhandled(s, e);
}

static inline bool holds(struct gs_view *v)
{
    (void)v;
    return true;
}

static inline bool within(const struct gs_run *run, gs_node self, const void *state)
{
    (void)run;
    (void)self;
    (void)state;
    return true;
}

static inline bool needs(const struct gs_run *run)
{
    (void)run;
    return true;
}

static inline void announced(const struct gs_run *run, void *value, gs_node by, int announcement, const void *what)
{
    (void)run;
    (void)value;
    (void)by;
    (void)announcement;
    (void)what;
}

static inline void stepped(const struct gs_run *run, void *value, struct gs_view *v)
{
    (void)run;
    (void)value;
    (void)v;
}

static const struct gs_model sound = {
    .name = "small-raft",
    .title = "a small model",
    .message_size = sizeof(struct message),
    .message_fields = message_fields,
    .network = GS_BAG,
    .roles = {[SERVER] = {.name = "server",
                          .size = sizeof(struct server),
                          .fields = server_fields,
                          .step = step,
                          .count_option = SERVERS,
                          .within = within,
                          .within_text = "term <= 2"},
              [CLIENT] = {.name = "client", .step = step, .count = 1}},
    .events = {[VOTE] = {.name = "vote", .fields = {"granted", "term"}},
               [APPEND] = {.name = "append", .fields = {"term", "entries", "entries_length"}},
               [ELECTION] = {.name = "election", .kind = GS_TIMER, .role = SERVER, .indices = 2},
               [PROPOSE] = {.name = "propose",
                            .kind = GS_LOCAL,
                            .role = CLIENT,
                            .arguments = {{.name = "value", .kind = GS_RANGE, .min = 1, .max_option = TERMS + 1},
                                          {.name = "to", .kind = GS_NODE, .role = SERVER}}}},
    .options = {[SERVERS] = {.name = "servers", .preset = 3, .min = 1, .max = 4},
                [TERMS] = {.name = "terms", .preset = 2, .min = 1, .max = 9},
                [FLAVOUR] = {.name = "flavour", .max = 1, .names = flavour_names}},
    .presets = {{.name = "quick", .settings = {"servers=3", "flavour=spicy"}, .budgets = {.timeouts = GS_NONE}},
                {.name = "crashes", .budgets = {.crashes = 1, .drops = 1}}},
    .mutants = {{.name = "vote-twice", .property = "one-leader", .preset = "crashes"},
                {.name = "misbehave", .property = "well-behaved"}},
    .announcements = {[ELECTED] = {.name = "elected", .size = sizeof(struct elected), .fields = elected_fields}},
    .monitors = {[LEADERS] = {.name = "leaders",
                              .size = sizeof(struct elected),
                              .fields = elected_fields,
                              .announced = announced}},
    .properties = {{.name = "one-leader", .scope = GS_SCOPE_PAIR, .holds = holds, .needs = needs, .needs_text = "luck"},
                   {.name = "some-leader", .kind = GS_REACHABLE, .scope = GS_SCOPE_NODE, .holds = holds},
                   {.name = "quiet", .kind = GS_QUIESCENT, .scope = GS_SCOPE_ALL_NODES, .holds = holds},
                   {.name = "terms-grow", .scope = GS_SCOPE_STEP, .holds = holds},
                   {.name = "history", .scope = GS_SCOPE_MONITOR, .monitor = LEADERS, .holds = holds}},
};

static char error[600];

/* A copy of the sound model that a test may spoil. */
static struct gs_model *model;

static inline void copy_model(void)
{
    static struct gs_model copy;

    memcpy(&copy, &sound, sizeof(copy));
    model = &copy;
}

static inline void expect_sound(void)
{
    cr_expect(model_check(model, error, sizeof(error)), "%s", error);
}

static inline void expect_refused(char *text)
{
    cr_expect(not(model_check(model, error, sizeof(error))));
    cr_expect(eq(str, error, text));
    cr_expect(strchr(error, '\n') == NULL);
}

#endif
