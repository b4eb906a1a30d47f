/* Does not return. */
#include "misbehaving.h"

static bool act(struct gs_step *s, struct node *node)
{
    volatile uint8_t *count = &node->count;
    (void)s;
    while (*count < 3)
        ;
    return true;
}
