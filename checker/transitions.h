/* What a configuration can do next, as a remembered list. */
#ifndef GAINSAY_TRANSITIONS_H
#define GAINSAY_TRANSITIONS_H

#include "checker/engine.h"

/* The configuration, its transitions assembled. */
void transitions_assemble(struct engine *engine, unsigned node, uint32_t configuration);
static inline const struct configuration *configuration_with_transitions(struct engine *engine, unsigned node,
                                                                         uint32_t configuration)
{
    if (!engine->nodes[node].table[configuration].transitions)
        transitions_assemble(engine, node, configuration);
    return &engine->nodes[node].table[configuration];
}
/* Frees all lists; they are assembled again when asked for, with the same numbers. */
void transitions_forget(struct engine *engine);
/* The event a transition stands for; its message is borrowed from the engine. */
void transition_event(const struct engine *engine, unsigned node, const struct transition *transition,
                      struct event *event);

#endif
