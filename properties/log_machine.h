/* A state machine on a replicated log: what Raft and Multi-Paxos tell a protocol that is built on their log, and how
 * their messages travel there. Such a protocol gives a struct gs_log_machine as its servers' context. Its servers' and
 * message structs begin with those of the log's protocol, and so do its tables of roles, events, options and
 * announcements; the mutants are its own, so that the log has none. Without a context a log's protocol is alone. */
#ifndef GAINSAY_PROPERTIES_LOG_MACHINE_H
#define GAINSAY_PROPERTIES_LOG_MACHINE_H

#include "core/gainsay.h"

enum { GS_LOG_MESSAGE_MAX = 256, GS_LOG_NO_OP = 0 }; /* bytes of the larger message; the command that does nothing */

/* server: the local state, whose first member is the log's. */
struct gs_log_machine {
    void (*committed)(struct gs_step *s, void *server); /* more commands are known to be committed */
    void (*deposed)(struct gs_step *s, void *server);   /* it leads no longer, or still does for the last moment */
    /* Does a new leader begin with a no-op? NULL: no. */
    bool (*begins_with_no_op)(struct gs_step *s);
};

/* Of the node that takes the step; NULL: the log's protocol is alone. */
const struct gs_log_machine *gs_log_machine_of(struct gs_step *s);

void gs_log_committed(struct gs_step *s, void *server);
void gs_log_deposed(struct gs_step *s, void *server);
bool gs_log_begins_with_no_op(struct gs_step *s);

/* Is the log's own mutant on? */
bool gs_log_mutant(struct gs_step *s, int mutant);

/* gs_send and gs_broadcast of the log's message, size bytes, as the beginning of a larger one. */
bool gs_log_send(struct gs_step *s, gs_node to, const void *message, size_t size);
bool gs_log_broadcast(struct gs_step *s, int role, const void *message, size_t size);

#endif
