/* A part of a state by name: "server0", "server0.log", "server0.log[1].term", "server0.next[server1]", "server0.up",
 * "server0.timers", "server0.inbox", or of a monitor: "leaders.count". */
#ifndef GAINSAY_STATE_PATH_H
#define GAINSAY_STATE_PATH_H

#include <stdio.h>

#include "core/world.h"

enum { STATE_PATH_INDICES_MAX = 8, STATE_PATH_KNOWN_MAX = 160 };

enum state_path_part {
    STATE_PATH_WHOLE, /* of a node or monitor */
    STATE_PATH_FIELD, /* of its struct, down to any depth */
    STATE_PATH_UP,    /* these of a node, unless its struct has a member of that name: then with a "_" behind it */
    STATE_PATH_TIMERS,
    STATE_PATH_INBOX
};

/* An element of a list exists only while the list is so long. */
struct state_path_index {
    const struct gs_field *fields, *field;
    size_t base, index; /* base: bytes to the struct that has the field */
};

/* A path that was read for a run. Open for its makers' use; all pointers are the run's. */
struct state_path {
    bool is_monitor;
    unsigned number; /* of the node or monitor */
    enum state_path_part part;
    const struct gs_field *fields; /* of the struct that has the field */
    struct gs_field field;
    size_t base; /* bytes to that struct */
    struct state_path_index indices[STATE_PATH_INDICES_MAX];
    size_t index_count;
};

/* Why a path cannot be read: `word` is no `kind` ("node or monitor", "member of server0"); or, if kind is empty, reason
 * says it. */
struct state_path_error {
    char word[80], kind[160], reason[240];
    const char *known[STATE_PATH_KNOWN_MAX];
    size_t known_count;
};

/* Reads a path; monitors_on: the monitors that the worlds will have. */
bool state_path_read(const struct gs_run *run, uint64_t monitors_on, const char *text, struct state_path *path,
                     struct state_path_error *error);

/* Writes what stands there, as text in one line: "leader", "[(term 1, value 2)]"; "nothing" for an element that the
 * list does not have. */
void state_path_print(const struct state_path *path, const struct world *world, FILE *out);

#endif
