/* Local configurations: (local state, inbox) pairs by number, and what mail makes of them. */
#ifndef GAINSAY_CONFIGURATIONS_H
#define GAINSAY_CONFIGURATIONS_H

#include "checker/engine.h"

uint32_t configuration_number(struct engine *engine, unsigned node, uint32_t local, uint32_t inbox);
/* The configuration with a message added, or MARK_ABSORBED, MARK_LOST, MARK_OVERFLOW. */
uint32_t configuration_add_message(struct engine *engine, unsigned node, uint32_t configuration, uint32_t message);
static inline uint32_t configuration_with_message(struct engine *engine, unsigned node, uint32_t configuration,
                                                  uint32_t message)
{
    const struct configuration *from = engine_configuration(engine, node, configuration);
    const uint32_t mask = atomic_load_explicit(&from->addition_mask, memory_order_acquire); /* before the map */
    const struct additions *additions = atomic_load_explicit(&from->additions, memory_order_acquire);
    const uint32_t with = additions_get_first(additions, mask, message);
    if (with != ADDITION_ABSENT)
        return with;
    return configuration_add_message(engine, node, configuration, message);
}
/* The inbox without one of its messages. Under the engine's lock. */
uint32_t inbox_without(struct engine *engine, unsigned node, uint32_t inbox, uint32_t message);
uint32_t message_number(struct engine *engine, unsigned node, const uint8_t *entry);
struct bytes inbox_bytes(const struct engine *engine, unsigned node, uint32_t inbox); /* borrowed */
uint32_t empty_inbox(struct engine *engine, unsigned node);

#endif
