/* Keeps something between two calls. */
#include "misbehaving.h"

static bool act(struct gs_step *s, struct node *node)
{
    static uint8_t calls;
    (void)s;
    node->count = (uint8_t)(3 + calls++ % 2);
    return true;
}
