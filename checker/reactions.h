/* Reactions: what handlers do, run once per (local state, event) and remembered. */
#ifndef GAINSAY_REACTIONS_H
#define GAINSAY_REACTIONS_H

#include "checker/engine.h"

uint32_t reaction_to_start(struct engine *engine, unsigned node, uint32_t local);
uint32_t reaction_to_message(struct engine *engine, unsigned node, uint32_t local, uint32_t message);
/* A reaction whose handler reads the clock, anew at what its node's clock shows now; any other is itself. */
uint32_t reaction_now(struct engine *engine, uint32_t number);
/* Crash, restart and reboot; a crash has one branch. */
uint32_t reaction_to_fault(struct engine *engine, unsigned node, uint32_t local, enum action action);
/* The timers and local events of a local state, all run. Under the engine's lock. */
struct local_facts own_reactions(struct engine *engine, unsigned node, uint32_t local);
/* Runs every remembered reaction again, last first. False: the first that differs, as a line in explanation. */
bool reactions_audit(struct engine *engine, char *explanation, size_t size);

#endif
