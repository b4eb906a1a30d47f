/* gainsay replay --at K --print PATH: the states on a trace's way. */
#ifndef GAINSAY_REPLAY_STATE_H
#define GAINSAY_REPLAY_STATE_H

#include "cli/complain.h"
#include "cli/trace_source.h"

struct replay_state_options {
    const char *at; /* a position, negative from the end, or "all"; NULL: the end */
    struct name_list prints;
};

/* Prints them. Returns 0; GS_VIOLATION when the trace diverges before, said on standard output; GS_BAD_INPUT after a
 * complaint. */
int replay_state(const struct replay_state_options *options, const struct loaded_trace *loaded);

#endif
