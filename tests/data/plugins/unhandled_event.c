/* Sends a message that its receiver does not know. */
#include "misbehaving.h"

static bool act(struct gs_step *s, struct node *node)
{
    (void)node;
    return gs_send(s, other(s), &(struct message){.type = PING});
}
