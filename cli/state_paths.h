/* Parts of a state as users name them: read with suggestions, printed as lines for people and scripts. */
#ifndef GAINSAY_STATE_PATHS_H
#define GAINSAY_STATE_PATHS_H

#include "traces/state_path.h"

/* Reads a path. what: the flag it comes from, or "". Returns 0, or GS_BAD_INPUT after a complaint. */
int state_path_load(const char *command, const char *what, const struct gs_run *run, uint64_t monitors_on,
                    const char *text, struct state_path *path);

/* Its value, one clean line; owned by the caller. */
char *state_path_value(const struct state_path *path, const struct world *world);

#endif
