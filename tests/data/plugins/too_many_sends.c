/* Sends more messages in one step than there may be. */
#include "misbehaving.h"

static bool act(struct gs_step *s, struct node *node)
{
    node->count = 3;
    for (int i = 0; i <= GS_SENDS_MAX; i++)
        gs_send(s, other(s), &(struct message){.type = PING, .high = (uint8_t)(i / 256), .low = (uint8_t)i});
    return true;
}
