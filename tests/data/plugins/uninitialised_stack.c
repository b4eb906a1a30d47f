/* Reads what nobody wrote. */
#include "misbehaving.h"

static bool act(struct gs_step *s, struct node *node)
{
    volatile uint8_t nothing[64];
    (void)s;
    node->count = nothing[17];
    return true;
}
