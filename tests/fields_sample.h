/* A struct with a member of every shape, its table, and runs in which to use them. */
#ifndef GAINSAY_FIELDS_SAMPLE_H
#define GAINSAY_FIELDS_SAMPLE_H

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/fields.h"
#include "core/run_setup.h"

enum { CLIENT, SERVER };
enum { FOLLOWER, CANDIDATE, LEADER };

static const char *const phase_names[] = {"follower", "candidate", "leader"};

struct entry {
    uint16_t term;
    uint8_t value;
    gs_node by;
};

struct ballot {
    gs_node choice;
    uint8_t weight;
};

struct server {
    int64_t balance;
    uint32_t term;
    struct entry log[3];
    uint16_t next[5]; /* by server, with room to spare */
    gs_node voted_for;
    bool leads;
    uint8_t phase;
    uint8_t log_length;
    gs_node_set votes;
    int8_t temperature;
    gs_node friends[4];       /* by server */
    struct ballot ballots[4]; /* by server */
    uint8_t pad[5];
};

static const struct gs_field entry_fields[] = {
    GS_FIELD(struct entry, term),
    GS_FIELD(struct entry, value),
    GS_FIELD(struct entry, by),
    GS_FIELDS_END,
};

static const struct gs_field ballot_fields[] = {
    GS_FIELD(struct ballot, choice),
    GS_FIELD(struct ballot, weight),
    GS_FIELDS_END,
};

static const struct gs_field server_fields[] = {
    GS_FIELD(struct server, term, GS_DURABLE),
    GS_FIELD(struct server, voted_for, GS_DURABLE),
    GS_FIELD(struct server, leads),
    GS_ENUM(struct server, phase, phase_names),
    GS_FIELD(struct server, votes),
    GS_STRUCT_LIST(struct server, log, log_length, entry_fields, GS_DURABLE),
    GS_FIELD(struct server, log_length, GS_DURABLE),
    GS_BY_NODE(struct server, next, SERVER),
    GS_BY_NODE(struct server, friends, SERVER),
    GS_STRUCT_BY_NODE(struct server, ballots, SERVER, ballot_fields),
    GS_FIELD(struct server, balance),
    GS_FIELD(struct server, temperature),
    GS_FIELD(struct server, pad),
    GS_FIELDS_END,
};

static bool no_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    (void)self;
    return gs_unhandled(s, e);
}

static const struct gs_model sample_model = {
    .name = "test",
    .roles = {[CLIENT] = {.name = "client", .step = no_step, .count = 2},
              [SERVER] = {.name = "server",
                          .size = sizeof(struct server),
                          .fields = server_fields,
                          .step = no_step,
                          .count_option = 0}},
    .options = {{.name = "servers", .preset = 3, .min = 0, .max = 10}},
    .presets = {{.name = "quick"}},
};

static inline struct gs_run *run_of(const char *setting)
{
    const char *const settings[] = {setting, NULL};
    char error[300] = "";
    struct gs_run *run = run_new(&sample_model, &(struct run_config){.settings = settings}, error, sizeof(error));

    cr_assert(run != NULL, "%s", error);
    return run;
}

static inline struct server example(void)
{
    return (struct server){
        .balance = -5,
        .term = 2,
        .log = {{.term = 1, .value = 2, .by = {1}}, {.term = 2, .value = 3, .by = {4}}},
        .log_length = 2,
        .next = {10, 20, 30},
        .voted_for = {4},
        .leads = true,
        .phase = LEADER,
        .votes = gs_set_with(gs_set_of((gs_node){3}), (gs_node){5}),
        .temperature = -1,
        .friends = {{3}, {0}, {4}},
        .ballots = {{.choice = {5}, .weight = 1}, {.weight = 2}, {.choice = {1}}},
    };
}

#endif
