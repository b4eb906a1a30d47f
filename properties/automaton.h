/* A sequential model as an automaton over small numbers: states and operations that are the same get the same number,
 * and a transition is computed by the model's code once. So a search's inner loop compares integers. Part of the
 * decision procedure (properties/linearizability.h), not an interface to write against. */
#ifndef GAINSAY_AUTOMATON_H
#define GAINSAY_AUTOMATON_H

#include "properties/sequential.h"

struct automaton;

/* initial: one that the model begins with. The initial state is number 0. */
struct automaton *automaton_new(const struct gs_sequential *model, gs_value initial);
void automaton_free(struct automaton *automaton);

/* The number of an operation's class: operations that differ in nothing that apply sees share it. Its values must live
 * as long as the automaton. All classes come before the first step. with_key: do operations on different keys differ?
 */
uint32_t automaton_class(struct automaton *automaton, const struct gs_operation *operation, bool with_key);

/* Can an operation of this class take effect in this state? Then *next is the state after it, else as it
 * was. */
bool automaton_step(struct automaton *automaton, uint32_t state, uint32_t class_number, uint32_t *next);

gs_span automaton_state(const struct automaton *automaton, uint32_t state);

/* Bytes in use, more or less. */
size_t automaton_memory(const struct automaton *automaton);

#endif
