/* Writes where there is no memory. */
#include "misbehaving.h"

static bool act(struct gs_step *s, struct node *node)
{
    volatile int *volatile nowhere = NULL;
    (void)s;
    *nowhere = node->count;
    return true;
}
