/* Calls abort. */
#include <stdlib.h>

#include "misbehaving.h"

static bool act(struct gs_step *s, struct node *node)
{
    (void)s;
    node->count = 3;
    abort();
}
