/* An assert of the author's own does not hold. */
#include "misbehaving.h"

static bool act(struct gs_step *s, struct node *node)
{
    gs_assert(s, node->count < COUNT_MAX);
    return true;
}
