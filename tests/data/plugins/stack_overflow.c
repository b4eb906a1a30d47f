/* Calls itself for ever. */
#include "misbehaving.h"

static bool act(struct gs_step *s, struct node *node)
{
    volatile uint8_t here = node->count;
    return act(s, node) && here;
}
