/* Sends a message to nobody. */
#include "misbehaving.h"

static bool act(struct gs_step *s, struct node *node)
{
    node->count = 3;
    return gs_send(s, GS_NOBODY, &(struct message){.type = PING});
}
