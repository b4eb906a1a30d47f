/* A world whose messages all arrive, in the order of world_visit, and in which nothing else happens. */
#ifndef GAINSAY_DELIVER_ALL_H
#define GAINSAY_DELIVER_ALL_H

#include "core/world.h"

/* Delivers until no delivery is a step. Returns how many were. */
int deliver_all(struct world *world);

#endif
