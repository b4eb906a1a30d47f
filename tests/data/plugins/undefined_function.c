/* Calls what gainsay does not have: loading it must fail, not the first call. */
#include "misbehaving.h"

bool gs_no_such_function(struct gs_step *s);

static bool act(struct gs_step *s, struct node *node)
{
    (void)node;
    return gs_no_such_function(s);
}
