/* The commands that lead a walk: "next 2", "take 3", "state server0.log", ... */
#ifndef GAINSAY_WALK_COMMANDS_H
#define GAINSAY_WALK_COMMANDS_H

#include <stdio.h>

#include "traces/trace_file.h"
#include "traces/walk.h"

/* A session. The walk and what it is of are borrowed. */
struct walk_session {
    const char *command; /* for complaints */
    struct walk *walk;
    const struct trace_file_info *info; /* of files that are saved */
    const char *end;                    /* why the trace cannot go on where its path ends; NULL: it is all */
    bool is_over;
};

/* Does what a line says, on standard output. Returns 0, or GS_BAD_INPUT after a complaint. An empty line does nothing.
 */
int walk_command_run(struct walk_session *session, char *line);

#endif
