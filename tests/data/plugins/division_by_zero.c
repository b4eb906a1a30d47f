/* Divides by zero. */
#include "misbehaving.h"

static bool act(struct gs_step *s, struct node *node)
{
    volatile int zero = 0;
    (void)s;
    node->count = (uint8_t)(7 / zero);
    return true;
}
