/* Fields that a mutant loses in a restart. */
#include "properties/durable.h"

#include <string.h>

bool gs_lose(struct gs_step *s, void *self, const struct gs_loss *losses, const struct gs_event *start)
{
    for (const struct gs_loss *loss = losses; start->restarted && loss->mutant >= 0; loss++)
        if (gs_mutant(s, loss->mutant))
            memset((unsigned char *)self + loss->offset, 0, loss->size);
    return true;
}
