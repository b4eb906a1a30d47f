/* Draws more choices in one step than there may be. */
#include "misbehaving.h"

static bool act(struct gs_step *s, struct node *node)
{
    node->count = 3;
    for (int i = 0; i <= GS_CHOICES_MAX; i++)
        gs_choose(s, 2);
    return true;
}
