/* Says that nothing happened, after changing its state. */
#include "misbehaving.h"

static bool act(struct gs_step *s, struct node *node)
{
    (void)s;
    node->count = 7;
    return false;
}
