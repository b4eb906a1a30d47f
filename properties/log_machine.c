/* A state machine on a replicated log: telling it, and messages that are part of larger ones. */
#include "properties/log_machine.h"

#include <string.h>

const struct gs_log_machine *gs_log_machine_of(struct gs_step *s)
{
    return gs_role_context(s);
}

void gs_log_committed(struct gs_step *s, void *server)
{
    if (gs_log_machine_of(s))
        gs_log_machine_of(s)->committed(s, server);
}

void gs_log_deposed(struct gs_step *s, void *server)
{
    if (gs_log_machine_of(s))
        gs_log_machine_of(s)->deposed(s, server);
}

bool gs_log_begins_with_no_op(struct gs_step *s)
{
    const struct gs_log_machine *machine = gs_log_machine_of(s);
    return machine && machine->begins_with_no_op && machine->begins_with_no_op(s);
}

bool gs_log_mutant(struct gs_step *s, int mutant)
{
    return !gs_log_machine_of(s) && gs_mutant(s, mutant);
}

/* The rest of the larger message is zero. */
static void widen(struct gs_step *s, uint8_t wide[GS_LOG_MESSAGE_MAX], const void *message, size_t size)
{
    gs_assert(s, size <= GS_LOG_MESSAGE_MAX);
    memset(wide, 0, GS_LOG_MESSAGE_MAX);
    memcpy(wide, message, size);
}

bool gs_log_send(struct gs_step *s, gs_node to, const void *message, size_t size)
{
    uint8_t wide[GS_LOG_MESSAGE_MAX];
    widen(s, wide, message, size);
    return gs_send(s, to, wide);
}

bool gs_log_broadcast(struct gs_step *s, int role, const void *message, size_t size)
{
    uint8_t wide[GS_LOG_MESSAGE_MAX];
    widen(s, wide, message, size);
    return gs_broadcast(s, role, wide);
}
