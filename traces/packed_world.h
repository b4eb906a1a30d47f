/* A world as one byte string: two worlds of one run are the same exactly if their strings are, and a world can be made
 * of its string again. For those who keep many. In the machine's own byte order: never written to a file. */
#ifndef GAINSAY_PACKED_WORLD_H
#define GAINSAY_PACKED_WORLD_H

#include "core/world.h"

/* Appends the world's bytes. */
void world_pack(const struct world *world, struct bytes *out);

/* Makes `world` what was packed. It must be of the same run, with the same monitors in it. Returns how many bytes were
 * used. */
size_t world_unpack(struct world *world, const uint8_t *packed);

#endif
