/* Linear probing: messages' numbers are dense, so they need no hash. */
#include "checker/additions.h"

#include "core/die.h"

enum { PLACES_FIRST = 4 };

static size_t bytes_of(uint32_t places)
{
    return sizeof(struct additions) + places * sizeof(uint64_t);
}

static void put(struct additions *additions, uint64_t entry)
{
    uint32_t place = (uint32_t)(entry >> 32) - 1;
    while (additions->entries[place & additions->mask])
        place++;
    atomic_store_explicit(&additions->entries[place & additions->mask], entry, memory_order_release);
    additions->count++;
}

/* At most three quarters full. */
static struct additions *with_room(struct additions *old, struct retired *retired, size_t *memory)
{
    if (old && old->count < (old->mask + 1) / 4 * 3)
        return old;
    const uint32_t places = old ? 2 * (old->mask + 1) : PLACES_FIRST;
    struct additions *new = die_calloc(1, bytes_of(places));
    new->mask = places - 1;
    for (uint32_t place = 0; old && place <= old->mask; place++)
        if (old->entries[place])
            put(new, old->entries[place]);
    *memory += bytes_of(places) - (old ? bytes_of(old->mask + 1) : 0);
    retire(retired, old, old ? bytes_of(old->mask + 1) : 0);
    return new;
}

struct additions *additions_set(struct additions *additions, uint32_t message, uint32_t with, struct retired *retired,
                                size_t *memory)
{
    struct additions *roomy = with_room(additions, retired, memory);
    put(roomy, (message + UINT64_C(1)) << 32 | with);
    return roomy;
}
