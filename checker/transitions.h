/* What a configuration can do next, as a remembered list. */
#ifndef GAINSAY_TRANSITIONS_H
#define GAINSAY_TRANSITIONS_H

#include <stdlib.h>

#include "checker/engine.h"

/* What the configuration can do; to be given back by transitions_done. */
struct transition_list *transitions_assemble(struct engine *engine, unsigned node, uint32_t configuration);
static inline struct transition_list *transitions_of(struct engine *engine, unsigned node, uint32_t configuration)
{
    struct transition_list *list =
        atomic_load_explicit(&engine_configuration(engine, node, configuration)->transitions, memory_order_acquire);
    return list ? list : transitions_assemble(engine, node, configuration);
}
static inline void transitions_done(struct transition_list *list)
{
    if (!list->is_kept)
        free(list);
}
/* Frees all lists that are kept; they are assembled again when asked for, with the same numbers. No thread may have
 * one.
 */
void transitions_forget(struct engine *engine);
/* The event a transition stands for; its message is borrowed from the engine. */
void transition_event(const struct engine *engine, unsigned node, const struct transition *transition,
                      struct event *event);

#endif
